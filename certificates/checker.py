"""The checker: reads a certificate and the subjects it is about, and accepts or rejects.

Standard library only. SPEC.md in this folder says what a valid certificate is; `subjects.py` reads dictionaries,
signals and codes, `filters.py` filters, `networks.py` networks; `handed_in.py` holds them together, `rules/` the rules.
From top to bottom: answers, reading a certificate, checking, the command line.

    python -I -S certificates/checker.py CERTIFICATE --dictionary FILE [--signal FILE | --code FILE] [--network FILE]
    python -I -S certificates/checker.py CERTIFICATE --filters FILE --stride 1,1 --boundary full [--network FILE]

For a chain `--dictionary` once for each, in its order, and `--network` once for the product of all, or for each; for a
chain of filters `--filters`, `--stride` and `--boundary` once for each.

Exit codes: 0 accepted, 4 rejected, 2 unreadable subject, missing file or wrong usage.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias, cast

if TYPE_CHECKING or __package__:
    from .filters import filters_of, read_filters
    from .handed_in import FilterChainSubject, FilterSubject, Subjects
    from .networks import filter_network_of, network_of
    from .rules import RELIED_ON
    from .rules.dictionary import Dictionary, SubjectError
    from .rules.filters import BOUNDARIES
    from .rules.signals import ROLES
    from .rules.values import Fields, Reject, Statement, Task, guard_nesting
    from .subjects import dictionary_from_values, read_dictionary, read_signals, signals_of
else:  # run as a file in a bare interpreter: add this folder, and nothing else
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from filters import filters_of, read_filters
    from handed_in import FilterChainSubject, FilterSubject, Subjects
    from networks import filter_network_of, network_of
    from rules import RELIED_ON
    from rules.dictionary import Dictionary, SubjectError
    from rules.filters import BOUNDARIES
    from rules.signals import ROLES
    from rules.values import Fields, Reject, Statement, Task, guard_nesting
    from subjects import dictionary_from_values, read_dictionary, read_signals, signals_of

AnySubjects: TypeAlias = "Subjects | FilterSubject | FilterChainSubject"

FORMAT = "sparse-verify certificate"
VERSION = 1
LARGEST_CERTIFICATE = 64 << 20
DEEPEST_NESTING = 16
MOST_VALUES = 4_000_000
MOST_STEPS = 10_000
_NAMED = (*ROLES, "filters", "network")
WORK_LIMIT = 60_000_000_000
WORK_PER_SECOND = 1_000_000_000
"""Measured on one core of a 2.6 GHz server processor; only the announced seconds depend on it."""


# --- answers ---


@dataclass(frozen=True, slots=True)
class Accepted:
    """Every claim was derived from the subjects. `relied_on` names what was not derived here."""

    claims: tuple[Statement, ...]
    relied_on: tuple[str, ...]

    def __bool__(self) -> NoReturn:
        raise TypeError("ask isinstance(answer, Accepted): a rejection is an answer too, and would be true")


@dataclass(frozen=True, slots=True)
class Rejected:
    """The certificate is not valid: `step` says where, `why` says why."""

    step: str
    why: str

    def __bool__(self) -> NoReturn:
        raise TypeError("ask isinstance(answer, Accepted): a rejection is an answer too, and would be true")


# --- reading a certificate ---


@dataclass(frozen=True, slots=True)
class Step:
    """One step as written: a rule, the earlier steps it uses, its evidence, and in a chain what it is about."""

    rule: str
    uses: tuple[int, ...]
    evidence: object
    about: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as written; nothing in it has been checked but its form and its seal."""

    claims: tuple[tuple[int, Statement], ...]
    steps: tuple[Step, ...]
    subjects: tuple[object, ...]
    loader: str
    producer: str


def _refuse_number(text: str) -> NoReturn:
    raise Reject(f"{text[:20]} is not an integer: a certificate holds no floating-point numbers")


def _small_integer(text: str) -> int:
    if len(text) > 16 or abs(int(text)) >= 2**53:
        raise Reject("a JSON integer is not below 2^53")
    return int(text)


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def read_certificate(data: bytes) -> Certificate:
    """Read canonical bytes; raise Reject if they are anything else."""
    if len(data) > LARGEST_CERTIFICATE:
        raise Reject(f"it has {len(data)} bytes, more than {LARGEST_CERTIFICATE}")
    if re.fullmatch(rb"[ -\[\]-~]*\n", data) is None:
        raise Reject("it is not one line of printable ASCII without backslash and with one newline at the end")
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Reject(f"it has more than {MOST_VALUES} commas and opening brackets")
    guard_nesting(data, DEEPEST_NESTING)
    try:
        value: object = json.loads(
            data, parse_float=_refuse_number, parse_constant=_refuse_number, parse_int=_small_integer
        )
    except ValueError as error:
        raise Reject(f"it is not JSON: {error}") from None
    if _canonical(value) != data:
        raise Reject("it is not in canonical form (sorted keys, no spaces, no key twice)")
    if isinstance(value, dict) and cast("dict[str, object]", value).get("version", VERSION) != VERSION:
        raise Reject(f"this checker reads version {VERSION}")
    names = ("claims", "format", "origin", "seal", "steps", "subjects", "version")
    fields = Fields(cast("object", value), names, "the certificate")
    fields.choice("format", (FORMAT,))
    fields.natural("version")
    unsealed = {name: fields.raw(name) for name in names if name != "seal"}
    if hashlib.sha256(_canonical(unsealed)).hexdigest() != fields.raw("seal"):
        raise Reject("the seal does not fit: the file was damaged or edited")
    origin = Fields(fields.raw("origin"), ("loader", "producer"), "origin")
    return Certificate(
        claims=tuple(_read_claim(claim, at) for at, claim in enumerate(fields.list("claims"))),
        steps=tuple(_read_step(step, at) for at, step in enumerate(fields.list("steps"))),
        subjects=tuple(fields.list("subjects")),
        loader=origin.text("loader"),
        producer=origin.text("producer"),
    )


def _read_claim(value: object, at: int) -> tuple[int, Statement]:
    fields = Fields(value, ("statement", "step"), f"claim {at}")
    statement = fields.raw("statement")
    if not isinstance(statement, dict):
        raise Reject(f"the statement of claim {at} is not an object")
    return fields.natural("step"), cast("Statement", statement)


def _read_step(value: object, at: int) -> Step:
    names = ("evidence", "rule", "uses")
    has_about = isinstance(value, dict) and "about" in cast("dict[str, object]", value)
    fields = Fields(cast("object", value), ("about", *names) if has_about else names, f"step {at}")
    about = tuple(fields.naturals("about")) if has_about else None
    return Step(fields.text("rule", 100), tuple(fields.naturals("uses")), fields.raw("evidence"), about)


# --- checking ---


@dataclass(frozen=True, slots=True)
class Plan:
    """A certificate whose form is right, its tasks, and the work they will be."""

    certificate: Certificate
    tasks: tuple[Task, ...]
    work: int

    @property
    def seconds(self) -> float:
        """A rough estimate of the time that the work takes in plain Python."""
        return self.work / WORK_PER_SECOND


class _At(Exception):  # noqa: N818 - a rejection with its place
    def __init__(self, place: str, why: str) -> None:
        self.rejected = Rejected(place, why)


def _plan(data: bytes, subjects: AnySubjects, work_limit: int) -> Plan:
    """Read everything and compute the work; derive nothing yet."""
    try:
        certificate = read_certificate(data)
        _compare_subjects(certificate, subjects)
        steps = certificate.steps
        if len(steps) > MOST_STEPS or not certificate.claims:
            raise Reject(f"a certificate has at least one claim and at most {MOST_STEPS} steps")
        _find_idle_steps(certificate)
    except Reject as reason:
        raise _At("certificate", str(reason)) from None
    tasks: list[Task] = []
    work = 0
    for at, step in enumerate(steps):
        try:
            task = subjects.task(step, work_limit - work)
            if len(task.premises) != len(step.uses):
                raise Reject(f"it needs {len(task.premises)} premises and uses {len(step.uses)}")
        except Reject as reason:
            raise _at_step(at, step, reason) from None
        work += task.work + sum(tasks[used].size for used in step.uses)
        if work > work_limit:
            raise _At(
                "certificate",
                f"over the work limit: steps 0 to {at} need {work} units, more than {work_limit}; raise --work-limit",
            )
        tasks.append(task)
    return Plan(certificate, tuple(tasks), work)


def _at_step(at: int, step: Step, reason: Reject) -> _At:
    return _At(f"step {at} ({step.rule[:60]})", str(reason))


def _compare_subjects(certificate: Certificate, subjects: AnySubjects) -> None:
    handed_in = subjects.described
    named = certificate.subjects
    if len(named) != len(handed_in):
        one = "one dictionary was" if isinstance(subjects, Subjects) else "filters were"
        count = one if len(handed_in) == 1 else f"{len(handed_in)} were"
        raise Reject(f"it names {len(named)} subjects, and {count} handed in")
    for value, wanted in zip(named, handed_in, strict=True):
        role = str(wanted["role"])
        subject = Fields(
            value, ("digest", "field", "role", "shape"), f"the {role}" if role in _NAMED else "the subject"
        )
        subject.choice("role", (role,))
        for name in ("field", "shape", "digest"):
            if _canonical(subject.raw(name)) != _canonical(wanted[name]):
                if role == "filters":
                    raise Reject(f"it is about other filters, another stride or another boundary: the {name} differs")
                raise Reject(f"it is about another {role}: the {name} differs from the one handed in")


def _find_idle_steps(certificate: Certificate) -> None:
    """Check that references go backwards and that every step serves a claim."""
    steps = certificate.steps
    needed = [False] * len(steps)
    for at, (step, _) in enumerate(certificate.claims):
        if step >= len(steps):
            raise Reject(f"claim {at} names step {step}, and there are {len(steps)} steps")
        needed[step] = True
    for at in range(len(steps) - 1, -1, -1):
        for used in steps[at].uses:
            if used >= at:
                raise Reject(f"step {at} uses step {used}, which is not before it")
            needed[used] = needed[used] or needed[at]
    for at, used in enumerate(needed):
        if not used:
            raise Reject(f"step {at} ({steps[at].rule[:60]}) serves no claim")


def _derive(plan: Plan) -> Accepted:
    statements: list[Statement] = []
    for at, (step, task) in enumerate(zip(plan.certificate.steps, plan.tasks, strict=True)):
        try:
            premises = [_premise(step, used, statements[used]) for used in step.uses]
            for wanted, used, premise in zip(task.premises, step.uses, premises, strict=True):
                if premise["kind"] != wanted:
                    raise Reject(f"it needs a statement of kind {wanted}; step {used} derives {premise['kind']}")
            statement = task.derive(premises)
            statements.append(statement if step.about is None else {**statement, "about": list(step.about)})
        except Reject as reason:
            raise _at_step(at, step, reason) from None
    for at, (step, claimed) in enumerate(plan.certificate.claims):
        if _canonical(claimed) != _canonical(statements[step]):
            raise _At(f"claim {at}", f"step {step} ({plan.certificate.steps[step].rule}) derives something else")
    rules = {step.rule for step in plan.certificate.steps}
    relied_on = [text for rule, text in RELIED_ON.items() if rule in rules]
    if plan.certificate.loader not in ("npy", "json"):
        relied_on.append(f"the loader {plan.certificate.loader!r}, for how the values checked came from the source")
    claims = tuple(statement for _, statement in plan.certificate.claims)
    return Accepted(claims=claims, relied_on=tuple(dict.fromkeys(relied_on)))


def _premise(step: Step, used: int, statement: Statement) -> Statement:
    """Return a premise as its rule reads it: rules about one dictionary know nothing of `about`."""
    if step.about is None:
        return statement
    if statement.get("about") != list(step.about):
        raise Reject(f"step {used} is not about the same product of dictionaries")
    return {name: value for name, value in statement.items() if name != "about"}


def check(
    certificate: str | Path | bytes,
    *,
    dictionary: object = None,
    signal: object = None,
    code: object = None,
    network: object = None,
    filters: object = None,
    work_limit: int = WORK_LIMIT,
) -> Accepted | Rejected:
    """Check a certificate against the subjects it is about.

    `certificate` is a path or the bytes themselves; `dictionary` is a path to .npy or exact .json, a sequence of rows
    of int, Fraction, float or complex, or a `certificates.Dictionary`; for a chain of dictionaries a sequence of paths
    or of `certificates.Dictionary`. A certificate about signals also needs `signal`,
    or the `code` whose signal D x they are: a path likewise, a sequence of rows (signals are columns) or of numbers
    (one signal), or `certificates.Signals`. One about a network needs `network`: the path of its .safetensors, with its
    .json beside it, or a `certificates.StoredNetwork`; for a chain with several a sequence of these. One about filters
    needs `filters`, `certificates.Filters`, alone or with a `network` for them, or a sequence of them, a chain, with
    networks as a chain of dictionaries. Returns `Accepted` only if every claim
    was derived from these exact values. Raises SubjectError if a subject cannot be read or does not fit the dictionary,
    OSError if a file cannot be opened. `work_limit` is in multiplications of 30-bit digits, about 1e9 a second.
    """
    data = certificate if isinstance(certificate, bytes) else _read_bytes(Path(certificate))
    subjects = _subjects(dictionary, signal, code, network, filters)
    try:
        return _derive(_plan(data, subjects, work_limit))
    except _At as at:
        return at.rejected
    except MemoryError:
        return Rejected("certificate", "checking it needs more memory than there is")


def estimate_work(
    certificate: bytes,
    *,
    dictionary: object = None,
    signal: object = None,
    code: object = None,
    network: object = None,
    filters: object = None,
) -> int:
    """Return the work that `check` would do, in multiplications of 30-bit digits; 0 if it would be rejected unread."""
    try:
        return _plan(certificate, _subjects(dictionary, signal, code, network, filters), sys.maxsize).work
    except _At:
        return 0


def _subjects(dictionary: object, signal: object, code: object, network: object, filters: object) -> AnySubjects:
    if filters is not None:
        if any(other is not None for other in (dictionary, signal, code)):
            raise SubjectError("filters are handed in alone, or with a network")
        if isinstance(filters, Sequence) and not isinstance(filters, str):
            several = [filters_of(one) for one in cast("Sequence[object]", filters)]
            return FilterChainSubject.of(several, list(map(filter_network_of, _listed(network))))
        return FilterSubject.of(filters_of(filters), None if network is None else filter_network_of(network))
    if signal is not None and code is not None:
        raise SubjectError("a signal or a code is handed in, not both")
    role, value = ("code", code) if signal is None else ("signal", signal)
    chain = _paths_or_dictionaries(dictionary)
    dictionaries = [_dictionary(one) for one in chain or (dictionary,)]
    signals = None if value is None else signals_of(value, role)
    return Subjects.of(dictionaries, signals, list(map(network_of, _listed(network))))


def _listed(value: object) -> Sequence[object]:
    """Return networks as a list: none, one, or several."""
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return cast("Sequence[object]", value)
    return [value]


def _paths_or_dictionaries(value: object) -> Sequence[object]:
    """Return what makes a chain: a sequence of paths or dictionaries, where rows would be sequences of numbers."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    given = cast("Sequence[object]", value)
    return given if all(isinstance(one, Dictionary | str | Path) for one in given) else ()


def _dictionary(value: object) -> Dictionary:
    if isinstance(value, Dictionary):
        return value
    if isinstance(value, str | Path):
        return read_dictionary(Path(value))
    return dictionary_from_values(value)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_CERTIFICATE + 1)
    except ValueError:  # a NUL character
        raise FileNotFoundError(f"{str(path)!r} is not a valid path") from None


# --- command line ---


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        self.exit(2, f"checker: {printable(message)}; see --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one certificate and return the exit code."""
    parser = _Parser(prog="checker", description="Accept or reject a certificate.", allow_abbrev=False)
    parser.add_argument("certificate", type=Path, help="the certificate")
    parser.add_argument("--dictionary", type=Path, action="append", help="the dictionary: .npy or exact .json")
    for role, meaning in (("signal", "the signals, in columns"), ("code", "codes of the signals, in columns")):
        parser.add_argument(f"--{role}", type=Path, help=f"{meaning}: .npy or exact .json")
    parser.add_argument(
        "--network", type=Path, action="append", help="the network: .safetensors, with its .json beside it"
    )
    parser.add_argument(
        "--filters", type=Path, action="append", help="filters with axes (C, M, taps), in place of the dictionary: .npy"
    )
    parser.add_argument(
        "--stride", action="append", help="the stride of the filters: one integer for each axis, as 1,1"
    )
    parser.add_argument("--boundary", choices=BOUNDARIES, action="append", help="the boundary of the filters")
    parser.add_argument(
        "--work-limit", type=int, default=WORK_LIMIT, help="units of work allowed (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    if options.work_limit < 1:
        parser.error(f"--work-limit is at least 1, not {options.work_limit}")
    if options.signal is not None and options.code is not None:
        parser.error("a signal or a code is handed in, not both")
    names = ("stride", "boundary") if options.filters is None else ("dictionary", "signal", "code")
    extra = next((name for name in names if getattr(options, name) is not None), None)
    if extra is not None:
        parser.error(f"--{extra} goes {'only with' if options.filters is None else 'not with'} --filters")
    if options.filters is None and options.dictionary is None:
        parser.error("the following arguments are required: --dictionary, or --filters")
    if options.filters is not None:
        count = len(options.filters)
        if count == 1 and len(options.network or ()) > 1:
            parser.error("filters have one network")
        if any(len(given or ()) not in (0, count) for given in (options.stride, options.boundary)):
            parser.error("--stride and --boundary are given once for each --filters")
    try:
        data = _read_bytes(options.certificate)
        subjects = _subjects_of(options)
    except (OSError, SubjectError) as error:
        print(f"checker: {printable(str(error))}", file=sys.stderr)
        return 2
    except MemoryError:
        print("checker: reading these files needs more memory than there is", file=sys.stderr)
        return 2
    try:
        plan = _plan(data, subjects, options.work_limit)
        print(f"work: {plan.work} units, about {math.ceil(plan.seconds)} s", file=sys.stderr)
        accepted = _derive(plan)
    except _At as at:
        print(f"rejected: {printable(at.rejected.step)}: {printable(at.rejected.why)}")
        return 4
    except MemoryError:
        print("rejected: certificate: checking it needs more memory than there is")
        return 4
    print("accepted")
    for claim in accepted.claims:
        print("  " + describe(claim))
    for text in accepted.relied_on:
        print("relied on: " + printable(text))
    return 0


def _subjects_of(options: argparse.Namespace) -> AnySubjects:
    if options.filters is not None:
        none = [None] * len(options.filters)
        given = zip(options.filters, options.stride or none, options.boundary or none, strict=True)
        filters, networks = [read_filters(*one) for one in given], list(map(filter_network_of, options.network or ()))
        if len(filters) > 1:
            return FilterChainSubject.of(filters, networks)
        return FilterSubject.of(filters[0], networks[0] if networks else None)
    signals = [(getattr(options, role), role) for role in ROLES if getattr(options, role) is not None]
    networks = list(map(network_of, options.network or ()))
    dictionaries = [read_dictionary(path) for path in options.dictionary]
    return Subjects.of(dictionaries, read_signals(*signals[0]) if signals else None, networks)


def describe(claim: Statement) -> str:
    """Return a claim as one line of text, long values cut."""
    fields = (f"{name} {_short(value)}" for name, value in sorted(claim.items()) if name != "kind")
    return printable(f"{claim['kind']}: " + ", ".join(fields))


def _short(value: object) -> str:
    if isinstance(value, dict) and "name" in value:  # a problem
        fields = cast("dict[str, object]", value)
        rest = ", ".join(f"{name} {_plain(fields[name])}" for name in sorted(fields) if name != "name")
        return f"{_plain(fields['name'])} ({rest})"
    return _plain(cast("object", value))


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"


def printable(text: str) -> str:
    """Return `text` in printable ASCII, everything else replaced by a question mark."""
    return re.sub(r"[^ -~]", "?", text)


def run() -> NoReturn:
    """Run `main` as a program: an interruption or an output that cannot be written ends it with no verdict."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - open until the process ends
    try:
        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("checker: interrupted", file=sys.stderr)
        code = 130
    except OSError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - what is left in the buffer goes nowhere
        code = 2
    sys.exit(code)


if __name__ == "__main__":
    run()
