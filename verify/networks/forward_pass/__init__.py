"""The forward pass of a network as thresholding: which supports it provably finds (docs/forward-pass.md)."""

from .codes import LayerCodes, Rule
from .densities import Density, densities
from .layers import MeasuredLayer, measured_layers
from .passes import ForwardPass, LayerPass, forward_pass
from .simulated import Frequency, observed_frequency
from .typical import TypicalPass, typical_pass

__all__ = [
    "Density",
    "ForwardPass",
    "Frequency",
    "LayerCodes",
    "LayerPass",
    "MeasuredLayer",
    "Rule",
    "TypicalPass",
    "densities",
    "forward_pass",
    "measured_layers",
    "observed_frequency",
    "typical_pass",
]
