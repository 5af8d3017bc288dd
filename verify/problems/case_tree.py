"""A tree of cases that grows by branching on atoms, and how certificates spell it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .leaf_bounds import COUNTED, EXCLUDED, Cases
from .proofs import SearchTree

_OPEN, _BY_VECTOR, _EXACTLY = -1, -2, -3


@dataclass(slots=True)
class _Node:
    parent: int
    atom: int  # that the parent branched on
    counted: bool
    left: int
    kind: int = _OPEN  # or the atom branched on
    first: int = -1
    vector: NDArray[np.int64] | None = None


class CaseTree:
    """Cases of at most `size` nonzeros among n atoms; node 0 is the whole. Rule value-by-search of the checker."""

    def __init__(self, n: int, size: int) -> None:
        self._n = n
        self._nodes = [_Node(parent=-1, atom=-1, counted=False, left=size)]
        self.leaves = 0

    def __len__(self) -> int:
        return len(self._nodes)

    def branch(self, node: int, atom: int) -> tuple[int, int]:
        """Split a case by an atom it has not decided: excluded, and counted. Returns the two new nodes."""
        here = self._nodes[node]
        here.kind, here.first = atom, len(self._nodes)
        here.vector = None
        self._nodes.append(_Node(parent=node, atom=atom, counted=False, left=here.left))
        self._nodes.append(_Node(parent=node, atom=atom, counted=True, left=here.left - 1))
        return here.first, here.first + 1

    def close(self, node: int, vector: NDArray[np.int64] | None) -> None:
        """Close a case by a vector, or (None) by the exact distance from the span of its counted atoms."""
        self._nodes[node].kind = _EXACTLY if vector is None else _BY_VECTOR
        self._nodes[node].vector = vector
        self.leaves += 1

    def closed(self) -> Iterator[tuple[int, NDArray[np.int64] | None]]:
        """Yield the closed cases with their vectors, None where a case is closed by an exact distance."""
        for at, node in enumerate(self._nodes):
            if node.kind in (_BY_VECTOR, _EXACTLY):
                yield at, node.vector

    def left(self, node: int) -> int:
        """Return how many more atoms may be counted in a case."""
        return self._nodes[node].left

    def decided(self, node: int) -> tuple[list[int], list[int]]:
        """Return the atoms counted and the atoms excluded in a case."""
        counted: list[int] = []
        excluded: list[int] = []
        while node > 0:
            here = self._nodes[node]
            (counted if here.counted else excluded).append(here.atom)
            node = here.parent
        return counted, excluded

    def cases(self, nodes: Sequence[int]) -> Cases:
        """Return the states of some nodes, one row each."""
        states = np.zeros((len(nodes), self._n), dtype=np.int8)
        for row, node in enumerate(nodes):
            counted, excluded = self.decided(node)
            states[row, counted] = COUNTED
            states[row, excluded] = EXCLUDED
        return Cases(states=states, left=np.array([self.left(node) for node in nodes], dtype=np.intp))

    def proof(self, lower: Fraction, m: int) -> SearchTree:
        """Return the tree as the checker reads it, in preorder; every leaf must be closed."""
        spelled: list[int] = []
        rows: list[NDArray[np.int64]] = []
        waiting = [0]
        while waiting:
            node = self._nodes[waiting.pop()]
            if node.kind == _BY_VECTOR and node.vector is not None:
                spelled.append(0)
                rows.append(node.vector)
            elif node.kind == _EXACTLY:
                spelled.append(1)
            elif node.kind >= 0:
                spelled.append(2 + node.kind)
                waiting += [node.first + 1, node.first]
            else:
                raise ValueError("a tree with an open case proves nothing")
        duals = np.array(rows, dtype=np.int64).reshape(len(rows), m)
        return SearchTree(lower=lower, tree=tuple(spelled), duals=duals, duals_exponent=0)
