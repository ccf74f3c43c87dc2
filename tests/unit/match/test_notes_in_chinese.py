"""What matches say is known to the console in Chinese: each of its clauses, or the sentence stays English there."""

import re
from pathlib import Path

import pytest
from tests.fixtures.pairs import KINDS, Kind, make_pair

from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.pipeline import match_recordings
from soundstage.models.style import Amounts, Strength

CLAUSES = Path(__file__).parents[3] / "web/src/messages/zh-match.ts"
SECONDS = 8.0


def _clauses() -> list[re.Pattern[str]]:
    """The patterns of the console's file, which are Python's as well; the longer ones first, as they stand there."""
    written = re.findall(r"/(\^(?:\\.|[^/\n])+)/,", CLAUSES.read_text(encoding="utf-8"))
    return [re.compile(pattern) for pattern in written]


def _unknown(sentence: str) -> str:
    """What is left of it behind the clauses that are known."""
    rest, clauses = sentence, _clauses()
    while found := next((match for clause in clauses if (match := clause.match(rest))), None):
        rest = rest[found.end() :].removeprefix(" ")
    return rest


@pytest.mark.parametrize(
    ("kind", "strength"), [*((kind, "natural") for kind in KINDS), ("different_song", "imitate"), ("reverb", "imitate")]
)
def test_every_clause_is_known(kind: Kind, strength: Strength) -> None:
    pair = make_pair(kind, 3, seconds=SECONDS)
    named = Amounts.model_validate({"reverb": 0.5, "pitch": 1, "compressor": 0.5}) if strength == "imitate" else None
    match = match_recordings(
        [(MemoryReader(pair.reference), 1.0)],
        MemoryReader(pair.target),
        MemoryWriter(),
        strength=strength,
        amounts=named,
    )
    assert match.params.notes
    for note in match.params.notes:
        assert _unknown(note.sentence) == "", note.sentence


def test_what_is_not_known_is_found() -> None:
    assert _unknown("The tone is left as it is. Something new.") == "Something new."
