"""An accepted certificate in plain words: what it claims, and step by step why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .claim_text import claim_text
from .escaping import markdown_text, shortened, visible
from .markdown import bullets, table
from .model import Claim, TheoremText

if TYPE_CHECKING:
    from rich.console import Console

_LONGEST = 60
_UNKNOWN = "This program knows no words for the rule; the checker derived what it says, as certificates/SPEC.md has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its rule, what the rule means, where that is proved, what it rests on, and what it derives.

    `says` are the claims that the step derives, in words; empty for a step that only serves later ones.
    """

    number: int
    rule: str
    meaning: str
    source: str
    page: str | None
    uses: tuple[int, ...]
    says: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was accepted, step by step; `subjects` are (role, description) of what it is about."""

    certificate: str
    subjects: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    steps: tuple[Step, ...]
    relied_on: tuple[str, ...]


def explained(
    body: Mapping[str, Any],
    accepted: Sequence[Claim],
    texts: Mapping[str, TheoremText],
    pages: Mapping[str, str],
) -> tuple[Step, ...]:
    """Return the steps of an accepted certificate's JSON; `accepted` are its claims as the checker derived them.

    Rules without a text get a general sentence. Atoms, signals and steps are counted from 0.
    """
    says: dict[int, list[str]] = {}
    for written, claim in zip(body["claims"], accepted, strict=True):
        says.setdefault(written["step"], []).append(claim_text(claim))
    steps: list[Step] = []
    for number, step in enumerate(body["steps"]):
        text = texts.get(step["rule"])
        steps.append(
            Step(
                number=number,
                rule=step["rule"],
                meaning=_UNKNOWN if text is None else text.statement,
                source="" if text is None else text.source,
                page=pages.get(step["rule"]),
                uses=tuple(step["uses"]),
                says=tuple(says.get(number, ())),
                numbers=tuple(_short(name, value) for name, value in sorted(step["evidence"].items())),
            )
        )
    return tuple(steps)


def _short(name: str, value: object) -> str:
    if isinstance(value, list | dict) and len(str(value)) > _LONGEST:
        return f"{name}: {len(value)} {'values' if isinstance(value, list) else 'fields'}"
    return f"{name} = {shortened(str(value), _LONGEST)}"


def _parts(step: Step) -> Iterable[tuple[str, str]]:
    yield "meaning", step.meaning
    if step.uses:
        yield "rests on", "step" + ("s " if len(step.uses) > 1 else " ") + ", ".join(map(str, step.uses))
    if step.numbers:
        yield "given", "; ".join(step.numbers)
    for text in step.says:
        yield "so", text
    where = "; ".join(filter(None, (step.source, step.page)))
    if where:
        yield "see", where


def explanation_markdown(found: Explanation) -> str:
    """Return the explanation as Markdown; text that others wrote renders as it is."""
    blocks = [
        f"# {markdown_text(shortened(found.certificate, 120))}",
        "The independent checker accepted this certificate: it derived every claim again, in exact arithmetic.",
        table(("subject", ""), found.subjects),
        "## What is claimed",
        bullets(found.claims),
        "## Step by step",
    ]
    for step in found.steps:
        blocks.append(f"### Step {step.number}: {markdown_text(step.rule)}")
        blocks.append("\n".join(f"- {name}: {markdown_text(text)}" for name, text in _parts(step)))
    if found.relied_on:
        blocks += ["## Relied on", bullets(found.relied_on)]
    return "\n\n".join(blocks) + "\n"


def explanation_terminal(found: Explanation, console: Console) -> None:
    """Print the explanation; text that others wrote has no effect on the terminal."""
    from .terminal import Page

    page = Page(console)
    page.line(f"Accepted: {visible(shortened(found.certificate, 200))}", "bold green")
    page.items(f"{role}: {text}" for role, text in found.subjects)
    page.heading("What is claimed")
    page.items(found.claims)
    for step in found.steps:
        page.heading(f"Step {step.number}: {step.rule}")
        page.items(f"{name}: {text}" for name, text in _parts(step))
    if found.relied_on:
        page.heading("Relied on")
        page.items(found.relied_on)
