"""Webhooks: events on their way to addresses that people have named."""
