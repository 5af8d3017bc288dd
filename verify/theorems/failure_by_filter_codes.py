"""Two codes of one signal, at one size."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="failure-by-filter-codes",
    title="Failure by two codes of one size",
    section=Section.recovery,
    hypotheses=(
        "at one size D h = 0, h != 0, and h on some atoms and h on the others have |.|^S <= k each (or |.|_0 "
        "<= k each)",
    ),
    conclusion="At this size two codes of the class have one signal, so the statement that all codes with |x|^S <= "
    "k (or |x|_0 <= k) of every size are unique, or found by any method, is false.",
    proof="With h = a - b, Da = Db and a != b.",
    source="from the definitions; certificates/SPEC.md, section 6.14",
    status=Status.proved,
    depends=("failure-by-two-codes",),
)
