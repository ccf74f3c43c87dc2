"""A report of a match: what it changed and why, as JSON, as a page that needs nothing else, and as a picture."""

import base64
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from soundstage.match.pipeline import Match
from soundstage.match.rendering.eq_response import response_db, scaled_bands
from soundstage.match.rendering.equaliser import REACH
from soundstage.match.rendering.render import REDUCTION_PERIOD_S
from soundstage.models.match import MatchResult
from soundstage.models.style import METRIC_WORDS, Features

CURVE_POINTS = 240
"""Of the equaliser's curve, equally spaced over log f: 24 an octave."""

MOST_POINTS = 2000
"""Of the gain reduction: more than a screen shows."""

CURVES = ("schema_version", "spectra", "eq_curve", "loudness", "gain_reduction", "f0")


def report_of(match: Match) -> dict[str, Any]:
    """All that is drawn or said, with units in the names: the content of ``report.json``."""
    f_hz = np.geomspace(20, min(20_000, REACH * match.target.rate_hz), CURVE_POINTS)
    bands = scaled_bands(match.params.eq, match.params.amounts.eq)
    named = {"reference": match.reference, "target": match.target, "result": match.result}
    spectra = {name: _spectrum(features) for name, features in named.items() if features is not None}
    return {
        "schema_version": 1,
        "metrics_before": match.metrics_before.model_dump(),
        "metrics_after": match.metrics_after.model_dump(),
        "params": match.params.model_dump(exclude={"reverb": {"ir_flac_base64"}}),
        "timings_s": match.timings_s,
        "spectra": spectra,
        "eq_curve": {"f_hz": _rounded(f_hz), "gain_db": _rounded(response_db(bands, f_hz, match.target.rate_hz))},
        "loudness": {
            name: {
                "period_s": match.target.loudness.short_term_period_s,
                "short_term_lufs": features.loudness.short_term_lufs,
            }
            for name, features in named.items()
            if features is not None
        },
        "gain_reduction": _gain_reduction(match),
        "f0": match.target.f0.model_dump() if match.target.f0 else None,
    }


def result_of(match: Match, keys: Mapping[str, str], *, audio: str, segments: int) -> MatchResult:
    """What a match has come to. ``keys`` has the S3 key of every file by its name: of ``audio``, the preset
    (``preset.json``) and what :func:`write_report` wrote. ``segments``: in how many parts it was rendered.
    """
    loudness = match.rendered.loudness
    return MatchResult(
        mode=match.params.mode,
        rate_hz=loudness.rate_hz,
        channels=loudness.channels,
        frames=round(loudness.duration_s * loudness.rate_hz),
        duration_s=loudness.duration_s,
        segments=segments,
        metrics_before=match.metrics_before,
        metrics_after=match.metrics_after,
        audio_key=keys[audio],
        preset_key=keys["preset.json"],
        report_key=keys["report.json"],
        page_key=keys["report.html"],
        picture_key=keys["report.png"],
        viz_key=keys["viz.json"],
    )


def write_report(match: Match, folder: Path) -> None:
    """``report.json``, ``viz.json`` (its curves alone), ``report.png``, ``report.html`` (which holds the picture)."""
    folder.mkdir(parents=True, exist_ok=True)
    report = report_of(match)
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    curves = {name: report[name] for name in CURVES}
    (folder / "viz.json").write_text(json.dumps(curves, ensure_ascii=False), encoding="utf-8")
    picture = folder / "report.png"
    draw(report, picture)
    page = _page(report, base64.b64encode(picture.read_bytes()).decode("ascii"))
    (folder / "report.html").write_text(page, encoding="utf-8")


def draw(report: dict[str, Any], path: Path) -> None:
    """Spectra, the equaliser's curve, loudness and gain reduction over time, as PNG or SVG by the suffix."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import, and not in the function's layer

    figure = Figure(figsize=(11, 9), layout="constrained")
    spectra, curve, loudness, reduction = figure.subplots(4, 1, height_ratios=(3, 2, 2, 1))
    # The result covers most of the reference, whose line is thicker, so both are seen.
    looks = {"reference": ("#c8c8c8", 3.5), "target": ("#4c78a8", 1.0), "result": ("#e45756", 1.0)}
    for name, spectrum in report["spectra"].items():
        colour, width = looks[name]
        spectra.semilogx(spectrum["f_hz"], spectrum["mid_db"], color=colour, label=name, linewidth=width)
        levels = report["loudness"][name]
        values = [np.nan if level is None else level for level in levels["short_term_lufs"]]
        times = 3 + np.arange(len(values)) * levels["period_s"]
        loudness.plot(times, values, color=colour, label=name, linewidth=width)
    highest_db = max(level for spectrum in report["spectra"].values() for level in spectrum["mid_db"])
    spectra.set(title="Spectra", ylabel="dB", xlim=(20, 20_000), ylim=(highest_db - 80, highest_db + 6))
    curve.semilogx(report["eq_curve"]["f_hz"], report["eq_curve"]["gain_db"], color="#333333")
    curve.set(title="Equaliser", ylabel="dB", xlabel="Hz", xlim=(20, 20_000))
    loudness.set(title="Short-term loudness", ylabel="LUFS")
    gains = report["gain_reduction"]
    reduced_db = -np.array(gains["reduction_db"])
    reduction.fill_between(np.arange(len(reduced_db)) * gains["period_s"], 0, reduced_db)
    reduction.set(title="Limiter", ylabel="dB", xlabel="s", ylim=(min(-1.0, 1.1 * reduced_db.min(initial=0.0)), 0.0))
    for axes in (spectra, curve, loudness, reduction):
        axes.grid(alpha=0.25)
    spectra.legend(frameon=False)
    figure.savefig(path, dpi=110, metadata={"Software": None} if path.suffix == ".png" else {"Date": None})


def _spectrum(features: Features) -> dict[str, Any]:
    spectrum = features.spectrum
    return {"f_hz": _rounded(spectrum.f_hz), "mid_db": _rounded(spectrum.mid_db), "side_db": _rounded(spectrum.side_db)}


def _gain_reduction(match: Match) -> dict[str, Any]:
    """The limiter's reduction over time: of neighbours, the deepest, where there are more than ``MOST_POINTS``."""
    reduction = match.rendered.reduction_db
    every = max(1, -(-len(reduction) // MOST_POINTS))
    padded = np.pad(reduction, (0, -len(reduction) % every))
    return {"period_s": REDUCTION_PERIOD_S * every, "reduction_db": _rounded(padded.reshape(-1, every).max(axis=1))}


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 3) for value in values]


def _page(report: dict[str, Any], picture: str) -> str:
    rows = []
    for name, (words, unit) in METRIC_WORDS.items():
        both = (report["metrics_before"][name], report["metrics_after"][name])
        cells = "".join(f"<td>{'–' if value is None else f'{value:.2f}'}</td>" for value in both)
        rows.append(f"<tr><th>{words}</th>{cells}<td>{unit}</td></tr>")
    notes = ""
    for note in report["params"]["notes"]:
        left_out = "" if note["applied"] else " class=off"
        notes += f"<li{left_out}><b>{note['stage']}</b> {html.escape(note['sentence'], quote=False)}</li>"
    bands = "".join(
        f"<tr><th>{band['type'].replace('_', ' ')}</th><td>{band['f_hz']:.0f} Hz</td><td>Q {band['q']:.2f}</td>"
        f"<td>{band['gain_db']:+.2f} dB</td></tr>"
        for band in report["params"]["eq"]
    )
    return _PAGE.format(notes=notes, rows="".join(rows), bands=bands, picture=picture)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What the match changed</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }}
img {{ max-width: 100%; }} table {{ border-collapse: collapse; }} th {{ text-align: left; font-weight: 500; }}
td, th {{ padding: .15rem .8rem .15rem 0; }} td {{ font-variant-numeric: tabular-nums; text-align: right; }}
li.off {{ color: #888; }}
</style></head><body>
<h1>What the match changed</h1>
<ul>{notes}</ul>
<img alt="Spectra of reference, target and result; the equaliser; loudness and gain reduction over time"
 src="data:image/png;base64,{picture}">
<h2>Equaliser</h2><table>{bands}</table>
<h2>Before and after</h2><table><tr><th></th><td>before</td><td>after</td><td></td></tr>{rows}</table>
</body></html>
"""
