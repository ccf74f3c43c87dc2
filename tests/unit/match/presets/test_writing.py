"""Every export is read back by other means and does what the engine does."""

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt, sosfiltfilt
from tests.fixtures.preset_readers import READERS

from soundstage import models
from soundstage.arrays import Floats
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.match.presets.linear_style import linear_style
from soundstage.match.presets.writing import FORMATS, export_preset
from soundstage.match.rendering.chain import Chain
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

STYLES = {
    "broad": StyleParams(
        amounts=Amounts(eq=0.8, stereo=0.5, compressor=0.7),
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
        compressor=Compressor(
            threshold_db=-26, ratio=6, knee_db=0, attack_ms=0.5, release_ms=30, makeup_db=4, detector="peak"
        ),
        exciter=Exciter(f_hz=2500, drive_db=36, mix=0.4),
        lufs=LoudnessTarget(target_db=-9, gain_db=17.25),
    ),
    "width alone": StyleParams(stereo=Stereo(width=1.5)),
}
PARAMS = STYLES["broad"]


def music(rate_hz: int) -> NDArray[np.float32]:
    frames = rate_hz // 4
    rng = np.random.default_rng(3)
    return (rng.normal(0, 0.1, (frames, 2)) + 0.1 * np.sin(np.arange(frames) / 20)[:, None]).astype(np.float32)


def rendered(params: StyleParams, format: str, rate_hz: int) -> Floats:
    """What the engine makes of the music with the stages that the format carries alone."""
    carried = FORMATS[format].carried
    absent = {stage: None for stage in ("compressor", "exciter", "stereo") if stage not in carried}
    y, _ = Chain(params.model_copy(update=absent), rate_hz, 2).process(music(rate_hz), last=True)
    style = linear_style(params, "", rate_hz)
    if not FORMATS[format].limits:
        style = style.without_limiter(whole_computer=FORMATS[format].whole_computer)
    gain_db = style.gain_db
    return y.astype(np.float64) * 10 ** (gain_db / 20)


def null_db(got: Floats, wanted: Floats) -> float:
    return float(10 * np.log10(np.mean((got - wanted) ** 2) / np.mean(wanted**2) + 1e-30))


@pytest.mark.slow
@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("format", READERS)
def test_others_make_the_same_sound_of_it(format: str, style: str, rate_hz: int) -> None:
    params = STYLES[style].model_copy(update={"limiter": None})
    exported = export_preset(params, format, name="Ünïcode & name", rate_hz=rate_hz)
    got = READERS[format](exported.content, music(rate_hz).astype(np.float64), rate_hz)
    assert null_db(got, rendered(params, format, rate_hz)) < -80


def test_the_compressor_and_the_exciter_do_something_in_these_styles() -> None:
    for style in ("broad", "all eight, steep and strong"):
        alone = STYLES[style].model_copy(update={"compressor": None})
        assert null_db(rendered(alone, "jsfx", 48_000), rendered(STYLES[style], "jsfx", 48_000)) > -40
    alone = STYLES[style].model_copy(update={"exciter": None})
    assert null_db(rendered(alone, "jsfx", 48_000), rendered(STYLES[style], "jsfx", 48_000)) > -40


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_what_it_lost(format: str) -> None:
    exported = export_preset(PARAMS, format)
    assert set(exported.carried) | set(exported.lost) == {"eq", "compressor", "stereo", "lufs", "limiter"}
    assert not set(exported.carried) & set(exported.lost)
    assert set(exported.lost) >= {"json": set(), "jsfx": {"limiter"}}.get(format, {"compressor", "limiter"})
    assert exported.content == export_preset(PARAMS, format).content


def test_every_format_is_read_by_someone_else() -> None:
    assert set(READERS) == set(FORMATS) - {"json"}


def test_json_is_the_style() -> None:
    document = json.loads(export_preset(PARAMS, "json", name="Ünïcode").content)
    schema = json.loads((Path(models.__file__).parent / "schemas" / "preset.v1.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
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
        assert null_db(got, rendered(high, format, 32_000)) < -80, format


LOUD = StyleParams(
    eq=[EqBand(type="high_shelf", f_hz=1200, q=0.7, gain_db=5)],
    lufs=LoudnessTarget(target_db=-10, gain_db=16.9),
    limiter=Limiter(tp_db=-0.64),
)


@pytest.mark.parametrize("format", READERS)
def test_no_export_of_a_loud_master_clips(format: str) -> None:
    """Its gain was found before a limiter: where the format has none, the gain goes, and the file says so."""
    exported = export_preset(LOUD, format)
    full_scale = music(48_000).astype(np.float64)
    full_scale /= np.abs(full_scale).max()
    got = READERS[format](exported.content, full_scale, 48_000)
    assert np.abs(got).max() < 1.12  # filters turn phases
    if format != "ffmpeg":
        assert "lufs" in exported.lost
        assert any("+16.9 dB" in remark for remark in exported.remarks)


def test_ffmpegs_limiter_holds_peaks_between_samples() -> None:
    rate_hz = 44_100
    fading = np.tile(np.exp(-np.arange(rate_hz // 8) / (0.004 * rate_hz)), 8)[:, None]
    hits = fading * np.random.default_rng(4).normal(0, 0.3, (len(fading), 2))
    hits = sosfilt(butter(4, 12_000, fs=rate_hz, output="sos"), hits, axis=0)
    loud = READERS["ffmpeg"](export_preset(LOUD, "ffmpeg", rate_hz=rate_hz).content, hits, rate_hz)
    assert -1 < true_peak_dbtp(loud.astype(np.float32), rate_hz, 8) < -0.64


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
def test_ffmpegs_limiter_leaves_alone_what_is_below_it(rate_hz: int) -> None:
    heard = sosfiltfilt(butter(20, 20_000, fs=rate_hz, output="sos"), music(rate_hz).astype(np.float64), axis=0) / 4
    through = READERS["ffmpeg"](
        export_preset(StyleParams(limiter=Limiter()), "ffmpeg", rate_hz=rate_hz).content, heard, rate_hz
    )
    assert null_db(through[1000:-1000], heard[1000:-1000]) < -90


@pytest.mark.parametrize("adaptive", [False, True])
def test_an_export_for_ffmpeg_says_where_its_limiter_differs(*, adaptive: bool) -> None:
    remarks = export_preset(LOUD.model_copy(update={"limiter": Limiter(adaptive=adaptive)}), "ffmpeg").remarks
    assert any("stands in for ours" in remark and "48000 Hz" in remark for remark in remarks)
    assert any("does not follow the music" in remark for remark in remarks) == adaptive


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(InvalidInput, match="camilladsp"):
        export_preset(PARAMS, "winamp")
    with pytest.raises(InvalidInput, match="sample rate"):
        export_preset(PARAMS, "graphiceq", rate_hz=0)
    with pytest.raises(InvalidInput, match="40 dB"):
        export_preset(StyleParams(lufs=LoudnessTarget(target_db=0, gain_db=41)), "lv2")
