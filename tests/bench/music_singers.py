"""How well real singers are heard: ``python -m tests.bench.music_singers [FOLDER] [--kept DIR]``.

FOLDER (or ``SOUNDSTAGE_REAL_AUDIO``) holds recordings that are not part of the project: ``sight-singing/*.flac`` with
``*.notes.txt`` beside them (onset s, offset s, fractional MIDI pitch), ``vocadito_1.flac`` with two annotators' notes,
``listener-faults/*``, and what must be refused. Where there is none, it says so.

The singers are parted by a hash of the file's name: on two thirds ("tune") parameters may be chosen, and two of the
three networks have learnt from each of them; the third ("held out") is only measured. Bars: note F1 .80 as sung and .85
with each recording's constant offset of pitch taken off, onset F1 .90, on the grid .75 with that offset taken off, and
the phrase that two people annotated .78.

The sight-singers' annotations lie too high, by the same 4 Hz at every pitch ("bias off" is without it): most are
whole bins of 5.38 Hz (44.1 kHz over 8,192), one of which is most of a semitone for a low voice.

``--kept DIR`` keeps the measured salience of each file there, so that a round takes seconds: for changes of anything
after ``measure_salience``, which are seen, and never for changes of that, which are not.
"""

import argparse
import hashlib
import os
import pickle
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from soundstage.arrays import Floats
from soundstage.audio.io import read_audio
from soundstage.audio.pitch import A4_HZ, A4_MIDI, hz_to_midi
from soundstage.models.errors import MediaRejected
from soundstage.music.listening.analysis import audio_analyze
from soundstage.music.listening.classification import rejection_code, without_speech
from soundstage.music.listening.key_and_tuning import decode_tonality
from soundstage.music.listening.salience import Salience, measure_salience
from soundstage.music.listening.transcription import SungNote, transcribe

FOLDER_VARIABLE = "SOUNDSTAGE_REAL_AUDIO"
ONSET_TOLERANCE_S, PITCH_TOLERANCE = 0.05, 0.5  # of mir_eval; semitones
NEAR_S = 0.15  # an onset so far off is the same note begun at another time
REFUSED = ("reading.ogg", "robin.ogg")
# What annotated pitches lie above what sounds, Hz: the median over the notes of part "tune" (4.0 by our tracker, with
# no slope from 80 to 700 Hz, and 4.4 by a harmonic comb). On the phrase, annotated by others, it is −.3.
ANNOTATED_ABOVE_HZ = 4.0
COLUMNS = ("as sung", "bias off", "offset off", "onsets", "grid", "grid, off", "notes")


@dataclass(frozen=True)
class Truth:
    """Of each annotated note; arrays of [notes]."""

    onset_s: Floats
    offset_s: Floats
    pitch: Floats


@dataclass(frozen=True)
class Score:
    """F1 of one recording by column, and how many of its notes went where."""

    values: tuple[float, ...]
    lost: Counter[str]
    code: str | None


def held_out(name: str) -> bool:
    """Whether nothing may be chosen by this singer."""
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


def hits(onsets: Floats, pitch: Floats, truth: Truth, *, pitches: bool = True) -> float:
    """F1 of a maximum matching of onsets within 50 ms and pitches within 50 cents (mir_eval's rule, offsets aside)."""
    if not len(onsets):
        return 0.0
    same = np.abs(np.subtract.outer(onsets, truth.onset_s)) <= ONSET_TOLERANCE_S
    if pitches:
        same &= np.abs(np.subtract.outer(pitch, truth.pitch)) <= PITCH_TOLERANCE
    matched = int(np.sum(maximum_bipartite_matching(csr_matrix(same), perm_type="column") >= 0))
    return 2 * matched / (len(onsets) + len(truth.onset_s))


def constant_offset(onsets: Floats, pitch: Floats, truth: Truth) -> float:
    """Median of our pitch less the annotators', over notes that begin together, semitones."""
    ours, theirs = np.nonzero(np.abs(np.subtract.outer(onsets, truth.onset_s)) < 2 * ONSET_TOLERANCE_S)
    apart = pitch[ours] - truth.pitch[theirs]
    return float(np.median(apart[np.abs(apart) < 3 * PITCH_TOLERANCE])) if np.any(np.abs(apart) < 1.5) else 0.0


def where_lost(all_notes: list[SungNote], sung: list[SungNote], truth: Truth, offset: float) -> Counter[str]:
    """What became of each annotated note, and how many of ours begin inside a held one (splits)."""
    lost: Counter[str] = Counter()
    kept = {note.onset_s for note in sung}
    onset, end = (np.array([getattr(note, at) for note in all_notes]) for at in ("onset_s", "offset_s"))
    pitch = np.array([note.pitch for note in all_notes]) - offset
    for onset_s, offset_s, midi in zip(truth.onset_s, truth.offset_s, truth.pitch, strict=True):
        near = int(np.argmin(np.abs(onset - onset_s)))
        over = int(np.argmax(np.minimum(end, offset_s) - np.maximum(onset, onset_s)))
        apart_s, in_tune = abs(onset[near] - onset_s), abs(pitch[near] - midi) <= PITCH_TOLERANCE
        heard = all_notes[near].onset_s in kept if apart_s <= NEAR_S else all_notes[over].onset_s in kept
        if not heard:
            lost["talk"] += 1
        elif apart_s <= ONSET_TOLERANCE_S:
            lost["hit" if in_tune else "pitch"] += 1
        elif apart_s <= NEAR_S and in_tune:
            lost["50-150 ms"] += 1
        else:
            lost["merged" if onset[over] < onset_s < end[over] else "unheard"] += 1
    for note in sung:
        inside = (truth.onset_s < note.onset_s - 2 * ONSET_TOLERANCE_S) & (truth.offset_s > note.onset_s)
        lost["split"] += int(inside.any() and np.min(np.abs(truth.onset_s - note.onset_s)) > ONSET_TOLERANCE_S)
    return lost


def score(voice: Salience, truth: Truth, above_hz: float = 0.0) -> Score:
    """Listen to one recording and compare; its annotated pitches lie ``above_hz`` above what sounds."""
    notes = transcribe(voice)
    sung = without_speech(notes)
    code = rejection_code(notes, sung, voice.harmonicity)
    if not sung:
        return Score((0.0,) * len(COLUMNS), Counter({"talk": len(truth.pitch)}), code)
    onsets, pitch = np.array([note.onset_s for note in sung]), np.array([note.pitch for note in sung])
    grid = np.array(decode_tonality(sung).midi, np.float64)
    offset = constant_offset(onsets, pitch, truth)
    values = (
        hits(onsets, pitch, truth),
        hits(onsets, pitch, replace(truth, pitch=hz_to_midi(A4_HZ * 2 ** ((truth.pitch - A4_MIDI) / 12) - above_hz))),
        hits(onsets, pitch - offset, truth),
        hits(onsets, pitch, truth, pitches=False),
        hits(onsets, grid, truth),
        hits(onsets, grid - constant_offset(onsets, grid, truth), truth),
        len(sung) / len(truth.pitch),
    )
    return Score(values, where_lost(notes, sung, truth, offset), code)


def salience_of(path: Path, kept: Path | None) -> Salience:
    """Measured, or what an earlier run kept."""
    place = kept / f"{path.name}.pickle" if kept else None
    if place and place.exists():
        found: Salience = pickle.loads(place.read_bytes())  # noqa: S301  (written by this bench)
        return found
    audio = read_audio(path)
    voice = measure_salience(audio.mono(), audio.rate_hz)
    if place:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(pickle.dumps(voice))
    return voice


def singer(kept: Path | None, path: Path) -> Score:
    """Score of one sight-singer."""
    rows = np.loadtxt(path.with_suffix("").with_suffix(".notes.txt")).reshape(-1, 3)
    return score(salience_of(path, kept), Truth(rows[:, 0], rows[:, 1], rows[:, 2]), ANNOTATED_ABOVE_HZ)


def heard(path: Path) -> str:
    """One line on what becomes of a recording."""
    try:
        analysis = audio_analyze(read_audio(path))
    except MediaRejected as refused:
        return f"{path.name:26} {refused.code}"
    if analysis.code:
        return f"{path.name:26} {analysis.code}"
    key = f"{analysis.key.tonic} {analysis.key.mode}" if analysis.key else "-"
    tempo = f"{analysis.tempo_bpm or 0:.0f} bpm {analysis.meter}"
    return f"{path.name:26} {len(analysis.notes):3} notes  {key:9} {tempo:14} {' '.join(analysis.warnings)}"


def table(scores: dict[str, Score]) -> None:
    """Means and losses of the singers that may be tuned on, and of those held out."""
    print(f"{'':10}" + "".join(f"{column:>12}" for column in COLUMNS))  # noqa: T201
    for part in ("tune", "held out"):
        chosen = [score for name, score in scores.items() if held_out(name) == (part == "held out")]
        means = np.mean([score.values for score in chosen], axis=0)
        print(f"{part:10}" + "".join(f"{value:12.3f}" for value in means))  # noqa: T201
        lost = sum((score.lost for score in chosen), Counter[str]())
        notes = sum(count for kind, count in lost.items() if kind != "split")
        print(f"{'':10}" + ", ".join(f"{kind} {count / notes:.1%}" for kind, count in lost.most_common()))  # noqa: T201
        talked = sum(score.lost["talk"] > 0 for score in chosen)
        refused = Counter(score.code for score in chosen if score.code)
        print(f"{'':10}{talked} of {len(chosen)} lose notes as talk; refused: {dict(refused) or 'none'}")  # noqa: T201


def folders(bench: str, arguments: Sequence[str]) -> tuple[Path, Path | None] | None:
    """Where recordings are and where their salience is kept, as ``FOLDER [--kept DIR]`` says; None: there are none."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.bench.{bench}")
    parser.add_argument("folder", nargs="?", default=os.environ.get(FOLDER_VARIABLE))
    parser.add_argument("--kept", type=Path)
    args = parser.parse_args(arguments)
    if args.folder and (folder := Path(args.folder)).is_dir():
        return folder, args.kept
    print(f"There are no real recordings: name their folder, or set {FOLDER_VARIABLE}.")  # noqa: T201
    return None


def main(arguments: Sequence[str]) -> int:
    if (named := folders("music_singers", arguments)) is None:
        return 0
    folder, kept = named
    paths = sorted((folder / "sight-singing").glob("*.flac"))
    with ProcessPoolExecutor(2) as workers:
        scores = dict(zip([path.stem for path in paths], workers.map(partial(singer, kept), paths), strict=True))
    if scores:
        table(scores)
    phrase = folder / "vocadito_1.flac"
    for annotator in ("A1", "A2") if phrase.exists() else ():
        rows = np.loadtxt(folder / f"vocadito_1_notes{annotator}.csv", delimiter=",")
        truth = Truth(rows[:, 0], rows[:, 0] + rows[:, 2], hz_to_midi(rows[:, 1]))
        values = score(salience_of(phrase, kept), truth).values
        print(f"{'phrase ' + annotator:10}" + "".join(f"{value:12.3f}" for value in values))  # noqa: T201
    names = ("vocadito_10.flac", "solo_trumpet.ogg", *REFUSED)
    others = [path for path in map(folder.joinpath, names) if path.exists()]
    faults = sorted((folder / "listener-faults").glob("*"))
    for path in [*others, *(path for path in faults if path.suffix not in {".json", ".txt"})]:
        print(heard(path))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
