"""``/`` of the API's own address, for whoever knows only the host's name. Before a console, that has the page."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from functions.api.services import Serving

router = APIRouter()


@router.get("/", include_in_schema=False)
@router.head("/", include_in_schema=False)
def front_door(request: Request, services: Serving) -> Response:
    """To the console, or to what the API says of itself."""
    home = services.settings.public_url
    elsewhere = home is not None and urlsplit(home).netloc != request.url.netloc
    return RedirectResponse(f"{str(home).rstrip('/')}/" if elsewhere else "/v1/openapi.json")
