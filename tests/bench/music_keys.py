"""Whether a key told with 80 % is right in 80 %: ``python -m tests.bench.music_keys FOLDER [--kept DIR]``.

FOLDER and ``--kept`` are those of ``tests.bench.music_singers``. 40 of its sight-singers sing scores of a plain key.
Each is listened to whole, up to notes 8, 12, 16, 24 and 32, and in stretches from the middle of 12 and 24 notes. Prints
how often keys are right by what is said of them, on the singers that the temperature may be chosen on and on those held
out; and the temperature with the least log loss on the former, also with each score left out in turn.
"""

import itertools
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.bench.music_singers import folders, held_out, salience_of

from soundstage.arrays import Floats
from soundstage.models.music import Mode
from soundstage.music.listening import key_and_tuning
from soundstage.music.listening.classification import without_speech
from soundstage.music.listening.key_and_tuning import TONIC_NAMES, decode_tonality
from soundstage.music.listening.transcription import SungNote, transcribe

# Who sings a score; semitones from its first note to a tonic that it can be read in (two where both are sound), mode.
SCORES: tuple[tuple[str, tuple[int, ...], Mode], ...] = (
    ("1011 1100 1174 1188 1189 427", (-7,), Mode.MAJOR),
    ("1072 1075 1079 1194 1196 1197 1198 1307 1311 1315 313 364", (0, -5), Mode.MAJOR),
    ("1078 1205 1344 335", (5,), Mode.MAJOR),
    ("1201", (5,), Mode.MAJOR),
    ("1206", (-4,), Mode.MAJOR),
    ("1210", (-7,), Mode.MAJOR),
    ("1211 1214", (-7,), Mode.MAJOR),
    ("1212", (5,), Mode.MAJOR),
    ("1213", (-4,), Mode.MAJOR),
    ("1216", (5,), Mode.MAJOR),
    ("1219", (5,), Mode.MAJOR),
    ("1220", (5,), Mode.MAJOR),
    ("1221", (5,), Mode.MAJOR),
    ("1222", (-7,), Mode.MAJOR),
    ("1223", (0,), Mode.MINOR),
    ("1227", (-4,), Mode.MAJOR),
    ("man1_butterfly", (-7,), Mode.MAJOR),
    ("man1_schoolbell man2_schoolbell", (-7,), Mode.MAJOR),
    ("man1_twinkle", (0,), Mode.MAJOR),
)
TOLERANCE = 1.3  # semitones between our tonic and the one read from the annotators' first note, which may be sung off
BEGINNINGS, STRETCHES = (8, 12, 16, 24, 32), (12, 24)  # notes
TEMPERATURES = np.arange(1.0, 3.01, 0.1)
SAID = (0.0, 0.3, 0.5, 0.7, 0.85, 0.95, 1.001)


@dataclass(frozen=True)
class Case:
    """A key that was told: of whom and which score, whether it is right, and how sure it is at each temperature."""

    name: str
    score: int
    whole: bool
    right: bool
    confidence: Floats


def cases(folder: Path, kept: Path | None, job: tuple[str, int]) -> list[Case]:
    """One singer, whole and in parts."""
    name, score = job
    path = folder / "sight-singing" / f"{name}.flac"
    notes = without_speech(transcribe(salience_of(path, kept)))
    first = float(np.loadtxt(path.with_suffix("").with_suffix(".notes.txt"))[0, 2])
    count = len(notes)
    spans = [(0, count), *((0, end) for end in BEGINNINGS if end < count)]
    spans += [(at, at + size) for size in STRETCHES for at in range(size // 2, count - size + 1, size // 2)]
    return [case(name, score, notes[a:b], first, whole=b - a == count) for a, b in spans]


def case(name: str, score: int, notes: list[SungNote], first: float, *, whole: bool) -> Case:
    """One reading of ``notes``; the annotated first note of the recording is ``first``."""
    _, ways, mode = SCORES[score]
    told = []
    for temperature in TEMPERATURES:
        key_and_tuning.CONFIDENCE_TEMPERATURE = temperature
        tonality = decode_tonality(notes)
        told.append(tonality.confidence)
    apart = [(TONIC_NAMES.index(tonality.key.tonic) - first - way + 6) % 12 - 6 for way in ways]
    right = tonality.key.mode is mode and min(map(abs, apart)) <= TOLERANCE
    return Case(name, score, whole, right, np.array(told))


def log_loss(some: list[Case]) -> Floats:
    """By temperature."""
    right = np.array([case.right for case in some])[:, None]
    said = np.clip(np.array([case.confidence for case in some]), 1e-4, 1 - 1e-4)
    return np.asarray(-np.mean(np.log(np.where(right, said, 1 - said)), axis=0))


def best(some: list[Case]) -> float:
    return float(TEMPERATURES[int(np.argmin(log_loss(some)))])


def reliability(title: str, some: list[Case], temperature: float) -> None:
    """How often keys are right by what is said of them."""
    at = int(np.argmin(np.abs(TEMPERATURES - temperature)))
    said = np.array([case.confidence[at] for case in some])
    right: NDArray[np.bool_] = np.array([case.right for case in some])
    rows = []
    error = 0.0
    for low, high in itertools.pairwise(SAID):
        if (within := (said >= low) & (said < high)).any():
            rows.append(f"{said[within].mean():.2f}: {right[within].mean():.2f} of {within.sum()}")
            error += float(np.mean(within)) * abs(float(right[within].mean() - said[within].mean()))
    calibration = f"at {temperature:.1f}: log loss {log_loss(some)[at]:.3f}, calibration error {error:.3f}"
    print(f"{title}, {calibration}; said: right {', '.join(rows)}")  # noqa: T201


def main(arguments: Sequence[str]) -> int:
    if (named := folders("music_keys", arguments)) is None:
        return 0
    folder, kept = named
    now = key_and_tuning.CONFIDENCE_TEMPERATURE
    jobs = [(name, score) for score, (names, _, _) in enumerate(SCORES) for name in names.split()]
    with ProcessPoolExecutor(2) as workers:
        found = [case for some in workers.map(partial(cases, folder, kept), jobs) for case in some]
    tune = [case for case in found if not held_out(case.name)]
    for temperature in (1.0, now):
        reliability("tune", tune, temperature)
        reliability("held out", [case for case in found if held_out(case.name)], temperature)
        reliability("whole recordings, all", [case for case in found if case.whole], temperature)
    without = [best([case for case in tune if case.score != score]) for score in range(len(SCORES))]
    print(f"best on tune {best(tune):.1f}; each score left out {min(without):.1f} to {max(without):.1f}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
