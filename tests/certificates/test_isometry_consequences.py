"""What follows from restricted isometry constants, and the work of bounding them."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import pytest
from certificate_dictionaries import IDENTITY_HADAMARD, NEARLY_ORTHOGONAL, SIMPLEX, truth_of
from certificate_steps import NORMS, asked, bounds, derived, refused
from certificate_writer import draft, resealed
from gaussian_rationals import root
from hostile_steps import content, step
from isometry_steps import ULP, enumerated, is_derived

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import rational
from certificates.rules import isometry

# --- consequences ---


def test_isometry_by_babel_is_the_bound_one_order_below():
    rows = IDENTITY_HADAMARD
    for level, upper in ((2, "1/2"), (3, "1")):
        written = draft(rows)
        at = written.step(
            "isometry-by-babel", [written.step("babel", lower=["0"] * 2, upper=["1/2", "1"])], level=level
        )
        written.claim(at, "isometry-upper", level=level, theorem="isometry-by-babel", upper=upper)
        assert isinstance(certificates.check(written.sealed(), dictionary=rows), certificates.Accepted)
        assert truth_of(rows).isometry_below(level, Fraction(upper))
    by_babel = "isometry-by-babel"
    assert "no bound of mu_1(3)" in refused(rows, bounds("1/2", "1"), (by_babel, [0], {"level": 4}))
    assert "level is not from 2 to 8" in refused(rows, bounds("1/2", "1"), (by_babel, [0], {"level": 1}))
    assert "level is not from 2 to 8" in refused(rows, bounds("1/2", "1"), (by_babel, [0], {"level": 9}))


def test_spark_by_isometry():
    """The simplex of 4 atoms: delta_3 = 2/3, spark 4; delta_4 = 1 proves nothing."""
    for value in (3, 4, 5):
        written = draft(SIMPLEX)
        at = written.step("spark-by-isometry", [written.step("isometry-by-enumeration", level=3, upper="2/3")])
        written.claim(at, "spark-lower", theorem="spark-by-isometry", value=value)
        found = certificates.check(written.sealed(), dictionary=SIMPLEX)
        assert isinstance(found, certificates.Accepted) is (value == 4 == truth_of(SIMPLEX).spark)
    spark, independence = ("spark-by-isometry", [0], {}), ("independence-by-isometry", [0], {})
    for level, upper in ((3, 1), (4, 1), (2, Fraction(3, 2))):
        for rule in (spark, independence):
            assert "not proved to be below 1" in refused(SIMPLEX, enumerated(level, upper), rule)
    derived(SIMPLEX, enumerated(3, 1 - ULP), spark)
    assert "is not that of all atoms" in refused(SIMPLEX, enumerated(3, 1 - ULP), independence)
    assert "use independence-by-isometry" in refused(NEARLY_ORTHOGONAL, enumerated(3, Fraction(1, 2)), spark)
    derived(NEARLY_ORTHOGONAL, enumerated(3, Fraction(1, 2)), independence)
    derived(NEARLY_ORTHOGONAL, enumerated(2, Fraction(1, 2)), spark)


def test_recovery_by_isometry_needs_2k_atoms_and_a_bound_below_the_root_of_one_half():
    rule = "recovery-by-isometry"
    below, above = (
        Fraction(7071067811865475, 10**16),
        Fraction(7071067811865476, 10**16),
    )  # 1/sqrt 2 = 0.70710678118654752
    eye = [[1 if i == j else 0 for j in range(6)] for i in range(6)]
    for have, level in itertools.product(range(1, 7), range(1, 7)):
        holds = have >= min(2 * level, 6)
        assert is_derived(eye, enumerated(have, below), (rule, [0], asked(level, "l1"))) is holds
        if not holds:
            why = refused(eye, enumerated(have, below), (rule, [0], asked(level, "l1")))
            assert f"the condition of {rule} does not hold at level {level}" in why
        assert not is_derived(eye, enumerated(have, above), (rule, [0], asked(level, "l1")))
    as_given = (rule, [0, 1], asked(1, "l1", "as-given"))
    derived(SIMPLEX, enumerated(2, Fraction(1, 3)), NORMS, as_given)
    assert "do not have equal norms" in refused(NEARLY_ORTHOGONAL, enumerated(2, Fraction(1, 3)), NORMS, as_given)
    assert "it needs 1 premises and uses 2" in refused(SIMPLEX, enumerated(2, 1), NORMS, (rule, [0, 1], asked(1, "l1")))


def test_the_rate_of_hard_thresholding_is_rounded_up_and_below_one():
    rule = "hard-thresholding-by-isometry"
    eye = [[1 if i == j else 0 for j in range(7)] for i in range(7)]
    phi = (1 + root(Fraction(5))) / 2
    inverse = phi - 1
    source = random.Random(5)
    uppers = [Fraction(0), Fraction(1, 2), Fraction(1, 10**50), inverse.limit_denominator(10**6)]
    uppers += [(inverse - ULP).limit_denominator(10**70), (inverse + ULP).limit_denominator(10**70)]
    uppers += [Fraction(source.randint(0, 2**40), 2**40) for _ in range(20)]
    for upper in uppers:
        exact = phi * upper * 2**32
        least = exact.__ceil__()
        for rate in (least - 1, least, least + 1):
            written = draft(eye)
            at = written.step(rule, [written.step("isometry-by-enumeration", level=6, upper=rational(upper))], level=2)
            written.claim(at, "hard-thresholding", level=2, rate=rational(Fraction(rate, 2**32)), theorem=rule)
            found = certificates.check(written.sealed(), dictionary=eye)
            assert isinstance(found, certificates.Accepted) is (rate == least < 2**32), upper
            if least >= 2**32:
                assert "(1 + sqrt 5)/2 delta is not proved to be below 1" in found.why


def test_hard_thresholding_needs_3k_atoms_or_all():
    rule = "hard-thresholding-by-isometry"
    eye = [[1 if i == j else 0 for j in range(7)] for i in range(7)]
    for have, level in itertools.product(range(1, 8), range(1, 8)):
        if have >= min(3 * level, 7):
            derived(eye, enumerated(have, 0), (rule, [0], {"level": level}))
        else:
            why = refused(eye, enumerated(have, 0), (rule, [0], {"level": level}))
            assert f"is about fewer than min(3 * {level}, n) atoms" in why


# --- work ---


def test_the_work_of_an_enumeration_is_known_before_and_grows_with_what_is_done():
    rows = [[((7 * i * j + i) % 13) - 6 or 1 for j in range(1, 31)] for i in range(1, 9)]
    subjects = [{**draft(rows).subject, "role": "dictionary"}]

    def work(level: int, upper: str = "40") -> int:
        one = step("isometry-by-enumeration", level=level, upper=upper)
        claims = [{"statement": {"kind": "x"}, "step": 0}]
        data = resealed({**content(), "claims": claims, "steps": [one], "subjects": subjects})
        return certificates.estimate_work(data, dictionary=rows)

    assert work(1) < work(2) < work(3) < work(4) < work(5) < work(6)
    assert work(15) > 10**12  # C(30, 15) = 155117520 sets: over the limit, and said at once
    assert work(30) < work(27) < work(15)
    assert work(4, "1/3") > 1.9 * work(4)  # both signs
    assert work(4, "9" * 3000) > 100 * work(4)


def test_a_hopeless_enumeration_is_refused_at_once():
    wide = [[1] * 2000]
    subjects = [{**draft(wide).subject, "role": "dictionary"}]
    steps = [step("isometry-by-enumeration", level=level, upper="1") for level in range(5, 65)] * 160
    claims = [{"statement": {"kind": "x"}, "step": at} for at in range(len(steps))]
    data = resealed({**content(), "claims": claims, "steps": steps, "subjects": subjects})
    found = certificates.check(data, dictionary=wide)
    assert isinstance(found, certificates.Rejected)
    assert found.why.startswith("over the work limit: steps 0 to 0 need")


@pytest.mark.parametrize("level", [3, 4, 5])
def test_no_more_minors_are_computed_than_were_announced(level, monkeypatch):
    """Every minor of every elimination is counted, against the number in the estimate."""
    counted = {"sets": 0, "minors": 0}
    honest = isometry._Minors.after

    def counting(self: isometry._Minors, i: int) -> isometry._Minors:
        found = honest(self, i)
        counted["sets"] += 1
        counted["minors"] += len(found.diagonal) + sum(map(len, found.real))
        return found

    monkeypatch.setattr(isometry._Minors, "after", counting)
    for n in (5, 6, 9):
        counted.update(sets=0, minors=0)
        rows = [[1 if i == j else 0 for j in range(n)] for i in range(n)]
        derived(rows, enumerated(level, 2))
        sets = sum(math.comb(n - level + e, e) for e in range(1, level - 1))
        assert counted["sets"] == sets
        announced = sum(
            min(
                math.comb(n - level + e, e) * math.comb(n - e + 1, 2),
                math.comb(n + 1, e + 2),
            )
            for e in range(1, level - 1)
        )
        assert counted["minors"] <= announced


def test_minors_are_no_longer_than_was_announced(monkeypatch):
    longest: dict[int, int] = {}
    honest = isometry._Minors.after

    def measuring(self: isometry._Minors, i: int) -> isometry._Minors:
        found = honest(self, i)
        numbers = [*found.diagonal, *(x for part in (found.real, found.imaginary) for row in part for x in row), 0]
        order = len(found.chosen) + 1
        longest[order] = max(longest.get(order, 0), *(x.bit_length() for x in numbers))
        return found

    monkeypatch.setattr(isometry._Minors, "after", measuring)
    source = random.Random(1)
    for real in (True, False):
        longest.clear()
        top = 2**20 - 1
        rows = [
            [source.choice((-top, top)) + (0 if real else 1j * source.choice((-top, top))) for _ in range(8)]
            for _ in range(8)
        ]
        if real:
            rows = [[int(x) for x in row] for row in rows]
        handed_in = dictionary_from_values(rows)
        upper = Fraction(2**30 + 1, 2**28)
        derived(rows, enumerated(8, upper))
        entry = max(upper.as_integer_ratio()).bit_length() + 2 * handed_in.bits + handed_in.m.bit_length() + 5
        assert len(longest) == 6
        assert all(bits <= order * entry for order, bits in longest.items())
