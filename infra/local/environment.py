"""Build ``.venv`` and ``infra/node_modules`` from the locks, on a machine that has Python 3.11 to 3.14 and make.

Run by ``make setup`` with the machine's own Python, so this file imports the standard library only. Everything comes
from wherever the machine's pip, uv and npm are configured to look; of each package the best file that the lock allows
is installed, checked by its hash, or setup stops and says which package is missing and why. At the end every native
part is loaded once.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shlex
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from infra.local import assets, proof

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"
TEMPORARY = CACHE / "temporary"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOOPS = ROOT / "layers" / "engine" / "soundstage" / "compiled"
# What is built, by the file that says so, and from what.
PACKAGES, PACKAGES_FROM = VENV / ".packages-ready", (ROOT / "constraints.txt", ROOT / "constraints.sha256")
PYTHON_READY = VENV / ".python-ready"
PYTHON_FROM = (*PACKAGES_FROM, assets.LOCK, ROOT / "pyproject.toml", *LOOPS.glob("*.py"), *LOOPS.glob("*.c"))
NODE_READY, NODE_FROM = ROOT / "infra" / "node_modules" / ".node-ready", (ROOT / "infra" / "package-lock.json",)
WEB = ROOT / "web"
WEB_PACKAGES, WEB_PACKAGES_FROM = WEB / "node_modules" / ".packages-ready", (WEB / "package-lock.json",)
CONSOLE_READY = WEB / "dist" / ".console-ready"
CONSOLE_FROM = (
    *(path for path in WEB.glob("*.*") if path.is_file()),
    *(path for folder in ("src", "public") for path in (WEB / folder).rglob("*.*") if path.name != "schema.d.ts"),
    ROOT / "docs" / "openapi.json",
    ROOT / "layers" / "engine" / "soundstage" / "match" / "in_chinese.json",
)
CLIENT_MAKER = ROOT / "infra" / "client"
CLIENT_READY = ROOT / "layers" / "engine" / "soundstage" / "client" / ".client-ready"
CLIENT_FROM = (
    ROOT / "docs" / "openapi.json",
    ROOT / "constraints.txt",
    *(path for path in CLIENT_MAKER.rglob("*.*") if path.is_file() and path.suffix != ".pyc"),
)
# pyproject.toml says the same; the lock has a wheel of every native package for these.
OLDEST, NEWEST = (3, 11), (3, 14)


class CannotSetUp(Exception):
    """What is in the way, in one sentence, and what would mend it."""


def main() -> int:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stderr.reconfigure(errors="replace")  # type: ignore[union-attr]
    # root lends PostgreSQL another user, who must be able to read what is installed here.
    os.umask(0o022)
    try:
        check_interpreter()
        if "--suits" in sys.argv:
            return 0
        check_folder(ROOT)
        with _one_at_a_time():
            if not (_is_current(PYTHON_READY, PYTHON_FROM) and _usable(PYTHON)):
                with _made(PYTHON_READY, PYTHON_FROM):
                    build_python()
            if not _is_current(CLIENT_READY, CLIENT_FROM):
                with _made(CLIENT_READY, CLIENT_FROM), _timed("Python client of the API"):
                    _call(PYTHON, "-m", "infra.client.generate")
            if not _is_current(NODE_READY, NODE_FROM):
                with _made(NODE_READY, NODE_FROM):
                    build_node()
            if not _is_current(CONSOLE_READY, CONSOLE_FROM):
                with _made(CONSOLE_READY, CONSOLE_FROM):
                    build_console()
            for stamp in (PYTHON_READY, NODE_READY, CONSOLE_READY):
                stamp.touch()  # make compares the times
    except subprocess.CalledProcessError as error:
        print(f"\nThis command failed ({error.returncode}): {shlex.join(error.cmd)}", file=sys.stderr)
        return 1
    except (CannotSetUp, assets.NotBrought, OSError) as error:  # a full disk, a folder that cannot be written
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def is_built() -> bool:
    """Whether everything is as the locks say now."""
    ready = (
        (PACKAGES, PACKAGES_FROM),
        (PYTHON_READY, PYTHON_FROM),
        (CLIENT_READY, CLIENT_FROM),
        (NODE_READY, NODE_FROM),
        (CONSOLE_READY, CONSOLE_FROM),
    )
    return all(_is_current(stamp, sources) for stamp, sources in ready)


def check_interpreter() -> None:
    """Raises CannotSetUp unless the lock has wheels for the Python that runs this, and it can make a .venv."""
    bounds = f"CPython {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    what = f"{platform.python_implementation()} {platform.python_version()}"
    if sys.implementation.name != "cpython" or not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise CannotSetUp(f"Soundstage needs {bounds}, and this is {what}: choose another with `make PYTHON=…`.")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise CannotSetUp(f"Soundstage's packages need a Python with the global lock, and this {what} has none.")
    if importlib.util.find_spec("ensurepip") is None:
        raise CannotSetUp(
            f"This {what} cannot make virtual environments: install its venv package "
            f"(Debian, Ubuntu: apt install python3.{sys.version_info[1]}-venv) or choose another with `make PYTHON=…`."
        )


def check_folder(folder: Path) -> None:
    """Raises CannotSetUp where nothing can be run from."""
    if os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise CannotSetUp(f"The file system of {folder} is mounted noexec, so nothing installed there could run.")


def build_python() -> None:
    if not (_is_current(PACKAGES, PACKAGES_FROM) and _usable(PYTHON)):
        with _made(PACKAGES, PACKAGES_FROM):
            build_packages()
    with _timed("soundstage, editable"):
        install = ("install", "--quiet", "--offline", "--no-deps", "--no-build-isolation", "--editable", ROOT)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
        TEMPORARY.mkdir(exist_ok=True)  # uv leaves the lock of a build there
        own = {"VIRTUAL_ENV": str(VENV), "UV_NO_CONFIG": "1", "TMPDIR": str(TEMPORARY)}
        _call(UV, "pip", *install, env={**plain, **own})
    with _timed("compiled loops"):
        _call(PYTHON, "-m", "soundstage.compiled.build")
    with _timed("voices and typefaces, by hash"):
        assets.bring(VENV)
    with _timed("proof that every native part works"):
        failures = [str(outcome) for outcome in proof.run(PYTHON) if not outcome.works]
    if failures:
        raise CannotSetUp("\n".join(failures))


def build_packages() -> None:
    """From nothing, so that nothing of an older or half-made environment remains."""
    with _timed(f"virtual environment, Python {platform.python_version()}"):
        venv.create(VENV, with_pip=True, symlinks=True, clear=True)
    with _timed("packages, by hash"):
        try:
            _call(PYTHON, "-m", "infra.local.packages")
        except subprocess.CalledProcessError as error:
            raise SystemExit(error.returncode) from None  # it has said why


def build_node() -> None:
    with _timed("CDK and state machine tools"):
        _npm_install(ROOT / "infra")


def build_console() -> None:
    """The web app: its packages where the lock changed, and then the files that the gateway serves."""
    if not _is_current(WEB_PACKAGES, WEB_PACKAGES_FROM):
        with _timed("packages of the console"), _made(WEB_PACKAGES, WEB_PACKAGES_FROM):
            _npm_install(WEB)
    with _timed("console"):
        _npm("run", "--silent", "build", "--prefix", WEB, "--", "--logLevel", "error")


def _npm_install(folder: Path) -> None:
    """What the folder's lock says, and nothing else."""
    # What the cache has needs no asking: the lock has its hash. Two retries within seconds instead of minutes.
    hurry = ["--prefer-offline", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    try:
        _npm("ci", "--prefix", folder, "--location=project", "--include=dev", *hurry, *quiet)
    except subprocess.CalledProcessError:
        raise CannotSetUp(
            f"npm cannot install what {folder.name}/package-lock.json locks, for the reason above: name a "
            "registry that has it in npm_config_registry or ~/.npmrc."
        ) from None


def _npm(*arguments: str | Path) -> None:
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    _call(VENV / "bin" / "npm", *arguments, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL)


def _usable(python: Path) -> bool:
    """Whether this interpreter runs, suits the lock and belongs to this folder (a moved .venv does not)."""
    probe = "import pip, sys; print(*sys.version_info[:2], sys.prefix)"
    try:
        answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=True).stdout.split(" ", 2)
    except (OSError, subprocess.CalledProcessError):
        return False
    return OLDEST <= (int(answer[0]), int(answer[1])) <= NEWEST and Path(answer[2].rstrip("\n")) == VENV


def _is_current(stamp: Path, sources: Sequence[Path]) -> bool:
    return stamp.exists() and stamp.read_text() == _fingerprint(sources)


@contextmanager
def _made(stamp: Path, sources: Sequence[Path]) -> Iterator[None]:
    """Says afterwards what it was made from: the sources as they were when it began."""
    fingerprint = _fingerprint(sources)
    yield
    stamp.write_text(fingerprint)


def _fingerprint(sources: Sequence[Path]) -> str:
    """By content. The checkout's folder is named, because what is installed names it; the Makefile looks at that."""
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return f"{digest.hexdigest()}\n{ROOT}\n"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A second setup of the same checkout waits, and then finds everything done."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("setup: waiting for another one of this checkout", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"setup: {what} …", end="", flush=True)
    yield
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def _call(*command: object, env: Mapping[str, str] | None = None, stdout: int | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, env=env, cwd=ROOT, stdout=stdout)


if __name__ == "__main__":
    sys.exit(main())
