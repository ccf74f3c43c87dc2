"""The recording page in a real browser: a hum through a fake microphone becomes two songs; a file does without one."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.journeys import Cloud, eventually
from tests.fixtures.browser import Page, browser_page, find_browser

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
REFUSED = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")


@pytest.fixture
def open_page(cloud: Cloud) -> Iterator[Callable[..., Page]]:
    """Opens the page in a browser with these flags; the browser ends with the test."""
    browsers: list[Any] = []

    def open_(*flags: str, width: int = 390) -> Page:
        assert CHROMIUM is not None
        browsers.append(browser_page(CHROMIUM, *flags))
        page: Page = browsers[-1].__enter__()
        page.open(f"{cloud.url}/record", width=width)
        return page

    yield open_
    for browser in browsers:
        browser.__exit__(None, None, None)


def click(page: Page, selector: str) -> None:
    page.evaluate(f"document.querySelector({selector!r}).click()")


def fill(page: Page, selector: str, text: str) -> None:
    page.evaluate(f"document.querySelector({selector!r}).value = {text!r}")


def text(page: Page, selector: str) -> str:
    return str(page.evaluate(f"document.querySelector({selector!r}).textContent"))


def visible(page: Page, selector: str) -> bool:
    return bool(page.evaluate(f"document.querySelector({selector!r})?.checkVisibility()"))


def register(page: Page) -> None:
    eventually(lambda: visible(page, "#account"))
    fill(page, "#email", f"{secrets.token_hex(8)}@example.org")
    fill(page, "#password", secrets.token_urlsafe(16))
    click(page, "#register")


def screenshot(page: Page, name: str, tmp_path: Path) -> None:
    page.screenshot(Path(os.environ.get("SOUNDSTAGE_SCREENSHOTS", tmp_path)) / f"record-{name}.png")


def songs(page: Page) -> list[str]:
    """The steps that the page told, until it shows the songs."""
    told: list[str] = []

    def ready() -> bool:
        step = text(page, "#step")
        if step not in told:
            told.append(step)
        assert text(page, "#trouble") == ""
        return visible(page, "#songs")

    eventually(ready, timeout_s=240)
    return told


def test_a_hum_into_the_microphone_becomes_two_songs(open_page: Callable[..., Page], hum: Path, tmp_path: Path) -> None:
    page = open_page(*MICROPHONE, f"--use-file-for-fake-audio-capture={hum}")
    click(page, "#record")
    eventually(lambda: int(page.evaluate("document.querySelector('#meter').ariaValueNow")) > 20)
    time.sleep(9)
    assert text(page, "#elapsed") >= "0:09"
    screenshot(page, "recording", tmp_path)
    click(page, "#record")
    eventually(lambda: visible(page, "#take"))
    heard = "new Promise(r => { const a = document.querySelector('#preview'); a.ontimeupdate = () => a.currentTime > .3 && r(a.currentTime); a.play() })"  # noqa: E501  (one expression)
    assert page.evaluate(heard) > 0.3

    fill(page, "#title", "Ode on the stairs")
    click(page, "#take button[type=submit]")
    register(page)
    told = songs(page)
    assert len(told) >= 3, told
    assert "_" not in "".join(told)
    assert text(page, "#song-title") == "Ode on the stairs"
    assert page.evaluate("document.querySelectorAll('#cards .badge:not([hidden])').length") == 1
    assert page.evaluate("document.querySelector('#cover').decode().then(() => true)")
    for number in (0, 1):
        card = f"#cards .variant:nth-child({number + 1})"
        played = f"new Promise(r => {{ const a = document.querySelector('{card} audio'); a.addEventListener('timeupdate', () => a.currentTime > .3 && r(a.currentTime)); document.querySelector('{card} .play').click() }})"  # noqa: E501
        assert page.evaluate(played) > 0.3
        download = httpx.get(page.evaluate(f"document.querySelector('{card} .wav').href"))
        assert download.content[:4] == b"RIFF"
    screenshot(page, "songs", tmp_path)

    click(page, "#share")
    eventually(lambda: visible(page, "#link a"))
    shared = httpx.get(page.evaluate("document.querySelector('#link a').href"))
    assert "Ode on the stairs" in shared.text
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.errors == []


def test_without_a_microphone_a_file_will_do(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(*REFUSED, width=1000)
    click(page, "#record")
    eventually(lambda: visible(page, "#why"))
    assert text(page, "#why").startswith("The microphone was not allowed")
    assert not visible(page, "#record")
    screenshot(page, "refused", tmp_path)

    noise = tmp_path / "not a tune.wav"
    noise.write_bytes(b"RIFF and then nothing that makes sense" * 100)
    document = page.command("DOM.getDocument")["root"]["nodeId"]
    node = page.command("DOM.querySelector", nodeId=document, selector="#file")["nodeId"]
    page.command("DOM.setFileInputFiles", nodeId=node, files=[str(noise)])
    eventually(lambda: visible(page, "#take"))
    click(page, "#take button[type=submit]")
    register(page)
    eventually(lambda: visible(page, "#take") and text(page, "#trouble"), timeout_s=120)
    assert text(page, "#trouble").endswith(".")
    assert "damaged" in text(page, "#trouble") or "kind of file" in text(page, "#trouble")
    screenshot(page, "rejected", tmp_path)

    # Trying again sends the file again: what was rejected stays rejected.
    sent = "performance.getEntriesByType('resource').filter(it => it.name.includes('X-Amz-Signature')).length"
    assert page.evaluate(sent) == 1
    click(page, "#take button[type=submit]")
    eventually(lambda: page.evaluate(sent) == 2 and visible(page, "#take") and text(page, "#trouble"), timeout_s=120)


def test_a_wrong_password_is_said_and_the_recording_waits(
    open_page: Callable[..., Page], hum: Path, tmp_path: Path
) -> None:
    page = open_page(*MICROPHONE, f"--use-file-for-fake-audio-capture={hum}")
    click(page, "#record")
    time.sleep(2)
    click(page, "#record")
    eventually(lambda: visible(page, "#take"))
    click(page, "#take button[type=submit]")
    eventually(lambda: visible(page, "#account"))
    fill(page, "#email", f"{secrets.token_hex(8)}@example.org")
    fill(page, "#password", "not a password of anyone")
    click(page, "#log-in")
    eventually(lambda: "wrong" in text(page, "#trouble"))
    assert visible(page, "#account")
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("localStorage.length") == 0
    screenshot(page, "account", tmp_path)
