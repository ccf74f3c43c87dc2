"""A note as an instrument plays it, in seconds: from ``arranging.performance`` to sound, MIDI and pictures."""

from dataclasses import dataclass

from soundstage.models.composition import PLAIN, Expression


@dataclass(frozen=True)
class PlayedNote:
    """``expression.slurred`` says that the note does join the one before: ``performance`` has looked at both."""

    start_s: float
    duration_s: float
    midi: int
    velocity: float
    expression: Expression = PLAIN

    @property
    def end_s(self) -> float:
        return self.start_s + self.duration_s
