"""Somebody sends a dictionary and a certificate. What do they guarantee, without trusting the sender?

The checker needs the standard library only: `certificates.check`, or `python -I -S certificates/checker.py` by hand.
"""

import tempfile
from pathlib import Path

import certificates
import verify


def main() -> None:
    """Accept an honest certificate, reject the same certificate for another dictionary."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "steiner.json"
        sent = verify.load("builtin:steiner:6x16")
        verify.check_dictionary(sent).certificate.save(certificate)
        verify.export(sent, Path(folder) / "steiner.npy")

        answer = certificates.check(certificate, dictionary=Path(folder) / "steiner.npy")
        assert isinstance(answer, certificates.Accepted)
        for claim in answer.claims:
            print(certificates.describe(claim))
        print("relied on:", *answer.relied_on, sep="\n  ")

        other = [[1, 0, 1], [0, 1, 1]]
        answer = certificates.check(certificate, dictionary=other)
        assert isinstance(answer, certificates.Rejected)
        print("for another dictionary:", answer.why)


if __name__ == "__main__":
    main()
