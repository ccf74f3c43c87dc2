"""Subtitle cards: the author's words, cut where a reader would, shown while they are spoken.

A card has at most two lines and never parts of two sentences. Lines break only where UAX 14 (Unicode line breaking)
and, in Chinese, a word segmenter allow, preferably after punctuation and so that both lines are about as long.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from soundstage.models.film import Cue, ShotTiming, Speech, Word

Measure = Callable[[str], float]
"""Width of a text in pixels."""
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|[。！？…]+[”’」』）]*|\n+")
AFTER_PUNCTUATION = re.compile(r"[,;:，；：、—]\s*$")
PARTICLES = frozenset("的地得了着过吗呢吧啊呀们")
"""What belongs to the word before it: no line of Chinese begins so."""
HOLD_S = 0.5
"""How long a card stays after its last word, where nothing follows: reading ends later than hearing."""
SHORTEST_S = 0.8
"""Less cannot be read (BBC subtitle guidelines: .3 s a word)."""
UNEVEN, NO_PUNCTUATION = 1.0, 0.15
"""Costs of a break: of lines of unlike length as a share of the line, and of one inside a phrase."""


@dataclass(frozen=True)
class _Piece:
    """A stretch of text that stays on one line, with where it lies in the author's text."""

    start: int
    end: int


def cues_of_shot(
    text: str, speech: Speech, timing: ShotTiming, *, width: float, measure: Measure, gap_s: float
) -> list[Cue]:
    """The cards of one shot. ``text`` is what was spoken as the author wrote it; ``gap_s``: one frame.

    Raises:
        ValueError: the shot says nothing.
    """
    if timing.speech_start_s is None:
        raise ValueError("A shot without speech has no cards.")
    cards = [card for sentence in sentences(text) for card in _cards(text, sentence, width, measure)]
    timed = [(card, _words_in(card, speech.words)) for card in cards]
    timed = [(card, words) for card, words in timed if words]
    cues = []
    for number, (card, words) in enumerate(timed):
        start_s, end_s = words[0].start_s, words[-1].end_s
        following_s = timed[number + 1][1][0].start_s - gap_s if number + 1 < len(timed) else float("inf")
        end_s = min(max(end_s + HOLD_S, start_s + SHORTEST_S), following_s)
        cues.append(
            Cue(
                start_s=timing.speech_start_s + start_s,
                end_s=timing.speech_start_s + max(end_s, words[-1].end_s),
                lines=[text[line[0].start : line[-1].end].strip() for line in card],
                words=[_shifted(word, timing.speech_start_s) for word in words],
                shot=timing.shot,
            )
        )
    return cues


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, without the space around it. Every character but space is in one."""
    ends = [found.end() for found in SENTENCE_END.finditer(text)] + [len(text)]
    spans, start = [], 0
    for end in ends:
        inner = text[start:end]
        if inner.strip():
            lead = len(inner) - len(inner.lstrip())
            spans.append((start + lead, start + len(inner.rstrip())))
        start = max(end, start)
    return spans


@functools.lru_cache(maxsize=256)
def breakable(text: str) -> tuple[int, ...]:
    """Where a line of this text may end, the end of the text included. Kept for the storyboard on paper."""
    from uniseg.linebreak import line_break_boundaries  # noqa: PLC0415  (with its tables: .1 s)

    allowed = set(line_break_boundaries(text))
    if any(_han(character) for character in text):
        import rjieba  # noqa: PLC0415

        at, words = 0, {0}
        for word in rjieba.cut(text):
            at += len(word)
            words.add(at)
        # Inside Latin words and numbers UAX 14 decides: a segmenter of Chinese cuts 9:30.
        allowed = {
            place
            for place in allowed
            if (place in words or not _han(text[place - 1 : place])) and text[place : place + 1] not in PARTICLES
        }
    return tuple(sorted({place for place in allowed if 0 < place < len(text)} | {len(text)}))


def _cards(text: str, sentence: tuple[int, int], width: float, measure: Measure) -> list[list[list[_Piece]]]:
    """The sentence as cards of one or two lines of pieces."""
    pieces = _pieces(text, sentence, width, measure)
    lines = _lines(text, pieces, width, measure)
    if len(lines) <= 2:
        return [lines]
    # As many cards as are needed, filled evenly: the last one is not a single word.
    cards = -(-len(lines) // 2)
    sizes = [measure(text[piece.start : piece.end]) for piece in pieces]
    share, taken, card, found = sum(sizes) / cards, 0.0, list[_Piece](), list[list[_Piece]]()
    for piece, size in zip(pieces, sizes, strict=True):
        over = card and taken + size / 2 > share * (len(found) + 1)
        if over and len(found) < cards - 1:
            found.append(card)
            card = []
        card.append(piece)
        taken += size
    found.append(card)
    return [part for card in found for part in _refilled(text, card, width, measure)]


def _refilled(text: str, card: list[_Piece], width: float, measure: Measure) -> list[list[list[_Piece]]]:
    lines = _lines(text, card, width, measure)
    return [lines[i : i + 2] for i in range(0, len(lines), 2)]


def _pieces(text: str, sentence: tuple[int, int], width: float, measure: Measure) -> list[_Piece]:
    """Between places where a line may end; what is wider than a line is cut between characters."""
    start, end = sentence
    found = []
    for first, past in pairwise([0, *breakable(text[start:end])]):
        begin = start + first
        for at in range(begin + 1, start + past):
            if measure(text[begin : at + 1]) > width and not unicodedata.combining(text[at]):
                found.append(_Piece(begin, at))
                begin = at
        found.append(_Piece(begin, start + past))
    return found


def _lines(text: str, pieces: Sequence[_Piece], width: float, measure: Measure) -> list[list[_Piece]]:
    """The pieces in as few lines as they need; two lines are balanced."""
    lines: list[list[_Piece]] = [[]]
    for piece in pieces:
        if lines[-1] and measure(text[lines[-1][0].start : piece.end].rstrip()) > width:
            lines.append([])
        lines[-1].append(piece)
    if len(lines) != 2:
        return lines
    return min((_split(pieces, at) for at in range(1, len(pieces))), key=lambda two: _cost(text, two, width, measure))


def _split(pieces: Sequence[_Piece], at: int) -> list[list[_Piece]]:
    return [list(pieces[:at]), list(pieces[at:])]


def _cost(text: str, lines: list[list[_Piece]], width: float, measure: Measure) -> float:
    upper, lower = (text[line[0].start : line[-1].end].strip() for line in lines)
    wide, narrow = measure(upper), measure(lower)
    if max(wide, narrow) > width:
        return float("inf")
    phrase = 0.0 if AFTER_PUNCTUATION.search(upper) else NO_PUNCTUATION
    return UNEVEN * abs(wide - narrow) / width + phrase


def _words_in(card: list[list[_Piece]], words: Sequence[Word]) -> list[Word]:
    """The words of a card. Of a word that goes on in the next card, its part, with its share of the time."""
    start, end = card[0][0].start, card[-1][-1].end
    return [
        _part(word, max(word.start, start), min(word.end, end))
        for word in words
        if word.start < end and word.end > start
    ]


def _part(word: Word, start: int, end: int) -> Word:
    if (start, end) == (word.start, word.end):
        return word
    s_per_character = (word.end_s - word.start_s) / (word.end - word.start)
    return Word(
        text=word.text[start - word.start : end - word.start],
        start=start,
        end=end,
        start_s=word.start_s + (start - word.start) * s_per_character,
        end_s=word.start_s + (end - word.start) * s_per_character,
    )


def _shifted(word: Word, by_s: float) -> Word:
    return word.model_copy(update={"start_s": word.start_s + by_s, "end_s": word.end_s + by_s})


def _han(character: str) -> bool:
    return bool(character) and "\u3400" <= character[-1] <= "\u9fff"
