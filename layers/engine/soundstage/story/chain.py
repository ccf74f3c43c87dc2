"""The causal chain: four phases 起承转合, what brings what about, who knows what, and what does not follow."""

import re
from collections.abc import Mapping, Sequence

from soundstage.models.story import Beat, CausalChain, CausalLink, Character, Knowledge, Language, Mood, PartId, Shot
from soundstage.story.reading.lexicon import table
from soundstage.story.staging.containment import within_a_walk

LONGEST_REASON = 160
"""Characters of the story's own words that a link quotes."""
PHASES = ("opening", "development", "turn", "conclusion")
_KIN = re.compile(
    r"\b(?:mother|father|mum|mom|dad|grand\w+|brother|sister|son|daughter|wife|husband|aunt|uncle|cousin|neighbou?r)\b|"
    r"[妈爸爹娘爷奶婆公姐妹哥弟妻丈叔姨伯婶舅姑]|儿子|女儿|邻居"
)
_NAMES = {
    "en": dict(zip(PHASES, ("How it begins", "What comes of it", "The turn", "How it ends"), strict=True)),
    "zh": dict(zip(PHASES, ("起", "承", "转", "合"), strict=True)),
}
_TENSION: dict[Mood, int] = {
    "calm": 2, "joyful": 3, "tender": 3, "sad": 6, "lonely": 5, "eerie": 7, "tense": 8, "triumphant": 7,
}  # fmt: skip
_THEREFORE = re.compile(
    r"^(?:so|therefore|that is why|because of this|at this|at once)\b|\bso (?:that|he|she|they|i|we)\b|"
    r"于是|所以|因此|结果|这样一来|从此|就这样",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\b(?:because|since|for fear that|in order to)\b|因为|由于|为了")
_CONFLICT = re.compile(
    r"\b(?:but|however|suddenly|lost|broken?|afraid|storm|never|no longer|could not|trapped|gone|"
    r"danger|stolen|took away)\b|"
    r"可是|但是|忽然|突然|却|不见了|丢了|没想到|不料|害怕|坏了|灭了|困住|危险|偷走",
    re.IGNORECASE,
)
_STAKES = re.compile(
    r"\b(?:if|otherwise|or else|would die|will die|too late|must|had to)\b|"
    r"如果|要是|否则|不然|再不|必须|一定要|会死",
    re.IGNORECASE,
)
_LEARNED = re.compile(
    r"\b(?:learned|learnt|discovered|realised|realized|found out|understood|knew|noticed|heard that|saw that)\b"
    r"(?: that)? ?(?P<en>[^.!?,;]{8,160})|"
    r"(?:发现|明白|知道|得知|听说|才知道|意识到|想起)了?，?(?P<zh>[^。！？；]{3,80})"
)


def chain_of(shots: Sequence[Shot], characters: Sequence[Character], language: Language) -> CausalChain:
    """Of a storyboard's shots. Reasons, conflict and stakes are sentences of the story itself."""
    beats = beats_of(shots, language)
    turn = next((shot for beat in beats if beat.phase == "turn" for shot in beat.shots), shots[-1].id)
    by_id = {shot.id: shot for shot in shots}
    conflict = _most(shots[: max(1, round(0.7 * len(shots)))], _CONFLICT) or _sentence(by_id[turn].narration)
    names = {character.id: character for character in characters}
    return CausalChain(
        conflict=conflict[:400],
        stakes=_first(shots, _STAKES, other=conflict)[:400],
        first_mover=_first_mover(shots, names),
        beats=beats,
        links=links_of(shots, language),
        knowledge=_knowledge(shots, names),
        gaps=gaps_of(shots, names, language),
    )


def beats_of(shots: Sequence[Shot], language: Language) -> list[Beat]:
    """The turn is the tensest moment of the second half; what is after it concludes."""
    count = len(shots)
    names = _NAMES[language]
    if count < 4:
        phases = (("turn",), ("opening", "conclusion"), ("opening", "turn", "conclusion"))[count - 1]
        return [_beat(phase, names[phase], shots[k : k + 1]) for k, phase in enumerate(phases)]
    tension = [_TENSION[shot.setting.mood] for shot in shots]
    low, high = max(2, count // 2), max(count // 2 + 1, (9 * count) // 10)
    turn = min(max(range(low, high), key=lambda k: (tension[k], -abs(k - 0.7 * count)), default=low), count - 2)
    opening = max(1, min(round(0.22 * count), turn - 1))
    end = min(count - 1, turn + max(1, round(0.12 * count)))
    bounds = (0, opening, turn, end, count)
    return [_beat(p, names[p], shots[a:b]) for p, a, b in zip(PHASES, bounds[:-1], bounds[1:], strict=True) if b > a]


def _beat(phase: str, name: str, shots: Sequence[Shot]) -> Beat:
    tension = [_TENSION[shot.setting.mood] for shot in shots]
    tensest = shots[tension.index(max(tension))]
    values = {
        "phase": phase,
        "name": name,
        "shots": [shot.id for shot in shots],
        "escalation": max(tension),
        "emotional_tone": tensest.setting.mood,
    }
    return Beat.model_validate(values)


def links_of(shots: Sequence[Shot], language: Language) -> list[CausalLink]:
    """Each shot's cause: the latest one before it with which it shares most of its people and things.

    ``because`` is the cause's own sentence, or the effect's clause after 'because'.
    """
    links = []
    for k in range(1, len(shots)):
        now = shots[k]
        cause = max(range(max(0, k - 4), k), key=lambda j: (_shared(shots[j], now, k - j), j))
        if _shared(shots[cause], now, k - cause) < 1 and not _THEREFORE.search(now.narration):
            continue
        if _THEREFORE.search(now.narration):
            cause = k - 1
        links.append(CausalLink(cause=shots[cause].id, effect=now.id, because=_reason(shots[cause], now, language)))
    return links


def _shared(cause: Shot, effect: Shot, apart: int) -> float:
    people = {who.character for who in cause.cast} & {who.character for who in effect.cast}
    things = set(cause.setting.things) & set(effect.setting.things)
    told = bool(cause.lines) and bool(effect.lines)
    return 2 * len(people) + 1.5 * len(things) + 0.5 * told - 0.9 * apart


def _reason(cause: Shot, effect: Shot, language: Language) -> str:
    because = _BECAUSE.search(effect.narration)
    if because:
        words = re.split(r"[.!?。！？；]", effect.narration[because.start() :], maxsplit=1)[0].strip()
        return words[:LONGEST_REASON]
    told = _sentences(cause.narration)
    whole = [part for part in told if len(part) >= (9 if language == "zh" else 24)] or told or [cause.narration]
    sentence = whole[-1][:LONGEST_REASON]
    return f"因为：{sentence}" if language == "zh" else f"Because: {sentence}"


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.findall(r"[^.!?。！？…\n]+[.!?。！？…]*[”’」』\"]*", text) if part.strip()]


def _sentence(text: str) -> str:
    found = _sentences(text)
    return found[0] if found else text.strip()


def _most(shots: Sequence[Shot], pattern: re.Pattern[str]) -> str:
    """The sentence that the pattern is in most often, the first of them; empty if none."""
    told = [sentence for shot in shots for sentence in _sentences(shot.narration)]
    counts: list[int] = [len(pattern.findall(sentence)) for sentence in told]
    most = max(counts, default=0)
    return told[counts.index(most)] if most else ""


def _first(shots: Sequence[Shot], pattern: re.Pattern[str], other: str = "") -> str:
    """The first sentence of the pattern that is not ``other``."""
    for shot in shots:
        for sentence in _sentences(shot.narration):
            if pattern.search(sentence) and sentence != other:
                return sentence
    return ""


def _first_mover(shots: Sequence[Shot], names: Mapping[PartId, Character]) -> PartId | None:
    """Who first does something: moves, speaks or takes."""
    for shot in shots:
        for who in shot.cast:
            if who.character in names and (who.stance != "standing" or who.holding or shot.lines):
                return who.character
    return next((who.character for shot in shots for who in shot.cast if who.character in names), None)


def _knowledge(shots: Sequence[Shot], names: Mapping[PartId, Character]) -> list[Knowledge]:
    found = []
    for shot in shots:
        for match in _LEARNED.finditer(shot.narration):
            who = next((who.character for who in shot.cast if who.character in names), None)
            fact = (match["en"] or match["zh"] or "").strip(' ，,“”"')
            if who is not None and fact:
                found.append(Knowledge(character=who, fact=fact[:200], since=shot.id))
    return found[:40]


def gaps_of(shots: Sequence[Shot], names: Mapping[PartId, Character], language: Language) -> list[str]:
    """What a reader would ask: how somebody got there, where somebody came from."""
    found = []
    last: dict[PartId, Shot] = {}
    late = round(0.7 * len(shots))
    for number, shot in enumerate(shots):
        for who in shot.cast:
            name = names[who.character].name if who.character in names else who.character
            name = "the narrator" if name == "I" else name
            before = last.get(who.character)
            if before is not None and _leaps(before, shot, shots[number - 1]):
                found.append(_leap(name, before, shot, language))
            elif (
                before is None
                and number >= late
                and len(shots) > 5
                and _comes_unannounced(names.get(who.character), shots[:number])
            ):
                found.append(
                    f"{name}到了最后（{shot.id}）才出现，前面没有提过。"
                    if language == "zh"
                    else f"{_capital(name)} appears only near the end ({shot.id}), and nothing before speaks of them."
                )
            last[who.character] = shot
    return list(dict.fromkeys(found))[:20]


def _comes_unannounced(who: Character | None, before: Sequence[Shot]) -> bool:
    """Family, and whoever was met before at another age, are explained by what they are called, others by any word."""
    if who is None or who.kind != "person" or who.relationships or _KIN.search(who.name):
        return False
    if who.name.startswith("the ") or (who.name,) in table():
        return False  # a passer-by, a doctor: whoever is called by what they are needs no introduction
    told = " ".join(shot.narration for shot in before).lower()
    return not any(word.lower().removeprefix("the ") in told for word in (who.name, *who.aliases))


def _leaps(before: Shot, now: Shot, previous: Shot) -> bool:
    one, other = before.setting.place, now.setting.place
    places = not within_a_walk(one, other) and "plain" not in (one, other)
    moving = any(who.stance in ("walking", "running", "flying", "swimming") for who in (*now.cast, *before.cast))
    jump = before.setting.time_of_day != now.setting.time_of_day
    return places and not moving and not jump and before.id == previous.id


def _leap(name: str, before: Shot, now: Shot, language: Language) -> str:
    places = [shot.setting.place_name or shot.setting.place for shot in (before, now)]
    if language == "zh":
        return f"没有写{name}怎样从“{places[0]}”到“{places[1]}”（{before.id}→{now.id}）。"
    return f"The story does not say how {name} gets from '{places[0]}' to '{places[1]}' ({before.id} to {now.id})."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
