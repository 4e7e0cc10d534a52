"""A checkpoint: whose log, how many entries, which root. Source: C2SP tlog-checkpoint.

The format allows more lines for extensions. Ours has none, and we take none: what nobody reads must not be signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.tlog import text
from tracker.tlog.errors import Malformed
from tracker.tlog.tree import HASH_SIZE, Hash


@dataclass(frozen=True)
class Checkpoint:
    """``origin`` is the address of the log without its scheme, and the name of the key that signs it."""

    origin: str
    size: int
    root: Hash

    def __post_init__(self) -> None:
        text.name(self.origin, "the origin")
        if not 0 <= self.size < text.LIMIT:
            raise Malformed("the size of a log is 0 to 2^63 - 1")
        if len(self.root) != HASH_SIZE:
            raise Malformed("the root of a log has 32 bytes")

    @property
    def text(self) -> str:
        """The three lines that are signed, each with its line feed."""
        return f"{self.origin}\n{self.size}\n{text.to_base64(self.root)}\n"


def parse(given: str) -> Checkpoint:
    """Read the text of a note as a checkpoint."""
    lines = given.split("\n")
    if len(lines) != 4 or lines[3]:
        raise Malformed("a checkpoint has three lines: origin, size, root")
    size = text.decimal(lines[1], "the size")
    return Checkpoint(lines[0], size, text.from_base64(lines[2], "the root"))
