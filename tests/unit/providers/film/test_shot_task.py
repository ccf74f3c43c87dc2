"""The worker's task with model profiles: sealed keys opened, each thing paid for once, whichever worker comes."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import boto3
import pytest
from moto import mock_aws
from pydantic import SecretStr
from tests.fixtures.film import storyboard
from tests.fixtures.film_servers import openai_routes
from tests.fixtures.provider_servers import KEY, Server, serving
from tests.fixtures.tasks_of_the_image import TaskContext, task_named

from soundstage.models.film import FilmSettings
from soundstage.models.ids import Id, new_id
from soundstage.models.profiles import OpenAiImages, OpenAiSpeech, ProfileKind, ProfileVoice, SealedProfile
from soundstage.models.projects import ShotArtefacts, ShotOrder
from soundstage.platform import profile_keys
from soundstage.platform.aws import clients, table
from soundstage.platform.aws.budget import ProjectBudget
from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.envelope import LocalMasterKey, seal

NAME = "soundstage-test"
MASTER = "m" * 40


@pytest.fixture
def objects(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    for name in [name for name in os.environ if name.startswith(("AWS_", "SOUNDSTAGE_"))]:
        monkeypatch.delenv(name)
    told = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (told | {"SOUNDSTAGE_TABLE": NAME, "SOUNDSTAGE_PROFILE_SECRET": NAME}).items():
        monkeypatch.setenv(name, value)
    makers = (clients.s3, clients.dynamodb, clients.secretsmanager, profile_keys._local)
    for kept in makers:
        kept.cache_clear()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket=NAME)
        boto3.client("dynamodb").create_table(**table.table_definition(NAME))
        boto3.client("secretsmanager").create_secret(Name=NAME, SecretString=json.dumps({"current": MASTER}))
        yield ObjectStore(NAME)
    for kept in makers:
        kept.cache_clear()


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return task_named("shot_make", monkeypatch)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.routes = openai_routes()
        yield running


def order_for(server: Server, owner: Id, *, key: str = KEY, owner_of_key: Id | None = None) -> ShotOrder:
    """Of the first shot of a story."""
    voices = [ProfileVoice(id="anna", gender="female")]
    url = f"{server.url}/v1"
    terms = (
        OpenAiImages(protocol="openai_images", url=url, model="painter-1", price_usd=0.1),
        OpenAiSpeech(protocol="openai_speech", url=url, model="cosy", price_usd=1.0, voices=voices),
    )
    profiles: dict[ProfileKind, SealedProfile] = {}
    for one in terms:
        profile = SealedProfile(profile_id=new_id(), owner_id=owner_of_key or owner, name="x", terms=one)
        sealed = seal(SecretStr(key), LocalMasterKey(SecretStr(MASTER)), profile.bound_to)
        profiles[profile.kind] = profile.model_copy(update={"sealed": sealed, "owner_id": owner})
    named = {kind: profile.profile_id for kind, profile in profiles.items()}
    return ShotOrder(
        storyboard=storyboard(),
        settings=FilmSettings(quality="preview", providers=named, max_usd=0.5),
        shot="s1",
        picture_made_from="p",
        speech_made_from="s",
        project_id=new_id(),
        profiles=profiles,
    )


def run(task: ModuleType, order: ShotOrder, context: TaskContext) -> ShotArtefacts:
    key = context.objects.write_json(f"work/{context.job_id}/shot.json", order.model_dump(mode="json"))
    context.scratch.mkdir(parents=True)
    return ShotArtefacts.model_validate(task.run({"order_key": key}, context))


def test_a_shot_by_profiles_is_paid_for_once(
    task: ModuleType, objects: ObjectStore, server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    owner = new_id()
    order = order_for(server, owner)
    made = run(task, order, TaskContext(owner, objects, tmp_path / "1", new_id()))
    assert made.speech is not None
    assert (made.picture.provider, made.speech.provider) == ("openai_images painter-1", "openai_speech cosy")
    assert made.picture.usd == pytest.approx(0.1)
    assert made.speech.usd == pytest.approx(0.041)
    assert order.project_id is not None
    assert ProjectBudget(NAME, order.project_id, 1.0).spent_usd() == pytest.approx(0.141)
    # Parts were lost, say: another job finds what was bought.
    for found in boto3.client("s3").list_objects_v2(Bucket=NAME, Prefix="film/parts/")["Contents"]:
        boto3.client("s3").delete_object(Bucket=NAME, Key=found["Key"])
    asked = len(server.seen)
    again = run(task, order, TaskContext(owner, objects, tmp_path / "2", new_id()))
    assert (len(server.seen), again.picture.fingerprint) == (asked, made.picture.fingerprint)
    kept = boto3.client("s3").list_objects_v2(Bucket=NAME)["Contents"]
    texts = [objects.read_json(found["Key"]) for found in kept if found["Key"].endswith(".json")]
    assert texts
    assert KEY not in json.dumps(texts)
    assert KEY not in caplog.text


def test_a_key_that_was_sealed_for_another_opens_nothing(
    task: ModuleType, objects: ObjectStore, server: Server, tmp_path: Path
) -> None:
    owner = new_id()
    order = order_for(server, owner, owner_of_key=new_id())
    order.profiles.pop("speech")
    order.settings.providers.pop("speech")
    order = order.model_copy(update={"shot": "s4"})  # nothing is said
    made = run(task, order, TaskContext(owner, objects, tmp_path / "1", new_id()))
    assert made.picture.provider == "embedded"
    assert "PROVIDER_UNSUPPORTED" in made.picture.notes[0]
    assert server.seen == []
