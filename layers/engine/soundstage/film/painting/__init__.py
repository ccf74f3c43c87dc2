"""The painter: a shot as layers of a lit picture-book illustration, drawn from numbers, without a model."""

from pathlib import Path

from soundstage.film.painting.painter import layout_of, paint
from soundstage.models.film import FilmSettings, Picture
from soundstage.models.story import Shot, Storyboard

VERSION = 4
"""Of everything that decides what pictures look like: raise it when that changes."""

__all__ = ["VERSION", "EmbeddedPainter", "layout_of", "paint"]


class EmbeddedPainter:
    """``soundstage.film.ports.Painter``, without a model."""

    def fingerprint(self, shot: Shot) -> str:
        del shot
        return f"embedded painter {VERSION}"

    def layout(self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str) -> str:
        return layout_of(storyboard, shot, settings, previous_layout=previous_layout)

    def paint(
        self, storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str
    ) -> Picture:
        return paint(storyboard, shot, settings, folder, previous_layout=previous_layout)
