"""Compiled loops and numpy are the same arithmetic: they agree within −120 dBFS, on any shape."""

import ctypes
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.fixtures.sounds import noise
from tests.unit.audio.test_true_peak import band_limited

from soundstage import compiled
from soundstage.audio.convolution import Convolver
from soundstage.audio.dynamics import limit_true_peak
from soundstage.audio.filters import SosFilter, low_shelf, peaking
from soundstage.audio.io import quantised
from soundstage.audio.loudness import WeightedSteps, measure_loudness
from soundstage.audio.streams import FileWriter
from soundstage.audio.true_peak import HISTORY, TruePeakMeter, all_taps, reach, true_peak_dbtp
from soundstage.cli.main import main
from soundstage.compiled.build import PROVENANCE, build
from soundstage.match.analysis.bands import FFT_SIZE
from soundstage.match.analysis.tone_statistics import ToneMeter
from soundstage.match.rendering.compressor import Ballistics
from soundstage.models.style import Compressor

MINUS_120_DB = 1e-6

pytestmark = pytest.mark.skipif(compiled.loops() is None, reason="no compiled loops on this machine")


def both(work: Callable[[], NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    fast = work()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "loops", lambda: None)
        return fast, work()


def assert_same(work: Callable[[], NDArray[Any]], within: float = MINUS_120_DB) -> None:
    fast, slow = both(work)
    assert fast.shape == slow.shape
    assert np.abs(fast - slow).max(initial=0.0) <= within


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 40_000), st.integers(1, 8), st.integers(1, 8))
def test_filters(frames: int, channels: int, sections: int) -> None:
    sos = np.concatenate([peaking(48_000, 40 * 2.2**k, 1 + k / 3, 4 - k) for k in range(sections - 1)]
                         + [low_shelf(48_000, 60, 0.7, -3)])  # fmt: skip
    assert_same(lambda: SosFilter(sos, channels).process(noise(frames, channels=channels) * 0.5))


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_loudness_and_its_steps(rate_hz: int, channels: int) -> None:
    samples = noise(rate_hz + 321, channels=channels)
    energies, peaks = both(lambda: WeightedSteps(rate_hz, channels, rate_hz // 100).process(samples)[0])
    assert np.allclose(energies, peaks, rtol=1e-5)
    assert_same(lambda: WeightedSteps(rate_hz, channels, rate_hz // 100).process(samples)[1], 0.0)
    fast, slow = both(lambda: np.array(list(vars(measure_loudness(samples, rate_hz)).values())))
    assert np.allclose(fast, slow, atol=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999), st.integers(1, 40), st.sampled_from([2, 4, 8]))
def test_peaks(seed: int, steps: int, oversampling: int) -> None:
    samples = np.pad(band_limited(400 + 64 * steps, seed=seed), ((HISTORY, 0), (0, 0)))[: HISTORY + 64 * steps]
    peaks_db = both(lambda: np.array([true_peak_dbtp(samples, 48_000, oversampling)]))
    assert peaks_db[0] == pytest.approx(peaks_db[1], abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=1, max_size=8), st.integers(1, 3))
def test_peaks_of_a_stream(sizes: list[int], channels: int) -> None:
    samples = noise(sum(sizes), channels=channels)

    def peaks() -> NDArray[np.float64]:
        meter = TruePeakMeter(channels)
        for block in np.split(samples, np.cumsum(sizes)[:-1]):
            meter.process(block)
        return np.array(meter.result())

    assert_same(peaks, 2e-6)
    assert peaks()[1] == np.abs(samples).max(initial=0.0)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 9999), st.floats(-3, 20), st.sampled_from([8_000, 44_100, 96_000, 192_000]), st.integers(1, 3))
def test_the_limiter(seed: int, hot_db: float, rate_hz: int, channels: int) -> None:
    samples = band_limited(60_000, seed=seed, channels=channels) * np.float32(10 ** (hot_db / 20))
    samples[20_000:] *= np.cos(np.arange(40_000)[:, None] / 4_000).astype(np.float32)
    for adaptive in (False, True):
        assert_same(lambda adaptive=adaptive: limit_true_peak(samples, rate_hz, -1.0, adaptive=adaptive))  # type: ignore[misc]


@pytest.mark.parametrize("detector", ["rms", "peak"])
@pytest.mark.parametrize(("attack_ms", "release_ms"), [(0.05, 5.0), (10.0, 150.0), (200.0, 3000.0)])
def test_a_compressor_at_once_and_in_pieces(
    detector: Literal["rms", "peak"], attack_ms: float, release_ms: float
) -> None:
    params = Compressor(threshold_db=-30, ratio=4, attack_ms=attack_ms, release_ms=release_ms, detector=detector)
    levels_db = np.repeat(np.random.default_rng(1).uniform(-60, 0, 40), 800)
    levels_db[12_000:20_000] = -120.0

    def in_pieces() -> NDArray[Any]:
        ballistics = Ballistics(1 / 1500, params)
        return np.concatenate([ballistics.run(piece) for piece in np.array_split(levels_db, 50)])

    assert_same(in_pieces, 2 * MINUS_120_DB)
    assert_same(lambda: Ballistics(1 / 1500, params).run(levels_db), 2 * MINUS_120_DB)
    assert np.abs(in_pieces() - Ballistics(1 / 1500, params).run(levels_db)).max() <= 2 * MINUS_120_DB
    assert in_pieces().max() > 10


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("rate_hz", [8_000, 44_100])
def test_tone(channels: int, rate_hz: int) -> None:
    """Its levels, and the measures that its sums give, of frames of which some are silent."""
    samples = noise(20 * FFT_SIZE + 5000, channels=channels)
    samples[3 * FFT_SIZE : 5 * FFT_SIZE] = 0.0

    def levels() -> NDArray[np.float64]:
        meter = ToneMeter(rate_hz, channels)
        for block in np.array_split(samples, 7):
            meter.process(block)
        tone = meter.result()
        assert tone.mel_spectrogram is not None
        parts = [tone.mid_db, tone.side_db, tone.mel_db.ravel(), tone.mel_spectrogram.levels_db.ravel(), tone.coherence]
        return np.append(np.concatenate(parts), tone.side_to_mid_db or 0.0)

    assert_same(levels, 1e-3)


@pytest.mark.parametrize(("taps", "channels"), [(1, 1), (30_000, 2), (30_000, 6)])
def test_convolution(taps: int, channels: int) -> None:
    response = noise(taps, channels=channels, seed=1) / np.float32(np.sqrt(taps))
    assert_same(lambda: Convolver(response, channels).process(noise(70_000, channels=channels)))


def test_rounding_to_24_bits() -> None:
    samples = np.concatenate([noise(10_000) * 1.2, np.array([[1.0], [-1.0], [0.5 / 2**23], [9.0], [-9.0]])])
    loops = compiled.loops()
    assert loops is not None
    wanted = quantised(samples.astype(np.float32), 24)[:, 0].astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:]
    assert np.array_equal(loops.pack_24(samples.astype(np.float32)), wanted.ravel())


def test_the_command_line_says_which_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    monkeypatch.setattr(compiled, "loops", lambda: None)
    with pytest.raises(SystemExit):
        main(["--version"])
    said = capsys.readouterr().out.splitlines()
    assert "compiled loops" in said[0]
    assert "numpy only" in said[1]


def test_a_compiler_that_fails_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "false")
    assert build(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delenv("CC")
    (tmp_path / "loops-of-yesterday.so").touch()
    assert build(tmp_path) == compiled.library_path(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_library_says_where_it_is_from(tmp_path: Path) -> None:
    library = build(tmp_path)
    assert library is not None
    said = json.loads(library.with_suffix(PROVENANCE).read_text())

    def digest(file: Path) -> dict[str, str]:
        return {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()}

    assert said["subject"] == [{"name": library.name, "digest": digest(library)}]
    built = said["predicate"]["buildDefinition"]
    assert built["resolvedDependencies"] == [{"name": it.name, "digest": digest(it)} for it in compiled.SOURCES]
    assert set(compiled.FLAGS) <= set(built["externalParameters"]["flags"])
    assert said["predicate"]["runDetails"]["builder"]["version"]["cc"]


@pytest.mark.parametrize("shape", [(4_001, 1), (999, 2), (7, 6), (0, 2)])
def test_files_are_the_same_bytes(tmp_path: Path, shape: tuple[int, int]) -> None:
    def written() -> NDArray[np.uint8]:
        with FileWriter(tmp_path / "out.wav") as writer:
            writer.begin(44_100, shape[1])
            for block in np.array_split(noise(shape[0], channels=shape[1]), 3):
                writer.write(block)
            writer.end()
        return np.frombuffer((tmp_path / "out.wav").read_bytes(), np.uint8)

    fast, slow = both(written)
    assert np.array_equal(fast, slow)


def test_the_same_bits_without_what_this_processor_has(tmp_path: Path) -> None:
    """As on processors of another kind: compiled for any x86-64, or any Arm."""
    loops, library = compiled.loops(), tmp_path / "plain.so"
    compiler = shutil.which("cc")
    if loops is None or compiler is None:
        pytest.skip("needs a C compiler")
    command = [compiler, *compiled.FLAGS, *map(str, compiled.SOURCES), "-o", str(library), "-lm"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    x, sos = noise(40_960, channels=2), np.concatenate([peaking(48_000, 60 * 3**k, 1.0, 4.0) for k in range(2)])
    spectra = np.fft.rfft(x.reshape(2, 5, -1)).astype(np.complex64)
    window = np.hanning(8192).astype(np.float32)

    def made(loops: compiled.Loops) -> NDArray[np.float64]:
        sums = np.zeros((4, spectra.shape[2]))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "loops", lambda: loops)
            limited = limit_true_peak(4 * x, 48_000, -1.0, adaptive=True)
        arrays: list[NDArray[Any]] = [
            limited,
            loops.filter_sections(x, sos, np.zeros((2, 4))),
            *loops.weigh(x, 480, sos, np.zeros((2, 4)), np.ones(2)),
            np.array(loops.highest_point(x, all_taps(), 3, reach=reach(), known=(0.3, 0.0))),
            loops.window_sides(x, window),
            loops.add_powers(spectra, 3.0, sums),
            sums,
        ]
        return np.concatenate([np.ravel(array) for array in arrays])

    assert np.array_equal(made(loops), made(compiled.Loops(ctypes.CDLL(str(library)))))


EVERY_LOOP = """
import ctypes
import json, itertools, sys
import numpy as np
from soundstage import compiled
from soundstage.compiled import frames as pictures
checked = compiled.Loops(ctypes.CDLL(sys.argv[1]))
compiled.loops = lambda: checked
from soundstage.audio.convolution import Convolver
from soundstage.audio.dynamics import limit_true_peak
from soundstage.audio.filters import SosFilter, peaking
from soundstage.audio.loudness import measure_loudness
from soundstage.match.analysis.bands import frame_band_means
from soundstage.match.analysis.tone_statistics import ToneMeter
from soundstage.match.rendering.compressor import Ballistics
from soundstage.models.style import Compressor
for steps in (1, 2, 5_000):
    limit_true_peak(np.full((steps, 3), 3.0, np.float32), 44_100, release_ms=2.0, adaptive=True)
    Ballistics(1 / 1500, Compressor(threshold_db=-30, ratio=4)).run(np.linspace(-60.0, 0.0, steps))
for channels, frames, rate_hz in itertools.product((1, 2, 3, 8), (0, 1, 17, 257, 20_000), (8_000, 44_100, 192_000)):
    x = np.random.default_rng(frames).normal(0, 2, (frames, channels)).astype(np.float32)
    limit_true_peak(x, rate_hz), measure_loudness(x, rate_hz), checked.pack_24(x)
    for sections in (1, 2, 7):
        SosFilter(np.concatenate([peaking(rate_hz, 100 * 1.5**k, 1, 3) for k in range(sections)]), channels).process(x)
    Convolver(np.ones((3000, 1), np.float32), channels).process(x)
    tone = ToneMeter(rate_hz, channels)
    tone.process(x), tone.result()
    frame_band_means(np.resize(x, 20_000) if len(x) else np.zeros(8_192, np.float32), rate_hz)
pixels = pictures.Frames(ctypes.CDLL(sys.argv[1]))
for high, wide in ((1, 1), (33, 16), (70, 101)):
    rgba = np.random.default_rng(1).integers(0, 256, (high, wide, 4), np.uint8)
    layer = pixels.premultiply(rgba, np.full((3, 4), 0.3))
    tiles = pixels.survey(layer)
    for step, lean, at in ((0.3, 0.0, -40.0), (1.3, 0.01, 5.5), (3.9, -0.02, 300.0)):
        matrix = np.array([[step, lean, at], [0.0, step, -at]])
        both = [pictures.Placed(layer, tiles, matrix, gain, wraps) for gain, wraps in ((256, False), (100, True))]
        pixels.compose(both, (50, 38))
print("clean")
"""


@pytest.mark.slow
def test_the_loops_stay_within_their_arrays(tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs gcc and its sanitizers")
    flags = [*compiled.FLAGS, *compiled.MACHINE_FLAGS.get(platform.machine(), ()), "-fsanitize=address,undefined"]
    library = tmp_path / "checked.so"
    command = [compiler, *flags, "-O1", "-fno-sanitize-recover", *map(str, compiled.SOURCES), "-o", str(library), "-lm"]
    if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("this gcc has no sanitizers")
    asked = [compiler, "-print-file-name=libasan.so"]
    runtime = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    environment = {**os.environ, "LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0"}
    script = [sys.executable, "-c", EVERY_LOOP, str(library)]
    ran = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.stdout == "clean\n", ran.stderr
