"""Sentences that viewers stumbled over: who stays in a room while a ship is told of, walks home, or loses a kite.

``asides.json`` holds two readings of each kind, the second written after the rules. Right before them, of the first
and of the second reading, and at once after them, of the second: told beside 8 of 28, 6 of 18, and 17; seen from
indoors 12 of 22, 8 of 14, and 13; homewards 14 of 34, 8 of 20, and 19; let go 19 of 26, 6 of 17, and 13; named once
26 of 34, 9 of 20, and 14.
"""

import json
from typing import Any

import pytest
from tests.unit.story.scoring import STORIES

from soundstage.models.story import Storyboard
from soundstage.story.words.places import INDOORS
from soundstage.story.writer import write_storyboard

KINDS: dict[str, list[dict[str, Any]]] = json.loads((STORIES / "asides.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_last_shot_shows_what_is_told(kind: str) -> None:
    found = [(truth["text"], _wrong(truth, write_storyboard(truth["text"]))) for truth in KINDS[kind]]
    wrong = [(text, what) for text, what in found if what]
    assert len(wrong) <= 0.1 * len(found), wrong


def _wrong(truth: dict[str, Any], board: Storyboard) -> str:
    shot = board.shots[-1]
    held = {thing for one in shot.cast for thing in one.holding}
    names = [name for one in board.characters for name in (one.name, *one.aliases)]
    checks = {
        "place": lambda said: shot.setting.place in said,
        "not_place": lambda said: shot.setting.place not in said,
        "held": lambda said: said in held,
        "not_held": lambda said: said not in held,
        "named": lambda said: any(said in name for name in names),
        "not_named": lambda said: not any(said in name for name in names),
        "outside": lambda said: shot.setting.place not in INDOORS or set(said).isdisjoint(shot.setting.things),
    }
    failed = [key for key, said in truth.items() if key != "text" and not checks[key](said)]
    return f"{failed}: {shot.setting.place}, {held}, {names}" if failed else ""
