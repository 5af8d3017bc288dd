"""The work that rules about null spaces announce, and the time that they take."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import time
import tracemalloc
from fractions import Fraction

import pytest
from certificate_writer import draft, packed_integers, resealed
from hostile_steps import SECONDS, step, with_steps

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import integers
from certificates.rules import RULES, supports
from certificates.rules.values import Reject

LONG = "9" * 3999


def measured(rule: str, rows: list, evidence: dict, premises: list[dict]) -> tuple[float, float]:
    """Seconds of work announced, and seconds taken."""
    subject = dictionary_from_values(rows)
    start = time.process_time()
    task = RULES[rule](subject, evidence)
    task.derive(premises)
    taken = time.process_time() - start
    announced = task.work + sum(9000 * len(str(premise)) // 30 for premise in premises)
    return announced / certificates.checker.WORK_PER_SECOND, taken


def generic(m: int, n: int) -> list[list[float]]:
    return [[math.sin(i * n + j + 1.0) for j in range(n)] for i in range(m)]


def worst_values(n: int, level: int) -> tuple[dict, str]:
    """Triples of equal values, and an upper bound so little below their average that nothing is pruned."""
    values = [2**60] * math.comb(n, 3)
    upper = Fraction(2**60 * math.comb(level, 3), math.comb(level - 1, 2) * 2**64) - Fraction(1, 2**90)
    statement = {"kind": "support-values", "order": 3, "scaling": "unit", "values": integers(values, -64)}
    return statement, str(upper)


WORST = {
    "short weights": ("generalized-coherence", (30, 120), {"imaginary": None, "upper": integers([2**199] * 120)}),
    "long weights": ("generalized-coherence", (4, 40), {"imaginary": None, "upper": integers([2**199] * 40, 5000)}),
    "values of pairs": ("support-values", (10, 60), {"bits": 70, "order": 2, "scaling": "unit"}),
    "values of triples": ("support-values", (3, 30), {"bits": 60, "order": 3, "scaling": "as-given"}),
    "long values": ("support-values", (4, 14), {"bits": 5000, "order": 2, "scaling": "unit"}),
    "sums": ("generalized-babel", (10, 120), {"bits": 70, "sums": [LONG] * 120, "upper": [LONG] * 120}),
    "columns": ("null-space-by-column-sums", (10, 150), {"bits": 70, "level": 70, "scaling": "unit", "upper": LONG}),
}


@pytest.mark.parametrize("name", WORST)
def test_the_announced_work_is_about_the_time_taken(name):
    """No less than a fifth of the time on a slow or busy machine, and not thousands of times as much."""
    rule, (m, n), evidence = WORST[name]
    count = math.comb(n, evidence.get("order", 1)) << (evidence.get("order", 1) - 1)
    numbers = [(7919 * at) % 20011 - 10000 for at in range(count * m)]
    array = integers([x << 1500 for x in numbers], -1500) if "long" in name else packed_integers(numbers, 2)
    field = {"generalized-coherence": "real", "support-values": "duals"}.get(rule, "weights")
    announced, taken = measured(rule, generic(m, n), {**evidence, field: array}, [])
    assert taken / 5 < announced < 300 * taken + 0.1


@pytest.mark.parametrize("upper, shift", [("1", 0), (LONG, 0), (f"{LONG}/{'7' * 3899}8", 1500)])
def test_the_work_of_some_weights(upper: str, shift: int):
    n, m = 60, 20
    numbers = [((7919 * at) % 20011 - 10000) << shift for at in range(n * m)]
    premise = {"kind": "generalized-coherence-upper", "upper": integers([2**199] * n, 5000)}
    evidence = {"atoms": list(range(n)), "imaginary": None, "real": integers(numbers, -shift), "upper": upper}
    subject = dictionary_from_values(generic(m, n))
    start = time.process_time()
    task = RULES["generalized-coherence-by-some-weights"](subject, evidence)
    with contextlib.suppress(Reject):  # the bound 1 is too small
        task.derive([premise])
    taken = time.process_time() - start
    assert taken / 5 < task.work / certificates.checker.WORK_PER_SECOND < 300 * taken + 0.1


@pytest.mark.parametrize("n, level", [(30, 4), (22, 6), (14, 10), (20, 18), (60, 4)])
def test_the_work_of_a_search_that_prunes_nothing(n, level):
    triples = supports.triple_lists([5] * math.comb(n, 3), n)
    taken = []
    for _ in range(3):
        count = itertools.count()
        start = time.process_time()
        supports.search(triples, level, 5 * math.comb(level, 3) - 1, lambda _, count=count: next(count))
        taken.append(time.process_time() - start)
        assert next(count) == math.comb(n, level)
    announced = supports.search_work(n, level) / certificates.checker.WORK_PER_SECOND
    assert min(taken) / 5 < announced < 100 * min(taken) + 0.05


@pytest.mark.parametrize("n, level", [(30, 4), (22, 6), (60, 4)])
def test_the_work_of_a_declared_search(n, level):
    """Of what is declared, and never more than that of all prefixes."""
    triples = supports.triple_lists([5] * math.comb(n, 3), n)
    prefixes = sum(math.comb(n - level + size, size) for size in range(level - 1))
    start = time.process_time()
    supports.search(triples, level, 5 * math.comb(level, 3) - 1, lambda _: None, supports.Visits(prefixes, 10**12))
    taken = time.process_time() - start
    whole = supports.search_work(n, level)
    assert supports.Visits(10**15, 10**15).work(n, level) == whole
    assert supports.Visits(1, 100).work(n, level) < whole
    pairs = sum(
        math.comb(n - at - 1, 2) * math.comb(at, size - 1)
        for size in range(1, level - 1)
        for at in range(size - 1, n - level + size)
    ) + math.comb(n, 2)
    supports.search(triples, level, 5 * math.comb(level, 3) - 1, lambda _: None, supports.Visits(prefixes, pairs))
    announced = (120 * pairs + prefixes * (4000 + 750 * n)) / certificates.checker.WORK_PER_SECOND
    assert taken / 5 < announced < 100 * taken + 0.05


@pytest.mark.parametrize("level", [4, 8, 14])
def test_the_work_of_refining_one_support(level):
    triples = supports.triple_lists([5] * math.comb(level, 3), level)
    start = time.process_time()
    for _ in range(3):
        supports.refined(tuple(range(level)), triples, {})
    taken = (time.process_time() - start) / 3
    announced = supports.refining_work(level) / certificates.checker.WORK_PER_SECOND
    assert taken / 5 < announced < 100 * taken + 0.05


def test_what_remains_is_part_of_the_work():
    """Supports that averages leave are paid for before they are looked at, dearly if they are taken apart."""
    subject = dictionary_from_values([[1] * 12])

    def work(remaining: int, *sizes: int) -> int:
        exceptions = [
            {"duals": packed_integers([0] * 2 ** (size - 1), 1), "support": list(range(size))} for size in sizes
        ]
        evidence = {"bits": 9, "exceptions": exceptions, "level": 8, "order": 2, "remaining": remaining}
        task = RULES["null-space-by-supports"](subject, {**evidence, "scaling": "unit", "upper": "1"})
        return task.work

    whole, deep = work(0, 8), work(0, 7)
    assert work(10, 8) - whole == 10 * 2000
    assert work(10, 7) - deep == 10 * supports.refining_work(8) > 10 * 2000
    assert work(2**53 - 1, 7) == work(math.comb(12, 8), 7)  # there are no more
    assert work(0, 8, 8) > whole > work(0)


@pytest.mark.thorough
def test_levels_and_tables_without_end_are_refused_at_once():
    """The greatest levels that are read, on the most atoms: more work than anybody can wait for, and never a hang."""
    rows = [[1] * 200]
    subject = dictionary_from_values(rows)
    for level, order in ((5, 2), (10, 2), (20, 2), (6, 3)):
        count = math.comb(200, order) << (order - 1)
        values = step("support-values", bits=1, duals=packed_integers([0] * count, 1), order=order, scaling="unit")
        asked_for = {"level": level, "order": order, "remaining": 2**53 - 1, "scaling": "unit", "upper": "0"}
        bound = step("null-space-by-supports", [0], bits=1, exceptions=[], **asked_for)
        subjects = [{**draft(rows).subject, "role": "dictionary"}]
        loaded = {**json.loads(with_steps([values, bound])), "subjects": subjects}
        del loaded["seal"]
        start = time.monotonic()
        found = certificates.check(resealed(loaded), dictionary=subject)
        assert isinstance(found, certificates.Rejected)
        assert "over the work limit" in found.why
        assert time.monotonic() - start < SECONDS


def test_a_refused_support_is_found_soon_where_many_are():
    """Everything exceeds and nothing may remain: the first support found ends it."""
    statement, upper = worst_values(40, 6)
    evidence = {"bits": 0, "exceptions": [], "level": 6, "order": 3, "remaining": 0, "scaling": "unit", "upper": upper}
    task = RULES["null-space-by-supports"](dictionary_from_values([[1] * 40]), evidence)
    start = time.monotonic()
    with pytest.raises(Exception, match="averages leave more than 0 supports"):
        task.derive([statement])
    assert time.monotonic() - start < SECONDS


def test_exponents_far_apart_do_not_make_the_weights_long_before_they_are_due():
    """Real parts times 2^5000, imaginary ones times 2^-5000: the numbers stay short until one vector's turn."""
    rows = [[complex(i + 1, j) for j in range(400)] for i in range(50)]
    subject = dictionary_from_values(rows)
    numbers = packed_integers([1] * 20000, 1)
    evidence = {"imaginary": {**numbers, "exponent": -5000}, "real": {**numbers, "exponent": 5000}}
    tracemalloc.start()
    task = RULES["generalized-coherence"](subject, {**evidence, "upper": integers([1] * 400)})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20
    assert task.work > 10**11


def test_values_of_supports_are_short_whatever_the_duals():
    evidence = {"bits": 5000, "duals": packed_integers([0] * 1560, 1, -5000), "order": 2, "scaling": "unit"}
    task = RULES["support-values"](dictionary_from_values(generic(1, 40)), evidence)
    assert set(task.derive([])["values"]["integers"]) == {f"{2**64:x}"}


@pytest.mark.parametrize(("scaling", "bits"), [("unit", 0), ("as-given", 0), ("unit", 3000)])
def test_the_work_of_a_coefficient(scaling: str, bits: int):
    m, n, s = 20, 120, 16
    subject = dictionary_from_values(generic(m, n))
    numbers = [(7919 * at % 20011) << bits for at in range(s * s)]
    evidence = {"divisor": "1", "imaginary": None, "lower": "0", "real": integers(numbers, -2000 - bits)}
    evidence |= {"scaling": scaling, "support": list(range(s)), "upper": LONG}
    start = time.process_time()
    task = RULES["exact-recovery-coefficient"](subject, evidence)
    with contextlib.suppress(Reject):
        task.derive([])
    taken = time.process_time() - start
    # what is announced is for the whole; a bad inverse is refused before the atoms off the support are looked at
    assert taken / 5 < task.work / certificates.checker.WORK_PER_SECOND < 20000 * taken + 0.1


@pytest.mark.parametrize("shift", [0, 1500])
def test_the_work_of_weights_with_norms(shift: int):
    n, m = 60, 20
    numbers = [((7919 * at) % 20011 - 10000) << shift for at in range(n * m)]
    evidence = {"imaginary": None, "norm": LONG, "real": integers(numbers, -shift), "upper": LONG}
    start = time.process_time()
    task = RULES["generalized-weights"](dictionary_from_values(generic(m, n)), evidence)
    with contextlib.suppress(Reject):
        task.derive([])
    taken = time.process_time() - start
    assert taken / 5 < task.work / certificates.checker.WORK_PER_SECOND < 300 * taken + 0.1
