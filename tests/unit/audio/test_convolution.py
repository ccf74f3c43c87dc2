import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.sounds import noise

from soundstage.audio.convolution import Convolver

pytestmark = pytest.mark.usefixtures("loops")


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 20_000), st.lists(st.integers(0, 9_000), min_size=1, max_size=4), st.booleans())
def test_convolution_is_convolution(taps: int, sizes: list[int], one_response: bool) -> None:
    response = noise(taps, channels=1 if one_response else 2, seed=1)
    samples = noise(sum(sizes), channels=2)
    convolver = Convolver(response, 2)
    parts = [convolver.process(block) for block in np.split(samples, np.cumsum(sizes)[:-1])]
    streamed = np.concatenate([*parts, convolver.tail()])
    assert np.allclose(streamed, np.concatenate([convolver.process(samples), convolver.tail()]), atol=1e-4)
    if len(samples):
        exact = np.convolve(samples[:, 1].astype(np.float64), response[:, -1])
        assert np.allclose(streamed[:, 1], exact, atol=1e-4)
