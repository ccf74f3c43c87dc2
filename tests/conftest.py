"""For all tests."""

import json
import os
from collections import defaultdict

import pytest
from tests.fixtures.session import begin_session
from tests.touched import DURATIONS

pytest_plugins = ["tests.fixtures.loops"]

# Before numpy loads: on shared cores BLAS threads spin and wait for each other, and small products become 30 times
# slower. Every entry point of Soundstage does the same.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the processes of pytest-xdist are part of a session
        begin_session()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes share the tests; what shares a costly fixture (a cloud, a synth) stays in one of them."""
    for item in items:
        shared = "e2e" if item.get_closest_marker("e2e") else str(item.path)
        item.add_marker(pytest.mark.xdist_group(shared))


_durations_s: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _durations_s[report.nodeid.partition("::")[0]] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remember how long each file took: ``make check`` chooses by it."""
    if not hasattr(session.config, "workerinput"):  # xdist's workers report to the process that counts
        known = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
        DURATIONS.parent.mkdir(exist_ok=True)
        DURATIONS.write_text(json.dumps({**known, **_durations_s}, indent=1))
