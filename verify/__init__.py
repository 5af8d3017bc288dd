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
    from .certify.more_facts import Also, MoreFacts
    from .certify.network import NetworkCertificate, certify_network
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
    from .networks.activations import Activation
    from .networks.build import BuiltNetwork, build_unrolled
    from .networks.export_onnx import export_onnx
    from .networks.outside import load_outside, network_from_module, network_from_tensors
    from .networks.relu_network import ReluNetwork
    from .networks.stored import load_network, save_network
    from .networks.unrolled import UnrolledNetwork
    from .networks.unrolled_module import UnrolledModule
    from .theorems import THEOREMS, theorem
    from .verdict import Guaranteed, Question, Refuted, Scaling, Undecided, Verdict

    __version__: str

_HOME = {
    "Activation": ".networks.activations",
    "Also": ".certify.more_facts",
    "BuiltNetwork": ".networks.build",
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
    "MoreFacts": ".certify.more_facts",
    "Question": ".verdict",
    "RecoveryResult": ".certify.recover",
    "NetworkCertificate": ".certify.network",
    "Refuted": ".verdict",
    "ReluNetwork": ".networks.relu_network",
    "Scaling": ".verdict",
    "Signals": ".dictionaries.signals",
    "SolveResult": ".certify.solve",
    "THEOREMS": ".theorems",
    "Unchecked": ".certify.check",
    "Undecided": ".verdict",
    "UnrolledModule": ".networks.unrolled_module",
    "UnrolledNetwork": ".networks.unrolled",
    "Verdict": ".verdict",
    "VerifyError": ".errors",
    "build_unrolled": ".networks.build",
    "certify_network": ".certify.network",
    "check_deep_dictionary": ".certify.check_deep",
    "check_dictionary": ".certify.check",
    "export": ".dictionaries.export",
    "export_onnx": ".networks.export_onnx",
    "load": ".dictionaries.sources",
    "load_network": ".networks.stored",
    "load_outside": ".networks.outside",
    "load_signals": ".dictionaries.load_signals",
    "measure": ".facts.measure",
    "network_from_module": ".networks.outside",
    "network_from_tensors": ".networks.outside",
    "phase_transition": ".certify.recover",
    "recover": ".certify.recover",
    "save_network": ".networks.stored",
    "solve_problem": ".certify.solve",
    "solve_problems": ".certify.solve",
    "theorem": ".theorems",
}

__all__ = [
    "THEOREMS",
    "Activation",
    "Also",
    "BuiltNetwork",
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
    "MoreFacts",
    "NetworkCertificate",
    "Question",
    "RecoveryResult",
    "Refuted",
    "ReluNetwork",
    "Scaling",
    "Signals",
    "SolveResult",
    "Unchecked",
    "Undecided",
    "UnrolledModule",
    "UnrolledNetwork",
    "Verdict",
    "VerifyError",
    "__version__",
    "build_unrolled",
    "certify_network",
    "check_deep_dictionary",
    "check_dictionary",
    "export",
    "export_onnx",
    "load",
    "load_network",
    "load_outside",
    "load_signals",
    "measure",
    "network_from_module",
    "network_from_tensors",
    "phase_transition",
    "recover",
    "save_network",
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
