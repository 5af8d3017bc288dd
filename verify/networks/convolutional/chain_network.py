"""Networks of convolutions for a chain of filters: one for the product of all, or one for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary
from ...dictionaries.convolutional_chain import ConvolutionalChain, stripe_size
from ...errors import InputError
from ..code_class import exact_between
from ..deep_network import Method
from ..unrolled import Code
from .matrices import refuse_unfit
from .unrolled import ConvolutionalNetwork

if TYPE_CHECKING:
    from .chain_module import ChainModule


@dataclass(frozen=True, kw_only=True, eq=False)
class ChainNetwork:
    """A chain D_1 .. D_J with one network for D[J] (deepest first), or with J, network j for D_j (layer by layer).

    Make one with `of`. Layer by layer network j is given what network j-1 has found; deepest first the codes x_j,
    j < J, are D[j:J] x_J. Every one is a CNN, for signals of every size.
    """

    chain: ConvolutionalChain
    networks: tuple[ConvolutionalNetwork, ...]

    @staticmethod
    def of(chain: ConvolutionalChain, networks: Sequence[ConvolutionalNetwork]) -> ChainNetwork:
        """Return chain and networks together.

        Raises InputError for another number of networks than 1 or J, for networks that do not fit their filters or say
        that they were built for other ones, for non-negative codes, and where there is no product of all filters.
        """
        if len(networks) not in (1, chain.depth):
            raise InputError(
                f"expected one network for the product of all filters, or {chain.depth}, one for each; "
                f"got {len(networks)}"
            )
        found = ChainNetwork(chain=chain, networks=tuple(networks))
        for at, (network, dictionary) in enumerate(zip(networks, found.dictionaries, strict=True), 1):
            try:
                refuse_unfit(network, dictionary)
            except InputError as error:
                raise InputError(f"network {at}: {error}") from None
            if network.code is not Code.signed:
                raise InputError(f"network {at}: expected signed codes, got {network.code.value} ones")
            if network.dictionary_sha256 not in (None, dictionary.digest):
                raise InputError(f"network {at} says that it was built for other filters than those of its place")
        return found

    @property
    def method(self) -> Method:
        """Deepest first for one network, layer by layer for several."""
        return Method.deepest_first if len(self.networks) == 1 else Method.layer_by_layer

    @property
    def statement(self) -> str:
        """The rule that bounds the errors (certificates/SPEC.md section 6.16)."""
        return f"dsc-filters-{self.method.value}"

    @property
    def dictionaries(self) -> tuple[ConvolutionalDictionary, ...]:
        """For every network its filters: D[J], or D_1 .. D_J."""
        if len(self.networks) == 1:
            return (self.chain.product(0, self.chain.depth),)
        return self.chain.dictionaries

    def to_torch(self) -> ChainModule:
        """Return the networks as one torch module that gives all codes of signals of any size."""
        from .chain_module import ChainModule

        return ChainModule(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainClass:
    """What is known of the codes that networks find: for each network a level in the stripes of its filters, a bound.

    Layer by layer these are D_1 .. D_J, deepest first D[J] alone.
    """

    levels: tuple[int, ...]
    bounds: tuple[Fraction, ...]

    @staticmethod
    def of(
        dictionaries: Sequence[ConvolutionalDictionary], levels: Sequence[int], bounds: Sequence[object]
    ) -> ChainClass:
        """Return the class; one bound serves for all.

        Raises InputError for levels or bounds that are not one for each network, a level outside a stripe, a bound
        that is not above 0, and filters with the boundary 'same'.
        """
        count = len(dictionaries)
        if len(levels) != count:
            what = "for the product of all filters (deepest first)" if count == 1 else "one for each array of filters"
            raise InputError(f"sparsity: expected {count} level{'s' * (count > 1)}, {what}, got {len(levels)}")
        for at, (level, dictionary) in enumerate(zip(levels, dictionaries, strict=True), 1):
            if dictionary.boundary is Boundary.same:
                raise InputError(
                    f"D_{at}: the boundary same is not supported for networks of chains, full and circular are"
                )
            most = stripe_size(dictionary)
            if isinstance(level, bool) or not 1 <= level <= most:
                raise InputError(f"sparsity: expected level {at} from 1 to {most}, the size of a stripe, got {level}")
        exact = tuple(exact_between(bound, "bound") for bound in bounds)
        exact = exact * count if len(exact) == 1 else exact
        if len(exact) != count:
            raise InputError(f"bound: expected one number, or {count}, one for each network, got {len(exact)}")
        if not min(exact):
            raise InputError("bound: expected numbers above 0, the largest entries of codes, got 0")
        return ChainClass(levels=tuple(map(int, levels)), bounds=exact)
