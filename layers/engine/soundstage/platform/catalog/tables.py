"""The tables. Ids are UUIDv7, stored in 16 bytes and spelled as 32 hex characters everywhere else."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from soundstage.models.ids import Id
from soundstage.models.match import MatchStatus
from soundstage.models.tracks import TrackStatus


class HexId(TypeDecorator[str]):
    """An id of ``soundstage.models.ids`` in a Postgres ``uuid`` column."""

    impl = Uuid
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> uuid.UUID | None:  # noqa: ARG002
        return None if value is None else uuid.UUID(hex=value)

    def process_result_value(self, value: uuid.UUID | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.hex


class Base(DeclarativeBase):
    # Constraints have names, so a migration can drop them again.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's own declaration)
        Id: HexId(),
        datetime: DateTime(timezone=True),
        str: Text(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[str]: JSONB(none_as_null=True),
        bytes: LargeBinary(),
    }


class User(Base):
    __tablename__ = "users"

    id: Mapped[Id] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    plan: Mapped[str] = mapped_column(server_default="free")
    created_at: Mapped[datetime]


class RefreshToken(Base):
    """One use each. Tokens that follow from one log-in are a family; a second use of one ends the family."""

    __tablename__ = "refresh_tokens"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[Id] = mapped_column(index=True)
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Track(Base):
    __tablename__ = "tracks"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in TrackStatus)), name="status"),
        CheckConstraint("primary_label IN ('A', 'B')", name="primary_label"),
        # Lists are newest first, and ids are ordered by time.
        Index("ix_tracks_owner_id_id", "owner_id", "id", postgresql_where=text("status <> 'deleted'")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str]
    status: Mapped[str]
    primary_label: Mapped[str | None]
    hum_asset_id: Mapped[Id | None]
    job_id: Mapped[Id | None]
    job_attempt: Mapped[int] = mapped_column(server_default="0")
    gen_params: Mapped[dict[str, Any] | None]
    track_metadata: Mapped[dict[str, Any]] = mapped_column("metadata")
    score: Mapped[dict[str, Any] | None]
    cover_key: Mapped[str | None]
    error: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    variants: Mapped[list["TrackVariant"]] = relationship(order_by="TrackVariant.label", lazy="selectin")


class TrackVariant(Base):
    """A song. ``job_id`` made it; ``video_job_id`` makes, or made, its video, which is there once it has a key."""

    __tablename__ = "track_variants"
    __table_args__ = (CheckConstraint("label IN ('A', 'B')", name="label"),)

    track_id: Mapped[Id] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[Id]
    style: Mapped[str]
    provider: Mapped[str]
    provider_note: Mapped[str | None]
    sound_font: Mapped[str | None]
    audio_key: Mapped[str]
    preview_key: Mapped[str | None]
    midi_key: Mapped[str]
    picture_keys: Mapped[dict[str, Any]]
    duration_s: Mapped[float]
    tempo_bpm: Mapped[float]
    musical_key: Mapped[dict[str, Any]]
    chords: Mapped[list[str]]
    integrated_lufs: Mapped[float]
    true_peak_dbtp: Mapped[float]
    scores: Mapped[dict[str, Any]]
    video_job_id: Mapped[Id | None]
    video_key: Mapped[str | None]
    poster_key: Mapped[str | None]
    created_at: Mapped[datetime]


class Share(Base):
    """A link to one track for people without an account. Only the hash of its token is kept."""

    __tablename__ = "shares"

    id: Mapped[Id] = mapped_column(primary_key=True)
    track_id: Mapped[Id] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"), index=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    views: Mapped[int] = mapped_column(server_default="0")
    last_viewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Preset(Base):
    """A style under a name. ``params`` is a ``models.style.StyleParams``; a given impulse response lies at ``ir_key``.

    ``revision`` counts changes, so that a change made from what is no longer there can be refused.
    """

    __tablename__ = "presets"
    __table_args__ = (
        CheckConstraint("visibility IN ('private', 'public')", name="visibility"),
        # A name is free again once its preset is deleted.
        Index("uq_presets_owner_id_name", "owner_id", "name", unique=True, postgresql_where=text("deleted_at IS NULL")),
        # Lists are newest first, and ids are ordered by time.
        Index("ix_presets_owner_id_id", "owner_id", "id", postgresql_where=text("deleted_at IS NULL")),
        Index(
            "ix_presets_public_id",
            "id",
            postgresql_where=text("visibility = 'public' AND deleted_at IS NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    visibility: Mapped[str] = mapped_column(server_default="private")
    params: Mapped[dict[str, Any]]
    schema_version: Mapped[int] = mapped_column(server_default="1")
    ir_key: Mapped[str | None]
    source_match_id: Mapped[Id | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Match(Base):
    """A recording that got another sound. ``params`` is what was asked, ``style`` what was found."""

    __tablename__ = "matches"
    __table_args__ = (
        CheckConstraint("status IN ({})".format(", ".join(f"'{s}'" for s in MatchStatus)), name="status"),
        Index("ix_matches_owner_id_id", "owner_id", "id", postgresql_where=text("status <> 'deleted'")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str]
    status: Mapped[str]
    job_id: Mapped[Id] = mapped_column(unique=True)
    job_attempt: Mapped[int] = mapped_column(server_default="1")
    preset_id: Mapped[Id | None] = mapped_column(ForeignKey("presets.id", ondelete="SET NULL"))
    params: Mapped[dict[str, Any]]
    style: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    metrics: Mapped[list["Metric"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    segments: Mapped[list["JobSegment"]] = relationship(order_by="JobSegment.index", cascade="all, delete-orphan")


class Metric(Base):
    """One number of a match, before or after. A row each, so that people can ask about many matches."""

    __tablename__ = "metrics"
    __table_args__ = (CheckConstraint("moment IN ('before', 'after')", name="moment"),)

    match_id: Mapped[Id] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"), primary_key=True)
    moment: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]


class JobSegment(Base):
    """A part of a long recording that was rendered on its own."""

    __tablename__ = "job_segments"

    match_id: Mapped[Id] = mapped_column(ForeignKey("matches.id", ondelete="CASCADE"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    start_frame: Mapped[int] = mapped_column(BigInteger)
    end_frame: Mapped[int] = mapped_column(BigInteger)
    read_from_frame: Mapped[int] = mapped_column(BigInteger)


class AuditLog(Base):
    """Who did what to what. Append-only: nothing in this code updates or deletes a row."""

    __tablename__ = "audit_logs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[Id | None] = mapped_column(index=True)
    action: Mapped[str]
    target: Mapped[str | None]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
