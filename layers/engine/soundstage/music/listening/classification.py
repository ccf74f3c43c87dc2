"""Classification of a recording: one melody, or else speech, noise, several voices, or nothing to go on."""

import numpy as np

from soundstage.arrays import Floats
from soundstage.music.listening.harmonicity import FOREIGN_DB, Harmonicity
from soundstage.music.listening.transcription import SungNote

MIN_NOTES, MIN_SUNG_S = 3, 1.0  # of a melody
MIN_SUNG_SHARE = 0.25  # of the time of all notes: below, it is chance that a few sounds held still
# Log odds that a note is sung and not spoken, per natural logarithm of how far its pitch moves where it is steadiest,
# and of its length. Chosen so that ten synthetic voices of English and Mandarin, a reader and six made-up talkers keep
# too little for a tune, and 65 sight-singers, a melisma, hums and a low voice full of glides all of theirs (of the
# last all but one note). Real speech is refused up to an offset of .9 at least.
LOG_ODDS_OFFSET, LOG_ODDS_PER_LOG_UNSTEADINESS, LOG_ODDS_PER_LOG_S = 0.0, -2.2, 1.0
# No note speaks for talk with more than this: a splinter of a glide is no syllable, and quick sung phrases have some.
# Of 76 recordings of people who sing none loses a note from −3 up, of 26 who talk none keeps one up to −1.5.
LEAST_LOG_ODDS = -2.5
LEAST_UNSTEADINESS, LONGEST_S = 0.05, 0.6  # semitones, added: no note is steadier; and no longer note says more
CHANGE_PROBABILITY = 0.003  # that a person stops to sing and begins to talk, or the other way round, from note to note
# Measured on synthetic voices, rooms and noises (tests.fixtures.hums, tests.fixtures.not_tunes): one voice at 10 dB of
# signal to noise keeps .9 of its power in its harmonics, chords and choirs .2 to .7; noise has .1 of it in partials,
# chords .9.
ONE_VOICE_SHARE, ALMOST_ONE_VOICE_SHARE = 0.55, 0.75  # of power in harmonics: below, rejected; below, a warning
NOISE_PARTIAL_SHARE = 0.4  # of power in partials: below, noise
# Passing engines: .2 to .5 of their power in partials, and "notes" that glide by .5 to 2.5 semitones a second.
GLIDING_SEMITONES_PER_S, GLIDING_PARTIAL_SHARE = 0.45, 0.5
SYLLABLE_S = 0.25  # median duration: shorter "notes" that do not hold still are speech
MIN_PITCHED_SHARE = 0.5  # of frames: a chord has fewer
# A band that plays on where its tune rests: tones in frames without one pitch. 67 sight-singers have a pitch in .72 of
# their frames or more, but for one behind noise, which has few tones (.59 with .71 of the power in partials).
MIN_PITCHED_SHARE_ALONE, TONES_SHARE = 0.65, 0.85


def without_speech(notes: list[SungNote]) -> list[SungNote]:
    """``notes`` less spoken words, by a hidden Markov model: people sing for a while, or talk for a while.

    A sung note holds its pitch somewhere, a syllable of speech hardly ever does; and it is longer. One note tells
    little (a quick one glides, a drawled word rests), several in a row nearly everything.
    """
    if not notes:
        return []
    unsteadiness = np.array([note.unsteadiness for note in notes])
    duration_s = np.array([note.duration_s for note in notes])
    log_odds = (
        LOG_ODDS_OFFSET
        + LOG_ODDS_PER_LOG_UNSTEADINESS * np.log(unsteadiness + LEAST_UNSTEADINESS)
        + LOG_ODDS_PER_LOG_S * np.log(np.minimum(duration_s, LONGEST_S))
    )
    log_odds = np.maximum(log_odds, LEAST_LOG_ODDS)
    before, after = _odds_so_far(log_odds), _odds_so_far(log_odds[::-1])[::-1]
    sung = before + after - log_odds > 0  # each holds the note itself
    return [note for note, is_sung in zip(notes, sung, strict=True) if is_sung]


def _odds_so_far(log_odds: Floats) -> Floats:
    """Log odds of each note from it and all before it: the forward pass (Rabiner 1989) for two states. [notes]"""
    so_far = np.empty_like(log_odds)
    log_prior = 0.0
    stays, changes = np.log(1 - CHANGE_PROBABILITY), np.log(CHANGE_PROBABILITY)
    for i, odds in enumerate(log_odds):
        so_far[i] = log_prior + odds
        log_prior = np.logaddexp(stays + so_far[i], changes) - np.logaddexp(changes + so_far[i], stays)
    return so_far


def sounds_along(harmonicity: Harmonicity) -> bool:
    """Whether something else is heard with the one voice that is followed: a band, a second singer, a television."""
    band = harmonicity.pitched_share < MIN_PITCHED_SHARE_ALONE and harmonicity.partial_share > TONES_SHARE
    return band or harmonicity.harmonic_share < ALMOST_ONE_VOICE_SHARE or harmonicity.foreign_db > FOREIGN_DB


def rejection_code(notes: list[SungNote], sung: list[SungNote], harmonicity: Harmonicity) -> str | None:
    """SPEECH, NOISE, POLYPHONIC or NO_MELODY; None where there is a melody. ``sung``: ``notes`` without speech."""
    sung_s, all_s = (sum(note.duration_s for note in some) for some in (sung, notes))
    enough = len(sung) >= MIN_NOTES and sung_s >= max(MIN_SUNG_S, MIN_SUNG_SHARE * all_s)
    several = harmonicity.harmonic_share < ONE_VOICE_SHARE
    if enough:
        gliding = np.median([abs(note.slope) for note in sung]) > GLIDING_SEMITONES_PER_S
        if gliding and harmonicity.partial_share < GLIDING_PARTIAL_SHARE:
            return "NOISE"
        return "POLYPHONIC" if several else None
    if len(notes) - len(sung) >= MIN_NOTES and np.median([note.duration_s for note in notes]) < SYLLABLE_S:
        return "SPEECH"
    if sung and harmonicity.harmonic_share >= ALMOST_ONE_VOICE_SHARE:
        return "NO_MELODY"  # a voice, but too little of it; what else is on the recording is the room
    if harmonicity.partial_share <= NOISE_PARTIAL_SHARE:
        return "NOISE"
    return "POLYPHONIC" if harmonicity.pitched_share < MIN_PITCHED_SHARE or several else "NO_MELODY"
