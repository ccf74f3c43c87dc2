"""What an MP4 file's tables say of its video: when each frame is shown, and all that two files have to have in common.

Read from the boxes of ISO/IEC 14496-12 (clauses below), without running a program. Our own files are, as ffmpeg writes
them; files of anybody else do not come here.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 64 << 20
"""Of tables: hours of video have less."""


class NotAVideo(ValueError):
    """The file has no video track, or its tables do not fit together."""


@dataclass(frozen=True)
class VideoTrack:
    """``times``: of every frame, in order, in ticks of ``time_base`` a second, edits applied; ``keyframes``: of those
    that decode by themselves. ``entry``: SHA-256 of the sample description, which is codec, profile, parameter sets,
    size, pixel shape and colours; ``codec`` is its name.
    """

    time_base: int
    times: tuple[int, ...]
    keyframes: tuple[int, ...]
    codec: str
    width: int
    height: int
    entry: str


def read_video_track(path: Path) -> VideoTrack:
    """The first video track. Raises NotAVideo."""
    try:
        movie = _child(_movie(path), "trak", holding=("mdia", "hdlr"), of=b"vide")
        media = _find(movie, "mdia")
        table = _find(_find(media, "minf"), "stbl")
        time_base = struct.unpack_from(">I", _find(media, "mdhd"), 12 if _find(media, "mdhd")[0] == 0 else 20)[0]
        entry = _find(table, "stsd")[8:]
        width, height = struct.unpack_from(">HH", entry, 32)
        times = _decode_times(_find(table, "stts"))
        offsets = next((_offsets(box) for name, box in _boxes(table) if name == "ctts"), [0] * len(times))
        shift = _edit_shift(movie)
        shown = [at + later - shift for at, later in zip(times, offsets, strict=True)]
        whole = next((_sync_samples(box) for name, box in _boxes(table) if name == "stss"), range(len(shown)))
        codec, digest = bytes(entry[4:8]).decode("latin-1"), hashlib.sha256(_lasting(entry)).hexdigest()
        keyframes = tuple(sorted(shown[number] for number in whole))
        return VideoTrack(time_base, tuple(sorted(shown)), keyframes, codec, width, height, digest)
    except (StopIteration, struct.error, IndexError, ValueError, OSError) as error:
        raise NotAVideo(f"{path.name} is not a video.") from error


def _movie(path: Path) -> memoryview:
    with path.open("rb") as file:
        while header := file.read(8):
            size, name = struct.unpack(">I4s", header)
            head = 8
            if size == 1:
                (size,), head = struct.unpack(">Q", file.read(8)), 16
            if name == b"moov":
                if size - head > MOST_BYTES:
                    raise ValueError("tables larger than any of ours")
                return memoryview(file.read(size - head))
            if size < head:
                break
            file.seek(size - head, 1)
    raise ValueError("no tables")


def _boxes(content: memoryview) -> Iterator[tuple[str, memoryview]]:
    """§4.2"""
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        if size < 8:
            raise ValueError("a box of no size")
        yield name.decode("latin-1"), content[at + 8 : at + size]
        at += size


def _find(content: memoryview, name: str) -> memoryview:
    return next(box for found, box in _boxes(content) if found == name)


def _child(content: memoryview, name: str, *, holding: tuple[str, str], of: bytes) -> memoryview:
    """The first box of this name whose handler (§8.4.3) is for ``of``."""
    tracks = (box for found, box in _boxes(content) if found == name)
    return next(track for track in tracks if bytes(_find(_find(track, holding[0]), holding[1])[8:12]) == of)


def _runs(box: memoryview, form: str) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", box, 4)
    return struct.iter_unpack(form, box[8 : 8 + 8 * count])


def _decode_times(box: memoryview) -> list[int]:
    """§8.6.1.2: runs of frames of one length."""
    times, at = list[int](), 0
    for count, length in _runs(box, ">II"):
        times += range(at, at + count * length, length) if length else [at] * count
        at += count * length
    return times


def _offsets(box: memoryview) -> list[int]:
    """§8.6.1.3: how much later than decoded frames are shown."""
    return [later for count, later in _runs(box, ">Ii" if box[0] else ">II") for _ in range(count)]


def _sync_samples(box: memoryview) -> list[int]:
    """§8.6.2: the numbers of the frames that decode by themselves, here from 0."""
    (count,) = struct.unpack_from(">I", box, 4)
    return [number - 1 for (number,) in struct.iter_unpack(">I", box[8 : 8 + 4 * count])]


def _edit_shift(track: memoryview) -> int:
    """§8.6.6: where in the media the presentation begins."""
    for name, box in _boxes(track):
        if name == "edts":
            edits = _find(box, "elst")
            begins = struct.unpack_from(">q", edits, 16) if edits[0] else struct.unpack_from(">i", edits, 12)
            return max(0, int(begins[0]))
    return 0


def _lasting(entry: memoryview) -> bytes:
    """A sample description without its bit rates (btrt), which differ from file to file."""
    head, rest = bytes(entry[:86]), entry[86:]
    return head[4:] + b"".join(name.encode("latin-1") + bytes(box) for name, box in _boxes(rest) if name != "btrt")
