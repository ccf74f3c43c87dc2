"""``soundstage admin`` and ``soundstage jobs``, run as an operator runs them, against the embedded cloud."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from infra.local.client import Studio
from infra.local.services import base_environment, stack_environment
from tests.e2e.journeys import Cloud, Made

from soundstage.client.errors import Refused

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def _soundstage(cloud: Cloud, *arguments: str) -> subprocess.CompletedProcess[str]:
    known = base_environment(cloud.settings) | stack_environment(cloud.outputs)
    command = [sys.executable, "-m", "soundstage.cli.main", *arguments]
    return subprocess.run(
        command, check=False, env={**os.environ, **known}, capture_output=True, text=True, timeout=120
    )


def test_a_job_is_shown_with_its_states_values_and_log_lines(cloud: Cloud, made: Made) -> None:
    job_id = made.job["job_id"]

    shown = _soundstage(cloud, "jobs", "show", job_id, "--values", "--logs")

    assert shown.returncode == 0, shown.stderr
    assert f"{job_id}  track, succeeded, 100 %" in shown.stdout
    assert "✓   Render variant, item 2 of 2" in shown.stdout
    assert "a delivery is over" in shown.stdout
    assert "X-Amz-Signature=" not in shown.stdout
    states: list[dict[str, Any]] = json.loads(_soundstage(cloud, "jobs", "show", job_id, "--json").stdout)["states"]
    assert [state["name"] for state in states if state["depth"] == 1] == ["Render variant", "Render variant"]
    listed = _soundstage(cloud, "jobs", "list", made.studio.get("/v1/me")["user_id"])
    assert job_id in listed.stdout


def test_an_operator_blocks_an_account_and_lets_it_in_again(cloud: Cloud, sign_up: Callable[[], Studio]) -> None:
    studio = sign_up()
    user_id = studio.get("/v1/me")["user_id"]

    blocked = _soundstage(cloud, "admin", "users", "block", user_id, "--reason", "a test")
    assert (blocked.returncode, "blocked since" in blocked.stdout) == (0, True), blocked.stderr
    with pytest.raises(Refused, match="log-in has ended"):
        studio.get("/v1/me")
    assert _soundstage(cloud, "admin", "users", "unblock", user_id).stdout.endswith("open\n")

    nobody = _soundstage(cloud, "admin", "users", "block", "nobody@example.org", "--reason", "a test")
    assert (nobody.returncode, nobody.stderr.split(": ")[1]) == (2, "NOT_FOUND")
    letters = _soundstage(cloud, "admin", "dead-letters", "list", "--json")
    assert letters.returncode == 0, letters.stderr
    assert "letters" in json.loads(letters.stdout)
