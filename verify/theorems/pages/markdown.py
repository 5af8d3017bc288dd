"""The pages of documentation: one for every section, an index, and the graph."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from .. import THEOREMS, theorem
from ..language import expressions
from ..language.conditions import Condition
from ..theorem import Each, Section, Theorem
from .graph import GraphFormat, drawn
from .names import tex_name, tex_symbols
from .text import used_by

TITLES = {
    Section.dictionary: "Numbers of one dictionary",
    Section.recovery: "Uniqueness and recovery",
    Section.networks: "Networks on one dictionary",
    Section.deep: "Deep sparse coding",
    Section.thresholding: "The forward pass as thresholding",
    Section.layers: "A layer as sparse coding",
}
_HEAD = "<!-- Written by `python -m verify theorems pages`; edit verify/theorems/ instead. -->\n"
_EACH = {Each.atom: "Asked of every atom; a constant is the largest over the atoms.", Each.layer: "Layer by layer."}
_TIGHTNESS = Path(__file__).parent / "tightness.json"
"""What attacks have reached (docs/attacking.md): instances, largest ratio; benchmarks/tightness.py writes it."""
_SPECIAL = re.compile(r"([\\`*_<>\[\]|~$])")


def pages() -> dict[str, str]:
    """Return the pages by file name; the same registry gives the same pages."""
    found = {"README.md": _index(), "graph.svg": drawn(GraphFormat.svg)}
    return found | {f"{section}.md": _page(section) for section in Section}


def _index() -> str:
    lines = [_HEAD, "# Theorems\n"]
    lines.append(
        "Every statement that the toolkit knows, generated from the registry: its hypotheses, constants, proof and "
        "source. `verify theorems show ID` prints one, `--set NAME=VALUE` evaluates its constants. "
        "[What rests on what](graph.svg) is drawn from the same entries. The tightness is the largest ratio of both "
        "sides that an attack (docs/attacking.md) has found, exact and rounded down: 1 means that the bound is "
        "attained.\n"
    )
    for section in Section:
        lines += [
            f"## [{TITLES[section]}]({section}.md)\n",
            "| statement | status | tightness | |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {_link(entry)} | {entry.status} | {_ratio(entry)} | {_escaped(entry.title)} |" for entry in _of(section)
        ]
        lines.append("")
    return "\n".join(lines)


def _page(section: Section) -> str:
    return "\n".join([_HEAD, f"# {TITLES[section]}\n", *(_statement(entry) for entry in _of(section))])


def _statement(entry: Theorem) -> str:
    tex = tex_symbols(entry)
    parts = [f"## {entry.id}\n", f"**{_escaped(entry.title)}** ({entry.status})"]
    if entry.each:
        parts[-1] += f". {_EACH[entry.each]}"
    parts[-1] += "\n"
    if entry.variables:
        parts += [*(f"- ${v.tex}$: {_escaped(v.meaning)}" for v in entry.variables), ""]
    if entry.hypotheses:
        hypotheses = (f"${h.latex(tex)}$" if isinstance(h, Condition) else _escaped(h) for h in entry.hypotheses)
        parts += ["If\n", *(f"- {hypothesis}" for hypothesis in hypotheses), "\nthen\n"]
    parts.append(f"{_escaped(entry.conclusion)}\n")
    if entry.constants:
        rows = (rf"{tex_name(name)} &= {expressions.latex(entry.formula(name), tex)}" for name in entry.constants)
        parts += ["```math", r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}", "```", ""]
    if entry.proof:
        parts.append(f"*Proof.* {_escaped(entry.proof)}\n")
    if entry.remark:
        parts.append(f"*Remark.* {_escaped(entry.remark)}\n")
    parts.append(f"*Source.* {_escaped(entry.source)}\n")
    if seen := _tightness().get(entry.id):
        parts.append(f"*Tightness seen.* {_ratio(entry)}, in an attack with {seen['instances']:,} instances.\n")
    for word, ids in (("Rests on", entry.depends), ("Used by", used_by(entry))):
        if ids:
            parts.append(f"*{word}* {_links(ids)}.\n")
    return "\n".join(parts)


@cache
def _tightness() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(_TIGHTNESS.read_text(encoding="utf-8"))
    return found


def _ratio(entry: Theorem) -> str:
    seen = _tightness().get(entry.id)
    return "" if seen is None else f"{math.floor(seen['ratio'] * 10**5) / 10**5:.5g}"


def _of(section: Section) -> list[Theorem]:
    return [entry for entry in THEOREMS if entry.section is section]


def _links(ids: Iterable[str]) -> str:
    return ", ".join(_link(theorem(name)) for name in ids)


def _link(entry: Theorem) -> str:
    return f"[{entry.id}]({entry.section}.md#{entry.id})"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
