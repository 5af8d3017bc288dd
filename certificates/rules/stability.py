"""Rules about noise: how far apart two codes of nearly one signal are (SPEC.md section 6.12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .dictionary import Dictionary
from .packed import combination_work, packing_work
from .squared_products import squared_products
from .values import ROOT_BITS, Fields, Reject, Statement, Task, rational, root_enclosure, spell, squaring_work
from .vectors import Vectors

NORMS = ("l1", "l2", "linf")
_LONGEST = squaring_work([10**4000, 10**4000])


def generalized_weights(dictionary: Dictionary, evidence: object) -> Task:
    """Derive that weights w_i with products of at most t and norms of at most omega exist, from such weights."""
    fields = Fields(evidence, ("imaginary", "norm", "real", "upper"))
    n, m = dictionary.n, dictionary.m
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    norm, upper = (rational(fields.raw(name), f"{name} in evidence") for name in ("norm", "upper"))
    if norm < 0 or upper < 0:
        raise Reject("norm or upper is negative")
    parts = [Vectors(fields, name, n, m) for name in ("real", "imaginary")[: dictionary.parts]]
    shifts = [part.exponent - min(p.exponent for p in parts) for part in parts]
    weight = sum(part.weight << shift for part, shift in zip(parts, shifts, strict=True))
    (p, q), (r, s) = upper.as_integer_ratio(), norm.as_integer_ratio()

    def derive(_: object) -> Statement:
        norms = dictionary.squared_norms
        products = squared_products(dictionary, parts, shifts, weight)
        for i, (squares, vectors) in enumerate(zip(products, zip(*parts, strict=True), strict=True)):
            if squares[i] == 0:
                raise Reject(f"the weights of atom {i} are orthogonal to it")
            own = p * p * squares[i]
            for j, square in enumerate(squares):
                if j != i and q * q * square * norms[i] > own * norms[j]:
                    raise Reject(f"atom {j} exceeds upper for the weights of atom {i}")
            length = sum((x << shift) ** 2 for w, shift in zip(vectors, shifts, strict=True) for x in w)
            # |w|^2 |a_i|^2 <= norm^2 |<w, a_i>|^2
            if s * s * length * norms[i] > r * r * squares[i]:
                raise Reject(f"the weights of atom {i} are longer than norm")
        return {"kind": "generalized-weights", "norm": spell(norm), "upper": spell(upper)}

    longest = max(p, q, r, s).bit_length()
    work = dictionary.parts**2 * n * combination_work(m, n, dictionary.bits, weight)
    work += dictionary.parts * packing_work(m, n, dictionary.bits, weight)
    entry, square = dictionary.bits // 15 + 2, 2 * (dictionary.bits + weight.bit_length() + longest) // 30 + 2
    work += n * n * (700 + 2 * entry * square + 2 * square * square)
    work += dictionary.parts * n * m * (150 + entry * entry // 4 + (weight.bit_length() // 30 + 1) ** 2)
    work += sum(2 * part.reading_work for part in parts) + dictionary.parts * n * m * (weight.bit_length() // 4)
    size = squaring_work((p, q, r, s))
    return Task((), work + 10 * n * size, derive, size)


def generalized_weights_by_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """The atoms themselves are weights of norm 1, with products of at most mu."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        return {"kind": "generalized-weights", "norm": "1", "upper": spell(_coherence_upper(premises[0]))}

    return Task(("mutual-coherence",), 20 * _LONGEST, derive, 2000)


def _coherence_upper(premise: Statement) -> Fraction:
    squared = rational(premise["squared"], "squared in the coherence statement")
    return Fraction(root_enclosure(squared.numerator, squared.denominator)[1], 1 << ROOT_BITS)


@dataclass(frozen=True, slots=True)
class _Noise:
    """What a statement of stability is about: level, norm, epsilon, tolerance (None for sparsest codes), and bound."""

    level: int
    norm: str
    epsilon: Fraction
    tolerance: Fraction | None
    upper: Fraction

    @property
    def distance(self) -> Fraction:
        """How far apart the two images are at most."""
        return self.epsilon + (self.epsilon if self.tolerance is None else self.tolerance)

    def statement(self, theorem: str) -> Statement:
        """Return what is derived."""
        common: Statement = {
            "epsilon": spell(self.epsilon),
            "level": self.level,
            "norm": self.norm,
            "theorem": theorem,
            "upper": spell(self.upper),
        }
        if self.tolerance is None:
            return {"kind": "l0-stability", **common}
        return {"kind": "bpdn-stability", **common, "tolerance": spell(self.tolerance)}

    def refuse_below(self, factor: Fraction, squares: Fraction) -> None:
        """Raise Reject unless factor > 0 and upper^2 >= squares distance^2 / factor."""
        if factor <= 0:
            raise Reject(f"no bound: the condition of the theorem does not hold at level {self.level}")
        if self.upper**2 * factor < squares * self.distance**2:
            raise Reject("upper is less than what the theorem gives")


def _read(dictionary: Dictionary, evidence: object, norms: Sequence[str], *, tolerant: bool) -> _Noise:
    numbers = ("epsilon", "upper", *(("tolerance",) if tolerant else ()))
    fields = Fields(evidence, ("level", "norm", *numbers))
    level = fields.natural("level")
    if not 1 <= level <= dictionary.n:
        raise Reject(f"level is not from 1 to {dictionary.n}")
    epsilon, upper, *rest = (rational(fields.raw(name), f"{name} in evidence") for name in numbers)
    tolerance = rest[0] if rest else None
    if min(epsilon, upper) < 0:
        raise Reject("epsilon or upper is negative")
    if tolerance is not None and tolerance < epsilon:
        raise Reject("tolerance is below epsilon")
    return _Noise(level, fields.choice("norm", norms), epsilon, tolerance, upper)


def _task(noise: _Noise, theorem: str, premise: str, refuse: Callable[[Statement], None]) -> Task:
    numbers = (noise.epsilon, noise.upper, noise.tolerance or noise.epsilon)
    size = squaring_work(part for number in numbers for part in number.as_integer_ratio())

    def derive(premises: Sequence[Statement]) -> Statement:
        refuse(premises[0])
        return noise.statement(theorem)

    return Task((premise,), 20 * (size + _LONGEST), derive, size + 500)


def _by_coherence(noise: _Noise, theorem: str, nonzeros: int) -> Task:
    def refuse(premise: Statement) -> None:
        noise.refuse_below(1 - (nonzeros - 1) * _coherence_upper(premise), Fraction(1))

    return _task(noise, theorem, "mutual-coherence", refuse)


def _by_weights(noise: _Noise, theorem: str, nonzeros: int) -> Task:
    squares = {"linf": 1, "l1": (2 * noise.level) ** 2, "l2": 2 * noise.level}[noise.norm]

    def refuse(premise: Statement) -> None:
        fields = Fields(premise, ("kind", "norm", "upper"), "the weights")
        omega, most = (rational(fields.raw(name), f"{name} of the weights") for name in ("norm", "upper"))
        factor = 1 - (nonzeros - 1) * most
        noise.refuse_below(factor**2 if factor > 0 else factor, squares * omega**2)

    return _task(noise, theorem, "generalized-weights", refuse)


def stability_l0(dictionary: Dictionary, evidence: object) -> Task:
    """Two k-sparse codes near one signal, by coherence."""
    noise = _read(dictionary, evidence, ("l2",), tolerant=False)
    return _by_coherence(noise, "stability-l0", min(2 * noise.level, dictionary.n))


def stability_l0_by_isometry(dictionary: Dictionary, evidence: object) -> Task:
    """Two k-sparse codes near one signal, by delta_2k."""
    noise = _read(dictionary, evidence, ("l2",), tolerant=False)

    def refuse(premise: Statement) -> None:
        fields = Fields(premise, ("kind", "level", "theorem", "upper"), "the isometry statement")
        if fields.natural("level") < min(2 * noise.level, dictionary.n):
            raise Reject("the isometry statement is about fewer atoms than two codes have")
        noise.refuse_below(1 - rational(fields.raw("upper"), "upper in the isometry statement"), Fraction(1))

    return _task(noise, "stability-l0-by-isometry", "isometry-upper", refuse)


def stability_l0_linf(dictionary: Dictionary, evidence: object) -> Task:
    """Two k-sparse codes near one signal, entry by entry."""
    noise = _read(dictionary, evidence, ("linf",), tolerant=False)
    return _by_weights(noise, "stability-l0-linf", min(2 * noise.level, dictionary.n))


def bpdn_stability(dictionary: Dictionary, evidence: object) -> Task:
    """Basis pursuit with noise, by coherence."""
    noise = _read(dictionary, evidence, ("l2",), tolerant=True)
    return _by_coherence(noise, "bpdn-stability", min(4 * noise.level, dictionary.n))


def bpdn_stability_generalized(dictionary: Dictionary, evidence: object) -> Task:
    """Basis pursuit with noise, by weights."""
    noise = _read(dictionary, evidence, NORMS, tolerant=True)
    return _by_weights(noise, "bpdn-stability-generalized", 2 * noise.level)
