"""Rendering lands on its loudness, holds its ceiling, keeps length and shape."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.features import arrays_of
from tests.fixtures.pairs import song

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.streams import FileReader, FileWriter, MemoryReader, MemoryWriter
from soundstage.audio.true_peak import true_peak_dbtp
from soundstage.match.analysis.features import analyze_features
from soundstage.match.pipeline import conclude, match_recordings
from soundstage.match.presets.operations import apply_preset
from soundstage.match.rendering.render import render, render_measured
from soundstage.models.style import Amounts, Compressor, EqBand, Limiter, LoudnessTarget, StyleParams

pytestmark = pytest.mark.usefixtures("loops")

RATE_HZ = 44_100


@pytest.fixture(scope="module")
def music() -> Audio:
    return Audio(song(5, seconds=15).astype(np.float32), RATE_HZ)


@pytest.mark.parametrize("target_db", [-30.0, -18.0, -12.0, -8.0])
def test_a_render_lands_on_its_loudness_below_its_ceiling(music: Audio, target_db: float) -> None:
    params = StyleParams(
        eq=[EqBand(type="peaking", f_hz=300, q=1, gain_db=3)],
        lufs=LoudnessTarget(target_db=target_db),
        limiter=Limiter(tp_db=-1.0),
    )
    writer = MemoryWriter()
    metrics = render(MemoryReader(music), writer, params)
    assert writer.audio is not None
    assert writer.audio.samples.shape == music.samples.shape
    measured = measure_loudness(writer.audio.samples, RATE_HZ)
    assert measured.integrated_lufs == pytest.approx(target_db, abs=0.05)
    assert metrics.lufs_err is not None
    assert metrics.lufs_err <= 0.05
    assert true_peak_dbtp(writer.audio.samples, RATE_HZ, 8) <= -1.0 + 0.02
    assert (metrics.limiter_active_rate > 0) == (metrics.max_gain_reduction_db > 0.1)


@pytest.mark.parametrize(("rate_hz", "channels"), [(22_050, 1), (48_000, 2), (48_000, 8), (96_000, 1), (96_000, 6)])
def test_files_of_any_shape(tmp_path: Path, rate_hz: int, channels: int) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (2 * rate_hz + 17, channels)).astype(np.float32)
    write_wav(tmp_path / "in.wav", Audio(noise, rate_hz))
    params = StyleParams(lufs=LoudnessTarget(target_db=-16), limiter=Limiter())
    render(FileReader(tmp_path / "in.wav"), FileWriter(tmp_path / "out.wav"), params)
    out = read_audio(tmp_path / "out.wav")
    assert (out.rate_hz, out.samples.shape) == (rate_hz, noise.shape)
    assert measure_loudness(out.samples, rate_hz).integrated_lufs == pytest.approx(-16, abs=0.05)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_half_an_amount_goes_half_the_way(music: Audio) -> None:
    before = measure_loudness(music.samples, RATE_HZ).integrated_lufs
    writer = MemoryWriter()
    params = StyleParams(lufs=LoudnessTarget(target_db=before - 6), amounts=Amounts(lufs=0.5), limiter=Limiter())
    render(MemoryReader(music), writer, params)
    assert writer.audio is not None
    assert measure_loudness(writer.audio.samples, RATE_HZ).integrated_lufs == pytest.approx(before - 3, abs=0.05)


@pytest.mark.parametrize("target_db", [-22.0, -8.0])
def test_the_metrics_are_those_of_what_was_written(music: Audio, target_db: float) -> None:
    """Whether or not the limiter has to work."""
    louder = Audio(music.samples * np.float32(10 ** ((target_db + 18) / 20)), RATE_HZ)
    writer = MemoryWriter()
    preset = StyleParams(lufs=LoudnessTarget(target_db=target_db), limiter=Limiter(tp_db=-6, release_ms=20))
    match = match_recordings([], MemoryReader(music), writer, preset=preset)
    assert writer.audio is not None
    heard = arrays_of(writer.audio)
    assert (match.metrics_after.limiter_active_rate > 0.3) == (target_db > -10)
    for name in ("f_hz", "mid_db", "side_db", "mel_db", "side_to_mid_db"):
        np.testing.assert_array_equal(getattr(match.result, name), getattr(heard, name))
    assert match.result.integrated_lufs == pytest.approx(heard.integrated_lufs, abs=0.001)
    assert match.metrics_after.tp_db == pytest.approx(heard.true_peak_dbtp, abs=0.01)
    # What the limiter did to the tone is among it.
    apart = heard.mid_db - arrays_of(louder).mid_db
    assert (np.ptp(apart) > 0.5) == (target_db > -10)


@pytest.mark.parametrize("frames", [0, 1, 4000])
def test_silence_and_very_short_recordings_pass(frames: int) -> None:
    writer = MemoryWriter()
    params = StyleParams(lufs=LoudnessTarget(target_db=-14), limiter=Limiter())
    metrics = render(MemoryReader(Audio(np.zeros((frames, 2), np.float32), RATE_HZ)), writer, params)
    assert writer.audio is not None
    assert writer.audio.samples.shape == (frames, 2)
    assert metrics.integrated_lufs is None
    assert metrics.lufs_err is None


def test_nothing_that_was_given_is_changed(music: Audio) -> None:
    preset = StyleParams(
        compressor=Compressor(threshold_db=-24, ratio=3), lufs=LoudnessTarget(target_db=-12), input_lufs=-18
    )
    features = analyze_features(MemoryReader(music))
    style = apply_preset(preset, features, Amounts(compressor=0.5))
    rendered = render_measured(MemoryReader(music), MemoryWriter(), style, with_tone=True)
    references = [(features, 2.0), (features.model_copy(update={"true_peak_dbtp": -3.0}), 1.0)]
    given = [model.model_dump_json() for model in (preset, style, features)]
    match = conclude(style, references, features, rendered, timings_s={})
    assert [model.model_dump_json() for model in (preset, style, features)] == given
    assert match.params.lufs is not None
    assert match.params.lufs.gain_db == round(rendered.gain_db, 3)
    assert match.result.integrated_lufs == pytest.approx(-12, abs=0.05)
    assert match.reference is not None
    assert match.reference.true_peak_dbtp == pytest.approx((2 * (features.true_peak_dbtp or 0) - 3) / 3)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, music: Audio) -> None:
    params = StyleParams(lufs=LoudnessTarget(target_db=-10), limiter=Limiter())
    for name in ("one.wav", "two.wav"):
        render(MemoryReader(music), FileWriter(tmp_path / name), params)
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()


@pytest.mark.parametrize("target_db", [-30.0, -10.0])
def test_spooled_or_read_again_is_the_same(tmp_path: Path, music: Audio, target_db: float) -> None:
    """A WAV file that no stage changes is read again, FLAC spooled."""
    params = StyleParams(lufs=LoudnessTarget(target_db=target_db), limiter=Limiter())
    samples = np.clip(np.rint(music.samples * 2**15), -(2**15), 2**15 - 1).astype(np.int16)
    made = []
    for name in ("in.wav", "in.flac"):
        soundfile.write(tmp_path / name, samples, RATE_HZ)
        reader = FileReader(tmp_path / name)
        assert reader.uncoded == (name == "in.wav")
        render(reader, FileWriter(tmp_path / "out.wav"), params)
        made.append((tmp_path / "out.wav").read_bytes())
    assert made[0] == made[1]
