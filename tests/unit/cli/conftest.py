"""A command prints its answer and nothing else."""

import logging

import pytest

from soundstage.platform.telemetry.telemetry import LogToStdout


@pytest.fixture(autouse=True)
def nothing_logged_by_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of a function that ran before in this process has made all of its loggers write to stdout."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [kept for kept in root.handlers if not isinstance(kept, LogToStdout)])
