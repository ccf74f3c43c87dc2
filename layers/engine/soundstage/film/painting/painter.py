"""A shot as a picture: staging, light, place, figures, weather; written as layers that the camera moves apart."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from soundstage.film.compositing import OVERSIZE
from soundstage.film.painting import skies
from soundstage.film.painting.casting import Casting
from soundstage.film.painting.colours import mix, rgb
from soundstage.film.painting.finish import Rgba, Touch, finished
from soundstage.film.painting.foreground import front
from soundstage.film.painting.interiors import INTERIORS, floor_height, room, room_front, window_box
from soundstage.film.painting.palettes import Light, colours_for, light_for
from soundstage.film.painting.places import OUTDOORS
from soundstage.film.painting.raster import Sheet, ellipse
from soundstage.film.painting.scene import Motion, Scene, stable_seed
from soundstage.film.painting.staging import staging_for
from soundstage.film.painting.terrain import Plane
from soundstage.models.film import FRAME_SIZES, FilmSettings, LayerFile, Picture
from soundstage.models.story import PartId, Shot, Storyboard

_LIGHT = Touch(depth=0.5, air=0.0, rim=0.0, shadow=False, texture=0.0)


@dataclass
class _Layer:
    name: str
    rgba: Rgba
    depth: float
    motion: Motion


def paint(
    storyboard: Storyboard, shot: Shot, settings: FilmSettings, folder: Path, *, previous_layout: str = ""
) -> Picture:
    """Paint one shot and write its layers, far ones first, as PNG with straight alpha into ``folder``.

    1.3 times the frame of the settings' aspect and quality, composed for that aspect. The same shot, seed, settings
    and layout before give the same bytes. ``previous_layout``: of the shot before, which this one will not repeat.
    """
    wide, high = FRAME_SIZES[settings.aspect, settings.quality]
    size = (2 * round(wide * OVERSIZE / 2), 2 * round(high * OVERSIZE / 2))
    scene = _scene(storyboard, shot, settings, size, previous_layout)
    notes: list[str] = []
    layers, boxes, focus = _layers(scene, storyboard, shot, notes)
    folder.mkdir(parents=True, exist_ok=True)
    return Picture(
        width=size[0],
        height=size[1],
        layers=[_write(layer, shot.id, number, folder) for number, layer in enumerate(layers)],
        provider="embedded",
        layout=scene.staging.layout,
        palette=scene.colours.model(),
        figures=boxes,
        focus=focus,
        notes=notes,
    )


def _scene(storyboard: Storyboard, shot: Shot, settings: FilmSettings, size: tuple[int, int], previous: str) -> Scene:
    staging = staging_for(storyboard, shot, size, previous)
    colours = colours_for(shot.setting, settings.style)
    light = light_for(shot.setting, staging.landmark_x + (0.04 if staging.hero_x < 0.5 else -0.04), staging.horizon)
    seed = (
        stable_seed(
            storyboard.title, shot.setting.place, shot.setting.place_id or shot.setting.place_name, shot.seed, shot.id
        )
        % 2**31
    )
    scene = Scene(size, shot.setting, settings.style, colours, light, staging, seed)
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
) -> tuple[list[_Layer], dict[PartId, tuple[float, float, float, float]], tuple[float, float]]:
    indoors = shot.setting.place in INTERIORS
    layers = [_Layer("sky", skies.sky(scene), 0.0, "none")]
    if (lights := skies.stars(scene)) is not None:
        layers.append(_Layer("stars", finished(scene, lights, _LIGHT), 0.01, "stars"))
    if (drifting := skies.clouds(scene)) is not None:
        touch = Touch(depth=0.05, air=0.15, rim=0.8, texture=0.4)
        layers.append(_Layer("clouds", finished(scene, drifting, touch), 0.05, "clouds"))
    if not indoors and (bolt := skies.lightning(scene)) is not None:
        layers.append(_Layer("bolt", finished(scene, bolt, _LIGHT), 0.06, "none"))
    if indoors and (falling := skies.precipitation(scene, near=False)) is not None:
        layers.append(_Layer("falling", falling, 0.1, "snow" if shot.setting.weather == "snow" else "rain"))
    place = room(scene) if indoors else OUTDOORS[shot.setting.place](scene)
    softness = {"medium": 0.0016, "close": 0.0045, "detail": 0.0045}.get(shot.size, 0.0)
    blur = softness * scene.u
    layers += [_flattened(scene, plane, blur * (1.2 - plane.touch.depth)) for plane in place.planes]
    figures, boxes, focus = Casting(scene, storyboard, shot, place, notes).painted()
    if not indoors:
        if (mist := _mist(scene)) is not None:
            layers.append(
                _Layer(
                    "mist",
                    finished(scene, mist, _LIGHT),
                    0.46,
                    "smoke",
                )
            )
        if (falling := skies.precipitation(scene, near=False)) is not None:
            layers.append(_Layer("falling", falling, 0.5, "snow" if shot.setting.weather == "snow" else "rain"))
    depth = 0.58 if scene.staging.view == "side" else 0.74
    layers.append(
        _Layer(
            "figures",
            finished(
                scene,
                figures,
                Touch(depth=depth, air=_air_of_figures(shot), rim=0.9, texture=0.45, shadow=True, subject=True),
            ),
            depth,
            "none",
        )
    )
    if (glow := skies.glow_sheet(scene)) is not None:
        layers.append(_Layer("glow", finished(scene, glow, _LIGHT), 0.6, "glow"))
    near = room_front(scene) if indoors else front(scene)
    if near is not None and shot.size not in ("close", "detail"):
        layers.append(_flattened(scene, near, 0.0016 * scene.u))
    if not indoors and (falling := skies.precipitation(scene, near=True)) is not None:
        layers.append(_Layer("falling near", falling, 0.95, "snow" if shot.setting.weather == "snow" else "rain"))
    return [layer for layer in layers if layer.rgba[..., 3].any()], boxes, focus


def _air_of_figures(shot: Shot) -> float:
    return {"extreme_wide": 0.1, "wide": 0.05}.get(shot.size, 0.0) + (
        0.06 if shot.setting.weather == "fog" and shot.size in ("wide", "extreme_wide") else 0.0
    )


def _flattened(scene: Scene, plane: Plane, soft: float) -> _Layer:
    rgba = finished(scene, plane.sheet, plane.touch)
    if soft > 0.5 and scene.style in ("dusk_gouache", "night_lantern", "ink_wash"):
        rgba = _softened(rgba, soft)
    return _Layer(plane.name, rgba, plane.touch.depth, plane.motion)


def _softened(rgba: Rgba, sigma: float) -> Rgba:
    """Out of focus: what is not the subject of a near view."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    sharp = np.dstack([rgba[..., :3] * alpha, alpha * 255]).astype(np.float32)
    paint_ = cv2.GaussianBlur(sharp, (0, 0), sigma)
    colour = paint_[..., :3] / np.maximum(paint_[..., 3:] / 255, 1e-3)
    return np.dstack([colour, paint_[..., 3]]).clip(0, 255).round().astype(np.uint8)


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


def _write(layer: _Layer, shot: PartId, number: int, folder: Path) -> LayerFile:
    bgra = np.ascontiguousarray(layer.rgba[..., [2, 1, 0, 3]])
    encoded = cv2.imencode(".png", bgra, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    name = f"{shot}-{number}-{layer.name.replace(' ', '-')}.png"
    part = folder / f".{name}.{os.getpid()}.part"
    part.write_bytes(encoded)
    part.replace(folder / name)
    return LayerFile(
        file=name,
        sha256=hashlib.sha256(encoded).hexdigest(),
        depth=round(layer.depth, 4),
        motion=layer.motion,
        name=layer.name,
    )


__all__ = ["paint"]
