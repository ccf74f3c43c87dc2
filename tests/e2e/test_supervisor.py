"""The supervisor with small services: what it starts ends with it, however it ends; what crashes is named."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from infra.local.instance import CannotStart, only_one
from infra.local.processes import ProcessGroup
from infra.local.settings import ROOT, InstanceSettings
from infra.local.supervisor import RESTARTS, RunFile, Service, ServiceDown, Supervisor
from tests.e2e.journeys import eventually

# A service with a child of its own, like the cloud with its functions; the child ignores SIGTERM.
WITH_CHILD = """
import signal, subprocess, sys, time
stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(99)"
child = subprocess.Popen([sys.executable, "-c", stubborn])
print("child", child.pid, flush=True)
time.sleep(99)
"""

# A supervisor in a process of its own, so that it can be killed.
SUPERVISE = """
import sys, time
from pathlib import Path
from infra.local.supervisor import Service, Supervisor
home = Path(sys.argv[1])
with Supervisor(home / "run.json", home / "logs") as supervisor:
    supervisor.start(Service("parent", [sys.executable, "-c", sys.argv[2]], {}))
    print("started", flush=True)
    time.sleep(99)
"""


def service(name: str, code: str, **options: Any) -> Service:
    return Service(name, [sys.executable, "-c", code], {}, **options)


def restarted_after(supervisor: Supervisor, told: list[str]) -> None:
    """Let the supervisor look at its services until it says something."""

    def looked() -> bool:
        supervisor.check()
        return bool(told)

    eventually(looked)


def pids_in(log: Path) -> list[int]:
    return [int(line.split()[1]) for line in log.read_text().splitlines() if line.startswith("child")]


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_supervisor(tmp_path: Path, ended_by: signal.Signals) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, tmp_path, WITH_CHILD],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert supervisor.stdout is not None
    supervisor.stdout.readline()
    log = tmp_path / "logs" / "parent.log"
    eventually(lambda: pids_in(log))
    run = RunFile.read(tmp_path / "run.json")
    assert run is not None
    pids = [*pids_in(log), *(group.pid for group in run.services)]
    assert all(psutil.pid_exists(pid) for pid in pids)

    supervisor.send_signal(ended_by)
    supervisor.communicate()

    eventually(lambda: not any(psutil.pid_exists(pid) for pid in pids))
    eventually(lambda: not (tmp_path / "run.json").exists())


def test_a_service_that_fails_at_its_start_is_reported_with_its_last_lines(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "run.json", tmp_path / "logs") as supervisor:
        supervisor.start(service("worker", "raise SystemExit('no bucket')", ready=lambda: False))
        with pytest.raises(ServiceDown, match=r"worker ended at its start with exit status 1[\s\S]*no bucket"):
            supervisor.wait_ready("worker")


def test_a_service_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "run.json", tmp_path / "logs") as supervisor:
        supervisor.start(service("deaf", "import time; time.sleep(99)", ready=lambda: False, ready_timeout_s=0.3))
        with pytest.raises(ServiceDown, match="deaf did not answer"):
            supervisor.wait_ready("deaf")


def test_a_crashed_service_is_reported_and_started_again_but_not_for_ever(tmp_path: Path) -> None:
    told: list[str] = []
    with Supervisor(tmp_path / "run.json", tmp_path / "logs") as supervisor:
        supervisor.on_event = told.append
        supervisor.start(service("worker", "import time; time.sleep(99)"))
        for _ in range(RESTARTS):
            os.kill(supervisor.process_id("worker"), signal.SIGKILL)
            restarted_after(supervisor, told)
            assert "worker ended by SIGKILL" in told.pop()
        os.kill(supervisor.process_id("worker"), signal.SIGKILL)
        with pytest.raises(ServiceDown, match="worker ended by SIGKILL"):
            restarted_after(supervisor, told)


def test_a_service_that_keeps_state_is_not_started_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "run.json", tmp_path / "logs") as supervisor:
        supervisor.start(service("cloud", "print('out of memory')", keeps_state=True))
        with pytest.raises(ServiceDown, match=r"cloud ended with exit status 0[\s\S]*out of memory"):
            restarted_after(supervisor, [])


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


def test_a_process_with_a_recycled_pid_is_left_alone(tmp_path: Path) -> None:
    settings = InstanceSettings(instance="recycled", data_dir=tmp_path, port=18113, cloud_port=18114)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"], start_new_session=True)
    try:
        old = ProcessGroup(name="worker", pid=stranger.pid, started=time.time() - 3600, stop_signal=15)
        RunFile(supervisor=old, services=[old]).write(settings.run_file)
        with only_one(settings, lambda _: None):
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_instance_runs_once(tmp_path: Path) -> None:
    settings = InstanceSettings(instance="twice", data_dir=tmp_path, port=18115, cloud_port=18116)
    with only_one(settings, print), pytest.raises(CannotStart, match="'twice' runs already"), only_one(settings, print):
        pass


def test_a_taken_port_is_named_with_who_has_it_and_what_to_do(tmp_path: Path) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"], stdout=subprocess.PIPE, text=True
    )
    try:
        eventually(lambda: psutil.Process(listener.pid).net_connections())
        port = psutil.Process(listener.pid).net_connections()[0].laddr.port
        settings = InstanceSettings(instance="blocked", data_dir=tmp_path, port=18117, cloud_port=port)
        with (
            pytest.raises(CannotStart, match=f"process {listener.pid} .*SOUNDSTAGE_CLOUD_PORT"),
            only_one(settings, print),
        ):
            pass
    finally:
        listener.kill()
        listener.communicate()
