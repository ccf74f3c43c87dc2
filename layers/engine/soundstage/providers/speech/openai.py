"""Speech from any server of OpenAI's speech API (its API reference, "Create speech"): ``POST /audio/speech``.

The answer is the sound. When words sound it does not say.
"""

import tempfile
from pathlib import Path

from pydantic import SecretStr

from soundstage.models.profiles import OpenAiSpeech
from soundstage.providers.errors import Failed
from soundstage.providers.http import Times, Wire, bearer
from soundstage.providers.protocol import AnsweredAtOnce, Estimate, Reference, Submitted
from soundstage.providers.speech.request import Mark, SpeechRequest

SECONDS_PER_CHARACTER = 0.03
SLOWEST, FASTEST = 0.25, 4.0
"""The range of ``speed`` (OpenAI's API reference)."""


class OpenAiSpeechProvider(AnsweredAtOnce):
    name = "openai_speech"
    who = "The speech service"
    repeatable = False
    gives_marks = False

    def __init__(
        self, terms: OpenAiSpeech, key: SecretStr | None, *, public_only: bool, times: Times | None = None
    ) -> None:
        self._terms = terms
        self.model = terms.model
        self.voices = terms.voices
        self.patience_s = terms.patience_s
        self._wire = Wire(
            terms.url,
            who=self.who,
            headers=bearer(key),
            times=times or Times(read=terms.patience_s, whole=terms.patience_s),
            public_only=public_only,
        )

    def fingerprint(self, request: SpeechRequest) -> str:
        return request.fingerprint(self.name, self._terms.model_dump(mode="json", include={"url", "model"}))

    def estimate(self, request: SpeechRequest) -> Estimate:
        characters = len(request.text)
        return Estimate(usd=characters / 1000 * self._terms.price_usd, seconds=2.0 + characters * SECONDS_PER_CHARACTER)

    def submit(self, request: SpeechRequest, idempotency_key: str, folder: Path) -> Submitted:
        fields = {
            "model": self._terms.model,
            "input": request.text,
            "voice": request.voice,
            "response_format": "wav",
            "speed": min(max(request.speed, SLOWEST), FASTEST),
        }
        download = self._wire.submit_for_file(
            "/audio/speech", folder / "openai_speech.audio", idempotency_key=idempotency_key, json=fields
        )
        return Submitted(Reference(provider=self.name, id=idempotency_key), result=download.path)

    def marks(self, path: Path, request: SpeechRequest) -> list[Mark]:  # noqa: ARG002
        raise Failed(f"{self.who} does not say when words sound.")

    def check(self) -> None:
        """The shortest speech that there is, to see whether they are there and take our key. Raises ProviderError."""
        voice = self.voices[0]
        word = SpeechRequest("好" if voice.language == "zh" else "Yes", voice.id, voice.language or "en", 1.0)
        with tempfile.TemporaryDirectory() as scratch:
            self.submit(word, "check", Path(scratch))
