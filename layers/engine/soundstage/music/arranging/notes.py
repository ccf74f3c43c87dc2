"""Pitches of notes: the scale at a beat, and moving a note to another pitch or by octaves into a range."""

from dataclasses import replace

from soundstage.models.composition import GridNote, VariantPlan
from soundstage.music.composing.melody import PITCH_CLASSES, SCALES


def scale_at(plan: VariantPlan, beat: float) -> set[int]:
    """Pitch classes of the key at ``beat`` (quarters): the plan's, or the one that its section is lifted to."""
    tonic = PITCH_CLASSES.index(plan.key.tonic) + plan.section_at(beat).lift_semitones
    return {(tonic + step) % 12 for step in SCALES[plan.key.kind]}


def at_pitch(note: GridNote, midi: int, velocity_gain: float = 1.0) -> GridNote:
    """The note at ``midi``, its velocity multiplied by ``velocity_gain`` and at most 1."""
    return replace(note, midi=midi, velocity=min(1.0, note.velocity * velocity_gain))


def folded(note: GridNote, low: int, high: int) -> GridNote:
    """The note moved by octaves into [``low``, ``high``], a range of at least an octave."""
    midi = note.midi
    while midi > high:
        midi -= 12
    while midi < low:
        midi += 12
    return note if midi == note.midi else replace(note, midi=midi)
