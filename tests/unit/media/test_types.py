from pathlib import Path

import pytest

from soundstage.media.types import content_type_of


def test_a_file_is_known_by_its_suffix() -> None:
    assert content_type_of(Path("results") / "A.b.wav") == "audio/wav"
    assert content_type_of("report.html") == "text/html; charset=utf-8"
    with pytest.raises(KeyError):
        content_type_of("surprise.exe")
