"""sparse-verify: prove what a dictionary guarantees about its sparse codes.

    >>> import verify
    >>> result = verify.check_dictionary(verify.load("builtin:identity-hadamard:64"), sparsity=4)
    >>> result.levels.l1.guaranteed
    4

Importing this package loads no numerical library; each name below is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .certify.certificate import Certificate
    from .certify.check import CheckResult, Unchecked, check_dictionary
    from .certify.check_deep import DeepCheckResult, check_deep_dictionary
    from .certify.recover import RecoveryResult, phase_transition, recover
    from .certify.solve import SolveResult, solve_problem, solve_problems
    from .dictionaries.deep import DeepDictionary
    from .dictionaries.dictionary import Dictionary
    from .dictionaries.export import export
    from .dictionaries.load_signals import load_signals
    from .dictionaries.signals import Signals
    from .dictionaries.sources import load
    from .errors import CheckerDisagreementError, ContradictionError, InputError, LimitError, VerifyError
    from .facts.measure import Facts, measure
    from .judge import Level, Levels
    from .theorems import THEOREMS, theorem
    from .verdict import Guaranteed, Question, Refuted, Scaling, Undecided, Verdict

    __version__: str

_HOME = {
    "Certificate": ".certify.certificate",
    "CheckResult": ".certify.check",
    "CheckerDisagreementError": ".errors",
    "ContradictionError": ".errors",
    "DeepCheckResult": ".certify.check_deep",
    "DeepDictionary": ".dictionaries.deep",
    "Dictionary": ".dictionaries.dictionary",
    "Facts": ".facts.measure",
    "Guaranteed": ".verdict",
    "InputError": ".errors",
    "Level": ".judge",
    "Levels": ".judge",
    "LimitError": ".errors",
    "Question": ".verdict",
    "RecoveryResult": ".certify.recover",
    "Refuted": ".verdict",
    "Scaling": ".verdict",
    "Signals": ".dictionaries.signals",
    "SolveResult": ".certify.solve",
    "THEOREMS": ".theorems",
    "Unchecked": ".certify.check",
    "Undecided": ".verdict",
    "Verdict": ".verdict",
    "VerifyError": ".errors",
    "check_deep_dictionary": ".certify.check_deep",
    "check_dictionary": ".certify.check",
    "export": ".dictionaries.export",
    "load": ".dictionaries.sources",
    "load_signals": ".dictionaries.load_signals",
    "measure": ".facts.measure",
    "solve_problem": ".certify.solve",
    "solve_problems": ".certify.solve",
    "phase_transition": ".certify.recover",
    "recover": ".certify.recover",
    "theorem": ".theorems",
}

__all__ = [
    "THEOREMS",
    "Certificate",
    "CheckResult",
    "CheckerDisagreementError",
    "ContradictionError",
    "DeepCheckResult",
    "DeepDictionary",
    "Dictionary",
    "Facts",
    "Guaranteed",
    "InputError",
    "Level",
    "Levels",
    "LimitError",
    "Question",
    "RecoveryResult",
    "Refuted",
    "Scaling",
    "Signals",
    "SolveResult",
    "Unchecked",
    "Undecided",
    "Verdict",
    "VerifyError",
    "__version__",
    "check_deep_dictionary",
    "check_dictionary",
    "export",
    "load",
    "load_signals",
    "measure",
    "phase_transition",
    "recover",
    "solve_problem",
    "solve_problems",
    "theorem",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module(".versions", __name__).VERSION
    if name in _HOME:
        return getattr(import_module(_HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
