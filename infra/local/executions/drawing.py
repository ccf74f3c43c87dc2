"""A graph as SVG: what happened in each state by colour and words, and each state a link to what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.local.executions.graph import Edge, Graph, Node
from markupsafe import Markup

MARGIN = 10.0
ROUND = 7.0
LONGEST_NAME = 25  # characters that fit into a state's width
LONGEST_BESIDE = 17  # and those that leave room for its kind


@dataclass(frozen=True)
class Mark:
    """What a state's box says: its status for the colour, ``words`` under its name, and where its link leads."""

    status: str
    words: str
    link: str | None


def svg(graph: Graph, marks: Mapping[str, Mark], taken: frozenset[tuple[str, str]], title: str) -> Markup:
    """``marks`` by state's name, whatever it is inside of; ``taken`` are the ways that the execution went."""
    width, height = graph.width + 2 * MARGIN, graph.height + 2 * MARGIN
    return Markup(
        '<svg class="graph" viewBox="{x:.0f} {x:.0f} {width:.0f} {height:.0f}" width="{width:.0f}"'
        ' height="{height:.0f}" role="group" aria-label="{title}">'
        '<defs><marker id="arrow" viewBox="0 0 8 8" markerWidth="7" markerHeight="7" refX="7" refY="4"'
        ' orient="auto-start-reverse"><path d="M0 0 8 4 0 8Z"/></marker></defs>{body}</svg>'
    ).format(x=-MARGIN, width=width, height=height, title=title, body=_graph(graph, marks, taken))


def _graph(graph: Graph, marks: Mapping[str, Mark], taken: frozenset[tuple[str, str]]) -> Markup:
    edges = [_edge(edge, (edge.source, edge.target) in taken) for edge in graph.edges]
    # What was taken lies above what was not, and states above both.
    ordered = sorted(zip(graph.edges, edges, strict=True), key=lambda pair: (pair[0].source, pair[0].target) in taken)
    states = [_state(node, marks, taken) for node in graph.nodes.values()]
    return Markup("").join([drawn for _, drawn in ordered] + states)


def _edge(edge: Edge, taken: bool) -> Markup:
    (x, y), *rest = edge.points
    if edge.kind == "catch" or edge.points[0][1] > edge.points[-1][1]:
        way = f"M{x:.1f} {y:.1f}" + "".join(f"L{to_x:.1f} {to_y:.1f}" for to_x, to_y in rest)
    else:
        way = f"M{x:.1f} {y:.1f}"
        for to_x, to_y in rest:
            half = (to_y - y) / 2
            way += f"C{x:.1f} {y + half:.1f} {to_x:.1f} {to_y - half:.1f} {to_x:.1f} {to_y:.1f}"
            x, y = to_x, to_y
    return Markup('<path class="way {kind}{taken}" d="{way}" marker-end="url(#arrow)"/>').format(
        kind=edge.kind, taken=" taken" if taken else "", way=way
    )


def _kind(node: Node) -> str:
    if node.kind == "Task" or (len(node.name) > LONGEST_BESIDE and not node.inner):
        return ""
    return {"Choice": "?"}.get(node.kind, node.kind)


def _state(node: Node, marks: Mapping[str, Mark], taken: frozenset[tuple[str, str]]) -> Markup:
    mark = marks.get(node.name, Mark("idle", "", None))
    name = node.name if len(node.name) <= LONGEST_NAME or node.inner else f"{node.name[: LONGEST_NAME - 1]}…"
    middle = 19.0 if mark.words or node.inner else node.height / 2 + 5
    box = Markup(
        "<title>{title}</title>"
        '<rect class="box" width="{width:.1f}" height="{height:.1f}" rx="{round}"/>'
        '<text class="name" x="12" y="{middle:.1f}">{name}</text>'
        '<text class="words" x="12" y="35">{words}</text>'
        '<text class="kind" x="{right:.1f}" y="{middle:.1f}">{kind}</text>'
    ).format(
        title=". ".join(filter(None, (node.name, mark.status, mark.words, node.comment))),
        width=node.width,
        height=node.height,
        round=ROUND if node.kind != "Choice" else node.height / 2,
        middle=middle,
        name=name,
        words=mark.words,
        right=node.width - 10,
        kind=_kind(node),
    )
    inner = Markup("").join(
        Markup('<g transform="translate({x:.1f} {y:.1f})">{graph}</g>').format(
            x=graph.x, y=graph.y, graph=_graph(graph, marks, taken)
        )
        for graph in node.inner
    )
    if mark.link:
        box = Markup('<a href="{link}">{box}</a>').format(link=mark.link, box=box)
    return Markup('<g class="state {status} {kind}" transform="translate({x:.1f} {y:.1f})">{box}{inner}</g>').format(
        status=mark.status, kind=node.kind.lower(), x=node.x, y=node.y, box=box, inner=inner
    )
