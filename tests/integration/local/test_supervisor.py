"""The supervisor with small services: what crashes is named and started again, and whoever waits for it learns why."""

import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from infra.local.__main__ import status
from infra.local.instance import CannotStart, check, only_one
from infra.local.processes import ProcessGroup
from infra.local.run_file import RunFile
from infra.local.service import Service, ServiceDown
from infra.local.settings import ROOT, InstanceSettings
from infra.local.supervisor import FAILING, Supervisor
from tests.fixtures.waiting import eventually

RUNS = "import time; time.sleep(99)"


def service(name: str, code: str, **options: Any) -> Service:
    return Service(name, [sys.executable, "-c", code], {}, **options)


def checked(supervisor: Supervisor, until: Callable[[], Any]) -> None:
    """Let the supervisor look after its services until this is true."""

    def looked() -> bool:
        supervisor.check()
        return bool(until())

    eventually(looked)


def test_a_service_that_fails_at_its_start_is_reported_with_its_last_lines(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("worker", "raise SystemExit('no bucket')", ready=lambda: False))
        with pytest.raises(ServiceDown, match=r"worker ended at its start with exit status 1[\s\S]*no bucket"):
            supervisor.wait_ready("worker")


def test_a_service_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("deaf", RUNS, ready=lambda: False, ready_timeout_s=0.3))
        with pytest.raises(ServiceDown, match="deaf did not answer"):
            supervisor.wait_ready("deaf")


def test_whoever_waits_for_one_service_at_the_start_hears_of_another(tmp_path: Path) -> None:
    """A deployment would ask a cloud that has ended again and again."""
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("cloud", "raise SystemExit('out of memory')", keeps_state=True))
        with pytest.raises(ServiceDown, match=r"cloud ended at its start[\s\S]*out of memory"):
            supervisor.run("deploy", [sys.executable, "-c", RUNS], {}, cwd=ROOT)
        supervisor.start(service("gateway", RUNS, ready=lambda: False))
        with pytest.raises(ServiceDown, match="cloud ended"):
            supervisor.wait_ready("gateway")


def test_a_service_gives_way_to_others_with_its_whole_session(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("worker", f"import os; print('nice', os.nice(0), flush=True); {RUNS}", niceness=5))
        log = tmp_path / "logs" / "worker.log"
        eventually(lambda: "nice 5" in log.read_text())
        group = Path(f"/proc/{supervisor.process_id('worker')}/autogroup")
        assert not group.exists() or group.read_text().endswith("nice 5\n")


def test_a_crashed_service_is_reported_and_started_again_at_once(tmp_path: Path) -> None:
    told: list[str] = []
    with Supervisor(tmp_path) as supervisor:
        supervisor.on_event = told.append
        supervisor.start(service("worker", RUNS))
        before = supervisor.process_id("worker")
        os.kill(before, signal.SIGKILL)
        checked(supervisor, lambda: supervisor.process_id("worker") != before)
        assert "worker ended by SIGKILL" in told[0]
        check_health(tmp_path)


def test_however_often_a_service_is_replaced_it_is_started_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("worker", RUNS))
        for _ in range(2 * FAILING):
            before = supervisor.process_id("worker")
            supervisor.replace("worker")
            assert not psutil.pid_exists(before)
            supervisor.check()
            check_health(tmp_path)


def test_a_service_that_crashes_at_every_start_gets_longer_pauses_and_is_no_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    settings = settings_in(tmp_path)
    crash = f"import pathlib; pathlib.Path({str(tmp_path / 'crash')!r}).exists() and exit('no bucket'); {RUNS}"
    (tmp_path / "crash").touch()
    with Supervisor(tmp_path, facts={"since": "now", "url": settings.url, "cloud": ""}) as supervisor:
        supervisor.on_event = told.append
        supervisor.start(service("worker", crash))
        checked(supervisor, lambda: len(told) > FAILING)

        pauses = [float(line.split("again in ")[1].split(" s")[0]) for line in told if "again in" in line]
        assert pauses == [0.4, 0.8]
        with pytest.raises(ServiceDown, match=r"worker ended with exit status 1, \d times in a row[\s\S]*no bucket"):
            check(settings)
        status(settings, Namespace())
        assert "worker ended with exit status 1" in capsys.readouterr().out

        # What was wrong is mended: the next start succeeds, and when it has lasted the trouble is over.
        (tmp_path / "crash").unlink()
        checked(supervisor, lambda: not read(tmp_path).troubles)
        check(settings)


def test_a_service_that_loses_its_state_is_not_started_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("cloud", "print('out of memory')", keeps_state=True))
        with pytest.raises(ServiceDown, match=r"cloud ended with exit status 0[\s\S]*out of memory"):
            checked(supervisor, lambda: False)
        with pytest.raises(ServiceDown, match=r"cloud ended with exit status 0[\s\S]*out of memory"):
            check_health(tmp_path)


def test_a_service_whose_state_outlives_it_is_started_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("cloud", RUNS, keeps_state=True, durable=True))
        before = supervisor.process_id("cloud")
        os.kill(before, signal.SIGKILL)
        checked(supervisor, lambda: supervisor.process_id("cloud") != before)


def test_who_waits_for_an_instance_that_has_ended_is_told(tmp_path: Path) -> None:
    with pytest.raises(ServiceDown, match="'small' has ended"):
        check_health(tmp_path)


def test_each_start_of_a_service_finds_its_temporary_folder_empty(tmp_path: Path) -> None:
    leaves_a_file = f"import tempfile; tempfile.mkstemp(); print('made', flush=True); {RUNS}"
    folder = tmp_path / "tmp" / "worker"
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(service("worker", leaves_a_file))
        eventually(lambda: list(folder.iterdir()))
        (first,) = folder.iterdir()
        supervisor.replace("worker")
        eventually(lambda: list(folder.iterdir()))
        assert list(folder.iterdir()) != [first]
        assert len(list(folder.iterdir())) == 1
    assert not (tmp_path / "tmp").exists()


def test_a_process_with_a_recycled_pid_is_left_alone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    stranger = subprocess.Popen([sys.executable, "-c", RUNS], start_new_session=True)
    try:
        old = ProcessGroup(name="worker", pid=stranger.pid, started=time.time() - 3600, stop_signal=15)
        RunFile(supervisor=old, services=[old]).write(settings.run_file)
        with only_one(settings, lambda _: None):
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_temporary_instance_takes_no_folder_with_it_that_is_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    settings = InstanceSettings(data_dir=tmp_path, temporary=True, port=18111, cloud_port=18112)
    with pytest.raises(CannotStart, match="is not empty"), only_one(settings, print):
        pass
    assert (tmp_path / "thesis.txt").exists()


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere")):
        settings = InstanceSettings(data_dir=folder, port=18111, cloud_port=18112)
        with (
            pytest.raises(CannotStart, match=f"{folder} cannot be written.*SOUNDSTAGE_DATA_DIR"),
            only_one(settings, print),
        ):
            pass


def test_an_instance_runs_once(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with only_one(settings, print), pytest.raises(CannotStart, match="'small' runs already"), only_one(settings, print):
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


def settings_in(home: Path) -> InstanceSettings:
    return InstanceSettings(instance="small", data_dir=home, port=18111, cloud_port=18112)


def check_health(home: Path) -> None:
    check(settings_in(home))


def read(home: Path) -> RunFile:
    run = RunFile.read(home / "run.json")
    assert run is not None
    return run
