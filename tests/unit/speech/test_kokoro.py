"""The voice model by itself."""

import numpy as np
import pytest

from soundstage.models.errors import DependencyUnavailable
from soundstage.models.film import SPEECH_RATE_HZ
from soundstage.speech import kokoro


def test_phonemes_last_as_long_as_the_sound() -> None:
    samples, starts_s = kokoro.synthesize("hˈI.", "af_heart", 1.0)
    assert samples.dtype == np.float32
    assert len(starts_s) == 5
    assert (np.diff(starts_s) >= 0).all()
    assert 0 < starts_s[0] < starts_s[-1] <= len(samples) / SPEECH_RATE_HZ


@pytest.mark.parametrize("phonemes", ["", "a" * 511, "a§"])
def test_what_the_model_cannot_say_is_refused(phonemes: str) -> None:
    with pytest.raises(ValueError, match="phoneme"):
        kokoro.synthesize(phonemes, "af_heart", 1.0)


def test_a_missing_model_is_told_with_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "MODEL_PACKAGES", ("no_such_package",))
    with pytest.raises(DependencyUnavailable, match="make setup"):
        kokoro.check_model()


def test_a_voice_has_a_vector_for_every_length() -> None:
    assert kokoro._styles("zm_yunxi").shape == (kokoro.MAX_TOKENS, 1, 256)
