"""Rules about a chain of dictionaries and its deep codes (SPEC.md section 6.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .chain import Chain
from .deep_codes import DeepCode, read_deep_code
from .dictionary import Dictionary
from .values import SCALINGS, Fields, Reject, Statement, Task, rational, spell, squaring_work

DEEP_QUESTIONS = ("l0", "l1", "stability")


@dataclass(frozen=True, slots=True)
class Model:
    """The levels and the slopes of the layers, and what the statement repeats of them."""

    levels: list[int]
    slopes: list[Fraction]

    def statement(self, kind: str, theorem: str) -> Statement:
        """Return the statement about deep codes of this kind."""
        return {
            "kind": kind,
            "levels": list(self.levels),
            "slopes": [spell(slope) for slope in self.slopes],
            "theorem": theorem,
        }


def read_model(chain: Chain, fields: Fields) -> Model:
    """Read `levels` and `slopes`, one for each dictionary."""
    levels, slopes = fields.naturals("levels"), fields.rationals("slopes")
    if len(levels) != chain.depth or len(slopes) != chain.depth:
        raise Reject(f"levels and slopes are not two lists of length {chain.depth}")
    for level, dictionary in zip(levels, chain.dictionaries, strict=True):
        if not 1 <= level <= dictionary.n:
            raise Reject("a level is not from 1 to the number of atoms of its dictionary")
    if not all(0 < slope <= 1 for slope in slopes):
        raise Reject("a slope is not above 0 and at most 1")
    if chain.dictionaries[0].field == "complex" and any(slope != 1 for slope in slopes):
        raise Reject("a slope is not 1, and the chain is complex")
    return Model(levels, slopes)


def product(dictionary: Dictionary, evidence: object) -> Task:
    """Derive which dictionary the product is."""
    Fields(evidence, ())

    def derive(_: object) -> Statement:
        return {"digest": dictionary.digest, "kind": "product", "shape": [dictionary.m, dictionary.n]}

    return Task((), 1, derive)


def _answer(premise: Statement) -> Fields:
    return Fields(premise, ("about", "kind", "level", "question", "scaling", "theorem"), "the guarantee")


def uniqueness_by_blocks(chain: Chain, evidence: object) -> Task:
    """Deep codes are unique if the codes of the blocks' products are, block by block."""
    fields = Fields(evidence, ("ends", "levels", "scaling", "slopes"))
    model, scaling = read_model(chain, fields), fields.choice("scaling", SCALINGS)
    ends = fields.indices("ends", chain.depth + 1)
    if not ends or ends[0] == 0 or ends[-1] != chain.depth:
        raise Reject(f"ends is not a list from 1 or more to {chain.depth}")
    starts = [0, *ends[:-1]]
    for start, end in zip(starts, ends, strict=True):
        if any(slope != 1 for slope in model.slopes[start + 1 : end]):
            raise Reject(f"a slope inside the block of dictionaries {start} to {end - 1} is not 1")

    def derive(premises: Sequence[Statement]) -> Statement:
        for start, end, premise in zip(starts, ends, premises, strict=True):
            found = _answer(premise)
            if found.naturals("about") != [start, end] or found.raw("question") != "l0":
                raise Reject(f"a premise does not answer l0 for the product of dictionaries {start} to {end - 1}")
            if found.natural("level") < model.levels[end - 1]:
                raise Reject(
                    f"l0 is not guaranteed at level {model.levels[end - 1]} for dictionaries {start} to {end - 1}"
                )
        return {**model.statement("deep-guaranteed", "dsc-uniqueness-by-blocks"), "question": "l0", "scaling": scaling}

    return Task(("guaranteed",) * len(ends), 10 * chain.depth, derive)


def recovery_by_layers(chain: Chain, evidence: object) -> Task:
    """Basis pursuit layer by layer finds deep codes if it finds the codes of every dictionary."""
    fields = Fields(evidence, ("levels", "scaling", "slopes"))
    model, scaling = read_model(chain, fields), fields.choice("scaling", SCALINGS)

    def derive(premises: Sequence[Statement]) -> Statement:
        for at, premise in enumerate(premises):
            found = _answer(premise)
            if (found.naturals("about"), found.raw("question"), found.raw("scaling")) != ([at, at + 1], "l1", scaling):
                raise Reject(f"a premise does not answer l1 with scaling {scaling} for dictionary {at}")
            if found.natural("level") < model.levels[at]:
                raise Reject(f"l1 is not guaranteed at level {model.levels[at]} for dictionary {at}")
        return {**model.statement("deep-guaranteed", "dsc-recovery-by-layers"), "question": "l1", "scaling": scaling}

    return Task(("guaranteed",) * chain.depth, 10 * chain.depth, derive)


def stability_by_isometry(chain: Chain, evidence: object) -> Task:
    """Two deep codes of one signal within the tolerances are near each other in every layer."""
    fields = Fields(evidence, ("errors", "levels", "slopes", "tolerances"))
    model = read_model(chain, fields)
    errors, tolerances = fields.rationals("errors"), fields.rationals("tolerances")
    if len(errors) != chain.depth or len(tolerances) != chain.depth or min(*errors, *tolerances) < 0:
        raise Reject(f"errors and tolerances are not two lists of {chain.depth} numbers of at least 0")

    def derive(premises: Sequence[Statement]) -> Statement:
        before = Fraction(0)
        for at, dictionary in enumerate(chain.dictionaries):
            isometry, norms = premises[2 * at : 2 * at + 2]
            if isometry["about"] != [at, at + 1] or norms["about"] != [at, at + 1]:
                raise Reject(f"a premise is not about dictionary {at}")
            known = Fields(isometry, ("about", "kind", "level", "theorem", "upper"), "the isometry statement")
            if known.natural("level") < min(2 * model.levels[at], dictionary.n):
                raise Reject(f"the isometry statement of dictionary {at} is not for twice its level")
            left = 1 - rational(known.raw("upper"), "upper")
            if left <= 0:
                raise Reject(f"the restricted isometry constant of dictionary {at} is not proved to be below 1")
            squared = left * rational(norms["squared_min"], "squared_min") * model.slopes[at] ** 2
            if errors[at] ** 2 * squared < (before + 2 * tolerances[at]) ** 2:
                raise Reject(f"the error of dictionary {at} is not proved to be at most errors[{at}]")
            before = errors[at]
        statement = model.statement("deep-stability", "dsc-stability-by-isometry")
        return {**statement, "errors": list(map(spell, errors)), "tolerances": list(map(spell, tolerances))}

    numbers = [part for value in (*errors, *tolerances, *model.slopes) for part in value.as_integer_ratio()]
    digits = sum(number.bit_length() // 30 + 2 for number in numbers)
    work = chain.depth * (squaring_work(numbers) + 100 * (digits + 500) ** 2)
    return Task(("isometry-upper", "atom-norms") * chain.depth, work, derive)


def failure_by_two_codes(chain: Chain, evidence: object) -> Task:
    """Two deep codes of one signal."""
    fields = Fields(evidence, ("first", "levels", "question", "scaling", "second", "slopes"))
    model = read_model(chain, fields)
    question, scaling = fields.choice("question", DEEP_QUESTIONS), fields.choice("scaling", SCALINGS)
    codes = [read_deep_code(chain, fields.raw(name), model.levels, model.slopes, name) for name in ("first", "second")]

    def derive(_: object) -> Statement:
        first, second = (code.layers() for code in codes)
        if first[-1] == second[-1]:
            raise Reject("first and second are the same code")
        if first[0] != second[0]:
            raise Reject("first and second do not have the same signal")
        statement = model.statement("deep-refuted", "dsc-failure-by-two-codes")
        return {**statement, **_spelled(codes), "question": question, "scaling": scaling}

    return Task((), sum(code.work for code in codes), derive, sum(code.size for code in codes))


def failure_by_heavy_part(chain: Chain, evidence: object) -> Task:
    """A deep code that basis pursuit misses in one layer."""
    fields = Fields(evidence, ("first", "levels", "scaling", "slopes"))
    model, scaling = read_model(chain, fields), fields.choice("scaling", SCALINGS)
    code = read_deep_code(chain, fields.raw("first"), model.levels, model.slopes, "first")

    def derive(premises: Sequence[Statement]) -> Statement:
        names = ("about", "imaginary", "kind", "level", "part", "question", "real", "scaling", "support", "theorem")
        if premises[0]["theorem"] != "failure-by-heavy-part":
            raise Reject("the premise is not derived by failure-by-heavy-part")
        found = Fields(premises[0], names, "the refutation")
        start, end = found.naturals("about")
        if end != start + 1 or found.raw("scaling") != scaling:
            raise Reject(f"the premise is not about one dictionary, with scaling {scaling}")
        if found.natural("level") > model.levels[start]:
            raise Reject(f"the premise refutes no level up to {model.levels[start]}")
        support = found.naturals("support")
        values, _ = found.integers("real", len(support))
        part = set(found.naturals("part"))
        heavy = {i: value for i, value in zip(support, values, strict=True) if i in part}
        layer = code.layers()[end]
        if set(layer.entries) != set(heavy):
            raise Reject(f"the code of dictionary {start} does not have its nonzeros on the heavy part")
        i = min(heavy)
        if any(layer.entries[j] * heavy[i] != layer.entries[i] * heavy[j] for j in heavy):
            raise Reject(f"the code of dictionary {start} is no multiple of the heavy part")
        statement = model.statement("deep-refuted", "dsc-failure-by-heavy-part")
        return {**statement, **_spelled([code]), "layer": end, "question": "l1", "scaling": scaling}

    return Task(("refuted",), 2 * code.work, derive, code.size)


def _spelled(codes: Sequence[DeepCode]) -> Statement:
    return {name: code.spelled for name, code in zip(("first", "second"), codes, strict=False)}
