"""What is known of the dictionaries of a chain, and of their products, to verdicts about deep codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .dictionaries.deep import DeepDictionary
from .errors import ContradictionError
from .exact import root_enclosure
from .facts.deep_pairs import DeepPair, MissedCode, missed_code, two_codes
from .facts.heavy_vectors import heaviest
from .facts.null_vectors import NullVector
from .judge import Judgement, Level
from .theorems import IsometryBound
from .verdict import DeepGuaranteed, DeepQuestion, DeepRefuted, DeepUndecided, DeepVerdict, Question, Scaling

Blocks = Mapping[tuple[int, int], Judgement]
"""What is known of D[i:j], by (i, j); every D_j is there."""
_REMEDY = "smaller levels, or more effort (quick, standard, thorough), may decide it"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerError:
    """|x_j - x'_j|_2 <= `upper` for any two deep codes of one signal within the tolerances, by this isometry bound."""

    upper: Fraction
    isometry: IsometryBound


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepJudgement:
    """The verdicts about a chain at its levels; `blocks` are the products known, `remarks` what could not be known."""

    levels: tuple[int, ...]
    scaling: Scaling
    blocks: Blocks
    verdicts: Mapping[DeepQuestion, DeepVerdict]
    remarks: tuple[str, ...] = ()


def tiling(deep: DeepDictionary, levels: Sequence[int], blocks: Blocks) -> tuple[int, ...] | None:
    """Return ends t_1 < .. < t_r = J of blocks whose products are known to have unique codes at their levels, or None.

    Single dictionaries are preferred to products.
    """
    reached: dict[int, tuple[int, ...]] = {0: ()}
    for start in range(deep.depth):
        if start not in reached:
            continue
        for end in range(start + 1, deep.depth + 1):
            known = blocks.get((start, end))
            if end in reached or known is None or not deep.is_linear_inside(start, end):
                continue
            if known.levels.l0.guaranteed >= levels[end - 1]:
                reached[end] = (*reached[start], end)
    return reached.get(deep.depth)


def judge_deep(
    deep: DeepDictionary, levels: Sequence[int], blocks: Blocks, scaling: Scaling, remarks: Sequence[str] = ()
) -> DeepJudgement:
    """Return the verdicts about all deep codes with at most levels[j-1] nonzeros in x_j.

    Guarantee: each verdict is proved by the theorem named or by exact deep codes. Raises ContradictionError if one is
    both guaranteed and refuted: a bug, never a verdict.
    """
    ends, errors = tiling(deep, levels, blocks), layer_errors(deep, levels, blocks)
    l1_failures = [at for at in range(deep.depth) if blocks[at, at + 1].levels.l1.guaranteed < levels[at]]
    pair, missed = None, None
    if deep.dictionaries[0].field == "real":
        pair = two_codes(deep, levels, _null_vectors(blocks)) if ends is None else None
        missed = _missed(deep, levels, blocks) if l1_failures and pair is None else None
    verdicts: dict[DeepQuestion, DeepVerdict] = {}
    for question, proof, theorem in (
        (DeepQuestion.l0, ends, "dsc-uniqueness-by-blocks"),
        (DeepQuestion.l1, None if l1_failures else True, "dsc-recovery-by-layers"),
        (DeepQuestion.stability, errors, "dsc-stability-by-isometry"),
    ):
        witness = pair if pair is not None or question is not DeepQuestion.l1 else missed
        if proof is not None and witness is not None:
            raise ContradictionError(f"{question} of the chain is both guaranteed and refuted: please report this")
        if proof is not None:
            verdicts[question] = DeepGuaranteed(question=question, theorem=theorem, evidence=proof)
        elif witness is not None:
            against = "dsc-failure-by-two-codes" if isinstance(witness, DeepPair) else "dsc-failure-by-heavy-part"
            verdicts[question] = DeepRefuted(question=question, theorem=against, witness=witness)
        else:
            reason = "; ".join(_open(question, levels, blocks))
            verdicts[question] = DeepUndecided(question=question, reason=reason, remedy=_REMEDY)
    return DeepJudgement(
        levels=tuple(levels), scaling=scaling, blocks=blocks, verdicts=verdicts, remarks=tuple(remarks)
    )


def layer_errors(deep: DeepDictionary, levels: Sequence[int], blocks: Blocks) -> tuple[LayerError, ...] | None:
    """Return E_j = (E_(j-1) + 2 eps_j)/(a_j min N_j sqrt(1 - delta_(2 lam_j)(D_j))), rounded up, or None.

    None: some constant is not proved to be below 1. Source: dsc-stability-by-isometry.
    """
    found: list[LayerError] = []
    before = Fraction(0)
    for at in range(deep.depth):
        known = blocks[at, at + 1].known
        bound = known.isometry_bound(2 * levels[at])
        if bound is None or bound.upper >= 1:
            return None
        least = known.facts.norms.squared_min * (1 - bound.upper) * deep.slopes[at] ** 2
        before = root_enclosure((before + 2 * deep.tolerances[at]) ** 2 / least).upper
        found.append(LayerError(upper=before, isometry=bound))
    return tuple(found)


def _null_vectors(blocks: Blocks) -> dict[tuple[int, int], NullVector]:
    found = {span: known.known.facts.null_vector for span, known in blocks.items()}
    return {span: vector for span, vector in found.items() if vector is not None}


def _missed(deep: DeepDictionary, levels: Sequence[int], blocks: Blocks) -> MissedCode | None:
    for at in range(deep.depth - 1, -1, -1):
        level = blocks[at, at + 1].levels.l1
        vector, refuted = level.witness, level.refuted
        if level.refuted_by != "failure-by-heavy-part" or refuted is None or refuted > levels[at]:
            continue
        if isinstance(vector, NullVector):
            part = heaviest(vector, level.case.scaling, refuted)
            values = dict(zip(vector.support, vector.real, strict=True))
            found = missed_code(deep, levels, at + 1, {i: Fraction(values[i]) for i in part})
            if found is not None:
                return found
    return None


def _open(question: DeepQuestion, levels: Sequence[int], blocks: Blocks) -> list[str]:
    """Say of each dictionary and product that leaves the question open why it does."""
    said: list[str] = []
    for (start, end), known in sorted(blocks.items(), key=lambda block: (block[0][1] - block[0][0], block[0])):
        level = levels[end - 1]
        name = f"dictionary {end}" if end == start + 1 else f"the product of dictionaries {start + 1} to {end}"
        name = f"{name} at level {level}"
        if end > start + 1 and question is not DeepQuestion.l0:
            continue
        if question is DeepQuestion.stability:
            bound = known.known.isometry_bound(2 * level)
            if bound is None or bound.upper >= 1:
                said.append(
                    f"{name}: the restricted isometry constant of level {2 * level} is not proved to be below 1"
                )
        else:
            answer = known.levels[Question(question.value)]
            if answer.guaranteed < level:
                said.append(f"{name}: {_known(answer, level)}")
    return said


def _known(answer: Level, level: int) -> str:
    if answer.refuted is not None and answer.refuted <= level:
        return "refuted for its own codes, but no deep code was found that shows it"
    above = "no level is refuted" if answer.refuted is None else f"levels from {answer.refuted} on are refuted"
    return f"levels up to {answer.guaranteed} are guaranteed and {above}"
