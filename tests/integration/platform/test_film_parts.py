"""Parts of films in the bucket: found by every worker, whole or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError
from tests.integration.platform.conftest import BUCKET

from soundstage.film.part_store import Part, WrittenFile
from soundstage.models.errors import TransientError
from soundstage.platform.aws import film_parts
from soundstage.platform.aws.film_parts import EXPIRE_DAYS, PUT_AGAIN_AFTER, PartManifest, SharedPartStore
from soundstage.platform.aws.storage import ObjectStore

OWNER, FINGERPRINT = "0" * 32, "ab" * 32
FOLDER = f"film/parts/{OWNER}/speech/{FINGERPRINT[:32]}"


class Flaky(ObjectStore):
    """Downloads of this file fail, or bring something else, so many times."""

    def __init__(self, *, name: str, times: int, damaged: bool) -> None:
        super().__init__(BUCKET)
        self.name, self.times, self.damaged = name, times, damaged

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path:
        if not key.endswith(self.name) or self.times == 0:
            return super().download(key, path, version_id=version_id)
        self.times -= 1
        if not self.damaged:
            raise EndpointConnectionError(endpoint_url="https://s3")
        path.write_bytes(b"half")
        return path


@pytest.fixture
def objects(cloud: None) -> ObjectStore:
    return ObjectStore(BUCKET)


@pytest.fixture
def worker(tmp_path: Path, objects: ObjectStore) -> Callable[..., SharedPartStore]:
    """Each has a folder of its own."""
    workers: list[SharedPartStore] = []

    def _worker(objects: ObjectStore = objects, owner_id: str = OWNER) -> SharedPartStore:
        workers.append(SharedPartStore(tmp_path / str(len(workers)), objects, owner_id))
        return workers[-1]

    return _worker


def make(folder: Path) -> WrittenFile:
    (folder / "words").mkdir()
    (folder / "words" / "one.json").write_text("{}")
    (folder / "speech.wav").write_bytes(bytes(range(256)) * 100)
    return WrittenFile.of(folder / "speech.wav")


def never(_folder: Path) -> WrittenFile:
    raise AssertionError("it was there")


def obtained(store: SharedPartStore, how: Callable[[Path], WrittenFile]) -> Part[WrittenFile]:
    return store.obtain("speech", FINGERPRINT, WrittenFile, how)


def test_what_one_worker_made_another_finds_whole(worker: Callable[..., SharedPartStore]) -> None:
    made = obtained(worker(), make)

    found = obtained(worker(), never)

    assert (made.reused, found.reused, found.value) == (False, True, made.value)
    for name in ("speech.wav", "words/one.json"):
        assert (found.folder / name).read_bytes() == (made.folder / name).read_bytes()


def test_parts_are_their_owners(worker: Callable[..., SharedPartStore]) -> None:
    obtained(worker(), make)
    assert worker(owner_id="1" * 32).find("speech", FINGERPRINT, WrittenFile) is None


def test_a_part_without_its_manifest_is_not_there(objects: ObjectStore, worker: Callable[..., SharedPartStore]) -> None:
    """Its worker died while it sent the files."""
    obtained(worker(), make)
    objects.delete(f"{FOLDER}/manifest.json")

    assert worker().find("speech", FINGERPRINT, WrittenFile) is None
    assert not obtained(worker(), make).reused
    assert obtained(worker(), never).reused


def test_a_download_is_tried_three_times(worker: Callable[..., SharedPartStore]) -> None:
    obtained(worker(), make)
    for damaged in (False, True):
        flaky = Flaky(name="speech.wav", times=film_parts.ATTEMPTS - 1, damaged=damaged)
        assert obtained(worker(flaky), never).reused
        assert flaky.times == 0


def test_a_bucket_that_does_not_answer_is_no_reason_to_make_it_again(worker: Callable[..., SharedPartStore]) -> None:
    obtained(worker(), make)
    with pytest.raises(TransientError):
        obtained(worker(Flaky(name="speech.wav", times=99, damaged=False)), never)


@pytest.mark.parametrize("spoil", ["damage", "delete"])
def test_a_part_that_is_damaged_where_it_lies_is_made_again_and_replaced(
    objects: ObjectStore, worker: Callable[..., SharedPartStore], spoil: str
) -> None:
    obtained(worker(), make)
    if spoil == "damage":
        objects.write(f"{FOLDER}/speech.wav", b"half")
    else:
        objects.delete(f"{FOLDER}/speech.wav")

    assert not obtained(worker(), make).reused
    assert obtained(worker(), never).reused


def test_a_part_that_is_used_is_put_again_before_it_expires(tmp_path: Path, objects: ObjectStore) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)

    def put_at(day: int) -> datetime:
        store = SharedPartStore(tmp_path / str(day), objects, OWNER, clock=lambda: now + timedelta(days=day))
        assert obtained(store, make if day == 0 else never).value.file == "speech.wav"
        manifest = PartManifest.model_validate(objects.read_json(f"{FOLDER}/manifest.json"))
        assert manifest.put_at is not None
        return manifest.put_at

    assert [put_at(day) - now for day in (0, 9, 11, 20, 30)] == [timedelta(days=day) for day in (0, 0, 11, 11, 30)]
    assert PUT_AGAIN_AFTER.days * 2 < EXPIRE_DAYS


def test_a_part_of_before_parts_had_dates_is_put_again(
    worker: Callable[..., SharedPartStore], objects: ObjectStore
) -> None:
    obtained(worker(), make)
    manifest = objects.read_json(f"{FOLDER}/manifest.json")
    del manifest["put_at"]
    objects.write_json(f"{FOLDER}/manifest.json", manifest)
    obtained(worker(), never)
    assert objects.read_json(f"{FOLDER}/manifest.json")["put_at"]
