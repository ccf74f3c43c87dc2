"""Processes of functions that are forked of one that has imported everything."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from infra.local.function_host import Host

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere functions are started by their bootstrap"),
]

SAYS = """
import os
print("handler of", os.environ["WHO"], "nice", os.nice(0), flush=True)

def handler(event, context): ...
"""


@pytest.fixture(scope="module")
def host() -> Host:
    return Host(niceness=3)


@pytest.fixture
def silent_api() -> Iterator[str]:
    """A runtime API that takes connections and never answers: a function that waits for events."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_each_has_its_own_environment_and_log_and_ends_when_it_is_told_to(
    host: Host, silent_api: str, tmp_path: Path
) -> None:
    (tmp_path / "says.py").write_text(SAYS)
    known = {
        **os.environ,
        "AWS_LAMBDA_RUNTIME_API": silent_api,
        "_HANDLER": "says.handler",
        "SOUNDSTAGE_CHECKOUT": str(tmp_path),
    }
    started = [host.start({**known, "WHO": who}) for who in ("Ada", "Eve")]

    assert [process.stdout.readline() for process in started] == [
        b"handler of Ada nice 3\n",
        b"handler of Eve nice 3\n",
    ]
    assert [process.poll() for process in started] == [None, None]
    with pytest.raises(subprocess.TimeoutExpired):
        started[0].wait(timeout=0.1)
    started[0].terminate()
    started[1].kill()
    assert [process.wait(timeout=20) for process in started] == [-1, -1]


def test_one_that_cannot_begin_says_why_and_ends(host: Host, silent_api: str, tmp_path: Path) -> None:
    process = host.start({**os.environ, "SOUNDSTAGE_CHECKOUT": str(tmp_path / "gone"), "_HANDLER": "x.handler"})

    assert b"FileNotFoundError" in process.stdout.read()
    assert process.wait(timeout=20) == -1


def test_a_host_that_was_killed_is_replaced(silent_api: str, tmp_path: Path) -> None:
    (tmp_path / "says.py").write_text(SAYS)
    before = set(psutil.Process().children())
    host = Host()
    (process,) = set(psutil.Process().children()) - before
    process.kill()
    process.wait(timeout=20)

    known = {"AWS_LAMBDA_RUNTIME_API": silent_api, "_HANDLER": "says.handler", "SOUNDSTAGE_CHECKOUT": str(tmp_path)}
    started = host.start({**os.environ, **known, "WHO": "Ada"})

    assert started.stdout.readline() == b"handler of Ada nice 0\n"
    started.kill()
    assert started.wait(timeout=20) == -1
