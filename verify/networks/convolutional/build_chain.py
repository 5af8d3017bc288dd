"""From a chain of filters to networks of convolutions that provably compute its deep sparse codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...dictionaries.convolutional_chain import ConvolutionalChain
from ...errors import InputError
from ...progress import Progress, silent
from ..code_class import LARGEST
from ..deep_network import Method
from ..error_bounds import Errors
from ..weights import DICTIONARY, GENERALIZED
from .build import BuiltConvolutional, build_convolutional
from .chain_errors import ChainErrors, chain_errors, code_class, layer_noise, product_noise
from .chain_network import ChainClass, ChainNetwork
from .matrices import bounder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BuiltChain:
    """Networks with what was planned for each. `errors` are estimated: `verify certify-network` proves them."""

    network: ChainNetwork
    members: ChainClass
    built: tuple[BuiltConvolutional, ...]
    errors: ChainErrors


def build_chain(
    chain: ConvolutionalChain,
    levels: Sequence[int],
    bounds: Sequence[object],
    *,
    method: Method | str = Method.layer_by_layer,
    layers: int | None = None,
    error: object = None,
    weights: str = GENERALIZED,
    dtype: str = "float32",
    arithmetic: str = "ieee",
    progress: Progress = silent,
) -> BuiltChain:
    """Build the networks of a method for deep codes of every size, with errors of at most the chain's tolerances.

    `layer-by-layer`: one network for each D_j, for codes with at most `levels`[j-1] nonzeros in a stripe of D_j and
    entries of at most `bounds`[j-1]; it counts what the one before may err by as noise of a known shape.
    `deepest-first`: one for D[J], with one level, in the stripes of D[J], and one bound. Other arguments as for
    `build_convolutional`.

    Guarantee: estimated bounds. Raises InputError, which says which network it is, for what `build_convolutional`
    refuses, for levels and bounds that do not fit, another method, and where there is no product of all filters.
    """
    if method not in (Method.layer_by_layer, Method.deepest_first):
        raise InputError(f"method: expected layer-by-layer or deepest-first for filters, got {str(method)[:40]!r}")
    if weights not in (GENERALIZED, DICTIONARY):
        raise InputError(f"weights: expected {GENERALIZED} or {DICTIONARY} for a chain, got {weights[:40]!r}")
    several = method == Method.layer_by_layer
    dictionaries = chain.dictionaries if several else (chain.product(0, chain.depth),)
    members = ChainClass.of(dictionaries, levels, bounds)
    built: list[BuiltConvolutional] = []
    before: Errors | None = None
    for at, dictionary in enumerate(dictionaries):
        noise = layer_noise(chain, at, before, members) if several else product_noise(chain)
        try:
            found = build_convolutional(
                dictionary,
                sparsity=members.levels[at],
                bound=members.bounds[at],
                noise=min(noise.norm, LARGEST),
                rows=noise.rows,
                layers=layers,
                error=error,
                weights=weights,
                dtype=dtype,
                arithmetic=arithmetic,
                progress=progress,
            )
        except InputError as problem:
            where = f"D_{at + 1}" if several else "the product of all filters"
            raise type(problem)(f"the network for {where}: {problem}") from None
        built.append(found)
        before = bounder(found.network, dictionary).states(code_class(members, at, noise), arithmetic)[-1]
    network = ChainNetwork.of(chain, [one.network for one in built])
    errors = chain_errors(network, members, arithmetic)
    return BuiltChain(network=network, members=members, built=tuple(built), errors=errors)
