"""What makes a room a restaurant, a café or a noodle shop."""

from soundstage.film.painting.colours import darker, lighter, mix, rgb
from soundstage.film.painting.interiors.measures import WOOD, free_side, window_box
from soundstage.film.painting.interiors.pieces import hanging_lamp, picture, rounded, steam
from soundstage.film.painting.interiors.selling import counter
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, points, smooth
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import draw_thing


def _places(scene: Scene, spots: tuple[float, ...]) -> list[float]:
    """Of tables: not where the hero stands."""
    return [share * scene.w for share in spots if abs(share - scene.staging.hero_x) > 0.11]


def restaurant(scene: Scene, pen: Pen, floor: float) -> None:
    """Round tables with cloths and chairs, a bar with bottles, lamps over it."""
    u, x = scene.u, free_side(scene) * scene.w
    _panels(scene, pen, floor)
    pen.fill(box(x - 0.27 * u, floor - 0.6 * u, x + 0.27 * u, floor - 0.58 * u), WOOD, shade=0)
    pen.fill(box(x - 0.27 * u, floor - 0.44 * u, x + 0.27 * u, floor - 0.42 * u), WOOD, shade=0)
    for k in range(7):
        draw_thing(pen, "bottle", x + (-0.22 + 0.073 * k) * u, floor - 0.6 * u, (0.1 + 0.02 * (k % 2)) * u)
        draw_thing(pen, "cup", x + (-0.22 + 0.073 * k) * u, floor - 0.44 * u, 0.055 * u)
    counter(pen, x, floor + 0.02 * u, 0.56 * u, 0.27 * u, rgb("#6a4a3a"))
    draw_thing(pen, "bread", x - 0.14 * u, floor - 0.25 * u, 0.08 * u)
    x0, _, x1, _ = window_box(scene)
    for share in (0.24, 0.5, 0.76):
        if not x0 < share * scene.w < x1:
            hanging_lamp(scene, pen, share * scene.w, floor - 0.5 * u, 0.11 * u)
    for k, middle in enumerate(_places(scene, (0.5, 0.74, 0.96, 0.06))):
        for side in (-1, 1):
            _chair_by(pen, middle + side * 0.15 * u, floor + 0.06 * u, u, side)
        cloth = smooth(points((middle - 0.12 * u, floor - 0.13 * u), (middle + 0.12 * u, floor - 0.13 * u),
                              (middle + 0.13 * u, floor - 0.02 * u), (middle, floor + 0.0 * u),
                              (middle - 0.13 * u, floor - 0.02 * u)), steps=3)  # fmt: skip
        pen.fill(box(middle - 0.014 * u, floor - 0.05 * u, middle + 0.014 * u, floor + 0.075 * u), darker(WOOD, 0.2))
        pen.fill(cloth, "#efe6d6" if k % 2 else "#c8584a", shade=0.15)
        pen.fill(ellipse(middle, floor - 0.13 * u, 0.125 * u, 0.018 * u), lighter(rgb("#efe6d6"), 0.1), shade=0)
        draw_thing(pen, "flower" if k % 2 else "candle", middle, floor - 0.13 * u, 0.1 * u)
        draw_thing(pen, "cup", middle + 0.07 * u, floor - 0.128 * u, 0.045 * u)


def _chair_by(pen: Pen, x: float, base: float, u: float, side: int) -> None:
    tone = mix(WOOD, rgb("#3a2a22"), 0.25)
    back = x + side * 0.045 * u
    pen.fill(box(back - 0.009 * u, base - 0.3 * u, back + 0.009 * u, base), tone)
    pen.fill(box(min(back, x - side * 0.05 * u), base - 0.145 * u, max(back, x - side * 0.05 * u), base - 0.125 * u),
             tone)  # fmt: skip
    pen.fill(box(x - side * 0.04 * u - 0.008 * u, base - 0.13 * u, x - side * 0.04 * u + 0.008 * u, base), tone)


def _panels(scene: Scene, pen: Pen, floor: float) -> None:
    """The lower wall in wood."""
    u = scene.u
    pen.fill(box(-4, floor - 0.2 * u, scene.w + 4, floor), mix(WOOD, scene.colours.shade, 0.25), shade=0)
    pen.fill(box(-4, floor - 0.215 * u, scene.w + 4, floor - 0.195 * u), lighter(WOOD, 0.1), shade=0)
    for k in range(round(scene.w / (0.11 * u)) + 1):
        pen.line([(k * 0.11 * u, floor - 0.19 * u), (k * 0.11 * u, floor)], 0.004 * u, darker(WOOD, 0.4))


def noodle_shop(scene: Scene, pen: Pen, floor: float) -> None:
    """Square tables with benches, a kitchen hatch that steams, red lanterns from the beams, a scroll."""
    u, x = scene.u, free_side(scene) * scene.w
    _panels(scene, pen, floor)
    dark = darker(WOOD, 0.35)
    pen.fill(box(x - 0.3 * u, floor - 0.52 * u, x + 0.3 * u, floor - 0.2 * u), dark, shade=0)
    pen.shine(box(x - 0.27 * u, floor - 0.49 * u, x + 0.27 * u, floor - 0.24 * u),
              mix(scene.colours.glow, rgb("#c9743a"), 0.45), opacity=0.75)  # fmt: skip
    for dx in (-0.15, 0.1):
        pot = points((x + (dx - 0.085) * u, floor - 0.3 * u), (x + (dx + 0.085) * u, floor - 0.3 * u),
                     (x + (dx + 0.075) * u, floor - 0.2 * u), (x + (dx - 0.075) * u, floor - 0.2 * u))  # fmt: skip
        pen.fill(smooth(pot, steps=2), "#4a4c54", shade=0.25)
        steam(pen, x + dx * u, floor - 0.31 * u, 0.24 * u)
    counter(pen, x, floor + 0.01 * u, 0.62 * u, 0.25 * u, rgb("#7a3f2e"))
    for k in range(4):
        draw_thing(pen, "bowl", x + (-0.2 + 0.13 * k) * u, floor - 0.235 * u, 0.065 * u)
    beam = floor - 0.64 * u
    pen.fill(box(-4, beam - 0.022 * u, scene.w + 4, beam + 0.018 * u), darker(WOOD, 0.3), shade=0)
    count = max(4, round(scene.w / (0.3 * u)))
    for k in range(count):
        draw_thing(pen, "paper lantern", scene.w * (k + 0.5) / count, beam + (0.14 + 0.015 * (k % 2)) * u, 0.14 * u)
    scroll = scene.w * 0.5 * (scene.staging.landmark_x + scene.staging.hero_x)
    pen.fill(box(scroll - 0.06 * u, floor - 0.47 * u, scroll + 0.06 * u, floor - 0.24 * u), "#efe3c4", shade=0)
    for k in range(4):
        y = floor - (0.43 - 0.052 * k) * u
        pen.line([(scroll - 0.016 * u, y), (scroll + 0.016 * u, y - 0.006 * u)], 0.007 * u, "#2e2622")
        pen.line([(scroll, y - 0.018 * u), (scroll - 0.012 * u, y + 0.018 * u)], 0.006 * u, "#2e2622")
    for edge in (0.475, 0.235):
        pen.fill(box(scroll - 0.07 * u, floor - edge * u - 0.007 * u, scroll + 0.07 * u, floor - edge * u + 0.007 * u),
                 dark)  # fmt: skip
    for middle in _places(scene, (0.54, 0.78, 0.98, 0.06)):
        for side in (-1, 1):
            bx = middle + side * 0.17 * u
            pen.fill(box(bx - 0.05 * u, floor - 0.06 * u, bx + 0.05 * u, floor - 0.042 * u), WOOD, shade=0)
            for dx in (-0.04, 0.03):
                pen.fill(box(bx + dx * u, floor - 0.045 * u, bx + (dx + 0.012) * u, floor + 0.055 * u), dark)
        for dx in (-0.1, 0.085):
            pen.fill(box(middle + dx * u, floor - 0.12 * u, middle + (dx + 0.016) * u, floor + 0.07 * u), dark)
        pen.fill(box(middle - 0.125 * u, floor - 0.145 * u, middle + 0.125 * u, floor - 0.12 * u),
                 lighter(rgb("#7a3f2e"), 0.08), shade=0)  # fmt: skip
        draw_thing(pen, "noodles", middle - 0.05 * u, floor - 0.145 * u, 0.075 * u)
        draw_thing(pen, "cup", middle + 0.06 * u, floor - 0.145 * u, 0.05 * u)


def by_the_wall(scene: Scene, pen: Pen, floor: float) -> None:
    """A restaurant's other side: pictures over a row of tables with benches."""
    u, x = scene.u, free_side(scene) * scene.w
    _panels(scene, pen, floor)
    for k in range(-1, 2):
        picture(pen, x + 0.24 * k * u, floor - 0.44 * u, (0.17, 0.2, 0.15)[k + 1] * u)
    for k, middle in enumerate(_places(scene, (0.08, 0.32, 0.56, 0.8))):
        red = rgb("#8a3f38")
        for side in (-1, 1):
            bx = middle + side * 0.17 * u
            near, far = sorted((bx, bx - side * 0.085 * u))
            pen.fill(box(near, floor - 0.075 * u, far, floor + 0.05 * u), darker(red, 0.25), shade=0.1)
            pen.fill(rounded(near, floor - 0.095 * u, far, floor - 0.055 * u, 0.015 * u), lighter(red, 0.12), shade=0.2)
            pen.fill(
                rounded(bx - 0.03 * u, floor - 0.235 * u, bx + 0.03 * u, floor + 0.05 * u, 0.028 * u), red, shade=0.2
            )
        pen.fill(box(middle - 0.012 * u, floor - 0.13 * u, middle + 0.012 * u, floor + 0.06 * u), darker(WOOD, 0.2))
        pen.fill(box(middle - 0.11 * u, floor - 0.15 * u, middle + 0.11 * u, floor - 0.125 * u), lighter(WOOD, 0.15))
        draw_thing(pen, "cup", middle - 0.04 * u, floor - 0.15 * u, 0.055 * u)
        draw_thing(pen, "bowl" if k % 2 else "flower", middle + 0.05 * u, floor - 0.15 * u, (0.06, 0.1)[1 - k % 2] * u)
        hanging_lamp(scene, pen, middle, floor - 0.48 * u, 0.1 * u)
