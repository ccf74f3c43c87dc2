"""What makes a room a shop: shelves of what is sold, and the counter."""

from soundstage.film.painting.colours import Colour, darker, lighter, mix, rgb
from soundstage.film.painting.interiors.measures import WOOD, free_side, window_box
from soundstage.film.painting.interiors.pieces import hanging_lamp, walls_of_books
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import box, ellipse, points, smooth
from soundstage.film.painting.scene import Scene
from soundstage.film.painting.things import draw_thing

_GOODS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("toy", "玩具"), ("balloon", "egg", "boat", "box", "bell", "car", "violin", "egg", "hat")),
    (("pharmacy", "chemist", "药"), ("bottle", "box", "bottle", "cup", "bottle", "basket")),
    (("pawn", "antique", "当铺"), ("clock", "photo", "violin", "chest", "bell", "lantern", "sword")),
    (("pet",), ("egg", "basket", "box", "bowl")),
    (("music", "琴"), ("violin", "bell", "violin", "book")),
    (("clothes", "tailor", "hat", "boutique", "裁缝", "服装"), ("hat", "box", "hat", "umbrella", "basket")),
)
_ANY_GOODS = ("bottle", "box", "basket", "apple", "bottle", "bread", "bowl", "clock")


def counter(pen: Pen, x: float, base: float, wide: float, high: float, tone: Colour = WOOD) -> None:
    """One stands behind it; its base is at ``base``."""
    half = wide / 2
    pen.fill(box(x - half, base - 0.93 * high, x + half, base), darker(tone, 0.08), shade=0)
    count = max(2, round(wide / (0.55 * high)))
    for k in range(count):
        left, right = x - half + wide * (k + 0.1) / count, x - half + wide * (k + 0.9) / count
        pen.fill(box(left, base - 0.78 * high, right, base - 0.14 * high), darker(tone, 0.24), shade=0.05)
        inner = 0.05 * high
        pen.flat(box(left + inner, base - 0.78 * high + inner, right - inner, base - 0.14 * high - inner), tone)
    pen.fill(box(x - half - 0.05 * high, base - high, x + half + 0.05 * high, base - 0.88 * high),
             lighter(tone, 0.2), shade=0.25)  # fmt: skip
    pen.flat(box(x - half, base - 0.06 * high, x + half, base), darker(tone, 0.45))


def till(pen: Pen, x: float, base: float, s: float) -> None:
    """A cash register."""
    brass = rgb("#b08a48")
    pen.fill(smooth(points((x - 0.5 * s, base), (x - 0.46 * s, base - 0.45 * s), (x - 0.2 * s, base - 0.8 * s),
                           (x + 0.2 * s, base - 0.8 * s), (x + 0.46 * s, base - 0.45 * s), (x + 0.5 * s, base)),
                    steps=3), brass, shade=0.2)  # fmt: skip
    pen.fill(box(x - 0.3 * s, base - s, x + 0.3 * s, base - 0.74 * s), darker(brass, 0.25), shade=0.1)
    pen.flat(box(x - 0.22 * s, base - 0.95 * s, x + 0.22 * s, base - 0.8 * s), "#efe6cf")
    for row in range(2):
        for k in range(4):
            pen.flat(ellipse(x + (-0.24 + 0.16 * k) * s, base - (0.52 - 0.2 * row) * s, 0.05 * s, 0.045 * s), "#f2ead6")


def _stocked(scene: Scene, pen: Pen, x: float, floor: float, wide: float, goods: tuple[str, ...], shift: int) -> None:
    """Open shelves with goods on them."""
    u, high = scene.u, 0.64 * scene.u
    pen.fill(box(x - wide / 2, floor - high, x + wide / 2, floor), darker(WOOD, 0.12), shade=0)
    rows, count = 4, max(2, round(wide / (0.1 * u)))
    for row in range(rows):
        low = floor - high * row / rows - 0.012 * u
        top = floor - high * (row + 1) / rows + 0.012 * u
        pen.flat(box(x - 0.47 * wide, top, x + 0.47 * wide, low), darker(WOOD, 0.5))
        for k in range(count):
            noun = goods[(k * 3 + row * 2 + shift + k // 2) % len(goods)]
            size = {"egg": 0.09, "apple": 0.095, "bread": 0.14, "bowl": 0.15, "box": 0.12, "chest": 0.11,
                    "boat": 0.1, "car": 0.08, "hat": 0.12}.get(noun, 0.115)  # fmt: skip
            if noun in ("bread", "bowl", "car", "hat"):
                size *= 0.75
            draw_thing(pen, noun, x + wide * ((k + 0.5) / count - 0.5) * 0.92, low, size * u)
        pen.fill(box(x - wide / 2, low, x + wide / 2, low + 0.016 * u), lighter(WOOD, 0.1), shade=0)


def _walls_of_shelves(scene: Scene, pen: Pen, floor: float, goods: tuple[str, ...]) -> None:
    x0, _, x1, _ = window_box(scene)
    count = max(3, round(scene.w / (0.42 * scene.u)))
    glows = len(scene.glows)
    for k in range(count):
        x = scene.w * (k + 0.5) / count
        if x + 0.2 * scene.u > x0 - 0.08 * scene.u and x - 0.2 * scene.u < x1 + 0.08 * scene.u:
            continue
        _stocked(scene, pen, x, floor + 0.005 * scene.u, 0.38 * scene.u, goods, k)
    del scene.glows[glows:]  # lanterns for sale are not lit


def _at_the_counter(scene: Scene, pen: Pen, floor: float) -> tuple[float, float]:
    """A counter on the free side; where something may stand on it, pixels."""
    u, x = scene.u, free_side(scene) * scene.w
    counter(pen, x, floor + 0.09 * u, 0.5 * u, 0.29 * u)
    if "at counter" not in scene.told:
        till(pen, x + (0.13 if x < scene.w / 2 else -0.13) * u, floor - 0.2 * u, 0.13 * u)
    for share in (0.28, 0.62):
        hanging_lamp(scene, pen, share * scene.w, floor - 0.53 * u, 0.1 * u)
    return x, floor - 0.2 * u


def shop(scene: Scene, pen: Pen, floor: float) -> None:
    name = scene.setting.place_name.lower()
    goods = next((goods for words, goods in _GOODS if any(word in name for word in words)), _ANY_GOODS)
    _walls_of_shelves(scene, pen, floor, goods)
    x, top = _at_the_counter(scene, pen, floor)
    draw_thing(pen, goods[1], x - (0.1 if x < scene.w / 2 else -0.1) * scene.u, top, 0.1 * scene.u)


def bakery(scene: Scene, pen: Pen, floor: float) -> None:
    _walls_of_shelves(scene, pen, floor, ("bread", "cake", "bread", "basket"))
    x, top = _at_the_counter(scene, pen, floor)
    for dx in (-0.16, -0.06):
        draw_thing(pen, "bread", x + (dx if x < scene.w / 2 else -dx) * scene.u, top, 0.1 * scene.u)


def florist(scene: Scene, pen: Pen, floor: float) -> None:
    """Buckets of flowers on steps."""
    u, rng = scene.u, scene.rng("flowers")
    tones = ("#e98aa0", "#f3cf5a", "#f4efe6", "#b79ae0", "#e0703f", "#d0455a")
    x0, _, x1, _ = window_box(scene)
    for row in range(3):
        low = floor - (0.34 - 0.17 * row) * u
        pen.fill(box(-4, low, scene.w + 4, low + 0.03 * u), lighter(WOOD, 0.05 * row), shade=0)
        pen.flat(box(-4, low + 0.03 * u, scene.w + 4, low + 0.17 * u), darker(WOOD, 0.4))
        count = round(scene.w / (0.16 * u))
        for k in range(count):
            x = scene.w * (k + 0.5) / count
            if not row and x0 - 0.06 * u < x < x1 + 0.06 * u:
                continue
            tone = rgb(tones[(k + 2 * row) % len(tones)])
            for _ in range(7):
                dx, up = rng.uniform(-0.06, 0.06), rng.uniform(0.12, 0.19)
                pen.line([(x + 0.3 * dx * u, low - 0.07 * u), (x + dx * u, low - up * u)], 0.006 * u, "#5c8a48")
                pen.fill(ellipse(x + dx * u, low - up * u, 0.022 * u, 0.02 * u), tone, shade=0.25)
            pail = points((x - 0.05 * u, low - 0.085 * u), (x + 0.05 * u, low - 0.085 * u), (x + 0.038 * u, low),
                          (x - 0.038 * u, low))  # fmt: skip
            pen.fill(pail, "#9aa6ac", shade=0.25)
    _at_the_counter(scene, pen, floor)


def bookshop(scene: Scene, pen: Pen, floor: float) -> None:
    """Full shelves to the ceiling, piles of books on the counter, a ladder."""
    u = scene.u
    walls_of_books(scene, pen, floor, 0.33 * u, 0.86 * u)
    x, top = _at_the_counter(scene, pen, floor)
    side = 1 if x < scene.w / 2 else -1
    tones = ("#8a3c34", "#3f5f6a", "#a9803c", "#5a6a44", "#6a4a68")
    for at, high in ((-0.17, 5), (-0.07, 3)):
        for k in range(high):
            bx, by = x + side * (at + 0.006 * (k % 2)) * u, top - 0.02 * k * u
            pen.fill(box(bx - 0.045 * u, by - 0.02 * u, bx + 0.045 * u, by), rgb(tones[(k + high) % 5]), shade=0.1)
            pen.flat(box(bx + 0.03 * u, by - 0.016 * u, bx + 0.043 * u, by - 0.004 * u), "#efe4c8")
    ladder = scene.w * (0.47 if abs(scene.staging.hero_x - 0.47) > 0.1 else 0.55)
    for dx in (0.0, 0.1):
        foot, head = (ladder + dx * u, floor + 0.06 * u), (ladder + (dx * 0.8 - 0.1) * u, floor - 0.72 * u)
        pen.line([foot, head], 0.014 * u, mix(WOOD, rgb("#c9a26a"), 0.5))
    for k in range(6):
        y, slip = floor - 0.08 * u - 0.105 * k * u, -0.012 * (k + 1) * u
        pen.line([(ladder + slip - 0.004 * u, y), (ladder + slip + 0.098 * u, y)], 0.011 * u,
                 mix(WOOD, rgb("#c9a26a"), 0.4))  # fmt: skip
