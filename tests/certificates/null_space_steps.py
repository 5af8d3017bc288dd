"""What the tests of rules about null spaces share: single rules run alone, and evidence for them."""

from __future__ import annotations

from functools import cache

from certificate_dictionaries import ALL, truth_of
from certificate_truth import Truth
from certificate_writer import packed_integers
from exact_null_space import small_real_dictionaries

from certificates.checker import dictionary_from_values
from certificates.format import integers
from certificates.rules import RULES
from certificates.rules.dictionary import Dictionary
from certificates.rules.values import Reject

ONE = 2**64
SCALINGS = ("unit", "as-given")


@cache
def subjects() -> list[tuple[str, Dictionary, Truth]]:
    """Real dictionaries of every kind, without the ones whose atoms differ by more than floats can say."""
    rows = {name: rows for name, rows in ALL.items() if not truth_of(rows).is_complex}
    rows |= {name: one.real.tolist() for name, one in small_real_dictionaries(52) if "wild" not in name}
    return [(name, dictionary_from_values(one), Truth(one)) for name, one in rows.items()]


def run(subject: Dictionary, rule: str, premises: list[dict], **evidence: object) -> dict | str:
    """What a rule derives, or why it refuses."""
    try:
        return RULES[rule](subject, evidence).derive(premises)
    except Reject as reason:
        return str(reason)


def values_statement(values: list[int], order: int, scaling: str = "unit") -> dict:
    return {"kind": "support-values", "order": order, "scaling": scaling, "values": integers(values, -64)}


VALUES = {"bits": 8, "duals": packed_integers([0] * 12, 1), "order": 1, "scaling": "unit"}
BY_SUPPORTS = {
    "bits": 8,
    "exceptions": [],
    "level": 1,
    "order": 1,
    "remaining": 0,
    "scaling": "unit",
    "upper": "1",
}


COLUMNS = {"bits": 60, "level": 1, "scaling": "unit", "upper": "9", "weights": integers([1] * 12)}
