"""Files from elsewhere become styles, or a sentence that says why not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.match.presets.test_writing import STYLES

from soundstage.match.presets.reading import read_preset
from soundstage.match.presets.writing import export_preset
from soundstage.match.rendering.eq_response import response_db
from soundstage.models.errors import InvalidInput
from soundstage.models.style import EqBand

AUTO_EQ = """Preamp: -6.8 dB
Filter 1: ON PK Fc 21 Hz Gain 6.7 dB Q 1.100
Filter 2: ON LSC Fc 105 Hz Gain -1.5 dB Q 0.70
Filter 3: OFF PK Fc 210 Hz Gain 5.9 dB Q 2.100
Filter 4: ON HSC Fc 10000 Hz Gain -2.6 dB Q 0.70
"""
MANY = "\n".join(f"Filter {n}: ON PK Fc {40 * 1.7**n:.1f} Hz Gain {(-1) ** n * 3} dB Q 1.4" for n in range(10))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("format", ["json", "vstpreset"])
def test_what_carries_everything_comes_back(format: str, style: str) -> None:
    back = read_preset(export_preset(STYLES[style], format, name='Ünï "code" & <name>').content)
    assert back.params == STYLES[style]
    assert back.name == 'Ünï "code" & <name>'


def test_bare_parameters_are_a_style() -> None:
    back = read_preset(STYLES["broad"].model_dump_json().encode())
    assert (back.params, back.name) == (STYLES["broad"], None)


def test_auto_eq() -> None:
    back = read_preset(AUTO_EQ.encode())
    assert back.params.eq == [
        EqBand(type="peaking", f_hz=21, q=1.1, gain_db=6.7),
        EqBand(type="low_shelf", f_hz=105, q=0.7, gain_db=-1.5),
        EqBand(type="high_shelf", f_hz=10_000, q=0.7, gain_db=-2.6),
    ]
    assert back.remarks == ("Preamp: -6.8 dB: left out, since a style sets loudness by its target.",)


def test_our_own_equalizer_comes_back() -> None:
    back = read_preset(export_preset(STYLES["all eight, steep and strong"], "equalizerapo").content)
    assert back.params.eq == STYLES["all eight, steep and strong"].eq


def test_more_filters_than_a_style_holds() -> None:
    back = read_preset(MANY.encode())
    assert len(back.params.eq) <= 8
    f_hz = np.geomspace(30, 16_000, 50)
    exact = [EqBand(type="peaking", f_hz=round(40 * 1.7**n, 1), q=1.4, gain_db=(-1) ** n * 3) for n in range(10)]
    difference = response_db(back.params.eq, f_hz, 48_000) - response_db(exact, f_hz, 48_000)
    assert np.abs(difference).max() < 2
    assert "10 filters became" in back.remarks[0]


@pytest.mark.parametrize(
    ("line", "f_hz", "q"),
    [
        ("Filter: ON LSC 12 dB Fc 100 Hz Gain 6 dB", 100, np.sqrt(0.5)),  # S = 1 is Q = 1/√2 (cookbook)
        ("Filter: ON LS 12 dB Fc 100 Hz Gain 6 dB", 100 * 10 ** (6 / 80), np.sqrt(0.5)),
        ("Filter: ON HS 12 dB Fc 1000 Hz Gain -6 dB", 1000 / 10 ** (6 / 80), np.sqrt(0.5)),
        ("Filter: ON HSC Fc 1000 Hz Gain -6 dB Q 1.2", 1000, 1.2),
        ("Filter  1: ON  PEQ      Fc    61.8 Hz  Gain  -3.4 dB  BW Oct 1", 61.8, 1.41421),
        ("Filter 2: ON PK Fc 1,5 Hz", None, None),
        ("Filter 2: ON PK Fc 63,5 Hz Gain 1,5 dB Q 2", 63.5, 2),
    ],
)
def test_ways_to_say_a_filter(line: str, f_hz: float | None, q: float | None) -> None:
    if f_hz is None:
        with pytest.raises(InvalidInput, match="lacks"):
            read_preset(line.encode())
        return
    (band,) = read_preset(line.encode()).params.eq
    assert [band.f_hz, band.q] == pytest.approx([f_hz, q], rel=1e-4)


def test_what_styles_have_no_word_for_is_said() -> None:
    back = read_preset(b"Channel: L\nFilter 1: ON HP Fc 30 Hz\nFilter 2: ON PK Fc 100 Hz Gain 1 dB Q 1\n")
    assert back.remarks == ("Channel: left out.", "Filter 1: ON HP Fc 30 Hz: left out, styles have no such filter.")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"{}x",
        b"[]",
        b"\xff\xfe\x00",
        b"VST3",
        b"VST3" + bytes(100),
        b'{"params": {"eq": [{"type": "peaking", "f_hz": NaN, "q": 1, "gain_db": 1}]}, "name": "x"}',
        b'{"eq": [{"type": "peaking", "f_hz": 100, "q": 1e400, "gain_db": 1}]}',
        b'{"schema_version": 2}',
        b'{"surprise": 1}',
        b'{"eq": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"Preamp: 3 dB",
        b"Filter: ON PK Fc 0 Hz Gain 1 dB Q 1",
        b"Filter: ON LSC 0.0001 dB Fc 100 Hz Gain 1e9 dB Q 0",
        b"Filter: ON PK Fc 100 Hz Gain 1 dB Q 1\n" * 65,
    ],
)
def test_what_is_no_preset_is_named(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_preset(content)
    assert "\n" not in refused.value.message
    assert len(refused.value.message) < 300


WORDS = ["Filter:", "ON", "PK", "LSC", "Fc", "100", "Hz", "Gain", "-1", "dB", "Q", "2", "\n"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(alphabet="Filter: ONPKLSCHz GaindBQBWOct0123456789.-eE\n", max_size=120).map(str.encode),
        st.lists(st.sampled_from(WORDS), max_size=16).map(lambda words: " ".join(words).encode()),
    )
)
def test_only_what_holds_a_filter_is_a_preset(content: bytes) -> None:
    try:
        imported = read_preset(content)
    except InvalidInput:
        return
    assert 1 <= len(imported.params.eq) <= content.upper().count(b"FILTER")
