"""A shot as a picture: staging, light, place, figures, weather; written as layers that the camera moves apart."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from soundstage.film.compositing import OVERSIZE
from soundstage.film.painting import skies
from soundstage.film.painting.animals import draw_animal, flies_or_swims, metres_of, species_named
from soundstage.film.painting.colours import Colour, darker, mix, rgb
from soundstage.film.painting.finish import Rgba, Touch, finished
from soundstage.film.painting.interiors import INTERIORS, bed, floor_height, room, room_front, window_box
from soundstage.film.painting.palettes import Light, colours_for, light_for
from soundstage.film.painting.pen import Pen
from soundstage.film.painting.people import Person, height_of
from soundstage.film.painting.places import OUTDOORS, Place, Plane, front
from soundstage.film.painting.raster import Sheet, bounds, box, ellipse, smooth, stroke
from soundstage.film.painting.scene import Motion, Scene, stable_seed
from soundstage.film.painting.staging import staging_for
from soundstage.film.painting.things import THINGS, draw_thing, thing_named
from soundstage.models.film import FRAME_SIZES, FilmSettings, LayerFile, Picture
from soundstage.models.story import Character, PartId, Presence, Shot, Storyboard

MOST_FIGURES = 4
_DEFAULT_THINGS = {
    "sea": "boat", "shore": "shell", "lake": "rowboat", "river": "stone", "forest": "lantern", "mountain": "map", "field": "flower",
    "desert": "bottle", "village": "door", "city": "umbrella", "street": "umbrella", "garden": "flower", "castle": "key",
    "lighthouse": "lantern", "harbour": "rope", "bridge": "lantern", "cave": "torch", "sky": "kite", "space": "rocket", "road": "chest",
    "home": "lamp", "kitchen": "cup", "bedroom": "candle", "classroom": "book", "library": "book", "workshop": "key", "market": "basket",
    "station": "clock", "interior": "door", "plain": "lantern",
}  # fmt: skip


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
    for name, sheet, depth, motion in (
        ("stars", skies.stars(scene), 0.01, "stars"),
        ("clouds", skies.clouds(scene), 0.05, "clouds"),
        ("bolt", skies.lightning(scene) if not indoors else None, 0.06, "none"),
    ):
        if sheet is not None:
            layers.append(
                _Layer(
                    name,
                    finished(
                        scene,
                        sheet,
                        Touch(
                            depth=depth,
                            air=0.0 if name != "clouds" else 0.15,
                            rim=0.8,
                            texture=0.4 if name == "clouds" else 0.0,
                            shadow=name == "clouds",
                        ),
                    ),
                    depth,
                    motion,
                )
            )  # type: ignore[arg-type]
    if indoors and (falling := skies.precipitation(scene, near=False)) is not None:
        layers.append(_Layer("falling", falling, 0.1, "snow" if shot.setting.weather == "snow" else "rain"))
    place = room(scene) if indoors else OUTDOORS[shot.setting.place](scene)
    softness = {"medium": 0.0016, "close": 0.0045, "detail": 0.0045}.get(shot.size, 0.0)
    for plane in place.planes:
        layers.append(_flattened(scene, plane, softness * scene.u * (1.2 - plane.touch.depth)))
    figures, boxes, focus = _figures(scene, storyboard, shot, place, notes)
    if not indoors:
        if (mist := _mist(scene)) is not None:
            layers.append(
                _Layer(
                    "mist",
                    finished(scene, mist, Touch(depth=0.46, air=0, rim=0, shadow=False, texture=0)),
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
        layers.append(
            _Layer(
                "glow", finished(scene, glow, Touch(depth=0.6, air=0, rim=0, shadow=False, texture=0.0)), 0.6, "glow"
            )
        )
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
    paint_ = np.dstack([rgba[..., :3] * alpha, alpha * 255]).astype(np.float32)
    paint_ = cv2.GaussianBlur(paint_, (0, 0), sigma)
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


# Figures --------------------------------------------------------------------------------------------------------------


def _figures(
    scene: Scene, storyboard: Storyboard, shot: Shot, place: Place, notes: list[str]
) -> tuple[Sheet, dict[PartId, tuple[float, float, float, float]], tuple[float, float]]:
    sheet = scene.sheet()
    boxes: dict[PartId, tuple[float, float, float, float]] = {}
    cast = [presence for presence in shot.cast if presence.character in {c.id for c in storyboard.characters}][
        :MOST_FIGURES
    ]
    if len(shot.cast) > len(cast):
        notes.append(f"{len(shot.cast) - len(cast)} of the cast are not in the picture.")
    spots = (
        _spots(
            scene,
            [
                _width_of(scene, storyboard.character(presence.character), presence, shot, len(cast))
                for presence in cast
            ],
        )
        if cast
        else []
    )
    _stand_things(scene, sheet, shot, place)
    for number in reversed(range(len(cast))):
        own = scene.sheet()
        x, scale = spots[number]
        _figure(
            scene,
            own,
            storyboard.character(cast[number].character),
            cast[number],
            shot,
            place,
            x,
            scale,
            len(cast),
            notes,
        )
        found = bounds(own.alpha)
        sheet.over(own)
        if found is not None:
            boxes[cast[number].character] = (
                found[0] / scene.w,
                found[1] / scene.h,
                found[2] / scene.w,
                found[3] / scene.h,
            )
    if scene.staging.view == "thing":
        _thing(scene, sheet, shot)
    if cast and cast[0].character in boxes:
        x0, y0, x1, y1 = boxes[cast[0].character]
        focus = ((x0 + x1) / 2, y0 + 0.35 * (y1 - y0))
    else:
        focus = (scene.staging.landmark_x, scene.staging.horizon)
    return sheet, boxes, (round(float(np.clip(focus[0], 0, 1)), 4), round(float(np.clip(focus[1], 0, 1)), 4))


def _spots(scene: Scene, widths: list[float]) -> list[tuple[float, float]]:
    """x (share of the width) and scale of each figure: the hero on a third, the others where it looks, beside each
    other by their widths (pixels)."""
    d = 1 if scene.staging.hero_x < 0.5 else -1
    places = [scene.staging.hero_x]
    for number in range(1, len(widths)):
        step = (0.5 * (widths[number - 1] + widths[number]) + 0.05 * scene.u) / scene.w
        places.append(places[-1] + d * step)
    low = min(x - 0.5 * wide / scene.w for x, wide in zip(places, widths, strict=True))
    high = max(x + 0.5 * wide / scene.w for x, wide in zip(places, widths, strict=True))
    inside = 0.07
    if high - low > 1 - 2 * inside:
        middle = (low + high) / 2
        places = [0.5 + (x - middle) * (1 - 2 * inside) / (high - low) for x in places]
    else:
        shift = max(0.0, inside - low) - max(0.0, high - (1 - inside))
        if len(places) > 1:
            shift += (0.5 - (low + high) / 2 - shift) * 0.5
        places = [x + shift for x in places]
    return [(x, 1.0 if number == 0 else 0.97 if number == 1 else 0.9) for number, x in enumerate(places)]


def _width_of(scene: Scene, character: Character, presence: Presence, shot: Shot, count: int) -> float:
    """About how wide it will be, pixels."""
    adult = scene.staging.hero_height * scene.u
    animal = _animal_of(character, [])
    if animal is not None:
        return _beast_size(scene, animal, shot, adult, count)[1]
    tall = height_of(character) * adult
    if character.kind == "thing":
        return 0.3 * scene.u
    return tall * {"lying": 1.05, "running": 0.75, "flying": 1.1, "walking": 0.5, "swimming": 0.7}.get(
        presence.stance, 0.42
    )


def _silhouette(scene: Scene, shot: Shot) -> float:
    """Far away, at night and in front of a lamp: shapes."""
    far = {"extreme_wide": 0.28, "wide": 0.08}.get(shot.size, 0.0)
    return min(
        0.7,
        far
        + 0.12 * scene.colours.dark * (1.0 if shot.size in ("extreme_wide", "wide", "full") else 0.3)
        + (0.1 if scene.style == "night_lantern" else 0.0),
    )


def _brightness(shot: Shot) -> float:
    """Whoever the picture is about is seen better than the place."""
    return {"extreme_wide": 0.25, "wide": 0.4, "full": 0.5}.get(shot.size, 0.6)


def _figure(
    scene: Scene, sheet: Sheet, character: Character, presence: Presence, shot: Shot, place: Place, x: float, scale: float, count: int, notes: list[str]
) -> None:  # fmt: skip
    pen = Pen(scene, sheet, silhouette=_silhouette(scene, shot), bright=_brightness(shot))
    staging = scene.staging
    adult = staging.hero_height * scene.u * scale
    px = x * scene.w
    feet = staging.ground * scene.h
    if place.ground_line is not None and staging.view == "side" and shot.size in ("extreme_wide", "wide", "full"):
        feet = (
            max(feet, float(place.ground_line[int(np.clip(px, 0, scene.w - 1))]) + 0.02 * scene.u)
            if shot.setting.place != "bridge"
            else float(place.ground_line[int(np.clip(px, 0, scene.w - 1))])
        )
    feet -= (1 - scale) * 0.22 * scene.u
    animal = _animal_of(character, notes)
    if character.kind == "person" or (animal is None and character.kind != "thing"):
        _person(scene, pen, character, presence, shot, place, px, feet, adult)
    elif animal is not None:
        _beast(scene, pen, animal, character, presence, shot, place, px, feet, adult, count)
    else:
        _acting_thing(scene, pen, character, shot, px, feet, adult)


def _animal_of(character: Character, notes: list[str]) -> str | None:
    if character.kind == "person":
        return None
    words = (
        f"{character.species or ''} {character.name} {character.identity}"
        if character.species is None
        else character.species
    )
    found = species_named(words) or species_named(f"{character.name} {' '.join(character.aliases)}")
    if found is None and character.kind in ("animal", "creature"):
        notes.append(f"There is no drawing of '{character.species or character.name}'; a creature stands for it.")
        return "monster"
    return found


def _person(
    scene: Scene,
    pen: Pen,
    character: Character,
    presence: Presence,
    shot: Shot,
    place: Place,
    px: float,
    feet: float,
    adult: float,
) -> None:
    staging = scene.staging
    tall = height_of(character) * adult
    if shot.setting.place == "sky":
        presence = presence.model_copy(update={"stance": "flying"})
    near = shot.size in ("medium", "close")
    if near:
        presence = presence.model_copy(
            update={
                "stance": presence.stance
                if presence.stance in ("sitting", "kneeling", "standing") and shot.size != "close"
                else "standing"
            }
        )
        if presence.stance in ("sitting", "kneeling"):
            presence = presence.model_copy(update={"stance": "standing"})
        if shot.size == "close":
            adult *= min(1.6, 1.0 / height_of(character)) if character.age == "child" else 1.0
            tall = height_of(character) * adult
        feet = (0.2 if shot.size == "medium" else 0.16) * scene.h + tall
        if staging.view == "behind":
            presence = presence.model_copy(update={"facing": "away"})
            feet += 0.06 * scene.h
    if shot.size == "detail":
        presence = presence.model_copy(
            update={"stance": "standing" if presence.stance in ("lying", "flying", "swimming") else presence.stance}
        )
        px = scene.w - px
        feet = (staging.ground - 0.03) * scene.h
    swimming = presence.stance == "swimming"
    in_bed = presence.stance == "lying" and shot.setting.place == "bedroom" and not near
    if in_bed:
        x, top, side = bed(scene)
        presence = presence.model_copy(update={"facing": "right" if side > 0 else "left"})
        adult = min(adult, 0.6 * scene.u / height_of(character))
        tall = height_of(character) * adult
        px, feet = x - side * 0.21 * scene.u + side * 0.74 * tall, top + 0.1 * adult
    boat = place.afloat and place.waterline is not None and not swimming and presence.stance != "flying" and not near
    if swimming and place.waterline is None and shot.setting.place != "river":
        presence = presence.model_copy(update={"stance": "walking"})
        swimming = False
    if not near and not place.afloat and not in_bed and presence.stance not in ("flying", "swimming"):
        _shadow(scene, pen.sheet, px, feet, 0.16 * adult)
    if boat:
        feet -= 0.03 * adult
    if swimming:
        feet = (place.waterline or staging.ground - 0.05) * scene.h + 0.66 * tall
    if presence.stance == "flying":
        feet = min(feet, 0.62 * scene.h)
    Person(
        pen,
        character,
        presence,
        (px, feet),
        adult,
        wind={"wind": 1.0, "storm": 1.0, "rain": 0.7}.get(scene.setting.weather, 0.5),
    ).draw()
    if in_bed:
        start, end, over = px - side * 0.40 * tall, x + side * 0.31 * scene.u, feet - 0.15 * adult
        blanket = smooth(
            [
                (start, over + 0.02 * adult),
                ((start + end) / 2, over),
                (end, over + 0.05 * adult),
                (end + side * 0.01 * scene.u, feet + 0.13 * scene.u),
                (start - side * 0.01 * scene.u, feet + 0.12 * scene.u),
            ],
            steps=6,
        )
        pen.fill(blanket, "#5f7fa8", shade=0.14)
        pen.fill(
            stroke(
                [(start, over + 0.01 * adult), (start - side * 0.01 * scene.u, feet + 0.12 * scene.u)], 0.035 * scene.u
            ),
            "#e6dcc8",
            shade=0.2,
        )
    if boat:
        draw_thing(
            Pen(scene, pen.sheet, silhouette=pen.silhouette * 0.6), "rowboat", px, feet + 0.12 * adult, 0.62 * adult
        )
        _cut_at(scene, pen.sheet, feet + 0.10 * adult)
    if swimming:
        _cut_at(scene, pen.sheet, (place.waterline or staging.ground - 0.05) * scene.h)


def _shadow(scene: Scene, sheet: Sheet, x: float, y: float, reach: float) -> None:
    away = -1 if scene.light.x * scene.w > x else 1
    sheet.fill(
        ellipse(x + away * 0.5 * reach, y + 0.01 * scene.u, reach * 1.15, 0.16 * reach),
        darker(scene.colours.foreground, 0.2),
        opacity=0.42,
        soft=max(1.0, 0.05 * reach),
    )


def _cut_at(scene: Scene, sheet: Sheet, y: float) -> None:
    """Nothing below the water; a light line where it is met."""
    columns = np.arange(scene.w, dtype=np.float32)
    line = y + 0.006 * scene.u * np.sin(columns / scene.u * 40) + 0.004 * scene.u * np.sin(columns / scene.u * 93)
    above = np.clip(line[None, :] - np.arange(scene.h, dtype=np.float32)[:, None] + 0.5, 0, 1)
    found = bounds(sheet.alpha * (np.abs(np.arange(scene.h, dtype=np.float32)[:, None] - y) < 3))
    sheet.alpha *= above
    sheet.colour *= above[..., None]
    sheet.kept *= above
    if found is not None:
        x0, x1 = found[0] - 0.03 * scene.u, found[2] + 0.03 * scene.u
        xs = np.linspace(x0, x1, 24)
        ys = np.interp(xs, columns, line)
        sheet.fill(
            stroke(np.column_stack([xs, ys]), [0.5, *np.full(22, 0.006 * scene.u), 0.5]),
            mix(scene.colours.light, scene.colours.horizon, 0.4),
            opacity=0.8,
        )


def _beast_size(scene: Scene, name: str, shot: Shot, adult: float, count: int) -> tuple[float, float]:
    """Height and length, pixels: true to life beside a person, within what can be seen."""
    alone = count == 1
    high = metres_of(name) * adult / 1.7
    least = {"extreme_wide": 0.055, "wide": 0.11, "full": 0.2, "medium": 0.3, "close": 0.36, "detail": 0.14}[
        shot.size
    ] * scene.u
    if alone:
        least = {"extreme_wide": 0.09, "wide": 0.2, "full": 0.34, "medium": 0.5, "close": 0.62, "detail": 0.2}[
            shot.size
        ] * scene.u
    most = {"extreme_wide": 0.3, "wide": 0.44, "full": 0.55, "medium": 0.62, "close": 0.7, "detail": 0.4}[
        shot.size
    ] * scene.u
    high = float(np.clip(high, least, most))
    if name == "whale":
        high *= 0.5
    long = {
        "whale": 3.2,
        "dolphin": 2.6,
        "shark": 2.6,
        "dragon": 3.0,
        "snake": 2.2,
        "bird": 1.3,
        "owl": 0.7,
        "penguin": 0.7,
        "robot": 0.8,
        "fish": 2.0,
    }.get(name, 1.7)
    high = min(high, 0.6 * scene.w / long) if count > 1 else min(high, 0.8 * scene.w / long)
    return high, long * high


def _beast(
    scene: Scene, pen: Pen, name: str, character: Character, presence: Presence, shot: Shot, place: Place, px: float, feet: float, adult: float, count: int
) -> None:  # fmt: skip
    high, long = _beast_size(scene, name, shot, adult, count)
    metre = high / metres_of(name)
    home = flies_or_swims(name)
    px = float(np.clip(px, 0.06 * scene.w + long / 2, 0.94 * scene.w - long / 2))
    near = shot.size in ("medium", "close")
    if shot.size == "detail":
        px = scene.w - px
    if near:
        feet = max(feet, 0.84 * scene.h if scene.h <= scene.w else 0.74 * scene.h)
    cut: float | None = None
    if home == "air" or presence.stance == "flying" or shot.setting.place == "sky":
        feet = min(feet, scene.staging.horizon * scene.h + 0.05 * scene.u)
    elif (place.waterline is not None or shot.setting.place == "river") and (
        home == "sea" or presence.stance == "swimming"
    ):
        level = place.waterline if place.waterline is not None else scene.staging.ground - 0.05
        cut = level * scene.h
        feet = cut + (0.2 if name == "whale" else 0.05 if name == "dolphin" else 0.5) * high
    elif place.afloat and shot.setting.place == "sea":
        draw_thing(
            Pen(scene, pen.sheet, silhouette=pen.silhouette * 0.6),
            "rowboat",
            px,
            feet + 0.05 * scene.u,
            max(0.5 * long, 0.16 * scene.u),
        )
        feet -= 0.02 * scene.u
    else:
        _shadow(scene, pen.sheet, px, feet, 0.42 * long)
    draw_animal(pen, name, character, presence, (px, feet), metre)
    if cut is not None:
        _cut_at(scene, pen.sheet, cut)


def _acting_thing(
    scene: Scene, pen: Pen, character: Character, shot: Shot, px: float, feet: float, adult: float
) -> None:
    """A thing with a will of its own: larger than life, with its own ribbon."""
    name = thing_named(f"{character.species or ''} {character.name} {' '.join(character.aliases)}") or "star"
    high = float(np.clip(THINGS[name][1] * adult / 1.7, 0.16 * scene.u, 0.46 * scene.u))
    if shot.size in ("medium", "close"):
        high, feet = 0.5 * scene.u, max(feet, 0.8 * scene.h)
    _shadow(scene, pen.sheet, px, feet, 0.3 * high)
    draw_thing(pen, name, px, feet, high)
    x, y = px, feet - 0.16 * high
    for side in (-1, 1):
        pen.accent(
            smooth(
                [
                    (x, y),
                    (x + side * 0.17 * high, y - 0.09 * high),
                    (x + side * 0.19 * high, y),
                    (x + side * 0.17 * high, y + 0.09 * high),
                ],
                steps=5,
            ),
            character.appearance.accent_colour,
        )
    pen.accent(ellipse(x, y, 0.05 * high, 0.05 * high), character.appearance.accent_colour)


def _stand_things(scene: Scene, sheet: Sheet, shot: Shot, place: Place) -> None:
    """Up to two things that the story puts into the place, at the side of the hero."""
    if shot.size in ("medium", "close", "detail") or place.afloat:
        return
    held = {thing_named(text) for presence in shot.cast for text in presence.holding}
    names = [name for name in map(thing_named, shot.setting.things) if name is not None and name not in held][:2]
    d = 1 if scene.staging.hero_x < 0.5 else -1
    pen = Pen(scene, sheet, silhouette=_silhouette(scene, shot) * 0.6)
    for number, name in enumerate(names):
        metres = THINGS[name][1]
        high = float(np.clip(metres * scene.staging.hero_height * scene.u / 1.7, 0.05 * scene.u, 0.42 * scene.u))
        x = (scene.staging.hero_x + d * (0.24 + 0.2 * number) * (1.0 if scene.w > scene.h else 1.15)) * scene.w
        x = float(np.clip(x, 0.1 * scene.w, 0.9 * scene.w))
        y = scene.staging.ground * scene.h
        if place.ground_line is not None:
            y = (
                max(y, float(place.ground_line[int(x)]) + 0.012 * scene.u)
                if shot.setting.place != "bridge"
                else float(place.ground_line[int(x)])
            )
        if name in ("star", "kite", "balloon") or shot.setting.place == "sky":
            y = scene.staging.horizon * scene.h * 0.7
        else:
            _shadow(scene, sheet, x, y, 0.35 * high)
        draw_thing(pen, name, x, y, high)


def _thing(scene: Scene, sheet: Sheet, shot: Shot) -> None:
    """One thing, large and near, on stone or wood."""
    named = [
        *(text for presence in shot.cast for text in presence.holding),
        *shot.setting.things,
        shot.prompt,
        shot.narration,
    ]
    name = next((found for found in map(thing_named, named) if found is not None), _DEFAULT_THINGS[shot.setting.place])
    x = scene.staging.hero_x * scene.w
    upright = scene.h > scene.w
    y = scene.h * (0.78 if not upright else 0.68)
    c = scene.colours
    indoors = shot.setting.place in INTERIORS
    top: Colour = (
        mix(mix(rgb("#8a6242"), c.shade, 0.2 + 0.3 * c.dark), c.foreground, 0.1)
        if indoors
        else mix(mix(c.earth, c.foliage, 0.25), c.shade, 0.3)
    )
    pen = Pen(scene, sheet, bright=0.6)
    if indoors:
        sheet.fill(
            box(-8, y - 0.02 * scene.h, scene.w + 8, scene.h + 8),
            mix(top, c.light, 0.1),
            to=mix(top, c.foreground, 0.65),
        )
        for k in range(5):
            level = y + scene.h * (0.02 + 0.05 * k)
            sheet.fill(
                stroke([(-8, level), (scene.w * 0.5, level + 4), (scene.w + 8, level - 3)], 2.0),
                mix(top, c.foreground, 0.5),
                opacity=0.5,
            )
    else:
        crest = smooth(
            [
                (-20, y + 0.03 * scene.h),
                (0.25 * scene.w, y - 0.005 * scene.h),
                (x, y - 0.02 * scene.h),
                (0.8 * scene.w, y + 0.01 * scene.h),
                (scene.w + 20, y + 0.04 * scene.h),
                (scene.w + 20, scene.h + 30),
                (-20, scene.h + 30),
            ],
            steps=8,
        )
        sheet.fill(crest, mix(top, c.light, 0.1), to=mix(top, c.foreground, 0.75))
    high = {
        "rope": 0.6,
        "stone": 0.55,
        "key": 0.62,
        "boat": 0.56,
        "rowboat": 0.42,
        "ship": 0.55,
        "cup": 0.5,
        "bread": 0.5,
        "table": 0.3,
        "bench": 0.4,
        "map": 0.55,
        "letter": 0.55,
        "book": 0.5,
        "car": 0.42,
        "cart": 0.42,
        "train": 0.5,
        "piano": 0.45,
        "staff": 0.6,
    }.get(name, 0.6) * min(scene.u, 0.9 * scene.h)
    _shadow(scene, sheet, x, y + 0.005 * scene.h, 0.42 * high)
    draw_thing(pen, name, x, y + 0.01 * scene.h, high)


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
