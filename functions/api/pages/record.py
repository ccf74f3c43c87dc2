"""The page where a person hums: it records or takes a file, has songs made of it and plays them."""

import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from functions.api.pages.html import bucket_origin, page, source
from functions.api.services import Serving

router = APIRouter(tags=["pages"])

Script = Literal["player.js", "record.js"]


@router.get("/", include_in_schema=False)
@router.head("/", include_in_schema=False)
def front_door() -> Response:
    """Who knows only the host's name comes to where songs begin."""
    return RedirectResponse("/record")


@router.get("/record", response_class=HTMLResponse)
@router.head("/record", include_in_schema=False)
def record_page(services: Serving) -> Response:
    """Everything it does, it does through this API; the person's tokens stay in the tab."""
    bucket = bucket_origin(services)
    policy = {
        "script-src": "'self'",
        "connect-src": f"'self' {bucket}",
        "img-src": f"data: {bucket}",
        "media-src": f"blob: {bucket}",
    }
    scripts = [f"/scripts/{name}?{_version(name)}" for name in ("player.js", "record.js")]
    return page("record.html", policy=policy, scripts=scripts)


@router.get("/scripts/{name}", include_in_schema=False)
def script(name: Annotated[Script, Path()]) -> Response:
    # Its address changes with its content, so that what was fetched stays good.
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(source(name), media_type="text/javascript", headers=headers)


def _version(name: str) -> str:
    return hashlib.sha256(source(name).encode()).hexdigest()[:16]
