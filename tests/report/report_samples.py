"""Reports made by hand: claims as certificates state them, for dictionaries whose numbers are known from theory."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from verify.report import Asked, Observation, Report, Search, Subject, TheoremText
from verify.report.model import QUESTIONS

COMMAND = "python -I -S certificates/checker.py dictionary.cert --dictionary dictionary.npy"

THEOREMS = {
    t.id: t
    for t in (
        TheoremText(
            id="recovery-by-coherence",
            statement="If (2k-1) mu < 1, basis pursuit and OMP recover every code with at most k nonzeros.",
            source="Tropp 2004, Corollary 3.6; Donoho, Elad 2003",
        ),
        TheoremText(
            id="uniqueness-by-spark",
            statement="If 2k < spark(D), two different codes with at most k nonzeros have different signals.",
            source="Donoho, Elad 2003; Gorodnitsky, Rao 1997",
        ),
        TheoremText(
            id="spark-by-orthogonal-families",
            statement="If D consists of two families of orthogonal atoms, spark(D) >= 2/mu.",
            source="Elad, Bruckstein 2002",
        ),
        TheoremText(
            id="failure-by-dimension",
            statement="Some m + 1 atoms are dependent; if m + 1 <= 2k, two codes with k nonzeros share a signal.",
            source="Gorodnitsky, Rao 1997",
        ),
    )
}


def claim(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, **fields}


def answer(kind: str, question: str, level: int, theorem: str, scaling: str = "unit") -> dict[str, Any]:
    return claim(kind, level=level, question=question, scaling=scaling, theorem=theorem)


def babel(upper: list[Fraction]) -> dict[str, Any]:
    return claim("babel", lower=[str(u) for u in upper], upper=[str(u) for u in upper])


def subject(source: str, shape: tuple[int, int], **changes: Any) -> Subject:
    given: dict[str, Any] = {
        "source": source,
        "loader": "builtin family",
        "shape": shape,
        "field": "real",
        "sha256": "7d3a9c41b5e2f80617c4d9a2538be6f1704c2d95ae83b16f20d7c85e914fa36b",
        **changes,
    }
    return Subject(**given)


def heat_map(atoms: int, size: int) -> Observation:
    def value(i: int, j: int) -> float:
        return 1.0 if i == j else 0.125 if (i < size // 2) != (j < size // 2) else 0.0

    return Observation(
        title="Normalised Gram matrix",
        kind="heat-map",
        data={"values": [[value(i, j) for j in range(size)] for i in range(size)], "atoms": atoms},
    )


def identity_hadamard(sparsity: int | None = 4, **changes: Any) -> Report:
    """64 x 128: two orthonormal bases with mu = 1/8."""
    claims = [
        claim("atom-norms", equal=True, squared_max="1", squared_min="1"),
        claim("mutual-coherence", pair=[0, 64], squared="1/64"),
        claim("welch-bound", squared="1/127"),
        babel([Fraction(k, 8) for k in range(1, 17)]),
        claim("rank", lower=64, upper=64),
        claim("spark-lower", theorem="spark-by-coherence", value=9),
        claim("spark-lower", theorem="spark-by-orthogonal-families", value=16),
        claim("dependent-atoms", count=65),
        claim("spark-upper", value=65),
        answer("guaranteed", "l0", 7, "uniqueness-by-spark"),
        *(answer("guaranteed", q, 4, "recovery-by-coherence") for q in ("l1", "omp")),
        answer("guaranteed", "network", 4, "convergence-by-generalized-coherence"),
        *(answer("refuted", q, 33, "failure-by-dimension") for q in QUESTIONS),
    ]
    given: dict[str, Any] = {
        "subject": subject("identity-hadamard:64", (64, 128)),
        "asked": Asked(sparsity=sparsity),
        "status": "checked",
        "claims": tuple(claims),
        "relied_on": (
            "recovery-by-coherence (Tropp 2004, Corollary 3.6)",
            "spark-by-orthogonal-families (Elad, Bruckstein 2002)",
            "loader: builtin family",
        ),
        "check_command": COMMAND,
        "observations": (
            heat_map(128, 64),
            Observation(
                title="Inner products of pairs",
                kind="histogram",
                data={"edges": [i / 40 for i in range(9)], "counts": [4032, 0, 0, 0, 0, 4096, 0, 0]},
            ),
        ),
        "theorems": THEOREMS,
        "certificate_path": "identity-hadamard.cert",
        "versions": {"verify": "0.1.0", "certificates": "1", "python": "3.11.7"},
        **changes,
    }
    return Report(**given)


def null_vector_refutes_two(**changes: Any) -> Report:
    """3 x 5: e1, e2, e3, e1 + e2, e1 - e2 with 2 e1 = (e1 + e2) + (e1 - e2) and one longer combination."""
    claims = [
        claim("atom-norms", equal=False, squared_max="2", squared_min="1"),
        claim("mutual-coherence", pair=[0, 3], squared="1/2"),
        claim("welch-bound", squared="1/6"),
        claim("rank", lower=3, upper=3),
        claim("spark-lower", theorem="spark-by-coherence", value=3),
        claim("null-vector", imaginary=None, real={"exponent": 0, "integers": ["2", "-1", "-1"]}, support=[0, 3, 4]),
        claim("spark-upper", value=3),
        answer("guaranteed", "l0", 1, "uniqueness-by-spark"),
        *(answer("guaranteed", q, 1, "recovery-by-coherence") for q in ("l1", "omp")),
        *(answer("refuted", q, 2, "failure-by-two-codes") for q in QUESTIONS),
    ]
    return identity_hadamard(
        2, subject=subject("small.json", (3, 5), loader="json"), claims=tuple(claims), observations=(), **changes
    )


def long_rationals(**changes: Any) -> Report:
    """40 x 500 floats: mu^2 with 80 digits, a null vector of 41 long entries, no proof for OMP."""
    p, q = 7**94 % 10**80, 10**80 + 129
    upper = [Fraction(k * 41 + 3, 100) for k in range(1, 6)]
    lower = [u - Fraction(1, 2**40) for u in upper]
    entries = [f"{(-1) ** i * (3**60 + 10**12 * i):x}" for i in range(41)]
    claims = [
        claim("atom-norms", equal=False, squared_max=f"{p}/{2**260}", squared_min=f"{p - 2**200 + 1}/{2**260}"),
        claim("mutual-coherence", pair=[17, 431], squared=str(Fraction(p, q))),
        claim("welch-bound", squared=str(Fraction(460, 40 * 499))),
        claim("babel", lower=[str(v) for v in lower], upper=[str(v) for v in upper]),
        claim("rank", lower=40, upper=40),
        claim("spark-lower", theorem="spark-by-babel", value=4),
        claim(
            "null-vector",
            imaginary=None,
            real={"exponent": -90, "integers": entries},
            support=[(i * 12) % 500 for i in range(41)],
        ),
        claim("spark-upper", value=41),
        answer("guaranteed", "l0", 1, "uniqueness-by-spark"),
        answer("guaranteed", "l1", 1, "recovery-by-babel"),
        answer("refuted", "l1", 14, "failure-by-heavy-part"),
        *(answer("refuted", q, 21, "failure-by-two-codes") for q in ("l0", "network", "omp")),
    ]
    return identity_hadamard(
        5, subject=subject("weights/layer1.npy", (40, 500), loader="npy"), claims=tuple(claims), **changes
    )


def independent(**changes: Any) -> Report:
    """12 x 10 independent atoms: unique and recovered at every level, OMP up to 2."""
    claims = [
        claim("mutual-coherence", pair=[2, 7], squared="1/14"),
        claim("welch-bound", squared="0"),
        claim("rank", lower=10, upper=10),
        claim("independent"),
        *(answer("guaranteed", q, 10, "recovery-by-independence") for q in ("l0", "l1", "network")),
        answer("guaranteed", "omp", 2, "recovery-by-coherence"),
    ]
    return identity_hadamard(
        None, subject=subject("tall.npy", (12, 10)), claims=tuple(claims), observations=(), **changes
    )


def complex_field(**changes: Any) -> Report:
    """2 x 3 over the complex numbers with the null vector (1, i, -1/2 + 3i/2 ...)."""
    claims = [
        claim("mutual-coherence", pair=[0, 2], squared="1/2"),
        claim(
            "null-vector",
            imaginary={"exponent": -1, "integers": ["0", "2", "-3"]},
            real={"exponent": -1, "integers": ["2", "0", "1"]},
            support=[0, 1, 2],
        ),
        claim("spark-upper", value=3),
        answer("guaranteed", "l0", 1, "uniqueness-by-spark", "as-given"),
        *(answer("refuted", q, 2, "failure-by-two-codes", "as-given") for q in QUESTIONS),
    ]
    return identity_hadamard(
        1,
        subject=subject("phases.npy", (2, 3), field="complex", loader="npy"),
        asked=Asked(sparsity=1, scaling="as-given"),
        claims=tuple(claims),
        observations=(),
        **changes,
    )


def bound(kind: str, level: int, value: object, theorem: str | None = None, **fields: Any) -> dict[str, Any]:
    """A bound of a constant at a level: `null-space-upper`, `isometry-lower` and so on."""
    side = kind.split("-")[-1]
    by = {} if side == "lower" else {"theorem": theorem or f"{kind.removesuffix('-upper')}-by-supports"}
    scaled = {"scaling": "unit"} if kind.startswith("null-space") else {}
    return claim(kind, level=level, **{side: str(value)}, **by, **scaled, **fields)


def constants(sparsity: int | None = 4, **changes: Any) -> Report:
    """20 x 40 with bounds of mu~, nsc_k, delta_k and a rate; level 4 of basis pursuit is open."""
    upper = [Fraction(3, 16)] * 39 + [Fraction(13, 64)]
    claims = [
        claim("mutual-coherence", pair=[3, 8], squared="1/4"),
        claim("generalized-coherence-upper", upper={"exponent": -6, "integers": [f"{int(u * 64):x}" for u in upper]}),
        claim("generalized-coherence-lower", atom=39, lower="51/256"),
        claim("generalized-babel", sums=["1/5", "3/5", "99/100", "7/5"], upper=["1/5", "2/5", "3/5", "4/5"]),
        bound("null-space-upper", 1, "13/77", "null-space-by-generalized-coherence"),
        bound("null-space-upper", 2, "26/77", "null-space-by-generalized-coherence"),
        bound("null-space-upper", 3, "499999/1000000", "null-space-by-supports"),
        bound("null-space-upper", 4, "11/20", "null-space-by-supports"),
        *(bound("null-space-lower", k, Fraction(k, 8)) for k in (1, 2, 3, 5)),
        bound("isometry-upper", 2, "1/2", "isometry-by-babel"),
        bound("isometry-upper", 3, "3/4", "isometry-by-enumeration"),
        bound("isometry-lower", 3, "2/3"),
        claim("network-rate", level=3, rate="99/100", theorem="rate-by-generalized-babel"),
        claim("hard-thresholding", level=1, rate="81/100", theorem="hard-thresholding-by-isometry"),
        answer("guaranteed", "l0", 3, "uniqueness-by-recovery"),
        answer("guaranteed", "l1", 3, "recovery-by-null-space"),
        answer("guaranteed", "network", 3, "convergence-by-generalized-babel"),
        answer("guaranteed", "omp", 1, "recovery-by-coherence"),
        {
            **answer("refuted", "l1", 5, "failure-by-heavy-part"),
            "imaginary": None,
            "part": [1, 4, 6, 7, 9],
            "real": {"exponent": 0, "integers": ["1", "-2", "1", "3", "1", "-1", "2", "1", "2"]},
            "support": [1, 2, 4, 6, 7, 8, 9, 30, 31],
        },
    ]
    search = Search(effort="quick", unfinished=("values of all supports of size 3",))
    return identity_hadamard(
        sparsity, subject=subject("gap.npy", (20, 40), loader="npy"), claims=tuple(claims), observations=(),
        search=search, **changes,
    )  # fmt: skip


def giant(**changes: Any) -> Report:
    """250 x 500 with a null vector of 251 entries of 4000 digits, and null-space constants of 200 levels."""
    entries = [f"{(-1) ** i * (3**8380 + 7 ** (4700 + i)):x}" for i in range(251)]
    vector = {"imaginary": None, "real": {"exponent": 0, "integers": entries}, "support": list(range(0, 500, 2))[:250]}
    vector["support"] = [*vector["support"], 499]
    claims = [
        claim("mutual-coherence", pair=[3, 8], squared="1/4"),
        claim("null-vector", **vector),
        *(bound("null-space-upper", k, Fraction(k, 61) + Fraction(1, 7**3000)) for k in range(1, 121)),
        *(bound("null-space-lower", k, Fraction(k, 230)) for k in range(100, 201)),
        *(bound("isometry-upper", k, Fraction(k, 70), "isometry-by-babel") for k in range(2, 71)),
        answer("guaranteed", "l1", 30, "recovery-by-null-space"),
        {**answer("refuted", "l1", 115, "failure-by-heavy-part"), **vector, "part": vector["support"][:115]},
        *(answer("refuted", q, 126, "failure-by-two-codes") for q in ("l0", "network", "omp")),
    ]
    return identity_hadamard(
        40, subject=subject("giant.npy", (250, 500), loader="npy"), claims=tuple(claims), observations=(), **changes
    )


def unchecked(**changes: Any) -> Report:
    return replace(identity_hadamard(), status="unchecked", check_seconds=271.0, relied_on=(), **changes)


SAMPLES = {
    "identity-hadamard": identity_hadamard,
    "undecided": lambda: identity_hadamard(10),
    "no-level": lambda: identity_hadamard(None),
    "null-vector": null_vector_refutes_two,
    "long-rationals": long_rationals,
    "independent": independent,
    "complex": complex_field,
    "constants": constants,
    "giant": giant,
    "unchecked": unchecked,
}

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "markup": "[bold]x[/bold]",
    "backticks": "`x` ```y``` | **z** | [a](http://example.org)",
    "controls": "a\x1b[31mred\x07\r\n# heading\x00\u202egpj.exe\udc80",
    "quotes": "\" onload='x' {{ 7 * 7 }} &lt;",
    "long": "n" * 300,
}


def hostile(text: str, status: str = "checked") -> Report:
    """A report with this text wherever others may write."""
    base = null_vector_refutes_two() if status == "checked" else unchecked()
    return replace(
        base,
        subject=replace(base.subject, source=text, loader=text, remarks=(text,)),
        observations=(Observation(title=text, kind="text", data=text), heat_map(8, 4)),
        relied_on=(text,) if status == "checked" else (),
        theorems={text: TheoremText(id=text, statement=text, source=text)},
        check_command=f"check {text}",
        certificate_path=text,
        versions={text: text},
        claims=(*base.claims, claim("other", theorem=text)),
    )
