"""How the command line hands a certificate and a source to the independent checker."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import certificates
from certificates.checker import WORK_LIMIT
from certificates.networks import read_network
from certificates.subjects import read_dictionary, read_signals

from ..certify.check import as_subject
from ..certify.solve import signals_as_subject
from ..dictionaries import load
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.load_signals import load_signals
from ..errors import InputError
from ..files import reason, shown
from .handed_in import HandedIn
from .options import Atoms

_READ_BY_THE_CHECKER = (".npy", ".json")


def run_checker(
    certificate: Path | bytes,
    about: HandedIn,
    work_limit: int | None,
    *,
    signal: str | None = None,
    code: str | None = None,
    network: Sequence[Path] | None = None,
) -> certificates.Accepted | certificates.Rejected:
    """Run the checker; raise InputError if the certificate or a subject cannot be read.

    Several sources are a chain. At most one of `signal` and `code` is a file.
    """
    if signal is not None and code is not None:
        raise InputError("expected either --signal FILE or --code FILE, got both")
    role, given = ("signal", signal) if code is None else ("code", code)
    limit = WORK_LIMIT if work_limit is None else work_limit
    sources = about.sources
    if len(sources) > 1 and about.key is not None:
        raise InputError("--key is for one dictionary, and --dictionary is given more than once")
    loaders: list[str] = []
    if len(sources) > 1 and given is not None:
        raise InputError("signals and codes are for one dictionary, and --dictionary is given more than once")
    if not about.is_matrix and len(sources) == 1 and len(network or ()) > 1:
        raise InputError(f"filters have one network, got {len(network or ())}")
    try:
        subjects: dict[str, object] = {}
        if not about.is_matrix:
            subjects["filters"] = about.filter_subject(loaders)
        elif about.is_filters:
            subjects["dictionary"] = [_loaded(about.dictionaries()[0], loaders)]
        else:
            subjects["dictionary"] = [_subject(source, about.atoms, about.key, loaders) for source in sources]
        if given is not None:
            subjects[role] = _signals(given, role, about, loaders)
        if network:
            networks = list(map(read_network, network))
            subjects["network"] = networks if about.is_matrix or len(sources) > 1 else networks[0]
        answer = certificates.check(certificate, work_limit=limit, **subjects)
    except OSError as error:
        name = "the network" if isinstance(certificate, bytes) else shown(certificate)
        raise InputError(f"{name}: cannot be read: {reason(error)}") from None
    except certificates.SubjectError as error:  # what the checker does not take, or what does not fit the dictionary
        raise InputError(str(error)) from None
    if isinstance(answer, certificates.Accepted):
        return replace(answer, relied_on=(*answer.relied_on, *dict.fromkeys(loaders)))
    return answer


def _subject(source: str, atoms: Atoms, key: str | None, loaders: list[str]) -> object:
    """Return the dictionary: read by the checker itself if it can, else by verify's loader, which is then noted."""
    if atoms is Atoms.columns and Path(source).suffix.lower() in _READ_BY_THE_CHECKER:
        with contextlib.suppress(certificates.SubjectError):  # then the loader says what is wrong, or reads it
            return read_dictionary(Path(source))
    return _loaded(load(source, atoms=atoms.value, key=key), loaders)


def _loaded(dictionary: Dictionary, loaders: list[str]) -> object:
    loaders.append(f"verify's loader {dictionary.origin.loader!r}, for reading the dictionary handed in")
    return as_subject(dictionary)


def _signals(source: str, role: str, about: HandedIn, loaders: list[str]) -> object:
    arranged = about.signals(source, role)
    if arranged is None and Path(source).suffix.lower() in _READ_BY_THE_CHECKER:
        with contextlib.suppress(certificates.SubjectError):
            return read_signals(Path(source), role)
    signals = load_signals(source) if arranged is None else arranged
    loaders.append(f"verify's loader {signals.origin.loader!r}, for reading the {role}s handed in")
    return signals_as_subject(signals, role)
