"""A language model writes a storyboard over the real wire; its broken answers are mended, asked again, or replaced."""

import json
from typing import Any

import pytest
from pydantic import SecretStr
from tests.fixtures.provider_servers import KEY, Server

from soundstage.models.errors import StoryEmpty
from soundstage.models.providers import LanguageModelTerms
from soundstage.models.story import Storyboard
from soundstage.providers.text.chat_completions import ChatCompletions
from soundstage.providers.text.storyboard import write_with_model
from soundstage.story.writer import write_storyboard

CHAT = "/v1/chat/completions"
SENTENCES = [f"Mara lit lamp number {k}." for k in range(1, 9)]
STORY = " ".join(SENTENCES)


@pytest.fixture
def model(server: Server) -> ChatCompletions:
    terms = LanguageModelTerms(url=f"{server.url}/v1/", model="small", patience_s=20.0)
    return ChatCompletions(terms, SecretStr(KEY))


def answer() -> dict[str, Any]:
    shots = [{"narration": one, "prompt": "A lamp.", "cast": [{"character": "Mara"}]} for one in SENTENCES]
    return {"title": "Lamps", "characters": [{"name": "Mara", "identity": "Mara: a girl in red"}], "shots": shots}


def written(model: ChatCompletions, story: str = STORY) -> Storyboard:
    return write_with_model(model, story, idempotency_key="job-story")


def test_a_sound_answer_is_taken_and_everybody_is_described_in_every_picture(
    server: Server, model: ChatCompletions
) -> None:
    server.says = [json.dumps(answer())]
    board = written(model)
    assert board.writer == "language_model"
    assert [shot.narration for shot in board.shots] == SENTENCES
    assert all("Mara: a girl in red" in shot.prompt for shot in board.shots)
    (asked,) = server.asked(CHAT)
    assert asked.headers["idempotency-key"] == "job-story-1"
    assert STORY not in asked.json["messages"][0]["content"]
    assert asked.json["messages"][1]["content"] == STORY


@pytest.mark.parametrize(
    "broken",
    [
        f"Sure!\n```json\n{json.dumps(answer())}\n```",
        json.dumps(answer()).replace("}]", "},]"),
        json.dumps({"items": answer()["shots"]}),
        json.dumps(answer()).replace('"', "'"),
        json.dumps(answer()).replace('": ', '"：').replace(", ", "，"),
    ],
    ids=["fence", "comma", "items", "single", "full-width"],
)
def test_what_can_be_mended_is_not_asked_again(server: Server, model: ChatCompletions, broken: str) -> None:
    server.says = [broken]
    board = written(model)
    assert [shot.narration for shot in board.shots] == SENTENCES
    assert len(server.asked(CHAT)) == 1


def test_an_answer_that_loses_words_is_asked_for_again_with_the_reason(server: Server, model: ChatCompletions) -> None:
    text = json.dumps(answer())
    server.says = [text[: text.index("number 7")], text]
    board = written(model)
    assert board.writer == "language_model"
    first, second = server.asked(CHAT)
    assert second.headers["idempotency-key"] == "job-story-2"
    assert "Mara lit lamp number 7" in second.json["messages"][-1]["content"]
    assert first.json["messages"] == second.json["messages"][:2]


def test_after_two_wrong_answers_the_embedded_writer_writes_and_says_so(server: Server, model: ChatCompletions) -> None:
    server.says = ["I would rather not.", "{}"]
    board = written(model)
    assert (board.writer, board.shots) == ("embedded", write_storyboard(STORY).shots)
    assert any("embedded writer" in note for note in board.notes)


def test_nothing_is_asked_about_an_empty_story(server: Server, model: ChatCompletions) -> None:
    with pytest.raises(StoryEmpty):
        written(model, " ")
    assert server.asked(CHAT) == []
