"""The mood of a shot, by its words."""

from collections.abc import Sequence

from soundstage.models.story import Mood
from soundstage.story.people.mentions import Read
from soundstage.story.words.feelings import MOOD_OF_EMOTION

DECAY = 0.45
"""Of a mood from one shot to the next (chosen by reading: two quiet shots end a fright)."""


class Moods:
    def __init__(self) -> None:
        self.weights: dict[Mood, float] = {}

    def of(self, reads: Sequence[Read], *, new_place: bool) -> Mood:
        """Of the next shot; shots are given in their order."""
        fade = DECAY * (0.5 if new_place else 1.0)
        self.weights = {mood: weight * fade for mood, weight in self.weights.items()}
        for read in reads:
            for mark in read.of_kind("mood", "emotion"):
                denied = any(0 <= mark.first - m.past <= 2 for m in read.of_kind("negation") if m.past <= mark.first)
                if denied:
                    continue
                mood: Mood = mark.value if mark.kind == "mood" else MOOD_OF_EMOTION[mark.value]  # type: ignore[assignment]
                weight = 0.6 if mark.kind == "mood" else 1.0
                self.weights[mood] = self.weights.get(mood, 0.0) + weight * (0.5 if mark.quoted else 1.0)
            for mark in read.of_kind("weather"):
                if mark.value == "storm" and not mark.quoted:
                    self.weights["tense"] = self.weights.get("tense", 0.0) + 0.6
        best = max(self.weights, key=lambda mood: self.weights[mood], default=None)
        return best if best is not None and self.weights[best] >= 0.35 else "calm"
