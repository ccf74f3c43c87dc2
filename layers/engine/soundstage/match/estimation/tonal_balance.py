"""Which part of a difference of spectra is an equaliser's, and which is only other music."""

from dataclasses import dataclass, replace

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.features import mel_centres_hz
from soundstage.match.analysis.level_distance import apart_db
from soundstage.match.analysis.modulation import alike_in_time, liveliness, lively_apart_db
from soundstage.match.analysis.onset_periodicity import same_pulse
from soundstage.match.estimation.eq_fit import Curve
from soundstage.match.estimation.evidence import between, heard
from soundstage.match.estimation.expected_response import (
    EQUALISERS,
    NARROW_TOO,
    TILTS,
    Difference,
    expectation,
    expected_response,
)
from soundstage.match.estimation.frame_matching import Moments
from soundstage.models.style import Features

SAME_PERFORMANCE_DB = 0.1
# Log odds of one song: (at none of the evidence, per likeness .1 above .8, per sign of strangeness, of the pulse).
# A logistic regression over parts of one song and over other songs, of two families of synthesised music.
ODDS, LIKE_ODDS, STRANGE_ODDS, PULSE_ODDS = 0.0, 1.2, -0.6, 3.5
CERTAINLY_NOT, LIKELY, CERTAINLY = 0.3, 0.5, 0.9
STRANGE_ROUGHNESS_DB, STRANGE_SPREAD_DB, STRANGE_LIVELINESS_DB = 1.3, 1.5, 3.0
LEAST_FRAMES = 4
UNLIKE_AMOUNT = 0.2
ROUGH_OVER_OCTAVES = 0.4
LEAST_DOUBT_DB = 0.1
DETAIL_HZ = (60.0, 8000.0)


@dataclass(frozen=True)
class Tone:
    """How two recordings differ in tone.

    Attributes:
        difference: reference over target, for the fit.
        same_performance: the difference is smooth to a fraction of a dB: the same notes were played.
        likeness: correlation of the spectra's fine detail, which no equaliser changes: the same song has above .9,
            but so have some songs in the same key.
        signs: how rough the difference is, and how differently levels spread, rise and fall: each about 1 where the
            likeliest other songs begin. Empty for one performance.
        same_pulse: do onsets repeat at the same intervals, −1 to 1; None where they do not repeat.
    """

    difference: Difference
    same_performance: bool
    likeness: float
    signs: tuple[float, ...]
    same_pulse: float | None

    @property
    def strangeness(self) -> float:
        """About 1 where the likeliest other songs begin."""
        return float(np.mean(self.signs)) if self.signs else 0.0

    @property
    def one_song(self) -> float:
        """How probable it is that both are parts of one song."""
        return 1.0 if self.same_performance else _one_song(self.likeness, self.signs, self.same_pulse)

    @property
    def confidence(self) -> float:
        """What part of the difference to believe, 0 to 1."""
        return UNLIKE_AMOUNT + (1 - UNLIKE_AMOUNT) * self.familiarity

    @property
    def familiarity(self) -> float:
        """0 where this is certainly other music, 1 where it certainly is the same song."""
        return float(between(self.one_song, CERTAINLY_NOT, CERTAINLY))


def compare_tone(reference: Features, target: Features) -> Tone:
    """Compare spectra; where either recording holds nothing, the difference counts for nothing."""
    f_hz = np.array(target.spectrum.f_hz)
    wanted_of = np.interp(f_hz, reference.spectrum.f_hz, reference.spectrum.mid_db)
    given = np.array(target.spectrum.mid_db)
    evidence = heard(wanted_of) * heard(given)
    audible = evidence > 0.5
    fine = wanted_of - given
    roughness = _roughness(fine[audible])
    likeness = _likeness(f_hz[audible], wanted_of[audible], given[audible])
    if roughness < SAME_PERFORMANCE_DB:
        noise_db2 = np.full(len(f_hz), (2 * max(roughness, 0.02)) ** 2)
        return Tone(Difference(f_hz, fine, noise_db2, evidence), True, likeness, (), 1.0)
    mel_hz = np.array(target.mel.f_hz)
    apart = _mel_levels(reference, mel_hz) - _mel_levels(target, mel_hz)
    evidence = np.interp(mel_hz, f_hz, evidence) * (mel_hz < 0.45 * min(reference.rate_hz, target.rate_hz))
    signs = _signs(reference, target, roughness)
    pulse = same_pulse(reference.dynamics.pulse, target.dynamics.pulse)
    likely = float(between(_one_song(likeness, signs, pulse), CERTAINLY_NOT, LIKELY))
    if likely:
        apart = apart + likely * _between_moments(reference, target, apart, evidence)
    return Tone(_difference(mel_hz, apart, evidence), False, likeness, signs, pulse)


def expected_tone(tone: Tone, rate_hz: int, *, asked: bool = False) -> Curve:
    """The equaliser to believe in: all of it where it is ``asked`` for, else the less and the broader, the more the
    music differs."""
    fine = expected_response(tone.difference, rate_hz, NARROW_TOO if tone.same_performance else EQUALISERS)
    if asked or tone.familiarity == 1.0:
        return fine
    broad = expected_response(tone.difference, rate_hz, TILTS)
    gain_db = tone.familiarity * fine.gain_db + (1 - tone.familiarity) * broad.gain_db
    return replace(fine, gain_db=tone.confidence * gain_db)


def tone_distance_db(reference: Features, target: Features, curve: Curve | None = None) -> float:
    """Mean |dB| between the percentiles of the mel bands when the target goes through ``curve``, after level."""
    mel_hz = np.array(target.mel.f_hz)
    inside = mel_hz < 0.45 * min(reference.rate_hz, target.rate_hz)
    moved = np.interp(mel_hz, curve.f_hz, curve.gain_db) if curve else np.zeros(len(mel_hz))
    given, wanted = (np.array(features.mel.levels_db)[:, inside] for features in (target, reference))
    return apart_db(given + moved[inside], wanted)


def _signs(reference: Features, target: Features, roughness_db: float) -> tuple[float, ...]:
    apart = np.array(reference.mel.levels_db) - np.array(target.mel.levels_db)
    signs = [roughness_db / STRANGE_ROUGHNESS_DB, float(np.abs(apart - apart.mean(axis=0)).mean()) / STRANGE_SPREAD_DB]
    if reference.mel.frames and target.mel.frames:
        one, other, _ = alike_in_time(reference.mel.frames, target.mel.frames)
        if min(len(one), len(other)) >= LEAST_FRAMES:
            signs.append(float(lively_apart_db(liveliness(one), liveliness(other)).mean()) / STRANGE_LIVELINESS_DB)
    return tuple(signs)


def _one_song(likeness: float, signs: tuple[float, ...], pulse: float | None) -> float:
    """Each kind of evidence counts so much at most: a quiet beginning is a strange sign, and no other song."""
    odds = ODDS + LIKE_ODDS * np.clip((likeness - 0.8) / 0.1, -3.0, 2.0)
    odds += STRANGE_ODDS * sum(np.clip(sign - 1, -1.0, 1.0) for sign in signs)
    if pulse is not None:
        odds += PULSE_ODDS * np.clip((pulse - 0.5) / 0.5, -1.0, 1.0)
    return float(1 / (1 + np.exp(-odds)))


def _between_moments(reference: Features, target: Features, apart: Floats, evidence: Floats) -> Floats:
    """What moments that sound alike add to ``apart``, as far as they agree with themselves.

    Alike moments of one song settle at once; where a second look finds as much again, they were not alike.
    """
    audible = evidence > 0.5
    if reference.mel.frames is None or target.mel.frames is None or audible.sum() < LEAST_FRAMES:
        return np.zeros(len(apart))
    moments = Moments(reference.mel.frames, target.mel.frames, audible)
    if not moments.tell():
        return np.zeros(len(apart))
    f_hz = mel_centres_hz()
    known = _smoothed(f_hz, apart, evidence)
    steps = np.zeros((2, len(apart)))
    for step in steps:
        step[audible] = moments.left_db((known + steps.sum(axis=0))[audible])
    first, second = (_size(_smoothed(f_hz, step, evidence)[audible]) for step in steps)
    settled = float(np.clip(1 - second / (first + 1e-9), 0.0, 1.0))
    return np.asarray(settled * (known + steps.sum(axis=0) - apart))


def _size(difference: Floats) -> float:
    return float(np.mean(np.abs(difference - np.median(difference))))


def _smoothed(f_hz: Floats, apart: Floats, evidence: Floats) -> Floats:
    return expectation(_difference(f_hz, apart, evidence), np.log2(f_hz))


def _difference(f_hz: Floats, apart: Floats, evidence: Floats) -> Difference:
    """What changes from band to band is no equaliser: how much of that is around a band says how far to trust it."""
    octaves = np.log2(f_hz)
    near = np.exp(-0.5 * (octaves[:, None] - octaves) ** 2 / ROUGH_OVER_OCTAVES**2) * evidence
    bend = np.diff(apart, 2, prepend=apart[0], append=apart[-1]) ** 2 / 6
    rough = near @ bend / (near.sum(axis=1) + 1e-9)
    return Difference(f_hz, apart, rough + LEAST_DOUBT_DB**2, evidence)


def _mel_levels(features: Features, mel_hz: Floats) -> Floats:
    """Mean power of the narrow bands, which lie as the recording's own rate has them, in each mel band, dB: [mel]."""
    f_hz = np.array(features.spectrum.f_hz)
    mel, centres = (2595 * np.log10(1 + hertz / 700) for hertz in (f_hz, mel_hz))
    step = centres[1] - centres[0]
    triangles = np.maximum(0.0, 1 - np.abs(centres[:, None] - mel) / step) * np.gradient(f_hz)
    power = triangles @ 10 ** (np.array(features.spectrum.mid_db) / 10) / (triangles.sum(axis=1) + 1e-12)
    return np.asarray(10 * np.log10(power + 1e-14))


def _roughness(difference: Floats) -> float:
    """Standard deviation of what changes from band to band: second differences, robustly, of white noise (√6 σ)."""
    if len(difference) < 8:
        return 10.0
    return float(np.median(np.abs(np.diff(difference, 2))) / 0.6745 / np.sqrt(6))


def _likeness(f_hz: Floats, one: Floats, other: Floats) -> float:
    inside = (f_hz > DETAIL_HZ[0]) & (f_hz < DETAIL_HZ[1])
    if inside.sum() < 20:
        return 0.0
    position = np.log2(f_hz)
    near = np.exp(-0.5 * ((position[:, None] - position) / 0.2) ** 2) * np.gradient(position)
    near /= near.sum(axis=1, keepdims=True)
    details = [(level - near @ level)[inside] for level in (one, other)]
    scale = float(np.std(details[0]) * np.std(details[1]))
    return float(np.mean(details[0] * details[1]) / scale) if scale > 1e-9 else 1.0
