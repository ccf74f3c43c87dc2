"""How a kite is held: in the wind on its string beside the head, else under the arm."""

from typing import Any

import numpy as np
import pytest

from soundstage.film.painting.things import draw_held

HAND, SCALE = (100.0, 200.0), 100.0


class Recording:
    """Where a pen would have drawn: the middle of every shape and every line, pixels."""

    def __init__(self) -> None:
        self.shapes: list[Any] = []
        self.lines: list[Any] = []

    def fill(self, shape: Any, *_: Any, **__: Any) -> None:
        self.shapes.append(np.asarray(shape).mean(axis=0))

    def line(self, points: Any, *_: Any, **__: Any) -> None:
        self.lines.append(np.asarray(points))


@pytest.mark.parametrize(("front", "behind", "side"), [(1, False, 1), (-1, False, -1), (1, True, -1)])
def test_in_the_wind_it_flies_beside_the_head_on_a_string_from_the_hand(front: int, behind: bool, side: int) -> None:
    pen: Any = Recording()
    draw_held(pen, "kite", HAND, SCALE, front, windy=True, behind=behind)
    x, y = pen.shapes[0]
    assert side * (x - HAND[0]) > 0.4 * SCALE
    assert y < HAND[1] - 0.5 * SCALE
    assert tuple(pen.lines[0][0]) == HAND


def test_without_wind_it_is_carried() -> None:
    pen: Any = Recording()
    draw_held(pen, "kite", HAND, SCALE, 1.0)
    x, y = pen.shapes[0]
    assert abs(x - HAND[0]) < 0.2 * SCALE
    assert abs(y - HAND[1]) < 0.2 * SCALE
