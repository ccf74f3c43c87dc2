"""Outbound generative models behind Protocols, one folder per kind; each kind has an embedded default."""
