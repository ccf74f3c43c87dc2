"""Pictures as encoders want them: the standard's own colours, and sheets that may stick out on any side."""

import numpy as np
import pytest

from soundstage.media.yuv import WHOLE, Planes, lay, planes_of, rgb_of, sheet_of


# ITU-R BT.709-6 §3 and §4, quantised to 8 bits.
@pytest.mark.parametrize(
    ("rgb", "ycc"),
    [
        ((0, 0, 0), (16, 128, 128)),
        ((1, 1, 1), (235, 128, 128)),
        ((1, 0, 0), (63, 102, 240)),
        ((0, 1, 0), (173, 42, 26)),
        ((0, 0, 1), (32, 240, 118)),
    ],
)
def test_colours_are_those_of_the_standard(rgb: tuple[int, ...], ycc: tuple[int, ...]) -> None:
    picture = np.broadcast_to(np.array(rgb, dtype=np.float32), (4, 6, 3))
    y, c = planes_of(picture)
    assert (y.shape, c.shape) == ((4, 6), (2, 2, 3))
    assert [int(plane.min()) for plane in (y, *c)] == [int(plane.max()) for plane in (y, *c)] == list(ycc)
    assert np.abs(rgb_of((y, c)).astype(int) - 255 * np.array(rgb)).max() <= 3


@pytest.mark.parametrize("top", [-40, -6, 0, 10, 28, 60])
@pytest.mark.parametrize("left", [-60, -4, 0, 20, 44, 100])
def test_what_sticks_out_is_left_out(top: int, left: int) -> None:
    rng = np.random.default_rng(1)
    height, width = 32, 48
    alpha = rng.random((20, 24)).astype(np.float32)
    rgb = rng.random((20, 24, 3)).astype(np.float32) * alpha[..., None]
    # On a frame so large that nothing sticks out, and then cut.
    roomy, snug = grey(height + 200, width + 200), grey(height, width)
    lay(roomy, sheet_of(rgb, alpha), top=top + 100, left=left + 100)
    lay(snug, sheet_of(rgb, alpha), top=top, left=left)
    assert np.array_equal(snug[0], roomy[0][100 : 100 + height, 100 : 100 + width])
    assert np.array_equal(snug[1], roomy[1][:, 50 : 50 + height // 2, 50 : 50 + width // 2])


def test_a_share_is_as_much_of_the_sheet() -> None:
    white = sheet_of(np.ones((4, 8, 3), dtype=np.float32), np.ones((4, 8), dtype=np.float32))
    frame = grey(4, 8)
    lay(frame, white, top=0, left=0, share=np.linspace(0, WHOLE, 8).astype(np.uint16))
    assert frame[0][0].tolist() == sorted(frame[0][0].tolist())
    assert (frame[0][0][0], frame[0][0][-1]) == (60, 235)


def grey(height: int, width: int) -> Planes:
    return np.full((height, width), 60, np.uint8), np.full((2, height // 2, width // 2), 128, np.uint8)
