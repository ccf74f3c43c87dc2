"""Migrations, run on deploy: ``upgrade(engine)``. A new one: ``python -m soundstage.platform.catalog.migrate NAME``."""

import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from soundstage.platform.catalog.database import connect

# Any number that nobody else locks in this database; two deployments at once then take turns.
ADVISORY_LOCK = 0x50554E44


def upgrade(engine: Engine, revision: str = "head") -> str:
    """Bring the schema to ``revision`` in one transaction (Postgres has transactional DDL). Returns where it is now."""
    with engine.begin() as connection:
        _lock(connection)
        command.upgrade(_config(connection), revision)
        return _current(connection)


def downgrade(engine: Engine, revision: str) -> str:
    """Take the schema back to ``revision`` (``base``: empty)."""
    with engine.begin() as connection:
        _lock(connection)
        command.downgrade(_config(connection), revision)
        return _current(connection)


def _lock(connection: Connection) -> None:
    # Waiting for another deployment, and a long migration, may take longer than a request may.
    connection.execute(text("SET LOCAL statement_timeout = '10min'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def _current(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or "base"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    with connect(os.environ["SOUNDSTAGE_DATABASE_URL"]).begin() as _connection:
        command.revision(_config(_connection), message=sys.argv[1], autogenerate=True)
