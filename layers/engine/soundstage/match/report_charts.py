"""The charts of a match's report, drawn into matplotlib's axes from ``report.report_of``'s numbers."""

from typing import Any

import numpy as np

from soundstage.arrays import Floats
from soundstage.match.analysis.tone_statistics import OCTAVES_HZ

HEARD_HZ, LEVELLED_HZ = (20, 20_000), (100, 8000)
"""What is drawn, Hz, and over which range spectra have the same level."""

NO_SIDES_DB = -40.0
"""Side over mid, below which all looks mono."""

INK = "#8a8f98"
"""Of axes and words: read on white and on black."""

LOOKS: dict[str, dict[str, Any]] = {
    "reference": {"color": "#8a8f98", "linewidth": 3.5, "alpha": 0.6},
    "target": {"color": "#4c90d8", "linewidth": 1.3},
    "result": {"color": "#e45756", "linewidth": 1.3},
}
"""The result covers most of the reference, whose line is thicker, so both are seen."""

WORDS = {"reference": "reference", "target": "before", "result": "after"}


def draw_tone(axes: Any, report: dict[str, Any]) -> None:
    lines = []
    for name, spectrum in report["spectra"].items():
        f_hz, level_db = np.array(spectrum["f_hz"]), _smoothed_db(spectrum)
        axes.semilogx(f_hz, level_db, label=WORDS[name], **LOOKS[name])
        lines.append(level_db[(f_hz > HEARD_HZ[0]) & (f_hz < HEARD_HZ[1])])
    low_db, high_db = min(line.min() for line in lines), max(line.max() for line in lines)
    axes.set(title="Tone, at the same level", ylabel="dB", ylim=(max(low_db, high_db - 60) - 3, high_db + 3))
    _finish(axes, over_hz=True)


def _smoothed_db(spectrum: dict[str, Any]) -> Floats:
    """Averaged over a third of an octave, and on average 0 dB where music has most: [n]."""
    f_hz, power = np.array(spectrum["f_hz"]), 10 ** (np.array(spectrum["mid_db"]) / 10)
    octaves = np.log2(f_hz)
    near = (np.abs(octaves[:, None] - octaves) <= 1 / 6) * np.gradient(f_hz)
    level_db = 10 * np.log10(near @ power / near.sum(axis=1) + 1e-12) + 10 * np.log10(f_hz)
    inside = (f_hz > LEVELLED_HZ[0]) & (f_hz < LEVELLED_HZ[1])
    return np.asarray(level_db - np.average(level_db[inside], weights=np.gradient(octaves)[inside]))


def draw_equaliser(axes: Any, report: dict[str, Any]) -> None:
    curve = report["eq_curve"]
    axes.semilogx(curve["f_hz"], curve["gain_db"], color="#e45756", linewidth=2)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set(title="Equaliser", ylabel="dB")
    _finish(axes, over_hz=True)


def draw_width(axes: Any, report: dict[str, Any]) -> None:
    """Side over mid of each octave."""
    for name, spectrum in report["spectra"].items():
        if not spectrum["side_db"]:
            continue
        f_hz = np.array(spectrum["f_hz"])
        mid, side = (10 ** (np.array(spectrum[part]) / 10) * np.gradient(f_hz) for part in ("mid_db", "side_db"))
        nearest = np.abs(np.log2(f_hz[:, None] / np.array(OCTAVES_HZ))).argmin(axis=1)
        sides, mids = (np.bincount(nearest, power, len(OCTAVES_HZ)) for power in (side, mid))
        ratio_db = np.maximum(10 * np.log10((sides + 1e-20) / (mids + 1e-20)), NO_SIDES_DB)
        axes.semilogx(OCTAVES_HZ, ratio_db, marker="o", markersize=4, label=WORDS[name], **LOOKS[name])
    axes.set(title="Width: sides against the middle, by octave", ylabel="dB")
    _finish(axes, over_hz=True)


def draw_room(axes: Any, report: dict[str, Any]) -> None:
    """How long each octave of the added room rings."""
    decays = report["params"]["reverb"]["decays"]
    f_hz, rt60_s = ([decay[name] for decay in decays] for name in ("f_hz", "rt60_s"))
    axes.semilogx(f_hz, rt60_s, marker="o", color="#e45756", linewidth=2)
    axes.set(title="Room: time to fall by 60 dB", ylabel="s", ylim=(0, 1.15 * max(rt60_s)))
    _finish(axes, over_hz=True)


def draw_loudness(axes: Any, report: dict[str, Any]) -> None:
    for name, levels in report["loudness"].items():
        values = [np.nan if level is None else level for level in levels["short_term_lufs"]]
        axes.plot(3 + np.arange(len(values)) * levels["period_s"], values, label=WORDS[name], **LOOKS[name])
    axes.set(title="Loudness over time", ylabel="LUFS", xlabel="s")
    _finish(axes)


def draw_limiter(axes: Any, report: dict[str, Any]) -> None:
    gains = report["gain_reduction"]
    reduced_db = -np.array(gains["reduction_db"])
    axes.fill_between(np.arange(len(reduced_db)) * gains["period_s"], 0, reduced_db, color="#4c78a8")
    axes.set(title="What the limiter takes", ylabel="dB", xlabel="s", ylim=(min(-1.0, 1.1 * reduced_db.min()), 0.0))
    _finish(axes)


def _finish(axes: Any, *, over_hz: bool = False) -> None:
    """Ink that is read on light and on dark; frequencies as people say them."""
    if over_hz:
        axes.set(xlim=HEARD_HZ, xlabel="Hz")
        axes.set_xticks([100, 1000, 10_000], ["100", "1k", "10k"])
    axes.tick_params(which="both", colors=INK)
    for text in (axes.title, axes.xaxis.label, axes.yaxis.label):
        text.set_color(INK)
    for spine in axes.spines.values():
        spine.set_color(INK)
    axes.grid(alpha=0.25, which="both" if over_hz else "major")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, labelcolor=INK)
