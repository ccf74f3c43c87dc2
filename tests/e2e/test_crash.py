"""The program that plays AWS is killed while a song is made: nothing is lost, and nobody has to do anything."""

import os
import secrets
import signal
from pathlib import Path

import pytest
from infra.local.client import Studio
from infra.local.instance import Instance
from infra.local.settings import InstanceSettings
from tests.e2e.journeys import order, outcome, upload
from tests.fixtures.embedded import throwaway
from tests.fixtures.waiting import eventually

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(InstanceSettings().cloud != "ministack", reason="LocalStack keeps nothing"),
]


def test_a_song_is_made_though_the_cloud_is_killed_meanwhile(hum: Path) -> None:
    settings = throwaway().model_copy(update={"temporary": False, "instance": "crash"})
    with Instance(settings) as cloud:
        studio = Studio(f"http://127.0.0.1:{settings.port}")
        studio.register("ada@example.org", secrets.token_urlsafe(16))
        job = order(studio, upload(studio, hum))
        path = f"/v1/jobs/{job['job_id']}"
        eventually(lambda: studio.get(path)["step"] == "music_generate" and studio.get(path)["progress"] > 30)

        killed = cloud.supervisor.process_id("cloud")
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: cloud.supervisor.process_id("cloud") != killed and cloud.supervisor.is_ready("cloud"))

        job = outcome(studio, job["job_id"])
        assert (job["status"], job["error"]) == ("succeeded", None)
        assert job["attempt"] == 2, "the first one's execution died"
        assert studio.get(f"/v1/tracks/{job['subject_id']}")["status"] == "ready"
