"""A short part of the target on which a style is tried before all of it is rendered, and its distance then.

Features predict what an equaliser and a width do, but not quite what a compressor, a tail, made harmonics and a limiter
do. So the part is rendered, measured and compared.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.audio.decibels import power_to_db
from soundstage.audio.io import Audio
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.spectrum import rfft_single
from soundstage.audio.stereo import middle
from soundstage.audio.streams import MemoryReader, MemoryWriter
from soundstage.match.analysis.alignment import Aligned
from soundstage.match.analysis.bands import FFT_SIZE, mel_bands
from soundstage.match.analysis.level_distance import level_distance_db
from soundstage.match.rendering.render import render_measured
from soundstage.models.style import StyleParams

Distance = Callable[[Samples], float]
"""Takes a rendering of the part, [frames, channels]; returns its distance from the reference, dB."""

TRIAL_S = 12.0
"""Of the part, chosen: half a verse, rendered in a fraction of a second."""

LEAST_FRAMES = 4
"""Transforms that a part must fill."""

FLOOR_DB, NO_POWER = -100.0, 1e-30
"""Of levels of single frames, relative to the loudest; and the least loudest power, for silence."""


@dataclass(frozen=True)
class Trial:
    """A part of the target, and how far renderings of it are from the reference.

    Attributes:
        part: [frames, channels] at ``rate_hz``.
        distance: of a rendering of ``part``, dB.
    """

    part: Samples
    rate_hz: int
    distance: Distance


def trial_by_frames(aligned: Aligned) -> Trial | None:
    """The middle of two recordings of one performance, of which every moment is compared.

    None where it is too short, or silent.
    """
    rate_hz, frames = aligned.rate_hz, round(TRIAL_S * aligned.rate_hz)
    start = max(0, (len(aligned.target) - frames) // 2)
    part, wanted = (sound[start : start + frames].copy() for sound in (aligned.target, aligned.reference))
    if not _sounds(part):
        return None
    wanted_db = _frame_levels_db(wanted, rate_hz)

    def distance(rendered: Samples) -> float:
        return level_distance_db(_frame_levels_db(rendered, rate_hz), wanted_db)

    return Trial(part, rate_hz, distance)


def render_trial(params: StyleParams, trial: Trial) -> float:
    """Render the part, as much louder as all of the target is going to be: its distance from the reference, dB."""
    lufs, now = None, params.input_lufs
    if params.lufs is not None and params.input_lufs is not None:
        now = measure_loudness(trial.part, trial.rate_hz).integrated_lufs
        if np.isfinite(now):
            target_db = params.lufs.target_db + now - params.input_lufs
            lufs = params.lufs.model_copy(update={"target_db": target_db})
    style = params.model_copy(update={"lufs": lufs, "input_lufs": now if lufs else params.input_lufs})
    writer = MemoryWriter()
    render_measured(MemoryReader(Audio(trial.part, trial.rate_hz)), writer, style)
    assert writer.audio is not None  # noqa: S101 - the render has ended
    return trial.distance(writer.audio.samples[: len(trial.part)])  # without what a room rings on


def _sounds(part: Samples) -> bool:
    return len(part) >= LEAST_FRAMES * FFT_SIZE and bool(part.any())


def _frame_levels_db(sound: Samples, rate_hz: int) -> Floats:
    """Levels of the mel bands of the middle in every frame, relative to the loudest: [frames, bands]."""
    frames = middle(sound[: len(sound) // FFT_SIZE * FFT_SIZE]).reshape(-1, FFT_SIZE)
    bins = rfft_single(frames * np.hanning(FFT_SIZE).astype(np.float32))
    bands = mel_bands(rate_hz)
    power = bands.sums(bins.real**2 + bins.imag**2)[:, bands.filled]
    return power_to_db(power / max(float(power.max()), NO_POWER), FLOOR_DB)
