"""Target spectra of masters in third octaves: a reference curve and a style's spectral tilt."""

import numpy as np

# Long-term average of third-octave bands in popular recordings, dB relative to the band at 1 kHz: full below 125 Hz,
# then falling by 3 to 5 dB an octave (after Pestana et al., "Spectral characteristics of popular commercial
# recordings 1950–2010", AES 135, 2013, redrawn for third-octave bands of short acoustic productions).
REFERENCE_HZ = np.array([31.5, 50, 63, 100, 160, 250, 400, 630, 1000, 1600, 2500, 4000, 6300, 10_000, 16_000])
REFERENCE_DB = np.array([-4.0, 4.0, 6.5, 7.5, 6.0, 4.5, 3.0, 1.5, 0.0, -2.0, -4.0, -6.5, -9.5, -14.0, -23.0])
BANDS_HZ = 1000.0 * 2.0 ** (np.arange(-14, 13) / 3)  # third octaves (base 2), 39 Hz to 16 kHz
TILT_DEPTH = 1.4  # of a style's tilt in the target
TILT_HZ = (100.0, 250.0, 1000.0, 3000.0, 7000.0)  # nodes between which the tilt is interpolated over log frequency
LOW_MID_SHARE, PRESENCE_SHARE = 0.3, 0.5  # of the low tilt at 250 Hz; of the way from 1 to 7 kHz at 3 kHz
# RMS over the bands between two variants: their diversity counts from 3 dB, and the mix takes some of it back.
APART_DB = 4.0
EQUAL_TILT_DIFFERENCE_DB = (2.0, 0.0, -2.0)  # between two variants of one style
Tilt = tuple[float, float, float]


def reference_curve(freqs_hz: np.ndarray) -> np.ndarray:
    """Level of the reference at ``freqs_hz``, dB relative to 1 kHz; interpolated over log frequency."""
    return np.asarray(np.interp(np.log2(freqs_hz), np.log2(REFERENCE_HZ), REFERENCE_DB))


def target_curve(tilt_db: tuple[float, float, float]) -> np.ndarray:
    """Reference plus tilt at ``BANDS_HZ``, dB relative to its mean. [27]"""
    tilt = np.interp(
        np.log2(BANDS_HZ),
        np.log2(TILT_HZ),
        [
            tilt_db[0],
            LOW_MID_SHARE * tilt_db[0],
            tilt_db[1],
            PRESENCE_SHARE * (tilt_db[1] + tilt_db[2]),
            tilt_db[2],
        ],
    )
    curve = reference_curve(BANDS_HZ) + TILT_DEPTH * tilt
    return np.asarray(curve - curve.mean())


def separated(a: Tilt, b: Tilt) -> tuple[Tilt, Tilt]:
    """The tilts of two variants, moved apart around their mean until their curves differ by ``APART_DB`` RMS."""
    difference = np.subtract(b, a) if a != b else np.array(EQUAL_TILT_DIFFERENCE_DB)
    middle = np.add(a, b) / 2
    reach = np.sqrt(np.mean((_curve_of(middle + difference / 2) - _curve_of(middle - difference / 2)) ** 2))
    scale = max(1.0, APART_DB / float(reach))
    low, high = middle - scale * difference / 2, middle + scale * difference / 2
    return _rounded(low), _rounded(high)


def _curve_of(tilt: np.ndarray) -> np.ndarray:
    return target_curve(_rounded(tilt))


def _rounded(tilt: np.ndarray) -> Tilt:
    low, middle, high = (round(float(v), 2) for v in tilt)
    return low, middle, high
