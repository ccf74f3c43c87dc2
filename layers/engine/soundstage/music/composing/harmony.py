"""Harmonisation of a melody: Viterbi over functional harmony, with sevenths, secondary dominants and borrowed chords.

The states are chords relative to the tonic. Emissions are how well the melody's notes fit each chord; transitions are
the grammar of functions (Piston, *Harmony*: table of usual root progressions); the form adds cadences.

Rewards and costs are in one unit, about the weight of a quarter note on a chord tone. They were set with the harmoniser
and are held by the bars of ``tests.bench.music_making`` (chord tones on beats, clashes, tonic endings); none is fitted.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from soundstage.models.composition import Chord, GridNote
from soundstage.models.music import Key, Mode, Scale
from soundstage.music.composing.melody import PITCH_CLASSES, SCALES

Function = Literal["T", "S", "D"]
# Semitones above the root, root, third and fifth first; quality suffixes as lead sheets write them.
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
# Extensions that a style prefers for each triad, best first.
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
# Extensions that any style may use when the melody itself has their added tone.
MELODIC_EXTENSIONS: dict[str, tuple[str, ...]] = {
    "": ("6", "add9", "maj7"),
    "m": ("m7", "madd9"),
    "dim": ("m7b5",),
    "7": ("7", "9"),
}


@dataclass(frozen=True)
class Degree:
    """A chord relative to the tonic: ``root`` in semitones above it, ``cost`` against the tonic triad.

    ``resolves_to``: the roots that may follow; empty: any. ``chromatic``: not in the scale, left out by plain styles.
    """

    root: int
    quality: str
    function: Function
    cost: float = 0.0
    resolves_to: tuple[int, ...] = ()
    chromatic: bool = False


_MAJOR_CHORDS = (
    Degree(0, "", "T"),
    Degree(2, "m", "S", 0.15),
    Degree(4, "m", "T", 0.45),
    Degree(5, "", "S"),
    Degree(7, "", "D"),
    Degree(7, "7", "D", 0.1),
    Degree(9, "m", "T", 0.1),
    Degree(11, "dim", "D", 0.9),
    Degree(2, "7", "S", 0.5, (7,), chromatic=True),
    Degree(4, "7", "D", 0.5, (9, 5), chromatic=True),
    Degree(9, "7", "S", 0.6, (2,), chromatic=True),
    Degree(0, "7", "T", 0.7, (5,), chromatic=True),
    Degree(5, "m", "S", 0.8, (0, 7), chromatic=True),
    Degree(10, "", "S", 0.7, (5, 0), chromatic=True),
    Degree(8, "", "S", 0.9, (10, 7), chromatic=True),
)
_MINOR_CHORDS = (
    Degree(0, "m", "T"),
    Degree(3, "", "T", 0.2),
    Degree(5, "m", "S"),
    Degree(7, "m", "D", 0.4),
    Degree(7, "7", "D", 0.1),
    Degree(8, "", "S", 0.05),
    Degree(10, "", "D", 0.15),
    Degree(2, "dim", "S", 0.6),
    Degree(0, "7", "T", 0.6, (5,), chromatic=True),
    Degree(10, "7", "D", 0.4, (3,), chromatic=True),
    Degree(2, "7", "S", 0.6, (7,), chromatic=True),
    Degree(5, "", "S", 0.7, (0, 7, 10), chromatic=True),
    Degree(1, "", "S", 0.9, (7,), chromatic=True),
)
# Modes keep to their own notes, for a leading note or a chord from outside turns them into major or minor. The chord
# with the note that tells the mode from these is the cheapest beside the tonic, and leads home: ♭VII in Mixolydian, IV
# in Dorian, ♭II in Phrygian, II in Lydian (Persichetti, Twentieth-Century Harmony, ch. 2).
_MODAL_CHORDS: dict[Mode | Scale, tuple[Degree, ...]] = {
    Scale.DORIAN: (
        Degree(0, "m", "T"),
        Degree(2, "m", "S", 0.3),
        Degree(3, "", "T", 0.2),
        Degree(5, "", "S"),
        Degree(7, "m", "D", 0.2),
        Degree(10, "", "D", 0.1),
    ),
    Scale.PHRYGIAN: (
        Degree(0, "m", "T"),
        Degree(1, "", "D"),
        Degree(3, "", "T", 0.25),
        Degree(5, "m", "S", 0.15),
        Degree(8, "", "S", 0.15),
        Degree(10, "m", "D", 0.2),
    ),
    Scale.LYDIAN: (
        Degree(0, "", "T"),
        Degree(2, "", "S"),
        Degree(4, "m", "T", 0.4),
        Degree(7, "", "D", 0.1),
        Degree(9, "m", "T", 0.15),
        Degree(11, "m", "D", 0.4),
    ),
    Scale.MIXOLYDIAN: (
        Degree(0, "", "T"),
        Degree(2, "m", "S", 0.3),
        Degree(5, "", "S"),
        Degree(7, "m", "D", 0.25),
        Degree(9, "m", "T", 0.25),
        Degree(10, "", "D"),
    ),
    # Pentatonic tunes have neither semitones nor a leading note; neither do their chords' roots.
    Scale.MAJOR_PENTATONIC: (
        Degree(0, "", "T"),
        Degree(2, "m", "S", 0.1),
        Degree(4, "m", "T", 0.3),
        Degree(5, "", "S", 0.1),
        Degree(7, "", "D"),
        Degree(9, "m", "T"),
    ),
    Scale.MINOR_PENTATONIC: (
        Degree(0, "m", "T"),
        Degree(3, "", "T", 0.1),
        Degree(5, "m", "S"),
        Degree(7, "m", "D", 0.1),
        Degree(8, "", "S", 0.2),
        Degree(10, "", "D"),
    ),
}


@cache
def degrees(kind: Mode | Scale) -> tuple[Degree, ...]:
    """The vocabulary of a key; ``chromatic`` marks what a plain style does without."""
    if kind in _MODAL_CHORDS:
        return _MODAL_CHORDS[kind]
    return _MAJOR_CHORDS if kind is Mode.MAJOR else _MINOR_CHORDS


REQUESTED_REWARD = 7.0  # of a slot's requested chord: more than any preference, less than a clash
FAMILIAR_REWARD = 2.0  # of the chord that was heard at the same place of the tune before
ASKED_COST = 0.5  # of a chord from outside the key that a person asks for
# Reward of one function after another: (from, to).
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
# Reward of root motion, semitones upwards: a falling fifth is strongest, then steps and falling thirds.
_ROOT_MOTION = {0: 0.0, 5: 0.5, 7: 0.1, 2: 0.25, 1: 0.1, 10: 0.05, 11: 0.05, 9: 0.25, 8: 0.3, 3: -0.1, 4: -0.1, 6: -0.4}


# Weight of a note in a chord's fit: by overlap in quarters (2 at most), more on a felt beat, less off it where it is
# shorter than a quarter, more where it begins with the chord.
MAX_OVERLAP, ON_BEAT_WEIGHT, LONG_WEIGHT, SHORT_WEIGHT, WITH_CHORD_WEIGHT = 2.0, 1.5, 0.9, 0.6, 1.25
CHORD_TONE, CHORD_THIRD = 1.0, 1.1
# A sixth on major and a seventh on minor are mild added tones; others are rougher. On beats they weigh twice as much.
MILD_ADDED_TONE, ADDED_TONE, ADDED_ON_BEAT, ADDED_OFF_BEAT = 0.35, 0.8, 1.2, 0.6
CLASH, UNPREPARED_CLASH = 1.1, 8.0  # a semitone from a chord tone; and on a beat, not held over from the note before
# Rewards of the tonic at home and at the start of a section, of other chords at home, of a dominant at cadences.
HOME_TONIC, HOME_OTHER, START_TONIC, CADENCE_DOMINANT, HALF_DOMINANT = 6.0, -2.0, 0.8, 1.5, 0.7
SAME_ROOT, UNRESOLVED = -0.8, -6.0  # another quality on the same root; a secondary dominant that leads elsewhere
FULL_CHROMATICISM = 1.6  # of a style: chromatic chords cost nothing extra
OTHER_EXTENSION = 0.1  # less for each place in the style's order; the first is worth .5


@dataclass(frozen=True)
class Slot:
    """A place for one chord, [``beat``, ``beat + beats``), and its role in the form.

    ``requested``: root (pitch class) and quality of the chord that stands there unless the melody clashes with it;
    ``asked_for``: by a person, so that it may be one that the key does not have. ``avoided``: a root (pitch class) that
    another variant has there. ``familiar``: root and quality of the chord that was heard there before.
    """

    beat: float
    beats: float
    opens_bar: bool
    role: Literal["free", "home", "cadence", "half", "start"] = "free"
    requested: tuple[int, str] | None = None
    asked_for: bool = False
    avoided: int | None = None
    familiar: tuple[int, str] | None = None


@dataclass(frozen=True)
class HarmonyStyle:
    """A style's harmony: extensions, rewards of changing inside a bar and of staying across a bar line, chromatic
    chords.

    ``chromaticism``: 0 (none) to 1.6 (as cheap as diatonic ones). ``surprise``: scale of the Gumbel noise on each fit.
    """

    colour: Colour = "triads"
    change_inside_bar: float = -0.5
    stay_across_bar: float = -0.6
    chromaticism: float = 0.0
    surprise: float = 0.25


@cache
def _transitions(chords: tuple[Degree, ...]) -> np.ndarray:
    """Reward [from, to] of going from one degree to the next when the chord changes."""
    table = np.zeros((len(chords), len(chords)))
    for i, a in enumerate(chords):
        for j, b in enumerate(chords):
            motion = (b.root - a.root) % 12
            table[i, j] = _FLOW[a.function, b.function] + _ROOT_MOTION[motion]
            if a.resolves_to and b.root not in a.resolves_to:
                table[i, j] = UNRESOLVED
            if motion == 0:
                # V → V7 grows; other changes of quality on one root are marking time.
                table[i, j] = 0.0 if (a.quality, b.quality) == ("", "7") else SAME_ROOT
    return table


def harmonise(
    notes: Sequence[GridNote],
    slots: Sequence[Slot],
    key: Key,
    harmony: HarmonyStyle,
    rng: np.random.Generator,
    *,
    avoided_cost: float = 1.0,
    beat: float = 1.0,
    before: Chord | None = None,
) -> list[Chord]:
    """One chord per run of equal slots, fitted to ``notes`` (in order, on the same beat axis as ``slots``).

    Args:
        avoided_cost: of a root that a slot avoids.
        beat: length of a felt beat, quarters.
        before: the chord that the first one follows.
    """
    if not slots:
        return []
    tonic = PITCH_CLASSES.index(key.tonic)
    chords = _with_requested(degrees(key.kind), slots, tonic)
    fit = _fit(notes, slots, chords, tonic, beat)
    chromatic_share = max(0.0, FULL_CHROMATICISM - harmony.chromaticism)
    fit -= np.array([c.cost * (chromatic_share if c.chromatic else 1.0) for c in chords])
    fit += rng.gumbel(0.0, harmony.surprise, fit.shape)
    for i, slot in enumerate(slots):
        fit[i] += [_role_reward(slot, c, modal=key.scale is not None) for c in chords]
        fit[i] -= [avoided_cost * ((c.root + tonic) % 12 == slot.avoided) for c in chords]
        for wanted, reward in ((slot.requested, REQUESTED_REWARD), (slot.familiar, FAMILIAR_REWARD)):
            if wanted:
                fit[i] += [reward * _matches(c, wanted, tonic) for c in chords]
    move = _transitions(chords)
    left = _degree_of(before, chords, tonic) if before else None
    if left is not None:
        fit[0] += move[left]
    path = _viterbi(fit, slots, move, harmony)
    return _as_chords([chords[k] for k in path], slots, notes, key, harmony)


def _with_requested(chords: tuple[Degree, ...], slots: Sequence[Slot], tonic: int) -> tuple[Degree, ...]:
    """The vocabulary, and the chords that a person asks for and that are not in it."""
    asked = dict.fromkeys(slot.requested for slot in slots if slot.requested and slot.asked_for)
    new = (r for r in asked if not any(_matches(degree, r, tonic) for degree in chords))
    return (*chords, *(Degree((root - tonic) % 12, quality, "S", ASKED_COST) for root, quality in new))


def _matches(degree: Degree, requested: tuple[int, str], tonic: int) -> bool:
    root, quality = requested
    return (tonic + degree.root) % 12 == root and QUALITIES[degree.quality][1:3] == QUALITIES[quality][1:3]


def _degree_of(chord: Chord, chords: Sequence[Degree], tonic: int) -> int | None:
    """Index of a chord in the vocabulary, extensions aside; None where it is not in it."""
    dominant = {4, 10} <= set(QUALITIES[chord.quality])
    fitting = (
        i
        for i, degree in enumerate(chords)
        if _matches(degree, (chord.root, chord.quality), tonic) and (degree.quality == "7") == dominant
    )
    return next(fitting, None)


def _viterbi(fit: np.ndarray, slots: Sequence[Slot], move: np.ndarray, harmony: HarmonyStyle) -> list[int]:
    same = np.eye(fit.shape[1], dtype=bool)
    across = np.where(same, harmony.stay_across_bar, move)
    inside = np.where(same, 0.0, move + harmony.change_inside_bar)
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
def _relations(chords: tuple[Degree, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each pitch class above the tonic against each degree, [degrees, 12] each: reward as a chord tone, roughness as an
    added tone, and whether it lies a semitone from a chord tone.
    """
    tone, rough, clashing = (np.zeros((len(chords), 12)) for _ in range(3))
    for i, chord in enumerate(chords):
        tones = QUALITIES[chord.quality]
        for step in range(12):
            interval = (step - chord.root) % 12
            if interval in tones:
                tone[i, step] = CHORD_THIRD if interval == tones[1] else CHORD_TONE
            elif any((interval - t) % 12 in (1, 11) for t in tones):
                clashing[i, step] = 1.0
            else:
                mild = (chord.quality, interval) in {("", 9), ("m", 10)}
                rough[i, step] = MILD_ADDED_TONE if mild else ADDED_TONE
    return tone, rough, clashing


def _fit(
    notes: Sequence[GridNote], slots: Sequence[Slot], chords: tuple[Degree, ...], tonic: int, beat: float
) -> np.ndarray:
    """Reward of the notes of each slot over each degree, [slots, degrees].

    An unprepared clash on a beat costs more than anything else is worth.
    """
    tone, rough, clashing = _relations(chords)
    chord_tones, added, clash = (np.zeros((len(slots), 12)) for _ in range(3))
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
            weight = min(overlap, MAX_OVERLAP)
            weight *= ON_BEAT_WEIGHT if on_beat else LONG_WEIGHT if overlap >= 1 else SHORT_WEIGHT
            if begins and abs(note.beat - slot.beat) < 1e-6:
                weight *= WITH_CHORD_WEIGHT
            prepared = k > 0 and notes[k - 1].midi == note.midi
            step = (note.midi - tonic) % 12
            chord_tones[i, step] += weight
            added[i, step] += weight * (ADDED_ON_BEAT if on_beat else ADDED_OFF_BEAT)
            clash[i, step] += CLASH * weight + (UNPREPARED_CLASH if on_beat and not prepared else 0.0)
    return np.asarray(chord_tones @ tone.T - added @ rough.T - clash @ clashing.T)


def is_on(position: float, beat: float) -> bool:
    """Whether a position falls on a multiple of ``beat``."""
    return abs(position / beat - round(position / beat)) < 1e-6


def _role_reward(slot: Slot, degree: Degree, *, modal: bool) -> float:
    home = degree.root == 0 and not degree.resolves_to
    if slot.role == "home":
        return HOME_TONIC if home else HOME_OTHER
    if slot.role == "start":
        return START_TONIC if home else 0.0
    if slot.role == "cadence":
        leads = degree.function == "D" and (modal or (degree.root == 7 and degree.quality != "m"))
        return CADENCE_DOMINANT if leads else 0.0
    if slot.role == "half":
        return HALF_DOMINANT if degree.function == "D" else 0.0
    return 0.0


def _as_chords(
    path: list[Degree], slots: Sequence[Slot], notes: Sequence[GridNote], key: Key, harmony: HarmonyStyle
) -> list[Chord]:
    """Chords of a path: equal neighbours in a bar merged, each with the richest extension that the melody allows."""
    tonic = PITCH_CLASSES.index(key.tonic)
    merged: list[tuple[Degree, float, float]] = []
    for degree, slot in zip(path, slots, strict=True):
        if merged and merged[-1][0] == degree and not slot.opens_bar:
            _, beat, beats = merged[-1]
            merged[-1] = (degree, beat, beats + slot.beats)
        else:
            merged.append((degree, slot.beat, slot.beats))
    scale = {(tonic + s) % 12 for s in SCALES[key.kind]}
    chords: list[Chord] = []
    for i, (degree, beat, beats) in enumerate(merged):
        root = (tonic + degree.root) % 12
        over = [n for n in notes if n.beat < beat + beats - 1e-6 and n.end > beat + 1e-6]
        sung = {
            (n.midi - root) % 12: n.beat >= beat and is_on(n.beat, 0.5) for n in sorted(over, key=lambda n: n.beats)
        }
        quality = _extended(degree, root, sung, scale, harmony)
        following = (tonic + merged[i + 1][0].root) % 12 if i + 1 < len(merged) else None
        bass = _bass_note(root, quality, chords[-1].bass if chords else None, following)
        chords.append(make_chord(beat, beats, root, quality, bass))
    return chords


def make_chord(beat: float, beats: float, root: int, quality: str, bass: int | None = None) -> Chord:
    bass = root if bass is None else bass
    symbol = PITCH_CLASSES[root] + quality + ("" if bass == root else f"/{PITCH_CLASSES[bass]}")
    return Chord(beat=beat, beats=beats, root=root, quality=quality, bass=bass, symbol=symbol)


def _extended(degree: Degree, root: int, sung: dict[int, bool], scale: set[int], harmony: HarmonyStyle) -> str:
    """The quality that contains most of what is sung on beats; then the style's favourite.

    Added tones lie in the scale, and none a semitone from what is ``sung`` (interval above the root → on a beat).
    """
    plain = QUALITIES[degree.quality]
    favourites = COLOURS[harmony.colour][degree.quality]
    best, most = degree.quality, -1.0
    for quality in dict.fromkeys((*favourites, *MELODIC_EXTENSIONS[degree.quality])):
        added = [t % 12 for t in QUALITIES[quality] if t not in plain]
        diatonic = all((root + t) % 12 in scale or (degree.quality == "7" and t == 10) for t in added)
        clashes = any((s - t) % 12 in (1, 11) for s in sung for t in added)
        if not diatonic or clashes:
            continue
        contained = sum(on_beat and s in added for s, on_beat in sung.items())
        preference = 0.5 - OTHER_EXTENSION * favourites.index(quality) if quality in favourites else 0.0
        if contained + preference > most:
            best, most = quality, contained + preference
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
    """The chord at ``beat``; before the first and after the last, these two."""
    index = bisect.bisect_right(chords, beat + 1e-6, key=lambda c: c.beat) - 1
    return chords[max(index, 0)]


def chord_tones(chord: Chord) -> tuple[int, ...]:
    """Pitch classes, root first."""
    return tuple((chord.root + t) % 12 for t in QUALITIES[chord.quality])
