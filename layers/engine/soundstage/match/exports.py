"""A style in the words of other programs.

Every format carries what it can say exactly; the rest is listed in ``lost``, never approximated silently. Amounts are
worked in, since no other program knows them.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from soundstage.match.equalise import response_db, scaled_bands
from soundstage.models.errors import InvalidInput
from soundstage.models.style import STAGES, EqBand, Stage, StyleParams

GRAPHIC_POINTS_PER_OCTAVE = 96
GRAPHIC_RANGE_HZ = (10.0, 23_900.0)
VST_CLASS_ID = "536F756E6473746167655374796C6531"  # "SoundstageStyle1"; the component's state is our own JSON
LSP_EQUALISER = "http://lsp-plug.in/plugins/lv2/para_equalizer_x8_stereo"
LSP_TYPES = {"peaking": 1, "high_shelf": 3, "low_shelf": 5}
LSP_COOKBOOK_MODE = 6  # "APO (DR)": the filters of the Audio EQ Cookbook


@dataclass(frozen=True)
class Exported:
    """A file for another program.

    Attributes:
        carried: stages that it has exactly.
        lost: stages of this style that the format has no words for.
    """

    format: str
    suffix: str
    content: bytes
    carried: tuple[Stage, ...]
    lost: tuple[Stage, ...]


@dataclass(frozen=True)
class _Style:
    """A style under a name, and what a linear processor can say of it: bands, width, gain in dB, amounts worked in."""

    params: StyleParams
    name: str
    rate_hz: int
    bands: list[EqBand]
    width: float
    gain_db: float


def export_preset(params: StyleParams, format: str, *, name: str = "Soundstage", rate_hz: int = 48_000) -> Exported:
    """Write ``params`` as one of ``FORMATS``. ``rate_hz`` matters only where coefficients are sampled (graphiceq).

    Raises:
        InvalidInput: an unknown format.
    """
    if format not in FORMATS:
        raise InvalidInput(f"Formats are {', '.join(sorted(FORMATS))}.")
    suffix, carried, write = FORMATS[format]
    present = stages_of(params)
    content = write(_style(params, name, rate_hz))
    return Exported(
        format,
        suffix,
        content,
        tuple(stage for stage in present if stage in carried),
        tuple(stage for stage in present if stage not in carried),
    )


def stages_of(params: StyleParams) -> tuple[Stage, ...]:
    """The stages that do something in this style."""
    does = {
        "pitch": params.pitch is not None and params.pitch.semitones != 0,
        "eq": bool(params.eq),
        "compressor": params.compressor is not None,
        "exciter": params.exciter is not None and params.exciter.mix > 0,
        "reverb": params.reverb is not None and params.reverb.mix > 0,
        "stereo": params.stereo is not None and params.stereo.width != 1,
        "lufs": params.lufs is not None,
        "limiter": params.limiter is not None,
    }
    return tuple(stage for stage in STAGES if does[stage] and getattr(params.amounts, stage) > 0)


def _style(params: StyleParams, name: str, rate_hz: int) -> _Style:
    width = 1 + ((params.stereo.width if params.stereo else 1.0) - 1) * params.amounts.stereo
    gain_db = params.lufs.gain_db * params.amounts.lufs if params.lufs else 0.0
    called = " ".join(name.split())[:60] or "Soundstage"
    return _Style(params, called, rate_hz, scaled_bands(params.eq, params.amounts.eq), width, gain_db)


def _json(style: _Style) -> bytes:
    document = {"schema_version": 1, "name": style.name, "params": style.params.model_dump(mode="json")}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _equalizer_apo(style: _Style) -> bytes:
    """Equalizer APO's configuration, which AutoEq calls ParametricEQ."""
    words = {"peaking": "PK", "low_shelf": "LSC", "high_shelf": "HSC"}
    lines = [f"Preamp: {style.gain_db:.6f} dB"]
    lines += [
        f"Filter {n}: ON {words[b.type]} Fc {b.f_hz:.4f} Hz Gain {b.gain_db:.6f} dB Q {b.q:.6f}"
        for n, b in enumerate(style.bands, 1)
    ]
    return ("\n".join(lines) + "\n").encode()


def _graphic_eq(style: _Style) -> bytes:
    """Points of the magnitude; a reader interpolates on a logarithmic axis and makes the phase minimal."""
    low, high = GRAPHIC_RANGE_HZ
    high = min(high, 0.4999 * style.rate_hz)
    f_hz = np.geomspace(low, high, round(np.log2(high / low) * GRAPHIC_POINTS_PER_OCTAVE))
    levels = response_db(style.bands, f_hz, style.rate_hz) + style.gain_db
    points = "; ".join(f"{f:.4f} {level:.6f}" for f, level in zip(f_hz, levels, strict=True))
    return f"GraphicEQ: {points}\n".encode()


def _camilla(style: _Style) -> bytes:
    """CamillaDSP's filters, mixer and pipeline; devices are the user's own. YAML, written as JSON scalars."""
    words = {"peaking": "Peaking", "low_shelf": "Lowshelf", "high_shelf": "Highshelf"}
    same, other = (1 + style.width) / 2, (1 - style.width) / 2
    lines = [f"# {style.name}", "filters:", "  gain:", "    type: Gain", "    parameters:"]
    lines += [f"      gain: {style.gain_db:.6f}", "      scale: dB", "      inverted: false", "      mute: false"]
    for n, band in enumerate(style.bands, 1):
        lines += [f"  eq{n}:", "    type: Biquad", "    parameters:", f"      type: {words[band.type]}"]
        lines += [f"      freq: {band.f_hz:.4f}", f"      gain: {band.gain_db:.6f}", f"      q: {band.q:.6f}"]
    lines += ["mixers:", "  width:", "    channels:", "      in: 2", "      out: 2", "    mapping:"]
    for channel in (0, 1):
        lines += [f"      - dest: {channel}", "        sources:"]
        for source, weight in ((channel, same), (1 - channel, other)):
            lines += [f"          - channel: {source}", f"            gain: {weight:.9f}", "            scale: linear"]
            lines += ["            inverted: false"]
    names = ", ".join([*(f"eq{n}" for n in range(1, len(style.bands) + 1)), "gain"])
    lines += ["pipeline:", "  - type: Filter", "    channels: [0, 1]", f"    names: [{names}]"]
    lines += ["  - type: Mixer", "    name: width"]
    return ("\n".join(lines) + "\n").encode()


def _lv2(style: _Style) -> bytes:
    """A preset for LSP's eight-band parametric equaliser in its cookbook mode; gains there are factors."""
    ports = [("enabled", 1.0), ("g_in", 1.0), ("g_out", 10 ** (style.gain_db / 20)), ("mode", 0.0)]
    for n in range(8):
        band = style.bands[n] if n < len(style.bands) else None
        ports.append((f"ft_{n}", float(LSP_TYPES[band.type]) if band else 0.0))
        if band:
            ports += [(f"fm_{n}", float(LSP_COOKBOOK_MODE)), (f"f_{n}", band.f_hz), (f"q_{n}", band.q)]
            ports += [(f"g_{n}", 10 ** (band.gain_db / 20)), (f"s_{n}", 0.0)]
    values = " ,\n    ".join(f'[ lv2:symbol "{symbol}" ; pset:value {value:.9g} ]' for symbol, value in ports)
    label = json.dumps(style.name, ensure_ascii=False)
    return (
        "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
        "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        f"<urn:soundstage:style>\n    a pset:Preset ;\n    lv2:appliesTo <{LSP_EQUALISER}> ;\n"
        f"    rdfs:label {label} ;\n    lv2:port {values} .\n"
    ).encode()


def _jsfx(style: _Style) -> bytes:
    """REAPER's effect language: a complete effect, at any rate."""
    words = {"peaking": 0, "low_shelf": 1, "high_shelf": -1}
    calls = [f"eq({n}, {words[b.type]}, {b.f_hz:.4f}, {b.q:.6f}, {b.gain_db:.6f});" for n, b in enumerate(style.bands)]
    return _JSFX.format(
        name=style.name,
        count=len(style.bands),
        calls="\n".join(calls),
        width=f"{style.width:.9f}",
        gain_db=f"{style.gain_db:.6f}",
    ).encode()


_JSFX = """desc:{name}
// Made by Soundstage. Biquads of the Audio EQ Cookbook, width, gain.
@init
bands = {count};
coefficients = 0; states = 1024;
function eq(n, kind, f, q, gain) local(a w c r p d0) (
  a = 10 ^ (gain / 40); w = 2 * $pi * f / srate; p = coefficients + n * 5;
  kind == 0 ? (
    c = cos(w); r = sin(w) / (2 * q); d0 = 1 + r / a;
    p[0] = (1 + r * a) / d0; p[1] = -2 * c / d0; p[2] = (1 - r * a) / d0; p[3] = -2 * c / d0; p[4] = (1 - r / a) / d0;
  ) : (
    c = kind * cos(w); r = 2 * sqrt(a) * sin(w) / (2 * q); d0 = a + 1 + (a - 1) * c + r;
    p[0] = a * (a + 1 - (a - 1) * c + r) / d0; p[1] = kind * 2 * a * (a - 1 - (a + 1) * c) / d0;
    p[2] = a * (a + 1 - (a - 1) * c - r) / d0; p[3] = kind * -2 * (a - 1 + (a + 1) * c) / d0;
    p[4] = (a + 1 + (a - 1) * c - r) / d0;
  );
);
function run(x, channel) local(n p s y) (
  n = 0;
  loop(bands,
    p = coefficients + n * 5; s = states + (channel * 8 + n) * 2;
    y = p[0] * x + s[0]; s[0] = p[1] * x - p[3] * y + s[1]; s[1] = p[2] * x - p[4] * y; x = y;
    n += 1;
  );
  x;
);
{calls}
width = {width};
gain_db = {gain_db};
gain = 10 ^ (gain_db / 20);
@sample
l = run(spl0, 0); r = run(spl1, 1);
m = (l + r) / 2; s = (l - r) / 2 * width;
spl0 = (m + s) * gain; spl1 = (m - s) * gain;
"""


def _ffmpeg(style: _Style) -> bytes:
    """The argument of ``-af``."""
    words = {"peaking": "equalizer", "low_shelf": "lowshelf", "high_shelf": "highshelf"}
    same, other = (1 + style.width) / 2, (1 - style.width) / 2
    # Double precision throughout: in single, ffmpeg's recursions end at −120 dB or above.
    effects = ["aformat=sample_fmts=dblp"]
    effects += [f"{words[b.type]}=f={b.f_hz:.4f}:t=q:w={b.q:.6f}:g={b.gain_db:.6f}:r=f64" for b in style.bands]
    if style.width != 1:
        effects.append(f"pan=stereo|c0={same:.9f}*c0+{other:.9f}*c1|c1={other:.9f}*c0+{same:.9f}*c1")
    effects.append(f"volume={style.gain_db:.6f}dB:precision=double")
    return (",".join(effects) + "\n").encode()


def _vst(style: _Style) -> bytes:
    """Steinberg's preset container; the component's state is our JSON, since every plug-in has its own."""
    state = _json(style)
    header = struct.pack("<4si32sq", b"VST3", 1, VST_CLASS_ID.encode(), 48 + len(state))
    return header + state + struct.pack("<4si4sqq", b"List", 1, b"Comp", 48, len(state))


_Write = Callable[[_Style], bytes]
_LINEAR: tuple[Stage, ...] = ("eq", "stereo", "lufs")
FORMATS: dict[str, tuple[str, tuple[Stage, ...], _Write]] = {
    "json": (".json", STAGES, _json),
    "vstpreset": (".vstpreset", STAGES, _vst),
    "equalizerapo": (".txt", ("eq", "lufs"), _equalizer_apo),
    "graphiceq": (".txt", ("eq", "lufs"), _graphic_eq),
    "camilladsp": (".yml", _LINEAR, _camilla),
    "lv2": (".ttl", ("eq", "lufs"), _lv2),
    "jsfx": (".jsfx", _LINEAR, _jsfx),
    "ffmpeg": (".txt", _LINEAR, _ffmpeg),
}
