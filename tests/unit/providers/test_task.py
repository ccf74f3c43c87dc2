"""The worker's task with a provider, on S3 and Secrets Manager by moto and a local ACE-Step."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws
from tests.fixtures.provider_servers import KEY, Server
from tests.fixtures.tasks_of_the_image import TaskContext, task_named

from soundstage.audio.io import Audio, write_wav
from soundstage.models.composition import Composition, VoiceNote
from soundstage.models.errors import NotFound
from soundstage.models.ids import Id, new_id
from soundstage.models.music import RenderedVariant
from soundstage.platform.aws import clients, table
from soundstage.platform.aws.storage import ObjectStore
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.submission_record import ObjectSubmissions, SubmissionRecord

pytestmark = pytest.mark.slow

BUCKET = "soundstage-test"


@pytest.fixture
def objects(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    for name in [name for name in os.environ if name.startswith(("AWS_", "SOUNDSTAGE_"))]:
        monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("SOUNDSTAGE_TABLE", BUCKET)
    makers = (clients.s3, clients.dynamodb, clients.secretsmanager)
    for client in makers:
        client.cache_clear()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        boto3.client("dynamodb").create_table(**table.table_definition(BUCKET))
        yield ObjectStore(BUCKET)
    for client in makers:
        client.cache_clear()


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return task_named("music_generate", monkeypatch)


@dataclass
class Job:
    task: ModuleType
    objects: ObjectStore
    arguments: dict[str, Any]
    job_id: Id
    folder: Path
    runs: int = 0

    def run(self, provider: str) -> RenderedVariant:
        """One delivery, in a scratch folder of its own."""
        self.runs += 1
        scratch = self.folder / str(self.runs)
        scratch.mkdir()
        context = TaskContext(new_id(), self.objects, scratch, self.job_id)
        return RenderedVariant.model_validate(self.task.run({**self.arguments, "provider": provider}, context))


@pytest.fixture
def job(
    task: ModuleType, objects: ObjectStore, composition: Composition, request_a: MusicRequest, tmp_path: Path
) -> Job:
    job_id = new_id()
    hum = tmp_path / "hum.wav"
    write_wav(hum, Audio(request_a.guide.samples[:44_100], 44_100), subtype="FLOAT")
    arguments = {
        "label": "B",
        "composition_key": objects.write_json(f"work/{job_id}/composition.json", composition.model_dump(mode="json")),
        "hum_key": objects.upload(hum, f"work/{job_id}/hum.wav", content_type="audio/wav"),
        "title": "Morning hum",
    }
    return Job(task, objects, arguments, job_id, tmp_path)


def set_up(monkeypatch: pytest.MonkeyPatch, server: Server, *, key: str | None) -> None:
    monkeypatch.setenv("SOUNDSTAGE_MUSIC_PROVIDERS", json.dumps({"ace_step": {"url": server.url}}))
    monkeypatch.setenv("SOUNDSTAGE_MUSIC_PROVIDER_KEYS_SECRET", "soundstage/providers")
    if key is not None:
        boto3.client("secretsmanager").create_secret(
            Name="soundstage/providers", SecretString=json.dumps({"ace_step": key})
        )


def test_a_redelivered_task_finds_what_was_paid_for(
    job: Job, objects: ObjectStore, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, server, key=KEY)
    first = job.run("ace_step")
    assert (first.provider, first.provider_note) == ("ace_step", None)
    assert objects.head(first.audio) is not None
    assert first.audio == f"results/{job.job_id}/B.wav"
    record = json.dumps(objects.read_json(f"work/{job.job_id}/provider-B.json"))
    assert json.loads(record)["phase"] == "fetched"
    assert KEY not in record
    again = job.run("ace_step")
    assert again == first
    assert len(server.asked("/release_task")) == 1
    assert server.asked("/release_task")[0].headers["idempotency-key"] == f"{job.job_id}-B"


@pytest.mark.parametrize(
    ("provider", "key", "why"),
    [
        ("ace_step", None, "does not accept our key"),
        ("ace_step", "changeme", "does not accept our key"),
        ("suno", KEY, "'suno' is not set up on this worker"),
    ],
)
def test_a_failure_falls_back_and_says_so(
    *,
    job: Job,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    key: str | None,
    why: str,
) -> None:
    set_up(monkeypatch, server, key=key)
    variant = job.run(provider)
    assert variant.provider == "embedded"
    assert variant.provider_note is not None
    assert why in variant.provider_note
    assert variant.provider_note.endswith("So our own engine made this song.")


def test_the_default_needs_no_settings_no_record_and_no_recording(job: Job, objects: ObjectStore) -> None:
    job.arguments["hum_key"] = "uploads/gone.wav"
    variant = job.run("embedded")
    assert (variant.provider, variant.provider_note) == ("embedded", None)
    assert [key for key in objects.keys("work/") if "provider" in key] == []


def test_the_recording_is_read_for_the_voice_layer(job: Job, objects: ObjectStore, composition: Composition) -> None:
    voice = {0: VoiceNote(onset_s=0.0, offset_s=0.5, pitch_midi=[60.0])}
    sung = composition.model_copy(update={"voice": voice}).model_dump(mode="json")
    job.arguments |= {"composition_key": objects.write_json("work/sung.json", sung), "hum_key": "uploads/gone.wav"}
    with pytest.raises(NotFound):
        job.run("embedded")


def test_a_record_is_claimed_once(objects: ObjectStore, tmp_path: Path) -> None:
    store = ObjectSubmissions.of_job(objects, new_id(), "A")
    record = SubmissionRecord(provider="ace_step", fingerprint="f", idempotency_key="k", usd=0.0)
    assert store.read() is None
    assert store.claim(record)
    assert not store.claim(record.model_copy(update={"fingerprint": "other"}))
    assert store.read() == record
    sound = tmp_path / "sound"
    sound.write_bytes(b"sound")
    assert store.bring(store.keep(sound), tmp_path / "back").read_bytes() == b"sound"
