"""Classification of a recording: one melody, or else speech, noise, several voices, or nothing to go on."""

import numpy as np

from soundstage.music.listening.harmonicity import Harmonicity
from soundstage.music.listening.transcription import SungNote

MIN_NOTES, MIN_SUNG_S = 3, 1.0  # of a melody
MIN_SUNG_SHARE = 0.25  # of the time of all notes: below, it is chance that a few sounds held still
# Measured on synthetic voices, rooms and noises (tests.fixtures.hums, tests.fixtures.not_tunes): notes move at .0 to .7
# semitones a second (median over a recording), syllables at 5 to 11; one voice at 10 dB of signal to noise keeps .9 of
# its power in its harmonics, chords and choirs .2 to .7; noise has .1 of it in partials, chords .9.
STEADY_SEMITONES_PER_S = 2.5
ONE_VOICE_SHARE, ALMOST_ONE_VOICE_SHARE = 0.55, 0.75  # of power in harmonics: below, rejected; below, a warning
NOISE_PARTIAL_SHARE = 0.4  # of power in partials: below, noise
# Passing engines: .2 to .5 of their power in partials, and "notes" that glide by .5 to 2.5 semitones a second.
GLIDING_SEMITONES_PER_S, GLIDING_PARTIAL_SHARE = 0.45, 0.5
SYLLABLE_S = 0.18  # median duration: shorter "notes" that do not hold still are speech
MIN_PITCHED_SHARE = 0.5  # of frames: a chord has fewer
NEIGHBOURS, MIN_STEADY_SHARE = 3, 0.5  # on either side of a note; of these notes


def without_speech(notes: list[SungNote]) -> list[SungNote]:
    """``notes`` less spoken words: those whose own pitch holds still, and that of most of their neighbours."""
    steady = np.array([abs(note.slope) < STEADY_SEMITONES_PER_S for note in notes], float)
    share = [steady[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1].mean() for i in range(len(notes))]
    return [note for note, around in zip(notes, share, strict=True) if around >= MIN_STEADY_SHARE]


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
    if harmonicity.partial_share <= NOISE_PARTIAL_SHARE:
        return "NOISE"
    return "POLYPHONIC" if harmonicity.pitched_share < MIN_PITCHED_SHARE or several else "NO_MELODY"
