"""M4A as phones want it: begins at once, as long as the sound, and the same sound."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.films import starts_at_once, streams

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.media.encode import EncodingFailed, encode_m4a, encode_m4a_beside, mp4_writer

RATE_HZ = 44_100


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    time = np.arange(round(2.5 * RATE_HZ)) / RATE_HZ
    chirp = 0.4 * np.sin(2 * np.pi * (200 * time + 300 * time**2))
    path = tmp_path / "sound.wav"
    write_wav(path, Audio(np.stack([chirp, -0.5 * chirp], axis=1).astype(np.float32), RATE_HZ))
    return path


def test_a_preview_is_the_song(sound: Path, tmp_path: Path) -> None:
    encode_m4a(sound, tmp_path / "a.m4a", title="Für Elise – 呼吸")
    assert starts_at_once(tmp_path / "a.m4a")
    assert [stream.codec for stream in streams(tmp_path / "a.m4a")] == ["mp4a"]
    song, heard = read_audio(sound), read_audio(tmp_path / "a.m4a")
    assert (heard.rate_hz, heard.channels) == (RATE_HZ, 2)
    assert heard.duration_s == pytest.approx(song.duration_s, abs=1024 / RATE_HZ)
    frames = min(heard.frames, song.frames)
    error = heard.samples[:frames] - song.samples[:frames]  # not a sample late
    assert np.sqrt((error[2048:-2048] ** 2).mean()) < 0.05 * np.sqrt((song.samples**2).mean())


def test_the_same_sound_is_the_same_file(sound: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        encode_m4a(sound, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_is_no_sound_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not a recording")
    with pytest.raises(EncodingFailed):
        encode_m4a(tmp_path / "text.wav", tmp_path / "a.m4a")
    with pytest.raises(EncodingFailed):
        black_film(tmp_path / "a.mp4", tmp_path / "text.wav")
    assert [path.name for path in tmp_path.iterdir()] == ["text.wav"]


@pytest.mark.parametrize(("samples", "encoded"), [(0.1, True), (np.nan, False)])
def test_beside_other_work_what_cannot_be_encoded_is_done_without(
    tmp_path: Path, samples: float, encoded: bool, caplog: pytest.LogCaptureFixture
) -> None:
    soundfile.write(tmp_path / "a.wav", np.full((RATE_HZ, 2), samples, np.float32), RATE_HZ, "FLOAT")
    with encode_m4a_beside(tmp_path / "a.wav", tmp_path / "a.m4a"):
        pass
    assert (tmp_path / "a.m4a").exists() == encoded
    assert ("encoding failed" in caplog.text) != encoded


def black_film(path: Path, sound: Path) -> None:
    """Longer than what a pipe holds."""
    frame = (np.zeros((64, 64), dtype=np.uint8), np.zeros((2, 32, 32), dtype=np.uint8))
    with mp4_writer(path, sound, width=64, height=64, frames_per_s=30) as write:
        for _ in range(100):
            write(frame)
