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
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from soundstage.models.ids import Id


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
    """``deleted_at``: nobody logs in any more, and nothing of it is found; ``erased_at``: its files are gone, too.

    ``blocked_at``: an operator has shut it out; nothing of it is lost.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index(
            "ix_users_deleted_at", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL AND erased_at IS NULL")
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    plan: Mapped[str] = mapped_column(server_default="free")
    created_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class LogIn(Base):
    """A log-in on one device, with all tokens that follow from it (``platform.catalog.sessions``)."""

    __tablename__ = "sessions"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RefreshToken(Base):
    """One use each. A second use of one ends the log-in."""

    __tablename__ = "refresh_tokens"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[Id] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key for programs (``platform.catalog.api_keys``). ``prefix`` is not secret: it finds the row."""

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_owner_id_id", "owner_id", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    key_sha256: Mapped[bytes]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IssuerIdentity(Base):
    """Who an account belongs to at another OpenID issuer."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]


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


class ModelProfile(Base):
    """A provider that a person has set up: ``models.profiles.ProfileTerms``, and its key as ``Sealed``."""

    __tablename__ = "model_profiles"
    __table_args__ = (
        CheckConstraint("kind IN ('text', 'image', 'clip', 'speech')", name="kind"),
        Index("ix_model_profiles_owner_id_id", "owner_id", "id", postgresql_where=text("deleted_at IS NULL")),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    kind: Mapped[str]
    terms: Mapped[dict[str, Any]]
    sealed: Mapped[dict[str, Any] | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class WebhookEndpoint(Base):
    """Where a person wants to hear of their jobs. Secrets are ``Sealed``; the previous one counts until its time."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index("ix_webhook_endpoints_owner_id_id", "owner_id", "id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    owner_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    url: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    event_types: Mapped[list[str]]
    secret: Mapped[dict[str, Any]]
    previous_secret: Mapped[dict[str, Any] | None]
    previous_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AuditLog(Base):
    """Who did what to what. Append-only: the database refuses to change or delete a row; see ``audit``."""

    __tablename__ = "audit_logs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[Id | None] = mapped_column(index=True)
    action: Mapped[str]
    target: Mapped[str | None]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    previous_sha256: Mapped[bytes | None]
    sha256: Mapped[bytes | None]
