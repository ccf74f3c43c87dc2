"""SD-Turbo and SVD by diffusers: a worker without them, and runs of tiny random pipelines of their classes."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.torch_environment import said_by

from soundstage.models.profiles import SdTurbo, StableVideo
from soundstage.platform.runtime.hiring import warm
from soundstage.providers.clip.request import ClipRequest
from soundstage.providers.clip.stable_video import StableVideoProvider, sides
from soundstage.providers.errors import Unsupported
from soundstage.providers.image.request import ImageRequest
from soundstage.providers.image.sd_turbo import SdTurboProvider
from soundstage.providers.protocol import Reference

REQUEST = ImageRequest("a fox", "text", "16:9", 7)


def test_a_worker_without_the_weights_or_diffusers_says_so(tmp_path: Path) -> None:
    painter, mover = SdTurbo(protocol="sd_turbo"), StableVideo(protocol="stable_video")
    clip = ClipRequest(tmp_path / "frame.png", "a fox", 7)
    for weights in (None, tmp_path):
        with pytest.raises(Unsupported, match="not on this worker"):
            SdTurboProvider(painter, weights).submit(REQUEST, "key", tmp_path)
        with pytest.raises(Unsupported, match="not on this worker"):
            StableVideoProvider(mover, weights).submit(clip, "key", tmp_path)
    (tmp_path / "model_index.json").write_text("{}")
    provider = SdTurboProvider(painter, tmp_path)
    with pytest.raises(Unsupported, match="needs torch, diffusers and transformers"):
        provider.fetch(provider.submit(REQUEST, "key", tmp_path).reference, REQUEST, tmp_path)
    provider.cancel(Reference(provider="sd_turbo", id="key"))


def test_gigabytes_are_not_fetched_for_a_worker_that_cannot_use_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDSTAGE_DIFFUSERS_WEIGHTS", json.dumps({"sd_turbo": f"sd-turbo@{'0' * 64}"}))
    nothing_is_asked_of_it: Any = object()
    warm(nothing_is_asked_of_it)


def test_a_clip_has_the_films_aspect_as_near_as_the_model_can() -> None:
    assert sides((1280, 720)) == (1024, 576)
    assert sides((720, 1280)) == (576, 1024)
    assert sides((1080, 1080)) == (1024, 1024)


@pytest.mark.slow
def test_tiny_random_pipelines_of_their_classes_paint_and_move(tmp_path: Path) -> None:
    assert said_by("tiny_diffusion.py", tmp_path) == {
        "size": [128, 128],
        "same_seed_same_picture": True,
        "other_seed_other_picture": True,
        "clip": [8, 8.0, 128, 64],
        "same_clip": True,
    }


@pytest.mark.slow
def test_models_are_loaded_before_they_are_needed_as_many_as_fit(tmp_path: Path) -> None:
    said = said_by("tiny_warming.py", tmp_path)

    assert said["missing"] == ["svd", "musicgen"]  # of one that cannot be had, and one that nobody knows
    assert said["all"] == ["sd", "svd", "musicgen"]
    assert (said["loads_of_a_second_warm"], said["loads_of_a_warm_task"]) == (0, 0)
    assert said["before_another"] == ["svd", "musicgen", "sd"]  # as they were used
    assert said["after_another"] == ["musicgen", "sd", "halves"]
    assert said["its_memory_is_free"]
    assert all(1 <= share < 1.5 for share in said["planned_of_needed"].values())  # tiny ones: their names count
    assert said["where_not_all_fit"] == ["svd", "musicgen"]
    assert set(said["unloadable"].values()) == {"SD-Turbo's weights on this worker cannot be loaded."}
    assert len(said["unloadable"]) == 4
