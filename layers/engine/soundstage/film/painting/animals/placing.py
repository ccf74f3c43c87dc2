"""Where an animal is painted."""

from collections.abc import Callable

from soundstage.film.painting.people import Figure


def standing(feet: tuple[float, float], s: float, side: int) -> Callable[[float, float], tuple[float, float]]:
    """From an animal's own coordinates, in heights ``s`` ahead of and above its feet, to the picture's."""
    x, y = feet
    return lambda a, b: (x + side * a * s, y - b * s)


def placed(x: float, y: float, s: float, wide: float, head: tuple[float, float]) -> Figure:
    return Figure((x - wide * s / 2, y - s, x + wide * s / 2, y), (*head, 0.16 * s), (x, y - 0.4 * s))
