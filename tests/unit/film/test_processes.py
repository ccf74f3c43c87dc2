"""Work in processes of its own: the same answers and errors, and nothing left behind."""

import os
import platform
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from soundstage.film.processes import close_idle, run_apart
from soundstage.media.files import sha256_of
from soundstage.models.errors import InvalidInput, TransientError


def test_what_is_done_apart_is_the_same_and_the_process_stays_warm(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    close_idle()

    assert run_apart(sha256_of, tmp_path / "file") == sha256_of(tmp_path / "file")
    first = run_apart(os.getpid)
    assert run_apart(os.getpid) == first != os.getpid()
    close_idle()
    assert run_apart(os.getpid) != first


def test_errors_come_back_with_their_code_and_where_they_rose(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        run_apart(sha256_of, tmp_path / "missing")
    assert "sha256_of" in "".join(caught.value.__notes__)
    with pytest.raises(InvalidInput, match="no") as refused:
        run_apart(_refuse, "no")
    assert refused.value.detail == {"why": 7}
    assert run_apart(_refuse, "") == ""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators are left as they are")
def test_what_is_freed_is_there_for_what_comes_next() -> None:
    first, again = run_apart(_page_faults_of_arrays), run_apart(_page_faults_of_arrays)
    assert first > 2_000
    assert again < 100


def test_a_process_that_dies_is_transient_and_replaced() -> None:
    with pytest.raises(TransientError, match="ended"):
        run_apart(os.abort)
    with pytest.raises(TransientError):
        run_apart(os._exit, 3)
    assert run_apart(os.getpid) > 0


def test_it_leaves_with_whoever_started_it() -> None:
    script = (
        "import os, threading, time\nfrom soundstage.film.processes import run_apart\n"
        "print(run_apart(os.getpid), flush=True)\n"
        "threading.Thread(target=run_apart, args=(time.sleep, 60)).start()\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    for _ in range(500):
        if not _runs(child):
            break
        time.sleep(0.02)
    assert not _runs(child)


def _refuse(message: str) -> str:
    if message:
        raise InvalidInput(message, detail={"why": 7})
    return message


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _page_faults_of_arrays() -> int:
    """Of arrays of 6 and 12 MB, with small ones between them: each page is 4 or, where numpy asked for it, 2048 KiB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for size_mb in (6, 12):
        planes = [np.full((size_mb << 20) // 10, 1, np.uint8) for _ in range(10)]
        del planes
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
