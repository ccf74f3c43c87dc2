"""``make lock``: resolve pyproject.toml into constraints.txt, and write down in constraints.sha256 what its files are
called. Both come from the machine's main index alone: a mirror beside it may have only some files of a release.
"""

import dataclasses
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from infra.local.locked_files import FILES, LOCK, ROOT
from infra.local.package_sources import Sources
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

# Where every package of the lock can have a wheel. musl, macOS on Intel and 32 bits: onnxruntime has none.
INTERPRETER = re.compile(r"py3|cp3\d+")
ABI = re.compile(r"none|abi3|cp3\d+")
PLATFORM = re.compile(r"any|(many)?linux.*_(x86_64|aarch64)|macosx_.*_(arm64|universal2)")


def main() -> int:
    machine = Sources.read(Path(sys.executable), os.environ)
    environment = dataclasses.replace(machine, extra_indexes=(), find_links=()).uv_environment()
    compile_ = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--universal", "--quiet"]
    project = ["pyproject.toml", "--all-extras", "--group=infra", "--group=local", "--group=dev"]
    plain = ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
    resolve = [*compile_, *project, "--python-version=3.11", *plain, *sys.argv[1:], "-o", str(LOCK)]
    subprocess.run(resolve, check=True, cwd=ROOT, env=environment)
    with tempfile.TemporaryDirectory() as scratch:
        listing = Path(scratch) / "pylock.toml"
        name_files = [*compile_, str(LOCK), "--no-deps", "--format=pylock.toml", "-o", str(listing)]
        subprocess.run(name_files, check=True, cwd=ROOT, env=environment)
        FILES.write_text("".join(sorted(_lines(listing.read_text()), key=lambda line: line.split()[1])))
    return 0


def _lines(listing: str) -> Iterator[str]:
    """A line in sha256sum's format for each file that a supported machine may install (PEP 751 lists all)."""
    for package in tomllib.loads(listing)["packages"]:
        for file in [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]:
            name = unquote(file["url"].rpartition("/")[2])
            if _fits_somewhere(name):
                yield f"{file['hashes']['sha256']}  {name}\n"


def _fits_somewhere(name: str) -> bool:
    try:
        tags = parse_wheel_filename(name)[3]
    except InvalidWheelFilename:
        return True
    return any(
        INTERPRETER.fullmatch(tag.interpreter) and ABI.fullmatch(tag.abi) and PLATFORM.fullmatch(tag.platform)
        for tag in tags
    )


if __name__ == "__main__":
    sys.exit(main())
