"""Ingest: duplicate, late and unordered events; the version that is probed is the version that is accepted."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.fakes import Clock, FakeAssets
from tests.fixtures.jobs import PROBE, an_asset

from soundstage.jobs import ingest
from soundstage.models.assets import Asset, AssetKind, AssetStatus, AudioProbe
from soundstage.models.errors import MediaRejected, NotFound
from soundstage.models.events import ObjectCreated
from soundstage.models.jobs import JobError


class Bucket:
    """Versions of one object, newest last."""

    def __init__(self, *versions: bytes) -> None:
        self.versions = list(versions)
        self.deleted: list[str | None] = []

    def current_version(self, key: str) -> str | None:
        if not self.versions:
            raise NotFound("This object does not exist.")
        return f"v{len(self.versions)}"

    def download(self, key: str, path: Path, *, version_id: str | None = None) -> Path:
        number = int(version_id[1:]) if version_id else len(self.versions)
        path.write_bytes(self.versions[number - 1])
        return path

    def delete(self, key: str, *, version_id: str | None = None) -> None:
        self.deleted.append(version_id)


def probe_audio(path: Path) -> AudioProbe:
    content = path.read_bytes()
    if content.startswith(b"bad"):
        raise MediaRejected("FILE_CORRUPT")
    return PROBE.model_copy(update={"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)})


def event(asset: Asset, sequencer: str = "01", **more: Any) -> ObjectCreated:
    given = {"bucket": "b", "key": asset.bucket_key, "size_bytes": 4, "sequencer": sequencer}
    return ObjectCreated.model_validate(given | more)


def claim(
    assets: FakeAssets, asset: Asset, claimant: str, sequencer: str = "01", *, bucket: Bucket | None = None, **more: Any
) -> dict[str, Any]:
    came = event(asset, sequencer, **more)
    return ingest.claim(came, claimant=claimant, assets=assets, uploads=bucket or Bucket(), lease_s=60)


def reject(assets: FakeAssets, asset: Asset, claimant: str, error: JobError, bucket: Bucket) -> dict[str, Any]:
    return ingest.reject(asset.asset_id, version_id="v1", claimant=claimant, error=error, assets=assets, uploads=bucket)


def probe(assets: FakeAssets, asset: Asset, bucket: Bucket, folder: Path) -> dict[str, Any]:
    held = ingest.existing(assets, asset.asset_id)
    return ingest.probe(held, version_id=None, uploads=bucket, scratch=folder, probes={AssetKind.AUDIO: probe_audio})


def test_an_upload_becomes_ready(tmp_path: Path) -> None:
    assets, bucket = FakeAssets(), Bucket(b"first", b"tune")
    asset = assets.create(an_asset())
    assert claim(assets, asset, "one")["outcome"] == "ok"
    probed = probe(assets, asset, bucket, tmp_path)
    bucket.versions.append(b"written afterwards")
    answer = ingest.accept(asset.asset_id, claimant="one", probed=probed, assets=assets)
    assert answer == {"outcome": "ok", "asset_id": asset.asset_id}
    ready = ingest.existing(assets, asset.asset_id)
    assert (ready.status, ready.version_id, ready.size_bytes) == (AssetStatus.READY, "v2", 4)
    assert ready.sha256 == hashlib.sha256(b"tune").hexdigest()
    assert ingest.accept(asset.asset_id, claimant="one", probed=probed, assets=assets) == answer


def test_the_version_of_the_event_is_the_one_to_probe(tmp_path: Path) -> None:
    assets = FakeAssets()
    asset = assets.create(an_asset())
    claimed = claim(assets, asset, "one", version_id="v1")
    assert claimed["version_id"] == "v1"
    probed = ingest.probe(
        asset,
        version_id=claimed["version_id"],
        uploads=Bucket(b"tune", b"other"),
        scratch=tmp_path,
        probes={AssetKind.AUDIO: probe_audio},
    )
    assert probed["version_id"] == "v1"
    assert probed["probe"]["size_bytes"] == 4


def test_what_arrives_has_to_be_what_was_announced(tmp_path: Path) -> None:
    tune = hashlib.sha256(b"tune").hexdigest()
    asset = an_asset().model_copy(update={"announced_sha256": tune})
    given: Any = {"version_id": None, "scratch": tmp_path, "probes": {AssetKind.AUDIO: probe_audio}}

    assert ingest.probe(asset, uploads=Bucket(b"tune"), **given)["probe"]["sha256"] == tune
    with pytest.raises(MediaRejected) as rejected:
        ingest.probe(asset, uploads=Bucket(b"tuna"), **given)

    assert rejected.value.code == "CHECKSUM_MISMATCH"


@pytest.mark.parametrize(("content", "code"), [(b"", "FILE_EMPTY"), (b"bad", "FILE_CORRUPT")])
def test_what_is_no_audio_is_rejected(tmp_path: Path, content: bytes, code: str) -> None:
    assets, bucket = FakeAssets(), Bucket(content)
    asset = assets.create(an_asset())
    claim(assets, asset, "one")
    with pytest.raises(MediaRejected) as rejection:
        probe(assets, asset, bucket, tmp_path)
    assert rejection.value.code == code
    error = JobError(code=code, message=rejection.value.message)
    for _ in range(2):
        answer = reject(assets, asset, "one", error, bucket)
        assert answer == {"outcome": "rejected", "asset_id": asset.asset_id, "code": code}
    assert ingest.existing(assets, asset.asset_id).error == error
    assert bucket.deleted == ["v1", "v1"]


def test_what_comes_to_an_asset_that_is_settled_does_not_stay(tmp_path: Path) -> None:
    """It would lie there for ever, and count for nobody: a signed URL can be used until it expires."""
    assets, bucket = FakeAssets(), Bucket(b"tune")
    ready, rejected, deleted, checking = (assets.create(an_asset()) for _ in range(4))
    for asset in (ready, rejected, checking):
        claim(assets, asset, "one", version_id="v1")
    ingest.accept(ready.asset_id, claimant="one", probed=probe(assets, ready, bucket, tmp_path), assets=assets)
    reject(assets, rejected, "one", JobError(code="FILE_CORRUPT", message="m"), Bucket())
    assets.delete(deleted.asset_id)

    for asset, version_id, gone in (
        (ready, "v2", ["v2"]),
        (ready, "v1", []),
        (ready, None, []),
        (rejected, "v2", ["v2"]),
        (deleted, "v2", ["v2"]),
        (deleted, None, [None]),
        (checking, "v1", []),
    ):
        bucket.deleted.clear()
        came = claim(assets, asset, "two", "01", bucket=bucket, version_id=version_id)
        assert came == {"outcome": "duplicate", "asset_id": asset.asset_id}
        assert bucket.deleted == gone, (asset.status, version_id)


def test_no_name_of_a_file_is_too_odd_to_look_at_it(tmp_path: Path) -> None:
    assets = FakeAssets()
    for name in ("a." + "😀" * 250, "a.\x00"):
        asset = assets.create(an_asset(file_name=name))
        assert probe(assets, asset, Bucket(b"tune"), tmp_path)["outcome"] == "ok"


ID = "0" * 32


@pytest.mark.parametrize("key", ["uploads/x/y/z.wav", "results/a/b", f"uploads/{ID}/{ID}/hum.wav", ""])
def test_what_nobody_announced_is_ignored_and_does_not_stay(key: str) -> None:
    asset, bucket = an_asset(bucket_key=key), Bucket()
    assert claim(FakeAssets(), asset, "one", bucket=bucket, version_id="v7") == {"outcome": "ignored"}
    assert bucket.deleted == ["v7"]


def test_what_is_larger_than_was_announced_is_rejected_before_it_is_read(tmp_path: Path) -> None:
    assets = FakeAssets()
    asset = assets.create(an_asset(size_bytes=4))
    given: dict[str, Any] = {"version_id": "v1", "scratch": tmp_path, "probes": {AssetKind.AUDIO: probe_audio}}
    with pytest.raises(MediaRejected) as rejected:
        ingest.probe(asset, size_bytes=5, uploads=Bucket(), **given)
    assert rejected.value.code == "FILE_TOO_LARGE"
    assert ingest.probe(asset, size_bytes=4, uploads=Bucket(b"tune"), **given)["outcome"] == "ok"


def test_another_name_under_an_asset_is_ignored() -> None:
    assets = FakeAssets()
    asset = assets.create(an_asset())
    other = asset.model_copy(update={"bucket_key": asset.bucket_key + "x"})
    assert claim(assets, other, "one") == {"outcome": "ignored"}


def test_a_newer_write_wins_and_the_older_one_learns_of_it(tmp_path: Path) -> None:
    assets, bucket = FakeAssets(), Bucket(b"old")
    asset = assets.create(an_asset())
    claim(assets, asset, "old", "01")
    old = probe(assets, asset, bucket, tmp_path)
    bucket.versions.append(b"new!")
    assert claim(assets, asset, "new", "02")["outcome"] == "ok"
    superseded = {"outcome": "superseded", "asset_id": asset.asset_id}
    assert ingest.accept(asset.asset_id, claimant="old", probed=old, assets=assets) == superseded
    error = JobError(code="FILE_CORRUPT", message="m")
    assert reject(assets, asset, "old", error, bucket) == superseded
    assert bucket.deleted == []
    new = probe(assets, asset, bucket, tmp_path)
    assert ingest.accept(asset.asset_id, claimant="new", probed=new, assets=assets)["outcome"] == "ok"
    assert ingest.existing(assets, asset.asset_id).version_id == "v2"


@given(
    events=st.lists(st.tuples(st.sampled_from(["01", "02", "1A", "0C0"]), st.integers(0, 90)), min_size=1, max_size=8)
)
@settings(max_examples=150, deadline=None)
def test_however_events_come_one_of_them_brings_it_home(events: list[tuple[str, int]]) -> None:
    """(sequencer, seconds until the next one); each claimant may be late to accept, but the last claim holds."""
    clock = Clock()
    assets = FakeAssets(clock=clock)
    asset = assets.create(an_asset())
    probed = {"version_id": None, "probe": PROBE.model_dump()}
    holders = []
    for number, (sequencer, later_s) in enumerate(events):
        if claim(assets, asset, f"event-{number}", sequencer)["outcome"] == "ok":
            holders.append(f"event-{number}")
        clock.pass_(seconds=later_s)
    outcomes = [
        ingest.accept(asset.asset_id, claimant=holder, probed=probed, assets=assets)["outcome"] for holder in holders
    ]
    assert outcomes == ["superseded"] * (len(holders) - 1) + ["ok"]
    assert claim(assets, asset, "late", "FF") == {"outcome": "duplicate", "asset_id": asset.asset_id}
