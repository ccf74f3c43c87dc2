"""The recording page in a real browser: a hum through a fake microphone becomes two songs; a file does without one."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.journeys import Cloud
from tests.fixtures.browser import Page, browser_page, find_browser

CHROMIUM = find_browser()
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
REFUSED = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")


@dataclass(frozen=True)
class RecordPage:
    """The page as a person sees it."""

    page: Page
    cloud: Cloud

    def click(self, selector: str) -> None:
        self.page.evaluate(f"document.querySelector({selector!r}).click()")

    def fill(self, selector: str, text: str) -> None:
        self.page.evaluate(f"document.querySelector({selector!r}).value = {text!r}")

    def text(self, selector: str) -> str:
        return str(self.page.evaluate(f"document.querySelector({selector!r}).textContent"))

    def visible(self, selector: str) -> bool:
        return bool(self.page.evaluate(f"document.querySelector({selector!r})?.checkVisibility()"))

    def until(self, condition: Callable[[], Any], *, timeout_s: float = 60.0) -> None:
        self.cloud.eventually(condition, timeout_s=timeout_s)

    def until_visible(self, selector: str, *, timeout_s: float = 60.0) -> None:
        self.until(lambda: self.visible(selector), timeout_s=timeout_s)

    def record(self, seconds: int) -> None:
        """What the fake microphone plays, for so long."""
        self.click("#record")
        self.until(lambda: self.text("#elapsed") >= f"0:{seconds:02}")

    def register(self) -> None:
        self.until_visible("#account")
        self.fill("#email", f"{secrets.token_hex(8)}@example.org")
        self.fill("#password", secrets.token_urlsafe(16))
        self.click("#register")

    def until_songs(self) -> None:
        def ready() -> bool:
            assert self.text("#trouble") == ""
            return self.visible("#songs")

        self.until(ready, timeout_s=240)

    def until_trouble(self) -> str:
        self.until(lambda: self.visible("#take") and self.text("#trouble"), timeout_s=120)
        return self.text("#trouble")


@pytest.fixture
def open_page(cloud: Cloud) -> Iterator[Callable[..., RecordPage]]:
    """Opens the page in a browser with these flags; the browser ends with the test."""
    with ExitStack() as browsers:

        def open_(*flags: str, width: int = 390) -> RecordPage:
            assert CHROMIUM is not None
            page = browsers.enter_context(browser_page(CHROMIUM, *flags))
            page.open(f"{cloud.url}/record", width=width)
            return RecordPage(page, cloud)

        yield open_


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[[RecordPage, str], None]:
    folder = Path(os.environ.get("SOUNDSTAGE_SCREENSHOTS", tmp_path))

    def take(shown: RecordPage, name: str) -> None:
        shown.page.screenshot(folder / f"record-{name}.png")

    return take


def test_a_hum_into_the_microphone_becomes_two_songs(
    cloud: Cloud, open_page: Callable[..., RecordPage], hum: Path, screenshot: Callable[[RecordPage, str], None]
) -> None:
    shown = open_page(*MICROPHONE, f"--use-file-for-fake-audio-capture={hum}")
    shown.record(9)
    # The level falls to 0 between notes.
    shown.until(lambda: int(shown.page.evaluate("document.querySelector('#meter').ariaValueNow")) > 20)
    screenshot(shown, "recording")
    shown.click("#record")
    shown.until_visible("#take")
    heard = "new Promise(r => { const a = document.querySelector('#preview'); a.ontimeupdate = () => a.currentTime > .3 && r(a.currentTime); a.play() })"  # noqa: E501  (one expression)
    assert shown.page.evaluate(heard) > 0.3

    shown.fill("#title", "Ode on the stairs")
    with cloud.hold("music_generate"):
        shown.click("#take button[type=submit]")
        shown.register()
        shown.until(lambda: shown.text("#step") == "Playing and mixing both songs")
        assert shown.text("#trouble") == ""
    shown.until_songs()
    assert shown.text("#song-title") == "Ode on the stairs"
    assert shown.page.evaluate("document.querySelectorAll('#cards .badge:not([hidden])').length") == 1
    assert shown.page.evaluate("document.querySelector('#cover').decode().then(() => true)")
    for number in (0, 1):
        card = f"#cards .variant:nth-child({number + 1})"
        played = f"new Promise(r => {{ const a = document.querySelector('{card} audio'); a.addEventListener('timeupdate', () => a.currentTime > .3 && r(a.currentTime)); document.querySelector('{card} .play').click() }})"  # noqa: E501
        assert shown.page.evaluate(played) > 0.3
        download = httpx.get(shown.page.evaluate(f"document.querySelector('{card} .wav').href"))
        assert download.content[:4] == b"RIFF"
    screenshot(shown, "songs")

    shown.click("#share")
    shown.until_visible("#link a")
    shared = httpx.get(shown.page.evaluate("document.querySelector('#link a').href"))
    assert "Ode on the stairs" in shared.text
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert shown.page.errors == []


def test_without_a_microphone_a_file_will_do(
    open_page: Callable[..., RecordPage], tmp_path: Path, screenshot: Callable[[RecordPage, str], None]
) -> None:
    shown = open_page(*REFUSED, width=1000)
    shown.click("#record")
    shown.until_visible("#why")
    assert shown.text("#why").startswith("The microphone was not allowed")
    assert not shown.visible("#record")
    screenshot(shown, "refused")

    noise = tmp_path / "not a tune.wav"
    noise.write_bytes(b"RIFF and then nothing that makes sense" * 100)
    document = shown.page.command("DOM.getDocument")["root"]["nodeId"]
    node = shown.page.command("DOM.querySelector", nodeId=document, selector="#file")["nodeId"]
    shown.page.command("DOM.setFileInputFiles", nodeId=node, files=[str(noise)])
    shown.until_visible("#take")
    shown.click("#take button[type=submit]")
    shown.register()
    trouble = shown.until_trouble()
    assert trouble.endswith(".")
    assert "damaged" in trouble or "kind of file" in trouble
    screenshot(shown, "rejected")

    # Trying again sends the file again: what was rejected stays rejected.
    sent = "performance.getEntriesByType('resource').filter(it => it.name.includes('X-Amz-Signature')).length"
    assert shown.page.evaluate(sent) == 1
    shown.click("#take button[type=submit]")
    shown.until(lambda: shown.page.evaluate(sent) == 2)
    shown.until_trouble()


def test_a_wrong_password_is_said_and_the_recording_waits(
    open_page: Callable[..., RecordPage], hum: Path, screenshot: Callable[[RecordPage, str], None]
) -> None:
    shown = open_page(*MICROPHONE, f"--use-file-for-fake-audio-capture={hum}")
    shown.record(2)
    shown.click("#record")
    shown.until_visible("#take")
    shown.click("#take button[type=submit]")
    shown.until_visible("#account")
    shown.fill("#email", f"{secrets.token_hex(8)}@example.org")
    shown.fill("#password", "not a password of anyone")
    shown.click("#log-in")
    shown.until(lambda: "wrong" in shown.text("#trouble"))
    assert shown.visible("#account")
    assert shown.page.evaluate("sessionStorage.length") == 0
    assert shown.page.evaluate("localStorage.length") == 0
    screenshot(shown, "account")
