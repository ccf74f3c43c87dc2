"""The width of the stereo image as a stage: a factor and an equaliser of the side; the middle stays."""

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.filters import SosFilter
from soundstage.match.rendering.equaliser import equaliser_sos, ringing_s
from soundstage.match.rendering.processors import Processor, State
from soundstage.models.style import Stereo


class Width(Processor[Stereo]):
    """The side (l − r) / 2 times ``width`` and through ``side_eq``; recordings that are not stereo pass unchanged.

    State: ``zi`` of the side's filter, where there is one.
    """

    def _prepare(self) -> None:
        same, other = (1 + self.params.width) / 2, (1 - self.params.width) / 2
        self._mix = np.array([[same, other], [other, same]], np.float32)
        bands = self.params.side_eq if self.channels == 2 else []
        self._filter = SosFilter(equaliser_sos(bands, self.rate_hz), 1) if bands else None

    def _first_state(self) -> State:
        return {"zi": np.zeros_like(self._filter.state)} if self._filter else {}

    def _block(self, x: Samples, state: State) -> tuple[Samples, State]:
        if self._filter is None:
            return (x @ self._mix if self.channels == 2 else x), state
        self._filter.state = state["zi"]
        middle = (x[:, :1] + x[:, 1:]) / 2
        side = self._filter.process(np.ascontiguousarray((x[:, :1] - x[:, 1:]) * np.float32(self.params.width / 2)))
        return np.concatenate([middle + side, middle - side], axis=1), {"zi": self._filter.state}

    def tail_s(self) -> float:
        return ringing_s(self.params.side_eq)
