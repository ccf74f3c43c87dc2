"""Presets: styles under names, each unique among what its owner keeps; private, or public for everybody to use.

What is someone else's and private does not exist for others; what is public they may read, and not change.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from soundstage.models.errors import NameTaken, NotFound, QuotaExceeded
from soundstage.models.ids import Id, new_id
from soundstage.models.style import StyleParams
from soundstage.platform.catalog.tables import Preset

MAX_PER_OWNER = 1000

UNIQUE_VIOLATION = "23505"
"""PostgreSQL, appendix A. By its code, so that the driver (.05 s) is read when the database is needed."""

Visibility = Literal["private", "public"]


def create(
    session: Session,
    *,
    owner_id: Id,
    name: str,
    description: str,
    visibility: Visibility,
    params: StyleParams,
    source_match_id: Id | None,
    now: datetime,
) -> Preset:
    """``params`` without a response in it (``impulse_responses.externalise``).

    Raises:
        NameTaken: the owner has a preset of this name.
        QuotaExceeded: the owner has as many presets as anybody may.
    """
    kept = session.scalar(select(func.count()).where(Preset.owner_id == owner_id, _alive()))
    if kept is not None and kept >= MAX_PER_OWNER:
        raise QuotaExceeded(f"One person may keep {MAX_PER_OWNER} presets.", detail={"presets": kept})
    preset = Preset(
        id=new_id(),
        owner_id=owner_id,
        name=name,
        description=description,
        visibility=visibility,
        revision=1,
        source_match_id=source_match_id,
        created_at=now,
        updated_at=now,
    )
    _hold(preset, params)
    session.add(preset)
    _flush(session, name)
    return preset


def own(session: Session, *, owner_id: Id, preset_id: Id, lock: bool = False) -> Preset:
    """To change it. Raises NotFound when it is missing, deleted or someone else's, public or not."""
    return _one(session, select(Preset).where(Preset.id == preset_id, Preset.owner_id == owner_id), lock=lock)


def readable(session: Session, *, reader_id: Id, preset_id: Id) -> Preset:
    """To use it. Raises NotFound when it is missing, deleted, or someone else's and private."""
    return _one(session, select(Preset).where(Preset.id == preset_id, _shown_to(reader_id)))


def list_page(
    session: Session, *, owner_id: Id | None, visibility: Visibility | None, limit: int, before: Id | None
) -> Sequence[Preset]:
    """Newest first, those older than ``before``: one owner's, or with None everybody's."""
    query = select(Preset).where(_alive()).order_by(Preset.id.desc()).limit(limit)
    if owner_id is not None:
        query = query.where(Preset.owner_id == owner_id)
    if visibility is not None:
        query = query.where(Preset.visibility == visibility)
    return session.scalars(query if before is None else query.where(Preset.id < before)).all()


def change(
    session: Session,
    preset: Preset,
    *,
    name: str | None = None,
    description: str | None = None,
    visibility: Visibility | None = None,
    params: StyleParams | None = None,
    now: datetime,
) -> None:
    """None leaves it as it is. The caller holds the preset's lock. Raises NameTaken."""
    preset.name = preset.name if name is None else name
    preset.description = preset.description if description is None else description
    preset.visibility = preset.visibility if visibility is None else visibility
    if params is not None:
        _hold(preset, params)
    preset.revision += 1
    preset.updated_at = now
    _flush(session, preset.name)


def delete(preset: Preset, *, now: datetime) -> None:
    """Soft: the row stays, nobody finds it any more, and its name is free. Matches made with it keep their style."""
    preset.deleted_at = preset.updated_at = now


def style_of(preset: Preset) -> StyleParams:
    return StyleParams.model_validate(preset.params)


def _hold(preset: Preset, params: StyleParams) -> None:
    held: dict[str, Any] = params.model_dump(mode="json")
    preset.params, preset.schema_version = held, params.schema_version
    preset.ir_key = params.reverb.ir_key if params.reverb else None


def _one(session: Session, query: Select[Preset], *, lock: bool = False) -> Preset:
    query = query.where(_alive())
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no such preset.")
    return found


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION:
            raise NameTaken("You have a preset of this name already.", detail={"name": name}) from error
        raise


def _alive() -> ColumnElement[bool]:
    return Preset.deleted_at.is_(None)


def _shown_to(reader_id: Id) -> ColumnElement[bool]:
    return (Preset.owner_id == reader_id) | (Preset.visibility == "public")
