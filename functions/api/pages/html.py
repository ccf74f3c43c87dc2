"""Pages for people: templates, the one style sheet, and a policy that lets nothing else in."""

import base64
import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from functions.api.pages.languages import Language, language_of, said
from functions.api.services import Services
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def page(
    request: Request,
    template: str,
    *,
    policy: dict[str, str] | None = None,
    status: int = 200,
    form_action: str = "'none'",
    **values: Any,
) -> Response:
    """A template as an answer, in the visitor's language. ``policy`` names what the page may have besides the style
    sheet: directive → sources.
    """
    language = language_of(request)
    body = _templates(language).get_template(template).render(css=source("page.css"), language=language, **values)
    allowed = {
        "default-src": "'none'",
        "style-src": fingerprint("page.css"),
        "img-src": "data:",
        **(policy or {}),
        "base-uri": "'none'",
        "form-action": form_action,
        "frame-ancestors": "'none'",
    }
    header = "; ".join(f"{directive} {sources}" for directive, sources in allowed.items())
    headers = {"Content-Security-Policy": header, "Content-Language": language, "Vary": "Accept-Language"}
    return HTMLResponse(body, status_code=status, headers=headers)


def bucket_origin(services: Services) -> str:
    """Where signed URLs lead: a page that sends or plays files has to name it in its policy."""
    signed = urlsplit(services.objects.presign_get("any", expires_s=60))
    return f"{signed.scheme}://{signed.netloc}"


@cache
def source(name: str) -> Markup:
    """A script or style sheet as it stands in a page: one request shows all, and the policy names it by its hash."""
    return Markup((TEMPLATES / name).read_text())  # noqa: S704  (our own file)


@cache
def fingerprint(name: str) -> str:
    digest = hashlib.sha256(source(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _templates(language: Language) -> Environment:
    """Texts of templates stand in ``_("…")`` (gettext's newer style of Jinja: values by name, escaped)."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, extensions=["jinja2.ext.i18n"]
    )
    text = partial(said, language)
    # The second one is for plurals, of which no page has any.
    found.install_gettext_callables(text, text, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    return found
