"""Frames of layers: the compiled loops and OpenCV agree, and neither lets the camera jump."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from soundstage.compiled import frames as compiled
from soundstage.film import compositing
from soundstage.film.camera import view
from soundstage.film.compositing import compose, load_layers
from soundstage.media.yuv import Planes
from soundstage.models.film import LayerFile, Picture

SIZE = (320, 180)
needs_loops = pytest.mark.skipif(compiled.frames() is None, reason="no compiled loops on this machine")


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, Path]:
    """A ground, and layers with soft edges: in a corner, a bright one in the middle, snow, and an opaque foot."""
    folder = tmp_path_factory.mktemp("picture")
    y, x = np.mgrid[0:234, 0:416].astype(np.float32)
    waves = 128 + 60 * np.sin(x / 23) + 50 * np.cos(y / 17)

    def blob(centre_x: float, centre_y: float, reach: float) -> np.ndarray:
        return np.asarray(255 * np.exp(-((x - centre_x) ** 2 + (y - centre_y) ** 2) / reach**2))

    opacities = {
        "ground": np.full_like(x, 255),
        "corner": blob(0, 0, 40),
        "glow": blob(208, 117, 60),
        "snow": 90 * (np.sin(x / 6) * np.sin(y / 7) > 0.9),
        "sway": blob(300, 200, 30).clip(0, 120) * 2,
        "foot": 255 * (y > 180),
    }
    layers = []
    for number, (name, alpha) in enumerate(opacities.items()):
        rgba = np.dstack([waves, np.roll(waves, 40, 1), np.roll(waves, 9, 0), alpha]).clip(0, 255).astype(np.uint8)
        Image.fromarray(rgba).save(folder / f"{name}.png")
        motion = name if name in ("glow", "snow", "sway") else "none"
        layers.append(
            LayerFile.model_validate({"file": f"{name}.png", "sha256": name, "depth": number / 6, "motion": motion})
        )
    return Picture(width=416, height=234, layers=layers, provider="test"), folder


def composed(picture: tuple[Picture, Path], time_s: float, *, with_loops: bool) -> Planes:
    with pytest.MonkeyPatch.context() as patch:
        compositing._loading.cache_clear()
        if not with_loops:
            patch.setattr(compositing, "frames", lambda: None)
        layers = load_layers(*picture, SIZE)
        return compose(layers, view("push_in", time_s / 4), SIZE, (0.4, 0.6), time_s)


@needs_loops
@pytest.mark.parametrize("time_s", [0.0, 1.37, 4.2])
def test_the_loops_and_opencv_agree(picture: tuple[Picture, Path], time_s: float) -> None:
    fast, slow = (composed(picture, time_s, with_loops=with_loops) for with_loops in (True, False))

    for one, other in zip(fast, slow, strict=True):
        away = np.abs(one.astype(int) - other)
        # OpenCV takes weights of 1/32 of a pixel: at edges that makes a few levels.
        assert away.mean() < 0.6
        assert np.percentile(away, 99) <= 3


@needs_loops
def test_a_frame_does_not_depend_on_what_was_composed_before(picture: tuple[Picture, Path]) -> None:
    first = composed(picture, 1.0, with_loops=True)
    composed(picture, 2.0, with_loops=True)

    again = composed(picture, 1.0, with_loops=True)

    assert all((one == other).all() for one, other in zip(first, again, strict=True))


@needs_loops
def test_what_there_is_no_room_for_is_refused(picture: tuple[Picture, Path]) -> None:
    loops = compiled.frames()
    assert loops is not None
    pixels = np.zeros((4, 4, 4), np.uint8)
    layer = compiled.Placed(pixels, loops.survey(pixels), np.array([[9.0, 0, 0], [0, 9.0, 0]]), 256, False)

    with pytest.raises(ValueError, match="steps"):
        loops.compose([layer], (16, 16))
    with pytest.raises(ValueError, match="0 layers"):
        loops.compose([], (16, 16))
