"""Videos that people upload: what they are is found in them, and what is none is refused with a code."""

import subprocess
from pathlib import Path

import pytest
from tests.fixtures.sounds import encode, sine_audio

from soundstage.media import videos
from soundstage.media.ffmpeg import find_ffmpeg
from soundstage.media.videos import probe_video
from soundstage.models.errors import MediaRejected


def made(
    path: Path, *, seconds: float = 2, size: str = "160x90", sound: bool = True, flags: str = "+write_colr"
) -> Path:
    """A test picture with a tone, encoded as the suffix of ``path`` says."""
    codecs = {".mp4": ("libx264", "aac"), ".webm": ("libvpx", "libopus")}[path.suffix]
    tone = ("-f", "lavfi", "-i", f"sine=440:d={seconds}") if sound else ()
    more = ("-movflags", flags) if path.suffix == ".mp4" else ()
    command = [
        *(str(find_ffmpeg()), "-v", "error", "-f", "lavfi", "-i", f"testsrc=s={size}:r=25:d={seconds}", *tone),
        *("-c:v", codecs[0], "-pix_fmt", "yuv420p", "-threads", "1", "-c:a", codecs[1], *more, str(path)),
    ]
    subprocess.run(command, check=True)  # noqa: S603
    return path


def code_of(path: Path) -> str:
    with pytest.raises(MediaRejected) as rejected:
        probe_video(path)
    return rejected.value.code


@pytest.mark.parametrize(("name", "codecs"), [("a.mp4", ("h264", "aac")), ("a.webm", ("vp8", "opus"))])
def test_a_video_is_what_is_in_it_whatever_it_is_called(tmp_path: Path, name: str, codecs: tuple[str, str]) -> None:
    path = made(tmp_path / name).rename(tmp_path / "upload.txt")

    probe = probe_video(path)

    assert (probe.video_codec, probe.audio_codec) == codecs
    assert (probe.width, probe.height, probe.frame_rate_hz, probe.video_frames) == (160, 90, 25.0, 50)
    assert probe.duration_s == pytest.approx(2, abs=0.1)
    assert (probe.size_bytes, len(probe.sha256)) == (path.stat().st_size, 64)


def test_a_video_may_be_silent(tmp_path: Path) -> None:
    assert probe_video(made(tmp_path / "a.mp4", sound=False)).audio_codec is None


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    for name in ("a.m4a", "a.webm", "a.flac"):
        assert code_of(encode(sine_audio(seconds=1), tmp_path / name)) == "FORMAT_UNSUPPORTED"


@pytest.mark.parametrize(("name", "flags"), [("a.mp4", "+faststart"), ("a.mp4", "+write_colr"), ("a.webm", "")])
def test_a_video_that_was_cut_off_is_refused(tmp_path: Path, name: str, flags: str) -> None:
    path = made(tmp_path / name, flags=flags)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert code_of(path) in ("FILE_CORRUPT", "FORMAT_UNSUPPORTED")


def test_what_would_take_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a.mp4")
    monkeypatch.setattr(videos, "MAX_PIXELS", 100 * 90)
    assert code_of(path) == "DECOMPRESSION_BOMB"
    monkeypatch.undo()
    monkeypatch.setattr(videos, "MAX_DURATION_S", 0.5)
    assert code_of(path) == "DURATION_TOO_LONG"
    (tmp_path / "b.mp4").write_bytes(b"")
    assert code_of(tmp_path / "b.mp4") == "FILE_EMPTY"


def test_a_playlist_in_a_video_reads_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    assert code_of(path) == "FORMAT_UNSUPPORTED"
