"""Facts from filters beside those of the matrix of all shifts, on the smallest size that shows them all, in one run.

    python benchmarks/convolutional.py [FILTERS.npy --axes hwc] [--skip-weights]

Without a file: ../shared/data/alista_conv_7x7x64.npy, 64 filters 7 x 7, if it is there. The smallest size that shows
every shift has a code of (t-1)//stride + 1 positions on each axis. The second case is a random layer 3 x 3 x 256 -> 256
in float32. "From the matrix" is building it, and then its exact coherence (or its Babel function, for the atoms that it
has: stripes are whole in larger ones only).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.filters_of import load_convolutional
from verify.errors import LimitError
from verify.facts.babel import babel
from verify.facts.coherence import mutual_coherence
from verify.facts.convolutional.babel import convolutional_babel
from verify.facts.convolutional.coherence import convolutional_coherence
from verify.facts.convolutional.generalized import convolutional_generalized

PUBLISHED = Path(__file__).parents[1].parent / "shared" / "data" / "alista_conv_7x7x64.npy"


def timed(work: Callable[[], object], repeats: int = 1) -> tuple[float, float, object]:
    """Return the best seconds, the seconds of processors in that run, and the result."""
    best = (np.inf, np.inf, None)
    for _ in range(repeats):
        start, used = time.perf_counter(), time.process_time()
        result = work()
        best = min(best, (time.perf_counter() - start, time.process_time() - used, result), key=lambda found: found[0])
    return best


def case(name: str, dictionary: ConvolutionalDictionary, *, weights: bool) -> None:
    code = tuple(r + 1 for r in dictionary.reach)
    rows, columns = dictionary.channels[1], dictionary.channels[0] * int(np.prod(code))
    for n in dictionary.signal_lengths(code):
        rows *= n
    print(f"{name}; the matrix of codes {code} is {rows} x {columns}")
    seconds, used, mu = timed(lambda: convolutional_coherence(dictionary), 3)
    print(f"  mu from filters       {seconds:9.3f} s ({used:.3f} s of processors), mu = {float(mu.squared) ** 0.5:.9f}")
    babel_seconds, babel_used, found = timed(lambda: convolutional_babel(dictionary, mu))
    print(f"  Babel from filters    {babel_seconds:9.3f} s ({babel_used:.3f} s), {len(found.upper)} levels")
    try:
        other, used, truth = timed(lambda: mutual_coherence(dictionary.matrix(code)))
        print(f"  mu from the matrix    {other:9.3f} s ({used:.3f} s), ratio {other / seconds:.0f}")
        assert truth.squared == mu.squared
        other, used, _ = timed(lambda: babel(dictionary.matrix(code), truth))
        print(f"  Babel from the matrix {other:9.3f} s ({used:.3f} s), ratio {other / babel_seconds:.1f}")
    except LimitError as error:
        print(f"  from the matrix: {error}")
    if weights:
        seconds, used, found = timed(lambda: convolutional_generalized(dictionary))
        width = float(max(found.upper) / found.lower) - 1 if found.lower else np.inf
        value = f"mu~ <= {float(max(found.upper)):.9f}, relative width {width:.1e}"
        print(f"  mu~ from filters      {seconds:9.3f} s ({used:.3f} s), {value}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("filters", nargs="?", default=PUBLISHED)
    parser.add_argument("--axes", default="hwc")
    parser.add_argument("--skip-weights", action="store_true")
    options = parser.parse_args()
    import scipy.linalg  # noqa: F401 - imports are not timed

    if Path(options.filters).exists():
        dictionary = load_convolutional(options.filters, axes=options.axes)
        case(Path(options.filters).name, dictionary, weights=not options.skip_weights)
    layer = np.random.default_rng(0).standard_normal((256, 256, 3, 3), dtype=np.float32)
    case("random layer 3 x 3 x 256 -> 256", ConvolutionalDictionary.of(layer), weights=False)


if __name__ == "__main__":
    main()
