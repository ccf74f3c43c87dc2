"""Adapters to the world: AWS, Postgres, logs and metrics. Clients are made when first used, never at import."""
