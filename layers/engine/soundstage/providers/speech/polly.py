"""Speech by Amazon Polly, with speech marks: when each word begins (Polly's developer guide, "Speech marks")."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pydantic import SecretStr

from soundstage.models.profiles import PollySpeech
from soundstage.providers.aws import AwsClients, client_for, submitted
from soundstage.providers.errors import Failed, Unsupported
from soundstage.providers.protocol import AnsweredAtOnce, Estimate, Reference, Submitted
from soundstage.providers.speech.request import Mark, SpeechRequest

SECONDS = 6.0
LONGEST = 3000
"""Characters that are charged of one SynthesizeSpeech (Polly's quotas)."""
LANGUAGES = {"en": "en-US", "zh": "cmn-CN"}
MAX_BYTES = 64 << 20


class PollyProvider(AnsweredAtOnce):
    name = "polly"
    who = "Polly"
    repeatable = False
    gives_marks = True

    def __init__(self, terms: PollySpeech, key: SecretStr | None, *, clients: AwsClients) -> None:
        self._terms, self._key, self._clients = terms, key, clients
        self.model: str = terms.engine
        self.voices = terms.voices
        self.patience_s = terms.patience_s

    def fingerprint(self, request: SpeechRequest) -> str:
        return request.fingerprint(self.name, self._terms.model_dump(mode="json", include={"region", "engine"}))

    def estimate(self, request: SpeechRequest) -> Estimate:
        return Estimate(usd=len(request.text) / 1000 * self._terms.price_usd, seconds=SECONDS)

    def submit(self, request: SpeechRequest, idempotency_key: str, folder: Path) -> Submitted:
        if len(request.text) > LONGEST:
            raise Unsupported(f"{self.who} speaks at most {LONGEST} characters at once.")
        client = client_for(self._clients, "polly", self._terms, self._key)
        document, _ = ssml(request.text, request.speed)
        form: dict[str, Any] = {"OutputFormat": "ogg_vorbis", "SampleRate": "24000"}
        if request.wants == "marks":
            form = {"OutputFormat": "json", "SpeechMarkTypes": ["word"]}
        content = submitted(
            lambda: client.synthesize_speech(
                Engine=self._terms.engine,
                Text=document,
                TextType="ssml",
                VoiceId=request.voice,
                LanguageCode=LANGUAGES[request.language],
                **form,
            )["AudioStream"].read(MAX_BYTES),
            self.who,
        )
        path = folder / f"polly.{request.wants}"
        path.write_bytes(content)
        return Submitted(Reference(provider=self.name, id=idempotency_key), result=path)

    def check(self) -> None:
        """Whether the credentials may ask; costs nothing. Raises ProviderError."""
        client = client_for(self._clients, "polly", self._terms, self._key)
        submitted(lambda: client.describe_voices(Engine=self._terms.engine), self.who)

    def marks(self, path: Path, request: SpeechRequest) -> list[Mark]:
        """Lines of JSON: time in ms, start and end in bytes of the document."""
        _, characters = ssml(request.text, request.speed)
        found = []
        try:
            for line in path.read_text(encoding="utf-8").splitlines():
                mark = json.loads(line)
                start, end = characters[int(mark["start"])], characters[int(mark["end"]) - 1] + 1
                if mark["type"] == "word" and start < end:
                    found.append(Mark(start, end, int(mark["time"]) / 1000))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Failed(f"{self.who} did not say when its words sound.") from error
        return found


def ssml(text: str, speed: float) -> tuple[str, list[int]]:
    """The text as SSML at this speed, and for each of its bytes in UTF-8 the character of the text that it is of."""
    before, after = f'<speak><prosody rate="{round(100 * speed)}%">', "</prosody></speak>"
    document, characters = before, [0] * len(before)
    for index, character in enumerate(text):
        written = escape(character)
        document += written
        characters += [index] * len(written.encode())
    return document + after, characters + [max(0, len(text) - 1)] * len(after)
