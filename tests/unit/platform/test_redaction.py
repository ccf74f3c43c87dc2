"""Secrets do not come through, and everything else does."""

import json

import pytest

from soundstage.platform.redaction import HIDDEN, redacted

SECRETS = [
    ("task_token", "AQC4AAAAKgAAAAMAAAAA"),
    ("Authorization", "Bearer abc"),
    ("password", "correct horse"),
    ("api_key", "k"),
    ("telemetry_secret_key", "sk"),
]
TEXTS = [
    "https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA%2F1&X-Amz-Signature=cafe01&x=1",
    "Authorization: Bearer cafe01cafe01",
    "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYWZlMDEifQ.cafe01",
    "postgresql://studio:cafe01@db/catalog",
    "whsec_cafe01cafe01",
    "https://studio.example/s/cafe01cafe01cafe01",
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_what_has_a_telling_name_is_hidden(name: str, value: str) -> None:
    assert redacted({"outer": [{name: value}]}) == {"outer": [{name: HIDDEN}]}


@pytest.mark.parametrize("text", TEXTS)
def test_what_gives_access_is_hidden_inside_of_texts(text: str) -> None:
    shown = json.dumps(redacted({"note": text}), ensure_ascii=False)

    assert HIDDEN in shown
    assert "cafe01" not in shown


def test_keys_of_objects_and_figures_stay() -> None:
    value = {"bucket_key": "uploads/a/b/hum.wav", "key": "C minor", "tokens": 12, "song_keys": ["results/x/a.wav"]}

    assert redacted(value) == value
