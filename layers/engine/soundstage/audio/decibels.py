"""Levels in decibels, and back: 20 lg of an amplitude (a field quantity), 10 lg of a power (IEC 60027-3).

The reference is 1: full scale for samples (dBFS, dBTP), its square for mean squares and spectra, no change for gains.
Silence has no finite level, so a level never falls below ``floor_db``; meters, which show −∞, ask for ``NO_FLOOR``.
"""

from typing import overload

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats

FLOOR_DB = -140.0
"""dB. 24 bits cannot hold a recording as quiet: their rounding alone (Δ² / 12, Δ = 2⁻²³) lies at −149 dB."""

NO_FLOOR = -np.inf


@overload
def power_to_db(power: float, floor_db: float = FLOOR_DB) -> float: ...
@overload
def power_to_db(power: NDArray[np.floating], floor_db: float = FLOOR_DB) -> Floats: ...
def power_to_db(power: float | NDArray[np.floating], floor_db: float = FLOOR_DB) -> float | Floats:
    """10 lg of a power, a mean square or an energy ≥ 0, of any shape, in dB; at least ``floor_db``.

    Computed in double precision, whatever the precision of ``power``; NaN stays NaN.
    """
    return _levels_db(power, 10.0, db_to_power(floor_db))


@overload
def amplitude_to_db(amplitude: float, floor_db: float = FLOOR_DB) -> float: ...
@overload
def amplitude_to_db(amplitude: NDArray[np.floating], floor_db: float = FLOOR_DB) -> Floats: ...
def amplitude_to_db(amplitude: float | NDArray[np.floating], floor_db: float = FLOOR_DB) -> float | Floats:
    """20 lg of an amplitude, a peak or a gain factor ≥ 0, of any shape, in dB; at least ``floor_db``.

    Computed in double precision, whatever the precision of ``amplitude``; NaN stays NaN.
    """
    return _levels_db(amplitude, 20.0, db_to_amplitude(floor_db))


@overload
def db_to_power(level_db: float) -> float: ...
@overload
def db_to_power(level_db: Floats) -> Floats: ...
def db_to_power(level_db: float | Floats) -> float | Floats:
    """The power of a level in dB, of any shape: 3.01 dB are 2; −∞ is 0."""
    return 10.0 ** (level_db / 10.0)


@overload
def db_to_amplitude(level_db: float) -> float: ...
@overload
def db_to_amplitude(level_db: Floats) -> Floats: ...
def db_to_amplitude(level_db: float | Floats) -> float | Floats:
    """The amplitude of a level in dB, of any shape: 6.02 dB are 2; −∞ is 0."""
    return 10.0 ** (level_db / 20.0)


def _levels_db(values: float | NDArray[np.floating], per_decade_db: float, least: float) -> float | Floats:
    with np.errstate(divide="ignore"):
        levels_db: Floats = per_decade_db * np.log10(np.maximum(values, least), dtype=np.float64)
    return levels_db if levels_db.ndim else float(levels_db)
