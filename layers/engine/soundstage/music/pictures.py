"""Pictures of a variant: a piano roll in which the tune stands out, and a spectrogram.

matplotlib is in the worker and beside the command line only: import this module where it is needed.
"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from soundstage.models.composition import VariantPlan
from soundstage.music.arrangement import Part
from soundstage.music.instruments.modes import Samples
from soundstage.music.performance import PlayedNote

COLOURS = {
    "lead": "#ff5d5d",
    "double": "#ff9f80",
    "answer": "#ffd166",
    "counter": "#9b8cff",
    "chords": "#4aa3df",
    "pad": "#2d5f86",
    "bass": "#35c48d",
}
BACK, INK = "#12141c", "#c9d1d9"


def draw_piano_roll(path: Path, plan: VariantPlan, parts: Sequence[tuple[Part, list[PlayedNote]]]) -> None:
    """All notes by time and pitch, coloured by role, with sections above. PNG, 1400 × 600."""
    figure, axes = _canvas()
    order = ("pad", "chords", "bass", "counter", "double", "answer", "lead")
    for role in order:
        boxes = [
            [
                (n.start_s, n.midi - 0.42),
                (n.start_s + n.seconds, n.midi - 0.42),
                (n.start_s + n.seconds, n.midi + 0.42),
                (n.start_s, n.midi + 0.42),
            ]
            for part, played in parts
            if part.layer.role == role
            for n in played
        ]
        alpha = {"pad": 0.35, "chords": 0.55}.get(role, 0.95)
        axes.add_collection(PolyCollection(boxes, facecolors=COLOURS[role], alpha=alpha, linewidths=0, label=role))
    second = 60.0 / plan.tempo_bpm
    for section in plan.sections:
        start = section.start_bar * plan.bar_beats * second
        axes.axvline(start, color=INK, alpha=0.35, linewidth=0.8)
        axes.text(start + 0.3, 97.0, section.name, color=INK, fontsize=9, va="top")
    axes.set(xlim=(0, plan.duration_s), ylim=(26, 98), xlabel="seconds", ylabel="MIDI pitch")
    legend = axes.legend(loc="lower right", ncol=len(order), fontsize=8, framealpha=0.2)
    for text in legend.get_texts():
        text.set_color(INK)
    title = (
        f"{plan.label}: {plan.style}, {plan.key.tonic} {plan.key.mode.value}, {plan.tempo_bpm:.0f} bpm, {plan.meter}"
    )
    axes.set_title(title, color=INK, fontsize=11)
    figure.savefig(path, facecolor=BACK)


def draw_spectrogram(path: Path, samples: Samples, rate_hz: int) -> None:
    """Level by time and pitch on a logarithmic axis, 40 Hz to 16 kHz. PNG, 1400 × 600."""
    figure, axes = _canvas()
    mono = samples.mean(axis=1)
    size, columns = 4096, 900
    starts = np.linspace(0, max(0, len(mono) - size), columns).astype(int)
    frames = mono[starts[:, None] + np.arange(size)] if len(mono) >= size else np.zeros((1, size), dtype=np.float32)
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)) ** 2
    freqs = np.fft.rfftfreq(size, 1 / rate_hz)
    rows = np.geomspace(40.0, 16_000.0, 320)
    totals = np.concatenate([np.zeros((len(power), 1)), np.cumsum(power, axis=1)], axis=1)
    edges = np.geomspace(40.0, 16_000.0, 321)
    place = edges / freqs[1] + 0.5
    index = np.clip(place.astype(int), 0, totals.shape[1] - 2)
    at = totals[:, index] + (place - index) * (totals[:, index + 1] - totals[:, index])
    level = 10 * np.log10(np.maximum(np.diff(at, axis=1), 1e-9)).T
    top = float(np.percentile(level, 99.8))
    axes.imshow(
        level, origin="lower", aspect="auto", cmap="magma", vmin=top - 70, vmax=top,
        extent=(0, len(mono) / rate_hz, 0, len(rows)),
    )  # fmt: skip
    ticks = [50, 100, 200, 500, 1000, 2000, 5000, 10_000]
    axes.set_yticks([float(np.interp(np.log(t), np.log(rows), np.arange(len(rows)))) for t in ticks])
    axes.set_yticklabels([f"{t:g}" if t < 1000 else f"{t / 1000:g}k" for t in ticks])
    axes.set(xlabel="seconds", ylabel="Hz")
    figure.savefig(path, facecolor=BACK)


def _canvas() -> tuple[Figure, mpl.axes.Axes]:
    figure = Figure(figsize=(14, 6), dpi=100, facecolor=BACK, layout="tight")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor(BACK)
    axes.tick_params(colors=INK, labelsize=8)
    for spine in axes.spines.values():
        spine.set_color(INK)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    return figure, axes
