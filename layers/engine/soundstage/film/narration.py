"""What is said in a shot: lines by speaker, spoken one after the other, with every word where the author wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.resample import resample
from soundstage.film.part_store import fingerprint_of
from soundstage.film.ports import NARRATOR, Speaker
from soundstage.media.files import sha256_of
from soundstage.models.film import SPEECH_RATE_HZ, Speech, Word
from soundstage.models.story import Language, PartId, Shot

BETWEEN_VOICES_S = 0.3
"""Of pause where the voice changes: as between sentences (.2 to .6 s sounds natural in reading aloud)."""
VERSION = 1
SPOKEN = "speech.wav"


@dataclass(frozen=True)
class Utterance:
    """A stretch of the narration in one voice. ``start``: of its first character in the narration."""

    text: str
    start: int
    voice: str


def utterances(shot: Shot, voices: Mapping[PartId | None, str]) -> list[Utterance]:
    """The narration cut by speaker; whatever no line claims is the narrator's. Together they are the whole of it.

    Lines are looked for in their order; one that the narration does not hold (it was edited since) claims nothing.
    """
    text, at = shot.narration, 0
    claims: list[tuple[int, int, str]] = []
    for line in shot.lines:
        found = text.find(line.text, at)
        if found >= 0:
            at = found + len(line.text)
            claims.append((found, at, voices.get(line.speaker, voices[NARRATOR])))
    pieces: list[tuple[int, int, str]] = []
    at = 0
    for start, end, voice in [*claims, (len(text), len(text), voices[NARRATOR])]:
        if any(character.isalnum() for character in text[at:start]):
            pieces.append((at, start, voices[NARRATOR]))
        elif pieces and start > at:
            # Quotation marks and dashes between two voices stay with the one before.
            pieces[-1] = (pieces[-1][0], start, pieces[-1][2])
        if end > start:
            pieces.append((start, end, voice))
        at = end
    merged: list[tuple[int, int, str]] = []
    for piece in pieces:
        if merged and merged[-1][2] == piece[2]:
            merged[-1] = (merged[-1][0], piece[1], piece[2])
        else:
            merged.append(piece)
    return [Utterance(text[start:end], start, voice) for start, end, voice in merged if says_something(text[start:end])]


def speech_fingerprint(spoken: Sequence[Utterance], speaker: Speaker, *, language: Language, speed: float) -> str:
    """Of everything that the speech of a shot depends on."""
    lines = [(line.text, line.start, line.voice) for line in spoken]
    return fingerprint_of([VERSION, speaker.fingerprint, language, speed, lines])


def speak_shot(
    spoken: Sequence[Utterance], speaker: Speaker, folder: Path, *, language: Language, speed: float
) -> Speech:
    """Speak all utterances into one mono file in ``folder``. Raises what the speaker raises."""
    parts: list[Samples] = []
    words: list[Word] = []
    notes: list[str] = []
    frames, provider, usd = 0, "", 0.0
    for number, line in enumerate(spoken):
        path = folder / f"line-{number}.wav"
        said = speaker.speak(line.text, voice=line.voice, language=language, speed=speed, out=path)
        audio = read_audio(path)
        samples = resample(audio.mono(), audio.rate_hz, SPEECH_RATE_HZ)
        path.unlink()
        if parts:
            pause = round(BETWEEN_VOICES_S * SPEECH_RATE_HZ)
            parts.append(np.zeros(pause, np.float32))
            frames += pause
        words += [_moved(word, line.start, frames / SPEECH_RATE_HZ) for word in said.words]
        parts.append(samples)
        frames += len(samples)
        notes += said.notes
        provider = said.provider
        usd += said.usd
    write_wav(folder / SPOKEN, Audio(np.concatenate(parts)[:, None], SPEECH_RATE_HZ))
    return Speech(
        audio=SPOKEN,
        audio_sha256=sha256_of(folder / SPOKEN),
        rate_hz=SPEECH_RATE_HZ,
        duration_s=frames / SPEECH_RATE_HZ,
        words=words,
        voice=", ".join(dict.fromkeys(line.voice for line in spoken)),
        provider=provider,
        usd=usd,
        notes=list(dict.fromkeys(notes)),
    )


def _moved(word: Word, characters: int, seconds: float) -> Word:
    return Word(
        text=word.text,
        start=word.start + characters,
        end=word.end + characters,
        start_s=word.start_s + seconds,
        end_s=word.end_s + seconds,
    )


def says_something(text: str) -> bool:
    """Whether there is anything in it that a voice can say."""
    return any(character.isalnum() for character in text)
