"""Rendering long recordings in segments, anywhere and at the same time, and joining them without a seam.

A segment runs the chain from early enough before its start that nothing older matters any more. Gain and limiter run
over the joined whole: they cost little, and only the whole has a loudness.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from soundstage.arrays import BLOCK_FRAMES, Samples
from soundstage.audio.streams import FileReader, FileWriter, Reader, Writer
from soundstage.match.rendering.chain import Chain
from soundstage.match.rendering.render import Progress, Rendered, apply_gain_and_limiter, first_frame_needed, run_chain
from soundstage.models.style import StyleParams

SEGMENT_S = 60.0
"""Chosen: a segment takes some seconds, which starting a function for it does not outweigh."""

GUARD_S = 1.0
"""Of the past that is always read before a segment, however short its stages' memory is."""


class Segment(BaseModel):
    """Frames ``start_frame`` up to ``end_frame`` of the result; the chain runs from ``read_from_frame`` on.

    The ``last`` one holds what rings on after it, too.
    """

    index: int
    start_frame: int
    end_frame: int
    read_from_frame: int
    last: bool = False


class Excerpt:
    """Frames ``start`` up to ``end`` of a recording, as a ``Reader``."""

    def __init__(self, reader: Reader, start: int, end: int) -> None:
        self.rate_hz, self.channels = reader.rate_hz, reader.channels
        self._reader, self._start, self._end = reader, start, end

    def blocks(self, start_frame: int = 0) -> Iterator[Samples]:
        at = self._start + start_frame
        for block in self._reader.blocks(at):
            inside = block[: self._end - at]
            at += len(inside)
            if len(inside):
                yield inside
            if at >= self._end:
                return


def plan_segments(
    frames: int, rate_hz: int, channels: int, params: StyleParams, segment_s: float = SEGMENT_S
) -> list[Segment]:
    """Segments of about ``segment_s`` seconds, cut at edges of blocks; each is read from as early as it needs."""
    length = max(1, round(segment_s * rate_hz) // BLOCK_FRAMES) * BLOCK_FRAMES
    tail_s = max(GUARD_S, Chain(params, rate_hz, channels).tail_s())
    return [
        Segment(
            index=index,
            start_frame=start,
            end_frame=min(start + length, frames),
            read_from_frame=first_frame_needed(start, tail_s, rate_hz),
            last=start + length >= frames,
        )
        for index, start in enumerate(range(0, frames, length))
    ]


def render_segment(
    reader: Reader, params: StyleParams, segment: Segment, path: Path, *, progress: Progress | None = None
) -> None:
    """Run the chain over one segment into a WAV file of 32-bit floats. ``progress`` takes the share done, 0 to 1."""
    begin, end = segment.read_from_frame, segment.end_frame
    at = begin
    with FileWriter(path, "FLOAT", "WAV") as writer:
        writer.begin(reader.rate_hz, reader.channels)
        for block in run_chain(Excerpt(reader, begin, end), params):
            writer.write(block[max(0, segment.start_frame - at) : None if segment.last else max(0, end - at)])
            at += len(block)
            if progress:
                progress(min(1.0, (at - begin) / (end - begin)))
        writer.end()


def join_segments(
    paths: Iterable[Path],
    writer: Writer,
    params: StyleParams,
    *,
    progress: Progress | None = None,
    with_tone: bool = False,
) -> Rendered:
    """Put rendered segments, in order, together; ``render.apply_gain_and_limiter`` brings the whole to its loudness.

    Each file is read to its end before the next path is asked for, so they need not all be there at once. Writes as
    ``render.render_measured`` does.
    """
    following = iter(paths)
    opening = FileReader(next(following))

    def chained() -> Iterator[Samples]:
        yield from opening.blocks()
        for path in following:
            yield from FileReader(path).blocks()
        yield np.zeros((0, opening.channels), np.float32)

    return apply_gain_and_limiter(
        chained(),
        writer,
        params,
        rate_hz=opening.rate_hz,
        channels=opening.channels,
        progress=progress,
        with_tone=with_tone,
    )
