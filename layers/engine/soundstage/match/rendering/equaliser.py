"""The parametric equaliser as a stage: second-order sections of the Audio EQ Cookbook (``audio.filters``)."""

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio import filters
from soundstage.audio.filters import Sos, SosFilter
from soundstage.match.rendering.processors import TIME_CONSTANTS_TO_REST, Processor, State
from soundstage.models.style import EqBand

REACH = 0.49
"""Share of the rate up to which bands may lie: a biquad ends below half of it."""

DESIGNS = {"peaking": filters.peaking, "low_shelf": filters.low_shelf, "high_shelf": filters.high_shelf}


class Equaliser(Processor[list[EqBand]]):
    """Up to eight biquads; ``params`` are the bands. State: ``zi`` float64 [channels, 2 · bands]."""

    def _prepare(self) -> None:
        self._filter = SosFilter(equaliser_sos(self.params, self.rate_hz), self.channels)

    def _first_state(self) -> State:
        return {"zi": np.zeros_like(self._filter.state)}

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        self._filter.state = state["zi"]
        y = self._filter.process(x)
        return y, {"zi": self._filter.state}

    def tail_s(self) -> float:
        return ringing_s(self.params)


def ringing_s(bands: list[EqBand]) -> float:
    """How long the bands ring: each with the time constant Q / (π f); a bell at 30 Hz with Q 4 rings for .6 s."""
    return max((TIME_CONSTANTS_TO_REST * band.q / (np.pi * band.f_hz) for band in bands), default=0.0)


def equaliser_sos(bands: list[EqBand], rate_hz: int) -> Sos:
    """The bands, one or more, as sections [bands, 6]; those beyond ``REACH`` are moved just inside it."""
    reach_hz = REACH * rate_hz
    return np.concatenate([DESIGNS[b.type](rate_hz, min(b.f_hz, reach_hz), b.q, b.gain_db) for b in bands])
