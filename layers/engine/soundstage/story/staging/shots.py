"""Sentences, people and settings put together into the shots of a storyboard."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from soundstage.models.story import (
    Character,
    DialogueLine,
    Language,
    Presence,
    Setting,
    Shot,
    WorldEntry,
)
from soundstage.story.people.depicted import is_pictured_thing
from soundstage.story.people.mentions import Read
from soundstage.story.people.persons import Cast
from soundstage.story.staging.absence import is_compared
from soundstage.story.staging.dialogue import Piece, Speakers
from soundstage.story.staging.framing import Content, cameras_of, sizes_of, transitions_of
from soundstage.story.staging.grouping import group
from soundstage.story.staging.holding import toys_in
from soundstage.story.staging.landmarks import landmark_of
from soundstage.story.staging.moods import Moods
from soundstage.story.staging.presence import Present, Staging
from soundstage.story.staging.prompts import prompt_of
from soundstage.story.staging.scene import Scene
from soundstage.story.words.places import INDOORS
from soundstage.story.words.things import SMALL_THINGS, VEHICLES

MOST_THINGS = 4
HOUSES = frozenset(
    "house cottage hut cabin farmhouse 小屋 木屋 小木屋 房子 茅屋 茅草屋 草屋 老屋 小房子 石屋 老房子".split()
)
CROWDS = frozenset(
    (
        "villagers soldiers students sailors townspeople townsfolk crowd crowds crew guests neighbours neighbors "
        "pirates miners fishermen workers passengers hunters children kids classmates 村民 村民们 众人 乡亲们 "
        "乡亲 村里人 百姓 老百姓 人群 士兵们 同学们 孩子们 小朋友们 水手们 船员们 旅客们 将士们 大臣们"
    ).split()
)
"""Who is seen as several people in the background."""


def shots_of(
    story: str,
    *,
    reads: Sequence[Read],
    scenes: Sequence[Scene],
    cast: Cast,
    characters: Callable[[int], Mapping[int, Character]],
    world: Sequence[WorldEntry],
    language: Language,
) -> list[Shot]:
    """All shots in order, with ids s1, s2, … ``characters``: who each person is in the sentence of this number."""
    groups = group(reads, scenes)
    toys = frozenset(value for read in reads for value in toys_in(read))
    speakers = Speakers(frozenset(person.number for person in cast.people if person.animal))
    pieces = [
        speakers.pieces(read, references, _following(reads, cast, k))
        for k, (read, references) in enumerate(zip(reads, cast.references, strict=True))
    ]
    staging = Staging(cast, reads, frozenset(characters(0)))
    moods = Moods()
    entries = {(entry.place, entry.title): entry.id for entry in world}
    drafts: list[tuple[range, Scene, list[Present], Setting]] = []
    before: Scene | None = None
    for sentences in groups:
        scene = _scene_of(scenes, sentences)
        new_place = before is None or (before.place, before.place_name) != (scene.place, scene.place_name)
        talking = [p.speaker for k in sentences for p in pieces[k] if p.speaker is not None and p.kind == "dialogue"]
        present = staging.shot(sentences, talking, new_place=new_place, new_day=_is_later(before, scene))
        if scene.place not in INDOORS:
            words = " ".join(reads[k].sentence.text for k in sentences)
            present = [one for one in present if one.stance != "lying" or not _IN_A_BED.search(words)]
        mood = moods.of([reads[k] for k in sentences], new_place=new_place)
        setting = Setting(
            place=scene.place,
            place_id=entries.get((scene.place, scene.place_name)),
            place_name=scene.place_name[:120],
            time_of_day=scene.time,
            weather=scene.weather,
            season=scene.season,
            mood=mood,
            things=[thing for thing in _things(reads, sentences, scene) if thing not in toys],
        )
        drafts.append((sentences, scene, present, setting))
        before = scene
    contents = [_content(drafts, k, reads, pieces) for k in range(len(drafts))]
    sizes = sizes_of(contents)
    directions = [_direction(present) for _, _, present, _ in drafts]
    cameras = cameras_of(contents, sizes, directions)
    transitions = transitions_of(contents)
    shots = []
    for number, (sentences, _, present, setting) in enumerate(drafts):
        people = characters(sentences[0])
        presences = [_presence(one, people[one.who]) for one in present]
        pairs = [(people[one.who], presence) for one, presence in zip(present, presences, strict=True)]
        narration = story[reads[sentences[0]].sentence.start : reads[sentences[-1]].sentence.end]
        shots.append(
            Shot(
                id=f"s{number + 1}",
                title=_title(reads[sentences[0]].sentence.text, language),
                prompt=prompt_of(language, sizes[number], pairs, setting, narration),
                narration=narration,
                lines=_lines(story, reads=reads, pieces=pieces, sentences=sentences, characters=people),
                setting=setting,
                cast=presences,
                size=sizes[number],
                camera=cameras[number],
                transition=transitions[number],
                screen_direction=directions[number],
                seed=number + 1,
            )
        )
    return shots


_IN_A_BED = re.compile(
    r"\b(?:in|on) (?:(?:the|his|her|a) )?bed\b|\bin (?:the|his|her) (?:room|house|hut)\b|"
    r"[躺睡卧]在(?:床|屋|家|房|炕|病床)"
)
"""Whoever lies there is not to be seen from outside."""


def _is_later(before: Scene | None, scene: Scene) -> bool:
    """Whether a new hour or day has come that the story tells of."""
    if before is None:
        return False
    moved = (before.place, before.place_name) != (scene.place, scene.place_name)
    return "time" in scene.stated and (moved or scene.jump or before.time != scene.time)


def _following(reads: Sequence[Read], cast: Cast, k: int) -> int | None:
    """Who acts in the next sentence of the same paragraph, if that is nobody's speech."""
    if k + 1 >= len(reads) or reads[k + 1].sentence.paragraph != reads[k].sentence.paragraph:
        return None
    acting = [r for r in cast.references[k + 1] if r.mention.subject and not r.mention.quoted and len(r.people) == 1]
    return acting[0].people[0] if acting else None


def _scene_of(scenes: Sequence[Scene], sentences: range) -> Scene:
    """The scene of a shot: of its first sentence, with what a later one there is the first to say."""
    scene = scenes[sentences[0]]
    for k in sentences[1:]:
        later = scenes[k]
        only_when = scene.stated and "place" not in scene.stated and "place" in later.stated
        if later.place != scene.place and (scene.place == "plain" or (only_when and k == sentences[1])):
            scene = later  # 'In the evening it stopped snowing. She went out on the bridge': there, in the evening
        elif later.place == scene.place:
            new = (later.stated & {"time", "weather"}) - scene.stated
            scene = replace(
                scene,
                time=later.time if "time" in new else scene.time,
                weather=later.weather if "weather" in new else scene.weather,
                season=scene.season or later.season,
                stated=scene.stated | new,
            )
    return scene


def _things(reads: Sequence[Read], sentences: range, scene: Scene) -> list[str]:
    landmark = landmark_of(reads, sentences, scene)
    found: list[str] = [] if landmark is None else [landmark]
    for k in sentences:
        named = {token for first, past, _ in reads[k].names for token in range(first, past)}
        for mark in (m for m in reads[k].of_kind("thing") if m.first not in named):
            denied = any(0 <= mark.first - m.past <= 2 for m in reads[k].of_kind("negation") if m.past <= mark.first)
            compared = any(0 <= mark.first - m.past <= 3 for m in reads[k].of_kind("figure") if m.past <= mark.first)
            absent = mark.quoted or denied or compared or is_pictured_thing(reads[k], mark)
            absent = absent or (mark.value in VEHICLES and scene.place in INDOORS and scene.place != "workshop")
            if mark.value not in found and not absent:
                found.append(mark.value)
        houses = [m for m in reads[k].of_kind("place") if m.text.lower() in HOUSES and not m.quoted]
        if houses and "house" not in found and not is_compared(reads[k], houses[0]):
            found.insert(0, "house")
        groups = [m for m in reads[k].of_kind("group") if not m.quoted and m.text.lower() in CROWDS]
        if any(not is_compared(reads[k], m) for m in groups) and "crowd" not in found:
            found.insert(0, "crowd")
    return found[:MOST_THINGS]


def _content(
    drafts: Sequence[tuple[range, Scene, list[Present], Setting]],
    k: int,
    reads: Sequence[Read],
    pieces: Sequence[list[Piece]],
) -> Content:
    sentences, scene, present, setting = drafts[k]
    before = drafts[k - 1][1] if k else None
    taken = {thing for one in present for thing in one.holding}
    held_before = {thing for one in drafts[k - 1][2] for thing in one.holding} if k else set()
    return Content(
        place=scene.place,
        new_place=before is None or (before.place, before.place_name) != (scene.place, scene.place_name),
        new_time=before is not None and (before.time != scene.time or scene.jump),
        people=len(present),
        speech=any(p.kind == "dialogue" for s in sentences for p in pieces[s]),
        emotion=present[0].emotion if present else "",
        moving=any(one.moving for one in present),
        flying=any(one.stance == "flying" for one in present),
        thing=bool((taken - held_before) & (SMALL_THINGS - {"staff"}))
        or (not present and bool(set(setting.things) & SMALL_THINGS)),
        looks_up=any(
            set(reads[s].norms(0, len(reads[s].tokens))) & {"sky", "stars", "moon", "天空", "星星", "月亮", "星空"}
            for s in sentences
        ),
        eerie=setting.mood == "eerie",
    )


def _direction(present: Sequence[Present]) -> str:
    moving = next((one for one in present if one.moving), None)
    return moving.facing if moving is not None and moving.facing in ("left", "right") else "none"


def _presence(one: Present, character: Character) -> Presence:
    return Presence.model_validate(
        {
            "character": character.id,
            "stance": one.stance,
            "facing": one.facing,
            "holding": one.holding[:2] if character.kind == "person" else one.holding[:1],
            "emotion": one.emotion,
        }
    )


def _title(text: str, language: str) -> str:
    most = 20 if language == "zh" else 60
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _lines(
    story: str,
    *,
    reads: Sequence[Read],
    pieces: Sequence[list[Piece]],
    sentences: range,
    characters: Mapping[int, Character],
) -> list[DialogueLine]:
    """The shot's words by speaker; empty where the narrator says all of it."""
    found: list[tuple[int, int, str | None, str, int | None]] = []
    for k in sentences:
        offset = reads[k].sentence.start
        for piece in pieces[k]:
            speaker = (
                characters[piece.speaker].id if piece.speaker is not None and piece.speaker in characters else None
            )
            start, end = offset + piece.start, offset + piece.end
            if found and found[-1][2:4] == (speaker, piece.kind):
                found[-1] = (found[-1][0], end, *found[-1][2:])
            else:
                found.append((start, end, speaker, piece.kind, piece.speaker))
    if all(kind == "narration" for _, _, _, kind, _ in found):
        return []
    return [
        DialogueLine.model_validate({"speaker": speaker, "kind": kind, "text": story[start:end].strip()})
        for start, end, speaker, kind, _ in found
    ]
