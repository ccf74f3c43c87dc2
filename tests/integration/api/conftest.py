from tests.fixtures.postgres import catalog, migrated_engine, postgres_url

__all__ = ["catalog", "migrated_engine", "postgres_url"]
