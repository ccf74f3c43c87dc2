"""Who plays what: a plan becomes parts, one per player, in beats."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from soundstage.models.composition import Chord, Expression, GridNote, Section, VariantPlan
from soundstage.music.arranging.accompaniment import CHORD_PATTERNS, RUBBING, Passage, Voicing, sustained, voicings
from soundstage.music.arranging.bass import BASS_PATTERNS
from soundstage.music.arranging.drums import DrumHit, play_drums
from soundstage.music.arranging.notes import at_pitch, folded
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.composing.melody import PITCH_CLASSES, SCALES, nearest_pitch_class
from soundstage.music.composing.styles import STYLES, Layer, StylePack
from soundstage.music.instruments.orchestra import ORCHESTRA

SECOND_PAN = 0.22
# The second player's other task: thirds below the melody when everybody plays.
WHEN_ALL_PLAY, BELOW_DB = "when all play", -5.0


@dataclass
class Part:
    """One player's notes, in order of beat."""

    name: str
    layer: Layer
    notes: list[GridNote] = field(default_factory=list)


@dataclass(frozen=True)
class Seat:
    """Where a player sits: the plan on the stand, the layer to play, the dice, and what the players of chords have
    under their hands, by the beat on which a chord begins.
    """

    plan: VariantPlan
    layer: Layer
    rng: np.random.Generator
    beside: dict[float, Voicing]

    def rubs(self, chord: Chord, pitch: int) -> bool:
        """A semitone from what another player holds."""
        return any(abs(pitch - p) in {1, 13} for p in self.beside.get(chord.beat, ()))


@dataclass
class Arrangement:
    style: StylePack
    parts: list[Part]
    drums: list[DrumHit]


def arrange(plan: VariantPlan) -> Arrangement:
    """All parts of a variant; the plan's seed decides every choice."""
    style = STYLES[plan.style]
    rng = np.random.default_rng([plan.seed, 1])
    lead = next(layer for layer in style.layers if layer.role == "lead")
    second = replace(lead, role="second", instrument=style.second, pan=SECOND_PAN)
    below = replace(second, role="double", pattern=WHEN_ALL_PLAY, gain_db=BELOW_DB)
    layers = (*style.layers, second, below)
    parts = [Part(f"{v.role} {i + 1}: {v.instrument.replace('_', ' ')}", v) for i, v in enumerate(layers)]
    # Whoever plays a second line listens to the chords, so these are written first.
    beside: dict[float, Voicing] = {}
    for part in sorted(parts, key=lambda p: p.layer.role not in {"chords", "pad"}):
        instrument = ORCHESTRA[part.layer.instrument]
        notes = _ROLES[part.layer.role](Seat(plan, part.layer, rng, beside))
        part.notes = [folded(n, instrument.low, instrument.high) for n in notes]
    drums = play_drums(plan, style.groove, rng, drop=style.drop)
    return Arrangement(style, [part for part in parts if part.notes], drums)


def _playing(seat: Seat) -> list[Section]:
    return [s for s in seat.plan.sections if seat.layer.from_energy <= s.energy <= seat.layer.to_energy]


def _chords_in(plan: VariantPlan, section: Section) -> list[Chord]:
    start = section.start_bar * plan.bar_beats
    end = start + section.bars * plan.bar_beats
    return [c for c in plan.chords if start - 1e-6 <= c.beat < end - 1e-6]


def _lead(seat: Seat) -> list[GridNote]:
    notes = [n for n in seat.plan.melody if n.voice == "lead" and _tune_section(n, seat.plan).treatment != "second"]
    return _in_reach([_phrased(n, seat.plan, seat.layer.instrument) for n in notes], seat.layer.instrument)


def _second(seat: Seat) -> list[GridNote]:
    """Whoever takes the melody over."""
    notes = [n for n in seat.plan.melody if n.voice == "lead" and _tune_section(n, seat.plan).treatment == "second"]
    return _in_reach([_phrased(n, seat.plan, seat.layer.instrument) for n in notes], seat.layer.instrument)


def _tune_section(note: GridNote, plan: VariantPlan) -> Section:
    """The section whose melody a note belongs to: a pickup sounds before it."""
    return plan.section_at(note.beat + plan.bar_beats if note.pickup else note.beat)


def _in_reach(notes: list[GridNote], instrument: str) -> list[GridNote]:
    """A line moved by octaves as a whole, so that as few notes as possible have to be moved by themselves."""
    low, high = ORCHESTRA[instrument].low, ORCHESTRA[instrument].high
    outside = {shift: sum(not low <= n.midi + shift <= high for n in notes) for shift in (0, -12, 12, -24, 24)}
    shift = min(outside, key=lambda s: outside[s])
    return [at_pitch(n, n.midi + shift) for n in notes] if shift else notes


def _answer(seat: Seat) -> list[GridNote]:
    """Hooks and breaks, and little fills where the melody holds its breath."""
    notes = [_phrased(n, seat.plan, seat.layer.instrument) for n in seat.plan.melody if n.voice == "answer"]
    lead = [n for n in seat.plan.melody if n.voice == "lead"]
    for note, following in itertools.pairwise(lead):
        room = following.beat - (note.beat + 1.0)
        section = seat.plan.section_at(note.beat)
        if room < 1.5 or not section.statement or section.energy < 0.45 or seat.rng.random() < 0.3:
            continue
        notes += _fill(seat.plan, note.beat + 1.0, min(room, 2.0), seat.rng)
    return sorted(notes, key=lambda n: n.beat)


def _fill(plan: VariantPlan, start: float, room: float, rng: np.random.Generator) -> list[GridNote]:
    """A broken chord in eighths that ends before the melody goes on."""
    steps = int(room / 0.5)
    centre = 72
    rising = rng.random() < 0.5
    notes = []
    for i in range(steps):
        beat = start + 0.5 * i
        tones = sorted(nearest_pitch_class(centre, t) for t in chord_tones(chord_at(plan.chords, beat))[:4])
        pitch = tones[i % len(tones)] if rising else tones[-1 - i % len(tones)]
        notes.append(GridNote(beat, 0.5, pitch, float(rng.uniform(0.42, 0.56))))
    return notes


# How far the voice's own dynamics reach: what is struck has nothing else to say them with.
DYNAMICS, STRUCK_DYNAMICS = 0.45, 0.75
USUAL_VELOCITY = 0.7


def _phrased(note: GridNote, plan: VariantPlan, instrument: str) -> GridNote:
    """A phrase breathes: louder towards its middle and on the beat, and with the energy of the section."""
    reach = STRUCK_DYNAMICS if ORCHESTRA[instrument].line is None else DYNAMICS
    section = plan.section_at(note.beat)
    inside = (note.beat - section.start_bar * plan.bar_beats) / (4 * plan.bar_beats) % 1.0
    arch = 0.9 + 0.14 * np.sin(np.pi * inside)
    accent = 1.05 if note.beat % 1.0 < 1e-6 else 0.95
    sung = 0.765 + reach * (note.velocity - USUAL_VELOCITY)
    velocity = float(np.clip(sung * arch * accent * (0.88 + 0.18 * section.energy), 0.2, 1.0))
    return replace(note, velocity=velocity)


OCTAVES = {"octave": 12, "octave_below": -12, "unison": 0}


def _double(seat: Seat) -> list[GridNote]:
    """A second voice on the melody where the section wants one: an octave, unison, or thirds inside the chord."""
    notes = []
    for note in seat.plan.melody:
        section = _tune_section(note, seat.plan)
        if note.voice != "lead" or not section.statement or not _doubles(section, seat.layer):
            continue
        pattern = "thirds" if section.treatment == "thirds" else seat.layer.pattern
        if section.treatment == "octave" and pattern == "thirds":
            pattern = "octave"
        shift = OCTAVES.get(pattern)
        pitch = note.midi + shift if shift is not None else _third_below(note, seat)
        notes.append(at_pitch(_phrased(note, seat.plan, seat.layer.instrument), pitch, 0.85))
    return _in_reach(notes, seat.layer.instrument)


def _doubles(section: Section, layer: Layer) -> bool:
    """At first the energy decides; what comes back says itself whether it is doubled."""
    if layer.pattern == WHEN_ALL_PLAY:
        return section.treatment == "full"
    if section.statement > 1:
        return section.treatment in ("octave", "thirds", "full")
    return layer.from_energy <= section.energy <= layer.to_energy


def _third_below(note: GridNote, seat: Seat) -> int:
    """The chord tone a third to a sixth below, or the scale's third when the chord has none there."""
    chord = chord_at(seat.plan.chords, note.beat)
    tones = chord_tones(chord)
    tonic = PITCH_CLASSES.index(seat.plan.key.tonic) + seat.plan.section_at(note.beat).lift_semitones
    scale = {(tonic + s) % 12 for s in SCALES[seat.plan.key.mode]}
    for distance in (3, 4, 5, 7, 8, 9):
        if (note.midi - distance) % 12 in tones and not seat.rubs(chord, note.midi - distance):
            return note.midi - distance
    return note.midi - next(d for d in (3, 4, 5) if (note.midi - d) % 12 in scale)


# Steps alone would wander to the end of the instrument.
COUNTER_PULL = 0.3
LEGATO = Expression(slurred=True)


def _counter(seat: Seat) -> list[GridNote]:
    """A line of guide tones that moves by step below the melody, and moves most where the melody stands still."""
    instrument = ORCHESTRA[seat.layer.instrument]
    centre = pitch = (instrument.low + 2 * min(instrument.high, 76)) // 3
    notes: list[GridNote] = []
    for section in _playing(seat):
        if seat.layer.pattern == "hits":
            notes += _hits(seat.plan, section)
            continue
        for chord in _chords_in(seat.plan, section):
            lead = [
                n.midi for n in seat.plan.melody if n.beat < chord.beat + chord.beats and n.beat + n.beats > chord.beat
            ]
            ceiling = min(lead, default=84) - 3
            tones = chord_tones(chord)
            guides = tones[1:4] if len(tones) > 2 else tones
            options = [
                p
                for p in range(instrument.low, instrument.high)
                if p % 12 in guides and p <= max(ceiling, instrument.low + 12)
            ]
            sung = {m % 12 for m in lead}
            pitch = min(
                options,
                key=lambda p: (
                    abs(p - pitch)
                    + (2.5 if p % 12 in sung else 0.0)
                    + (0.8 if p == pitch else 0.0)
                    + (RUBBING if seat.rubs(chord, p) else 0.0)
                    + COUNTER_PULL * abs(p - centre)
                ),
            )
            velocity = 0.5 + 0.25 * section.energy
            notes += _moving(chord, pitch, velocity, busy=len(lead) > chord.beats)
    return notes


def _moving(chord: Chord, pitch: int, velocity: float, *, busy: bool) -> list[GridNote]:
    if busy or chord.beats < 2:
        return [GridNote(chord.beat, chord.beats, pitch, velocity, LEGATO)]
    tones = chord_tones(chord)
    upper = next((p for p in range(pitch + 1, pitch + 8) if p % 12 in tones), pitch)
    half = chord.beats / 2
    return [
        GridNote(chord.beat, half, pitch, velocity, LEGATO),
        GridNote(chord.beat + half, half, upper, 0.9 * velocity, LEGATO),
    ]


def _hits(plan: VariantPlan, section: Section) -> list[GridNote]:
    """Short brass punches on the off-beats, every other bar."""
    notes = []
    for bar in range(1, section.bars, 2):
        start = (section.start_bar + bar) * plan.bar_beats
        for offset in (1.5, 2.5) if bar % 4 == 1 else (0.5, 1.5, 2.75):
            if offset < plan.bar_beats:
                tones = chord_tones(chord_at(plan.chords, start + offset))
                notes += [GridNote(start + offset, 0.3, nearest_pitch_class(67, tone), 0.8) for tone in tones[1:3]]
    return notes


def _bass(seat: Seat) -> list[GridNote]:
    instrument = ORCHESTRA[seat.layer.instrument]
    notes: list[GridNote] = []
    for section in _playing(seat):
        pattern = BASS_PATTERNS["long" if section.energy < 0.4 or section.name == "outro" else seat.layer.pattern]
        notes += pattern(_chords_in(seat.plan, section), seat.plan, section, instrument.low, seat.rng)
    return notes


def _chords(seat: Seat) -> list[GridNote]:
    notes: list[GridNote] = []
    floor = _lead_floor(seat.plan)
    for section in _playing(seat):
        chords = _chords_in(seat.plan, section)
        voiced = _voiced(chords, seat)
        final = section is seat.plan.sections[-1]
        if final:
            notes += _last_chord(chords[-1], voiced[-1], seat)
            chords, voiced = chords[:-1], voiced[:-1]
        floors = [floor(chord) for chord in chords]
        notes += CHORD_PATTERNS[seat.layer.pattern](Passage(chords, voiced, seat.plan, section, seat.rng, floors))
    return notes


def _voiced(chords: Sequence[Chord], seat: Seat) -> list[Voicing]:
    energy = seat.plan.section_at(chords[0].beat).energy
    bass_plays = any(v.role == "bass" and v.from_energy <= energy for v in STYLES[seat.plan.style].layers)
    instrument = ORCHESTRA[seat.layer.instrument]
    voiced = voicings(chords, instrument, _lead_floor(seat.plan), seat.beside, bass_plays=bass_plays)
    for chord, voicing in zip(chords, voiced, strict=True):
        seat.beside[chord.beat] = (*seat.beside.get(chord.beat, ()), *voicing)
    return voiced


def _last_chord(chord: Chord, voicing: Sequence[int], seat: Seat) -> list[GridNote]:
    """Struck once, rolled a little, and left to ring."""
    return [
        GridNote(chord.beat + 0.06 * i, chord.beats - 0.06 * i, pitch, float(seat.rng.uniform(0.6, 0.72)))
        for i, pitch in enumerate(voicing)
    ]


def _pad(seat: Seat) -> list[GridNote]:
    notes: list[GridNote] = []
    for section in _playing(seat):
        chords = _chords_in(seat.plan, section)
        voiced = _voiced(chords, seat)
        notes += sustained(Passage(chords, voiced, seat.plan, section, seat.rng))
    return notes


def _lead_floor(plan: VariantPlan) -> Callable[[Chord], int]:
    """The lowest note of the melody over a chord: voicings stay below it."""

    def floor(chord: Chord) -> int:
        sung = [n.midi for n in plan.melody if n.beat < chord.beat + chord.beats and n.beat + n.beats > chord.beat]
        return min(sung, default=76)

    return floor


_Role = Callable[[Seat], list[GridNote]]
_ROLES: dict[str, _Role] = {
    "lead": _lead,
    "answer": _answer,
    "double": _double,
    "second": _second,
    "counter": _counter,
    "bass": _bass,
    "chords": _chords,
    "pad": _pad,
}
