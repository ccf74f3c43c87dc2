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
AIFF = Container("aiff", "audio", None, ("AIFF",))
W64 = Container("w64", "audio", None, ("W64",))
AU = Container("au", "audio", None, ("AU",))
CAF = Container("caf", "audio", "caf")  # often with AAC or Apple Lossless in it, which libsndfile does not decode
AMR = Container("amr", "audio", "amr")
ASF = Container("asf", "audio", "asf")
AC3 = Container("ac3", "audio", "ac3")

_MAGIC: tuple[tuple[Container, dict[int, tuple[bytes, ...]]], ...] = (
    (WAV, {0: (b"RIFF", b"RF64"), 8: (b"WAVE",)}),
    (FLAC, {0: (b"fLaC",)}),
    (OGG, {0: (b"OggS",)}),
    (MP4, {4: (b"ftyp",)}),
    (WEBM, {0: (b"\x1a\x45\xdf\xa3",)}),  # EBML (RFC 8794): Matroska and WebM
    (MP3, {0: (b"ID3",)}),
    (AIFF, {0: (b"FORM",), 8: (b"AIFF", b"AIFC")}),
    (CAF, {0: (b"caff",)}),
    (W64, {0: (b"riff\x2e\x91\xcf\x11",)}),  # the first bytes of Sony's GUIDs for RIFF
    (AU, {0: (b".snd",)}),
    (AMR, {0: (b"#!AMR\n", b"#!AMR-WB\n")}),  # RFC 4867 § 5.1
    (ASF, {0: (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",)}),  # of the GUID of ASF's header object
    (AC3, {0: (b"\x0b\x77",)}),  # ATSC A/52 § 5.3.1
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
