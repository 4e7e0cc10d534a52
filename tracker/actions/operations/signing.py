"""Signing the public log: after the commit, by the holder of the key, never below what was signed before.

A signature under two histories cannot be taken back, so each is preceded by questions whose answers lie apart: in the
database, in the key file, and in the mark beside it, which no restored backup turns back.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tracker.actions.people import OPERATOR
from tracker.actions.support.unit import Clock, Unit, open_unit
from tracker.database.file_modes import write_private
from tracker.domain.errors import Refusal
from tracker.domain.public_acts import Kind
from tracker.public import events, log, successions
from tracker.public.tables import log as public_log
from tracker.store.audit import TRAIL, Anchor
from tracker.tlog import checkpoint, keys, note
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.commitment import SALT_SIZE, commit
from tracker.tlog.errors import Malformed, TlogError
from tracker.tlog.keys import LOG, PrivateKey

_DATABASE: Final = "database "


class CannotSign(Exception):
    """The log is not signed, and why; somebody has to look. What was signed before stays."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one log, newest last, as they stand in their file: outside of database and repository, 0600.

    The file also names the database that they sign for. The *mark* beside it is the last checkpoint they signed.
    """

    path: Path
    database: str
    signers: tuple[PrivateKey, ...]

    @classmethod
    def read(cls, path: Path) -> Keyring:
        """Raises `CannotSign` for a file that is missing, open to others, or not a keyring."""
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            lines = path.read_text(encoding="ascii").splitlines()
        except (OSError, UnicodeDecodeError):
            raise CannotSign(f"the key of the log cannot be read: {path}") from None
        if mode & 0o077:
            raise CannotSign(f"others may read the key of the log; run: chmod 600 {path}")
        if len(lines) < 2 or not lines[0].startswith(_DATABASE):
            raise CannotSign(f"this is not a key file of `tracker log init`: {path}")
        try:
            signers = tuple(map(keys.parse_skey, lines[1:]))
        except Malformed as error:
            raise CannotSign(f"the key of the log cannot be read: {error}") from None
        return cls(path, lines[0].removeprefix(_DATABASE), signers)

    def write(self) -> None:
        """Put the file there, or a new one in its place, whole or not at all."""
        write_private(
            self.path, "\n".join([_DATABASE + self.database, *(key.skey for key in self.signers), ""])
        )

    @property
    def origin(self) -> str:
        return self.signers[0].name

    @property
    def mark(self) -> Path:
        return self.path.with_name(self.path.name + ".mark")

    def read_mark(self) -> Checkpoint | None:
        """What was signed last, whatever the database says; None before the first signature."""
        try:
            return checkpoint.parse(self.mark.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, Malformed):
            raise CannotSign(f"the mark beside the key cannot be read: {self.mark}") from None


def create_log(unit: Unit, origin: str, path: Path) -> Keyring:
    """Name the log and make its first key. `CannotSign` where it has a name already, or the file is there."""
    named = log.read_log_name(unit.connection)
    if named is not None:
        raise CannotSign(f"this database has its log already: {named[1]}")
    if path.exists():
        raise CannotSign(f"there is a file already, and a key belongs to one database: {path}")
    key = make_key(unit, origin)
    made = Keyring(path, unit.entropy(16).hex(), (key,))
    log.name_log(unit.connection, made.database, origin)
    unit.audit("log.init", "public_log", key=key.public.id.hex())
    made.write()
    return made


def rotate_key(unit: Unit, keyring: Keyring) -> Keyring:
    """A second key: both sign from now on, so that those who know either can verify. The log itself says so."""
    if len(keyring.signers) > 1:
        raise CannotSign("two keys sign already; retire the old one first")
    require_own(unit.connection, keyring)
    key = make_key(unit, keyring.origin)
    members = {"vkey": key.public.vkey, "beside": keyring.signers[-1].public.vkey}
    publish_log_event(unit, log.ROTATION, members)
    unit.audit("log.rotate", "public_log", key=key.public.id.hex())
    made = Keyring(keyring.path, keyring.database, (*keyring.signers, key))
    made.write()
    return made


def retire_key(unit: Unit, keyring: Keyring) -> Keyring:
    """The old key signs no more. Its file is forgotten; what it signed stays valid."""
    if len(keyring.signers) < 2:
        raise CannotSign("only one key signs; rotate first")
    require_own(unit.connection, keyring)
    old, key = keyring.signers
    publish_log_event(unit, log.ROTATION, {"vkey": key.public.vkey, "retired": old.public.vkey})
    unit.audit("log.retire", "public_log", key=old.public.id.hex())
    made = Keyring(keyring.path, keyring.database, (key,))
    made.write()
    return made


def sign_log(unit: Unit, keyring: Keyring) -> Checkpoint | None:
    """Sign what is committed and not signed yet; None where there is nothing. Raises `CannotSign`.

    The mark is written before the note is stored: killed in between, the same bytes are signed again.
    """
    connection = unit.connection
    size, last = require_whole(connection, keyring)
    if last is not None and last[0].size == size:
        return None
    at = Checkpoint(keyring.origin, size, public_log.root(connection, size))
    signed = note.sign(at.text, *keyring.signers)
    write_private(keyring.mark, at.text)
    log.keep_checkpoint(connection, at, signed)
    return at


def sign_after_commit(
    session: Session, path: Path, clock: Clock, entropy: Callable[[int], bytes]
) -> str | None:
    """After a commit: sign what it left unsigned, unless somebody else has.

    The act is recorded whatever happens here. Returns why it is not signed, for the operators; None where it is.
    """
    try:
        last = log.last_checkpoint(session.connection())
        if last is not None and last[0].size == public_log.size(session.connection()):
            return None
        with open_unit(session, OPERATOR, clock, entropy) as opened:
            sign_log(opened, Keyring.read(path))
    except (CannotSign, Refusal) as error:
        return str(error)
    return None


def anchor_internal_log(unit: Unit) -> int:
    """Bind the internal log to the public one: by a commitment that says neither what is in it nor whether it grew.

    Returns the place of the act. It is done at a fixed time of each day, whether or not anything happened.
    """
    size = TRAIL.size(unit.connection)
    covered = Checkpoint("internal", size, TRAIL.root(unit.connection, size)).text
    salt = unit.entropy(SALT_SIZE)
    seq = publish_log_event(unit, log.ANCHOR, {"commit": commit(salt, covered.encode())}, salted=False)
    unit.session.add(Anchor(seq=seq, salt=salt, checkpoint=covered))
    unit.audit("log.anchor", "public_log")
    return seq


def keep_cosignature(unit: Unit, size: int, name: str, line: str) -> None:
    """Keep what a witness signed; the caller has verified it."""
    unit.audit("log.cosigned", "public_log", size=size, witness=name)
    log.keep_cosignature(unit.connection, size, name, line)


def publish_log_event(unit: Unit, kind: Kind, members: dict[str, Any], *, salted: bool = True) -> int:
    """Say in public what is done to the log itself. Returns the place of the act."""
    act = events.append_event(
        unit.connection,
        id=unit.new_id("event"),
        kind=kind,
        now=unit.now,
        process=None,
        subject=None,
        data=members,
        salt=unit.entropy(SALT_SIZE) if salted else None,
    )
    return act.seq


def write_new_mark(unit: Unit, keyring: Keyring, seen: Sequence[Checkpoint] = ()) -> None:
    """Put the mark where the database says it is, for somebody who lost it and knows that the database is whole.
    ``seen`` is what others have of the log: all of it has to be there."""
    require_own(unit.connection, keyring)
    last = log.last_checkpoint(unit.connection)
    if keyring.read_mark() is not None or last is None:
        raise CannotSign("the mark is not missing")
    for mark in seen:
        _require_root(unit.connection, mark, public_log.size(unit.connection), "others hold")
    unit.audit("log.mark", "public_log", size=last[0].size)
    write_private(keyring.mark, last[0].text)


def require_own(connection: Connection, keyring: Keyring) -> None:
    """`CannotSign` where the keyring signs for another database, or for a log that was closed."""
    named = log.read_log_name(connection)
    if named is None and log.last_checkpoint(connection) is not None:
        raise CannotSign(
            "the log was named and signed, and its name is gone: see what `tracker log audit` says"
        )
    if named is None:
        raise CannotSign("the log of this database has no name yet; run `tracker log init`")
    if named != (keyring.database, keyring.origin):
        raise CannotSign(
            f"the key belongs to another database: it signs {keyring.origin} for {keyring.database},"
            f" this is {named[1]} in {named[0]}; TRACKER_LOG_KEY must name the key that was kept with this one"
        )


def require_whole(connection: Connection, keyring: Keyring) -> tuple[int, tuple[Checkpoint, bytes] | None]:
    """`CannotSign` unless whatever was signed before is the beginning of what would be signed now. Returns how many
    entries there are, and what was signed last.

    The mark is read first, so that a signature meanwhile looks like no loss.
    """
    mark = keyring.read_mark()
    require_own(connection, keyring)
    size, last = public_log.size(connection), log.last_checkpoint(connection)
    if last is not None:
        if mark is None:
            raise CannotSign(
                f"the mark beside the key is missing, and {last[0].size} entries were signed; if a copy that"
                " others have shows that nothing was lost, run `tracker log sign --new-mark --mirror …`"
            )
        require_signed(connection, keyring, last[1])
        _require_root(connection, last[0], size, "the database says was signed")
    if mark is not None and (last is None or mark != last[0]):
        _require_root(connection, mark, size, "the mark beside the key says was signed")
    return size, last


def require_signed(connection: Connection, keyring: Keyring, signed: bytes) -> None:
    """`CannotSign` where neither this log has signed a checkpoint, nor one that it goes on for."""
    known = [key.public for key in keyring.signers]
    try:
        for statement in reversed(successions.list_successions(connection)):
            known += statement.closed if statement.successor in known else ()
        note.open_note(signed, known)
    except TlogError as error:
        raise CannotSign(f"the last checkpoint in the database is not ours: {error}") from None


def _require_root(connection: Connection, before: Checkpoint, size: int, whose: str) -> None:
    if size < before.size:
        raise CannotSign(
            f"the log shrank: it has {size} entries, and {whose} one of {before.size}. Was a backup restored?"
        )
    try:
        root = public_log.root(connection, before.size)
    except LookupError as error:
        raise CannotSign(f"the log has lost a hash: {error}") from None
    if root != before.root:
        raise CannotSign(f"the log was rewritten: its first {before.size} entries are not those that {whose}")


def make_key(unit: Unit, origin: str) -> PrivateKey:
    """A new key under this name."""
    try:
        return PrivateKey(origin, LOG, unit.entropy(32))
    except Malformed as error:
        raise CannotSign(f"this cannot be the origin of a log: {error}") from None
