"""MusicGen-melody: what the model is told, how windows are joined, and a run with a tiny random model of its class."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.fixtures.torch_environment import said_by

from soundstage.models.composition import Composition
from soundstage.models.providers import MUSICGEN_LICENCE, MusicGenTerms
from soundstage.providers.errors import Unsupported
from soundstage.providers.music.musicgen import (
    CHROMA_HZ,
    OVERLAP_S,
    WINDOW_S,
    MusicGenMusic,
    chroma_of,
    crossfaded,
    windows,
)
from soundstage.providers.music.request import MusicRequest
from soundstage.providers.protocol import Reference


def test_the_licence_has_to_be_spelled_out() -> None:
    with pytest.raises(ValidationError):
        MusicGenTerms.model_validate({"weights": "/models/musicgen-melody"})
    with pytest.raises(ValidationError):
        MusicGenTerms.model_validate({"weights": "/models/musicgen-melody", "accept_licence": "yes"})


def test_a_worker_without_the_weights_says_so(request_a: MusicRequest, folder: Path) -> None:
    provider = MusicGenMusic(MusicGenTerms(weights=str(folder), accept_licence=MUSICGEN_LICENCE))
    with pytest.raises(Unsupported, match="weights are not on this worker"):
        provider.submit(request_a, "job-A", folder)


def test_a_worker_without_transformers_says_so(request_a: MusicRequest, folder: Path) -> None:
    (folder / "config.json").write_text("{}")
    provider = MusicGenMusic(MusicGenTerms(weights=str(folder), accept_licence=MUSICGEN_LICENCE))
    reference = provider.submit(request_a, "job-A", folder).reference
    with pytest.raises(Unsupported, match="needs torch and transformers"):
        provider.fetch(reference, request_a, folder)


def test_the_chroma_is_the_tune(composition: Composition) -> None:
    plan = composition.variants["A"]
    chroma = chroma_of(plan)
    assert chroma.shape == (int(np.ceil(plan.duration_s * CHROMA_HZ)), 12)
    assert (chroma.sum(axis=1) == 1).all()
    lead = [note for note in plan.melody if note.voice == "lead"]
    for note in lead:
        middle = (note.beat + note.beats / 2) * 60 / plan.tempo_bpm
        assert chroma[int(middle * CHROMA_HZ)].argmax() == note.midi % 12


@given(duration_s=st.floats(10.0, 200.0))
def test_windows_cover_the_song_and_overlap(duration_s: float) -> None:
    found = windows(duration_s)
    assert found[0][0] == 0.0
    assert found[-1][1] == pytest.approx(duration_s)
    assert all(end - start <= WINDOW_S + 1e-6 for start, end in found)
    for (_, end), (start, _) in itertools.pairwise(found):
        assert end - start == pytest.approx(OVERLAP_S)


def test_windows_are_joined_at_equal_power() -> None:
    rate_hz, rng = 1000, np.random.default_rng(0)
    pieces = [(start, rng.standard_normal(round((end - start) * rate_hz)).astype("f4")) for start, end in windows(60.0)]
    joined = crossfaded(pieces, 60.0, rate_hz)
    assert len(joined) == 60_000
    power = (joined.reshape(60, -1) ** 2).mean(axis=1)
    assert power.min() > 0.8
    assert power.max() < 1.2


@pytest.mark.slow
def test_a_tiny_random_model_of_its_class_makes_a_song(composition: Composition, tmp_path: Path) -> None:
    plan = tmp_path / "composition.json"
    plan.write_text(composition.model_dump_json())
    said = said_by("tiny_musicgen.py", tmp_path, plan)
    assert said["duration_s"] == pytest.approx(said["planned_s"], abs=0.01)
    assert (said["rate_hz"], said["channels"]) == (800, 1)
    assert said["rms"] > 0
    assert said["silent_s"] < 0.2
    assert said["same_again"]


def test_canceling_what_has_not_begun_is_fine() -> None:
    terms = MusicGenTerms(weights="/nowhere", accept_licence=MUSICGEN_LICENCE)
    MusicGenMusic(terms).cancel(Reference(provider="musicgen", id="x"))
