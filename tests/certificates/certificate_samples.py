"""Valid certificates about small exact dictionaries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

from certificate_dictionaries import (
    ALL,
    COMPLEX,
    COMPLEX_PLANE,
    COMPLEX_SIMPLEX,
    CORNERS,
    FLOATS,
    IDENTITY_HADAMARD,
    NEARLY_ORTHOGONAL,
    ORTHOGONAL,
    RATIONAL,
    SIMPLEX,
    SINGLES,
    SKEWED,
    STAR,
    UNEQUAL,
    WIDE,
    Rows,
    truth_of,
)
from certificate_duals import duals_of
from certificate_truth import Truth
from certificate_writer import Writer, binary64, packed_integers, resealed

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import Draft, integers, rational


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

    def check(self, content: dict | bytes) -> certificates.Accepted | certificates.Rejected:
        data = content if isinstance(content, bytes) else resealed(content)
        return certificates.check(data, dictionary=self.dictionary)


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
    support = w.steps[h]["evidence"]["support"]
    w.on_support("failure-by-dependent-support", h, sorted({0, *support}), "omp", "unit")
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
    w.at_most(t, "1/4", {i: [int(row[i]) for row in CORNERS] for i in range(5)})
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
    w.network_rate(babel, 2)
    w.network_rate(w.babel_by_coherence(t, 3), 1)
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
    w.by_supports(pairs, (4, "unit", "4171/5000"), [[0, 1, 4]], 0, (6, 29))
    weights = packed_integers(duals_of(w.truth, ([i] for i in range(5)), "unit"), 4, -24)
    w.null_space("null-space-by-column-sums", [], (1, "unit", "167/500"), bits=60, weights=weights)
    return w


def _wide() -> Draft:
    """Two independent null vectors, and duals by least squares: bounds that are not the truth."""
    w = Writer(WIDE)
    for scaling in ("unit", "as-given"):
        singles = w.support_values(1, scaling)
        w.by_supports(singles, (3, scaling, "3/2"), [[1, 2], [1, 3, 6]], 0)
        w.by_supports(singles, (1, scaling, "67/100"), [], 0)
    h = w.circuit()
    w.lower("null-space-by-null-vector", h, "null-space-lower", level=1, lower="1/5", scaling="unit")
    w.asked("failure-by-heavy-part", [h], 3, "l1", "as-given")
    return w


def _complex_simplex() -> Draft:
    w = Writer(COMPLEX_SIMPLEX)
    t = w.generalized()
    w.asked("recovery-by-generalized-coherence", [t], 1, "l1")
    h = w.circuit()
    w.lower("generalized-coherence-by-null-vector", h, "generalized-coherence-lower", atom=2, lower="33/100")
    w.lower("null-space-by-null-vector", h, "null-space-lower", level=2, lower="1/2", scaling="as-given")
    return w


def _skewed() -> Draft:
    """Three atoms of norm sqrt 17 with inner products 4, 4 and -4: mu = 4/17."""
    w = Writer(SKEWED)
    mu = w.coherence()
    half = {"divisor": "11", "imaginary": None, "real": integers([1])}
    c = w.coefficient([1], "unit", half, ("4/17", "4/17"))
    for question in ("l1", "omp"):
        w.on_support("exact-recovery", c, [1], question, "unit")
    near = {"divisor": "1", "imaginary": None, "real": integers([64, -15, -15, 64], -10)}
    w.coefficient([0, 1], "as-given", near, ("3/5", "5/8"))
    atoms = w.weights_by_coherence(mu)
    w.stability("stability-l0", mu, 1, "l2", "23/100", "1/10")
    w.stability("stability-l0-by-isometry", w.isometry(2, Fraction(4, 17)), 1, "l2", "23/100", "1/10")
    w.stability("stability-l0-linf", atoms, 1, "linf", "27/100", "1/10")
    w.stability("bpdn-stability", mu, 1, "l2", "21/50", "1/10", "1/5")
    for norm, upper in (("l1", "4/5"), ("l2", "14/25"), ("linf", "2/5")):
        w.stability("bpdn-stability-generalized", atoms, 1, norm, upper, "1/10", "1/5")
    w.weights("1", "4/17", [row[i] for i in range(3) for row in SKEWED])
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
    "wide": _wide,
    "star": _star,
    "complex-simplex": _complex_simplex,
    "skewed": _skewed,
}


@cache
def sample(name: str) -> Sample:
    return Sample(name, ALL[name], _WRITERS[name]().sealed())


SAMPLES = tuple(_WRITERS)
