"""Weights come from the bucket once, whole and as they were named, or not at all."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from tests.integration.platform.conftest import BUCKET

from soundstage.platform.aws.storage import ObjectStore
from soundstage.platform.runtime.weights import LIST, WrongWeights, weights_folder, weights_of

FILES = {"model_index.json": b"{}", "unet/diffusion_pytorch_model.safetensors": b"weights" * 1000}


@pytest.fixture
def objects(cloud: None) -> ObjectStore:
    return ObjectStore(BUCKET)


def _put(files: Mapping[str, bytes], *, listed: Mapping[str, bytes] | None = None) -> str:
    """How the model is named. ``listed``: what the list says of the files, where it lies."""
    lines = [f"{hashlib.sha256(body).hexdigest()}  ./{path}\n" for path, body in (listed or files).items()]
    sums = "".join(lines).encode()
    for path, body in {**files, LIST: sums}.items():
        boto3.client("s3").put_object(Bucket=BUCKET, Key=f"models/tiny/{path}", Body=body)
    return f"tiny@{hashlib.sha256(sums).hexdigest()}"


def test_they_are_fetched_once_for_all_processes(objects: ObjectStore, tmp_path: Path) -> None:
    named = _put(FILES)
    with ThreadPoolExecutor(4) as processes:
        found = set(processes.map(lambda _: weights_folder(named, objects, tmp_path / "kept"), range(4)))

    (folder,) = found
    assert {path: (folder / path).read_bytes() for path in FILES} == FILES
    boto3.client("s3").delete_object(Bucket=BUCKET, Key="models/tiny/model_index.json")
    assert weights_folder(named, objects, tmp_path / "kept") == folder
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {folder.name, f"{folder.name}.lock"}


@pytest.mark.parametrize(
    ("files", "listed"),
    [
        ({**FILES, "model_index.json": b"[]"}, FILES),
        ({"model_index.json": b"{}"}, FILES),
        ({"model_index.json": b"{}"}, {"../model_index.json": b"{}"}),
        ({"model_index.json": b"{}"}, {"/model_index.json": b"{}"}),
    ],
    ids=["another file", "a file missing", "out of the folder", "anywhere"],
)
def test_nothing_is_left_of_what_is_not_as_it_was_named(
    objects: ObjectStore, tmp_path: Path, files: dict[str, bytes], listed: dict[str, bytes]
) -> None:
    boto3.client("s3").delete_object(Bucket=BUCKET, Key="models/tiny/unet/diffusion_pytorch_model.safetensors")
    named = _put(files, listed=listed)

    with pytest.raises(WrongWeights):
        weights_folder(named, objects, tmp_path / "kept")

    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".lock"]
    assert not (tmp_path / "model_index.json").exists()


def test_another_list_than_the_one_named_is_refused(objects: ObjectStore, tmp_path: Path) -> None:
    named = _put(FILES)
    _put({**FILES, "model_index.json": b"[]"})
    with pytest.raises(WrongWeights, match="SHA256SUMS is not what was named"):
        weights_folder(named, objects, tmp_path)


def test_a_model_that_cannot_be_had_does_not_keep_the_others_away(
    objects: ObjectStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    named = {"sd_turbo": _put(FILES), "stable_video": "svd@" + 64 * "0"}
    found = weights_of(named, objects, tmp_path)
    assert found.keys() == {"sd_turbo"}
    assert "models/svd/ is not whole" in caplog.text
    (tmp_path / "file").touch()
    assert weights_of({"sd_turbo": named["sd_turbo"]}, objects, tmp_path / "file") == {}


def test_a_folder_is_taken_as_it_is_and_nothing_else(objects: ObjectStore, tmp_path: Path) -> None:
    assert weights_folder("/models/sd-turbo", objects, tmp_path) == Path("/models/sd-turbo")
    for named in ("sd-turbo", "../tiny@" + 64 * "0", "tiny@abc"):
        with pytest.raises(WrongWeights, match="neither"):
            weights_folder(named, objects, tmp_path)
