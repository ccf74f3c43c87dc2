"""A product that nobody in ``infra`` knows gets its functions, permissions and state machine from what it states."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from infra import ROOT, workflow
from infra.code import Checkout
from infra.functions import Functions
from infra.product_workflow import product_workflow
from infra.sound_function import Surroundings
from infra.stages import STAGES
from infra.stateful import StatefulStack
from infra.worker_pool import WorkerPool
from pydantic import BaseModel
from tests.fixtures.loop_product.product import LOOP

from soundstage.products.base import LambdaStep, Pool, Product, WorkerTask

LISTEN = LambdaStep(
    "night_song.listen_well",
    code="image",
    memory_mib=2048,
    timeout_s=90,
    disk_mib=1024,
    reads=("uploads/",),
    writes=("work/",),
)
NIGHT_SONG: Product[BaseModel] = Product(
    kind="night_song",
    options=BaseModel,
    inputs={},
    steps=("listening", "playing"),
    rows="nowhere:Rows",
    functions=(LISTEN,),
    tasks=(WorkerTask("play", pool="gpu"),),
)
MACHINE = {
    "QueryLanguage": "JSONata",
    "StartAt": "Listen",
    "States": {
        "Listen": {
            "Type": "Task",
            "Comment": "listening: closely",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "${ListenWellFunction}", "Payload": {}},
            "Next": "Play",
        },
        "Play": {
            "Type": "Task",
            "Comment": "playing: softly",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Arguments": {"QueueUrl": "${GpuQueueUrl}", "MessageBody": {"task": "play", "timeout_s": 60}},
            "TimeoutSeconds": 7200,
            "End": True,
        },
    },
}

pytestmark = pytest.mark.slow


def synthesised(*products: Product[Any]) -> tuple[Functions, dict[str, Any]]:
    """The functions and the template of a stack of stage ``local`` with nothing but these products."""
    app, stage = App(), STAGES["local"]
    state = StatefulStack(app, "state", stage=stage)
    stack = Stack(app, "app")
    functions = Functions(
        stack,
        Surroundings(stage=stage, code=Checkout(), catalog=None, environment={}),
        state=state,
        language_model=None,
    )
    dead_letter = functions.add(LambdaStep("jobs.dead_letter", code="web"), "DeadLetter")
    names: tuple[Pool, ...] = ("cpu", "gpu")
    pools = {name: WorkerPool(stack, name, stage=stage, name=name, dead_letter=dead_letter) for name in names}
    workflows: dict[str, workflow.Workflow] = {}
    for product in products:
        workflows[product.kind] = product_workflow(functions, pools, product, workflows)
    return functions, app.synth().get_stack_by_name("app").template


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the state machines of these products in it."""
    monkeypatch.setattr(workflow, "ROOT", tmp_path)
    monkeypatch.setattr(workflow, "EXPANDED", tmp_path / "build")
    folder = tmp_path / "statemachines"
    folder.mkdir()
    (folder / "night_song.asl.json").write_text(json.dumps(MACHINE))
    shutil.copy(ROOT / "tests" / "fixtures" / "loop_product" / "loop.asl.json", folder)
    return tmp_path


def resources(template: dict[str, Any], kind: str, id_: str) -> Iterator[dict[str, Any]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind and name.startswith(id_):
            yield resource["Properties"]


def allowed(template: dict[str, Any], function_id: str) -> dict[str, Any]:
    (role,) = resources(template, "AWS::IAM::Role", function_id)
    (policy,) = role["Policies"]
    return dict(policy)


def actions(policy: dict[str, Any]) -> set[str]:
    statements = policy["PolicyDocument"]["Statement"]
    return {action for s in statements for action in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])}


def test_its_functions_are_what_its_steps_state(root: Path) -> None:
    functions, template = synthesised(NIGHT_SONG)
    assert functions.all[-1].step == LISTEN
    (function,) = resources(template, "AWS::Lambda::Function", "NightSongListenWell")
    assert function["FunctionName"] == "soundstage-local-night_song-listen_well"
    assert function["Handler"] == "functions.night_song.listen_well.handler"
    assert (function["MemorySize"], function["Timeout"], function["EphemeralStorage"]["Size"]) == (2048, 90, 1024)
    assert list(resources(template, "AWS::CloudWatch::Alarm", "NightSongListenWell"))
    policy = allowed(template, "NightSongListenWell")
    assert "/uploads/*" in json.dumps(
        [s for s in policy["PolicyDocument"]["Statement"] if "s3:GetObject" in s["Action"]]
    )
    assert "/work/*" in json.dumps([s for s in policy["PolicyDocument"]["Statement"] if "s3:PutObject" in s["Action"]])
    assert not {"s3:DeleteObject", "secretsmanager:GetSecretValue", "states:StartExecution"} & actions(policy)


def test_its_machine_may_call_them_and_send_to_the_queues_that_it_uses(root: Path) -> None:
    _, template = synthesised(NIGHT_SONG)
    (machine,) = resources(template, "AWS::StepFunctions::StateMachine", "NightSong")
    expanded = json.loads(machine["DefinitionString"])
    assert expanded["States"]["Listen"]["TimeoutSeconds"] == LISTEN.timeout_s
    assert json.loads((root / "build" / "night_song.asl.json").read_text()) == expanded
    (policy,) = resources(template, "AWS::IAM::Policy", "NightSongMachine")
    (send,) = [s for s in policy["PolicyDocument"]["Statement"] if s["Action"] == "sqs:SendMessage"]
    assert send["Resource"]["Fn::GetAtt"][0].startswith("gpuQueue")
    assert "lambda:InvokeFunction" in actions(policy)


def test_the_smallest_product_is_deployed_from_its_files(root: Path) -> None:
    _, template = synthesised(LOOP)
    (function,) = resources(template, "AWS::Lambda::Function", "LoopPersist")
    assert function["Handler"] == "functions.loop.persist.handler"
    (machine,) = resources(template, "AWS::StepFunctions::StateMachine", "Loop")
    states = json.loads(machine["DefinitionString"])["States"]
    assert [state["Type"] for state in states.values()] == ["Task", "Task", "Fail"]


def test_a_step_may_start_the_kinds_that_it_states_and_no_others(root: Path) -> None:
    listen = replace(LISTEN, starts=("loop",))
    template = synthesised(LOOP, replace(NIGHT_SONG, functions=(listen,)))[1]
    (function,) = resources(template, "AWS::Lambda::Function", "NightSongListenWell")
    machines = json.dumps(function["Environment"]["Variables"]["SOUNDSTAGE_STATE_MACHINES"])
    assert "loop" in machines
    assert "night_song" not in machines
    policy = allowed(template, "NightSongListenWell")
    (start,) = [s for s in policy["PolicyDocument"]["Statement"] if s["Action"] == "states:StartExecution"]
    assert start["Resource"]["Ref"].startswith("LoopMachine")


@pytest.mark.parametrize("tasks", [(), (WorkerTask("play", pool="cpu"),)])
def test_a_machine_that_calls_something_else_than_it_states_is_refused(
    root: Path, tasks: tuple[WorkerTask, ...]
) -> None:
    other: Product[BaseModel] = Product(
        kind="night_song", options=BaseModel, inputs={}, steps=(), rows="nowhere:Rows", functions=(LISTEN,), tasks=tasks
    )
    with pytest.raises(ValueError, match=r"night_song\.asl\.json and its substitutions differ"):
        synthesised(other)
