"""A melody in another meter than it was hummed in: "as a waltz".

Each bar becomes a bar: its beats are stretched so that what was on the downbeat stays there, and what was on a strong
beat falls on one. Four become three as two beats and two halves, as when a march is danced as a waltz. All goes by way
of 4/4: a bar is cut at its beats, and each piece is as long as its beat of the other meter.
"""

import bisect
from dataclasses import replace

from soundstage.models.composition import QUARTERS_PER_BAR, GridNote, Meter
from soundstage.music.composing.melody import Melody

# Where the beats of a bar of 4/4 fall in a bar of each meter, quarters.
BEATS_OF_FOUR: dict[Meter, tuple[float, ...]] = {
    "4/4": (0.0, 1.0, 2.0, 3.0, 4.0),
    "3/4": (0.0, 1.0, 2.0, 2.5, 3.0),
    "6/8": (0.0, 1.0, 1.5, 2.5, 3.0),
    "5/4": (0.0, 2.0, 3.0, 4.0, 5.0),
    "7/8": (0.0, 1.0, 2.0, 3.0, 3.5),
}
FINEST = 0.125  # quarters: a thirty-second; two notes that would fall together lie so far apart


def in_meter(melody: Melody, meter: Meter) -> Melody:
    """The melody in ``meter``, with every note it has and as many bars."""
    if meter == melody.meter:
        return melody
    source, goal = BEATS_OF_FOUR[melody.meter], BEATS_OF_FOUR[meter]
    bar_from, bar_to = QUARTERS_PER_BAR[melody.meter], QUARTERS_PER_BAR[meter]

    def moved(beat: float) -> float:
        bar, inside = divmod(beat + 1e-9, bar_from)
        at = min(bisect.bisect_right(source, inside) - 1, len(source) - 2)
        share = (inside - source[at]) / (source[at + 1] - source[at])
        place = bar * bar_to + goal[at] + share * (goal[at + 1] - goal[at])
        return round(place / FINEST) * FINEST

    notes: list[GridNote] = []
    for note in melody.notes:
        beat = moved(note.beat)
        if notes:
            beat = max(beat, notes[-1].beat + FINEST)
            notes[-1] = replace(notes[-1], beats=min(notes[-1].beats, beat - notes[-1].beat))
        notes.append(replace(note, beat=beat, beats=max(FINEST, moved(note.end) - beat)))
    return replace(melody, notes=tuple(notes), meter=meter, swing=melody.swing if meter in {"4/4", "3/4"} else 0.5)
