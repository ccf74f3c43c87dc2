"""Countermelody: a line of guide tones below the melody, or short hits of the brass."""

import math
from collections.abc import Sequence

from soundstage.models.composition import Chord, Expression, GridNote, Section, VariantPlan
from soundstage.music.arranging.accompaniment import CLASH_COST, TIME_TOLERANCE
from soundstage.music.arranging.notes import scale_at
from soundstage.music.arranging.phrasing import swell
from soundstage.music.arranging.player import Player
from soundstage.music.composing.harmony import chord_at, chord_tones
from soundstage.music.composing.melody import nearest_pitch_class
from soundstage.music.instruments.orchestra import ORCHESTRA

LEGATO = Expression(slurred=True)
# Costs of a guide tone, in semitones of movement: of a pitch class of the melody, of standing still, and per semitone
# from the centre, without which the line would wander to the end of the instrument.
MELODY_CLASS_COST, STANDING_COST, OFF_CENTRE_COST = 2.5, 0.8, 0.3
BELOW_MELODY = 3  # semitones at least
HIGHEST_CENTRE, REST_CEILING = 76, 84  # MIDI: E5 at most for the centre; the ceiling where the melody rests
MAX_LEAP = 6  # semitones: of the note between two neighbouring guide tones
# Velocities, 0 to 1: at no energy, and more per unit of it; of the notes between; of hits.
VELOCITY, VELOCITY_PER_ENERGY, SECOND_NOTE, HIT_VELOCITY = 0.5, 0.25, 0.9, 0.8
HIT_BEATS, HIT_MIDI = 0.3, 67  # duration, quarters; G4, around which they are voiced
HIT_OFFSETS, OTHER_HIT_OFFSETS = (1.5, 2.5, 3.5), (0.5, 1.5, 2.75, 3.5)  # quarters from the bar line


def play_countermelody(player: Player) -> list[GridNote]:
    """Guide tones by step below the melody, and steps between them while the melody holds a note or rests; or hits."""
    notes: list[GridNote] = []
    for section in player.sections:
        if player.layer.pattern == "hits":
            notes += _hits(player.plan, section)
            continue
        chords = player.chords_in(section)
        guides = _guide_tones(chords, player)
        velocity = VELOCITY + VELOCITY_PER_ENERGY * section.energy
        first = section.start_bar * player.plan.bar_beats
        for chord, guide, goal in zip(chords, guides, [*guides[1:], None], strict=True):
            grown = swell(int((chord.beat - first + TIME_TOLERANCE) // player.plan.bar_beats))
            notes += _moving(chord, guide, goal, player, velocity * grown)
    return notes


def _guide_tones(chords: Sequence[Chord], player: Player) -> list[int]:
    """A tone of each chord, MIDI, at most a few semitones from the one before and below the melody."""
    instrument = ORCHESTRA[player.layer.instrument]
    centre = pitch = (instrument.low + 2 * min(instrument.high, HIGHEST_CENTRE)) // 3
    line = []
    for chord in chords:
        tones = chord_tones(chord)
        guides = tones[1:4] if len(tones) > 2 else tones
        ceiling = max(_ceiling(chord, player), instrument.low + 12)
        options = [p for p in range(instrument.low, instrument.high) if p % 12 in guides and p <= ceiling]
        classes = {m % 12 for m in player.melody_over(chord)}
        pitch = min(
            options,
            key=lambda p: (
                abs(p - pitch)
                + (MELODY_CLASS_COST if p % 12 in classes else 0.0)
                + (STANDING_COST if p == pitch else 0.0)
                + (CLASH_COST if player.clashes(chord, p) else 0.0)
                + OFF_CENTRE_COST * abs(p - centre)
            ),
        )
        line.append(pitch)
    return line


def _ceiling(chord: Chord, player: Player) -> int:
    return min(player.melody_over(chord), default=REST_CEILING) - BELOW_MELODY


def _moving(chord: Chord, guide: int, goal: int | None, player: Player, velocity: float) -> list[GridNote]:
    """The guide tone, and the steps that lead on to the next one (``goal``) in quarters in which the melody does not
    move."""
    onsets = [n.beat for n in player.plan.melody if n.voice == "lead"]
    free = [
        beat
        for beat in (chord.beat + i for i in range(1, math.ceil(chord.beats - TIME_TOLERANCE)))
        if not any(beat - 0.25 < onset < beat + 0.75 for onset in onsets)
    ]
    path = _path(chord, guide, guide if goal is None else goal, player)[-len(free) :] if free else []
    starts = [chord.beat, *free[len(free) - len(path) :]]
    ends = [*starts[1:], chord.beat + chord.beats]
    return [
        GridNote(start, end - start, pitch, velocity * (SECOND_NOTE if i else 1.0), LEGATO)
        for i, (start, end, pitch) in enumerate(zip(starts, ends, [guide, *path], strict=True))
    ]


def _path(chord: Chord, guide: int, goal: int, player: Player) -> list[int]:
    """Pitches between two guide tones, in order; where they are neighbours, the chord tone or the step above both."""
    tones = set(chord_tones(chord))
    scale = _scale_over(chord, player.plan)
    ceiling = _ceiling(chord, player)
    sounding = player.melody_over(chord)

    def fits(pitch: int) -> bool:
        return pitch <= ceiling and not any((m - pitch) % 12 in {1, 11} for m in sounding)

    way = 1 if goal > guide else -1
    between = [p for p in range(guide + way, goal, way) if p % 12 in scale and fits(p)]
    if between:
        return between
    top = max(guide, goal)
    above = (p for p in range(top + 1, top + MAX_LEAP) if p % 12 in (scale if guide == goal else tones) and fits(p))
    return [pitch] if (pitch := next(above, None)) is not None else []


def _scale_over(chord: Chord, plan: VariantPlan) -> set[int]:
    """Pitch classes of the key at a chord, and of the chord: its own notes replace the key's a semitone beside them."""
    scale = scale_at(plan, chord.beat)
    tones = set(chord_tones(chord))
    foreign = tones - scale
    return {p for p in scale if not {(p + 1) % 12, (p - 1) % 12} & foreign} | tones


def _hits(plan: VariantPlan, section: Section) -> list[GridNote]:
    """Short hits of two chord tones on off-beats, every other bar, in between the notes of the melody."""
    notes = []
    onsets = [n.beat for n in plan.melody if n.voice == "lead"]
    for bar in range(1, section.bars, 2):
        start = (section.start_bar + bar) * plan.bar_beats
        offsets = HIT_OFFSETS if bar % 4 == 1 else OTHER_HIT_OFFSETS
        for beat in (start + offset for offset in offsets if offset < plan.bar_beats):
            if any(abs(onset - beat) < HIT_BEATS for onset in onsets):
                continue
            tones = chord_tones(chord_at(plan.chords, beat))
            pitches = [nearest_pitch_class(HIT_MIDI, tone) for tone in tones[1:3]]
            notes += [GridNote(beat, HIT_BEATS, pitch, HIT_VELOCITY * swell(bar)) for pitch in pitches]
    return notes
