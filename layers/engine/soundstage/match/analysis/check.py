"""Whether a recording can be matched: what has no loudness cannot."""

from soundstage.models.errors import MediaRejected
from soundstage.models.style import Features

SHORTEST_S = 0.4
"""One gating block: what is shorter has no integrated loudness (ITU-R BS.1770-5, Annex 1)."""


def check_audible(features: Features, *, role: str) -> None:
    """Refuse a recording without loudness.

    Args:
        features: of the recording.
        role: what it is in the match, for the error's detail.

    Raises:
        MediaRejected: DURATION_TOO_SHORT, or SILENT.
    """
    if features.loudness.integrated_lufs is None:
        raise MediaRejected(
            "DURATION_TOO_SHORT" if features.duration_s < SHORTEST_S else "SILENT", detail={"role": role}
        )
