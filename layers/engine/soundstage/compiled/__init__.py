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


class Release(ctypes.Structure):
    """A look-ahead and a release of a limiter: see ``loops.c``."""

    _fields_ = (
        ("nodes", ctypes.c_long),
        ("fall", ctypes.c_double),
        *((name, ctypes.c_void_p) for name in ("window", "carried", "past")),
    )


class Persistence(ctypes.Structure):
    """What a limiter holds: see ``loops.c``."""

    _fields_ = (*((name, ctypes.c_long) for name in ("gap", "length", "taps")), ("window", ctypes.c_void_p))


class LimiterStage(ctypes.Structure):
    """A limiter's stage: numbers, and where its arrays lie, which have to outlive it. See ``loops.c``."""

    _fields_ = (
        *((name, ctypes.c_long) for name in ("frames", "channels", "step", "delay", "kept", "refinements", "waiting")),
        *((name, ctypes.c_float) for name in ("ceiling", "reach")),
        *((name, ctypes.c_void_p) for name in ("taps", "room", "last_gain", "needed", "scratch")),
        ("releases", ctypes.c_long),
        ("release", Release * 2),
        ("ticks", ctypes.c_long),
        ("heard", ctypes.c_void_p),
        *((name, ctypes.c_double) for name in ("most_held", "bright_from_squared", "bright_octaves")),
        ("persistence", Persistence * 3),
        ("bright_taps", ctypes.c_long),
        ("bright_window", ctypes.c_void_p),
    )


class Loops:
    """The functions of ``loops.c`` on arrays."""

    def __init__(self, library: ctypes.CDLL) -> None:
        pointer, count = ctypes.c_void_p, ctypes.c_long
        signatures: dict[str, list[type]] = {
            "filter_sections": [pointer, pointer, count, count, pointer, count, pointer],
            "weigh": [pointer, count, count, count, *[pointer] * 5],
            "find_peaks": [pointer, count, count, pointer, count, ctypes.c_float, pointer, pointer, count],
            "persisting": [pointer, count, count, count, pointer, count, pointer],
            "limit": [pointer, count, pointer, pointer, count],
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
        self._c.filter_sections(at(samples), at(out), *samples.shape, at(sos), len(sos), at(state))
        return out

    def weigh(
        self, samples: Samples, step: int, sos: Floats, state: Floats, weights: Floats
    ) -> tuple[Floats, Floats32]:
        """Per whole ``step``: the mean square after two biquads, weighted, added over the channels; the peak before."""
        samples = np.ascontiguousarray(samples, np.float32)
        steps, channels = len(samples) // step, samples.shape[1]
        energies, peaks = np.empty(steps), np.empty(steps, np.float32)
        self._c.weigh(at(samples), steps, step, channels, at(sos), at(state), at(weights), at(energies), at(peaks))
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
        self._c.find_peaks(at(samples), frames, channels, at(taps), refinements, reach, at(found), None, 1)
        return float(found[0]), float(found[1])

    def persisting(self, needed: Floats, gap: int, length: int, window: Floats) -> Floats:
        """See ``programme._persisting``; ``window`` adds to 1."""
        needed = np.array(needed, np.float64)
        out = np.empty(len(needed) - 2 * (gap - 1) - 2 * (length - 1) - len(window) + 1)
        self._c.persisting(at(needed), len(needed), gap, length, at(window), len(window), at(out))
        return out

    def limit(self, stages: "ctypes.Array[LimiterStage]", samples: Samples, units: int) -> Samples:
        """So many whole units [frames, channels] through the stages of a limiter: see ``dynamics``."""
        samples = np.ascontiguousarray(samples, np.float32)
        out = np.empty((units * stages[0].frames, samples.shape[1]), np.float32)
        if samples.shape[1] != stages[0].channels or len(samples) < len(out):
            raise ValueError(f"samples of {samples.shape} are no {units} units")
        self._c.limit(ctypes.addressof(stages), len(stages), at(samples), at(out), units)
        return out

    def hold_maximum(self, x: Floats, fall: float, held: float) -> Floats:
        """See ``dynamics.decaying_maximum``: ``fall`` is the factor per value, ``held`` what comes before the first."""
        x = np.ascontiguousarray(x, np.float64)
        out = np.empty_like(x)
        self._c.hold_maximum(at(x), at(out), len(x), fall, held)
        return out

    def smooth(self, x: Floats, kept: float, last: float) -> Floats:
        """y[k] = kept · y[k − 1] + (1 − kept) · x[k], where y[−1] is ``last``: [n]."""
        x = np.ascontiguousarray(x, np.float64)
        out = np.empty_like(x)
        self._c.smooth(at(x), at(out), len(x), kept, last)
        return out

    def apply_gains(self, samples: Samples, gains: Floats, step: int, first: int) -> Samples:
        """See ``dynamics.apply_gains``."""
        if (len(gains) - 1) * step < len(samples):
            raise ValueError(f"{len(gains)} gains every {step} frames are too few for {len(samples)}")
        samples, gains = np.ascontiguousarray(samples, np.float32), np.ascontiguousarray(gains, np.float64)
        out = np.empty_like(samples)
        self._c.apply_gains(at(samples), at(out), *samples.shape, at(gains), step, first)
        return out

    def pack_24(self, samples: Samples) -> NDArray[np.uint8]:
        """See ``io.quantised``: 24 bits in three bytes each, lowest first: [3 · samples]."""
        samples = np.ascontiguousarray(samples, np.float32)
        out = np.empty(3 * samples.size, np.uint8)
        self._c.pack_24(at(samples), at(out), samples.size)
        return out

    def sum_products(self, spectra: list[Bins], parts: list[Bins]) -> Bins:
        """The sum of as many products as there are spectra and parts, [channels, bins]; parts may have one row only."""
        count = min(len(spectra), len(parts))
        if {array.shape for array in spectra} != {spectra[0].shape} or parts[0].shape[1] != spectra[0].shape[1]:
            raise ValueError("spectra and parts differ in size")
        listed = [(ctypes.c_void_p * count)(*map(at, arrays[:count])) for arrays in (spectra, parts)]
        rows, bins = spectra[0].shape
        total = np.empty((rows, bins), np.complex64)
        self._c.sum_products(*listed, count, rows, len(parts[0]), bins, at(total))
        return total

    def window_sides(self, samples: Samples, half_window: Floats32) -> Samples:
        """Half the sum and half the difference of stereo under windows one after the other: [2, frames, size]."""
        samples = np.ascontiguousarray(samples, np.float32)
        size = len(half_window)
        frames = len(samples) // size
        if samples.shape != (frames * size, 2):
            raise ValueError(f"samples of {samples.shape} are no whole stereo frames of {size}")
        out = np.empty((2, frames, size), np.float32)
        self._c.window_sides(at(samples), frames, size, at(half_window), at(out))
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
        self._c.add_powers(at(spectra), planes, frames, bins, weight, at(power), at(sums))
        return power

    def sum_bands(self, power: Floats32, first: Indices, starts: Indices, weights: Floats32) -> Floats32:
        """Powers [frames, bins] in bands: [frames, bands]; see ``audio.spectrum.Bands``."""
        power = np.ascontiguousarray(power, np.float32)
        out = np.empty((len(power), len(first)), np.float32)
        tables = at(first), at(starts), at(weights)
        self._c.sum_bands(at(power), *power.shape, *tables, len(first), at(out))
        return out


def at(array: NDArray[np.generic]) -> int:
    """The address of its first value."""
    try:
        return ctypes.addressof(ctypes.c_char.from_buffer(array.data))  # in half of the time that numpy's own way takes
    except (TypeError, ValueError):  # read-only; empty
        return array.ctypes.data
