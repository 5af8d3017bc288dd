"""Any m + 1 atoms in m dimensions are dependent."""

from .theorem import DICTIONARY_VARIABLES, Case, Known, RefutationTheorem


def _level(known: Known, _: Case) -> int | None:
    m, n = known.facts.m, known.facts.n
    return (m + 2) // 2 if n > m else None


THEOREM = RefutationTheorem(
    id="failure-by-dimension",
    title="More atoms than dimensions",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("n > m", "2k >= m + 1"),
    conclusion="Any m + 1 atoms are dependent, so some signal has two codes with at most k nonzeros.",
    source="linear algebra; certificates/SPEC.md, section 6.4",
    status="proved",
    level=_level,
    witness=lambda known, _: range(known.facts.m + 1),
)
