"""Who speaks for whom."""

import pytest

from soundstage.models.errors import InvalidInput
from soundstage.models.story import Character, Language
from soundstage.speech.voices import NARRATORS, VOICES, cast_voices, list_voices, voice_named

FAMILY = [
    Character(id="c1", name="Mara", gender="female", age="child"),
    Character(id="c2", name="Thomas", gender="male", age="old"),
    Character(id="c3", name="Ann", gender="female", age="adult"),
    Character(id="c4", name="Fox", kind="animal"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_there_are_at_least_four_voices_of_both_genders(language: Language) -> None:
    voices = list_voices(language)
    assert len(voices) >= 4
    assert {voice.gender for voice in voices} == {"female", "male"}
    assert NARRATORS[language] in {voice.id for voice in voices}
    assert len({voice.id for voice in VOICES}) == len(VOICES) == len(list_voices())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everybody_has_a_voice_of_their_own_that_fits(language: Language) -> None:
    cast = cast_voices(FAMILY, language)
    known = {voice.id: voice for voice in VOICES}
    assert list(cast) == [None, "c1", "c2", "c3", "c4"]
    assert len(set(cast.values())) == 5
    assert {known[voice].language for voice in cast.values()} == {language}
    assert [known[cast[id_]].gender for id_ in ("c1", "c2", "c3")] == ["female", "male", "female"]
    assert known[cast["c2"]].age == "old"
    assert cast == cast_voices(FAMILY, language)


def test_children_have_childrens_voices_and_nobody_else_has() -> None:
    people = [
        Character(id="c1", name="Mia", gender="female", age="child"),
        Character(id="c2", name="Ben", gender="male", age="child"),
        *(Character(id=f"c{n}", name=f"N{n}", gender="female", age="adult") for n in range(3, 12)),
    ]
    cast = cast_voices(people, "en")
    known = {voice.id: voice for voice in VOICES}
    assert {known[cast[id_]].age for id_ in ("c1", "c2")} == {"child"}
    assert cast["c1"] != cast["c2"]
    assert all(known[cast[person.id]].raised == 1 for person in people[2:])


def test_a_chosen_voice_is_kept_if_it_speaks_the_language() -> None:
    chosen = [FAMILY[0].model_copy(update={"voice": "am_puck"}), FAMILY[2].model_copy(update={"voice": "zf_xiaoyi"})]
    cast = cast_voices(chosen, "en", "bm_george")
    assert (cast[None], cast["c1"]) == ("bm_george", "am_puck")
    assert voice_named(cast["c3"], "en").gender == "female"


def test_more_people_than_voices_share_them_evenly() -> None:
    women = [Character(id=f"c{i}", name=f"N{i}", gender="female") for i in range(20)]
    cast = cast_voices(women, "zh")
    counts = [list(cast.values()).count(voice.id) for voice in list_voices("zh") if voice.gender == "female"]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("narrator", ["af_heart", "nobody"])
def test_a_narrator_who_cannot_tell_it_is_refused(narrator: str) -> None:
    with pytest.raises(InvalidInput, match="zf_xiaoxiao"):
        cast_voices([], "zh", narrator)
