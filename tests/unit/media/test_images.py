"""Pictures that people upload: what they are is found in them, and what is none is refused with a code."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from soundstage.media import images
from soundstage.media.images import probe_image
from soundstage.models.errors import MediaRejected


def saved(path: Path, size: tuple[int, int] = (64, 40), **more: Any) -> Path:
    Image.new("RGB", size, (200, 90, 30)).save(path, **more)
    return path


@pytest.mark.parametrize(
    ("name", "format_"), [("a.png", "png"), ("a.jpg", "jpeg"), ("a.webp", "webp"), ("a.gif", "gif"), ("a.tiff", "tiff")]
)
def test_a_picture_is_what_is_in_it_whatever_it_is_called(tmp_path: Path, name: str, format_: str) -> None:
    path = saved(tmp_path / name).rename(tmp_path / "upload.bin")

    probe = probe_image(path)

    assert (probe.format, probe.width, probe.height) == (format_, 64, 40)
    assert (probe.size_bytes, len(probe.sha256)) == (path.stat().st_size, 64)


def test_a_photograph_taken_upright_is_high(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[images.ORIENTATION] = 6
    assert probe_image(saved(tmp_path / "a.jpg", exif=exif)).height == 64


def cut_off(path: Path) -> None:
    path.write_bytes(saved(path, (640, 480)).read_bytes()[:900])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.write_bytes(b""), "FILE_EMPTY"),
        (lambda path: path.write_bytes(b"RIFF0000WAVEfmt "), "FORMAT_UNSUPPORTED"),
        (lambda path: path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n"), "FORMAT_UNSUPPORTED"),
        (lambda path: path.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "FORMAT_UNSUPPORTED"),
        (cut_off, "FILE_CORRUPT"),
        (lambda path: saved(path, (15, 400)), "PICTURE_TOO_SMALL"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, make: Callable[[Path], object], code: str) -> None:
    make(tmp_path / "a.png")
    with pytest.raises(MediaRejected) as refused:
        probe_image(tmp_path / "a.png")
    assert refused.value.code == code


@pytest.mark.parametrize("side", [20_000, 65_500])
def test_a_picture_of_too_many_pixels_is_not_decoded(tmp_path: Path, side: int) -> None:
    header = b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, *[0] * 6)
    (tmp_path / "a.bmp").write_bytes(header)
    with pytest.raises(MediaRejected) as refused:
        probe_image(tmp_path / "a.bmp")
    assert refused.value.code == "DECOMPRESSION_BOMB"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 10)
    with pytest.raises(MediaRejected, match="larger"):
        probe_image(saved(tmp_path / "a.png"))
