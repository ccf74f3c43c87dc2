"""Shapes in local colours under the picture's light: lit, and shaded away from it."""

from collections.abc import Sequence

import numpy as np

from soundstage.film.painting.colours import Colour, darker, mix, rgb
from soundstage.film.painting.raster import Points, Shape, Sheet, stroke
from soundstage.film.painting.scene import Scene


class Pen:
    """Draws on a sheet. ``silhouette``: 0 in full colours to 1 as a dark shape; accents keep their colour."""

    def __init__(self, scene: Scene, sheet: Sheet, *, silhouette: float = 0.0, bright: float = 0.0) -> None:
        self.scene = scene
        self.sheet = sheet
        self.silhouette = silhouette
        # Whoever a picture is about is seen better than the place: half the dimness, half the tint.
        self.ambient = mix(scene.colours.ambient, np.ones(3, np.float32), bright)

    def lit(self, colour: Colour | str) -> Colour:
        """A local colour under this light."""
        plain = rgb(colour) if isinstance(colour, str) else colour
        found = mix(np.asarray(plain * self.ambient, np.float32), self.scene.colours.light, 0.04)
        return mix(found, mix(self.scene.colours.foreground, self.scene.colours.shade, 0.12), self.silhouette)

    def shaded(self, colour: Colour | str) -> Colour:
        return mix(darker(self.lit(colour), 0.24), self.scene.colours.shade, 0.2 * (1 - self.silhouette))

    def fill(
        self,
        shape: Shape,
        colour: Colour | str,
        *,
        shade: float = 0.16,
        most: float = 0.02,
        opacity: float = 1.0,
        soft: float = 0.0,
        clip: Shape | None = None,
    ) -> None:
        """``shade``: how wide the shaded part is, of the shape's smaller side, ``most`` of the picture's measure."""
        every = shape if isinstance(shape, np.ndarray) else np.vstack(list(shape))
        if not len(every):
            return
        wide, high = every.max(0) - every.min(0)
        by = min(shade * min(float(wide), float(high)), most * self.scene.u)
        x, y = every.mean(0)
        self.sheet.fill(
            shape,
            self.lit(colour),
            shade=self.shaded(colour) if by > 0.4 else None,
            toward=self.scene.toward_light(float(x), float(y), by),
            opacity=opacity,
            soft=soft,
            clip=clip,
        )

    def flat(
        self, shape: Shape, colour: Colour | str, *, opacity: float = 1.0, soft: float = 0.0, clip: Shape | None = None
    ) -> None:
        self.sheet.fill(shape, self.lit(colour), opacity=opacity, soft=soft, clip=clip)

    def accent(self, shape: Shape, colour: Colour | str, *, clip: Shape | None = None) -> None:
        """A character's own colour: the same in every light, with a darker edge away from it."""
        plain = rgb(colour) if isinstance(colour, str) else colour
        every = shape if isinstance(shape, np.ndarray) else np.vstack(list(shape))
        wide, high = every.max(0) - every.min(0)
        x, y = every.mean(0)
        by = min(0.14 * min(float(wide), float(high)), 0.008 * self.scene.u)
        self.sheet.fill(
            shape,
            plain,
            shade=darker(plain, 0.28),
            toward=self.scene.toward_light(float(x), float(y), by),
            kept=1.0,
            clip=clip,
        )

    def shine(self, shape: Shape, colour: Colour | None = None, *, opacity: float = 1.0, soft: float = 0.0) -> None:
        """Gives light itself: not dimmed by the hour."""
        self.sheet.fill(
            shape, self.scene.colours.glow if colour is None else colour, opacity=opacity, soft=soft, kept=1.0
        )

    def line(
        self,
        path: Points | Sequence[tuple[float, float]],
        width: float | Sequence[float],
        colour: Colour | str,
        *,
        opacity: float = 1.0,
    ) -> None:
        self.sheet.fill(stroke(path, width), self.lit(colour), opacity=opacity)
