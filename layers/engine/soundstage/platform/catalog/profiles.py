"""Model profiles: each one's owner alone knows that it is there. Keys come in sealed and are opened elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from soundstage.models.errors import NotFound, QuotaExceeded
from soundstage.models.film import FilmSettings
from soundstage.models.ids import Id
from soundstage.models.profiles import KINDS, ModelNode, ProfileKind, ProfileTerms, Sealed, SealedProfile
from soundstage.models.providers import EMBEDDED
from soundstage.platform.catalog.tables import ModelProfile

MAX_PER_OWNER = 100
_ID = re.compile(r"[0-9a-f]{32}")
_TERMS: TypeAdapter[ProfileTerms] = TypeAdapter(ProfileTerms)


def create(session: Session, profile: SealedProfile, *, now: datetime) -> ModelProfile:
    """Raises QuotaExceeded."""
    kept = session.scalar(_alive(profile.owner_id).with_only_columns(func.count()).order_by(None))
    if kept is not None and kept >= MAX_PER_OWNER:
        raise QuotaExceeded(f"One person may keep {MAX_PER_OWNER} model profiles.", detail={"profiles": kept})
    row = ModelProfile(id=profile.profile_id, owner_id=profile.owner_id, revision=0, created_at=now)
    write(row, profile, now=now)
    session.add(row)
    session.flush()
    return row


def write(row: ModelProfile, profile: SealedProfile, *, now: datetime) -> None:
    """The caller holds the row's lock."""
    row.name, row.kind = profile.name, KINDS[profile.terms.protocol]
    row.terms = profile.terms.model_dump(mode="json")
    row.sealed = profile.sealed.model_dump(mode="json") if profile.sealed else None
    row.revision += 1
    row.updated_at = now


def own(session: Session, *, owner_id: Id, profile_id: Id, lock: bool = False) -> ModelProfile:
    """Raises NotFound when it is missing, deleted or someone else's."""
    query = _alive(owner_id).where(ModelProfile.id == profile_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("There is no such model profile.")
    return found


def node(session: Session, profile_id: Id) -> SealedProfile | None:
    """A model node's profile, whoever's: the node itself asks, and proves who it is by its signature."""
    query = select(ModelProfile).where(ModelProfile.id == profile_id, ModelProfile.deleted_at.is_(None))
    row = session.scalar(query)
    found = sealed_profile(row) if row is not None else None
    return found if found is not None and isinstance(found.terms, ModelNode) else None


def list_page(session: Session, *, owner_id: Id, limit: int, before: Id | None) -> Sequence[ModelProfile]:
    """Newest first, those older than ``before``."""
    query = _alive(owner_id).order_by(ModelProfile.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(ModelProfile.id < before)).all()


def delete(row: ModelProfile, *, now: datetime) -> None:
    """The row stays, its key does not."""
    row.sealed = None
    row.deleted_at = row.updated_at = now


def sealed_profile(row: ModelProfile) -> SealedProfile:
    sealed = Sealed.model_validate(row.sealed) if row.sealed else None
    terms = _TERMS.validate_python(row.terms)
    return SealedProfile(profile_id=row.id, owner_id=row.owner_id, name=row.name, terms=terms, sealed=sealed)


def chosen(session: Session, owner_id: Id, settings: FilmSettings) -> dict[ProfileKind, SealedProfile]:
    """The profiles that a film's settings name, of its owner and of the kind that they are chosen for; others not."""
    named: Mapping[str, str] = {kind: name for kind, name in settings.providers.items() if name != EMBEDDED}
    rows = {row.id: row for row in session.scalars(_alive(owner_id).where(ModelProfile.id.in_(_ids(named.values()))))}
    found = {kind: sealed_profile(rows[name]) for kind, name in named.items() if name in rows}
    return {profile.kind: profile for kind, profile in found.items() if profile.kind == kind}


def _ids(names: Iterable[str]) -> list[Id]:
    """Anything may stand in settings; the column takes ids only."""
    return [name for name in names if _ID.fullmatch(name)]


def _alive(owner_id: Id) -> Select[ModelProfile]:
    return select(ModelProfile).where(ModelProfile.owner_id == owner_id, ModelProfile.deleted_at.is_(None))
