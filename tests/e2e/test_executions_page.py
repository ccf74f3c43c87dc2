"""The page ``/cloud`` in a real browser: executions of the embedded cloud, and what their states did."""

import json
from collections.abc import Iterator

import httpx
import pytest
from infra.local.settings import ROOT
from tests.e2e.journeys import Cloud, Made
from tests.fixtures.browser import browser_page, find_browser
from tests.fixtures.console import Console

SHOWCASE = ROOT / "tests" / "fixtures" / "showcase.asl.json"
CHROMIUM = find_browser()
pytestmark = [pytest.mark.e2e, pytest.mark.slow]
in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture
def console(cloud: Cloud) -> Iterator[Console]:
    assert CHROMIUM is not None
    with browser_page(CHROMIUM) as page:
        yield Console(page, cloud)


@pytest.fixture(scope="module")
def showcase(cloud: Cloud) -> str:
    """An execution that waits near its end."""
    states = cloud.client("stepfunctions")
    machine = states.create_state_machine(
        name="showcase", roleArn="arn:aws:iam::000000000000:role/any", definition=SHOWCASE.read_text()
    )["stateMachineArn"]
    arn = str(states.start_execution(stateMachineArn=machine, input=json.dumps({"wait_s": 300}))["executionArn"])
    cloud.eventually(lambda: "WaitStateEntered" in [event["type"] for event in _history(cloud, arn)])
    return arn


def test_a_job_leads_to_what_its_states_did_and_logged(cloud: Cloud, made: Made) -> None:
    answer = httpx.get(f"{cloud.url}/cloud/jobs/{made.job['job_id']}", follow_redirects=True)

    assert answer.status_code == 200
    page = answer.text
    assert made.job["job_id"] in answer.url.path
    for state in ("Check audio", "Generate music", "Render variant", "Evaluate A and B", "Persist"):
        assert state in page
    assert page.count("<i>item ") == 2
    render = page[page.index("<i>item 1 of 2") :]
    section = render[: render.index("</details>")]
    assert "[item 1] a delivery is over" in section
    assert "[item 2]" not in section
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert httpx.get(f"{cloud.url}/cloud/jobs/{'0' * 32}").status_code == 404


def test_no_other_site_gets_at_it(cloud: Cloud) -> None:
    assert httpx.get(f"{cloud.url}/cloud").status_code == 200
    assert httpx.get(f"{cloud.url}/cloud", headers={"Host": "evil.example"}).status_code == 404
    assert "build-system" not in httpx.get(f"{cloud.url}/cloud/%2e%2e/pyproject.toml").text


def test_secrets_are_not_shown(cloud: Cloud, showcase: str) -> None:
    page = httpx.get(f"{cloud.url}/cloud/executions/{showcase}").text

    assert "access_token" in page
    assert "never shown" not in page


@in_a_browser
def test_it_is_seen_and_used_by_keyboard_in_the_dark_and_on_a_phone(
    cloud: Cloud, console: Console, showcase: str
) -> None:
    for width, scheme in ((1300, "light"), (360, "dark")):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        console.page.command("Emulation.setEmulatedMedia", features=features)
        for path in ("/cloud", f"/cloud/executions/{showcase}"):
            console.open(path, width=width)
            assert not console.too_wide
            assert console.violations() == []
    coloured = {
        state: console.page.evaluate(
            f"[...document.querySelectorAll('.state')].find(it => it.querySelector('.name').textContent === '{state}')"
            ".getAttribute('class').split(' ')[1]"
        )
        for state in ("Side by side", "Each number", "No threes", "Keep it", "Wait", "Never mind")
    }
    assert coloured == {
        "Side by side": "succeeded",
        "Each number": "caught",
        "No threes": "failed",
        "Keep it": "succeeded",
        "Wait": "running",
        "Never mind": "idle",
    }
    boxes = "[...document.querySelectorAll('svg a')]"
    console.page.evaluate(f"{boxes}.find(it => it.textContent.includes('Each number')).focus()")
    console.page.command("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", text="\r")
    console.until("document.querySelector('details:target')?.open")
    assert console.page.evaluate("document.activeElement.innerText").count("Each number") == 1

    cloud.client("stepfunctions").stop_execution(executionArn=showcase)

    console.until("document.querySelector('h1').innerText.includes('aborted')")  # without anybody's doing
    assert console.page.evaluate("document.querySelector('details[open]').innerText").startswith("caught")
    assert console.page.errors == []


@in_a_browser
def test_a_jobs_page_with_its_log_lines_is_read_on_a_phone(console: Console, made: Made) -> None:
    for width, scheme in ((1300, "light"), (360, "dark"), (360, "light")):
        console.page.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        console.open(f"/cloud/jobs/{made.job['job_id']}", width=width)
        sections = "[...document.querySelectorAll('details:has(.lines)')]"
        console.page.evaluate(f"{sections}.forEach(it => it.open = true)")
        console.until(f"{sections}.length >= 2 && {sections}.every(it => it.dataset.seen)")  # of each variant
        assert not console.too_wide
        assert console.violations() == []
        boxes = "[...document.querySelectorAll('.lines:not(:has(.error, .critical))')]"
        at_end = "it => it.scrollTop + it.clientHeight >= it.scrollHeight - 2"
        assert console.page.evaluate(f"{boxes}.length >= 3 && {boxes}.every({at_end})")
        ids = "[...document.querySelectorAll('.lines .ids')].filter(it => it.checkVisibility()).length"
        assert console.page.evaluate(ids) == 0
        console.page.evaluate("document.querySelector('#ids').click()")
        assert console.page.evaluate(ids) > 3
        console.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        box = "document.querySelector('#ids').getBoundingClientRect()"
        assert console.page.evaluate(f"scrollY > 0 && {box}.top >= 0")  # it stays where the lines are read
        assert not console.too_wide
        drawn = "document.querySelector('.graph')"
        assert console.page.evaluate(f"{drawn}.getBoundingClientRect().width === Number({drawn}.getAttribute('width'))")
    assert console.page.errors == []


@in_a_browser
def test_the_console_links_a_job_to_it(console: Console, made: Made) -> None:
    console.open("/")
    console.sign_in(made.studio.tokens)
    console.open("/jobs")
    console.press("Behind the scenes")

    console.until("location.pathname.startsWith('/cloud') && !!document.querySelector('h1 + * svg, svg')")
    shown = str(console.page.evaluate("document.querySelector('h1').innerText")).split()
    assert shown[-1] in ("running", "succeeded"), shown


def _history(cloud: Cloud, arn: str) -> list[dict[str, object]]:
    return list(cloud.client("stepfunctions").get_execution_history(executionArn=arn, maxResults=1000)["events"])
