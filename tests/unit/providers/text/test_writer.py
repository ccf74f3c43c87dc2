"""Who writes a storyboard: as the project's settings say, and where no model is, the embedded writer, who says so."""

import json

import pytest
from pydantic import SecretStr
from tests.fixtures.provider_servers import KEY, Server

from soundstage.models.film import FilmSettings
from soundstage.models.projects import StoryOrder
from soundstage.models.providers import LanguageModelTerms
from soundstage.models.story import WorldEntry
from soundstage.providers.text.chat_completions import ChatCompletions
from soundstage.providers.text.writer import WITHOUT_MODEL, writer_for

CHAT = "/v1/chat/completions"
STORY = "Mara lit the lamp. A ship turned home."
SHOTS = [{"narration": one, "prompt": "A lamp."} for one in ("Mara lit the lamp.", "A ship turned home.")]


@pytest.fixture
def model(server: Server) -> ChatCompletions:
    server.says = [json.dumps({"title": "Lamps", "shots": SHOTS})]
    return ChatCompletions(LanguageModelTerms(url=f"{server.url}/v1/", model="small", patience_s=2.0), SecretStr(KEY))


def order(**settings: object) -> StoryOrder:
    magic = WorldEntry(id="w1", type="magic", title="The lamp", content="It burns without oil.")
    return StoryOrder(title="Untitled", story=STORY, settings=FilmSettings.model_validate(settings), world=[magic])


def test_a_model_that_is_set_up_writes_and_knows_what_the_author_asks(server: Server, model: ChatCompletions) -> None:
    wanted = order(system_prompts={"text": "Tell it like a fairy tale."})
    board = writer_for(wanted.settings, model).write(wanted, idempotency_key="job-1-story")
    assert (board.writer, len(board.shots), board.title) == ("language_model", 2, "Lamps")
    (asked,) = server.asked(CHAT)
    system, story = (message["content"] for message in asked.json["messages"])
    assert "Tell it like a fairy tale." in system
    assert "The lamp: It burns without oil." in system
    assert story == STORY
    assert asked.headers["idempotency-key"] == "job-1-story-1"


@pytest.mark.parametrize(
    "settings", [{"providers": {"text": "embedded"}}, {}, {"providers": {"text": "language_model"}}]
)
def test_rules_write_where_they_are_asked_to_or_no_model_is_there(
    server: Server, model: ChatCompletions, settings: dict[str, object]
) -> None:
    wanted = order(**settings)
    named = wanted.settings.providers.get("text")
    board = writer_for(wanted.settings, model if named == "embedded" else None).write(wanted, idempotency_key="job-1")
    assert board.writer == "embedded"
    assert (WITHOUT_MODEL["en"] in board.notes) == (named == "language_model")
    assert not server.asked(CHAT)


def test_a_model_that_does_not_answer_leaves_it_to_the_rules(server: Server, model: ChatCompletions) -> None:
    server.faults[CHAT] = [503, 503, 503, 503]
    wanted = order()
    board = writer_for(wanted.settings, model).write(wanted, idempotency_key="job-1")
    assert board.writer == "embedded"
    assert "could not write it" in board.notes[-1]
