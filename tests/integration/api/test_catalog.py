from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import text
from tests.fixtures.music import rendered_variant, score

from soundstage.models.errors import Conflict, NotFound, TransientError
from soundstage.models.ids import Id, new_id
from soundstage.models.jobs import Job, JobError, JobKind, JobStatus
from soundstage.models.music import GenParams, TrackMetadata
from soundstage.models.tracks import TrackStatus, VariantLabel
from soundstage.platform.catalog import accounts, shares, tracks
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.listener import CatalogListener
from soundstage.platform.catalog.tables import Track

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HASH = "$argon2id$"


@pytest.fixture
def owner_id(catalog: Catalog) -> Id:
    with catalog.transaction() as session:
        return accounts.register(session, email="ada@example.org", password_hash=HASH, now=NOW).id


@pytest.fixture
def generating(catalog: Catalog, owner_id: Id) -> tuple[Id, Id]:
    """Ids of a track and of the job that makes it."""
    job_id = new_id()
    with catalog.transaction() as session:
        track = tracks.create(session, owner_id=owner_id, title="Dawn", metadata=TrackMetadata(), now=NOW)
        tracks.begin(track, job_id=job_id, hum_asset_id=new_id(), gen_params=GenParams(), now=NOW)
    return track.id, job_id


@pytest.fixture
def read(catalog: Catalog, owner_id: Id) -> Callable[[Id], Track]:
    def _read(track_id: Id) -> Track:
        with catalog.transaction() as session:
            return tracks.get(session, owner_id=owner_id, track_id=track_id)

    return _read


def _persist(catalog: Catalog, track_id: Id, job_id: Id, *, attempt: int = 1, recommended: VariantLabel = "A") -> bool:
    with catalog.transaction() as session:
        return tracks.persist(
            session,
            track_id=track_id,
            job_id=job_id,
            attempt=attempt,
            variants=[rendered_variant("A"), rendered_variant("B")],
            score=score(recommended),
            now=NOW,
        )


def _ended(track_id: Id, job_id: Id, status: JobStatus, *, attempt: int = 1) -> Job:
    return Job(
        job_id=job_id,
        owner_id=new_id(),
        kind=JobKind.TRACK,
        status=status,
        attempt=attempt,
        subject_id=track_id,
        error=JobError(code="SILENT", message="We hear nothing.") if status is JobStatus.FAILED else None,
        created_at=NOW,
        updated_at=NOW,
    )


def test_an_email_address_has_one_account(catalog: Catalog, owner_id: Id) -> None:
    with pytest.raises(Conflict), catalog.transaction() as session:
        accounts.register(session, email="ada@example.org", password_hash=HASH, now=NOW)


def test_what_people_sent_is_in_no_message_of_an_error(catalog: Catalog) -> None:
    """Messages are logged, with those of their causes."""
    with pytest.raises(TransientError) as raised, catalog.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid()), :email"), {"email": "ada@example.org"})
    assert raised.value.__cause__ is not None
    assert "ada@example.org" not in str(raised.value.__cause__)


def test_a_refresh_token_used_twice_ends_its_family_and_no_other(catalog: Catalog, owner_id: Id) -> None:
    with catalog.transaction() as session:
        accounts.start_family(session, user_id=owner_id, token_sha256=b"phone-1", now=NOW)
        accounts.start_family(session, user_id=owner_id, token_sha256=b"desk-1", now=NOW)

    def rotate(token: bytes, successor: bytes) -> accounts.Rotation:
        with catalog.transaction() as session:
            return accounts.rotate(session, token_sha256=token, successor_sha256=successor, now=NOW)

    assert rotate(b"phone-1", b"phone-2").user_id == owner_id
    assert rotate(b"phone-1", b"stolen-2").reused_by == owner_id
    assert rotate(b"phone-2", b"phone-3") == accounts.Rotation()
    assert rotate(b"desk-1", b"desk-2").user_id == owner_id


def test_of_two_racing_uses_of_a_refresh_token_one_wins(catalog: Catalog, owner_id: Id) -> None:
    with catalog.transaction() as session:
        accounts.start_family(session, user_id=owner_id, token_sha256=b"once", now=NOW)
    together = Barrier(4)

    def rotate(successor: bytes) -> accounts.Rotation:
        with catalog.transaction() as session:
            together.wait()
            return accounts.rotate(session, token_sha256=b"once", successor_sha256=successor, now=NOW)

    with ThreadPoolExecutor(4) as clients:
        rotations = list(clients.map(rotate, [b"1", b"2", b"3", b"4"]))

    assert [rotation.user_id for rotation in rotations].count(owner_id) == 1


def test_an_expired_refresh_token_is_no_use(catalog: Catalog, owner_id: Id) -> None:
    with catalog.transaction() as session:
        accounts.start_family(session, user_id=owner_id, token_sha256=b"old", now=NOW - accounts.REFRESH_TOKEN_LIFE)
        assert accounts.rotate(session, token_sha256=b"old", successor_sha256=b"new", now=NOW) == accounts.Rotation()


def test_persist_makes_a_track_ready_once(
    catalog: Catalog,
    generating: tuple[Id, Id],
    read: Callable[[Id], Track],
) -> None:
    track_id, job_id = generating
    assert _persist(catalog, track_id, job_id)
    with catalog.transaction() as session:
        tracks.choose_primary(session.get_one(Track, track_id), label="B", now=NOW)

    assert _persist(catalog, track_id, job_id)  # delivered again

    track = read(track_id)
    assert (track.status, track.primary_label) == (TrackStatus.READY, "B")
    assert [variant.label for variant in track.variants] == ["A", "B"]


def test_a_late_word_from_an_older_job_changes_nothing(
    catalog: Catalog,
    generating: tuple[Id, Id],
    read: Callable[[Id], Track],
) -> None:
    track_id, _ = generating
    older = new_id(clock=lambda: 0)

    assert not _persist(catalog, track_id, older)
    CatalogListener(catalog).job_ended(_ended(track_id, older, JobStatus.FAILED))

    assert read(track_id).status == TrackStatus.GENERATING


def test_a_late_failure_of_the_first_attempt_does_not_fail_the_second(
    catalog: Catalog,
    generating: tuple[Id, Id],
    read: Callable[[Id], Track],
) -> None:
    track_id, job_id = generating
    first = _ended(track_id, job_id, JobStatus.FAILED)
    listener = CatalogListener(catalog)
    listener.job_ended(first)
    assert read(track_id).error == {"code": "SILENT", "message": "We hear nothing.", "step": None, "detail": None}

    with catalog.transaction() as session:
        tracks.resume(session, track_id=track_id, job_id=job_id, attempt=2, now=NOW)
    listener.job_ended(first)
    assert read(track_id).status == TrackStatus.GENERATING

    assert _persist(catalog, track_id, job_id, attempt=2)
    listener.job_ended(first)
    assert read(track_id).status == TrackStatus.READY


def test_a_job_from_just_before_a_crash_is_adopted(
    catalog: Catalog,
    generating: tuple[Id, Id],
    read: Callable[[Id], Track],
) -> None:
    track_id, _ = generating
    newer = new_id()

    assert _persist(catalog, track_id, newer)

    assert (read(track_id).status, read(track_id).job_id) == (TrackStatus.READY, newer)


def test_a_canceled_job_leaves_the_track_as_it_was(
    catalog: Catalog,
    generating: tuple[Id, Id],
    read: Callable[[Id], Track],
) -> None:
    track_id, job_id = generating
    CatalogListener(catalog).job_ended(_ended(track_id, job_id, JobStatus.CANCELED))
    assert read(track_id).status == TrackStatus.DRAFT

    _persist(catalog, track_id, job_id, attempt=2)
    again = new_id()
    with catalog.transaction() as session:
        track = session.get_one(Track, track_id)
        tracks.begin(track, job_id=again, hum_asset_id=new_id(), gen_params=GenParams(), now=NOW)
    CatalogListener(catalog).job_ended(_ended(track_id, again, JobStatus.CANCELED))
    assert read(track_id).status == TrackStatus.READY


def test_nothing_comes_back_to_a_deleted_track(
    catalog: Catalog,
    generating: tuple[Id, Id],
    read: Callable[[Id], Track],
) -> None:
    track_id, job_id = generating
    with catalog.transaction() as session:
        tracks.delete(session.get_one(Track, track_id), now=NOW)

    assert not _persist(catalog, track_id, job_id)
    with pytest.raises(NotFound):
        read(track_id)


def test_tracks_are_listed_newest_first_page_by_page(catalog: Catalog, owner_id: Id) -> None:
    with catalog.transaction() as session:
        for hour in range(5):
            track = tracks.create(session, owner_id=owner_id, title=str(hour), metadata=TrackMetadata(), now=NOW)
            track.id = new_id(clock=partial(float, hour))

    with catalog.transaction() as session:
        first = tracks.list_page(session, owner_id=owner_id, limit=3, before=None)
        rest = tracks.list_page(session, owner_id=owner_id, limit=3, before=first[-1].id)

    assert [track.title for track in [*first, *rest]] == ["4", "3", "2", "1", "0"]


def test_a_share_opens_until_it_expires_or_is_revoked(
    catalog: Catalog, owner_id: Id, generating: tuple[Id, Id]
) -> None:
    track_id, _ = generating

    def share(token: bytes, expires_at: datetime | None = None) -> Id:
        with catalog.transaction() as session:
            return shares.create(
                session, owner_id=owner_id, track_id=track_id, token_sha256=token, expires_at=expires_at, now=NOW
            ).id

    def opens(token: bytes, now: datetime = NOW) -> bool:
        with catalog.transaction() as session:
            return shares.open_track(session, token_sha256=token, now=now) is not None

    open_ended = share(b"open-ended")
    share(b"a day", NOW + timedelta(days=1))

    assert opens(b"open-ended", NOW + timedelta(days=1000))
    assert opens(b"a day")
    assert not opens(b"a day", NOW + timedelta(days=1))
    assert not opens(b"unknown")
    with catalog.transaction() as session:
        shares.revoke(session, owner_id=owner_id, share_id=open_ended, now=NOW)
    assert not opens(b"open-ended")
    with pytest.raises(NotFound), catalog.transaction() as session:
        shares.revoke(session, owner_id=new_id(), share_id=open_ended, now=NOW)
