"""Bars of a film: tempo and bar lines chosen so that scenes begin on a bar line, without cutting a bar anywhere."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from soundstage.models.errors import InvalidInput
from soundstage.models.film import FilmSection
from soundstage.models.story import Mood

MIN_FILM_S, MAX_FILM_S = 4.0, 3600.0
"""A shorter film has no room for two chords; the longest story, read slowly, lasts half of the longest."""
JOIN_S = 0.02
"""How far sections may lie apart or overlap: half of a frame of video at 25 a second."""
MIN_SECTION_S = 2.0
"""A shorter section belongs to the one before it: no bar fits into it."""
MAX_SCENE_S, NEAR_S = 80.0, 12.0
"""A longer scene is two, in two keys: about six phrases, after which songs bring something new. And how far from its
middle the cut may lie."""
MAX_TEMPO_CHANGE = 0.06
"""Share by which the tempo of a section may differ from its scene's: below what listeners notice between phrases."""
TEMPI = 33  # tried from the slowest to the fastest of a mood
BEYOND_RANGE = 0.12  # share by which a tempo may lie outside its mood's range, at a cost
# Costs of a way to lay bars: per squared unit of tempo change, of an irregular last bar (one beat more; another number
# of beats), of a section that begins inside a bar and of each step of tension there, of a tempo that is not the mood's.
CHANGE_COST, TOO_MUCH_COST, LONGER_BAR_COST, SHORT_BAR_COST = 0.5, 100.0, 0.7, 0.5
MISSED_COST, MISSED_TENSION_COST, OTHER_TEMPO_COST, OTHER_TEMPO = 1.0, 0.3, 0.5, 0.08
MAX_JOINED = 6  # sections between two bar lines that hit a boundary


@dataclass(frozen=True)
class Scene:
    """Sections of one mood in a row. ``turn``: the story turns where it begins."""

    sections: tuple[FilmSection, ...]
    turn: bool

    @property
    def mood(self) -> Mood:
        return self.sections[0].mood


@dataclass(frozen=True)
class Bar:
    """``beat`` counts quarters from the film's start, ``start_s`` is where that is; ``tension`` 1 to 10."""

    beat: int
    beats: int
    start_s: float
    beat_s: float
    tension: float
    opens_section: bool

    @property
    def end_s(self) -> float:
        return self.start_s + self.beats * self.beat_s


@dataclass(frozen=True)
class Tempo:
    """Slowest, wanted and fastest tempo of a mood, quarters per minute, and the beats of its bar."""

    slowest: float
    wanted: float
    fastest: float
    meter: int


def scenes_of(sections: Sequence[FilmSection]) -> list[Scene]:
    """Scenes in order; sections that are too short for a bar are joined to the one before.

    Raises:
        InvalidInput: the sections do not follow each other from 0 s, or one of them is not possible.
    """
    _check(sections)
    long: list[FilmSection] = []
    for section in sections:
        if long and (section.duration_s < MIN_SECTION_S or long[-1].duration_s < MIN_SECTION_S):
            kept = section if long[-1].duration_s < section.duration_s else long[-1]
            turn = section.turn or long[-1].turn
            start_s = long.pop().start_s
            long.append(replace(kept, start_s=start_s, duration_s=section.end_s - start_s, turn=turn))
        else:
            long.append(section)
    scenes: list[Scene] = []
    for before, section in zip([None, *long], long, strict=False):
        turn = before is not None and section.turn and not before.turn
        if scenes and not turn and scenes[-1].mood == section.mood:
            scenes[-1] = Scene((*scenes[-1].sections, section), scenes[-1].turn)
        else:
            scenes.append(Scene((section,), turn))
    return [part for scene in scenes for part in _parts(scene)]


def _parts(scene: Scene) -> list[Scene]:
    """A long scene in equal parts, each with a key of its own; cut where a section begins, if one begins near."""
    first, last = scene.sections[0], scene.sections[-1]
    count = math.ceil((last.end_s - first.start_s) / MAX_SCENE_S)
    starts_s = [section.start_s for section in scene.sections]
    parts, sections = list[Scene](), list(scene.sections)
    for number in range(1, count):
        even_s = first.start_s + (last.end_s - first.start_s) * number / count
        near_s = min(starts_s, key=lambda start_s: abs(start_s - even_s))
        cut_s = near_s if abs(near_s - even_s) < NEAR_S else even_s
        before = [_cut(s, s.start_s, cut_s) for s in sections if s.start_s < cut_s]
        sections = [_cut(s, cut_s, s.end_s) for s in sections if s.end_s > cut_s]
        parts.append(Scene(tuple(before), scene.turn and number == 1))
    return [*parts, Scene(tuple(sections), scene.turn and count == 1)]


def _cut(section: FilmSection, from_s: float, to_s: float) -> FilmSection:
    start_s = max(section.start_s, from_s)
    return replace(section, start_s=start_s, duration_s=min(section.end_s, to_s) - start_s)


def _check(sections: Sequence[FilmSection]) -> None:
    if not sections:
        raise InvalidInput("A film has at least one section.")
    if not MIN_FILM_S <= sections[-1].end_s <= MAX_FILM_S:
        raise InvalidInput(f"A film lasts {MIN_FILM_S:.0f} to {MAX_FILM_S:.0f} seconds.")
    for number, section in enumerate(sections, 1):
        if section.mood not in get_args(Mood) or not 1 <= section.tension <= 10 or not section.duration_s > 0:
            raise InvalidInput(f"Section {number} has a mood, a tension from 1 to 10 and a duration above 0.")
    ends_s = [0.0, *(s.end_s for s in sections)]
    for number, (end_s, section) in enumerate(zip(ends_s, sections, strict=False), 1):
        if not abs(section.start_s - end_s) <= JOIN_S:
            raise InvalidInput(f"Section {number} begins where the one before it ends.")


def lay_bars(scene: Scene, tempo: Tempo, first_beat: int) -> list[Bar]:
    """The bars of a scene: it begins and ends on a bar line, and so do its sections where the tempo allows it."""
    slow, fast = tempo.slowest * (1 - BEYOND_RANGE), tempo.fastest * (1 + BEYOND_RANGE)
    ways = [_way(scene.sections, bpm, tempo) for bpm in np.geomspace(slow, fast, TEMPI)]
    _, groups = min(ways, key=lambda way: way[0])
    bars: list[Bar] = []
    start_s, beat = scene.sections[0].start_s, first_beat
    hits = {round(section.start_s, 6) for section in scene.sections}
    for end_s, beats in groups:
        beat_s = (end_s - start_s) / beats
        at_s = start_s
        for length in bar_lengths(beats, tempo.meter):
            tension = _tension_at(scene.sections, at_s)
            bars.append(Bar(beat, length, at_s, beat_s, tension, round(at_s, 6) in hits))
            beat += length
            at_s += length * beat_s
        start_s = end_s
    return bars


def _way(sections: Sequence[FilmSection], bpm: float, tempo: Tempo) -> tuple[float, list[tuple[float, int]]]:
    """Cost of the best bars at a tempo, and the groups of sections that they fill: (end in seconds, beats)."""
    best: list[tuple[float, list[tuple[float, int]]]] = [(_tempo_cost(bpm, tempo), [])]
    for past in range(1, len(sections) + 1):
        options = []
        for first in range(max(0, past - MAX_JOINED), past):
            end_s = sections[past - 1].end_s
            cost, beats = _beats_for(end_s - sections[first].start_s, bpm, tempo.meter)
            steps = itertools.pairwise(s.tension for s in sections[first:past])
            missed = sum(MISSED_COST + MISSED_TENSION_COST * abs(b - a) for a, b in steps)
            before, groups = best[first]
            options.append((before + cost + missed, [*groups, (end_s, beats)]))
        best.append(min(options, key=lambda option: option[0]))
    return best[-1]


def _tempo_cost(bpm: float, tempo: Tempo) -> float:
    beyond = max(0.0, math.log(tempo.slowest / bpm), math.log(bpm / tempo.fastest))
    return OTHER_TEMPO_COST * ((math.log(bpm / tempo.wanted) / OTHER_TEMPO) ** 2 + (beyond / 0.03) ** 2)


def _beats_for(duration_s: float, bpm: float, meter: int) -> tuple[float, int]:
    """The cheapest number of beats in a duration, and its cost."""
    nearest = round(duration_s * bpm / 60)
    options = []
    for beats in range(max(2, nearest - 2), max(2, nearest + 2) + 1):
        change = abs(math.log(beats * 60 / (duration_s * bpm))) / MAX_TEMPO_CHANGE
        cost = CHANGE_COST * change**2 + TOO_MUCH_COST * max(0.0, change - 1)
        left = beats % meter
        options.append((cost + (LONGER_BAR_COST if left == 1 else SHORT_BAR_COST if left else 0.0), beats))
    return min(options)


def bar_lengths(beats: int, meter: int) -> list[int]:
    """Full bars and, where beats are left over, a last one that is a beat longer, or shorter."""
    full, left = divmod(beats, meter)
    if left == 1 and full:
        return [meter] * (full - 1) + [meter + 1]
    return [meter] * full + [left] * (left > 0)


def _tension_at(sections: Sequence[FilmSection], at_s: float) -> float:
    """Tension in the middle of each section is its own; in between it moves in a line."""
    middles = [s.start_s + s.duration_s / 2 for s in sections]
    return float(np.interp(at_s, middles, [s.tension for s in sections]))


class Clock:
    """Quarters and seconds of a film: a line in each bar."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        self._beats = np.array([*(b.beat for b in bars), bars[-1].beat + bars[-1].beats], float)
        self._seconds = np.array([*(b.start_s for b in bars), bars[-1].end_s])

    def seconds(self, beat: float) -> float:
        """Time of ``beat``."""
        return float(np.interp(beat, self._beats, self._seconds))
