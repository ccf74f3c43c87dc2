"""Chords as people write them ("Am F C G"), and the key that they are in."""

import re
from collections.abc import Sequence

from soundstage.models.music import Key, Mode
from soundstage.music.composing.melody import PITCH_CLASSES, SCALES

CHORD = re.compile(r"([A-G])([#♯b♭]?)(maj7|m7b5|min7|maj|min|dim|aug|sus[24]?|add9|m|M)?(\d{0,2})(?:/[A-G][#b]?)?$")
_STEPS = {"#": 1, "♯": 1, "b": -1, "♭": -1, "": 0}
# Degrees of the scale with the triads on them, semitones above the tonic; V is major in minor, too.
_MAJOR = {(0, ""), (2, "m"), (4, "m"), (5, ""), (7, ""), (9, "m"), (11, "dim")}
_MINOR = {(0, "m"), (2, "dim"), (3, ""), (5, "m"), (7, "m"), (7, ""), (8, ""), (10, "")}
DEGREE = r"(?:[b♭]?(?:VII|III|VI|IV|II|V|I)|(?:vii|iii|vi|iv|ii|v|i))(?:°|o|dim)?7?"
_DEGREE = re.compile(r"(?P<flat>[b♭])?(?P<roman>[IVivx]+)(?P<dim>°|o|dim)?(?P<seventh>7)?$")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii")
_MAJOR_TRIADS = ("", "m", "m", "", "", "m", "dim")
OPENS, CLOSES = 0.5, 0.25  # of a chord in the scale: what the tonic at the start or at the end is worth


def read_chord(name: str) -> tuple[int, str] | None:
    """Root (pitch class) and triad ("", m, dim, 7) of a chord symbol; None where it is none. Extensions are the style's
    business; a suspended chord is major, an augmented one, too.
    """
    match = CHORD.match(name)
    if match is None:
        return None
    letter, step, kind, number = match.groups()
    root = (PITCH_CLASSES.index(letter) + _STEPS[step]) % 12
    if kind in {"m", "min", "min7"}:
        return root, "m"
    if kind in {"dim", "m7b5"}:
        return root, "dim"
    return root, "7" if number in {"7", "9", "13"} and kind is None else ""


def named_in(key: Key, chords: Sequence[str]) -> list[str]:
    """Chord names of degrees in a key: Roman numerals of its own scale ("vi" in C major: Am), or digits of the major
    scale, in a minor key of its relative ("6415" in A minor: Am F C G). Other names stay as they are.
    """
    return [_degree_in(key, name) or name for name in chords]


def _degree_in(key: Key, name: str) -> str | None:
    tonic = PITCH_CLASSES.index(key.tonic)
    if name in {"1", "2", "3", "4", "5", "6", "7"}:
        step = int(name) - 1
        home = tonic if key.mode is Mode.MAJOR else tonic + 3
        return PITCH_CLASSES[(home + SCALES[Mode.MAJOR][step]) % 12] + _MAJOR_TRIADS[step]
    match = _DEGREE.match(name)
    if match is None or match["roman"].lower() not in _ROMAN:
        return None
    step = _ROMAN.index(match["roman"].lower())
    scale = SCALES[Mode.MAJOR] if match["flat"] else SCALES[key.mode]
    kind = "dim" if match["dim"] else "m" if match["roman"].islower() else ""
    return PITCH_CLASSES[(tonic + scale[step] - bool(match["flat"])) % 12] + kind + (match["seventh"] or "")


def key_of_chords(chords: Sequence[tuple[int, str]], mode: Mode) -> Key:
    """The major or minor key with most of them in it; of several, the one that they begin or end on."""
    own = _MAJOR if mode is Mode.MAJOR else _MINOR
    home = "" if mode is Mode.MAJOR else "m"

    def fit(tonic: int) -> float:
        inside = sum(((root - tonic) % 12, quality if quality != "7" else "") in own for root, quality in chords)
        return inside + OPENS * (chords[0] == (tonic, home)) + CLOSES * (chords[-1] == (tonic, home))

    return Key(tonic=PITCH_CLASSES[max(range(12), key=fit)], mode=mode)
