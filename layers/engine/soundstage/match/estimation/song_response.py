"""The equaliser behind a difference of tone, as far as that is more than parts of one song have anyway.

What is seen is d = H + g + n, as in ``expected_response``; but between parts of a real song n, what is played, is as
large as most equalisers and as broad. How large it is shows in how unlike the nearest moments remain, in the spectra's
fine detail, and band by band in how much the tone of a song's own sections moves. It is known only roughly, and how
large H is not at all. So the expectation of H is taken for several sizes of either, each counted by how probable it
makes d (empirical Bayes: C. E. Rasmussen, C. K. I. Williams, op. cit., ch. 5). That nothing was done is the likeliest
beforehand: what is right already stays.
"""

import numpy as np

from soundstage.arrays import Floats
from soundstage.audio.decibels import db_to_power, power_to_db
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.estimation.expected_response import EQUALISERS, NOTHING, UNHEARD_DB, UNKNOWN_GAIN_DB, alike
from soundstage.match.estimation.frame_matching import Moments
from soundstage.match.estimation.tonal_balance import LEAST_FRAMES, Tone, difference_of, smoothed_db

MUSIC = ((0.3, 0.34), (0.8, 0.71), (2.5, 1.55))
"""How differences between what is played vary, as ``EQUALISERS`` have it, in units of their size."""

SIZE, BY_DETAIL, BY_MOMENTS, UNSURE = 1.5, 0.8, 3.0, 0.42
"""ln of that size, where details and moments are as unlike as usual; the powers of how unlike they are that it grows
with; and its deviation. Chosen on halves of five games' scores (``tests/bench/match_real``) by what is left of their
equalisers, and by how little moves where there is none (docs/measured.md)."""

USUALLY_UNLIKE, ALWAYS_UNLIKE = 0.55, 0.005
"""1 less the likeness of details, between parts of a real song; and what is added, since no two are the same."""

USUALLY_UNLIKE_DB, UNKNOWN_UNLIKE_DB = 2.2, 3.0
"""Between the nearest moments of parts of one song; and where there are too few moments to tell."""

SIZES = (-1.5, -0.75, 0.0, 0.75, 1.5)
"""Of what is played, in deviations."""

EQUALISED = ((0.0, 0.75), (0.3, 0.125), (0.6, 0.125))
"""Sizes of H beside ``EQUALISERS``, and how probable each is beforehand."""

SECTIONS, SECTION_OCTAVES = 6, 0.4
"""Of the first minute, whose tones say how much a song's tone moves by itself; and over how much they are averaged."""

USUALLY_MOVED_DB, LEAST_MOVED_DB, MOVED_COUNTS = 1.7, 0.3, 0.25
"""Deviation of a band between sections, usually and at least; and the power of it that differences grow with."""


def song_response_db(tone: Tone, reference: FeatureArrays, target: FeatureArrays, octaves: Floats) -> Floats:
    """The expectation of H, up to a gain, at log₂ of frequencies [n]: [n], dB."""
    apart_db, unlike_db = _between_moments(tone, reference, target)
    seen = difference_of(tone.difference.f_hz, apart_db, tone.difference.evidence)
    every = slice(None, None, 2)  # mel bands overlap
    known, apart_db, evidence = (
        np.log2(seen.f_hz)[every],
        seen.apart_db[every],
        np.maximum(seen.evidence, NOTHING)[every],
    )
    doubt = np.diag(seen.noise_db2[every] + (UNHEARD_DB * (1 - evidence) / evidence) ** 2) + UNKNOWN_GAIN_DB**2
    moved = movement(reference, target)[every]
    music = alike(known, known, MUSIC) * moved[:, None] * moved
    equaliser, wanted = alike(known, known, EQUALISERS), alike(octaves, known, EQUALISERS)
    detail = max(1 - tone.likeness, 0.0) + ALWAYS_UNLIKE
    size = SIZE + BY_DETAIL * np.log(min(detail, 1.0) / USUALLY_UNLIKE)
    size += BY_MOMENTS * np.log(unlike_db / USUALLY_UNLIKE_DB)
    log_odds, means = [], []
    for deviations in SIZES:
        played = np.exp(2 * (size + UNSURE * deviations)) * music + doubt
        for share, probability in EQUALISED:
            covariance = played + share**2 * equaliser
            solved = np.linalg.solve(covariance, apart_db)
            fits = -0.5 * (apart_db @ solved + np.linalg.slogdet(covariance)[1])
            log_odds.append(fits - 0.5 * deviations**2 + np.log(probability))
            means.append(share**2 * wanted @ solved)
    weights = np.exp(np.array(log_odds) - max(log_odds))
    return np.asarray(weights @ np.array(means) / weights.sum())


def movement(reference: FeatureArrays, target: FeatureArrays) -> Floats:
    """How much more than usual the tone of both recordings moves from section to section: [MEL_BANDS], around 1."""
    sections = [_section_tones_db(features) for features in (reference, target)]
    known = [tones_db.var(axis=0, ddof=1) for tones_db in sections if tones_db is not None]
    if len(known) < len(sections):
        return np.ones(len(target.mel_hz))
    moved_db = np.sqrt(np.mean(known, axis=0))
    return np.asarray((np.maximum(moved_db, LEAST_MOVED_DB) / USUALLY_MOVED_DB) ** MOVED_COUNTS)


def _section_tones_db(features: FeatureArrays) -> Floats | None:
    """Of each section of the first minute, dB around its mean: [SECTIONS, MEL_BANDS]; None where that is short."""
    if features.mel_spectrogram is None or len(features.mel_spectrogram.levels_db) < SECTIONS * LEAST_FRAMES:
        return None
    levels_db, octaves = features.mel_spectrogram.levels_db, np.log2(features.mel_hz)
    power = db_to_power(levels_db[: len(levels_db) // SECTIONS * SECTIONS]).reshape(SECTIONS, -1, len(octaves))
    near = np.exp(-0.5 * ((octaves[:, None] - octaves) / SECTION_OCTAVES) ** 2) * np.gradient(octaves)
    tones_db = power_to_db(power.mean(axis=1)) @ (near / near.sum(axis=1, keepdims=True)).T
    return np.asarray(tones_db - np.average(tones_db, axis=1, weights=np.gradient(octaves))[:, None])


def _between_moments(tone: Tone, reference: FeatureArrays, target: FeatureArrays) -> tuple[Floats, float]:
    """The difference of tone by moments that sound alike [MEL_BANDS], dB, and how unlike they remain, dB."""
    f_hz, apart_db, evidence = tone.difference.f_hz, tone.difference.apart_db, tone.difference.evidence
    audible = evidence > 0.5
    if reference.mel_spectrogram is None or target.mel_spectrogram is None or audible.sum() < LEAST_FRAMES:
        return apart_db, UNKNOWN_UNLIKE_DB
    moments = Moments(reference.mel_spectrogram, target.mel_spectrogram, audible)
    if not moments.tell():
        return apart_db, UNKNOWN_UNLIKE_DB
    known_db, unlike_db = smoothed_db(f_hz, apart_db, evidence), UNKNOWN_UNLIKE_DB
    for _ in range(2):
        left_db, unlike_db = moments.left_db(known_db[audible])
        known_db[audible] += left_db
    return known_db, unlike_db
