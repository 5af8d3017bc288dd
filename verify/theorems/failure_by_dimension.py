"""Any m + 1 atoms in m dimensions are dependent."""

from .language.dictionary_variables import K, M, N
from .theorem import Case, Condition, Known, Observable, RefutationTheorem, Section, Status


def _level(known: Known, _: Case) -> int | None:
    m, n = known.facts.m, known.facts.n
    return (m + 2) // 2 if n > m else None


THEOREM = RefutationTheorem(
    id="failure-by-dimension",
    title="More atoms than dimensions",
    section=Section.recovery,
    variables=(K, M, N),
    hypotheses=(Condition("n > m"), Condition("2*k >= m + 1")),
    conclusion="Any m + 1 atoms are dependent, so some signal has two codes with at most k nonzeros.",
    observables=(
        Observable(quantity="spark", relation="<=", bound="2*k"),
        Observable(quantity="nsc", relation=">=", bound="1/2"),
    ),
    proof="Any m + 1 atoms have a null vector with at most m + 1 <= 2k nonzeros.",
    source="linear algebra; certificates/SPEC.md, section 6.4",
    status=Status.proved,
    depends=("spark-by-dimension", "failure-by-two-codes"),
    level=_level,
    witness=lambda known, _: range(known.facts.m + 1),
)
