"""Direct speech: where it stands in a line."""

import re

Span = tuple[int, int]

_PAIRS = {"“": "”", "「": "」", "『": "』", "«": "»"}


def quoted_spans(text: str) -> list[Span]:
    """(start, end) of what stands between quotation marks, with them, in order; an unclosed one is none.

    Straight double quotes are paired in their order; single ones only where they cannot be apostrophes.
    """
    spans: list[Span] = []
    at = 0
    while at < len(text):
        closing = _PAIRS.get(text[at]) or ('"' if text[at] == '"' else None)
        end = text.find(closing, at + 1) if closing else -1
        if end > at:
            spans.append((at, end + 1))
            at = end + 1
        else:
            at += 1
    if spans:
        return spans
    single = re.finditer(r"(?<![\w’'])[‘'](?=\w)[^‘\n]*?[,.!?。！？…][’'](?!\w)", text)
    return [match.span() for match in single]


def inside(spans: list[Span], at: int) -> bool:
    return any(start <= at < end for start, end in spans)
