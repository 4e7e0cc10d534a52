"""One file that proves one entry, without the log: its index, the way to the root, the signed checkpoint.

Source: C2SP tlog-proof. Kept as ``….tlog-proof``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tracker.tlog import checkpoint, note, text, tree
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import BadSignature, Malformed
from tracker.tlog.keys import LOG, PublicKey

_HEADER: Final = "c2sp.org/tlog-proof@v1"
#: A note, 63 hashes, and room for what an application adds.
LARGEST: Final = 1_048_576


@dataclass(frozen=True)
class Proof:
    """``signed`` is the checkpoint as served. Nobody signed ``extra``: never trust it for its own sake."""

    index: int
    hashes: Sequence[tree.Hash]
    signed: bytes
    extra: bytes | None = None

    @property
    def data(self) -> bytes:
        """The file."""
        extra = [] if self.extra is None else [f"extra {text.to_base64(self.extra)}"]
        lines = [_HEADER, *extra, f"index {self.index}", *map(text.to_base64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.signed

    def verify(self, entry: bytes, key: PublicKey) -> Checkpoint:
        """The checkpoint, once it is signed and holds the entry; `BadSignature`, `BadProof` or `Malformed` if not."""
        opened = open_checkpoint(self.signed, key)
        tree.verify_inclusion(tree.leaf_hash(entry), self.index, opened.size, self.hashes, opened.root)
        return opened


def parse(data: bytes) -> Proof:
    """Read the file, strictly."""
    if len(data) > LARGEST:
        raise Malformed(f"a proof has at most {LARGEST} bytes")
    head, blank, signed = data.partition(b"\n\n")
    lines = text.plain(head, "the proof").split("\n")
    if not blank or lines.pop(0) != _HEADER:
        raise Malformed(f"a proof begins with {_HEADER} and holds a blank line before the checkpoint")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = text.from_base64(lines.pop(0).removeprefix("extra "), "the extra data")
        if not extra:
            raise Malformed("extra data that is empty is left out")
    if not lines or not lines[0].startswith("index "):
        raise Malformed("a proof names its index")
    index = text.decimal(lines.pop(0).removeprefix("index "), "the index")
    hashes = tuple(text.from_base64(line, "a hash of the proof") for line in lines)
    if any(len(one) != tree.HASH_SIZE for one in hashes):
        raise Malformed("a hash of the proof has 32 bytes")
    note.parse(signed)
    return Proof(index, hashes, signed, extra)


def open_checkpoint(signed: bytes, key: PublicKey, witnesses: Iterable[PublicKey] = ()) -> Checkpoint:
    """What the log with this key has signed. Its origin is the name of the key; witnesses named here must have signed.

    A key of another kind is refused: that a witness saw a checkpoint does not make it the word of the log.
    """
    demanded = {key, *witnesses}
    opened = note.open_note(signed, demanded)
    for name in demanded - opened.signers.keys():
        raise BadSignature(f"{name.name} has not signed this checkpoint")
    parsed = checkpoint.parse(opened.text)
    if key.kind != LOG or parsed.origin != key.name:
        raise BadSignature(f"the key of {key.name} does not speak for the log {parsed.origin}")
    return parsed
