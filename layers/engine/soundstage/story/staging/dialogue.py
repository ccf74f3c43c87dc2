"""Who says what: the story's words divided by speaker, none left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from soundstage.story.people.mentions import Read
from soundstage.story.people.persons import Reference
from soundstage.story.reading.quotes import Span, quoted_spans

Kind = Literal["dialogue", "monologue", "narration", "thought"]


@dataclass(frozen=True)
class Piece:
    """``text[start:end]`` of a sentence; ``speaker``: a person's number, None for the narrator."""

    start: int
    end: int
    speaker: int | None
    kind: Kind


def spoken_spans(text: str) -> list[Span]:
    """Speech between quotation marks, or after a dash at the beginning of a line."""
    spans = quoted_spans(text)
    if spans or not text.startswith(("—", "–", "- ")):
        return [span for span in spans if any(c.isalnum() for c in text[slice(*span)])]
    end = min((at for at in (text.find(" — ", 2), text.find(" – ", 2)) if at > 0), default=len(text))
    return [(0, end)]


class Speakers:
    """Goes through a story's sentences and finds out who speaks; remembers whose turn it is."""

    def __init__(self, animals: frozenset[int] = frozenset()) -> None:
        self.animals = animals
        self.turns: list[int] = []
        self.paragraph = -1
        self.waiting: int | None = None
        """Who was named last before a colon, or acted last in this paragraph."""
        self.actor: int | None = None
        self.following: int | None = None
        self.inside: list[Reference] = []
        self.spoken_to: list[Reference] = []

    def pieces(self, read: Read, references: Sequence[Reference], following: int | None = None) -> list[Piece]:
        """Of one sentence; sentences are given in their order. ``following``: who acts next in the paragraph."""
        self.following = following
        text = read.sentence.text
        if read.sentence.paragraph != self.paragraph:
            self.paragraph, self.waiting = read.sentence.paragraph, None
        spans = spoken_spans(text)
        outside = [r for r in references if not r.mention.quoted and len(r.people) == 1]
        self.inside = [r for r in references if r.mention.quoted]
        subjects = [r for r in outside if r.mention.subject]
        if subjects:
            self.actor = subjects[-1].people[0]
        if not spans:
            if subjects:
                self.waiting = subjects[-1].people[0]
            return [Piece(0, len(text), None, "narration")]
        thought = bool(read.of_kind("thought")) and not [m for m in read.of_kind("speech") if not m.quoted]
        found, at = [], 0
        for start, end in spans:
            if text[at:start].strip():
                found.append(Piece(at, start, None, "narration"))
            speaker = self._speaker(read, (start, end), outside)
            if _is_title_or_word(text, start, end, read):
                found.append(Piece(start, end, None, "narration"))
            else:
                found.append(Piece(start, end, speaker, "thought" if thought else "dialogue"))
                self._spoke(speaker)
            at = end
        if text[at:].strip():
            found.append(Piece(at, len(text), None, "narration"))
        return found

    def _spoke(self, speaker: int | None) -> None:
        if speaker is not None and (not self.turns or self.turns[-1] != speaker):
            self.turns = [*self.turns[-3:], speaker]
        self.waiting = speaker

    def _speaker(self, read: Read, span: Span, outside: Sequence[Reference]) -> int | None:
        tokens = read.tokens
        after = [r for r in outside if tokens[r.mention.first].start >= span[1] and not r.mention.possessive]
        before = [r for r in outside if tokens[r.mention.first].start < span[0] and not r.mention.possessive]
        subjects_after = [r for r in after if r.mention.subject]
        subjects_before = [r for r in before if r.mention.subject]
        lead_in = read.sentence.text[: span[0]].rstrip()[-1:] in ("：", ":", ",", "，")
        if lead_in and subjects_before:
            return subjects_before[-1].people[0]
        for found in (subjects_after[:1], subjects_before[-1:], before[-1:]):
            if found:
                return found[0].people[0]
        self.spoken_to = [r for r in self.inside if len(r.people) == 1]
        if any(token.is_word for token in tokens if not token.quoted):
            return self.waiting if self.waiting is not None else self.actor
        addressed = {r.people[0] for r in self.spoken_to}
        turn = (self.following, self.waiting) if self.waiting in self.animals else (self.waiting, self.following)
        for who in turn:
            if who is not None and who not in addressed:
                return who
        return self.turns[-2] if len(self.turns) > 1 else self.actor


def _is_title_or_word(text: str, start: int, end: int, read: Read) -> bool:
    """A word in quotation marks inside a sentence is not spoken: 他是“守塔人”。"""
    inner = text[start + 1 : end - 1].strip()
    if any(m for m in read.of_kind("speech", "thought") if not m.quoted):
        return False
    ends = inner[-1:] in ".!?,。！？，…~—"
    alone = start == 0
    return not ends and not alone and len(inner) <= (8 if read.language == "zh" else 24)
