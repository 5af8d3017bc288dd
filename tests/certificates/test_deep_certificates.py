"""Certificates about chains: valid ones, every refusal, edits that never get a false claim accepted, hostile subjects."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest
from certificate_dictionaries import SIMPLEX
from certificate_edits import get, paths, put, variants
from certificate_samples import sample
from certificate_writer import resealed
from deep_samples import CHAINS, IDENTITY, ONES, PAIRS, SHORT, check, code, content, handed_in, holds
from test_isolation import FOLDER

import certificates
from certificates.rules.chain import Chain
from certificates.rules.values import Reject

F = certificates.SubjectError


@pytest.mark.parametrize("name", CHAINS)
def test_valid_certificates_are_accepted_and_their_claims_are_true(name):
    data, rows = CHAINS[name][0](), CHAINS[name][1]
    found = certificates.check(data, dictionary=handed_in(list(rows)))
    assert isinstance(found, certificates.Accepted), found
    for statement in found.claims:
        assert holds(name, statement), statement
    used = {step["rule"] for step in content(name)["steps"]}
    assert used & set(certificates.rules.DEEP_RULES)


def test_every_deep_rule_is_used_by_a_sample_and_named_in_the_specification():
    used = {step["rule"] for name in CHAINS for step in content(name)["steps"]}
    rules = {*certificates.rules.DEEP_RULES, *certificates.rules.PRODUCT_RULES}
    assert rules <= used
    text = (FOLDER / "SPEC.md").read_text()
    assert all(f"**{rule}.**" in text for rule in rules)


def deep_step(one: dict, rule: str) -> dict:
    return next(step for step in one["steps"] if step["rule"] == rule)


def refusal(name: str, rule: str, change) -> str:
    """Why a sample is rejected after a change of the first step of this rule."""
    edited = content(name)
    change(deep_step(edited, rule))
    found = check(name, edited)
    assert isinstance(found, certificates.Rejected)
    assert rule in found.step, found
    return found.why


def evidence(**new: object):
    return lambda step: step["evidence"].update(new)


BLOCKS, LAYERS, STABLE = "dsc-uniqueness-by-blocks", "dsc-recovery-by-layers", "dsc-stability-by-isometry"
PAIR, HEAVY = "dsc-failure-by-two-codes", "dsc-failure-by-heavy-part"


@pytest.mark.parametrize(
    ("name", "rule", "change", "why"),
    [
        ("simplex", BLOCKS, evidence(levels=[1]), "not two lists of length 2"),
        ("simplex", BLOCKS, evidence(slopes=["1"]), "not two lists of length 2"),
        ("simplex", BLOCKS, evidence(levels=[0, 1]), "a level is not from 1"),
        ("simplex", BLOCKS, evidence(levels=[1, 6]), "a level is not from 1"),
        ("simplex", BLOCKS, evidence(slopes=["0", "1"]), "a slope is not above 0"),
        ("simplex", BLOCKS, evidence(slopes=["1", "9/8"]), "a slope is not above 0"),
        ("simplex", BLOCKS, evidence(ends=[]), "ends is not a list from 1 or more to 2"),
        ("simplex", BLOCKS, evidence(ends=[0, 2]), "ends is not a list"),
        ("simplex", BLOCKS, evidence(ends=[1]), "ends is not a list"),
        ("simplex", BLOCKS, evidence(ends=[2, 1]), "not strictly increasing"),
        ("simplex", BLOCKS, evidence(ends=[2]), "it needs 1 premises and uses 2"),
        ("simplex", BLOCKS, evidence(scaling="none"), "not one of unit, as-given"),
        ("simplex", BLOCKS, evidence(levels=[2, 1]), "not guaranteed at level 2 for dictionaries 0 to 0"),
        ("simplex", BLOCKS, lambda step: step["uses"].reverse(), "does not answer l0 for the product"),
        ("simplex", BLOCKS, lambda step: step.update(about=[0, 2]), "is about the whole chain"),
        ("simplex", LAYERS, evidence(scaling="as-given"), "does not answer l1 with scaling as-given for dictionary 0"),
        ("simplex", LAYERS, evidence(levels=[1, 2]), "l1 is not guaranteed at level 2 for dictionary 1"),
        ("simplex", LAYERS, lambda step: step["uses"].reverse(), "does not answer l1 with scaling unit"),
        ("simplex", LAYERS, lambda step: step["uses"].pop(), "it needs 2 premises and uses 1"),
        ("simplex", STABLE, evidence(errors=["141/1000", "79/125"]), "error of dictionary 0 is not proved"),
        ("simplex", STABLE, evidence(errors=["71/500", "63/100"]), "error of dictionary 1 is not proved"),
        ("simplex", STABLE, evidence(errors=["71/500"]), "not two lists of 2 numbers"),
        ("simplex", STABLE, evidence(errors=["-71/500", "79/125"]), "numbers of at least 0"),
        ("simplex", STABLE, evidence(tolerances=["1/10", "-1/10"]), "numbers of at least 0"),
        ("simplex", STABLE, evidence(slopes=["1", "1/2"]), "error of dictionary 1 is not proved"),
        ("simplex", STABLE, evidence(levels=[2, 1]), "not for twice its level"),
        (
            "simplex",
            STABLE,
            lambda step: step.update(uses=[*step["uses"][2:], *step["uses"][:2]]),
            "a premise is not about dictionary 0",
        ),
        ("simplex", PAIR, evidence(second=code([0, 1], [1, 1])), "the same code"),
        ("simplex", PAIR, evidence(second=code([2, 3], [-1, -2])), "do not have the same signal"),
        ("simplex", PAIR, evidence(levels=[1, 2]), "2 nonzeros in the code of dictionary 0, more than 1"),
        ("simplex", PAIR, evidence(levels=[2, 1]), "first has 2 nonzeros, more than 1"),
        ("simplex", PAIR, evidence(question="omp"), "not one of l0, l1, stability"),
        ("simplex", PAIR, evidence(first=code([], [])), "support is empty"),
        ("simplex", PAIR, evidence(first=code([0, 5], [1, 1])), "indices below 5"),
        ("short", HEAVY, evidence(scaling="unit"), "not about one dictionary, with scaling unit"),
        ("short", HEAVY, evidence(first=code([1], [1])), "does not have its nonzeros on the heavy part"),
    ],
)
def test_what_rules_refuse(name, rule, change, why):
    assert why in refusal(name, rule, change)


def test_a_slope_inside_a_block_is_refused_and_one_before_it_is_not():
    edited = content("simplex")
    at, step = next(
        (at, step)
        for at, step in enumerate(edited["steps"])
        if step["rule"] == BLOCKS and step["evidence"]["ends"] == [2]
    )
    claim = next(claim for claim in edited["claims"] if claim["step"] == at)
    for slopes, accepted in ((["1/2", "1"], True), (["1", "1/2"], False)):
        step["evidence"]["slopes"] = claim["statement"]["slopes"] = slopes
        found = check("simplex", edited)
        assert isinstance(found, certificates.Accepted) is accepted, found
    assert "a slope inside the block of dictionaries 0 to 1 is not 1" in found.why


def test_a_leaky_relu_is_computed_exactly():
    """With slope 1/2 inside, (1, 1) and (-1, -1) of the simplex no longer have signals that cancel; twice as much do."""
    edited = content("simplex")
    claims = [claim for claim in edited["claims"] if claim["statement"]["kind"] == "deep-refuted"]
    for second, accepted in (([-1, -1], False), ([-2, -2], True)):
        for claim in claims:
            for target in (claim["statement"], edited["steps"][claim["step"]]["evidence"]):
                target["slopes"], target["second"] = ["1", "1/2"], code([2, 3], second)
        assert isinstance(check("simplex", edited), certificates.Accepted) is accepted


def test_the_heavy_part_is_a_multiple_and_of_a_level_that_is_allowed():
    edited = content("short")
    step, null = deep_step(edited, HEAVY), deep_step(edited, "null-vector")
    assert null["about"] == [0, 1]
    fake = deep_step(edited, "failure-by-heavy-part")
    fake["rule"], fake["evidence"]["level"] = "failure-by-two-codes", 2
    why = check("short", {**edited, "claims": edited["claims"][-1:]}).why
    assert "not derived by failure-by-heavy-part" in why
    edited = content("short")
    deep_step(edited, "failure-by-heavy-part")["evidence"]["level"] = 2
    why = check("short", {**edited, "claims": edited["claims"][-1:]}).why
    assert "the premise refutes no level up to 1" in why
    step = deep_step(edited, HEAVY)
    step["evidence"].update(levels=[2, 2], first=code([0, 2], [1, 1]))
    why = check("short", {**edited, "claims": edited["claims"][-1:]}).why
    assert "is no multiple of the heavy part" in why


def test_steps_about_different_products_do_not_mix():
    """The spark of the first dictionary would prove the level of the second one."""
    edited = content("simplex")
    steps = edited["steps"]
    first = next(at for at, s in enumerate(steps) if s["rule"] == "spark-by-coherence" and s["about"] == [0, 1])
    step = next(s for s in steps if s["rule"] == "uniqueness-by-spark" and s["about"] == [1, 2])
    step["uses"] = [first]
    assert f"step {first} is not about the same product of dictionaries" in check("simplex", edited).why


def test_without_noise_a_constant_of_one_proves_no_stability():
    """0 <= 0 would hold, but deep codes at these levels need not be unique."""
    edited = content("simplex")
    step = deep_step(edited, STABLE)
    at = step["uses"][0]
    edited["steps"][at].update(rule="isometry-by-enumeration", uses=[], evidence={"level": 2, "upper": "1"})
    for claim in edited["claims"]:
        if claim["step"] == at:
            claim["statement"].update(theorem="isometry-by-enumeration", upper="1")
        if claim["statement"]["kind"] == "deep-stability":
            claim["statement"].update(errors=["0", "0"], tolerances=["0", "0"])
    step["evidence"].update(errors=["0", "0"], tolerances=["0", "0"])
    assert "constant of dictionary 0 is not proved to be below 1" in check("simplex", edited).why


@pytest.mark.parametrize(
    ("about", "why"),
    [
        (None, "about in step"),
        ([], "about is not a pair"),
        ([0], "about is not a pair"),
        ([0, 1, 2], "about is not a pair"),
        ([1, 1], "about is not [i, j] with i < j <= 2"),
        ([1, 0], "about is not [i, j]"),
        ([0, 3], "about is not [i, j]"),
        ([0, 2**52], "about is not [i, j]"),
        ([-1, 1], "about in step"),
        ([True, 1], "about in step"),
        ("01", "about in step"),
    ],
)
def test_what_a_step_is_about_is_read_strictly(about, why):
    edited = content("simplex")
    edited["steps"][0]["about"] = about
    assert why in check("simplex", edited).why
    del edited["steps"][0]["about"]
    assert "about is not a pair" in check("simplex", edited).why


def test_one_dictionary_knows_no_chain():
    one = sample("simplex").content()
    one["steps"][0]["about"] = [0, 1]
    assert "it is about a chain" in certificates.check(resealed(one), dictionary=SIMPLEX).why
    for rule in ("product", BLOCKS):
        alone = {**sample("simplex").content(), "claims": [{"statement": {"kind": "x"}, "step": 0}]}
        alone["steps"] = [{"evidence": {}, "rule": rule, "uses": []}]
        assert "it is about a chain" in certificates.check(resealed(alone), dictionary=SIMPLEX).why


def test_a_chain_knows_no_problems_and_no_other_rules():
    for rule in ("value-by-dual", "magic"):
        edited = content("simplex")
        edited["steps"][0]["rule"] = rule
        assert "knows no such rule about a chain" in check("simplex", edited).why


@pytest.mark.parametrize("name", CHAINS)
def test_no_resealed_edit_gets_a_false_claim_accepted(name):
    one = content(name)
    deep = {at for at, step in enumerate(one["steps"]) if step["rule"].startswith("dsc")}
    tried = accepted = 0
    for path in paths(one):
        if path[0] != "steps" or len(path) < 3:
            continue
        if path[1] not in deep and (path[2] != "about" or path[1] % 3):
            continue
        for value in variants(get(one, path))[len(path) % 2 :: 3]:
            edited = put(copy.deepcopy(one), path, value)
            found = _with_what_it_derives(name, edited, path[1])
            tried += 1
            if isinstance(found, certificates.Accepted):
                accepted += 1
                assert all(holds(name, statement) for statement in found.claims), (path, value)
    assert tried > 50
    assert accepted < tried / 3


def _with_what_it_derives(name: str, edited: dict, at: int) -> certificates.Accepted | certificates.Rejected:
    """Check an edited certificate in which the claims of the edited step repeat its evidence."""
    for claim in edited["claims"]:
        step = edited["steps"][at]
        if claim["step"] == at and isinstance(step, dict) and isinstance(step.get("evidence"), dict):
            for field in set(claim["statement"]) & set(step["evidence"]):
                claim["statement"][field] = copy.deepcopy(step["evidence"][field])
            if "about" in step:
                claim["statement"]["about"] = step["about"]
    return check(name, edited)


def test_certificates_are_about_these_dictionaries_in_this_order():
    data = CHAINS["short"][0]()
    same = [SHORT, IDENTITY]
    assert isinstance(certificates.check(data, dictionary=handed_in(same)), certificates.Accepted)
    assert "names 2 subjects" in certificates.check(data, dictionary=SHORT).why
    assert "names 2 subjects" in certificates.check(data, dictionary=handed_in([SHORT, IDENTITY, IDENTITY])).why
    other = [SHORT, [[2, 0, 0], *IDENTITY[1:]]]
    assert "it is about another dictionary" in certificates.check(data, dictionary=handed_in(other)).why
    alone = sample("simplex").data
    assert "names 1 subjects" in certificates.check(alone, dictionary=handed_in([SIMPLEX, PAIRS])).why


def test_subjects_that_make_no_chain_are_refused():
    data = CHAINS["short"][0]()
    with pytest.raises(F, match="dictionary 1 has 3 rows, and the one before has 4 atoms"):
        certificates.check(data, dictionary=handed_in([SIMPLEX, IDENTITY]))
    with pytest.raises(F, match="dictionary 1 is complex, and the one before is real"):
        certificates.check(data, dictionary=handed_in([SHORT, [[1j, 0], [0, 1], [1, 1]]]))
    with pytest.raises(F, match="for one dictionary, and a chain was handed in"):
        certificates.check(data, dictionary=handed_in([SHORT, IDENTITY]), signal=[1, 2])
    with pytest.raises(F, match="at least two dictionaries, not 1"):
        Chain.of(tuple(handed_in([SHORT])))


def test_complex_chains_have_no_slopes_and_no_written_codes():
    rows = handed_in([[[1j, 0, 1], [0, 1, 1]], [[1j, 0, 0], [0, 1, 0], [0, 0, 1]]])
    chain = Chain.of(tuple(rows))
    blocks, pair = certificates.rules.DEEP_RULES[BLOCKS], certificates.rules.DEEP_RULES[PAIR]
    given = {"ends": [1, 2], "levels": [1, 1], "scaling": "unit", "slopes": ["1", "1/2"]}
    with pytest.raises(Reject, match="a slope is not 1, and the chain is complex"):
        blocks(chain, given)
    codes = {"first": code([0], [1]), "second": code([1], [1]), "question": "l0", "scaling": "unit"}
    with pytest.raises(Reject, match="the chain is complex"):
        pair(chain, {**ONES, **codes})
    product, _ = chain.product(0, 2, 10**9)
    assert product.digest == handed_in([[[-1, 0, 1], [0, 1, 1 + 0j]]])[0].digest


def test_products_are_exact_and_their_work_is_counted_first():
    third = [[1, 2], [0.5, 1], [0, -3]]
    chain = Chain.of(tuple(handed_in([SHORT, IDENTITY, third])))
    found, spent = chain.product(0, 3, 10**9)
    assert spent > 0
    assert found.digest == handed_in([[[10, 17], [5, 7]]])[0].digest
    assert chain.product(0, 3, 0) == (found, 0), "it is kept"
    fresh = Chain.of(tuple(handed_in([SHORT, IDENTITY])))
    with pytest.raises(Reject, match="over the work limit"):
        fresh.product(0, 2, 10)
    zero = Chain.of(tuple(handed_in([[[1, 1]], [[1, 1], [-1, 2]]])))
    with pytest.raises(Reject, match="the product of dictionaries 0 to 1 is no dictionary: atom 0 is zero"):
        zero.product(0, 2, 10**9)


def test_a_product_over_the_limit_is_a_rejection():
    data = CHAINS["simplex"][0]()
    rows = handed_in(list(CHAINS["simplex"][1]))
    work = certificates.estimate_work(data, dictionary=rows)
    assert isinstance(certificates.check(data, dictionary=rows, work_limit=work), certificates.Accepted)
    for limit in (work - 1, work // 2, 1):
        found = certificates.check(data, dictionary=handed_in(list(CHAINS["simplex"][1])), work_limit=limit)
        assert isinstance(found, certificates.Rejected)
        assert "work limit" in found.why


def test_the_bare_checker_takes_a_chain(tmp_path):
    (tmp_path / "c.json").write_bytes(CHAINS["short"][0]())
    for name, rows in (("A.json", SHORT), ("B.json", IDENTITY)):
        (tmp_path / name).write_text(str(rows))
    command = [sys.executable, "-I", "-S", str(FOLDER / "checker.py"), "c.json", "--dictionary", "A.json"]
    done = subprocess.run(
        [*command, "--dictionary", "B.json"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "accepted")
    assert "  deep-refuted: first " in done.stdout
    done = subprocess.run(
        [*command, "--dictionary", "A.json"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (2, "checker: dictionary 1 has 2 rows, and the one before has 3 atoms\n")
    assert isinstance(
        certificates.check(tmp_path / "c.json", dictionary=[tmp_path / "A.json", str(tmp_path / "B.json")]),
        certificates.Accepted,
    )
