"""Music for a film that is told, from its sections' moods. The same request gives the same samples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from soundstage.arrays import Samples
from soundstage.audio.decibels import db_to_amplitude, db_to_power, power_to_db
from soundstage.audio.dynamics import TruePeakLimiter
from soundstage.audio.loudness import LoudnessMeter
from soundstage.audio.resample import QUALITY
from soundstage.audio.streams import FileWriter, spool
from soundstage.models.film import MIX_RATE_HZ, FilmSection, ScoreRequest
from soundstage.music.instruments.modal_synthesis import RATE_HZ
from soundstage.music.scoring.harmony import ScenePlan, plan_harmony
from soundstage.music.scoring.leitmotif import Leitmotif, invent_motif, seeds_of
from soundstage.music.scoring.moods import STYLES
from soundstage.music.scoring.parts import FilmParts, write_parts
from soundstage.music.scoring.playback import perform, play
from soundstage.music.scoring.timing import Bar, Clock, lay_bars, scenes_of

TARGET_LUFS, CEILING_DBTP = -20.0, -2.0
"""Integrated loudness of the whole, and its true peak: a film's mix lays it under the voice from there."""
DB_PER_TENSION, USUAL_TENSION, MAX_AUTOMATION_DB = 0.8, 5.0, 9.0
"""Louder by so much for each step of tension: 7 dB from the calmest to the most tense, which voices still stand above;
and the most that a section's level is changed for it."""
RIDE_S, QUIET_LUFS = 0.35, -60.0  # in which a level changes; what is softer is silence
FADE_IN_S, FADE_OUT_S = 0.02, 3.5  # the last chord rings and fades
TAIL_S = 0.05  # rendered past the end, for the resampler


@dataclass(frozen=True)
class FilmScore:
    """A film's music as written: its leitmotif, the plan of each scene, bars and parts."""

    sections: tuple[FilmSection, ...]
    motif: Leitmotif
    scenes: tuple[ScenePlan, ...]
    bars: tuple[Bar, ...]
    parts: FilmParts
    seed: tuple[int, ...]

    @property
    def duration_s(self) -> float:
        return self.sections[-1].end_s


def compose_score(request: ScoreRequest) -> FilmScore:
    """Compose a film's music.

    Raises:
        InvalidInput: the sections do not follow each other from 0 s, or one of them is not possible.
    """
    scenes = scenes_of(request.sections)
    seeds = seeds_of(request.title, request.seed)
    rng = np.random.default_rng([*seeds, 1])
    motif = invent_motif(rng)
    bars: list[list[Bar]] = []
    for scene in scenes:
        first_beat = bars[-1][-1].beat + bars[-1][-1].beats if bars else 0
        bars.append(lay_bars(scene, STYLES[scene.mood].tempo, first_beat))
    plans = plan_harmony(scenes, bars, rng)
    flat = tuple(bar for scene_bars in bars for bar in scene_bars)
    clock = Clock(flat)

    def told(beat: float) -> bool:
        at_s, spoken_s = clock.seconds(beat), request.spoken_s
        return spoken_s is None or any(start_s <= at_s < end_s for start_s, end_s in spoken_s)

    return FilmScore(request.sections, motif, tuple(plans), flat, write_parts(plans, motif, told, rng), tuple(seeds))


def write_score(path: Path, score: FilmScore, *, rate_hz: int = MIX_RATE_HZ) -> None:
    """The score's sound as a WAV file of 24 bits at about −20 LUFS, in memory that does not grow with the film."""
    with FileWriter(path) as writer:
        writer.begin(rate_hz, 2)
        for block in play_score(score, rate_hz):
            writer.write(block)
        writer.end()


def play_score(score: FilmScore, rate_hz: int) -> Iterator[Samples]:
    """The score's sound in blocks of float32 [frames, 2], ``round(duration_s · rate_hz)`` frames in all.

    It is played to disk, measured section by section, and brought to the level of each section's tension.
    """
    frames = round(score.duration_s * rate_hz)
    rendered = round((score.duration_s + TAIL_S) * RATE_HZ)
    sounds = perform(score.parts, Clock(score.bars), score.seed)
    with spool(2) as kept:
        levels = _SectionLevels(score.sections)
        for block in play(sounds, rendered, score.seed):
            levels.process(block)
            kept.write(block)
        times_s, gains_db = levels.automation()
        limiter = TruePeakLimiter(rate_hz, 2, CEILING_DBTP)
        converter = soxr.ResampleStream(RATE_HZ, rate_hz, 2, dtype="float32", quality=QUALITY)
        done = came = 0
        for block in kept.blocks():
            gain_db = np.interp((came + np.arange(len(block))) / RATE_HZ, times_s, gains_db)
            came += len(block)
            balanced = block * db_to_amplitude(gain_db)[:, None].astype(np.float32)
            converted = converter.resample_chunk(balanced, last=came == rendered)[: frames - done]
            if not len(converted):
                continue
            faded = converted * _fades(done, len(converted), frames, rate_hz)
            done += len(converted)
            yield limiter.process(faded, last=done == frames)


class _SectionLevels:
    """Measures the loudness of each section, and says which gain brings it where its tension wants it."""

    def __init__(self, sections: Sequence[FilmSection]) -> None:
        self._sections = sections
        self._levels_lufs: list[float] = []
        self._meter = LoudnessMeter(RATE_HZ, 2)
        self._at = 0

    def process(self, block: Samples) -> None:
        """Take the next [frames, 2] at 44.1 kHz."""
        while len(block) and len(self._levels_lufs) < len(self._sections):
            left = round(self._sections[len(self._levels_lufs)].end_s * RATE_HZ) - self._at
            self._meter.process(block[:left])
            self._at += min(left, len(block))
            if left <= len(block):
                self._levels_lufs.append(max(self._meter.result().integrated_lufs, QUIET_LUFS))
                self._meter = LoudnessMeter(RATE_HZ, 2)
            block = block[left:]

    def automation(self) -> tuple[list[float], list[float]]:
        """Corners of the gain: times in seconds, dB; a change is over when the section begins."""
        measured = np.array(self._levels_lufs)
        tension = np.array([section.tension for section in self._sections])
        wanted = TARGET_LUFS + DB_PER_TENSION * (tension - USUAL_TENSION)
        gains = np.clip(wanted - measured, -MAX_AUTOMATION_DB, MAX_AUTOMATION_DB)
        lengths = np.array([section.duration_s for section in self._sections])
        whole = power_to_db(float(np.average(db_to_power(measured + gains), weights=lengths)))
        gains = gains + TARGET_LUFS - whole
        times_s, levels = [0.0], [float(gains[0])]
        for section, before, gain in zip(self._sections[1:], gains, gains[1:], strict=False):
            times_s += [section.start_s - RIDE_S, section.start_s]
            levels += [float(before), float(gain)]
        return times_s, levels


def _fades(first: int, count: int, frames: int, rate_hz: int) -> Samples:
    """Gain at the film's ends, float32 [count, 1]: raised cosines."""
    at = first + np.arange(count)
    rise = np.clip((at + 0.5) / (FADE_IN_S * rate_hz), 0.0, 1.0)
    fall = np.clip((frames - 0.5 - at) / (FADE_OUT_S * rate_hz), 0.0, 1.0)
    return np.asarray((0.5 - 0.5 * np.cos(np.pi * np.minimum(rise, fall)))[:, None], np.float32)
