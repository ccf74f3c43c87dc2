"""For all tests."""

import os

import pytest

pytest_plugins = ["tests.fixtures.loops"]

# Before numpy loads: on shared cores BLAS threads spin and wait for each other, and small products become 30 times
# slower. Every entry point of Soundstage does the same.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes share the tests; what shares a costly fixture (a cloud, a synth) stays in one of them."""
    for item in items:
        shared = "e2e" if item.get_closest_marker("e2e") else str(item.path)
        item.add_marker(pytest.mark.xdist_group(shared))
