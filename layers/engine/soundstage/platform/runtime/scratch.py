"""The temporary folder of a worker: gone when the worker ends, and swept by the next one when it was killed."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PREFIX = "soundstage-worker-"
LOCK = ".lock"  # held while the worker lives; the kernel lets go of it however the worker ends
POLL_S = 0.05


@contextmanager
def worker_folder() -> Iterator[Path]:
    """A new folder, after those of workers that are gone were removed."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        with suppress(OSError), left.open("w") as lock:  # somebody else's, or gone by now
            if _locked(lock):
                remove_folder(left.parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with (folder / LOCK).open("w") as lock:
        _locked(lock)
        try:
            yield folder
        finally:
            remove_folder(folder)


def remove_folder(folder: Path, *, within_s: float = 5.0) -> None:
    """Remove it with all that is in it, even while someone who is about to end still writes into it."""
    deadline = time.monotonic() + within_s
    while folder.exists() and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(POLL_S)


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
