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
    from .certify.check_algebraic import AlgebraicCheckResult, check_algebraic_dictionary
    from .certify.check_convolutional import ConvolutionalResult, check_convolutional
    from .certify.check_deep import DeepCheckResult, check_deep_dictionary
    from .certify.convolutional_network import ConvolutionalCertificate, certify_convolutional_network
    from .certify.more_facts import Also, MoreFacts
    from .certify.network import NetworkCertificate, certify_network
    from .certify.recover import RecoveryResult, phase_transition, recover
    from .certify.solve import SolveResult, solve_problem, solve_problems
    from .dictionaries.algebraic import AlgebraicDictionary, load_algebraic
    from .dictionaries.composed import composed
    from .dictionaries.convolutional import ConvolutionalDictionary
    from .dictionaries.deep import DeepDictionary
    from .dictionaries.dictionary import Dictionary
    from .dictionaries.export import export
    from .dictionaries.filters_of import load_convolutional
    from .dictionaries.load_signals import load_signals
    from .dictionaries.signals import Signals
    from .dictionaries.sources import load
    from .errors import CheckerDisagreementError, ContradictionError, InputError, LimitError, VerifyError
    from .facts.convolutional.stripes import patch_sparsity, stripe_sparsity
    from .facts.measure import Facts, measure
    from .judge import Level, Levels
    from .networks.activations import Activation
    from .networks.build import BuiltNetwork, build_unrolled
    from .networks.convolutional.build import BuiltConvolutional, build_convolutional
    from .networks.convolutional.general_construction import SequenceCNN
    from .networks.convolutional.module import ConvolutionalModule
    from .networks.convolutional.stored import load_convolutional_network
    from .networks.convolutional.unrolled import ConvolutionalNetwork
    from .networks.export_onnx import export_onnx
    from .networks.outside import load_outside, network_from_module, network_from_tensors
    from .networks.relu_network import ReluNetwork
    from .networks.sparse_coding_layer import SparseCodingLayer
    from .networks.stored import load_network, save_network
    from .networks.training_bound import training_bound
    from .networks.unrolled import UnrolledNetwork
    from .networks.unrolled_module import UnrolledModule
    from .theorems import THEOREMS, theorem
    from .verdict import Guaranteed, Question, Refuted, Scaling, Undecided, Verdict

    __version__: str

_HOME = {
    "Activation": ".networks.activations",
    "AlgebraicCheckResult": ".certify.check_algebraic",
    "AlgebraicDictionary": ".dictionaries.algebraic",
    "Also": ".certify.more_facts",
    "BuiltConvolutional": ".networks.convolutional.build",
    "BuiltNetwork": ".networks.build",
    "Certificate": ".certify.certificate",
    "CheckResult": ".certify.check",
    "CheckerDisagreementError": ".errors",
    "ContradictionError": ".errors",
    "ConvolutionalCertificate": ".certify.convolutional_network",
    "ConvolutionalDictionary": ".dictionaries.convolutional",
    "ConvolutionalModule": ".networks.convolutional.module",
    "ConvolutionalNetwork": ".networks.convolutional.unrolled",
    "ConvolutionalResult": ".certify.check_convolutional",
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
    "NetworkCertificate": ".certify.network",
    "Question": ".verdict",
    "RecoveryResult": ".certify.recover",
    "Refuted": ".verdict",
    "ReluNetwork": ".networks.relu_network",
    "Scaling": ".verdict",
    "SequenceCNN": ".networks.convolutional.general_construction",
    "Signals": ".dictionaries.signals",
    "SolveResult": ".certify.solve",
    "SparseCodingLayer": ".networks.sparse_coding_layer",
    "THEOREMS": ".theorems",
    "Unchecked": ".certify.check",
    "Undecided": ".verdict",
    "UnrolledModule": ".networks.unrolled_module",
    "UnrolledNetwork": ".networks.unrolled",
    "Verdict": ".verdict",
    "VerifyError": ".errors",
    "build_convolutional": ".networks.convolutional.build",
    "build_unrolled": ".networks.build",
    "certify_convolutional_network": ".certify.convolutional_network",
    "certify_network": ".certify.network",
    "check_algebraic_dictionary": ".certify.check_algebraic",
    "check_convolutional": ".certify.check_convolutional",
    "check_deep_dictionary": ".certify.check_deep",
    "check_dictionary": ".certify.check",
    "composed": ".dictionaries.composed",
    "export": ".dictionaries.export",
    "export_onnx": ".networks.export_onnx",
    "load": ".dictionaries.sources",
    "load_algebraic": ".dictionaries.algebraic",
    "load_convolutional": ".dictionaries.filters_of",
    "load_convolutional_network": ".networks.convolutional.stored",
    "load_network": ".networks.stored",
    "load_outside": ".networks.outside",
    "load_signals": ".dictionaries.load_signals",
    "measure": ".facts.measure",
    "network_from_module": ".networks.outside",
    "network_from_tensors": ".networks.outside",
    "patch_sparsity": ".facts.convolutional.stripes",
    "phase_transition": ".certify.recover",
    "recover": ".certify.recover",
    "save_network": ".networks.stored",
    "solve_problem": ".certify.solve",
    "solve_problems": ".certify.solve",
    "stripe_sparsity": ".facts.convolutional.stripes",
    "theorem": ".theorems",
    "training_bound": ".networks.training_bound",
}

__all__ = [
    "THEOREMS",
    "Activation",
    "AlgebraicCheckResult",
    "AlgebraicDictionary",
    "Also",
    "BuiltConvolutional",
    "BuiltNetwork",
    "Certificate",
    "CheckResult",
    "CheckerDisagreementError",
    "ContradictionError",
    "ConvolutionalCertificate",
    "ConvolutionalDictionary",
    "ConvolutionalModule",
    "ConvolutionalNetwork",
    "ConvolutionalResult",
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
    "SequenceCNN",
    "Signals",
    "SolveResult",
    "SparseCodingLayer",
    "Unchecked",
    "Undecided",
    "UnrolledModule",
    "UnrolledNetwork",
    "Verdict",
    "VerifyError",
    "__version__",
    "build_convolutional",
    "build_unrolled",
    "certify_convolutional_network",
    "certify_network",
    "check_algebraic_dictionary",
    "check_convolutional",
    "check_deep_dictionary",
    "check_dictionary",
    "composed",
    "export",
    "export_onnx",
    "load",
    "load_algebraic",
    "load_convolutional",
    "load_convolutional_network",
    "load_network",
    "load_outside",
    "load_signals",
    "measure",
    "network_from_module",
    "network_from_tensors",
    "patch_sparsity",
    "phase_transition",
    "recover",
    "save_network",
    "solve_problem",
    "solve_problems",
    "stripe_sparsity",
    "theorem",
    "training_bound",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module(".versions", __name__).VERSION
    if name in _HOME:
        return getattr(import_module(_HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
