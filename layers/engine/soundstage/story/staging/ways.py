"""On the way to a building, or home: it is seen from outside, and entered only after that."""

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
_WALKED = frozenset({"street", "road", "village", "city", "field", "forest", "mountain", "garden", "river", "shore"})
"""Where one walks home; whoever was at sea or in a market is on a road by then."""


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


_GOING = (
    "walk(?:ed|s|ing)?|ran|runs?|running|hurr(?:ied|ies|ying)|rode|rides?|riding|drove|drives?|driving|"
    "trudged|trotted|skipped|strolled|limped|marched|cycled|wandered|raced|rushed|danced|tramped|plodded|"
    "went|goes|go|going|set off|set out|started|headed|turned|followed|follows|"
    "carr(?:ied|ies|y)|pulled|dragged|pushed|led|leads|took|brought"
)
_HOMEWARD = re.compile(
    rf"\b(?:{_GOING})\b(?: (?!and\b|but\b|at\b|in\b)[\w'-]+){{0,6}} (?:home|homewards?)\b(?! town)|"
    r"\b(?:the|his|her|their|my|our) (?:long |short )?way (?:back )?home\b|"
    r"(?:走路?|跑|赶|开车|坐车|划船|骑[^，。]{0,5}|推[^，。]{0,5}|背[^，。]{0,6}|抱[^，。]{0,6}|牵[^，。]{0,6}|跟[^，。]{0,6}|"
    r"往|冒[^，。]{0,4}|赶着|急忙|一路[^，。]{0,6})(?:着|向)?回?家(?:里)?(?:走|跑|去|赶)?|回家的?路上|踏上了?回家"
)
_ALREADY_THERE = re.compile(
    r"\b(?:got|came|arrived|reached|was|were|been|at|stayed) (?:back )?home\b|"
    r"\bhome (?:and|,|to) (?:\w+ )?(?:sat|made|cooked|baked|ate|slept|lay|wrote|put|hung|told|bed)\b|"
    r"\b(?:in|into|to) bed\b|回到家|到了?家|家里|到家"
)


def way_home(read: Read, now: PlaceKind, outdoors: tuple[PlaceKind, str] | None) -> tuple[PlaceKind, str] | None:
    """'In the evening they walked home': a road, or where they were outside. None: it is no such way, or outside."""
    joint = "" if read.language == "zh" else " "
    text = joint.join(token.norm for token in read.tokens if not token.quoted)
    if now not in INDOORS or not _HOMEWARD.search(text) or _ALREADY_THERE.search(text):
        return None
    crossed = [s for s in place_senses(read) if s.strength > 0 and s.kind not in INDOORS and s.kind != "sky"]
    if crossed:
        return crossed[-1].kind, crossed[-1].name
    return outdoors if outdoors is not None and outdoors[0] in _WALKED else ("road", "")
