"""Does a frame attain the Welch bound, or does it only look like that in floating point?

Three atoms of the plane at 120 degrees have mu = 1/2, the least that three atoms in two dimensions can have.
In binary64 their coherence is a number close to 1/2. As expressions they are the true frame, and equality is proved.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import verify

rows = [["0", "sin(2*pi/3)", "sin(4*pi/3)"], [1, "cos(2*pi/3)", "cos(4*pi/3)"]]
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "frame.json"
    path.write_text(json.dumps({"expressions": rows}))
    exact = verify.check_algebraic_dictionary(verify.load_algebraic(path), sparsity=1)
rounded = verify.check_dictionary(verify.load("builtin:mercedes-benz"), sparsity=1)

mu2, bound = exact.facts.coherence.rational, exact.facts.welch_squared
print(f"as expressions: mu^2 = {mu2}, the Welch bound squared is {bound}; equal: {exact.facts.welch_attained}")
print(f"in binary64:    mu^2 - 1/4 = {float(rounded.facts.coherence.squared - bound):.2e}")
print(f"basis pursuit at level 1: {type(exact.verdicts[0]).__name__} (proved here, not independently checked)")

assert mu2 == bound
assert rounded.facts.coherence.squared != bound
assert isinstance(exact.verdicts[0], verify.Guaranteed)
