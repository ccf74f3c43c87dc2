"""Whether the reference is the same performance at another pitch, and how the target would look at that pitch."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.modulation import alike_in_time
from soundstage.match.analysis.tuning import apart_cents
from soundstage.models.style import Features

STEP_CENTS = 10.0
REACH_SEMITONES = 3.0
SHIFTED_HZ = (90.0, 1500.0)
DETAIL_OCTAVES = 0.2
FOUND, SURER = 0.8, 0.2
SAME_TIMING = 0.8
MOST_LAG = 30


def transposition(reference: Features, target: Features) -> float | None:
    """Semitones from the target to a reference that holds the same performance at another pitch; None if it does not.

    The same moments are loud, and the spectrum's fine detail agrees only after a shift along the logarithmic axis.
    """
    if not _same_moments(reference, target):
        return None
    steps = round(100 * REACH_SEMITONES / STEP_CENTS)
    wanted, given = _detail(reference), _detail(target)
    inside = slice(steps, -steps)
    shifts = np.arange(-steps, steps + 1)
    likeness = np.array([_correlation(wanted[inside], np.roll(given, k)[inside]) for k in shifts])
    best = int(np.argmax(likeness))
    if likeness[best] < FOUND or likeness[best] < likeness[steps] + SURER or best in (0, 2 * steps):
        return None
    a, b, c = likeness[best - 1 : best + 2]
    semitones = float(shifts[best] + 0.5 * (a - c) / (a - 2 * b + c)) * STEP_CENTS / 100
    # Partials tell the hundredths of a semitone, once the spectra have told the semitones.
    cents = apart_cents(reference, target)
    return semitones if cents is None else round(semitones - cents / 100) + cents / 100


def transposed(features: Features, semitones: float) -> Features:
    """The features when the fine detail moves and the envelope stays, as a pitch shifter has it that keeps formants."""
    f_hz = np.array(features.spectrum.f_hz)
    octaves = np.log2(f_hz)
    moved = features.model_copy(deep=True)
    for levels in (moved.spectrum.mid_db, moved.spectrum.side_db):
        if levels:
            envelope = _smooth(octaves, np.array(levels))
            detail = np.interp(octaves - semitones / 12, octaves, np.array(levels) - envelope)
            levels[:] = (envelope + detail).tolist()
    return moved


def _detail(features: Features) -> Floats:
    """The spectrum without its envelope, in steps of ``STEP_CENTS``."""
    f_hz, levels = np.array(features.spectrum.f_hz), np.array(features.spectrum.mid_db)
    grid = np.arange(np.log2(SHIFTED_HZ[0]), np.log2(SHIFTED_HZ[1]), STEP_CENTS / 1200)
    fine = np.interp(grid, np.log2(f_hz), levels)
    return np.asarray(fine - _smooth(grid, fine))


def _smooth(octaves: Floats, levels: Floats) -> Floats:
    near = np.exp(-0.5 * ((octaves[:, None] - octaves) / DETAIL_OCTAVES) ** 2) * np.gradient(octaves)
    return np.asarray(near @ levels / near.sum(axis=1))


def _same_moments(reference: Features, target: Features) -> bool:
    """The level rises and falls at the same times, up to a lag of some seconds."""
    if reference.mel.frames is None or target.mel.frames is None:
        return False
    one, other, _ = alike_in_time(reference.mel.frames, target.mel.frames)
    steps = [np.diff(levels, axis=0).mean(axis=1) for levels in (one, other)]
    lags = range(-MOST_LAG, MOST_LAG + 1)
    return max(_lagged(steps[0], steps[1], lag) for lag in lags) > SAME_TIMING


def _lagged(one: Floats, other: Floats, lag: int) -> float:
    one, other = (one[lag:], other) if lag >= 0 else (one, other[-lag:])
    frames = min(len(one), len(other))
    return _correlation(one[:frames], other[:frames]) if frames > MOST_LAG else 0.0


def _correlation(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > 1e-9 else 0.0
