"""Accounts: who they are, and how one goes with all that it owns."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from soundstage.models.errors import Conflict
from soundstage.models.ids import Id, is_id, new_id
from soundstage.platform.catalog.product_rows import DELETED, ProductRow
from soundstage.platform.catalog.shares import Share
from soundstage.platform.catalog.tables import ApiKey, Base, IssuerIdentity, ModelProfile, Preset, User

NO_PASSWORD = "none"  # noqa: S105  (no hash of any password)
"""In place of a hash: an account of another issuer, or none any more. No password fits."""


def register(session: Session, *, email: str, password_hash: str, now: datetime) -> User:
    """``email`` is normalised. Raises Conflict when it has an account already."""
    user_id = session.scalar(
        insert(User)
        .values(id=new_id(), email=email, password_hash=password_hash, created_at=now)
        .on_conflict_do_nothing(index_elements=[User.email])
        .returning(User.id)
    )
    if user_id is None:
        raise Conflict("This e-mail address has an account already; log in instead.")
    return session.get_one(User, user_id)


def find(session: Session, user_id: Id, *, lock: bool = False) -> User | None:
    """None for an account that was deleted, too."""
    query = select(User).where(User.id == user_id, User.deleted_at.is_(None))
    return session.scalar(query.with_for_update() if lock else query)


def find_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email, User.deleted_at.is_(None)))


def change_email(session: Session, user: User, email: str) -> None:
    """Raises Conflict when it has an account already."""
    try:
        with session.begin_nested():
            user.email = email
    except IntegrityError as error:
        raise Conflict("This e-mail address has an account already.") from error


def find_identity(session: Session, *, issuer: str, subject: str) -> User | None:
    query = select(User).join(IssuerIdentity, IssuerIdentity.user_id == User.id)
    return session.scalar(
        query.where(IssuerIdentity.issuer == issuer, IssuerIdentity.subject == subject, User.deleted_at.is_(None))
    )


def add_identity(session: Session, *, issuer: str, subject: str, user_id: Id, now: datetime) -> None:
    """Raises Conflict where two first log-ins at once have added it."""
    try:
        with session.begin_nested():
            session.add(IssuerIdentity(issuer=issuer, subject=subject, user_id=user_id, created_at=now))
    except IntegrityError as error:
        raise Conflict("This identity has an account already; log in again.") from error


def delete_account(session: Session, user: User, *, now: datetime) -> None:
    """Nothing of it is found any more; its address is free again. Its log-ins are not ended here."""
    for table in owned_tables():
        session.execute(
            update(table)
            .where(table.owner_id == user.id, table.status != DELETED)
            .values(status=DELETED, deleted_at=now, updated_at=now)
        )
    for kept in (Preset, ModelProfile):
        unwanted = update(kept).where(kept.owner_id == user.id, kept.deleted_at.is_(None))
        session.execute(unwanted.values(deleted_at=now, updated_at=now))
    session.execute(update(Preset).where(Preset.owner_id == user.id).values(visibility="private"))
    session.execute(update(ModelProfile).where(ModelProfile.owner_id == user.id).values(sealed=None))
    session.execute(update(Share).where(Share.owner_id == user.id, Share.revoked_at.is_(None)).values(revoked_at=now))
    session.execute(
        update(ApiKey).where(ApiKey.owner_id == user.id, ApiKey.revoked_at.is_(None)).values(revoked_at=now)
    )
    session.execute(delete(IssuerIdentity).where(IssuerIdentity.user_id == user.id))
    user.email = f"{user.id}@deleted.invalid"
    user.password_hash = NO_PASSWORD
    user.deleted_at = now


def find_by_either(session: Session, who: str) -> User | None:
    """By e-mail address or id; an id finds accounts that were deleted, too."""
    who = who.strip().lower()
    if "@" in who:
        return find_by_email(session, who)
    return session.get(User, who) if is_id(who) else None


def owned_tables() -> list[type[ProductRow]]:
    """The rows of every product."""
    from soundstage.platform.catalog.rows import metadata  # noqa: PLC0415  (which imports the products' tables)

    metadata()
    found = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, ProductRow)]
    return sorted(found, key=lambda table: table.__tablename__)


def to_erase(session: Session, *, limit: int) -> list[Id]:
    """Accounts that were deleted, and whose files are still there; the longest waiting first."""
    query = select(User.id).where(User.deleted_at.is_not(None), User.erased_at.is_(None))
    return list(session.scalars(query.order_by(User.deleted_at).limit(limit)))


def erased(session: Session, user_id: Id, *, now: datetime) -> None:
    session.execute(update(User).where(User.id == user_id).values(erased_at=now))
