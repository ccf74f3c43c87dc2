"""Arrangement: the parts of a plan, one per player, in quarters."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from soundstage.models.composition import Chord, GridNote, Section, VariantPlan
from soundstage.music.arranging.accompaniment import CHORD_PATTERNS, Passage, Voicing, sustained, voicings
from soundstage.music.arranging.bass import BASS_PATTERNS, bass_chords
from soundstage.music.arranging.countermelody import play_countermelody
from soundstage.music.arranging.drums import DrumHit, play_drums
from soundstage.music.arranging.notes import at_pitch, folded, scale_at
from soundstage.music.arranging.phrasing import entrance, rises
from soundstage.music.arranging.player import Player
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.composing.melody import nearest_pitch_class
from soundstage.music.composing.styles import Layer, StylePack, pack_of
from soundstage.music.instruments.orchestra import ORCHESTRA

SECOND_PAN = 0.22  # of the second instrument, −1 to 1
# The second instrument in sections in which everybody plays: thirds below the melody.
THIRDS_IN_FULL, THIRDS_GAIN_DB = "thirds in full", -5.0
# Fills where the melody leaves time after a note: at least so much, at most so much is used, quarters; from which
# energy of a section on, and how often none; in eighths, around C5; velocity.
FILL_AFTER, MIN_FILL, MAX_FILL, FILL_STEP = 1.0, 1.5, 2.0, 0.5
FILL_ENERGY, NO_FILL_PROBABILITY, FILL_MIDI, FILL_VELOCITY = 0.45, 0.3, 72, (0.42, 0.56)
# Share of the voice's own dynamics in the velocity: of instruments that play lines, which have swells too, and of
# others.
LINE_DYNAMICS, STRUCK_DYNAMICS = 0.45, 0.75
USUAL_VELOCITY, PLAYED_VELOCITY = 0.7, 0.765  # of a hummed note, and what an instrument plays it with
# Factors of it: over four bars from .9 to 1.04 and back; on a beat and off it; at no energy, and more per unit of it.
ARCH, ARCH_RISE, ARCH_BARS = 0.9, 0.14, 4
ON_BEAT, OFF_BEAT, QUIET, LOUDER_PER_ENERGY = 1.05, 0.95, 0.88, 0.18
VELOCITY_RANGE = (0.2, 1.0)
OCTAVES = {"octave": 12, "octave_below": -12, "unison": 0}  # semitones
DOUBLE_VELOCITY = 0.85  # relative to the lead's
LONG_BASS_ENERGY = 0.4  # below, the bass holds its notes
# In a first verse of at least so many bars, these come in half-way, as do second players of chords and pads.
GROWING_BARS, LATE_ROLES = 8, ("counter",)
# Those who accompany grow by so much through the last bars before a much louder section.
TUNE_ROLES, RISE, RISE_BARS = ("lead", "second", "double"), 0.2, 2
ROLL_BEATS, LAST_CHORD_VELOCITY = 0.06, (0.6, 0.72)  # quarters between the notes of the last chord
STROKE_VELOCITY = 0.75  # at least, of a last stroke of everybody
DROP_WAIT = 1.0  # quarters of silence before a drop
NEARLY = 1e-3  # quarters
REST_FLOOR = 76  # MIDI: voicings stay below E5 where the melody rests
Played = TypeVar("Played", GridNote, DrumHit)


@dataclass
class Part:
    """One player's notes, in order of beat."""

    name: str
    layer: Layer
    notes: list[GridNote] = field(default_factory=list)


@dataclass
class Arrangement:
    style: StylePack
    parts: list[Part]
    drums: list[DrumHit]


def arrange(plan: VariantPlan) -> Arrangement:
    """All parts of a plan; its seed decides every random choice."""
    style = pack_of(plan)
    rng = np.random.default_rng([plan.seed, 1])
    lead = next(layer for layer in style.layers if layer.role == "lead")
    plan = _as_played_by(lead.instrument, plan)
    second = replace(lead, role="second", instrument=style.second, pan=SECOND_PAN)
    below = replace(second, role="double", pattern=THIRDS_IN_FULL, gain_db=THIRDS_GAIN_DB)
    layers = (*style.layers, second, below)
    parts = [Part(f"{v.role} {i + 1}: {v.instrument.replace('_', ' ')}", v) for i, v in enumerate(layers)]
    # Second lines avoid clashes with the chords, so these are written first.
    held: dict[float, Voicing] = {}
    for part in sorted(parts, key=lambda p: p.layer.role not in {"chords", "pad"}):
        instrument = ORCHESTRA[part.layer.instrument]
        notes = _ROLES[part.layer.role](Player(plan, part.layer, rng, held))
        part.notes = [folded(n, instrument.low, instrument.high) for n in notes]
    _let_first_verse_grow(parts, plan)
    drums = play_drums(plan, style.groove, rng, drop=style.drop) if style.groove else []
    for part in (part for part in parts if part.layer.role not in TUNE_ROLES):
        part.notes = risen(part.notes, plan)
    drums = risen(drums, plan)
    if style.drop:
        drums = _waiting_for_drops(parts, drums, plan)
    if plan.ending == "cold":
        stroke = plan.total_beats - plan.bar_beats
        for part in parts:
            part.notes = _stopped(part.notes, stroke)
    return Arrangement(style, [part for part in parts if part.notes], drums)


def _as_played_by(instrument: str, plan: VariantPlan) -> VariantPlan:
    """The plan with its melody in the octave in which the instrument can play it: chords stay below that one."""
    tune = [n for n in plan.melody if n.voice == "lead"]
    shift = _octaves_into_range([n.midi for n in tune], instrument)
    if not shift:
        return plan
    moved = [at_pitch(n, n.midi + shift) if n.voice == "lead" else n for n in plan.melody]
    return plan.model_copy(update={"melody": moved})


def _let_first_verse_grow(parts: Sequence[Part], plan: VariantPlan) -> None:
    """Leave out of its first half whoever is not needed there."""
    verse = next((s for s in plan.sections if s.statement == 1), None)
    if verse is None or verse.name != "verse" or verse.bars < GROWING_BARS:
        return
    begin = verse.start_bar * plan.bar_beats
    half = begin + verse.bars // 2 * plan.bar_beats
    harmony = [part for part in parts if part.layer.role in {"chords", "pad"} and part.notes]
    first = next((part for part in harmony if any(begin <= n.beat < half for n in part.notes)), None)
    for part in parts:
        if part.layer.role in LATE_ROLES or (part in harmony and part is not first):
            part.notes = [n for n in part.notes if not begin - NEARLY <= n.beat < half - NEARLY]


def _waiting_for_drops(parts: Sequence[Part], drums: Sequence[DrumHit], plan: VariantPlan) -> list[DrumHit]:
    """Take what accompanies out of the last beat of breaks before drops; returns the drums without it."""
    for section, following in itertools.pairwise(plan.sections):
        if section.name != "break" or not rises(section, following):
            continue
        drop = following.start_bar * plan.bar_beats
        wait = drop - DROP_WAIT
        drums = [hit for hit in drums if not wait - NEARLY <= hit.beat < drop - NEARLY or hit.drum == "swell"]
        for part in (part for part in parts if part.layer.role not in TUNE_ROLES):
            part.notes = [
                replace(n, beats=min(n.beats, wait - n.beat)) if n.beat < wait else n
                for n in part.notes
                if not wait - NEARLY <= n.beat < drop - NEARLY
            ]
    return list(drums)


def _stopped(notes: Sequence[GridNote], stroke: float) -> list[GridNote]:
    """Notes of a song that ends with a short stroke of everybody, a quarter long."""
    return [
        replace(n, beats=min(n.beats, stroke + 1.0 - n.beat), velocity=max(n.velocity, STROKE_VELOCITY))
        if n.beat >= stroke - NEARLY
        else replace(n, beats=min(n.beats, max(NEARLY, stroke - n.beat)))
        for n in notes
        if n.beat < stroke + 0.5
    ]


def risen(played: Sequence[Played], plan: VariantPlan) -> list[Played]:
    """What is played, growing through the last bars before a much louder section."""
    pairs = itertools.pairwise(plan.sections)
    into = [following.start_bar * plan.bar_beats for section, following in pairs if rises(section, following)]
    length = RISE_BARS * plan.bar_beats

    def grown(beat: float) -> float:
        return 1.0 + RISE * max(
            (1.0 - (start - beat) / length for start in into if 0 < start - beat < length), default=0.0
        )

    return [replace(note, velocity=min(1.0, note.velocity * grown(note.beat))) for note in played]


def _lead(player: Player) -> list[GridNote]:
    """The melody, but for the sections in which the second instrument has it."""
    return _melody_line(player, in_second=False)


def _second(player: Player) -> list[GridNote]:
    """The melody in the sections in which the second instrument has it."""
    return _melody_line(player, in_second=True)


def _melody_line(player: Player, *, in_second: bool) -> list[GridNote]:
    plan, instrument = player.plan, player.layer.instrument
    notes = [n for n in plan.melody if n.voice == "lead"]
    notes = [n for n in notes if (_stated_section(n, plan).treatment == "second") == in_second]
    return _in_range([_phrased(n, plan, instrument) for n in notes], instrument)


def _stated_section(note: GridNote, plan: VariantPlan) -> Section:
    """The section whose melody a note belongs to: a pickup sounds before it."""
    return plan.section_at(note.beat + plan.bar_beats if note.pickup else note.beat)


def _in_range(notes: list[GridNote], instrument: str) -> list[GridNote]:
    """A line moved by octaves as a whole, so that as few notes as possible lie outside the instrument's range."""
    shift = _octaves_into_range([n.midi for n in notes], instrument)
    return [at_pitch(n, n.midi + shift) for n in notes] if shift else notes


def _octaves_into_range(pitches: Sequence[int], instrument: str) -> int:
    """Semitones of the octaves by which as few pitches as possible lie outside the instrument's range."""
    low, high = ORCHESTRA[instrument].low, ORCHESTRA[instrument].high
    outside = {shift: sum(not low <= p + shift <= high for p in pitches) for shift in (0, -12, 12, -24, 24)}
    return min(outside, key=lambda shift: outside[shift])


def _answer(player: Player) -> list[GridNote]:
    """The answering voice of intro and break, and fills where the melody leaves time."""
    notes = [_phrased(n, player.plan, player.layer.instrument) for n in player.plan.melody if n.voice == "answer"]
    lead = [n for n in player.plan.melody if n.voice == "lead"]
    for note, following in itertools.pairwise(lead):
        room = following.beat - (note.beat + FILL_AFTER)
        section = player.plan.section_at(note.beat)
        if room < MIN_FILL or not section.statement or section.energy < FILL_ENERGY:
            continue
        if player.rng.random() >= NO_FILL_PROBABILITY:
            notes += _fill(player.plan, note.beat + FILL_AFTER, min(room, MAX_FILL), player.rng)
    return sorted(notes, key=lambda n: n.beat)


def _fill(plan: VariantPlan, start: float, room: float, rng: np.random.Generator) -> list[GridNote]:
    """A broken chord in eighths that ends before the melody goes on."""
    steps = int(room / FILL_STEP)
    rising = rng.random() < 0.5
    notes = []
    for i in range(steps):
        beat = start + FILL_STEP * i
        tones = sorted(nearest_pitch_class(FILL_MIDI, t) for t in chord_tones(chord_at(plan.chords, beat))[:4])
        pitch = tones[i % len(tones)] if rising else tones[-1 - i % len(tones)]
        notes.append(GridNote(beat, FILL_STEP, pitch, float(rng.uniform(*FILL_VELOCITY))))
    return notes


def _phrased(note: GridNote, plan: VariantPlan, instrument: str) -> GridNote:
    """The note with its velocity: louder towards the middle of a phrase, on the beat, and with the section's energy."""
    dynamics = STRUCK_DYNAMICS if ORCHESTRA[instrument].line is None else LINE_DYNAMICS
    section = plan.section_at(note.beat)
    inside = (note.beat - section.start_bar * plan.bar_beats) / (ARCH_BARS * plan.bar_beats) % 1.0
    arch = ARCH + ARCH_RISE * np.sin(np.pi * inside)
    accent = ON_BEAT if note.beat % 1.0 < 1e-6 else OFF_BEAT
    played = PLAYED_VELOCITY + dynamics * (note.velocity - USUAL_VELOCITY)
    velocity = played * arch * accent * (QUIET + LOUDER_PER_ENERGY * section.energy)
    return replace(note, velocity=float(np.clip(velocity, *VELOCITY_RANGE)))


def _double(player: Player) -> list[GridNote]:
    """A second voice in the sections that are doubled: in octaves, in unison, or in thirds inside the chord."""
    notes = []
    for note in player.plan.melody:
        section = _stated_section(note, player.plan)
        if note.voice != "lead" or not section.statement or not _doubles(section, player.layer):
            continue
        pattern = "thirds" if section.treatment == "thirds" else player.layer.pattern
        if section.treatment == "octave" and pattern == "thirds":
            pattern = "octave"
        shift = OCTAVES.get(pattern)
        pitch = note.midi + shift if shift is not None else _third_below(note, player)
        notes.append(at_pitch(_phrased(note, player.plan, player.layer.instrument), pitch, DOUBLE_VELOCITY))
    return _in_range(notes, player.layer.instrument)


def _doubles(section: Section, layer: Layer) -> bool:
    """Whether a section is doubled: its energy decides in the first statement, its treatment in later ones."""
    if layer.pattern == THIRDS_IN_FULL:
        return section.treatment == "full"
    if section.statement > 1 or section.treatment == "full":
        return section.treatment in ("octave", "thirds", "full")
    return layer.from_energy <= section.energy <= layer.to_energy


def _third_below(note: GridNote, player: Player) -> int:
    """MIDI pitch of the chord tone a third to a sixth below, or the scale's third where the chord has none there."""
    chord = chord_at(player.plan.chords, note.beat)
    tones = chord_tones(chord)
    scale = scale_at(player.plan, note.beat)
    for distance in (3, 4, 5, 7, 8, 9):
        if (note.midi - distance) % 12 in tones and not player.clashes(chord, note.midi - distance):
            return note.midi - distance
    return note.midi - next(d for d in (3, 4, 5) if (note.midi - d) % 12 in scale)


def _bass(player: Player) -> list[GridNote]:
    """The bass line in the pattern of its layer; held notes in quiet sections and where the song slows down."""
    line = bass_chords(player.plan.chords, ORCHESTRA[player.layer.instrument].low)
    notes: list[GridNote] = []
    for section in player.sections:
        slows = section.name == "outro" and player.plan.ending == "slowing"
        held = BASS_PATTERNS["long"]
        pattern = held if section.energy < LONG_BASS_ENERGY or slows else BASS_PATTERNS[player.layer.pattern]
        enters = (section.start_bar + entrance(section, player.rng)) * player.plan.bar_beats
        chords = [chord for chord in player.chords_in(section) if chord.beat > enters - NEARLY]
        here = [under for under in line if under.chord in chords]
        last = 1 if section is player.plan.sections[-1] and player.plan.ending != "fade" else 0
        notes += pattern(here[: len(here) - last], player.plan, section, player.rng)
        notes += held(here[len(here) - last :], player.plan, section, player.rng)
    return notes


def _chords(player: Player) -> list[GridNote]:
    """Chords in the pattern of their layer; the last one of the song is held."""
    notes: list[GridNote] = []
    for section in player.sections:
        chords = player.chords_in(section)
        voiced = _voiced(chords, player)
        if section is player.plan.sections[-1] and player.plan.ending != "fade":
            notes += _last_chord(chords[-1], voiced[-1], player)
            chords, voiced = chords[:-1], voiced[:-1]
        floors = [_lead_floor(player, chord) for chord in chords]
        notes += CHORD_PATTERNS[player.layer.pattern](Passage(chords, voiced, player.plan, section, player.rng, floors))
    return notes


def _voiced(chords: Sequence[Chord], player: Player) -> list[Voicing]:
    """Voicings of ``chords``, which are added to what the player and the others hold."""
    energy = player.plan.section_at(chords[0].beat).energy
    bass_plays = any(v.role == "bass" and v.from_energy <= energy for v in pack_of(player.plan).layers)
    instrument = ORCHESTRA[player.layer.instrument]
    floors = [_lead_floor(player, chord) for chord in chords]
    voiced = voicings(chords, instrument, floors, player.held, bass_plays=bass_plays)
    for chord, voicing in zip(chords, voiced, strict=True):
        player.held[chord.beat] = (*player.held.get(chord.beat, ()), *voicing)
    return voiced


def _last_chord(chord: Chord, voicing: Sequence[int], player: Player) -> list[GridNote]:
    """The chord struck once, rolled from its lowest note, and left to ring."""
    roll = 0.0 if player.plan.ending == "cold" else ROLL_BEATS
    delays = [roll * i for i in range(len(voicing))]
    return [
        GridNote(chord.beat + delay, chord.beats - delay, pitch, float(player.rng.uniform(*LAST_CHORD_VELOCITY)))
        for delay, pitch in zip(delays, voicing, strict=True)
    ]


def _pad(player: Player) -> list[GridNote]:
    """Held chords."""
    notes: list[GridNote] = []
    for section in player.sections:
        chords = player.chords_in(section)
        voiced = _voiced(chords, player)
        notes += sustained(Passage(chords, voiced, player.plan, section, player.rng))
    return notes


def _lead_floor(player: Player, chord: Chord) -> int:
    """The lowest MIDI pitch of the melody over a chord: voicings stay below it."""
    return min(player.melody_over(chord), default=REST_FLOOR)


_Role = Callable[[Player], list[GridNote]]
_ROLES: dict[str, _Role] = {
    "lead": _lead,
    "answer": _answer,
    "double": _double,
    "second": _second,
    "counter": play_countermelody,
    "bass": _bass,
    "chords": _chords,
    "pad": _pad,
}
