"""A film made whole: speech, timeline, pictures, music, segments, sound, join, and the gate.

Every part is known by what it is made of. Making a film again makes what changed; making it again unchanged finds the
film itself. Threads share the work: compositing and encoding spend their time outside Python's lock, and our own
painter, voice and composer work in processes of their own (``processes``).
"""

import os
import string
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from soundstage.allocator import return_freed_memory
from soundstage.film import parts
from soundstage.film.animatic import noted
from soundstage.film.cues import cues_of_shot
from soundstage.film.cutting import FilmSound, joined, mixed_sound, render_segments
from soundstage.film.delivery import delivered, drawn_sheets
from soundstage.film.export.bundle import write_bundle
from soundstage.film.making import Making, Plan, Progress
from soundstage.film.part_store import Part, PartStore, WrittenFile, fingerprint_of
from soundstage.film.ports import Crew, Speaker
from soundstage.film.processes import close_idle
from soundstage.film.segments import Scene
from soundstage.film.settings import planning_settings
from soundstage.film.subtitles import layout_for
from soundstage.film.timeline import CREDITS, TITLE, timeline
from soundstage.media.typography import Typeface, film_typeface, subset_font
from soundstage.models.film import Clip, Cue, FilmResult, FilmSettings, Picture, ScoreRequest, ShotTiming, Speech
from soundstage.models.story import CameraMove, PartId, Shot, Storyboard

ALWAYS = string.digits + string.ascii_letters + string.punctuation + "…—–·←→↑↓“”‘’，。！？、；：「」《》（）"
"""Letters that captions, numbers and settings are written with."""


def make_film(
    storyboard: Storyboard,
    settings: FilmSettings,
    crew: Crew,
    store: PartStore,
    out: Path,
    *,
    progress: Progress | None = None,
    workers: int | None = None,
    bundle: Path | None = None,
) -> FilmResult:
    """Make what is missing of a film and put it into the folder ``out``: film, poster, contact sheet, subtitles, JSON.

    ``workers``: threads; as many as there are processors by default. ``bundle``: a folder for editing programs, written
    besides. The same storyboard, settings and crew give the same bytes.

    Raises:
        FilmFailedChecks: what came out is not what was planned.
        SoundstageError: nobody in the crew could make a part.
    """
    return_freed_memory()
    settings = planning_settings(settings)
    making = Making(storyboard, settings, crew, store, progress or (lambda *_: None), has_bundle=bundle is not None)
    out.mkdir(parents=True, exist_ok=True)
    typeface = film_typeface()
    pool = ThreadPoolExecutor(workers or len(os.sched_getaffinity(0)))
    try:
        previous = parts.previous_layouts(storyboard, settings, crew.painters[0])
        cards = [TITLE] * settings.title_card + [CREDITS] * settings.end_card
        first, *others = storyboard.shots
        # The first picture is there before the first word is spoken; then speech, which is long, beside the others.
        painting = {first.id: pool.submit(_picture, making, first, previous[first.id])}
        speaking = pool.submit(_speeches, making)
        painting |= {shot.id: pool.submit(_picture, making, shot, previous[shot.id]) for shot in others}
        painting |= {card: pool.submit(_card, making, card, typeface) for card in cards}
        speeches = speaking.result()
        close_idle()
        durations_s = {shot: part.value.duration_s for shot, part in speeches.items()}
        timings = timeline(storyboard.shots, durations_s, settings)
        sounding = pool.submit(_sound, making, timings, speeches)
        pictures = {id_: future.result() for id_, future in painting.items()}
        moving = {shot.id: pool.submit(_clip, making, shot, pictures[shot.id]) for shot in storyboard.shots}
        clips = {shot: future.result() for shot, future in moving.items()}
        scenes = _scenes(making, pictures, clips)
        if settings.animatic:
            seen = {timing.shot: timing for timing in timings}
            scenes |= {
                shot.id: noted(making, shot, scenes[shot.id], seen[shot.id], typeface) for shot in storyboard.shots
            }
        close_idle()
        cues = _cues(making, speeches, timings, typeface)
        plan = Plan(timings, scenes, cues, typeface, _cut_typeface(making, typeface))
        rendered = render_segments(making, plan, pool)
        drawing = pool.submit(drawn_sheets, making, plan, rendered.stills)
        music, sound = sounding.result()
        if bundle is not None:
            write_bundle(making, plan, speeches=speeches, music=music, sound=sound, pool=pool, folder=bundle)
        return delivered(making, plan, joined(making, plan, rendered.segments, sound), drawing.result(), out)
    finally:
        # What has not begun when something fails is not begun.
        pool.shutdown(cancel_futures=True)
        close_idle()


def _cut_typeface(making: Making, typeface: Typeface) -> Typeface:
    """The typeface with the letters of this film, and those of numbers and settings."""
    board = making.storyboard
    written = [
        board.title,
        *(text for shot in board.shots for text in (shot.title, shot.narration, shot.setting.place_name)),
    ]
    letters = typeface.drawable("".join(sorted(set("".join(written)) | set(ALWAYS))))

    def make(folder: Path) -> WrittenFile:
        return WrittenFile.of(subset_font(letters, folder / "film.ttf"))

    part = making.store.obtain("typeface", fingerprint_of([typeface.sha256, letters]), WrittenFile, make)
    return Typeface(part.folder / part.value.file, typeface.file)


def _picture(making: Making, shot: Shot, previous_layout: str) -> Part[Picture]:
    painters, store = making.crew.painters, making.store
    part = parts.picture_of(making.storyboard, shot, making.settings, painters, store, previous_layout=previous_layout)
    making.record(f"{shot.id} picture", part, part.value.provider, part.value.notes)
    making.advance("pictures", 1 / len(making.storyboard.shots))
    return part


def _clip(making: Making, shot: Shot, picture: Part[Picture]) -> Part[Clip] | None:
    part, failed = parts.clip_of(shot, making.settings, picture, making.crew.animators, making.store)
    if part is not None:
        making.record(f"{shot.id} clip", part, part.value.provider, [*failed, *part.value.notes])
    elif failed:
        making.record(f"{shot.id} clip", replace(picture, reused=True, seconds=0.0), "embedded", failed, usd=0.0)
    return part


def _speeches(making: Making) -> dict[PartId, Part[Speech]]:
    """As their authors told them, and the others by the first speaker who can speak all: a voice does not change."""
    storyboard = making.storyboard
    crew = parts.with_narration(storyboard, making.crew, making.store)
    told: dict[PartId, Part[Speech]] = {}
    for shot in storyboard.shots:
        part = parts.recorded_speech(storyboard, shot, crew, making.store)
        if part is not None:
            told[shot.id] = part
            making.record(f"{shot.id} speech", part, part.value.provider, part.value.notes)
            making.advance("speech", 1 / len(storyboard.shots))
    left = [shot for shot in storyboard.shots if shot.id not in told]
    if not crew.speakers or not left:
        return told
    found, failed = parts.first_that_can(crew.speakers, lambda speaker: _spoken_by(making, left, speaker))
    for id_, part in found.items():
        making.record(f"{id_} speech", part, part.value.provider, [*failed, *part.value.notes])
    return told | found


def _spoken_by(making: Making, shots: Sequence[Shot], speaker: Speaker) -> dict[PartId, Part[Speech]]:
    storyboard, settings = making.storyboard, making.settings
    voices = speaker.voices(storyboard, settings.narrator)
    found = {}
    for shot in shots:
        part = parts.speech_of(storyboard, shot, settings, speaker, making.store, voices=voices)
        if part is not None:
            found[shot.id] = part
        making.advance("speech", 1 / len(storyboard.shots))
    return found


def _sound(
    making: Making, timings: Sequence[ShotTiming], speeches: Mapping[PartId, Part[Speech]]
) -> tuple[Part[WrittenFile] | None, Part[FilmSound]]:
    """The music, and the mix of all."""
    durations_s = {shot: part.value.duration_s for shot, part in speeches.items()}
    music = _music(making, timings, durations_s)
    return music, mixed_sound(making, timings, speeches, music)


def _music(making: Making, timings: Sequence[ShotTiming], speech_s: Mapping[PartId, float]) -> Part[WrittenFile] | None:
    composer, storyboard = making.crew.composer, making.storyboard
    if making.settings.music.source == "none" or composer is None:
        return None
    spoken_s = tuple(
        (timing.speech_start_s, timing.speech_start_s + speech_s[timing.shot])
        for timing in timings
        if timing.speech_start_s is not None
    )
    sections = tuple(parts.film_sections(storyboard, timings, making.settings))
    request = ScoreRequest(sections, spoken_s, storyboard.stable_seed, storyboard.shots[0].seed)
    part = parts.music_of(request, composer, making.store)
    making.record("music", part, making.settings.music.source)
    making.advance("music", 1.0)
    return part


def _card(making: Making, card: PartId, typeface: Typeface) -> Part[Picture]:
    painter = making.crew.painters[-1]
    part = parts.card_of(making.storyboard, making.settings, card, painter, making.store, typeface=typeface)
    making.record(f"{card} card", part, part.value.provider)
    return part


def _scenes(
    making: Making, pictures: Mapping[PartId, Part[Picture]], clips: Mapping[PartId, Part[Clip] | None]
) -> dict[PartId, Scene]:
    settings = making.settings
    cameras: dict[PartId, CameraMove] = {shot.id: shot.camera for shot in making.storyboard.shots}
    scenes = {}
    for id_, part in pictures.items():
        flat = len(part.value.layers) == 1 and settings.motion == "parallax"
        motion = "ken_burns" if flat else settings.motion
        scene = Scene(part.value, part.folder, cameras.get(id_, "push_in"), motion)
        clip = clips.get(id_)
        scenes[id_] = replace(scene, clip=clip.value, clip_folder=clip.folder) if clip else scene
    return scenes


def _cues(
    making: Making, speeches: Mapping[PartId, Part[Speech]], timings: Sequence[ShotTiming], typeface: Typeface
) -> list[Cue]:
    layout = layout_for(making.size)
    narrations = {shot.id: shot.narration for shot in making.storyboard.shots}
    return [
        cue
        for timing in timings
        if timing.shot in speeches
        for cue in cues_of_shot(
            narrations[timing.shot],
            speeches[timing.shot].value,
            timing,
            width=layout.width,
            measure=lambda text: typeface.width_of(text, layout.font_size),
            gap_s=1 / making.settings.fps,
        )
    ]
