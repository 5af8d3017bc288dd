"""How far a written code is from every sparse code that explains the signal as well (SPEC.md section 6.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from .problems import CODE, read_posed, read_solution, residual, residual_bits, residual_work
from .signals import Instance
from .values import ROOT_BITS, Fields, Reject, Statement, Task, rational, root_enclosure, spell, squaring_work

_PREMISE_WORK = 20 * squaring_work([10**4000, 10**4000])


def code_error_by_coherence(instance: Instance, evidence: object) -> Task:
    """Codes whose difference has p nonzeros differ by at most their images' distance over sqrt(1 - (p-1) mu)."""

    def least(premise: Statement, nonzeros: int) -> Fraction:
        squared = rational(premise["squared"], "squared in the coherence statement")
        mu = Fraction(root_enclosure(squared.numerator, squared.denominator)[1], 1 << ROOT_BITS)
        return 1 - (nonzeros - 1) * mu

    return _code_error(instance, evidence, "code-error-by-coherence", "mutual-coherence", least)


def code_error_by_isometry(instance: Instance, evidence: object) -> Task:
    """The same with 1 - delta_p."""

    def least(premise: Statement, nonzeros: int) -> Fraction:
        fields = Fields(premise, ("kind", "level", "theorem", "upper"), "the isometry statement")
        if fields.natural("level") < nonzeros:
            raise Reject(f"the isometry statement is about fewer than {nonzeros} atoms")
        return 1 - rational(fields.raw("upper"), "upper in the isometry statement")

    return _code_error(instance, evidence, "code-error-by-isometry", "isometry-upper", least)


def _code_error(
    instance: Instance, evidence: object, theorem: str, kind: str, least: Callable[[Statement, int], Fraction]
) -> Task:
    fields = Fields(evidence, (*CODE, "problem", "signal", "sparsity", "upper"))
    dictionary = instance.dictionary
    posed = read_posed(instance, fields, ("bpdn", "sparsest"))
    code = read_solution(dictionary, fields)
    sparsity, upper = fields.natural("sparsity"), rational(fields.raw("upper"), "upper in evidence")
    if not 1 <= sparsity <= dictionary.n:
        raise Reject(f"sparsity is not from 1 to {dictionary.n}")
    if upper < 0:
        raise Reject("upper is negative")
    nonzeros = min(len(code.support) + sparsity, dictionary.n)

    def derive(premises: Sequence[Statement]) -> Statement:
        factor = least(premises[0], nonzeros)
        if factor <= 0:
            raise Reject(f"no bound: {nonzeros} atoms are not proved to be independent enough")
        left = residual(posed, code)
        square, epsilon = Fraction(left.square, left.denominator**2), posed.problem.epsilon
        # |r| + e <= upper sqrt(factor), all squares rational: with gap = upper^2 factor - |r|^2 - e^2 it says that
        # gap >= 2 e |r|.
        gap = upper**2 * factor - square - epsilon**2
        if gap < 0 or gap**2 < 4 * epsilon**2 * square:
            raise Reject("upper is less than (|y - Dx| + epsilon) over the root")
        return posed.statement("code-error", **code.spelled, sparsity=sparsity, theorem=theorem, upper=spell(upper))

    parts = squaring_work([*upper.as_integer_ratio(), *posed.problem.epsilon.as_integer_ratio()])
    longest = residual_bits(posed, code) // 10 + 1
    work = residual_work(posed, code) + code.size + 60 * parts + 400 * longest * longest + _PREMISE_WORK
    return Task((kind,), work, derive, code.size + parts + 500)
