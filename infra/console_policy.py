"""What the console's page may load and whom it may talk to."""

from urllib.parse import urlsplit


def content_security_policy(bucket_origin: str, *, sentry_dsn: str | None = None) -> str:
    """The header's value. Uploads go to ``bucket_origin``, and sounds and pictures come from there. Errors go to the
    host of ``sentry_dsn``.
    """
    parts = urlsplit(sentry_dsn or "")
    sentry = f" {parts.scheme}://{parts.netloc.rpartition('@')[2]}" if sentry_dsn else ""
    allowed = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob: {bucket_origin}",
        "media-src": f"blob: {bucket_origin}",
        "connect-src": f"'self' {bucket_origin}{sentry}",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{directive} {sources}" for directive, sources in allowed.items())


PERMISSIONS_POLICY = "microphone=(self), camera=(), geolocation=()"

OF_THE_API = ("/v1/", "/s/", "/health", "/.well-known/")
"""Paths that begin so are the API's; on every other one is the console."""
