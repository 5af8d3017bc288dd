"""The work that rules about problems announce: about the time that they take, and too much of it is refused at once."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from certificate_writer import packed_integers, resealed
from hostile_steps import SECONDS, content, step
from problem_samples import code, full_tree, problem, problem_sample, subject_of

import certificates
from certificates.format import integers
from certificates.rules import PROBLEM_RULES
from certificates.rules.signals import Instance
from certificates.rules.values import Reject
from certificates.subjects import dictionary_from_values, signals_from_values

PURSUIT, LASSO, BPDN = (f"unique-minimiser-of-{name}" for name in ("basis-pursuit", "lasso", "bpdn"))
UNIT = problem("basis-pursuit", scaling="unit")
LONG = "9" * 3999


def atoms(m: int, n: int) -> np.ndarray:
    return np.array([[math.sin((i * n + j + 1.0) ** 2) for j in range(n)] for i in range(m)])


def posed(m: int, n: int, long: bool = False) -> Instance:
    rows = [[Fraction(x) / 3**100 if long else x for x in row] for row in atoms(m, n).tolist()]
    signal = [math.cos(float(i)) for i in range(m)]
    return Instance.of(dictionary_from_values(rows), signals_from_values(signal, "signal"))


def combined(m: int, n: int, support: list[int]) -> Instance:
    """The sum of some atoms."""
    found = [int(i in support) for i in range(n)]
    return Instance.of(dictionary_from_values(atoms(m, n).tolist()), signals_from_values(found, "code"))


def located(rule: str, m: int, n: int, size: int) -> Instance:
    """The signal whose minimiser is about that of `inverted`, as far as the atoms that it uses can tell."""
    chosen, code_values = atoms(m, n)[:, :size], np.ones(size) + 0.1 * np.arange(size)
    signal = chosen @ code_values
    if rule == LASSO:
        weights = np.linalg.norm(chosen, axis=0)
        signal = signal + chosen @ np.linalg.solve(chosen.T @ chosen, weights / 3)
    return Instance.of(dictionary_from_values(atoms(m, n).tolist()), signals_from_values(signal.tolist(), "signal"))


def array(count: int, shift: int = 0) -> dict:
    numbers = [(7919 * at) % 20011 - 10005 for at in range(count)]
    return integers([(x | 1) << shift | 1 for x in numbers], -shift) if shift else packed_integers(numbers, 2)


def floats(values: np.ndarray) -> dict:
    return packed_integers([int(x) for x in np.rint(values.ravel() * 2.0**40)], 8, -40)


def inverted(rule: str, m: int, n: int, size: int) -> dict:
    """Evidence of a code on the first atoms with an inverse that is near enough."""
    chosen = atoms(m, n)[:, :size]
    inverse = np.linalg.pinv(chosen) if rule == PURSUIT else np.linalg.inv(chosen.T @ chosen)
    found = {**code(list(range(size)), floats(np.ones(size) + 0.1 * np.arange(size))), "inverse": floats(inverse)}
    if rule == PURSUIT:
        return {**found, "dual": floats(np.ones(m)), "problem": UNIT, "radius": "1/1000"}
    return {**found, "problem": problem("lasso", scaling="unit", weight="1/3"), "radius": "1/1000"}


def minimiser(asked: dict, values: dict, size: int, radius: str = "1/1000") -> dict:
    return {
        "kind": "unique-minimiser",
        **code(list(range(size)), values),
        "problem": asked,
        "radius": radius,
        "signal": 0,
    }


EVERY = list(range(120))
LASSOS = [minimiser(problem("lasso", weight=t), array(20, 1000), 20) for t in ("1/9", "1/8")]
Steps = tuple[str, Callable[[], Instance], Callable[[], dict], list[dict]]
WORST: dict[str, Steps] = {
    "code": (
        "value-by-code",
        lambda: posed(40, 120),
        lambda: {**code(EVERY, array(120, 300)), "problem": problem("lasso", scaling="unit"), "upper": LONG},
        [],
    ),
    "long code of long atoms": (
        "value-by-code",
        lambda: posed(10, 40, long=True),
        lambda: {**code(EVERY[:40], array(40, 4000)), "problem": problem("lasso", scaling="unit"), "upper": LONG},
        [],
    ),
    "dual": (
        "value-by-dual",
        lambda: posed(60, 120),
        lambda: {
            "divisor": "3",
            "imaginary": None,
            "lower": "0",
            "problem": problem("lasso", scaling="unit", weight=LONG),
            "real": array(60, 3000),
        },
        [],
    ),
    "box": (
        "infeasible-by-dual",
        lambda: posed(60, 120),
        lambda: {"imaginary": None, "problem": problem("sparsest", box="7"), "real": array(60, 2000)},
        [],
    ),
    "zero": ("unique-minimiser-by-zero", lambda: posed(900, 3), lambda: {"problem": problem("bpdn", epsilon=LONG)}, []),
    "pursuit": (PURSUIT, lambda: located(PURSUIT, 30, 90, 30), lambda: inverted(PURSUIT, 30, 90, 30), []),
    "lasso": (LASSO, lambda: located(LASSO, 40, 90, 8), lambda: inverted(LASSO, 40, 90, 8), []),
    "bpdn": (BPDN, lambda: posed(30, 60), lambda: {"problem": problem("bpdn")}, LASSOS),
    "cost of a minimiser": (
        "upper-value-by-minimiser",
        lambda: posed(20, 60),
        lambda: {"upper": "9" * 3000},
        [minimiser(UNIT, array(20, 3000), 20)],
    ),
    "two codes": (
        "several-minimisers",
        lambda: posed(20, 60),
        lambda: {
            "first": code(EVERY[:60], array(60, 500)),
            "problem": problem("lasso", scaling="unit"),
            "second": code(EVERY[:60], array(60, 501)),
        },
        [{"kind": "value-lower", "lower": LONG, "problem": problem("lasso", scaling="unit"), "signal": 0}],
    ),
    "pairs": (
        "value-by-enumeration",
        lambda: posed(10, 90),
        lambda: {"lower": "0", "problem": problem("k-sparse", sparsity=2)},
        [],
    ),
    "fours": (
        "value-by-enumeration",
        lambda: posed(6, 16),
        lambda: {"lower": "0", "problem": problem("k-sparse", sparsity=4)},
        [],
    ),
    "other pairs": (
        "unique-minimiser-by-enumeration",
        lambda: combined(10, 90, [3, 70]),
        lambda: {**code([3, 70], integers([1, 1])), "problem": problem("k-sparse", sparsity=2)},
        [],
    ),
    "other cases": (
        "unique-minimiser-by-search",
        lambda: combined(8, 12, [1, 5, 11]),
        lambda: {
            **code([1, 5, 11], integers([1, 1, 1])),
            "duals": integers([]),
            "problem": problem("sparsest"),
            "tree": full_tree(12, 3),
        },
        [],
    ),
    "value of the only code": (
        "lower-value-by-minimiser",
        lambda: posed(20, 60),
        lambda: {"lower": "9" * 3000},
        [minimiser(problem("k-sparse", sparsity=20), array(20, 3000), 20, "0")],
    ),
    "leaves closed exactly": (
        "value-by-search",
        lambda: posed(8, 12),
        lambda: {
            "duals": integers([]),
            "lower": "0",
            "problem": problem("k-sparse", sparsity=3),
            "tree": full_tree(12, 3),
        },
        [],
    ),
    "leaves closed by duals": (
        "value-by-search",
        lambda: posed(20, 100),
        lambda: {
            "duals": packed_integers([(37 * at) % 251 - 125 for at in range(101 * 20)], 2),
            "lower": "0",
            "problem": problem("k-sparse", box="1/3", sparsity=50),
            "tree": [*range(2, 102), *[0] * 101],
        },
        [],
    ),
}


@pytest.mark.parametrize("name", WORST)
def test_the_announced_work_is_about_the_time_taken(name: str) -> None:
    """No less than a fifth of the time on a slow or busy machine, and not thousands of times as much."""
    rule, make, evidence, premises = WORST[name]
    instance, written = make(), {"signal": 0, **evidence()}
    if rule.endswith("value-by-minimiser"):
        del written["signal"]
    start = time.process_time()
    task = PROBLEM_RULES[rule](instance, written)
    with contextlib.suppress(Reject):  # at the last comparison
        task.derive(premises)
    taken = time.process_time() - start
    announced = (task.work + sum(9000 * len(str(premise)) // 30 for premise in premises)) / 1e9
    assert certificates.checker.WORK_PER_SECOND == 1e9
    assert taken / 5 < announced < 200 * taken + 0.1


def written(instance: Instance, steps: list[dict]) -> bytes:
    claims = [{"statement": {"kind": "x"}, "step": at} for at in range(len(steps))]
    d = instance.dictionary
    first = {"digest": d.digest, "field": d.field, "role": "dictionary", "shape": [d.m, d.n]}
    return resealed({**content(), "claims": claims, "steps": steps, "subjects": [first, subject_of(instance.signals)]})


def checked(instance: Instance, data: bytes, **limit: int) -> certificates.Accepted | certificates.Rejected:
    return certificates.check(
        data, dictionary=instance.dictionary, **{instance.signals.role: instance.signals}, **limit
    )


@pytest.mark.parametrize("name", [name for name in WORST if not WORST[name][3] and name != "zero"])
def test_expensive_steps_add_up_until_the_limit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rule, make, evidence, _ = WORST[name]
    instance = make()
    one_step = step(rule, signal=0, **evidence())
    data = [written(instance, [one_step] * count) for count in (1, 4, 6)]
    given = {"dictionary": instance.dictionary, instance.signals.role: instance.signals}
    one, four = (certificates.estimate_work(one, **given) for one in data[:2])
    assert four == 4 * one > 10**6

    def never(_: object) -> None:
        raise AssertionError("derived before the work was known")

    monkeypatch.setattr(certificates.checker, "_derive", never)
    found = checked(instance, data[2], work_limit=4 * one)
    assert isinstance(found, certificates.Rejected)
    assert found.why.startswith("over the work limit: steps 0 to 4 need")


ENDLESS = {
    "many supports": ("value-by-enumeration", {"lower": "50", "problem": problem("sparsest")}),
    "all supports": ("value-by-enumeration", {"lower": "0", "problem": problem("k-sparse", sparsity=200)}),
    "a span of many": (
        "value-by-search",
        {
            "duals": packed_integers([1] * 19000, 1),
            "lower": "0",
            "problem": problem("k-sparse", box="1", sparsity=190),
            "tree": [entry for at in range(190) for entry in (2 + at, 0)] + [1],
        },
    ),
    "long numbers": (
        "value-by-code",
        {
            **code(list(range(200)), integers([16**39999 + 1] * 200, -5000), divisor="f" * 50000),
            "problem": problem("lasso", scaling="unit"),
            "upper": LONG,
        },
    ),
    "a long dual": (
        "value-by-dual",
        {
            "divisor": "f" * 50000,
            "imaginary": None,
            "lower": LONG,
            "problem": UNIT,
            "real": integers([16**39999 + 1] * 100, 5000),
        },
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_work_without_end_is_refused_at_once(name: str) -> None:
    rule, evidence = ENDLESS[name]
    instance = posed(100, 200)
    data = written(instance, [step(rule, signal=0, **evidence)])
    start = time.monotonic()
    found = checked(instance, data)
    assert isinstance(found, certificates.Rejected)
    assert "over the work limit" in found.why
    assert time.monotonic() - start < SECONDS


def test_signals_that_are_codes_of_long_numbers_are_part_of_the_work() -> None:
    rows = atoms(20, 40).tolist()
    dictionary = dictionary_from_values(rows)
    evidence = {"problem": problem("bpdn"), "signal": 0}
    works = [
        PROBLEM_RULES["unique-minimiser-by-zero"](
            Instance.of(dictionary, signals_from_values([Fraction(1, 3**power)] * 40, "code")), evidence
        ).work
        for power in (1, 4000)
    ]
    assert works[1] > 20 * works[0]


def test_the_work_limit_is_applied_to_the_samples_too() -> None:
    one = problem_sample("plane")
    given = {"dictionary": one.instance.dictionary, "signal": one.signals}
    work = certificates.estimate_work(one.data, **given)
    assert isinstance(certificates.check(one.data, **given, work_limit=work), certificates.Accepted)
    found = certificates.check(one.data, **given, work_limit=work - 1)
    assert isinstance(found, certificates.Rejected)
    assert f"more than {work - 1}; raise --work-limit" in found.why
