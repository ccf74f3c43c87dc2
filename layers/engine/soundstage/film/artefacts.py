"""Whether a shot's picture and speech are still what the project says: digests of what each is made from.

Who makes a part and how well is no part of it: another model or another quality makes nothing stale. A digest holds
what a person would see or hear differently.
"""

from soundstage.film.part_store import fingerprint_of
from soundstage.models.film import FilmSettings
from soundstage.models.projects import Artefact, ArtefactState
from soundstage.models.story import Character, Shot, Storyboard

LOOKS = {"id", "kind", "species", "age", "gender", "appearance", "identity"}
"""What of a character is to be seen."""
SEEN = {"id", "prompt", "setting", "cast", "size", "screen_direction", "seed"}
"""What of a shot is to be seen."""


def picture_facts(storyboard: Storyboard, shot: Shot, settings: FilmSettings) -> list[object]:
    """What of a storyboard a picture of this shot shows."""
    if shot.own_picture is not None:
        return ["own picture", shot.id, shot.own_picture.sha256, settings.aspect]
    cast = {who.character for who in shot.cast}
    return [
        storyboard.stable_seed,
        shot.model_dump(mode="json", include=SEEN),
        [_looks(person) for person in storyboard.characters if person.id in cast],
        settings.style,
        settings.aspect,
        *_asked(storyboard, shot, settings),
    ]


def _asked(storyboard: Storyboard, shot: Shot, settings: FilmSettings) -> list[object]:
    """What a model of pictures is told besides; our painter does not read it."""
    if settings.providers.get("image", "embedded") == "embedded":
        return []
    return [settings.system_prompts.get("image", ""), world_texts(storyboard, shot)]


def world_texts(storyboard: Storyboard, shot: Shot) -> list[str]:
    """What holds in this shot: of places its own, of everything else all, in their order."""
    return [
        f"{entry.title}: {entry.content}"
        for entry in sorted(storyboard.world, key=lambda entry: entry.order)
        if entry.content and (entry.type != "place" or entry.id == shot.setting.place_id)
    ]


def _looks(person: Character) -> dict[str, object]:
    looks = person.model_dump(mode="json", include=LOOKS)
    return looks if person.own_picture is None else looks | {"own_picture": person.own_picture.sha256}


def picture_digest(storyboard: Storyboard, shot: Shot, settings: FilmSettings) -> str:
    return fingerprint_of(picture_facts(storyboard, shot, settings))


def speech_digest(storyboard: Storyboard, shot: Shot, settings: FilmSettings) -> str | None:
    """Of the shot's words and who speaks them how fast. None: nothing is said."""
    if not any(character.isalnum() for character in shot.narration):
        return None
    if shot.own_recording is not None:
        own = shot.own_recording
        return fingerprint_of([storyboard.language, shot.narration, own.sha256, own.start_s, own.end_s])
    if settings.own_narration is not None:
        return fingerprint_of([storyboard.language, shot.narration, settings.own_narration.sha256])
    voices = {person.id: [person.voice, person.gender, person.age] for person in storyboard.characters}
    return fingerprint_of(
        [
            storyboard.language,
            settings.narrator,
            settings.speed,
            shot.narration,
            [[line.speaker, voices.get(line.speaker or ""), line.text] for line in shot.lines],
        ]
    )


def shot_digest(storyboard: Storyboard, shot: Shot, settings: FilmSettings) -> str:
    """Of both."""
    return fingerprint_of([picture_digest(storyboard, shot, settings), speech_digest(storyboard, shot, settings)])


def artefact_state(made: Artefact | None, digest: str | None) -> ArtefactState:
    """How an artefact stands to what would be made now. What is not wanted (no digest) is not missing."""
    if made is None:
        return "current" if digest is None else "missing"
    return "current" if made.made_from == digest else "stale"
