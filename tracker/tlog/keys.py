"""Keys that sign notes, and how they are written. Source: C2SP signed-note and tlog-cosignature.

A key is known by its name and the first four bytes of a digest over name, kind and key. So two kinds of signature
never mix, even where one Ed25519 key makes both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tracker.tlog import checkpoint, text
from tracker.tlog.errors import BadSignature, Malformed

#: The kinds: a log signs its text; a witness signs with the time, by Ed25519 or by ML-DSA-44 (FIPS 204).
LOG: Final = 0x01
WITNESS: Final = 0x04
WITNESS_MLDSA44: Final = 0x06

_PUBLIC_SIZE: Final = {LOG: 32, WITNESS: 32, WITNESS_MLDSA44: 1312}
_SIGNATURE_SIZE: Final = {LOG: 64, WITNESS: 8 + 64, WITNESS_MLDSA44: 8 + 2420}


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Four bytes. Anybody can make a key that has the id of another: an id finds a key, it proves nothing."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True)
class PublicKey:
    """Whom to believe. It must come to you by another way than the log itself."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        text.name(self.name, "the name of a key")
        if len(self.public) != _PUBLIC_SIZE.get(self.kind):
            raise Malformed("this kind of key is not known, or its length is wrong")

    @property
    def id(self) -> bytes:
        """See `key_id`."""
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """As Go and the C2SP tools write it: ``name+id+key``."""
        return f"{self.name}+{self.id.hex()}+{text.to_base64(bytes([self.kind]) + self.public)}"

    def check(self, note_text: str, signature: bytes) -> int | None:
        """Refuse with `BadSignature` what this key did not sign; returns the time a witness gives, in POSIX seconds."""
        if len(signature) != _SIGNATURE_SIZE[self.kind]:
            raise BadSignature(f"a signature of {self.name} has a wrong length")
        time = None if self.kind == LOG else int.from_bytes(signature[:8], "big")
        try:
            message = signed_message(self.name, self.kind, note_text, time)
            if self.kind == WITNESS_MLDSA44:
                _verify_mldsa44(self.public, signature[8:], message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[-64:], message)
        except (InvalidSignature, Malformed, ValueError):
            raise BadSignature(f"the signature of {self.name} does not fit") from None
        return time


@dataclass(frozen=True)
class PrivateKey:
    """What signs. ``seed`` is 32 random bytes, and is never shown by `repr`. ML-DSA-44 is verified here, not signed."""

    name: str
    kind: int
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        text.name(self.name, "the name of a key")
        if self.kind not in {LOG, WITNESS} or len(self.seed) != 32:
            raise Malformed("a private key is an Ed25519 one of a log or a witness, with a seed of 32 bytes")

    @property
    def public(self) -> PublicKey:
        """What others verify with."""
        return PublicKey(self.name, self.kind, self._signer.public_key().public_bytes_raw())

    @property
    def skey(self) -> str:
        """As Go's ``note.NewSigner`` reads it. A secret: keep it out of databases, logs and repositories."""
        return (
            f"PRIVATE+KEY+{self.name}+{self.public.id.hex()}+{text.to_base64(bytes([self.kind]) + self.seed)}"
        )

    def sign(self, note_text: str, time: int | None = None) -> bytes:
        """The signature bytes behind the key id. A witness gives the time, in POSIX seconds; a log gives none."""
        if (time is None) == (self.kind == WITNESS):
            raise ValueError("a witness signs with a time, a log without")
        signature = self._signer.sign(signed_message(self.name, self.kind, note_text, time))
        return signature if time is None else time.to_bytes(8, "big") + signature

    @property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def signed_message(name: str, kind: int, note_text: str, time: int | None) -> bytes:
    """What is signed, byte for byte. A witness signs checkpoints only, at a time below 2^63."""
    if time is None:
        return note_text.encode()
    seen = checkpoint.parse(note_text)
    if not 0 <= time < text.LIMIT:
        raise Malformed("the time of a witness is 0 to 2^63 - 1")
    if kind == WITNESS:
        return f"cosignature/v1\ntime {time}\n{note_text}".encode()
    cosigner, origin = name.encode(), seen.origin.encode()
    if max(len(cosigner), len(origin)) > 255:
        raise Malformed("ML-DSA-44 signs for names and origins of at most 255 bytes")
    return b"".join(
        (
            b"subtree/v1\n\0",
            len(cosigner).to_bytes(1, "big") + cosigner,
            time.to_bytes(8, "big"),
            len(origin).to_bytes(1, "big") + origin,
            (0).to_bytes(8, "big"),
            seen.size.to_bytes(8, "big"),
            seen.root,
        )
    )


def _verify_mldsa44(public: bytes, signature: bytes, message: bytes) -> None:
    # Imported late: a stranger who verifies a log by its Ed25519 key may have a `cryptography` that is years older.
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey  # noqa: PLC0415

    MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)


def parse_vkey(vkey: str) -> PublicKey:
    """Read ``name+id+key``. One spelling; the id must be that of the key."""
    name, id_, key = _parts(vkey, 3, "a vkey is name+id+key")
    raw = text.from_base64(key, "the key of a vkey")
    parsed = PublicKey(name, raw[0] if raw else 0, raw[1:])
    if id_ != parsed.id.hex():
        raise Malformed("the id in the vkey is not that of its name and key: was it copied whole?")
    return parsed


def parse_skey(skey: str) -> PrivateKey:
    """Read ``PRIVATE+KEY+name+id+seed``. The message of a refusal never shows what was given."""
    private, key, name, id_, seed = _parts(skey, 5, "a private key is PRIVATE+KEY+name+id+seed")
    if (private, key) != ("PRIVATE", "KEY"):
        raise Malformed("a private key begins with PRIVATE+KEY+")
    raw = text.from_base64(seed, "the seed of a private key")
    parsed = PrivateKey(name, raw[0] if raw else 0, raw[1:])
    if id_ != parsed.public.id.hex():
        raise Malformed("the id in the private key is not that of its name and key")
    return parsed


def _parts(given: str, count: int, right: str) -> list[str]:
    parts = given.split("+", count - 1)
    if len(parts) != count:
        raise Malformed(right)
    return parts
