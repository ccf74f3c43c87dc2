"""The header of a WAV file, checked against the file's size before a decoder believes it (RF64: EBU Tech 3306)."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from soundstage.models.errors import MediaRejected

MAX_CHUNKS = 1_000
"""Real files have a handful; without a bound, a gigabyte of empty chunks would be walked through."""

SIZE_IN_DS64 = 0xFFFFFFFF
"""The size that says: see the ``ds64`` chunk (Tech 3306 §3)."""


@dataclass(frozen=True)
class WavHeader:
    """``data_bytes`` is the size of the samples as the header gives it; the file is at least as long."""

    rate_hz: int
    channels: int
    data_bytes: int


def read_wav_header(path: Path) -> WavHeader:
    """Read the chunks up to the samples.

    Raises:
        MediaRejected: HEADER_LIES when the sample data or a chunk before it would reach beyond the end of the file;
            FILE_CORRUPT when there is no format or no data.
    """
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        rf64 = file.read(12)[:4] == b"RF64"
        rate_hz = channels = long_data_bytes = 0
        for _ in range(MAX_CHUNKS):
            name, length = _chunk_head(file)
            if name == b"ds64":
                long_data_bytes = struct.unpack("<8xQ", _body(file, length, 16))[0]
                continue
            if name == b"fmt ":
                channels, rate_hz = struct.unpack("<2xHI", _body(file, length, 8))
                continue
            if name == b"data" and rf64 and length == SIZE_IN_DS64:
                length = long_data_bytes
            if file.tell() + length > size_bytes:
                raise MediaRejected("HEADER_LIES")
            if name == b"data":
                if not channels:
                    raise MediaRejected("FILE_CORRUPT")
                return WavHeader(rate_hz, channels, length)
            file.seek(length + length % 2, 1)
    raise MediaRejected("FILE_CORRUPT")


def _chunk_head(file: BinaryIO) -> tuple[bytes, int]:
    head = file.read(8)
    if len(head) < 8:
        raise MediaRejected("FILE_CORRUPT")
    name, length = struct.unpack("<4sI", head)
    return name, length


def _body(file: BinaryIO, length: int, needed: int) -> bytes:
    """The first ``needed`` bytes of a chunk, leaving the file at the next chunk."""
    body = file.read(needed)
    if length < needed or len(body) < needed:
        raise MediaRejected("FILE_CORRUPT")
    file.seek(length + length % 2 - needed, 1)
    return body
