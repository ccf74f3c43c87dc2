"""Target spectra of masters in third octaves: a reference curve and a style's spectral tilt."""

import numpy as np

# Third octaves (base 2) from 20 Hz to 20 kHz, and their long-term levels in real songs, dB relative to 1 kHz: medians
# over 54 released pieces (rock, metal, electronic, folk, orchestral; 75 s of each) of Debian's packages
# hedgewars-data 1.0.2, wesnoth-1.16-music, marsshooter-data 0.7.6, ardentryst 1.71 and extremetuxracer-data 0.8.2, and
# two more by Kevin MacLeod. ``tests.bench.music_real`` measures them again.
REFERENCE_HZ = 1000.0 * 2.0 ** (np.arange(-17, 14) / 3)
REFERENCE_DB = np.concatenate(
    [
        [-20.7, -13.9, -8.7, -5.2, -1.1, 1.8, 2.5, 4.4, 3.0, 1.8],
        [2.6, 2.3, 3.0, 3.4, 2.6, 1.4, 0.8, 0.0, -0.7, -2.1],
        [-2.0, -3.9, -6.4, -7.7, -10.4, -12.0, -12.5, -13.4, -15.6, -20.6, -29.8],
    ]
)
BANDS_HZ = 1000.0 * 2.0 ** (np.arange(-14, 13) / 3)  # third octaves (base 2), 39 Hz to 16 kHz
TILT_DEPTH = 1.4  # of a style's tilt in the target
TILT_HZ = (100.0, 250.0, 1000.0, 3000.0, 7000.0)  # nodes between which the tilt is interpolated over log frequency
LOW_MID_SHARE, PRESENCE_SHARE = 0.3, 0.5  # of the low tilt at 250 Hz; of the way from 1 to 7 kHz at 3 kHz
# RMS over the bands between two variants: their diversity counts from 3 dB, and the mix takes some of it back.
APART_DB = 3.6
# Of what two variants have in common: the first with which both stay so near to the reference, or else nothing of it.
COMMON_SHARES, MAX_OFF_DB = (0.3, 0.15, 0.0), 4.2
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
    """The tilts of two variants at either side of the reference, so that their curves differ by ``APART_DB`` RMS."""
    difference = np.subtract(b, a) if a != b else np.array(EQUAL_TILT_DIFFERENCE_DB)
    reach = np.sqrt(np.mean((_curve_of(difference / 2) - _curve_of(-difference / 2)) ** 2))
    difference *= APART_DB / float(reach)
    pairs = [
        (share * np.add(a, b) / 2 - difference / 2, share * np.add(a, b) / 2 + difference / 2)
        for share in COMMON_SHARES
    ]
    near = (pair for pair in pairs if max(map(_off_db, pair)) <= MAX_OFF_DB)
    first, second = next(near, pairs[-1])
    return _rounded(first), _rounded(second)


def _off_db(tilt: np.ndarray) -> float:
    """How far the target is from the reference in a band at most."""
    error = _curve_of(tilt) - reference_curve(BANDS_HZ)
    return float(np.abs(error - np.median(error)).max())


def _curve_of(tilt: np.ndarray) -> np.ndarray:
    return target_curve(_rounded(tilt))


def _rounded(tilt: np.ndarray) -> Tilt:
    low, middle, high = (round(float(v), 2) for v in tilt)
    return low, middle, high
