"""A state machine as a graph with places: layers from the start downwards, containers around inner machines.

Layers are longest paths (Sugiyama's first step), edges over several layers get a place in each of them, and the places
of a layer are ordered by the mean of their neighbours (barycentres). Lengths are px.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT = 184.0, 44.0
GAP_X, GAP_Y = 26.0, 34.0
PAD, TITLE = 18.0, 30.0  # of a container: around what is inside, and for its name above that
LANE = 14.0  # between lines of Catch, which run down at the right
PASSING = 12.0  # the width of a line that passes a layer
SWEEPS = 6


@dataclass
class Node:
    name: str
    kind: str
    comment: str
    width: float = WIDTH
    height: float = HEIGHT
    x: float = 0.0
    """Of its left edge, inside of what is around it."""
    y: float = 0.0
    inner: "list[Graph]" = field(default_factory=list)


@dataclass(frozen=True)
class Edge:
    """``points``: its way. ``kind`` is ``next``, ``choice`` or ``catch``."""

    source: str
    target: str
    kind: str
    points: list[tuple[float, float]]


@dataclass
class Graph:
    nodes: dict[str, Node]
    edges: list[Edge]
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    """Of an inner graph, in its node."""
    y: float = 0.0


@dataclass
class _Slot:
    """A node's or a passing line's place in a layer."""

    width: float
    x: float = 0.0

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


Layer = dict[Any, _Slot]
Line = tuple[Any, Any]


def graph_of(machine: dict[str, Any]) -> Graph:
    """``machine`` is a definition in the Amazon States Language, or what is inside of a Map or a branch."""
    states = machine["States"]
    nodes = {name: _node(name, state) for name, state in states.items()}
    ways = [(name, target, kind) for name, state in states.items() for target, kind in _ways(state)]
    forward = [(source, target) for source, target, kind in ways if kind != "catch"]
    caught = sorted({target for _, target, kind in ways if kind == "catch"}, key=list(states).index)
    layer_of = _layers(machine["StartAt"], list(states), forward, caught)
    layers, lines = _slots(nodes, layer_of, forward)
    _order(layers, lines)
    width = _place_x(layers, _spine(machine["StartAt"], layer_of, forward))
    tops = _place_y(nodes, layer_of)
    for name, node in nodes.items():
        node.x = layers[layer_of[name]][name].x
    lanes = {target: width + LANE * (1 + place) for place, target in enumerate(caught)}
    edges = [_edge(way, nodes, _Rows(layers, layer_of, tops), lanes) for way in dict.fromkeys(ways)]
    bottom = max(node.y + node.height for node in nodes.values())
    back = 2 * LANE if any(layer_of[target] <= layer_of[source] for source, target in forward) else 0.0
    return Graph(nodes, edges, width + LANE * len(caught) + back + (8 if caught else 0), bottom)


def _node(name: str, state: dict[str, Any]) -> Node:
    inner = [state["ItemProcessor"]] if "ItemProcessor" in state else state.get("Branches", [])
    node = Node(name, state["Type"], state.get("Comment", ""), inner=[graph_of(machine) for machine in inner])
    if node.inner:
        x = PAD
        for graph in node.inner:
            graph.x, graph.y = x, TITLE + PAD
            x += graph.width + GAP_X
        node.width = max(WIDTH, x - GAP_X + PAD)
        node.height = TITLE + 2 * PAD + max(graph.height for graph in node.inner)
    return node


def _ways(state: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "Next" in state:
        yield state["Next"], "next"
    for choice in state.get("Choices", ()):
        yield choice["Next"], "choice"
    if "Default" in state:
        yield state["Default"], "choice"
    for catch in state.get("Catch", ()):
        yield catch["Next"], "catch"


def _layers(start: str, names: list[str], ways: list[tuple[str, str]], caught: list[str]) -> dict[str, int]:
    """Each state one layer below the last that leads to it; what leads back, does not count. What only a Catch leads
    to comes at the end."""
    back = set(_leading_back(start, ways))
    layer_of = {start: 0}
    for _ in names:
        for source, target in ways:
            if source in layer_of and (source, target) not in back:
                layer_of[target] = max(layer_of.get(target, 0), layer_of[source] + 1)
    last = max(layer_of.values())
    for name in [*caught, *names]:
        if name not in layer_of:
            layer_of[name] = last = last + 1
    return layer_of


def _leading_back(start: str, ways: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    open_, seen = {start}, {start}
    stack = [(start, iter([target for source, target in ways if source == start]))]
    while stack:
        name, targets = stack[-1]
        target = next(targets, None)
        if target is None:
            open_.discard(name)
            stack.pop()
        elif target in open_:
            yield name, target
        elif target not in seen:
            open_.add(target)
            seen.add(target)
            stack.append((target, iter([then for source, then in ways if source == target])))


def _spine(start: str, layer_of: dict[str, int], ways: list[tuple[str, str]]) -> set[Any]:
    """The longest way through the machine: its slots shall lie in one line, one in each layer."""
    down = [(source, target) for source, target in ways if layer_of[target] > layer_of[source]]
    below: dict[str, int] = {}
    for name in sorted(layer_of, key=lambda name: -layer_of[name]):
        below[name] = max((1 + below[target] for source, target in down if source == name), default=0)
    spine: set[Any] = {start}
    name = start
    while targets := [target for source, target in down if source == name]:
        heaviest = max(reversed(targets), key=lambda target: below[target])  # of equals the Default
        spine |= {(name, heaviest), heaviest}
        name = heaviest
    return spine


def _slots(
    nodes: dict[str, Node], layer_of: dict[str, int], ways: list[tuple[str, str]]
) -> tuple[list[Layer], list[Line]]:
    """Layers, and the lines between neighbouring ones."""
    layers: list[Layer] = [{} for _ in range(max(layer_of.values()) + 1)]
    for name, node in nodes.items():
        layers[layer_of[name]][name] = _Slot(node.width)
    lines: list[Line] = []
    for source, target in ways:
        before: Any = source
        for number in range(layer_of[source] + 1, layer_of[target]):
            layers[number][source, target] = _Slot(PASSING)
            lines.append((before, (source, target)))
            before = (source, target)
        if layer_of[target] > layer_of[source]:
            lines.append((before, target))
    return layers, lines


def _order(layers: list[Layer], lines: list[Line]) -> None:
    """Reorders the layers in place, so that fewer lines cross."""
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        numbers = range(1, len(layers)) if downwards else range(len(layers) - 2, -1, -1)
        for number in numbers:
            beside = list(layers[number - 1 if downwards else number + 1])
            rank = {name: place for place, name in enumerate(beside)}
            layer = layers[number]
            own = {name: float(place) for place, name in enumerate(layer)}

            def mean(name: Any, rank: dict[Any, int] = rank, own: dict[Any, float] = own) -> float:
                near = [rank[a] for a, b in lines if b == name and a in rank]
                near += [rank[b] for a, b in lines if a == name and b in rank]
                return sum(near) / len(near) if near else own[name]

            layers[number] = {name: layer[name] for name in sorted(layer, key=mean)}


def _place_x(layers: list[Layer], spine: set[Any]) -> float:
    """Returns the width. In each layer the slot of the main way has its middle at 0; the others are beside it."""
    for layer in layers:
        names = list(layer)
        main = next((place for place, name in enumerate(names) if name in spine), 0)
        slots = [layer[name] for name in names]
        slots[main].x = -slots[main].width / 2
        for slot, before in zip(slots[main + 1 :], slots[main:], strict=False):
            slot.x = before.x + before.width + GAP_X
        for place in range(main - 1, -1, -1):
            slots[place].x = slots[place + 1].x - GAP_X - slots[place].width
    slots = [slot for layer in layers for slot in layer.values()]
    left = min(slot.x for slot in slots)
    for slot in slots:
        slot.x -= left
    return max(slot.x + slot.width for slot in slots)


def _place_y(nodes: dict[str, Node], layer_of: dict[str, int]) -> list[tuple[float, float]]:
    """Returns top and bottom of each layer."""
    tops, y = [], 0.0
    for number in range(max(layer_of.values()) + 1):
        layer = [node for name, node in nodes.items() if layer_of[name] == number]
        height = max((node.height for node in layer), default=0.0)
        for node in layer:
            node.y = y + (height - node.height) / 2
        tops.append((y, y + height))
        y += height + GAP_Y
    return tops


@dataclass(frozen=True)
class _Rows:
    layers: list[Layer]
    layer_of: dict[str, int]
    tops: list[tuple[float, float]]
    """Top and bottom of each layer."""


def _edge(way: tuple[str, str, str], nodes: dict[str, Node], rows: _Rows, lanes: dict[str, float]) -> Edge:
    source, target, kind = nodes[way[0]], nodes[way[1]], way[2]
    if kind == "catch":
        lane = lanes[target.name]
        at, to = source.y + source.height / 2, target.y + target.height / 2
        return Edge(*way, [(source.x + source.width, at), (lane, at), (lane, to), (target.x + target.width, to)])
    first, last = rows.layer_of[source.name], rows.layer_of[target.name]
    if last <= first:  # back
        lane = max(lanes.values(), default=max(node.x + node.width for node in nodes.values())) + LANE
        at, to = source.y + source.height * 0.7, target.y + target.height * 0.3
        return Edge(*way, [(source.x + source.width, at), (lane, at), (lane, to), (target.x + target.width, to)])
    points = [(source.x + source.width / 2, source.y + source.height)]
    for number in range(first + 1, last):
        middle = rows.layers[number][source.name, target.name].middle
        points += [(middle, y) for y in rows.tops[number]]
    points.append((target.x + target.width / 2, target.y))
    return Edge(*way, points)
