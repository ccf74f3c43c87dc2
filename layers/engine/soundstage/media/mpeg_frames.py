"""Whether a stream of MPEG audio, layer II or III, was cut off (ISO/IEC 11172-3 §2.4, 13818-3 §2.4).

It has no length of its own. Encoders leave one in a first frame without sound: Xing's, which LAME writes, too ("Xing",
"Info"), and Fraunhofer's ("VBRI"). Without it the last frame tells: its header says how long it is.
"""

import struct
from pathlib import Path

_KBITS_S = {
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By version and layer."""

_RATES_HZ = (44_100, 48_000, 32_000)
_HEADER = 4
_TAIL_BYTES = 16_384
"""Of the end that are looked at: nine of the longest frames."""

_FRAMES_IN_A_ROW = 4
"""Fewer may be an accident: in a picture behind the music, too, bytes may look like a header."""

_UNSURE_BYTES = 4_096
"""By which a stated length may be too large: some encoders count tags, which other programs take off."""


def stream_is_cut(path: Path) -> bool:
    """Whether the file ends within a frame, or a first frame tells of more bytes than the file has.

    Reads some kilobytes. Tags before and after the stream (ID3, APE, Lyrics3) are no part of it.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(_id3_bytes(file.read(10)))
        stated = _stated_bytes(file.read(256))
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    return stated > size + _UNSURE_BYTES or _last_frame_is_cut(tail)


def _id3_bytes(head: bytes) -> int:
    """Length of the tag that a file begins with; its size is of four times seven bits (ID3v2.4.0 §3.1)."""
    if len(head) < 10 or not head.startswith(b"ID3"):
        return 0
    footer = 10 if head[5] & 0x10 else 0
    return 10 + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)) + footer


def _stated_bytes(first: bytes) -> int:
    """Of the stream, by its first frame; 0 where that says nothing."""
    for mark in (b"Xing", b"Info"):
        at = first.find(mark)
        if 0 <= at <= 36 and len(first) >= at + 16:
            flags, _, in_bytes = struct.unpack_from(">III", first, at + 4)
            return int(in_bytes) if flags & 3 == 3 else 0
    if first.startswith(b"VBRI", 36) and len(first) >= 50:
        return int(struct.unpack_from(">I", first, 46)[0])
    return 0


def _last_frame_is_cut(tail: bytes) -> bool:
    start = tail.find(b"\xff")
    while start >= 0:
        at, frames = start, 0
        while (length := _frame_bytes(tail, at)) and tail[at + 1] == tail[start + 1]:
            at, frames = at + length, frames + 1
        if frames >= _FRAMES_IN_A_ROW:
            rest = tail[at:]
            return at > len(tail) or (0 < len(rest) < _HEADER and tail.startswith(rest[:2], start))
        start = tail.find(b"\xff", start + 1)
    return False


def _frame_bytes(data: bytes, at: int) -> int:
    """Length of the frame whose header stands there; 0 where none does, or one that does not say it."""
    if at + _HEADER > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return 0
    version = {0: 4, 2: 2, 3: 1}.get(data[at + 1] >> 3 & 3)  # by which rates are divided: MPEG 2.5 is the third
    layer, kbits_s, rate = 4 - (data[at + 1] >> 1 & 3), data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version is None or layer not in (2, 3) or kbits_s in (0, 15) or rate == 3:
        return 0
    samples = 576 if layer == 3 and version > 1 else 1152
    bits_s = 1000 * _KBITS_S[min(version, 2), layer][kbits_s - 1]
    return samples * bits_s * version // (8 * _RATES_HZ[rate]) + (data[at + 2] >> 1 & 1)
