"""Small exact dictionaries, and valid certificates about them written by hand with `certificates.format.Draft`."""

from __future__ import annotations

import itertools
import json
import math
import struct
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

import certificate_specified as specified
from certificate_duals import coherence_weights, duals_of
from certificate_truth import Truth, decoded, root

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import Draft, canonical, integers, packed, rational, seal

Rows = list[list]
THIRD = Fraction(1, 3)

IDENTITY_HADAMARD: Rows = [
    [1, 0, 0, 0, 1, 1, 1, 1],
    [0, 1, 0, 0, 1, -1, 1, -1],
    [0, 0, 1, 0, 1, 1, -1, -1],
    [0, 0, 0, 1, 1, -1, -1, 1],
]
SIMPLEX: Rows = [[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0], [1.0, -1.0, -1.0, 1.0]]
FLOATS: Rows = [[0.1, -1.7, 0.3, 2.5], [1.3, 0.2, -0.9, 1e-3], [0.7, 0.4, 1.1, -0.6]]
SINGLES: Rows = [
    [struct.unpack("<f", struct.pack("<f", x))[0] for x in row]
    for row in [[1.1, 0.1, 0.05, 0.9], [0.1, 1.2, 0.1, 0.8], [-0.1, 0.05, 0.9, -1.3], [0.01, 0.02, -0.1, 0.2]]
]
COMPLEX: Rows = [[1, 0, 0, 1 + 0j], [0, 2, 0, 1j], [0, 0, 1j, -1 + 0j]]
COMPLEX_PLANE: Rows = [[1 + 0j, 0, 1, 1], [0, 1, 1j, -1j]]
RATIONAL: Rows = [[THIRD, 0, Fraction(2, 7), 1], [0, Fraction(5, 3), 1, THIRD], [1, 1, 0, Fraction(-3, 5)]]
UNEQUAL: Rows = [[1, 0, Fraction(1, 10)], [0, 1, Fraction(1, 10)]]
ORTHOGONAL: Rows = [[3, 0, -8], [4, 0, 6], [0, 7, 0]]
NEARLY_ORTHOGONAL: Rows = [[10, 1, 0], [-1, 10, 1], [0, 1, 10]]
CORNERS: Rows = [[5 * (i == j) - 1 for j in range(5)] for i in range(5)]
WIDE: Rows = [
    [3, 1, 0, -1, 2, 1, 0],
    [0, 2, 1, 1, -1, 1, 3],
    [1, 0, -3, 1, 1, 0, 1],
    [0, -1, 1, 2, 0, 3, 0],
    [1, 1, 0, 0, 1, 1, -2],
]
STAR: Rows = [[*(int(i == j) for j in range(4)), -1] for i in range(4)]
COMPLEX_SIMPLEX: Rows = [[1 + 0j, 1, -1, -1], [1j, -1j, 1j, -1j], [1 + 0j, -1, -1, 1]]

ALL = {
    "identity-hadamard": IDENTITY_HADAMARD,
    "simplex": SIMPLEX,
    "floats": FLOATS,
    "singles": SINGLES,
    "complex": COMPLEX,
    "complex-plane": COMPLEX_PLANE,
    "rational": RATIONAL,
    "unequal": UNEQUAL,
    "orthogonal": ORTHOGONAL,
    "nearly-orthogonal": NEARLY_ORTHOGONAL,
    "corners": CORNERS,
    "wide": WIDE,
    "star": STAR,
    "complex-simplex": COMPLEX_SIMPLEX,
}


def draft(rows: Rows) -> Draft:
    handed_in = dictionary_from_values(rows)
    subject = {"digest": handed_in.digest, "field": handed_in.field, "shape": [handed_in.m, handed_in.n]}
    return Draft(subject=subject, loader="npy", producer="tests")


def answer(rows: Rows, written: Draft) -> certificates.Accepted | certificates.Rejected:
    return certificates.check(written.sealed(), dictionary=rows)


def resealed(content: dict) -> bytes:
    """Canonical bytes with a right seal, whatever the content says."""
    return canonical({**content, "seal": seal(content)})


def binary64(values: list[float]) -> dict:
    return {"binary64": b64encode(struct.pack(f"<{len(values)}d", *values)).decode("ascii")}


def packed_integers(values: Iterable[int], width: int, exponent: int = 0) -> dict:
    """The array of these numbers times 2^exponent, `width` bytes each."""
    return packed(b"".join(value.to_bytes(width, "little", signed=True) for value in values), width, exponent)


class Writer(Draft):
    """A draft whose steps are claimed as they are written; the truth fills in what is claimed."""

    __slots__ = ("truth",)

    def __init__(self, rows: Rows) -> None:
        plain = draft(rows)
        super().__init__(subject=plain.subject, loader=plain.loader, producer=plain.producer)
        self.truth = truth_of(rows)

    def norms(self) -> int:
        norms = [self.truth.norm_squared(i) for i in range(self.truth.n)]
        at = self.step("atom-norms")
        self.claim(
            at,
            "atom-norms",
            equal=len(set(norms)) == 1,
            squared_max=rational(max(norms)),
            squared_min=rational(min(norms)),
        )
        return at

    def coherence(self) -> int:
        truth = self.truth
        pair = next(
            [i, j]
            for i in range(truth.n)
            for j in range(i + 1, truth.n)
            if truth.coherence_squared(i, j) == truth.mu_squared
        )
        at = self.step("mutual-coherence", pair=pair)
        self.claim(at, "mutual-coherence", pair=pair, squared=rational(truth.mu_squared))
        return at

    def babel(self, order: int, slack: Fraction = Fraction(1, 10**30)) -> int:
        values = [self.truth.babel(k) for k in range(1, order + 1)]
        lower, upper = ([rational((v + s).limit_denominator(10**40)) for v in values] for s in (-slack, slack))
        at = self.step("babel", lower=lower, upper=upper)
        self.claim(at, "babel", lower=lower, upper=upper)
        return at

    def rank(self, rows: list[int], columns: list[int], modulus: int = 10007, root: int = 0) -> int:
        at = self.step("rank", columns=columns, modulus=modulus, root=root, rows=rows)
        self.claim(at, "rank", lower=len(rows), upper=min(self.truth.m, self.truth.n))
        return at

    def null(self, support: list[int], real: dict, imaginary: dict | None = None) -> int:
        at = self.step("null-vector", imaginary=imaginary, real=real, support=support)
        self.claim(at, "null-vector", imaginary=imaginary, real=real, support=support)
        return at

    def circuit(self, at: int = 0) -> int:
        """Write the null vector of one minimal support, brought to integers."""
        h = self.truth.circuits[at]
        support = [i for i, x in enumerate(h) if any(x)]
        common = 1
        for x in h:
            for part in x:
                common *= part.denominator
        parts = [[int(h[i][part] * common) for i in support] for part in (0, 1)]
        return self.null(support, integers(parts[0]), integers(parts[1]) if self.truth.is_complex else None)

    def enumeration(self, size: int, modulus: int, point: int, root: int = 0) -> int:
        at = self.step("spark-by-enumeration", modulus=modulus, point=point, root=root, size=size)
        self.claim(at, "spark-lower", theorem="spark-by-enumeration", value=size + 1)
        return at

    def generalized(self, slack: Fraction = Fraction(1, 1000)) -> int:
        """Bound all mu~_i by weights that come close."""
        truth = self.truth
        real, imaginary = coherence_weights(truth)
        upper = integers([int((truth.generalized_coherence(i) + slack) * 2**40) for i in range(truth.n)], -40)
        arrays = [packed_integers(part, 8, -30) for part in (real, imaginary)]
        at = self.step(
            "generalized-coherence", imaginary=arrays[1] if truth.is_complex else None, real=arrays[0], upper=upper
        )
        self.claim(at, "generalized-coherence-upper", upper=upper)
        return at

    def generalized_babel(self, sums: list[str], upper: list[str]) -> int:
        weights = packed_integers(coherence_weights(self.truth)[0], 4, -30)
        at = self.step("generalized-babel", bits=70, sums=sums, upper=upper, weights=weights)
        self.claim(at, "generalized-babel", sums=sums, upper=upper)
        return at

    def support_values(self, order: int, scaling: str) -> int:
        supports = itertools.combinations(range(self.truth.n), order)
        duals = packed_integers(duals_of(self.truth, supports, scaling), 4, -24)
        at = self.step("support-values", bits=80, duals=duals, order=order, scaling=scaling)
        values = specified.support_values(self.truth, scaling, 80, order, decoded(duals))
        spelled = integers([int(value * 2**64) for value in values], -64)
        self.claim(at, "support-values", order=order, scaling=scaling, values=spelled)
        return at

    def null_space(self, rule: str, uses: list[int], asked: tuple[int, str, str], **evidence: object) -> int:
        level, scaling, upper = asked
        if rule != "null-space-by-generalized-coherence":
            evidence["upper"] = upper
        at = self.step(rule, uses, level=level, scaling=scaling, **evidence)
        self.claim(at, "null-space-upper", level=level, scaling=scaling, theorem=rule, upper=upper)
        return at

    def by_supports(self, values: int, asked: tuple[int, str, str], exceptions: list[list[int]], remaining: int) -> int:
        written = [
            {"duals": packed_integers(duals_of(self.truth, [support], asked[1]), 4, -24), "support": support}
            for support in exceptions
        ]
        order = self.steps[values]["evidence"]["order"]
        more = {"bits": 80, "exceptions": written, "order": order, "remaining": remaining}
        return self.null_space("null-space-by-supports", [values], asked, **more)

    def lower(self, rule: str, uses: int, kind: str, **fields: object) -> int:
        at = self.step(rule, [uses], **fields)
        self.claim(at, kind, **fields)
        return at

    def spark_lower(self, rule: str, uses: int, value: int, **evidence: object) -> int:
        at = self.step(rule, [uses], **evidence)
        self.claim(at, "spark-lower", theorem=rule, value=value)
        return at

    def plain(self, rule: str, uses: list[int], kind: str, **fields: object) -> int:
        at = self.step(rule, uses)
        self.claim(at, kind, **fields)
        return at

    def isometry(self, level: int, upper: Fraction | int) -> int:
        at = self.step("isometry-by-enumeration", level=level, upper=rational(upper))
        self.claim(at, "isometry-upper", level=level, theorem="isometry-by-enumeration", upper=rational(upper))
        return at

    def isometry_by_babel(self, babel: int, level: int) -> int:
        at = self.step("isometry-by-babel", [babel], level=level)
        upper = self.steps[babel]["evidence"]["upper"][level - 2]
        self.claim(at, "isometry-upper", level=level, theorem="isometry-by-babel", upper=upper)
        return at

    def isometry_lower(self, level: int, lower: Fraction | int, support: list[int], *parts: dict) -> int:
        real, imaginary = parts if len(parts) == 2 else (*parts, None)
        vector = {"imaginary": imaginary, "real": real, "support": support}
        at = self.step("isometry-by-vector", level=level, lower=rational(lower), **vector)
        self.claim(at, "isometry-lower", level=level, lower=rational(lower))
        return at

    def hard_thresholding(self, isometry: int, level: int) -> int:
        at = self.step("hard-thresholding-by-isometry", [isometry], level=level)
        upper = Fraction(self.claims[isometry]["statement"]["upper"])
        rate = Fraction(math.ceil(2**31 * (upper + root(5 * upper**2))), 2**32)
        self.claim(at, "hard-thresholding", level=level, rate=rational(rate), theorem="hard-thresholding-by-isometry")
        return at

    def asked(self, rule: str, uses: list[int], level: int, question: str, scaling: str = "unit") -> int:
        at = self.step(rule, uses, level=level, question=question, scaling=scaling)
        kind = "refuted" if rule.startswith("failure") else "guaranteed"
        more = {}
        if rule == "failure-by-heavy-part":
            more = {**self.steps[uses[0]]["evidence"], "part": self._heavy(uses[0], level, scaling)}
        self.claim(at, kind, level=level, question=question, scaling=scaling, theorem=rule, **more)
        return at

    def _heavy(self, null_vector: int, level: int, scaling: str) -> list[int]:
        """The atoms with the heaviest entries of a null vector, of equally heavy ones the first."""
        evidence = self.steps[null_vector]["evidence"]
        parts = [decoded(evidence[name]) for name in ("real", "imaginary") if evidence[name] is not None]
        squares = [sum(value * value for value in values) for values in zip(*parts, strict=True)]
        if scaling == "unit":
            norms = (self.truth.norm_squared(i) for i in evidence["support"])
            squares = [square * norm for square, norm in zip(squares, norms, strict=True)]
        order = sorted(zip((-square for square in squares), evidence["support"], strict=True))
        return sorted(atom for _, atom in order[:level])


@cache
def _truth(name: str) -> Truth:
    return Truth(ALL[name])


def truth_of(rows: Rows) -> Truth:
    name = next((name for name, known in ALL.items() if known is rows), None)
    return Truth(rows) if name is None else _truth(name)


@dataclass(frozen=True)
class Sample:
    """One valid certificate and the dictionary it is about."""

    name: str
    rows: Rows
    data: bytes

    @cached_property
    def dictionary(self) -> certificates.Dictionary:
        return dictionary_from_values(self.rows)

    @property
    def truth(self) -> Truth:
        return truth_of(self.rows)

    def content(self) -> dict:
        """The certificate as a fresh object without its seal."""
        value = json.loads(self.data)
        del value["seal"]
        return value

    def check(self, content: dict) -> certificates.Accepted | certificates.Rejected:
        return certificates.check(resealed(content), dictionary=self.dictionary)


def _identity_hadamard() -> Draft:
    w = Writer(IDENTITY_HADAMARD)
    w.plain("welch-bound", [], "welch-bound", squared="1/7")
    norms, mu = w.norms(), w.coherence()
    assert norms == 1
    w.spark_lower("spark-by-coherence", mu, 3)
    families = w.spark_lower("spark-by-orthogonal-families", mu, 4, first=[0, 1, 2, 3])
    w.asked("uniqueness-by-spark", [families], 1, "l0", "as-given")
    w.asked("uniqueness-by-spark", [w.enumeration(3, 10007, 5)], 1, "l0")
    recovered = w.asked("recovery-by-coherence", [mu], 1, "l1")
    w.asked("recovery-by-coherence", [mu], 1, "omp")
    w.asked("uniqueness-by-recovery", [recovered], 1, "l0", "as-given")
    h = w.circuit()
    w.plain("spark-by-null-vector", [h], "spark-upper", value=4)
    for question in ("l0", "l1", "omp"):
        w.asked("failure-by-two-codes", [h], 2, question)
    dimension = w.plain("dependence-by-dimension", [], "dependent-atoms", count=5)
    w.plain("spark-by-dimension", [dimension], "spark-upper", value=5)
    w.asked("failure-by-dimension", [dimension], 3, "omp", "as-given")
    w.asked("recovery-by-isometry", [w.isometry(2, Fraction(1, 2))], 1, "l1")
    return w


def _simplex() -> Draft:
    w = Writer(SIMPLEX)
    norms, mu, babel = w.norms(), w.coherence(), w.babel(3)
    spark = w.spark_lower("spark-by-babel", w.babel(2), 4)
    w.asked("uniqueness-by-spark", [spark], 1, "l0")
    for question in ("l1", "omp"):
        w.asked("recovery-by-coherence", [mu, norms], 1, question, "as-given")
        w.asked("recovery-by-babel", [babel, norms], 1, question, "as-given")
        w.asked("recovery-by-babel", [babel], 1, question)
    h = w.null([0, 1, 2, 3], binary64([0.25] * 4))
    w.asked("failure-by-heavy-part", [h], 2, "l1", "as-given")
    w.asked("failure-by-heavy-part", [h], 2, "l1", "unit")
    w.asked("failure-by-two-codes", [h], 2, "omp", "as-given")
    w.spark_lower("spark-by-isometry", w.isometry(3, Fraction(2, 3)), 4)
    w.isometry_lower(3, Fraction(2, 3), [0, 1, 3], binary64([0.5] * 3))
    w.asked("recovery-by-isometry", [w.isometry_by_babel(babel, 2), norms], 1, "l1", "as-given")
    return w


def _floats() -> Draft:
    w = Writer(FLOATS)
    w.norms()
    mu = w.coherence()
    w.spark_lower("spark-by-coherence", mu, 3)
    w.babel(2)
    w.rank([0, 1, 2], [0, 1, 3])
    h = w.circuit()
    for scaling in ("unit", "as-given"):
        w.asked("failure-by-heavy-part", [h], 2, "l1", scaling)
    w.asked("recovery-by-coherence", [mu], 1, "l1")
    return w


def _singles() -> Draft:
    w = Writer(SINGLES)
    mu = w.coherence()
    full = w.rank([0, 1, 2, 3], [0, 1, 2, 3], 2**31 - 1)
    independent = w.plain("independence-by-rank", [full], "independent")
    for question in ("l0", "l1", "network"):
        w.asked("recovery-by-independence", [independent], 4, question, "as-given")
    zeros = integers([0] * 4)
    w.plain("generalized-coherence-by-independence", [independent], "generalized-coherence-upper", upper=zeros)
    w.asked("recovery-by-coherence", [mu], 1, "omp")
    w.spark_lower("spark-by-coherence", mu, 3)
    return w


def _complex() -> Draft:
    w = Writer(COMPLEX)
    w.norms()
    mu = w.coherence()
    w.babel(3)
    w.rank([0, 1, 2], [0, 1, 2], 13, 5)
    spark = w.spark_lower("spark-by-coherence", mu, 3)
    w.asked("uniqueness-by-spark", [spark], 1, "l0")
    w.asked("recovery-by-coherence", [mu], 1, "omp")
    h = w.circuit()
    w.asked("failure-by-heavy-part", [h], 3, "l1", "unit")
    w.asked("failure-by-two-codes", [h], 2, "l0")
    w.isometry(3, Fraction(5, 6))
    w.isometry_lower(2, Fraction(57, 100), [1, 3], integers([0, 577]), binary64([500.0, 0.0]))
    return w


def _complex_plane() -> Draft:
    w = Writer(COMPLEX_PLANE)
    mu = w.coherence()
    w.spark_lower("spark-by-orthogonal-families", mu, 3, first=[0, 1])
    w.enumeration(2, 10009, 7, 3303)
    w.asked("recovery-by-coherence", [mu], 1, "omp")
    h = w.null([0, 1, 2], binary64([1.0, 0.0, -1.0]), integers([0, 1, 0]))
    w.plain("spark-by-null-vector", [h], "spark-upper", value=3)
    w.asked("failure-by-heavy-part", [h], 2, "l1", "as-given")
    return w


def _rational() -> Draft:
    w = Writer(RATIONAL)
    w.norms()
    mu = w.coherence()
    w.babel(1)
    w.rank([0, 1, 2], [0, 1, 2])
    w.asked("recovery-by-coherence", [mu], 1, "l1")
    h = w.circuit()
    w.asked("failure-by-heavy-part", [h], 2, "l1", "unit")
    w.asked("failure-by-two-codes", [h], 3, "omp", "as-given")
    return w


def _unequal() -> Draft:
    w = Writer(UNEQUAL)
    w.norms()
    mu = w.coherence()
    w.asked("recovery-by-coherence", [mu], 1, "l1", "unit")
    h = w.circuit()
    w.asked("failure-by-heavy-part", [h], 1, "l1", "as-given")
    w.asked("failure-by-heavy-part", [h], 2, "l1", "unit")
    return w


def _orthogonal() -> Draft:
    w = Writer(ORTHOGONAL)
    mu = w.coherence()
    w.plain("independence-by-coherence", [mu], "independent")
    w.asked("recovery-by-orthogonality", [mu], 3, "omp", "as-given")
    w.plain("welch-bound", [], "welch-bound", squared="0")
    isometry = w.isometry(3, 0)
    w.isometry_lower(1, 0, [2], integers([-1]))
    w.hard_thresholding(isometry, 2)
    return w


def _nearly_orthogonal() -> Draft:
    w = Writer(NEARLY_ORTHOGONAL)
    mu, babel = w.coherence(), w.babel(2)
    a = w.plain("independence-by-coherence", [mu], "independent")
    w.plain("independence-by-babel", [babel], "independent")
    w.asked("recovery-by-independence", [a], 2, "l0")
    w.asked("recovery-by-babel", [babel], 3, "omp")
    w.asked("recovery-by-babel", [babel], 3, "l1")
    isometry = w.isometry(3, Fraction(1, 5))
    w.plain("independence-by-isometry", [isometry], "independent")
    w.asked("recovery-by-isometry", [isometry], 3, "l1")
    w.hard_thresholding(isometry, 3)
    return w


def _corners() -> Draft:
    w = Writer(CORNERS)
    norms, t, h = w.norms(), w.generalized(), w.null([0, 1, 2, 3, 4], integers([1] * 5))
    network = w.asked("convergence-by-generalized-coherence", [t], 2, "network", "as-given")
    w.asked("uniqueness-by-recovery", [network], 2, "l0")
    w.asked("recovery-by-generalized-coherence", [t, norms], 2, "l1", "as-given")
    w.spark_lower("spark-by-generalized-coherence", t, 5)
    bound = int(Fraction(251, 1000) * 2**40)
    bound = Fraction(-(-(bound << 64) // (2**40 + bound)) * 2, 2**64)
    at = w.null_space("null-space-by-generalized-coherence", [t, norms], (2, "as-given", rational(bound)))
    w.asked("recovery-by-null-space", [at], 2, "l1", "as-given")
    babel = w.generalized_babel(["251/1000", "753/1000"], ["251/1000", "251/500"])
    w.asked("convergence-by-generalized-babel", [babel], 2, "network")
    w.spark_lower("spark-by-generalized-babel", babel, 4)
    w.lower("generalized-coherence-by-null-vector", h, "generalized-coherence-lower", atom=1, lower="1/4")
    w.lower("null-space-by-null-vector", h, "null-space-lower", level=3, lower="3/5", scaling="unit")
    w.asked("failure-by-two-codes", [h], 3, "network")
    return w


def _star() -> Draft:
    """One null vector, (1, 1, 1, 1, 1) for the atoms as given and (1, 1, 1, 1, 2) for unit atoms."""
    w = Writer(STAR)
    singles, pairs = w.support_values(1, "as-given"), w.support_values(2, "unit")
    at = w.by_supports(singles, (2, "as-given", "401/1000"), [], 0)
    w.asked("recovery-by-null-space", [at], 2, "l1", "as-given")
    w.spark_lower("spark-by-null-space", at, 5)
    w.by_supports(pairs, (4, "unit", "417/500"), [[0, 1, 4], [0, 1, 2, 4]], 0)
    weights = packed_integers(duals_of(w.truth, ([i] for i in range(5)), "unit"), 4, -24)
    w.null_space("null-space-by-column-sums", [], (1, "unit", "167/500"), bits=60, weights=weights)
    return w


def _complex_simplex() -> Draft:
    w = Writer(COMPLEX_SIMPLEX)
    t = w.generalized()
    w.asked("recovery-by-generalized-coherence", [t], 1, "l1")
    h = w.circuit()
    w.lower("generalized-coherence-by-null-vector", h, "generalized-coherence-lower", atom=2, lower="33/100")
    w.lower("null-space-by-null-vector", h, "null-space-lower", level=2, lower="1/2", scaling="as-given")
    return w


_WRITERS = {
    "identity-hadamard": _identity_hadamard,
    "simplex": _simplex,
    "floats": _floats,
    "singles": _singles,
    "complex": _complex,
    "complex-plane": _complex_plane,
    "rational": _rational,
    "unequal": _unequal,
    "orthogonal": _orthogonal,
    "nearly-orthogonal": _nearly_orthogonal,
    "corners": _corners,
    "star": _star,
    "complex-simplex": _complex_simplex,
}


@cache
def sample(name: str) -> Sample:
    return Sample(name, ALL[name], _WRITERS[name]().sealed())


SAMPLES = tuple(_WRITERS)
