"""The tables of films in the making: projects with their versions, shots, batches of shots, films."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from soundstage.models.ids import Id
from soundstage.models.projects import BatchStatus, FilmStatus, ProjectStatus, ShotStatus
from soundstage.platform.catalog.product_rows import ProductRow, product_table_args
from soundstage.platform.catalog.tables import Base


class Project(ProductRow, Base):
    """``document`` is a ``models.projects.ProjectDocument``: the newest version. ``revision`` is that version's number.

    ``title`` is the document's, where lists find it.
    """

    __tablename__ = "projects"
    __table_args__ = product_table_args("projects", ProjectStatus)

    document: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(server_default="1")


class ProjectVersion(Base):
    """A document as it was once. Nothing in this code changes or removes one."""

    __tablename__ = "project_versions"
    __table_args__ = (CheckConstraint("reason IN ('created', 'storyboard', 'edit', 'restore')", name="reason"),)

    project_id: Mapped[Id] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    label: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    based_on: Mapped[int | None]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Shot(ProductRow, Base):
    """A shot's artefacts and the work on it; what it says is in its project's document, under ``part``.

    ``picture``, ``speech`` and ``clip`` are ``models.projects.Artefact``: what was made last, usable however the shot
    reads now.
    """

    __tablename__ = "shots"
    __table_args__ = product_table_args("shots", ShotStatus, UniqueConstraint("project_id", "part"))

    project_id: Mapped[Id] = mapped_column(ForeignKey(Project.id, ondelete="CASCADE"))
    part: Mapped[str]
    picture: Mapped[dict[str, Any] | None]
    speech: Mapped[dict[str, Any] | None]
    clip: Mapped[dict[str, Any] | None]


class ShotBatch(ProductRow, Base):
    """Work on all shots of a project at once. Its job makes it, so its project is not looked at when it is written.

    ``shot_jobs``: those that it began.
    """

    __tablename__ = "shot_batches"
    __table_args__ = product_table_args("shot_batches", BatchStatus, Index("ix_shot_batches_project_id", "project_id"))

    project_id: Mapped[Id]
    shot_jobs: Mapped[list[str]] = mapped_column(server_default="[]")
    result: Mapped[dict[str, Any] | None]


class Film(ProductRow, Base):
    """A film of a project as it was at ``revision``. ``settings`` is what differs from the project's.

    It outlives its project. ``files`` is a ``models.projects.FilmFiles``.
    """

    __tablename__ = "films"
    __table_args__ = product_table_args("films", FilmStatus, Index("ix_films_project_id", "project_id"))

    project_id: Mapped[Id]
    settings: Mapped[dict[str, Any]]
    revision: Mapped[int | None]
    files: Mapped[dict[str, Any] | None]
