"""The experiment in plain words, and its numbers as short decimals that are rounded outward."""

from __future__ import annotations

from fractions import Fraction

from ..escaping import shortened
from ..sentences import Sentence, atoms
from .model import Rate, RecoveryReport

NAMES = {"l1": "basis pursuit", "omp": "OMP"}
_MAGNITUDES = {
    "sign": "nonzeros 1 or −1",
    "uniform": "magnitudes uniform on (0, 1]",
    "gaussian": "standard normal nonzeros",
}
OBSERVED = (
    "Every trial counted as recovered or missed is proved so. The rates are observed: each interval holds the "
    "probability of recovery with at least its confidence, exactly (Clopper, Pearson 1934), because trials are "
    "independent; trials that stayed undecided widen it. A rate says nothing about every code; the levels proved do."
)


def title(report: RecoveryReport) -> str:
    """Return what the report is about."""
    if report.subject is not None:
        return shortened(report.subject.source, 120)
    return f"{report.family} dictionaries with {report.atoms} atoms"


def setting(report: RecoveryReport) -> str:
    """Return method, atoms, codes and seed in one line."""
    per = "level" if report.family is None else "cell"
    return (
        f"{NAMES[report.method]}, {atoms(report.scaling)}, {_MAGNITUDES[report.magnitudes]}, "
        f"{report.trials} {'trial' if report.trials == 1 else 'trials'} a {per}, seed {report.seed}"
    )


def spoken(report: RecoveryReport) -> tuple[Sentence, ...]:
    """Return what is proved of the dictionary and what was observed."""
    observed = Sentence("undecided", f": {_observed(report)}")
    return (observed,) if report.proved is None else (Sentence("proved", _proved(report)), observed)


def first_word(sentence: Sentence) -> str:
    """Return the first word of a sentence: what is observed is no open question here."""
    return "Observed" if sentence.tone == "undecided" else sentence.tone.capitalize()


def answer(report: RecoveryReport, level: int) -> str:
    """Return what is proved about every code at a level: guaranteed, refuted, open, or nothing."""
    proved = report.proved
    if proved is None:
        return ""
    if level <= proved.guaranteed:
        return "guaranteed"
    return "refuted" if proved.refuted is not None and level >= proved.refuted else "open"


def has_undecided(report: RecoveryReport) -> bool:
    """Return whether any trial is undecided; else tables leave that column out."""
    return any(r.undecided for r in report.rates)


def rate(of: Rate) -> str:
    """Return the observed rate with three decimals, 1 and 0 only where they are exact."""
    if of.recovered in (0, of.trials):
        return "1" if of.recovered else "0"
    return f"{min(999, max(1, round(1000 * Fraction(of.recovered, of.trials)))) / 1000:.3f}"


def interval(of: Rate) -> str:
    """Return the interval with three decimals, rounded outward."""
    lower, upper = of.lower * 1000 // 1, -(-of.upper * 1000 // 1)
    return f"{lower / 1000:.3f}–{upper / 1000:.3f}"


def percent(value: Fraction) -> str:
    """Return a confidence level in percent."""
    return f"{float(100 * value):g}%"


def _proved(report: RecoveryReport) -> str:
    proved = report.proved
    assert proved is not None
    name = NAMES[report.method]
    least = "no level is guaranteed"
    if proved.guaranteed:
        upto = "with one nonzero" if proved.guaranteed == 1 else f"with at most {proved.guaranteed} nonzeros"
        least = f"{name} recovers every code {upto}, by {proved.guaranteed_by}"
    most = "no level is refuted"
    if proved.refuted is not None:
        most = f"it misses some code from level {proved.refuted} on, by {proved.refuted_by}"
    return f" for {atoms(report.scaling)}: {least}; {most}."


def _observed(report: RecoveryReport) -> str:
    rates, name = report.rates, NAMES[report.method]
    undecided = sum(r.undecided for r in rates)
    total = sum(r.trials for r in rates)
    rest = "" if not undecided else f" {undecided} of {total} trials are undecided."
    if report.family is not None or not rates:
        cells = f"{total} trials in {len(rates)} {'cells' if report.family is not None else 'levels'}"
        return f"{cells}, {sum(r.recovered for r in rates)} recovered by {name}.{rest}"
    whole = 0
    for r in rates:
        if r.recovered < r.trials:
            break
        whole = r.level
    none = None
    for r in reversed(rates):
        if r.recovered:
            break
        none = r.level
    half = max((r.level for r in rates if 2 * r.recovered >= r.trials), default=None)
    parts = [
        f"{name} recovered every code drawn up to level {whole}" if whole else f"{name} missed codes at every level"
    ]
    parts += [f"at least half of them up to level {half}"] if half is not None and half > whole else []
    parts += [f"none from level {none} on"] if none is not None else []
    first, last = min(r.level for r in rates), max(r.level for r in rates)
    tested = f"levels {first} to {last}" if first < last else f"level {first}"
    return f"{', '.join(parts)} ({tested}).{rest}"
