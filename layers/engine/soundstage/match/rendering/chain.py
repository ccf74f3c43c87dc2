"""The stages of a style in their order, as one streaming processor."""

from typing import Any

from soundstage.arrays import Samples
from soundstage.match.rendering.compressor import DynamicsProcessor
from soundstage.match.rendering.eq_response import scaled_bands
from soundstage.match.rendering.equaliser import Equaliser
from soundstage.match.rendering.pitch_shift import PitchShifter
from soundstage.match.rendering.processors import HarmonicExciter, Processor, State
from soundstage.match.rendering.reverb import ReverbProcessor
from soundstage.match.rendering.width import Width
from soundstage.models.style import Stage, Stereo, StyleParams

INAUDIBLE_SEMITONES = 0.005
"""Half a cent; differences below about five cents are not heard (B. Moore, op. cit. in ``eq_response``, ch. 6)."""

INAUDIBLE_WIDTH = 0.001
"""A side .009 dB louder."""


class Chain:
    """All stages before gain and limiter; those depend on how loud this comes out, so ``render`` runs them.

    A stage that is absent, whose amount is 0, or that would change nothing is left out. ``stages`` are the others, in
    order, by name. State: one per stage.

    Raises:
        InvalidInput: a reverb's impulse response that is missing or unreadable.
    """

    def __init__(self, params: StyleParams, rate_hz: int, channels: int) -> None:
        self.stages: list[tuple[Stage, Processor[Any]]] = []
        for stage, processor, stage_params in _active(params, channels):
            processor.reset(rate_hz, channels, stage_params)
            self.stages.append((stage, processor))

    def process(self, x: Samples, state: State | None = None, *, last: bool = False) -> tuple[Samples, State]:
        """The next [frames, channels], as ``Processor.process`` takes and returns them."""
        states = state or {}
        after: State = {}
        for stage, processor in self.stages:
            x, after[stage] = processor.process(x, states.get(stage), last=last)
        return x, after

    def tail_s(self) -> float:
        """Seconds of the past that a segment needs before it, to join without a seam."""
        return sum(processor.tail_s() for _, processor in self.stages)


def changes_nothing(params: StyleParams, channels: int) -> bool:
    """Whether a chain of ``params`` has no stages."""
    return not _active(params, channels)


def _active(params: StyleParams, channels: int) -> list[tuple[Stage, Processor[Any], Any]]:
    amounts = params.amounts
    active: list[tuple[Stage, Processor[Any], Any]] = []
    semitones = (params.pitch.semitones if params.pitch else 0.0) * amounts.pitch
    if abs(semitones) > INAUDIBLE_SEMITONES:
        active.append(("pitch", PitchShifter(), semitones))
    bands = scaled_bands(params.eq, amounts.eq)
    if bands:
        active.append(("eq", Equaliser(), bands))
    if params.compressor and amounts.compressor:
        active.append(("compressor", DynamicsProcessor(), (params.compressor, amounts.compressor)))
    if params.exciter and params.exciter.mix * amounts.exciter:
        mix = params.exciter.mix * amounts.exciter
        active.append(("exciter", HarmonicExciter(), params.exciter.model_copy(update={"mix": mix})))
    if params.reverb and params.reverb.mix * amounts.reverb:
        mix = params.reverb.mix * amounts.reverb
        active.append(("reverb", ReverbProcessor(), params.reverb.model_copy(update={"mix": mix})))
    width, side_bands = params.side_gain, scaled_bands(params.stereo.side_eq if params.stereo else [], amounts.stereo)
    if channels == 2 and (side_bands or abs(width - 1) > INAUDIBLE_WIDTH):
        active.append(("stereo", Width(), Stereo(width=width, side_eq=side_bands)))
    return active
