"""T_t(v) = relu(v - t) - relu(-v - t)."""

from .language.code_variables import THRESHOLD, V
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="lfz2024-lemma-14",
    title="Soft thresholding by two ReLU units",
    section=Section.networks,
    variables=(V, THRESHOLD),
    hypotheses=(),
    constants={"shrunk": "Max(v - t, 0) - Max(-v - t, 0)"},
    conclusion="T_t(v) = sign(v) max(|v| - t, 0) equals relu(v - t) - relu(-v - t), for every real v.",
    proof="Since t >= 0, at most one of v - t and -v - t is positive: the first if v > t, the second if v < -t.",
    source="Li, Feng, Zhou 2024, lemma 14",
    status=Status.proved,
    remark="One ReLU unit cannot: it is monotone with a kink where T_t has two. For t < 0 the identity is false.",
    observables=(Observable(quantity="soft_threshold", relation="=", bound="shrunk"),),
)
