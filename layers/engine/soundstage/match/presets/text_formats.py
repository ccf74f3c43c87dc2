"""A style as text that other programs read: our own JSON, Equalizer APO, CamillaDSP, ffmpeg."""

import json

import numpy as np

from soundstage.audio.decibels import db_to_amplitude
from soundstage.audio.true_peak import oversampling_at
from soundstage.match.presets.linear_style import LinearStyle
from soundstage.match.rendering.eq_response import response_db

GRAPHIC_LOWEST_HZ = 1.0
GRAPHIC_POINTS = 300
"""The lowest frequency of a GraphicEQ, and how many points it has at first."""

GRAPHIC_ERROR_DB = 2e-4
"""Off the response at most, between points: 2.3 · 10⁻⁵ of the amplitude, −93 dB."""


FFMPEG_CEILING_MARGIN_DB = 0.2
"""By how much true peaks exceed ffmpeg's alimiter at four times the rate (.13 dB at most, +14 dB into it); without it
1.7 dB.
"""

FFMPEG_RESAMPLER = "filter_size=128:cutoff=0.98"
"""Below 20 kHz at 44.1 kHz both ways together are −107 dB from nothing; as ffmpeg has them, −33."""

FFMPEG_RELEASE_MS = 30.0
"""At least, where ours is adaptive and quick: 50 Hz driven 5 dB into alimiter has 4 % THD, 17 with 2 ms."""


def preset_json(style: LinearStyle) -> bytes:
    """``models.style.Preset`` as JSON: everything."""
    document = {"schema_version": 1, "name": style.name, "params": style.params.model_dump(mode="json")}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def equalizer_apo(style: LinearStyle) -> bytes:
    """Equalizer APO's configuration, which AutoEq calls ParametricEQ.

    LSC and HSC take the middle of the slope as their frequency, as the Audio EQ Cookbook does; LS and HS would take
    the corner. Four decimals, because Equalizer APO takes the point of ``1234.567`` for a thousands separator
    (BiQuadFilterFactory::getFreq).
    """
    words = {"peaking": "PK", "low_shelf": "LSC", "high_shelf": "HSC"}
    lines = [f"Preamp: {style.gain_db:.6f} dB"]
    lines += [
        f"Filter {n}: ON {words[b.type]} Fc {b.f_hz:.4f} Hz Gain {b.gain_db:.6f} dB Q {b.q:.6f}"
        for n, b in enumerate(style.bands, 1)
    ]
    return ("\n".join(lines) + "\n").encode()


def graphic_eq(style: LinearStyle) -> bytes:
    """GraphicEQ: points of the response, which a reader joins by lines over log f, making the phase minimal.

    Points are added where the response bends, until the lines are as near as ``GRAPHIC_ERROR_DB``.
    """
    position = np.linspace(np.log(GRAPHIC_LOWEST_HZ), np.log(style.rate_hz / 2), GRAPHIC_POINTS)
    levels = response_db(style.bands, np.exp(position), style.rate_hz)
    for _ in range(8):
        middles = (position[1:] + position[:-1]) / 2
        between = response_db(style.bands, np.exp(middles), style.rate_hz)
        bent = np.abs(between - (levels[1:] + levels[:-1]) / 2) > GRAPHIC_ERROR_DB
        at = np.flatnonzero(bent) + 1
        position, levels = np.insert(position, at, middles[bent]), np.insert(levels, at, between[bent])
    points = zip(np.exp(position), levels + style.gain_db, strict=True)
    return f"GraphicEQ: {'; '.join(f'{f:.4f} {level:.5f}' for f, level in points)}\n".encode()


def camilla_dsp(style: LinearStyle) -> bytes:
    """CamillaDSP's filters, mixer and pipeline as YAML whose scalars are JSON's; devices are the user's own."""
    words = {"peaking": "Peaking", "low_shelf": "Lowshelf", "high_shelf": "Highshelf"}
    lines = [f"title: {json.dumps(style.name, ensure_ascii=False)}", "filters:"]
    lines += ["  gain:", "    type: Gain", "    parameters:"]
    lines += [f"      gain: {style.gain_db:.6f}", "      scale: dB", "      inverted: false", "      mute: false"]
    for n, band in enumerate(style.bands, 1):
        lines += [f"  eq{n}:", "    type: Biquad", "    parameters:", f"      type: {words[band.type]}"]
        lines += [f"      freq: {band.f_hz:.4f}", f"      gain: {band.gain_db:.6f}", f"      q: {band.q:.6f}"]
    lines += ["mixers:", "  width:", "    channels:", "      in: 2", "      out: 2", "    mapping:"]
    same, other = style.stereo_mix
    for channel in (0, 1):
        lines += [f"      - dest: {channel}", "        sources:"]
        for source, weight in ((channel, same), (1 - channel, other)):
            lines += [f"          - channel: {source}", f"            gain: {weight:.9f}", "            scale: linear"]
            lines += ["            inverted: false"]
    names = ", ".join([*(f"eq{n}" for n in range(1, len(style.bands) + 1)), "gain"])
    lines += ["pipeline:", "  - type: Filter", "    channels: [0, 1]", f"    names: [{names}]"]
    lines += ["  - type: Mixer", "    name: width"]
    return ("\n".join(lines) + "\n").encode()


def ffmpeg(style: LinearStyle) -> bytes:
    """The argument of ffmpeg's ``-af``."""
    words = {"peaking": "equalizer", "low_shelf": "lowshelf", "high_shelf": "highshelf"}
    # Double precision throughout: in single, ffmpeg's recursions end at −120 dB or above.
    effects = ["aformat=sample_fmts=dblp"]
    effects += [f"{words[b.type]}=f={b.f_hz:.4f}:t=q:w={b.q:.6f}:g={b.gain_db:.6f}:r=f64" for b in style.bands]
    if style.width != 1:
        same, other = style.stereo_mix
        effects.append(f"pan=stereo|c0={same:.9f}*c0+{other:.9f}*c1|c1={other:.9f}*c0+{same:.9f}*c1")
    effects.append(f"volume={style.gain_db:.6f}dB:precision=double")
    if style.limiter:
        limit = db_to_amplitude(style.limiter.tp_db - FFMPEG_CEILING_MARGIN_DB)
        shortest_ms = FFMPEG_RELEASE_MS if style.limiter.adaptive else 1.0
        attack_ms, release_ms = max(style.limiter.lookahead_ms, 0.1), max(style.limiter.release_ms, shortest_ms)
        # It sees samples only, so it is given those between them.
        between_hz = style.rate_hz * oversampling_at(style.rate_hz, 4)
        effects += [
            f"aresample={between_hz}:{FFMPEG_RESAMPLER}",
            f"alimiter=limit={limit:.6f}:attack={attack_ms:.3f}:release={release_ms:.3f}:level=0:latency=1",
            f"aresample={style.rate_hz}:{FFMPEG_RESAMPLER}",
        ]
    return (",".join(effects) + "\n").encode()
