"""Polly, Bedrock's pictures and Converse, against botocore's models of them."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from pydantic import SecretStr
from tests.fixtures.aws_stubs import stream, stubbed
from tests.fixtures.film_servers import picture
from tests.fixtures.purse import Purse

from soundstage.models.profiles import BedrockConverse, BedrockImages, PollySpeech
from soundstage.providers.aws import submitted
from soundstage.providers.errors import Ambiguous, NotSent, ProviderError, Refused, Unsupported
from soundstage.providers.film.speaking import ProviderSpeaker
from soundstage.providers.image.bedrock import BedrockImageProvider
from soundstage.providers.image.request import ImageRequest
from soundstage.providers.speech.polly import PollyProvider
from soundstage.providers.text.bedrock import ConverseModel

KEY = SecretStr("the secret of AKIAIOSFODNN7EXAMPLE")
WHOSE = {"region": "us-east-1", "access_key_id": "AKIAIOSFODNN7EXAMPLE"}
TEXT = 'Fox & "Mia" é ran.'
# Each word from the byte of the SSML at which it begins; & is written as five bytes, é has two.
BEFORE = len('<speak><prosody rate="120%">')
MARKS = [("Fox", 0, 3, 100), ("Mia", 11, 14, 600), ("é", 16, 18, 1100), ("ran", 19, 22, 1400)]


def sound() -> bytes:
    """Two seconds at 24 kHz: silent up to .1 s, from 1.0 to 1.1 s, and from 1.8 s."""
    t = np.arange(48_000) / 24_000
    silent = (t < 0.1) | ((t >= 1.0) & (t < 1.1)) | (t >= 1.8)
    body = io.BytesIO()
    soundfile.write(body, np.where(silent, 0, 0.3 * np.sin(2 * np.pi * 200 * t)), 24_000, format="WAV")
    return body.getvalue()


def polly_asked(**more: Any) -> dict[str, Any]:
    document = f'<speak><prosody rate="120%">{TEXT.replace("&", "&amp;")}</prosody></speak>'
    common = {"Engine": "neural", "Text": document, "TextType": "ssml", "VoiceId": "Joanna", "LanguageCode": "en-US"}
    return common | more


def test_polly_says_when_its_words_sound(tmp_path: Path) -> None:
    lines = [
        json.dumps({"time": at, "type": "word", "start": BEFORE + start, "end": BEFORE + end, "value": word})
        for word, start, end, at in MARKS
    ]
    with stubbed("polly") as (clients, stubber):
        asked = polly_asked(OutputFormat="ogg_vorbis", SampleRate="24000")
        stubber.add_response("synthesize_speech", {"AudioStream": stream(sound())}, asked)
        marks = {"AudioStream": stream("\n".join(lines).encode())}
        stubber.add_response("synthesize_speech", marks, polly_asked(OutputFormat="json", SpeechMarkTypes=["word"]))
        purse = Purse()
        speaker = ProviderSpeaker(
            PollyProvider(PollySpeech(protocol="polly", **WHOSE), KEY, clients=clients), purse.account()
        )
        said = speaker.speak(TEXT, voice="Joanna", language="en", speed=1.2, out=tmp_path / "a.wav")
        # Once more: everything was bought.
        again = speaker.speak(TEXT, voice="Joanna", language="en", speed=1.2, out=tmp_path / "b.wav")
    assert [(word.text, word.start_s) for word in said.words] == [("Fox", 0.1), ("Mia", 0.6), ("é", 1.1), ("ran", 1.4)]
    assert all(TEXT[word.start : word.end] == word.text for word in said.words)
    # Until the next word, or where it falls silent.
    assert [word.end_s for word in said.words] == pytest.approx([0.6, 1.0, 1.4, 1.8], abs=0.011)
    assert said.usd == pytest.approx(2 * len(TEXT) / 1000 * 0.016)
    assert (said.notes, again.words) == ([], said.words)


def test_bedrock_paints(tmp_path: Path) -> None:
    request = ImageRequest("a fox", "text", "16:9", 2**31 - 1)
    nova = {
        "taskType": "TEXT_IMAGE",
        "textToImageParams": {"text": "a fox", "negativeText": "text"},
        "imageGenerationConfig": {
            "numberOfImages": 1,
            "width": 1280,
            "height": 720,
            "cfgScale": 6.5,
            "seed": (2**31 - 1) % 858_993_460,
        },
    }
    stable = {
        "prompt": "a fox",
        "negative_prompt": "text",
        "mode": "text-to-image",
        "aspect_ratio": "16:9",
        "seed": 2**31 - 1,
        "output_format": "png",
    }
    content = base64.b64encode(picture()).decode()
    for model, body in (("amazon.nova-canvas-v1:0", nova), ("stability.stable-image-core-v1:1", stable)):
        with stubbed("bedrock-runtime") as (clients, stubber):
            answer = {"body": stream(json.dumps({"images": [content]}).encode()), "contentType": "application/json"}
            told = {"contentType": "application/json", "accept": "application/json"}
            stubber.add_response("invoke_model", answer, {"modelId": model, "body": json.dumps(body), **told})
            terms = BedrockImages(protocol="bedrock_images", model=model, price_usd=0.04, **WHOSE)
            provider = BedrockImageProvider(terms, KEY, clients=clients)
            bought = Purse().account().buy(provider, request, tmp_path / model[:4], patience_s=60)
            assert bought.result.read_bytes() == picture()


@pytest.mark.parametrize(
    "answer",
    [
        {"images": ["x"], "finish_reasons": ["Filter reason: prompt"]},
        {"images": [], "error": "blocked by our content filters"},
    ],
)
def test_a_filter_of_bedrock_is_a_refusal(tmp_path: Path, answer: dict[str, Any]) -> None:
    with stubbed("bedrock-runtime") as (clients, stubber):
        body = {"body": stream(json.dumps(answer).encode()), "contentType": "application/json"}
        stubber.add_response("invoke_model", body)
        terms = BedrockImages(protocol="bedrock_images", model="stability.x", price_usd=0.04, **WHOSE)
        with pytest.raises(Refused, match="does not want to paint"):
            BedrockImageProvider(terms, KEY, clients=clients).submit(ImageRequest("a", "b", "1:1", 1), "key", tmp_path)


def test_converse_answers() -> None:
    asked = {
        "modelId": "amazon.nova-lite-v1:0",
        "messages": [{"role": "user", "content": [{"text": "A story."}]}],
        "system": [{"text": "Write."}],
        "inferenceConfig": {"maxTokens": 8192},
    }
    said = {
        "output": {"message": {"role": "assistant", "content": [{"text": "{"}, {"text": "}"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }
    terms = BedrockConverse(protocol="bedrock_converse", model="amazon.nova-lite-v1:0", **WHOSE)
    with stubbed("bedrock-runtime") as (clients, stubber):
        stubber.add_response("converse", said, asked)
        messages = [{"role": "system", "content": "Write."}, {"role": "user", "content": "A story."}]
        assert ConverseModel(terms, KEY, clients=clients).answer(messages, idempotency_key="k") == "{}"
    with stubbed("bedrock-runtime") as (clients, stubber):
        stubber.add_response("converse", said | {"stopReason": "guardrail_intervened"})
        with pytest.raises(Refused):
            ConverseModel(terms, KEY, clients=clients).answer(messages, idempotency_key="k")
    with pytest.raises(Unsupported, match="no key"):
        ConverseModel(terms, None, clients=clients).answer(messages, idempotency_key="k")


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ThrottlingException", 429, NotSent),
        ("ServiceUnavailableException", 503, NotSent),
        ("ModelTimeoutException", 408, Ambiguous),
        ("InternalServerException", 500, Ambiguous),
        ("AccessDeniedException", 403, Refused),
        ("ValidationException", 400, Refused),
    ],
)
def test_errors_are_told_apart_by_what_may_have_been_billed(code: str, status: int, error: type[ProviderError]) -> None:
    with stubbed("polly") as (clients, stubber):
        stubber.add_client_error("describe_voices", code, "about a secret", http_status_code=status)
        with pytest.raises(error) as caught:
            submitted(lambda: clients().describe_voices(), "Polly")
    assert "secret" not in caught.value.message


def test_a_connection_that_broke_may_have_been_billed() -> None:
    def fails(error: Exception) -> Any:
        raise error

    with pytest.raises(NotSent):
        submitted(lambda: fails(EndpointConnectionError(endpoint_url="https://x")), "Polly")
    with pytest.raises(Ambiguous):
        submitted(lambda: fails(ReadTimeoutError(endpoint_url="https://x")), "Polly")
