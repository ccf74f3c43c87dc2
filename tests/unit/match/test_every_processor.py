"""A match sounds the same whatever the processor: ``make test-portable`` in small, for every day."""

from pathlib import Path

import pytest
from tests.fixtures.everywhere import MOST_APART_DBFS, make_match, null_dbfs
from tests.fixtures.processors import settings


@pytest.mark.slow
def test_a_match_sounds_the_same_on_another_processor(tmp_path: Path) -> None:
    """The last of the settings is the one most unlike the default: the oldest kernels and loops there are."""
    default, *_, other = [setting for setting in settings() if not setting.lacking]
    assert other.machine() != default.machine()
    for setting in (default, other):
        make_match(setting, tmp_path / setting.name, "master", "loud_master")
    made, again = (tmp_path / setting.name / "master.wav" for setting in (default, other))
    assert null_dbfs(made, again) < MOST_APART_DBFS
