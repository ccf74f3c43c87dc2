"""For all tests."""

import json
import os
from collections import defaultdict
from typing import Any

import pytest
from tests.fixtures.session import begin_session
from tests.touched import DURATIONS
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.fixtures.loops"]

# Before numpy loads: on shared cores BLAS threads spin and wait for each other, and small products become 30 times
# slower. Every entry point of Soundstage does the same.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

STACKS = ("tests/unit/infra/test_stacks.py", "tests/unit/infra/test_aws_stages.py")  # the same assemblies
LONGEST = ("e2e", STACKS[0])


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the processes of pytest-xdist are part of a session
        begin_session()


class _ByFixtures(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Processes share the tests, three on two cores: some wait. What shares a costly fixture stays in one of them.

    xdist's own ``loadgroup`` writes a group into a test's id, which pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file in STACKS:
            return STACKS[0]
        return "e2e" if file.startswith("tests/e2e/") else file

    def _assign_work_unit(self, node: Any) -> None:
        """The longest first: what comes last would otherwise be one process waiting for the other."""
        for scope in LONGEST:
            if scope in self.workqueue:
                self.workqueue.move_to_end(scope, last=False)
                break
        super()._assign_work_unit(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _ByFixtures | None:
    """In place of ``--dist loadscope``; xdist's others are what they say."""
    return _ByFixtures(config, log) if config.getvalue("dist") == "loadscope" else None


_durations_s: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _durations_s[report.nodeid.partition("::")[0]] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remember how long each file took: ``make check`` chooses by it."""
    if not hasattr(session.config, "workerinput"):  # xdist's workers report to the process that counts
        known = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
        DURATIONS.parent.mkdir(exist_ok=True)
        DURATIONS.write_text(json.dumps({**known, **_durations_s}, indent=1))
