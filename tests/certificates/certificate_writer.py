"""Certificates written by hand with `certificates.format.Draft`; the truth fills in what is claimed."""

from __future__ import annotations

import itertools
import math
import struct
from base64 import b64encode
from collections.abc import Iterable
from fractions import Fraction

import certificate_specified as specified
from certificate_dictionaries import Rows, truth_of
from certificate_duals import coherence_weights, duals_of
from certificate_truth import decoded
from gaussian_rationals import root

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import Draft, canonical, integers, packed, rational, seal


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

    def at_most(self, generalized: int, upper: str, weights: dict[int, list[int]]) -> int:
        numbers = packed_integers((x for vector in weights.values() for x in vector), 1)
        at = self.step(
            "generalized-coherence-by-some-weights",
            [generalized],
            atoms=sorted(weights),
            imaginary=None,
            real=numbers,
            upper=upper,
        )
        self.claim(at, "generalized-coherence-at-most", upper=upper)
        return at

    def babel_by_coherence(self, generalized: int, count: int) -> int:
        at = self.step("generalized-babel-by-generalized-coherence", [generalized], count=count)
        t = max(decoded(self.claims[generalized]["statement"]["upper"]))
        sums, upper = ([rational(c * t) for c in counts] for counts in (range(1, 2 * count, 2), range(1, count + 1)))
        self.claim(at, "generalized-babel", sums=sums, upper=upper)
        return at

    def network_rate(self, babel: int, level: int) -> int:
        at = self.step("rate-by-generalized-babel", [babel], level=level)
        rate = self.claims[babel]["statement"]["sums"][level - 1]
        self.claim(at, "network-rate", level=level, rate=rate, theorem="rate-by-generalized-babel")
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

    def by_supports(
        self,
        values: int,
        asked: tuple[int, str, str],
        exceptions: list[list[int]],
        remaining: int,
        visits: tuple[int, int] | None = None,
    ) -> int:
        written = [
            {"duals": packed_integers(duals_of(self.truth, [support], asked[1]), 4, -24), "support": support}
            for support in exceptions
        ]
        order = self.steps[values]["evidence"]["order"]
        more = {"bits": 80, "exceptions": written, "order": order, "remaining": remaining}
        if visits is not None:
            more |= {"prefixes": visits[0], "pairs": visits[1]}
        rule = "null-space-by-supports" if visits is None else "null-space-by-search"
        return self.null_space(rule, [values], asked, **more)

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

    def coefficient(self, support: list[int], scaling: str, inverse: dict, bounds: tuple[str, str]) -> int:
        """`inverse` has divisor, real and imaginary; the bounds are the lower and the upper one."""
        said = {"lower": bounds[0], "scaling": scaling, "support": support, "upper": bounds[1]}
        at = self.step("exact-recovery-coefficient", **said, **inverse)
        self.claim(at, "exact-recovery-coefficient", **said)
        return at

    def on_support(self, rule: str, uses: int, support: list[int], question: str, scaling: str) -> int:
        fails = rule.startswith("failure")
        more = {"scaling": scaling, "support": support} if fails else {}
        at = self.step(rule, [uses], question=question, **more)
        kind = "support-refuted" if fails else "support-guaranteed"
        self.claim(at, kind, question=question, scaling=scaling, support=support, theorem=rule)
        return at

    def weights(self, norm: str, upper: str, real: list[int]) -> int:
        at = self.step("generalized-weights", imaginary=None, norm=norm, real=integers(real), upper=upper)
        self.claim(at, "generalized-weights", norm=norm, upper=upper)
        return at

    def weights_by_coherence(self, coherence: int) -> int:
        at = self.step("generalized-weights-by-coherence", [coherence])
        upper = rational(Fraction(math.ceil(root(self.truth.mu_squared) * 2**128), 2**128))
        self.claim(at, "generalized-weights", norm="1", upper=upper)
        return at

    def stability(self, rule: str, uses: int, level: int, norm: str, upper: str, *noise: str) -> int:
        """`noise` is epsilon, or epsilon and the tolerance."""
        said = {"epsilon": noise[0], "level": level, "norm": norm, "upper": upper}
        said |= {"tolerance": noise[1]} if len(noise) > 1 else {}
        at = self.step(rule, [uses], **said)
        self.claim(at, "bpdn-stability" if len(noise) > 1 else "l0-stability", **said, theorem=rule)
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
