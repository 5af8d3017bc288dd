"""Theorems, one statement a file, listed here explicitly."""

from __future__ import annotations

from ..errors import InputError
from . import (
    convergence_by_generalized_babel,
    convergence_by_generalized_coherence,
    failure_by_dimension,
    failure_by_heavy_part,
    failure_by_two_codes,
    hard_thresholding_by_isometry,
    independence_by_babel,
    independence_by_coherence,
    independence_by_isometry,
    independence_by_rank,
    isometry_by_babel,
    rate_by_generalized_babel,
    recovery_by_babel,
    recovery_by_coherence,
    recovery_by_generalized_coherence,
    recovery_by_independence,
    recovery_by_isometry,
    recovery_by_null_space,
    recovery_by_orthogonality,
    spark_by_babel,
    spark_by_coherence,
    spark_by_dimension,
    spark_by_enumeration,
    spark_by_generalized_babel,
    spark_by_generalized_coherence,
    spark_by_isometry,
    spark_by_null_space,
    spark_by_null_vector,
    spark_by_orthogonal_families,
    uniqueness_by_recovery,
    uniqueness_by_spark,
)
from .theorem import (
    Case,
    GuaranteeTheorem,
    IsometryBound,
    IsometryTheorem,
    IterationTheorem,
    Known,
    Recovery,
    RefutationTheorem,
    SparkBound,
    SparkTheorem,
    SparkUpperTheorem,
    Theorem,
)

SPARK_THEOREMS: tuple[SparkTheorem, ...] = (
    independence_by_rank.THEOREM,
    independence_by_coherence.THEOREM,
    independence_by_babel.THEOREM,
    independence_by_isometry.THEOREM,
    spark_by_coherence.THEOREM,
    spark_by_babel.THEOREM,
    spark_by_isometry.THEOREM,
    spark_by_orthogonal_families.THEOREM,
    spark_by_generalized_coherence.THEOREM,
    spark_by_generalized_babel.THEOREM,
    spark_by_null_space.THEOREM,
    spark_by_enumeration.THEOREM,
)
SPARK_UPPER_THEOREMS: tuple[SparkUpperTheorem, ...] = (spark_by_null_vector.THEOREM, spark_by_dimension.THEOREM)
ISOMETRY_THEOREMS: tuple[IsometryTheorem, ...] = (isometry_by_babel.THEOREM,)
ITERATION_THEOREMS: tuple[IterationTheorem, ...] = (
    hard_thresholding_by_isometry.THEOREM,
    rate_by_generalized_babel.THEOREM,
)
GUARANTEE_THEOREMS: tuple[GuaranteeTheorem, ...] = (
    recovery_by_independence.THEOREM,
    recovery_by_orthogonality.THEOREM,
    uniqueness_by_spark.THEOREM,
    recovery_by_coherence.THEOREM,
    recovery_by_babel.THEOREM,
    recovery_by_isometry.THEOREM,
    recovery_by_generalized_coherence.THEOREM,
    recovery_by_null_space.THEOREM,
    convergence_by_generalized_coherence.THEOREM,
    convergence_by_generalized_babel.THEOREM,
    uniqueness_by_recovery.THEOREM,
)
REFUTATION_THEOREMS: tuple[RefutationTheorem, ...] = (
    failure_by_two_codes.THEOREM,
    failure_by_heavy_part.THEOREM,
    failure_by_dimension.THEOREM,
)
THEOREMS: tuple[Theorem, ...] = (
    *SPARK_THEOREMS,
    *SPARK_UPPER_THEOREMS,
    *ISOMETRY_THEOREMS,
    *GUARANTEE_THEOREMS,
    *ITERATION_THEOREMS,
    *REFUTATION_THEOREMS,
)


def theorem(theorem_id: str) -> Theorem:
    """Return the theorem with this permanent id; raise InputError if there is none."""
    for entry in THEOREMS:
        if entry.id == theorem_id:
            return entry
    known = ", ".join(entry.id for entry in THEOREMS)
    raise InputError(f"expected the id of a theorem ({known}), got {theorem_id!r}")


__all__ = [
    "GUARANTEE_THEOREMS",
    "ISOMETRY_THEOREMS",
    "ITERATION_THEOREMS",
    "REFUTATION_THEOREMS",
    "SPARK_THEOREMS",
    "SPARK_UPPER_THEOREMS",
    "THEOREMS",
    "Case",
    "GuaranteeTheorem",
    "IsometryBound",
    "IsometryTheorem",
    "IterationTheorem",
    "Known",
    "Recovery",
    "RefutationTheorem",
    "SparkBound",
    "SparkTheorem",
    "SparkUpperTheorem",
    "Theorem",
    "theorem",
]
