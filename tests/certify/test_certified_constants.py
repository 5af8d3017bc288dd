"""Certificates of generalized coherence and null-space constants: accepted, true, and no lie among them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from claim_truths import assert_claims
from exact_null_space import NullSpace
from exact_reference import fractions_array, sample
from small_truths import assert_facts, assert_levels, corners, of_nullity_two, small

import certificates
from verify.budget import Budget, Effort
from verify.certify.certificate import certify
from verify.certify.check import as_subject, check_dictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import ContradictionError, InputError
from verify.facts.generalized import UPPER_BITS
from verify.facts.measure import Facts, measure
from verify.facts.null_space import NullSpaceUpper
from verify.facts.support_values import SupportValues
from verify.judge import judge
from verify.verdict import Scaling


@pytest.mark.thorough
@pytest.mark.parametrize("effort", ["quick", "standard"])
@pytest.mark.parametrize("scaling", Scaling)
def test_certificates_of_small_dictionaries_are_accepted_and_true(scaling: Scaling, effort: str) -> None:
    seen: dict[str, int] = {}
    left, levels = {"l0": 0, "l1": 0}, 0
    for _, dictionary, truth in [*small(52), *corners()]:
        result = check_dictionary(dictionary, scaling=scaling, effort=effort)
        for kind, count in assert_claims(truth, result.answer).items():
            seen[kind] = seen.get(kind, 0) + count
        assert_facts(truth, result.facts)
        undecided = assert_levels(truth, result.levels)
        levels += truth.n
        left = {name: count + undecided[name] for name, count in left.items()}
    assert levels > 300
    assert left["l0"] == 0
    assert left["l1"] <= 1  # one level of atoms as given of 1e-150 and 1e150
    for kind in ("generalized-coherence-upper", "generalized-coherence-lower", "null-space-upper", "null-space-lower"):
        assert seen[kind] > 30


# --- a producer that lies ---


def rows_of(seed: int, m: int, n: int) -> Dictionary:
    drawn = np.random.default_rng([seed, m, n]).integers(-5, 6, (m, n)).tolist()
    return Dictionary.from_array(fractions_array([[Fraction(x) for x in row] for row in drawn]))


_, SIGNS, OF_SIGNS = of_nullity_two(np.random.default_rng([6, 16, 18]).choice([-1, 1], (16, 18)).tolist())
SUBJECTS = {"integers": rows_of(0, 4, 7), "floats": sample("float64", 1, 4, 6), "signs": SIGNS}
HONEST = {
    (name, scaling): measure(dictionary, scaling=scaling, budget=Budget(effort=Effort.standard))
    for name, dictionary in SUBJECTS.items()
    for scaling in Scaling
}
TRUTHS = {name: OF_SIGNS if name == "signs" else NullSpace(dictionary) for name, dictionary in SUBJECTS.items()}
Lie = Callable[[Facts], Facts | None]


def on(fact: str, change: Callable[[object], object | None]) -> Lie:
    """Change a fact; None where there is nothing to change."""

    def lie(facts: Facts) -> Facts | None:
        known = getattr(facts, fact)
        changed = None if known is None else change(known)
        return None if changed is None else dataclasses.replace(facts, **{fact: changed})

    return lie


def field(name: str, change: Callable) -> Callable[[object], object]:
    return lambda fact: dataclasses.replace(fact, **{name: change(getattr(fact, name))})  # type: ignore[type-var]


def on_uppers(change: Callable[[NullSpaceUpper], NullSpaceUpper | None]) -> Lie:
    def lie(constants):
        changed = [change(upper) for upper in constants.uppers]
        if all(new is None for new in changed):
            return None
        uppers = tuple(new or old for new, old in zip(changed, constants.uppers, strict=True))
        return dataclasses.replace(constants, uppers=uppers)

    return on("null_space", lie)


def on_values(change: Callable[[SupportValues], SupportValues]) -> Lie:
    """Change the table of supports in all bounds that rest on one."""
    changed: dict[int, SupportValues] = {}

    def lie(upper: NullSpaceUpper) -> NullSpaceUpper | None:
        if not isinstance(upper.basis, SupportValues):
            return None
        new = changed.setdefault(id(upper.basis), change(upper.basis))
        return dataclasses.replace(upper, basis=new)

    return on_uppers(lie)


def on_lowers(change: Callable) -> Lie:
    return on("null_space", field("lowers", lambda lowers: tuple(change(lower) for lower in lowers)))


def less(value: Fraction) -> Fraction:
    return value * Fraction(9, 10)


def dyadic(value: Fraction) -> Fraction:
    return Fraction(int(value * 2**UPPER_BITS), 2**UPPER_BITS)


def smaller(upper: NullSpaceUpper) -> NullSpaceUpper:
    return dataclasses.replace(upper, upper=less(upper.upper))


def without_exceptions(upper: NullSpaceUpper) -> NullSpaceUpper | None:
    return dataclasses.replace(upper, exceptions=()) if upper.exceptions else None


def without_one_exception(upper: NullSpaceUpper) -> NullSpaceUpper | None:
    if not upper.exceptions:
        return None
    *others, values = upper.exceptions
    per = 1 << (values.order - 1)
    rest = dataclasses.replace(values, supports=values.supports[1:], duals=values.duals[per:], upper=values.upper[1:])
    return dataclasses.replace(upper, exceptions=(*others, rest) if len(rest.supports) else tuple(others))


def none_remaining(upper: NullSpaceUpper) -> NullSpaceUpper | None:
    return dataclasses.replace(upper, remaining=0) if upper.level > 3 and upper.remaining else None


def negated_exceptions(upper: NullSpaceUpper) -> NullSpaceUpper | None:
    if not upper.exceptions:
        return None
    exceptions = tuple(dataclasses.replace(values, duals=-values.duals) for values in upper.exceptions)
    return dataclasses.replace(upper, exceptions=exceptions)


def one_level_higher(upper: NullSpaceUpper) -> NullSpaceUpper | None:
    return dataclasses.replace(upper, level=upper.level + 1) if upper.level < 4 else None


LIES: dict[str, Lie] = {
    "smaller bounds of mu~": on("generalized", field("upper", lambda t: tuple(dyadic(less(x)) for x in t))),
    "one smaller bound of mu~": on("generalized", field("upper", lambda t: (dyadic(less(t[0])), *t[1:]))),
    "bounds of mu~ of zero": on("generalized", field("upper", lambda t: (Fraction(0),) * len(t))),
    "weights of other atoms": on("generalized", field("weights", lambda w: np.roll(w, 1, axis=0))),
    "weights of zero": on("generalized", field("weights", lambda w: 0 * w)),
    "one weight turned": on("generalized", field("weights", lambda w: w * np.where(np.arange(len(w)) == 1, 1, 1)[:, None] * np.array([-1] + [1] * (w.shape[1] - 1)))),
    "a greater lower bound of mu~": on("generalized", field("lower", lambda x: x * Fraction(11, 10))),
    "a lower bound for another atom": on("generalized", lambda g: dataclasses.replace(g, atom=(g.atom + 1) % len(g.upper), lower=Fraction(999, 1000))),
    "a vector that is none": on("generalized", field("vector", lambda h: dataclasses.replace(h, real=(h.real[0] + 1, *h.real[1:])))),
    "smaller constants": on_uppers(smaller),
    "constants one level higher": on_uppers(one_level_higher),
    "no exceptions": on_uppers(without_exceptions),
    "one exception fewer": on_uppers(without_one_exception),
    "negated duals of exceptions": on_uppers(negated_exceptions),
    "negated duals": on_values(field("duals", lambda y: -y)),
    "duals of zero": on_values(field("duals", lambda y: 0 * y)),
    "duals in another order": on_values(field("duals", lambda y: y[::-1].copy())),
    "another exponent": on_values(field("exponent", lambda e: e - 1)),
    "few bits": on_values(lambda v: dataclasses.replace(v, bits=max(0, v.exponent), duals=v.duals)),
    "greater shares": on_lowers(field("lower", lambda x: min(Fraction(1), x * Fraction(11, 10)))),
    "shares at lower levels": on_lowers(lambda b: dataclasses.replace(b, level=max(1, b.level - 1), lower=b.lower)),
    "shares of vectors that are none": on_lowers(field("vector", lambda h: dataclasses.replace(h, real=(*h.real[:-1], h.real[-1] + 1)))),
}  # fmt: skip


def answer(dictionary: Dictionary, facts: Facts, scaling: Scaling) -> object:
    try:
        certificate = certify(dictionary, judge(facts, scaling))
    except ContradictionError as error:
        return error
    return certificates.check(certificate.data, dictionary=as_subject(dictionary))


@pytest.mark.thorough
@pytest.mark.parametrize(("subject", "scaling"), HONEST)
def test_the_honest_facts_are_accepted_and_true(subject: str, scaling: Scaling) -> None:
    assert_claims(TRUTHS[subject], answer(SUBJECTS[subject], HONEST[subject, scaling], scaling))


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_rejected_or_true(name: str) -> None:
    """Bounds with some slack may shrink and stay true; nothing false is ever accepted."""
    caught = tried = 0
    for (subject, scaling), honest in HONEST.items():
        facts = LIES[name](honest)
        if facts is None:
            continue
        tried += 1
        found = answer(SUBJECTS[subject], facts, scaling)
        if isinstance(found, certificates.Accepted):
            assert_claims(TRUTHS[subject], found)
        else:
            caught += 1
    assert tried
    assert caught or name == "no exceptions"


def test_half_is_refused_where_half_is_claimed_to_be_below_itself() -> None:
    """nsc_2 = 1/2 of four atoms of a simplex: no certificate says less."""
    for k in (2, 3, 4):
        rows = np.array([[2 * k * (i == j) - 1 for j in range(2 * k)] for i in range(2 * k - 1)])
        dictionary = Dictionary.from_array(rows)
        facts = measure(dictionary, budget=Budget(effort=Effort.standard))
        assert facts.null_space is not None
        assert facts.generalized is not None
        tie = NullSpaceUpper(level=k, upper=Fraction(1, 2) - Fraction(1, 2**60), basis=facts.generalized)
        false = dataclasses.replace(facts.null_space, uppers=(*facts.null_space.uppers, tie), lowers=())
        found = answer(
            dictionary, dataclasses.replace(facts, null_space=false, null_vector=None, enumeration=None), Scaling.unit
        )
        assert isinstance(found, certificates.Rejected | ContradictionError)


# --- effort, time and Ctrl-C ---


def test_an_unknown_effort_and_no_time_are_refused() -> None:
    with pytest.raises(InputError, match=r"expected an? effort among glance, quick, standard, thorough, got 'hard'"):
        check_dictionary([[1, 0, 1], [0, 1, 1]], effort="hard")
    for limit in (0, -1.0, float("nan")):
        with pytest.raises(InputError, match="expected a time limit in seconds above 0"):
            check_dictionary([[1, 0, 1], [0, 1, 1]], time_limit=limit)


@pytest.mark.parametrize("scaling", Scaling)
def test_no_time_leaves_what_is_cheap_and_true(scaling: Scaling) -> None:
    for _, dictionary, truth in small(39):
        result = check_dictionary(dictionary, scaling=scaling, effort="standard", time_limit=1e-9)
        assert_claims(truth, result.answer)
        assert result.facts.generalized is None
        assert result.facts.null_space is None
        assert_levels(truth, result.levels)


LOUD = ("sets of", "generalized coherence", "null vectors", "supports of size", "level ")


class Stopper:
    """Raises KeyboardInterrupt at some calls, counted within the searches."""

    def __init__(self, *at: int) -> None:
        self.at, self.calls = at, 0

    def __call__(self, work: str, done: int, total: int) -> None:
        if work.startswith(LOUD):
            self.calls += 1
            if self.calls in self.at:
                raise KeyboardInterrupt


@pytest.mark.thorough
@pytest.mark.parametrize(("subject", "scaling"), [("integers", Scaling.as_given), ("signs", Scaling.unit)])
def test_interrupted_at_every_stage_what_was_proved_is_kept(subject: str, scaling: Scaling) -> None:
    dictionary, truth = SUBJECTS[subject], TRUTHS[subject]
    count = Stopper()
    whole = check_dictionary(dictionary, scaling=scaling, effort="standard", progress=count)
    assert count.calls >= 8
    known = 0
    for at in sorted({1, 2, 3, *np.linspace(4, count.calls, 2, dtype=int).tolist()}):
        stop = Stopper(at)
        result = check_dictionary(dictionary, scaling=scaling, effort="standard", progress=stop)
        assert stop.calls >= at
        assert_claims(truth, result.answer)
        assert_facts(truth, result.facts)
        for question in ("l0", "l1", "network", "omp"):
            assert result.levels[question].guaranteed <= whole.levels[question].guaranteed
        facts = result.facts
        found = sum(x is not None for x in (facts.enumeration, facts.generalized, facts.null_space))
        assert found >= known - 1
        known = max(known, found)
    assert known == 3


def test_a_second_interrupt_ends_the_work() -> None:
    """The searches stop at the first one; what follows is not searched, and there the second one counts."""
    interrupted: list[str] = []

    def from_now_on(work: str, done: int, total: int) -> None:
        if interrupted or work.startswith(LOUD):
            interrupted.append(work)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_dictionary(SUBJECTS["integers"], effort="standard", progress=from_now_on)
    assert len(interrupted) == 2
    assert interrupted[1] == "independent check"


def test_an_interrupt_before_the_searches_ends_the_work() -> None:
    def at_once(work: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_dictionary(SUBJECTS["integers"], progress=at_once)


@pytest.mark.parametrize(
    "matrix", [np.eye(4) + 0.1, [[1, 1], [1, 2], [3, 0]], [[1, 1j], [0, 2]]], ids=["square", "tall", "complex"]
)
def test_independent_atoms_have_no_generalized_coherence_and_isometry_constants(matrix: object) -> None:
    result = check_dictionary(np.array(matrix))
    claims = result.answer.claims
    zero = next(claim for claim in claims if claim["kind"] == "generalized-coherence-upper")
    assert set(zero["upper"]["integers"]) == {"0"}
    assert any(claim.get("theorem") == "isometry-by-enumeration" for claim in claims)
