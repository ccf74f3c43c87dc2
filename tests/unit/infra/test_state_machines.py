"""The state machines hold the promises of the design, and a linter that knows the language finds nothing."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from infra import ROOT
from tests.fixtures.state_machines import STEPS, evaluate, expanded, written

from soundstage.products import PRODUCTS


def states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every state, those inside a Map included."""
    for name, state in machine["States"].items():
        yield name, state
        if state["Type"] == "Map":
            yield from states(state["ItemProcessor"])


@pytest.fixture(params=STEPS)
def machine(request: pytest.FixtureRequest) -> dict[str, Any]:
    return expanded(request.param)


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    command = [str(ROOT / "infra" / "node_modules" / ".bin" / "asl-validator"), "--json-path", str(path)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def test_every_file_is_a_machine_that_is_known() -> None:
    assert sorted(path.name for path in (ROOT / "statemachines").iterdir()) == sorted(written(n).name for n in STEPS)


def test_the_linter_finds_nothing(tmp_path: Path, machine: dict[str, Any]) -> None:
    path = tmp_path / "expanded.asl.json"
    path.write_text(json.dumps(machine))
    found = lint(path)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_linter_would_find_something(tmp_path: Path) -> None:
    broken = tmp_path / "broken.asl.json"
    broken.write_text(json.dumps({**expanded("track"), "StartAt": "Nowhere"}))
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
        if retries := task.get("Retry"):
            assert "TransientError" in retries[0]["ErrorEquals"], name
        for retry in task.get("Retry", []):
            assert "States.ALL" not in retry["ErrorEquals"], name
            assert retry["JitterStrategy"] == "FULL"
            assert retry["BackoffRate"] == 2
            assert retry["MaxAttempts"] <= 5
        assert task.get("Retry") or task["Type"] != "Task", name


def test_what_fails_says_which_step(machine: dict[str, Any]) -> None:
    """A Catch leads to a Fail that knows the step, or to the rejection of the upload."""
    every = dict(states(machine))
    for name, task in every.items():
        for catch in task.get("Catch", []):
            if catch["Next"] != "Reject":
                assert every[catch["Next"]]["Type"] == "Fail", name
                assert evaluate(catch["Output"], states={"errorOutput": {"Error": "E"}})["step"], name


@pytest.mark.parametrize("kind", PRODUCTS)
def test_a_job_goes_through_its_steps_in_order(kind: str) -> None:
    machine = expanded(kind)
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
    assert tuple(steps) == PRODUCTS[kind].steps


@pytest.mark.parametrize("kind", PRODUCTS)
def test_its_tasks_are_those_that_the_product_states(kind: str) -> None:
    tasks = [state for _, state in states(expanded(kind)) if "sqs" in state.get("Resource", "")]
    found = {(task["Arguments"]["MessageBody"]["task"], task["Arguments"]["QueueUrl"]) for task in tasks}
    assert found == {(task.name, f"${{{task.substitution}}}") for task in PRODUCTS[kind].tasks}


def test_what_runs_in_a_map_is_told_which_item_it_is(machine: dict[str, Any]) -> None:
    """Its log lines carry the number, so that those of one item can be told from its neighbours'."""
    for name, state in machine["States"].items():
        if state["Type"] == "Map":
            assert state["ItemSelector"]["item"] == "{% $states.context.Map.Item.Index %}", name
            for inner in state["ItemProcessor"]["States"].values():
                if inner["Type"] == "Task":
                    arguments = inner["Arguments"]
                    given = arguments["MessageBody"]["item"] if "MessageBody" in arguments else arguments["Payload"]
                    assert given in ("{% $states.input.item %}", "{% $states.input %}"), name


def test_both_variants_are_tasks_of_the_workers() -> None:
    generate = expanded("track")["States"]["Generate music"]
    assert generate["Items"] == ["A", "B"]
    assert generate["MaxConcurrency"] == 2
    message = generate["ItemProcessor"]["States"]["Render variant"]["Arguments"]["MessageBody"]
    assert message["task"] == "music_generate"


def test_segments_are_tasks_of_the_workers_and_their_progress_adds_up() -> None:
    machine = expanded("match")
    render = machine["States"]["Render segments"]
    message = render["ItemProcessor"]["States"]["Render segment"]["Arguments"]["MessageBody"]
    assert (message["task"], message["step"]) == ("match_render_segment", "rendering")
    segments = [{"index": index} for index in range(7)]
    spans = [
        evaluate(message["progress"], segments=segments, states={"input": {"segment": segment}}) for segment in segments
    ]
    assert (spans[0][0], spans[-1][1]) == (33, 66)
    assert [span[0] for span in spans[1:]] == [span[1] for span in spans[:-1]]
    assert machine["States"]["Join and measure"]["Arguments"]["MessageBody"]["progress"][0] == 66
