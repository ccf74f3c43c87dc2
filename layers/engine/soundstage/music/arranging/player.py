"""A player of the arrangement: the plan, a layer of the style, and what the others hold."""

from dataclasses import dataclass

import numpy as np

from soundstage.models.composition import Chord, Section, VariantPlan
from soundstage.music.arranging.accompaniment import Voicing
from soundstage.music.composing.styles import Layer


@dataclass(frozen=True)
class Player:
    """``held``: what the players of chords hold, by the beat on which a chord begins; they write to it in turn."""

    plan: VariantPlan
    layer: Layer
    rng: np.random.Generator
    held: dict[float, Voicing]

    def clashes(self, chord: Chord, pitch: int) -> bool:
        """Whether ``pitch`` is a semitone, or an octave and a semitone, from what another player holds."""
        return any(abs(pitch - p) in {1, 13} for p in self.held.get(chord.beat, ()))

    @property
    def sections(self) -> list[Section]:
        """Those whose energy lies in the layer's range."""
        return [s for s in self.plan.sections if self.layer.from_energy <= s.energy <= self.layer.to_energy]

    def chords_in(self, section: Section) -> list[Chord]:
        """The chords that begin in ``section``."""
        start = section.start_bar * self.plan.bar_beats
        end = start + section.bars * self.plan.bar_beats
        return [c for c in self.plan.chords if start - 1e-6 <= c.beat < end - 1e-6]

    def melody_over(self, chord: Chord) -> list[int]:
        """MIDI pitches of the melody's notes that sound over ``chord``."""
        return [n.midi for n in self.plan.melody if n.beat < chord.beat + chord.beats and n.end > chord.beat]
