"""How jobs end when they do not end well: rejected, canceled, killed, poisoned; and who may see them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, order, outcome, upload

from soundstage.audio.io import Audio, write_wav
from soundstage.client import Refused
from soundstage.platform.aws.workflows import StepFunctions

MAX_DELIVERIES = 3  # of infra.worker_pool, which is slow to import

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_a_silent_recording_fails_the_job_with_its_code(studio: Studio, tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    write_wav(silence, Audio(np.zeros((44_100 * 6, 1), np.float32), 44_100), subtype="PCM_16")

    job = outcome(studio, order(studio, upload(studio, silence))["job_id"])

    assert (job["status"], job["error"]["code"], job["error"]["step"]) == ("failed", "SILENT", "audio_check")
    assert studio.get(f"/v1/tracks/{job['subject_id']}")["status"] == "failed"


def test_an_execution_that_has_ended_may_be_stopped(cloud: Cloud, studio: Studio, hum: Path) -> None:
    """A job is canceled in the moment in which its execution ends."""
    job = outcome(studio, order(studio, upload(studio, hum))["job_id"])
    workflows = StepFunctions({"track": cloud.outputs["TrackStateMachine"]}, client=cloud.client("stepfunctions"))
    [name] = cloud.executions(job["job_id"])

    workflows.stop("track", name, cause="canceled")

    ended = workflows.find("track", name)
    assert ended is not None
    assert ended.status == "SUCCEEDED"


def test_a_text_file_named_wav_is_rejected_before_anything_decodes_it(studio: Studio, tmp_path: Path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("do re mi " * 1000)

    asset_id = upload(studio, text)
    job = outcome(studio, order(studio, asset_id)["job_id"])

    assert (job["status"], job["error"]["code"]) == ("failed", "DEPENDENCY_FAILED")
    assert job["error"]["detail"]["cause"]["code"] == "FORMAT_UNSUPPORTED"
    assert studio.get(f"/v1/assets/{asset_id}")["status"] == "rejected"


def test_a_canceled_job_stops_and_leaves_nothing_half_written(cloud: Cloud, studio: Studio, hum: Path) -> None:
    with cloud.hold("music_generate", at=0.9) as made_but_not_published:
        job = order(studio, upload(studio, hum))
        made_but_not_published.reached(job["job_id"])

        canceled = studio.post(f"/v1/jobs/{job['job_id']}/cancel", {})

        assert canceled["status"] == "canceled"
        cloud.eventually(cloud.idle)
    assert cloud.keys(f"results/{job['job_id']}/") == []
    after = studio.get(f"/v1/jobs/{job['job_id']}")
    assert (after["status"], after["progress"]) == ("canceled", canceled["progress"])
    assert studio.get(f"/v1/tracks/{job['subject_id']}")["variants"] == []


def test_a_killed_worker_loses_nothing_and_leaves_nothing(cloud: Cloud, studio: Studio, hum: Path) -> None:
    with cloud.hold("music_generate") as begun:
        job = order(studio, upload(studio, hum))
        begun.reached(job["job_id"])
        folders = set((cloud.settings.home / "tmp" / "worker").iterdir())
        assert folders

        cloud.kill_worker()

    assert not any(folder.exists() for folder in folders)
    ended = outcome(studio, job["job_id"])
    assert (ended["status"], ended["attempt"]) == ("succeeded", 1), ended["error"]


def test_a_task_that_kills_every_worker_fails_its_job_with_the_reason(cloud: Cloud, studio: Studio, hum: Path) -> None:
    with cloud.hold("music_generate") as begun:
        job = order(studio, upload(studio, hum))
        for _ in range(MAX_DELIVERIES):
            begun.reached(job["job_id"], tasks=2)
            cloud.kill_worker()

        ended = outcome(studio, job["job_id"])

    assert (ended["status"], ended["error"]["step"]) == ("failed", "music_generate")
    assert ended["error"]["code"] == "TASK_DIED", ended["error"]
    assert studio.get(f"/v1/tracks/{job['subject_id']}")["status"] == "failed"


def test_a_stranger_finds_nothing(sign_up: Callable[[], Studio], hum: Path) -> None:
    owner, stranger = sign_up(), sign_up()
    asset_id = upload(owner, hum)
    job = order(owner, owner.announce_upload(hum)["asset"]["asset_id"])  # waits for a file that never comes
    track_id, job_id = job["subject_id"], job["job_id"]
    strangers_track = stranger.create_track(title="Mine")["track_id"]
    attempts: list[Callable[[], Any]] = [
        lambda: stranger.get(f"/v1/assets/{asset_id}"),
        lambda: stranger.get(f"/v1/assets/{asset_id}/download"),
        lambda: stranger.delete(f"/v1/assets/{asset_id}"),
        lambda: stranger.post(f"/v1/uploads/{asset_id}/complete", {}),
        lambda: stranger.get(f"/v1/jobs/{job_id}"),
        lambda: stranger.post(f"/v1/jobs/{job_id}/cancel", {}),
        lambda: stranger.post(f"/v1/jobs/{job_id}/retry", {}),
        lambda: stranger.get(f"/v1/tracks/{track_id}"),
        lambda: stranger.delete(f"/v1/tracks/{track_id}"),
        lambda: stranger.post(f"/v1/tracks/{track_id}/share", {}),
        lambda: stranger.generate(track_id, asset_id),
        lambda: stranger.generate(strangers_track, asset_id),
    ]
    for number, attempt in enumerate(attempts):
        with pytest.raises(Refused) as refused:
            attempt()
        assert (number, refused.value.status, refused.value.code) == (number, 404, "NOT_FOUND")
    assert stranger.get("/v1/jobs")["items"] == []
