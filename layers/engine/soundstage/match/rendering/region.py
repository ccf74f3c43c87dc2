"""A few seconds of a finished match in a changed style, as a render of all of it would make them.

Every stage runs, so a person hears compressor, room and limiter before minutes are rendered anew. Only the gain is not
searched over the whole recording: how loud these seconds came out the last time says how loud they have to be now.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, flac_16
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.resample import resample
from soundstage.audio.streams import MemoryWriter, Reader
from soundstage.match.rendering.chain import Chain
from soundstage.match.rendering.loudness_targeting import SHORT_LU, wanted_lufs
from soundstage.match.rendering.render import apply_gain_and_limiter, first_frame_needed, run_chain
from soundstage.match.rendering.segments import GUARD_S, Excerpt
from soundstage.models.style import StyleParams

AROUND_S = 0.5
"""Rendered before and after the region and left off, chosen: limiters and pitch shifters begin and end there."""

MOST_HZ = 48_000
"""Of what is sent to browsers: what they play."""


@dataclass(frozen=True)
class Region:
    """``integrated_lufs``: of all of the recording, were it rendered like this; None where that cannot be told."""

    audio: Audio
    integrated_lufs: float | None

    def flac(self) -> bytes:
        """For browsers: 16 bits, and no more samples a second than they play."""
        rate_hz = min(self.audio.rate_hz, MOST_HZ)
        return flac_16(Audio(resample(self.audio.samples, self.audio.rate_hz, rate_hz), rate_hz))


@dataclass(frozen=True)
class Finished:
    """A match that was rendered: its result, its style, and where its loudness landed (None: silence)."""

    result: Reader
    style: StyleParams
    integrated_lufs: float | None


def render_region(target: Reader, style: StyleParams, start_s: float, end_s: float, *, finished: Finished) -> Region:
    """Seconds ``start_s`` to ``end_s`` of ``target`` in ``style``, or up to its end where that comes first.

    ``finished`` has the rate and the channels of ``target``. Empty where the region lies beyond the end.

    Raises as ``render.render`` does.
    """
    rate_hz = target.rate_hz
    start, end = round(start_s * rate_hz), round(end_s * rate_hz)
    around = round(AROUND_S * rate_hz)
    begin = max(0, start - around)
    made = _samples(Excerpt(finished.result, begin, end + around), target.channels)[: end + around - begin]
    region_lufs = measure_loudness(made, rate_hz).integrated_lufs
    writer = MemoryWriter()
    rendered = apply_gain_and_limiter(
        _chained(target, style, begin, end + around),
        writer,
        _aimed(style, finished, region_lufs),
        rate_hz=rate_hz,
        channels=target.channels,
    )
    assert writer.audio is not None  # noqa: S101 - the render has ended
    # The finished one ends with its target, or rings on; a region ends with the target.
    audio = Audio(writer.audio.samples[start - begin : end - begin], rate_hz)
    return Region(audio, _of_the_whole(rendered.loudness.integrated_lufs, region_lufs, finished))


def _chained(target: Reader, style: StyleParams, begin: int, end: int) -> Iterator[Samples]:
    """Frames ``begin`` to ``end`` after every stage but gain and limiter, begun as early as the stages' memory asks."""
    tail_s = max(GUARD_S, Chain(style, target.rate_hz, target.channels).tail_s())
    at = first_frame_needed(begin, tail_s, target.rate_hz)
    for block in run_chain(Excerpt(target, at, end), style):
        yield block[max(0, begin - at) : max(0, end - at)]
        at += len(block)


def _aimed(style: StyleParams, finished: Finished, region_lufs: float) -> StyleParams:
    """``style`` with the loudness that a region has to have, which was ``region_lufs`` in what is finished."""
    landed, lufs = finished.integrated_lufs, style.lufs
    if lufs is None or not style.amounts.lufs:
        return style
    if landed is None or not np.isfinite(region_lufs):
        return style.model_copy(update={"lufs": None})
    whole_lufs = _whole_lufs(style)
    before = finished.style
    if before.lufs and before.amounts.lufs and landed < _whole_lufs(before) - SHORT_LU:
        whole_lufs = min(whole_lufs, landed)  # further than that no gain brought it
    most_db = lufs.most_limited_db if whole_lufs > landed + SHORT_LU else None
    lufs = lufs.model_copy(update={"target_db": region_lufs + whole_lufs - landed, "most_limited_db": most_db})
    return style.model_copy(update={"lufs": lufs, "amounts": style.amounts.model_copy(update={"lufs": 1.0})})


def _of_the_whole(lufs: float, before_lufs: float, finished: Finished) -> float | None:
    if finished.integrated_lufs is None or not np.isfinite([lufs, before_lufs]).all():
        return None
    return finished.integrated_lufs + lufs - before_lufs


def _whole_lufs(style: StyleParams) -> float:
    assert style.lufs is not None  # noqa: S101 - callers have looked
    start = style.lufs.target_db if style.input_lufs is None else style.input_lufs
    return wanted_lufs(style.lufs.target_db, style.amounts.lufs, start)


def _samples(reader: Reader, channels: int) -> Samples:
    return np.concatenate([np.zeros((0, channels), np.float32), *reader.blocks()])
