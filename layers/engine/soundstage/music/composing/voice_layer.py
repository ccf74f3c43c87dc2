"""Where each note of the hum lies in its recording, for a layer that plays the voice itself."""

from collections.abc import Sequence

import numpy as np

from soundstage.models.composition import VoiceNote
from soundstage.models.music import Analysis

PITCH_RATE_HZ = 100
SHORTEST_S = 0.08


def voice_notes(analysis: Analysis) -> dict[int, VoiceNote]:
    """Where each note lies in the recording and how it was sung; notes without a pitch track are left out."""
    found = {}
    for index, note in enumerate(analysis.notes):
        first, past = (round(t * PITCH_RATE_HZ) for t in (note.onset_s, note.offset_s))
        track = [p for p in analysis.pitch_midi[first:past] if p is not None]
        if len(track) >= SHORTEST_S * PITCH_RATE_HZ:
            contour = _filled(analysis.pitch_midi[first:past])
            found[index] = VoiceNote(
                onset_s=note.onset_s, offset_s=note.offset_s, pitch_midi=[round(p, 2) for p in contour]
            )
    return found


def _filled(track: Sequence[float | None]) -> list[float]:
    """Gaps in the pitch track are bridged by what is nearest before, or after at the start."""
    known = [i for i, p in enumerate(track) if p is not None]
    values = [p for p in track if p is not None]
    return np.interp(np.arange(len(track)), known, values).tolist()
