"""A network of convolutions in plain words, and its numbers as short decimals that are rounded up."""

from __future__ import annotations

from ..convolutional.claim_words import sizes_in_words
from ..convolutional.words import by, filters_in_words
from ..sentences import Sentence, duration
from .convolutional import ConvolutionalNetworkReport, FilterSeen
from .words import number, ratio, upper

OBSERVED = (
    "What was seen is observed, not proved: floats, the greatest errors over crowded codes, with as many nonzeros as "
    "the stripes allow. The bounds hold for every code of the class, of every size."
)
_WORDS = {"guaranteed": "Proved", "refuted": "Nothing promised", "unchecked": "Unchecked", "undecided": "Observed"}


def filters_text(report: ConvolutionalNetworkReport) -> str:
    """Return the filters in words."""
    subject = report.subject
    return filters_in_words(subject.shape, subject.stride, subject.boundary)


def setting(report: ConvolutionalNetworkReport) -> str:
    """Return the class and the arithmetic in one line."""
    codes, network = report.codes, report.network
    sign = ", none negative" if network.code == "nonnegative" else ""
    noise = f"noise of norm at most {number(codes.noise)} under the taps of each atom" if codes.noise else "no noise"
    return (
        f"codes with {_class(report)}, entries of at most {number(codes.bound)}{sign}, {noise}; {network.layers} "
        f"layers of convolutions, {network.dtype}, {codes.arithmetic} arithmetic; {filters_text(report)}"
    )


def _class(report: ConvolutionalNetworkReport) -> str:
    many = report.codes.sparsity
    return f"at most {many} nonzero{'' if many == 1 else 's'} in each stripe ({report.stripe} atoms), any number in all"


def sentences(report: ConvolutionalNetworkReport) -> list[tuple[Sentence, str]]:
    """Return what is proved of the network, or that nothing is, and what was seen, each with its first word."""
    found = [_promise(report)]
    seen, linf = report.seen, report.linf
    if seen is not None:
        share = "" if not linf else f", {ratio(seen.linf, linf)} of the bound"
        text = f": the greatest error of an entry seen is {seen.linf:.4g}{share}, on {seen.trials} "
        text += f"codes of size {_tried(seen)}, with up to {seen.nonzeros} nonzeros, on {seen.device}."
        found.append(Sentence("undecided", text))
    return [(sentence, _WORDS[sentence.tone]) for sentence in found]


def _tried(seen: FilterSeen) -> str:
    if len(seen.sizes) == 1:
        return by(seen.lengths)
    return f"{' and '.join(map(by, seen.sizes))} (the greatest at {by(seen.lengths)})"


def _promise(report: ConvolutionalNetworkReport) -> Sentence:
    linf, bound = report.linf, number(report.codes.bound)
    if linf is None:
        return Sentence("refuted", f": for codes with {_class(report)}, this network has no bound at all.")
    if report.broken is not None:
        text = f": for codes with {_class(report)}, this network ends with no bound below {bound}, that of the code 0;"
        return Sentence("refuted", f"{text} layer {report.broken} breaks it, and the bound never gets as low again.")
    most = ", the most for which it promises anything" if report.searched else ""
    text = (
        f": for signals of {sizes_in_words(report.sizes or '')}, every code with {_class(report)}{most}, is found with "
        f"an error of at most {upper(linf)} in every entry; rounding is included."
    )
    if report.status == "checked":
        return Sentence("guaranteed", text)
    took = "" if report.check_seconds is None else f" Checking takes {duration(report.check_seconds)} (estimated)."
    return Sentence("unchecked", f"{text}{took}")


def header(report: ConvolutionalNetworkReport) -> list[str]:
    """Return the header of `rows`."""
    return ["layer", "bound on", "bound off", *(() if report.seen is None else ("seen on", "seen off", "ratio"))]


def rows(report: ConvolutionalNetworkReport) -> list[list[str]]:
    """Return the table of layers: bounds on and off the support, what was seen, and how much of the bound that is."""
    found: list[list[str]] = []
    for at, (on, off) in enumerate(zip(report.on, report.off, strict=True)):
        row = [str(at + 1), upper(on), upper(off)]
        if report.seen is not None:
            row += [f"{report.seen.on[at]:.4g}", f"{report.seen.off[at]:.4g}"]
            row.append(ratio(max(report.seen.on[at], report.seen.off[at]), max(on, off)))
        found.append(row)
    return found


def floor(report: ConvolutionalNetworkReport) -> str:
    """Return where the final bound comes from, in one line."""
    shares = ", ".join(f"{name} {value:.3g}" for name, value in report.floor.items())
    return f"Shares of the final bound, estimated: {shares}. The rest shrinks with more layers."
