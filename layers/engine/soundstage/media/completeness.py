"""Whether a file was cut off, for containers whose decoders read what is there and say nothing.

What a browser records live has no length in its header (an unknown-sized Segment): that much of it is a recording of
its own, and fine. A file that says how long it is, or that ends in the middle of a page, was cut off on its way.
"""

import struct
from pathlib import Path

from soundstage.media.containers import AIFF, AU, OGG, W64, WEBM, Container

_PAGE = b"OggS"
_PAGE_HEADER = 27
"""Bytes of an Ogg page before its segment table (RFC 3533 §6)."""
_LARGEST_PAGE = _PAGE_HEADER + 255 + 255 * 255
_SEGMENT = 0x18538067
"""The element that holds everything in Matroska (RFC 9559 §5.1)."""
_OPEN = 0xFFFFFFFF
"""The size in AIFF and AU that what writes to a pipe leaves open."""


def is_cut_off(path: Path, container: Container) -> bool:
    """Reads the last 64 KiB of Ogg, a few hundred bytes of all others."""
    if container is OGG:
        return _last_page_is_cut(path)
    if container is WEBM:
        return _segment_is_cut(path)
    return _stated_bytes(path, container) > path.stat().st_size


def _stated_bytes(path: Path, container: Container) -> int:
    """Of the whole file, by the header of AIFF, AU or W64 (Sony's); 0 where it says nothing."""
    with path.open("rb") as file:
        head = file.read(24)
    if len(head) < 24:
        return 0
    if container is W64:
        return int(struct.unpack_from("<Q", head, 16)[0])
    if container is AIFF:
        size = int(struct.unpack_from(">I", head, 4)[0])
        return 8 + size - size % 2 if size != _OPEN else 0  # some count a byte of padding that they do not write
    if container is AU:
        offset, size = struct.unpack_from(">II", head, 4)
        return int(offset + size) if size != _OPEN else 0
    return 0


def _last_page_is_cut(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LARGEST_PAGE))
        tail = file.read()
    start = tail.find(_PAGE)
    while start >= 0:
        at = start
        while tail.startswith(_PAGE, at):
            segments = tail[at + _PAGE_HEADER - 1] if at + _PAGE_HEADER <= len(tail) else 0
            at += _PAGE_HEADER + segments + sum(tail[at + _PAGE_HEADER : at + _PAGE_HEADER + segments])
        if at >= len(tail):
            return at > len(tail)
        if _PAGE.startswith(tail[at:]):
            return True
        start = tail.find(_PAGE, start + 1)  # that was sound, no page
    return False


def _segment_is_cut(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    at = 0
    while at < len(head):
        id_, at = _number(head, at, keep_marker=True)
        length, at = _number(head, at, keep_marker=False)
        if id_ is None or length is None:
            return False
        if id_ == _SEGMENT:
            return at + length > size
        at += length
    return False


def _number(data: bytes, at: int, *, keep_marker: bool) -> tuple[int | None, int]:
    """A variable-size integer (RFC 8794 §4) and where it ends. None when it is unknown (all ones) or not there."""
    if at >= len(data) or not data[at]:
        return None, at
    width = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + width], "big")
    bare = value & ((1 << 7 * width) - 1)
    if not keep_marker and bare == (1 << 7 * width) - 1:
        return None, at + width
    return (value if keep_marker else bare), at + width
