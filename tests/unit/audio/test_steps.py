import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.sounds import noise

from soundstage.audio.steps import StepPowers, Steps


@given(st.lists(st.integers(0, 60), min_size=1, max_size=10), st.integers(1, 50), st.integers(1, 3))
def test_blocks_of_any_size_are_the_same_steps(sizes: list[int], frames: int, channels: int) -> None:
    samples = noise(sum(sizes), channels=channels)
    blocks = np.split(samples, np.cumsum(sizes)[:-1])
    steps, powers = Steps(frames, channels), StepPowers(frames, channels)
    parts = [part for block in blocks for part in steps.take(block)]
    assert all(len(part) and len(part) % frames == 0 for part in parts)
    whole = samples[: len(samples) // frames * frames]
    assert np.array_equal(np.concatenate([whole[:0], *parts]), whole)
    for block in blocks:
        powers.process(block)
    assert powers.result() == pytest.approx((whole**2).reshape(-1, frames * channels).mean(axis=1), rel=1e-5)


def test_what_is_kept_does_not_change_with_the_block() -> None:
    block, steps = noise(10), Steps(8, 1)
    kept = block[8:].copy()
    steps.take(block)
    block[:] = 0.0
    assert np.array_equal(steps.take(noise(6, seed=1))[0][:2], kept)
