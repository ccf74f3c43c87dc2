"""Whether the reference is the same performance at another pitch, and the target's features at that pitch."""

from dataclasses import replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.analysis.modulation import alike_in_time
from soundstage.match.analysis.tuning import apart_cents

STEP_CENTS = 10.0
"""Of the shifts that are tried; a parabola through the best three tells what lies between."""

REACH_SEMITONES = 3.0
"""Up and down: as far as the pitch stage reaches."""

SHIFTED_HZ = (90.0, 1500.0)
"""Where the detail of spectra is compared: below, a line is wider than a semitone; above, partials crowd."""

DETAIL_OCTAVES = 0.2
"""Standard deviation of the Gaussian that tells envelope from detail: two and a half semitones, wider than a partial
and narrower than a formant."""

FOUND, SURER = 0.8, 0.2
"""Least correlation of the detail at the best shift, and by how much it must exceed that without a shift; chosen so
that the same song at its own pitch, and other songs, are not taken for transposed ones."""

SAME_TIMING = 0.8
"""Least correlation of the steps in level of one performance, chosen: parts of one song stay below."""

MOST_LAG = 30
"""Frames of the mel spectrogram, 5.6 s at 44.1 kHz, by which either recording may be late; and the least that both must
hold beside."""


def transposition(reference: FeatureArrays, target: FeatureArrays) -> float | None:
    """Semitones from the target to a reference that holds the same performance at another pitch; None if it does not.

    The same moments are loud, and the spectrum's fine detail agrees only after a shift along the logarithmic axis.
    """
    if not _same_timing(reference, target):
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


def transposed(features: FeatureArrays, semitones: float) -> FeatureArrays:
    """The features after a pitch shift that keeps formants: spectra whose detail moves and whose envelope stays."""
    octaves = np.log2(features.f_hz)

    def moved(levels_db: Floats) -> Floats:
        if not len(levels_db):
            return levels_db
        envelope = _smoothed(octaves, levels_db)
        return np.asarray(envelope + np.interp(octaves - semitones / 12, octaves, levels_db - envelope))

    return replace(features, mid_db=moved(features.mid_db), side_db=moved(features.side_db))


def _detail(features: FeatureArrays) -> Floats:
    """The spectrum without its envelope, dB, in steps of ``STEP_CENTS`` over ``SHIFTED_HZ``."""
    grid = np.arange(np.log2(SHIFTED_HZ[0]), np.log2(SHIFTED_HZ[1]), STEP_CENTS / 1200)
    fine = np.interp(grid, np.log2(features.f_hz), features.mid_db)
    return np.asarray(fine - _smoothed(grid, fine))


def _smoothed(octaves: Floats, levels_db: Floats) -> Floats:
    near = np.exp(-0.5 * ((octaves[:, None] - octaves) / DETAIL_OCTAVES) ** 2) * np.gradient(octaves)
    return np.asarray(near @ levels_db / near.sum(axis=1))


def _same_timing(reference: FeatureArrays, target: FeatureArrays) -> bool:
    """Whether the level rises and falls at the same times, but for a lag of up to ``MOST_LAG``."""
    if reference.mel_spectrogram is None or target.mel_spectrogram is None:
        return False
    one, other, _ = alike_in_time(reference.mel_spectrogram, target.mel_spectrogram)
    steps = [np.diff(levels, axis=0).mean(axis=1) for levels in (one, other)]
    lags = range(-MOST_LAG, MOST_LAG + 1)
    return max(_lagged_correlation(steps[0], steps[1], lag) for lag in lags) > SAME_TIMING


def _lagged_correlation(one: Floats, other: Floats, lag: int) -> float:
    one, other = (one[lag:], other) if lag >= 0 else (one, other[-lag:])
    frames = min(len(one), len(other))
    return _correlation(one[:frames], other[:frames]) if frames > MOST_LAG else 0.0


def _correlation(one: Floats, other: Floats) -> float:
    """Pearson's, of arrays [n]; 0 where either is constant."""
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > 1e-9 else 0.0  # dB²: less than any level moves
