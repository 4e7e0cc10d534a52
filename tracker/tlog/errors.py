"""What can be wrong. Every message is made for people, and names only what is public anyway."""

from __future__ import annotations


class TlogError(Exception):
    """The family of all that this package raises on purpose."""


class Malformed(TlogError):
    """These bytes are not in the format, to the letter."""


class BadSignature(TlogError):
    """A signature by a known key does not fit, or no known key has signed."""


class BadProof(TlogError):
    """This proof does not lead to this root."""


class Unreachable(TlogError):
    """The log cannot be asked: no connection, no time, an answer that is none. It says nothing of its truth."""


class NotServed(TlogError):
    """The log answers, and says that it does not hand this out; ``status`` is its HTTP status."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"{path} is not served ({status})")
        self.status = status


class WrongLog(TlogError):
    """The log is not what it should be. ``findings`` say how, one sentence each; ``note`` is what it had signed."""

    def __init__(self, findings: tuple[str, ...], note: bytes) -> None:
        super().__init__("; ".join(findings))
        self.findings = findings
        self.note = note
