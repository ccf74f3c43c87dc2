"""A provider of speech as the film's speaker: each line bought once, brought to our rate and level, its words timed."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from soundstage.arrays import Samples
from soundstage.audio.io import Audio, read_audio, write_wav
from soundstage.audio.resample import resample
from soundstage.audio.speech_level import levelled
from soundstage.film.ports import Speaker
from soundstage.media.files import sha256_of
from soundstage.models.errors import InvalidInput, MediaRejected
from soundstage.models.film import SPEECH_RATE_HZ, Speech, Word
from soundstage.models.story import LANGUAGE_NAMES, Language, PartId, Storyboard
from soundstage.providers.account import Account
from soundstage.providers.errors import Failed
from soundstage.providers.protocol import fingerprint_of
from soundstage.providers.speech.request import Mark, SpeechProvider, SpeechRequest
from soundstage.speech.pause_alignment import align, ends_of
from soundstage.speech.voices import Voice, cast_among

VERSION = 1
SILENCE_PEAK = 1e-3
LONGEST_S_PER_CHARACTER = 2.0
"""Somebody who takes longer is not reading this text."""
ESTIMATED_TIMES = "When each word sounds was estimated from pauses and letters, because the service does not say."


class ProviderSpeaker:
    """``soundstage.film.ports.Speaker``."""

    def __init__(self, provider: SpeechProvider, account: Account) -> None:
        self._provider, self._account = provider, account

    @property
    def fingerprint(self) -> str:
        nothing = SpeechRequest("", "", "en", 1.0)
        return fingerprint_of(self._provider.name, version=VERSION, terms=self._provider.fingerprint(nothing))

    def voices(self, storyboard: Storyboard, narrator: str | None) -> Mapping[PartId | None, str]:
        """``narrator``: one of the profile's voices; of any other service, the profile's first takes its place."""
        language = storyboard.language
        fitting = [
            Voice(voice.id, voice.id, language, "", voice.gender, voice.age)
            for voice in self._provider.voices
            if voice.language in (None, language)
        ]
        if not fitting:
            raise InvalidInput(f"{self._provider.who} has no voice for {LANGUAGE_NAMES[language]}.")
        teller = narrator if narrator in {voice.id for voice in fitting} else fitting[0].id
        assert teller is not None  # noqa: S101  (one of the ids)
        return cast_among(fitting, storyboard.characters, teller)

    def speak(self, text: str, *, voice: str, language: Language, speed: float, out: Path) -> Speech:
        provider = self._provider
        request = SpeechRequest(text, voice, language, speed)
        with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
            folder = Path(scratch)
            sound = self._account.buy(provider, request, folder / "sound", patience_s=provider.patience_s)
            samples = self._readable(sound.result, text)
            usd, notes = sound.usd, [] if provider.gives_marks else [ESTIMATED_TIMES]
            if provider.gives_marks:
                wanted = SpeechRequest(text, voice, language, speed, wants="marks")
                bought = self._account.buy(provider, wanted, folder / "marks", patience_s=provider.patience_s)
                words = _marked(samples, text, provider.marks(bought.result, wanted))
                usd += bought.usd
            else:
                words = align(samples, SPEECH_RATE_HZ, text, language)
        write_wav(out, Audio(levelled(samples, SPEECH_RATE_HZ)[:, None], SPEECH_RATE_HZ))
        return Speech(
            audio=str(out),
            audio_sha256=sha256_of(out),
            rate_hz=SPEECH_RATE_HZ,
            duration_s=len(samples) / SPEECH_RATE_HZ,
            words=words,
            voice=voice,
            provider=f"{provider.name} {provider.model}".strip(),
            usd=usd,
            notes=notes,
        )

    def _readable(self, path: Path, text: str) -> Samples:
        who = self._provider.who
        try:
            audio = read_audio(path)
        except MediaRejected as rejection:
            raise Failed(f"{who} sent something that is no sound ({rejection.code}).") from rejection
        mono = np.asarray(audio.mono(), np.float32)
        if float(np.abs(mono).max(initial=0.0)) < SILENCE_PEAK:
            raise Failed(f"{who} sent silence.")
        if audio.duration_s > 10 + LONGEST_S_PER_CHARACTER * len(text):
            raise Failed(f"{who} spoke for {audio.duration_s:.0f} s, which is not this text.")
        return np.asarray(resample(mono, audio.rate_hz, SPEECH_RATE_HZ), np.float32)


def _marked(samples: Samples, text: str, marks: Sequence[Mark]) -> list[Word]:
    """As the service says, and each until the next one or a pause."""
    ends_s = ends_of(samples, SPEECH_RATE_HZ, [mark.start_s for mark in marks])
    return [
        Word(text=text[mark.start : mark.end], start=mark.start, end=mark.end, start_s=mark.start_s, end_s=end_s)
        for mark, end_s in zip(marks, ends_s, strict=True)
    ]


class Understudy:
    """Speaks where the service whose voice was chosen as narrator cannot: its own narrator tells then."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    @property
    def fingerprint(self) -> str:
        return self._speaker.fingerprint

    def voices(self, storyboard: Storyboard, narrator: str | None) -> Mapping[PartId | None, str]:
        try:
            return self._speaker.voices(storyboard, narrator)
        except InvalidInput:
            return self._speaker.voices(storyboard, None)

    def speak(self, text: str, *, voice: str, language: Language, speed: float, out: Path) -> Speech:
        return self._speaker.speak(text, voice=voice, language=language, speed=speed, out=out)
