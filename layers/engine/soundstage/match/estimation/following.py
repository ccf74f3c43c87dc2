"""How much of another song's sound is followed: one row for each strength.

Between two songs much of what differs is the music. Of songs of one album the loudness differs by 2 LU, and a demo lies
8 to 12 below, so all of the loudness is followed; the tone differs by 6.5 dB (third octaves, RMS), so a part of it is,
in broad strokes. Set on real songs made dull, boomy, thin and quiet (``tests/bench/match_real.py``).
"""

from dataclasses import dataclass

from soundstage.models.style import MAX_EQ_BANDS, Amounts, Stage, Strength


@dataclass(frozen=True)
class Following:
    """What is taken of the difference to another song.

    Attributes:
        tone, width: shares of the difference, 0 to 1.
        bands, band_db: how many bands the equaliser has, and their gain at most.
        over_octaves: over which the difference is averaged (the deviation of a Gaussian), so that bands are broad.
        by_octave: whether the width of every octave is followed, or only one for all.
        cautious: whether less is taken of a difference that songs of an album have anyway.
        denser: the share of the difference in peak to loudness ratio that is closed, where the reference is denser.
    """

    tone: float
    bands: int
    band_db: float
    over_octaves: float
    width: float
    by_octave: bool
    cautious: bool
    denser: float


FOLLOWINGS: dict[Strength, Following] = {
    "natural": Following(0.4, 4, 6.0, 1.8, 0.33, by_octave=False, cautious=True, denser=0.6),
    "close": Following(0.6, MAX_EQ_BANDS, 9.0, 0.35, 0.75, by_octave=True, cautious=False, denser=0.8),
    "imitate": Following(1.0, MAX_EQ_BANDS, 18.0, 0.0, 1.0, by_octave=True, cautious=False, denser=1.0),
}


def following(strength: Strength, stage: Stage, amounts: Amounts) -> Following:
    """Of a stage that is asked for by name, all is taken, whatever the strength."""
    return FOLLOWINGS["imitate" if amounts.ask_for(stage) else strength]
