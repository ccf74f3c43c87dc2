"""Rendering a recording in a style: the chain once, then gain and limiter until the loudness is right. Memory is flat.

The first pass writes what the chain makes to a spool, unless that is the recording itself and quickly read again, and
notes, every few milliseconds, its K-weighted energy and its peak. From these the gain that will land is predicted,
limiter included; the second pass applies it and measures what it writes. When that is not close enough, the second pass
is repeated with what was learned.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import numpy as np

from soundstage.allocator import return_freed_memory
from soundstage.arrays import BLOCK_FRAMES, Floats, Floats32, Samples
from soundstage.audio.decibels import db_to_amplitude, power_to_db
from soundstage.audio.loudness import Loudness, LoudnessMeter
from soundstage.audio.steps import StepPowers
from soundstage.audio.streams import Reader, Writer, spool
from soundstage.match.analysis.features import SHORT_TERM_EVERY
from soundstage.match.analysis.level_distance import finite
from soundstage.match.analysis.tone_statistics import ToneMeter, ToneStatistics
from soundstage.match.rendering.chain import Chain, changes_nothing
from soundstage.match.rendering.loudness_targeting import GainSearch
from soundstage.match.rendering.processors import PeakLimiter, State
from soundstage.models.style import Limiter, Metrics, StyleParams

SETTLED_DB = 0.05  # of gain: where a limiter takes most of it again, the loudness is far nearer than that
MAX_PASSES = 4
REDUCTION_PERIOD_S = 0.05
"""Of the limiter's reduction as reports show it."""

ACTIVE_DB = 0.1
"""From which reduction on the limiter counts as active."""

Progress = Callable[[float], None]
"""Takes the share done, 0 to 1."""

Blocks = Callable[[], Iterator[Samples]]
"""Gives the blocks of a recording, as often as it is called."""


@dataclass(frozen=True)
class Rendered:
    """What a render measured on its way.

    Attributes:
        loudness: of the result.
        gain_db: the static gain that brought it there.
        reduction_db: the limiter's gain reduction every ``REDUCTION_PERIOD_S``, ≥ 0: [n].
        short_term_lufs: of the result, every second, −∞ for silence: [n].
        clipped: samples beyond full scale, where there was no limiter.
        tone: spectrum, mel statistics and stereo of the result, where ``with_tone`` asked for it.
    """

    loudness: Loudness
    gain_db: float
    reduction_db: Floats32
    short_term_lufs: Floats
    clipped: int = 0
    tone: ToneStatistics | None = None


def render(reader: Reader, writer: Writer, params: StyleParams, *, progress: Progress | None = None) -> Metrics:
    """Apply ``params`` to a recording: without delay, at its own rate and channels, and as long as it was; only a
    reverb, which is not cut off, makes it longer, by what is heard of its tail.

    Args:
        reader: the recording; it is read once.
        writer: where the result goes.

    Returns:
        The render's own part of the metrics: loudness, true peak, reduction; no distances.

    Raises:
        MediaRejected: the recording cannot be read, or holds samples that are not numbers.
        InvalidInput: a reverb's impulse response that is missing or unreadable.
    """
    return metrics_of(render_measured(reader, writer, params, progress=progress), params)


def render_measured(
    reader: Reader,
    writer: Writer,
    params: StyleParams,
    *,
    progress: Progress | None = None,
    with_tone: bool = False,
) -> Rendered:
    """``render``, returning all that was measured."""
    as_it_is = changes_nothing(params, reader.channels) and getattr(reader, "uncoded", False)
    return apply_gain_and_limiter(
        run_chain(reader, params),
        writer,
        params,
        rate_hz=reader.rate_hz,
        channels=reader.channels,
        progress=progress,
        with_tone=with_tone,
        again=reader.blocks if as_it_is else None,
    )


def apply_gain_and_limiter(
    chained: Iterable[Samples],
    writer: Writer,
    params: StyleParams,
    *,
    rate_hz: int,
    channels: int,
    progress: Progress | None = None,
    with_tone: bool = False,
    again: Blocks | None = None,
) -> Rendered:
    """Gain and limiter after the chain, whose blocks ``chained`` are, so that the loudness target is met.

    ``again`` gives the same blocks as often as needed; without it they are spooled.
    """
    return_freed_memory()
    report = progress or (lambda _: None)
    new_tone = partial(ToneMeter, rate_hz, channels) if with_tone else lambda: None
    with nullcontext() if again else spool(channels) as spooled:
        search = GainSearch(rate_hz, channels, params)
        for block in chained:
            if spooled:
                spooled.write(block)
            search.process(block)
        blocks = spooled.blocks if spooled else again
        assert blocks is not None  # noqa: S101 - one of the two
        report(0.5)
        gain_db = search.predicted_gain_db()
        limiter = active_limiter(params)
        limited = limiter is not None and search.reaches(limiter.tp_db - gain_db)
        if not limited:
            search.measure_peaks(blocks())
        if limiter is None or not (limited or search.true_peak_dbtp() + gain_db > limiter.tp_db):
            rendered = _finish_unlimited(
                blocks, writer, gain_db, search, rate_hz=rate_hz, channels=channels, tone=new_tone()
            )
            report(1.0)
            return rendered
        for _ in range(MAX_PASSES):
            rendered = _finish(blocks, writer, limiter, gain_db, rate_hz=rate_hz, channels=channels, tone=new_tone())
            next_db = search.next_gain_db(gain_db, rendered.loudness)
            if abs(next_db - gain_db) <= SETTLED_DB:
                break
            gain_db = next_db
        writer.end()
        report(1.0)
    return rendered


def run_chain(reader: Reader, params: StyleParams) -> Iterator[Samples]:
    """The blocks of a recording after every stage but gain and limiter."""
    chain = Chain(params, reader.rate_hz, reader.channels)
    state: State | None = None
    for block in reader.blocks():
        y, state = chain.process(block, state)
        yield y
    y, _ = chain.process(np.zeros((0, reader.channels), np.float32), state, last=True)
    yield y


def first_frame_needed(start: int, tail_s: float, rate_hz: int) -> int:
    """The frame, an edge of a block, from which a render equals that of the whole from frame ``start`` on.

    ``tail_s`` is ``Chain.tail_s``.
    """
    return max(0, start - round(tail_s * rate_hz)) // BLOCK_FRAMES * BLOCK_FRAMES


def _finish(
    blocks: Blocks,
    writer: Writer,
    limiter: Limiter,
    gain_db: float,
    *,
    rate_hz: int,
    channels: int,
    tone: ToneMeter | None,
) -> Rendered:
    """One pass of gain, limiter and meters into ``writer``."""
    factor = np.float32(db_to_amplitude(gain_db))
    meter = LoudnessMeter(rate_hz, channels)
    # Before and after the limiter they tell its reduction.
    before, after = (StepPowers(round(REDUCTION_PERIOD_S * rate_hz), channels) for _ in range(2))
    stage, state = PeakLimiter(), None
    stage.reset(rate_hz, channels, limiter)
    writer.begin(rate_hz, channels)
    for block, last in _with_last(blocks(), channels):
        x = block * factor
        y, state = stage.process(x, state, last=last)
        before.process(x)
        after.process(y)
        meter.process(y)
        if tone:
            tone.process(y)
        writer.write(y)
    short_term = meter.short_term_lufs()[::SHORT_TERM_EVERY]
    before_db, after_db = (power_to_db(powers.result()) for powers in (before, after))
    reduction_db = np.maximum(before_db - after_db, 0.0).astype(np.float32)
    return Rendered(meter.result(), gain_db, reduction_db, short_term, tone=tone.result() if tone else None)


def _finish_unlimited(
    blocks: Blocks,
    writer: Writer,
    gain_db: float,
    search: GainSearch,
    *,
    rate_hz: int,
    channels: int,
    tone: ToneMeter | None,
) -> Rendered:
    """One pass of the gain alone; levels before it tell those after it, unless the file cuts peaks off."""
    factor = np.float32(db_to_amplitude(gain_db))
    clips = search.true_peak_dbtp() + gain_db > 0
    cut_off = LoudnessMeter(rate_hz, channels) if clips and getattr(writer, "clips", False) else None
    clipped = 0
    writer.begin(rate_hz, channels)
    for block in blocks():
        y = block * factor
        if clips:
            clipped += int(np.count_nonzero(np.abs(y) > 1.0))
        if cut_off:
            y = np.clip(y, -1.0, 1.0)
            cut_off.process(y)
        if tone:
            tone.process(y)
        writer.write(y)
    writer.end()
    meter = cut_off or search.meter(gain_db, limited=False)
    loudness = cut_off.result() if cut_off else search.with_peaks(meter.result(), gain_db)
    short_term = meter.short_term_lufs()[::SHORT_TERM_EVERY]
    periods = int(loudness.duration_s / REDUCTION_PERIOD_S)
    reduction_db = np.zeros(periods, np.float32)
    return Rendered(loudness, gain_db, reduction_db, short_term, clipped, tone.result() if tone else None)


def _with_last(blocks: Iterator[Samples], channels: int) -> Iterator[tuple[Samples, bool]]:
    for block in blocks:
        yield block, False
    yield np.zeros((0, channels), np.float32), True


def active_limiter(params: StyleParams) -> Limiter | None:
    """The style's limiter, unless its amount is 0."""
    return params.limiter if params.limiter and params.amounts.limiter > 0 else None


def metrics_of(rendered: Rendered, params: StyleParams) -> Metrics:
    """The render's own part of the metrics; distances to a reference come from features (``pipeline.distances``)."""
    loudness, reduction = rendered.loudness, rendered.reduction_db
    integrated_lufs = finite(loudness.integrated_lufs)
    error_lu = abs(integrated_lufs - params.lufs.target_db) if integrated_lufs is not None and params.lufs else None
    samples = max(1, round(loudness.duration_s * loudness.rate_hz) * loudness.channels)
    return Metrics(
        integrated_lufs=integrated_lufs,
        tp_db=finite(loudness.true_peak_dbtp),
        lufs_err=error_lu,
        limiter_active_rate=float(np.mean(reduction > ACTIVE_DB)) if len(reduction) else 0.0,
        max_gain_reduction_db=float(reduction.max(initial=0.0)),
        artifacts_rate=rendered.clipped / samples,
        gain_db=rendered.gain_db,
    )
