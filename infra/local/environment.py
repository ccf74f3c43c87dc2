"""Build ``.venv`` and ``infra/node_modules`` from the locks, on a machine that has Python ≥ 3.11 and nothing else.

Run by ``make setup`` with the machine's own Python, so this file imports the standard library only. Everything comes
from wherever the machine's pip and npm are configured to look; what arrives is checked against the locks' hashes.
"""

import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "constraints.txt"
PYTHON_STAMP = VENV / ".python-ready"
LOOPS = ROOT / "layers" / "engine" / "soundstage" / "audio" / "compiled"
NODE_STAMP = ROOT / "infra" / "node_modules" / ".node-ready"

# pip's settings (``pip config list``) and what uv calls the same thing.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
    "proxy": "ALL_PROXY",
    "no-index": "UV_NO_INDEX",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
}


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  whatever Python the machine has runs this file
        print(f"Soundstage needs Python 3.11 or newer; this is {platform.python_version()}.", file=sys.stderr)
        return 1
    try:
        sources = (LOCK, ROOT / "pyproject.toml", *sorted(LOOPS.glob("*.[pc]*")))
        _ensure(PYTHON_STAMP, _fingerprint(ROOT, *sources), build_python)
        _ensure(NODE_STAMP, _fingerprint(ROOT, ROOT / "infra" / "package-lock.json"), build_node)
    except subprocess.CalledProcessError as error:
        print(f"\nThis command failed ({error.returncode}): {shlex.join(error.cmd)}", file=sys.stderr)
        return 1
    return 0


def build_python() -> None:
    with _timed("virtual environment"):
        if not _usable(PYTHON):
            shutil.rmtree(VENV, ignore_errors=True)
            venv.create(VENV, with_pip=True, symlinks=True)
    with _timed("installer, by hash"), tempfile.TemporaryDirectory() as scratch:
        requirement = Path(scratch) / "installer.txt"
        requirement.write_text(_locked("uv"))
        _call(PYTHON, "-m", "pip", "install", "-qq", "--no-deps", "--require-hashes", "-r", requirement)
    uv = (VENV / "bin" / "uv", "pip")
    environment = {**os.environ, **uv_settings(), "VIRTUAL_ENV": str(VENV)}
    with _timed("packages, by hash"):
        _call(*uv, "sync", "--quiet", "--require-hashes", LOCK, env=environment)
    with _timed("soundstage, editable"):
        _call(*uv, "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT, env=environment)
    with _timed("compiled loops"):
        _call(PYTHON, "-m", "soundstage.audio.compiled.build")


def build_node() -> None:
    with _timed("CDK and state machine tools"):
        path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        npm = (VENV / "bin" / "npm", "ci", "--prefix", ROOT / "infra", "--no-audit", "--no-fund", "--loglevel=error")
        _call(*npm, "--silent", env={**os.environ, "PATH": path})


def uv_settings() -> dict[str, str]:
    """The machine's pip configuration in uv's terms, so that both look in the same places. Own UV_* settings win."""
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    settings: dict[str, str] = {}
    for line in sorted(listing, key=lambda line: not line.startswith("global.")):  # install.* and :env: override
        name, _, value = line.partition("=")
        uv_name = UV_NAMES.get(name.split(".", 1)[-1])
        if uv_name and uv_name not in os.environ:
            settings[uv_name] = " ".join(shlex.split(value)[0].split())
    # uv stops at the first index that knows a name; pip considers all. The hashes decide what may be installed.
    settings.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return settings


def _locked(name: str) -> str:
    """The lock's entry of one package, hashes included."""
    head, entry = f"\n{name}==", LOCK.read_text().partition(f"\n{name}==")[2]
    if not entry:
        raise SystemExit(f"{LOCK.name} does not hold {name}.")
    return head + re.split(r"\n(?! )", entry, maxsplit=1)[0] + "\n"


def _usable(python: Path) -> bool:
    """Whether this interpreter runs, is new enough and belongs to this folder (a moved .venv does not)."""
    probe = "import sys; print(sys.prefix); sys.exit(sys.version_info < (3, 11))"
    try:
        answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and Path(answer.stdout.strip()) == VENV


def _fingerprint(*parts: Path) -> str:
    """Folders count by path, files by content."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if part.is_file() else str(part).encode())
    return digest.hexdigest()


def _ensure(stamp: Path, fingerprint: str, build: Callable[[], None]) -> None:
    if not (stamp.exists() and stamp.read_text() == fingerprint):
        build()
        stamp.write_text(fingerprint)
    stamp.touch()


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"setup: {what} …", end="", flush=True)
    yield
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def _call(*command: object, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, env=env, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
