"""Logs, metrics, traces and errors; what cannot be sent now waits in an outbox."""
