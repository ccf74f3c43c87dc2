"""Performance: from quarters to seconds, with swing, ritardando, and players' deviations in timing and velocity."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import VariantPlan
from soundstage.music.arranging.arrangement import Arrangement, Part
from soundstage.music.arranging.drums import DrumHit
from soundstage.music.composing.styles import StylePack
from soundstage.music.instruments.notes import PlayedNote

HIT_STEPS = 5  # renderings of a drum, from soft to hard
TOUCHING_S = 0.04  # notes with a smaller gap were written without one: players' timing deviates by so much
LAST_CHORD_RINGS_S = 1.9  # after the last bar
MIN_NOTE_S = 0.05  # of a note as played
# Onset deviations are an autoregressive process, for errors of one player are not independent; innovations of .7,
# about √(1 − .7²), keep the standard deviation of the role.
CORRELATION, INNOVATION = 0.7, 0.7
VELOCITY_DEVIATION, VELOCITY_RANGE = 0.05, (0.08, 1.0)  # standard deviation, relative
DRUM_DEVIATION_S = 0.003
LATE_ROLES = ("chords", "bass", "lead", "second")  # those that a laid-back style delays
# Standard deviation of onsets, seconds, by role.
DEVIATION_S = {
    "lead": 0.007,
    "second": 0.008,
    "double": 0.008,
    "answer": 0.009,
    "counter": 0.012,
    "bass": 0.004,
    "chords": 0.006,
    "pad": 0.0,
}


@dataclass(frozen=True)
class Clock:
    """Turns quarters into seconds.

    ``swing8``, ``swing16``: share of a quarter (an eighth) that its first half takes. ``slows_by``: share by which a
    quarter is longer four quarters after ``slows_from``; it grows evenly.
    """

    tempo_bpm: float
    swing8: float = 0.5
    swing16: float = 0.5
    slows_from: float = math.inf
    slows_by: float = 0.0

    def seconds(self, beat: float) -> float:
        """Time of ``beat`` (quarters), seconds."""
        late = max(0.0, beat - self.slows_from) if self.slows_by else 0.0
        return (self._swung(beat) + self.slows_by * late**2 / 8.0) * 60.0 / self.tempo_bpm

    def _swung(self, beat: float) -> float:
        beat = _stretch(beat, 1.0, self.swing8)
        return _stretch(beat, 0.5, self.swing16) if self.swing8 == 0.5 else beat


def _stretch(beat: float, unit: float, share: float) -> float:
    """``beat`` with time inside each ``unit`` stretched so that its middle comes at ``share``."""
    if share == 0.5:
        return beat
    whole, inside = divmod(beat / unit, 1.0)
    bent = inside * 2 * share if inside < 0.5 else share + (inside - 0.5) * 2 * (1 - share)
    return float((whole + bent) * unit)


def clock_for(plan: VariantPlan, style: StylePack) -> Clock:
    """The clock of a plan: its swing (none in 6/8), its style's swing of sixteenths and ritardando."""
    swing8 = plan.swing if plan.meter != "6/8" else 0.5
    # The ritardando ends where the last chord is struck, a bar before the end.
    slows_by = style.ritardando if plan.ending == "slowing" else 0.0
    return Clock(plan.tempo_bpm, swing8, style.swing16, plan.total_beats - 2 * plan.bar_beats, slows_by)


@dataclass
class PlayedHit:
    """A stroke at ``start_s``; ``velocity`` 0 to 1; ``root``: the pitch class of a tuned drum."""

    start_s: float
    drum: str
    velocity: float
    root: int = 0

    @property
    def step(self) -> int:
        """The nearest of ``HIT_STEPS`` renderings, from 1."""
        return max(1, round(self.velocity * HIT_STEPS))


def perform(part: Part, clock: Clock, style: StylePack, plan: VariantPlan) -> list[PlayedNote]:
    """The notes of one part as played, in order of time; deviations are decided by the plan's seed."""
    seed, last = plan.seed, plan.total_beats
    rng = np.random.default_rng([seed, 2, *part.name.encode()])
    deviation_s = DEVIATION_S[part.layer.role]
    late = style.laid_back_s if part.layer.role in LATE_ROLES else 0.0
    played = []
    drift = 0.0
    for note in part.notes:
        drift = CORRELATION * drift + rng.normal(0.0, INNOVATION * deviation_s)
        start = max(0.0, clock.seconds(note.beat) + drift + late)
        end = clock.seconds(note.beat + note.beats)
        if last - note.beat - note.beats < 1e-3:
            end += LAST_CHORD_RINGS_S
        velocity = float(np.clip(note.velocity * rng.normal(1.0, VELOCITY_DEVIATION), *VELOCITY_RANGE))
        played.append(PlayedNote(start, max(MIN_NOTE_S, end - start), note.midi, velocity, note.expression))
    return slurs_resolved(sorted(played, key=lambda n: (n.start_s, n.midi)))


def slurs_resolved(played: Sequence[PlayedNote]) -> list[PlayedNote]:
    """Notes in order, slurred only where they do join the one before: the same pitch again is always struck."""
    resolved = list(played[:1])
    for before, note in itertools.pairwise(played):
        joins = note.expression.slurred and note.midi != before.midi and note.start_s - before.end_s < TOUCHING_S
        resolved.append(replace(note, expression=replace(note.expression, slurred=joins)))
    return resolved


def perform_drums(hits: Sequence[DrumHit], clock: Clock, seed: int) -> list[PlayedHit]:
    """The strokes as played, in order of time."""
    rng = np.random.default_rng([seed, 3])
    played = [
        PlayedHit(max(0.0, clock.seconds(h.beat) + rng.normal(0.0, DRUM_DEVIATION_S)), h.drum, h.velocity, h.root)
        for h in hits
    ]
    return sorted(played, key=lambda h: (h.start_s, h.drum))


def played_parts(arrangement: Arrangement, plan: VariantPlan) -> list[tuple[Part, list[PlayedNote]]]:
    """Every part with its notes as played."""
    clock = clock_for(plan, arrangement.style)
    return [(part, perform(part, clock, arrangement.style, plan)) for part in arrangement.parts]
