"""Facts of one dictionary as steps of a certificate: each written once, when the first conclusion needs it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certificates.format import Draft, integers, packed, rational

from ..dictionaries.dictionary import Dictionary
from ..facts.column_sums import ColumnSums
from ..facts.exact_coherence import ExactCoherence
from ..facts.generalized import UPPER_BITS, GeneralizedCoherence
from ..facts.generalized_babel import GeneralizedBabel
from ..facts.heavy_vectors import NullSpaceLower
from ..facts.isometry import RestrictedIsometry
from ..facts.measure import Facts
from ..facts.null_space import NullSpace, NullSpaceUpper
from ..facts.null_vectors import NullVector
from ..facts.support_values import LARGEST_ORDER, SupportValues
from ..facts.ties import SharpValues
from ..verdict import Scaling
from ..versions import PRODUCER


class Writer:
    """Writes facts into a draft and remembers the step of each."""

    def __init__(self, dictionary: Dictionary, facts: Facts) -> None:
        subject = {"digest": dictionary.digest, "field": dictionary.field, "shape": list(dictionary.shape)}
        self.draft = Draft(subject=subject, loader=dictionary.origin.loader, producer=PRODUCER)
        self.facts = facts
        self._steps: dict[object, int] = {}

    def step(self, name: str) -> int:
        """Return the step that derives the fact of this name, written and claimed first if need be."""
        return self._once(name, lambda: _STEPS[name](self))

    def null_vector(self, vector: NullVector, *, claimed: bool = False) -> int:
        """Return the step of a null vector."""
        at = self._once(vector, lambda: self.draft.step("null-vector", **array_fields(vector)))
        if claimed:
            self.draft.claim(at, "null-vector", **array_fields(vector))
        return at

    def generalized_upper(self, generalized: GeneralizedCoherence) -> int:
        """Return the step of the bounds of all mu~_i."""
        return self._once(id(generalized), lambda: _generalized_upper(self, generalized))

    def generalized_babel(self, babel: GeneralizedBabel) -> int:
        """Return the step of the bounds of P_i(k) and their sums."""
        return self._once(id(babel), lambda: _generalized_babel(self, babel))

    def null_space_upper(self, constants: NullSpace, bound: NullSpaceUpper) -> int:
        """Return the step of an upper bound of a null-space constant."""
        return self._once(id(bound), lambda: _null_space_upper(self, constants, bound))

    def isometry_by_enumeration(self, isometry: RestrictedIsometry) -> int:
        """Return the step of an upper bound of a restricted isometry constant."""
        return self._once(id(isometry), lambda: _isometry_upper(self, isometry))

    def isometry_by_babel(self, level: int, upper: Fraction) -> int:
        """Return the step of the bound mu_1(level - 1) of a restricted isometry constant."""
        return self._once(("isometry-by-babel", level), lambda: _isometry_by_babel(self, level, upper))

    def support_values(self, values: SupportValues | SharpValues, scaling: Scaling) -> int:
        """Return the step of the values of all supports of one size."""
        return self._once(id(values), lambda: _support_values(self, values, scaling))

    def _once(self, key: object, write: Callable[[], int]) -> int:
        if key not in self._steps:
            self._steps[key] = write()
        return self._steps[key]


def array_fields(vector: NullVector) -> dict[str, Any]:
    """Return the fields of a null vector, as evidence and in statements."""
    imaginary = None if vector.imaginary is None else integers(vector.imaginary)
    return {"imaginary": imaginary, "real": integers(vector.real), "support": list(vector.support)}


def _atom_norms(writer: Writer) -> int:
    norms = writer.facts.norms
    step = writer.draft.step("atom-norms")
    writer.draft.claim(
        step,
        "atom-norms",
        equal=norms.equal,
        squared_max=rational(norms.squared_max),
        squared_min=rational(norms.squared_min),
    )
    return step


def _welch_bound(writer: Writer) -> int:
    step = writer.draft.step("welch-bound")
    writer.draft.claim(step, "welch-bound", squared=rational(writer.facts.welch_squared))
    return step


def _mutual_coherence(writer: Writer) -> int:
    pair = list(writer.facts.coherence.pair)
    step = writer.draft.step("mutual-coherence", pair=pair)
    writer.draft.claim(step, "mutual-coherence", pair=pair, squared=rational(writer.facts.coherence.squared))
    return step


def _babel(writer: Writer) -> int:
    if writer.facts.babel is None:
        raise ValueError("the Babel function was not measured")
    lower = [rational(value) for value in writer.facts.babel.lower]
    upper = [rational(value) for value in writer.facts.babel.upper]
    step = writer.draft.step("babel", lower=lower, upper=upper)
    writer.draft.claim(step, "babel", lower=lower, upper=upper)
    return step


def _rank(writer: Writer) -> int:
    rank = writer.facts.rank
    if rank.minor is None:
        raise ValueError("no minor proves the rank")
    minor = rank.minor
    step = writer.draft.step(
        "rank", columns=list(minor.columns), modulus=minor.modulus, root=minor.root, rows=list(minor.rows)
    )
    writer.draft.claim(step, "rank", lower=rank.lower, upper=rank.upper)
    return step


def _sparsest_null_vector(writer: Writer) -> int:
    if writer.facts.null_vector is None:
        raise ValueError("no null vector was found")
    return writer.null_vector(writer.facts.null_vector, claimed=True)


def _dependent_atoms(writer: Writer) -> int:
    step = writer.draft.step("dependence-by-dimension")
    writer.draft.claim(step, "dependent-atoms", count=writer.facts.m + 1)
    return step


_STEPS: dict[str, Callable[[Writer], int]] = {
    "atom-norms": _atom_norms,
    "welch-bound": _welch_bound,
    "mutual-coherence": _mutual_coherence,
    "babel": _babel,
    "rank": _rank,
    "null-vector": _sparsest_null_vector,
    "dependent-atoms": _dependent_atoms,
}


def short_array(values: NDArray[np.integer], width: int | None = None, exponent: int = 0) -> dict[str, Any]:
    """Return an array of machine integers, packed into `width` bytes each (default: as few as hold them)."""
    largest = max(int(values.max(initial=0)), -1 - int(values.min(initial=0)))
    width = width or next(w for w in (1, 2, 4, 8) if largest < 1 << (8 * w - 1))
    return packed(values.astype(f"<i{width}").tobytes(), width, exponent)


def _generalized_upper(writer: Writer, generalized: GeneralizedCoherence) -> int:
    upper = integers([int(value * 2**UPPER_BITS) for value in generalized.upper], -UPPER_BITS)
    imaginary = None if generalized.imaginary is None else short_array(generalized.imaginary)
    step = writer.draft.step(
        "generalized-coherence", imaginary=imaginary, real=short_array(generalized.weights), upper=upper
    )
    writer.draft.claim(step, "generalized-coherence-upper", upper=upper)
    return step


def write_generalized_lower(writer: Writer, generalized: GeneralizedCoherence) -> None:
    """Write and claim the lower bound of mu~, if there is one."""
    if generalized.vector is None:
        return
    fields: dict[str, Any] = {"atom": generalized.atom, "lower": rational(generalized.lower)}
    uses = [writer.null_vector(generalized.vector)]
    step = writer.draft.step("generalized-coherence-by-null-vector", uses, **fields)
    writer.draft.claim(step, "generalized-coherence-lower", **fields)


def write_generalized_exact(writer: Writer, exact: ExactCoherence) -> None:
    """Write and claim that mu~ is at most, and at least, an exact number."""
    values = [x for weights in exact.weights for x in weights]
    is_short = all(x.bit_length() < 63 for x in values)
    numbers = short_array(np.array(values, dtype=np.int64)) if is_short else integers(values)
    uses, upper = [writer.generalized_upper(exact.basis)], rational(exact.value)
    step = writer.draft.step(
        "generalized-coherence-by-some-weights",
        uses,
        atoms=list(exact.atoms),
        imaginary=None,
        real=numbers,
        upper=upper,
    )
    writer.draft.claim(step, "generalized-coherence-at-most", upper=upper)
    fields: dict[str, Any] = {"atom": exact.atom, "lower": upper}
    step = writer.draft.step("generalized-coherence-by-null-vector", [writer.null_vector(exact.vector)], **fields)
    writer.draft.claim(step, "generalized-coherence-lower", **fields)


def _generalized_babel(writer: Writer, babel: GeneralizedBabel) -> int:
    fields: dict[str, Any] = {
        "sums": [rational(value) for value in babel.sums],
        "upper": [rational(value) for value in babel.upper],
    }
    uses = [writer.generalized_upper(babel.basis)]
    step = writer.draft.step("generalized-babel-by-generalized-coherence", uses, count=len(babel.sums))
    writer.draft.claim(step, "generalized-babel", **fields)
    return step


def _isometry_upper(writer: Writer, isometry: RestrictedIsometry) -> int:
    fields: dict[str, Any] = {"level": isometry.level, "upper": rational(isometry.upper)}
    step = writer.draft.step("isometry-by-enumeration", **fields)
    writer.draft.claim(step, "isometry-upper", **fields, theorem="isometry-by-enumeration")
    return step


def _isometry_by_babel(writer: Writer, level: int, upper: Fraction) -> int:
    step = writer.draft.step("isometry-by-babel", [writer.step("babel")], level=level)
    writer.draft.claim(step, "isometry-upper", level=level, theorem="isometry-by-babel", upper=rational(upper))
    return step


def write_isometry_lower(writer: Writer, isometry: RestrictedIsometry) -> None:
    """Write and claim the lower bound of a restricted isometry constant."""
    fields: dict[str, Any] = {"level": isometry.level, "lower": rational(isometry.lower)}
    imaginary = None if isometry.imaginary is None else integers(isometry.imaginary)
    step = writer.draft.step(
        "isometry-by-vector",
        imaginary=imaginary,
        real=integers(isometry.real),
        support=list(isometry.support),
        **fields,
    )
    writer.draft.claim(step, "isometry-lower", **fields)


def _support_values(writer: Writer, values: SupportValues | SharpValues, scaling: Scaling) -> int:
    duals = _dual_vectors(values, 0, len(values.supports))
    return writer.draft.step("support-values", bits=values.bits, duals=duals, order=values.order, scaling=scaling.value)


def _null_space_upper(writer: Writer, constants: NullSpace, bound: NullSpaceUpper) -> int:
    asked: dict[str, Any] = {"level": bound.level, "scaling": constants.scaling.value}
    upper = rational(bound.upper)
    if isinstance(bound.basis, SupportValues | SharpValues):
        theorem, visits = "null-space-by-supports", {}
        if bound.level > LARGEST_ORDER:
            theorem, visits = "null-space-by-search", {"pairs": bound.pairs, "prefixes": bound.prefixes}
        step = writer.draft.step(
            theorem,
            [writer.support_values(bound.basis, constants.scaling)],
            **asked,
            **visits,
            bits=max((values.bits for values in bound.exceptions), default=0),
            exceptions=[exception for values in bound.exceptions for exception in _exceptions(values)],
            order=bound.basis.order,
            remaining=bound.remaining,
            upper=upper,
        )
    elif isinstance(bound.basis, ColumnSums):
        theorem = "null-space-by-column-sums"
        weights = short_array(bound.basis.weights, 8, bound.basis.exponent)
        step = writer.draft.step(theorem, **asked, bits=bound.basis.bits, upper=upper, weights=weights)
    else:
        theorem = "null-space-by-generalized-coherence"
        uses = [writer.generalized_upper(bound.basis)]
        if constants.scaling is Scaling.as_given:
            uses.append(writer.step("atom-norms"))
        step = writer.draft.step(theorem, uses, **asked)
    writer.draft.claim(step, "null-space-upper", **asked, theorem=theorem, upper=upper)
    return step


def _exceptions(values: SupportValues | SharpValues) -> list[dict[str, Any]]:
    return [
        {"duals": _dual_vectors(values, at, at + 1), "support": list(map(int, support))}
        for at, support in enumerate(values.supports)
    ]


def _dual_vectors(values: SupportValues | SharpValues, start: int, end: int) -> dict[str, Any]:
    """Return the array of the dual vectors of some of the supports."""
    patterns = 1 << (values.order - 1)
    duals = values.duals[start * patterns : end * patterns]
    if isinstance(values, SharpValues):
        return integers([int(x) for dual in duals for x in dual], values.exponent)
    return short_array(np.asarray(duals), values.width, values.exponent)


def write_null_space_lower(writer: Writer, constants: NullSpace, bound: NullSpaceLower) -> None:
    """Write and claim a lower bound of a null-space constant."""
    fields = {"level": bound.level, "lower": rational(bound.lower), "scaling": constants.scaling.value}
    step = writer.draft.step("null-space-by-null-vector", [writer.null_vector(bound.vector)], **fields)
    writer.draft.claim(step, "null-space-lower", **fields)
