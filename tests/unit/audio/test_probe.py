import hashlib
import resource
import struct
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.fixtures.sounds import encode, noise, sine_audio

from soundstage.audio.io import Audio, write_wav
from soundstage.audio.probe import ProbeLimits, ends_early, probe_audio
from soundstage.media.completeness import is_cut_off
from soundstage.media.containers import detect_container
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.models.errors import MediaRejected


def code_of(path: Path, **limits: float) -> str:
    with pytest.raises(MediaRejected) as rejected:
        probe_audio(path, limits=ProbeLimits(**limits))  # type: ignore[arg-type]
    return rejected.value.code


def wav(
    path: Path,
    samples: bytes = bytes(96_000),
    *,
    rate_hz: int = 48_000,
    channels: int = 1,
    data_bytes: int | None = None,
    tag: int = 1,
    bits: int = 16,
) -> Path:
    """A WAV file whose header says what the test wants."""
    block = channels * bits // 8
    fmt = struct.pack("<HHIIHH", tag, channels & 0xFFFF, rate_hz, rate_hz * block & 0xFFFFFFFF, block & 0xFFFF, bits)
    size = len(samples) if data_bytes is None else data_bytes
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", size) + samples
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@pytest.mark.parametrize(
    ("name", "container", "codec", "decoder"),
    [
        ("a.flac", "flac", "flac", "libsndfile"),
        ("a.ogg", "ogg", "vorbis", "libsndfile"),
        ("a.opus", "ogg", "opus", "libsndfile"),
        ("a.mp3", "mp3", "mp3", "libsndfile"),
        ("a.m4a", "mp4", "aac", "ffmpeg"),
        ("a.webm", "webm", "opus", "ffmpeg"),
        ("a.aac", "adts", "aac", "ffmpeg"),
    ],
)
def test_tells_what_a_file_is(tmp_path: Path, name: str, container: str, codec: str, decoder: str) -> None:
    path = encode(sine_audio(seconds=1.5, channels=2), tmp_path / name).rename(tmp_path / "voice memo.txt")
    probe = probe_audio(path)
    assert (probe.container, probe.codec, probe.decoder) == (container, codec, decoder)
    assert (probe.rate_hz, probe.channels) == (48_000, 2)
    assert probe.duration_s == pytest.approx(1.5, abs=0.06)
    assert probe.frames == pytest.approx(probe.duration_s * 48_000)
    assert probe.size_bytes == path.stat().st_size
    assert probe.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_wav_facts(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", Audio(noise(44_100, channels=6), 44_100))
    probe = probe_audio(tmp_path / "a.wav")
    assert (probe.container, probe.codec, probe.frames, probe.channels) == ("wav", "pcm_24", 44_100, 6)


def test_files_that_are_not_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"")
    assert code_of(path) == "FILE_EMPTY"
    for content in (
        b"Once upon a time",
        b"\x89PNG\r\n\x1a\n" + bytes(99),
        b"#EXTM3U\nhttp://localhost/",
        b"RIFF",
        b"\xff",
    ):
        path.write_bytes(content)
        assert code_of(path) == "FORMAT_UNSUPPORTED"


@pytest.mark.parametrize("claimed", [96_001 + 1, 0x7FFFFFF0, 0xFFFFFFF0, 0xFFFFFFFF])
def test_wav_that_claims_more_than_it_has(tmp_path: Path, claimed: int) -> None:
    assert code_of(wav(tmp_path / "a.wav", data_bytes=claimed)) == "HEADER_LIES"


@pytest.mark.parametrize("rate_hz", [0, 1, 7_999, 192_001, 2**31 - 1])
def test_absurd_rates(tmp_path: Path, rate_hz: int) -> None:
    assert code_of(wav(tmp_path / "a.wav", rate_hz=rate_hz)) == "RATE_UNSUPPORTED"


@pytest.mark.parametrize("channels", [9, 1024, 65_535])
def test_absurd_channels(tmp_path: Path, channels: int) -> None:
    assert code_of(wav(tmp_path / "a.wav", channels=channels)) == "CHANNELS_UNSUPPORTED"


def test_no_frames(tmp_path: Path) -> None:
    assert code_of(wav(tmp_path / "a.wav", b"")) == "DURATION_TOO_SHORT"


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_numbers(tmp_path: Path, bad: float) -> None:
    samples = noise(100_000)
    samples[77_777] = bad
    soundfile.write(tmp_path / "a.wav", samples, 48_000, subtype="FLOAT")
    assert code_of(tmp_path / "a.wav") == "NOT_FINITE"


def test_bounds(tmp_path: Path) -> None:
    path = encode(sine_audio(seconds=3.0), tmp_path / "a.m4a")
    assert code_of(path, max_duration_s=2.0) == "DURATION_TOO_LONG"
    assert code_of(path, min_duration_s=4.0) == "DURATION_TOO_SHORT"
    assert code_of(path, max_size_bytes=1_000) == "FILE_TOO_LARGE"
    assert code_of(path, max_decoded_bytes=100_000) == "DECOMPRESSION_BOMB"
    path = encode(sine_audio(seconds=3.0), tmp_path / "a.flac")
    assert code_of(path, max_duration_s=2.0) == "DURATION_TOO_LONG"
    assert code_of(path, timeout_s=-1.0) == "FILE_CORRUPT"


@pytest.mark.parametrize("suffix", ["wav", "flac", "m4a", "webm", "ogg", "opus", "aiff", "au", "w64"])
def test_truncated_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    audio = Audio(noise(96_000), 48_000)
    write_wav(path, audio) if suffix == "wav" else encode(audio, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert code_of(path) in ("HEADER_LIES", "FILE_CORRUPT")


def test_a_live_recording_that_a_browser_was_cut_off_in_is_read_so_far(tmp_path: Path) -> None:
    """Its header says no length (an unknown-sized Segment), as MediaRecorder writes it."""
    path = encode(Audio(noise(96_000), 48_000), tmp_path / "a.webm")
    live = [str(find_ffmpeg()), "-v", "error", "-i", str(path), "-c", "copy", "-f", "webm", "-live", "1", "-"]
    content = subprocess.run(live, check=True, capture_output=True).stdout  # noqa: S603
    path.write_bytes(content)
    assert 1.9 < probe_audio(path).duration_s < 2.1
    path.write_bytes(content[: len(content) // 2])
    assert 0.5 < probe_audio(path).duration_s < 1.5


@pytest.mark.parametrize("suffix", ["ogg", "opus", "webm"])
def test_only_whole_files_of_pages_are_whole(tmp_path: Path, suffix: str) -> None:
    content = encode(Audio(noise(48_000), 48_000), tmp_path / f"a.{suffix}").read_bytes()
    container = detect_container(content)
    assert container is not None
    path = tmp_path / "cut"
    for end in (*range(len(content) - 300, len(content)), len(content) // 3, len(content) // 2):
        path.write_bytes(content[:end])
        pages = suffix != "webm" and content[end:].startswith(b"OggS")
        assert is_cut_off(path, container) is not pages, end
    path.write_bytes(content)
    assert not is_cut_off(path, container)


ID3V1 = b"TAG" + bytes(125)
TAGS = {
    "no tag": b"",
    "ID3v1": ID3V1,
    "APE": b"APETAGEX" + bytes(300) + b"APETAGEX" + bytes(24),
    "Lyrics3": b"LYRICSBEGIN" + 400 * b"x" + b"000411LYRICS200" + ID3V1,
    "picture": b"\xff\xd8\xff\xe0" + np.random.default_rng(1).bytes(60_000),
    "zeros": bytes(3),
}


@pytest.mark.parametrize("encoding", [["-b:a", "128k"], ["-q:a", "2"], ["-b:a", "128k", "-write_xing", "0"]])
@pytest.mark.parametrize("channels", [1, 2])
def test_mp3_that_was_cut_ends_early(tmp_path: Path, encoding: list[str], channels: int) -> None:
    """With Xing's length or without it, wherever it was cut but between two frames; never for a tag at its end."""
    path, source = tmp_path / "a.mp3", tmp_path / "a.wav"
    write_wav(source, Audio(noise(96_000, channels=channels), 48_000))
    files = ["-i", str(source), *encoding, str(path)]
    subprocess.run([str(find_ffmpeg()), "-v", "error", *files], check=True)  # noqa: S603
    content = path.read_bytes()
    for name, tag in TAGS.items():
        path.write_bytes(content + tag)
        assert not ends_early(path), name
    told = 0
    for end in range(len(content) // 2, len(content), 97):
        path.write_bytes(content[:end])
        told += ends_early(path)
    assert told >= 0.99 * len(range(len(content) // 2, len(content), 97))


def test_mp3_that_was_cut_between_frames_ends_early_by_its_first_frame(tmp_path: Path) -> None:
    """The length that Xing's frame states stands behind its flags, that of Fraunhofer's behind its delay."""
    path = encode(sine_audio(seconds=2.0, channels=2), tmp_path / "a.mp3")
    content = path.read_bytes()
    mark = next(content.find(name) for name in (b"Xing", b"Info") if name in content[:4096])
    for stated, early in ((len(content), False), (len(content) + 100, False), (2 * len(content), True)):
        path.write_bytes(content[: mark + 12] + struct.pack(">I", stated) + content[mark + 16 :])
        assert ends_early(path) is early
    frame = content.rfind(b"\xff", 0, mark)
    vbri = b"VBRI" + struct.pack(">HHHI", 1, 0, 0, 2 * len(content))
    path.write_bytes(content[: frame + 36] + vbri + content[frame + 36 + len(vbri) :])
    assert ends_early(path)


@pytest.mark.parametrize("suffix", ["aiff", "au", "w64"])
def test_a_stated_length_of_nothing_or_of_a_pipe_is_no_early_end(tmp_path: Path, suffix: str) -> None:
    path = encode(sine_audio(seconds=1.0), tmp_path / f"a.{suffix}")
    content = path.read_bytes()
    assert not ends_early(path)
    path.write_bytes(content[:-1000])
    assert ends_early(path)
    for open_size in (0, 0xFFFFFFFF) if suffix != "w64" else (0,):
        at, code = {"aiff": (4, ">I"), "au": (8, ">I"), "w64": (16, "<Q")}[suffix]
        path.write_bytes(content[:at] + struct.pack(code, open_size) + content[at + struct.calcsize(code) :])
        assert not ends_early(path)


@pytest.mark.parametrize(
    ("peak", "code"), [(3e38, "SAMPLES_OUT_OF_RANGE"), (-3e38, "SAMPLES_OUT_OF_RANGE"), (2e9, None)]
)
def test_floats_beyond_all_sound(tmp_path: Path, peak: float, code: str | None) -> None:
    samples = np.zeros(24_000, np.float32)
    samples[20_000] = peak
    path = wav(tmp_path / "a.wav", samples.tobytes(), tag=3, bits=32)
    if code is None:
        assert probe_audio(path).frames == 24_000
    else:
        assert code_of(path) == code


def flac_that_claims(path: Path, frames: int) -> Path:
    """Three seconds of FLAC whose STREAMINFO has another number of samples (36 bits at byte 21½)."""
    content = bytearray(encode(sine_audio(seconds=3.0), path).read_bytes())
    content[21:26] = bytes([content[21] & 0xF0 | frames >> 32]) + struct.pack(">I", frames & 0xFFFFFFFF)
    path.write_bytes(content)
    return path


def test_flac_headers(tmp_path: Path) -> None:
    assert code_of(flac_that_claims(tmp_path / "a.flac", 144_001)) in ("HEADER_LIES", "FILE_CORRUPT")
    assert code_of(flac_that_claims(tmp_path / "a.flac", 2**33)) == "DECOMPRESSION_BOMB"
    unknown = flac_that_claims(tmp_path / "a.flac", 0)  # what an encoder that writes to a pipe leaves
    assert probe_audio(unknown).frames == 144_000


def test_decompression_bomb_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    with soundfile.SoundFile(path, "w", 48_000, 8, subtype="PCM_16", format="FLAC") as file:
        for _ in range(60):
            file.write(np.zeros((240_000, 8), np.int16))
    assert path.stat().st_size < 300_000
    before_kib, begun_s = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert code_of(path) == "DECOMPRESSION_BOMB"
    assert time.process_time() - begun_s < 1.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 50 * 1024


def test_chunks_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVE" + b"JUNK\0\0\0\0" * 5_000)
    assert code_of(path) == "FILE_CORRUPT"


def test_another_format_behind_an_id3_tag(tmp_path: Path) -> None:
    flac = encode(sine_audio(), tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.mp3").write_bytes(b"ID3\x04\0\0\0\0\0\0" + flac)
    assert code_of(tmp_path / "a.mp3") in ("FORMAT_UNSUPPORTED", "FILE_CORRUPT")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xf1\x50\x80", "adts"),
        (b"RF64\xff\xff\xff\xffWAVE", "wav"),
        (b"\0\0\0\x18ftypM4A ", "mp4"),
        (b"\xff\xfb\xf0\x64", None),
        (b"\xff\xff\xff\xff", None),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"FORM\0\0\0\0AIFC", "aiff"),
        (b"FORM\0\0\0\0ILBM", None),
        (b"caff\0\1\0\0desc", "caf"),
        (b"#!AMR-WB\n\x24", "amr"),
        (b"#!/bin/sh\n", None),
        (b"", None),
    ],
)
def test_containers_by_their_first_bytes(head: bytes, name: str | None) -> None:
    container = detect_container(head)
    assert (container.name if container else None) == name


def test_video_counts_by_its_sound_track(tmp_path: Path) -> None:
    def film(name: str, *sound: str) -> Path:
        picture = ["-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=1"]
        command = [str(find_ffmpeg()), "-v", "error", "-nostdin", *picture, *sound, str(tmp_path / name)]
        subprocess.run(command, check=True)  # noqa: S603
        return tmp_path / name

    assert code_of(film("mute.mp4")) == "FORMAT_UNSUPPORTED"
    probe = probe_audio(film("film.mp4", "-f", "lavfi", "-i", "sine=440:duration=1:sample_rate=44100"))
    assert (probe.container, probe.codec, probe.rate_hz) == ("mp4", "aac", 44_100)


def test_ffmpeg_is_stopped_in_time(tmp_path: Path) -> None:
    path = encode(sine_audio(seconds=60.0), tmp_path / "a.webm")
    begun_s = time.monotonic()
    assert code_of(path, timeout_s=0.01) == "FILE_CORRUPT"
    assert time.monotonic() - begun_s < 5.0
