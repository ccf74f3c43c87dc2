"""One shot made ahead of its film: picture, clip and speech among the parts, and what people see and hear of them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from soundstage.film import parts
from soundstage.film.editing import shot_of
from soundstage.film.part_store import Part, PartStore
from soundstage.film.ports import Crew, Speaker
from soundstage.film.stills import draw_picture
from soundstage.models.film import FRAME_SIZES, Clip, FilmSettings, Picture, Speech
from soundstage.models.story import PartId, Shot, Storyboard

PICTURE, SPEECH = "picture.jpg", "speech.wav"


@dataclass(frozen=True)
class MadeShot:
    """``frame``, ``audio`` and ``film`` (of the clip) are files for people; the parts are for the film."""

    picture: Part[Picture]
    frame: Path
    speech: Part[Speech] | None
    audio: Path | None
    clip: Part[Clip] | None = None
    film: Path | None = None


def make_shot(
    storyboard: Storyboard,
    id_: PartId,
    settings: FilmSettings,
    crew: Crew,
    store: PartStore,
    *,
    out: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> MadeShot:
    """Make what is missing of it. A film of the same storyboard and settings finds all parts.

    Raises:
        NotFound: the storyboard has no such shot.
        SoundstageError: nobody in the crew could make a part.
    """
    shot = shot_of(storyboard, id_)
    out.mkdir(parents=True, exist_ok=True)
    previous = parts.previous_layouts(storyboard, settings, crew.painters[0])[id_]
    picture = parts.picture_of(storyboard, shot, settings, crew.painters, store, previous_layout=previous)
    draw_picture(picture.value, picture.folder, FRAME_SIZES[settings.aspect, settings.quality], out / PICTURE)
    progress(0.5)
    # Where nobody could make one, the film says why.
    clip, _ = parts.clip_of(shot, settings, picture, crew.animators, store)
    film = None if clip is None else _copied(clip.folder / clip.value.file, out / f"clip{Path(clip.value.file).suffix}")
    speech = _speech(storyboard, shot, settings, crew, store)
    audio = None
    if speech is not None:
        audio = _copied(speech.folder / speech.value.audio, out / SPEECH)
    return MadeShot(picture, out / PICTURE, speech, audio, clip, film)


def _copied(source: Path, to: Path) -> Path:
    return Path(shutil.copyfile(source, to))


def _speech(
    storyboard: Storyboard, shot: Shot, settings: FilmSettings, crew: Crew, store: PartStore
) -> Part[Speech] | None:
    """As its author told it, or by the first speaker who can: where that one fails on another shot, the film takes the
    next one for all."""

    def spoken(speaker: Speaker) -> Part[Speech] | None:
        voices = speaker.voices(storyboard, settings.narrator)
        return parts.speech_of(storyboard, shot, settings, speaker, store, voices=voices)

    crew = parts.with_narration(storyboard, crew, store)
    told = parts.recorded_speech(storyboard, shot, crew, store)
    if told is not None or not crew.speakers:
        return told
    return parts.first_that_can(crew.speakers, spoken)[0]
