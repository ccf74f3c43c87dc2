"""The one file of each locked package that setup installs: of those the lock knows, the best for this interpreter.

``constraints.txt`` says which packages, versions and hashes; ``constraints.sha256``, in the format of sha256sum, which
file has which hash. An index may offer less than the lock knows, for instance a wheel without the native library that
the wheel for this machine carries. So the choice is made here, and the installers get one hash for each package.

The packaging library is the one that pip carries, because nothing else is installed yet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.tags import Tag
from pip._vendor.packaging.utils import (
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "constraints.txt"
FILES = ROOT / "constraints.sha256"


@dataclass(frozen=True)
class LockedFile:
    """A wheel, or a source archive where no wheel of the lock fits."""

    package: str
    version: str
    name: str
    sha256: str

    @property
    def requirement(self) -> str:
        """A line that pip and uv read."""
        return f"{self.package}=={self.version} --hash=sha256:{self.sha256}"


class NothingFits(Exception):
    """A package of the lock has no file for this interpreter."""


def best_files(
    lock: str, files: str, tags: Sequence[Tag], interpreter: Mapping[str, str] | None = None
) -> Iterator[LockedFile]:
    """One file for each package of the lock that this machine needs. ``tags``: what the interpreter takes, best first;
    ``interpreter``: what the lock's markers ask of it (PEP 508), if it is not the one that runs this.

    Raises NothingFits.
    """
    ranks = {tag: rank for rank, tag in enumerate(tags)}
    known: dict[tuple[str, str], list[tuple[float, str, str]]] = {}
    for line in files.splitlines():
        sha256, name = line.split("  ", 1)
        package, version, file_tags = _parsed(name)
        fitting = [ranks[tag] for tag in file_tags if tag in ranks]
        # Built here only where nothing built fits.
        rank = min(fitting) if fitting else float("inf")
        if fitting or not file_tags:
            known.setdefault((package, version), []).append((rank, name, sha256))
    for requirement, hashes in locked(lock):
        if requirement.marker is None or requirement.marker.evaluate(dict(interpreter or {})):
            package, version = canonicalize_name(requirement.name), str(requirement.specifier).removeprefix("==")
            fitting_files = [file for file in known.get((package, version), []) if file[2] in hashes]
            if not fitting_files:
                raise NothingFits(
                    f"No file of {package} {version} that {LOCK.name} allows fits this machine "
                    f"({tags[0].interpreter} on {tags[0].platform})."
                )
            _, name, sha256 = min(fitting_files)
            yield LockedFile(package, version, name, sha256)


def locked(lock: str) -> Iterator[tuple[Requirement, set[str]]]:
    """The lock's requirements and the hashes that their files may have."""
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        head, *hashes = re.split(r"\s+\\\n\s+--hash=sha256:", entry)
        yield Requirement(head), {sha256.strip() for sha256 in hashes}


def _parsed(name: str) -> tuple[str, str, frozenset[Tag]]:
    """Package, version and tags by a file's name. A source archive has no tags."""
    try:
        package, version, _, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        package, version = parse_sdist_filename(name)
        return package, str(version), frozenset()
    return package, str(version), tags
