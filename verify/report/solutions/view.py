"""A report on solved problems as rows of plain text: the terminal, Markdown and HTML show the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..counterexamples import number
from ..escaping import shortened, visible
from ..model import TheoremText
from ..numbers import decimals
from .model import SolutionReport
from .reading import Code, Solved, solved
from .words import NAMES, STATUS, formula, gap_text, problem_name, value_text

DRAWN = 3
"""So many signals have their codes shown; tables show all."""
_MOST_ENTRIES = 16
_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class SignalRow:
    """The result for one signal."""

    signal: int
    status: str
    value: str
    unique: str
    nonzeros: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BackendRow:
    """What one backend claimed of one signal, and how far that is from what is proved."""

    signal: int
    name: str
    backend: str
    status: str
    value: str
    gap: str
    seconds: str


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code in words: entries (name of the atom, value), how many more there are, and a sentence."""

    signal: int
    name: str
    words: str
    entries: tuple[tuple[str, str], ...]
    more: int
    code: Code


HEADER = ("signal", "status", "value", "unique", "nonzeros", "by")
BACKEND_HEADER = ("signal", "backend", "says", "value", "difference", "seconds")
DIFFERENCE = "The difference of a claimed value from the true one is bounded by the proved enclosure."


def problems(report: SolutionReport) -> tuple[str, ...]:
    """Return the problems that were solved, in words, each once."""
    texts = (f"{problem_name(problem)}: {formula(problem)}" for problem in report.problems)
    found = tuple(dict.fromkeys(texts))
    return found if len(found) <= DRAWN else (*found[:DRAWN], f"and {len(found) - DRAWN} more that differ in a number")


def signal_rows(report: SolutionReport) -> tuple[SignalRow, ...]:
    """Return the result for every signal, of very many the first."""
    return tuple(map(_row, solved(report)[:_MOST_ROWS]))


def left_out(report: SolutionReport) -> str | None:
    """Return how many signals the tables leave out, or None."""
    count = len(report.problems) - _MOST_ROWS
    return f"… and {count} more signals: see the JSON report" if count > 0 else None


def _row(one: Solved) -> SignalRow:
    rules = (
        one.infeasible_by,
        one.unique_by,
        one.lower_by,
        one.upper_by,
        "several-minimisers" if one.several else None,
    )
    return SignalRow(
        signal=one.signal,
        status=STATUS[one.status].lower(),
        value=value_text(one),
        unique={True: "yes", False: "no", None: "open"}[one.unique] if one.status != "proved-infeasible" else "",
        nonzeros="" if one.code is None else str(len(one.code.entries)),
        rules=tuple(dict.fromkeys(rule for rule in rules if rule is not None)),
    )


def rule_lines(report: SolutionReport) -> tuple[str, ...]:
    """Return the rules behind all results, with the signals they are about where not all are."""
    about: dict[str, list[int]] = {}
    for row in signal_rows(report):
        for rule in row.rules:
            about.setdefault(rule, []).append(row.signal)
    count = len(signal_rows(report))
    return tuple(rule if len(at) == count else f"{rule} (signal {_span(at)})" for rule, at in about.items())


def backend_rows(report: SolutionReport) -> tuple[BackendRow, ...]:
    """Return what the backends claimed. Observed, not proved; only the difference rests on proofs."""
    found = solved(report) or [None] * len(report.problems)
    rows: list[BackendRow] = []
    for at, one in enumerate(found[:_MOST_ROWS]):
        for backend in report.noted(at).backends:
            value = "none" if backend.value is None else f"{backend.value:.12g}"
            rows.append(
                BackendRow(
                    signal=report.signal(at),
                    name=shortened(visible(backend.name), 40),
                    backend=shortened(visible(_versioned(backend.name, dict(backend.versions))), 60),
                    status=shortened(visible(backend.status), 40),
                    value=value,
                    gap=gap_text(one, backend),
                    seconds=f"{backend.seconds:.3f}",
                )
            )
    return tuple(rows)


def _versioned(name: str, versions: dict[str, str]) -> str:
    return f"{name} ({', '.join(f'{k} {v}' for k, v in versions.items())})" if versions else name


def code_rows(report: SolutionReport) -> tuple[CodeRow, ...]:
    """Return the codes of the first few signals: the only minimiser, two minimisers, or a feasible code."""
    return tuple(row for one in solved(report)[:DRAWN] for row in _codes(report, one))


def _codes(report: SolutionReport, one: Solved) -> Iterator[CodeRow]:
    if one.several is not None:
        for name, code in zip(("x", "x′"), one.several, strict=True):
            yield _code(
                report, one, name, "One of two different minimisers, exactly." if name == "x" else "The other.", code
            )
    elif one.code is not None and one.radius is not None:
        words = "The only minimiser, exactly."
        if one.radius:
            within = decimals(one.radius, 3).upper
            words = (
                f"The only minimiser, every entry within {within} of the one shown; its support and signs are these."
            )
        yield _code(report, one, "x", words, one.code)
    elif one.code is not None:
        best = "It attains the value." if one.status == "proved-optimal" else "It proves the upper bound."
        yield _code(report, one, "x", f"A feasible code, exactly. {best}", one.code)


def _code(report: SolutionReport, one: Solved, name: str, words: str, code: Code) -> CodeRow:
    entries = code.entries[:_MOST_ENTRIES]
    shown = tuple((report.atom_name(at), number(a, b, is_complex=code.is_complex)) for at, a, b in entries)
    return CodeRow(one.signal, name, words, shown, len(code.entries) - len(entries), code)


def remarks(report: SolutionReport) -> tuple[str, ...]:
    """Return what the solving said, each remark once, with the signals it is about if there are many."""
    about: dict[str, list[int]] = {}
    for at in range(len(report.problems)):
        notes = report.noted(at)
        for remark in (*notes.remarks, *(("stopped early: more time may prove more",) if notes.stopped else ())):
            about.setdefault(remark, []).append(report.signal(at))
    if len(report.problems) == 1:
        return tuple(map(visible, about))
    return tuple(f"signal {_span(signals)}: {visible(remark)}" for remark, signals in about.items())


def _span(signals: list[int]) -> str:
    shown = ", ".join(map(str, signals[:10]))
    return shown if len(signals) <= 10 else f"{shown} and {len(signals) - 10} more"


def rules_named(report: SolutionReport) -> tuple[TheoremText, ...]:
    """Return the texts of the rules that the accepted proofs rest on, in the order of the report's texts."""
    named = {proof.rule for proof in report.accepted}
    return tuple(text for name, text in report.theorems.items() if name in named)


def claimed(report: SolutionReport) -> tuple[str, ...]:
    """Return in words what the certificate of an unchecked report claims."""
    if report.status == "checked":
        return ()
    return tuple(_claim(proof.claim) for proof in report.proofs)


def _claim(claim: object) -> str:
    fields = dict(claim) if isinstance(claim, dict) else {}
    problem = fields.get("problem")
    name = NAMES.get(str(problem.get("name")), "a problem") if isinstance(problem, dict) else "the dictionary"
    said = {key: value for key, value in fields.items() if key in ("lower", "upper", "radius", "support", "level")}
    about = f"signal {fields['signal']}, {name}: " if "signal" in fields else ""
    rest = ", ".join(f"{key} {shortened(str(value), 60)}" for key, value in said.items())
    return visible(f"{about}{fields.get('kind')}{': ' + rest if rest else ''}")
