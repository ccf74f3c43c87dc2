"""A shot as a picture: staging, light, place, figures, weather; written as layers that the camera moves apart."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from soundstage.film.compositing import OVERSIZE
from soundstage.film.painting import skies
from soundstage.film.painting.casting import Box, Casting, heavenly
from soundstage.film.painting.colours import mix, rgb
from soundstage.film.painting.finish import Touch
from soundstage.film.painting.foreground import front
from soundstage.film.painting.interiors import INTERIORS, floor_height, room, room_front, window_box
from soundstage.film.painting.layers import LIGHT, Layer, Plane, encoded, flattened, written
from soundstage.film.painting.palettes import Light, colours_for, light_for
from soundstage.film.painting.places import OUTDOORS, landmark
from soundstage.film.painting.raster import Sheet, ellipse
from soundstage.film.painting.scene import Scene, stable_seed
from soundstage.film.painting.staging import staging_for
from soundstage.models.film import FRAME_SIZES, FilmSettings, Picture
from soundstage.models.story import PartId, Shot, Storyboard


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
    scene.softness = {"medium": 0.0016, "close": 0.0045, "detail": 0.0045}.get(shot.size, 0.0) * scene.u
    if shot.setting.place in INTERIORS:
        return _indoors(scene)
    if shot.setting.place == "cave":
        scene.light = Light("sun" if colours.dark < 0.8 else "moon", light.x, staging.ground - 0.2, 0.03, 0.8, False)
    if shot.setting.place == "space":
        scene.colours = replace(
            colours,
            zenith=mix(colours.zenith, rgb("#05060f"), 0.85),
            horizon=mix(colours.horizon, rgb("#1c1a48"), 0.75),
            dark=max(0.6, colours.dark),
            shade=mix(colours.shade, rgb("#2a2750"), 0.5),
            foreground=mix(colours.foreground, rgb("#06060f"), 0.6),
        )
        if settings.style == "ink_wash":
            scene.colours = replace(scene.colours, zenith=rgb("#2c2f38"), horizon=rgb("#5a5c66"))
    return scene


def _indoors(scene: Scene) -> Scene:
    """By day the window is the light; in the dark a lamp in the room is, and the room is warm."""
    x0, y0, x1, y1 = window_box(scene)
    c = scene.colours
    by_lamp = (
        scene.setting.time_of_day == "night"
        or (scene.setting.time_of_day in ("dusk", "dawn") and scene.setting.weather in ("rain", "storm"))
        or scene.setting.weather == "storm"
    )
    if by_lamp:
        between = 0.5 * (scene.staging.hero_x + scene.staging.landmark_x)
        scene.light = Light("lamp", between, floor_height(scene) - 0.3, 0.05, 0.85, False)
        warm = mix(rgb("#ffd9a0"), np.ones(3, np.float32), 0.2)
        dim = 0.72 if scene.style != "night_lantern" else 0.55
        scene.colours = replace(
            c, ambient=np.asarray(warm * np.float32(dim), np.float32), light=mix(c.light, c.glow, 0.75), dark=0.55
        )
    else:
        strength = {"rain": 0.45, "storm": 0.35, "cloudy": 0.6, "fog": 0.5, "snow": 0.65}.get(
            scene.setting.weather, 0.85
        )
        scene.light = Light("window", (x0 + x1) / 2 / scene.w, (y0 + y1) / 2 / scene.h, 0.05, strength, False)
        scene.colours = replace(c, dark=min(c.dark, 0.4))
    return scene


def _layers(
    scene: Scene, storyboard: Storyboard, shot: Shot, notes: list[str]
) -> tuple[list[Layer], dict[PartId, Box], tuple[float, float]]:
    indoors = shot.setting.place in INTERIORS
    found = [encoded("sky", skies.sky(scene), 0.0, "none"), *_heavens(scene, indoors=indoors)]
    if indoors:
        found += _falling(scene, "falling", 0.1)
    place = room(scene) if indoors else OUTDOORS[shot.setting.place](scene)
    if not indoors:
        landmark(scene, place)
    found += place.layers
    figures, boxes, focus = Casting(scene, storyboard, shot, place, notes).painted()
    if not indoors:
        if (mist := _mist(scene)) is not None:
            found += _kept(flattened(scene, Plane("mist", mist, LIGHT, "smoke"), depth=0.46))
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
    if not indoors:
        found += _falling(scene, "falling near", 0.95)
    return found, boxes, focus


def _heavens(scene: Scene, *, indoors: bool) -> Iterator[Layer]:
    if (stars := skies.stars(scene)) is not None:
        yield from _kept(flattened(scene, Plane("stars", stars, LIGHT, "stars"), depth=0.01))
    if (clouds := skies.clouds(scene)) is not None:
        touch = Touch(depth=0.05, air=0.15, rim=0.8, texture=0.4)
        yield from _kept(flattened(scene, Plane("clouds", clouds, touch, "clouds")))
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
