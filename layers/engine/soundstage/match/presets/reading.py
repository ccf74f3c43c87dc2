"""Reading styles from files: preset.json and .vstpreset of ours, equalisers of Equalizer APO, AutoEq, Room EQ Wizard.

Equalizer APO's language as its ``BiQuadFilterFactory`` and ``BiQuadFilter`` (1.3) read it.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import ValidationError

from soundstage.audio.decibels import db_to_amplitude
from soundstage.match.presets.lsp_plugins import ATTACHED_STYLE
from soundstage.match.presets.operations import BLEND_RATE_HZ, fewer_bands
from soundstage.match.rendering.eq_response import response_db
from soundstage.models.errors import InvalidInput
from soundstage.models.style import MAX_EQ_BANDS, EqBand, Preset, StyleParams

MAX_BYTES = 32 << 20
"""Twice the longest impulse response that a style may carry (``models.style.Reverb``)."""

MAX_FILTERS = 64
"""Chosen: twice as many as graphic equalisers have bands."""

MAX_REMARKS = 50
"""After which lines that were left out are only counted."""

ROOM_EQ_WIZARD_SLOPE = 0.9
"""Of shelves without slope or Q, as Equalizer APO reads them (``BiQuadFilterFactory``)."""

Kind = Literal["peaking", "low_shelf", "high_shelf"]
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("PK", "PEQ", "MODAL"), "peaking"),
    **dict.fromkeys(("LS", "LSC"), "low_shelf"),
    **dict.fromkeys(("HS", "HSC"), "high_shelf"),
}
NUMBER = r"([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)"


@dataclass(frozen=True)
class Imported:
    """A style, the name that its file gives it, and a sentence for everything that could not be taken over."""

    params: StyleParams
    name: str | None = None
    remarks: tuple[str, ...] = ()


def read_preset(content: bytes) -> Imported:
    """The style in a file, whatever kind it is of those above.

    Raises:
        InvalidInput: no such file, or one that breaks the rules of its kind.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInput("This file is too large for a preset.")
    if content.startswith(b"VST3"):
        return _read_json(_attached(content))
    text = _text(content)
    if text.lstrip().startswith("{"):
        return _read_json(text)
    return _read_equalizer(text)


def _text(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput("This is no preset: it is not text.") from error


def _attached(content: bytes) -> str:
    found = re.search(rb'<Attribute id="%s" value="([^"]*)"' % ATTACHED_STYLE.encode(), content)
    if found is None:
        raise InvalidInput("This .vstpreset was not made by Soundstage: every plug-in has its own kind of content.")
    return html.unescape(found[1].decode("utf-8", "replace"))


def _read_json(text: str) -> Imported:
    """From a preset with its name, or from bare parameters."""
    try:
        preset = Preset.model_validate_json(text)
        return Imported(preset.params, preset.name)
    except ValidationError as not_a_preset:
        try:
            return Imported(StyleParams.model_validate_json(text))
        except ValidationError as not_params:
            # A file with "params" was meant as a preset.
            meant = not_a_preset if '"params"' in text else not_params
            first = meant.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            says = "is not part of a preset" if first["type"] == "extra_forbidden" else first["msg"]
            raise InvalidInput(f"This is no preset: {where + ': ' if where else ''}{says}") from meant


def _read_equalizer(text: str) -> Imported:
    bands: list[EqBand] = []
    remarks: list[str] = []
    for line in text.splitlines():
        command, _, value = line.partition(":")
        if re.fullmatch(r"\s*Filter\s*\d*\s*", command):
            bands += _band(value.replace(",", "."), line.strip(), remarks)
        elif command.strip() == "Preamp" and _number(NUMBER, value):
            remarks.append(f"{line.strip()[:100]}: left out, since a style sets loudness by its target.")
        elif command.strip() in ("GraphicEQ", "Channel", "Copy", "Convolution", "Include", "VSTPlugin"):
            remarks.append(f"{command.strip()}: left out.")
        if len(bands) > MAX_FILTERS:
            raise InvalidInput(f"This equaliser has more than {MAX_FILTERS} filters.")
    if not bands:
        raise InvalidInput(
            "This is neither a preset of Soundstage nor an equaliser of Equalizer APO with at least one filter."
        )
    style = StyleParams(eq=list(_fitting(bands, remarks)))
    left = len(remarks) - MAX_REMARKS
    return Imported(
        style, None, (*remarks[:MAX_REMARKS], *([f"And {left} lines more were left out."] if left > 0 else []))
    )


def _fitting(bands: list[EqBand], remarks: list[str]) -> Iterator[EqBand]:
    fewer = fewer_bands(bands)
    if len(bands) > MAX_EQ_BANDS:
        f_hz = np.geomspace(30, 16_000, 200)
        off = np.abs(response_db(fewer, f_hz, BLEND_RATE_HZ) - response_db(bands, f_hz, BLEND_RATE_HZ)).max()
        remarks.append(
            f"{len(bands)} filters became {len(fewer)}, at most {off:.1f} dB from them between 30 Hz and 16 kHz."
        )
    yield from fewer


def _band(value: str, line: str, remarks: list[str]) -> Iterator[EqBand]:
    """The band of a filter; none where it is off, or of a kind that styles do not have."""
    found = re.match(r"\s*ON\s+([A-Za-z]+)(.*)", value)
    if found is None or found[1] == "None":
        return
    word, settings = found[1].upper(), found[2]
    if word not in KINDS:
        remarks.append(f"{line[:100]}: left out, styles have no such filter.")
        return
    f_hz, gain_db = _number(r"\s+Fc\s*" + NUMBER + r"\s*Hz", settings), _number(r"\s+Gain\s*" + NUMBER, settings)
    if f_hz is None or gain_db is None:
        raise InvalidInput(f"This filter lacks its frequency or gain: {line[:100]}")
    q = _number(r"\s+Q\s*" + NUMBER, settings)
    octaves = _number(r"\s+BW\s+Oct\s*" + NUMBER, settings)
    slope_db = _number(r"^\s*" + NUMBER + r"\s*dB", settings)
    kind = KINDS[word]
    try:
        if kind == "peaking":
            q = q or (1 / (2 * np.sinh(np.log(2) / 2 * octaves)) if octaves else None)
            if q is None:
                raise InvalidInput(f"This filter lacks its Q: {line[:100]}")
        else:
            f_hz, q = _cookbook_shelf(kind, f_hz, gain_db, q, slope_db, corner=not word.endswith("C"))
        yield EqBand(type=kind, f_hz=float(f_hz), q=float(q), gain_db=gain_db)
    except (ValidationError, ZeroDivisionError, OverflowError) as error:
        raise InvalidInput(f"This filter is beyond what can be computed: {line[:100]}") from error


def _cookbook_shelf(
    kind: Kind, f_hz: float, gain_db: float, q: float | None, slope_db: float | None, *, corner: bool
) -> tuple[float, float]:
    """The frequency in the middle of the slope, and Q, from a slope or a Q at that frequency or at the ``corner``.

    The cookbook's 1 / Q² = (A + 1 / A) (1 / S − 1) + 2, and Equalizer APO's way from the corner to the middle.
    """
    amplitude = db_to_amplitude(gain_db / 2)
    lean = amplitude + 1 / amplitude
    if slope_db or q is None:
        slope = slope_db / 12 if slope_db else ROOM_EQ_WIZARD_SLOPE
        q = max(lean * (1 / slope - 1) + 2, 1e-4) ** -0.5
        corner = corner and bool(slope_db)
    else:
        slope = 1 / ((1 / q**2 - 2) / lean + 1)
    if corner:
        away = 10 ** (abs(gain_db) / 80 / slope)
        f_hz = f_hz * away if kind == "low_shelf" else f_hz / away
    return f_hz, q


def _number(pattern: str, text: str) -> float | None:
    found = re.search(pattern, text)
    try:
        return float(found[1]) if found else None
    except ValueError:
        return None
