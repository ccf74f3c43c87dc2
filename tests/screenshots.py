"""Every screen of the console in every state, in two sizes, two themes and two languages, to be looked at.

``make screenshots`` runs this on a throwaway embedded cloud. Pictures go to ``build/screenshots`` with a page that
shows them side by side. For states that a studio is rarely in (a call that fails, hangs or comes too often, a network
that is away) the browser is answered in the API's place.
"""

import html
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from infra.local.client import Studio
from infra.local.instance import Instance
from infra.local.settings import ROOT
from tests.e2e.journeys import Cloud, holds
from tests.fixtures.browser import Page, browser_page, find_browser
from tests.fixtures.console import ANSWERS, SHOWN, Console
from tests.fixtures.embedded import throwaway
from tests.fixtures.furnished import Furnished, furnished
from tests.fixtures.held_worker import HOLDS
from tests.fixtures.session import begin_session

from soundstage.media.typography import film_typeface

FOLDER = ROOT / "build" / "screenshots"
HELD_WORKER = ROOT / "tests" / "fixtures" / "held_worker.py"
SIZES = {1280: 900, 360: 780}
THEMES = ("light", "dark")
LANGUAGES = ("en", "zh")
APPEARED_MS = 600
"""What stands for something that loads appears late, so that nothing flickers where it loads at once."""
SETTLED_MS = 100
"""Until canvases are drawn anew and what was moved has come to rest."""


@dataclass(frozen=True)
class Scene:
    """A screen in one state. ``steps``: what is done once it is open; ``ready``: what there is to be seen then."""

    name: str
    path: str
    owner: Studio | None
    state: str = "ready"
    steps: Callable[[Console], None] = lambda _: None
    ready: str = "main"


def main() -> int:
    if (chromium := find_browser()) is None:
        sys.stderr.write("There is no Chromium on this machine.\n")
        return 1
    begin_session()
    wanted = sys.argv[1:]
    with studio() as (cloud, known), _typefaces():
        count = shoot(chromium, cloud, [it for it in scenes(known) if not wanted or it.name.split("-")[0] in wanted])
    sys.stdout.write(f"{count} pictures; {_index()} shows them all.\n")
    return 0


@contextmanager
def studio() -> Iterator[tuple[Cloud, Furnished]]:
    with ExitStack() as stack:
        settings = throwaway()
        os.environ[HOLDS] = str(holds(settings))
        instance = stack.enter_context(Instance(settings, worker=HELD_WORKER))
        cloud = Cloud(settings, instance.supervisor)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield cloud, stack.enter_context(furnished(cloud, folder))


@contextmanager
def _typefaces() -> Iterator[None]:
    """Lets the browser draw Chinese where the machine has no typeface for it: with the films'."""
    with tempfile.TemporaryDirectory() as folder:
        font = TTFont(film_typeface().file, lazy=True)
        font.flavor = None  # browsers take no WOFF from the system
        font.save(Path(folder) / "films.ttf")
        config = Path(folder) / "fonts.conf"
        config.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
            '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
            f"<dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>"
        )
        os.environ["FONTCONFIG_FILE"] = str(config)
        yield


def scenes(known: Furnished) -> Iterator[Scene]:
    owner, newcomer = known.owner, known.newcomer
    fetching = {
        "home": "/",
        "library": "/library",
        "jobs": "/jobs",
        "presets": "/presets",
        "song": known.song,
        "tune": known.tune,
        "match": known.match,
        "story": known.story,
    }
    # First: a task that is held too long fails.
    yield Scene("song", known.working, owner, "working", ready="[role=progressbar]")
    ready = {"song": ".versions[data-ready=true]", "match": ".chart", "story": ".timeline .clip"}
    for name, path in fetching.items():
        yield Scene(name, path, owner, ready=ready.get(name, "main"))
        for state in ANSWERS:
            yield Scene(name, path, owner, state)
    for name in ("home", "library", "jobs", "presets"):
        yield Scene(name, fetching[name], newcomer, "empty")
    for number, name in enumerate(("profile", "sessions", "usage", "keys", "webhooks", "models")):
        yield Scene(f"settings-{name}", "/settings", owner, steps=_tab(number))
        for state in ANSWERS:
            yield Scene(f"settings-{name}", "/settings", owner, state, _tab(number))
        if name in ("keys", "webhooks", "models"):
            yield Scene(f"settings-{name}", "/settings", newcomer, "empty", _tab(number))
    for name, path in (
        ("home", "/"),
        ("hum", "/hum"),
        ("newmatch", "/match"),
        ("film", "/film"),
        ("signin", "/library"),
    ):
        yield Scene(name, path, None, "signed-out")
    yield Scene("song", known.failed, owner, "failed-job", ready="[role=alert]")
    yield Scene("song", f"/songs/{'0' * 32}", owner, "missing", ready=".state-missing")
    yield Scene("nowhere", "/nowhere", owner, "missing", ready=".page-head .lead")
    yield Scene("hum", "/hum", owner, "recording", _click(".record"), ready=".recording")
    yield Scene("library", "/library", owner, "shared", _tab(3))
    yield Scene("library", "/library", owner, "not-found", _search, ready=".state-empty")
    yield Scene(
        "library", "/library", owner, "asks", _click(".row-actions button:last-child"), ready="[role=alertdialog]"
    )
    yield Scene("story", known.story, owner, "ordering", _click(".song-head .small"), ready=".ordering")
    yield Scene("story", known.story, owner, "editing", _click(".shot .actions button"), ready=".shot textarea")
    yield Scene("story", known.story, owner, "versions", _click("details summary"), ready="details[open]")


def _click(selector: str) -> Callable[[Console], None]:
    def click(console: Console) -> None:
        console.until(f"!!document.querySelector({json.dumps(selector)})")
        console.page.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    return click


def _tab(number: int) -> Callable[[Console], None]:
    def choose(console: Console) -> None:
        console.until(f"document.querySelectorAll('[role=tab]').length > {number}")
        console.page.evaluate(f"document.querySelectorAll('[role=tab]')[{number}].click()")

    return choose


def _search(console: Console) -> None:
    console.until("!!document.querySelector('.row')")
    console.type("[type=search]", "nothing is called so")


def shoot(chromium: str, cloud: Cloud, wanted: list[Scene]) -> int:
    """Each scene is opened once in each language; sizes and themes change under it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    microphone = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with browser_page(chromium, *microphone) as page:
        console = Console(page, cloud)
        console.open("/")
        for language in LANGUAGES:
            for person in {scene.owner for scene in wanted if scene.owner}:  # tokens would end half-way
                renewal = {"refresh_token": person.tokens["refresh_token"]}
                person.log_in_with(person.post("/v1/auth/refresh", renewal))
            for scene in wanted:
                _open(console, scene, language)
                for width, theme in ((width, theme) for width in SIZES for theme in THEMES):
                    _dress(page, width, theme)
                    page.screenshot(FOLDER / f"{scene.name}-{scene.state}-{width}-{theme}-{language}.png")
                page.let_through()
    return len(list(FOLDER.glob("*.png")))


def _open(console: Console, scene: Scene, language: str) -> None:
    console.page.evaluate("localStorage.clear()")
    console.keep("language", language)
    if scene.owner:
        console.sign_in(scene.owner.tokens)
    if answer := ANSWERS.get(scene.state):
        console.page.intercept("*/v1/*", answer)
    console.open(scene.path, width=1280)
    scene.steps(console)
    if scene.state in ANSWERS:
        console.until(f"!!document.querySelector('{SHOWN[scene.state]}')")
        console.page.evaluate(f"new Promise(r => setTimeout(r, {APPEARED_MS}))")
    else:
        console.until("!document.querySelector('.loading')")
        console.until(f"!!document.querySelector({json.dumps(scene.ready)})")


def _dress(page: Page, width: int, theme: str) -> None:
    """Size and theme; as high as the page is, so that the bar at a phone's lower edge hides nothing of it."""
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    for height in (SIZES[width], None):
        high = height or max(SIZES[width], page.evaluate("document.documentElement.scrollHeight"))
        metrics: dict[str, Any] = {"width": width, "height": high, "deviceScaleFactor": 1, "mobile": width < 600}
        page.command("Emulation.setDeviceMetricsOverride", **metrics)
        page.evaluate(f"new Promise(r => setTimeout(r, {SETTLED_MS}))")


def _index() -> Path:
    """One page with all of them, a row for each scene."""
    rows: dict[str, list[str]] = {}
    for picture in sorted(FOLDER.glob("*.png")):
        rows.setdefault(picture.stem.rsplit("-", 3)[0], []).append(picture.name)
    shown = '<a href="{0}"><img src="{0}" alt="{0}" height="420" loading="lazy"></a> '
    body = "".join(
        f"<h2>{html.escape(scene)}</h2><p>{''.join(shown.format(name) for name in names)}"
        for scene, names in rows.items()
    )
    page = FOLDER / "index.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>Screens</title><body style='font:14px sans-serif'>{body}"
    )
    return page


if __name__ == "__main__":
    sys.exit(main())
