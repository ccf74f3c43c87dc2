"""What a story puts into the sky: fireworks, a rainbow, birds that fly over."""

from collections.abc import Iterator

from soundstage.film.painting.colours import darker, mix, rgb
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.raster import Sheet, ellipse, points, smooth
from soundstage.film.painting.scene import Motion, Scene
from soundstage.film.painting.things import thing_named
from soundstage.film.painting.things.lights import fireworks
from soundstage.film.painting.things.nature import rainbow
from soundstage.models.story import Shot

IN_THE_SKY = frozenset({"fireworks", "rainbow"})


def aloft(scene: Scene, shot: Shot) -> Iterator[tuple[str, Sheet, Motion]]:
    """Sheets behind all that stands: name, paint and motion of each."""
    if shot.setting.place in ("space", "cave") or (shot.size == "detail" and scene.room is None):
        return
    named = {thing_named(text) for text in shot.setting.things}
    indoors, u, horizon = scene.room is not None, scene.u, scene.staging.horizon * scene.h
    x = scene.staging.landmark_x * scene.w
    if "rainbow" in named:
        sheet = scene.sheet()
        rainbow(Pen(scene, sheet), x if indoors else 0.5 * scene.w, horizon + 0.06 * u, (0.3 if indoors else 0.62) * u)
        yield "rainbow", sheet, "none"
    if "fireworks" in named:
        sheet = scene.sheet()
        size = (0.3 if indoors else 0.5) * u
        fireworks(Pen(scene, sheet), 0.5 * (x + 0.5 * scene.w) if not indoors else x, 0.58 * scene.h, size)
        yield "fireworks", sheet, "glow"
    flock = scene.told & {"birds", "white birds"}
    if flock and not indoors:
        yield "birds", _flock(scene, white="white birds" in flock), "none"


def _flock(scene: Scene, *, white: bool) -> Sheet:
    """In a loose line across the sky, wings up and down in turn."""
    sheet, rng, u = scene.sheet(), scene.rng("flock"), scene.u
    pen = Pen(scene, sheet, bright=0.5)
    side = 1 if scene.staging.hero_x < 0.5 else -1
    tone = rgb("#f4f2ec") if white else mix(rgb("#4a4650"), scene.colours.shade, 0.3)
    for k in range(7):
        x = scene.w * (0.5 + side * (-0.24 + 0.085 * k)) + rng.uniform(-0.015, 0.015) * u
        y = scene.h * (0.12 + 0.022 * abs(k - 2.5)) + rng.uniform(-0.02, 0.02) * u
        s, up = u * rng.uniform(0.03, 0.043), 1 if k % 3 else -0.55
        for wing, shade in ((0.35, 0.22), (-0.1, 0.0)):
            tip = (x + side * (wing - 0.75) * s, y - (0.85 if up > 0 else -0.5) * s)
            shape = [(x + side * 0.22 * s, y - 0.05 * s), (x + side * (wing * 0.6 - 0.1) * s, y - 0.5 * up * s), tip,
                     (x + side * (wing - 0.4) * s, y - 0.2 * up * s), (x - side * 0.25 * s, y)]  # fmt: skip
            pen.fill(smooth(shape, steps=4), darker(tone, shade), shade=0.1)
        body = [(x + side * 0.62 * s, y - 0.02 * s), (x + side * 0.3 * s, y - 0.15 * s),
                (x - side * 0.5 * s, y - 0.03 * s),
                (x - side * 0.75 * s, y + 0.02 * s), (x + side * 0.1 * s, y + 0.13 * s)]  # fmt: skip
        pen.fill(smooth(body, steps=4), tone, shade=0.25)
        pen.fill(ellipse(x + side * 0.56 * s, y - 0.06 * s, 0.13 * s, 0.11 * s), tone)
        beak = points((x + side * 0.66 * s, y - 0.1 * s), (x + side * 0.82 * s, y - 0.04 * s),
                      (x + side * 0.66 * s, y - 0.01 * s))  # fmt: skip
        pen.fill(beak, "#e0a040")
    return sheet
