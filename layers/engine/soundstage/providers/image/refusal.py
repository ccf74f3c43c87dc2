"""Pictures that say no: what services do not want to paint they answer with a black, grey or blurred one."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from soundstage.providers.errors import Failed, Refused

MAX_PIXELS = 40_000_000
SMALL = 512
"""Pixels of the longer side at which a picture is looked at."""
FLAT_DEVIATION = 3.0
"""Of each of R′G′B′, 0 to 255: less is one colour. Our paintings have 24 and more."""
BLUR_GRADIENT = 5.0
"""Steps of luma a pixel that all but a thousandth of a picture stay below when it has no edge anywhere. Our paintings
of fog, snow and empty skies have 25 to 62; one blurred by a fiftieth of its width has 4.5, by a twentieth 2.5."""


def check_picture(path: Path, who: str) -> None:
    """Raises Failed for a file that is no picture, Refused for one of a single colour or without any edge."""
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Failed(f"{who} sent a picture that is larger than anybody can use.")
            image.draft("RGB", (SMALL, SMALL))
            rgb = image.convert("RGB")
            rgb.thumbnail((SMALL, SMALL), Image.Resampling.BOX)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise Failed(f"{who} sent something that is no picture.") from error
    luma = cv2.cvtColor(np.asarray(rgb), cv2.COLOR_RGB2GRAY).astype(np.float32)
    colours = np.asarray(rgb, np.float32).reshape(-1, 3).std(axis=0)
    if float(colours.max()) < FLAT_DEVIATION:
        raise Refused(f"{who} sent a picture of one colour, which is how it refuses to paint something.")
    gradient = np.hypot(cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=1 / 8))
    if float(np.quantile(gradient, 0.999)) < BLUR_GRADIENT:
        raise Refused(f"{who} sent a picture blurred beyond recognition, which is how it refuses to paint something.")
