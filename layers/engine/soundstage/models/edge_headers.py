"""What CloudFront says to the API, and nobody else can: ``infra.console_site`` sends it, ``functions.api`` reads it."""

KEY = "x-soundstage-edge"
"""Proves that it is CloudFront."""
CLIENT = "x-soundstage-client"
"""The address of whoever asked CloudFront."""
HOST = "x-soundstage-host"
"""The host that CloudFront was asked for."""
