"""A hum becomes two songs by the S3 event alone, in whatever order things come."""

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, Made, order, outcome

from soundstage.products.track import TRACK

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_upload_first_then_the_job(cloud: Cloud, made: Made) -> None:
    asset = made.studio.get(f"/v1/assets/{made.asset_id}")
    assert asset["probe"]["duration_s"] == pytest.approx(10.0, abs=1.0)
    assert made.job["status"] == "succeeded", made.job["error"]
    progress = [change["progress"] for change in made.changes]
    assert progress == sorted(progress)
    assert [step["step"] for step in made.job["history"] if step["outcome"] == "ok"] == list(TRACK.steps)
    assert len(cloud.executions(made.job["job_id"])) == 1
    assert_two_songs(made.track)


def test_job_first_then_the_upload(cloud: Cloud, studio: Studio, hum: Path) -> None:
    announced = studio.announce_upload(hum, method="POST")
    job = order(studio, announced["asset"]["asset_id"])
    assert job["status"] == "blocked"

    studio.send_file(announced, hum)
    # Nobody has to say that the file is there, and it does no harm.
    studio.post(f"/v1/assets/{announced['asset']['asset_id']}/complete", {})

    ended = outcome(studio, job["job_id"])
    assert ended["status"] == "succeeded", ended["error"]
    assert len(cloud.executions(job["job_id"])) == 1
    assert_two_songs(studio.get(f"/v1/tracks/{ended['subject_id']}"))


def test_duplicate_events_of_one_upload_make_one_job_run(cloud: Cloud, studio: Studio, hum: Path) -> None:
    announced = studio.announce_upload(hum)
    with cloud.hold("music_generate") as begun:
        job = order(studio, announced["asset"]["asset_id"])
        assert job["status"] == "blocked"
        studio.send_file(announced, hum)
        event = cloud.eventually(lambda: ingest_input(cloud, announced["asset"]["asset_id"]))
        for _ in range(3):
            cloud.client("stepfunctions").start_execution(
                stateMachineArn=cloud.outputs["IngestStateMachine"], input=event
            )

        begun.reached(job["job_id"])
        assert len(cloud.executions(job["job_id"])) == 1
        studio.post(f"/v1/jobs/{job['job_id']}/cancel", {})


def test_one_idempotency_key_is_one_job_however_requests_race(studio: Studio, hum: Path) -> None:
    announced = studio.announce_upload(hum)
    track_id = studio.create_track(title="Raced")["track_id"]
    body = {"hum_asset_id": announced["asset"]["asset_id"]}
    answers: list[Any] = []

    def ask() -> None:
        try:
            answers.append(studio.post(f"/v1/tracks/{track_id}/generate", body, idempotency_key="once"))
        except Exception as error:
            answers.append(error)

    racing = [threading.Thread(target=ask) for _ in range(4)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    again = studio.post(f"/v1/tracks/{track_id}/generate", body, idempotency_key="once")

    made = {answer["job_id"] for answer in answers if isinstance(answer, dict)}
    assert made == {again["job_id"]}
    assert len(studio.get("/v1/jobs")["items"]) == 1
    refused = [answer for answer in answers if not isinstance(answer, dict)]
    assert all(getattr(answer, "status", None) == httpx.codes.CONFLICT for answer in refused), refused


def ingest_input(cloud: Cloud, asset_id: str) -> str | None:
    """The event of this upload as the rule gave it to the state machine."""
    states = cloud.client("stepfunctions")
    for listed in states.list_executions(stateMachineArn=cloud.outputs["IngestStateMachine"])["executions"]:
        given = str(states.describe_execution(executionArn=listed["executionArn"])["input"])
        if asset_id in given:
            return given
    return None


def assert_two_songs(track: dict[str, Any]) -> None:
    assert track["status"] == "ready"
    assert [variant["label"] for variant in track["variants"]] == ["A", "B"]
    assert track["primary"] == track["score"]["recommended"]
    assert {variant["style"] for variant in track["variants"]} != {track["variants"][0]["style"]}
    assert httpx.get(track["cover_url"]).content[:8] == b"\x89PNG\r\n\x1a\n"
    assert httpx.get(track["cover_preview_url"]).content[8:12] == b"WEBP"
    for variant in track["variants"]:
        assert variant["integrated_lufs"] == pytest.approx(-14.0, abs=1.0)
        assert variant["true_peak_dbtp"] <= -1.0 + 0.05
        audio = httpx.get(variant["audio_url"])
        assert audio.content[:4] == b"RIFF"
        assert f"{variant['label']} (" in audio.headers["Content-Disposition"]
        assert httpx.get(variant["preview_url"]).content[4:11] == b"ftypM4A"
        assert httpx.get(variant["midi_url"]).content[:4] == b"MThd"
        for url in variant["picture_urls"].values():
            assert httpx.get(url).content[:8] == b"\x89PNG\r\n\x1a\n"
