"""A report of a match: what it changed and why, as JSON, as a page that needs nothing else, and as a picture."""

import html
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from soundstage.audio.decibels import db_to_amplitude
from soundstage.match.analysis.feature_arrays import FeatureArrays
from soundstage.match.analysis.level_distance import finite, heard_louder_lu
from soundstage.match.in_chinese import WORDS, in_chinese
from soundstage.match.pipeline import Match
from soundstage.match.rendering.eq_response import response_db, scaled_bands
from soundstage.match.rendering.equaliser import REACH
from soundstage.match.rendering.render import REDUCTION_PERIOD_S
from soundstage.match.report_charts import draw_equaliser, draw_limiter, draw_loudness, draw_room, draw_tone, draw_width
from soundstage.models.match import MatchResult
from soundstage.models.style import METRIC_WORDS, WORSE_BY, Metrics, Stage, got_worse

TITLE = "What the match changed"

STAGE_WORDS: dict[Stage, str] = {
    "pitch": "Pitch",
    "eq": "Equaliser",
    "compressor": "Compressor",
    "exciter": "Exciter",
    "reverb": "Room",
    "stereo": "Width",
    "lufs": "Loudness",
    "limiter": "Limiter",
}
BAND_WORDS = {"peaking": "bell", "low_shelf": "low shelf", "high_shelf": "high shelf"}

CURVE_POINTS = 240
"""Of the equaliser's curve, equally spaced over log f: 24 an octave."""

MOST_POINTS = 2000
"""Of the gain reduction: more than a screen shows."""

AS_LOUD_LU, SEEN_DB = 0.15, 0.1
"""Nearer than that counts as as loud; and reduction from which on the limiter has a chart."""

TONE_CHART, WIDTH_CHART, LOUDNESS_CHART = "Tone of reference, before and after", "Width", "Loudness over time"
JUDGED_BY = {TONE_CHART: "tone_err_db", WIDTH_CHART: "width_err_db", LOUDNESS_CHART: "lufs_err"}
"""Charts, and the metric that says whether what they show got worse."""

CURVES = ("schema_version", "spectra", "eq_curve", "loudness", "gain_reduction", "f0")


Chart = Callable[[Any], None]
"""Draws into matplotlib's axes."""


@dataclass(frozen=True)
class Player:
    """A recording that the page plays: what it is, its name, where it lies, seen from the page, and how loud it is."""

    label: str
    name: str
    url: str
    lufs: float


def report_of(match: Match) -> dict[str, Any]:
    """All numbers and sentences of the report, with units in the names: the content of ``report.json``."""
    f_hz = np.geomspace(20, min(20_000, REACH * match.target.rate_hz), CURVE_POINTS)
    bands = scaled_bands(match.params.eq, match.params.amounts.eq)
    named = {"reference": match.reference, "target": match.target, "result": match.result}
    spectra = {name: _spectrum(features) for name, features in named.items() if features is not None}
    return {
        "schema_version": 1,
        "metrics_before": match.metrics_before.model_dump(),
        "metrics_after": match.metrics_after.model_dump(),
        "params": match.params.model_dump(exclude={"reverb": {"ir_flac_base64"}}),
        "album_lufs": match.album_lufs,
        "timings_s": match.timings_s,
        "spectra": spectra,
        "eq_curve": {"f_hz": _rounded(f_hz), "gain_db": _rounded(response_db(bands, f_hz, match.target.rate_hz))},
        "loudness": {
            name: {
                "period_s": match.target.short_term_period_s,
                "short_term_lufs": [
                    finite(lufs + heard_louder_lu(features, match.target.channels)) for lufs in features.short_term_lufs
                ],
            }
            for name, features in named.items()
            if features is not None
        },
        "gain_reduction": _gain_reduction(match),
        "f0": match.f0.model_dump() if match.f0 else None,
    }


def result_of(
    match: Match, keys: Mapping[str, str], *, audio: str, segments: int, preview_keys: Mapping[str, str]
) -> MatchResult:
    """What a match has come to. ``keys`` has the S3 key of every file by its name: of ``audio``, the preset
    (``preset.json``) and what :func:`write_report` wrote. ``segments``: in how many parts it was rendered.
    ``preview_keys``: as in the result.
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
        preview_keys=dict(preview_keys),
    )


def write_report(
    match: Match,
    folder: Path,
    *,
    title: str = TITLE,
    title_zh: str = WORDS[TITLE],
    players: Sequence[Player] = (),
) -> None:
    """``report.json``, ``viz.json`` (its curves alone), ``report.png``, ``report.html`` (which holds the charts, and
    speaks English and Chinese).
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = report_of(match)
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    curves = {name: report[name] for name in CURVES}
    (folder / "viz.json").write_text(json.dumps(curves, ensure_ascii=False), encoding="utf-8")
    draw(report, folder / "report.png")
    (folder / "report.html").write_text(_page(report, title, title_zh, players), encoding="utf-8")


def verdict(before: Metrics, after: Metrics, album_lufs: float | None = None) -> str:
    """What came of it, in one sentence. ``album_lufs`` as in ``Match``."""
    if after.lufs_err is None or after.tone_err_db is None or before.tone_err_db is None:
        return "The style was applied." if after.integrated_lufs is None else f"It is {after.integrated_lufs:.1f} LUFS."
    loud = "It is as loud as the reference" if after.lufs_err < AS_LOUD_LU else f"It ends {after.lufs_err:.1f} LU off"
    parts = [loud + (f" (it was {before.lufs_err:.1f} LU off)" if before.lufs_err else "")]
    if album_lufs is not None:
        parts = [f"It is {after.integrated_lufs:.1f} LUFS in an album of {album_lufs:.1f}, as it lay in it"]
    for word, name in (("tone", "tone_err_db"), ("width", "width_err_db")):
        was, is_now = getattr(before, name), getattr(after, name)
        if was is None or is_now is None:
            continue
        if got_worse(name, was, is_now):
            parts.append(f"its {word} is further away, by {is_now - was:.1f} dB")
        elif was - is_now > WORSE_BY:
            parts.append(f"its {word} {(was - is_now) / was:.0%} nearer")
        else:
            parts.append(f"its {word} as it was")
    return ", ".join(parts) + "."


def draw(report: dict[str, Any], path: Path) -> None:
    """All charts below one another, as PNG or SVG by the suffix."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import, and not in the function's layer

    charts = _charts(report)
    figure = Figure(figsize=(9, 2.7 * len(charts)), layout="constrained")
    for axes, chart in zip(figure.subplots(len(charts), 1, squeeze=False)[:, 0], charts.values(), strict=True):
        chart(axes)
    figure.savefig(path, dpi=110, metadata={"Software": None} if path.suffix == ".png" else {"Date": None})


def _svg(chart: Chart) -> str:
    """One chart, which can be read on a phone, on light and on dark."""
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "soundstage", "font.size": 11}):
        figure = Figure(
            figsize=(4.8, 2.8), layout="constrained"
        )  # 346 points wide, as a phone is: words keep their size
        chart(figure.subplots())
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    drawn = written.getvalue()
    return re.sub(r"<metadata>.*?</metadata>", "", drawn[drawn.index("<svg") :], flags=re.DOTALL)


def _charts(report: dict[str, Any]) -> dict[str, Chart]:
    """A chart for the tone, for the loudness, and for each stage that did something, by what it shows."""
    params, running = report["params"], report["params"]["amounts"]
    charts: dict[str, Chart] = {TONE_CHART: lambda axes: draw_tone(axes, report)}
    if params["eq"] and running["eq"]:
        charts["Equaliser"] = lambda axes: draw_equaliser(axes, report)
    if params["stereo"] and running["stereo"] and report["spectra"]["target"]["side_db"]:
        charts[WIDTH_CHART] = lambda axes: draw_width(axes, report)
    if params["reverb"] and params["reverb"]["decays"] and params["reverb"]["mix"] * running["reverb"]:
        charts["Room that is added"] = lambda axes: draw_room(axes, report)
    charts[LOUDNESS_CHART] = lambda axes: draw_loudness(axes, report)
    if max(report["gain_reduction"]["reduction_db"], default=0.0) > SEEN_DB:
        charts["Limiter"] = lambda axes: draw_limiter(axes, report)
    return charts


def _spectrum(features: FeatureArrays) -> dict[str, Any]:
    return {"f_hz": _rounded(features.f_hz), "mid_db": _rounded(features.mid_db), "side_db": _rounded(features.side_db)}


def _gain_reduction(match: Match) -> dict[str, Any]:
    """The limiter's reduction over time: of neighbours, the deepest, where there are more than ``MOST_POINTS``."""
    reduction = match.rendered.reduction_db
    every = max(1, -(-len(reduction) // MOST_POINTS))
    padded = np.pad(reduction, (0, -len(reduction) % every))
    return {"period_s": REDUCTION_PERIOD_S * every, "reduction_db": _rounded(padded.reshape(-1, every).max(axis=1))}


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 3) for value in values]


def _page(report: dict[str, Any], title: str, title_zh: str, players: Sequence[Player]) -> str:
    rows = []
    for name, (words, unit) in METRIC_WORDS.items():
        both = (report["metrics_before"][name], report["metrics_after"][name])
        if both == (None, None):
            continue
        cells = "".join(f"<td>{'–' if value is None else _with_minus(f'{value:.2f}')}</td>" for value in both)
        worse = got_worse(name, *both)
        marked = "<br><small>further away than before</small>" if worse else ""
        rows.append(f"<tr{' class=worse' if worse else ''}><th>{words}{marked}</th>{cells}<td>{unit}</td></tr>")
    notes = ""
    for note in report["params"]["notes"]:
        left_out = "" if note["applied"] else " class=off"
        sentence = html.escape(_below(STAGE_WORDS[note["stage"]], note["sentence"]), quote=False)
        notes += f"<li{left_out}><b>{STAGE_WORDS[note['stage']]}</b> <span>{sentence}</span></li>"
    bands = "".join(
        f"<tr><th>{BAND_WORDS[band['type']]}</th><td>{band['f_hz']:.0f} Hz</td><td>Q {band['q']:.2f}</td>"
        f"<td>{_with_minus(format(band['gain_db'], '+.2f'))} dB</td></tr>"
        for band in report["params"]["eq"]
    )
    quietest = min((player.lufs for player in players), default=0.0)
    audio = "".join(
        f"<p><b>{player.label}</b> {html.escape(player.name)}<br><audio controls preload=none "
        f'data-volume={db_to_amplitude(quietest - player.lufs):.4f} src="{html.escape(player.url)}"></audio></p>'
        for player in players
    )
    before, after = (Metrics.model_validate(report[name]) for name in ("metrics_before", "metrics_after"))
    said = verdict(before, after, report["album_lufs"])
    sentences = [("", said), *((STAGE_WORDS[n["stage"]], n["sentence"]) for n in report["params"]["notes"])]
    known = WORDS | {title: title_zh}
    for heading, sentence in sentences:
        if told := in_chinese(sentence):
            known[_below(heading, sentence)] = _below(WORDS.get(heading, ""), told)
    return _PAGE.format(
        title=html.escape(title, quote=False),
        verdict=_with_minus(said),
        players=f"<h2>Listen, all at the same loudness</h2>{audio}{_SAME_LOUDNESS}" if audio else "",
        notes=notes,
        rows="".join(rows),
        bands=f"<h2>Equaliser</h2><table>{bands}</table>" if bands else "",
        charts="".join(
            f'<figure aria-label="{name}">{_svg(chart)}{_caption(name, before, after)}</figure>'
            for name, chart in _charts(report).items()
        ),
        speak=_SPEAK.replace("KNOWN", json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")),
    )


def _below(heading: str, sentence: str) -> str:
    """A sentence as it stands behind its stage's name, which it then need not begin with."""
    return _with_minus(sentence.removeprefix(f"{heading} ") if heading else sentence)


def _with_minus(text: str) -> str:
    """Negative numbers with a minus, as in the charts, and no hyphen."""
    return re.sub(r"(?<![\w-])-(?=\d)", "−", text)


def _caption(chart: str, before: Metrics, after: Metrics) -> str:
    """Below a chart: that what it shows is further from the reference than it was; nothing where it is not."""
    metric = JUDGED_BY.get(chart)
    if metric is None or not got_worse(metric, getattr(before, metric), getattr(after, metric)):
        return ""
    return "<figcaption class=worse>Further away from the reference than before.</figcaption>"


# How long a recording is costs nothing beside the page, and megabytes of it from a server.
_SAME_LOUDNESS = """<script>
for (const audio of document.querySelectorAll("audio")) {
  audio.volume = audio.dataset.volume;
  if (location.protocol === "file:") audio.preload = "metadata";
}
</script>"""

# Whole text nodes are looked up, those of the charts too: what the page says stands in it once.
_SPEAK = """<script>
const known = KNOWN;
const said = [];
const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
for (let text; (text = texts.nextNode());) if (Object.hasOwn(known, text.data)) said.push([text, "data", text.data]);
for (const it of document.querySelectorAll("figure")) said.push([it, "ariaLabel", it.ariaLabel]);
const speak = () => {
  const asked = location.hash.slice(1);
  const language = ["en", "zh"].includes(asked) ? asked : navigator.language.startsWith("zh") ? "zh" : "en";
  document.documentElement.lang = language;
  for (const [it, of, english] of said) it[of] = language === "zh" ? known[english] : english;
  for (const it of document.querySelectorAll("nav a")) it.ariaCurrent = it.lang === language ? "true" : null;
};
addEventListener("hashchange", speak);
speak();
</script>"""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
 color: light-dark(#222, #ddd); background: light-dark(#fff, #16181c); }}
h1 {{ font-size: 1.5rem; overflow-wrap: anywhere; }} h2 {{ font-size: 1.2rem; margin-top: 2rem; }}
figure {{ margin: 1rem 0; }} svg {{ width: 100%; max-width: 34rem; height: auto; }} audio {{ width: 100%; }}
table {{ border-collapse: collapse; }} th {{ text-align: left; font-weight: 500; white-space: nowrap; }}
td, th {{ padding: .15rem .8rem .15rem 0; }} td {{ font-variant-numeric: tabular-nums; text-align: right; }}
.off {{ color: #888; }} .worse td, .worse small, figcaption.worse {{ color: light-dark(#b3261e, #ff8a80); }}
.verdict {{ font-size: 1.2rem; }}
nav {{ display: flex; gap: .5rem; justify-content: flex-end; }}
nav a {{ padding: .3rem .7rem; border-radius: 99px; color: inherit; text-decoration: none; }}
nav a[aria-current] {{ font-weight: 600; background: light-dark(#eee, #2a2d33); }}
</style></head><body>
<nav><a href="#en" lang="en">English</a><a href="#zh" lang="zh">中文</a></nav>
<h1>{title}</h1>
<p class=verdict>{verdict}</p>
{players}
<h2>What was done, and why</h2><ul>{notes}</ul>
{charts}
{bands}
<h2>Before and after</h2><table><tr><th></th><td>before</td><td>after</td><td></td></tr>{rows}</table>
<p class=off>Errors and distances say how far it is from the reference: 0 is the same.</p>
{speak}
</body></html>
"""
