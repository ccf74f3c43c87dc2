"""The voices that come with Soundstage: who they are, and who speaks for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from soundstage.models.errors import InvalidInput
from soundstage.models.story import LANGUAGE_NAMES, Character, Language, PartId

Age = Literal["child", "young", "adult", "old"]
Gender = Literal["female", "male"]


@dataclass(frozen=True)
class Voice:
    """``id`` names the voice's file; ``age`` is the impression that its pitch and timbre give."""

    id: str
    name: str
    language: Language
    accent: str
    gender: Gender
    age: Age
    raised: float = 1.0
    """How many times higher than the voice of its file, formants and all: as from a shorter vocal tract."""

    @property
    def file(self) -> str:
        """Name of the voice's file."""
        return self.id.removesuffix(CHILD)


CHILD = "_child"
"""Ends the ids of voices that are raised ones."""
VOICES = (
    Voice("bf_emma", "Emma", "en", "British", "female", "adult"),
    Voice("bm_george", "George", "en", "British", "male", "old"),
    Voice("af_heart", "Heart", "en", "American", "female", "young"),
    Voice("am_michael", "Michael", "en", "American", "male", "adult"),
    Voice("af_bella", "Bella", "en", "American", "female", "adult"),
    Voice("am_fenrir", "Fenrir", "en", "American", "male", "adult"),
    Voice("am_puck", "Puck", "en", "American", "male", "young"),
    Voice("bm_fable", "Fable", "en", "British", "male", "young"),
    Voice("bf_isabella", "Isabella", "en", "British", "female", "young"),
    # Medians of F0 rise from 202 to 239 Hz and from 193 to 222 Hz: measured, and chosen no higher than needed.
    Voice("bf_isabella_child", "Isabella as a girl", "en", "British", "female", "child", 1.18),
    Voice("af_bella_child", "Bella as a boy", "en", "American", "male", "child", 1.15),
    Voice("zf_xiaoxiao", "晓晓", "zh", "Mandarin", "female", "adult"),
    Voice("zm_yunxi", "云希", "zh", "Mandarin", "male", "young"),
    Voice("zf_xiaobei", "晓贝", "zh", "Mandarin", "female", "young"),
    Voice("zm_yunxia", "云夏", "zh", "Mandarin", "male", "child"),
    Voice("zm_yunjian", "云健", "zh", "Mandarin", "male", "old"),
    Voice("zf_xiaoyi", "晓伊", "zh", "Mandarin", "female", "child"),
)
NARRATORS: Mapping[Language, str] = {"en": "af_heart", "zh": "zf_xiaoxiao"}


def list_voices(language: Language | None = None) -> list[Voice]:
    """All voices, or those of a language."""
    return [voice for voice in VOICES if language in (None, voice.language)]


def voice_named(id_: str, language: Language) -> Voice:
    """The voice, if it speaks the language.

    Raises:
        InvalidInput: there is no such voice, or it speaks another language; the message names a fitting one.
    """
    fitting = NARRATORS[language]
    known = {voice.id: voice for voice in VOICES}
    if id_ not in known:
        names = ", ".join(voice.id for voice in list_voices(language))
        raise InvalidInput(f"There is no voice {id_}; those for {LANGUAGE_NAMES[language]} are {names}.")
    voice = known[id_]
    if voice.language != language:
        raise InvalidInput(
            f"The voice {id_} speaks {LANGUAGE_NAMES[voice.language]}, and the text is {LANGUAGE_NAMES[language]}: "
            f"choose one for {LANGUAGE_NAMES[language]}, such as {fitting}."
        )
    return voice


def cast_voices(
    characters: Sequence[Character], language: Language, narrator: str | None = None
) -> dict[PartId | None, str]:
    """A voice for the narrator (key None) and for each character, by gender and age, all different while they last.

    A character's own ``voice`` is taken if it speaks the language. The same characters are always cast alike.

    Raises:
        InvalidInput: the narrator's voice does not speak the language.
    """
    teller = voice_named(narrator or NARRATORS[language], language).id
    return cast_among(list_voices(language), characters, teller)


def cast_among(among: Sequence[Voice], characters: Sequence[Character], narrator: str) -> dict[PartId | None, str]:
    """As ``cast_voices``, from these voices. ``narrator`` is one of them."""
    voices = {voice.id: voice for voice in among}
    cast: dict[PartId | None, str] = {None: narrator}
    cast |= {character.id: character.voice for character in characters if character.voice in voices}
    for character in characters:
        if character.id not in cast:
            taken = list(cast.values())
            cast[character.id] = min(voices.values(), key=lambda voice: _misfit(voice, character, taken)).id
    return cast


def _misfit(voice: Voice, character: Character, taken: Sequence[str | None]) -> tuple[int, int, int]:
    """What speaks against a voice, weightiest first: its gender, that it is taken, its age."""
    ages = ("child", "young", "adult", "old")
    gender = int(character.gender not in ("unknown", voice.gender))
    age = abs(ages.index(voice.age) - ages.index(character.age))
    # A child's voice is a woman's or a boy's rather than a man's.
    if character.age == "child" and voice.gender == "male" and voice.age != "child":
        gender += 1
    if voice.raised > 1 and character.age != "child":
        gender += 1
    return gender, taken.count(voice.id), age
