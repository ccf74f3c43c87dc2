"""The files of a bundle: a clip of every shot with its handles and no subtitles, and the film's sound in stems."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel

from soundstage.audio.io import AudioReader
from soundstage.audio.streams import FileWriter
from soundstage.film.cutting import FilmSound, SegmentFile, placed_in_film
from soundstage.film.export.edit import Change, handles
from soundstage.film.making import Making, Plan
from soundstage.film.mix import Gains, write_stems
from soundstage.film.part_store import Part, WrittenFile, fingerprint_of
from soundstage.film.segments import SegmentJob
from soundstage.film.timeline import Segment, Stretch
from soundstage.models.film import MIX_RATE_HZ, Encoding, ShotTiming, Speech
from soundstage.models.story import PartId

MEDIA = Encoding(codec="h264", rate_control="crf", crf=16)
"""H.264, which every editing program reads, and finer than the film: it is encoded once more after editing."""
VERSION = 1
CLIPS_SHARE, STEMS_SHARE = 0.8, 0.1
"""Of the time that a bundle takes; the rest goes into writing it."""


class Stems(BaseModel):
    """Names of WAV files: of the whole film, and the narration of each shot by its id, as long as the shot."""

    whole: list[str]
    by_shot: dict[PartId, str]


def shot_clips(
    making: Making, plan: Plan, changes: Sequence[Change], pool: ThreadPoolExecutor
) -> list[Part[SegmentFile]]:
    """A clip of each shot and card, in order. Raises EncodingFailed, DependencyUnavailable."""
    form = replace(making.form, encoding=MEDIA)

    def clip(number: int, timing: ShotTiming) -> Part[SegmentFile]:
        before, after = handles(timing, changes)
        segment = Segment(0, before + timing.frames + after, (Stretch(timing.shot, -before, timing.frames),))
        job = SegmentJob(segment, plan.scenes, [], form, "none", plan.cut_typeface)

        def make(folder: Path) -> SegmentFile:
            job.render(folder / "segment.mp4")
            written = WrittenFile.of(folder / "segment.mp4")
            return SegmentFile(**written.model_dump(), frames=segment.frames)

        part = making.store.obtain("segment", job.fingerprint, SegmentFile, make)
        making.record(f"bundle clip {number}", part, "embedded")
        making.advance("bundle", CLIPS_SHARE / len(plan.timings))
        return part

    return list(pool.map(clip, range(1, len(plan.timings) + 1), plan.timings))


def stems(
    making: Making,
    plan: Plan,
    speeches: Mapping[PartId, Part[Speech]],
    music: Part[WrittenFile] | None,
    sound: Part[FilmSound],
) -> Part[Stems]:
    """The stems of the film's sound, at its levels."""
    settings = making.settings

    def make(folder: Path) -> Stems:
        whole = write_stems(
            folder,
            placed_in_film(plan.timings, speeches),
            None if music is None else music.folder / music.value.file,
            Gains(sound.value.speech_gain_db, sound.value.music_gain_db),
            duration_s=plan.frames / settings.fps,
            settings=settings,
        )
        spoken = [timing for timing in plan.timings if timing.shot in speeches]
        by_shot = {timing.shot: f"{timing.shot}-narration.wav" for timing in spoken}
        for timing in spoken:
            _cut(folder / "narration.wav", folder / by_shot[timing.shot], timing, settings.fps)
        return Stems(whole=[path.name for path in whole], by_shot=by_shot)

    part = making.store.obtain("stems", fingerprint_of([VERSION, sound.fingerprint]), Stems, make)
    making.record("bundle stems", part, "embedded")
    making.advance("bundle", STEMS_SHARE)
    return part


def _cut(whole: Path, path: Path, timing: ShotTiming, fps: int) -> None:
    """The sound of one shot, from its first frame to its last. 48 kHz is a whole number of samples a frame."""
    per_frame = MIX_RATE_HZ // fps
    left = timing.frames * per_frame
    with AudioReader(whole) as reader, FileWriter(path) as writer:
        writer.begin(reader.rate_hz, reader.channels)
        reader.skip(timing.first_frame * per_frame)
        for block in reader.blocks():
            writer.write(block[:left])
            left -= min(left, len(block))
            if not left:
                break
        writer.end()
