"""How the command line hands a certificate and a source to the independent checker."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import certificates
from certificates.checker import WORK_LIMIT

from ..certify.check import as_subject
from ..dictionaries import load
from ..errors import InputError
from ..files import reason, shown
from .options import Atoms

_READ_BY_THE_CHECKER = (".npy", ".json")


def run_checker(
    certificate: Path, source: str, atoms: Atoms, work_limit: int | None
) -> certificates.Accepted | certificates.Rejected:
    """Run the checker; raise InputError if the certificate or the dictionary cannot be read."""
    limit = WORK_LIMIT if work_limit is None else work_limit
    try:
        if atoms is Atoms.columns and Path(source).suffix.lower() in _READ_BY_THE_CHECKER:
            with contextlib.suppress(certificates.SubjectError):  # then the loader says what is wrong, or reads it
                return certificates.check(certificate, dictionary=source, work_limit=limit)
        dictionary = load(source, atoms=atoms.value)
        answer = certificates.check(certificate, dictionary=as_subject(dictionary), work_limit=limit)
    except OSError as error:
        raise InputError(f"{shown(certificate)}: cannot be read: {reason(error)}") from None
    if isinstance(answer, certificates.Accepted):
        loader = f"verify's loader {dictionary.origin.loader!r}, for reading the dictionary handed in"
        return replace(answer, relied_on=(*answer.relied_on, loader))
    return answer
