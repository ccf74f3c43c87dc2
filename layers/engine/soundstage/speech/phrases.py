"""Sounds cut into what is spoken in one breath: sentences, and parts of those that are too long for the model."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from soundstage.speech.kokoro import MAX_TOKENS, TOKENS
from soundstage.speech.spoken import Sound

SENTENCE_ENDS = ".!?…"
CLOSERS = "”)"
PAUSES_S = {".": 0.42, "!": 0.42, "?": 0.46, "…": 0.5}
"""After a sentence, by how it ends: inside the .2 to .6 s that readings aloud are comfortable with."""
CLAUSE_PAUSE_S = 0.25
"""Where a sentence had to be cut."""
LONGEST = 400
"""Phonemes that are spoken at once: about 25 s. The model takes 510; sentences of stories are far shorter."""


@dataclass(frozen=True)
class Phrase:
    """``pause_s``: silence that follows it. ``owners``: for each phoneme, the index of its sound."""

    sounds: tuple[Sound, ...]
    pause_s: float

    @property
    def phonemes(self) -> str:
        return "".join(_written(self.sounds))

    @property
    def owners(self) -> list[int]:
        return [i for i, piece in enumerate(_written(self.sounds)) for _ in piece]


def phrases(sounds: Sequence[Sound]) -> Iterator[Phrase]:
    """The sentences of a text, long ones in parts; those without a word are left out."""
    for sentence in _sentences(sounds):
        parts = list(_parts(sentence))
        for number, part in enumerate(parts):
            last = next((sound.phonemes for sound in reversed(part) if sound.phonemes in SENTENCE_ENDS), ".")
            yield Phrase(tuple(part), PAUSES_S[last] if number == len(parts) - 1 else CLAUSE_PAUSE_S)


def _sentences(sounds: Sequence[Sound]) -> Iterator[list[Sound]]:
    sentence: list[Sound] = []
    for i, sound in enumerate(sounds):
        sentence.append(sound)
        following = sounds[i + 1] if i + 1 < len(sounds) else None
        ended = any(mark.phonemes in SENTENCE_ENDS for mark in _marks_at_end(sentence))
        if following is None or (ended and (following.is_word or following.phonemes not in SENTENCE_ENDS + CLOSERS)):
            if any(sound.is_word for sound in sentence):
                yield sentence
            sentence = []


def _marks_at_end(sentence: Sequence[Sound]) -> Iterator[Sound]:
    for sound in reversed(sentence):
        if sound.is_word:
            return
        yield sound


def _parts(sentence: list[Sound]) -> Iterator[list[Sound]]:
    """Cut after the last mark, else the last word, that fits; in halves of about the same length if two are enough."""
    lengths = [len(piece) for piece in _written(sentence)]
    while sum(lengths) > LONGEST:
        aim = min(LONGEST, max(sum(lengths) // 2, 1)) if sum(lengths) < 2 * LONGEST else LONGEST
        fitting = [i + 1 for i in range(len(sentence)) if sum(lengths[: i + 1]) <= LONGEST] or [1]
        after_marks = [i for i in fitting if not sentence[i - 1].is_word] or fitting
        at = min(after_marks, key=lambda i: abs(sum(lengths[:i]) - aim))
        yield sentence[:at]
        sentence, lengths = sentence[at:], lengths[at:]
    if any(sound.is_word for sound in sentence):
        yield sentence


def _written(sounds: Iterable[Sound]) -> list[str]:
    """Each sound's phonemes with the space before them; what the model does not know is left out."""
    return [
        "".join(symbol for symbol in f"{' ' if i and sound.spaced else ''}{sound.phonemes}" if symbol in TOKENS)[
            :MAX_TOKENS
        ]
        for i, sound in enumerate(sounds)
    ]
