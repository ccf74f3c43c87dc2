"""What lights a room: its window, a lamp, a screen, a stage."""

from dataclasses import replace

import numpy as np

from soundstage.film.painting.colours import mix, rgb
from soundstage.film.painting.interiors.halls import screen_box
from soundstage.film.painting.interiors.measures import WITHOUT_WINDOWS, floor_height, window_box
from soundstage.film.painting.palettes import Light
from soundstage.film.painting.scene import Scene

_LAMPS = {"cabin": "#cfe0f0", "ward": "#f4ecd8", "bus": "#f0ead8", "office": "#f6e6c0"}
"""Of rooms whose light is no warm one."""


def lit_room(scene: Scene) -> Scene:
    """By day the window is the light; in the dark a lamp in the room is, and the room is warm."""
    if scene.room in WITHOUT_WINDOWS:
        return _hall(scene)
    x0, y0, x1, y1 = window_box(scene)
    c = scene.colours
    by_lamp = (
        scene.room == "cabin"
        or scene.setting.time_of_day == "night"
        or (scene.setting.time_of_day in ("dusk", "dawn") and scene.setting.weather in ("rain", "storm"))
        or scene.setting.weather == "storm"
    )
    if by_lamp:
        if "unlit" in scene.told and scene.room != "cabin":
            return _without_lamp(scene)
        between = 0.5 * (scene.staging.hero_x + scene.staging.landmark_x)
        height = 0.0 if scene.room == "cabin" else floor_height(scene) - 0.3
        scene.light = Light("lamp", between, height, 0.05, 0.85 if height else 0.4, False)
        warm = mix(rgb(_LAMPS.get(scene.room or "", "#ffd9a0")), np.ones(3, np.float32), 0.2)
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


def _hall(scene: Scene) -> Scene:
    """Dark but for the screen, or for the stage."""
    c = scene.colours
    if scene.room == "theatre":
        scene.light = Light("lamp", scene.staging.hero_x, 0.02, 0.05, 0.9, False)
        ambient = np.asarray(mix(rgb("#ffdca8"), np.ones(3, np.float32), 0.2) * np.float32(0.82), np.float32)
        scene.colours = replace(c, ambient=ambient, light=mix(c.light, c.glow, 0.6), dark=0.5)
        return scene
    x0, y0, x1, y1 = screen_box(scene)
    y = 0.5 * (y0 + y1) / scene.h
    x = 0.5 * (x0 + x1) / scene.w if not scene.softness else (1.05 if scene.staging.hero_x < 0.5 else -0.05)
    scene.light = Light("lamp", x, y, 0.06, 0.85, False)
    cool = rgb("#bcd4ee")
    ambient = np.asarray(mix(cool, np.ones(3, np.float32), 0.25) * np.float32(0.5), np.float32)
    scene.colours = replace(
        c, ambient=ambient, light=mix(c.light, cool, 0.6), horizon=mix(c.horizon, cool, 0.3), dark=0.7
    )
    return scene


def _without_lamp(scene: Scene) -> Scene:
    """The lamp is out: what comes through the window is all there is."""
    x0, y0, x1, y1 = window_box(scene)
    c = scene.colours
    scene.light = Light("window", (x0 + x1) / 2 / scene.w, (y0 + y1) / 2 / scene.h, 0.05, 0.35, False)
    ambient = np.asarray(mix(rgb("#8ea2cc"), np.ones(3, np.float32), 0.1) * np.float32(0.42), np.float32)
    scene.colours = replace(c, ambient=ambient, light=mix(c.light, rgb("#b8c8ec"), 0.5), dark=0.85)
    return scene
