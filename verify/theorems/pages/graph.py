"""Which statement rests on which: a directed graph, as Mermaid, DOT or SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

from .. import THEOREMS
from ..theorem import Status, Theorem

if TYPE_CHECKING:
    import networkx

_COLUMN, _ROW, _WIDTH, _HEIGHT, _MARGIN = 380, 26, 300, 20, 12
_FILL = {Status.proved: "#dff0e0", Status.classical: "#e3e9f6", Status.reported: "#f8ecd2"}


class GraphFormat(StrEnum):
    """How the graph is written."""

    mermaid = "mermaid"
    dot = "dot"
    svg = "svg"


def graph(entries: Iterable[Theorem] = THEOREMS) -> networkx.DiGraph:
    """Return the graph with an edge from every statement to each one that depends on it; nodes carry `status`.

    Raises ValueError for a dependency that does not exist or a circle of dependencies.
    """
    import networkx

    entries = list(entries)
    found = networkx.DiGraph()
    for entry in entries:
        found.add_node(entry.id, status=entry.status)
    for entry in entries:
        for premise in entry.depends:
            if premise not in found:
                raise ValueError(f"{entry.id} depends on {premise!r}, which is no theorem")
            found.add_edge(premise, entry.id)
    if not networkx.is_directed_acyclic_graph(found):
        circle = " -> ".join(edge[0] for edge in networkx.find_cycle(found))
        raise ValueError(f"theorems depend on each other in a circle: {circle}")
    return found


def drawn(form: GraphFormat) -> str:
    """Return the graph of the registry as text in the format asked for."""
    writers: dict[GraphFormat, Callable[[networkx.DiGraph], str]] = {
        GraphFormat.mermaid: _mermaid,
        GraphFormat.dot: _dot,
        GraphFormat.svg: _svg,
    }
    return writers[form](graph())


def _mermaid(found: networkx.DiGraph) -> str:
    numbers = {name: f"t{i}" for i, name in enumerate(found)}
    nodes = [f'    {number}["{name}"]' for name, number in numbers.items()]
    edges = [f"    {numbers[a]} --> {numbers[b]}" for a, b in found.edges]
    return "\n".join(["graph LR", *nodes, *edges]) + "\n"


def _dot(found: networkx.DiGraph) -> str:
    nodes = [_dot_node(found, name) for name in found]
    edges = [f'  "{a}" -> "{b}";' for a, b in found.edges]
    head = ["digraph theorems {", "  rankdir=LR;", '  node [shape=box, style="rounded,filled"];']
    return "\n".join([*head, *nodes, *edges, "}"]) + "\n"


def _dot_node(found: networkx.DiGraph, name: str) -> str:
    return f'  "{name}" [fillcolor="{_FILL[found.nodes[name]["status"]]}"];'


def _svg(found: networkx.DiGraph) -> str:
    places = _places(found)
    width = _MARGIN * 2 + max(x for x, _ in places.values()) + _WIDTH
    height = _MARGIN * 2 + max(y for _, y in places.values()) + _HEIGHT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif">',
        "<title>Which theorem rests on which</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for a, b in found.edges:
        x, y = places[a][0] + _MARGIN + _WIDTH, places[a][1] + _MARGIN + _HEIGHT // 2
        to_x, to_y = places[b][0] + _MARGIN, places[b][1] + _MARGIN + _HEIGHT // 2
        middle = (x + to_x) // 2
        curve = f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}"
        lines.append(f'<path d="{curve}" fill="none" stroke="#8a8f98"/>')
    for name in found:
        fill = _FILL[found.nodes[name]["status"]]
        x, y = places[name][0] + _MARGIN, places[name][1] + _MARGIN
        lines.append(f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="5" fill="{fill}"/>')
        lines.append(f'<text x="{x + 8}" y="{y + 14}" font-size="12" fill="#1d2430">{escape(name)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _places(found: networkx.DiGraph) -> dict[str, tuple[int, int]]:
    """Return the corner of every box: a column per generation, near what it rests on; below, what stands alone."""
    import networkx

    joined = found.subgraph([name for name in found if found.degree(name)])
    rows: dict[str, float] = {}
    places: dict[str, tuple[int, int]] = {}
    for column, generation in enumerate(networkx.topological_generations(joined)):
        near = {name: _mean([rows[p] for p in found.predecessors(name)]) for name in generation}
        for row, name in enumerate(sorted(generation, key=lambda name: (near[name], name))):
            rows[name] = row
            places[name] = (column * _COLUMN, row * _ROW)
    below = max((y for _, y in places.values()), default=-2 * _ROW) + 2 * _ROW
    columns = 1 + max((x for x, _ in places.values()), default=0) // _COLUMN
    alone = [name for name in found if name not in places]
    return places | {name: (i % columns * _COLUMN, below + i // columns * _ROW) for i, name in enumerate(alone)}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
