"""Every export is read back by other means and does what the engine does."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.fixtures.preset_readers import READERS

from soundstage.match.chain import Chain
from soundstage.match.exports import FORMATS, export_preset
from soundstage.models.errors import InvalidInput
from soundstage.models.style import (
    Amounts,
    Compressor,
    EqBand,
    Exciter,
    Limiter,
    LoudnessTarget,
    Stereo,
    StyleParams,
)

Floats = NDArray[np.float64]
STYLES = {
    "broad": StyleParams(
        amounts=Amounts(eq=0.8, stereo=0.5),
        eq=[
            EqBand(type="low_shelf", f_hz=110, q=0.71, gain_db=5.0),
            EqBand(type="peaking", f_hz=420, q=1.8, gain_db=-6.5),
            EqBand(type="peaking", f_hz=2900.1235, q=0.9, gain_db=3.25),
            EqBand(type="high_shelf", f_hz=7200, q=0.6, gain_db=-4.0),
        ],
        stereo=Stereo(width=1.4),
        compressor=Compressor(threshold_db=-20, ratio=3),
        lufs=LoudnessTarget(target_db=-14, gain_db=-2.5),
        limiter=Limiter(),
    ),
    "all eight, steep and strong": StyleParams(
        eq=[
            EqBand(type="low_shelf", f_hz=40, q=1.2, gain_db=12.0),
            EqBand(type="low_shelf", f_hz=250, q=0.3, gain_db=-9.0),
            EqBand(type="peaking", f_hz=63.5, q=6.0, gain_db=-18.0),
            EqBand(type="peaking", f_hz=1000, q=5.0, gain_db=15.0),
            EqBand(type="peaking", f_hz=6300, q=0.3, gain_db=-3.0),
            EqBand(type="peaking", f_hz=15_000, q=3.0, gain_db=6.0),
            EqBand(type="high_shelf", f_hz=3000, q=1.1, gain_db=-8.0),
            EqBand(type="high_shelf", f_hz=19_000, q=0.7, gain_db=10.0),
        ],
        stereo=Stereo(width=0.5),
        exciter=Exciter(mix=0.2),
        lufs=LoudnessTarget(target_db=-9, gain_db=17.25),
    ),
    "width alone": StyleParams(stereo=Stereo(width=1.5)),
}
PARAMS = STYLES["broad"]


def music(rate_hz: int) -> NDArray[np.float32]:
    frames = rate_hz // 4
    rng = np.random.default_rng(3)
    return (rng.normal(0, 0.1, (frames, 2)) + 0.1 * np.sin(np.arange(frames) / 20)[:, None]).astype(np.float32)


def rendered(params: StyleParams, rate_hz: int, *, width: bool) -> Floats:
    """What the engine makes of the music with the linear stages alone."""
    rest = {"compressor": None, "exciter": None, **({} if width else {"stereo": None})}
    y, _ = Chain(params.model_copy(update=rest), rate_hz, 2).process(music(rate_hz), last=True)
    gain_db = params.lufs.gain_db * params.amounts.lufs if params.lufs else 0.0
    return y.astype(np.float64) * 10 ** (gain_db / 20)


def null_db(got: Floats, wanted: Floats) -> float:
    return float(10 * np.log10(np.mean((got - wanted) ** 2) / np.mean(wanted**2) + 1e-30))


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("format", READERS)
def test_others_make_the_same_sound_of_it(format: str, style: str, rate_hz: int) -> None:
    exported = export_preset(STYLES[style], format, name="Ünïcode & name", rate_hz=rate_hz)
    got = READERS[format](exported.content, music(rate_hz).astype(np.float64), rate_hz)
    assert null_db(got, rendered(STYLES[style], rate_hz, width="stereo" in FORMATS[format].carried)) < -80


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_what_it_lost(format: str) -> None:
    exported = export_preset(PARAMS, format)
    assert set(exported.carried) | set(exported.lost) == {"eq", "compressor", "stereo", "lufs", "limiter"}
    assert not set(exported.carried) & set(exported.lost)
    assert set(exported.lost) >= (set() if format == "json" else {"compressor", "limiter"})
    assert exported.content == export_preset(PARAMS, format).content


def test_every_format_is_read_by_someone_else() -> None:
    assert set(READERS) == set(FORMATS) - {"json"}


def test_json_is_the_style() -> None:
    document = json.loads(export_preset(PARAMS, "json", name="Ünïcode").content)
    assert document["name"] == "Ünïcode"
    assert StyleParams.model_validate(document["params"]) == PARAMS


@pytest.mark.parametrize("name", ['"; } \\ {x} <a>&', "line\nbreak\x07\x85\u2028end", "  ", "x" * 500, "名前"])
def test_no_name_breaks_a_file(name: str) -> None:
    for format, reader in READERS.items():
        reader(export_preset(PARAMS, format, name=name).content, music(48_000)[:64].astype(np.float64), 48_000)


def test_bands_beyond_the_reach_are_held_inside() -> None:
    high = StyleParams(eq=[EqBand(type="peaking", f_hz=20_000, q=1, gain_db=6)])
    for format, reader in READERS.items():
        got = reader(export_preset(high, format, rate_hz=32_000).content, music(32_000).astype(np.float64), 32_000)
        assert null_db(got, rendered(high, 32_000, width=False)) < -80, format


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(InvalidInput, match="camilladsp"):
        export_preset(PARAMS, "winamp")
    with pytest.raises(InvalidInput, match="sample rate"):
        export_preset(PARAMS, "graphiceq", rate_hz=0)
    with pytest.raises(InvalidInput, match="40 dB"):
        export_preset(StyleParams(lufs=LoudnessTarget(target_db=0, gain_db=41)), "lv2")
