"""From a chain of dictionaries to stored networks that compute its deep sparse codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..dictionaries.deep import DeepDictionary
from ..errors import InputError
from ..progress import Progress, silent
from .activations import Activation
from .build import BuiltNetwork, build_unrolled
from .code_class import exact_between
from .deep_bounds import DeepClass
from .deep_errors import DeepErrors, Noise, code_class, deep_errors, layer_noise, product_noise
from .deep_network import DeepNetwork, Method
from .error_bounds import ErrorBounder, Errors
from .weights import GENERALIZED


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BuiltDeepNetwork:
    """Networks with what was planned for each. `errors` are estimated: `verify certify-network` proves them."""

    network: DeepNetwork
    method: Method
    members: DeepClass
    built: tuple[BuiltNetwork, ...]
    errors: DeepErrors

    @property
    def least_entry(self) -> float:
        """A refit needs nonzeros of x_J above this: the error of x~_J on the support and off it. Estimated."""
        return sum(self.errors.last)


def deep_class(
    deep: DeepDictionary, levels: Sequence[int], bounds: Sequence[object], smallest: object = None
) -> DeepClass:
    """Return the class of deep codes; one bound serves for every layer.

    Raises InputError for levels or bounds that do not fit the chain, and for a smallest entry that is not above 0.
    """
    exact = tuple(exact_between(bound, "bound") for bound in bounds)
    exact = exact * deep.depth if len(exact) == 1 else exact
    if len(exact) != deep.depth:
        raise InputError(f"bound: expected one number, or {deep.depth}, one for each dictionary, got {len(exact)}")
    least = None if smallest is None else exact_between(smallest, "smallest")
    if least == 0:
        raise InputError("smallest: expected a number above 0, got 0")
    return DeepClass(levels=deep.checked_levels(levels), bounds=exact, smallest=least)


def build_deep(
    deep: DeepDictionary,
    members: DeepClass,
    *,
    method: Method | str = Method.layer_by_layer,
    layers: int | None = None,
    error: object = None,
    weights: str = GENERALIZED,
    dtype: str = "float32",
    activation: str | Activation = "relu",
    form: str = "auto",
    arithmetic: str = "ieee",
    progress: Progress = silent,
) -> BuiltDeepNetwork:
    """Build the networks of a method for all deep codes of a class, with errors of at most the chain's tolerances.

    `deepest-first`: one network for D[J]. `layer-by-layer`: one for each dictionary, which counts what the one before
    may err by as noise: at most its error in the lam_(j-1) places of the support of x_(j-1). `refit`: the same, to be
    followed by least squares. Each network has `layers` layers, or as many as a planned error of `error` needs.
    Other arguments as for `build_unrolled`. Guarantee: estimated bounds. Raises InputError, which says which network it
    is, for what `build_unrolled` refuses, for slopes, smooth activations and complex chains.
    """
    chosen = _method(method)
    if not deep.is_linear or deep.dictionaries[0].field != "real":
        raise InputError("expected a real chain with slopes of 1 for networks of deep codes")
    if activation not in ("relu", "leaky-relu") and getattr(activation, "tau", None) is not None:
        raise InputError("expected relu or leaky-relu units for networks of deep codes")
    if isinstance(activation, str) and activation not in ("relu", "leaky-relu"):
        raise InputError("expected relu or leaky-relu units for networks of deep codes")
    several = chosen is not Method.deepest_first
    built: list[BuiltNetwork] = []
    before: Errors | None = None
    for at in range(deep.depth if several else 1):
        j = at if several else deep.depth - 1
        dictionary = deep.dictionaries[at] if several else deep.product(0, deep.depth)
        noise: Noise = layer_noise(deep, at, before, members) if several else product_noise(deep)
        known = code_class(members, j, noise)
        try:
            found = build_unrolled(
                dictionary,
                sparsity=members.levels[j],
                bound=members.bounds[j],
                noise=_short(noise.norm),
                rows=noise.rows,
                layers=layers,
                error=error,
                weights=weights,
                dtype=dtype,
                activation=activation,
                form=form,
                arithmetic=arithmetic,
                progress=progress,
            )
        except InputError as problem:
            where = f"dictionary {at + 1}" if several else "the product of all dictionaries"
            raise type(problem)(f"the network for {where}: {problem}") from None
        built.append(found)
        before = ErrorBounder(found.network, dictionary).states(known, arithmetic)[-1]
    network = DeepNetwork.of(deep, [one.network for one in built])
    errors = deep_errors(network, members, arithmetic)
    return BuiltDeepNetwork(network=network, method=chosen, members=members, built=tuple(built), errors=errors)


def _short(value: Fraction) -> Fraction:
    """Return the number, at most 2^64, that a class takes."""
    return min(value, Fraction(1 << 64))


def _method(value: Method | str) -> Method:
    names = [member.value for member in Method]
    if value not in names:
        raise InputError(f"method: expected one of {', '.join(names)}, got {str(value)[:40]!r}")
    return Method(value)
