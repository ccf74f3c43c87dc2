"""The hum's notes as a tune on a grid: rubato taken out, completed to whole phrases, moved to the wanted key."""

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import QUARTERS_PER_BAR, Expression, GridNote, Meter
from soundstage.models.errors import MediaRejected
from soundstage.models.music import Analysis, Key, Mode, Note, Segment

PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
SCALES = {Mode.MAJOR: (0, 2, 4, 5, 7, 9, 11), Mode.MINOR: (0, 2, 3, 5, 7, 8, 10)}
SIXTEENTH = 0.25
LONGEST_TUNE_BARS = 32
# An analysis measures energy ten times a second: the tenths around onset and end hold other notes or silence.
ENERGY_HZ = 10
SWELL_EDGE_S, SHORTEST_SWELL_S = 0.07, 0.2
SWELL_POINTS, SWELL_RANGE_DB = 6, (-6.0, 3.0)
# Where a voice pauses for less than this between two pitches, it has sung them on one breath.
SLUR_GAP_S = 0.02
# A hummed "la" dies away by more than a bow or a breath would.
SWELL_SHARE = 0.75


@dataclass(frozen=True)
class Melody:
    """Notes counted from the first full bar, in quarters: a pickup has negative beats."""

    notes: tuple[GridNote, ...]
    bars: int
    meter: Meter
    tempo_bpm: float
    key: Key
    swing: float

    @property
    def bar_beats(self) -> float:
        return QUARTERS_PER_BAR[self.meter]

    @property
    def tonic(self) -> int:
        return PITCH_CLASSES.index(self.key.tonic)


def melody_from_hum(analysis: Analysis, segment: Segment) -> Melody:
    """Quantise the notes inside ``segment`` to sixteenths and complete them to phrases of four bars.

    Raises MediaRejected(NO_MELODY) when the segment holds no note.
    """
    chosen = [(i, n) for i, n in enumerate(analysis.notes) if segment.start_s - 0.05 <= n.onset_s < segment.end_s]
    if not chosen:
        raise MediaRejected("NO_MELODY")
    meter: Meter = "4/4" if analysis.meter in (None, "2/4") else analysis.meter  # type: ignore[assignment]
    tempo = quarters_per_minute(analysis)
    onsets = np.array([n.onset_s for _, n in chosen])
    raw = (onsets - analysis.beat_offset_s) * tempo / 60.0
    grid = quantise_onsets(unswing(raw, analysis.swing), meter)
    notes = _with_lengths(chosen, grid, analysis, tempo)
    notes = _from_first_bar(notes, QUARTERS_PER_BAR[meter])
    key = analysis.key or Key(tonic="C", mode=Mode.MAJOR)
    melody = Melody(tuple(notes), 1, meter, _folded_tempo(tempo, meter), key, analysis.swing)
    if melody.tempo_bpm != tempo:  # the grid is counted in half or double time from here on
        ratio = melody.tempo_bpm / tempo
        stretched = [replace(n, beat=n.beat * ratio, beats=n.beats * ratio) for n in notes]
        melody = replace(melody, notes=tuple(_from_first_bar(stretched, melody.bar_beats)))
    return complete_phrases(melody)


def quarters_per_minute(analysis: Analysis) -> float:
    """Analysis counts felt beats: quarters, and dotted quarters in 6/8."""
    tempo = analysis.tempo_bpm or 100.0
    return tempo * 1.5 if analysis.meter == "6/8" else tempo


def _folded_tempo(tempo: float, meter: Meter) -> float:
    """Half or double time where players would count so: between 60 and 180 quarters (6/8: up to 210)."""
    top = 210.0 if meter == "6/8" else 180.0
    while tempo < 56.0:
        tempo *= 2
    while tempo > top:
        tempo /= 2
    return tempo


def unswing(beats: np.ndarray, swing: float) -> np.ndarray:
    """Move swung off-beats to the straight half of the beat."""
    if swing < 0.55:
        return beats
    whole = np.floor(beats)
    inside = beats - whole
    straight = np.where(inside < swing, inside * 0.5 / swing, 0.5 + (inside - swing) * 0.5 / (1 - swing))
    return np.asarray(whole + straight)


def quantise_onsets(beats: np.ndarray, meter: Meter) -> np.ndarray:
    """Nearest musical grid positions; a singer who drifts (rubato, a tempo not quite measured) is followed.

    ``beats``: increasing positions in quarters, [n]. Returns positions on the sixteenth grid, strictly increasing.
    """
    grid = _snap(beats, meter, looseness=0.10)
    if len(beats) < 6:
        return grid
    # What the first pass saw of the drift is taken out as a smooth curve, so that the second can be strict.
    centred = (grid - grid.mean()) / max(float(np.ptp(grid)), 1.0)
    curve = np.polynomial.Polynomial.fit(centred, beats - grid, deg=3 if len(beats) >= 12 else 1)
    return _snap(beats - curve(centred), meter, looseness=0.07)


def _snap(beats: np.ndarray, meter: Meter, looseness: float) -> np.ndarray:
    """Dynamic programming over grid positions: changes of drift from note to note cost, and so do fine subdivisions."""
    spread = np.arange(-6, 7) * SIXTEENTH
    candidates = np.round(beats / SIXTEENTH)[:, None] * SIXTEENTH + spread[None, :]
    drift = beats[:, None] - candidates
    level = _grid_cost(candidates, meter)
    cost = level[0] + (drift[0] / 0.15) ** 2
    back = np.zeros(candidates.shape, dtype=int)
    for i in range(1, len(beats)):
        change = drift[i][:, None] - drift[i - 1][None, :]
        # The longer the gap, the more a singer may wander.
        sigma = looseness + 0.03 * min(beats[i] - beats[i - 1], 4.0)
        step = cost[None, :] + (change / sigma) ** 2
        step[candidates[i][:, None] <= candidates[i - 1][None, :]] = 1e9
        back[i] = step.argmin(axis=1)
        cost = step.min(axis=1) + level[i] + (drift[i] / 1.2) ** 2
    path = [int(cost.argmin())]
    for i in range(len(beats) - 1, 0, -1):
        path.append(int(back[i][path[-1]]))
    return np.asarray(candidates[np.arange(len(beats)), path[::-1]])


def _grid_cost(positions: np.ndarray, meter: Meter) -> np.ndarray:
    """Notes begin on beats more often than between them."""
    sixteenths = np.round(positions / SIXTEENTH).astype(int)
    cost = np.where(sixteenths % 2 == 1, 2.2, 0.25)
    return np.where(sixteenths % (6 if meter == "6/8" else 4) == 0, 0.0, cost)


def _with_lengths(chosen: list[tuple[int, Note]], grid: np.ndarray, analysis: Analysis, tempo: float) -> list[GridNote]:
    notes = []
    for position, (index, note) in enumerate(chosen):
        sung = (note.offset_s - note.onset_s) * tempo / 60.0
        room = float(grid[position + 1] - grid[position]) if position + 1 < len(chosen) else max(sung, 1.0)
        # A gap shorter than about a third of a beat is articulation, not a rest.
        length = room if room - sung < 0.4 else max(SIXTEENTH, round(sung / SIXTEENTH) * SIXTEENTH)
        before = chosen[position - 1][1] if position else None
        notes.append(
            GridNote(
                beat=float(grid[position]),
                beats=min(length, room),
                midi=note.midi,
                velocity=note.velocity,
                expression=_expression(note, before, analysis),
                hummed=index,
            )
        )
    return notes


def _expression(note: Note, before: Note | None, analysis: Analysis) -> Expression:
    scoop, vibrato = _scoop_and_vibrato(note, analysis)
    slurred = before is not None and note.onset_s - before.offset_s < SLUR_GAP_S
    return Expression(scoop, vibrato, _swell(note, analysis), slurred)


def _scoop_and_vibrato(note: Note, analysis: Analysis) -> tuple[float, float]:
    """Pitch at the onset and depth of vibrato, cents, clipped to what an instrument may do and softened."""
    track = analysis.pitch_midi[int(note.onset_s * 100) : int(note.offset_s * 100)]
    voiced = np.array([p for p in track if p is not None], dtype=float)
    if len(voiced) < 12:
        return 0.0, 0.0
    cents = 100.0 * (voiced - np.median(voiced))
    scoop = float(np.clip(cents[:4].mean(), -150.0, 100.0))
    middle = cents[len(cents) // 4 : -max(2, len(cents) // 8)]
    vibrato = float(np.clip(middle.std() * math.sqrt(2.0), 0.0, 45.0)) if len(middle) > 15 else 0.0
    return round(0.5 * scoop, 1), round(0.6 * vibrato, 1)


def _swell(note: Note, analysis: Analysis) -> tuple[float, ...]:
    """The voice's loudness through a note, dB around its mean. Shorter notes have their velocity only."""
    first, last = note.onset_s + SWELL_EDGE_S, note.offset_s - SWELL_EDGE_S
    if last - first < SHORTEST_SWELL_S or not analysis.energy_db:
        return ()
    middles_s = (np.arange(len(analysis.energy_db)) + 0.5) / ENERGY_HZ
    level = np.interp(np.linspace(first, last, SWELL_POINTS), middles_s, analysis.energy_db)
    return tuple(round(float(v), 1) for v in np.clip(SWELL_SHARE * (level - level.mean()), *SWELL_RANGE_DB))


def _from_first_bar(notes: list[GridNote], bar: float) -> list[GridNote]:
    """Count from the first full bar. What sounds in the second half of a bar before it is a pickup."""
    first = notes[0].beat
    inside = first % bar
    start = first - inside + (bar if inside >= bar / 2 else 0.0)
    return [replace(n, beat=n.beat - start) for n in notes]


def complete_phrases(melody: Melody) -> Melody:
    """A tune of whole four-bar phrases: what is missing answers the hum with its own rhythm and comes home."""
    bar = melody.bar_beats
    sounding = max(n.beat + min(n.beats, SIXTEENTH) for n in melody.notes)
    bars = max(1, math.ceil(round(sounding / bar, 6)))
    bars = min(bars, LONGEST_TUNE_BARS)
    kept = [n for n in melody.notes if n.beat < bars * bar]
    target = 4 * math.ceil(bars / 4)
    notes = list(kept)
    while bars < target and not (target - bars == 1 and bars >= 3):
        # Answer with the parallel place of the tune: the last bars for a long tune, the whole of a short one.
        take = min(bars, target - bars)
        source = 0 if bars <= 2 else bars - take
        answer = [n for n in kept if source * bar <= n.beat < (source + take) * bar]
        shifted = [replace(n, beat=n.beat + (bars - source) * bar, hummed=None) for n in answer]
        bars += take
        notes = [n for n in notes if n.beat < (bars - take) * bar] + _answered(shifted, melody, home=bars >= target)
    end = target * bar
    # A note that rings into the room left over is cut where the phrase ends.
    clipped = [replace(n, beats=min(n.beats, end - n.beat)) for n in notes if n.beat < end]
    ordered = sorted(clipped, key=lambda n: n.beat)
    separate = [replace(n, beats=min(n.beats, after.beat - n.beat)) for n, after in itertools.pairwise(ordered)]
    return replace(melody, notes=(*separate, ordered[-1]), bars=target)


def _answered(notes: list[GridNote], melody: Melody, *, home: bool) -> list[GridNote]:
    """A varied repeat: the second half moves by a step of the scale, and the last note closes or stays open."""
    if not notes:
        return notes
    half = len(notes) // 2
    varied = notes[:half] + [replace(n, midi=move_in_scale(n.midi, -1, melody.key)) for n in notes[half:]]
    if home:
        varied[-1] = replace(varied[-1], midi=nearest_pitch_class(varied[-1].midi, melody.tonic))
    return varied


def nearest_pitch_class(midi: int, pitch_class: int) -> int:
    """The pitch of this class that is nearest to ``midi`` (downwards when there are two)."""
    return midi + (pitch_class - midi + 6) % 12 - 6


def scale_pitches(key: Key) -> list[int]:
    """Every MIDI pitch of the scale, ascending."""
    tonic = PITCH_CLASSES.index(key.tonic)
    classes = {(tonic + step) % 12 for step in SCALES[key.mode]}
    return [m for m in range(128) if m % 12 in classes]


def move_in_scale(midi: int, steps: int, key: Key) -> int:
    """Move by scale steps; a pitch outside the scale moves from its nearest neighbour in it."""
    pitches = scale_pitches(key)
    nearest = min(range(len(pitches)), key=lambda i: abs(pitches[i] - midi))
    return pitches[min(max(nearest + steps, 0), len(pitches) - 1)]


def in_key(melody: Melody, wanted: Key) -> Melody:
    """The tune in another key: the shortest transposition, and thirds, sixths and sevenths of the other mode."""
    shift = (PITCH_CLASSES.index(wanted.tonic) - melody.tonic + 6) % 12 - 6
    source, goal = SCALES[melody.key.mode], SCALES[wanted.mode]
    degree_shift = {step: goal[i] - step for i, step in enumerate(source)}
    notes = tuple(
        replace(n, midi=n.midi + shift + degree_shift.get((n.midi - melody.tonic) % 12, 0)) for n in melody.notes
    )
    return replace(melody, notes=notes, key=wanted)


def in_register(melody: Melody, centre: int) -> Melody:
    """The tune moved by octaves so that its duration-weighted middle is nearest to ``centre``."""
    weights = np.array([n.beats for n in melody.notes])
    middle = float(np.average([n.midi for n in melody.notes], weights=weights))
    shift = 12 * round((centre - middle) / 12)
    return replace(melody, notes=tuple(replace(n, midi=n.midi + shift) for n in melody.notes))
