"""Certificates and their checker: the trusted side, standard library only.

    >>> import certificates
    >>> answer = certificates.check("c.json", dictionary="D.npy")  # doctest: +SKIP

`check` answers `Accepted` or `Rejected`. SPEC.md says what a certificate is; `certificates.format` writes one.
"""

from .checker import Accepted, Rejected, check, describe, estimate_work
from .rules.dictionary import Dictionary, SubjectError
from .rules.filter_network import FilterNetwork
from .rules.filters import Filters
from .rules.signals import Signals
from .rules.stored_network import StoredNetwork

__all__ = [
    "Accepted",
    "Dictionary",
    "FilterNetwork",
    "Filters",
    "Rejected",
    "Signals",
    "StoredNetwork",
    "SubjectError",
    "check",
    "describe",
    "estimate_work",
]
