"""Who may have the files behind a share: whoever has come by its page, and knows its password if it has one.

The page leaves a cookie for its own address, and puts a ticket into the addresses of its files; either is enough, both
are signed with the share's own secret and end, and neither helps another page: browsers do not send the cookie there,
and say that the request comes from elsewhere.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from functions.api.services import Services, public_url

from soundstage.platform.catalog.shares import Share

COOKIE: Final = "visit"
VISIT: Final = timedelta(hours=12)
"""How long a page may stay open."""
TICKET: Final = timedelta(hours=1)
"""For players and downloads that send no cookies."""

_EMBEDDED: Final = frozenset({"audio", "video", "image", "embed", "object", "iframe", "frame", "track", "empty"})
"""``Sec-Fetch-Dest`` of what a page takes from an address (W3C Fetch Metadata §2.1)."""


def begin(response: Response, share: Share, path: str, services: Services, request: Request) -> None:
    """Leave the cookie of a visit that is allowed."""
    response.set_cookie(
        COOKIE,
        _signed(share, "visit", services.clock() + VISIT),
        max_age=int(VISIT.total_seconds()),
        path=path,
        secure=public_url(request, services).startswith("https://"),
        httponly=True,
        samesite="lax",
    )


def is_visitor(request: Request, share: Share, now: datetime) -> bool:
    return _good(request.cookies.get(COOKIE, ""), share, "visit", now)


def ticket_query(share: Share, now: datetime) -> str:
    """What makes the address of a file good for an hour."""
    return "?" + urlencode({"t": _signed(share, "file", now + TICKET)})


def refusal(request: Request, share: Share, ticket: str | None, now: datetime, *, preview: bool) -> Response | None:
    """Why a file is not for this request, as an answer: None where it is. ``preview``: shown where a link is pasted.

    Who follows an old address gets to the page; another page that embeds it gets nothing.
    """
    headers = request.headers
    embedded = headers.get("Sec-Fetch-Dest", "") in _EMBEDDED
    if headers.get("Sec-Fetch-Site") == "cross-site" and embedded:
        return HTMLResponse("This is played on its own page.", status_code=403)
    if preview and share.password_hash is None:
        return None
    if is_visitor(request, share, now) or _good(ticket or "", share, "file", now):
        return None
    if embedded:
        return HTMLResponse("This is played on its own page.", status_code=403)
    token = request.path_params["token"]
    return RedirectResponse(f"/s/{token}", status_code=303)


def _signed(share: Share, what: str, until: datetime) -> str:
    seconds = int(until.timestamp())
    return f"{seconds}.{_mac(share, what, seconds)}"


def _good(ticket: str, share: Share, what: str, now: datetime) -> bool:
    seconds, _, mac = ticket.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        return False
    fits = hmac.compare_digest(mac.encode(), _mac(share, what, int(seconds)).encode())
    return fits and int(seconds) > now.timestamp()


def _mac(share: Share, what: str, seconds: int) -> str:
    return hmac.new(share.secret, f"{what}.{seconds}".encode(), sha256).hexdigest()[:32]
