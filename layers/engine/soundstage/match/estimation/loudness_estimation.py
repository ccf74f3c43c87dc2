"""The loudness to aim for, and the ceiling below which the limiter holds the peaks."""

import numpy as np

from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.analysis.level_distance import heard_louder_lu, lufs_as_heard
from soundstage.match.estimation.following import Following
from soundstage.models.style import Amounts, Limiter, LoudnessTarget, StageNote

USUAL_CEILING_DBTP, LOUDEST_CEILING_DBTP = -1.0, -0.1
"""The most that EBU R 128 allows; and just below full scale, where the ceiling may lie if that of the same performance
does."""

LEAST_PLR_DB = 8.0
"""Peak to loudness ratio below which music sounds flat; no limiter is asked for less, unless the recording is there."""

MOST_LIMITED_DB = 6.0
"""What a limiter may take on average: more is heard as distortion, whatever the limiter."""

QUIETER_LU = 0.5
"""Less is not heard."""

QUICK_LOOKAHEAD_MS, QUICK_RELEASE_MS = 1.0, 2.0
"""Of the adaptive limiter where nothing tells another, for dull sounds; bright ones are let go in .4 ms: it takes the
tops off hits before what sounds between them is pulled down, and holds what persists. Gains over 50 ms move by up to
a third less than with 1 and 4 ms for everything, half as much as with 1.5 and 30 ms; a reference whose peaks lie above
full scale is met more closely, since less loudness is lost that the gain then makes up for; and a steady bass keeps its
shape (docs/measured.md)."""


def estimate_loudness(
    reference: FeatureArrays, target: FeatureArrays, amounts: Amounts, other: Following | None
) -> tuple[LoudnessTarget, Limiter, list[StageNote]]:
    """The loudness target, the limiter and a note on each, for recordings that are not silent.

    The reference's loudness as it is heard: all of it where ``amounts`` ask for it; else as far as a limiter brings it
    that takes no more than ``MOST_LIMITED_DB`` on average and leaves ``LEAST_PLR_DB``. A share of the limiter lets it
    take that share of as much, whatever is asked for. ``other`` is what is followed of another song, whose density it
    then has in part; None for the same performance.
    """
    wanted, given = lufs_as_heard(reference, target.channels), target.integrated_lufs
    assert wanted is not None  # noqa: S101 - the caller has looked
    assert given is not None  # noqa: S101
    peak_dbtp = target.true_peak_dbtp or 0.0
    reference_dbtp = reference.true_peak_dbtp if reference.true_peak_dbtp is not None else USUAL_CEILING_DBTP
    ceiling_dbtp = USUAL_CEILING_DBTP
    if other is None:
        ceiling_dbtp = float(np.clip(reference_dbtp, USUAL_CEILING_DBTP, LOUDEST_CEILING_DBTP))
    aim, short = wanted, ""
    asked = amounts.ask_for("lufs")
    if other and not asked:
        # Where no peak reaches the ceiling nothing is limited, and the recording stays as dense as it is.
        loudest = max(ceiling_dbtp - LEAST_PLR_DB, given + ceiling_dbtp - peak_dbtp)
        if aim > loudest:
            aim = loudest
            short = f", not {wanted:.1f}: any louder, peaks would lie less than {LEAST_PLR_DB:.0f} dB above it"
    if not short and aim <= given - QUIETER_LU:
        short = ": quieter, as the reference is"
    mono = ""
    if louder_lu := heard_louder_lu(reference, target.channels):
        alone, by = ("reference", louder_lu) if louder_lu > 0 else ("target", -louder_lu)
        mono = f" The {alone} has one channel: two loudspeakers play it {by:.0f} LU louder than it measures."
    notes = [StageNote(stage="lufs", sentence=f"Loudness {given:.1f} → {aim:.1f} LUFS{short}.{mono}")]
    held = f"Peaks stay below {ceiling_dbtp:.1f} dBTP."
    if other and not amounts.ask_for("limiter"):
        ratio_db, wanted_db = peak_dbtp - given, reference_dbtp - (reference.integrated_lufs or 0.0)
        denser_db = max(ratio_db - other.denser * max(ratio_db - wanted_db, 0.0), LEAST_PLR_DB)
        if denser_db < ratio_db and aim + denser_db < ceiling_dbtp:
            ceiling_dbtp = aim + denser_db
            held = (
                f"Peaks are held {denser_db:.1f} dB above the loudness, at {ceiling_dbtp:.1f} dBTP: they lay "
                f"{ratio_db:.1f} dB above, the reference's {wanted_db:.1f}."
            )
    notes.append(StageNote(stage="limiter", sentence=held))
    most_limited_db = None if asked else MOST_LIMITED_DB
    if 0 < amounts.limiter < 1:
        most_limited_db = amounts.limiter * MOST_LIMITED_DB
    lufs = LoudnessTarget(
        target_db=round(aim, 3),
        gain_db=round(aim - given, 3),
        most_limited_db=most_limited_db,
    )
    limiter = Limiter(
        tp_db=round(ceiling_dbtp, 2), lookahead_ms=QUICK_LOOKAHEAD_MS, release_ms=QUICK_RELEASE_MS, adaptive=True
    )
    return lufs, limiter, notes
