"""Signed notes: a text, a blank line, and a line for each signature. Source: C2SP signed-note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tracker.tlog import text
from tracker.tlog.errors import BadSignature, Malformed
from tracker.tlog.keys import PrivateKey, PublicKey

#: Room for sixteen signatures of the largest kind that a log meets.
LARGEST: Final = 65_536
_DASH: Final = "\u2014 "


@dataclass(frozen=True)
class Signature:
    """One line, not yet checked: ``data`` is what follows the key id."""

    name: str
    id: bytes
    data: bytes

    @property
    def line(self) -> str:
        """With its line feed."""
        return f"{_DASH}{self.name} {text.to_base64(self.id + self.data)}\n"


@dataclass(frozen=True)
class Note:
    """A note that was read. Believe nothing of it before it is opened."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def data(self) -> bytes:
        """As it is served."""
        return (self.text + "\n" + "".join(one.line for one in self.signatures)).encode()


@dataclass(frozen=True)
class Opened:
    """A note that known keys have signed, and the time that each gives; a log gives none."""

    text: str
    signers: Mapping[PublicKey, int | None]


def signature(key: PrivateKey, note_text: str, time: int | None = None) -> Signature:
    """The signature of a key under a text, to be added to its note."""
    return Signature(key.name, key.public.id, key.sign(note_text, time))


def sign(note_text: str, *signers: PrivateKey) -> bytes:
    """The note of a log; more than one key signs while one takes the place of another."""
    made = Note(note_text, tuple(signature(key, note_text) for key in signers)).data
    parse(made)  # whatever we could not read again is never handed out
    return made


def parse(data: bytes) -> Note:
    """Take a note apart. Strict: a verifier that reads what others refuse can be shown another text than they."""
    if len(data) > LARGEST:
        raise Malformed(f"a note has at most {LARGEST} bytes")
    whole = text.plain(data, "the note")
    head, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Malformed("a note is a text, a blank line, and signature lines, each ended by a line feed")
    return Note(head + "\n", tuple(_signature(line) for line in tail[:-1].split("\n")))


def open_note(data: bytes, known: Iterable[PublicKey]) -> Opened:
    """The text, once a known key has signed it.

    Signatures of others are passed over. A signature by name and id of a known key must fit, or the note is refused,
    whatever else it carries.
    """
    keys: dict[tuple[str, bytes], PublicKey] = {}
    for key in known:
        if keys.setdefault((key.name, key.id), key) != key:
            raise Malformed(f"two of the known keys have the name {key.name} and the same id")
    note = parse(data)
    signers: dict[PublicKey, int | None] = {}
    for given in note.signatures:
        signer = keys.get((given.name, given.id))
        if signer is not None:
            time = signer.check(note.text, given.data)
            signers.setdefault(signer, time)
    if not signers:
        raise BadSignature("none of the known keys has signed this note")
    return Opened(note.text, signers)


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise Malformed("a signature line begins with an em dash and a space")
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not space:
        raise Malformed("a signature line is dash, name, signature")
    raw = text.from_base64(encoded, "a signature")
    if len(raw) < 5:
        raise Malformed("a signature is a key id of four bytes and what follows it")
    return Signature(text.name(name, "the name of a key"), raw[:4], raw[4:])
