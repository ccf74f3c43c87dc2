"""The embedded speaker: text in, a mono WAV file and the time of every word out."""

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, write_wav
from soundstage.audio.resample import resample
from soundstage.audio.speech_level import levelled
from soundstage.media.files import sha256_of
from soundstage.models.errors import InvalidInput
from soundstage.models.film import SPEECH_RATE_HZ, Speech, Word
from soundstage.models.story import Language, PartId, Storyboard
from soundstage.speech import kokoro
from soundstage.speech.phrases import Phrase, phrases
from soundstage.speech.reading import read
from soundstage.speech.timing import timed
from soundstage.speech.voices import Voice, cast_voices, voice_named

PROVIDER = "embedded"
VERSION = 2
"""Goes up when the same text sounds different."""
SLOWEST, FASTEST = 0.5, 2.0
EDGE_S = 0.03
"""Of silence before the first and after the last sound."""
Reports = Callable[[float], None]
"""Takes the share that is done, 0 to 1."""


class EmbeddedSpeaker:
    """Speaks English and Chinese with the voices that come with Soundstage."""

    @property
    def fingerprint(self) -> str:
        """Provider, model and version."""
        return f"{PROVIDER}/{kokoro.MODEL}/{VERSION}"

    def voices(self, storyboard: Storyboard, narrator: str | None) -> Mapping[PartId | None, str]:
        """Narrator (key None) and characters to voices. Raises InvalidInput for a voice of another language."""
        return cast_voices(storyboard.characters, storyboard.language, narrator)

    def speak(
        self,
        text: str,
        *,
        voice: str,
        language: Language,
        speed: float = 1.0,
        out: Path,
        progress: Reports = lambda _: None,
    ) -> Speech:
        """Speak into a mono WAV file of 24 kHz at ``out``; words index ``text``. The same text gives the same bytes.

        Args:
            language: that of the voice; words of the other one in the text are pronounced as such.
            speed: .5 to 2; of speech, its pauses included.

        Raises:
            InvalidInput: the voice speaks another language, the speed is out of range, or nothing can be said.
            DependencyUnavailable: the voice model is not installed.
        """
        speaker = voice_named(voice, language)
        if not SLOWEST <= speed <= FASTEST:
            raise InvalidInput(f"The speed of speech has to be {SLOWEST} to {FASTEST:.0f}, not {speed}.")
        spoken = list(phrases(read(text, language)))
        if not spoken:
            raise InvalidInput("There is nothing in the text that can be said.")
        parts: list[Samples] = [_silence(EDGE_S)]
        words: list[Word] = []
        done, total = 0, sum(len(phrase.phonemes) for phrase in spoken)
        for number, phrase in enumerate(spoken):
            samples, found = _spoken(phrase, speaker, speed, text, at_s=sum(map(len, parts)) / SPEECH_RATE_HZ)
            words += found
            pause_s = EDGE_S if number == len(spoken) - 1 else phrase.pause_s / speed
            parts += [samples, _silence(pause_s)]
            done += len(phrase.phonemes)
            progress(done / total)
        sound = levelled(np.concatenate(parts), SPEECH_RATE_HZ)
        write_wav(out, Audio(sound, SPEECH_RATE_HZ))
        return Speech(
            audio=str(out),
            audio_sha256=sha256_of(out),
            rate_hz=SPEECH_RATE_HZ,
            duration_s=len(sound) / SPEECH_RATE_HZ,
            words=words,
            voice=voice,
            provider=PROVIDER,
            notes=_notes(text),
        )


def _spoken(phrase: Phrase, voice: Voice, speed: float, text: str, at_s: float) -> tuple[Samples, list[Word]]:
    """A phrase's sound, without silence around it, and its words, in the time of the whole.

    A raised voice speaks slower by as much as it is then played faster.
    """
    slower = speed / voice.raised
    result = timed(phrase, *kokoro.synthesize(phrase.phonemes, voice.file, slower), slower)
    samples = resample(result.samples, round(voice.raised * SPEECH_RATE_HZ), SPEECH_RATE_HZ)
    words = []
    for i, start_s, end_s in result.words:
        start, end = phrase.sounds[i].span
        words.append(
            Word(
                text=text[start:end],
                start=start,
                end=end,
                start_s=round(at_s + start_s / voice.raised, 4),
                end_s=round(at_s + end_s / voice.raised, 4),
            )
        )
    return samples, words


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SPEECH_RATE_HZ), np.float32)


def _notes(text: str) -> list[str]:
    pictures = any(unicodedata.category(character) == "So" for character in text)
    return ["Emoji and other pictures in the text are not read aloud."] if pictures else []
