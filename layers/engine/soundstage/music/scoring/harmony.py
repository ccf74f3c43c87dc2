"""Harmony of a film: a key for each scene, phrases of its bars, and a chord progression with cadences."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from soundstage.models.composition import Chord
from soundstage.music.composing.harmony import QUALITIES, make_chord
from soundstage.music.scoring.moods import STYLES, MoodStyle
from soundstage.music.scoring.timing import Bar, Scene

PHRASE_BARS, MAX_PHRASE_BARS = 4, 7
TONICS = (0, 2, 3, 5, 7, 9, 10)  # pitch classes on which a film may stand: keys that all players like
FINAL_CHORD_S = 4.0  # the last chord sounds for at least so long, where its phrase has the bars
NUMERAL = re.compile(r"([b#]?)([ivIV]+)([^/]*)(?:/(3|5))?$")
DEGREES = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
Role = Literal["open", "close", "final"]


@dataclass(frozen=True)
class Phrase:
    """Bars that belong together. ``final``: the film ends with it; ``held`` of its last bars are one chord."""

    bars: tuple[Bar, ...]
    chords: tuple[Chord, ...]
    role: Role
    held: int = 0

    @property
    def beat(self) -> int:
        return self.bars[0].beat

    @property
    def end(self) -> int:
        return self.bars[-1].beat + self.bars[-1].beats


@dataclass(frozen=True)
class ScenePlan:
    """A scene with its music: ``tonic`` a pitch class; ``number`` counts scenes of the film."""

    scene: Scene
    style: MoodStyle
    tonic: int
    phrases: tuple[Phrase, ...]
    number: int
    last: bool

    @property
    def chords(self) -> list[Chord]:
        return [chord for phrase in self.phrases for chord in phrase.chords]

    @property
    def bars(self) -> list[Bar]:
        return [bar for phrase in self.phrases for bar in phrase.bars]


def plan_harmony(scenes: Sequence[Scene], bars: Sequence[Sequence[Bar]], rng: np.random.Generator) -> list[ScenePlan]:
    """Keys, phrases and chords of all scenes; each leads into the next, except into a turn."""
    tonics = _scene_tonics(scenes, int(rng.choice(TONICS)))
    plans = []
    for number, (scene, scene_bars) in enumerate(zip(scenes, bars, strict=True)):
        style, last = STYLES[scene.mood], number == len(scenes) - 1
        groups = phrase_lengths(len(scene_bars))
        phrases, first = list[Phrase](), 0
        for index, length in enumerate(groups):
            ends_film = last and index == len(groups) - 1
            role: Role = "final" if ends_film else "close" if index % 2 else "open"
            phrases.append(
                _phrase(scene_bars[first : first + length], role, style, tonics[number], rng, opens=not index)
            )
            first += length
        plans.append(ScenePlan(scene, style, tonics[number], tuple(phrases), number, last))
    return [
        _led_into(plan, following) if following is not None else plan
        for plan, following in itertools.zip_longest(plans, plans[1:])
    ]


def phrase_lengths(bars: int) -> list[int]:
    """Phrases of four bars, the last with up to three more: a longer cadence; or a last one of three."""
    if bars <= MAX_PHRASE_BARS - 1:
        return [bars]
    full, left = divmod(bars, PHRASE_BARS)
    if left == 3:
        return [PHRASE_BARS] * full + [3]
    return [PHRASE_BARS] * (full - 1) + [PHRASE_BARS + left]


def _scene_tonics(scenes: Sequence[Scene], home: int) -> list[int]:
    """The film begins and ends at home; a turn is always in another key than what it turns from."""
    tonics: list[int] = []
    used: dict[str, int] = {}
    for number, scene in enumerate(scenes):
        before = scenes[number - 1] if number else None
        keys = STYLES[scene.mood].keys
        ends = number in {0, len(scenes) - 1}
        place = used.setdefault(scene.mood, number % len(keys))
        goes_on = before is not None and before.mood == scene.mood
        if goes_on:
            used[scene.mood] = place = (place + 1) % len(keys)
        tonic = (home + (0 if ends else keys[place])) % 12
        same_mode = before is not None and STYLES[before.mood].minor == STYLES[scene.mood].minor
        if not ends and same_mode and (scene.turn or goes_on) and tonic == tonics[-1]:
            tonic = (home + next(key for key in (*keys, 2) if (home + key) % 12 != tonics[-1])) % 12
        tonics.append(tonic)
    return tonics


def _phrase(
    bars: Sequence[Bar], role: Role, style: MoodStyle, tonic: int, rng: np.random.Generator, *, opens: bool
) -> Phrase:
    """One phrase; one that ``opens`` its scene begins on the tonic."""
    templates = style.open if role == "open" else style.close
    template = templates[int(rng.integers(len(templates)))].split("|")
    held = _held_bars(bars) if role == "final" else 0
    moving = len(bars) - max(0, held - 1)  # bars with chords of their own; the last chord is held over the others
    symbols = _fitted(template, moving, role)
    if opens and role == "final":
        home = style.open[0].split("|")[0]
        symbols[0] = home if moving > 2 else f"{home},{template[2].split(',')[-1]}" if moving == 2 else template[3]
    chords = [
        chord for bar, text in zip(bars, symbols, strict=False) for chord in _bar_chords(bar, text.split(","), tonic)
    ]
    if held > 1:
        last = chords[-1]
        chords[-1] = last.model_copy(update={"beats": bars[-1].beat + bars[-1].beats - last.beat})
    return Phrase(tuple(bars), tuple(chords), role, held)


def _held_bars(bars: Sequence[Bar]) -> int:
    """Bars of the film's last chord: as many as it takes to ring, and at most half of them."""
    enough = (n for n in range(1, len(bars) // 2 + 1) if bars[-1].end_s - bars[-n].start_s >= FINAL_CHORD_S)
    return next(enough, max(1, len(bars) // 2))


def _fitted(template: Sequence[str], bars: int, role: Role) -> list[str]:
    """A template of four bars for a phrase of another length: cut in the middle, or its end made longer."""
    if bars >= PHRASE_BARS:
        extra = bars - PHRASE_BARS
        # The bars that are more lie before the cadence, and the first of them repeat the first ones.
        return [*template[:2], *template[:extra], *template[2:]]
    first = {1: [0], 2: [0, 3], 3: [0, 2, 3]}[bars]
    last = {1: [3], 2: [2, 3], 3: [1, 2, 3]}[bars]
    return [template[i] for i in (first if role == "open" else last)]


def _bar_chords(bar: Bar, symbols: Sequence[str], tonic: int) -> list[Chord]:
    """One chord, or two of which the second comes on the second half of the bar."""
    if len(symbols) == 1 or bar.beats < 2:
        return [make_chord(bar.beat, bar.beats, *parse_numeral(symbols[-1], tonic))]
    first = (bar.beats + 1) // 2
    return [
        make_chord(bar.beat, first, *parse_numeral(symbols[0], tonic)),
        make_chord(bar.beat + first, bar.beats - first, *parse_numeral(symbols[1], tonic)),
    ]


def parse_numeral(text: str, tonic: int) -> tuple[int, str, int]:
    """Root and quality of a Roman numeral, and its bass: ``bVImaj7``, ``ii7``, ``V/3`` (the third in the bass)."""
    found = NUMERAL.match(text)
    if found is None:
        raise ValueError(f"{text!r} is no Roman numeral")
    accidental, numeral, suffix, inversion = found.groups()
    root = (tonic + DEGREES[numeral.lower()] + {"b": -1, "#": 1, "": 0}[accidental]) % 12
    lower = numeral.islower() and suffix[:1] != "m" and suffix not in {"dim", "sus2"}
    quality = "m" + suffix if lower else suffix
    bass = root if inversion is None else (root + QUALITIES[quality][1 if inversion == "3" else 2]) % 12
    return root, quality, bass


def _led_into(plan: ScenePlan, following: ScenePlan) -> ScenePlan:
    """The plan with the dominant of the next key at its end, where the next scene is expected to come."""
    if following.scene.mood in {"eerie", "tense"} or len(plan.bars) < 2:
        return plan
    last = plan.phrases[-1]
    bar = last.bars[-1]
    half = bar.beats if last.role == "open" or following.scene.turn else bar.beats // 2
    start = bar.beat + bar.beats - half
    kept = [replace_end(c, start) for c in last.chords if c.beat < start]
    root = (following.tonic + 7) % 12
    chords = (*kept, make_chord(start, half, root, "7" if following.style.minor else "7sus4"))
    return replace(plan, phrases=(*plan.phrases[:-1], replace(last, chords=chords)))


def replace_end(chord: Chord, end: float) -> Chord:
    """The chord, ending at ``end`` at the latest."""
    return chord.model_copy(update={"beats": min(chord.beats, end - chord.beat)})
