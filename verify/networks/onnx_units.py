"""What stands for relu in an ONNX graph: the expressions of docs/networks.md in operators that every runtime has."""

from __future__ import annotations

import math
from typing import Protocol

from .activations import Activation


class NodeMaker(Protocol):
    """Adds a node to a graph and returns the name of its result."""

    def __call__(self, kind: str, *inputs: str, name: str | None = None) -> str:
        """Return the name of the result, the one wanted if there is one."""
        ...


class NumberMaker(Protocol):
    """Adds a number to a graph and returns its name."""

    def __call__(self, value: float) -> str:
        """Return its name."""
        ...


class Units:
    """Adds the nodes of one activation; `relu` is all that a graph needs.

    log1p(e) is Log(1 + e) and expm1(e) is Exp(e) - 1, which ONNX has no operators for: off by one rounding of a number
    of at most 2, and certificates allow 64.
    """

    def __init__(self, activation: Activation, node: NodeMaker, number: NumberMaker) -> None:
        self._activation, self._node, self._number = activation, node, number

    def relu(self, u: str, name: str | None = None) -> str:
        """Return the name of what stands for relu(u)."""
        activation = self._activation
        if activation.slope is not None:
            return self._leaky(u, float(activation.slope), name)
        if activation.tau is None:
            return self._node("Relu", u, name=name)
        w = self._times(u, float(1 / activation.tau))
        return self._node("Mul", self._smooth(activation.name, w), self._number(float(activation.tau)), name=name)

    def _leaky(self, u: str, slope: float, name: str | None) -> str:
        first = self._node("Max", u, self._times(u, slope))
        minus = self._node("Neg", u)
        second = self._times(self._node("Max", minus, self._times(minus, slope)), slope)
        return self._node("Div", self._node("Add", first, second), self._number(1 - slope * slope), name=name)

    def _smooth(self, name: str, w: str) -> str:
        if name == "silu":
            return self._node("Div", w, self._plus(self._node("Exp", self._node("Neg", w)), 1.0))
        if name == "gelu":
            erf = self._node("Erf", self._times(w, math.sqrt(0.5)))
            return self._node("Mul", self._times(w, 0.5), self._plus(erf, 1.0))
        if name == "gelu-tanh":
            cube = self._times(self._node("Mul", self._node("Mul", w, w), w), 0.044715)
            tanh = self._node("Tanh", self._times(self._node("Add", w, cube), math.sqrt(2 / math.pi)))
            return self._node("Mul", self._times(w, 0.5), self._plus(tanh, 1.0))
        if name == "elu":
            falling = self._node("Exp", self._node("Min", w, self._number(0.0)))
            return self._node("Add", self._node("Relu", w), self._plus(falling, -1.0))
        softplus = self._softplus(w)
        return softplus if name == "softplus" else self._node("Mul", w, self._node("Tanh", softplus))

    def _softplus(self, w: str) -> str:
        small = self._node("Exp", self._node("Neg", self._node("Abs", w)))
        return self._node("Add", self._node("Relu", w), self._node("Log", self._plus(small, 1.0)))

    def _times(self, u: str, value: float) -> str:
        return self._node("Mul", u, self._number(value))

    def _plus(self, u: str, value: float) -> str:
        return self._node("Add", u, self._number(value))
