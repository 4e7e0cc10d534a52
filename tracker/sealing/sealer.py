"""Fields that only custodians may ever read: encrypted so that a thief of the database has nothing.

Each item gets a data key of its own, drawn at random; the data key is kept beside the item, itself encrypted (wrapped)
by a master key that lies in a file outside of database and repository. Both layers are AES-256-GCM and name the item,
so a box neither opens when a byte of it was changed nor when it was moved to another item. Without its wrapped key the
content of a box is lost for good: that is how it is destroyed.

    wrapped = key id (8 bytes) ‖ nonce (12) ‖ AES-GCM(master key, data key)
    content = nonce (12) ‖ AES-GCM(data key, length (4) ‖ JSON ‖ zeros up to a multiple of 256)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY: Final = 32
_KEY_ID: Final = 8
_NONCE: Final = 12
_LENGTH: Final = 4
#: The length of a box tells the length of what is in it only in steps of this.
STEP: Final = 256
_FOR_KEY: Final = b"tracker sealing 1: data key of "
_FOR_CONTENT: Final = b"tracker sealing 1: content of "


class SealingError(Exception):
    """Something cannot be sealed or opened. No message holds a key or a word of what was sealed."""


class KeysMissing(SealingError):
    """The master keys are not there, or not kept as they must be; the message says what to do."""


class KeyRetired(SealingError):
    """The box was sealed with a master key that is no longer in the file."""


class BoxDamaged(SealingError):
    """The box was changed, belongs to another item, or is none."""


@dataclass(frozen=True, slots=True)
class SealedBox:
    """What a database may hold: the content, and the key of it, which opens with a key of ours."""

    wrapped: bytes = field(repr=False)
    content: bytes = field(repr=False)


class Sealer:
    """Seals with the first of the master keys, and opens with any of them: ``keys`` are newest first."""

    def __init__(self, keys: Sequence[bytes], entropy: Callable[[int], bytes]) -> None:
        if not keys:
            raise KeysMissing(_HOW)
        self._keys = {key_id(key): AESGCM(key) for key in keys}
        self._newest = key_id(keys[0])
        self._entropy = entropy

    def __repr__(self) -> str:
        return "Sealer()"

    def seal(self, fields: Mapping[str, str], item: str) -> SealedBox:
        """Encrypt the fields for the item of this id, and for no other."""
        data_key = self._entropy(_KEY)
        text = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
        padded = len(text).to_bytes(_LENGTH) + text
        padded += bytes(-len(padded) % STEP)
        nonce = self._entropy(_NONCE)
        content = nonce + AESGCM(data_key).encrypt(nonce, padded, _FOR_CONTENT + item.encode())
        return SealedBox(self._wrap(data_key, item), content)

    def open(self, box: SealedBox, item: str) -> dict[str, str]:
        """The fields. Errors: `BoxDamaged`, `KeyRetired`."""
        data_key = self._unwrap(box, item)
        nonce, sealed = box.content[:_NONCE], box.content[_NONCE:]
        try:
            padded = AESGCM(data_key).decrypt(nonce, sealed, _FOR_CONTENT + item.encode())
        except (InvalidTag, ValueError):
            raise BoxDamaged("the content was changed, or belongs to another item") from None
        length = int.from_bytes(padded[:_LENGTH])
        fields: dict[str, str] = json.loads(
            padded[_LENGTH : _LENGTH + length].decode("utf-8", "surrogatepass")
        )
        return fields

    def is_current(self, box: SealedBox) -> bool:
        """Is there nothing to rotate: is it wrapped with the newest key?"""
        return box.wrapped[:_KEY_ID] == self._newest

    def rewrap(self, box: SealedBox, item: str) -> SealedBox:
        """The same content under the newest master key. Only ``wrapped`` changes."""
        return replace(box, wrapped=self._wrap(self._unwrap(box, item), item))

    def _wrap(self, data_key: bytes, item: str) -> bytes:
        nonce = self._entropy(_NONCE)
        return (
            self._newest + nonce + self._keys[self._newest].encrypt(nonce, data_key, _FOR_KEY + item.encode())
        )

    def _unwrap(self, box: SealedBox, item: str) -> bytes:
        if not box.wrapped:
            raise BoxDamaged("its wrapped key is gone")
        which, rest = box.wrapped[:_KEY_ID], box.wrapped[_KEY_ID:]
        master = self._keys.get(which)
        if master is None:
            raise KeyRetired(f"put the key {which.hex()} back into the file that TRACKER_SEALING_KEYS names")
        try:
            return master.decrypt(rest[:_NONCE], rest[_NONCE:], _FOR_KEY + item.encode())
        except (InvalidTag, ValueError):
            raise BoxDamaged("the wrapped key was changed, or belongs to another item") from None


# ---------------------------------------------------------------- the master keys

_HOW: Final = "set TRACKER_SEALING_KEYS to a file that `tracker sealing new-key FILE` made"


def key_id(key: bytes) -> bytes:
    """What a box names its master key by; it tells nothing of the key."""
    return hashlib.sha256(b"tracker sealing 1: key id\n" + key).digest()[:_KEY_ID]


def read_keys(path: Path | None) -> tuple[bytes, ...]:
    """The master keys in a file, newest first: one to a line, base64url; lines that begin with # are passed over.

    Errors: `KeysMissing` when there is none, when others than its owner may read it, or when a line is no key.
    """
    if path is None:
        raise KeysMissing(_HOW)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(1 << 16)
    except OSError as error:
        raise KeysMissing(
            f"the file that TRACKER_SEALING_KEYS names cannot be read ({error.strerror})"
        ) from None
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise KeysMissing("the file of TRACKER_SEALING_KEYS must be its owner's alone: chmod 600")
    lines = [line.strip() for line in content.split(b"\n")]
    keys = [_key(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith(b"#")]
    if not keys:
        raise KeysMissing(f"the file of TRACKER_SEALING_KEYS holds no key; {_HOW}")
    if len(set(keys)) < len(keys):
        raise KeysMissing("the file of TRACKER_SEALING_KEYS holds a key twice")
    return tuple(keys)


def _key(number: int, line: bytes) -> bytes:
    try:
        key = base64.b64decode(line + b"=", altchars=b"-_", validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY or base64.urlsafe_b64encode(key) != line + b"=" or len(set(key)) < 8:
        raise KeysMissing(f"line {number} of the file of TRACKER_SEALING_KEYS is no key; {_HOW}")
    return key


def add_key(path: Path, entropy: Callable[[int], bytes]) -> bytes:
    """Put a new key before those in the file, or make the file; the id of the new key. Old keys stay: boxes need them.

    It is on the disk when this returns: a key that a power cut takes along takes everything it sealed.
    """
    kept = path.read_bytes() if path.exists() and read_keys(path) else b""
    key = entropy(_KEY)
    waiting = path.with_name(path.name + ".new")
    waiting.unlink(missing_ok=True)  # left by a process that was killed, or a disk that was full
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.urlsafe_b64encode(key).rstrip(b"=") + b"\n" + kept)
        file.flush()
        os.fsync(handle)
    waiting.replace(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return key_id(key)
