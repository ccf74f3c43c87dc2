"""The parametric equaliser as a streaming stage: second-order sections of the RBJ Audio EQ Cookbook."""

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio import filters
from soundstage.audio.filters import Sos, SosFilter
from soundstage.match.rendering.processors import Processor, State
from soundstage.models.style import EqBand

REACH = 0.49
"""Share of the rate up to which bands may lie: a biquad ends below half of it."""

DESIGNS = {"peaking": filters.peaking, "low_shelf": filters.low_shelf, "high_shelf": filters.high_shelf}


class Equaliser(Processor[list[EqBand]]):
    """Up to eight biquads. State: ``zi`` float64 [channels, 2 · bands]."""

    def _prepare(self) -> None:
        self._filter = SosFilter(equaliser_sos(self.params, self.rate_hz), self.channels)

    def _first_state(self) -> State:
        return {"zi": np.zeros_like(self._filter.state)}

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        self._filter.state = state["zi"]
        y = self._filter.process(x)
        return y, {"zi": self._filter.state}

    def tail_s(self) -> float:
        # A bell at 30 Hz with Q 4 rings for Q / (π f) · ln(10^6) ≈ .6 s until −120 dB.
        return max((6.0 * np.log(10) * band.q / (np.pi * band.f_hz) for band in self.params), default=0.0)


def equaliser_sos(bands: list[EqBand], rate_hz: int) -> Sos:
    """The bands as second-order sections [bands, 6]; those that lie beyond the rate's reach are held just inside it."""
    reach_hz = REACH * rate_hz
    return np.concatenate([DESIGNS[b.type](rate_hz, min(b.f_hz, reach_hz), b.q, b.gain_db) for b in bands])
