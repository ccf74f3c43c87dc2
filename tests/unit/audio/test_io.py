from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.sounds import encode, noise, sine_audio

from soundstage.audio.io import Audio, AudioReader, read_audio, write_wav
from soundstage.models.errors import MediaRejected


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_wav_comes_back_as_written(tmp_path: Path, subtype: str) -> None:
    written = Audio(noise(4_801, channels=3), 44_100)
    write_wav(tmp_path / "a.wav", written, subtype)
    read = read_audio(tmp_path / "a.wav")
    lsb = {"PCM_16": 2.0**-15, "PCM_24": 2.0**-23, "FLOAT": 0.0}[subtype]
    assert read.rate_hz == 44_100
    assert read.samples.shape == written.samples.shape
    assert np.abs(read.samples - written.samples).max() <= 2 * lsb


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_the_same_audio_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, subtype: str) -> None:
    audio = sine_audio()
    write_wav(tmp_path / "a.wav", audio, subtype)
    first = (tmp_path / "a.wav").read_bytes()
    peak = first.find(b"PEAK", 0, 256)
    assert peak < 0 or first[peak + 12 : peak + 16] == bytes(4)
    write_wav(tmp_path / "b.wav", audio, subtype)
    assert (tmp_path / "b.wav").read_bytes() == first


def test_dither_turns_rounding_into_noise(tmp_path: Path) -> None:
    quiet = Audio(np.full((48_000, 1), 0.3 * 2.0**-15, np.float32), 48_000)
    write_wav(tmp_path / "a.wav", quiet, "PCM_16")
    assert read_audio(tmp_path / "a.wav").samples.mean() == pytest.approx(0.3 * 2.0**-15, rel=0.05)


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="finite"):
        write_wav(tmp_path / "a.wav", Audio(np.array([0.0, np.nan], np.float32), 48_000))
    with pytest.raises(ValueError, match="subtype"):
        write_wav(tmp_path / "a.wav", sine_audio(), "PCM_7")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "kind", ["m4a", "webm", "aac", "mp3", "opus", "ogg", "flac", "aiff", "caf", "w64", "au", "wma", "ac3"]
)
def test_reads_what_phones_and_browsers_record(tmp_path: Path, kind: str) -> None:
    original = sine_audio(seconds=2.0, channels=2)
    path = encode(original, tmp_path / f"a.{kind}")
    read = read_audio(path)
    assert read.channels == 2
    assert read.duration_s == pytest.approx(2.0, abs=0.06)
    assert read.samples.std() == pytest.approx(original.samples.std(), rel=0.05)


@pytest.mark.parametrize("kind", ["flac", "mp3", "ogg", "opus", "m4a"])
@pytest.mark.parametrize("skipped", [1, 50_001, 10**7])
def test_reading_may_begin_anywhere(tmp_path: Path, kind: str, skipped: int) -> None:
    path = encode(Audio(noise(100_000, channels=2) * 0.2, 48_000), tmp_path / f"a.{kind}")
    with AudioReader(path, block_frames=16_384) as reader:
        reader.skip(skipped)
        rest = [block.copy() for block in reader.blocks()]
    late = np.concatenate(rest) if rest else np.zeros((0, 2), np.float32)
    assert np.array_equal(late, read_audio(path).samples[skipped:])


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    encode(sine_audio(), tmp_path / "a.m4a").rename(tmp_path / "a.wav")
    with AudioReader(tmp_path / "a.wav") as reader:
        assert (reader.container.name, reader.codec, reader.rate_hz) == ("mp4", "aac", 48_000)


def test_blocks_make_the_whole(tmp_path: Path) -> None:
    audio = Audio(noise(10_007, channels=2), 48_000)
    write_wav(tmp_path / "a.wav", audio, "FLOAT")
    with AudioReader(tmp_path / "a.wav", block_frames=1_000) as reader:
        blocks = list(reader.blocks())
    assert [len(block) for block in blocks] == [1_000] * 10 + [7]
    assert np.array_equal(np.concatenate(blocks), audio.samples)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "FILE_EMPTY"), (b"hello, world", "FORMAT_UNSUPPORTED"), (b"fLaC" + bytes(60), "FILE_CORRUPT")],
)
def test_refuses_what_is_not_sound(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(MediaRejected) as rejected:
        read_audio(tmp_path / "a.wav")
    assert rejected.value.code == code


def test_refuses_nan(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.0, np.nan, 0.0], np.float32), 48_000, subtype="FLOAT")
    with pytest.raises(MediaRejected) as rejected:
        read_audio(tmp_path / "a.wav")
    assert rejected.value.code == "NOT_FINITE"
