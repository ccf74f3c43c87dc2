"""Is there a single tune in this? If not: speech, noise, several voices, or simply nothing to go on."""

from soundstage.music.tone import Tone
from soundstage.music.transcription import SungNote

MIN_NOTES = 3


def judge(tone: Tone, notes: list[SungNote]) -> str | None:  # noqa: ARG001
    """A code of ``REJECTIONS``, or None when there is a tune."""
    if len(notes) < MIN_NOTES:
        return "NO_MELODY"
    return None
