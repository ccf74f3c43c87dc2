"""Houses, and what stands in their streets."""

import numpy as np

from soundstage.film.painting.colours import Colour, darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, points, smooth

WALLS = [rgb(text) for text in ("#d9c3a0", "#c98f6a", "#b9b8ac", "#a9746a", "#dccfae", "#8fa0a4")]


ROOFS = [rgb(text) for text in ("#8a4a3c", "#5e4a52", "#6f5a3c", "#4a5a66")]


def glowing(pen: Pen) -> bool:
    return pen.scene.colours.dark > 0.45


def window(pen: Pen, x: float, y: float, w: float, h: float, *, lit: bool | None = None, arched: bool = False) -> None:
    """With its middle at x and its sill at y."""
    shape = box(x - w / 2, y - h, x + w / 2, y)
    if arched:
        shape = np.vstack(
            [
                points((x - w / 2, y)),
                ellipse(x, y - h + w / 2, w / 2, w / 2, start=180, end=360),
                points((x + w / 2, y)),
            ]
        )
    if glowing(pen) if lit is None else lit:
        pen.shine(shape, mix(pen.scene.colours.glow, rgb("#fff2c8"), 0.2), opacity=0.95)
        if w * h > (0.02 * pen.scene.u) ** 2 and len(pen.scene.glows) < 14:
            pen.scene.glows.append((x, y - h / 2, 4.0 * max(w, h)))
    else:
        pen.flat(shape, mix(pen.scene.colours.zenith, rgb("#3a4656"), 0.55))
    if w > 5:
        pen.flat(box(x - w * 0.05, y - h, x + w * 0.05, y), "#4a3a30", opacity=0.8)
        pen.flat(box(x - w / 2, y - h * 0.54, x + w / 2, y - h * 0.46), "#4a3a30", opacity=0.8)


def house(
    pen: Pen,
    x: float,
    y: float,
    w: float,
    h: float,
    rng: np.random.Generator,
    *,
    steep: float = 0.7,
    chimney: bool = True,
) -> None:
    wall, roof = WALLS[int(rng.integers(len(WALLS)))], ROOFS[int(rng.integers(len(ROOFS)))]
    side = 0.34 if pen.scene.light.x * pen.scene.w > x else -0.34
    top = y - h
    if chimney:
        cx = x + w * 0.2
        pen.fill(box(cx - w * 0.05, top - h * steep * 0.9, cx + w * 0.05, top), darker(wall, 0.3))
    pen.fill(box(x - w / 2, top, x + w / 2, y + 2), wall, shade=0)
    shaded = (
        box(x - w / 2, top, x - w / 2 + abs(side) * w, y + 2)
        if side > 0
        else box(x + w / 2 - abs(side) * w, top, x + w / 2, y + 2)
    )
    pen.flat(shaded, darker(wall, 0.24))
    eave = 0.07 * w
    pen.fill(
        points(
            (x - w / 2 - eave, top + 1),
            (x - w * 0.22, top - h * steep),
            (x + w * 0.22, top - h * steep),
            (x + w / 2 + eave, top + 1),
        ),
        roof,
        shade=0.1,
    )
    pen.flat(
        points(
            (x - w / 2 - eave, top + 1),
            (x + w / 2 + eave, top + 1),
            (x + w / 2 + eave * 0.6, top - h * 0.06),
            (x - w / 2 - eave * 0.6, top - h * 0.06),
        ),
        darker(roof, 0.2),
    )
    if scene_snowy(pen):
        pen.flat(
            smooth(
                [
                    (x - w / 2 - eave, top - h * 0.05),
                    (x - w * 0.24, top - h * steep - 2),
                    (x + w * 0.24, top - h * steep - 2),
                    (x + w / 2 + eave, top - h * 0.05),
                    (x + w * 0.2, top - h * steep * 0.45),
                    (x - w * 0.2, top - h * steep * 0.5),
                ],
                steps=4,
            ),
            "#f2f5f8",
        )
    columns = 2 if w < h * 1.5 else 3
    for k in range(columns):
        px = x + w * ((k + 0.5) / columns - 0.5)
        if k == columns // 2 and columns > 2:
            pen.fill(box(px - w * 0.06, y - h * 0.5, px + w * 0.06, y + 2), darker(roof, 0.25), shade=0)
        else:
            window(pen, px, y - h * 0.3, w * 0.13, h * 0.34, lit=glowing(pen) and rng.random() < 0.75)


def scene_snowy(pen: Pen) -> bool:
    setting = pen.scene.setting
    return setting.weather == "snow" or setting.season == "winter"


def tall_house(
    pen: Pen, x: float, y: float, w: float, h: float, rng: np.random.Generator, *, modern: bool = False
) -> None:
    """Of a town; ``modern``: a tower with rows of windows."""
    wall = mix(WALLS[int(rng.integers(len(WALLS)))], pen.scene.colours.shade, 0.35 if modern else 0.1)
    if modern:
        wall = mix(wall, rgb("#6f7f8f"), 0.6)
    pen.fill(box(x - w / 2, y - h, x + w / 2, y + 2), wall, shade=0)
    lit_right = pen.scene.light.x * pen.scene.w > x
    pen.flat(
        box(x - w / 2, y - h, x - w * 0.16, y + 2) if lit_right else box(x + w * 0.16, y - h, x + w / 2, y + 2),
        darker(wall, 0.2),
    )
    if modern:
        if rng.random() < 0.4:
            pen.line([(x, y - h), (x, y - h * 1.12)], max(1.0, w * 0.03), darker(wall, 0.3))
    else:
        roof = ROOFS[int(rng.integers(len(ROOFS)))]
        pen.fill(
            points(
                (x - w * 0.55, y - h + 1),
                (x - w * 0.3, y - h - w * 0.5),
                (x + w * 0.3, y - h - w * 0.5),
                (x + w * 0.55, y - h + 1),
            ),
            roof,
            shade=0.1,
        )
        if scene_snowy(pen):
            pen.flat(
                points(
                    (x - w * 0.5, y - h - w * 0.06),
                    (x - w * 0.3, y - h - w * 0.52),
                    (x + w * 0.3, y - h - w * 0.52),
                    (x + w * 0.5, y - h - w * 0.06),
                ),
                "#f2f5f8",
            )
    columns, rows = (4, max(3, int(h / w * 4.5))) if modern else (2, max(2, int(h / w * 1.9)))
    for row in range(rows):
        for column in range(columns):
            px, py = x + w * ((column + 0.5) / columns - 0.5), y - h + h * (row + 0.8) / (rows + 0.5)
            on = glowing(pen) and rng.random() < (0.5 if modern else 0.65)
            size = (w / columns * (0.5 if modern else 0.42), h / rows * (0.45 if modern else 0.5))
            if on:
                pen.shine(
                    box(px - size[0] / 2, py - size[1] / 2, px + size[0] / 2, py + size[1] / 2),
                    mix(pen.scene.colours.glow, rgb("#fff2c8"), float(rng.uniform(0, 0.5))),
                    opacity=0.9,
                )
            else:
                pen.flat(
                    box(px - size[0] / 2, py - size[1] / 2, px + size[0] / 2, py + size[1] / 2),
                    mix(darker(wall, 0.35), pen.scene.colours.zenith, 0.3),
                )


def street_lamp(pen: Pen, x: float, y: float, s: float) -> None:
    iron = rgb("#2c2e36")
    pen.line([(x, y), (x, y - 0.86 * s)], [0.035 * s, 0.02 * s], iron)
    pen.fill(box(x - 0.04 * s, y - 0.06 * s, x + 0.04 * s, y), iron)
    lamp = path(x, y, s, "-0.05 0.86, 0.05 0.86, 0.07 0.98, -0.07 0.98")
    if glowing(pen):
        pen.shine(lamp)
        pen.scene.glows.append((x, y - 0.92 * s, 0.6 * s))
    else:
        pen.flat(lamp, "#dfe2d4")
    pen.fill(path(x, y, s, "-0.085 0.98, 0 1.05, 0.085 0.98"), iron)


def fence(pen: Pen, x0: float, x1: float, y: float, h: float, colour: Colour | str = "#8a7660") -> None:
    for rail in (0.35, 0.75):
        pen.fill(box(x0, y - rail * h - 0.05 * h, x1, y - rail * h + 0.05 * h), colour, shade=0)
    count = max(2, int((x1 - x0) / (0.42 * h)))
    for k in range(count + 1):
        px = x0 + (x1 - x0) * k / count
        pen.fill(
            points(
                (px - 0.06 * h, y),
                (px - 0.06 * h, y - 0.9 * h),
                (px, y - h),
                (px + 0.06 * h, y - 0.9 * h),
                (px + 0.06 * h, y),
            ),
            colour,
            shade=0.2,
        )


def stall(pen: Pen, x: float, y: float, s: float, rng: np.random.Generator) -> None:
    stripes = [rgb("#c8553f"), rgb("#4f8a7a"), rgb("#d9a040"), rgb("#5b7db1")][int(rng.integers(4))]
    for dx in (-0.48, 0.48):
        pen.fill(box(x + (dx - 0.02) * s, y - 0.95 * s, x + (dx + 0.02) * s, y), "#6a4a34")
    pen.fill(box(x - 0.55 * s, y - 0.42 * s, x + 0.55 * s, y), "#8a6242", shade=0.1)
    for k in range(7):
        cx = x + (-0.42 + 0.14 * k) * s
        tone = [rgb("#d9603f"), rgb("#e0b040"), rgb("#7fa04a"), rgb("#b0507a")][int(rng.integers(4))]
        for dx, dy in ((-0.035, 0.46), (0.035, 0.46), (0.0, 0.52)):
            pen.fill(ellipse(cx + dx * s, y - dy * s, 0.045 * s, 0.042 * s), tone)
    for k in range(6):
        x0, x1 = x + (-0.6 + 0.2 * k) * s, x + (-0.4 + 0.2 * k) * s
        tone = stripes if k % 2 else rgb("#efe6d2")
        t0, t1 = x + (-0.5 + 0.166 * k) * s, x + (-0.334 + 0.166 * k) * s
        pen.fill(points((t0, y - 1.16 * s), (t1, y - 1.16 * s), (x1, y - 0.9 * s), (x0, y - 0.9 * s)), tone, shade=0)
        pen.fill(ellipse((x0 + x1) / 2, y - 0.9 * s, 0.1 * s, 0.06 * s, start=0, end=180), darker(tone, 0.1), shade=0)
    if glowing(pen):
        pen.shine(ellipse(x + 0.3 * s, y - 0.78 * s, 0.06 * s, 0.08 * s))
        pen.scene.glows.append((x + 0.3 * s, y - 0.78 * s, 0.9 * s))
