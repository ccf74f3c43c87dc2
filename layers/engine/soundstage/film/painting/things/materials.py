"""Colours of wood and metal."""

from collections.abc import Callable

from soundstage.film.painting.colours import rgb
from soundstage.film.painting.pen import Pen

Drawing = Callable[[Pen, float, float, float], None]
WOOD, IRON, BRASS, CREAM, RED = rgb("#7a5236"), rgb("#3c4048"), rgb("#c79a45"), rgb("#f0e4c8"), rgb("#b5443a")
