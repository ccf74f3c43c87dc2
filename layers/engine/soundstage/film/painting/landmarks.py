"""Churches, castles, lighthouses, pagodas, bridges, ships: what a place is known by."""

import math

import numpy as np

from soundstage.film.painting.built import glowing, window
from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, path, points, smooth


def church(pen: Pen, x: float, y: float, s: float) -> None:
    wall, roof = rgb("#cfc4ae"), rgb("#5a4a56")
    pen.fill(box(x - 0.13 * s, y - 0.72 * s, x + 0.13 * s, y + 2), wall, shade=0.25)
    pen.fill(path(x, y, s, "-0.17 0.72, 0 1.2, 0.17 0.72"), roof, shade=0.25)
    window(pen, x, y - 0.46 * s, 0.07 * s, 0.14 * s, arched=True)


def castle(pen: Pen, x: float, y: float, s: float) -> None:
    stone = mix(rgb("#a8a099"), pen.scene.colours.shade, 0.15)
    roof = rgb("#6a4658")

    def tower(tx: float, w: float, h: float, *, pointed: bool = True) -> None:
        pen.fill(box(x + (tx - w / 2) * s, y - h * s, x + (tx + w / 2) * s, y + 2), stone, shade=0.28)
        for k in range(4):
            left = x + (tx - w * 0.58 + k * w * 0.31) * s
            pen.fill(box(left, y - (h + 0.045) * s, left + w * 0.2 * s, y - (h - 0.02) * s), stone, shade=0)
        if pointed:
            pen.fill(
                points(
                    (x + (tx - w * 0.62) * s, y - (h + 0.02) * s),
                    (x + tx * s, y - (h + w * 1.9) * s),
                    (x + (tx + w * 0.62) * s, y - (h + 0.02) * s),
                ),
                roof,
                shade=0.3,
            )
            pen.line(
                [(x + tx * s, y - (h + w * 1.85) * s), (x + tx * s, y - (h + w * 1.9 + 0.09) * s)], 0.008 * s, "#4a3a34"
            )
            pen.fill(
                points(
                    (x + tx * s, y - (h + w * 1.9 + 0.09) * s),
                    (x + (tx + 0.09) * s, y - (h + w * 1.9 + 0.06) * s),
                    (x + tx * s, y - (h + w * 1.9 + 0.03) * s),
                ),
                "#b8493c",
                shade=0,
            )
        window(pen, x + tx * s, y - (h - 0.14) * s, w * 0.24 * s, w * 0.5 * s, arched=True)

    tower(-0.5, 0.16, 0.52)
    tower(0.46, 0.18, 0.6)
    pen.fill(box(x - 0.5 * s, y - 0.34 * s, x + 0.46 * s, y + 2), stone, shade=0.05)
    for k in range(12):
        left = x + (-0.5 + 0.082 * k) * s
        pen.fill(box(left, y - 0.385 * s, left + 0.045 * s, y - 0.33 * s), stone, shade=0)
    tower(-0.06, 0.22, 0.74)
    tower(-0.3, 0.12, 0.44, pointed=False)
    tower(0.22, 0.13, 0.5)
    gate = np.vstack(
        [
            points((x - 0.08 * s, y + 2)),
            ellipse(x - 0.0 * s, y - 0.13 * s, 0.08 * s, 0.09 * s, start=180, end=360),
            points((x + 0.08 * s, y + 2)),
        ]
    )
    pen.flat(gate, "#2a2228")


def lighthouse(pen: Pen, x: float, y: float, s: float) -> tuple[float, float]:
    """Returns where its lamp is."""
    white, red = rgb("#ece4d4"), rgb("#b5483c")
    shape = points(
        (x - 0.13 * s, y + 2), (x - 0.085 * s, y - 0.74 * s), (x + 0.085 * s, y - 0.74 * s), (x + 0.13 * s, y + 2)
    )
    pen.fill(shape, white, shade=0.3, most=0.06)
    for low, high in ((0.12, 0.27), (0.42, 0.57)):
        pen.fill(
            points(
                (x - 0.2 * s, y - low * s),
                (x + 0.2 * s, y - low * s),
                (x + 0.2 * s, y - high * s),
                (x - 0.2 * s, y - high * s),
            ),
            red,
            shade=0,
            clip=shape,
        )
        pen.flat(
            box(
                x + (0.04 if pen.scene.light.x * pen.scene.w < x else -0.2) * s,
                y - high * s,
                x + (0.2 if pen.scene.light.x * pen.scene.w < x else -0.04) * s,
                y - low * s,
            ),
            darker(red, 0.28),
            clip=shape,
        )
    pen.fill(box(x - 0.13 * s, y - 0.77 * s, x + 0.13 * s, y - 0.735 * s), "#4a4248")
    for k in range(7):
        px = x + (-0.12 + 0.04 * k) * s
        pen.line([(px, y - 0.77 * s), (px, y - 0.82 * s)], 0.008 * s, "#4a4248")
    pen.line([(x - 0.125 * s, y - 0.82 * s), (x + 0.125 * s, y - 0.82 * s)], 0.01 * s, "#4a4248")
    on = glowing(pen) or pen.scene.setting.weather in ("storm", "rain", "fog")
    lamp = box(x - 0.07 * s, y - 0.9 * s, x + 0.07 * s, y - 0.77 * s)
    if on:
        pen.shine(lamp, rgb("#fff3c0"))
    else:
        pen.flat(lamp, "#9fb8c4")
    for k in (-1, 0, 1):
        pen.line([(x + 0.045 * k * s, y - 0.9 * s), (x + 0.045 * k * s, y - 0.77 * s)], 0.008 * s, "#4a4248")
    pen.fill(np.vstack([ellipse(x, y - 0.9 * s, 0.095 * s, 0.09 * s, start=180, end=360)]), red, shade=0.25)
    pen.line([(x, y - 0.985 * s), (x, y - 1.04 * s)], 0.012 * s, "#4a4248")
    for up in (0.34, 0.64):
        window(pen, x, y - up * s, 0.035 * s, 0.06 * s, arched=True)
    pen.fill(
        np.vstack(
            [
                points((x - 0.04 * s, y + 2)),
                ellipse(x, y - 0.07 * s, 0.04 * s, 0.04 * s, start=180, end=360),
                points((x + 0.04 * s, y + 2)),
            ]
        ),
        "#5a3a30",
        shade=0,
    )
    if on:
        pen.scene.glows.append((x, y - 0.84 * s, 0.62 * s))
    return x, y - 0.84 * s


def pagoda(pen: Pen, x: float, y: float, s: float) -> None:
    wall, roof = rgb("#a5483a"), rgb("#3f4a50")
    for k in range(4):
        w, low = 0.34 - 0.06 * k, 0.2 * k
        pen.fill(box(x - w / 2 * s, y - (low + 0.16) * s, x + w / 2 * s, y - low * s + 2), wall, shade=0.2)
        for dx in (-0.25, 0.25):
            window(pen, x + dx * w * s, y - (low + 0.04) * s, 0.05 * s, 0.07 * s)
        e = w * 0.85
        pen.fill(
            smooth(
                [
                    (x - e * s, y - (low + 0.19) * s),
                    (x - w * 0.5 * s, y - (low + 0.17) * s),
                    (x, y - (low + 0.155) * s),
                    (x + w * 0.5 * s, y - (low + 0.17) * s),
                    (x + e * s, y - (low + 0.19) * s),
                    (x + w * 0.4 * s, y - (low + 0.235) * s),
                    (x - w * 0.4 * s, y - (low + 0.235) * s),
                ],
                steps=4,
            ),
            roof,
            shade=0.3,
        )
    pen.line([(x, y - 0.82 * s), (x, y - 1.0 * s)], [0.02 * s, 0.005 * s], roof)


def arched_bridge(pen: Pen, x0: float, x1: float, y: float, s: float) -> None:
    stone = mix(rgb("#a89a8a"), pen.scene.colours.shade, 0.12)
    middle, half = (x0 + x1) / 2, (x1 - x0) / 2
    top = [(x0 + 2 * half * k / 20, y - 0.34 * s * math.sin(math.pi * k / 20) - 0.24 * s) for k in range(21)]
    outline = np.vstack([np.array(top), points((x1, y + 0.35 * s), (x0, y + 0.35 * s))])
    holes = [
        np.vstack([ellipse(middle + dx * half, y + 0.36 * s, r * half, h * s, start=180, end=360)])
        for dx, r, h in ((-0.52, 0.2, 0.34), (0.0, 0.24, 0.52), (0.52, 0.2, 0.34))
    ]
    pen.fill([outline, *holes], stone, shade=0.0)
    for hole in holes:
        pen.line(hole, 0.03 * s, darker(stone, 0.2))
    pen.line([(px, py - 0.012 * s) for px, py in top], 0.05 * s, lighter(stone, 0.1))
    pen.line([(px, py + 0.05 * s) for px, py in top], 0.014 * s, darker(stone, 0.25))


def ship_at_quay(pen: Pen, x: float, y: float, s: float) -> None:
    wood = rgb("#5a4438")
    for dx, tall in ((-0.2, 0.9), (0.16, 1.0)):
        pen.line([(x + dx * s, y - 0.1 * s), (x + dx * s, y - tall * s)], [0.022 * s, 0.01 * s], wood)
        for yard in (0.5, 0.72):
            pen.line(
                [(x + (dx - 0.16) * s, y - yard * tall * s), (x + (dx + 0.16) * s, y - yard * tall * s)],
                0.012 * s,
                wood,
            )
        for end in (-0.45, 0.5):
            pen.line([(x + dx * s, y - tall * 0.95 * s), (x + end * s, y - 0.14 * s)], 0.004 * s, wood, opacity=0.8)
    pen.fill(
        smooth(path(x, y, s, "-0.55 0.24, -0.3 0.13, 0.3 0.13, 0.62 0.26, 0.46 -0.05, -0.42 -0.05"), steps=5),
        "#6a4034",
        shade=0.25,
    )
