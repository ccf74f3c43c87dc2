"""Chords for a tune: Viterbi over functional harmony, with sevenths, secondary dominants and borrowed chords.

The states are chords relative to the tonic; the tune's notes speak through what fits over them, the grammar of
functions (Piston, *Harmony*: table of usual root progressions) through the transitions, the form through cadences.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from soundstage.models.composition import Chord, GridNote
from soundstage.models.music import Key, Mode
from soundstage.music.composing.melody import PITCH_CLASSES, SCALES

Function = Literal["T", "S", "D"]
QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "m9": (0, 3, 7, 10, 14),
    "7sus4": (0, 5, 7, 10),
    "sus2": (0, 2, 7),
}
Colour = Literal["triads", "adds", "sevenths", "ninths"]
COLOURS: dict[Colour, dict[str, tuple[str, ...]]] = {
    "triads": {"": ("",), "m": ("m",), "dim": ("dim",), "7": ("7", "")},
    "adds": {"": ("add9", "6", ""), "m": ("m7", "madd9", "m"), "dim": ("m7b5", "dim"), "7": ("7", "7sus4", "")},
    "sevenths": {"": ("maj7", "6", ""), "m": ("m7", "m"), "dim": ("m7b5", "dim"), "7": ("7", "")},
    "ninths": {
        "": ("maj9", "maj7", "6", "add9", ""),
        "m": ("m9", "m7", "m"),
        "dim": ("m7b5", "dim"),
        "7": ("9", "7", ""),
    },
}
# Colours that any style may use when the tune itself sings them.
TAKES_IN: dict[str, tuple[str, ...]] = {
    "": ("6", "add9", "maj7"),
    "m": ("m7", "madd9"),
    "dim": ("m7b5",),
    "7": ("7", "9"),
}


@dataclass(frozen=True)
class Degree:
    """A chord relative to the tonic. ``resolves_to``: the roots that a secondary dominant may go to."""

    root: int
    quality: str
    function: Function
    cost: float = 0.0
    resolves_to: tuple[int, ...] = ()
    spice: bool = False


@cache
def degrees(mode: Mode) -> tuple[Degree, ...]:
    """The vocabulary of a mode; ``spice`` marks what a plain style does without."""
    if mode is Mode.MAJOR:
        return (
            Degree(0, "", "T"),
            Degree(2, "m", "S", 0.15),
            Degree(4, "m", "T", 0.45),
            Degree(5, "", "S"),
            Degree(7, "", "D"),
            Degree(7, "7", "D", 0.1),
            Degree(9, "m", "T", 0.1),
            Degree(11, "dim", "D", 0.9),
            Degree(2, "7", "S", 0.5, (7,), spice=True),
            Degree(4, "7", "D", 0.5, (9, 5), spice=True),
            Degree(9, "7", "S", 0.6, (2,), spice=True),
            Degree(0, "7", "T", 0.7, (5,), spice=True),
            Degree(5, "m", "S", 0.8, (0, 7), spice=True),
            Degree(10, "", "S", 0.7, (5, 0), spice=True),
            Degree(8, "", "S", 0.9, (10, 7), spice=True),
        )
    return (
        Degree(0, "m", "T"),
        Degree(3, "", "T", 0.2),
        Degree(5, "m", "S"),
        Degree(7, "m", "D", 0.4),
        Degree(7, "7", "D", 0.1),
        Degree(8, "", "S", 0.05),
        Degree(10, "", "D", 0.15),
        Degree(2, "dim", "S", 0.6),
        Degree(0, "7", "T", 0.6, (5,), spice=True),
        Degree(10, "7", "D", 0.4, (3,), spice=True),
        Degree(2, "7", "S", 0.6, (7,), spice=True),
        Degree(5, "", "S", 0.7, (0, 7, 10), spice=True),
        Degree(1, "", "S", 0.9, (7,), spice=True),
    )


# More than taste, less than a clash.
WANTED = 7.0
# How well one function leads to the next: from, to.
_FLOW: dict[tuple[Function, Function], float] = {
    ("T", "T"): 0.1,
    ("T", "S"): 0.5,
    ("T", "D"): 0.25,
    ("S", "T"): 0.2,
    ("S", "S"): 0.15,
    ("S", "D"): 0.6,
    ("D", "T"): 0.7,
    ("D", "S"): -0.6,
    ("D", "D"): 0.0,
}
# Root motion in semitones upwards: a falling fifth is strongest, then steps and falling thirds.
_ROOT_MOTION = {0: 0.0, 5: 0.5, 7: 0.1, 2: 0.25, 1: 0.1, 10: 0.05, 11: 0.05, 9: 0.25, 8: 0.3, 3: -0.1, 4: -0.1, 6: -0.4}


@dataclass(frozen=True)
class Slot:
    """A place for one chord, [``beat``, ``beat + beats``), and what the form asks of it; ``wanted``: root (pitch class)
    and quality of the chord that stands there unless the tune rubs against it.
    """

    beat: float
    beats: float
    opens_bar: bool
    role: Literal["free", "home", "cadence", "half", "start"] = "free"
    wanted: tuple[int, str] | None = None


@dataclass(frozen=True)
class Taste:
    """What a style likes: colour of chords, how gladly it changes inside a bar, how much spice, how much surprise."""

    colour: Colour = "triads"
    change_inside_bar: float = -0.5
    stay_across_bar: float = -0.6
    spice: float = 0.0
    surprise: float = 0.25


@cache
def _transitions(mode: Mode) -> np.ndarray:
    """Reward [from, to] of going from one degree to the next when the chord changes."""
    chords = degrees(mode)
    table = np.zeros((len(chords), len(chords)))
    for i, a in enumerate(chords):
        for j, b in enumerate(chords):
            motion = (b.root - a.root) % 12
            table[i, j] = _FLOW[a.function, b.function] + _ROOT_MOTION[motion]
            if a.resolves_to and b.root not in a.resolves_to:
                table[i, j] = -6.0
            if motion == 0:
                # V → V7 grows; other changes of quality on one root are marking time.
                table[i, j] = 0.0 if (a.quality, b.quality) == ("", "7") else -0.8
    return table


def harmonise(
    notes: Sequence[GridNote],
    slots: Sequence[Slot],
    key: Key,
    taste: Taste,
    rng: np.random.Generator,
    *,
    unlike: Sequence[int | None] | None = None,
    unlike_cost: float = 1.0,
    beat: float = 1.0,
    before: Chord | None = None,
) -> list[Chord]:
    """One chord per run of equal slots, tuned to ``notes`` (same beat axis as ``slots``).

    ``unlike``: per slot a root (pitch class) that another variant uses there; repeating it costs ``unlike_cost``.
    ``beat``: length of a felt beat in quarters. ``before``: the chord that the first one follows.
    """
    if not slots:
        return []
    chords = degrees(key.mode)
    tonic = PITCH_CLASSES.index(key.tonic)
    fit = _fit(notes, slots, key.mode, tonic, beat)
    fit -= np.array([c.cost * (1.0 if not c.spice else max(0.0, 1.6 - taste.spice)) for c in chords])
    fit += rng.gumbel(0.0, taste.surprise, fit.shape)
    for i, slot in enumerate(slots):
        fit[i] += [_role_reward(slot, c) for c in chords]
        if unlike is not None and unlike[i] is not None:
            fit[i] -= [unlike_cost * ((c.root + tonic) % 12 == unlike[i]) for c in chords]
        if slot.wanted:
            fit[i] += [WANTED * _is_wanted(c, slot.wanted, tonic) for c in chords]
    move = _transitions(key.mode)
    left = _degree_of(before, chords, tonic) if before else None
    if left is not None:
        fit[0] += move[left]
    path = _viterbi(fit, slots, move, taste)
    return _as_chords([chords[k] for k in path], slots, notes, key, taste)


def _is_wanted(degree: Degree, wanted: tuple[int, str], tonic: int) -> bool:
    root, quality = wanted
    return (tonic + degree.root) % 12 == root and QUALITIES[degree.quality][1:3] == QUALITIES[quality][1:3]


def _degree_of(chord: Chord, chords: Sequence[Degree], tonic: int) -> int | None:
    """Which degree of the vocabulary a chord is, colours aside."""
    dominant = {4, 10} <= set(QUALITIES[chord.quality])
    fitting = (
        i
        for i, degree in enumerate(chords)
        if _is_wanted(degree, (chord.root, chord.quality), tonic) and (degree.quality == "7") == dominant
    )
    return next(fitting, None)


def _viterbi(fit: np.ndarray, slots: Sequence[Slot], move: np.ndarray, taste: Taste) -> list[int]:
    same = np.eye(fit.shape[1], dtype=bool)
    across = np.where(same, taste.stay_across_bar, move)
    inside = np.where(same, 0.0, move + taste.change_inside_bar)
    # A secondary dominant has to move on; it cannot be stood upon across a barline.
    score, back = fit[0], []
    for i in range(1, len(slots)):
        step = score[:, None] + (across if slots[i].opens_bar else inside)
        back.append(step.argmax(axis=0))
        score = step.max(axis=0) + fit[i]
    path = [int(score.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


@cache
def _relations(mode: Mode) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each pitch class above the tonic is to each degree, [degrees, 12] each: worth as a chord tone, roughness as
    a colour, and whether it lies a semitone from a chord tone.
    """
    chords = degrees(mode)
    tone, rough, rubs = (np.zeros((len(chords), 12)) for _ in range(3))
    for i, chord in enumerate(chords):
        tones = QUALITIES[chord.quality]
        for step in range(12):
            interval = (step - chord.root) % 12
            if interval in tones:
                tone[i, step] = 1.1 if interval == tones[1] else 1.0
            elif any((interval - t) % 12 in (1, 11) for t in tones):
                rubs[i, step] = 1.0
            else:
                # A sixth on major and a seventh on minor colour the chord; ninths are rougher.
                rough[i, step] = 0.35 if (chord.quality, interval) in {("", 9), ("m", 10)} else 0.8
    return tone, rough, rubs


def _fit(notes: Sequence[GridNote], slots: Sequence[Slot], mode: Mode, tonic: int, beat: float) -> np.ndarray:
    """How well the notes of each slot sit over each degree, [slots, degrees].

    A clash that begins on a beat without preparation costs more than anything pays.
    """
    tone, rough, rubs = _relations(mode)
    worth, colour, clash = (np.zeros((len(slots), 12)) for _ in range(3))
    first = 0
    for i, slot in enumerate(slots):
        end = slot.beat + slot.beats
        while first < len(notes) and notes[first].end <= slot.beat + 1e-6:
            first += 1
        for k in range(first, len(notes)):
            note = notes[k]
            if note.beat >= end - 1e-6:
                break
            begins = note.beat >= slot.beat - 1e-6
            on_beat = begins and is_on(note.beat, beat)
            overlap = min(note.end, end) - max(note.beat, slot.beat)
            weight = min(overlap, 2.0) * (1.5 if on_beat else 0.9 if overlap >= 1 else 0.6)
            if begins and abs(note.beat - slot.beat) < 1e-6:
                weight *= 1.25
            prepared = k > 0 and notes[k - 1].midi == note.midi
            step = (note.midi - tonic) % 12
            worth[i, step] += weight
            colour[i, step] += weight * (1.2 if on_beat else 0.6)
            clash[i, step] += 1.1 * weight + (8.0 if on_beat and not prepared else 0.0)
    return np.asarray(worth @ tone.T - colour @ rough.T - clash @ rubs.T)


def is_on(position: float, beat: float) -> bool:
    """Whether a position falls on a multiple of ``beat``."""
    return abs(position / beat - round(position / beat)) < 1e-6


def _role_reward(slot: Slot, degree: Degree) -> float:
    home = degree.root == 0 and not degree.resolves_to
    if slot.role == "home":
        return 6.0 if home else -2.0
    if slot.role == "start":
        return 0.8 if home else 0.0
    if slot.role == "cadence":
        return 1.5 if degree.root == 7 and degree.function == "D" and degree.quality != "m" else 0.0
    if slot.role == "half":
        return 0.7 if degree.function == "D" else 0.0
    return 0.0


def _as_chords(
    path: list[Degree], slots: Sequence[Slot], notes: Sequence[GridNote], key: Key, taste: Taste
) -> list[Chord]:
    """Merge equal neighbours inside a bar, and give each chord the richest colour that the tune allows."""
    tonic = PITCH_CLASSES.index(key.tonic)
    merged: list[tuple[Degree, float, float]] = []
    for degree, slot in zip(path, slots, strict=True):
        if merged and merged[-1][0] == degree and not slot.opens_bar:
            _, beat, beats = merged[-1]
            merged[-1] = (degree, beat, beats + slot.beats)
        else:
            merged.append((degree, slot.beat, slot.beats))
    scale = {(tonic + s) % 12 for s in SCALES[key.mode]}
    chords: list[Chord] = []
    for i, (degree, beat, beats) in enumerate(merged):
        root = (tonic + degree.root) % 12
        over = [n for n in notes if n.beat < beat + beats - 1e-6 and n.end > beat + 1e-6]
        sung = {
            (n.midi - root) % 12: n.beat >= beat and is_on(n.beat, 0.5) for n in sorted(over, key=lambda n: n.beats)
        }
        quality = _colour(degree, root, sung, scale, taste)
        following = (tonic + merged[i + 1][0].root) % 12 if i + 1 < len(merged) else None
        bass = _bass_note(root, quality, chords[-1].bass if chords else None, following)
        chords.append(make_chord(beat, beats, root, quality, bass))
    return chords


def make_chord(beat: float, beats: float, root: int, quality: str, bass: int | None = None) -> Chord:
    bass = root if bass is None else bass
    symbol = PITCH_CLASSES[root] + quality + ("" if bass == root else f"/{PITCH_CLASSES[bass]}")
    return Chord(beat=beat, beats=beats, root=root, quality=quality, bass=bass, symbol=symbol)


def _colour(degree: Degree, root: int, sung: dict[int, bool], scale: set[int], taste: Taste) -> str:
    """The colour that takes in most of what is sung on beats; then the style's favourite.

    Added tones lie in the scale, and none a semitone from what is ``sung`` (interval above the root → on a beat).
    """
    plain = QUALITIES[degree.quality]
    favourites = COLOURS[taste.colour][degree.quality]
    best, most = degree.quality, -1.0
    for quality in dict.fromkeys((*favourites, *TAKES_IN[degree.quality])):
        added = [t % 12 for t in QUALITIES[quality] if t not in plain]
        diatonic = all((root + t) % 12 in scale or (degree.quality == "7" and t == 10) for t in added)
        rubs = any((s - t) % 12 in (1, 11) for s in sung for t in added)
        if not diatonic or rubs:
            continue
        taken = sum(on_beat and s in added for s, on_beat in sung.items())
        liked = 0.5 - 0.1 * favourites.index(quality) if quality in favourites else 0.0
        if taken + liked > most:
            best, most = quality, taken + liked
    return best


def _bass_note(root: int, quality: str, before: int | None, following: int | None) -> int:
    """Root position, unless a first inversion makes the bass walk by step between its neighbours."""
    third = (root + QUALITIES[quality][1]) % 12
    if before is None or following is None or quality in ("dim", "m7b5", "7sus4"):
        return root
    steps = [min((third - p) % 12, (p - third) % 12) for p in (before, following)]
    leaps = [min((root - p) % 12, (p - root) % 12) for p in (before, following)]
    return third if max(steps) <= 2 and min(steps) > 0 and min(leaps) > 3 else root


def chord_at(chords: Sequence[Chord], beat: float) -> Chord:
    """The chord that sounds at ``beat``; the last one holds on."""
    index = bisect.bisect_right(chords, beat + 1e-6, key=lambda c: c.beat) - 1
    return chords[max(index, 0)]


def chord_tones(chord: Chord) -> tuple[int, ...]:
    """Pitch classes, root first."""
    return tuple((chord.root + t) % 12 for t in QUALITIES[chord.quality])
