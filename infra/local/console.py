"""The console at the gateway: its built files beside the API, on one address, as CloudFront serves them on AWS."""

import os

from functions.api.main import create_app
from functions.api.pages.html import bucket_origin
from functions.api.services import Services
from infra.console_policy import OF_THE_API, PERMISSIONS_POLICY, content_security_policy
from infra.local.executions import app as executions
from infra.local.settings import ROOT
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

BUILT = ROOT / "web" / "dist"
# Tells the console that there is more to see of a job here: no other stage's page says so.
HAS_EXECUTIONS = f'<meta name="soundstage-executions" content="{executions.PATH}/jobs/" />'
SENTRY_DSN = "SOUNDSTAGE_CONSOLE_SENTRY_DSN"
# What vite names by its content stays good; everything else is asked for again.
KEPT, ASKED = "public, max-age=31536000, immutable", "no-cache"


def create_gateway() -> ASGIApp:
    """The API, and the console for every other path, if it was built."""
    api = create_app()
    return Console(api, api.state.services) if (BUILT / "index.html").exists() else api


class Console:
    """ASGI application: files of the console; each of its screens is the same page, which reads the path itself."""

    def __init__(self, api: ASGIApp, services: Services) -> None:
        self._api = api
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if ours and executions.is_ours(scope["path"]):
            await (await executions.answer(Request(scope)))(scope, receive, send)
        elif not ours or scope["path"].startswith(OF_THE_API):
            await self._api(scope, receive, send)
        else:
            # As CloudFront does: a third of the bytes on the way to a phone in the same house.
            await GZipMiddleware(self._answer(Request(scope)), compresslevel=6)(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
        path = request.url.path
        file = (BUILT / path.lstrip("/")).resolve()
        if path != "/" and file.is_relative_to(BUILT) and file.is_file():
            headers["Cache-Control"] = KEPT if path.startswith("/assets/") else ASKED
            return FileResponse(file, headers=headers)
        dsn, settings = os.environ.get(SENTRY_DSN), self._services.settings
        if path == "/config.json" and dsn:
            told = {"sentry_dsn": dsn, "release": settings.release, "environment": settings.stage}
            return JSONResponse({name: value for name, value in told.items() if value}, headers=headers)
        if path.startswith("/assets/") or path == "/config.json":
            return Response(status_code=404)
        headers |= {
            "Cache-Control": ASKED,
            "Content-Security-Policy": content_security_policy(bucket_origin(self._services), sentry_dsn=dsn),
            "Permissions-Policy": PERMISSIONS_POLICY,
        }
        body = (BUILT / "index.html").read_text().replace("</head>", f"{HAS_EXECUTIONS}</head>", 1)
        return HTMLResponse(body, headers=headers)
