"""Whether a recording can be matched: what has no loudness cannot."""

from soundstage.models.errors import MediaRejected
from soundstage.models.style import Features

SHORTEST_S = 0.4  # one gating block: what is shorter has no loudness (BS.1770-5 Annex 1)


def check_audible(features: Features, *, role: str) -> None:
    """Raises MediaRejected with the recording's ``role``: DURATION_TOO_SHORT, or SILENT."""
    if features.loudness.integrated_lufs is None:
        raise MediaRejected(
            "DURATION_TOO_SHORT" if features.duration_s < SHORTEST_S else "SILENT", detail={"role": role}
        )
