"""The parts of a film by what they are made of: pictures, speech, cards and music, each made once and found again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

from soundstage.film import cards, clips, narration, own_narration
from soundstage.film.artefacts import picture_facts
from soundstage.film.cards import card_lines, draw_card, empty_shot
from soundstage.film.own_files import Recording
from soundstage.film.own_narration import Division
from soundstage.film.part_store import Part, PartStore, WrittenFile, fingerprint_of
from soundstage.film.ports import Animator, Composer, Crew, Painter, Speaker
from soundstage.film.stills import draw_picture
from soundstage.film.timeline import CREDITS, TITLE
from soundstage.media.typography import Typeface
from soundstage.models.errors import SoundstageError
from soundstage.models.film import (
    FRAME_SIZES,
    Clip,
    FilmSection,
    FilmSettings,
    Picture,
    ScoreRequest,
    ShotTiming,
    Speech,
)
from soundstage.models.story import PartId, Shot, Storyboard

Maker = TypeVar("Maker")
Made = TypeVar("Made")


def speech_of(
    storyboard: Storyboard,
    shot: Shot,
    settings: FilmSettings,
    speaker: Speaker,
    store: PartStore,
    *,
    voices: Mapping[PartId | None, str],
) -> Part[Speech] | None:
    """What is said in a shot; None: nothing. Raises what the speaker raises."""
    spoken = narration.utterances(shot, voices)
    if not spoken:
        return None
    language, speed = storyboard.language, settings.speed

    def make(folder: Path) -> Speech:
        return narration.speak_shot(spoken, speaker, folder, language=language, speed=speed)

    fingerprint = narration.speech_fingerprint(spoken, speaker, language=language, speed=speed)
    return store.obtain("speech", fingerprint, Speech, make)


def recorded_speech(storyboard: Storyboard, shot: Shot, crew: Crew, store: PartStore) -> Part[Speech] | None:
    """A shot as its author tells it; None: there is no recording of it, or nothing is said. Raises SoundstageError."""
    recording, aligner = crew.recordings.get(shot.id), crew.aligner
    if recording is None or aligner is None or not narration.says_something(shot.narration):
        return None
    text, language = shot.narration, storyboard.language

    def make(folder: Path) -> Speech:
        return own_narration.record_shot(recording, text, aligner, folder, language=language)

    fingerprint = own_narration.recorded_fingerprint(recording, text, aligner, language=language)
    return store.obtain("speech", fingerprint, Speech, make)


def with_narration(storyboard: Storyboard, crew: Crew, store: PartStore) -> Crew:
    """With the part of a recording of the whole story that tells each shot, but those that have a recording of their
    own. Raises SoundstageError."""
    source, aligner = crew.narration, crew.aligner
    texts = {shot.id: shot.narration for shot in storyboard.shots if narration.says_something(shot.narration)}
    if source is None or aligner is None or not texts:
        return crew

    def make(folder: Path) -> Division:
        del folder
        return own_narration.divide_narration(source, texts, aligner, language=storyboard.language)

    fingerprint = own_narration.division_fingerprint(source, texts, aligner, language=storyboard.language)
    spans_s = store.obtain("division", fingerprint, Division, make).value.spans_s
    found = {shot: Recording(source, start_s, end_s) for shot, (start_s, end_s) in spans_s.items()}
    return replace(crew, recordings={**found, **crew.recordings})


def previous_layouts(storyboard: Storyboard, settings: FilmSettings, painter: Painter) -> dict[PartId, str]:
    """For each shot the layout before it where its own would be the same, else ''.

    So a picture depends on its neighbour only where it has to step aside for it.
    """
    before, found = "", {}
    for shot in storyboard.shots:
        layout = painter.layout(storyboard, shot, settings, previous_layout="")
        found[shot.id] = before if layout and layout == before else ""
        before = painter.layout(storyboard, shot, settings, previous_layout=before) if found[shot.id] else layout
    return found


def picture_of(
    storyboard: Storyboard,
    shot: Shot,
    settings: FilmSettings,
    painters: Sequence[Painter],
    store: PartStore,
    *,
    previous_layout: str = "",
) -> Part[Picture]:
    """A shot's picture by the first painter that can; of those that could not, the picture has a note."""

    def attempt(painter: Painter) -> Part[Picture]:
        fingerprint = fingerprint_of(
            [painter.fingerprint(shot), *picture_facts(storyboard, shot, settings), previous_layout, settings.quality]
        )
        return store.obtain(
            "picture",
            fingerprint,
            Picture,
            lambda folder: painter.paint(storyboard, shot, settings, folder, previous_layout=previous_layout),
        )

    part, failed = first_that_can(painters, attempt)
    return replace(part, value=part.value.model_copy(update={"notes": [*failed, *part.value.notes]}))


def clip_of(
    shot: Shot, settings: FilmSettings, picture: Part[Picture], animators: Sequence[Animator], store: PartStore
) -> tuple[Part[Clip] | None, list[str]]:
    """A shot's clip by the first animator that can, and what the others said. None: nobody could, the picture is seen.

    A preview has none: it is there to be looked at before anything is spent.
    """
    failed: list[str] = []
    if settings.quality == "preview":
        return None, failed
    seen = [layer.sha256 for layer in picture.value.layers]
    for animator in animators:
        fingerprint = fingerprint_of([clips.VERSION, animator.fingerprint(shot), shot.prompt, shot.seed, seen])

        def make(folder: Path, animator: Animator = animator) -> Clip:
            frame = folder / "first.jpg"
            draw_picture(picture.value, picture.folder, FRAME_SIZES[settings.aspect, settings.quality], frame)
            clip = animator.animate(shot, settings, frame, folder)
            frame.unlink()
            return clip

        try:
            return store.obtain("clip", fingerprint, Clip, make), failed
        except SoundstageError as error:
            failed.append(f"{error.code}: {error.message}")
    return None, failed


def card_of(
    storyboard: Storyboard,
    settings: FilmSettings,
    card: PartId,
    painter: Painter,
    store: PartStore,
    *,
    typeface: Typeface,
) -> Part[Picture]:
    """The title or end card."""
    lines = card_lines(storyboard, settings, card)
    ground = empty_shot(storyboard, card)
    facts = [cards.VERSION, painter.fingerprint(ground), *picture_facts(storyboard, ground, settings)]
    return store.obtain(
        "card",
        fingerprint_of([*facts, lines, typeface.sha256, settings.quality]),
        Picture,
        lambda folder: draw_card(storyboard, settings, card, painter, folder, typeface=typeface),
    )


def film_sections(storyboard: Storyboard, timings: Sequence[ShotTiming], settings: FilmSettings) -> list[FilmSection]:
    """Where the mood changes or the story turns, a section begins; cards belong to their neighbours."""
    tension = {shot: beat.escalation for beat in storyboard.chain.beats for shot in beat.shots}
    turns = {beat.shots[0] for beat in storyboard.chain.beats if beat.phase == "turn" and beat.shots}
    shots = {shot.id: shot for shot in storyboard.shots}
    found: list[FilmSection] = []
    for timing in timings:
        start_s, duration_s = timing.first_frame / settings.fps, timing.frames / settings.fps
        shot = shots.get(timing.shot)
        if shot is None and timing.shot == TITLE:
            shot = storyboard.shots[0]
        same = found and (
            timing.shot == CREDITS or (shot and shot.setting.mood == found[-1].mood and timing.shot not in turns)
        )
        if same or shot is None:
            found[-1] = replace(found[-1], duration_s=start_s + duration_s - found[-1].start_s)
            continue
        found.append(
            FilmSection(
                start_s=start_s,
                duration_s=duration_s,
                mood=shot.setting.mood,
                tension=tension.get(shot.id, 5),
                turn=timing.shot in turns,
            )
        )
    return found


def music_of(request: ScoreRequest, composer: Composer, store: PartStore) -> Part[WrittenFile]:
    """The film's music, 48 kHz stereo. Raises what the composer raises."""

    def make(folder: Path) -> WrittenFile:
        composer.compose(request, folder / "music.wav")
        return WrittenFile.of(folder / "music.wav")

    return store.obtain("music", fingerprint_of([composer.fingerprint, asdict(request)]), WrittenFile, make)


def first_that_can(makers: Sequence[Maker], make: Callable[[Maker], Made]) -> tuple[Made, list[str]]:
    """What the first of the makers makes that can, and what those before it said. Raises what the last one raises."""
    failed: list[str] = []
    for maker in makers[:-1]:
        try:
            return make(maker), failed
        except SoundstageError as error:
            failed.append(f"{error.code}: {error.message}")
    return make(makers[-1]), failed
