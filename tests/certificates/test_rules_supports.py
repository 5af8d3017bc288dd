"""Bounds of null-space constants from the values of small supports: what SPEC.md says, and only what is true."""

from __future__ import annotations

import itertools
import json
import math
import random
from fractions import Fraction

import certificate_specified as specified
import numpy as np
import pytest
from certificate_dictionaries import SIMPLEX
from certificate_duals import duals_of
from certificate_steps import derived, refused
from certificate_truth import Truth, decoded
from certificate_writer import binary64
from null_space_steps import BY_SUPPORTS, ONE, SCALINGS, VALUES, run, subjects, values_statement

from certificates.checker import Accepted, dictionary_from_values
from certificates.format import integers, rational
from certificates.rules import supports
from verify.certify.check import check_dictionary


def star(n: int) -> list[list[int]]:
    """One null vector: n ones."""
    return [[*(int(i == j) for j in range(n - 1)), -1] for i in range(n - 1)]


def by_supports(values, order, level, upper, **more) -> dict | str:
    """The rule on values made up, for the star of so many atoms."""
    n, rule = more.pop("n"), more.pop("rule", "null-space-by-supports")
    written = [{"support": list(support), "duals": duals} for support, duals in more.pop("exceptions", [])]
    evidence = {**BY_SUPPORTS, "order": order, "level": level, "upper": rational(upper), **more, "exceptions": written}
    statement = values_statement(values, order, evidence["scaling"])
    return run(dictionary_from_values(star(n)), rule, [statement], **evidence)


def exception_of(n: int, support: tuple[int, ...], source: random.Random) -> tuple[dict, Fraction]:
    """Dual vectors of a support of the star, good or not so good, and the value they have."""
    numbers = []
    for signs in itertools.product((1, -1), repeat=len(support) - 1):
        e = dict(zip(support, (1, *signs), strict=True))
        share = Fraction(sum(e.values()), n)
        noise = source.choice((0, 0, 200))
        numbers += [round((e.get(i, 0) - share) * 1024) + source.randint(-noise, noise) for i in range(n - 1)]
    duals = specified.chunks([Fraction(x, 1024) for x in numbers], n - 1)
    return integers(numbers, -10), specified.support_value(Truth(star(n)), "as-given", 60, support, duals)


def test_bounds_are_exactly_those_of_the_specification():
    """Values made up, exceptions of every size: accepted at the least upper bound, and not 2^-100 below."""
    source = random.Random(7)
    seen = {"deep": 0, "left": 0, "exceptions help": 0}
    for _ in range(250):
        n = source.choice((2, 3, 4, 5, 6, 7, 6, 7))
        level = source.randint(1, n)
        order = source.randint(1, min(3, level))
        count = len(list(itertools.combinations(range(n), order)))
        spread = source.choice((1, 2**62, 5))
        values = [source.choice((2**60, 2**63)) + source.randrange(spread) for _ in range(count)]
        given, written = {}, []
        for _ in range(source.choice((0, 0, 1, 3, 12, 60))):
            if level == order:
                break
            support = tuple(sorted(source.sample(range(n), source.randint(order + 1, level))))
            duals, value = exception_of(n, support, source)
            written.append((support, duals))
            given[support] = min(value, given.get(support, value))
        fractions = [Fraction(value, ONE) for value in values]
        least, averages = specified.least_upper(n, order, level, fractions, given)
        plain, _ = specified.least_upper(n, order, level, fractions, {})
        seen["exceptions help"] += least < plain
        left = sum(average > least for average in averages.values())
        seen["left"] += left > 0
        seen["deep"] += left > 0 and any(3 < len(s) < level for s in given)
        more = {"exceptions": written, "bits": 60, "n": n, "scaling": "as-given"}
        found = by_supports(values, order, level, least, remaining=left, **more)
        expected = {"kind": "null-space-upper", "level": level, "scaling": "as-given", "upper": rational(least)}
        assert found == {**expected, "theorem": "null-space-by-supports"}, (n, order, level)
        below = least - Fraction(1, 2**100)
        many = by_supports(values, order, level, below, remaining=10**6, **more)
        assert isinstance(many, str)
        assert "not proved to" in many
        if left:
            found = by_supports(values, order, level, least, remaining=left - 1, **more)
            assert found == f"averages leave more than {left - 1} supports"
    assert all(count > 5 for count in seen.values()), seen


def test_the_search_finds_exactly_what_exceeds():
    """Larger tables, no exceptions: the sets whose triples sum to more than the limit, by counting them."""
    source = random.Random(3)
    for n, level in ((8, 4), (9, 5), (9, 6), (10, 7), (8, 8), (9, 8), (12, 4)):
        for spread in (3, 50):
            values = [100 + source.randrange(spread) for _ in itertools.combinations(range(n), 3)]
            table = dict(zip(itertools.combinations(range(n), 3), values, strict=True))
            sums = {
                s: sum(table[t] for t in itertools.combinations(s, 3)) for s in itertools.combinations(range(n), level)
            }
            triples = supports.triple_lists(values, n)
            for limit in {
                max(sums.values()),
                min(sums.values()),
                max(sums.values()) - 1,
                sorted(sums.values())[len(sums) // 2],
            }:
                found = []
                supports.search(triples, level, limit, found.append)
                assert sorted(found) == sorted(s for s, total in sums.items() if total > limit)


def test_a_declared_search_visits_what_the_specification_says_and_no_more():
    """As without the declaration; with one prefix or one pair less it is refused, whatever it would find."""
    source = random.Random(5)
    pruned = 0
    for n, level in ((4, 4), (5, 4), (6, 4), (7, 5), (8, 6), (7, 7), (9, 5)) * 4:
        values = [2**61 + source.randrange(2**61) for _ in itertools.combinations(range(n), 3)]
        fractions = [Fraction(value, ONE) for value in values]
        least, averages = specified.least_upper(n, 3, level, fractions, {})
        table = dict(zip(itertools.combinations(range(n), 3), fractions, strict=True))
        left = sum(average > least for average in averages.values())
        for upper in (least, least * 2):
            prefixes, pairs = specified.visits(n, level, table, upper)
            asked = {"n": n, "remaining": left, "scaling": "as-given", "rule": "null-space-by-search"}
            found = by_supports(values, 3, level, upper, **asked, prefixes=prefixes, pairs=pairs)
            expected = {"kind": "null-space-upper", "level": level, "scaling": "as-given", "upper": rational(upper)}
            assert found == {**expected, "theorem": "null-space-by-search"}
            for less in ((prefixes - 1, 10**6), (10**6, pairs - 1), (0, 10**6), (10**6, 0)):
                found = by_supports(values, 3, level, upper, **asked, prefixes=less[0], pairs=less[1])
                assert found == "the search visits more prefixes or pairs than are declared"
            pruned += prefixes < sum(math.comb(n - level + size, size) for size in range(level - 1))
        below = by_supports(values, 3, level, least - Fraction(1, 2**100), **asked, prefixes=10**6, pairs=10**6)
        assert "not proved to" in str(below) or "averages leave more" in str(below)
    assert pruned > 20


@pytest.mark.parametrize(
    "change, why",
    [
        ({"level": 3}, "level is not above 3: there is no search"),
        ({"level": 0}, "level is not above 3: there is no search"),
        ({"level": 9}, "level is not from 1 to 5"),
        ({"pairs": -1}, "pairs in evidence is not a natural number"),
        ({"prefixes": None}, "prefixes in evidence is not a natural number"),
        ({"pairs": True}, "pairs in evidence is not a natural number"),
    ],
)
def test_declared_searches_refuse(change, why):
    asked = {"n": 5, "remaining": 0, "rule": "null-space-by-search", "pairs": 99, "prefixes": 99, "level": 4}
    values = [2**60] * 5
    assert isinstance(by_supports(values, 1, upper=1, **asked), dict)
    assert why in str(by_supports(values, 1, upper=1, **{**asked, **change}))


def test_bounds_from_values_of_real_dictionaries_are_true():
    helped = 0
    for name, subject, truth in subjects():
        for scaling, order in itertools.product(SCALINGS, (1, 2, 3)):
            if order > subject.n:
                continue
            chosen = list(itertools.combinations(range(subject.n), order))
            duals = integers(duals_of(truth, chosen, scaling, 20), -20)
            values = run(subject, "support-values", [], bits=60, duals=duals, order=order, scaling=scaling)
            assert isinstance(values, dict)
            for level in range(order, min(subject.n, 5) + 1):
                least, averages = specified.least_upper(subject.n, order, level, decoded(values["values"]), {})
                evidence = {
                    **BY_SUPPORTS,
                    "level": level,
                    "order": order,
                    "remaining": len(averages),
                    "scaling": scaling,
                }
                found = run(subject, "null-space-by-supports", [values], **{**evidence, "upper": rational(least)})
                assert truth.holds(found) is True, (name, found)
                helped += least < 1
    assert helped > 100


REFUSED_BOUNDS = [
    ({"level": 0}, "level is not from 1 to 4"),
    ({"level": 5}, "level is not from 1 to 4"),
    ({"order": 0}, "order is not from 1 to 1"),
    ({"order": 2}, "order is not from 1 to 1"),
    ({"level": 4, "order": 4}, "order is not from 1 to 3"),
    ({"level": 2, "order": 2}, "order and scaling are not those of the support values"),
    ({"scaling": "as-given"}, "order and scaling are not those of the support values"),
    ({"bits": 5001}, "bits is above 5000"),
    ({"remaining": -1}, "remaining in evidence is not a natural number"),
    ({"remaining": None}, "remaining in evidence is not a natural number"),
    ({"upper": "2/4"}, "upper is not a rational number in lowest terms"),
    ({"upper": "-1"}, "the null-space constant at level 1 is not proved to be at most upper"),
    ({"level": 2, "upper": "-1"}, "the null-space constant at level 2 is not proved to be at most upper"),
    ({"exceptions": None}, "exceptions in evidence is not a list"),
    ({"level": 2, "exceptions": [None]}, "exception 0 is not an object"),
    ({"level": 2, "exceptions": [{"support": [0, 1]}]}, "exception 0 has no field duals"),
]
ZEROS = integers([0] * 6)
REFUSED_EXCEPTIONS = [
    ([0], ZEROS, 2, "the support of exception 0 does not have from 2 to 2 atoms"),
    ([0, 1, 2], ZEROS, 2, "the support of exception 0 does not have from 2 to 2 atoms"),
    ([0, 1], ZEROS, 1, "the support of exception 0 does not have from 2 to 1 atoms"),
    ([], ZEROS, 2, "the support of exception 0 does not have from 2 to 2 atoms"),
    ([1, 0], ZEROS, 2, "support in exception 0 is not strictly increasing"),
    ([1, 1], ZEROS, 2, "support in exception 0 is not strictly increasing"),
    ([0, 4], ZEROS, 2, "support in exception 0 is not a list of indices below 4"),
    ([0, 1], integers([0] * 5), 2, "duals in exception 0 is not an array of length 6"),
    ([0, 1], integers([0] * 6, 9), 2, "the exponent of duals is above bits"),
]


@pytest.mark.parametrize("change, why", REFUSED_BOUNDS)
def test_bounds_from_values_refuse(change, why):
    values = ("support-values", [], VALUES)
    derived(SIMPLEX, values, ("null-space-by-supports", [0], BY_SUPPORTS))
    assert why in refused(SIMPLEX, values, ("null-space-by-supports", [0], {**BY_SUPPORTS, **change}))


@pytest.mark.parametrize("support, duals, level, why", REFUSED_EXCEPTIONS)
def test_exceptions_are_refused(support, duals, level, why):
    exceptions = [{"duals": duals, "support": support}]
    step = ("null-space-by-supports", [0], {**BY_SUPPORTS, "exceptions": exceptions, "level": level, "upper": "9"})
    assert why in refused(SIMPLEX, ("support-values", [], VALUES), step)


def test_averages_are_of_at_most_200_atoms_and_up_to_level_20():
    for n, level, order, exceptions, accepted in (
        (200, 3, 2, [], True),
        (201, 3, 2, [], False),
        (201, 2, 2, [], True),
        (201, 201, 1, [], True),
        (201, 2, 1, [([0, 1], [0] * 2)], False),
        (200, 2, 1, [([0, 1], [0] * 2)], True),
        (21, 20, 2, [], True),
        (22, 21, 2, [], False),
    ):
        subject = dictionary_from_values([[1] * n])
        written = [{"support": s, "duals": integers(d)} for s, d in exceptions]
        evidence = {**BY_SUPPORTS, "exceptions": written, "level": level, "order": order, "upper": "999"}
        count = n * (n - 1) // 2 if order == 2 else n
        found = run(subject, "null-space-by-supports", [values_statement([5] * count, order)], **evidence)
        assert isinstance(found, dict) is accepted, (n, level, found)
        if not accepted:
            assert found == "averages are taken of at most 200 atoms and up to level 20"


def test_an_exception_of_very_many_atoms_is_refused_and_breaks_nothing():
    """2^14999 sign patterns: a number that cannot even be printed."""
    subject = dictionary_from_values([[1] * 15000])
    for duals in (
        None,
        {"bytes": 1, "exponent": 0, "packed": None},
        {"bytes": 1, "exponent": 0, "packed": ""},
        binary64([]),
    ):
        exceptions = [{"duals": duals, "support": list(range(15000))}]
        evidence = {**BY_SUPPORTS, "exceptions": exceptions, "level": 15000}
        assert run(subject, "null-space-by-supports", [], **evidence).startswith("averages are taken of at most 200")


@pytest.mark.parametrize("scaling", SCALINGS)
def test_what_the_producer_writes_is_accepted_and_true(scaling):
    """Values of pairs or triples, averages and exceptions as they come; every claim against the circuits."""
    rows = [[round(math.sin(7 * i * i + 3 * j + i * j), 2) for j in range(9)] for i in range(6)]
    result = check_dictionary(np.array(rows), scaling=scaling)
    assert isinstance(result.answer, Accepted)
    used = {step["rule"] for step in json.loads(result.certificate.data)["steps"]}
    assert {"generalized-coherence", "null-space-by-null-vector"} <= used
    assert scaling == "unit" or {"support-values", "null-space-by-supports"} <= used
    truth = Truth(rows)
    for claim in result.answer.claims:
        assert truth.holds(claim) in (True, None), claim
        assert truth.holds(claim) is True or claim.get("question") in ("omp", "network")
