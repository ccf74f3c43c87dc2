"""The media types (RFC 6838) under which files are stored and sent, by the suffix of their names."""

from pathlib import PurePath

CONTENT_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mid": "audio/midi",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt; charset=utf-8",
    ".ass": "text/x-ssa; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".html": "text/html; charset=utf-8",
}


def content_type_of(name: str | PurePath) -> str:
    """Raises ``KeyError`` for a suffix that none of our files has."""
    return CONTENT_TYPES[PurePath(name).suffix]
