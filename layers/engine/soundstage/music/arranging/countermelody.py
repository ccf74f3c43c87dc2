"""Countermelody: a line of guide tones below the melody, or short hits of the brass."""

from soundstage.models.composition import Chord, Expression, GridNote, Section, VariantPlan
from soundstage.music.arranging.accompaniment import CLASH_COST
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
MIN_MOVING_BEATS = 2.0  # quarters: a longer chord has two notes where the melody stands still
# Velocities, 0 to 1: at no energy, and more per unit of it; of the second note; of hits.
VELOCITY, VELOCITY_PER_ENERGY, SECOND_NOTE, HIT_VELOCITY = 0.5, 0.25, 0.9, 0.8
HIT_BEATS, HIT_MIDI = 0.3, 67  # duration, quarters; G4, around which they are voiced
HIT_OFFSETS, OTHER_HIT_OFFSETS = (1.5, 2.5), (0.5, 1.5, 2.75)  # quarters from the bar line


def play_countermelody(player: Player) -> list[GridNote]:
    """Guide tones by step below the melody, two to a long chord where the melody stands still; or hits."""
    instrument = ORCHESTRA[player.layer.instrument]
    centre = pitch = (instrument.low + 2 * min(instrument.high, HIGHEST_CENTRE)) // 3
    notes: list[GridNote] = []
    for section in player.sections:
        if player.layer.pattern == "hits":
            notes += _hits(player.plan, section)
            continue
        for chord in player.chords_in(section):
            lead = player.melody_over(chord)
            ceiling = min(lead, default=REST_CEILING) - BELOW_MELODY
            tones = chord_tones(chord)
            guides = tones[1:4] if len(tones) > 2 else tones
            options = [
                p
                for p in range(instrument.low, instrument.high)
                if p % 12 in guides and p <= max(ceiling, instrument.low + 12)
            ]
            classes = {m % 12 for m in lead}
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
            velocity = VELOCITY + VELOCITY_PER_ENERGY * section.energy
            notes += _moving(chord, pitch, velocity, busy=len(lead) > chord.beats)
    return notes


def _moving(chord: Chord, pitch: int, velocity: float, *, busy: bool) -> list[GridNote]:
    """One note, or two where the melody is not ``busy``: the second a chord tone above."""
    if busy or chord.beats < MIN_MOVING_BEATS:
        return [GridNote(chord.beat, chord.beats, pitch, velocity, LEGATO)]
    tones = chord_tones(chord)
    upper = next((p for p in range(pitch + 1, pitch + 8) if p % 12 in tones), pitch)
    half = chord.beats / 2
    return [
        GridNote(chord.beat, half, pitch, velocity, LEGATO),
        GridNote(chord.beat + half, half, upper, SECOND_NOTE * velocity, LEGATO),
    ]


def _hits(plan: VariantPlan, section: Section) -> list[GridNote]:
    """Short hits of two chord tones on off-beats, every other bar."""
    notes = []
    for bar in range(1, section.bars, 2):
        start = (section.start_bar + bar) * plan.bar_beats
        for offset in HIT_OFFSETS if bar % 4 == 1 else OTHER_HIT_OFFSETS:
            if offset < plan.bar_beats:
                tones = chord_tones(chord_at(plan.chords, start + offset))
                pitches = [nearest_pitch_class(HIT_MIDI, tone) for tone in tones[1:3]]
                notes += [GridNote(start + offset, HIT_BEATS, pitch, HIT_VELOCITY) for pitch in pitches]
    return notes
