"""The graph, the pages of documentation, and statements as text and JSON."""

from __future__ import annotations

import dataclasses
import json
import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from verify import theorems as package
from verify.theorems import THEOREMS, theorem
from verify.theorems.language.values import root
from verify.theorems.pages.graph import GraphFormat, drawn, graph
from verify.theorems.pages.markdown import pages
from verify.theorems.pages.names import tex_name
from verify.theorems.pages.text import as_json, as_text, shown_result

DOCS = Path(__file__).parents[2] / "docs" / "theorems"
SCHEMA = json.loads((Path(package.__file__).parent / "pages" / "theorem.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EDGES = sum(len(entry.depends) for entry in THEOREMS)


def test_every_dependency_exists_and_there_is_no_circle() -> None:
    found = graph()
    assert list(found) == [entry.id for entry in THEOREMS]
    assert found.number_of_edges() == EDGES > 40
    assert found.has_edge("lista-step", "lista-linf")


def test_a_circle_and_a_missing_theorem_are_refused() -> None:
    first, second = theorem("lista-step"), theorem("lista-linf")
    circle = dataclasses.replace(first, depends=("lista-linf",))
    with pytest.raises(ValueError, match=r"in a circle: lista-(step|linf) -> lista-(step|linf)"):
        graph([circle, second])
    with pytest.raises(ValueError, match="lista-linf depends on 'lista-step', which is no theorem"):
        graph([second])


def test_the_graph_is_drawn_whole() -> None:
    mermaid = drawn(GraphFormat.mermaid)
    assert mermaid.startswith("graph LR\n") and mermaid.count(" --> ") == EDGES
    dot = drawn(GraphFormat.dot)
    assert dot.count(" -> ") == EDGES and dot.count("fillcolor") == len(THEOREMS) and dot.endswith("}\n")
    tree = ElementTree.fromstring(drawn(GraphFormat.svg))
    tag = "{http://www.w3.org/2000/svg}"
    assert sorted(t.text or "" for t in tree.iter(f"{tag}text")) == sorted(entry.id for entry in THEOREMS)
    assert len(list(tree.iter(f"{tag}path"))) == EDGES
    corners = [(r.get("x"), r.get("y")) for r in tree.iter(f"{tag}rect") if r.get("rx")]
    assert len(set(corners)) == len(THEOREMS)  # no box on another
    for path in tree.iter(f"{tag}path"):  # from left to right
        numbers = [int(n) for n in re.findall(r"\d+", path.get("d", ""))]
        assert numbers[0] < numbers[-2]


def test_the_pages_are_those_of_the_registry() -> None:
    """After a change: `python -m verify theorems pages`."""
    written = pages()
    assert {path.name for path in DOCS.iterdir()} == set(written)
    for name, text in written.items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name


def test_the_pages_hold_every_statement_and_no_broken_link() -> None:
    written = pages()
    anchors = {f"{name}#{anchor}" for name, text in written.items() for anchor in re.findall(r"^## (\S+)$", text, re.M)}
    assert {anchor.split("#")[1] for anchor in anchors} >= {entry.id for entry in THEOREMS}
    for text in written.values():
        for link in re.findall(r"\]\(([^)]+)\)", text):
            assert link in anchors or link in written
    for entry in THEOREMS:
        page = written[f"{entry.section}.md"]
        assert page.count(f"## {entry.id}\n") == 1
    assert r"q &= \left(2 s - 1\right) \mu \\" in written["networks.md"]
    assert r"- $\left(2 s - 1\right) \mu < 1$" in written["networks.md"]


def test_names_of_constants_in_latex() -> None:
    assert tex_name("C_2") == "C_{2}"
    assert tex_name("error_linf") == r"\mathrm{error}_{\infty}"
    assert tex_name("kappa") == r"\kappa" and tex_name("q") == "q"
    assert tex_name("mu_tilde_upper") == r"\mu_{\mathrm{tilde},\mathrm{upper}}"


@pytest.mark.parametrize("entry", THEOREMS, ids=lambda entry: entry.id)
def test_every_statement_is_shown(entry) -> None:
    text = as_text(entry, 80)
    assert all(len(line) <= 80 for line in text.splitlines())
    flat = " ".join(text.split())
    assert flat.startswith(f"{entry.id}: {entry.title} ({entry.status}; {entry.section})")
    for part in (*entry.hypothesis_texts, entry.conclusion, entry.proof, entry.source, *entry.depends):
        assert " ".join(part.split()) in flat
    shown = as_json(entry)
    VALIDATOR.validate(json.loads(json.dumps(shown)))
    assert shown["results"] is None and [c["name"] for c in shown["constants"]] == list(entry.constants)


def test_results_as_json() -> None:
    F = Fraction
    values = {"s": F(3), "mu": F("0.0773"), "B": F(1), "sigma": root(F(1, 2))}
    shown = as_json(theorem("lista-linf"), values)
    VALIDATOR.validate(json.loads(json.dumps(shown)))
    assert shown["values"] == {"s": "3", "mu": "773/10000", "B": "1", "sigma": "sqrt(1/2)"}
    assert shown["results"]["C_2"]["exact"] == "4000/1227"
    floor = shown["results"]["floor"]
    assert floor["exact"] is None and F(floor["lower"]) ** 2 < F(4000, 1227) ** 2 / 2 < F(floor["upper"]) ** 2
    assert "error_linf" not in shown["results"]
    zero = as_json(theorem("lista-linf"), values | {"mu": F(0)})
    assert zero["results"]["level_bound"] == {"exact": None, "lower": None, "upper": None}
    layers = as_json(theorem("dsc-uniqueness"), {"lam": (F(1), F(2)), "mu": F(1, 9)})
    VALIDATOR.validate(json.loads(json.dumps(layers)))
    assert layers["values"] == {"lam": ["1", "2"], "mu": "1/9"}
    assert [r["exact"] for r in layers["results"]["level_bound"]] == ["5", "5"]


def test_results_as_text() -> None:
    assert shown_result(Fraction(773, 2000)) == "773/2000 = 0.3865"
    assert shown_result(Fraction(1, 3)) == "1/3, about 0.333333333333"
    assert shown_result(Fraction(5)) == "5"
    assert shown_result(None) == "infinite"
    assert shown_result((Fraction(1), None)) == "1; infinite"
    assert shown_result(Fraction(1, 3**90)) == "about 1.14574263767e-43"


def test_what_attacks_have_reached_is_shown_for_every_statement_that_is_attacked() -> None:
    from verify.attack.experiments import EXPERIMENTS
    from verify.theorems.pages import markdown

    seen = json.loads(Path(markdown._TIGHTNESS).read_text())
    assert set(seen) == set(EXPERIMENTS)
    assert all(0 <= entry["ratio"] <= 1 and entry["instances"] > 0 for entry in seen.values())
    index = markdown.pages()["README.md"]
    assert "| [lista-linf](networks.md#lista-linf) | proved | 1 |" in index
    assert "*Tightness seen.* 1, in an attack with" in markdown.pages()["networks.md"]
