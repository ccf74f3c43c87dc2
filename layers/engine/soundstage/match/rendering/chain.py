"""The stages of a style in their order, as one processor."""

from typing import Any

from soundstage.arrays import Samples
from soundstage.match.rendering.compressor import DynamicsProcessor
from soundstage.match.rendering.eq_response import scaled_bands
from soundstage.match.rendering.equaliser import Equaliser
from soundstage.match.rendering.pitch_shift import PitchShifter
from soundstage.match.rendering.processors import HarmonicExciter, Processor, State, Width
from soundstage.match.rendering.reverb import ReverbProcessor
from soundstage.models.style import Stage, Stereo, StyleParams


class Chain:
    """Everything before the gain and the limiter; those depend on how loud this comes out, so ``render`` runs them.

    A stage that is absent, whose amount is 0, or that would change nothing is left out. State: one per stage.
    """

    def __init__(self, params: StyleParams, rate_hz: int, channels: int) -> None:
        self.stages: list[tuple[Stage, Processor[Any]]] = []
        for stage, processor, stage_params in _active(params, channels):
            processor.reset(rate_hz, channels, stage_params)
            self.stages.append((stage, processor))

    def process(self, x: Samples, state: State | None = None, *, last: bool = False) -> tuple[Samples, State]:
        """As ``Processor.process``."""
        states = state or {}
        after: State = {}
        for stage, processor in self.stages:
            x, after[stage] = processor.process(x, states.get(stage), last=last)
        return x, after

    def tail_s(self) -> float:
        """How much of the past a segment needs before it, to join without a seam."""
        return sum(processor.tail_s() for _, processor in self.stages)


def _active(params: StyleParams, channels: int) -> list[tuple[Stage, Processor[Any], Any]]:
    amounts = params.amounts
    active: list[tuple[Stage, Processor[Any], Any]] = []
    semitones = (params.pitch.semitones if params.pitch else 0.0) * amounts.pitch
    if abs(semitones) > 0.005:
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
    width = 1 + ((params.stereo.width if params.stereo else 1.0) - 1) * amounts.stereo
    if channels == 2 and abs(width - 1) > 0.001:
        active.append(("stereo", Width(), Stereo(width=width)))
    return active
