"""Five named colours per mood, hour, weather and style, and the light that everything in a picture obeys."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from soundstage.film.painting.colours import Colour, darker, hex_of, lighter, luma, mix, rgb, saturated
from soundstage.models.film import FilmStyle, Palette
from soundstage.models.story import Mood, Season, Setting, TimeOfDay, Weather

LightKind = Literal["sun", "moon", "window", "lamp", "none"]


@dataclass(frozen=True)
class Colours:
    """The palette as arrays; ``glow`` is what lamps and windows shed, ``foliage`` and ``earth`` what grows and lies."""

    light: Colour
    zenith: Colour
    horizon: Colour
    shade: Colour
    foreground: Colour
    glow: Colour
    foliage: Colour
    earth: Colour
    water: Colour
    ambient: Colour
    """What local colours are multiplied by out of the light."""
    dark: float
    """0 by day to 1 at night: how much of what is seen is silhouette."""

    def model(self) -> Palette:
        return Palette(
            light=hex_of(self.light),
            zenith=hex_of(self.zenith),
            horizon=hex_of(self.horizon),
            shade=hex_of(self.shade),
            foreground=hex_of(self.foreground),
        )


@dataclass(frozen=True)
class Light:
    """The one source: where it is in the picture (shares; may lie outside), how large (share of the height), how
    bright, and whether its disc is to be seen."""

    kind: LightKind
    x: float
    y: float
    size: float
    strength: float
    disc: bool


# light, zenith, horizon, shade, foreground, how dark. Chosen by eye against each other.
_HOURS: dict[TimeOfDay, tuple[str, str, str, str, str, float]] = {
    "dawn": ("#fff0cf", "#6f8fc4", "#ffcfae", "#7d739f", "#2b2f52", 0.35),
    "morning": ("#fff6d8", "#5ea9dc", "#e6efdd", "#6a8fa8", "#22424c", 0.05),
    "noon": ("#fffbe8", "#3f93d6", "#cdeaf0", "#5c8a9c", "#1d4038", 0.0),
    "afternoon": ("#ffeebb", "#4f93c8", "#fbe0ac", "#7a8790", "#38382c", 0.1),
    "dusk": ("#ffeec2", "#2b3068", "#ff9f6e", "#7c4a7e", "#191934", 0.6),
    "night": ("#eaf0ff", "#0a1130", "#2f4a7c", "#1d2a54", "#060a1a", 1.0),
}
_SEASONS: dict[Season, tuple[str, str]] = {
    "spring": ("#86b05a", "#8f8a5c"),
    "summer": ("#4f8a4c", "#8a8350"),
    "autumn": ("#c9762f", "#8f6a3c"),
    "winter": ("#6f8a8c", "#e4ebf2"),
}
_GREY = rgb("#8f9aa6")


def colours_for(setting: Setting, style: FilmStyle) -> Colours:
    """All that a place, its hour, weather, season and mood say, in the style's own key."""
    light, zenith, horizon, shade, foreground, dark = _HOURS[setting.time_of_day]
    foliage, earth = _SEASONS[setting.season or ("winter" if setting.weather == "snow" else "summer")]
    if setting.weather == "snow":
        earth = _SEASONS["winter"][1]
    named = {
        "light": rgb(light),
        "zenith": rgb(zenith),
        "horizon": rgb(horizon),
        "shade": rgb(shade),
        "foreground": rgb(foreground),
    }
    named, dark = _weathered(named, dark, setting.weather)
    named = _in_mood(named, setting.mood)
    warm = rgb("#ffc766")
    ambient = _ambient(named["zenith"], named["horizon"], dark)
    dimmed = mix(np.ones(3, np.float32), ambient, 0.6)
    colours = Colours(
        **named,
        glow=warm,
        foliage=mix(rgb(foliage) * dimmed, named["shade"], 0.12 + 0.3 * dark),
        earth=mix(rgb(earth) * dimmed, named["shade"], 0.15 + 0.35 * dark),
        water=mix(mix(named["zenith"], rgb("#2a6f86"), 0.4 * (1 - dark)), named["shade"], 0.35),
        ambient=ambient,
        dark=dark,
    )
    return _IN_STYLE[style](colours, setting)


def _ambient(zenith: Colour, horizon: Colour, dark: float) -> Colour:
    tint = mix(zenith, horizon, 0.5)
    tint = tint / max(float(tint.max()), 1e-3)
    return np.asarray((1 - 0.62 * dark) * mix(np.ones(3, np.float32), tint, 0.18 + 0.5 * dark), np.float32)


def _weathered(named: dict[str, Colour], dark: float, weather: Weather) -> tuple[dict[str, Colour], float]:
    """Cloud takes colour and light away, storm most; fog brings all toward the horizon's colour."""
    grey = {"clear": 0.0, "wind": 0.1, "cloudy": 0.5, "fog": 0.55, "snow": 0.5, "rain": 0.68, "storm": 0.8}[weather]
    dim = {"rain": 0.22, "storm": 0.45, "cloudy": 0.08}.get(weather, 0.0)
    found = {}
    for name, colour in named.items():
        level = luma(colour)
        target = mix(_GREY * np.float32(level / luma(_GREY)), colour, 0.25)
        share = grey * (0.5 if name == "foreground" else 1.0)
        found[name] = np.clip(darker(mix(colour, target, share), dim * (0.4 if name == "light" else 1.0)), 0, 1)
    if weather == "fog":
        found["zenith"] = mix(found["zenith"], found["horizon"], 0.6)
    if weather == "snow":
        found["shade"] = mix(found["shade"], rgb("#9aa9c4"), 0.35 * (1 - dark))
    if weather == "storm":
        found["zenith"] = mix(found["zenith"], rgb("#1c2430"), 0.45)
    return found, min(1.0, dark + {"storm": 0.45, "rain": 0.2, "cloudy": 0.06}.get(weather, 0.0))


_MOODS: dict[Mood, tuple[float, str, float, float]] = {
    # saturation, colour of the tint, its share, exposure
    "calm": (1.0, "#88b0c0", 0.04, 1.0),
    "joyful": (1.22, "#ffe08a", 0.08, 1.06),
    "tender": (1.05, "#ffc0b0", 0.14, 1.03),
    "sad": (0.62, "#7f93b4", 0.18, 0.9),
    "tense": (0.95, "#5a2b34", 0.16, 0.84),
    "eerie": (0.7, "#3f7a6c", 0.24, 0.82),
    "triumphant": (1.25, "#ffcf66", 0.13, 1.05),
    "lonely": (0.72, "#8aa0c0", 0.14, 0.95),
}


def _in_mood(named: dict[str, Colour], mood: Mood) -> dict[str, Colour]:
    factor, tint, share, exposure = _MOODS[mood]
    found = {}
    for name, colour in named.items():
        level = max(luma(colour), 0.05)
        toned = mix(saturated(colour, factor), rgb(tint) * np.float32(level / luma(rgb(tint))), share)
        found[name] = np.asarray(np.clip(toned * (1.0 if name == "light" else exposure), 0, 1), np.float32)
    return found


def _gouache(colours: Colours, _: Setting) -> Colours:
    return colours


def _paper_cut(colours: Colours, _: Setting) -> Colours:
    """Coloured sheets: pure, light, few."""

    def pure(colour: Colour) -> Colour:
        return saturated(lighter(colour, 0.08), 1.3)

    return replace(
        colours,
        zenith=pure(colours.zenith),
        horizon=pure(colours.horizon),
        shade=pure(colours.shade),
        foreground=mix(pure(colours.foreground), colours.shade, 0.12),
        foliage=pure(colours.foliage),
        earth=pure(colours.earth),
        water=pure(colours.water),
        ambient=mix(colours.ambient, np.ones(3, np.float32), 0.35),
    )


PAPER, INK = rgb("#f2e9d8"), rgb("#23262e")


def _ink_wash(colours: Colours, _: Setting) -> Colours:
    """Paper and ink: an hour is how much of the paper is washed, and a breath of its hue."""

    def washed(colour: Colour, most: float) -> Colour:
        ink = mix(INK, saturated(colour, 0.9), 0.22)
        return mix(PAPER, ink, most)

    night = colours.dark
    return replace(
        colours,
        light=lighter(PAPER, 0.4),
        zenith=washed(colours.zenith, 0.18 + 0.52 * night),
        horizon=mix(washed(colours.horizon, 0.02 + 0.22 * night), colours.horizon, 0.16),
        shade=washed(colours.shade, 0.5 + 0.12 * night),
        foreground=washed(colours.foreground, 0.93),
        foliage=mix(washed(colours.foliage, 0.62), colours.foliage, 0.22),
        earth=mix(washed(colours.earth, 0.3 + 0.25 * night), colours.earth, 0.16),
        water=mix(washed(colours.water, 0.2 + 0.35 * night), colours.water, 0.18),
        ambient=mix(colours.ambient, np.ones(3, np.float32), 0.3),
    )


def _woodcut(colours: Colours, _: Setting) -> Colours:
    """A few flat inks on warm paper: a key block nearly black, one cool and one warm colour."""
    paper = rgb("#efe2c4")
    cool = mix(saturated(colours.zenith, 1.1), paper, 0.3 - 0.2 * colours.dark)
    warm = mix(saturated(colours.horizon, 1.25), paper, 0.28)
    return replace(
        colours,
        light=lighter(paper, 0.35),
        zenith=cool,
        horizon=warm,
        shade=mix(saturated(colours.shade, 0.9), cool, 0.3),
        foreground=rgb("#1b1a1d"),
        foliage=mix(colours.foliage, paper, 0.18),
        earth=mix(colours.earth, paper, 0.3),
        water=mix(cool, colours.water, 0.4),
        ambient=mix(colours.ambient, np.ones(3, np.float32), 0.25),
    )


_LANTERN: dict[TimeOfDay, tuple[str, str, str]] = {
    # zenith, horizon, what stands between
    "dawn": ("#3b2a6b", "#ff9d8f", "#a1508c"),
    "morning": ("#145c86", "#ffe0a0", "#2f9a9a"),
    "noon": ("#0f5f94", "#d6f2c4", "#2aa3a0"),
    "afternoon": ("#5a3a78", "#ffc56b", "#c9744f"),
    "dusk": ("#24145c", "#ff7a4f", "#9c2f78"),
    "night": ("#080c33", "#3f67c9", "#23348a"),
}


def _night_lantern(colours: Colours, setting: Setting) -> Colours:
    """A box of cut silhouettes with a light behind: bright far away, black near."""
    zenith, horizon, between = map(rgb, _LANTERN[setting.time_of_day])
    toned = _in_mood({"zenith": zenith, "horizon": horizon, "shade": between}, setting.mood)
    dull = {"rain": 0.4, "storm": 0.5, "fog": 0.4, "snow": 0.3, "cloudy": 0.3}.get(setting.weather, 0.0)
    toned = {name: mix(colour, darker(saturated(colour, 0.4), 0.25), dull) for name, colour in toned.items()}
    near = mix(toned["zenith"], rgb("#04040f"), 0.82)
    return replace(
        colours,
        light=rgb("#fff3cf"),
        zenith=darker(toned["zenith"], 0.15),
        horizon=toned["horizon"],
        shade=toned["shade"],
        foreground=near,
        foliage=mix(mix(toned["shade"], rgb(_SEASONS[setting.season or "summer"][0]), 0.3), near, 0.55),
        earth=mix(mix(toned["shade"], toned["horizon"], 0.15 if setting.weather != "snow" else 0.5), near, 0.5),
        water=mix(toned["shade"], toned["zenith"], 0.55),
        ambient=np.asarray(mix(toned["shade"], np.ones(3, np.float32), 0.25) * 0.62, np.float32),
        dark=max(colours.dark, 0.75),
    )


_IN_STYLE = {
    "dusk_gouache": _gouache,
    "paper_cut": _paper_cut,
    "ink_wash": _ink_wash,
    "woodcut": _woodcut,
    "night_lantern": _night_lantern,
}


def light_for(setting: Setting, x: float, horizon: float) -> Light:
    """Sun or moon above ``x`` (share of the width) over a horizon at ``horizon`` (share of the height)."""
    height, size, strength = {
        "dawn": (0.05, 0.055, 0.9),
        "morning": (0.26, 0.04, 0.75),
        "noon": (0.46, 0.035, 0.7),
        "afternoon": (0.22, 0.042, 0.85),
        "dusk": (0.07, 0.062, 1.0),
        "night": (0.36, 0.045, 0.7),
    }[setting.time_of_day]
    hidden = setting.weather in ("rain", "storm", "fog", "snow", "cloudy")
    strength *= {"cloudy": 0.6, "fog": 0.5, "snow": 0.5, "rain": 0.4, "storm": 0.55}.get(setting.weather, 1.0)
    return Light(
        kind="moon" if setting.time_of_day == "night" else "sun",
        x=x,
        y=max(0.09, horizon - height),
        size=size,
        strength=strength,
        disc=not hidden or (setting.weather in ("fog", "snow") and setting.time_of_day != "noon"),
    )
