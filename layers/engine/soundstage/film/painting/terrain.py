"""What places out of doors are made of: ridges, sea, ground, rows of trees; a place as layers from far to near."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from soundstage.arrays import Floats
from soundstage.film.painting.colours import Colour, darker, mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Layer, Plane, flattened
from soundstage.film.painting.nature import (
    below,
    glitter,
    grass,
    leafy,
    path_shape,
    pine,
    ridge_line,
    waves,
)  # fmt: skip
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Sheet, stroke
from soundstage.film.painting.scene import Scene


@dataclass
class Place:
    """A place in a scene: its layers so far, far ones first."""

    scene: Scene
    afloat: bool = False
    """There is no ground: figures swim, fly or sit in a boat."""
    waterline: float | None = None
    """Where water can be swum in, share of the height."""
    ground_line: Floats | None = None
    layers: list[Layer] = field(default_factory=list)

    def add(self, plane: Plane, *, first: bool = False, at: int | None = None) -> None:
        """Nearer than what is there already, behind it all, or behind the layer of this number."""
        layer = flattened(self.scene, plane, soft=self.scene.softness * (1.2 - plane.touch.depth))
        if layer is not None:
            self.layers.insert(0 if first else len(self.layers) if at is None else at, layer)


def snowy(scene: Scene) -> bool:
    return scene.setting.weather == "snow" or scene.setting.season == "winter"


def soil(scene: Scene) -> Colour:
    c = scene.colours
    return c.earth if snowy(scene) else mix(c.foliage, c.earth, 0.25)


def hills(scene: Scene, place: Place, *, rows: int = 3, high: float = 0.12, peaks: bool = False) -> None:
    """Ridges between the horizon and the ground, each nearer one darker."""
    c, horizon = scene.colours, scene.staging.horizon
    for row in range(rows):
        share = row / rows
        top = horizon - high * (0.55 - 0.5 * share) + 0.03 * row
        line = ridge_line(
            scene, top, high * (1.5 - share), row, features=2 if peaks else 3, rough=0.55 if peaks else 0.42
        )
        sheet = scene.sheet()
        base = mix(mix(c.shade, c.foliage, 0.2 + 0.5 * share), c.horizon, 0.12)
        if snowy(scene):
            base = mix(base, c.earth, 0.45)
        sheet.fill(below(scene, line, (scene.staging.ground + 0.05) * scene.h), base, to=mix(base, c.horizon, 0.35))
        if peaks and row < 2:
            _snow_caps(scene, sheet, line, row)
        depth = 0.1 + 0.28 * share
        place.add(Plane(f"hills {row}", sheet, Touch(depth=depth, mist=(top, scene.staging.ground, 0.75), rim=0.75)))


def _snow_caps(scene: Scene, sheet: Sheet, line: Floats, row: int) -> None:
    c, rng = scene.colours, scene.rng("caps", row)
    top = float(line.min())
    limit = top + 0.09 * scene.h
    x = np.arange(0, scene.w, 6)
    y = line[np.minimum(x, len(line) - 1)]
    jag = limit + 0.022 * scene.h * (rng.random(len(x)) - 0.5) + 0.01 * scene.h * np.sin(x / scene.u * 40)
    inside = y < jag
    start: int | None = None
    for k in range(len(x) + 1):
        on = k < len(x) and bool(inside[k])
        if on and start is None:
            start = k
        if not on and start is not None:
            if k - start > 2:
                part = slice(start, k)
                sheet.fill(
                    np.vstack([np.column_stack([x[part], y[part]]), np.column_stack([x[part], jag[part]])[::-1]]),
                    mix(rgb("#f4f6fa"), c.horizon, 0.25 + 0.3 * c.dark),
                    opacity=0.92,
                )
            start = None


def sea(scene: Scene, place: Place, bottom: float = 1.02, *, rough: float | None = None) -> None:
    horizon = scene.staging.horizon
    storm = {"storm": 2.0, "wind": 1.4, "rain": 1.3}.get(scene.setting.weather, 0.9) if rough is None else rough
    sheet = scene.sheet()
    waves(scene, sheet, horizon, bottom, rough=storm)
    place.add(Plane("water", sheet, Touch(depth=0.26, air=0.04, shadow=False, rim=0.2, mist=None)))
    shine = scene.sheet()
    glitter(scene, shine, horizon, min(bottom, horizon + 0.34))
    place.add(Plane("glitter", shine, Touch(depth=0.28, air=0.0, rim=0.0, shadow=False, texture=0.0), "water"))


def ground(
    scene: Scene,
    place: Place,
    *,
    colour: Colour | None = None,
    way: bool = False,
    rise: float = 0.03,
    tufts: bool = True,
    top: float | None = None,
    dress: Callable[[Scene, Pen, Floats], None] | None = None,
) -> None:
    """Where figures stand: a low rise through the hero's feet, darker toward the viewer."""
    c, staging = scene.colours, scene.staging
    base = soil(scene) if colour is None else colour
    level = (staging.ground - 0.035) if top is None else top
    line = ridge_line(scene, level, rise, "ground", features=2, rough=0.3)
    sheet = scene.sheet()
    pen = Pen(scene, sheet)
    sheet.fill(below(scene, line), mix(base, c.light, 0.08 * (1 - c.dark)), to=mix(base, c.foreground, 0.62))
    _strokes(scene, sheet, line, base)
    if way:
        tone = mix(mix(rgb("#cdb48a"), c.shade, 0.25 + 0.4 * c.dark), c.earth, 0.3)
        far = staging.landmark_x
        sheet.fill(
            path_shape(scene, staging.hero_x, far, float(line.mean()) / scene.h + 0.006, 0.15),
            tone,
            to=mix(tone, c.foreground, 0.35),
            opacity=0.9,
        )
    if dress is not None:
        dress(scene, pen, line)
    if tufts and not snowy(scene):
        grass(
            scene,
            sheet,
            line,
            darker(mix(base, c.foreground, 0.25), 0.05),
            scene.rng("tufts"),
            count=90,
            tall=0.018,
            flowers=scene.setting.season == "spring",
        )
    place.ground_line = line
    place.add(Plane("ground", sheet, Touch(depth=0.55, rim=0.45)))


def _strokes(scene: Scene, sheet: Sheet, line: Floats, base: Colour) -> None:
    """The lie of the land: a few long, soft streaks that grow toward the viewer."""
    rng, c = scene.rng("lie"), scene.colours
    top = float(line.mean())
    for _ in range(26):
        depth = rng.random() ** 0.8
        y = top + (scene.h - top) * (0.06 + 0.9 * depth)
        x, long = rng.uniform(-0.1, 1.0) * scene.w, scene.u * (0.08 + 0.3 * depth)
        tone = mix(base, c.light, 0.14) if rng.random() < 0.45 * (1 - c.dark) else mix(base, c.foreground, 0.45)
        sheet.fill(
            stroke(
                [(x, y), (x + long * 0.5, y - scene.u * 0.01 * rng.normal()), (x + long, y)],
                [0.5, scene.u * (0.004 + 0.012 * depth), 0.5],
            ),
            tone,
            opacity=0.35,
            clip=below(scene, line),
        )


def wood_band(
    scene: Scene, place: Place, height: float, tall: float, depth: float, count: int, *what: object, kind: str = "mixed"
) -> None:
    """A row of trees."""
    c, rng, sheet = scene.colours, scene.rng("wood", height, *what), scene.sheet()
    line = ridge_line(scene, height, 0.03, "wood", *what)
    bare = scene.setting.season == "winter"
    tone = mix(mix(c.foliage, c.shade, 0.3), c.foreground, 0.5 * depth)
    if snowy(scene):
        tone = mix(tone, c.earth, 0.25)
    sheet.fill(below(scene, line, (scene.staging.ground + 0.06) * scene.h), tone)
    for x in np.sort(rng.uniform(-0.02, 1.02, count)):
        px = float(x) * scene.w
        y = float(line[int(min(max(px, 0), scene.w - 1))]) + 3
        h = tall * scene.u * rng.uniform(0.6, 1.2)
        shade = mix(tone, c.foreground, float(rng.uniform(0.0, 0.25)))
        if kind == "pine" or (kind == "mixed" and rng.random() < 0.55):
            pine(sheet, px, y, h, shade, rng)
        else:
            leafy(sheet, px, y, h * 0.85, mix(shade, c.foliage, 0.35), shade, darker(shade, 0.2), rng, bare=bare)
    place.add(
        Plane(
            f"trees {depth}",
            sheet,
            Touch(depth=depth, mist=(height - tall * 0.4, scene.staging.ground + 0.02, 0.55), rim=0.7),
        )
    )
