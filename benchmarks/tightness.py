"""How much of every bound an attack has reached, for the pages of documentation.

    python -m verify theorems test --instances 20000 --time-limit 600 --format json > attacks.json
    python benchmarks/tightness.py attacks.json
    python -m verify theorems pages

Keeps of each statement the instances and the largest ratio, exact and rounded down; refuses a run with a violation.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "verify" / "theorems" / "pages" / "tightness.json"


def main() -> None:
    found = json.loads(Path(sys.argv[1]).read_text())["theorems"]
    wrong = [entry["id"] for entry in found if entry["violated"] or entry["error"]]
    if wrong:
        sys.exit(f"violated, or not attacked: {', '.join(wrong)}")
    kept = {entry["id"]: {"instances": entry["instances"], "ratio": entry["max_ratio"]} for entry in found}
    TARGET.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")


if __name__ == "__main__":
    main()
