"""From a plan to a film: segments rendered on their own, one mix, joined, and examined."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from soundstage.film.compositing import forget_layers
from soundstage.film.encoding import join
from soundstage.film.gate import TRUE_PEAK_DB, FilmFailedChecks, examined, true_peak_of
from soundstage.film.making import Making, Plan
from soundstage.film.mix import Placed, mix_film, placed_speech
from soundstage.film.part_store import Part, WrittenFile, fingerprint_of
from soundstage.film.segments import SegmentJob
from soundstage.film.timeline import CREDITS, TITLE, planned_segments
from soundstage.media.encode import encode_m4a
from soundstage.models.film import MIX_RATE_HZ, FilmSettings, QualityReport, ShotTiming, Speech
from soundstage.models.story import PartId, Storyboard, Transition

VERSION = 4
"""Of how sound is mixed and films are joined: raise it when that changes."""
AAC_BITS_PER_S = 192_000
CODED_AT_MOST = 3
"""Times: AAC raises single peaks by a few tenths of a decibel, and a lower ceiling moves which."""


class SegmentFile(WrittenFile):
    frames: int
    still: str | None = None
    """The frame in its middle, where a shot is seen alone."""


class FilmSound(WrittenFile):
    """``coded``: the same as AAC, so that a film whose pictures change does not code it again. ``speech_gain_db``,
    ``music_gain_db``: as ``mix.Gains``, for the stems of an editing program.
    """

    coded: str
    duck_db: float | None
    speech_gain_db: float
    music_gain_db: float


class FilmFile(WrittenFile):
    quality: QualityReport


@dataclass(frozen=True)
class Rendered:
    """The film's segments in order, and a still of each shot and card."""

    segments: Sequence[Part[SegmentFile]]
    stills: Mapping[PartId, Path]


def render_segments(making: Making, plan: Plan, pool: ThreadPoolExecutor) -> Rendered:
    """All segments. Raises EncodingFailed, DependencyUnavailable."""
    settings = making.settings
    style = settings.subtitles if settings.burn_in else "none"
    transitions = transitions_of(making.storyboard, plan.timings, settings)
    planned = planned_segments(plan.timings, transitions, settings)
    jobs = [SegmentJob(segment, plan.scenes, plan.cues, making.form, style, plan.cut_typeface) for segment in planned]

    def rendered(number: int, job: SegmentJob) -> Part[SegmentFile]:
        def make(folder: Path) -> SegmentFile:
            path, still = folder / "segment.mp4", None if job.segment.transition else "still.jpg"
            job.render(path, still=folder / still if still else None)
            return SegmentFile(**WrittenFile.of(path).model_dump(), frames=job.segment.frames, still=still)

        part = making.store.obtain("segment", job.fingerprint, SegmentFile, make)
        making.record(f"segment {number}", part, "embedded")
        making.advance("segments", 1 / len(jobs))
        return part

    made = list(pool.map(rendered, range(1, len(jobs) + 1), jobs))
    forget_layers()
    stills = {
        segment.stretches[0].shot: part.folder / part.value.still
        for segment, part in zip(planned, made, strict=True)
        if part.value.still
    }
    return Rendered(made, stills)


def mixed_sound(
    making: Making,
    timings: Sequence[ShotTiming],
    speeches: Mapping[PartId, Part[Speech]],
    music: Part[WrittenFile] | None,
) -> Part[FilmSound]:
    """The film's sound, 48 kHz stereo, as long as its picture."""
    settings = making.settings
    duration_s = sum(timing.frames for timing in timings) / settings.fps
    placed = placed_in_film(timings, speeches)

    def make(folder: Path) -> FilmSound:
        path, coded = folder / "film.wav", folder / "film.m4a"
        bed = None if music is None else music.folder / music.value.file
        ceiling_dbtp = settings.true_peak_dbtp
        for _ in range(CODED_AT_MOST):
            held = settings.model_copy(update={"true_peak_dbtp": ceiling_dbtp})
            mixed = mix_film(path, placed, bed, duration_s=duration_s, settings=held)
            encode_m4a(path, coded, bits_per_s=AAC_BITS_PER_S)
            over_db = true_peak_of(coded) - settings.true_peak_dbtp
            if over_db <= TRUE_PEAK_DB / 2:
                break
            ceiling_dbtp -= over_db  # what the coder adds, the limiter makes room for
        gains = mixed.gains
        return FilmSound(
            **WrittenFile.of(path).model_dump(),
            coded=coded.name,
            duck_db=mixed.duck_db,
            speech_gain_db=gains.speech_db,
            music_gain_db=gains.music_db,
        )

    facts = [
        VERSION,
        MIX_RATE_HZ,
        duration_s,
        [(place.start, place.spoken_s) for place in placed],
        [said.value.audio_sha256 for said in speeches.values()],
        music and music.value.sha256,
        settings.model_dump(mode="json", include={"music", "loudness_lufs", "true_peak_dbtp"}),
    ]
    part = making.store.obtain("sound", fingerprint_of(facts), FilmSound, make)
    making.record("sound", part, "embedded")
    making.advance("sound", 1.0)
    return part


def placed_in_film(timings: Sequence[ShotTiming], speeches: Mapping[PartId, Part[Speech]]) -> list[Placed]:
    """The speech of all shots, where the timeline puts it."""
    return [
        place
        for timing in timings
        if (said := speeches.get(timing.shot)) is not None
        for place in placed_speech([timing], {timing.shot: said.value}, said.folder)
    ]


def joined(making: Making, plan: Plan, segments: Sequence[Part[SegmentFile]], sound: Part[FilmSound]) -> Part[FilmFile]:
    """The film, examined. Raises FilmFailedChecks, EncodingFailed."""
    settings, form = making.settings, making.form
    chapters = chapters_of(making.storyboard, plan.timings, settings)
    title = making.storyboard.title

    def make(folder: Path) -> FilmFile:
        film, wav = folder / "film.mp4", sound.folder / sound.value.file
        files = [part.folder / part.value.file for part in segments]
        counts = [part.value.frames for part in segments]
        join(files, sound.folder / sound.value.coded, film, form, counts=counts, title=title, chapters=chapters)
        quality = examined(film, wav, sound.value.duck_db, form, settings, frames=plan.frames)
        if quality.failures:
            raise FilmFailedChecks(" ".join(quality.failures), detail=quality.model_dump())
        return FilmFile(**WrittenFile.of(film).model_dump(), quality=quality)

    facts = [VERSION, [part.fingerprint for part in segments], sound.fingerprint, title, chapters]
    part = making.store.obtain("film", fingerprint_of(facts), FilmFile, make)
    making.record("film", part, "embedded")
    making.advance("join", 1.0)
    return part


def chapters_of(
    storyboard: Storyboard, timings: Sequence[ShotTiming], settings: FilmSettings
) -> list[tuple[float, str]]:
    """The story's phases where it has any, else its shots. The first begins with the film, as players want it."""
    at_s = {timing.shot: timing.first_frame / settings.fps for timing in timings}
    named = [(beat.shots[0], beat.name) for beat in storyboard.chain.beats if beat.shots]
    if len(named) < 2:
        named = [(shot.id, shot.title or str(number)) for number, shot in enumerate(storyboard.shots, 1)]
    begins = sorted((at_s[shot], name) for shot, name in named if shot in at_s)
    return [(0.0, begins[0][1]), *begins[1:]]


def transitions_of(storyboard: Storyboard, timings: Sequence[ShotTiming], settings: FilmSettings) -> list[Transition]:
    """Between neighbours. The title opens like a book, and the film ends through black."""
    own = {shot.id: shot.transition for shot in storyboard.shots} | {TITLE: "page_turn"}
    found = [settings.transition or own[timing.shot] for timing in timings[:-1]]
    if found and timings[-1].shot == CREDITS:
        found[-1] = "fade"
    return found
