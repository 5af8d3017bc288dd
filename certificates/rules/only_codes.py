"""The one minimiser of problems that count nonzeros: all other supports are too far (SPEC.md section 6.8)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .distances import Threshold, rank_and_distance, squared_distance_work
from .problems import (
    CODE,
    COUNTING,
    Posed,
    Solution,
    read_posed,
    read_solution,
    residual_bits,
    upper_bound,
    upper_bound_work,
)
from .signals import Instance
from .value_enumeration import enumeration_work, look_at_all
from .value_search import Search
from .values import Fields, Reject, Statement, Task


def unique_minimiser_by_enumeration(instance: Instance, evidence: object) -> Task:
    """The signal is farther than the code from the span of any other atoms, as many or fewer."""
    fields = Fields(evidence, (*CODE, "problem", "signal"))
    posed, code = _read(instance, fields)
    most = len(code.support)

    def derive(_: object) -> Statement:
        squared = _squared(posed, code)
        y = posed.signal
        target = Threshold(squared * y.denominator**2, strictly=True)
        look_at_all(instance.dictionary, y.parts[0], most, target, tuple(code.support))
        _check_own_support(posed, code, squared)
        return posed.statement("unique-minimiser", **code.spelled, radius="0")

    work = enumeration_work(posed, most, _digits(posed, code))
    return Task((), work + _own_work(posed, code), derive, _size(posed, code))


def unique_minimiser_by_search(instance: Instance, evidence: object) -> Task:
    """Every case but those of codes on the atoms of this code is closed."""
    fields = Fields(evidence, (*CODE, "duals", "problem", "signal", "tree"))
    posed, code = _read(instance, fields)
    search = Search(posed, fields, len(code.support))

    def derive(_: Sequence[Statement]) -> Statement:
        squared = _squared(posed, code)
        search.close(Threshold(squared, strictly=True), frozenset(code.support))
        _check_own_support(posed, code, squared)
        return posed.statement("unique-minimiser", **code.spelled, radius="0")

    digits = _digits(posed, code)
    work = search.work + search.count * (500 + 12 * digits * digits)
    return Task((), work + _own_work(posed, code), derive, _size(posed, code))


def _read(instance: Instance, fields: Fields) -> tuple[Posed, Solution]:
    posed = read_posed(instance, fields, COUNTING)
    code = read_solution(instance.dictionary, fields)
    if posed.problem.name == "k-sparse" and len(code.support) < posed.problem.sparsity:
        raise Reject(f"the code has {len(code.support)} nonzeros, fewer than sparsity")
    return posed, code


def _squared(posed: Posed, code: Solution) -> Fraction:
    """Return what the squared distances from other supports must exceed; raise Reject unless the code is feasible."""
    objective = upper_bound(posed, code)
    return objective if posed.problem.name == "k-sparse" else posed.problem.epsilon**2


def _check_own_support(posed: Posed, code: Solution, squared: Fraction) -> None:
    """Raise Reject unless no other code with the same atoms comes as near."""
    y = posed.signal
    rank, numerator, denominator = rank_and_distance(posed.dictionary, y.parts[0], code.support)
    if rank < len(code.support):
        raise Reject("the atoms of the code are dependent")
    if not Threshold(squared * y.denominator**2, strictly=False).reached(numerator, denominator):
        raise Reject("other codes with the same atoms come as near")


def _digits(posed: Posed, code: Solution) -> int:
    """Return no less than the digits of what `_squared` returns."""
    if posed.problem.name == "k-sparse":
        return 4 * (residual_bits(posed, code) // 30 + 1)
    return sum(2 * part.bit_length() // 30 + 1 for part in posed.problem.epsilon.as_integer_ratio())


def _size(posed: Posed, code: Solution) -> int:
    """Return the work of reading the statement, and for `k-sparse` of the residual that its value is."""
    return code.size + (upper_bound_work(posed, code) if posed.problem.name == "k-sparse" else 0)


def _own_work(posed: Posed, code: Solution) -> int:
    digits = _digits(posed, code)
    work = upper_bound_work(posed, code) + squared_distance_work(posed, len(code.support)) + code.size
    return work + 1000 * digits + 40 * digits * digits
