"""Uploads against a bucket in memory: what is signed, what counts, and what a crash or another caller leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.fakes import Clock, FakeAssets, FakeEndListener, FakeJobs, FakeWorkflows
from tests.fixtures.jobs import a_job, on

from soundstage.jobs.service import Jobs
from soundstage.jobs.uploads import (
    PART_BYTES,
    SUM_AGAIN_AFTER,
    Announced,
    Method,
    Part,
    SignedRequest,
    UploadLimits,
    Uploads,
    key_name,
    part_sizes,
)
from soundstage.models.assets import AssetKind, AssetStatus
from soundstage.models.errors import Conflict, InvalidInput, NotFound, QuotaExceeded
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import JobStatus

QUOTA_BYTES = 4 * PART_BYTES
LIMITS = UploadLimits(max_bytes=3 * PART_BYTES, url_life_s=600)


@dataclass
class FakeBucket:
    objects: set[str] = field(default_factory=set)
    parts: dict[str, list[Part]] = field(default_factory=dict)
    signed: list[dict[str, object]] = field(default_factory=list)

    def _sign(self, **what: object) -> SignedRequest:
        self.signed.append(what)
        return SignedRequest(str(what["method"]), f"https://bucket/{what['key']}", {}, {})

    def presign_put(self, key: str, *, content_type: str, expires_s: int, size_bytes: int) -> SignedRequest:
        return self._sign(method="PUT", key=key, size_bytes=size_bytes, expires_s=expires_s)

    def presign_post(self, key: str, *, content_type: str, max_bytes: int, expires_s: int) -> SignedRequest:
        return self._sign(method="POST", key=key, max_bytes=max_bytes, expires_s=expires_s)

    def create_multipart(self, key: str, *, content_type: str) -> str:
        self.parts[key] = []
        return f"upload of {key}"

    def presign_part(self, key: str, *, upload_id: str, number: int, size_bytes: int, expires_s: int) -> SignedRequest:
        return self._sign(method="PUT", key=key, number=number, size_bytes=size_bytes)

    def list_parts(self, key: str, *, upload_id: str) -> list[Part]:
        if key not in self.parts:
            raise NotFound("This upload is over.")
        return list(self.parts[key])

    def complete_multipart(self, key: str, *, upload_id: str, parts: Sequence[Part]) -> None:
        self.list_parts(key, upload_id=upload_id)
        del self.parts[key]
        self.objects.add(key)

    def abort_multipart(self, key: str, *, upload_id: str) -> None:
        self.parts.pop(key, None)

    def head(self, key: str) -> object | None:
        return key if key in self.objects else None

    def delete(self, key: str) -> None:
        self.objects.discard(key)


class Studio:
    def __init__(self) -> None:
        self.clock, self.bucket = Clock(), FakeBucket()
        self.job_store, self.assets = FakeJobs(clock=self.clock), FakeAssets(clock=self.clock)
        self.jobs = Jobs(self.job_store, self.assets, FakeWorkflows(), FakeEndListener())
        self.uploads = Uploads(self.assets, self.bucket, self.jobs, LIMITS, clock=self.clock)
        self.ada: Id = new_id()

    def announce(self, size_bytes: int = 100, method: Method = "PUT") -> Announced:
        return self.uploads.announce(
            self.ada,
            kind=AssetKind.AUDIO,
            file_name="hum.wav",
            content_type="audio/wav",
            size_bytes=size_bytes,
            method=method,
            quota_bytes=QUOTA_BYTES,
        )

    def arrive(self, made: Announced, *sizes: int) -> None:
        self.bucket.parts[made.asset.bucket_key] = [Part(n, f'"{n}"', size) for n, size in enumerate(sizes, 1)]


@pytest.fixture
def studio() -> Studio:
    return Studio()


@given(size_bytes=st.integers(1, 5_000 * PART_BYTES))
def test_parts_add_up_and_only_the_last_is_smaller(size_bytes: int) -> None:
    sizes = part_sizes(size_bytes)
    assert sum(sizes) == size_bytes
    assert set(sizes[:-1]) <= {PART_BYTES}
    assert 0 < sizes[-1] <= PART_BYTES


ESCAPES = (
    "../", "..\\", "%2e%2e%2f", "%2E", "\0", "\uff0e\uff0e\uff0f", "\u2024", "\u2215", "/", "~", "C:", "e\u0301",
    "\r\n", "a" * 1024,
)  # fmt: skip
ODD_NAMES = st.text(min_size=1, max_size=12) | st.lists(st.sampled_from(ESCAPES), min_size=1, max_size=5).map("".join)


@given(file_name=ODD_NAMES)
@settings(max_examples=10_000, deadline=None)
def test_any_name_ends_a_key(file_name: str) -> None:
    name = key_name(file_name)
    assert quote(name) == name  # LocalStack's events bring keys URL-encoded
    assert 1 <= len(name) <= 100
    assert name.isascii()
    assert not set(name) & set("/\\ \n")
    assert name.strip(".")


@pytest.mark.parametrize(("method", "bound"), [("PUT", "size_bytes"), ("POST", "max_bytes")])
def test_one_request_is_signed_for_this_size(studio: Studio, method: Method, bound: str) -> None:
    made = studio.announce(method=method)
    assert (made.part_count, made.request is not None) == (None, True)
    (signed,) = studio.bucket.signed
    assert (signed["method"], signed[bound], signed["expires_s"]) == (method, 100, 600)
    assert (studio.uploads.expiry() - studio.clock()).total_seconds() == 600
    assert studio.uploads.owned(studio.ada, made.asset.asset_id).status is AssetStatus.AWAITING_UPLOAD


def test_parts_are_signed_for_their_sizes_and_put_together_once(studio: Studio) -> None:
    made = studio.announce(PART_BYTES + 7, "multipart")
    asset_id = made.asset.asset_id
    assert (made.request, made.part_count) == (None, 2)
    studio.uploads.sign_parts(studio.ada, asset_id, [2, 1])
    assert [(one["number"], one["size_bytes"]) for one in studio.bucket.signed] == [(2, 7), (1, PART_BYTES)]
    with pytest.raises(InvalidInput) as beyond:
        studio.uploads.sign_parts(studio.ada, asset_id, [1, 3])
    assert beyond.value.detail == {"part_count": 2, "numbers": [3]}

    studio.arrive(made, PART_BYTES)
    with pytest.raises(Conflict) as missing:
        studio.uploads.complete(studio.ada, asset_id)
    assert missing.value.detail == {"size_bytes": PART_BYTES + 7, "arrived_bytes": PART_BYTES, "parts": [1]}
    studio.arrive(made, PART_BYTES, 7)
    assert [part.number for part in studio.uploads.arrived_parts(studio.ada, asset_id)] == [1, 2]
    for _ in range(2):
        assert studio.uploads.complete(studio.ada, asset_id).upload_id is None
    with pytest.raises(Conflict):
        studio.uploads.sign_parts(studio.ada, asset_id, [1])


def test_what_was_put_together_before_a_crash_is_complete(studio: Studio) -> None:
    made = studio.announce(7, "multipart")
    studio.arrive(made, 7)
    studio.bucket.complete_multipart(made.asset.bucket_key, upload_id="", parts=[])
    assert studio.uploads.complete(studio.ada, made.asset.asset_id).upload_id is None


def test_an_upload_that_is_gone_is_not_complete(studio: Studio) -> None:
    made = studio.announce(7, "multipart")
    studio.bucket.parts.clear()
    with pytest.raises(NotFound):
        studio.uploads.complete(studio.ada, made.asset.asset_id)


def test_what_does_not_fit_is_refused_before_anything_is_signed(studio: Studio) -> None:
    with pytest.raises(InvalidInput):
        studio.announce(LIMITS.max_bytes + 1)
    first = studio.announce(LIMITS.max_bytes)
    with pytest.raises(QuotaExceeded) as full:
        studio.announce(LIMITS.max_bytes)
    assert full.value.detail == {"quota_bytes": QUOTA_BYTES, "used_bytes": LIMITS.max_bytes}
    assert len(studio.bucket.signed) == 1
    studio.uploads.delete(studio.ada, first.asset.asset_id)
    studio.announce(LIMITS.max_bytes)


def test_many_uploads_at_once_are_summed_once_and_none_goes_over_the_quota(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    sums = []
    used_bytes = studio.assets.used_bytes

    def counted(owner_id: Id) -> int:
        sums.append(owner_id)
        return used_bytes(owner_id)

    monkeypatch.setattr(studio.assets, "used_bytes", counted)
    for _ in range(4):
        studio.announce(PART_BYTES - 1)
    assert len(sums) == 1
    with pytest.raises(QuotaExceeded):
        studio.announce(5)
    assert len(sums) == 2  # nobody is refused by an old sum
    studio.announce(4)
    studio.clock.now += SUM_AGAIN_AFTER * 2
    with pytest.raises(QuotaExceeded):
        studio.announce(1)
    assert len(sums) == 3


def test_deleting_fails_what_waits_for_it_and_leaves_nothing(studio: Studio) -> None:
    made = studio.announce(7, "multipart")
    job = studio.jobs.create(a_job(on(made.asset)))
    with pytest.raises(NotFound):
        studio.uploads.delete(new_id(), made.asset.asset_id)
    studio.uploads.delete(studio.ada, made.asset.asset_id)
    assert (studio.bucket.objects, studio.bucket.parts) == (set(), {})
    assert studio.job_store.records[job.job_id].status is JobStatus.FAILED
    with pytest.raises(NotFound):
        studio.uploads.owned(studio.ada, made.asset.asset_id)


def test_only_what_has_not_arrived_can_be_given_up(studio: Studio) -> None:
    made = studio.announce()
    studio.assets.claim(made.asset.asset_id, claimant="ingest", sequencer="01", lease_s=60)
    with pytest.raises(Conflict):
        studio.uploads.abort(studio.ada, made.asset.asset_id)
    other = studio.announce()
    studio.uploads.abort(studio.ada, other.asset.asset_id)
    assert studio.assets.records[other.asset.asset_id].asset.status is AssetStatus.DELETED
