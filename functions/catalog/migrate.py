"""Bring the catalog's schema up to date. Every deployment runs it before it counts as done."""

from typing import Any

from soundstage.platform.catalog import migrate
from soundstage.platform.catalog.database import engine_for
from soundstage.platform.runtime.functions import function
from soundstage.platform.settings import DatabaseSettings, TelemetrySettings


class MigrateSettings(DatabaseSettings, TelemetrySettings):
    """No bucket, no table: the database only."""


@function(MigrateSettings)
def handler(_event: dict[str, Any]) -> dict[str, str]:
    return {"revision": migrate.upgrade(engine_for(MigrateSettings()))}
