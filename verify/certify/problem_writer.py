"""What is proved about sparse-coding problems as steps of a certificate, each proof written once."""

from __future__ import annotations

from typing import Any

from certificates.format import Draft, rational

from ..problems.outcome import Outcome
from ..problems.proofs import (
    CodeBound,
    DualBound,
    Enumerated,
    LowerBound,
    MinimiserBound,
    SearchTree,
    Unique,
    UniqueBasisPursuit,
    UniqueBpdn,
    UniqueByEnumeration,
    UniqueByGuarantee,
    UniqueBySearch,
    UniqueLasso,
    UniqueZero,
    UpperBound,
)
from .borrowed import BorrowedSteps
from .problem_arrays import array, between, code_fields, dual_fields, empty_code, matrix


class ProblemWriter:
    """Writes what is proved of one problem and signal after the other into a draft."""

    def __init__(self, draft: Draft, field: str) -> None:
        self.draft = draft
        self._field = field
        self._borrowed = BorrowedSteps(draft)

    def outcome(self, outcome: Outcome, signal: int) -> None:
        """Write and claim everything that is proved of the problem of one signal."""
        _One(self.draft, self._borrowed, self._field, outcome, signal).write()


class _One:
    def __init__(self, draft: Draft, borrowed: BorrowedSteps, field: str, outcome: Outcome, signal: int) -> None:
        self._draft, self._borrowed, self._field, self._outcome = draft, borrowed, field, outcome
        self._posed: dict[str, Any] = {"problem": outcome.problem.statement, "signal": signal}
        self._steps: dict[int, tuple[int, dict[str, Any]]] = {}

    def write(self) -> None:
        outcome = self._outcome
        if outcome.infeasible is not None:
            step = self._step("infeasible-by-dual", **dual_fields(outcome.infeasible.dual, self._field))
            self._claim(step, "infeasible")
        if outcome.unique is not None:
            step, said = self._unique(outcome.unique)
            self._claim(step, "unique-minimiser", **said)
        lower = None
        if outcome.lower is not None:
            lower = self._lower(outcome.lower)
            self._claim(lower, "value-lower", lower=rational(outcome.lower.lower))
        if outcome.upper is not None:
            self._claim(self._upper(outcome.upper), "value-upper", upper=rational(outcome.upper.upper))
        if outcome.several is not None and lower is not None:
            codes = {
                "first": code_fields(outcome.several.first, self._field),
                "second": code_fields(outcome.several.second, self._field),
            }
            self._claim(self._step("several-minimisers", [lower], **codes), "several-minimisers", **codes)

    def _step(self, rule: str, uses: list[int] | None = None, **evidence: Any) -> int:
        return self._draft.step(rule, uses or [], **self._posed, **evidence)

    def _claim(self, step: int, kind: str, **fields: Any) -> None:
        self._draft.claim(step, kind, **self._posed, **fields)

    def _lower(self, bound: LowerBound) -> int:
        lower = rational(bound.lower)
        match bound:
            case DualBound():
                dual = dual_fields(bound.dual, self._field)
                return self._step("value-by-dual", **dual, divisor=f"{bound.dual.divisor:x}", lower=lower)
            case SearchTree():
                duals = matrix(bound.duals, bound.duals_exponent)
                return self._step("value-by-search", duals=duals, lower=lower, tree=list(bound.tree))
            case Enumerated():
                return self._step("value-by-enumeration", lower=lower)
            case MinimiserBound():
                step, _ = self._unique(bound.unique)
                return self._draft.step("lower-value-by-minimiser", [step], lower=lower)

    def _upper(self, bound: UpperBound) -> int:
        upper = rational(bound.upper)
        match bound:
            case CodeBound():
                return self._step("value-by-code", **code_fields(bound.code, self._field), upper=upper)
            case MinimiserBound():
                step, _ = self._unique(bound.unique)
                return self._draft.step("upper-value-by-minimiser", [step], upper=upper)

    def _unique(self, unique: Unique) -> tuple[int, dict[str, Any]]:
        """Return the step that locates the minimiser, and what it derives about it."""
        key = id(unique)
        if key not in self._steps:
            self._steps[key] = self._located(unique)
        return self._steps[key]

    def _located(self, unique: Unique) -> tuple[int, dict[str, Any]]:
        match unique:
            case UniqueBasisPursuit():
                said: dict[str, Any] = {**code_fields(unique.centre, self._field), "radius": rational(unique.radius)}
                vector = array(unique.dual.real, unique.dual.exponent)
                inverse = matrix(unique.inverse, unique.inverse_exponent)
                said_of = "unique-minimiser-of-basis-pursuit"
                return self._step(said_of, None, dual=vector, inverse=inverse, **said), said
            case UniqueLasso():
                return self._lasso(unique, self._posed)
            case UniqueBpdn():
                uses = [self._lasso(lasso, self._lasso_posed(lasso))[0] for lasso in (unique.first, unique.second)]
                code, radius = between(unique.first, unique.second)
                said = {**code, "radius": rational(radius)}
                return self._step("unique-minimiser-of-bpdn", uses), said
            case UniqueZero():
                return self._step("unique-minimiser-by-zero"), {**empty_code(self._field), "radius": "0"}
            case UniqueByGuarantee():
                uses = [self._borrowed.claim(unique.certificate, unique.claim)]
                code = code_fields(unique.centre, self._field)
                return self._step("unique-minimiser-by-guarantee", uses, **code), {**code, "radius": "0"}
            case UniqueByEnumeration():
                code = code_fields(unique.centre, self._field)
                return self._step("unique-minimiser-by-enumeration", None, **code), {**code, "radius": "0"}
            case UniqueBySearch():
                code = code_fields(unique.centre, self._field)
                cases = {"duals": matrix(unique.duals, unique.duals_exponent), "tree": list(unique.tree)}
                return self._step("unique-minimiser-by-search", None, **cases, **code), {**code, "radius": "0"}

    def _lasso(self, unique: UniqueLasso, posed: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        said = {**code_fields(unique.centre, self._field), "radius": rational(unique.radius)}
        inverse = matrix(unique.inverse, unique.inverse_exponent)
        return self._draft.step("unique-minimiser-of-lasso", (), **posed, inverse=inverse, **said), said

    def _lasso_posed(self, unique: UniqueLasso) -> dict[str, Any]:
        """Return the lasso problem of the same signal, scaling and sign."""
        problem = self._outcome.problem.statement
        lasso = {"name": "lasso", "weight": rational(unique.weight)}
        kept = {name: problem[name] for name in ("nonnegative", "scaling")}
        return {**self._posed, "problem": {**lasso, **kept}}
