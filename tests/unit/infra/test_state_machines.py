"""The state machines hold the promises of the design, and a linter that knows the language finds nothing."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonata
import pytest

from soundstage.products import PRODUCTS
from soundstage.products.base import Product

ROOT = Path(__file__).parents[3]
MACHINES = sorted((ROOT / "statemachines").glob("*.asl.json"))
LAMBDA = "arn:aws:states:::lambda:invoke"


def states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state, those inside a Map included."""
    for name, state in machine["States"].items():
        yield name, state
        if state["Type"] == "Map":
            yield from states(state["ItemProcessor"])


@pytest.fixture(params=MACHINES, ids=lambda path: path.name.split(".")[0])
def machine(request: pytest.FixtureRequest) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(request.param.read_text())
    return loaded


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    command = [str(ROOT / "infra" / "node_modules" / ".bin" / "asl-validator"), "--json-path", str(path)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_the_linter_finds_nothing(path: Path) -> None:
    found = lint(path)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_linter_would_find_something(tmp_path: Path, machine: dict[str, Any]) -> None:
    machine["StartAt"] = "Nowhere"
    broken = tmp_path / "broken.asl.json"
    broken.write_text(json.dumps(machine))
    assert lint(broken).returncode != 0


def test_every_task_ends(machine: dict[str, Any]) -> None:
    tasks = {name: state for name, state in states(machine) if state["Type"] == "Task"}
    assert tasks
    for name, task in tasks.items():
        assert task["TimeoutSeconds"] > 0, name
        assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name
        if task["Resource"].endswith(".waitForTaskToken"):
            assert task["HeartbeatSeconds"] < task["TimeoutSeconds"], name


def test_errors_are_retried_by_name_with_jitter(machine: dict[str, Any]) -> None:
    for name, task in states(machine):
        for retry in task.get("Retry", []):
            assert "States.ALL" not in retry["ErrorEquals"], name
            assert "TransientError" in retry["ErrorEquals"], name
            assert retry["JitterStrategy"] == "FULL"
            assert retry["BackoffRate"] == 2
            assert retry["MaxAttempts"] <= 5
        assert task.get("Retry") or task["Type"] != "Task", name


def test_what_fails_says_which_step(machine: dict[str, Any]) -> None:
    """A Catch leads to a Fail that knows the step, or to the rejection of the upload."""
    every = dict(states(machine))
    for name, task in every.items():
        for catch in task.get("Catch", []):
            following = every[catch["Next"]]
            assert following["Type"] == "Fail" or catch["Next"] == "Reject", name
            if task["Type"] == "Task" and following["Type"] == "Fail":
                assert "'step'" in catch["Assign"]["failure"], name


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=lambda product: product.kind)
def test_a_job_goes_through_its_steps_in_order(product: Product[Any]) -> None:
    machine = json.loads((ROOT / "statemachines" / f"{product.kind}.asl.json").read_text())
    state = machine["StartAt"]
    steps: list[str] = []
    while True:
        now = machine["States"][state]
        step = now["Comment"].split(":")[0] if now["Type"] in ("Task", "Map") else None
        if step and step not in steps[-1:]:  # planning and rendering are one step to people
            steps.append(step)
        if now.get("End"):
            break
        state = now.get("Next") or now["Default"]
    assert tuple(steps) == product.steps


def test_both_variants_are_tasks_of_the_workers() -> None:
    machine = json.loads((ROOT / "statemachines" / "track.asl.json").read_text())
    generate = machine["States"]["Generate music"]
    assert generate["Items"] == ["A", "B"]
    assert generate["MaxConcurrency"] == 2
    message = generate["ItemProcessor"]["States"]["Render variant"]["Arguments"]["MessageBody"]
    assert message["task"] == "music_generate"
    assert message["task_token"] == "{% $states.context.Task.Token %}"  # noqa: S105


def test_segments_are_tasks_of_the_workers_and_their_progress_adds_up() -> None:
    machine = json.loads((ROOT / "statemachines" / "match.asl.json").read_text())
    render = machine["States"]["Render segments"]
    message = render["ItemProcessor"]["States"]["Render segment"]["Arguments"]["MessageBody"]
    assert (message["task"], message["step"]) == ("match_render_segment", "rendering")
    expression = jsonata.Jsonata(message["progress"].removeprefix("{% ").removesuffix(" %}"))
    segments = [{"index": index} for index in range(7)]
    spans = []
    for segment in segments:
        frame = expression.create_frame()
        frame.bind("segments", segments)
        frame.bind("states", {"input": {"segment": segment}})
        spans.append(expression.evaluate(None, frame))
    assert (spans[0][0], spans[-1][1]) == (25, 75)
    assert [span[0] for span in spans[1:]] == [span[1] for span in spans[:-1]]
    assert machine["States"]["Join and measure"]["Arguments"]["MessageBody"]["progress"][0] == 75
