"""What is proved about the problems of many signals to one certificate about a dictionary and these signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from certificates.checker import LARGEST_CERTIFICATE, MOST_STEPS, MOST_VALUES
from certificates.format import Draft, FormatError

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signals
from ..errors import LimitError
from ..problems.outcome import Outcome
from ..versions import PRODUCER
from .certificate import Certificate
from .problem_writer import ProblemWriter

_READ_BY_THE_CHECKER = ("npy", "json")


def certify_outcomes(dictionary: Dictionary, signals: Signals, outcomes: Sequence[Outcome]) -> Certificate | None:
    """Return the certificate of everything proved about the problem of each signal, None if nothing is.

    Outcome j is about signal j. The certificate is about the signals, or about their codes where they were made from
    some. Raises LimitError, saying what to do, if it would not fit what certificates may hold.
    """
    draft = draft_about(dictionary, signals)
    writer = ProblemWriter(draft, dictionary.field)
    try:
        for at, outcome in enumerate(outcomes):
            writer.outcome(outcome, at)
        if not draft.claims:
            return None
        data = draft.sealed()
    except FormatError as error:
        raise LimitError(f"what is proved does not fit into a certificate: {error}; {_advice(outcomes)}") from None
    for count, most, what in (
        (len(draft.steps), MOST_STEPS, "steps"),
        (len(data), LARGEST_CERTIFICATE, "bytes"),
        (sum(map(data.count, (b",", b"[", b"{"))), MOST_VALUES, "values"),
    ):
        if count > most:
            raise LimitError(
                f"the certificate would have {count} {what}, and at most {most} are read; {_advice(outcomes)}"
            )
    return Certificate(data)


def draft_about(dictionary: Dictionary, signals: Signals) -> Draft:
    """Return an empty draft about a dictionary and signals, or their codes where they were made from some."""
    return Draft(
        subject={"digest": dictionary.digest, "field": dictionary.field, "shape": list(dictionary.shape)},
        loader=_loaders(dictionary, signals),
        producer=PRODUCER,
        signal=_subject(signals),
    )


def _subject(signals: Signals) -> dict[str, Any]:
    if signals.codes is not None:
        codes = signals.codes
        return {"digest": codes.code_digest, "field": codes.field, "role": "code", "shape": list(codes.shape)}
    return {"digest": signals.digest, "field": signals.field, "role": "signal", "shape": list(signals.shape)}


def _loaders(dictionary: Dictionary, signals: Signals) -> str:
    """Return the loaders that the checker does not repeat, else that of the dictionary."""
    names = dict.fromkeys((dictionary.origin.loader, signals.origin.loader))
    own = [name for name in names if name not in _READ_BY_THE_CHECKER]
    return ", ".join(own) or dictionary.origin.loader


def _advice(outcomes: Sequence[Outcome]) -> str:
    if len(outcomes) > 1:
        return f"solve fewer than these {len(outcomes)} signals at a time"
    return "round the entries to fewer digits, or ask for less: a larger --gap, a smaller problem"
