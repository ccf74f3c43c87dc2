"""Continuity of a storyboard, whoever wrote it: who is where and holds what, checked by code, told in sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from soundstage.models.story import Character, Language, PartId, Shot, Storyboard
from soundstage.story.people.accents import APART, difference
from soundstage.story.people.growing import is_same_person
from soundstage.story.reading.lexicon import table
from soundstage.story.staging.containment import within_a_walk

MOVING = frozenset({"walking", "running", "flying", "swimming"})
_DEATH = re.compile(r"\b(?:died|was killed|passed away|is dead|was dead)\b|死了|死去|去世|牺牲了|咽了气")
_COUNTERS = re.compile(r"^(?:an?|the|his|her|their|its|my|one|two)\s+|^[一两]?[个只把盏封本条张朵]")


@dataclass(frozen=True)
class Finding:
    """``code`` is stable; ``shot`` is None for what concerns the whole storyboard."""

    code: str
    shot: PartId | None
    sentence: str


_SENTENCES = {
    # code: English, Chinese
    "UNKNOWN_CHARACTER": (
        "Shot {shot} has somebody with the id {who}, whom the storyboard does not know.",
        "镜头 {shot} 里的 {who} 不在人物表中。",
    ),
    "UNKNOWN_PLACE": (
        "Shot {shot} is in the place {who}, which the storyboard does not know.",
        "镜头 {shot} 的地点 {who} 不在世界设定中。",
    ),
    "UNKNOWN_SHOT": ("The causal chain speaks of shot {who}, which does not exist.", "因果链提到的镜头 {who} 不存在。"),
    "DUPLICATE_ID": ("The id {who} is used twice.", "编号 {who} 用了两次。"),
    "TWICE_IN_SHOT": ("{name} is in shot {shot} twice.", "{name}在镜头 {shot} 里出现了两次。"),
    "EMPTY_PROMPT": ("Shot {shot} does not say what its picture shows.", "镜头 {shot} 没有画面描述。"),
    "EMPTY_SHOT": ("Shot {shot} neither says nor shows anything.", "镜头 {shot} 没有旁白，也没有画面。"),
    "NOT_IN_CAST": (
        "The picture of shot {shot} speaks of {name}, who is not in it.",
        "镜头 {shot} 的画面提到{name}，但出场人物里没有。",
    ),
    "NO_IDENTITY": (
        "The picture of shot {shot} does not say what {name} looks like.",
        "镜头 {shot} 的画面没有写{name}的样子。",
    ),
    "NEVER_TAKEN": (
        "{name} holds a {who} in shot {shot} that nobody took.",
        "镜头 {shot} 里{name}拿着{who}，但没有写从哪里来。",
    ),
    "HELD_TWICE": ("The {who} is in two people's hands in shot {shot}.", "镜头 {shot} 里{who}同时在两个人手里。"),
    "FACING_FLIP": (
        "{name} suddenly faces the other way in shot {shot}; nothing says that they turned.",
        "镜头 {shot} 里{name}突然转了方向。",
    ),
    "SAME_SIDE": ("In shot {shot} the two who talk face the same way.", "镜头 {shot} 里对话的两个人朝着同一边。"),
    "DEAD_ACTS": (
        "{name} died in shot {who} and acts again in shot {shot}.",
        "{name}在镜头 {who} 已经死去，却在镜头 {shot} 又出现。",
    ),
    "NO_WAY": (
        "{name} is in another place in shot {shot}, and nothing says how they got there.",
        "{name}在镜头 {shot} 换了地方，没有写怎样过去。",
    ),
    "ACCENTS_ALIKE": ("{name} and {who} have nearly the same accent colour.", "{name}和{who}的标志色几乎一样。"),
    "WORDS_LOST": ("Words of the story are told in no shot: '{who}'.", "有一段故事没有进入任何镜头：“{who}”。"),
    "LINES_DIFFER": (
        "In shot {shot} the lines by speaker are not the words that are told.",
        "镜头 {shot} 的台词与旁白文字不一致。",
    ),
    "MISORDERED": (
        "Shot {who} comes after what it brings about in shot {shot}.",
        "镜头 {who} 在它引起的镜头 {shot} 之后。",
    ),
}


def check(storyboard: Storyboard, story: str | None = None) -> list[Finding]:
    """What contradicts itself. ``story``: the text it is of, to find what got lost."""
    say = _Sayer(storyboard.language)
    return list(
        dict.fromkeys(
            [
                *_ids(storyboard, say),
                *_pictures(storyboard, say),
                *_hands(storyboard, say),
                *_movement(storyboard, say),
                *_lives(storyboard, say),
                *_accents(storyboard, say),
                *_words(storyboard, story, say),
            ]
        )
    )


@dataclass(frozen=True)
class _Sayer:
    language: Language

    def __call__(self, code: str, shot: PartId | None = None, *, name: str = "", who: str = "") -> Finding:
        sentence = _SENTENCES[code][1 if self.language == "zh" else 0]
        name = name[:1].upper() + name[1:] if sentence.startswith("{name}") else name
        return Finding(code, shot, sentence.format(shot=shot, name=name, who=who))


def _named(storyboard: Storyboard) -> dict[PartId, Character]:
    return {character.id: character for character in storyboard.characters}


def _ids(storyboard: Storyboard, say: _Sayer) -> Iterator[Finding]:
    known, places = _named(storyboard), {entry.id for entry in storyboard.world}
    shots = [shot.id for shot in storyboard.shots]
    for ids in (shots, [c.id for c in storyboard.characters], [w.id for w in storyboard.world]):
        yield from (say("DUPLICATE_ID", who=id_) for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1}))
    for shot in storyboard.shots:
        cast = [who.character for who in shot.cast]
        for id_ in (*cast, *(line.speaker for line in shot.lines if line.speaker is not None)):
            if id_ not in known:
                yield say("UNKNOWN_CHARACTER", shot.id, who=id_)
        for id_ in sorted({id_ for id_ in cast if cast.count(id_) > 1}):
            yield say("TWICE_IN_SHOT", shot.id, name=known[id_].name if id_ in known else id_)
        if shot.setting.place_id is not None and shot.setting.place_id not in places:
            yield say("UNKNOWN_PLACE", shot.id, who=shot.setting.place_id)
    chain = storyboard.chain
    told = [
        *(s for beat in chain.beats for s in beat.shots),
        *(s for link in chain.links for s in (link.cause, link.effect)),
    ]
    yield from (say("UNKNOWN_SHOT", who=id_) for id_ in dict.fromkeys(told) if id_ not in shots)
    for link in chain.links:
        if link.cause in shots and link.effect in shots and shots.index(link.cause) > shots.index(link.effect):
            yield say("MISORDERED", link.effect, who=link.cause)


def _pictures(storyboard: Storyboard, say: _Sayer) -> Iterator[Finding]:
    known = _named(storyboard)
    for shot in storyboard.shots:
        if not shot.prompt.strip():
            yield say("EMPTY_PROMPT" if shot.narration.strip() else "EMPTY_SHOT", shot.id)
            continue
        present = {who.character for who in shot.cast}
        own = shot.prompt
        for identity in (known[id_].identity for id_ in present if id_ in known):
            own = own.replace(identity, "") if identity else own
        for character in storyboard.characters:
            if character.id in present:
                if character.identity and character.identity not in shot.prompt:
                    yield say("NO_IDENTITY", shot.id, name=character.name)
            elif _speaks_of(own, character, known):
                yield say("NOT_IN_CAST", shot.id, name=character.name)


def _speaks_of(prompt: str, character: Character, known: dict[PartId, Character]) -> bool:
    name = character.name
    if any(is_same_person(character, other) for other in known.values()):
        return False
    if len(name) < 2 or any(name != other.name and name in other.name for other in known.values()):
        return False
    if name.isascii():
        return re.search(rf"\b{re.escape(name)}\b", prompt) is not None
    return name in prompt


def _hands(storyboard: Storyboard, say: _Sayer) -> Iterator[Finding]:
    known = _named(storyboard)
    held: dict[PartId, set[str]] = {}
    told: set[str] = set()
    for shot in storyboard.shots:
        told |= {thing for who in shot.cast for thing in map(_thing, who.holding) if _is_told(thing, shot)}
        told |= set(map(_thing, shot.setting.things))
        seen: dict[str, PartId] = {}
        for who in shot.cast:
            name = known[who.character].name if who.character in known else who.character
            for thing in map(_thing, who.holding):
                if thing in seen and seen[thing] != who.character:
                    yield say("HELD_TWICE", shot.id, who=thing)
                seen[thing] = who.character
                if thing not in held.get(who.character, set()) and thing not in told:
                    yield say("NEVER_TAKEN", shot.id, name=name, who=thing)
            held[who.character] = held.get(who.character, set()) | set(map(_thing, who.holding))


def _thing(words: str) -> str:
    return _COUNTERS.sub("", words.strip().lower())


def _is_told(thing: str, shot: Shot) -> bool:
    """The shot's own words or things name it, in either language."""
    text = f"{shot.narration} {' '.join(shot.setting.things)}".lower()
    if thing in text or any(word in text for word in thing.split() if len(word) > 3):
        return True
    values = {value for kind, value, _ in table().get((thing,), ()) if kind == "thing"}
    return any(
        (kind == "thing" and value in values) and " ".join(words) in text
        for words, entries in table().items()
        for kind, value, _ in entries
    ) or any(values & {v for k, v, _ in table().get((c,), ()) if k == "thing"} for c in text if not c.isascii())


def _movement(storyboard: Storyboard, say: _Sayer) -> Iterator[Finding]:
    known = _named(storyboard)
    for before, now in zip(storyboard.shots, storyboard.shots[1:], strict=False):
        same = (before.setting.place, before.setting.place_name) == (now.setting.place, now.setting.place_name)
        then = {who.character: who for who in before.cast}
        for who in now.cast:
            earlier, name = (
                then.get(who.character),
                known[who.character].name if who.character in known else who.character,
            )
            if earlier is None:
                continue
            moving = bool({who.stance, earlier.stance} & MOVING)
            company = set(then) & {one.character for one in now.cast}
            alike = len(then) == len(now.cast) and len(company) in (len(then), len(now.cast))
            if same and alike and {earlier.facing, who.facing} == {"left", "right"} and not moving:
                yield say("FACING_FLIP", now.id, name=name)
            jump = before.setting.time_of_day != now.setting.time_of_day or now.transition != before.transition
            far = not within_a_walk(before.setting.place, now.setting.place)
            if not same and not moving and not jump and far:
                yield say("NO_WAY", now.id, name=name)
    for shot in storyboard.shots:
        talking = {line.speaker for line in shot.lines if line.kind == "dialogue" and line.speaker is not None}
        facing = [who.facing for who in shot.cast if who.character in talking]
        if (
            len(talking) == len(facing) == len(shot.cast) == 2
            and facing[0] == facing[1]
            and facing[0] in ("left", "right")
        ):
            yield say("SAME_SIDE", shot.id)


def _lives(storyboard: Storyboard, say: _Sayer) -> Iterator[Finding]:
    """Who is told to have died does not walk about later; 'Tom died', 'Tom was killed'."""
    dead: dict[PartId, PartId] = {}
    for shot in storyboard.shots:
        for who in shot.cast:
            if who.character in dead and who.stance != "lying":
                name = next((c.name for c in storyboard.characters if c.id == who.character), who.character)
                yield say("DEAD_ACTS", shot.id, name=name, who=dead[who.character])
        for match in _DEATH.finditer(shot.narration):
            before = re.split(r"[.!?。！？；;，,]", shot.narration[: match.start()])[-1]
            for character in storyboard.characters:
                if any(word and before.rstrip().endswith(word) for word in (character.name, *character.aliases)):
                    dead.setdefault(character.id, shot.id)


def _accents(storyboard: Storyboard, say: _Sayer) -> Iterator[Finding]:
    people = storyboard.characters
    for k, one in enumerate(people):
        for other in people[k + 1 :]:
            if is_same_person(one, other):
                continue
            if difference(one.appearance.accent_colour, other.appearance.accent_colour) < APART / 2:
                yield say("ACCENTS_ALIKE", name=one.name, who=other.name)


def _words(storyboard: Storyboard, story: str | None, say: _Sayer) -> Iterator[Finding]:
    for shot in storyboard.shots:
        if shot.lines and _squeezed("".join(line.text for line in shot.lines)) != _squeezed(shot.narration):
            yield say("LINES_DIFFER", shot.id)
    if story is None:
        return
    told = _squeezed("".join(shot.narration for shot in storyboard.shots))
    for sentence in re.findall(r"[^.!?。！？…\n]+[.!?。！？…]*", story):
        if (
            _squeezed(sentence) not in told
            and any(c.isalnum() for c in sentence)
            and sentence.strip() != storyboard.title
        ):
            yield say("WORDS_LOST", who=sentence.strip()[:120])


def _squeezed(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
