"""What passes between reading, pronouncing and speaking: words to be said, each with its place in the author's text."""

from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]
"""Start and end of a stretch of the author's text."""


@dataclass(frozen=True)
class Spoken:
    """Text as it is said, "two kilometres" for "2 km". ``spans``: for each of its characters, the author's characters
    that it stands for."""

    text: str
    spans: tuple[Span, ...]

    def __getitem__(self, part: slice) -> "Spoken":
        return Spoken(self.text[part], self.spans[part])

    @property
    def span(self) -> Span:
        """From the first of the author's characters to the last. Raises ValueError where there is none."""
        return min(start for start, _ in self.spans), max(end for _, end in self.spans)

    @staticmethod
    def verbatim(text: str, start: int) -> "Spoken":
        """As the author wrote it, from ``start`` on."""
        return Spoken(text, tuple((i, i + 1) for i in range(start, start + len(text))))

    @staticmethod
    def instead(text: str, span: Span) -> "Spoken":
        """Said for the author's characters from ``span[0]`` to ``span[1]``."""
        return Spoken(text, (span,) * len(text))

    @staticmethod
    def joined(parts: Iterable["Spoken"]) -> "Spoken":
        kept = list(parts)
        return Spoken("".join(part.text for part in kept), tuple(span for part in kept for span in part.spans))


@dataclass(frozen=True)
class Sound:
    """A word, or a punctuation mark, as phonemes of the voice model. ``spaced``: a space stands before it."""

    phonemes: str
    span: Span
    is_word: bool = True
    spaced: bool = True
