"""A test run that is killed in the middle of everything leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from infra.local.run_file import RunFile
from infra.local.settings import ROOT
from tests.fixtures.session import KIND
from tests.fixtures.waiting import alive, eventually

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_a_test_run_that_is_killed_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/e2e/endless_run.py"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, start_new_session=True
    ) as session:
        assert session.stdout is not None
        said = []
        for line in iter(session.stdout.readline, b""):
            said.append(line.decode())
            if line == b"held\n":
                break
        else:
            pytest.fail("".join(said))
        homes = list((ROOT / ".local-cloud").glob(f"{KIND}/*/run.json"))
        runs = [run for run in map(RunFile.read, homes) if run is not None and run.supervisor.pid == session.pid]
        (run,) = runs
        assert {group.name for group in run.services} == {"cloud", "database", "worker", "gateway"}
        started = [psutil.Process(group.pid) for group in run.services]
        processes = [process for leader in started for process in [leader, *leader.children(recursive=True)]]
        assert len(processes) > 10

        session.kill()

    eventually(lambda: not any(alive(process.pid) for process in processes))
    eventually(lambda: list(tmp_path.iterdir()) == [])
    eventually(lambda: not any(folder.exists() for folder in run.temporary))
