"""Continuity: what a person or a language model can get wrong is found and told."""

import pytest

from soundstage.models.story import (
    CausalChain,
    CausalLink,
    Character,
    DialogueLine,
    Presence,
    Setting,
    Shot,
    Storyboard,
)
from soundstage.story.continuity import check

MARA = Character(id="c1", name="Mara", identity="Mara: a girl with a red scarf")
TOM = Character(id="c2", name="Tom", identity="Tom: a boy with a hat")
TOM.appearance.accent_colour = "#2f6fb8"


def board(
    *shots: Shot, characters: tuple[Character, ...] = (MARA, TOM), chain: CausalChain | None = None
) -> Storyboard:
    return Storyboard(
        title="A test", language="en", characters=list(characters), shots=list(shots), chain=chain or CausalChain()
    )


def shot(id_: str, *cast: Presence, **values: object) -> Shot:
    told = {"c1": MARA.identity, "c2": TOM.identity}
    prompt = " ".join(["A field.", *(told.get(who.character, "") for who in cast)])
    return Shot.model_validate(
        {"id": id_, "prompt": prompt, "narration": "Words.", "cast": [w.model_dump() for w in cast], **values}
    )


def codes(storyboard: Storyboard, story: str | None = None) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.shot) for finding in check(storyboard, story)]


def test_a_sound_storyboard_has_no_findings() -> None:
    lamp = Presence(character="c1", holding=["lantern"])
    first = shot("s1", lamp, narration="Mara took a lantern.")
    assert codes(board(first, shot("s2", lamp))) == []


MARA_RIGHT, MARA_LEFT = Presence(character="c1", facing="right"), Presence(character="c1", facing="left")
TALK = [DialogueLine(speaker="c1", text="Hi."), DialogueLine(speaker="c2", text="Ho.")]
CASES = [
    ("UNKNOWN_CHARACTER", board(shot("s1", Presence(character="c9")))),
    ("UNKNOWN_PLACE", board(shot("s1", setting=Setting(place_id="w7").model_dump()))),
    ("UNKNOWN_SHOT", board(shot("s1"), chain=CausalChain(links=[CausalLink(cause="s1", effect="s8")]))),
    ("MISORDERED", board(shot("s1"), shot("s2"), chain=CausalChain(links=[CausalLink(cause="s2", effect="s1")]))),
    ("DUPLICATE_ID", board(shot("s1"), shot("s1"))),
    ("TWICE_IN_SHOT", board(shot("s1", MARA_RIGHT, MARA_LEFT))),
    ("EMPTY_PROMPT", board(shot("s1", prompt=" "))),
    ("EMPTY_SHOT", board(shot("s1", prompt="", narration=""))),
    ("NOT_IN_CAST", board(shot("s1", prompt="Mara runs."))),
    ("NO_IDENTITY", board(shot("s1", MARA_RIGHT, prompt="Somebody runs."))),
    ("NEVER_TAKEN", board(shot("s1", Presence(character="c1", holding=["an old sword"])))),
    (
        "HELD_TWICE",
        board(shot("s1", *(Presence(character=c, holding=["lamp"]) for c in ("c1", "c2")), narration="A lamp.")),
    ),
    ("FACING_FLIP", board(shot("s1", MARA_RIGHT), shot("s2", MARA_LEFT))),
    ("SAME_SIDE", board(shot("s1", MARA_RIGHT, Presence(character="c2"), narration="Hi. Ho.", lines=TALK))),
    ("DEAD_ACTS", board(shot("s1", MARA_RIGHT, narration="That day Mara died."), shot("s2", MARA_RIGHT))),
    (
        "NO_WAY",
        board(shot("s1", MARA_RIGHT), shot("s2", MARA_RIGHT, setting=Setting(place="space").model_dump())),
    ),
    (
        "ACCENTS_ALIKE",
        board(shot("s1"), characters=(MARA, Character(id="c2", name="Tom", appearance=MARA.appearance))),
    ),
    ("LINES_DIFFER", board(shot("s1", lines=[DialogueLine(text="Other words.")]))),
]


@pytest.mark.parametrize(("code", "storyboard"), CASES, ids=[code for code, _ in CASES])
def test_each_fault_is_found_and_is_the_only_one(code: str, storyboard: Storyboard) -> None:
    findings = check(storyboard)
    assert [finding.code for finding in findings] == [code]
    assert "{" not in findings[0].sentence
    chinese = check(storyboard.model_copy(update={"language": "zh"}))
    assert [finding.code for finding in chinese] == [code]
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese[0].sentence)


def test_a_turn_while_walking_is_no_flip() -> None:
    walking = Presence(character="c1", facing="left", stance="walking")
    assert codes(board(shot("s1", MARA_RIGHT), shot("s2", walking))) == []


def test_a_sentence_that_no_shot_tells_is_found() -> None:
    one = shot("s1", narration="Mara ran.")
    assert codes(board(one), "Mara ran. Tom stayed.") == [("WORDS_LOST", None)]
    assert codes(board(one), "Mara ran.") == []
