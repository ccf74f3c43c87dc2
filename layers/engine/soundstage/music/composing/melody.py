"""The melody of a hum on a metrical grid: quantised, completed to whole phrases, transposed.

Time is in quarters; positions are multiples of a sixteenth.
"""

import itertools
import math
from dataclasses import dataclass, replace

import numpy as np

from soundstage.models.composition import QUARTERS_PER_BAR, Expression, GridNote, Meter
from soundstage.models.errors import MediaRejected
from soundstage.models.music import Analysis, Key, Mode, Note, Scale, Segment

# Pitch classes by semitone above C; scales by semitone above the tonic (minor: natural).
PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
SCALES: dict[Mode | Scale, tuple[int, ...]] = {
    Mode.MAJOR: (0, 2, 4, 5, 7, 9, 11),
    Mode.MINOR: (0, 2, 3, 5, 7, 8, 10),
    Scale.DORIAN: (0, 2, 3, 5, 7, 9, 10),
    Scale.PHRYGIAN: (0, 1, 3, 5, 7, 8, 10),
    Scale.LYDIAN: (0, 2, 4, 6, 7, 9, 11),
    Scale.MIXOLYDIAN: (0, 2, 4, 5, 7, 9, 10),
    Scale.MAJOR_PENTATONIC: (0, 2, 4, 7, 9),
    Scale.MINOR_PENTATONIC: (0, 3, 5, 7, 10),
}
SIXTEENTH = 0.25  # quarters
PHRASE_BARS, MAX_MELODY_BARS = 4, 32
SEGMENT_MARGIN_S = 0.05  # a note that begins so much before the segment belongs to it
USUAL_TEMPO_BPM = 100.0  # where the analysis has none
# Quarters per minute that players count: slower and faster tempi are counted in double and half time.
MIN_TEMPO, MAX_TEMPO, MAX_COMPOUND_TEMPO = 56.0, 180.0, 210.0
MIN_SWING = 0.55  # below, eighths are straight
# Costs of quantisation are squared deviations in standard deviations; these are in quarters.
CANDIDATES_EACH_WAY = 6  # sixteenths around the nearest position
FIRST_DRIFT, ANY_DRIFT = 0.15, 1.2  # of the first note from the grid, of any note
# Of the change of drift from a note to the next: in the first and in the second pass, and more per quarter between
# them.
LOOSE, STRICT, LOOSER_PER_QUARTER, MAX_LOOSENING_QUARTERS = 0.10, 0.07, 0.03, 4.0
SIXTEENTH_COST, EIGHTH_COST = 2.2, 0.25  # of a note off the beat
IMPOSSIBLE = 1e9
SIXTEENTHS_OF_SEVEN, GROUPS_OF_SEVEN = 14, (0, 4, 8)  # a bar of 7/8, and where its 2 + 2 + 3 eighths begin
MIN_DRIFT_NOTES, MIN_CUBIC_NOTES = 6, 12  # drift is followed by a line from 6 notes on, by a cubic from 12
RINGING_SHARE = 0.5  # of a last note (or of a bar, where it is longer) beyond the bar line: it has the next bar, too
ARTICULATION = 0.4  # quarters: a shorter gap is articulation, not a rest
# An analysis measures energy ten times a second: the tenths around onset and end hold other notes or silence.
ENERGY_HZ, PITCH_HZ = 10, 100
SWELL_EDGE_S, SHORTEST_SWELL_S = 0.07, 0.2
SWELL_POINTS, SWELL_RANGE_DB = 6, (-6.0, 3.0)
SLUR_GAP_S = 0.02  # a shorter gap between two pitches: sung on one breath
SWELL_SHARE = 0.75  # a hummed "la" dies away by more than a bow or a breath would
# Scoop: the first 40 ms against the note's median; half of it is kept. Vibrato: the standard deviation of the middle
# times √2, the peak of a sine; three fifths of it are kept.
MIN_EXPRESSIVE_FRAMES, SCOOP_FRAMES, MIN_VIBRATO_FRAMES = 12, 4, 15
SCOOP_RANGE_CENTS, SCOOP_SHARE, MAX_VIBRATO_CENTS, VIBRATO_SHARE = (-150.0, 100.0), 0.5, 45.0, 0.6


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
    """The notes inside ``segment``, quantised to sixteenths and completed to phrases of four bars.

    Raises:
        MediaRejected: NO_MELODY, the segment holds no note.
    """
    chosen = notes_in(analysis, segment)
    if not chosen:
        raise MediaRejected("NO_MELODY")
    meter: Meter = "4/4" if analysis.meter is None or analysis.meter == "2/4" else analysis.meter
    tempo = quarters_per_minute(analysis)
    onsets = np.array([n.onset_s for _, n in chosen])
    raw = _quarters(onsets, analysis, tempo)
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


def _quarters(times_s: np.ndarray, analysis: Analysis, tempo: float) -> np.ndarray:
    """Times in quarters from the downbeat, by the tempo map where there is one."""
    if len(analysis.tempo_map) < 2:
        return np.asarray((times_s - analysis.beat_offset_s) * tempo / 60.0)
    at_s, beats = np.array(analysis.tempo_map).T
    inside = np.interp(times_s, at_s, beats)
    before, after = np.minimum(times_s - at_s[0], 0.0), np.maximum(times_s - at_s[-1], 0.0)
    first, last = (beats[1] - beats[0]) / (at_s[1] - at_s[0]), (beats[-1] - beats[-2]) / (at_s[-1] - at_s[-2])
    return np.asarray(inside + before * first + after * last)


def notes_in(analysis: Analysis, segment: Segment) -> list[tuple[int, Note]]:
    """The notes that begin inside ``segment``, or just before it, with their index in the analysis."""
    begin_s = segment.start_s - SEGMENT_MARGIN_S
    return [(i, n) for i, n in enumerate(analysis.notes) if begin_s <= n.onset_s < segment.end_s]


def quarters_per_minute(analysis: Analysis) -> float:
    """Tempo in quarters: an analysis counts felt beats, which are dotted quarters in 6/8."""
    tempo = analysis.tempo_bpm or USUAL_TEMPO_BPM
    return tempo * 1.5 if analysis.meter == "6/8" else tempo


def sung_tempo(analysis: Analysis) -> float:
    """Tempo at which a song lasts as long as the hum: quarters per minute, counted as players would count."""
    return _folded_tempo(quarters_per_minute(analysis), "6/8" if analysis.meter == "6/8" else "4/4")


def _folded_tempo(tempo: float, meter: Meter) -> float:
    """The tempo in half or double time where players would count so."""
    top = MAX_COMPOUND_TEMPO if meter == "6/8" else MAX_TEMPO
    while tempo < MIN_TEMPO:
        tempo *= 2
    while tempo > top:
        tempo /= 2
    return tempo


def unswing(beats: np.ndarray, swing: float) -> np.ndarray:
    """``beats`` with swung second eighths moved to the middle of the beat."""
    if swing < MIN_SWING:
        return beats
    whole = np.floor(beats)
    inside = beats - whole
    straight = np.where(inside < swing, inside * 0.5 / swing, 0.5 + (inside - swing) * 0.5 / (1 - swing))
    return np.asarray(whole + straight)


def quantise_onsets(beats: np.ndarray, meter: Meter) -> np.ndarray:
    """Grid positions of onsets by dynamic programming; slow drift (rubato, a tempo not quite measured) is followed.

    ``beats``: increasing positions in quarters, [n]. Returns positions on the sixteenth grid, strictly increasing.
    """
    grid = _snap(beats, meter, looseness=LOOSE)
    if len(beats) < MIN_DRIFT_NOTES:
        return grid
    # The drift found by the first pass is taken out as a smooth curve, so that the second can be strict.
    centred = (grid - grid.mean()) / max(float(np.ptp(grid)), 1.0)
    curve = np.polynomial.Polynomial.fit(centred, beats - grid, deg=3 if len(beats) >= MIN_CUBIC_NOTES else 1)
    return _snap(beats - curve(centred), meter, looseness=STRICT)


def _snap(beats: np.ndarray, meter: Meter, looseness: float) -> np.ndarray:
    """The cheapest grid positions: changes of drift from note to note cost, and so do fine subdivisions."""
    spread = np.arange(-CANDIDATES_EACH_WAY, CANDIDATES_EACH_WAY + 1) * SIXTEENTH
    candidates = np.round(beats / SIXTEENTH)[:, None] * SIXTEENTH + spread[None, :]
    drift = beats[:, None] - candidates
    level = _grid_cost(candidates, meter)
    cost = level[0] + (drift[0] / FIRST_DRIFT) ** 2
    back = np.zeros(candidates.shape, dtype=int)
    for i in range(1, len(beats)):
        change = drift[i][:, None] - drift[i - 1][None, :]
        sigma = looseness + LOOSER_PER_QUARTER * min(beats[i] - beats[i - 1], MAX_LOOSENING_QUARTERS)
        step = cost[None, :] + (change / sigma) ** 2
        step[candidates[i][:, None] <= candidates[i - 1][None, :]] = IMPOSSIBLE
        back[i] = step.argmin(axis=1)
        cost = step.min(axis=1) + level[i] + (drift[i] / ANY_DRIFT) ** 2
    path = [int(cost.argmin())]
    for i in range(len(beats) - 1, 0, -1):
        path.append(int(back[i][path[-1]]))
    return np.asarray(candidates[np.arange(len(beats)), path[::-1]])


def _grid_cost(positions: np.ndarray, meter: Meter) -> np.ndarray:
    """Cost of a note at each position: on a beat none."""
    sixteenths = np.round(positions / SIXTEENTH).astype(int)
    cost = np.where(sixteenths % 2 == 1, SIXTEENTH_COST, EIGHTH_COST)
    if meter == "7/8":
        return np.where(np.isin(sixteenths % SIXTEENTHS_OF_SEVEN, GROUPS_OF_SEVEN), 0.0, cost)
    return np.where(sixteenths % (6 if meter == "6/8" else 4) == 0, 0.0, cost)


def _with_lengths(chosen: list[tuple[int, Note]], grid: np.ndarray, analysis: Analysis, tempo: float) -> list[GridNote]:
    notes = []
    for position, (index, note) in enumerate(chosen):
        sung = (note.offset_s - note.onset_s) * tempo / 60.0
        room = float(grid[position + 1] - grid[position]) if position + 1 < len(chosen) else max(sung, 1.0)
        length = room if room - sung < ARTICULATION else max(SIXTEENTH, round(sung / SIXTEENTH) * SIXTEENTH)
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
    track = analysis.pitch_midi[int(note.onset_s * PITCH_HZ) : int(note.offset_s * PITCH_HZ)]
    voiced = np.array([p for p in track if p is not None], dtype=float)
    if len(voiced) < MIN_EXPRESSIVE_FRAMES:
        return 0.0, 0.0
    cents = 100.0 * (voiced - np.median(voiced))
    scoop = float(np.clip(cents[:SCOOP_FRAMES].mean(), *SCOOP_RANGE_CENTS))
    middle = cents[len(cents) // 4 : -max(2, len(cents) // 8)]
    deep = len(middle) > MIN_VIBRATO_FRAMES
    vibrato = float(np.clip(middle.std() * math.sqrt(2.0), 0.0, MAX_VIBRATO_CENTS)) if deep else 0.0
    return round(SCOOP_SHARE * scoop, 1), round(VIBRATO_SHARE * vibrato, 1)


def _swell(note: Note, analysis: Analysis) -> tuple[float, ...]:
    """The voice's loudness through a note, dB around its mean. Shorter notes have their velocity only."""
    first, last = note.onset_s + SWELL_EDGE_S, note.offset_s - SWELL_EDGE_S
    if last - first < SHORTEST_SWELL_S or not analysis.energy_db:
        return ()
    middles_s = (np.arange(len(analysis.energy_db)) + 0.5) / ENERGY_HZ
    level = np.interp(np.linspace(first, last, SWELL_POINTS), middles_s, analysis.energy_db)
    return tuple(round(float(v), 1) for v in np.clip(SWELL_SHARE * (level - level.mean()), *SWELL_RANGE_DB))


def _from_first_bar(notes: list[GridNote], bar: float) -> list[GridNote]:
    """Notes counted from the first full bar. What begins in the second half of the bar before it is a pickup."""
    first = notes[0].beat
    inside = first % bar
    start = first - inside + (bar if inside >= bar / 2 else 0.0)
    return [replace(n, beat=n.beat - start) for n in notes]


def complete_phrases(melody: Melody) -> Melody:
    """The melody completed to phrases of four bars: a varied repeat of its own bars that ends on the tonic."""
    bar = melody.bar_beats
    # A last note that comes before the beat and is held, as in jazz, is not cut by the answer.
    sounding = max(n.beat + max(min(n.beats, SIXTEENTH), RINGING_SHARE * min(n.beats, bar)) for n in melody.notes)
    bars = max(1, math.ceil(round(sounding / bar, 6)))
    bars = min(bars, MAX_MELODY_BARS)
    kept = [n for n in melody.notes if n.beat < bars * bar]
    target = PHRASE_BARS * math.ceil(bars / PHRASE_BARS)
    notes = list(kept)
    while bars < target and not (target - bars == 1 and bars >= 3):
        # Answer with the parallel place of the melody: the last bars for a long melody, the whole of a short one.
        take = min(bars, target - bars)
        source = 0 if bars <= 2 else bars - take
        answer = [n for n in kept if source * bar <= n.beat < (source + take) * bar]
        shifted = [replace(n, beat=n.beat + (bars - source) * bar, hummed=None) for n in answer]
        bars += take
        notes = [n for n in notes if n.beat < (bars - take) * bar] + _varied_repeat(
            shifted, melody, home=bars >= target
        )
    end = target * bar
    # A note that rings into the room left over is cut where the phrase ends.
    clipped = [replace(n, beats=min(n.beats, end - n.beat)) for n in notes if n.beat < end]
    ordered = sorted(clipped, key=lambda n: n.beat)
    separate = [replace(n, beats=min(n.beats, after.beat - n.beat)) for n, after in itertools.pairwise(ordered)]
    return replace(melody, notes=(*separate, ordered[-1]), bars=target)


def _varied_repeat(notes: list[GridNote], melody: Melody, *, home: bool) -> list[GridNote]:
    """The notes with their second half a scale step lower; ``home``: the last one on the tonic."""
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
    classes = {(tonic + step) % 12 for step in SCALES[key.kind]}
    return [m for m in range(128) if m % 12 in classes]


def move_in_scale(midi: int, steps: int, key: Key) -> int:
    """Move by scale steps; a pitch outside the scale moves from its nearest neighbour in it."""
    pitches = scale_pitches(key)
    nearest = min(range(len(pitches)), key=lambda i: abs(pitches[i] - midi))
    return pitches[min(max(nearest + steps, 0), len(pitches) - 1)]


def in_key(melody: Melody, key: Key) -> Melody:
    """The melody in another key: the shortest transposition, and each degree of its scale as the other scale has it; a
    pentatonic scale takes the nearest of its notes. In a key of the very same notes (A minor for C major) it stays.
    """
    if has_the_same_notes(melody.key, key):
        return replace(melody, key=key)
    shift = (PITCH_CLASSES.index(key.tonic) - melody.tonic + 6) % 12 - 6
    if melody.key.scale is not None and key.scale is None and key.mode is melody.key.mode:
        key = key.model_copy(update={"scale": melody.key.scale})  # the tune's own colour stays, where nobody asks
    source, goal = (SCALES[one.kind if len(SCALES[one.kind]) == 7 else one.mode] for one in (melody.key, key))
    degree_shift = {step: goal[i] - step for i, step in enumerate(source)}
    if len(SCALES[key.kind]) < 7:
        degree_shift = {step: _nearest_step(step + degree_shift.get(step, 0), key) - step for step in range(12)}
    notes = tuple(
        replace(n, midi=n.midi + shift + degree_shift.get((n.midi - melody.tonic) % 12, 0)) for n in melody.notes
    )
    return replace(melody, notes=notes, key=key)


def has_the_same_notes(key: Key, other: Key) -> bool:
    """Whether the keys differ and their scales do not: relative ones."""
    return key.kind is not other.kind and _pitch_classes(key) == _pitch_classes(other)


def relative_key(key: Key) -> Key:
    """The minor key of the notes of a major one, or the major key of those of a minor one."""
    minor = key.mode is Mode.MAJOR
    tonic = PITCH_CLASSES[(PITCH_CLASSES.index(key.tonic) + (-3 if minor else 3)) % 12]
    return Key(tonic=tonic, mode=Mode.MINOR if minor else Mode.MAJOR)


def _pitch_classes(key: Key) -> set[int]:
    return {(PITCH_CLASSES.index(key.tonic) + step) % 12 for step in SCALES[key.kind]}


def _nearest_step(step: int, key: Key) -> int:
    """The note of the key's scale that is nearest to a semitone above the tonic; the lower of two."""
    return min((s + octave for s in SCALES[key.kind] for octave in (-12, 0, 12)), key=lambda s: (abs(s - step), s))


def in_register(melody: Melody, centre: int) -> Melody:
    """The melody moved by octaves so that its duration-weighted middle is nearest to ``centre``."""
    weights = np.array([n.beats for n in melody.notes])
    middle = float(np.average([n.midi for n in melody.notes], weights=weights))
    shift = 12 * round((centre - middle) / 12)
    return replace(melody, notes=tuple(replace(n, midi=n.midi + shift) for n in melody.notes))
