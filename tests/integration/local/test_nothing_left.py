"""However a run ends, no process and no temporary file of it stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from infra.local import services
from infra.local.instance import only_one
from infra.local.processes import ProcessGroup
from infra.local.run_file import RunFile, clear_up_all
from infra.local.settings import ROOT, InstanceSettings
from infra.local.supervisor import Supervisor
from sqlalchemy import text
from tests.fixtures.waiting import alive, eventually

from soundstage.platform.catalog.database import connect

# A service with a child of its own, like the cloud with its functions, which ignores SIGTERM and has left the group.
WITH_CHILD = """
import signal, subprocess, sys, tempfile, time
tempfile.mkdtemp()
stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(99)"
child = subprocess.Popen([sys.executable, "-c", stubborn], start_new_session=True)
def stop(*_):
    print("stopping", flush=True)
    time.sleep(1)
    sys.exit()
signal.signal(15, stop)
print("child", child.pid, flush=True)
time.sleep(99)
"""

# A supervisor in a process of its own, so that it can be killed. Interrupted while it stops, it lives on.
SUPERVISE = """
import os, signal, sys, time
from pathlib import Path
from infra.local.service import Service
from infra.local.supervisor import Supervisor
home = Path(sys.argv[1])
signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests themselves may run where it is ignored, behind a &
try:
    with Supervisor(home) as supervisor:
        forked = os.fork()  # has a copy of all that is open, the guardian's pipe as well
        if forked == 0:
            os.setsid()
            os.close(1)
            time.sleep(99)
        print(forked, supervisor.guardian_id, flush=True)
        supervisor.start(Service("parent", [sys.executable, "-c", sys.argv[2]], {}))
        print("started", flush=True)
        time.sleep(99)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    if sys.argv[3] == "lives on":
        time.sleep(99)
"""


class Run:
    """``SUPERVISE`` in a process group of its own, as a shell starts it."""

    def __init__(self, home: Path, then: str) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, home, WITH_CHILD, then],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.forked, self.guardian = map(int, self.process.stdout.readline().split())

    def says(self, line: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().decode().strip() == line

    def log(self) -> str:
        path = self.home / "logs" / "parent.log"
        return path.read_text() if path.exists() else ""

    def children(self) -> list[int]:
        return [int(line.split()[1]) for line in self.log().splitlines() if line.startswith("child")]

    def started(self) -> list[int]:
        """Waits for it. The process ids of all that it has started."""
        self.says("started")
        eventually(self.children)
        run = RunFile.read(self.home / "run.json")
        assert run is not None
        return [*self.children(), *(group.pid for group in run.services)]

    def interrupt(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(then: str = "ends") -> Run:
        runs.append(Run(tmp_path / "home", then))
        return runs[-1]

    yield begin
    for begun in runs:
        begun.process.kill()
        begun.process.communicate()
        os.kill(begun.forked, signal.SIGKILL)


def assert_nothing_is_left(home: Path, pids: list[int]) -> None:
    eventually(lambda: all(gone(pid) for pid in pids))
    eventually(lambda: not (home / "run.json").exists())
    assert not (home / "tmp").exists()


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_the_supervisor(run: Callable[..., Run], ended_by: signal.Signals) -> None:
    begun = run()
    pids = begun.started()
    assert all(alive(pid) for pid in pids)
    assert list((begun.home / "tmp" / "parent").iterdir())

    begun.process.send_signal(ended_by)

    assert_nothing_is_left(begun.home, pids)


@pytest.mark.parametrize("then", ["ends", "lives on"])
@pytest.mark.parametrize("moment", ["as it stops its services", "at once", "as it starts"])
def test_nothing_is_left_by_a_run_that_is_interrupted_twice(run: Callable[..., Run], moment: str, then: str) -> None:
    begun = run(then)
    pids = []
    if moment != "as it starts":
        pids = begun.started()
    begun.interrupt()
    if moment == "as it stops its services":
        eventually(lambda: "stopping" in begun.log())
    begun.interrupt()

    assert_nothing_is_left(begun.home, pids)
    if then == "lives on" and moment == "as it stops its services":
        begun.says("interrupted")
        assert begun.process.poll() is None


def test_a_killed_guardian_is_replaced(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "home") as supervisor:
        killed = supervisor.guardian_id
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        eventually(partial(gone, killed))
        supervisor.check()
        other = supervisor.guardian_id
        assert other is not None
        assert other != killed
        assert alive(other)
    assert gone(other)
    assert supervisor.guardian_id is None


def test_the_next_start_clears_up_after_a_run_that_was_killed_with_its_guardian(run: Callable[..., Run]) -> None:
    begun = run()
    pids = begun.started()
    kill_with_guardian(begun)
    assert all(alive(pid) for pid in pids)
    told: list[str] = []

    with only_one(InstanceSettings(data_dir=begun.home, port=18111, cloud_port=18112), told.append):
        assert "parent" in told[0]

        assert_nothing_is_left(begun.home, pids)


def test_a_session_clears_up_after_those_that_were_killed(run: Callable[..., Run], tmp_path: Path) -> None:
    begun = run()
    pids = begun.started()
    clear_up_all(tmp_path, "ho*")
    assert all(alive(pid) for pid in pids), "who lives is left alone"
    kill_with_guardian(begun)

    clear_up_all(tmp_path, "ho*")

    assert_nothing_is_left(begun.home, pids)


def test_what_a_killed_instance_left_is_named_and_stopped(tmp_path: Path) -> None:
    settings = InstanceSettings(instance="stale", data_dir=tmp_path, port=18111, cloud_port=18112)
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"], start_new_session=True)
    gone = ProcessGroup(name="supervisor", pid=left.pid, started=0.0, stop_signal=15)
    RunFile(supervisor=gone, services=[ProcessGroup.of("worker", left.pid, signal.SIGTERM)]).write(settings.run_file)
    told: list[str] = []

    with only_one(settings, told.append):
        assert left.wait(5) == -signal.SIGTERM

    assert f"worker ({left.pid})" in told[0]
    assert not settings.run_file.exists()


@pytest.mark.parametrize("name", ["Ünïcode and spaces", "deep/" * 30, "with, comma"])
def test_a_database_runs_in_any_folder_and_leaves_only_its_data(tmp_path: Path, name: str) -> None:
    settings = InstanceSettings(instance="odd", data_dir=tmp_path / name)
    with Supervisor(settings.home) as supervisor:
        database = services.database(settings)
        supervisor.start(database)
        supervisor.wait_ready("database")
        engine = connect(services.database_url(settings))
        with engine.connect() as connection:
            assert connection.execute(text("select 1")).scalar() == 1
        engine.dispose()
        assert database.temporary is not None
        assert list(database.temporary.iterdir())
    assert not database.temporary.exists()
    assert sorted(path.name for path in settings.home.iterdir()) == ["database", "logs"]


def kill_with_guardian(begun: Run) -> None:
    os.kill(begun.guardian, signal.SIGKILL)
    eventually(partial(gone, begun.guardian))
    begun.process.kill()
    begun.process.wait()


def gone(pid: int) -> bool:
    return not alive(pid)
