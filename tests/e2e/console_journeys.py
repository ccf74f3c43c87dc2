"""Journeys through the console that go wrong on the way, or that are made in an unusual way. ``make e2e-console``."""

import re
import secrets
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
from infra.local.client import Studio
from tests.e2e.journeys import Cloud, Made, order
from tests.fixtures.browser import browser_page
from tests.fixtures.console import Console
from tests.fixtures.pairs import make_pair

from soundstage.audio.io import Audio, write_wav

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

AWAY_S = 30
SCREENS = ("/", "/hum", "/match", "/film", "/library", "/jobs", "/settings", "/presets")
NOTICE = "document.querySelector('.connection').innerText"


@pytest.fixture(scope="module")
def long_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """18 MB: three parts of an upload."""
    path = tmp_path_factory.mktemp("recordings") / "long.wav"
    tone = np.sin(np.arange(9_000_000, dtype=np.float32) / 40)
    write_wav(path, Audio(tone, 44_100), subtype="PCM_16")
    return path


def sign_in(console: Console, studio: Studio) -> None:
    console.open("/settings")
    console.sign_in(studio.tokens)


def test_the_network_is_lost_while_songs_are_made(console: Console, cloud: Cloud, made: Made) -> None:
    with cloud.hold("music_generate", of=made.studio) as begun:
        job = order(made.studio, made.asset_id)
        begun.reached(job["job_id"])
        sign_in(console, made.studio)
        console.open(f"/songs/{job['subject_id']}")
        console.until("!!document.querySelector('[role=progressbar]')")
        assert console.page.evaluate(NOTICE) == ""
        console.network(offline=True)
        console.until(f"{NOTICE}.includes('offline')")
        assert console.violations() == []
    time.sleep(AWAY_S)  # the songs are made meanwhile, and nobody here knows
    assert console.page.evaluate("!!document.querySelector('[role=progressbar]')")
    console.network()
    console.until(f"{NOTICE} === ''", timeout_s=20)
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'", timeout_s=120)


def test_a_story_becomes_a_film_by_keyboard_alone(console: Console, made: Made) -> None:
    sign_in(console, made.studio)
    console.open("/film")
    console.tab_to("textarea")
    console.insert("Mara lit the lamp. A ship came home.")
    console.tab_to("form [type=submit]")
    console.enter()
    console.until("document.querySelectorAll('.shot').length > 0", timeout_s=120)
    preview = ".cinema-orders button:not(.primary)"
    console.until(f"!document.querySelector('{preview}').disabled")
    console.tab_to(preview)
    console.enter()
    console.until("!!document.querySelector('video')", timeout_s=240)
    console.tab_to("video")
    console.until("document.querySelector('video').duration > 1")
    # The timeline: one stop for each track, arrows along it, Enter to go there.
    console.tab_to(".lane-subtitles .clip")
    console.key("ArrowRight", 39)
    at = console.page.evaluate("document.activeElement.ariaLabel").split(" ")[0]
    assert at != "0:00"
    console.enter()
    console.until(f"document.querySelector('video').currentTime >= {float(at.split(':')[1])}")
    console.until("document.activeElement.ariaCurrent === 'true'")
    for width, theme in ((1200, "light"), (360, "dark"), (360, "light"), (1200, "dark")):
        console.keep("theme", theme)
        console.open(console.page.evaluate("location.pathname"), width=width)
        console.until("!!document.querySelector('.timeline .clip')")
        assert console.violations() == []
        assert not console.too_wide


def test_a_session_ends_while_a_recording_is_sent(console: Console, cloud: Cloud, long_recording: Path) -> None:
    email, password = f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16)
    with Studio(cloud.url, check=cloud.check) as studio:
        studio.register(email, password)
        sign_in(console, studio)
        console.open("/hum")
        console.bring(long_recording)
        console.until("!!document.querySelector('form audio')")
        console.type("form input", "Kept")
        console.block("*partNumber=2*", "*partNumber=3*")
        console.press("Make two songs")
        console.until("Object.keys(localStorage).some(it => it.startsWith('soundstage.upload.'))")
        studio.delete("/v1/me/sessions")
    console.block()
    console.until("!!document.querySelector('[role=dialog]')")
    assert "session has ended" in console.page.evaluate("document.querySelector('[role=dialog]').innerText")
    assert console.violations() == []
    console.type("[name=email]", email)
    console.type("[name=password]", password)
    console.press("Sign in")
    console.until("location.pathname.startsWith('/songs/')", timeout_s=120)
    console.until("document.querySelector('h1').innerText === 'Kept'")
    console.press("Cancel")
    console.until("!document.querySelector('[role=progressbar]')")


def test_an_upload_goes_on_after_the_browser_was_closed(
    chromium: str, cloud: Cloud, made: Made, long_recording: Path, tmp_path: Path
) -> None:
    with browser_page(chromium, profile=tmp_path) as page:
        console = Console(page, cloud)
        sign_in(console, made.studio)
        console.open("/hum")
        console.bring(long_recording)
        console.block("*partNumber=2*", "*partNumber=3*")
        console.press("Make two songs")
        begun = "localStorage[Object.keys(localStorage).find(it => it.startsWith('soundstage.upload.'))]"
        console.until(f"!!{begun}")
        asset_id = console.page.evaluate(f"JSON.parse({begun}).assetId")
        console.wait(lambda: len(made.studio.get(f"/v1/uploads/{asset_id}/parts")["parts"]) == 1)
        page.close_browser()
    with browser_page(chromium, profile=tmp_path) as page:
        console = Console(page, cloud)
        console.open("/hum")
        console.bring(long_recording)
        console.press("Make two songs")
        console.until("location.pathname.startsWith('/songs/')", timeout_s=120)
        sent = "performance.getEntriesByType('resource').map(it => it.name)"
        numbers = {found for name in console.page.evaluate(sent) for found in re.findall(r"partNumber=(\d+)", name)}
        assert numbers == {"2", "3"}
        console.press("Cancel")
        console.until("!document.querySelector('[role=progressbar]')")  # or the browser goes before it has asked
    assert made.studio.get(f"/v1/assets/{asset_id}")["size_bytes"] == long_recording.stat().st_size


def test_two_tabs_are_one_studio(console: Console, cloud: Cloud, made: Made) -> None:
    sign_in(console, made.studio)
    console.page.evaluate("""{
      const known = JSON.parse(localStorage["soundstage.session"]);
      localStorage["soundstage.session"] = JSON.stringify({ ...known, expiresAt: 0 });
    }""")
    other = console.another()
    # Both find the token spent; one of them renews it, for both.
    console.open("/library")
    other.open("/library")
    for tab in (console, other):
        tab.until("document.querySelectorAll('.list .row').length > 0")
    tokens = "localStorage['soundstage.session']"
    assert console.page.evaluate(tokens) == other.page.evaluate(tokens)
    made.studio.tokens["access_token"] = console.page.evaluate(f"JSON.parse({tokens}).accessToken")
    # What one tab makes, the other shows as it is being made.
    with cloud.hold("music_generate", of=made.studio):
        job = order(made.studio, made.asset_id)
        console.open(f"/songs/{job['subject_id']}")
        other.open("/")
        other.until("!!document.querySelector('[role=progressbar]')")
        console.press("Cancel")
        other.until("!document.querySelector('[role=progressbar]')")
    # Who leaves in one tab has left in both.
    console.page.evaluate("localStorage.removeItem('soundstage.session')")
    console.open("/library")
    other.open("/library")
    other.until("!!document.querySelector('[name=email]')")


def test_a_hum_becomes_songs_by_keyboard_alone(console: Console, made: Made) -> None:
    console.open("/hum")
    console.tab_to("button.record")
    console.enter()
    console.until("document.querySelector('.recorder-row .time').innerText >= '0:08'")
    console.enter()
    console.until("!!document.querySelector('form audio')")
    console.tab_to("form input")
    console.insert("By keys")
    console.tab_to("[name=length]")
    console.key("ArrowLeft", 37)
    assert console.page.evaluate("document.activeElement.value") == "30"
    console.tab_to("form [type=submit]")
    console.enter()
    console.until("!!document.querySelector('[role=dialog]')")
    console.tab_to("[name=email]")
    console.insert(f"{secrets.token_hex(8)}@example.org")
    console.tab_to("[name=password]")
    console.insert(secrets.token_urlsafe(16))
    console.tab_to("[role=dialog] .actions button:not([type=submit])")
    console.enter()
    console.until("location.pathname.startsWith('/songs/')")
    console.until("document.querySelector('h1').innerText === 'By keys'")
    console.until("!!document.querySelector('section.card .actions button')")
    console.tab_to("section.card .actions button")
    console.enter()  # cancels it: songs that are finished are there already
    console.until("!document.querySelector('[role=progressbar]')")
    sign_in(console, made.studio)
    console.open(f"/songs/{made.track['track_id']}")
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'")
    console.tab_to(".play")
    console.enter()
    console.until("document.querySelector('.versions .time').innerText >= '0:01'")
    console.tab_to(".segment[aria-pressed=false]")
    console.enter()
    console.until("document.activeElement.ariaPressed === 'true'")


def test_a_sound_is_matched_by_keyboard_alone(console: Console, made: Made, tmp_path: Path) -> None:
    pair = make_pair("eq_gain_width", 4, seconds=12.0)
    sign_in(console, made.studio)
    console.open("/match")
    for number, (name, audio) in enumerate((("target", pair.target), ("reference", pair.reference))):
        write_wav(tmp_path / f"{name}.wav", audio, subtype="PCM_24")
        console.tab_to(f".drop:nth-of-type({number + 1}) input")
        console.bring(tmp_path / f"{name}.wav", field=number)  # the system's own dialog
    # And half of another one: the target, as it is.
    console.tab_to(".pair + .pair .drop input")
    console.bring(tmp_path / "target.wav", field=2)
    console.tab_to(".reference input")
    console.key("ArrowLeft", 37)
    console.until("document.querySelector('.reference output').innerText === '47 %'")
    assert console.violations() == []
    console.until("!document.querySelector('form [type=submit]').disabled")
    console.tab_to("form [type=submit]")
    console.enter()
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'", timeout_s=240)
    assert "Sound you like 2" in console.page.evaluate("document.querySelector('.versions').innerText")
    console.tab_to(".segment[aria-pressed=false]")
    console.enter()
    console.until("document.activeElement.ariaPressed === 'true'")


@pytest.fixture(scope="module")
def works(made: Made, match_id: str, project_id: str) -> tuple[str, ...]:
    """Pages of what was made."""
    track = f"/songs/{made.track['track_id']}"
    return track, f"{track}/tune", f"/matches/{match_id}", f"/stories/{project_id}"


def open_ready(console: Console, path: str, *, width: int = 1200) -> None:
    console.open(path, width=width)
    shown = {"songs": ".versions[data-ready=true]", "matches": ".handle", "stories": ".shot"}
    if (of := path.split("/")[1]) in shown and not path.endswith("/tune"):
        console.until(f"!!document.querySelector('{shown[of]}')")
    console.until("!document.querySelector('.loading')")


def test_nothing_moves_where_people_want_no_motion(
    console: Console, cloud: Cloud, made: Made, works: tuple[str, ...]
) -> None:
    still = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    console.page.command("Emulation.setEmulatedMedia", features=still)
    with cloud.hold("music_generate", of=made.studio) as begun:
        job = order(made.studio, made.asset_id)
        begun.reached(job["job_id"])
        sign_in(console, made.studio)
        console.open(f"/songs/{job['subject_id']}")
        console.until("!!document.querySelector('[role=progressbar]')")
        assert console.page.evaluate("document.getAnimations().length") == 0
        console.press("Cancel")
    for path in (*SCREENS, *works):
        open_ready(console, path)
        assert console.page.evaluate("document.getAnimations().length") == 0, path


def test_tab_comes_to_every_control(console: Console, made: Made, works: tuple[str, ...]) -> None:
    sign_in(console, made.studio)
    missed = {}
    for path in (*SCREENS, *works):
        open_ready(console, path)
        console.page.evaluate(f"window.unreached = new Set({CONTROLS})")
        for _ in range(150):
            console.key("Tab", 9)
            if not console.page.evaluate("unreached.delete(document.activeElement), unreached.size"):
                break
        if left := console.page.evaluate("[...unreached].map(it => it.outerHTML.slice(0, 120))"):
            missed[path] = left
    assert missed == {}


# Of radio buttons and tabs, arrows lead from one to the next.
CONTROLS = """[...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(it =>
  it.checkVisibility() && !it.disabled && it.tabIndex >= 0 && it.type !== "radio" && !it.closest("[role=tablist]")
)"""


@pytest.mark.parametrize("by", ["the window", "the text"])
def test_everything_fits_at_200_percent(console: Console, made: Made, works: tuple[str, ...], by: str) -> None:
    sign_in(console, made.studio)
    found = {}
    for path in (*SCREENS, *works):
        open_ready(console, path, width=640 if by == "the window" else 1280)  # a window of 1280 px at 200 %
        if by == "the text":
            console.page.evaluate("document.documentElement.style.fontSize = '200%'")
        if problems := cut_off(console):
            found[path] = problems
    assert found == {}


def cut_off(console: Console) -> list[str]:
    """What is wider than the page or than the box that hides it; not what is there for screen readers only."""
    hidden = """[...document.querySelectorAll("main *, nav *")].filter(it =>
      it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).overflowX === "hidden" && it.innerText?.trim() &&
      getComputedStyle(it).clipPath === "none"
    ).map(it => it.outerHTML.slice(0, 120))"""
    squeezed = console.page.evaluate("document.querySelector('main').clientWidth < innerWidth * 0.6")
    return [*console.page.evaluate(hidden), *["too wide"] * console.too_wide, *["squeezed"] * squeezed]


def test_all_of_it_speaks_chinese(console: Console, made: Made, match_id: str) -> None:
    console.open("/settings")
    console.keep("language", "zh")
    console.sign_in(made.studio.tokens)
    names = {
        item["title"]
        for shelf in ("tracks", "matches", "projects")
        for item in made.studio.get(f"/v1/{shelf}")["items"]
    } | {item["name"] for item in made.studio.get("/v1/presets")["items"]}
    found = {}
    for path in (*SCREENS, f"/songs/{made.track['track_id']}", f"/matches/{match_id}"):
        open_ready(console, path)
        assert console.page.evaluate("document.documentElement.lang") == "zh"
        text = console.page.evaluate("document.body.innerText")
        for name in names:
            text = text.replace(name, "")
        if words := english(text):
            found[path] = words
    assert found == {}


def english(text: str) -> set[str]:
    """Words that are neither names nor terms that Chinese musicians write so, nor codes of errors."""
    terms = {"Soundstage", "English", "Equalizer", "AutoEq", "vstpreset"}
    terms |= {"Webhook", "Mode", "free"}  # the last is a plan's name
    terms |= {"dBTP", "kHz", "Page", "Down", "Home"}  # units and keys
    said = re.sub(r"\S+@\S+|/\S+|“[^”]*”|\b[A-Z]+(_[A-Z]+)*\b", "", text)
    return set(re.findall(r"[A-Za-z]{3,}", said)) - terms


def test_a_song_is_shared_visited_and_taken_back(console: Console, made: Made) -> None:
    sign_in(console, made.studio)
    console.open(f"/songs/{made.track['track_id']}")
    console.press("Share")
    console.until("!!document.querySelector('.sharing a')")
    address = console.page.evaluate("document.querySelector('.sharing a').href")
    visitor = console.another()
    visitor.page.open(address)
    assert made.track["title"] in visitor.page.evaluate("document.body.innerText")
    console.open(f"/songs/{made.track['track_id']}", width=360)
    console.until("document.querySelector('.sharing .rows')?.innerText.includes('1 visit')")
    assert console.violations() == []
    assert not console.too_wide
    console.press("Revoke")
    console.until("!!document.querySelector('[role=alertdialog] .danger')")
    console.page.evaluate("document.querySelector('[role=alertdialog] .danger').click()")
    console.wait(lambda: httpx.get(address).status_code == 404)
