"""The fewest vertices that meet every edge of a graph: greedy, then branch and bound, in integers throughout."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from ..budget import Budget
from ..progress import Progress, silent

_MOST_EDGES_FOR_SEARCH = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Vertices that meet every edge, and how many every such set has at least: optimal if they are as many."""

    vertices: tuple[int, ...]
    least: int

    @property
    def optimal(self) -> bool:
        """Whether no smaller set meets every edge."""
        return len(self.vertices) == self.least


def vertex_cover(edges: Iterable[tuple[int, int]], budget: Budget, progress: Progress = silent) -> Cover:
    """Return a small set of vertices that meets every edge, and a lower bound of the size of every such set.

    Greedy first: the vertex with the most edges left, then what became superfluous is put back. The lower bound is that
    of disjoint cliques: one of c vertices needs c - 1. Then branch and bound, a vertex or all its neighbours, until
    both agree or the budget is used up. Guarantee: both are exact, whenever the search ends. Cost: greedy, the number
    of edges; the search grows exponentially with how many vertices are left in doubt.
    """
    neighbours: dict[int, set[int]] = {}
    for i, j in edges:
        neighbours.setdefault(i, set()).add(j)
        neighbours.setdefault(j, set()).add(i)
    greedy = _without_superfluous(neighbours, _greedy(neighbours))
    least = _clique_bound(neighbours)
    if len(greedy) == least or sum(map(len, neighbours.values())) > 2 * _MOST_EDGES_FOR_SEARCH:
        return Cover(vertices=tuple(sorted(greedy)), least=least)
    search = _Search(best=greedy, budget=budget, progress=progress)
    finished = search.run(neighbours)
    return Cover(vertices=tuple(sorted(search.best)), least=len(search.best) if finished else least)


def _greedy(neighbours: dict[int, set[int]]) -> set[int]:
    degrees = {v: len(near) for v, near in neighbours.items()}
    buckets: list[set[int]] = [set() for _ in range(max(degrees.values(), default=0) + 1)]
    for v, degree in degrees.items():
        buckets[degree].add(v)
    taken: set[int] = set()
    for degree in range(len(buckets) - 1, 0, -1):
        while buckets[degree]:
            v = min(buckets[degree])
            buckets[degree].remove(v)
            taken.add(v)
            for u in neighbours[v] - taken:
                buckets[degrees[u]].discard(u)
                degrees[u] -= 1
                buckets[degrees[u]].add(u)
    return taken


def _without_superfluous(neighbours: dict[int, set[int]], cover: set[int]) -> set[int]:
    kept = set(cover)
    for v in sorted(cover, key=lambda v: len(neighbours[v])):
        if neighbours[v] <= kept:
            kept.remove(v)
    return kept


def _clique_bound(neighbours: dict[int, set[int]]) -> int:
    """Return how many vertices the disjoint cliques that are found greedily need together."""
    left = set(neighbours)
    bound = 0
    for v in sorted(neighbours, key=lambda v: len(neighbours[v])):
        if v not in left:
            continue
        clique, candidates = {v}, neighbours[v] & left
        while candidates:
            u = min(candidates, key=lambda u: (len(neighbours[u]), u))
            clique.add(u)
            candidates &= neighbours[u]
        left -= clique
        bound += len(clique) - 1
    return bound


@dataclass(slots=True)
class _Search:
    best: set[int]
    budget: Budget
    progress: Progress
    nodes: int = 0

    def run(self, neighbours: dict[int, set[int]]) -> bool:
        """Search all covers smaller than the best; return whether the search came to its end."""
        limit = sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(max(limit, 4 * len(neighbours) + 1000))
            return self._below({v: set(near) for v, near in neighbours.items()}, set())
        finally:
            sys.setrecursionlimit(limit)

    def _below(self, graph: dict[int, set[int]], taken: set[int]) -> bool:
        self.nodes += 1
        if self.nodes % 256 == 0:
            self.progress("sets of atoms", self.nodes, 0)
            if self.budget.stopped():
                return False
        taken = taken | _forced(graph)
        if not graph:
            if len(taken) < len(self.best):
                self.best = taken
            return True
        if len(taken) + _clique_bound(graph) >= len(self.best):
            return True
        v = max(graph, key=lambda v: (len(graph[v]), -v))
        without_v, without_near = _removed(graph, {v}), _removed(graph, graph[v])
        return self._below(without_v, taken | {v}) and self._below(without_near, taken | graph[v])


def _forced(graph: dict[int, set[int]]) -> set[int]:
    """Take the neighbour of every vertex with one edge, and forget vertices without, in place."""
    taken: set[int] = set()
    ends = [v for v, near in graph.items() if len(near) <= 1]
    while ends:
        v = ends.pop()
        near = graph.get(v)
        if near is None or len(near) > 1:
            continue
        if near:
            (u,) = near
            taken.add(u)
            for w in graph.pop(u):
                graph[w].discard(u)
                if len(graph[w]) <= 1:
                    ends.append(w)
        graph.pop(v, None)
    return taken


def _removed(graph: dict[int, set[int]], vertices: set[int]) -> dict[int, set[int]]:
    return {v: left for v, near in graph.items() if v not in vertices and (left := near - vertices)}
