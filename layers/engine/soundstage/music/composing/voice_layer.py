"""The hum's notes for the voice layer: where each lies in the recording, and its pitch contour."""

from collections.abc import Sequence

import numpy as np

from soundstage.models.composition import VoiceNote
from soundstage.models.music import Analysis

PITCH_RATE_HZ = 100  # of an analysis
SHORTEST_S = 0.08  # of pitch in a note: less makes no period-synchronous grain train


def voice_notes(analysis: Analysis) -> dict[int, VoiceNote]:
    """Each note of the analysis by its index; notes with less than ``SHORTEST_S`` of pitch are left out."""
    notes = {}
    for index, note in enumerate(analysis.notes):
        first, past = (round(t * PITCH_RATE_HZ) for t in (note.onset_s, note.offset_s))
        contour = analysis.pitch_midi[first:past]
        if sum(pitch is not None for pitch in contour) >= SHORTEST_S * PITCH_RATE_HZ:
            pitch_midi = [round(pitch, 2) for pitch in _interpolated(contour)]
            notes[index] = VoiceNote(onset_s=note.onset_s, offset_s=note.offset_s, pitch_midi=pitch_midi)
    return notes


def _interpolated(contour: Sequence[float | None]) -> list[float]:
    """The contour with its unvoiced frames interpolated; the first and last pitch held to the ends."""
    known = [i for i, pitch in enumerate(contour) if pitch is not None]
    values = [pitch for pitch in contour if pitch is not None]
    return np.interp(np.arange(len(contour)), known, values).tolist()
