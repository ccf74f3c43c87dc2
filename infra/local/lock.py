"""``make lock``: resolve pyproject.toml into constraints.txt, and write down in constraints.sha256 what its files are
called; the same for LocalStack's environment. All comes from the machine's main index alone: a mirror beside it may
have only some files of a release.
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

from infra.local import localstack
from infra.local.locked_files import FILES, LOCK, ROOT
from infra.local.package_sources import Sources
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

# Where every package of the lock can have a wheel. musl, macOS on Intel and 32 bits: onnxruntime has none.
INTERPRETER = re.compile(r"py3|cp3\d+")
ABI = re.compile(r"none|abi3|cp3\d+")
PLATFORM = re.compile(r"any|(many)?linux.*_(x86_64|aarch64)|macosx_.*_(arm64|universal2)")


def main() -> int:
    groups = ["--all-extras", "--group=infra", "--group=local", "--group=dev"]
    resolve(["pyproject.toml", *groups, "--universal", "--python-version=3.11"], LOCK, FILES)
    # Not universal: what it requires of Python 3.14, which it does not run on, cannot be resolved.
    resolve([str(localstack.HERE / "requirements.in"), "--python-version=3.13"], *localstack.LOCK_FILES)
    return 0


def resolve(what: list[str], lock: Path, files: Path) -> None:
    machine = Sources.read(Path(sys.executable), os.environ)
    environment = dataclasses.replace(machine, extra_indexes=(), find_links=()).uv_environment()
    compile_ = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet"]
    version = [option for option in what if option.startswith("--python-version") or option == "--universal"]
    plain = ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
    subprocess.run([*compile_, *what, *plain, *sys.argv[1:], "-o", str(lock)], check=True, cwd=ROOT, env=environment)
    with tempfile.TemporaryDirectory() as scratch:
        listing = Path(scratch) / "pylock.toml"
        name_files = [*compile_, str(lock), *version, "--no-deps", "--format=pylock.toml", "-o", str(listing)]
        subprocess.run(name_files, check=True, cwd=ROOT, env=environment)
        files.write_text("".join(sorted(_lines(listing.read_text()), key=lambda line: line.split()[1])))


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
