"""A style as a preset of LSP's parametric equaliser, as LV2 or VST3, for audio workstations.

LSP Parametric Equalizer x16 MidSide has what the linear stages need: a mode whose filters are those of the Audio EQ
Cookbook, and gains of mid and side. It is free, and comes as LV2 and, since its release 1.2.14, as VST3.
"""

import json
import struct
import uuid
from collections.abc import Iterator
from xml.sax.saxutils import escape

from soundstage.audio.decibels import db_to_amplitude
from soundstage.match.presets.linear_style import LinearStyle
from soundstage.match.presets.text_formats import preset_json

LSP_LV2_URI = "http://lsp-plug.in/plugins/lv2/para_equalizer_x16_ms"
LSP_VST3_CLASS = b"dsp pe16ms  opjs"
"""LSP's class ids are 16 letters: "dsp ", the short name padded to 8, and the id of the VST2 edition."""

LSP_BANDS = 16
LSP_OFF, LSP_TYPES = 0, {"peaking": 1, "high_shelf": 3, "low_shelf": 5}
LSP_COOKBOOK_MODE = 6
"""The plug-in's own numbers of its filters, of their types, and of the mode "APO (DR)"."""

LSP_MAX_GAIN_DB = 40.0
"""Of mid and of side in the plug-in."""

PRESET_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
"""Of URLs, RFC 9562 §6.6: the same preset gets the same name."""

ATTACHED_STYLE = "SoundstageStyle"
"""The attribute of a .vstpreset that holds the whole style."""

_QUOTED = {'"': "&quot;", "\n": "&#10;"}


def lsp_ports(style: LinearStyle) -> Iterator[tuple[str, float]]:
    """The plug-in's control ports and values, all that change its sound: nothing that was set before stays."""
    gain = db_to_amplitude(style.gain_db)
    yield from (("mode", 0.0), ("g_in", 1.0), ("g_out", 1.0), ("bal", 0.0), ("lstn", 0.0))
    yield from (("gain_m", gain), ("gain_s", gain * style.width), ("frqs_m", 0.0), ("frqs_s", 0.0))
    for n in range(LSP_BANDS):
        band = style.bands[n] if n < len(style.bands) else None
        for side in "ms":
            yield f"ft{side}_{n}", float(LSP_TYPES[band.type] if band else LSP_OFF)
            if band:
                yield f"fm{side}_{n}", float(LSP_COOKBOOK_MODE)
                yield from ((f"s{side}_{n}", 0.0), (f"xs{side}_{n}", 0.0), (f"xm{side}_{n}", 0.0))
                yield from ((f"f{side}_{n}", band.f_hz), (f"q{side}_{n}", band.q))
                yield f"g{side}_{n}", db_to_amplitude(band.gain_db)


def lv2(style: LinearStyle) -> bytes:
    """An LV2 preset (Turtle) that is also its bundle's manifest: hosts need ``NAME.lv2/manifest.ttl`` and no more."""
    ports = [("enabled", 1.0), *lsp_ports(style)]
    values = " ,\n    ".join(f'[ lv2:symbol "{symbol}" ; pset:value {value:.9g} ]' for symbol, value in ports)
    label = json.dumps(style.name, ensure_ascii=False)
    return (
        "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
        "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
        f"<urn:uuid:{uuid.uuid5(PRESET_NAMESPACE, label + values)}>\n"
        f"    a pset:Preset ;\n    lv2:appliesTo <{LSP_LV2_URI}> ;\n"
        f"    rdfs:label {label} ;\n    lv2:port {values} .\n"
    ).encode()


def vst_preset(style: LinearStyle) -> bytes:
    """Steinberg's preset container (VST 3 SDK, ``vstpresetfile.h``) with the plug-in's state, and the style attached.

    The state is LSP's: "LSPS", a version, and for each port its name (length first) and its value, little-endian.
    Where hosts look for a preset's name, the whole style stands as one more attribute, for ``reading.read_preset``.
    """
    state = b"LSPS" + struct.pack("<H", 1)
    for symbol, value in lsp_ports(style):
        state += bytes([len(symbol)]) + symbol.encode() + struct.pack("<f", value)
    attributes = {
        "MediaType": "VstPreset",
        "PlugInName": "LSP Parametric Equalizer x16 MidSide",
        "Name": style.name,
        ATTACHED_STYLE: preset_json(style).decode(),
    }
    lines = [
        f'\t<Attribute id="{id_}" value="{escape(value, _QUOTED)}" type="string" flags=""/>\n'
        for id_, value in attributes.items()
    ]
    described = f'<?xml version="1.0" encoding="utf-8"?>\n<MetaInfo>\n{"".join(lines)}</MetaInfo>\n'.encode()
    header = struct.pack("<4si32sq", b"VST3", 1, LSP_VST3_CLASS.hex().upper().encode(), 48 + len(state + described))
    chunks = struct.pack("<4sqq", b"Comp", 48, len(state))
    chunks += struct.pack("<4sqq", b"Info", 48 + len(state), len(described))
    return header + state + described + struct.pack("<4si", b"List", 2) + chunks
