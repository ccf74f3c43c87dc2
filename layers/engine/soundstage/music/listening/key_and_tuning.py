"""Key, tuning and notes, decoded jointly: which note a pitch between two semitones is depends on all the others.

For each of 24 keys a hidden Markov model runs over the notes. Its state is (note, tuning): the nearest three notes, and
how far the voice has drifted from concert pitch, which may change a little from note to note. A note is likely when
its degree is (profiles below), when it lies near the last one (singers step more than they leap), and when its pitch
agrees with the tuning. A tonic is a pitch, not a name: G a little sharp and A flat very flat are one hypothesis, and
their evidence is added up. The tonic and mode with the most evidence win; each note becomes the most probable one.

Arrays: [notes, keys, tunings, candidates], where keys are 12 major, then 12 minor, by tonic; tunings go from −1.2 to
1.2 semitones in steps of .1; candidates are the three nearest notes.
"""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats
from soundstage.models.music import Key, Mode
from soundstage.music.listening.repeats import repeated_notes
from soundstage.music.listening.transcription import SungNote

TONIC_NAMES: tuple[str, ...] = get_args(Key.model_fields["tonic"].annotation)
# Share of each semitone above the tonic in sung melodies, after the Essen folk song counts of Temperley (2007, ch. 4).
MAJOR_PROFILE = (0.184, 0.002, 0.155, 0.004, 0.191, 0.109, 0.006, 0.214, 0.002, 0.078, 0.005, 0.050)
MINOR_PROFILE = (0.190, 0.003, 0.147, 0.177, 0.003, 0.142, 0.004, 0.199, 0.037, 0.024, 0.050, 0.024)
MODE_PRIOR = (0.64, 0.36)  # major, minor; no source
# Melodies open on the tonic, the third or the fifth and close on the tonic, or where a person stops early: on any note
# that ends a phrase. One recording in eight begins in the middle of a tune, on any of the twelve. Shares by semitone
# above the tonic, set with the decoder; no source.
FIRST_PROFILE = (0.269, 0.014, 0.062, 0.070, 0.122, 0.053, 0.014, 0.303, 0.019, 0.027, 0.019, 0.027)
LAST_PROFILE = (0.62, 0.004, 0.07, 0.07, 0.07, 0.03, 0.004, 0.12, 0.006, 0.02, 0.012, 0.012)
PHRASE_END_PROFILE = (0.42, 0.004, 0.13, 0.08, 0.10, 0.03, 0.004, 0.18, 0.01, 0.02, 0.015, 0.02)
# A note ends a phrase with even odds where the next one is 1.2 octaves (log 2) later than the median interval, a gap
# counting up to 1.5 octaves more; the log odds change by 4 an octave.
PHRASE_END_OCTAVES, GAP_OCTAVES, LOG_ODDS_PER_OCTAVE = 1.2, 1.5, 4.0
TUNING_STEP, TUNING_REACH = 0.1, 1.2  # semitones
TUNING_MOVE_COST = 2.8  # log likelihood of moving one step from a note to the next; chosen on singers who drift
SAME_TONIC_STEPS = 3  # tunings so near each other are one hypothesis
START_REACH = 0.45  # semitones from the tonic's own tuning in which the first note may be
# Standard deviation of singers from the note meant, semitones: steady, usual, and wild.
PITCH_SPREADS = (0.12, 0.24, 0.38)
OUTLIER_LIKELIHOOD = 0.004  # of a deviation of any size, falling by 1/e a semitone
# Likelihood of a note 0 to 13 semitones and more from the last one (after Essen folk songs; von Hippel 2000).
LEAP_PROFILE = (0.34, 0.37, 0.46, 0.20, 0.17, 0.09, 0.01, 0.05, 0.012, 0.012, 0.005, 0.002, 0.012, 0.001)
# Mean deviation of a singer, semitones: its estimate from the first decoding, and its range.
DEVIATION_FACTOR, DEVIATION_RANGE = 1.25, (0.05, 0.45)
MAX_POOLED = 3.0  # notes averaged count as so many at most: a singer errs alike in repeats
# Weight of a note: its duration over the median to the power of .5, from .6 to 1.6.
WEIGHT_EXPONENT, WEIGHT_RANGE = 0.5, (0.6, 1.6)
# Tonal stability by semitone above the tonic: of the notes of its triad.
STABILITY = {Mode.MAJOR: {0: 1.0, 7: 0.7, 4: 0.6}, Mode.MINOR: {0: 1.0, 7: 0.7, 3: 0.6}}


@dataclass(frozen=True)
class _EndWeights:
    """Weights of the profiles of first note, last note and phrase ends beside that of all notes."""

    first: float
    last: float
    phrase_end: float


# Notes say less about a key than their number suggests, for each depends on the others; where a melody begins and rests
# says more (a conditional logit over beginnings of 79 tunes, tunes held out).
# What the key says about a note counts for less than what was sung: people stray, and keys are mistaken (chosen on
# sight-singers; hums that stray by 40 cents lose 1 % of their notes by it).
KEY_WEIGHT_FOR_NOTES = 0.7
# Log evidence is divided by this before it is told as a probability: notes depend on each other, so that together they
# say less than their product. On 30 sight-singers of part "tune" the log loss is least at 1.8 for beginnings of their
# songs, and at 2.2 with stretches from the middle (``tests.bench.music_keys``).
CONFIDENCE_TEMPERATURE = 1.9
ENDS_FOR_KEY, ENDS_FOR_NOTES = _EndWeights(2.0, 1.1, 0.8), _EndWeights(1.0, 0.8, 0.3)


@dataclass(frozen=True)
class Tonality:
    """``midi`` [notes]: the notes meant; ``tuning`` [notes]: offset from A4 = 440 Hz at each, semitones;
    ``confidence``: probability of the key, 0 to 1, so that singers' keys told with .8 are right in 80 %; ``rival``: the
    next most likely key, and ``rival_confidence`` its probability.
    """

    key: Key
    confidence: float
    midi: list[int]
    tuning: Floats
    rival: Key
    rival_confidence: float


def decode_tonality(notes: list[SungNote]) -> Tonality:
    """Decode at least one note; then once more with the pitches of repeated notes averaged.

    Raises:
        ValueError: no notes.
    """
    if not notes:
        raise ValueError("there are no notes to decode")
    pitch = np.array([note.pitch for note in notes])
    weight, phrase_end = _weights(notes), _phrase_ends(notes)
    first = _decode(pitch, np.ones(len(pitch)), weight, phrase_end)
    in_tune = pitch - first.tuning
    deviation = float(np.clip(DEVIATION_FACTOR * np.mean(np.abs(in_tune - first.midi)), *DEVIATION_RANGE))
    same = repeated_notes(in_tune, np.array([note.onset_s for note in notes]), deviation)
    count = same.sum(axis=1).astype(np.float64)
    if count.max() == 1:
        return first
    return _decode(same @ in_tune / count + first.tuning, count, weight, phrase_end)


def _decode(pitch: Floats, count: Floats, weight: Floats, phrase_end: Floats) -> Tonality:
    """``pitch`` [notes] is each the mean of ``count`` notes that are meant to be the same."""
    reach = round(TUNING_REACH / TUNING_STEP)
    offsets = np.arange(-reach, reach + 1, dtype=np.float64) * TUNING_STEP
    candidates = np.round(pitch[:, None] - offsets)[:, :, None] + np.arange(-1, 2)  # [notes, tunings, candidates]
    midi = candidates.astype(np.int64)
    deviation = pitch[:, None, None] - offsets[None, :, None] - candidates
    degrees = _degree_likelihood(midi, weight, phrase_end, ENDS_FOR_KEY)
    leaps = [_leap_likelihood(before, after) for before, after in itertools.pairwise(midi)]
    steadiness = np.sqrt(np.minimum(count, MAX_POOLED))[:, None, None]
    fits = [
        np.log(
            np.exp(-0.5 * (deviation * steadiness / spread) ** 2) / spread
            + OUTLIER_LIKELIHOOD * np.exp(-np.abs(deviation))
        )
        for spread in PITCH_SPREADS
    ]
    log_evidence = [_evidence(fit[:, None] + degrees, leaps).log_evidence for fit in fits]
    spread = int(np.argmax([by_key.max() for by_key in log_evidence]))
    (tonic, mode, confidence), (rival_tonic, rival_mode, rival_confidence) = _best_tonics(log_evidence[spread], reach)
    key = 12 * mode + round(tonic) % 12
    degrees = _degree_likelihood(midi, weight, phrase_end, ENDS_FOR_NOTES)[:, [key]]
    evidence = _evidence(fits[spread][:, None] + KEY_WEIGHT_FOR_NOTES * degrees, leaps)
    start = np.abs(offsets - (tonic - round(tonic))) < START_REACH
    intended, posterior = _most_probable(midi, evidence, start, leaps)
    tuning = posterior @ offsets
    # The tuning may have settled a semitone away from concert pitch; names follow the average singer.
    shift = round(float(np.average(tuning, weights=weight)))
    return Tonality(
        key=_key(round(tonic) + shift, mode),
        rival=_key(round(rival_tonic) + shift, rival_mode),
        rival_confidence=rival_confidence,
        confidence=confidence,
        midi=[int(m) + shift for m in intended],
        tuning=tuning - shift,
    )


def tonal_stability(tonality: Tonality) -> Floats:
    """Stability of each note in its key, 0 to 1: the tonic most, then the fifth and the third. [notes]"""
    by_degree = np.zeros(12)
    for degree, stability in STABILITY[tonality.key.mode].items():
        by_degree[degree] = stability
    return np.asarray(by_degree[(np.array(tonality.midi) - TONIC_NAMES.index(tonality.key.tonic)) % 12])


def _weights(notes: list[SungNote]) -> Floats:
    """Weight of each note by its duration: long notes say more about the key than passing ones. [notes], about 1"""
    duration_s = np.array([note.duration_s for note in notes])
    return np.asarray(np.clip((duration_s / np.median(duration_s)) ** WEIGHT_EXPONENT, *WEIGHT_RANGE))


def _phrase_ends(notes: list[SungNote]) -> Floats:
    """Probability that a phrase ends on each note, by how late the next one begins; the last note has its own profile.
    [notes]
    """
    if len(notes) < 3:
        return np.zeros(len(notes))
    interval_s = np.array([after.onset_s - before.onset_s for before, after in itertools.pairwise(notes)])
    gap_s = np.array([after.onset_s - before.offset_s for before, after in itertools.pairwise(notes)])
    median_s = float(np.median(interval_s))
    octaves = np.log2(np.maximum(interval_s, 1e-3) / median_s) + GAP_OCTAVES * np.clip(gap_s / median_s, 0.0, 1.0)
    return np.append(1 / (1 + np.exp(-LOG_ODDS_PER_OCTAVE * (octaves - PHRASE_END_OCTAVES))), 0.0)


@cache
def _log_profiles() -> tuple[Floats, Floats]:
    """Log share of each degree, and log of the sum over all that may follow it, [modes, degrees] each.

    Subtracting the second normalises the transitions, so that no degree gains by its neighbours alone.
    """
    shares = np.array([MAJOR_PROFILE, MINOR_PROFILE])
    shares /= shares.sum(axis=1, keepdims=True)
    leaps = np.arange(1 - len(LEAP_PROFILE), len(LEAP_PROFILE))
    landing = shares[:, (np.arange(12)[:, None] + leaps) % 12]
    following = landing @ np.array(LEAP_PROFILE)[np.abs(leaps)]
    return np.log(shares), np.log(following)


def _degree_likelihood(midi: NDArray[np.int64], weight: Floats, phrase_end: Floats, ends: _EndWeights) -> Floats:
    """Log likelihood of each candidate as a degree of each key, [notes, keys, tunings, candidates]."""
    keys = np.arange(24)[None, :, None, None]
    mode = keys // 12
    degree = (midi[:, None] - keys % 12) % 12
    profiles, following = _log_profiles()
    share = profiles[mode, degree]
    likelihood = weight[:, None, None, None] * share
    likelihood[:-1] -= following[mode, degree][:-1]
    likelihood[0] += np.log(np.array(MODE_PRIOR))[mode][0]
    if len(midi) > 2:
        ending = np.log(np.array(PHRASE_END_PROFILE))[degree] - share
        likelihood += ends.phrase_end * phrase_end[:, None, None, None] * ending
        likelihood[-1] += ends.last * weight[-1] * np.log(np.array(LAST_PROFILE))[degree[-1]]
        likelihood[0] += ends.first * np.log(np.array(FIRST_PROFILE))[degree[0]]
    return np.asarray(likelihood)


@dataclass(frozen=True)
class _Evidence:
    """``likelihood`` of each state by itself, ``backward`` of all that follows it: [notes, keys, tunings, candidates],
    each note to its own scale. ``log_evidence`` [keys, tunings]: of each key and the tuning of its first note.
    """

    likelihood: Floats
    backward: Floats
    log_evidence: Floats


def _evidence(emission: Floats, leaps: list[Floats]) -> _Evidence:
    """The backward pass (Rabiner 1989) over all keys at once; ``emission`` [notes, keys, tunings, candidates], log."""
    count, keys, tunings, choices = emission.shape
    scale = emission.max(axis=(1, 2, 3), keepdims=True)
    likelihood = np.exp(emission - scale)
    log_scale = float(scale.sum())
    backward = np.empty_like(likelihood)
    backward[-1] = 1.0
    for i in range(count - 1, 0, -1):
        onward = (likelihood[i] * backward[i]).reshape(keys, -1) @ leaps[i - 1].T
        top = onward.max()
        backward[i - 1] = (onward / top).reshape(keys, tunings, choices)
        log_scale += float(np.log(top))
    with np.errstate(divide="ignore"):
        return _Evidence(likelihood, backward, np.log((likelihood[0] * backward[0]).sum(axis=2)) + log_scale)


def _key(tonic: int, mode: int) -> Key:
    return Key(tonic=TONIC_NAMES[tonic % 12], mode=Mode.MAJOR if mode == 0 else Mode.MINOR)


def _best_tonics(log_evidence: Floats, reach: int) -> tuple[tuple[float, int, float], tuple[float, int, float]]:
    """Tonic in semitones above C, mode (0 major, 1 minor) and probability of the key with the most evidence, and of the
    most likely other one.

    Each tonic between two names counts once, under the name that is half a semitone away at most.
    """
    half = round(0.5 / TUNING_STEP)
    one_name = log_evidence[:, reach - half : reach + half].reshape(2, -1) - log_evidence.max()
    evidence = _around(np.exp(one_name), SAME_TONIC_STEPS)
    share = np.exp(one_name / CONFIDENCE_TEMPERATURE)
    probability = np.minimum(_around(share / share.sum(), half), 1.0)
    mode, place = (int(at) for at in np.unravel_index(int(evidence.argmax()), evidence.shape))
    others = evidence.copy()
    others[mode, (place + np.arange(-2 * half + 1, 2 * half)) % evidence.shape[1]] = -1.0
    rival_mode, rival_place = (int(at) for at in np.unravel_index(int(others.argmax()), evidence.shape))
    return (
        ((place - half) * TUNING_STEP, mode, float(probability[mode, place])),
        ((rival_place - half) * TUNING_STEP, rival_mode, float(probability[rival_mode, rival_place])),
    )


def _around(by_tonic: Floats, steps: int) -> Floats:
    """Sum over so many steps of tuning on either side, round the octave. [modes, tonics]"""
    return np.asarray(sum(np.roll(by_tonic, step, axis=1) for step in range(-steps, steps + 1)))


def _most_probable(
    midi: NDArray[np.int64], evidence: _Evidence, start: NDArray[np.bool_], leaps: list[Floats]
) -> tuple[NDArray[np.int64], Floats]:
    """Each note's most probable pitch in the one key of ``evidence`` (right more often than the best path's), and the
    probability of each tuning, [notes, tunings]. ``start`` [tunings]: where the tuning may begin.
    """
    count, tunings, _ = midi.shape
    intended, tuning = np.zeros(count, np.int64), np.zeros((count, tunings))
    likelihood, backward = evidence.likelihood[:, 0], evidence.backward[:, 0]
    forward = likelihood[0] * start[:, None]
    for i in range(count):
        if i:
            forward = likelihood[i] * (forward.ravel() @ leaps[i - 1]).reshape(forward.shape)
            forward /= forward.max()
        posterior = forward * backward[i]
        posterior /= posterior.sum()
        lowest = int(midi[i].min())
        intended[i] = lowest + int(np.bincount(midi[i].ravel() - lowest, posterior.ravel()).argmax())
        tuning[i] = posterior.sum(axis=1)
    return intended, tuning


def _leap_likelihood(before: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
    """Transition likelihood between two notes' states, [tunings · candidates, tunings · candidates]."""
    tunings, choices = before.shape
    semitones = np.abs(after[None, :, None, :] - before[:, None, :, None])  # [from tuning, to tuning, from, to]
    profile = np.array(LEAP_PROFILE)
    apart = np.abs(np.subtract.outer(np.arange(tunings), np.arange(tunings)))
    move = np.where(apart == 0, 1.0, np.where(apart == 1, np.exp(-TUNING_MOVE_COST), 0.0))
    likelihood = profile[np.minimum(semitones, len(profile) - 1)] * move[:, :, None, None]
    return np.asarray(likelihood.transpose(0, 2, 1, 3).reshape(tunings * choices, tunings * choices))
