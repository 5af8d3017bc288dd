"""Valid certificates of both kinds, about dictionaries alone and about signals too."""

from __future__ import annotations

from certificate_samples import SAMPLES, Sample
from certificate_samples import sample as dictionary_sample
from problem_samples import PROBLEM_SAMPLES, ProblemSample, problem_sample

import certificates

AnySample = Sample | ProblemSample
ALL_SAMPLES = SAMPLES + PROBLEM_SAMPLES


def sample(name: str) -> AnySample:
    return dictionary_sample(name) if name in SAMPLES else problem_sample(name)


def sound(one: AnySample, content: dict) -> bool:
    """Check edited content; if it is accepted, every claim is true. Return whether it was accepted."""
    found = one.check(content)
    if isinstance(found, certificates.Rejected):
        assert found.step
        assert found.why
        return False
    for statement in found.claims:
        assert one.truth.holds(statement) is True, statement
    return True
