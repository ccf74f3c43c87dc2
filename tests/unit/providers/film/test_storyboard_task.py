"""The worker writes a storyboard with the model of its owner's profile, or by rules where there is none."""

import json
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from pydantic import SecretStr
from tests.fixtures.provider_servers import KEY, serving
from tests.fixtures.tasks_of_the_image import task_named

from soundstage.models.film import FilmSettings
from soundstage.models.ids import new_id
from soundstage.models.profiles import OpenAiChat, ProfileKind, SealedProfile
from soundstage.models.projects import StoryOrder
from soundstage.models.story import Storyboard
from soundstage.platform import profile_keys
from soundstage.platform.aws import clients
from soundstage.platform.envelope import LocalMasterKey, seal

STORY = "Mia climbs the lighthouse at dusk. The lamp is dark."
ANSWER = """{"title": "The lamp", "characters": [{"name": "Mia", "kind": "person"}], "shots": [
{"narration": "Mia climbs the lighthouse at dusk.", "prompt": "A lighthouse", "cast": [{"character": "Mia"}]},
{"narration": "The lamp is dark.", "prompt": "A dark lamp"}]}"""


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return task_named("storyboard_write", monkeypatch)


def written(task: ModuleType, profiles: dict[ProfileKind, SealedProfile]) -> Storyboard:
    order = StoryOrder(title="Untitled", story=STORY, settings=FilmSettings(), profiles=profiles)
    kept: dict[str, Any] = {"order": order.model_dump(mode="json")}

    def write(key: str, value: Any) -> str:
        kept[key] = value
        return key

    objects = SimpleNamespace(read_json=kept.__getitem__, write_json=write)
    context = SimpleNamespace(objects=objects, attempt=1, job_id=new_id(), result_key=lambda name: name)
    key = task.run({"order_key": "order"}, context)["storyboard_key"]
    return Storyboard.model_validate(kept[key])


@pytest.mark.parametrize(("key", "writer"), [(KEY, "language_model"), ("wrong", "embedded")])
def test_a_profiles_model_writes_and_where_it_refuses_rules_do(
    task: ModuleType, monkeypatch: pytest.MonkeyPatch, key: str, writer: str
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("SOUNDSTAGE_PROFILE_SECRET", "profiles")
    for kept in (clients.secretsmanager, profile_keys._local):
        kept.cache_clear()
    with mock_aws(), serving() as server:
        boto3.client("secretsmanager").create_secret(Name="profiles", SecretString=json.dumps({"current": "m" * 40}))
        server.says = [ANSWER]
        terms = OpenAiChat(protocol="openai_chat", url=f"{server.url}/v1", model="small")
        profile = SealedProfile(profile_id=new_id(), owner_id=new_id(), name="x", terms=terms)
        sealed = seal(SecretStr(key), LocalMasterKey(SecretStr("m" * 40)), profile.bound_to)
        board = written(task, {"text": profile.model_copy(update={"sealed": sealed})})
        assert server.seen[0].json["model"] == "small"
    for kept in (clients.secretsmanager, profile_keys._local):
        kept.cache_clear()
    assert board.writer == writer
    assert [shot.narration for shot in board.shots] == ["Mia climbs the lighthouse at dusk.", "The lamp is dark."]
    assert bool(board.notes and "PROVIDER_REFUSED" in board.notes[-1]) == (writer == "embedded")


def test_rules_write_where_there_is_no_profile(task: ModuleType) -> None:
    assert written(task, {}).writer == "embedded"
