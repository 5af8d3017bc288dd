"""Valid certificates about chains, written by hand, and the truth about them."""

from __future__ import annotations

import json
from functools import cache

from certificate_dictionaries import SIMPLEX, truth_of
from certificate_writer import Writer, draft, resealed
from deep_truths import deep_codes_are_unique, rank, times

import certificates
from certificates.format import Draft, integers

PAIRS = [[1, 0, 0, 0, 1], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]]
SHORT = [[10, 0, 1], [0, 10, 1]]
"""Atoms as given: basis pursuit fails on multiples of the last one, which is short."""
IDENTITY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
ONES = {"levels": [1, 1], "slopes": ["1", "1"]}
TWOS = {"levels": [2, 2], "slopes": ["1", "1"]}


def handed_in(rows: list) -> list[certificates.Dictionary]:
    return [certificates.checker.dictionary_from_values(one) for one in rows]


def product(first: list, second: list) -> list:
    return [list(row) for row in zip(*(times(first, column) for column in zip(*second, strict=True)), strict=True)]


def chain_draft(first: list, second: list) -> Draft:
    start, rest = draft(first), draft(second)
    return Draft(subject=start.subject, loader="npy", producer="tests", chain=[rest.subject])


def code(support: list[int], values: list[int]) -> dict:
    return {"imaginary": None, "real": integers(values), "support": support}


def facts(rows: list, spark: int) -> tuple[Draft, dict[str, int]]:
    """Norms, delta_2 <= mu_1(1), uniqueness and basis pursuit at level 1."""
    w = Writer(rows)
    found = {"norms": w.norms(), "isometry": w.isometry_by_babel(w.babel(2), 2)}
    mu = w.coherence()
    found["l1"] = w.asked("recovery-by-coherence", [mu], 1, "l1")
    found["l0"] = w.asked("uniqueness-by-spark", [w.spark_lower("spark-by-coherence", mu, spark)], 1, "l0")
    return w, found


@cache
def simplex_chain() -> bytes:
    """Guaranteed at levels 1, 1, by layers and by the product of both; refuted at 2, 2."""
    d = chain_draft(SIMPLEX, PAIRS)
    steps = []
    for at, rows in enumerate((SIMPLEX, PAIRS)):
        w, found = facts(rows, 4 - at)
        new = d.about(at, at + 1, w)
        steps.append({name: new[step] for name, step in found.items()})
    whole = product(SIMPLEX, PAIRS)
    w = Writer(whole)
    spark = w.spark_lower("spark-by-coherence", w.coherence(), 3)
    unique = w.asked("uniqueness-by-spark", [spark], 1, "l0")
    handed = handed_in([whole])[0]
    w.claim(w.step("product"), "product", digest=handed.digest, shape=[3, 5])
    last = d.about(0, 2, w)
    for ends, uses in (([1, 2], [one["l0"] for one in steps]), ([2], [last[unique]])):
        at = d.step("dsc-uniqueness-by-blocks", uses, ends=ends, scaling="unit", **ONES)
        d.claim(at, "deep-guaranteed", **ONES, question="l0", scaling="unit", theorem="dsc-uniqueness-by-blocks")
    at = d.step("dsc-recovery-by-layers", [one["l1"] for one in steps], scaling="unit", **ONES)
    d.claim(at, "deep-guaranteed", **ONES, question="l1", scaling="unit", theorem="dsc-recovery-by-layers")
    uses = [one[name] for one in steps for name in ("isometry", "norms")]
    # E_1 = 2/10 / sqrt(3 (1 - 1/3)) < 142/1000, E_2 = (E_1 + 2/10) / sqrt(1 - 1/sqrt 2) < 632/1000.
    fields = {"errors": ["71/500", "79/125"], "tolerances": ["1/10", "1/10"], **ONES}
    at = d.step("dsc-stability-by-isometry", uses, **fields)
    d.claim(at, "deep-stability", **fields, theorem="dsc-stability-by-isometry")
    codes = {"first": code([0, 1], [1, 1]), "second": code([2, 3], [-1, -1])}
    for question in ("l0", "l1", "stability"):
        asked = {**TWOS, **codes, "question": question, "scaling": "unit"}
        at = d.step("dsc-failure-by-two-codes", **asked)
        d.claim(at, "deep-refuted", **asked, theorem="dsc-failure-by-two-codes")
    return d.sealed()


@cache
def short_chain() -> bytes:
    """Basis pursuit for the atoms as given misses a deep code in the first layer; deep codes are unique."""
    d = chain_draft(SHORT, IDENTITY)
    w = Writer(SHORT)
    h = w.null([0, 1, 2], integers([1, 1, -10]))
    refuted = w.asked("failure-by-heavy-part", [h], 1, "l1", "as-given")
    new = d.about(0, 1, w)
    fields = {**ONES, "first": code([2], [-3]), "scaling": "as-given"}
    at = d.step("dsc-failure-by-heavy-part", [new[refuted]], **fields)
    d.claim(at, "deep-refuted", **fields, layer=1, question="l1", theorem="dsc-failure-by-heavy-part")
    return d.sealed()


CHAINS = {"simplex": (simplex_chain, (SIMPLEX, PAIRS)), "short": (short_chain, (SHORT, IDENTITY))}


def content(name: str) -> dict:
    value = json.loads(CHAINS[name][0]())
    del value["seal"]
    return value


def check(name: str, edited: dict) -> certificates.Accepted | certificates.Rejected:
    return certificates.check(resealed(edited), dictionary=_subjects(name))


@cache
def _subjects(name: str) -> tuple[certificates.Dictionary, ...]:
    return tuple(handed_in(list(CHAINS[name][1])))


@cache
def _unique(name: str, levels: tuple[int, int]) -> bool:
    return deep_codes_are_unique(*CHAINS[name][1], levels)


def holds(name: str, statement: dict) -> bool:
    """Whether a statement about a chain of the samples is true."""
    return _holds(name, json.dumps(statement, sort_keys=True))


@cache
def _holds(name: str, text: str) -> bool:
    statement = json.loads(text)
    first, second = CHAINS[name][1]
    if statement["kind"] == "product":
        start, end = statement["about"]
        rows = (first, second)[start] if end == start + 1 else product(first, second)
        (one,) = handed_in([rows])
        return (statement["digest"], statement["shape"]) == (one.digest, [one.m, one.n])
    if "about" in statement:
        start, end = statement["about"]
        rows = (first, second)[start] if end == start + 1 else product(first, second)
        return truth_of([list(row) for row in rows]).holds({k: v for k, v in statement.items() if k != "about"})
    levels = tuple(statement["levels"])
    unique = _unique(name, levels)
    if statement["kind"] == "deep-refuted":
        if statement["question"] == "l1" and "layer" in statement:
            return (name, statement["scaling"], statement["layer"]) == ("short", "as-given", 1)
        return not unique
    if statement["kind"] == "deep-stability":
        independent = rank([list(column) for column in zip(*product(first, second), strict=True)])
        return unique and independent > 0 and _errors_hold(statement)
    return unique and (statement["question"] == "l0" or max(levels) == 1)


def _errors_hold(statement: dict) -> bool:
    """The recursion of the statement for `simplex` at levels 1, 1, with delta_2 of both dictionaries, in floats."""
    before = 0.0
    numbers = [[float(ratio(x)) for x in statement[n]] for n in ("tolerances", "errors", "slopes")]
    for at, (squared, delta) in enumerate(((3.0, 1 / 3), (1.0, 0.5**0.5))):
        needed = (before + 2 * numbers[0][at]) / (squared * (1 - delta)) ** 0.5 / numbers[2][at]
        before = numbers[1][at]
        if before < needed * (1 - 1e-9):
            return False
    return True


def ratio(text: str) -> float:
    p, _, q = text.partition("/")
    return int(p) / int(q or 1)
