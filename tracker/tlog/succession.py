"""The end of a log, in a signed statement, and which log goes on: for who lost entries that were signed.

A log that lost entries may sign nothing more under its name: two histories under one name are a fork. It is closed by
a note over the lines of `Succession`, signed by its own keys and by the key of its successor. The first line is no
origin, so nobody takes the note for a checkpoint. The successor begins with the entries that were kept, and signs
under another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tracker.tlog import note, text
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import BadSignature, Malformed
from tracker.tlog.keys import LOG, PrivateKey, PublicKey, parse_vkey

#: The path of the statements below the prefix of a log, each under its number from 0 on.
FOLDER: Final = "succession"
#: A chain of successors that is longer is not followed.
MOST: Final = 100
_HEADER: Final = "accountability-tracker/log-succession/v1"
#: The most characters of the reason.
REASON: Final = 300


@dataclass(frozen=True)
class Succession:
    """``closed`` are the keys that signed the log that ended, ``signed`` is the last state that they signed, ``kept``
    the beginning of it with which the log of ``successor`` begins; ``because`` says why, in the words of an operator.
    """

    closed: tuple[PublicKey, ...]
    signed: Checkpoint
    kept: Checkpoint
    successor: PublicKey
    because: str

    def __post_init__(self) -> None:
        names = {key.name for key in self.closed}
        if names != {self.signed.origin} or self.kept.origin != self.signed.origin:
            raise Malformed("a statement closes one log, by its own keys")
        if self.successor.name in names or {key.kind for key in (*self.closed, self.successor)} != {LOG}:
            raise Malformed("the successor is a log of another name")
        if self.kept.size > self.signed.size:
            raise Malformed("a log cannot keep more than was signed")
        if not self.because.strip() or len(self.because) > REASON or not self.because.isprintable():
            raise Malformed(f"the reason is one line of 1 to {REASON} characters")

    @property
    def lost(self) -> int:
        """How many entries were signed and are not there any more."""
        return self.signed.size - self.kept.size

    @property
    def text(self) -> str:
        """The lines that are signed."""
        lines = [_HEADER, *(f"closed {key.vkey}" for key in self.closed)]
        for what, at in (("signed", self.signed), ("kept", self.kept)):
            lines.append(f"{what} {at.size} {text.to_base64(at.root)}")
        return "\n".join([*lines, f"successor {self.successor.vkey}", f"because {self.because}", ""])


def sign_succession(statement: Succession, closed: Sequence[PrivateKey], successor: PrivateKey) -> bytes:
    """The statement, signed by the keys of both logs."""
    return note.sign(statement.text, *closed, successor)


def open_succession(data: bytes) -> Succession:
    """Read a statement, once every key that it names has signed it. Whether to believe one of these keys is for the
    reader to know. Raises `Malformed` or `BadSignature`."""
    statement = _parse(note.parse(data).text)
    signers = note.open_note(data, (*statement.closed, statement.successor)).signers
    for key in (*statement.closed, statement.successor):
        if key not in signers:
            raise BadSignature(
                f"{key.name} has not signed the statement that closes {statement.signed.origin}"
            )
    return statement


def _parse(given: str) -> Succession:
    lines = given.split("\n")
    if len(lines) < 7 or lines[0] != _HEADER or lines[-1]:
        raise Malformed(f"a statement that closes a log begins with {_HEADER} and has six lines or more")
    closed = tuple(parse_vkey(_after("closed ", line)) for line in lines[1:-5])
    signed, kept = (
        _read_state(closed[0].name, _after(f"{what} ", line))
        for what, line in zip(("signed", "kept"), lines[-5:-3], strict=True)
    )
    successor = parse_vkey(_after("successor ", lines[-3]))
    statement = Succession(closed, signed, kept, successor, _after("because ", lines[-2]))
    if statement.text != given:
        raise Malformed("this statement has another spelling than the one that is signed")
    return statement


def _read_state(origin: str, written: str) -> Checkpoint:
    size, _space, root = written.partition(" ")
    return Checkpoint(origin, text.decimal(size, "the size"), text.from_base64(root, "the root"))


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise Malformed(f"a line of the statement should begin with {word.strip()!r}")
    return line.removeprefix(word)
