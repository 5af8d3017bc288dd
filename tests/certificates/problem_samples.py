"""Valid certificates about signals of small exact dictionaries, for every rule of SPEC.md section 6.8."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
from certificate_dictionaries import COMPLEX, SIMPLEX, Rows
from certificate_writer import Writer, binary64, packed_integers, resealed
from problem_truth import ProblemTruth

import certificates
from certificates.format import integers, rational
from certificates.rules.signals import Instance, Signals
from certificates.subjects import dictionary_from_values, signals_from_values


@dataclass(frozen=True)
class ProblemSample:
    """One valid certificate, its dictionary, and its signals or codes."""

    name: str
    rows: Rows
    given: Rows
    role: str
    data: bytes

    @cached_property
    def instance(self) -> Instance:
        return Instance.of(dictionary_from_values(self.rows), signals_from_values(self.given, self.role))

    @property
    def signals(self) -> Signals:
        return self.instance.signals

    @property
    def truth(self) -> ProblemTruth:
        return truth_of(self.name)

    def content(self) -> dict:
        value = json.loads(self.data)
        del value["seal"]
        return value

    def check(self, content: dict | bytes) -> certificates.Accepted | certificates.Rejected:
        data = content if isinstance(content, bytes) else resealed(content)
        return certificates.check(data, dictionary=self.instance.dictionary, **{self.role: self.signals})


def product(rows: Rows, codes: Rows) -> Rows:
    """D X, exactly."""
    return [
        [sum((a * x for a, x in zip(row, column, strict=True)), 0) for column in zip(*codes, strict=True)]
        for row in rows
    ]


def subject_of(signals: Signals) -> dict:
    return {
        "digest": signals.digest,
        "field": signals.field,
        "role": signals.role,
        "shape": [signals.length, signals.count],
    }


def problem(name: str, **fields: object) -> dict:
    """A problem with the usual fields, changed as asked."""
    own = {
        "basis-pursuit": {"scaling": "as-given"},
        "bpdn": {"epsilon": "1/10", "scaling": "as-given"},
        "lasso": {"scaling": "as-given", "weight": "1/10"},
        "sparsest": {"box": None, "epsilon": "0"},
        "k-sparse": {"box": None, "sparsity": 1},
    }[name]
    return {"name": name, "nonnegative": False, **own, **fields}


def code(support: list[int], real: dict, imaginary: dict | None = None, divisor: str = "1") -> dict:
    return {"divisor": divisor, "imaginary": imaginary, "real": real, "support": support}


class ProblemWriter(Writer):
    """A writer of certificates that are also about signals."""

    __slots__ = ("matrix",)

    def __init__(self, rows: Rows, given: Rows, role: str = "signal") -> None:
        super().__init__(rows)
        self.signal = subject_of(signals_from_values(given, role))
        self.matrix = np.array([[complex(x) for x in row] for row in rows])

    def put(
        self, rule: str, kind: str, at: int, asked: dict, uses: tuple = (), says: dict | None = None, **evidence: object
    ) -> int:
        """Write a step and claim what it derives: `says`, or the evidence."""
        step = self.step(rule, uses, problem=asked, signal=at, **evidence)
        self.claim(step, kind, problem=asked, signal=at, **(evidence if says is None else says))
        return step

    def upper(self, at: int, asked: dict, found: dict, upper: str) -> int:
        return self.put("value-by-code", "value-upper", at, asked, says={"upper": upper}, **found, upper=upper)

    def dual(self, at: int, asked: dict, v: dict, lower: str, imaginary: dict | None = None, divisor: str = "1") -> int:
        given = {"divisor": divisor, "imaginary": imaginary, "lower": lower, "real": v}
        return self.put("value-by-dual", "value-lower", at, asked, says={"lower": lower}, **given)

    def infeasible(self, at: int, asked: dict, v: dict, imaginary: dict | None = None) -> int:
        return self.put("infeasible-by-dual", "infeasible", at, asked, says={}, imaginary=imaginary, real=v)

    def basis_pursuit(self, at: int, asked: dict, found: dict, radius: str = "0") -> int:
        """Find dual vector and inverse by least squares in floats."""
        atoms = self.matrix.real[:, found["support"]]
        weights = np.linalg.norm(atoms, axis=0) if asked["scaling"] == "unit" else np.ones(len(found["support"]))
        signs = np.array([-1 if text.startswith("-") else 1 for text in found["real"]["integers"]])
        dual = packed_integers((int(x) for x in np.rint(np.linalg.pinv(atoms).T @ (weights * signs) * 2**40)), 8, -40)
        inverse = packed_integers((int(x) for x in np.rint(np.linalg.pinv(atoms).ravel() * 2**40)), 8, -40)
        says = {**found, "radius": radius}
        rule = "unique-minimiser-of-basis-pursuit"
        return self.put(rule, "unique-minimiser", at, asked, says=says, **says, dual=dual, inverse=inverse)

    def lasso(
        self, at: int, asked: dict, y: list[float], support: list[int], signs: list[int], radius: str = "1/1000000"
    ) -> int:
        """Find the minimiser with this support and these signs in floats."""
        atoms = self.matrix.real[:, support]
        weights = np.linalg.norm(atoms, axis=0) if asked["scaling"] == "unit" else np.ones(len(support))
        inverse = np.linalg.inv(atoms.T @ atoms)
        c = inverse @ (
            atoms.T @ np.array(y, dtype=float) - float(Fraction(asked["weight"])) * weights * np.array(signs)
        )
        says = {**code(support, integers([int(x) for x in np.rint(c * 2**40)], -40)), "radius": radius}
        given = integers([int(x) for x in np.rint(inverse.ravel() * 2**30)], -30)
        return self.put("unique-minimiser-of-lasso", "unique-minimiser", at, asked, says=says, **says, inverse=given)

    def between(self, at: int, asked: dict, uses: tuple[int, int]) -> int:
        """The minimiser of bpdn between two of lasso, as SPEC.md spells it."""
        given = [self.steps[used]["evidence"] for used in uses]
        values = [[int(text, 16) * Fraction(1, 2**40) for text in one["real"]["integers"]] for one in given]
        radius = max(abs(a - b) for a, b in zip(*values, strict=True)) / 2 + max(
            Fraction(one["radius"]) for one in given
        )
        centre, exponent = [(a + b) / 2 for a, b in zip(*values, strict=True)], 60
        while any(x / Fraction(2) ** exponent % 1 for x in centre):
            exponent -= 1
        spelled = integers([int(x / Fraction(2) ** exponent) for x in centre], exponent)
        says = {**code(given[0]["support"], spelled), "radius": rational(radius)}
        return self.put("unique-minimiser-of-bpdn", "unique-minimiser", at, asked, uses, says=says)

    def by_minimiser(self, used: int, side: str, bound: str) -> int:
        step = self.step(f"{side}-value-by-minimiser", [used], **{side: bound})
        about = self.steps[used]["evidence"]
        self.claim(step, f"value-{side}", problem=about["problem"], signal=about["signal"], **{side: bound})
        return step

    def zero(self, at: int, asked: dict) -> int:
        none = integers([])
        says = {**code([], none, none if self.truth.is_complex else None), "radius": "0"}
        return self.put("unique-minimiser-by-zero", "unique-minimiser", at, asked, says=says)

    def guaranteed(self, at: int, asked: dict, used: int, found: dict) -> int:
        says = {**found, "radius": "0"}
        return self.put("unique-minimiser-by-guarantee", "unique-minimiser", at, asked, (used,), says=says, **found)

    def search(self, at: int, asked: dict, lower: str, tree: list[int], duals: dict) -> int:
        says = {"lower": lower}
        return self.put("value-by-search", "value-lower", at, asked, says=says, duals=duals, lower=lower, tree=tree)

    def only(self, at: int, asked: dict, found: dict, tree: list[int] | None = None, duals: dict | None = None) -> int:
        """No other code is as good, by enumeration or by a tree."""
        rule = "unique-minimiser-by-enumeration" if tree is None else "unique-minimiser-by-search"
        cases = {} if tree is None else {"duals": integers([]) if duals is None else duals, "tree": tree}
        says = {**found, "radius": "0"}
        return self.put(rule, "unique-minimiser", at, asked, says=says, **found, **cases)

    def error(self, at: int, asked: dict, found: dict, used: int, sparsity: int, upper: str) -> int:
        """Every other code with so few nonzeros is near this one, by coherence or by isometry constants."""
        by = "coherence" if self.steps[used]["rule"] == "mutual-coherence" else "isometry"
        rule, about = f"code-error-by-{by}", {**found, "sparsity": sparsity, "upper": upper}
        return self.put(rule, "code-error", at, asked, (used,), says={**about, "theorem": rule}, **about)

    def enumerated(self, at: int, asked: dict, lower: str) -> int:
        return self.put("value-by-enumeration", "value-lower", at, asked, lower=lower)


HALF = Fraction(1, 2)
PLANE: Rows = [[1, 0, HALF], [0, 1, HALF]]
NEAR: Rows = [[1.0, 0.1, 0.7, -0.3], [0.2, 0.9, 0.7, 0.8]]
BOXED: Rows = [[2, 1, 0, 1], [0, 1, 2, -1], [1, 0, 1, 1]]
LINE: Rows = [[1 + 0j, 2j]]
FLAT: Rows = [[1 + 0j, 1j], [1j, -1 + 0j]]


def _plane(w: ProblemWriter) -> None:
    bp, unit = problem("basis-pursuit"), problem("basis-pursuit", scaling="unit")
    first = code([0, 1], integers([1, -2]))
    w.upper(0, bp, first, "3")
    w.dual(0, bp, integers([1, -1]), "3")
    w.dual(0, bp, integers([6, -7]), "20/7", divisor="7")
    for asked in (bp, unit):
        at = w.basis_pursuit(0, asked, first)
        w.by_minimiser(at, "upper", "3")
        w.by_minimiser(at, "lower", "3")
    w.zero(1, bp)
    w.zero(1, problem("bpdn", epsilon="0"))
    at = w.zero(1, problem("sparsest", box="1/2", nonnegative=True))
    w.by_minimiser(at, "lower", "0")
    w.zero(0, problem("sparsest", epsilon="9/4"))
    w.basis_pursuit(1, bp, code([], integers([])))
    same = w.dual(2, bp, integers([1, 1]), "2")
    two = {"first": code([0, 1], binary64([1.0, 1.0])), "second": code([2], integers([4]), divisor="2")}
    w.put("several-minimisers", "several-minimisers", 2, bp, (same,), **two)
    for scaling in ("as-given", "unit"):
        asked = [problem("lasso", scaling=scaling, weight=t) for t in ("7/100", "9/100")]
        ends = [w.lasso(0, one, [1, -2], [0, 1], [1, -1]) for one in asked]
        w.upper(0, asked[0], first, "21/100")
        w.dual(0, asked[1], integers([23, -23], -8), "13/50")
        bpdn = problem("bpdn", epsilon="113/1000", scaling=scaling)
        at = w.between(0, bpdn, (ends[0], ends[1]))
        w.by_minimiser(at, "upper", "29/10")
        w.by_minimiser(at, "lower", "27/10")
        w.dual(0, bpdn, integers([1, -1]), "14/5")


def _near(w: ProblemWriter) -> None:
    """Binary64 atoms and signals: minimisers within a radius, and codes x >= 0."""
    for scaling in ("as-given", "unit"):
        for nonnegative in (False, True):
            about = {"nonnegative": nonnegative, "scaling": scaling}
            values = np.linalg.solve(w.matrix.real[:, [1, 2]], [0.3, 1.7])
            found = code([1, 2], integers([round(x * 2**40) for x in values], -40))
            at = w.basis_pursuit(0, problem("basis-pursuit", **about), found, "1/1000000000")
            w.by_minimiser(at, "upper", "2")
            w.by_minimiser(at, "lower", "17/10")
            w.lasso(0, problem("lasso", **about), [0.3, 1.7], [1, 2], [1, 1])
            w.lasso(1, problem("lasso", **about), [0.9, 0.2], [0], [1])
    over = {"nonnegative": True}
    w.lasso(2, problem("lasso", **over), [-1, -0.5], [], [], "0")
    for asked in (problem("basis-pursuit", **over), problem("bpdn", **over)):
        w.infeasible(2, asked, binary64([-1.0, -1.0]))


def _boxed(w: ProblemWriter) -> None:
    """Numbers of nonzeros: bounds that are attained, and boxes that make them larger."""
    plain, one, two = problem("sparsest"), problem("k-sparse"), problem("k-sparse", sparsity=2)
    at = w.enumerated(0, plain, "3")
    three = [code([0, 1, 2], integers([1, 1, 1])), code([1, 2, 3], integers([2, 1, 1]))]
    w.upper(0, plain, three[0], "3")
    w.put("several-minimisers", "several-minimisers", 0, plain, (at,), first=three[0], second=three[1])
    w.enumerated(0, one, "4")
    w.upper(0, one, code([1], integers([3])), "4")
    w.enumerated(0, two, "2/3")
    w.upper(0, two, code([0, 2], integers([4, 4]), divisor="3"), "2/3")
    w.search(0, plain, "3", full_tree(4, 2), integers([]))
    w.search(0, two, "2/3", full_tree(4, 2), integers([]))
    w.search(0, problem("k-sparse", box="1/2", nonnegative=True, sparsity=2), "9", [0], integers([2, 2, 1]))
    w.search(0, problem("sparsest", box="1", epsilon="1/2"), "3", [2, 0, 3, 0, 1], integers([1, 1, 0] * 2))
    w.infeasible(0, problem("sparsest", box="1/2", epsilon="1/2"), integers([2, 2, 1]))
    w.infeasible(1, problem("sparsest", epsilon="1/2", nonnegative=True), integers([1, -1, -2]))


def _only(w: ProblemWriter) -> None:
    """The only sparsest codes, and the only best ones."""
    pair, nearest = code([0, 2], integers([1, 2])), code([1], integers([3]))
    exact = problem("sparsest", box="2", nonnegative=True)
    at = w.only(0, exact, pair)
    w.by_minimiser(at, "upper", "2")
    w.by_minimiser(at, "lower", "2")
    w.only(0, exact, pair, full_tree(4, 2))
    w.only(0, exact, pair, [4, 0, 2, 3, 0, 1, 1], integers([-1, 2, 2, 2, 1, -1]))
    w.only(1, problem("sparsest", epsilon="2"), nearest)
    one = problem("k-sparse")
    at = w.only(1, one, nearest)
    w.by_minimiser(at, "upper", "4")
    w.by_minimiser(at, "lower", "4")
    w.only(1, one, nearest, full_tree(4, 1))
    w.only(0, problem("k-sparse", sparsity=2), pair)


def full_tree(atoms: int, left: int, first: int = 0) -> list[int]:
    """All ways to count at most `left` of the atoms from `first` on, every leaf closed exactly."""
    if left == 0 or first == atoms:
        return [1]
    return [2 + first, *full_tree(atoms, left, first + 1), *full_tree(atoms, left - 1, first + 1)]


BEHIND: Rows = [[4, 1, 0], [1, 4, 1], [0, 1, 4]]


def _behind(w: ProblemWriter) -> None:
    """Codes near every sparse code that explains the signal within epsilon."""
    near, some = problem("bpdn", epsilon="1/2", scaling="unit"), problem("sparsest", epsilon="1/2")
    mu, delta = w.coherence(), w.step("isometry-by-enumeration", level=2, upper="1/2")
    w.claim(delta, "isometry-upper", level=2, theorem="isometry-by-enumeration", upper="1/2")
    found = code([0], integers([2]))
    w.error(0, near, found, mu, 1, "41/20")
    w.error(0, some, found, mu, 2, "26/5")
    w.error(0, some, found, delta, 1, "43/20")
    w.error(1, problem("bpdn", epsilon="0"), code([], integers([])), mu, 1, "9")
    w.error(0, problem("sparsest", box="3", nonnegative=True), code([0, 1], integers([4, 1]), divisor="2"), mu, 1, "16")


def _line(w: ProblemWriter) -> None:
    """One complex row."""
    bp, unit = problem("basis-pursuit"), problem("basis-pursuit", scaling="unit")
    w.upper(0, bp, code([1], binary64([2.0]), binary64([-1.5])), "5/2")
    w.dual(0, bp, integers([307], -10), "249/100", integers([409], -10))
    w.dual(0, problem("bpdn", epsilon="1"), integers([307], -10), "199/100", integers([409], -10))
    w.dual(0, problem("lasso", scaling="unit", weight="5"), integers([3]), "25/2", integers([4]))
    w.zero(1, bp)
    w.zero(0, problem("bpdn", epsilon="5", scaling="unit"))
    same = w.dual(2, unit, integers([1]), "2", integers([0]))
    two = {"first": code([0], integers([2]), integers([0])), "second": code([1], integers([0]), integers([-1]))}
    w.put("several-minimisers", "several-minimisers", 2, unit, (same,), **two)


def _flat(w: ProblemWriter) -> None:
    """Complex atoms that span a line, and a signal that is off it."""
    w.infeasible(0, problem("basis-pursuit"), integers([1, 0]), integers([0, -1]))
    w.infeasible(0, problem("bpdn", epsilon="7/10", scaling="unit"), integers([1, 0]), integers([0, -1]))


def _recovered(w: ProblemWriter) -> None:
    """Codes of a simplex, and what is guaranteed of these atoms."""
    mu = w.coherence()
    l1 = w.asked("recovery-by-coherence", [mu], 1, "l1")
    l0 = w.asked("uniqueness-by-recovery", [l1], 1, "l0", "as-given")
    found = code([2], integers([3]), divisor="2")
    at = w.guaranteed(0, problem("basis-pursuit", nonnegative=True, scaling="unit"), l1, found)
    w.by_minimiser(at, "upper", "3")
    at = w.guaranteed(0, problem("sparsest", box="3/2"), l0, found)
    w.by_minimiser(at, "upper", "1")
    w.by_minimiser(at, "lower", "1")
    w.guaranteed(1, problem("sparsest"), l0, code([], integers([])))


def _recovered_complex(w: ProblemWriter) -> None:
    l1 = w.asked("recovery-by-coherence", [w.coherence()], 1, "l1")
    found = code([2], integers([2]), integers([1]))
    at = w.guaranteed(0, problem("basis-pursuit", scaling="unit"), l1, found)
    w.by_minimiser(at, "lower", "2")
    w.upper(0, problem("basis-pursuit", scaling="unit"), found, "9/4")
    w.error(0, problem("bpdn"), found, 0, 1, "10")


ALL = {
    "plane": (PLANE, [[1, 0, 1], [-2, 0, 1]], "signal", _plane),
    "near": (NEAR, [[0.3, 0.9, -1.0], [1.7, 0.2, -0.5]], "signal", _near),
    "boxed": (BOXED, [[3, 4], [3, -4], [2, 1]], "signal", _boxed),
    "behind": (BEHIND, [[8, 4], [3, 1], [0, 0]], "signal", _behind),
    "only": (BOXED, [[2, 3], [4, 3], [3, 2]], "signal", _only),
    "line": (LINE, [[3 + 4j, 0, 2]], "signal", _line),
    "flat": (FLAT, [[1], [0]], "signal", _flat),
    "recovered": (SIMPLEX, [[0, 0], [0, 0], [Fraction(3, 2), 0], [0, 0]], "code", _recovered),
    "recovered-complex": (COMPLEX, [[0], [0], [2 + 1j], [0]], "code", _recovered_complex),
}
PROBLEM_SAMPLES = tuple(ALL)


@cache
def problem_sample(name: str) -> ProblemSample:
    rows, given, role, write = ALL[name]
    w = ProblemWriter(rows, given, role)
    write(w)
    return ProblemSample(name, rows, given, role, w.sealed())


@cache
def truth_of(name: str) -> ProblemTruth:
    rows, given, role, _ = ALL[name]
    return ProblemTruth(rows, given if role == "signal" else product(rows, given))
