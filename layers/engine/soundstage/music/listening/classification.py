"""Is there a single tune in this? If not: speech, noise, several voices, or simply nothing to go on."""

import numpy as np

from soundstage.music.listening.harmonicity import Clarity
from soundstage.music.listening.transcription import SungNote

MIN_NOTES = 3
MIN_SUNG_S = 1.0
MIN_SUNG_SHARE = 0.25  # below, it is chance that a few sounds held still
# Measured on synthetic voices, rooms and noises: notes move at .0 to .7 semitones a second (median over a recording),
# syllables at 5 to 11; one voice at 10 dB of signal to noise keeps .9 of its power in its harmonics, chords and
# choirs .2 to .7; noise has .1 of it in partials, chords .9.
STEADY_SEMITONES_PER_S = 2.5
ONE_VOICE = 0.55
ALMOST_ONE_VOICE = 0.75
PARTIALS = 0.4
# Passing engines: .2 to .5 of their power in partials, and "notes" that glide by .5 to 2.5 semitones a second.
GLIDING_SEMITONES_PER_S, GLIDING_PARTIALS = 0.45, 0.5
SYLLABLE_S = 0.18
NEIGHBOURS = 3


def leave_out_talk(notes: list[SungNote]) -> list[SungNote]:
    """Notes without the words before, between and after them: those whose pitch, like their neighbours', rests."""
    steady = np.array([abs(note.slope) < STEADY_SEMITONES_PER_S for note in notes], float)
    share = [steady[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1].mean() for i in range(len(notes))]
    return [note for note, around in zip(notes, share, strict=True) if around >= 0.5]


def judge(heard: list[SungNote], sung: list[SungNote], clarity: Clarity) -> str | None:
    """A code of ``REJECTIONS``, or None when there is a tune. ``sung`` is what talk left of ``heard``."""
    sung_s, heard_s = (sum(note.duration_s for note in notes) for notes in (sung, heard))
    enough = len(sung) >= MIN_NOTES and sung_s >= max(MIN_SUNG_S, MIN_SUNG_SHARE * heard_s)
    if enough:
        gliding = np.median([abs(note.slope) for note in sung]) > GLIDING_SEMITONES_PER_S
        if gliding and clarity.partial_share < GLIDING_PARTIALS:
            return "NOISE"
        return "POLYPHONIC" if clarity.harmonic_share < ONE_VOICE else None
    if len(heard) - len(sung) >= MIN_NOTES and np.median([note.duration_s for note in heard]) < SYLLABLE_S:
        return "SPEECH"
    if clarity.partial_share > PARTIALS and (clarity.pitched_share < 0.5 or clarity.harmonic_share < ONE_VOICE):
        return "POLYPHONIC"
    return "NOISE" if clarity.partial_share <= PARTIALS else "NO_MELODY"
