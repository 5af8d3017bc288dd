"""Networks for deep sparse codes as they are stored: one for the product of all dictionaries, or one for each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from ..dictionaries.deep import DeepDictionary
from ..errors import InputError
from ..exact import solve
from .exact_forward import Vector, exact_forward
from .unrolled import Code, UnrolledNetwork

if TYPE_CHECKING:
    from .deep_module import DeepModule


class Method(StrEnum):
    """How deep codes are computed (docs/deep.md)."""

    deepest_first = "deepest-first"
    layer_by_layer = "layer-by-layer"
    refit = "refit"

    @property
    def statement(self) -> str:
        """The id of the theorem."""
        return f"dsc-{self.value}"


@dataclass(frozen=True, kw_only=True, eq=False)
class DeepNetwork:
    """A chain D_1 .. D_J with one network for D[J] (deepest first), or with J, network j for D_j (layer by layer).

    Make one with `of`. Layer by layer network j is given what network j-1 has found; deepest first the codes
    x_j, j < J, are D[j:J] x_J. Refit is least squares on the support that either found last.
    """

    deep: DeepDictionary
    networks: tuple[UnrolledNetwork, ...]

    @staticmethod
    def of(deep: DeepDictionary, networks: Sequence[UnrolledNetwork]) -> DeepNetwork:
        """Return chain and networks together.

        Raises InputError for a complex chain or one with leaky ReLUs, for another number of networks than 1 or J, for
        networks that do not fit their dictionary or say that they were built for another one, and for networks of
        non-negative codes or smooth activations.
        """
        if deep.dictionaries[0].field != "real":
            raise InputError("expected a real chain for networks of ReLUs, got a complex one")
        if not deep.is_linear:
            raise InputError("expected slopes of 1: networks for chains with leaky ReLUs are not built or certified")
        if len(networks) not in (1, deep.depth):
            raise InputError(
                f"expected one network for the product of all dictionaries, or {deep.depth}, one for each; "
                f"got {len(networks)}"
            )
        for at, network in enumerate(networks):
            span = (at, at + 1) if len(networks) > 1 else (0, deep.depth)
            shape = (deep.dictionaries[span[0]].shape[0], deep.dictionaries[span[1] - 1].shape[1])
            if network.shape != shape:
                raise InputError(
                    f"network {at + 1} is for shape {network.shape}, and its place in the chain has shape {shape}"
                )
            if network.code is not Code.signed or network.activation.tau is not None:
                raise InputError(f"network {at + 1}: expected signed codes and relu or leaky-relu units")
            known = network.dictionary_sha256
            if known is not None and known != deep.product(*span).digest:
                raise InputError(
                    f"network {at + 1} says that it was built for another dictionary than that of its place"
                )
        return DeepNetwork(deep=deep, networks=tuple(networks))

    @property
    def method(self) -> Method:
        """Deepest first for one network, layer by layer for several."""
        return Method.deepest_first if len(self.networks) == 1 else Method.layer_by_layer

    def forward_exact(self, signal: Iterable[float | Fraction]) -> list[Vector]:
        """Return x~_1 .. x~_J of a signal in exact arithmetic, for the stored weights; see `exact_forward`."""
        found = [Fraction(value) for value in signal]
        codes: list[Vector] = []
        for network in self.networks:
            found = exact_forward(network, found)[-1]
            codes.append(found)
        return codes if len(codes) > 1 else self._before(found)

    def refit_exact(self, signal: Iterable[float | Fraction], last: Sequence[Fraction], kept: Fraction) -> list[Vector]:
        """Return x^_1 .. x^_J, exactly: least squares with the atoms of D[J] where |last_i| > `kept`.

        Raises InputError if these atoms are dependent.
        """
        support = [i for i, value in enumerate(last) if abs(value) > kept]
        y = [Fraction(value) for value in signal]
        values = [Fraction(0)] * len(last)
        if support:
            atoms = self.deep.product(0, self.deep.depth).integer_atoms(support)
            gram = [[sum(a * b for a, b in zip(u, v, strict=True)) for v in atoms.real] for u in atoms.real]
            right = [sum((a * b for a, b in zip(u, y, strict=True)), Fraction(0)) for u in atoms.real]
            divisor = math.lcm(*(value.denominator for value in right))
            found = solve(gram, [int(value * divisor) for value in right])
            if found is None:
                raise InputError("refit: the atoms that were found are dependent")
            for i, value, scale in zip(support, found, atoms.scale, strict=True):
                values[i] = value / divisor / scale
        return self._before(values)

    def to_torch(self, *, refit: bool = False, kept: float = 0.0) -> DeepModule:
        """Return the networks as a torch module that gives all codes; with `refit` of entries above `kept`."""
        from .deep_module import DeepModule

        return DeepModule(self, refit=refit, kept=kept)

    def _before(self, last: Vector) -> list[Vector]:
        """Return D[j:J] x_J for j = 1 .. J."""
        layers = self.deep.layers_of({i: value for i, value in enumerate(last) if value})
        lengths = [dictionary.shape[1] for dictionary in self.deep.dictionaries]
        return [[layer.get(i, Fraction(0)) for i in range(n)] for n, layer in zip(lengths, layers[1:], strict=True)]
