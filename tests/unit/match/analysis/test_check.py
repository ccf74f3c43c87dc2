"""What has no loudness cannot be matched."""

import pytest
from tests.fixtures.sounds import noise

from soundstage.arrays import Samples
from soundstage.audio.io import Audio
from soundstage.audio.streams import MemoryReader
from soundstage.match.analysis.check import check_audible
from soundstage.match.analysis.features import analyze_features
from soundstage.models.errors import MediaRejected


def check(samples: Samples) -> None:
    check_audible(analyze_features(MemoryReader(Audio(samples, 44_100))), role="target")


def test_sound_passes() -> None:
    check(0.1 * noise(44_100))


@pytest.mark.parametrize(("seconds", "level", "code"), [(1.0, 0.0, "SILENT"), (0.3, 0.1, "DURATION_TOO_SHORT")])
def test_silence_and_a_moment_are_rejected_by_their_role(seconds: float, level: float, code: str) -> None:
    with pytest.raises(MediaRejected) as rejection:
        check(level * noise(round(seconds * 44_100)))
    assert (rejection.value.code, rejection.value.detail) == (code, {"role": "target"})
