"""What a picture file really is, found out before anything else reads it: bounded, and decoded once."""

import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from soundstage.media.files import sha256_of
from soundstage.models.assets import ImageProbe
from soundstage.models.errors import MediaRejected

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""Those whose decoders do nothing but decode: Pillow runs other programs for some."""
MAX_BYTES = 64 << 20
MAX_PIXELS = 120_000_000
"""More is a decompression bomb or a mistake: no camera makes it."""
MIN_SIDE = 16
"""Pixels: less shows nothing."""
ORIENTATION = 0x0112
"""EXIF 2.32: how the camera was held; from 5 on it lay on its side."""


def probe_image(path: Path) -> ImageProbe:
    """Facts of a picture that is fit to be shown.

    Raises:
        MediaRejected: FILE_EMPTY, FILE_TOO_LARGE, FORMAT_UNSUPPORTED, FILE_CORRUPT, PICTURE_TOO_SMALL or
            DECOMPRESSION_BOMB.
    """
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise MediaRejected("FILE_EMPTY")
    if size_bytes > MAX_BYTES:
        raise MediaRejected("FILE_TOO_LARGE", detail={"max_size_bytes": MAX_BYTES})
    try:
        with warnings.catch_warnings():
            # Pillow warns of what it takes for a bomb; our own limit is higher, and it refuses.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(path, formats=FORMATS)
        with image:
            check_pixels(image)
            image.load()
            sideways = image.getexif().get(ORIENTATION, 1) >= 5
            size = image.size[::-1] if sideways else image.size
            kind = (image.format or "").lower()
    except UnidentifiedImageError as error:
        raise MediaRejected("FORMAT_UNSUPPORTED", "This is not a kind of picture that we can read.") from error
    except Image.DecompressionBombError as error:
        raise _bomb() from error
    except (OSError, SyntaxError, ValueError, TypeError) as error:
        raise MediaRejected("FILE_CORRUPT") from error
    return ImageProbe(format=kind, width=size[0], height=size[1], size_bytes=size_bytes, sha256=sha256_of(path))


def check_pixels(image: Image.Image) -> None:
    """Of a picture that is open and not decoded yet. Raises MediaRejected."""
    if image.width * image.height > MAX_PIXELS:
        raise _bomb()
    if min(image.size) < MIN_SIDE:
        raise MediaRejected("PICTURE_TOO_SMALL", detail={"width": image.width, "height": image.height})


def _bomb() -> MediaRejected:
    return MediaRejected("DECOMPRESSION_BOMB", f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.")
