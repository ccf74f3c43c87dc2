"""Dropouts of a recording: holes of digital silence where packets or blocks of samples were lost, filled in.

A voice goes on through them, so what is left of it on either side is mirrored into the hole, one side fading into the
other: pitch and vowel stay, and no note seems to end. Packet loss concealment does the like (ITU-T G.711 Appendix I).
"""

import numpy as np
from numpy.typing import NDArray

from soundstage.arrays import Floats

SILENT = 3.0 / 2**15  # of full scale: what rounding and lossless coders leave of nothing
SHORTEST_S, LONGEST_S = 0.02, 0.25  # of a hole: shorter ones are heard as clicks, longer ones as rests
# A voice that stops of its own accord dies away; where it is cut, the last 4 ms still have a quarter of the peak of the
# last 20 ms, and 2 % of the recording's (chosen on a sung song with 36 holes).
EDGE_S, NEAR_S, EDGE_SHARE, LOUD_SHARE = 0.004, 0.02, 0.25, 0.02


def fill_dropouts(mono: NDArray[np.float32], rate_hz: int) -> tuple[NDArray[np.float32], Floats]:
    """``mono`` ([frames] float32) with its holes filled, and where they begin and end, seconds, [holes, 2]."""
    edges = np.diff(np.concatenate([[0], np.abs(mono) < SILENT, [0]]).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    length_s = (ends - starts) / rate_hz
    possible = (length_s >= SHORTEST_S) & (length_s <= LONGEST_S)
    loud = LOUD_SHARE * float(np.max(np.abs(mono), initial=0.0))
    filled = mono
    holes: list[tuple[float, float]] = []
    for start, end in zip(starts[possible], ends[possible], strict=True):
        length = end - start
        if start < length or end + length > len(mono):
            continue
        if not (_is_cut(mono[:start][::-1], rate_hz, loud) and _is_cut(mono[end:], rate_hz, loud)):
            continue
        if not holes:
            filled = mono.copy()
        fade = np.linspace(0, np.pi / 2, length, dtype=np.float32)
        before, after = filled[start - length : start][::-1], mono[end : end + length][::-1]
        filled[start:end] = np.cos(fade) * before + np.sin(fade) * after
        holes.append((start / rate_hz, end / rate_hz))
    return filled, np.array(holes, np.float64).reshape(-1, 2)


def _is_cut(away: NDArray[np.float32], rate_hz: int, loud: float) -> bool:
    """Whether sound stands right beside a hole; ``away`` counts from its edge."""
    near, edge = (np.abs(away[: round(reach_s * rate_hz)]) for reach_s in (NEAR_S, EDGE_S))
    return bool(edge.max() >= max(loud, EDGE_SHARE * near.max()))
