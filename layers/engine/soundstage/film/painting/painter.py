"""A shot as a picture: staging, light, place, figures, weather; written as layers that the camera moves apart."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from soundstage.film.compositing import OVERSIZE
from soundstage.film.painting import skies
from soundstage.film.painting.aloft import aloft
from soundstage.film.painting.casting import Box, Casting, heavenly
from soundstage.film.painting.colours import mix
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.foreground import front
from soundstage.film.painting.interiors import lit_room, room, room_front
from soundstage.film.painting.layers import LIGHT, Layer, Plane, encoded, flattened, written
from soundstage.film.painting.palettes import Light, colours_for, light_for
from soundstage.film.painting.places import OUTDOORS, landmark
from soundstage.film.painting.raster import Sheet, ellipse
from soundstage.film.painting.scene import Scene, stable_seed
from soundstage.film.painting.space import airless_light, in_space
from soundstage.film.painting.staging import staging_for
from soundstage.film.painting.things import thing_named
from soundstage.models.film import FRAME_SIZES, FilmSettings, Picture
from soundstage.models.story import PartId, Shot, Storyboard
from soundstage.models.told import told

_ROOFED = frozenset({"cave", "space"})
"""Out of doors, and nothing falls there: in a cave, beyond the air."""


def paint(
    storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str = ""
) -> Picture:
    """Paint one shot and write its layers, far ones first, as PNG with straight alpha into ``folder``.

    1.3 times the frame of the settings' aspect and quality, composed for that aspect. The same shot, seed, settings
    and layout before give the same bytes. ``previous_layout``: of the shot before, which this one will not repeat.
    """
    size = _size(settings)
    scene = _scene(storyboard, shot, settings, size, previous_layout)
    notes: list[str] = []
    layers, boxes, focus = _layers(scene, storyboard, shot, notes)
    folder.mkdir(parents=True, exist_ok=True)
    return Picture(
        width=size[0],
        height=size[1],
        layers=[written(layer, f"{shot.id}-{number}", folder) for number, layer in enumerate(layers)],
        provider="embedded",
        layout=scene.staging.layout,
        palette=scene.colours.model(),
        figures=boxes,
        focus=focus,
        notes=notes,
    )


def layout_of(storyboard: Storyboard, shot: Shot, settings: FilmSettings, *, previous_layout: str = "") -> str:
    """The layout that ``paint`` will choose, without painting."""
    return staging_for(storyboard, shot, _size(settings), previous_layout).layout


def _size(settings: FilmSettings) -> tuple[int, int]:
    wide, high = FRAME_SIZES[settings.aspect, settings.quality]
    return 2 * round(wide * OVERSIZE / 2), 2 * round(high * OVERSIZE / 2)


def _scene(storyboard: Storyboard, shot: Shot, settings: FilmSettings, size: tuple[int, int], previous: str) -> Scene:
    staging = staging_for(storyboard, shot, size, previous)
    colours = colours_for(shot.setting, settings.style)
    light = light_for(shot.setting, staging.landmark_x + (0.04 if staging.hero_x < 0.5 else -0.04), staging.horizon)
    if any(who.character in heavenly(storyboard) for who in shot.cast):
        light = replace(light, disc=False)  # the moon of the story is the only one
    if any(thing_named(text) == "rainbow" for text in shot.setting.things):
        light = replace(light, disc=False)  # it is behind who sees a rainbow
    seed = (
        stable_seed(
            storyboard.stable_seed,
            shot.setting.place,
            shot.setting.place_id or shot.setting.place_name,
            shot.seed,
            shot.id,
        )
        % 2**31
    )
    scene = Scene(size, shot.setting, settings.style, colours, light, staging, seed)
    scene.told = frozenset(told(shot.prompt))
    scene.softness = {"medium": 0.0016, "close": 0.0045, "detail": 0.0045}.get(shot.size, 0.0) * scene.u
    if shot.setting.place == "space":
        scene.colours, scene.light = in_space(scene), airless_light(scene)
    if scene.room is not None:
        return lit_room(scene)
    if shot.setting.place == "cave":
        scene.light = Light("sun" if colours.dark < 0.8 else "moon", light.x, staging.ground - 0.2, 0.03, 0.8, False)
    return scene


def _layers(
    scene: Scene, storyboard: Storyboard, shot: Shot, notes: list[str]
) -> tuple[list[Layer], dict[PartId, Box], tuple[float, float]]:
    indoors = scene.room is not None
    found = [encoded("sky", skies.sky(scene), 0.0, "none"), *_heavens(scene, shot, indoors=indoors)]
    if indoors or shot.setting.place == "cave":
        found += _falling(scene, "falling", 0.1)
    place = room(scene) if indoors else OUTDOORS[shot.setting.place](scene)
    if not indoors:
        landmark(scene, place)
    found += place.layers
    figures, boxes, focus = Casting(scene, storyboard, shot, place, notes).painted()
    if not indoors:
        if (mist := _mist(scene)) is not None:
            found += _kept(flattened(scene, Plane("mist", mist, LIGHT, "smoke"), depth=0.46))
        if shot.setting.place not in _ROOFED:
            found += _falling(scene, "falling", 0.5)
    depth = 0.58 if scene.staging.view == "side" else 0.74
    touch = Touch(depth=depth, air=_air_of_figures(shot), rim=0.9, texture=0.45, subject=True)
    found += _kept(flattened(scene, Plane("figures", figures, touch)))
    del figures  # a sheet of 30 MB, while the next ones are painted
    if (glow := skies.glow_sheet(scene)) is not None:
        found += _kept(flattened(scene, Plane("glow", glow, LIGHT, "glow"), depth=0.6))
    if shot.size not in ("close", "detail"):
        near = room_front(scene) if indoors else front(scene)
        if near is not None:
            found += _kept(flattened(scene, near, soft=0.0016 * scene.u))
    if not indoors and shot.setting.place not in _ROOFED:
        found += _falling(scene, "falling near", 0.95)
    return found, boxes, focus


def _heavens(scene: Scene, shot: Shot, *, indoors: bool) -> Iterator[Layer]:
    if (stars := skies.stars(scene)) is not None:
        yield from _kept(flattened(scene, Plane("stars", stars, LIGHT, "stars"), depth=0.01))
    if shot.setting.place != "space" and (clouds := skies.clouds(scene)) is not None:
        touch = Touch(depth=0.05, air=0.15, rim=0.8, texture=0.4)
        yield from _kept(flattened(scene, Plane("clouds", clouds, touch, "clouds")))
    for name, sheet, motion in aloft(scene, shot):
        yield from _kept(flattened(scene, Plane(name, sheet, LIGHT, motion), depth=0.06))
    if not indoors and (bolt := skies.lightning(scene)) is not None:
        yield from _kept(flattened(scene, Plane("bolt", bolt, LIGHT), depth=0.06))


def _kept(layer: Layer | None) -> list[Layer]:
    return [] if layer is None else [layer]


def _falling(scene: Scene, name: str, depth: float) -> list[Layer]:
    rgba = skies.precipitation(scene, near=depth > 0.9)
    if rgba is None:
        return []
    return [encoded(name, rgba, depth, "snow" if scene.setting.weather == "snow" else "rain")]


def _air_of_figures(shot: Shot) -> float:
    far = {"extreme_wide": 0.1, "wide": 0.05}.get(shot.size, 0.0)
    return far + (0.06 if far and shot.setting.weather == "fog" else 0.0)


def _mist(scene: Scene) -> Sheet | None:
    if scene.setting.weather != "fog":
        return None
    rng, sheet = scene.rng("mist"), scene.sheet()
    for _ in range(9):
        x, y = rng.uniform(0, 1) * scene.w, scene.h * (scene.staging.ground - rng.uniform(0.02, 0.24))
        sheet.fill(
            ellipse(x, y, scene.u * rng.uniform(0.4, 0.9), scene.u * rng.uniform(0.03, 0.07)),
            mix(scene.colours.horizon, scene.colours.light, 0.25),
            opacity=0.4,
            soft=scene.u * 0.04,
        )
    return sheet
