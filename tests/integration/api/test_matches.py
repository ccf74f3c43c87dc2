"""Matches: asked for, looked at, canceled, deleted. What happens between is the end-to-end tests' business."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import soundfile
from functions.api.services import Services
from functions.match import persist, preview
from tests.fixtures.music import match_result
from tests.fixtures.pairs import song
from tests.integration.api.conftest import Person, given_to_steps

from soundstage.audio.io import Audio, flac_16
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.rendering.render import render_measured
from soundstage.match.rendering.reverb import encode_response
from soundstage.models.assets import Asset
from soundstage.models.errors import MediaRejected
from soundstage.models.ids import Id
from soundstage.models.jobs import Dependency, JobError, JobStatus
from soundstage.models.limits import FOR_ONE_MACHINE, Rate
from soundstage.models.style import EqBand, Limiter, LoudnessTarget, Preset, Reverb, StyleParams
from soundstage.platform.aws import clients
from soundstage.platform.runtime import decoded_uploads
from soundstage.platform.runtime.decoded_uploads import DecodedUploads

STYLE = StyleParams(eq=[EqBand(type="peaking", f_hz=1000, q=1, gain_db=3)])


@pytest.fixture
def target_id(ada: Person, upload: Callable[[Person], Id]) -> Id:
    return upload(ada)


@pytest.fixture
def reference_id(ada: Person, upload: Callable[[Person], Id]) -> Id:
    return upload(ada)


def _wanted(target_id: Id, *reference_ids: Id, **more: Any) -> dict[str, Any]:
    references = [{"asset_id": reference_id} for reference_id in reference_ids]
    return {"target_asset_id": target_id, "references": references, **more}


@pytest.fixture
def job(ada: Person, target_id: Id, reference_id: Id) -> dict[str, Any]:
    made: dict[str, Any] = ada.post("/v1/matches", _wanted(target_id, reference_id, title="Demo")).json()
    return made


def test_a_match_begins_when_all_its_recordings_are_there(
    ada: Person,
    services: Services,
    target_id: Id,
    reference_id: Id,
    accept: Callable[[Id], Asset],
) -> None:
    answer = ada.post("/v1/matches", _wanted(target_id, reference_id))
    job = answer.json()
    assert (answer.status_code, job["kind"], job["status"]) == (202, "match", "blocked")
    assert answer.headers["Location"] == f"/v1/matches/{job['subject_id']}"
    assert job["inputs"] == {"target": target_id, "reference_1": reference_id}

    for asset_id in (reference_id, target_id):
        assert ada.get(f"/v1/jobs/{job['job_id']}").json()["status"] == "blocked"
        accept(asset_id)
        services.jobs.release_dependants(Dependency(kind="asset", id=asset_id))

    match = ada.get(f"/v1/matches/{job['subject_id']}").json()
    assert (match["status"], match["job"]["status"], match["files"]) == ("matching", "running", None)


@pytest.mark.parametrize("title", ["a\x00b", "two\nlines", "turned \u202egnos"])
def test_no_job_begins_for_a_title_that_cannot_be_kept(
    ada: Person, target_id: Id, reference_id: Id, title: str
) -> None:
    """Its end could not be written down either, so nobody could ever be told of it."""
    refused = ada.post("/v1/matches", _wanted(target_id, reference_id, title=title))
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_INPUT")
    assert ada.get("/v1/jobs").json()["items"] == []


def test_a_title_may_be_in_any_language(ada: Person, target_id: Id, reference_id: Id) -> None:
    title = "שיר 👩‍🎤 می‌خوانم"  # with joiners between letters
    job = ada.post("/v1/matches", _wanted(target_id, reference_id, title=f" {title} ")).json()
    assert ada.get(f"/v1/matches/{job['subject_id']}").json()["title"] == title


def test_asking_again_meanwhile_is_the_same_job(ada: Person, eve: Person, job: dict[str, Any]) -> None:
    same = _wanted(job["inputs"]["target"], job["inputs"]["reference_1"], title="Demo")

    assert ada.post("/v1/matches", same).json()["job_id"] == job["job_id"]
    assert ada.post("/v1/matches", {**same, "segment_s": 30}).json()["job_id"] != job["job_id"]
    assert eve.post("/v1/matches", same).status_code == 404
    named = {"headers": {"Idempotency-Key": "once"}}
    assert ada.post("/v1/matches", same, **named).json()["job_id"] == job["job_id"]
    assert ada.post("/v1/matches", same, **named).headers["Idempotent-Replayed"] == "true"
    assert len(ada.get("/v1/matches").json()["items"]) == 2
    ada.post(f"/v1/jobs/{job['job_id']}/cancel")
    assert ada.post("/v1/matches", same).json()["job_id"] != job["job_id"]


def test_lists_come_in_pages(ada: Person, eve: Person, target_id: Id, reference_id: Id) -> None:
    made = [
        ada.post("/v1/matches", _wanted(target_id, reference_id, title=str(number))).json()["subject_id"]
        for number in range(3)
    ]

    first = ada.get("/v1/matches?limit=2").json()
    rest = ada.get(f"/v1/matches?limit=2&cursor={first['next_cursor']}").json()

    assert [item["match_id"] for item in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None
    assert eve.get("/v1/matches").json()["items"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"references": []},
        {"preset": STYLE.model_dump(mode="json")},
        {"mode": "A", "references": 2},
        {"segment_s": 1},
        {"amounts": {"eq": 2}},
        {"references": 9},
    ],
)
def test_what_cannot_be_matched_is_refused(ada: Person, target_id: Id, reference_id: Id, wrong: dict[str, Any]) -> None:
    if isinstance(wrong.get("references"), int):
        wrong = {**wrong, "references": [{"asset_id": reference_id}] * wrong["references"]}

    answer = ada.post("/v1/matches", {**_wanted(target_id, reference_id), **wrong})

    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")
    assert ada.get("/v1/matches").json()["items"] == []


def test_a_preset_is_applied_as_it_is_now(ada: Person, eve: Person, target_id: Id) -> None:
    preset = ada.post("/v1/presets", {"name": "Bright", "params": STYLE.model_dump(mode="json")}).json()

    job = ada.post("/v1/matches", _wanted(target_id, preset_id=preset["preset_id"])).json()

    assert StyleParams.model_validate(job["options"]["match_params"]["preset"]).eq == STYLE.eq
    ada.delete(f"/v1/presets/{preset['preset_id']}")
    match = ada.get(f"/v1/matches/{job['subject_id']}").json()
    assert match["params"]["preset_id"] == preset["preset_id"]
    assert StyleParams.model_validate(match["params"]["preset"]).eq == STYLE.eq
    hers = eve.post("/v1/presets", {"name": "Dark", "params": STYLE.model_dump(mode="json")}).json()["preset_id"]
    assert ada.post("/v1/matches", _wanted(target_id, preset_id=hers)).status_code == 404


def test_a_match_says_how_its_job_ended_and_may_be_tried_again(
    ada: Person, services: Services, job: dict[str, Any], accept: Callable[[Id], Asset]
) -> None:
    for asset_id in job["inputs"].values():
        accept(asset_id)
        services.jobs.release_dependants(Dependency(kind="asset", id=asset_id))
    ended = services.job_store.transition(
        job["job_id"],
        attempt=1,
        from_=[JobStatus.RUNNING],
        to=JobStatus.FAILED,
        error=JobError(code="SILENT", message="We hear nothing in this recording.", step="analyzing"),
    )
    services.jobs.release(ended.job_id)
    path = f"/v1/matches/{job['subject_id']}"
    failed = ada.get(path).json()
    assert (failed["status"], failed["error"]["code"]) == ("failed", "SILENT")
    assert ada.get(f"{path}/report", follow_redirects=False).status_code == 409

    ada.post(f"/v1/jobs/{job['job_id']}/retry")

    again = ada.get(path).json()
    assert (again["status"], again["error"], again["job"]["attempt"]) == ("matching", None, 2)


def test_a_deleted_match_is_gone_and_its_job_canceled(ada: Person, job: dict[str, Any]) -> None:
    path = f"/v1/matches/{job['subject_id']}"

    assert ada.delete(path).status_code == 204

    assert [ada.get(path).status_code, ada.delete(path).status_code] == [404, 404]
    assert ada.get("/v1/matches").json()["items"] == []
    assert ada.get(f"/v1/jobs/{job['job_id']}").json()["status"] == "canceled"
    assert ada.post(f"/v1/jobs/{job['job_id']}/retry").status_code == 404


class Called:
    """The function that previews, called in this process: moto would need Docker for it."""

    def __init__(self, *, patiently: bool) -> None:
        assert not patiently  # somebody waits

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803  (boto3's names)
        assert FunctionName == "preview"
        return {"Payload": io.BytesIO(json.dumps(preview.handler(json.loads(Payload), None)).encode())}


@pytest.fixture
def finished(
    ada: Person, services: Services, job: dict[str, Any], steps_run: None, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A match with an echo, rendered."""
    audio = Audio(song(3, seconds=8).astype(np.float32), 44_100)
    response = encode_response(np.eye(1, 4410, 4000, dtype=np.float32).T, 44_100)
    style = STYLE.model_copy(
        update={"reverb": Reverb(mix=0.5, **response), "lufs": LoudnessTarget(target_db=-12), "limiter": Limiter()}
    )
    writer = MemoryWriter()
    rendered = render_measured(MemoryReader(audio), writer, style)
    assert writer.audio is not None
    asset = services.assets.claim(job["inputs"]["target"], claimant="ingest", sequencer="01", lease_s=60)
    services.objects.write(asset.bucket_key, flac_16(audio))
    services.assets.accept(asset, claimant="ingest")
    result = match_result(job["job_id"])
    metrics = result.metrics_after.model_copy(update={"integrated_lufs": rendered.loudness.integrated_lufs})
    result = result.model_copy(update={"metrics_after": metrics})
    services.objects.write(result.audio_key, flac_16(writer.audio))
    services.objects.write_json(result.preset_key, Preset(name="Demo", params=style).model_dump(mode="json"))
    event = {
        "job": given_to_steps(services, job).model_dump(mode="json"),
        "result": {"outcome": "ok", **result.model_dump(mode="json")},
        "segments": [],
    }
    persist.handler(event, None)
    for kept in (preview.settings, preview.objects, preview.targets):
        kept.cache_clear()

    monkeypatch.setattr(clients, "lambda_", Called)
    monkeypatch.setattr(services, "settings", services.settings.model_copy(update={"preview_function": "preview"}))
    match: dict[str, Any] = ada.get(f"/v1/matches/{job['subject_id']}").json()
    return match


def _heard(person: Person, match: dict[str, Any], **asked: Any) -> Any:
    wanted = {"style": match["style"], "start_s": 2.0, "duration_s": 3.0, **asked}
    return person.post(f"/v1/matches/{match['match_id']}/preview", wanted)


def test_a_region_is_heard_in_a_changed_style_with_its_room(ada: Person, finished: dict[str, Any]) -> None:
    assert finished["style"]["reverb"]["ir_key"].startswith("ir/")
    dry = finished["style"] | {"amounts": {"reverb": 0.0}}

    same, changed = (_heard(ada, finished, style=style) for style in (finished["style"], dry))

    assert same.headers["content-type"] == "audio/flac"
    assert float(same.headers["Integrated-Lufs"]) == pytest.approx(-12, abs=0.1)
    sounds = [soundfile.read(io.BytesIO(answer.content), dtype="float32") for answer in (same, changed)]
    assert [(len(sound), rate_hz) for sound, rate_hz in sounds] == [(3 * 44_100, 44_100)] * 2
    assert np.abs(sounds[0][0] - sounds[1][0]).max() > 0.01


def test_a_target_is_fetched_once_and_what_cannot_be_read_is_not_kept(
    services: Services, steps_run: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"uploads/{number}.flac" for number in range(3)]
    for key in keys[:2]:
        services.objects.write(key, flac_16(Audio(song(3, seconds=2).astype(np.float32), 44_100)))
    services.objects.write(keys[2], b"no sound")
    kept = DecodedUploads(services.objects)
    folder = Path(kept._folder.name)
    monkeypatch.setattr(decoded_uploads, "MOST_BYTES", 1)

    assert [kept.reader(key, None).frames for key in keys[:2]] == [88_200, 88_200]
    services.objects.delete(keys[1])
    assert kept.reader(keys[1], None).frames == 88_200
    with pytest.raises(MediaRejected):
        kept.reader(keys[2], None)

    assert len(list(folder.rglob("*.*"))) == 1


def test_only_its_person_hears_a_match_that_is_finished(
    ada: Person, eve: Person, finished: dict[str, Any], target_id: Id, reference_id: Id
) -> None:
    assert _heard(eve, finished).status_code == 404
    other = ada.post("/v1/matches", _wanted(target_id, reference_id, title="Other")).json()
    answer = _heard(ada, {**finished, "match_id": other["subject_id"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")


def test_nobody_has_more_rendered_in_a_minute_than_they_listen_to(
    ada: Person, services: Services, finished: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = FOR_ONE_MACHINE.model_copy(update={"previews": Rate(requests=2)})
    monkeypatch.setattr(services, "settings", services.settings.model_copy(update={"limits": limits}))
    answers = [_heard(ada, finished, duration_s=1.0) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_what_cannot_be_previewed_says_why(ada: Person, services: Services, finished: dict[str, Any]) -> None:
    lost = {**finished["style"], "reverb": {"ir_key": f"ir/{'0' * 64}.flac", "mix": 1.0}}
    answer = _heard(ada, finished, style=lost)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_INPUT")
    assert _heard(ada, finished, duration_s=40.0).status_code == 422
    services.settings = services.settings.model_copy(update={"preview_function": None})
    answer = _heard(ada, finished)
    assert (answer.status_code, answer.json()["code"]) == (503, "DEPENDENCY_UNAVAILABLE")


def test_persist_makes_the_match_ready_and_again_changes_nothing(
    ada: Person, services: Services, job: dict[str, Any], steps_run: None
) -> None:
    result = match_result(job["job_id"])
    preset = Preset(name="Demo", params=STYLE)
    services.objects.write_json(result.preset_key, preset.model_dump(mode="json"))
    event = {
        "job": given_to_steps(services, job).model_dump(mode="json"),
        "result": {"outcome": "ok", **result.model_dump(mode="json")},
        "segments": [{"index": 0, "start_frame": 0, "end_frame": 441_000, "read_from_frame": 0}],
    }

    answers = [persist.handler(event, None) for _ in range(2)]

    assert answers[0] == answers[1]
    assert (answers[0]["kept"], answers[0]["metrics_after"]["mel_dist"]) == (True, 0.25)
    match = ada.get(f"/v1/matches/{job['subject_id']}").json()
    assert (match["status"], match["duration_s"]) == ("ready", 10.0)
    assert (match["metrics_before"]["mel_dist"], match["metrics_after"]["mel_dist"]) == (2.0, 0.25)
    assert match["metrics_before"]["width_err_db"] is None
    assert StyleParams.model_validate(match["style"]) == STYLE
    assert "Demo.wav" in match["files"]["audio_url"]
    sounds = match["files"]["sounds"]
    assert [urlsplit(sounds[name]).path.rpartition("/")[2] for name in ("before_url", "after_url")] == [
        "target.preview.m4a",
        "preview.m4a",
    ]
    page = ada.get(f"/v1/matches/{job['subject_id']}/report", follow_redirects=False)
    assert (page.status_code, "report.html" in page.headers["Location"]) == (302, True)


@pytest.mark.usefixtures("steps_run")
def test_a_match_without_previews_is_heard_from_its_files(
    ada: Person, services: Services, job: dict[str, Any], accept: Callable[[Id], Asset]
) -> None:
    target_id, reference_id = (accept(job["inputs"][role]).asset_id for role in ("target", "reference_1"))
    result = match_result(job["job_id"]).model_copy(update={"preview_keys": {}})
    services.objects.write_json(result.preset_key, Preset(name="Demo", params=STYLE).model_dump(mode="json"))
    given = given_to_steps(services, job).model_dump(mode="json")
    persist.handler({"job": given, "result": result.model_dump(mode="json"), "segments": []}, None)

    def heard() -> dict[str, Any]:
        sounds: dict[str, Any] = ada.get(f"/v1/matches/{job['subject_id']}").json()["files"]["sounds"]
        return sounds

    assert urlsplit(heard()["after_url"]).path.endswith("matched.wav")
    assert target_id in heard()["before_url"]
    assert reference_id in heard()["reference_urls"][0]
    ada.delete(f"/v1/assets/{target_id}")
    assert heard()["before_url"] is None
