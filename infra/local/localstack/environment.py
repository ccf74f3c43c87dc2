"""LocalStack's own environment, ``.cache/localstack``, from a lock of its own: it needs CPython 3.13, which Soundstage
does not, and other versions of what both use.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from infra.local.localstack import LOCK_FILES
from infra.local.settings import ROOT

FOLDER = ROOT / ".cache" / "localstack"
PYTHON = FOLDER / "bin" / "python"
READY = FOLDER / ".ready"
# 4.14.0 says 3.10 and uses `class X[T]` (3.12) and warnings.deprecated (3.13); its pins have no wheels for 3.14.
SUITS = (3, 13)
NAMED = "SOUNDSTAGE_LOCALSTACK_PYTHON"


class Unavailable(Exception):
    """What this machine lacks, in one sentence."""


def bring() -> Path:
    """LocalStack's Python, installed first if need be (some 120 packages, 330 MB). Raises Unavailable."""
    fingerprint = sha256(b"".join(file.read_bytes() for file in LOCK_FILES)).hexdigest() + str(ROOT)
    if READY.exists() and READY.read_text() == fingerprint and _version(PYTHON) == SUITS:
        return PYTHON
    python = interpreter()
    shutil.rmtree(FOLDER, ignore_errors=True)
    _call(python, "-m", "venv", FOLDER, why="it cannot make a virtual environment")
    _call(PYTHON, "-m", "infra.local.packages", *LOCK_FILES, why="its packages cannot be installed")
    READY.write_text(fingerprint)
    return PYTHON


def interpreter() -> Path:
    """Raises Unavailable."""
    for python in _candidates():
        if _version(python) == SUITS:
            return python
    raise Unavailable(
        f"LocalStack needs CPython {SUITS[0]}.{SUITS[1]}, and none was found on PATH or among pyenv's: install one, or "
        f"name it in {NAMED}."
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get(NAMED):
        yield Path(named)
        return
    yield Path(sys.executable)
    name = f"python{SUITS[0]}.{SUITS[1]}"
    if found := shutil.which(name):
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{SUITS[0]}.{SUITS[1]}.*/bin/{name}"), reverse=True)


def _version(python: Path) -> tuple[int, ...] | None:
    """None where it cannot be run, as a shim of pyenv for a version that is not chosen."""
    probe = "import sys, ensurepip; print(*sys.version_info[:2])"
    try:
        said = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(map(int, said.split()))


def _call(*command: str | Path, why: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise Unavailable(f"LocalStack's environment is not there: {why}:\n{(done.stdout + done.stderr).strip()}")
