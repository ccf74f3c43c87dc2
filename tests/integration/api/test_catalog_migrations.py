from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from soundstage.platform.catalog import migrate
from soundstage.platform.catalog.database import connect
from soundstage.platform.catalog.rows import metadata


@pytest.fixture
def empty_engine(postgres_url: str) -> Engine:
    with connect(postgres_url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrations WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE migrations"))
    return connect(postgres_url.replace("/postgres?", "/migrations?"))


def test_the_models_are_what_the_migrations_make(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)

    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata()) == []


def test_migrations_go_up_and_down_and_up_again(empty_engine: Engine) -> None:
    head = migrate.upgrade(empty_engine)
    assert set(inspect(empty_engine).get_table_names()) > {"users", "tracks", "shares"}

    assert migrate.downgrade(empty_engine, "base") == "base"
    assert set(inspect(empty_engine).get_table_names()) == {"alembic_version"}

    assert migrate.upgrade(empty_engine) == head


def test_two_deployments_at_once_take_turns(empty_engine: Engine) -> None:
    with ThreadPoolExecutor(2) as deployments:
        revisions = list(deployments.map(migrate.upgrade, [empty_engine, empty_engine]))

    assert revisions[0] == revisions[1] != "base"
