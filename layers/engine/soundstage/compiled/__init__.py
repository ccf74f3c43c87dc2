"""Compiled loops over samples and pixels, where a C compiler has built them; ``loops()`` is None where none has.

``build.py`` compiles ``loops.c`` (sound) and ``frames.c`` (pictures: ``compiled.frames``) at set-up and in the layer's
build; nothing is compiled at run time. Each caller has a numpy or OpenCV twin of what it calls here, passes the same
tests with it, and agrees with it: sound within −120 dBFS. Arrays given to ``Loops`` are made C-contiguous and of the
right type here; state arrays are changed in place and must be both already.
"""

import ctypes
import functools
import hashlib
import platform
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats, Floats32, Samples

HERE = Path(__file__).parent
SOURCES = (HERE / "loops.c", HERE / "frames.c")
FLAGS = ("-O3", "-std=gnu11", "-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")
# Lambda's x86 machines have AVX2 (AWS Lambda developer guide, "Using Advanced Vector Extensions 2"), and so has every
# server since 2015; FMA came with it. ``runs_here`` asks for both before anything else runs.
MACHINE_FLAGS = {"x86_64": ("-mavx2", "-mfma"), "AMD64": ("-mavx2", "-mfma")}

Bins = NDArray[np.complex64]
Indices = NDArray[np.int32]


def library_path(folder: Path = HERE) -> Path:
    """Where the library of exactly these sources lies: an old one is not found."""
    written = b"".join(source.read_bytes() for source in SOURCES)
    digest = hashlib.sha256(written + repr((FLAGS, MACHINE_FLAGS, platform.machine())).encode())
    return folder / f"loops-{digest.hexdigest()[:12]}.so"


@functools.cache
def library() -> ctypes.CDLL | None:
    """What was compiled, or None: no compiler was there at set-up, or this processor is too old."""
    try:
        found = ctypes.CDLL(str(library_path()))
    except OSError:
        return None
    return found if found.runs_here() else None


@functools.cache
def loops() -> "Loops | None":
    """The loops over samples, or None where nothing is compiled."""
    found = library()
    return None if found is None else Loops(found)


class Loops:
    """The functions of ``loops.c`` on arrays."""

    def __init__(self, library: ctypes.CDLL) -> None:
        pointer, count = ctypes.c_void_p, ctypes.c_long
        signatures: dict[str, list[type]] = {
            "filter_sections": [pointer, pointer, count, count, pointer, count, pointer],
            "weigh": [pointer, count, count, count, *[pointer] * 5],
            "find_peaks": [pointer, count, count, pointer, count, ctypes.c_float, pointer, pointer, count],
            "needs": [pointer, count, ctypes.c_float, pointer],
            "release": [pointer, count, ctypes.c_double, pointer, count, *[pointer] * 5],
            "hear": [pointer, pointer, count, count, count, pointer, pointer, pointer],
            "persisting": [pointer, count, count, count, pointer, count, pointer],
            "brightness": [
                pointer,
                pointer,
                count,
                pointer,
                count,
                ctypes.c_double,
                ctypes.c_double,
                pointer,
                pointer,
            ],
            "to_gains": [pointer, pointer, pointer, count, pointer],
            "hold_maximum": [pointer, pointer, count, ctypes.c_double, ctypes.c_double],
            "smooth": [pointer, pointer, count, ctypes.c_double, ctypes.c_double],
            "apply_gains": [pointer, pointer, count, count, pointer, count, count],
            "pack_24": [pointer, pointer, count],
            "sum_products": [pointer, pointer, count, count, count, count, pointer],
            "window_sides": [pointer, count, count, pointer, pointer],
            "add_powers": [pointer, count, count, count, ctypes.c_double, pointer, pointer],
            "sum_bands": [pointer, count, count, *[pointer] * 3, count, pointer],
        }
        for name, arguments in signatures.items():
            function = getattr(library, name)
            function.argtypes, function.restype = arguments, None
        self._c = library

    def filter_sections(self, samples: Samples, sos: Floats, state: Floats) -> Samples:
        """A cascade of biquads, sos [sections, 6], state [channels, 2 · sections]: [frames, channels]."""
        samples = np.ascontiguousarray(samples, np.float32)
        if state.shape != (samples.shape[1], 2 * len(sos)):
            raise ValueError(f"a state of {state.shape} for {samples.shape[1]} channels and {len(sos)} sections")
        out = np.empty_like(samples)
        self._c.filter_sections(_at(samples), _at(out), *samples.shape, _at(sos), len(sos), _at(state))
        return out

    def weigh(
        self, samples: Samples, step: int, sos: Floats, state: Floats, weights: Floats
    ) -> tuple[Floats, Floats32]:
        """Per whole ``step``: the mean square after two biquads, weighted, added over the channels; the peak before."""
        samples = np.ascontiguousarray(samples, np.float32)
        steps, channels = len(samples) // step, samples.shape[1]
        energies, peaks = np.empty(steps), np.empty(steps, np.float32)
        self._c.weigh(
            _at(samples), steps, step, channels, _at(sos), _at(state), _at(weights), _at(energies), _at(peaks)
        )
        return energies, peaks

    def highest_point(
        self, samples: Samples, taps: Floats32, refinements: int, *, reach: float, known: tuple[float, float]
    ) -> tuple[float, float]:
        """The highest of the points between [history + frames, channels] and of the samples, or what is ``known`` of
        both; see ``true_peak``.
        """
        samples = np.ascontiguousarray(samples, np.float32)
        frames, channels = len(samples) - taps.shape[1] + 1, samples.shape[1]
        found = np.array(known, np.float32)
        self._c.find_peaks(_at(samples), frames, channels, _at(taps), refinements, reach, _at(found), None, 1)
        return float(found[0]), float(found[1])

    def envelope(
        self, samples: Samples, taps: Floats32, refinements: int, *, reach: float, above: float, step: int
    ) -> Floats32:
        """The highest point of each whole ``step``, exact above ``above``: [frames // step]."""
        samples = np.ascontiguousarray(samples, np.float32)
        frames, channels = len(samples) - taps.shape[1] + 1, samples.shape[1]
        known, out = np.array([above, 0.0], np.float32), np.empty(frames // step, np.float32)
        self._c.find_peaks(_at(samples), frames, channels, _at(taps), refinements, reach, _at(known), _at(out), step)
        return out

    def needs(self, peaks: Floats32, ceiling: float) -> Floats:
        """The reduction that each peak needs, nepers."""
        needed = np.empty(len(peaks))
        self._c.needs(_at(peaks), len(peaks), ceiling, _at(needed))
        return needed

    def release(
        self, needed: Floats, decay: float, *, window: Floats, floor: Floats | None, carried: Floats, past: Floats
    ) -> Floats:
        """The limiter's reduction at the nodes that end ``needed``; ``past`` [2, nodes] is what it held and reached."""
        needed = np.ascontiguousarray(needed, np.float64)
        steps, nodes = len(needed), past.shape[1]
        room = np.empty((2, nodes + steps))
        room[:, :nodes] = past
        reduction = np.empty(nodes + steps)
        floor = None if floor is None else np.ascontiguousarray(floor, np.float64)
        self._c.release(
            _at(needed), steps, float(np.exp(-decay)), _at(window), nodes, None if floor is None else _at(floor),
            _at(carried), _at(room[0]), _at(room[1]), _at(reduction),
        )  # fmt: skip
        past[:] = room[:, :nodes]
        return reduction[:steps]

    def persisting(self, needed: Floats, gap: int, length: int, window: Floats) -> Floats:
        """See ``programme._persisting``; ``window`` adds to 1."""
        needed = np.array(needed, np.float64)
        out = np.empty(len(needed) - 2 * (gap - 1) - 2 * (length - 1) - len(window) + 1)
        self._c.persisting(_at(needed), len(needed), gap, length, _at(window), len(window), _at(out))
        return out

    def hear(self, needed: Floats, samples: Samples, frames: int) -> Floats:
        """See ``programme._heard``."""
        needed, samples = np.ascontiguousarray(needed, np.float64), np.ascontiguousarray(samples, np.float32)
        ticks, channels = len(samples) // frames, samples.shape[1]
        out = np.empty((3, ticks))
        self._c.hear(_at(needed), _at(samples), ticks, frames, channels, *map(_at, out))
        return out

    def brightness(
        self, of_signal: Floats, of_differences: Floats, window: Floats, from_squared: float, octaves: float
    ) -> Floats:
        """See ``programme._brightness``; ``from_squared`` is the share of energies from which on it is more than 0."""
        ticks = len(of_signal) - len(window) + 1
        room, out = np.empty((2, ticks))
        of_signal, of_differences = (np.ascontiguousarray(row, np.float64) for row in (of_signal, of_differences))
        self._c.brightness(
            _at(of_signal), _at(of_differences), len(of_signal), _at(window), len(window), from_squared, octaves,
            _at(room), _at(out),
        )  # fmt: skip
        return out

    def to_gains(self, slow: Floats, quick: Floats | None, brightness: Floats | None) -> Floats:
        """See ``dynamics._to_gains``."""
        gains = np.empty(len(slow))
        optional = [None if array is None else _at(array) for array in (quick, brightness)]
        self._c.to_gains(_at(slow), *optional, len(slow), _at(gains))
        return gains

    def hold_maximum(self, x: Floats, fall: float, held: float) -> Floats:
        """See ``dynamics.decaying_maximum``: ``fall`` is the factor per value, ``held`` what comes before the first."""
        x = np.ascontiguousarray(x, np.float64)
        out = np.empty_like(x)
        self._c.hold_maximum(_at(x), _at(out), len(x), fall, held)
        return out

    def smooth(self, x: Floats, kept: float, last: float) -> Floats:
        """y[k] = kept · y[k − 1] + (1 − kept) · x[k], where y[−1] is ``last``: [n]."""
        x = np.ascontiguousarray(x, np.float64)
        out = np.empty_like(x)
        self._c.smooth(_at(x), _at(out), len(x), kept, last)
        return out

    def apply_gains(self, samples: Samples, gains: Floats, step: int, first: int) -> Samples:
        """See ``dynamics.apply_gains``."""
        if (len(gains) - 1) * step < len(samples):
            raise ValueError(f"{len(gains)} gains every {step} frames are too few for {len(samples)}")
        samples, gains = np.ascontiguousarray(samples, np.float32), np.ascontiguousarray(gains, np.float64)
        out = np.empty_like(samples)
        self._c.apply_gains(_at(samples), _at(out), *samples.shape, _at(gains), step, first)
        return out

    def pack_24(self, samples: Samples) -> NDArray[np.uint8]:
        """See ``io.quantised``: 24 bits in three bytes each, lowest first: [3 · samples]."""
        samples = np.ascontiguousarray(samples, np.float32)
        out = np.empty(3 * samples.size, np.uint8)
        self._c.pack_24(_at(samples), _at(out), samples.size)
        return out

    def sum_products(self, spectra: list[Bins], parts: list[Bins]) -> Bins:
        """The sum of as many products as there are spectra and parts, [channels, bins]; parts may have one row only."""
        count = min(len(spectra), len(parts))
        if {array.shape for array in spectra} != {spectra[0].shape} or parts[0].shape[1] != spectra[0].shape[1]:
            raise ValueError("spectra and parts differ in size")
        listed = [(ctypes.c_void_p * count)(*map(_at, arrays[:count])) for arrays in (spectra, parts)]
        rows, bins = spectra[0].shape
        total = np.empty((rows, bins), np.complex64)
        self._c.sum_products(*listed, count, rows, len(parts[0]), bins, _at(total))
        return total

    def window_sides(self, samples: Samples, half_window: Floats32) -> Samples:
        """Half the sum and half the difference of stereo under windows one after the other: [2, frames, size]."""
        samples = np.ascontiguousarray(samples, np.float32)
        size = len(half_window)
        frames = len(samples) // size
        if samples.shape != (frames * size, 2):
            raise ValueError(f"samples of {samples.shape} are no whole stereo frames of {size}")
        out = np.empty((2, frames, size), np.float32)
        self._c.window_sides(_at(samples), frames, size, _at(half_window), _at(out))
        return out

    def add_powers(self, spectra: Bins, weight: float, sums: Floats) -> Floats32:
        """Powers of the middle's spectra, the first of one or two [planes, frames, bins]: [frames, bins]. To ``sums``
        [4, bins] are added, each times ``weight``, powers of middle and side and the parts of middle · conj(side).
        """
        planes, frames, bins = spectra.shape
        if sums.shape != (4, bins):
            raise ValueError(f"sums of {sums.shape} for {bins} bins")
        spectra = np.ascontiguousarray(spectra, np.complex64)
        power = np.empty((frames, bins), np.float32)
        self._c.add_powers(_at(spectra), planes, frames, bins, weight, _at(power), _at(sums))
        return power

    def sum_bands(self, power: Floats32, first: Indices, starts: Indices, weights: Floats32) -> Floats32:
        """Powers [frames, bins] in bands: [frames, bands]; see ``audio.spectrum.Bands``."""
        power = np.ascontiguousarray(power, np.float32)
        out = np.empty((len(power), len(first)), np.float32)
        tables = _at(first), _at(starts), _at(weights)
        self._c.sum_bands(_at(power), *power.shape, *tables, len(first), _at(out))
        return out


def _at(array: NDArray[np.generic]) -> int:
    try:
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data))  # in half of the time that numpy's own way takes
    except (TypeError, ValueError):  # read-only; empty
        return array.ctypes.data
