"""Recordings that are not read from beginning to end, or not from a file."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.sounds import encode, noise

from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.streams import FileReader, FileWriter, StreamReader, as_wav
from soundstage.models.errors import MediaRejected

RATE_HZ = 44_100


class Broken(io.BytesIO):
    """Fails after so many bytes, as a connection may."""

    def __init__(self, content: bytes, *, good_bytes: int) -> None:
        super().__init__(content)
        self.good_bytes = good_bytes

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self.good_bytes:
            raise ConnectionError("gone")
        return super().read(size)


class Counting(io.BytesIO):
    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.bytes_read += len(found)
        return found


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    write_wav(tmp_path / "noise.wav", Audio(noise(300_000, channels=2), RATE_HZ))
    return tmp_path / "noise.wav"


@pytest.mark.parametrize("start", [0, 100_001, 400_000])
def test_a_stream_is_read_like_a_file(wav: Path, start: int) -> None:
    with wav.open("rb") as stream:
        reader = StreamReader(stream)
        parts = [np.zeros((0, 2), np.float32), *reader.blocks(start)]
    assert (reader.rate_hz, reader.channels, reader.frames) == (RATE_HZ, 2, 300_000)
    assert np.array_equal(np.concatenate(parts), read_audio(wav).samples[start:])


def test_what_comes_before_is_not_read(wav: Path) -> None:
    stream = Counting(wav.read_bytes())
    (block,) = StreamReader(stream).blocks(295_000)
    assert len(block) == 5_000
    assert stream.bytes_read < 5_000 * 6 + 20_000


@pytest.mark.parametrize("good_bytes", [0, 600_000])
def test_a_stream_that_breaks_is_no_short_recording(wav: Path, good_bytes: int) -> None:
    """libsndfile takes an exception for the end of the file."""
    stream = Broken(wav.read_bytes(), good_bytes=good_bytes)
    with pytest.raises(ConnectionError):
        list(StreamReader(stream).blocks())


def test_a_stream_of_something_else_is_rejected() -> None:
    with pytest.raises(MediaRejected, match="damaged"):
        StreamReader(io.BytesIO(b"do re mi " * 100))


@pytest.mark.usefixtures("loops")
@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_24_bits_come_out_as_they_went_in(tmp_path: Path, suffix: str) -> None:
    whole = np.random.default_rng(0).integers(-(2**23), 2**23, (10_000, 2)).astype(np.int32) << 8
    soundfile.write(tmp_path / "in.wav", whole, RATE_HZ, subtype="PCM_24")
    with FileWriter(tmp_path / f"out{suffix}") as writer:
        writer.begin(RATE_HZ, 2)
        for block in FileReader(tmp_path / "in.wav").blocks():
            writer.write(block)
        writer.end()
    assert np.array_equal(soundfile.read(tmp_path / f"out{suffix}", dtype="int32")[0], whole)


@pytest.mark.parametrize("kind", ["flac", "mp3", "m4a"])
def test_any_recording_as_wav(wav: Path, tmp_path: Path, kind: str) -> None:
    coded = encode(read_audio(wav), tmp_path / f"coded.{kind}")

    decoded = as_wav(coded, tmp_path / "decoded.wav")

    assert decoded == tmp_path / "decoded.wav"
    assert np.array_equal(read_audio(decoded).samples, read_audio(coded).samples)
    assert FileReader(decoded).frames == read_audio(coded).frames
    assert as_wav(wav, tmp_path / "other.wav") == wav
    assert not (tmp_path / "other.wav").exists()
