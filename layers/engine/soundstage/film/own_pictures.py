"""A person's own pictures in place of painted ones: photographs, scans, a child's drawings. Never stretched.

What fits the frame with little loss is cut around what it shows. What does not is laid as a print on a blurred
enlargement of itself, whole: no bars, and no head cut off.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from soundstage.arrays import Floats32
from soundstage.film.compositing import OVERSIZE
from soundstage.film.own_files import OwnSource
from soundstage.film.painting.layers import encoded, written
from soundstage.film.ports import Painter
from soundstage.media.images import FORMATS, check_pixels
from soundstage.models.errors import InvalidInput, MediaRejected
from soundstage.models.film import FRAME_SIZES, FilmSettings, Picture
from soundstage.models.story import PartId, Shot, Storyboard

VERSION = 1


@dataclass(frozen=True)
class FilesOf:
    """A kind of file that people bring in a folder: what it is called, and its names' endings."""

    what: str
    suffixes: tuple[str, ...]


PICTURES = FilesOf("picture", (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"))
RECORDINGS = FilesOf(
    "recording",
    (".wav", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".opus", ".webm", ".aiff", ".aif", ".caf", ".amr", ".wma"),
)
HEIC = frozenset({".heic", ".heif", ".hif"})
MOST_CUT = 0.4
"""Share of a picture that may be cut away to fill the frame."""
PRINT_SIDE, PRINT_BORDER = 0.86, 0.018
"""Of a print that is laid on its own enlargement: its share of the frame, and of the frame its white border."""
PRINT_DEPTH = 0.55
DIM = 0.55
"""How bright the enlargement behind a print is."""
Bytes = NDArray[np.uint8]


def assigned(folder: Path, storyboard: Storyboard, kind: FilesOf = PICTURES) -> dict[PartId, OwnSource]:
    """Files of a folder by shot. A name that begins with a shot's id or number (``s3.png``, ``03 forest.jpg``) is for
    that shot; the others are taken in order for the shots that are left.

    Raises:
        InvalidInput: there is no folder, no such file in it, or two for one shot.
    """
    if not folder.is_dir():
        raise InvalidInput(f"{folder.name}: there is no such folder of {kind.what}s.")
    files = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in kind.suffixes and not path.name.startswith(".")
    )
    heic = sorted(path for path in folder.iterdir() if path.suffix.lower() in HEIC)
    if heic and kind is PICTURES:
        raise InvalidInput(
            f"{heic[0].name}: HEIC is not read. Save it as JPEG or PNG: any picture viewer exports it, and on an "
            "iPhone Settings, Camera, Formats, Most Compatible takes JPEG from the start."
        )
    if not files:
        raise InvalidInput(f"{folder.name}: there is no {kind.what} in this folder ({', '.join(kind.suffixes)}).")
    ids = [shot.id for shot in storyboard.shots]
    found: dict[PartId, Path] = {}
    unnamed = []
    for path in files:
        named = _named(path.stem, ids)
        if named is None:
            unnamed.append(path)
        elif named in found:
            raise InvalidInput(f"{path.name} and {found[named].name} are both for shot {named}.")
        else:
            found[named] = path
    found.update(zip((id_ for id_ in ids if id_ not in found), unnamed, strict=False))
    return {id_: OwnSource.of(path) for id_, path in found.items()}


class OwnPictures:
    """``soundstage.film.ports.Painter`` for the shots that a person has pictures of; another paints the rest."""

    def __init__(self, files: Mapping[PartId, OwnSource], others: Painter) -> None:
        self._files, self._others = files, others

    def fingerprint(self, shot: Shot) -> str:
        if shot.id not in self._files:
            return self._others.fingerprint(shot)
        return f"own pictures {VERSION} {self._files[shot.id].content}"

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:
        if shot.id in self._files:
            return ""
        return self._others.layout(storyboard, shot, settings, previous_layout=previous_layout)

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        """Raises InvalidInput for a file that is no picture, and what fetching it raises."""
        if shot.id in self._files:
            return fitted_picture(self._files[shot.id].fetch(), shot.id, settings, folder)
        return self._others.paint(storyboard, shot, settings, folder, previous_layout=previous_layout)


def fitted_picture(path: Path, stem: str, settings: FilmSettings, folder: Path) -> Picture:
    """A picture file as layers of the film's aspect. Raises InvalidInput for a file that is no picture."""
    image = _read(path)
    wide, high = (2 * round(side * OVERSIZE / 2) for side in FRAME_SIZES[settings.aspect, settings.quality])
    kept = min(
        1.0, (image.shape[1] / image.shape[0]) / (wide / high), (wide / high) / (image.shape[1] / image.shape[0])
    )
    folder.mkdir(parents=True, exist_ok=True)
    if kept >= 1 - MOST_CUT:
        cut, focus = _cut(image, wide / high)
        layers = [encoded("picture", _opaque(_resized(cut, wide, high)), 0.3, "none")]
        layout = "own picture"
    else:
        focus = (0.5, 0.5)
        layers = [encoded("behind", _opaque(_behind(image, wide, high)), 0.0, "none")]
        layers.append(encoded("print", _print(image, wide, high), PRINT_DEPTH, "none"))
        layout = "own picture, as a print"
    return Picture(
        width=wide,
        height=high,
        layers=[written(layer, f"{stem}-{number}", folder) for number, layer in enumerate(layers)],
        provider="own",
        layout=layout,
        focus=focus,
    )


def _named(stem: str, ids: Sequence[PartId]) -> PartId | None:
    for id_ in ids:
        if re.match(rf"{id_}(?![0-9a-z])", stem.lower()):
            return id_
    number = re.match(r"(?:shot|scene|page|镜头|图)?[ _-]*0*(\d+)", stem.lower())
    if number and 1 <= int(number[1]) <= len(ids):
        return ids[int(number[1]) - 1]
    return None


def read_picture(path: Path) -> Image.Image:
    """A picture file, R'G'B'A, upright (EXIF). Raises InvalidInput for one that is none."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            check_pixels(image)
            return ImageOps.exif_transpose(image).convert("RGBA")
    except MediaRejected as error:
        raise InvalidInput(f"{path.name}: {error.message}") from error
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise InvalidInput(f"{path.name}: this is not a picture that can be read.") from error


def _read(path: Path) -> Bytes:
    """R'G'B' [h, w, 3], on white where it is transparent."""
    upright = read_picture(path)
    if upright.getchannel("A").getextrema() == (255, 255):
        return np.asarray(upright.convert("RGB"))
    white = Image.new("RGBA", upright.size, (255, 255, 255, 255))
    return np.asarray(Image.alpha_composite(white, upright).convert("RGB"))


def _cut(image: Bytes, aspect: float) -> tuple[Bytes, tuple[float, float]]:
    """Cut to the aspect where most is to be seen, and the place of most interest in what is left."""
    high, wide = image.shape[:2]
    interest = _interest(image)
    if wide / high > aspect:
        keep, along = round(high * aspect), interest.sum(axis=0)
    else:
        keep, along = round(wide / aspect), interest.sum(axis=1)
    size = wide if wide / high > aspect else high
    window = max(1, round(len(along) * keep / size))
    sums = np.convolve(along, np.ones(window), mode="valid")
    # Of places that are as good, the one nearest to the middle; faces are rather above it.
    centre = (len(sums) - 1) * (0.5 if wide / high > aspect else 0.4)
    score = sums / max(float(sums.max()), 1e-9) - 0.1 * np.abs(np.arange(len(sums)) - centre) / max(len(sums), 1)
    first = round(float(np.argmax(score)) / max(len(sums) - 1, 1) * (size - keep))
    part = image[:, first : first + keep] if wide / high > aspect else image[first : first + keep]
    left = _interest(part)
    rows, columns = np.indices(left.shape)
    total = max(float(left.sum()), 1e-9)
    focus = (float((columns * left).sum()) / total / left.shape[1], float((rows * left).sum()) / total / left.shape[0])
    return part, focus


def _interest(image: Bytes) -> Floats32:
    """Where there is detail and where there is skin, on a small grid: what a viewer would miss if it were cut."""
    scale = 160 / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ycc = cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb).astype(np.float32)
    detail = np.hypot(cv2.Sobel(ycc[..., 0], cv2.CV_32F, 1, 0), cv2.Sobel(ycc[..., 0], cv2.CV_32F, 0, 1))
    detail = cv2.GaussianBlur(detail, (0, 0), 4)
    # Skin of all people lies in one range of chroma (D. Chai and K. Ngan, 1999): Cr 133–173, Cb 77–127.
    skin = (np.abs(ycc[..., 1] - 153) < 20) & (np.abs(ycc[..., 2] - 102) < 25)
    skin_share = cv2.GaussianBlur(skin.astype(np.float32), (0, 0), 4)
    return np.asarray(detail / max(float(detail.max()), 1e-6) + skin_share + 0.02, np.float32)


def _resized(image: Bytes, wide: int, high: int) -> Bytes:
    shrinks = wide < image.shape[1]
    return np.asarray(
        cv2.resize(image, (wide, high), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC), np.uint8
    )


def _behind(image: Bytes, wide: int, high: int) -> Bytes:
    """The picture over the whole frame, blurred and darker."""
    part, _ = _cut(image, wide / high)
    blurred = cv2.GaussianBlur(_resized(part, wide, high), (0, 0), 0.03 * min(wide, high))
    return np.asarray(blurred * np.float32(DIM), np.uint8)


def _print(image: Bytes, wide: int, high: int) -> Bytes:
    """The whole picture with a white border and its shadow, on nothing [h, w, 4]."""
    border = round(PRINT_BORDER * min(wide, high))
    scale = min(PRINT_SIDE * wide / image.shape[1], PRINT_SIDE * high / image.shape[0])
    inner = _resized(image, max(1, round(scale * image.shape[1])), max(1, round(scale * image.shape[0])))
    framed = cv2.copyMakeBorder(inner, border, border, border, border, cv2.BORDER_CONSTANT, value=(250, 248, 242))
    top, left = (high - framed.shape[0]) // 2, (wide - framed.shape[1]) // 2
    alpha = np.zeros((high, wide), np.float32)
    alpha[top : top + framed.shape[0], left : left + framed.shape[1]] = 255
    shadow = 0.6 * cv2.GaussianBlur(alpha, (0, 0), 1.5 * border)
    rgba = np.zeros((high, wide, 4), np.uint8)
    rgba[..., 3] = np.maximum(alpha, shadow)
    rgba[top : top + framed.shape[0], left : left + framed.shape[1], :3] = framed
    return rgba


def _opaque(rgb: Bytes) -> Bytes:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
