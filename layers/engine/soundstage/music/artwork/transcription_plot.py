"""Transcription plot: pitch curve, notes, bars and phrases. Needs matplotlib, which the layer lacks."""

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from soundstage.models.music import Analysis

BACK, INK, CURVE, NOTE = "#12141c", "#c9d1d9", "#f2a541", "#4aa3df"
_BAR_BEATS = {"2/4": 2, "3/4": 3, "4/4": 4, "6/8": 2, "5/4": 5, "7/8": 3.5}  # felt beats; dotted quarters in 6/8


def draw_transcription(path: Path, analysis: Analysis) -> None:
    """Write a plot of ``analysis``: PNG, 1400 × 600."""
    figure = Figure(figsize=(14, 6), dpi=100, facecolor=BACK, layout="tight")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor(BACK)
    axes.tick_params(colors=INK, labelsize=8)
    for spine in axes.spines.values():
        spine.set_color(INK)
    notes = analysis.notes
    for note in notes:
        width = note.offset_s - note.onset_s
        axes.broken_barh(
            [(note.onset_s, width)], (note.midi - 0.42, 0.84), facecolors=NOTE, alpha=0.4 + 0.6 * note.velocity
        )
    curve = np.array([np.nan if p is None else p for p in analysis.pitch_midi]) - analysis.tuning_cents / 100
    axes.plot(np.arange(len(curve)) / 100, curve, ".", color=CURVE, markersize=2)
    if analysis.tempo_bpm and analysis.meter:
        bar_s = _BAR_BEATS[analysis.meter] * 60 / analysis.tempo_bpm
        for bar in np.arange(analysis.beat_offset_s % bar_s, analysis.duration_s, bar_s):
            axes.axvline(bar, color=INK, alpha=0.25, linewidth=0.8)
    for first, _ in analysis.phrases:
        axes.axvline(notes[first].onset_s, color=CURVE, alpha=0.6, linewidth=1.2)
    if notes:
        axes.set_ylim(min(n.midi for n in notes) - 3, max(n.midi for n in notes) + 3)
    axes.set_xlim(0, analysis.duration_s)
    axes.set_xlabel("seconds", color=INK)
    axes.set_ylabel("MIDI pitch, tuning taken off", color=INK)
    if analysis.key and analysis.tempo_bpm:
        title = f"{analysis.key.in_words}, {analysis.tempo_bpm:.1f} bpm, {analysis.meter}"
        axes.set_title(title, color=INK, fontsize=11)
    figure.savefig(path, facecolor=BACK)
