"""Graphs of state machines: every state has a place of its own, and the main way is straight."""

import json
from itertools import combinations

import pytest
from infra.local.executions.drawing import svg
from infra.local.executions.graph import Graph, Node, graph_of
from infra.local.settings import ROOT

MACHINES = [*sorted((ROOT / "statemachines").glob("*.asl.json")), ROOT / "tests" / "fixtures" / "showcase.asl.json"]


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_no_state_lies_on_another_one(path: object) -> None:
    machine = json.loads(path.read_text())  # type: ignore[attr-defined]
    graph = graph_of(machine)

    assert set(graph.nodes) == set(machine["States"])
    _all_apart(graph)


def test_the_longest_way_is_straight_and_ways_back_and_failures_run_beside_it() -> None:
    graph = graph_of(json.loads((ROOT / "statemachines" / "shot_batch.asl.json").read_text()))

    middles = {name: node.x + node.width / 2 for name, node in graph.nodes.items()}
    assert len({middles[name] for name in ("Begin", "Look", "Is work going on?", "Persist")}) == 1
    (back,) = [edge for edge in graph.edges if (edge.source, edge.target) == ("Wait", "Look")]
    assert max(x for x, _ in back.points) > max(node.x + node.width for node in graph.nodes.values())
    assert max(x for x, _ in back.points) <= graph.width


def test_names_are_text_and_not_markup() -> None:
    machine = {"StartAt": "<script>", "States": {"<script>": {"Type": "Pass", "Comment": '"&', "End": True}}}

    drawn = svg(graph_of(machine), {}, frozenset(), '"><b>')

    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "&lt;script&gt;" in drawn


def _all_apart(graph: Graph) -> None:
    for one, other in combinations(graph.nodes.values(), 2):
        assert _apart(one, other), (one.name, other.name)
    for node in graph.nodes.values():
        assert node.x >= 0
        assert node.x + node.width <= graph.width
        for inner in node.inner:
            assert inner.x + inner.width <= node.width
            assert inner.y + inner.height <= node.height
            _all_apart(inner)


def _apart(one: Node, other: Node) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y
