"""A note as a player has it on the stand: in beats, before anyone has played it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class PartNote:
    beat: float
    beats: float
    midi: int
    velocity: float
    scoop_cents: float = 0.0
    vibrato_cents: float = 0.0
    swell_db: tuple[float, ...] = ()
    slurred: bool = False

    def at(self, midi: int, louder: float = 1.0) -> "PartNote":
        return replace(self, midi=midi, velocity=min(1.0, self.velocity * louder))

    def within(self, low: int, high: int) -> "PartNote":
        """Moved by octaves into a range that spans at least an octave."""
        midi = self.midi
        while midi > high:
            midi -= 12
        while midi < low:
            midi += 12
        return self if midi == self.midi else replace(self, midi=midi)
