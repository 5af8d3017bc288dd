"""The errors of the producer: each message says what came and what was wanted, in one line."""


class VerifyError(Exception):
    """Base of all errors that `verify` raises on purpose."""


class InputError(VerifyError, ValueError):
    """What the user handed in cannot be used: unreadable, of the wrong shape, not a dictionary."""


class LimitError(InputError):
    """The input is fine, but the work or the memory would not fit; the message says how much and what to do."""


class CheckerDisagreementError(VerifyError):
    """The independent checker rejected a certificate written here: a bug, never a verdict."""


class ContradictionError(VerifyError):
    """Two theorems contradict each other on one dictionary: a bug, never a verdict."""
