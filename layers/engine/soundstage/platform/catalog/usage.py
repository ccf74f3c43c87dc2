"""What was made for whom: one entry per job that made sound or film, written with what it made. Nothing removes one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from soundstage.models.ids import Id
from soundstage.models.jobs import WorkflowInput
from soundstage.platform.catalog.tables import Base, User


class UsageEntry(Base):
    """``media_s``: seconds of finished sound or film, both songs of a track counted."""

    __tablename__ = "usage_entries"
    __table_args__ = (Index("ix_usage_entries_owner_id_made_at", "owner_id", "made_at"),)

    job_id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    kind: Mapped[str]
    media_s: Mapped[float]
    made_at: Mapped[datetime]


def record(session: Session, job: WorkflowInput, *, kind: str, media_s: float, now: datetime) -> None:
    """In the transaction that keeps what the job made. Again, it changes nothing."""
    values = {"job_id": job.job_id, "owner_id": job.owner_id, "kind": kind, "media_s": media_s, "made_at": now}
    session.execute(insert(UsageEntry).values(values).on_conflict_do_nothing())


def media_seconds(session: Session, owner_id: Id, *, from_: datetime, until: datetime) -> dict[str, float]:
    """By kind of job, of what was made in [from_, until)."""
    query = (
        select(UsageEntry.kind, func.sum(UsageEntry.media_s))
        .where(UsageEntry.owner_id == owner_id, UsageEntry.made_at >= from_, UsageEntry.made_at < until)
        .group_by(UsageEntry.kind)
    )
    return {kind: float(seconds) for kind, seconds in session.execute(query)}
