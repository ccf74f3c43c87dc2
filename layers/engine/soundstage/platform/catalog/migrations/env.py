"""Alembic's entry: runs migrations on the connection that ``migrate`` holds."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.dialects.postgresql import JSONB

from soundstage.platform.catalog.rows import metadata
from soundstage.platform.catalog.tables import HexId


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Migrations name the database's types: they must still run when our own types have moved on."""
    if kind == "type" and isinstance(item, HexId):
        return "sa.Uuid()"
    if kind == "type" and isinstance(item, JSONB):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.JSONB()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_item=render_item,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
