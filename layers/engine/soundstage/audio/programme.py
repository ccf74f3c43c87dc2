"""What an adaptive limiter follows: how much of the reduction that it needs persists, and how bright the sound is."""

import functools

import numpy as np

from soundstage import compiled
from soundstage.arrays import Floats, Samples

TICK_NODES = 8
"""Nodes, .7 ms, in which an adaptive limiter looks at the programme."""

PERSISTENT_MS = ((25.0, 200.0, 40.0), (12.0, 120.0, 40.0))
"""A reduction persists where peaks come at least every 25 ms (the period of the lowest E of a bass, 41 Hz) for 200 ms,
or every 12 ms for 120 ms, as those of higher tones do; there the gain goes smoothly, over 40 ms, instead of once a
period: a tone is not distorted. Hits are shorter, and in what rings on after them peaks come less often."""

DULL_MS = (12.0, 48.0, 20.0)
"""The same where the sound is dull: plucked strings and kicks are over the ceiling for no longer than that, and nothing
masks what a quick gain adds to them."""

MOST_HELD_DB = 5.0
"""Of what persists: what is needed beyond that costs too much loudness if it is held."""

HEARD_S = sum(times * ms for times, ms in zip((2, 2, 1), PERSISTENT_MS[0], strict=True)) / 1000
"""The longest of them: for so long a peak may count for what persists: half of it before, half of it after."""

DULL_HZ, BRIGHT_HZ, BRIGHTNESS_MS = 600.0, 1200.0, 20.0
"""Mean frequency (the root of its power-weighted mean square) over 20 ms up to which a sound is dull, and from which on
bright: hits with cymbals or distorted guitars mask a gain that moves in less than a millisecond (docs/measured.md)."""

BRIGHT_OCTAVES = float(np.log2(BRIGHT_HZ / DULL_HZ))

NO_ENERGY = 1e-20
"""Less than that is silence."""

NEPER_DB = float(20 / np.log(10))


class Programme:
    """Follows needs and samples, unit by unit, in ticks.

    Attributes:
        heard: of the last ticks the most that was needed, the energy, and that of the differences: [3, ticks].
        delay_ticks: between what comes in and what goes out, since both sides of a moment are looked at.
    """

    def __init__(self, rate_hz: int, step: int) -> None:
        tick_s = TICK_NODES * step / rate_hz
        self._rate_hz, self._frames = rate_hz, TICK_NODES * step
        self._persistences = [_in_ticks(times_ms, tick_s) for times_ms in (*PERSISTENT_MS, DULL_MS)]
        self._window = hann(_odd(2 * BRIGHTNESS_MS / 1000 / tick_s))
        around = _reach_of(*self._persistences[0])
        self.delay_ticks = around // 2
        self.heard = np.zeros((3, around + 1))

    def process(self, needed: Floats, unit: Samples) -> tuple[Floats, Floats, Floats]:
        """From the needs [steps] and samples of the next unit to three of [ticks + 1], ``delay_ticks`` late.

        They are the reduction that persists, the one that does so for a while at least, and the brightness, 0 to 1.
        """
        heard = np.concatenate([self.heard, _heard(needed, unit, self._frames)], axis=1)
        self.heard[:] = heard[:, -self.heard.shape[1] :]
        holdable = np.minimum(heard[0], MOST_HELD_DB / NEPER_DB)
        *bright_too, dull = _side_by_side(holdable, self._persistences)
        persistent = np.maximum(*bright_too)
        beside = (heard.shape[1] - len(persistent) - len(self._window) + 1) // 2
        energies = heard[1:, beside : heard.shape[1] - beside]
        return persistent, dull, _brightness(energies, self._window, self._rate_hz)

    def fill(self, stage: compiled.LimiterStage) -> None:
        """What ``loops.c`` does as ``process``."""
        stage.ticks, stage.heard = self.heard.shape[1], compiled.at(self.heard)
        stage.most_held = MOST_HELD_DB / NEPER_DB
        for persistence, (gap, length, smoothing) in zip(stage.persistence, self._persistences, strict=True):
            persistence.gap, persistence.length, persistence.taps = gap, length, smoothing
            persistence.window = compiled.at(hann(smoothing))
        stage.bright_taps, stage.bright_window = len(self._window), compiled.at(self._window)
        stage.bright_from_squared, stage.bright_octaves = _bright_from_squared(self._rate_hz), BRIGHT_OCTAVES


def persistent_reduction(needed: Floats, tick_s: float) -> Floats:
    """The reduction that an adaptive limiter holds at least, from what every tick of a recording needs, in nepers."""
    persistences = [_in_ticks(times_ms, tick_s) for times_ms in PERSISTENT_MS]
    around = np.pad(np.minimum(needed, MOST_HELD_DB / NEPER_DB), _reach_of(*persistences[0]) // 2)
    return np.maximum(*_side_by_side(around, persistences))


def _side_by_side(needed: Floats, persistences: list[tuple[int, int, int]]) -> list[Floats]:
    """What persists by each, of the same ticks; the first reaches furthest."""
    besides = [(_reach_of(*persistences[0]) - _reach_of(*times)) // 2 for times in persistences]
    return [
        _persisting(needed[beside : len(needed) - beside], *times)
        for beside, times in zip(besides, persistences, strict=True)
    ]


def _in_ticks(times_ms: tuple[float, float, float], tick_s: float) -> tuple[int, int, int]:
    gap, length, smoothing = (_odd(time_ms / 1000 / tick_s) for time_ms in times_ms)
    return gap, length, smoothing


def _odd(ticks: float) -> int:
    return 2 * round((ticks - 1) / 2) + 1 if ticks > 1 else 1


def _reach_of(gap: int, length: int, smoothing: int) -> int:
    """Ticks more than come out that ``_persisting`` takes, half of them on either side."""
    return 2 * (gap - 1) + 2 * (length - 1) + smoothing - 1


def _persisting(needed: Floats, gap: int, length: int, smoothing: int) -> Floats:
    """What is needed with gaps shorter than ``gap`` closed (to the lower side), without what is then shorter than
    ``length``, in ticks: the closing and the opening of morphology (J. Serra, 1982), smoothed."""
    if not needed.any():
        return np.zeros(len(needed) - _reach_of(gap, length, smoothing))
    if loops := compiled.loops():
        return loops.persisting(needed, gap, length, hann(smoothing))
    closed = -sliding_maximum(-sliding_maximum(needed, gap), gap + length - 1)
    return np.convolve(sliding_maximum(closed, length), hann(smoothing), mode="valid")


def _brightness(energies: Floats, window: Floats, rate_hz: int) -> Floats:
    """0 for dull sound to 1 for bright, of ticks through a window, from what ``_heard`` found: [2, ticks].

    Differences at a frequency f are 2π f / rate of the signal, up to a quarter of the rate or so.
    """
    of_signal, of_differences = (np.convolve(row, window, mode="valid") for row in energies)
    share = of_differences / np.maximum(of_signal, NO_ENERGY) / _bright_from_squared(rate_hz)
    return np.asarray(np.minimum(np.log2(np.maximum(share, 1.0)) / 2 / BRIGHT_OCTAVES, 1.0))


def _bright_from_squared(rate_hz: int) -> float:
    """The energy of the differences of a sound at ``DULL_HZ``, as a share of its own."""
    return float((2 * np.pi * DULL_HZ / rate_hz) ** 2)


def _heard(needed: Floats, unit: Samples, frames: int) -> Floats:
    """Of each tick of so many frames: the most that was needed, the energy over all channels, and that of the
    differences from frame to frame: [3, ticks]."""
    rows = unit.reshape(-1, frames, unit.shape[1])
    energies = [np.einsum("tfc,tfc->t", x, x, dtype=np.float64) for x in (rows, np.diff(rows, axis=1))]
    return np.stack([needed.reshape(-1, TICK_NODES).max(axis=1), *energies])


@functools.cache
def hann(taps: int) -> Floats:
    """Hann's window without the zeros at its ends; the taps add to 1."""
    window = np.hanning(taps + 2)[1:-1]
    window /= window.sum()
    return window


def at_nodes(ticks: Floats) -> Floats:
    """[ticks + 1] → [ticks · TICK_NODES]: in lines from tick to tick, without the first."""
    ramp = np.arange(1, TICK_NODES + 1) / TICK_NODES
    return (ticks[:-1, None] + np.diff(ticks)[:, None] * ramp).reshape(-1)


def sliding_maximum(values: Floats, length: int) -> Floats:
    """Maximum of every ``length`` neighbours, [n − length + 1]: windows double until they reach the length."""
    reach = 1
    while 2 * reach <= length:
        values = np.maximum(values[:-reach], values[reach:])
        reach *= 2
    rest = length - reach
    return np.maximum(values[: len(values) - rest], values[rest:]) if rest else values
