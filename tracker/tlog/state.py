"""What was seen last time: the signed checkpoint, as it was served, in a file of its own.

It is kept whole, with its signature. Should the log ever contradict it, the two notes together prove that its
operators signed two histories, to everybody who has their public key.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tracker.tlog import note, proof
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.errors import BadSignature, Malformed
from tracker.tlog.keys import PublicKey


def load(file: Path, key: PublicKey) -> Checkpoint | None:
    """The last checkpoint, or None where there is no file yet. ValueError where it is not one of this log."""
    try:
        with file.open("rb") as opened:
            kept = opened.read(note.LARGEST + 1)
    except FileNotFoundError:
        return None
    try:
        return proof.open_checkpoint(kept, key)
    except (Malformed, BadSignature) as error:
        raise ValueError(f"{file} does not hold a checkpoint of this log: {error}") from None


def save(file: Path, signed: bytes) -> None:
    """Put the note in place of the last one, whole or not at all."""
    handle, made = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(signed)
            opened.flush()
            os.fsync(opened.fileno())
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
