"""The container of a media file, told by its first bytes, whatever its name or content type says."""

from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 64
"""Of a file, which are enough to tell."""


@dataclass(frozen=True)
class Container:
    """A kind of file, and what reads it: libsndfile (as one of its ``formats``), ffmpeg (by its ``demuxer``)."""

    name: str
    media: str
    demuxer: str | None
    formats: tuple[str, ...] = ()


WAV = Container("wav", "audio", None, ("WAV", "WAVEX", "RF64"))
FLAC = Container("flac", "audio", "flac", ("FLAC",))
OGG = Container("ogg", "audio", None, ("OGG",))
MP3 = Container("mp3", "audio", None, ("MPEG", "MP3"))
MP4 = Container("mp4", "audio", "mov,mp4,m4a,3gp,3g2,mj2")
WEBM = Container("webm", "audio", "matroska,webm")
ADTS = Container("adts", "audio", "aac")

_MAGIC: tuple[tuple[Container, dict[int, tuple[bytes, ...]]], ...] = (
    (WAV, {0: (b"RIFF", b"RF64"), 8: (b"WAVE",)}),
    (FLAC, {0: (b"fLaC",)}),
    (OGG, {0: (b"OggS",)}),
    (MP4, {4: (b"ftyp",)}),
    (WEBM, {0: (b"\x1a\x45\xdf\xa3",)}),  # EBML (RFC 8794): Matroska and WebM
    (MP3, {0: (b"ID3",)}),
)


def detect_container(head: bytes) -> Container | None:
    """The container of a file whose first ``HEAD_BYTES`` bytes are ``head``; None for one that is not read here."""
    for container, marks in _MAGIC:
        if all(head.startswith(words, offset) for offset, words in marks.items()):
            return container
    return _mpeg_audio(head)


def _mpeg_audio(head: bytes) -> Container | None:
    """MP3 or ADTS: a frame starts with eleven set bits, then the layer bits tell layer III from none (ISO 11172-3)."""
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer = head[1] >> 1 & 0x3
    if layer == 0 and head[1] & 0xF0 == 0xF0:
        return ADTS
    bitrate_index, rate_index = head[2] >> 4, head[2] >> 2 & 0x3
    return MP3 if layer in (1, 2) and bitrate_index != 0xF and rate_index != 0x3 else None


def container_of(path: Path) -> Container | None:
    """``detect_container`` of a file."""
    with path.open("rb") as file:
        return detect_container(file.read(HEAD_BYTES))
