"""On AWS CloudFront and its firewall stand before the API, whose own address is as public as theirs: what came past
them is refused. CloudFront proves itself with a header that only it and we know, and says who asked, and for which
host: the event has CloudFront's address and the API's own host.
"""

from functions.api.middleware.errors import answer_to
from functions.api.services import Services
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from soundstage.models import edge_headers
from soundstage.models.errors import WrongAddress


class Edge:
    """ASGI middleware. Without ``edge_secret`` in the settings everything passes as it is."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._services.settings.edge_secret is not None:
            headers = Headers(scope=scope)
            if not self._services.is_edge(headers.get(edge_headers.KEY, "")):
                await answer_to(Request(scope), WrongAddress())(scope, receive, send)
                return
            scope["client"] = (headers[edge_headers.CLIENT], 0)
            MutableHeaders(scope=scope)["host"] = headers[edge_headers.HOST]
        await self._app(scope, receive, send)
