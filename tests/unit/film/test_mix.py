"""The film's sound: where speech lies, how deep and how exactly the music ducks, and how loud it is."""

from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.sounds import noise

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.loudness import measure_loudness
from soundstage.audio.resample import resample
from soundstage.film.mix import Placed, mix_film
from soundstage.models.film import MIX_RATE_HZ, FilmSettings, Music

RATE_HZ = 24_000
DURATION_S = 14.0


@pytest.fixture
def speech(tmp_path: Path) -> list[Placed]:
    """Two sentences of two seconds, four seconds apart."""
    rng = np.random.default_rng(1)
    placed = []
    for number, start_s in enumerate((2.0, 8.0)):
        path = tmp_path / f"speech-{number}.wav"
        syllables = np.repeat(rng.uniform(0.02, 0.3, 16), RATE_HZ // 8)
        write_wav(path, Audio((syllables * rng.standard_normal(len(syllables))).astype(np.float32) * 0.3, RATE_HZ))
        placed.append(Placed(round(start_s * MIX_RATE_HZ), path, ((start_s, start_s + 2.0),)))
    return placed


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Very loud: −8 LUFS or so."""
    path = tmp_path / "music.wav"
    write_wav(path, Audio(noise(round(DURATION_S * MIX_RATE_HZ), channels=2, amplitude=0.5), MIX_RATE_HZ))
    return path


def test_music_ducks_exactly_and_comes_back(speech: list[Placed], music: Path, tmp_path: Path) -> None:
    quiet = [Placed(p.start, _silenced(p.audio, tmp_path), p.spoken_s) for p in speech]
    bed = read_audio(music).samples

    report = mix_film(tmp_path / "mix.wav", quiet, music, duration_s=DURATION_S, settings=FilmSettings())

    ratio_db = 10 * np.log10(_power(read_audio(tmp_path / "mix.wav").samples) / _power(bed))
    under, between = ratio_db[[2, 3, 8, 9]], ratio_db[[0, 5, 6, 12]]
    assert under == pytest.approx(under.mean(), abs=0.02)
    assert under.mean() - between.mean() == pytest.approx(-6.0, abs=0.1)
    assert report.duck_db == pytest.approx(-6.0, abs=0.01)


def test_speech_stands_out_and_the_whole_is_as_loud_as_asked(speech: list[Placed], music: Path, tmp_path: Path) -> None:
    report = mix_film(tmp_path / "mix.wav", speech, music, duration_s=DURATION_S, settings=FilmSettings())

    mixed = read_audio(tmp_path / "mix.wav")
    measured = measure_loudness(mixed.samples, mixed.rate_hz)
    assert (mixed.rate_hz, mixed.frames) == (MIX_RATE_HZ, round(DURATION_S * MIX_RATE_HZ))
    assert measured.integrated_lufs == pytest.approx(-16.0, abs=0.2)
    assert measured.true_peak_dbtp <= -1.0 + 0.02
    assert report.speech_over_music_lu is not None
    assert report.speech_over_music_lu >= 10


def test_no_sample_of_speech_is_lost_or_moved(speech: list[Placed], tmp_path: Path) -> None:
    settings = FilmSettings(music=Music(source="none"), loudness_lufs=-30.0)

    mix_film(tmp_path / "mix.wav", speech, None, duration_s=DURATION_S, settings=settings)

    mixed = read_audio(tmp_path / "mix.wav").samples[:, 0]
    for placed in speech:
        there = mixed[placed.start : placed.start + 2 * MIX_RATE_HZ]
        original = read_audio(placed.audio).mono()
        wanted = resample(original, RATE_HZ, MIX_RATE_HZ)
        gain = float(there @ wanted / (wanted @ wanted))
        assert 20 * np.log10(np.std(there - gain * wanted) / np.std(there)) < -80
    assert np.abs(mixed[: speech[0].start]).max() < 1e-6


def test_a_silent_film_is_silent(tmp_path: Path) -> None:
    report = mix_film(tmp_path / "mix.wav", [], None, duration_s=2.0, settings=FilmSettings())

    assert not read_audio(tmp_path / "mix.wav").samples.any()
    assert (report.duck_db, report.speech_over_music_lu) == (None, None)


def _silenced(path: Path, folder: Path) -> Path:
    audio = read_audio(path)
    silent = folder / f"silent-{path.name}"
    write_wav(silent, Audio(np.zeros_like(audio.samples), audio.rate_hz))
    return silent


def _power(samples: np.ndarray) -> np.ndarray:
    """Of each whole second's middle half."""
    seconds = samples[: int(DURATION_S) * MIX_RATE_HZ].reshape(int(DURATION_S), MIX_RATE_HZ, 2)
    quarter = MIX_RATE_HZ // 4
    return np.asarray((seconds[:, quarter:-quarter].astype(np.float64) ** 2).mean(axis=(1, 2)))
