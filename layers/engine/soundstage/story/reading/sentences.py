"""Sentences of a story, in both languages: every character of the text is in exactly one of them, or is space."""

import itertools
import re
from dataclasses import dataclass

from soundstage.models.story import Language
from soundstage.story.reading.quotes import Span, quoted_spans
from soundstage.story.reading.text import spoken_seconds

LONGEST_S = 25.0
"""Of speech. What is longer is cut at a comma: no picture should stand that long."""
LONGEST_QUOTE_S = 12.0
"""A speech that is longer may be divided between its sentences; a shorter one stays with its speaker."""

_ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof st sr jr rev capt col gen lt sgt hon no vs etc e.g i.e cf ca approx dept est fig vol "
    "a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec mt ft inc ltd co u.s u.k".split()
)
_END = re.compile(r"(?:[。！？!?]|\.(?!\.))+[”’」』\"')\]）》〉]*|(?:…+|\.{2,})[!?！？。]*[”’」』\"')\]）]*")
_CLAUSE = re.compile(r"[,;:，；：、—]+[”’」』\"]*\s*")
_TAG_VERBS = (
    "said|says|asked|asks|cried|cries|called|replied|answered|whispered|shouted|muttered|thought|exclaimed|told|"
    "begged|laughed|sighed|screamed|yelled|added|agreed|insisted|explained|murmured|growled|roared|squeaked|croaked"
)
_ENGLISH_TAG = re.compile(
    rf"\s*(?:[A-Z][\w'’.-]*|[Tt]he|[Aa]|an|his|her|my|old|little)?(?:\s+[\w'’-]+){{0,3}}?\s*"
    rf"\b(?:{_TAG_VERBS})\b"
)
_CHINESE_TAG = re.compile(
    r"[^。！？…：:“”「」\n]{0,14}(?:说|道|问|喊|叫|答|嚷|想|叹|笑|哭|吼|嘟囔|嘀咕|回答)[^。！？：:“「\n]{0,6}[。！？，,…]"
)


@dataclass(frozen=True)
class Sentence:
    """``text`` is ``story[start:end]``; ``paragraph`` counts from 0."""

    text: str
    start: int
    end: int
    paragraph: int


def split_sentences(story: str, language: Language) -> list[Sentence]:
    """In order, without gaps but for white space. Speech stays with the words that say who speaks."""
    found: list[Sentence] = []
    number = -1
    blank_before = True
    for line in re.finditer(r"[^\n]*", story):
        if not line[0].strip():
            blank_before = blank_before or bool(found)
            continue
        number += 1
        for start, end in _cut_long(line[0], _spans_of_line(line[0], language)):
            text = line[0][start:end]
            lead, trail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
            at = line.start() + start + lead
            found.append(Sentence(text.strip(), at, line.start() + end - trail, number))
    return found


def _spans_of_line(line: str, language: Language) -> list[Span]:
    quotes = [span for span in quoted_spans(line) if spoken_seconds(line[span[0] : span[1]]) <= LONGEST_QUOTE_S]
    cuts = [0]
    for match in _END.finditer(line):
        end = match.end()
        if end < len(line) and _is_boundary(line, match, quotes, language):
            cuts.append(end)
    cuts.append(len(line))
    spans = [(a, b) for a, b in itertools.pairwise(cuts) if b > a]
    return _without_crumbs(line, spans)


def _is_boundary(line: str, match: re.Match[str], quotes: list[Span], language: Language) -> bool:
    end = match.end()
    mark, after = match[0], line[end:]
    if any(start < end < past for start, past in quotes):
        return False
    if mark[0] == "." and not _ends_with_period(line, match.start(), after):
        return False
    if mark[0] in "…." and len(mark) > 1 and not mark.strip("….") and not re.match(r"\s+[\"“‘A-Z]", after):
        return False
    if mark[0] in ".!?" and after and not after[0].isspace() and not _is_han(after[0]) and after[0] not in "“「『":
        return False
    follows = after.lstrip()
    if follows[:1].islower() and mark[-1] not in ".":
        return False
    closed = any(past == end for _, past in quotes)
    if closed or mark[-1] in '”」』"':
        return not _is_tag(after, language)
    return True


def _is_tag(after: str, language: Language) -> bool:
    if _is_han(after.lstrip()[:1]) or language == "zh":
        tag = _CHINESE_TAG.match(after.lstrip())
        return tag is not None
    return _ENGLISH_TAG.match(re.split(r"[.!?\"“]", after, maxsplit=1)[0]) is not None


def _ends_with_period(line: str, at: int, after: str) -> bool:
    """Not the dot of an abbreviation, an initial, a number or an address."""
    if re.match(r"[^\s\"”’)\]」』]", after) and not _is_han(after[0]):
        return False
    word = re.search(r"[^\s\"“‘(\[]*$", line[:at])
    before = word[0].lower() if word else ""
    if before in _ABBREVIATIONS:
        ends_a_time = before in ("a.m", "p.m", "etc") and re.match(r"\s+[A-Z\"“]", after)
        return bool(ends_a_time)
    return re.fullmatch(r"[a-z]", before) is None or before == "i"


def _without_crumbs(line: str, spans: list[Span]) -> list[Span]:
    """A piece without a letter belongs to the piece before it, or to the next where it is the first."""
    kept: list[Span] = []
    for start, end in spans:
        if kept and (
            not any(c.isalnum() for c in line[start:end]) or not any(map(str.isalnum, line[slice(*kept[-1])]))
        ):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept


def _cut_long(line: str, spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for first, end in spans:
        start = first
        while spoken_seconds(line[start:end]) > LONGEST_S:
            cut = _cut_before(line, start, end)
            found.append((start, cut))
            start = cut
        if end > start:
            found.append((start, end))
    return found


def _cut_before(line: str, start: int, end: int) -> int:
    """Where the first part of a long sentence ends: a comma if there is one, else a space, else anywhere."""
    low, high = start + 1, end
    while low < high:  # the longest part that is short enough
        middle = (low + high + 1) // 2
        if spoken_seconds(line[start:middle]) <= LONGEST_S:
            low = middle
        else:
            high = middle - 1
    for pattern in (_CLAUSE, re.compile(r"\s+")):
        cuts = [m.end() for m in pattern.finditer(line, start, low) if m.end() - start > 0.4 * (low - start)]
        if cuts:
            return cuts[-1]
    return low


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
