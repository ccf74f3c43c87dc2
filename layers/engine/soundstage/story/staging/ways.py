"""On the way to a building: it is seen from outside, and entered only after that."""

import re

from soundstage.models.story import PlaceKind
from soundstage.story.people.mentions import Read
from soundstage.story.staging.locatives import place_senses
from soundstage.story.words.landmarks import WORDS
from soundstage.story.words.places import INDOORS

_TOWARD = re.compile(r"\b(?:to|toward|towards)(?: (?:the|a|an|his|her|their|my|our))?(?: \w+){0,2} ?$")
_TOWARD_ZH = re.compile(r"(?:走向|跑向|奔向|往|朝|向)[^，。]{0,4}$")
_WAYS: dict[PlaceKind, PlaceKind] = {"home": "road", "classroom": "street", "workshop": "road"}
"""Where one is before one is in there; a street otherwise."""


def way_to(
    read: Read, now: PlaceKind, before: PlaceKind, outdoors: tuple[PlaceKind, str] | None
) -> tuple[PlaceKind, str] | None:
    """'Piet walked across the field to the mill': the field, with the mill for its name. None: it is no such way.

    ``now``: where the sentence ends up; ``before``: where the one before it was; ``outdoors``: where one was outside.
    """
    if now not in INDOORS or before in INDOORS:
        return None
    named = [m for m in read.of_kind("place") if m.value == now and m.text.lower() in WORDS and not m.quoted]
    moving = any(m.value in ("walking", "running") and not m.quoted for m in read.of_kind("stance"))
    if not named or not moving:
        return None
    text = read.sentence.text[: read.tokens[named[-1].first].start].lower()
    if not (_TOWARD if read.language == "en" else _TOWARD_ZH).search(text):
        return None
    name = named[-1].text if read.language == "zh" else named[-1].text.lower()
    crossed = [s for s in place_senses(read) if s.strength > 0 and s.kind not in INDOORS and s.kind != "sky"]
    if crossed:
        return crossed[-1].kind, name
    return (before if outdoors is not None and before == outdoors[0] else _WAYS.get(now, "street")), name
