"""The console in a real browser, on the embedded cloud."""

import secrets
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from infra.local.client import Studio
from infra.local.settings import ROOT
from tests.e2e.journeys import Cloud, Made
from tests.fixtures.browser import browser_page
from tests.fixtures.console import ANSWERS, SHOWN, Console
from tests.fixtures.receivers import receiving

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

DESKTOP, PHONE = 1200, 360


def test_a_hum_is_recorded_before_anybody_signs_in_and_becomes_two_songs(console: Console) -> None:
    console.open("/hum", width=PHONE)
    console.press("Record")
    console.until("document.querySelector('.recorder-row .time').innerText >= '0:09'")
    console.press("Stop")
    console.until("!!document.querySelector('form audio')")
    console.type("form input", "Ode on the stairs")
    console.page.evaluate("document.querySelector('[name=length][value=\"30\"]').click()")
    console.press("Make two songs")
    console.until("!!document.querySelector('[role=dialog]')")
    assert console.violations() == []
    console.type("[name=email]", f"{secrets.token_hex(8)}@example.org")
    console.type("[name=password]", secrets.token_urlsafe(16))
    console.press("Create account")
    console.until("location.pathname.startsWith('/songs/')")
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'", timeout_s=240)
    assert console.page.evaluate("document.querySelector('h1').innerText") == "Ode on the stairs"

    # Another version sounds at the same place, at once.
    pressed = "[...document.querySelectorAll('.segment')].findIndex(it => it.ariaPressed === 'true')"
    first = console.page.evaluate(pressed)
    console.page.evaluate("document.querySelector('.play').click()")
    console.until("document.querySelector('.versions .time').innerText >= '0:02'")
    console.page.evaluate(f"document.querySelectorAll('.segment')[{1 - first}].click()")
    assert console.page.evaluate(pressed) == 1 - first
    assert console.page.evaluate("document.querySelector('.versions .time').innerText") >= "0:02"
    assert console.page.evaluate("document.querySelector('.play').ariaLabel") == "Pause"

    # Two more of the same hum, as is said now, are a track of their own.
    songs = console.page.evaluate("location.pathname")
    console.type("form textarea", "a waltz with harp")
    console.press("Make two more")
    console.until(f"location.pathname.startsWith('/songs/') && location.pathname !== '{songs}'")
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'", timeout_s=240)
    assert console.page.evaluate("document.querySelector('h1').innerText") == "Ode on the stairs 2"
    assert "a waltz with harp" in console.page.evaluate("document.querySelector('.understood').innerText")
    assert console.page.evaluate("document.querySelector('form textarea').value") == "a waltz with harp"
    console.open(songs, width=PHONE)
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'")
    assert console.page.errors == []


def test_without_a_microphone_a_file_will_do(chromium: str, cloud: Cloud, tmp_path: Path) -> None:
    noise = tmp_path / "not a tune.wav"
    noise.write_bytes(b"RIFF and then nothing that makes sense" * 100)
    with browser_page(chromium, "--use-fake-device-for-media-stream", "--deny-permission-prompts") as page:
        console = Console(page, cloud)
        console.open("/hum", width=PHONE)
        console.press("Record")
        console.until("document.querySelector('.notice')?.innerText.includes('not allowed')")
        console.bring(noise)
        console.press("Make two songs")
        console.until("!!document.querySelector('[role=dialog]')")
        console.type("[name=email]", f"{secrets.token_hex(8)}@example.org")
        console.type("[name=password]", secrets.token_urlsafe(16))
        console.press("Create account")
        console.until("document.querySelector('[role=alert]')?.innerText.length > 10", timeout_s=120)
        said = page.evaluate("document.querySelector('[role=alert]').innerText")
        assert "damaged" in said or "kind of file" in said
        assert page.errors == []


def test_every_screen_is_for_everybody(console: Console, made: Made) -> None:
    """Two sizes, light and dark, both languages: nothing that axe finds, nothing wider than the screen."""
    track_id = made.studio.get("/v1/tracks")["items"][0]["track_id"]
    screens = (
        "/",
        "/hum",
        f"/songs/{track_id}",
        "/match",
        "/film",
        "/library",
        "/jobs",
        "/settings",
        "/presets",
        "/no",
    )
    console.open("/settings")
    assert console.violations() == []  # signing in
    console.sign_in(made.studio.tokens)
    found: dict[str, object] = {}
    for (width, theme, language), path in product(((DESKTOP, "light", "en"), (PHONE, "dark", "zh")), screens):
        console.keep("theme", theme)
        console.keep("language", language)
        console.open(path, width=width)
        console.until("!document.querySelector('.loading')")
        name = f"console-{path.split('/')[1] or 'home'}-{width}-{theme}-{language}"
        if problems := console.violations() + ["too wide"] * console.too_wide:
            found[name] = problems
    assert found == {}
    assert console.page.errors == []


def test_a_phone_leads_to_everything_from_everywhere(console: Console) -> None:
    for name, path in (("Hum", "/hum"), ("Match", "/match"), ("Film", "/film"), ("Library", "/library")):
        console.open("/no", width=PHONE)
        assert console.page.evaluate("document.querySelector('h1').innerText") == "There is no such page"
        console.page.command("Input.dispatchMouseEvent", type="mousePressed", **touched(console, name))
        console.page.command("Input.dispatchMouseEvent", type="mouseReleased", **touched(console, name))
        console.until(f"location.pathname === '{path}'")
    for path in ("/jobs", "/settings"):
        assert console.page.evaluate(f"document.querySelector('nav [href=\"{path}\"]').checkVisibility()")


def touched(console: Console, name: str) -> dict[str, Any]:
    """The middle of a link of the navigation, for a mouse event."""
    link = f"[...document.querySelectorAll('nav a')].find(it => it.innerText.trim() === '{name}')"
    x, y = console.page.evaluate(
        f"(({{ left, top, width, height }}) => [left + width / 2, top + height / 2])({link}.getBoundingClientRect())"
    )
    return {"x": x, "y": y, "button": "left", "clickCount": 1}


@pytest.mark.parametrize("state", sorted(ANSWERS))
def test_a_list_says_why_it_is_not_there_and_comes_by_itself(console: Console, made: Made, state: str) -> None:
    console.open("/settings")
    console.sign_in(made.studio.tokens)
    console.page.intercept("*/v1/tracks*", ANSWERS[state])
    console.open("/library", width=PHONE)
    console.until(f"!!document.querySelector('{SHOWN[state]}')")
    assert console.violations() == []
    assert not console.too_wide
    if state != "loading":  # a call that hangs is let go by whoever holds it
        console.page.let_through()
        console.until("document.querySelectorAll('.list .row').length > 0")


def test_a_page_of_somebody_else_is_not_there(console: Console, made: Made) -> None:
    console.open("/settings")
    console.sign_in(made.studio.tokens)
    console.open(f"/songs/{secrets.token_hex(16)}")
    console.until("!!document.querySelector('[role=alert]')")
    assert "isn't yours" in console.page.evaluate("document.querySelector('[role=alert]').innerText")


def test_without_a_network_the_page_is_there_and_says_so(console: Console) -> None:
    console.open("/")
    console.until("navigator.serviceWorker.controller !== null")
    console.open("/hum")  # its code is kept from here on, and soon that of the dialog for signing in
    kept = "caches.open('shell').then(it => it.keys()).then(all => all.some(it => it.url.includes('AccountDialog')))"
    console.until(kept)
    console.network(offline=True)
    console.open("/hum")
    console.bring(ROOT / "docs" / "openapi.json")
    console.press("Make two songs")
    console.until("!!document.querySelector('[name=email]')")
    console.type("[name=email]", "me@example.org")
    console.type("[name=password]", "a long pass phrase")
    console.press("Sign in")
    console.until("!!document.querySelector('[role=alert]')")
    assert "can't be reached" in console.page.evaluate("document.querySelector('[role=alert]').innerText")


def test_what_was_heard_is_mended_before_songs_are_made_of_it(console: Console, made: Made, hum: Path) -> None:
    console.open("/settings")
    console.sign_in(made.studio.tokens)
    console.open("/hum")
    console.bring(hum)
    console.press("See what you hear first")
    console.until("!!document.querySelector('.tune-roll')", timeout_s=120)
    assert console.violations() == []
    names = "[...document.querySelectorAll('[data-note]')].map(it => it.ariaLabel.split(' ')[0])"
    heard = console.page.evaluate(names)
    console.page.evaluate("document.querySelector('[data-note]').focus()")
    for key, code in (("ArrowRight", 39), ("PageUp", 33), ("s", 83)):
        console.key(key, code)
    octave_up = f"{heard[1][:-1]}{int(heard[1][-1]) + 1}"
    mended = [heard[0], octave_up, octave_up, *heard[2:]]
    assert console.page.evaluate(names) == mended
    track_id = console.page.evaluate("location.pathname.split('/')[2]")

    def saved() -> bool:
        correction = made.studio.get(f"/v1/tracks/{track_id}/tune")["correction"]
        return bool(correction) and len(correction["notes"]) == len(mended)

    console.wait(saved)
    console.open(f"/songs/{track_id}/tune")
    console.until("!!document.querySelector('.tune-roll')")
    assert console.page.evaluate(names) == mended
    assert console.page.errors == []


def test_a_match_is_adjusted_kept_as_a_preset_and_exported(console: Console, made: Made, match_id: str) -> None:
    console.open("/settings")
    console.sign_in(made.studio.tokens)
    for width, theme in ((DESKTOP, "light"), (PHONE, "dark")):
        console.keep("theme", theme)
        console.open(f"/matches/{match_id}", width=width)
        console.until("document.querySelector('.versions')?.dataset.ready === 'true'")
        console.until("document.querySelectorAll('.chart').length >= 3")
        assert console.violations() == []
        assert not console.too_wide

    # By hand, and heard: a band is dragged up, and the preview has more of it.
    console.page.command("Page.addScriptToEvaluateOnNewDocument", source=TAPPED)
    console.open(f"/matches/{match_id}", width=DESKTOP)
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'")
    console.press("Preview")
    console.page.evaluate("document.querySelector('.play').click()")
    before_db = preview_share_db(console)
    console.drag(".handle", down_px=-80)
    after_db = preview_share_db(console)
    assert after_db > before_db + 2
    console.press("Undo")
    assert preview_share_db(console) == pytest.approx(before_db, abs=1)

    # What the browser cannot do is rendered for the seconds that are listened to, and heard in their place.
    console.until(f"{REGIONS} === 'ready' && document.querySelectorAll('.wave-region').length > 0")
    crest_db = preview_crest_db(console)
    console.press("After")
    console.type(".sliders input[max='-6']", "-6")
    console.until(f"{REGIONS} === 'waiting'")  # whoever moves something hears it: Preview is on again
    console.until(f"{REGIONS} === 'ready'")
    assert preview_crest_db(console) < crest_db - 2
    console.press("Undo")
    console.until(f"{REGIONS} === 'waiting'")
    console.until(f"{REGIONS} === 'ready'")
    assert preview_crest_db(console) == pytest.approx(crest_db, abs=1)

    # By keys alone: a band goes up, is taken back, and goes up again.
    gain = "Number(document.querySelector('.handle').ariaValueNow)"
    found = console.page.evaluate(gain)
    console.page.evaluate("document.querySelector('.handle').focus()")
    console.key("ArrowUp", 38)
    assert console.page.evaluate(gain) == pytest.approx(found + 0.5, abs=0.06)
    console.press("Undo")
    console.until(f"{gain} === {found}")
    console.page.evaluate("document.querySelector('.handle').focus()")
    console.key("ArrowUp", 38)
    console.open(f"/matches/{match_id}", width=DESKTOP)  # a reload loses nothing
    console.until(f"!!document.querySelector('.handle') && {gain} > {found}")
    console.press("Save as preset")
    console.until("!!document.querySelector('[role=dialog] input')")
    assert console.violations() == []
    name = secrets.token_hex(4)
    console.type("[role=dialog] input", name)
    console.page.evaluate(
        "[...document.querySelectorAll('[role=dialog] button')].find(it => it.innerText.trim() === 'Save').click()"
    )
    console.until("[...document.querySelectorAll('a')].some(it => it.innerText.startsWith('Saved'))")
    kept = next(item for item in made.studio.get("/v1/presets")["items"] if item["name"] == name)
    bands = made.studio.get(f"/v1/presets/{kept['preset_id']}")["params"]["eq"]
    assert bands[0]["gain_db"] == pytest.approx(found + 0.5, abs=0.06)
    console.press("Render it so")
    console.until(f"location.pathname.startsWith('/matches/') && !location.pathname.includes('{match_id}')")
    console.press("Cancel")
    assert console.page.errors == []


def test_a_recording_too_long_for_memory_is_heard_as_it_arrives(console: Console, made: Made, match_id: str) -> None:
    console.open("/settings")
    console.sign_in(made.studio.tokens)
    for source in (TAPPED, ALL_ARE_LONG, KEPT):
        console.page.command("Page.addScriptToEvaluateOnNewDocument", source=source)
    console.open(f"/matches/{match_id}", width=DESKTOP)
    console.until("document.querySelector('.versions')?.dataset.ready === 'true'")
    streamed = "performance.getEntriesByType('resource').filter(it => it.initiatorType === 'audio').length"
    assert console.page.evaluate(streamed) >= 3
    position = "document.querySelector('.wave input').valueAsNumber"
    console.page.evaluate("document.querySelector('.play').click()")
    console.until(f"{position} > 0.2")
    for version in ("Before", "The sound you like", "After"):
        console.type(".wave input", "1")
        console.press(version)
        assert 3 < console.page.evaluate("heardCrestDb()") < 40
        assert 2 < console.page.evaluate(position) < 10
    console.page.evaluate(DRAGGED)
    console.until(f"{position} > 4.2")
    console.press("Preview")
    console.type(".wave input", "2")
    console.until(f"{position} < 4 && {REGIONS} === 'ready'")
    assert 3 < console.page.evaluate("heardCrestDb()") < 40
    console.page.evaluate("document.querySelector('.play').click()")
    paused_s = console.page.evaluate(position)
    assert paused_s == console.page.evaluate(f"new Promise(tell => setTimeout(() => tell({position}), 300))")

    # Its signed address is too old: there is a newer one.
    console.page.evaluate("for (const it of window.kept) it.src = URL.createObjectURL(new Blob(['expired']))")
    console.until("window.kept.every(element => element.error)")
    console.page.evaluate("document.querySelector('.play').click()")
    console.until(f"{position} > {paused_s} + 0.5")
    assert 3 < console.page.evaluate("heardCrestDb()") < 40
    assert console.page.errors == []


KEPT = """window.kept = [];
window.Audio = class extends Audio {
  constructor() {
    super();
    window.kept.push(this);
  }
};"""
"""What plays outside the document."""
DRAGGED = """{
  const position = document.querySelector(".wave input");
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  for (const at of ["2", "3", "4"]) {
    set.call(position, at);
    position.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""
"""Each place is asked for before what plays at the one before it has begun."""
ALL_ARE_LONG = """{
  const get = Headers.prototype.get;
  Headers.prototype.get = function (name) {
    return name === "Content-Length" ? String(1e8) : get.call(this, name);
  };
}"""
"""What a page reads of a sound's size before it fetches all of it."""
REGIONS = "document.querySelector('[data-regions]')?.dataset.regions"

TAPPED = """{
  const connect = AudioNode.prototype.connect;
  let tap;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && to.context instanceof AudioContext) {
      if (tap?.context !== to.context) tap = new AnalyserNode(to.context, { fftSize: 4096, smoothingTimeConstant: 0 });
      connect.call(this, tap);
    }
    return connect.call(this, to, ...rest);
  };
  window.heardCrestDb = async () => {
    const samples = new Float32Array(4096);
    await new Promise((resolve) => setTimeout(resolve, 200)); // of what sounded before
    let [peak, power, count] = [0, 0, 25 * samples.length];
    for (let frame = 0; frame < 25; frame += 1) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      tap.getFloatTimeDomainData(samples);
      for (const sample of samples) [peak, power] = [Math.max(peak, Math.abs(sample)), power + sample ** 2];
    }
    return 10 * Math.log10((peak ** 2 * count) / power);
  };
  window.heardShareDb = async (hz) => {
    const bins = new Float32Array(tap.frequencyBinCount);
    let [near, all] = [0, 0];
    for (let frame = 0; frame < 25; frame += 1) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      tap.getFloatFrequencyData(bins);
      bins.forEach((db, bin) => {
        const power = 10 ** (db / 10);
        all += power;
        if (Math.abs(Math.log2((bin * tap.context.sampleRate) / 4096 / hz)) < 1 / 6) near += power;
      });
    }
    return 10 * Math.log10(near / all);
  };
}"""
"""Listens to what the page plays: how much of it lies within a third of an octave, and its crest factor, in dB."""


def preview_crest_db(console: Console) -> float:
    """Of two seconds from the same place on, once they are rendered."""
    console.type(".wave input", "2")
    console.until("document.querySelector('.wave input').valueAsNumber < 3")
    console.until("document.querySelector('[data-regions=ready]')?.innerText.startsWith('From 0:01')")
    console.type(".wave input", "2")
    return float(console.page.evaluate("heardCrestDb()"))


def preview_share_db(console: Console) -> float:
    """Of the first band's frequency, in two seconds from the same place on."""
    number, unit = console.page.evaluate("document.querySelector('.handle').ariaValueText").split(",")[0].split()
    console.type(".wave input", "2")
    return float(console.page.evaluate(f"heardShareDb({float(number) * (1000 if unit == 'kHz' else 1)})"))


def test_a_key_is_shown_once_and_revoked(console: Console, made: Made) -> None:
    console.open("/settings")
    console.sign_in(made.studio.tokens)
    console.open("/settings", width=PHONE)
    for tab in ("Devices", "Usage", "Webhooks", "Models", "API keys"):
        console.press(tab)
        console.until("!document.querySelector('.loading')")
        assert console.violations() == []
        assert not console.too_wide
    name = secrets.token_hex(4)
    console.type("form.card input", name)
    console.press("Create key")
    console.until("!!document.querySelector('.secret')")
    secret = console.page.evaluate("document.querySelector('.secret').innerText")
    with httpx.Client(base_url=console.url, headers={"Authorization": f"Bearer {secret}"}) as program:
        assert program.get("/v1/tracks").status_code == 200
        assert program.post("/v1/tracks", json={"title": "No"}).status_code == 403  # it may read
        console.until(f"document.querySelector('.rows')?.innerText.includes('{name}')")
        console.press("Revoke")
        console.until("!!document.querySelector('[role=alertdialog] .danger')")
        console.page.evaluate("document.querySelector('[role=alertdialog] .danger').click()")
        console.wait(lambda: program.get("/v1/tracks").status_code == 401)


def test_settings_are_changed_as_somebody_would(console: Console, cloud: Cloud) -> None:
    email, password = f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16)
    with Studio(cloud.url, check=cloud.check) as studio, receiving() as receiver:
        studio.register(email, password)
        console.open("/settings")
        console.sign_in(studio.tokens)
        console.open("/settings")
        # Another address, and another password: the session of this browser stays.
        address, secret = f"{secrets.token_hex(8)}@example.org", secrets.token_urlsafe(16)
        console.until("document.querySelectorAll('form.card').length === 2")
        for field, value in ((3, address), (4, password)):
            console.page.evaluate(f"document.querySelectorAll('form.card input')[{field - 1}].id = 'field-{field}'")
            console.type(f"#field-{field}", value)
        console.press("Change address")
        console.until(f"document.querySelector('.card p').innerText.includes('{address}')")
        for field, value in ((1, password), (2, secret)):
            console.page.evaluate(f"document.querySelectorAll('form.card input')[{field - 1}].id = 'field-{field}'")
            console.type(f"#field-{field}", value)
        console.press("Change password")
        console.wait(lambda: signs_in(console, address, secret))
        assert not signs_in(console, email, password)

        console.press("Devices")
        console.until("document.querySelectorAll('.rows li').length >= 2")
        others = console.page.evaluate("document.querySelectorAll('.rows li button').length")
        console.press("Sign out there")
        console.until(f"document.querySelectorAll('.rows li button').length === {others - 1}")

        console.press("Webhooks")
        console.type("[type=url]", receiver.url)
        console.press("Add")
        console.until("!!document.querySelector('.secret')")
        console.press("Send a test")
        console.wait(lambda: len(receiver.came) == 1)
        console.until("document.querySelector('details').innerText.includes('1')")
        console.page.evaluate("document.querySelector('summary').click()")
        console.until("document.querySelector('.rows')?.innerText.includes('delivered')")
        assert console.violations() == []
        console.press("Send again")
        console.wait(lambda: len(receiver.came) == 2)
        console.until("document.querySelectorAll('.rows li').length === 2")
        console.press("Turn off")
        console.until("document.querySelector('.badge').innerText === 'off'")

        console.press("Models")
        console.until("!!document.querySelector('.state-empty')")
        for field, value in enumerate(("Ours", receiver.url, "storyteller")):
            console.page.evaluate(
                f"document.querySelectorAll('form.card:not(.choice) input')[{field}].id = 'model-{field}'"
            )
            console.type(f"#model-{field}", value)
        console.press("Add")
        console.until("!!document.querySelector('.rows li')")
        console.press("Try it")
        console.until("document.querySelector('.rows [role=status]').innerText.length > 3")
        console.press("Delete")
        console.until("!!document.querySelector('[role=alertdialog] .danger')")
        console.page.evaluate("document.querySelector('[role=alertdialog] .danger').click()")
        console.until("!!document.querySelector('.state-empty')")

    # Language and theme are worn at once, and still after a reload.
    console.page.evaluate("[...document.querySelectorAll('[name=theme]')].find(it => it.value === 'dark').click()")
    console.page.evaluate("[...document.querySelectorAll('[name=language]')].find(it => it.value === 'zh').click()")
    console.until("document.querySelector('h1').innerText === '设置'")
    console.open("/settings")
    assert (
        console.page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme].join()")
        == "zh,dark"
    )
    assert console.page.errors == []


def signs_in(console: Console, email: str, password: str) -> bool:
    answer = httpx.post(f"{console.url}/v1/auth/login", json={"email": email, "password": password})
    return answer.status_code == httpx.codes.OK


def test_shots_are_put_into_another_order_by_keys(console: Console, made: Made, project_id: str) -> None:
    path = f"/v1/projects/{project_id}"
    before = [shot["shot_id"] for shot in made.studio.get(path)["shots"]]
    console.open("/settings")
    console.sign_in(made.studio.tokens)
    console.open(f"/stories/{project_id}", width=PHONE)
    console.until("document.querySelectorAll('.shot').length > 1")
    assert console.violations() == []
    assert not console.too_wide
    console.press("Reorder")
    console.until("!!document.querySelector('.ordering [slot=drag], .ordering button')")
    assert console.violations() == []
    by_keys = "document.querySelector('.by-keys').checkVisibility()"
    assert console.page.evaluate(by_keys)
    console.page.command("Emulation.setTouchEmulationEnabled", enabled=True)
    assert not console.page.evaluate(by_keys)  # nobody has keys there
    console.page.command("Emulation.setTouchEmulationEnabled", enabled=False)
    console.page.evaluate("document.querySelector('.ordering button').focus()")
    for key, code in (("Enter", 13), ("ArrowDown", 40), ("Enter", 13)):
        console.key(key, code)
    console.wait(lambda: [shot["shot_id"] for shot in made.studio.get(path)["shots"]] != before, timeout_s=20)
    after = [shot["shot_id"] for shot in made.studio.get(path)["shots"]]
    assert sorted(after) == sorted(before)
    assert after[0] != before[0]

    # What it was before is compared with now, and comes back.
    console.press("Done")
    console.page.evaluate("[...document.querySelectorAll('summary')].find(it => it.innerText === 'Versions').click()")
    console.press("Compare with now")
    console.until("document.querySelectorAll('details .notes li').length > 0")
    assert console.violations() == []
    console.press("Restore this one")
    console.wait(lambda: [shot["shot_id"] for shot in made.studio.get(path)["shots"]] == before)
    assert console.page.errors == []


def test_a_library_is_renamed_thinned_out_and_its_links_taken_back(
    console: Console, sign_up: Callable[[], Studio], made: Made
) -> None:
    studio = sign_up()
    for title in ("Rain", "Bus stop", "Lullaby"):
        studio.create_track(title=title)
    console.open("/settings")
    console.sign_in(studio.tokens)
    console.open("/library")
    console.until("document.querySelectorAll('.row').length === 3")
    console.press("Rename")
    console.until("!!document.querySelector('input[name=title]')")
    console.type("input[name=title]", "Lullaby for Mo")
    console.page.evaluate("document.querySelector('.dialog form').requestSubmit()")
    console.until("document.querySelector('.row').innerText.startsWith('Lullaby for Mo')")
    assert console.violations() == []

    console.page.evaluate("[...document.querySelectorAll('.row > input')].slice(1).forEach(it => it.click())")
    console.press("Delete 2")
    console.until("!!document.querySelector('.danger')")
    assert console.violations() == []
    console.page.evaluate("document.querySelector('.danger').click()")
    console.until("document.querySelectorAll('.row').length === 1")
    assert [track["title"] for track in studio.get("/v1/tracks")["items"]] == ["Lullaby for Mo"]

    made.studio.share(made.job["subject_id"])
    newest = made.studio.get("/v1/shares")["items"][0]["share_id"]
    console.sign_in(made.studio.tokens)
    console.open("/library")
    console.press("Shared")
    console.until("!!document.querySelector('.row') && document.querySelector('.row').innerText.includes('visits')")
    console.press("Revoke")
    console.until("!!document.querySelector('.danger')")
    console.page.evaluate("document.querySelector('.danger').click()")
    console.wait(lambda: newest not in str(made.studio.get("/v1/shares?open_only=true")["items"]))
    assert console.page.errors == []
