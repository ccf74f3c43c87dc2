"""The dark, near edge of a picture that frames what lies beyond."""

import math

import numpy as np

from soundstage.film.painting.colours import darker, lighter
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.layers import Plane
from soundstage.film.painting.nature import (
    below,
    grass,
    leafy,
    pine,
    ridge_line,
    rocks,
)  # fmt: skip
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, smooth, stroke
from soundstage.film.painting.scene import Scene


def front(scene: Scene) -> Plane | None:
    """The framing foreground, nearly black, soft with nearness: trees, a branch, rocks, grass; calm under text."""
    frame, rng = scene.staging.frame, scene.rng("front")
    c, sheet = scene.colours, scene.sheet()
    tone = darker(c.foreground, 0.15)
    upright = scene.h > scene.w
    low = 0.9 if not upright else 0.88
    sides = {"left": (0,), "right": (1,), "both": (0, 1)}[scene.staging.frame_side]
    bare = scene.setting.season == "winter"
    if frame == "none":
        return None
    built_up = frame in ("wall", "crates")
    line = ridge_line(scene, low + 0.035, 0.0 if built_up else 0.05, "front", features=2, rough=0.35)
    if built_up:
        sides = sides[:1]
    for side in sides:
        edge = scene.w if side else 0.0
        columns = np.arange(scene.w)
        near = np.clip(1 - np.abs(columns - edge) / (0.42 * scene.w), 0, 1)
        line = line - (0.0 if built_up else 0.07) * scene.h * near**2
    sheet.fill(below(scene, line), tone)
    if not built_up and scene.setting.place not in ("space", "cave"):
        grass(scene, sheet, line, tone, rng, count=110, tall=0.05 if frame != "rocks" else 0.025)
    for side in sides:
        d = -1 if side else 1
        edge = scene.w if side else 0.0
        if frame == "trees":
            for k in range(2):
                x = edge + d * scene.u * (0.03 + 0.15 * k)
                y = float(line[int(min(max(x, 0), scene.w - 1))]) + 8
                if bare or rng.random() < 0.6:
                    pine(sheet, x, y, scene.u * (0.86 - 0.32 * k), tone, rng)
                else:
                    leafy(sheet, x, y, scene.u * (0.9 - 0.34 * k), tone, tone, tone, rng)
        elif frame == "branch":
            start = (edge - d * 6, scene.h * rng.uniform(0.1, 0.2))
            tip = (edge + d * scene.u * 0.62, start[1] + scene.u * rng.uniform(-0.06, 0.03))
            mid = ((start[0] + tip[0]) / 2, start[1] - 0.045 * scene.u)
            sheet.fill(stroke([start, mid, tip], [0.045 * scene.u, 0.024 * scene.u, 0.004 * scene.u]), tone)
            for k in range(46):
                t = rng.random() ** 0.8
                bx = start[0] + (tip[0] - start[0]) * t
                by = (
                    start[1]
                    + (tip[1] - start[1]) * t
                    - 0.05 * scene.u * math.sin(math.pi * t)
                    + rng.normal() * 0.022 * scene.u
                )
                if bare and k % 3:
                    continue
                size = scene.u * rng.uniform(0.013, 0.026)
                sheet.fill(ellipse(bx, by + size * 0.6, size, size * 0.42, turn=float(rng.uniform(10, 100))), tone)
        elif frame == "wall":
            sheet.fill(
                box(
                    min(edge - d * 8, edge + d * 0.11 * scene.u),
                    -8,
                    max(edge - d * 8, edge + d * 0.11 * scene.u),
                    scene.h + 8,
                ),
                tone,
            )
            y = 0.26 * scene.h
            sheet.fill(
                stroke(
                    [(edge + d * 0.1 * scene.u, y), (edge + d * 0.25 * scene.u, y)], 0.012 * scene.u, smoothed=False
                ),
                tone,
            )
            sheet.fill(
                stroke(
                    [
                        (edge + d * 0.1 * scene.u, y + 0.07 * scene.u),
                        (edge + d * 0.17 * scene.u, y + 0.05 * scene.u),
                        (edge + d * 0.2 * scene.u, y),
                    ],
                    0.01 * scene.u,
                ),
                tone,
            )
            sign = smooth(
                [
                    (edge + d * 0.15 * scene.u, y + 0.03 * scene.u),
                    (edge + d * 0.25 * scene.u, y + 0.03 * scene.u),
                    (edge + d * 0.25 * scene.u, y + 0.1 * scene.u),
                    (edge + d * 0.2 * scene.u, y + 0.125 * scene.u),
                    (edge + d * 0.15 * scene.u, y + 0.1 * scene.u),
                ],
                steps=3,
            )
            sheet.fill(sign, tone)
        elif frame == "crates":
            s, y = 0.2 * scene.u, scene.h * (low + 0.05)
            x0 = edge + d * 0.02 * scene.u
            for k, (dx, dy, w) in enumerate(((0.0, 0.0, 1.0), (1.0, 0.0, 0.8), (0.12, 1.0, 0.72))):
                left = x0 + d * dx * s
                sheet.fill(
                    box(
                        min(left, left + d * w * s),
                        y - (dy + w) * s if dy == 0 else y - s - w * s,
                        max(left, left + d * w * s),
                        y - dy * s + 2,
                    ),
                    tone if k % 2 == 0 else lighter(tone, 0.04),
                )
        elif frame == "rocks":
            rocks(
                scene,
                Pen(scene, sheet, silhouette=1.0),
                edge + d * 0.12 * scene.u,
                scene.h + 4.0,
                0.34 * scene.u + 0.5 * (1 - low) * scene.h,
                tone,
                rng,
                4,
            )
    return Plane(
        "front",
        sheet,
        Touch(depth=1.0, rim=0.35, texture=0.6),
        "sway" if frame in ("trees", "branch", "grass") else "none",
    )
