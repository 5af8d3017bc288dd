"""The checker: reads a certificate and the dictionary it is about, and accepts or rejects.

Standard library only. SPEC.md in this folder says what a valid certificate is; `rules/` holds the rules. From
top to bottom: answers, reading a certificate, reading a dictionary, checking, the command line.

    python -I -S certificates/checker.py CERTIFICATE --dictionary FILE

Exit codes: 0 accepted, 4 rejected, 2 unreadable dictionary, missing file or wrong usage.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import re
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias, cast

if TYPE_CHECKING or __package__:
    from .rules import RELIED_ON, RULES
    from .rules.dictionary import Dictionary, Number, SubjectError
    from .rules.values import Fields, Reject, Statement, Task
else:  # run as a file in a bare interpreter: add this folder, and nothing else
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from rules import RELIED_ON, RULES
    from rules.dictionary import Dictionary, Number, SubjectError
    from rules.values import Fields, Reject, Statement, Task

FORMAT = "sparse-verify certificate"
VERSION = 1
LARGEST_CERTIFICATE = 64 << 20
DEEPEST_NESTING = 16
MOST_VALUES = 4_000_000
MOST_STEPS = 10_000
LARGEST_DICTIONARY_FILE = 1 << 30
MOST_ENTRIES = 20_000_000
WORK_LIMIT = 60_000_000_000
WORK_PER_SECOND = 1_000_000_000
"""Measured on one core of a 2.6 GHz server processor; only the announced seconds depend on it."""


# --- answers ---


@dataclass(frozen=True, slots=True)
class Accepted:
    """Every claim was derived from the dictionary. `relied_on` names what was not derived here."""

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
    """One step as written: a rule, the earlier steps it uses, and its evidence."""

    rule: str
    uses: tuple[int, ...]
    evidence: object


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


def _guard_nesting(data: bytes, deepest: int) -> None:
    """Raise Reject if brackets nest deeper than `deepest`; strings hold no backslash, so quotes come in pairs."""
    depth = 0
    for byte in re.sub(rb'"[^"]*"|[^][{}"]+', b"", data):
        depth += 1 if byte in b"[{" else -1
        if depth > deepest:
            raise Reject(f"it is nested more than {deepest} deep")


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
    _guard_nesting(data, DEEPEST_NESTING)
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
    fields = Fields(value, ("evidence", "rule", "uses"), f"step {at}")
    return Step(fields.text("rule", 100), tuple(fields.naturals("uses")), fields.raw("evidence"))


# --- reading a dictionary ---

_NPY_HEADER = re.compile(
    r"\{'descr': '([<>|])([a-z])([0-9]{1,2})', 'fortran_order': (True|False), "
    r"'shape': \(([0-9]{1,18}), ([0-9]{1,18})\),? ?\} *\n"
)
_NPY_TYPES = {"f2": "e", "f4": "f", "f8": "d", "c8": "f", "c16": "d"} | {
    f"{sign}{size}": code if sign == "i" else code.upper()
    for sign in "iu"
    for size, code in ((1, "b"), (2, "h"), (4, "i"), (8, "q"))
}


def read_dictionary(path: Path) -> Dictionary:
    """Read a dictionary from .npy or exact .json; raise SubjectError or OSError if that is impossible."""
    if not path.is_file():
        raise SubjectError(f"{path}: not a file" if path.exists() else f"{path}: no such file")
    if path.stat().st_size > LARGEST_DICTIONARY_FILE:
        raise SubjectError(f"{path}: larger than {LARGEST_DICTIONARY_FILE} bytes")
    data = path.read_bytes()
    try:
        if data.startswith(b"\x93NUMPY"):
            return Dictionary.from_rows(*_read_npy(data))
        if path.suffix.lower() == ".json":
            return Dictionary.from_rows(*_read_json(data))
    except SubjectError as error:
        raise SubjectError(f"{path}: {error}") from None
    raise SubjectError(f"{path}: neither .npy nor exact .json")


Rows: TypeAlias = Sequence[Sequence[Number]]


def _read_npy(data: bytes) -> tuple[Rows, Rows | None]:
    start = 10 if data[6:7] == b"\x01" else 12
    if len(data) < start or data[6:8] not in (b"\x01\x00", b"\x02\x00", b"\x03\x00"):
        raise SubjectError("a truncated .npy header or an unknown .npy version")
    length = int.from_bytes(data[8:start], "little")
    if length > 65535 or start + length > len(data):
        raise SubjectError(f"the .npy header claims {length} bytes")
    match = _NPY_HEADER.fullmatch(data[start : start + length].decode("latin-1"))
    if match is None:
        raise SubjectError("the .npy header does not describe a matrix of numbers (two dimensions, no objects)")
    order, kind, fortran = match[1], match[2] + match[3], match[4] == "True"
    code = _NPY_TYPES.get(kind)
    if code is None or (order == "|" and kind not in ("i1", "u1")):
        raise SubjectError(f"entries of type {order}{kind} are not read: floats f2 f4 f8, complex c8 c16, integers")
    m, n = int(match[5]), int(match[6])
    parts = 2 if kind.startswith("c") else 1
    size = struct.calcsize("=" + code)
    if not 1 <= m * n <= MOST_ENTRIES:
        raise SubjectError(f"shape ({m}, {n}) has no entries, or more than {MOST_ENTRIES}")
    body = data[start + length :]
    if len(body) != m * n * parts * size:
        raise SubjectError(f"shape ({m}, {n}) needs {m * n * parts * size} bytes of entries, the file has {len(body)}")
    values = struct.unpack(f"{'>' if order == '>' else '<'}{m * n * parts}{code}", body)

    def rows(part: int) -> Rows:
        flat = values[part::parts]
        return [flat[i::m] for i in range(m)] if fortran else [flat[i * n : (i + 1) * n] for i in range(m)]

    return rows(0), rows(1) if parts == 2 else None


_ENTRY = re.compile(r"(-?[0-9]{1,4000})(?:/([0-9]{1,4000}))?")


def _read_json(data: bytes) -> tuple[Rows, Rows | None]:
    if re.fullmatch(rb"[\t\n\r -\[\]-~]*", data) is None:
        raise SubjectError("not printable ASCII without backslash, which is all that an exact dictionary needs")
    if data.count(b",") > 2 * MOST_ENTRIES:
        raise SubjectError(f"more than {MOST_ENTRIES} entries")
    try:
        _guard_nesting(data, 3)
        value: object = json.loads(
            data, parse_float=str, parse_constant=str, parse_int=_long_integer, object_pairs_hook=_once
        )
    except Reject as error:
        raise SubjectError(str(error)) from None
    except ValueError as error:
        raise SubjectError(f"not JSON: {error}") from None
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        if set(parts) not in ({"real"}, {"real", "imaginary"}):
            raise SubjectError('an exact dictionary is a list of rows or {"real": rows, "imaginary": rows}')
        return _rows(parts["real"]), _rows(parts["imaginary"]) if "imaginary" in parts else None
    return _rows(value), None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise SubjectError("a key that stands twice")
    return dict(pairs)


def _long_integer(text: str) -> int:
    if len(text.lstrip("-")) > 4000:
        raise SubjectError("an integer of more than 4000 digits")
    try:
        return int(text)
    except ValueError as error:  # the user lowered Python's limit
        raise SubjectError(str(error)) from None


def _rows(value: object) -> Rows:
    rows = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(row, list) for row in rows):
        raise SubjectError("the rows are not a list of lists")
    return [[_entry(entry) for entry in row] for row in cast("list[list[object]]", rows)]


def _entry(entry: object) -> Number:
    if type(entry) is int:
        return entry
    match = _ENTRY.fullmatch(entry) if isinstance(entry, str) else None
    if match is None or (match[2] and not match[2].strip("0")):
        raise SubjectError(f'an entry is neither an integer nor a text "p" or "p/q": {str(entry)[:40]!r}')
    return Fraction(_long_integer(match[1]), _long_integer(match[2] or "1"))


def dictionary_from_values(rows: object) -> Dictionary:
    """Return the dictionary with these rows of int, Fraction, float or complex; complex if any entry is."""
    matrix: list[list[int | float | complex | Fraction]] = []
    for row in _sequence(rows, "a dictionary is a path or a sequence of rows"):
        matrix.append([])
        for entry in _sequence(row, "a row of the dictionary is not a sequence"):
            if type(entry) not in (int, float, complex, Fraction):
                raise SubjectError(f"an entry is of type {type(entry).__name__}, not int, float, complex or Fraction")
            matrix[-1].append(cast("int | float | complex | Fraction", entry))
    real: Rows = [[e.real if isinstance(e, complex) else e for e in row] for row in matrix]
    imaginary: Rows = [[e.imag if isinstance(e, complex) else 0 for e in row] for row in matrix]
    is_complex = any(isinstance(entry, complex) for row in matrix for entry in row)
    return Dictionary.from_rows(real, imaginary if is_complex else None)


def _sequence(value: object, complaint: str) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise SubjectError(complaint)
    return cast("Sequence[object]", value)


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


def _plan(data: bytes, dictionary: Dictionary, work_limit: int) -> Plan:
    """Read everything and compute the work; derive nothing yet."""
    try:
        certificate = read_certificate(data)
        _compare_subjects(certificate, dictionary)
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
            if step.rule not in RULES:
                raise Reject("this checker knows no such rule")
            task = RULES[step.rule](dictionary, step.evidence)
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


def _compare_subjects(certificate: Certificate, dictionary: Dictionary) -> None:
    if len(certificate.subjects) != 1:
        raise Reject(f"it names {len(certificate.subjects)} subjects, and one dictionary was handed in")
    subject = Fields(certificate.subjects[0], ("digest", "field", "role", "shape"), "the subject")
    subject.choice("role", ("dictionary",))
    handed_in = {
        "field": dictionary.field,
        "shape": [dictionary.m, dictionary.n],
        "digest": dictionary.digest,
    }
    for name, value in handed_in.items():
        if _canonical(subject.raw(name)) != _canonical(value):
            raise Reject(f"it is about another dictionary: the {name} differs from the one handed in")


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
        premises = [statements[used] for used in step.uses]
        try:
            for wanted, used, premise in zip(task.premises, step.uses, premises, strict=True):
                if premise["kind"] != wanted:
                    raise Reject(f"it needs a statement of kind {wanted}; step {used} derives {premise['kind']}")
            statements.append(task.derive(premises))
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


def check(certificate: str | Path | bytes, *, dictionary: object, work_limit: int = WORK_LIMIT) -> Accepted | Rejected:
    """Check a certificate against the dictionary it is about.

    `certificate` is a path or the bytes themselves; `dictionary` is a path to .npy or exact .json, a sequence of rows
    of int, Fraction, float or complex, or a `certificates.Dictionary`. Returns `Accepted` only if every claim was
    derived from these exact values. Raises SubjectError if the dictionary cannot be read, OSError if a file cannot be
    opened. `work_limit` is in multiplications of 30-bit digits, about 1e9 a second.
    """
    data = certificate if isinstance(certificate, bytes) else _read_bytes(Path(certificate))
    subject = _subject(dictionary)
    try:
        return _derive(_plan(data, subject, work_limit))
    except _At as at:
        return at.rejected
    except MemoryError:
        return Rejected("certificate", "checking it needs more memory than there is")


def estimate_work(certificate: bytes, *, dictionary: object) -> int:
    """Return the work that `check` would do, in multiplications of 30-bit digits; 0 if it would be rejected unread."""
    try:
        return _plan(certificate, _subject(dictionary), sys.maxsize).work
    except _At:
        return 0


def _subject(dictionary: object) -> Dictionary:
    if isinstance(dictionary, Dictionary):
        return dictionary
    if isinstance(dictionary, str | Path):
        return read_dictionary(Path(dictionary))
    return dictionary_from_values(dictionary)


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
    parser.add_argument("--dictionary", type=Path, required=True, help="the dictionary: .npy or exact .json")
    parser.add_argument(
        "--work-limit", type=int, default=WORK_LIMIT, help="units of work allowed (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    if options.work_limit < 1:
        parser.error(f"--work-limit is at least 1, not {options.work_limit}")
    try:
        data = _read_bytes(options.certificate)
        dictionary = read_dictionary(options.dictionary)
    except (OSError, SubjectError) as error:
        print(f"checker: {printable(str(error))}", file=sys.stderr)
        return 2
    except MemoryError:
        print("checker: reading these files needs more memory than there is", file=sys.stderr)
        return 2
    try:
        plan = _plan(data, dictionary, options.work_limit)
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


def describe(claim: Statement) -> str:
    """Return a claim as one line of text, long values cut."""
    fields = (f"{name} {_short(value)}" for name, value in sorted(claim.items()) if name != "kind")
    return printable(f"{claim['kind']}: " + ", ".join(fields))


def _short(value: object) -> str:
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
