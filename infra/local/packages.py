"""Install the locked packages into the environment whose Python runs this: ``python -m infra.local.packages``, with the
paths of another lock and of the names of its files if it is not Soundstage's own.

uv does it, in seconds. But of several indexes it takes the first that has a version, whichever of the version's files
are there, while pip weighs the files of all. So uv is asked first what it would choose from; what it would miss is
fetched by pip into a folder that uv looks into, too. Where uv cannot work at all, pip installs everything, slower.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from infra.local.locked_files import FILES, LOCK, ROOT, LockedFile, NothingFits, best_files
from infra.local.package_sources import Sources, Unreadable
from pip._vendor.packaging.tags import sys_tags

FETCHED = ROOT / ".cache" / "wheels"
TOOLS = ("pip", "uv")
PIP = (sys.executable, "-m", "pip")
UV = (str(Path(sys.executable).with_name("uv")), "pip")


class Missing(Exception):
    """A package that no configured place has, or only as another file than the one this machine needs."""


def main() -> int:
    try:
        lock, names = (Path(path) for path in sys.argv[1:]) if sys.argv[1:] else (LOCK, FILES)
        files = list(best_files(lock.read_text(), names.read_text(), list(sys_tags())))
        sources = Sources.read(Path(sys.executable), os.environ)
        install_by_pip([file for file in files if file.package in TOOLS], sources)
        install(files, sources, FETCHED)
    except (Missing, NothingFits, Unreadable) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def install(files: Sequence[LockedFile], sources: Sources, fetched: Path, python: str = sys.executable) -> None:
    """Make ``python``'s environment hold these files and no other package. ``fetched``: where pip may put what uv
    would not find. Raises Missing."""
    fetched.mkdir(parents=True, exist_ok=True)
    both = replace(sources, find_links=(*sources.find_links, str(fetched)))
    try:
        if missed := not_offered(files, both, python):
            _pip(["download", "--dest", fetched], missed, sources)
        with _requirements(files) as listed:
            _run([*UV, "sync", "--python", python, "--require-hashes", *both.arguments, listed], both.uv_environment())
    except (OSError, subprocess.CalledProcessError):
        install_by_pip(files, sources, python)


def not_offered(files: Sequence[LockedFile], sources: Sources, python: str) -> list[LockedFile]:
    """The files among which uv would not choose. Nothing is built to find that out.

    A lock of uv's own making (PEP 751) would name the files with their hashes, those that an index does not tell, too.
    """
    built = [file for file in files if file.name.endswith(".whl")]
    asked = "".join(f"{file.package}=={file.version}\n" for file in built)
    options = ["--python", python, "--no-deps", "--no-build", "--format", "pylock.toml", *sources.arguments]
    offered = _run([*UV, "compile", "--quiet", *options, "-"], sources.uv_environment(), asked)
    return [file for file in built if file.sha256 not in offered]


def install_by_pip(files: Sequence[LockedFile], sources: Sources, python: str = sys.executable) -> None:
    """Into ``python``'s environment; what else it has stays. Raises Missing."""
    elsewhere = [] if python == sys.executable else ["--python", python]
    _pip([*elsewhere, "install"], files, sources)


def _pip(command: Sequence[object], files: Sequence[LockedFile], sources: Sources) -> None:
    with _requirements(files) as listed:
        log = listed.with_name("log")
        try:
            _run(
                [*PIP, "--log", log, *command, "--no-deps", "--require-hashes", *sources.arguments, "-r", listed],
                sources.pip_environment(),
            )
        except subprocess.CalledProcessError as error:
            named = [file for file in files if re.search(rf"\b{re.escape(file.package)}==", error.stderr)]
            why = _why(error.stderr, log.read_text(errors="replace") if log.exists() else "")
            raise Missing(_sentence(named[0] if named else files[0], sources, why)) from error


def _why(errors: str, log: str) -> str:
    """What kept pip from it. That an index does not have a package (404) is no news where there are several."""
    if unread := re.search(r"Could not fetch URL (\S+): (?!404)(.*) - skipping", log):
        return f"{unread[1]} cannot be read ({unread[2]})"
    if "DO NOT MATCH THE HASHES" in errors:
        return "there are only other files of this version"
    said = [line.removeprefix("ERROR: ") for line in errors.splitlines() if line.startswith("ERROR: ")]
    return f"pip says: {said[-1] if said else errors.strip()[-200:]}"


def _sentence(file: LockedFile, sources: Sources, why: str) -> str:
    return (
        f"{file.package} {file.version} cannot be installed: this machine needs {file.name}, and looked for it in "
        f"{sources}; {why}. Name a place that has it in PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS."
    )


@contextmanager
def _requirements(files: Sequence[LockedFile]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "requirements.txt"
        listed.write_text("".join(f"{file.requirement}\n" for file in files))
        yield listed


def _run(command: Sequence[object], environment: Mapping[str, str], given: str | None = None) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment, input=given, cwd=ROOT)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
