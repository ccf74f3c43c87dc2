from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from tests.fixtures.jobs import a_job
from tests.fixtures.music import rendered_variant, score

from soundstage.jobs.service import workflow_input
from soundstage.models.errors import Conflict, NotFound, TransientError
from soundstage.models.ids import Id, id_after, new_id
from soundstage.models.jobs import Job, JobError, JobStatus
from soundstage.models.music import TrackMetadata
from soundstage.models.tracks import TrackStatus, VariantLabel
from soundstage.platform.catalog import accounts, sessions, shares
from soundstage.platform.catalog.database import Catalog
from soundstage.platform.catalog.tracks import Track, Tracks

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HASH = "$argon2id$"


@pytest.fixture
def owner_id(catalog: Catalog) -> Id:
    with catalog.transaction() as session:
        return accounts.register(session, email="ada@example.org", password_hash=HASH, now=NOW).id


@pytest.fixture
def generating(catalog: Catalog, owner_id: Id) -> Job:
    """A job that makes a track."""
    track_id = Tracks(catalog).create(owner_id=owner_id, title="Dawn", metadata=TrackMetadata()).id
    job = a_track_job(owner_id, track_id)
    Tracks(catalog).follow(job)
    return job


def a_track_job(owner_id: Id, track_id: Id, **more: Any) -> Job:
    return a_job(owner_id=owner_id, subject_id=track_id, inputs={"hum": new_id()}, **more)


@pytest.fixture
def read(catalog: Catalog, owner_id: Id) -> Callable[[Job], Track]:
    def _read(job: Job) -> Track:
        with catalog.transaction() as session:
            return Tracks(catalog).get(session, owner_id=owner_id, subject_id=str(job.subject_id))

    return _read


def _persist(catalog: Catalog, job: Job, *, recommended: VariantLabel = "A") -> bool:
    variants = [rendered_variant("A"), rendered_variant("B")]
    return Tracks(catalog).persist(workflow_input(job), variants=variants, score=score(recommended), seed=7)


def _ended(job: Job, status: JobStatus) -> Job:
    error = JobError(code="SILENT", message="We hear nothing.") if status is JobStatus.FAILED else None
    return job.model_copy(update={"status": status, "error": error})


def _again(job: Job) -> Job:
    return job.model_copy(update={"attempt": job.attempt + 1})


def test_an_email_address_has_one_account(catalog: Catalog, owner_id: Id) -> None:
    with pytest.raises(Conflict), catalog.transaction() as session:
        accounts.register(session, email="ada@example.org", password_hash=HASH, now=NOW)


def test_what_people_sent_is_in_no_message_of_an_error(catalog: Catalog) -> None:
    """Messages are logged, with those of their causes."""
    with pytest.raises(TransientError) as raised, catalog.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid()), :email"), {"email": "ada@example.org"})
    assert raised.value.__cause__ is not None
    assert "ada@example.org" not in str(raised.value.__cause__)


def _log_in(catalog: Catalog, owner_id: Id, token: bytes, *, now: datetime = NOW) -> Id:
    with catalog.transaction() as session:
        return sessions.start(session, user_id=owner_id, token_sha256=token, device="", now=now)


def _rotate(catalog: Catalog, token: bytes, successor: bytes) -> sessions.Rotation | None:
    with catalog.transaction() as session:
        return sessions.rotate(session, token_sha256=token, successor_sha256=successor, now=NOW)


def test_a_refresh_token_used_twice_ends_its_log_in_and_no_other(catalog: Catalog, owner_id: Id) -> None:
    phone, desk = (_log_in(catalog, owner_id, token) for token in (b"phone-1", b"desk-1"))

    assert _rotate(catalog, b"phone-1", b"phone-2") == sessions.Rotation(owner_id, phone, good=True)
    assert _rotate(catalog, b"phone-1", b"stolen-2") == sessions.Rotation(owner_id, phone, good=False)
    assert _rotate(catalog, b"phone-2", b"phone-3") is None
    assert _rotate(catalog, b"desk-1", b"desk-2") == sessions.Rotation(owner_id, desk, good=True)


def test_of_two_racing_uses_of_a_refresh_token_one_wins(catalog: Catalog, owner_id: Id) -> None:
    _log_in(catalog, owner_id, b"once")
    together = Barrier(4)

    def rotate(successor: bytes) -> sessions.Rotation | None:
        together.wait()
        return _rotate(catalog, b"once", successor)

    with ThreadPoolExecutor(4) as clients:
        rotations = list(clients.map(rotate, [b"1", b"2", b"3", b"4"]))

    assert [rotation.good for rotation in rotations if rotation is not None].count(True) == 1


def test_an_expired_refresh_token_is_no_use(catalog: Catalog, owner_id: Id) -> None:
    _log_in(catalog, owner_id, b"old", now=NOW - sessions.REFRESH_TOKEN_LIFE)
    assert _rotate(catalog, b"old", b"new") is None


def test_persist_makes_a_track_ready_once(catalog: Catalog, generating: Job, read: Callable[[Job], Track]) -> None:
    assert _persist(catalog, generating)
    Tracks(catalog).choose_primary(owner_id=generating.owner_id, track_id=str(generating.subject_id), label="B")

    assert _persist(catalog, generating)  # delivered again

    track = read(generating)
    assert (track.status, track.primary_label) == (TrackStatus.READY, "B")
    assert [variant.label for variant in track.variants] == ["A", "B"]


def test_a_late_word_from_an_older_job_changes_nothing(
    catalog: Catalog, generating: Job, read: Callable[[Job], Track]
) -> None:
    older = generating.model_copy(update={"job_id": new_id(clock=lambda: 0)})

    assert not _persist(catalog, older)
    Tracks(catalog).end(_ended(older, JobStatus.FAILED))
    with pytest.raises(Conflict) as refused:
        Tracks(catalog).follow(older)

    assert refused.value.detail == {"job_id": generating.job_id}
    assert read(generating).status == TrackStatus.GENERATING


def test_a_late_failure_of_the_first_attempt_does_not_fail_the_second(
    catalog: Catalog, generating: Job, read: Callable[[Job], Track]
) -> None:
    first = _ended(generating, JobStatus.FAILED)
    Tracks(catalog).end(first)
    assert read(generating).error == {"code": "SILENT", "message": "We hear nothing.", "step": None, "detail": None}

    second = _again(generating)
    Tracks(catalog).follow(second)
    Tracks(catalog).end(first)
    assert read(generating).status == TrackStatus.GENERATING

    assert _persist(catalog, second)
    Tracks(catalog).end(first)
    assert read(generating).status == TrackStatus.READY


def test_a_job_from_just_before_a_crash_is_adopted(
    catalog: Catalog, generating: Job, read: Callable[[Job], Track]
) -> None:
    newer = a_track_job(generating.owner_id, str(generating.subject_id), job_id=id_after(generating.job_id, new_id()))

    assert _persist(catalog, newer)

    track = read(generating)
    assert (track.status, track.job_id, track.hum_asset_id) == (TrackStatus.READY, newer.job_id, newer.inputs["hum"])


def test_a_canceled_job_leaves_the_track_as_it_was(
    catalog: Catalog, generating: Job, read: Callable[[Job], Track]
) -> None:
    Tracks(catalog).end(_ended(generating, JobStatus.CANCELED))
    assert read(generating).status == TrackStatus.DRAFT
    assert not _persist(catalog, generating)  # it ran on for a moment
    assert read(generating).variants == []

    second = _again(generating)
    assert _persist(catalog, second)
    third = _again(second)
    Tracks(catalog).follow(third)
    Tracks(catalog).end(_ended(third, JobStatus.CANCELED))
    assert read(generating).status == TrackStatus.READY


def test_nothing_comes_back_to_a_deleted_track(catalog: Catalog, generating: Job, read: Callable[[Job], Track]) -> None:
    whose = {"owner_id": generating.owner_id, "subject_id": str(generating.subject_id)}
    assert Tracks(catalog).delete(**whose) == [generating.job_id]

    assert not _persist(catalog, generating)
    for late in (Tracks(catalog).follow, Tracks(catalog).check):
        with pytest.raises(NotFound):
            late(_again(generating))
    Tracks(catalog).end(_ended(generating, JobStatus.CANCELED))
    with pytest.raises(NotFound):
        read(generating)


def test_tracks_are_listed_newest_first_page_by_page(catalog: Catalog, owner_id: Id) -> None:
    tracks = Tracks(catalog)
    made = [tracks.create(owner_id=owner_id, title=str(hour), metadata=TrackMetadata()).id for hour in range(5)]

    with catalog.transaction() as session:
        first = tracks.list_page(session, owner_id=owner_id, limit=3, before=None)
        rest = tracks.list_page(session, owner_id=owner_id, limit=3, before=first[-1].id)

    assert [track.id for track in [*first, *rest]] == sorted(made, reverse=True)


def test_a_share_opens_until_it_expires_or_is_revoked(catalog: Catalog, owner_id: Id, generating: Job) -> None:
    track_id = str(generating.subject_id)

    def share(token: bytes, expires_at: datetime | None = None) -> Id:
        with catalog.transaction() as session:
            return shares.create(
                session,
                owner_id=owner_id,
                kind="track",
                subject_id=track_id,
                token_sha256=token,
                secret=b"secret",
                password_hash=None,
                expires_at=expires_at,
                now=NOW,
            ).id

    def opens(token: bytes, now: datetime = NOW) -> bool:
        with catalog.transaction() as session:
            return shares.open_shared(session, token_sha256=token, now=now) is not None

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


def test_one_read_is_outside_of_any_transaction(catalog: Catalog) -> None:
    """``now()`` stands still in a transaction; without one each statement has its own."""
    with catalog.transaction() as session:
        assert session.scalar(text("SELECT now()")) == session.scalar(text("SELECT now()"))
    with catalog.one_read() as session:
        assert session.scalar(text("SELECT now()")) != session.scalar(text("SELECT now()"))
    with catalog.transaction() as session:  # the connection comes back as it was
        assert session.scalar(text("SELECT now()")) == session.scalar(text("SELECT now()"))
