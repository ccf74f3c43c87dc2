"""A language model reads a prompt: over the real wire, with answers that models really give."""

import json
from typing import Any

import pytest
from pydantic import SecretStr
from tests.fixtures.analyses import analysis_of
from tests.fixtures.provider_servers import KEY, Fault, Server
from tests.fixtures.tunes import TUNES

from soundstage.models.errors import NotFound
from soundstage.models.music import Direction, GenParams, Key, Mode
from soundstage.models.providers import LanguageModelTerms
from soundstage.music.composing.prompt import read_prompt
from soundstage.providers.http import Times
from soundstage.providers.text.chat_completions import ChatCompletions, repaired
from soundstage.providers.text.music_direction import DirectionAnswer, read_once, read_with_model

CHAT = "/v1/chat/completions"
PROMPTED = GenParams(prompt="quelque chose de rêveur pour ma fille, slow, with harp and viola, like rock")
ANALYSIS = analysis_of(TUNES[1], quarters_per_minute=112.0)
ANSWER = {"style_a": "dreambox", "mood": "dreamy", "tempo_bpm": 70, "key": None}
READ = Direction(
    read_by="language_model",
    style_a="dreambox",
    mood="dreamy",
    tempo_bpm=70.0,
    featuring=["harp", "violin"],
    nearest={"viola": "violin"},  # rock's is funk, which was not chosen
)


@pytest.fixture
def model(server: Server, times: Times) -> ChatCompletions:
    terms = LanguageModelTerms(url=f"{server.url}/v1/", model="small", patience_s=times.read)
    return ChatCompletions(terms, SecretStr(KEY))


def read(model: ChatCompletions) -> Direction:
    return read_with_model(model, PROMPTED, ANALYSIS, idempotency_key="job-direction")


def test_it_is_asked_for_json_about_the_prompt_and_never_hears_the_hum(server: Server, model: ChatCompletions) -> None:
    server.says = [json.dumps(ANSWER)]
    assert read(model) == READ

    (asked,) = server.asked(CHAT)
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["idempotency-key"] == "job-direction-1"
    assert asked.json["model"] == "small"
    assert asked.json["response_format"] == {"type": "json_object"}
    system, user = asked.json["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    given = json.loads(user["content"])
    assert given["prompt"] == PROMPTED.prompt
    assert set(given["hummed"]) == {"key", "tempo_bpm", "meter"}
    assert "dreambox" in given["styles"]
    assert PROMPTED.prompt not in system["content"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('Sure! ```json\n{"style_a": "dreambox",}\n``` Enjoy.', {"style_a": "dreambox"}),
        ('{"style_a": "Dream Box", "mood": " Dreamy ", "why": "soft"}', {"style_a": "dreambox", "mood": "dreamy"}),
        ('{"style_a": "polka", "mood": "calm"}', {"mood": "calm"}),
        ('{"mood": "sleepy", "tempo_bpm": "72", "key": "Eb minor"}', {"tempo_bpm": 72.0, "key": ("D#", "minor")}),
        ('{"tempo_bpm": 9000, "duration_s": 1, "key": {"tonic": "f♯", "mode": "Major"}}',
         {"tempo_bpm": 240.0, "duration_s": 15.0, "key": ("F#", "major")}),
        ("{}", {}),
    ],
)  # fmt: skip
def test_what_it_means_is_taken_and_what_makes_no_sense_is_left_out(said: str, kept: dict[str, Any]) -> None:
    if "key" in kept:
        kept["key"] = Key(tonic=kept["key"][0], mode=Mode(kept["key"][1]))
    assert repaired(said, DirectionAnswer).model_dump(exclude_none=True) == DirectionAnswer(**kept).model_dump(
        exclude_none=True
    )


@pytest.mark.parametrize("said", ["", "I cannot do that.", "[1, 2]", '{"style_a": "polka"}', "{" * 100_000 + "}"])
def test_what_makes_no_sense_at_all_is_asked_for_once_more(server: Server, model: ChatCompletions, said: str) -> None:
    server.says = [said, json.dumps(ANSWER)]
    assert read(model) == READ

    first, second = server.asked(CHAT)
    assert second.headers["idempotency-key"] == "job-direction-2"
    assert [message["role"] for message in second.json["messages"][2:]] == ["assistant", "user"]
    assert second.json["messages"][:2] == first.json["messages"]

    server.says = [said, said]
    fallen_back = read(model)
    assert fallen_back.read_by == "rules"
    assert "PROVIDER_RESULT" in (fallen_back.note or "")


@pytest.mark.parametrize("fault", [401, 429, 500, "garbage_json", "hang", "hang_up", "huge", "redirect", "slow_drip"])
def test_where_it_fails_the_rules_read_and_say_so(server: Server, model: ChatCompletions, fault: int | Fault) -> None:
    server.faults[CHAT] = [fault]
    direction = read(model)
    assert direction.note is not None
    assert KEY not in direction.note
    assert direction.model_copy(update={"note": None}) == read_prompt(PROMPTED.prompt or "")
    assert len(server.asked(CHAT)) == 1


@pytest.mark.parametrize("content", [None, 7])
def test_an_answer_without_words_is_a_failure(server: Server, model: ChatCompletions, content: Any) -> None:
    server.says = [content]
    assert read(model).read_by == "rules"


class _Notes:
    """An object store that somebody else may have written to in between."""

    def __init__(self, meanwhile: dict[str, Any] | None = None) -> None:
        self.kept: dict[str, Any] = {}
        self._meanwhile = meanwhile

    def read_json(self, key: str) -> Any:
        if key not in self.kept:
            raise NotFound("There is no such object.")
        return self.kept[key]

    def create_json(self, key: str, value: Any) -> bool:
        if self._meanwhile is not None:
            self.kept[key], self._meanwhile = self._meanwhile, None
            return False
        return self.kept.setdefault(key, value) is value


def test_a_step_that_runs_twice_reads_the_prompt_once(server: Server, model: ChatCompletions) -> None:
    server.says = [json.dumps(ANSWER)]
    notes = _Notes()
    assert read_once(PROMPTED, ANALYSIS, model, notes, "j") == read_once(PROMPTED, ANALYSIS, model, notes, "j") == READ
    assert list(notes.kept) == ["work/j/direction.json"]


def test_of_two_that_read_at_once_the_first_counts(server: Server, model: ChatCompletions) -> None:
    server.says = [json.dumps(ANSWER)]
    other = Direction(read_by="language_model", style_a="funk")
    assert read_once(PROMPTED, ANALYSIS, model, _Notes(other.model_dump(mode="json")), "j") == other
