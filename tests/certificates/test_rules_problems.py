"""Every reason why a rule about problems rejects its evidence, and bounds that are just reached or just missed."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from problem_samples import code, full_tree, problem, problem_sample

import certificates
from certificates.format import integers
from certificates.rules import PROBLEM_RULES
from certificates.rules.values import Reject

RULES = Path(certificates.__file__).parent / "rules"
FILES = (
    "problems",
    "signals",
    "optimality",
    "minimisers",
    "lasso",
    "value_search",
    "value_enumeration",
    "only_codes",
    "distances",
    "dual_vectors",
)
PURSUIT, LASSO, BPDN = (f"unique-minimiser-of-{name}" for name in ("basis-pursuit", "lasso", "bpdn"))
ZERO, GUARANTEE = "unique-minimiser-by-zero", "unique-minimiser-by-guarantee"
ONLY, ONLY_TREE = "unique-minimiser-by-enumeration", "unique-minimiser-by-search"
UPPER, LOWER = "upper-value-by-minimiser", "lower-value-by-minimiser"


@dataclass(frozen=True)
class Case:
    """Step number `at` of a rule in a sample, changed; `about` names the sample with other subjects."""

    sample: str
    rule: str
    change: dict
    why: str = ""
    at: int = 0
    premises: dict[int, dict] = field(default_factory=dict)
    about: str = ""

    def derived(self) -> dict:
        one = problem_sample(self.sample)
        content = one.content()
        step = [step for step in content["steps"] if step["rule"] == self.rule][self.at]
        said = {claim["step"]: claim["statement"] for claim in content["claims"]}
        premises = [{**copy.deepcopy(said[used]), **self.premises.get(k, {})} for k, used in enumerate(step["uses"])]
        instance = problem_sample(self.about or self.sample).instance
        return PROBLEM_RULES[self.rule](instance, {**step["evidence"], **self.change}).derive(premises)


def lasso(values: list[int], weight: str, divisor: str = "1") -> dict:
    return {
        **code([0, 1], integers(values), divisor=divisor),
        "problem": problem("lasso", weight=weight),
        "radius": "0",
    }


BEHIND = "code-error-by-coherence"
REFUSED = [
    Case("behind", BEHIND, {"problem": problem("basis-pursuit")}, "the problem is not one of bpdn, sparsest"),
    Case("behind", BEHIND, {"sparsity": 0}, "sparsity is not from 1 to 3"),
    Case("behind", BEHIND, {"sparsity": 4}, "sparsity is not from 1 to 3"),
    Case("behind", BEHIND, {"upper": "-3"}, "upper is negative"),
    Case("behind", BEHIND, {"upper": "2"}, "upper is less than"),
    Case("behind", BEHIND, {"upper": "1/2"}, "upper is less than"),
    Case("behind", BEHIND, {}, "no bound: 2 atoms are not proved", premises={0: {"squared": "1"}}),
    Case("behind", "code-error-by-isometry", {"sparsity": 2}, "the isometry statement is about fewer than 3 atoms"),
    Case("behind", "code-error-by-isometry", {}, "no bound: 2 atoms are not proved", premises={0: {"upper": "1"}}),
    Case("plane", "value-by-dual", {"problem": problem("sparsest")}, "the problem is not one of basis-pursuit, bpdn"),
    Case("plane", "value-by-dual", {"problem": None}, "the problem is not one of"),
    Case("plane", ZERO, {"problem": {**problem("bpdn"), "name": []}}, "the problem is not one of"),
    Case("plane", ZERO, {"problem": problem("lasso")}, "the problem is not one of basis-pursuit, bpdn, sparsest"),
    Case("line", "value-by-code", {"problem": problem("sparsest")}, "this problem is for real dictionaries"),
    Case("line", ZERO, {"problem": problem("sparsest", epsilon="9")}, "this problem is for real dictionaries"),
    Case("line", ZERO, {"problem": problem("bpdn", nonnegative=True)}, "this problem is for real dictionaries"),
    Case("plane", ZERO, {"problem": problem("bpdn", epsilon="-9")}, "epsilon is negative"),
    Case("plane", "value-by-code", {"problem": problem("lasso", weight="0")}, "weight and box are not above 0"),
    Case("boxed", "value-by-code", {"problem": problem("sparsest", box="0")}, "weight and box are not above 0"),
    Case("boxed", "value-by-enumeration", {"problem": problem("k-sparse", sparsity=0)}, "sparsity is not from 1 to 4"),
    Case("boxed", "value-by-enumeration", {"problem": problem("k-sparse", sparsity=5)}, "sparsity is not from 1 to 4"),
    Case("plane", "several-minimisers", {}, "the premise is about another problem", premises={0: {"signal": 1}}),
    Case("plane", "several-minimisers", {"problem": problem("basis-pursuit", scaling="unit")}, "about another problem"),
    Case("plane", "value-by-code", {"signal": 3}, "signal is not below 3"),
    Case("plane", "value-by-code", {"divisor": "0"}, "divisor is not positive"),
    Case("plane", "value-by-code", {"divisor": "-1"}, "divisor is not positive"),
    Case("plane", "value-by-code", {"imaginary": integers([0, 0])}, "imaginary is not null"),
    Case("plane", "value-by-code", {"real": integers([1, 0])}, "the value at atom 1 is zero"),
    Case("plane", "value-by-code", {"problem": problem("basis-pursuit", nonnegative=True)}, "a negative value"),
    Case("plane", "value-by-code", {"problem": problem("k-sparse")}, "has 2 nonzeros, more than sparsity"),
    Case("plane", "value-by-code", {"problem": problem("k-sparse", box="1", sparsity=2)}, "leaves the box"),
    Case("plane", "value-by-code", {"problem": problem("bpdn", epsilon="9/5"), "signal": 1}, "by more than epsilon"),
    Case("plane", "value-by-code", {"problem": problem("sparsest"), "signal": 1}, "by more than epsilon"),
    Case("plane", "value-by-code", {"signal": 1}, "D x is not the signal"),
    Case("recovered", LOWER, {"lower": "1/2"}, "lower is not an integer"),
    Case("plane", "value-by-code", {"upper": "299/100"}, "not proved to be at most upper"),
    Case("plane", "value-by-dual", {"imaginary": integers([0, 0])}, "imaginary is not null"),
    Case("plane", "value-by-dual", {"divisor": "0"}, "divisor is not positive"),
    Case("plane", "value-by-dual", {"lower": "301/100"}, "the dual vector does not prove lower"),
    Case("plane", "value-by-dual", {"real": integers([257, 0], -8)}, "exceeds the weight of atom 0"),
    Case("near", "infeasible-by-dual", {"imaginary": integers([0, 0])}, "imaginary is not null"),
    Case("boxed", "infeasible-by-dual", {"problem": problem("sparsest")}, "to separate atom", at=1),
    Case("near", "infeasible-by-dual", {"signal": 0}, "does not separate the signal"),
    Case("plane", UPPER, {}, "a minimiser of lasso does not tell the value", premises={0: lasso([1, -2], "1")}),
    Case("plane", UPPER, {"upper": "299/100"}, "not proved to be within upper"),
    Case("plane", LOWER, {"lower": "301/100"}, "not proved to be within lower"),
    Case("plane", "several-minimisers", {}, "the objective at the first code", premises={0: {"lower": "199/100"}}),
    Case("plane", "several-minimisers", {"second": code([0, 1], integers([2, 2]), divisor="2")}, "are the same"),
    Case("plane", PURSUIT, {"radius": "-1"}, "radius is negative"),
    Case("plane", PURSUIT, {"radius": "1"}, "radius is not below the modulus"),
    Case("plane", PURSUIT, {"problem": problem("basis-pursuit", nonnegative=True)}, "the code has a negative value"),
    Case("plane", PURSUIT, {}, "this rule is for real dictionaries", about="line"),
    Case("plane", PURSUIT, {"inverse": integers([0] * 4)}, "the inverse is not proved to be near enough"),
    Case("plane", PURSUIT, {"radius": "1/2"}, "radius is not 0, and the code is feasible"),
    Case(
        "plane",
        PURSUIT,
        {"inverse": integers([1, 0]), "real": integers([1]), "support": [0]},
        "the support does not have m atoms",
    ),
    Case("plane", PURSUIT, {"radius": "1/9", "real": integers([1, -3])}, "not proved to be within the radius"),
    Case("plane", PURSUIT, {"dual": integers([0, 0])}, "atom 2 is not proved to be off"),
    Case("plane", ZERO, {"signal": 0}, "zero is not feasible"),
    Case("recovered", GUARANTEE, {"problem": problem("sparsest", epsilon="1")}, "epsilon is not 0", at=1),
    Case("recovered", GUARANTEE, {"problem": problem("basis-pursuit")}, "about another question or scaling"),
    Case("recovered", GUARANTEE, {"problem": problem("sparsest")}, "about another question or scaling"),
    Case("recovered", GUARANTEE, {"real": integers([1, 3]), "support": [1, 2]}, "has 2 nonzeros, and 1 are guaranteed"),
    Case("recovered", GUARANTEE, {"real": integers([4])}, "D x is not the signal"),
    Case("recovered", GUARANTEE, {"real": integers([4])}, "the code leaves the box", at=1),
    Case("recovered", GUARANTEE, {"real": integers([2])}, "misses the signal", at=1),
    Case("plane", LASSO, {}, "this rule is for real dictionaries", about="line"),
    Case("plane", LASSO, {"divisor": "2"}, "divisor is not 1"),
    Case("plane", LASSO, {"inverse": integers([0] * 4)}, "the inverse is not proved to be near enough"),
    Case("plane", LASSO, {"radius": f"1/{10**16}"}, "not proved to be within the radius"),
    Case("near", LASSO, {"problem": problem("lasso")}, "atom 0 is not proved to be off", at=8),
    Case("plane", BPDN, {}, "this rule is for real dictionaries", about="line"),
    Case("plane", BPDN, {"problem": problem("bpdn", epsilon="0")}, "epsilon is 0"),
    Case("plane", BPDN, {}, "are about another signal, scaling or sign", premises={0: {"signal": 1}}),
    Case("plane", BPDN, {"problem": problem("bpdn", scaling="unit")}, "are about another signal, scaling or sign"),
    Case("plane", BPDN, {"problem": problem("bpdn", nonnegative=True)}, "are about another signal, scaling or sign"),
    Case(
        "plane", BPDN, {}, "scaling or sign", premises={1: {"problem": problem("lasso", nonnegative=True, weight="1")}}
    ),
    Case("plane", BPDN, {}, "do not increase", premises={0: {"problem": problem("lasso", weight="9/100")}}),
    Case("plane", BPDN, {}, "are different or empty", premises={0: {"support": [0, 2]}}),
    Case(
        "plane", BPDN, {}, "are different or empty", premises={0: {**code([], integers([]))}, 1: code([], integers([]))}
    ),
    Case("plane", BPDN, {"problem": problem("bpdn", epsilon="1/2")}, "to lie between the residuals"),
    Case("plane", BPDN, {"problem": problem("bpdn", epsilon="1/99")}, "to lie between the residuals"),
    Case("plane", BPDN, {}, "the signs .* differ", premises={0: lasso([1, -2], "1"), 1: lasso([1, 1], "2")}),
    Case("plane", BPDN, {}, "too long or no mul", premises={0: lasso([3, -6], "1", "3"), 1: lasso([2, -4], "2")}),
    Case("plane", BPDN, {}, "radius is not below", premises={0: lasso([1, -2], "1"), 1: lasso([9, -2], "2")}),
    Case("boxed", "value-by-search", {"lower": "1", "tree": [1, 1]}, "the tree ends before its entry 1"),
    Case("boxed", "value-by-search", {"tree": [6, 1, 1]}, "entry 0 of the tree branches on no atom"),
    Case("boxed", "value-by-search", {"tree": [2, 2, 1, 1, 1]}, "entry 1 of the tree branches on no atom"),
    Case("boxed", "value-by-search", {"lower": "1", "tree": [2, 1, 1]}, "behind entry 1 of the tree more atoms"),
    Case("boxed", "value-by-search", {"tree": [2]}, "the tree is not complete"),
    Case("boxed", "value-by-search", {"tree": []}, "the tree is not complete"),
    Case("boxed", "value-by-search", {"tree": [1]}, "and more atoms may be used"),
    Case("boxed", "value-by-search", {"duals": integers([1])}, "duals in evidence is not an array of length 0"),
    Case("boxed", "value-by-search", {"duals": integers([1, 1, 1]), "tree": [0]}, "the problem has no box"),
    Case("boxed", "value-by-search", {"lower": "10"}, "a dual vector does not close its leaf", at=2),
    Case("boxed", "value-by-search", {"duals": integers([-2, -2, -1])}, "a dual vector does not close its leaf", at=2),
    Case(
        "boxed",
        "value-by-search",
        {"duals": integers([0] * 6), "problem": problem("sparsest", box="1")},
        "a dual vector does not close its leaf",
        at=3,
    ),
    Case("boxed", "value-by-search", {"lower": "67/100"}, "too near to the span .* are counted", at=1),
    Case("boxed", "value-by-search", {"lower": "5"}, "lower is not an integer from 1 to 4"),
    Case("boxed", "value-by-enumeration", {"lower": "0"}, "lower is not an integer from 1 to 4"),
    Case("boxed", "value-by-enumeration", {"lower": "3/2"}, "lower is not an integer from 1 to 4"),
    Case("boxed", "value-by-enumeration", {"lower": "23"}, r"span of the atoms \[\]$", at=1),
    Case("boxed", "value-by-enumeration", {"lower": "401/100"}, r"span of the atoms \[1\]$", at=1),
    Case("boxed", "value-by-enumeration", {"lower": "10"}, r"span of the atoms \[0\]$", at=2),
    Case("boxed", "value-by-enumeration", {"lower": "67/100"}, r"span of the atoms \[0, 2\]$", at=2),
    Case("boxed", "value-by-enumeration", {"lower": "4"}, r"span of the atoms \[0, 1, 2\]$"),
    Case("only", ONLY, {"problem": problem("basis-pursuit")}, "the problem is not one of sparsest, k-sparse"),
    Case("only", ONLY, {"problem": problem("k-sparse", sparsity=3)}, "has 2 nonzeros, fewer than sparsity"),
    Case("only", ONLY_TREE, {"problem": problem("k-sparse", sparsity=3)}, "has 2 nonzeros, fewer than sparsity"),
    Case("only", ONLY, {"problem": problem("sparsest", box="1")}, "the code leaves the box"),
    Case("only", ONLY, {"signal": 1}, "the code is not feasible"),
    Case("only", ONLY_TREE, {"signal": 1}, "the code is not feasible"),
    Case("only", ONLY, {"problem": problem("sparsest", epsilon="21/10")}, "same atoms come as near", at=1),
    Case("only", ONLY, {"problem": problem("sparsest", epsilon="4")}, r"span of the atoms \[0\]$", at=1),
    Case("only", ONLY, {"real": integers([2])}, r"span of the atoms \[0, 2\]$|same atoms", at=2),
    Case("only", ONLY_TREE, {"problem": problem("sparsest", epsilon="1/9")}, "same atoms come as near"),
    Case("only", ONLY_TREE, {"tree": [1]}, "and more atoms may be used"),
    Case("only", ONLY_TREE, {"duals": integers([0] * 6)}, "a dual vector does not close its leaf", at=1),
    Case("only", ONLY_TREE, {"problem": problem("sparsest")}, "the problem has no box", at=1),
    Case("only", ONLY_TREE, {"tree": [4, 1, 2, 3, 1, 1, 1]}, "and more atoms may be used", at=1),
    Case("only", ONLY_TREE, {"real": integers([2])}, "same atoms come as near", at=2),
    Case(
        "only",
        ONLY_TREE,
        {
            **code([0, 1, 2, 3], integers([2, -1, 2, -1])),
            "problem": problem("sparsest"),
            "tree": full_tree(4, 4),
        },
        "the atoms of the code are dependent",
    ),
]


@pytest.mark.parametrize("at", range(len(REFUSED)))
def test_what_is_refused(at: int) -> None:
    with pytest.raises(Reject, match=REFUSED[at].why):
        REFUSED[at].derived()


def test_every_reason_is_tested() -> None:
    """Every `raise Reject` of these files is reached by one of the cases."""
    wanted = {}
    for name in FILES:
        for node in ast.walk(ast.parse((RULES / f"{name}.py").read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Raise)
                and isinstance(node.exc, ast.Call)
                and ast.unparse(node.exc.func) == "Reject"
            ):
                wanted |= {(name, line): (name, node.lineno) for line in range(node.lineno, node.end_lineno + 1)}
    seen = set()
    for case in REFUSED:
        with pytest.raises(Reject) as caught:
            case.derived()
        last = caught.traceback[-1]
        seen.add(wanted.get((Path(str(last.path)).stem, last.lineno + 1)))
    assert set(wanted.values()) - seen == set()
