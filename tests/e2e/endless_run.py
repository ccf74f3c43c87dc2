"""A run that ``test_killed_run`` kills: a whole cloud whose worker is in the middle of a task."""

import time
from pathlib import Path

import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, order, upload

pytestmark = pytest.mark.e2e


def test_until_it_is_killed(cloud: Cloud, studio: Studio, hum: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with cloud.hold("music_generate") as begun:
        begun.reached(order(studio, upload(studio, hum))["job_id"])
        with capsys.disabled():
            print("\nheld", flush=True)  # noqa: T201  (the one who kills us reads it)
        time.sleep(600)
