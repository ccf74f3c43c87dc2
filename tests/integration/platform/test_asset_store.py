"""One contract for all asset stores: the fake, and DynamoDB as two emulators have it."""

from datetime import timedelta

import pytest
from tests.fixtures.fakes import Clock, FakeAssets
from tests.fixtures.jobs import NOW, PROBE, an_asset
from tests.integration.platform.conftest import TABLE

from soundstage.jobs.ports import AssetStore
from soundstage.models.assets import Asset, AssetStatus
from soundstage.models.errors import Conflict, InvalidInput, NotFound
from soundstage.models.ids import new_id
from soundstage.models.jobs import JobError
from soundstage.platform.aws.asset_store import DynamoAssets

CORRUPT = JobError(code="FILE_CORRUPT", message="The file is damaged.")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(params=["fake", "moto", "embedded"])
def store(request: pytest.FixtureRequest, clock: Clock) -> AssetStore:
    if request.param == "fake":
        return FakeAssets(clock=clock)
    request.getfixturevalue({"moto": "cloud", "embedded": "embedded_table"}[request.param])
    return DynamoAssets(TABLE, clock=clock)


def claim(store: AssetStore, asset: Asset, claimant: str, sequencer: str = "01") -> Asset:
    return store.claim(asset.asset_id, claimant=claimant, sequencer=sequencer, lease_s=60)


def checked(asset: Asset) -> Asset:
    return asset.model_copy(update={"probe": PROBE, "sha256": PROBE.sha256, "size_bytes": 9, "version_id": "v1"})


def test_creating_again_returns_what_is_there(store: AssetStore) -> None:
    asset = an_asset(size_bytes=5)
    assert store.create(asset) == asset
    claimed = claim(store, asset, "one")
    assert store.create(asset) == claimed
    assert store.get(asset.asset_id) == claimed
    assert store.get(new_id()) is None


def test_of_two_events_one_goes_on(store: AssetStore) -> None:
    asset = store.create(an_asset())
    assert claim(store, asset, "one").status is AssetStatus.CHECKING
    with pytest.raises(Conflict) as lost:
        claim(store, asset, "two")
    assert lost.value.detail == {"status": AssetStatus.CHECKING, "claimant": "one"}
    assert claim(store, asset, "one").status is AssetStatus.CHECKING


@pytest.mark.parametrize(
    ("sequencer", "takes_over"),
    [("0055AED6DCD90281E6", True), ("0055AED6DCD90281E5", False), ("0055AED6DCD90281E", False), ("0056", True)],
)
def test_a_newer_write_takes_over(store: AssetStore, sequencer: str, takes_over: bool) -> None:
    asset = store.create(an_asset())
    claim(store, asset, "one", "0055AED6DCD90281E5")
    if takes_over:
        assert claim(store, asset, "two", sequencer).sequencer == sequencer
        with pytest.raises(Conflict):
            store.accept(checked(asset), claimant="one")
    else:
        with pytest.raises(Conflict):
            claim(store, asset, "two", sequencer)


def test_a_lease_runs_out(store: AssetStore, clock: Clock) -> None:
    asset = store.create(an_asset())
    claim(store, asset, "one", "05")
    clock.pass_(seconds=61)
    assert claim(store, asset, "two", "03").sequencer == "05"
    with pytest.raises(Conflict):
        store.reject(asset.asset_id, claimant="one", error=CORRUPT)


def test_accept_keeps_what_was_found_out_and_may_be_repeated(store: AssetStore) -> None:
    asset = store.create(an_asset(upload_id="multipart"))
    claim(store, asset, "one")
    ready = store.accept(checked(asset), claimant="one")
    assert (ready.status, ready.probe, ready.version_id, ready.upload_id) == (AssetStatus.READY, PROBE, "v1", None)
    assert store.accept(checked(asset), claimant="one") == ready
    for late in ("one", "two"):
        with pytest.raises(Conflict):
            claim(store, asset, late, "99")
    with pytest.raises(Conflict):
        store.reject(asset.asset_id, claimant="one", error=CORRUPT)


def test_reject_keeps_the_reason_and_may_be_repeated(store: AssetStore) -> None:
    asset = store.create(an_asset())
    with pytest.raises(Conflict):
        store.reject(asset.asset_id, claimant="one", error=CORRUPT)
    claim(store, asset, "one")
    rejected = store.reject(asset.asset_id, claimant="one", error=CORRUPT)
    assert (rejected.status, rejected.error) == (AssetStatus.REJECTED, CORRUPT)
    assert store.reject(asset.asset_id, claimant="one", error=CORRUPT) == rejected


def test_a_deleted_asset_stays_deleted(store: AssetStore) -> None:
    asset = store.create(an_asset())
    claim(store, asset, "one")
    assert store.delete(asset.asset_id).status is AssetStatus.DELETED
    assert store.delete(asset.asset_id).status is AssetStatus.DELETED
    with pytest.raises(Conflict):
        store.accept(checked(asset), claimant="one")
    with pytest.raises(NotFound):
        store.delete(new_id())


def test_multipart_is_noted(store: AssetStore) -> None:
    asset = store.create(an_asset())
    store.set_upload_id(asset.asset_id, "upload-1")
    found = store.get(asset.asset_id)
    assert found is not None
    assert found.upload_id == "upload-1"


def test_used_bytes_of_what_is_kept(store: AssetStore) -> None:
    owner = new_id()
    kept, gone, refused = (store.create(an_asset(owner_id=owner, size_bytes=100)) for _ in range(3))
    store.create(an_asset(size_bytes=100))
    store.delete(gone.asset_id)
    claim(store, refused, "one")
    store.reject(refused.asset_id, claimant="one", error=CORRUPT)
    claim(store, kept, "one")
    store.accept(checked(kept), claimant="one")
    assert store.used_bytes(owner) == 9


def test_newest_first_page_by_page(store: AssetStore) -> None:
    owner = new_id()
    assets = [store.create(an_asset(owner_id=owner)) for _ in range(3)]
    page, cursor = store.list(owner, limit=2)
    assert cursor is not None
    rest, end = store.list(owner, limit=2, cursor=cursor)
    assert [*page, *rest] == sorted(assets, key=lambda asset: asset.asset_id, reverse=True)
    assert end is None


@pytest.mark.parametrize("cursor", ["", "AAAA", "../..", "é", "A" * 200])
def test_a_foreign_cursor_is_refused(cloud: None, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        DynamoAssets(TABLE).list(new_id(), limit=2, cursor=cursor)


def test_claims_that_have_run_out_are_found_counted_and_ended(store: AssetStore, clock: Clock) -> None:
    dead, alive, done = (store.create(an_asset()) for _ in range(3))
    for asset in (dead, alive, done):
        claim(store, asset, "one")
    store.accept(checked(done), claimant="one")
    found = {asset.asset_id: claims for asset, claims in store.stale(before=clock() + timedelta(days=1), limit=10)}
    assert found == {dead.asset_id: 1, alive.asset_id: 1}
    with pytest.raises(Conflict):
        store.give_up(dead.asset_id, error=CORRUPT)
    store.interrupted(dead.asset_id)
    clock.pass_(seconds=1)
    assert [asset.asset_id for asset, _ in store.stale(before=clock(), limit=10)] == [dead.asset_id]
    claim(store, dead, "two")
    assert store.stale(before=clock(), limit=10) == []
    store.interrupted(dead.asset_id)
    given_up = store.give_up(dead.asset_id, error=CORRUPT)
    assert (given_up.status, given_up.error) == (AssetStatus.REJECTED, CORRUPT)
    assert store.interrupted(done.asset_id).status is AssetStatus.READY
