"""The painter: a shot as layers of a lit picture-book illustration, drawn from numbers, without a model."""

from soundstage.film.painting.painter import paint

__all__ = ["paint"]
