"""Whether a tracker can do its work: what is right, what is wrong, and what is not there yet.

`tracker check` prints all of it for an operator; a load balancer asks for the part that decides whether a server is
sent requests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage
from typing import Final, Literal

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from tracker import migrations
from tracker.actions.operations.signing import CannotSign, Keyring, require_whole
from tracker.database.file_modes import find_sqlite_file, find_unwritable
from tracker.domain.errors import Refusal
from tracker.domain.files import FileMissing
from tracker.domain.people import ROLES, list_permissions
from tracker.files.files import Files
from tracker.outgoing.identity_provider import Provider
from tracker.outgoing.mail_server import MailServer, PasswordMissing
from tracker.public.replica import Lag, Replica, measure_lag
from tracker.public.tables import event
from tracker.sealing.sealer import KeysMissing, read_keys
from tracker.store import audit, custody, jobs, mail
from tracker.store.people import Person

State = Literal["right", "wrong", "not_yet"]
#: A server signs within a second of an act. What is unsigned for so long waits for somebody.
LATE: Final = timedelta(minutes=5)
#: A backup is made each night. One that is older was left out.
OLD: Final = timedelta(hours=26)
#: How far the clocks of two servers may be apart.
APART: Final = timedelta(minutes=1)
#: A replica follows within a second. One that is so far behind takes no reads from the database.
BEHIND: Final = timedelta(seconds=30)

#: How many files are looked for before all are said to be gone.
_LOOKED_FOR: Final = 20

#: Bytes. With less on its disk a database fills up within days, and a backup cannot be written beside it.
ROOM: Final = 500_000_000
#: With less no act is written.
LEAST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """``name`` may be told to everybody; ``detail`` names paths and numbers, and is for the operator."""

    name: str
    state: State
    detail: str


def check_server(
    engine: Engine,
    files: Files | None,
    sealing_keys: Path | None,
    log_key: Path | None,
    now: datetime,
    replica: Replica | None = None,
) -> Iterator[Finding]:
    """Whether this server can answer and act: its database, its files, its keys, its signature; and how its replica
    follows, without which it can."""
    lost: str | None = None
    try:
        with engine.connect() as connection:
            current = migrations.current(engine)
            yield _check_schema(current)
            if current == migrations.head():
                yield _check_writing(connection)
                yield _check_clock(connection, now)
                yield _check_signature(connection, log_key, now)
                lost = find_lost_files(connection, files)
                if replica is not None:
                    yield _check_replica(measure_lag(connection, replica, now))
    except Refusal as refusal:
        yield Finding("database", "wrong", refusal.detail)
    yield Finding("files", "wrong", lost) if lost else _check_files(files)
    yield _check_sealing(sealing_keys)


def _check_schema(current: str | None) -> Finding:
    if current == migrations.head():
        return Finding("database", "right", f"reached, at the newest schema ({current})")
    return Finding("database", "wrong", f"is at schema {current}: {migrations.name_remedy(current)}")


def _check_writing(connection: Connection) -> Finding:
    """Whether acts can be recorded. Readers are answered without it."""
    path = find_sqlite_file(connection.engine.url)
    if path is not None and (unwritable := find_unwritable(path)) is not None:
        return Finding("writing", "wrong", f"no act can be recorded: {unwritable} cannot be written")
    if path is not None and disk_usage(path.parent).free < LEAST:
        return Finding("writing", "wrong", f"no act can be recorded: the disk of {path.parent} is full")
    if connection.dialect.name == "postgresql":
        query = select(func.current_setting("transaction_read_only"))
        if connection.scalar(query) == "on":
            return Finding(
                "writing", "wrong", "no act can be recorded: PostgreSQL lets the database be read only"
            )
    return Finding("writing", "right", "acts can be recorded")


def _check_clock(connection: Connection, now: datetime) -> Finding:
    """Acts stand in the order of their instants: behind one from a clock that was ahead, all get its instant."""
    last = audit.find_last_instant(connection)
    if last is None or last - now <= APART:
        return Finding("clock", "right", f"{now:%Y-%m-%d %H:%M} UTC, not behind the last act")
    return Finding(
        "clock",
        "wrong",
        f"it says {now:%Y-%m-%d %H:%M} UTC, and the last act is of {last:%Y-%m-%d %H:%M}: until then all acts get that"
        " instant. Set the clock right; if it is right, it was ahead before: docs/operating.md, The clock",
    )


def _check_signature(connection: Connection, path: Path | None, now: datetime) -> Finding:
    if path is None:
        return Finding("signature", "not_yet", "TRACKER_LOG_KEY is not set: another has to sign the log")
    try:
        size, last = require_whole(connection, Keyring.read(path))
    except CannotSign as error:
        return Finding("signature", "wrong", str(error))
    signed = 0 if last is None else last[0].size
    waiting = size - signed
    since = connection.scalar(select(func.min(event.c.at)).where(event.c.seq > signed))
    if since is not None and now - datetime.fromisoformat(since) > LATE:
        return Finding("signature", "wrong", f"{waiting} entries are unsigned, since {since}")
    return Finding("signature", "right", f"the log is signed up to entry {signed}")


_REPLICA: Final = {
    "away": "the replica does not answer; public reads go to the database",
    "another": "TRACKER_PUBLIC_DATABASE_URL names a copy of another database; public reads go to the database",
    "promoted": "the replica is a database of its own now; public reads go to the database: name another replica",
}


def _check_replica(lag: Lag) -> Finding:
    if lag.state in _REPLICA:
        return Finding("replica", "not_yet", _REPLICA[lag.state])
    if lag.seconds is not None and lag.seconds > BEHIND.total_seconds():
        return Finding(
            "replica", "not_yet", f"the replica is {lag.acts} public acts and {lag.seconds:.0f} s behind"
        )
    return Finding("replica", "right", f"the replica is {lag.acts} public acts behind")


def find_lost_files(connection: Connection, files: Files | None) -> str | None:
    """What to say where none of the files is there that the record names, as when their disk is not mounted; None where
    one is. Files of which a fixity check wrote down that they are not as recorded are not asked for."""
    names = custody.list_keys(connection, _LOOKED_FOR)
    if files is None or not names:
        return None
    for name in names:
        try:
            files.size(name)
        except FileMissing:
            continue
        except Refusal:
            return None  # it is said by who tries to write
        return None
    return (
        "the record names files, and none of them is where TRACKER_FILES says: is its disk mounted? If they are lost,"
        " run `tracker fixity check`, which writes it down"
    )


def _check_files(files: Files | None) -> Finding:
    if files is None:
        return Finding("files", "not_yet", "TRACKER_FILES is not set: evidence cannot have files")
    try:
        files.delete(files.put([b"probe"], 5).key)
    except Refusal as refusal:
        return Finding("files", "wrong", f"cannot be written: {refusal.detail}")
    return Finding("files", "right", "can be written")


def _check_sealing(path: Path | None) -> Finding:
    if path is None:
        return Finding("sealing", "not_yet", "TRACKER_SEALING_KEYS is not set: nothing can be sealed")
    try:
        count = len(read_keys(path))
    except KeysMissing as error:
        return Finding("sealing", "wrong", str(error))
    return Finding("sealing", "right", f"{count} key{'s' if count > 1 else ''} of sealed fields")


def check_jobs(session: Session, names: Collection[str], now: datetime) -> Iterator[Finding]:
    """Whether the scheduled jobs run, each of them, and a backup is made."""
    runs = {run.name: run for run in jobs.list_jobs(session) if run.name in names}
    if not runs:
        yield Finding("jobs", "not_yet", "no worker has run yet: start `tracker serve` or `tracker worker`")
    elif bad := [run.name for run in runs.values() if run.find_state(now) in ("late", "wrong", "failed")]:
        yield Finding("jobs", "wrong", f"{', '.join(bad)}: see `tracker jobs`")
    else:
        yield Finding("jobs", "right", f"{len(runs)} jobs come round")
    last = audit.find_last_of_verb(session, "backup")
    if last is None and "backup" in names:
        yield Finding("backup", "not_yet", "there is none yet: the worker writes one each night")
    elif last is None:
        yield Finding("backup", "not_yet", "there is none: set TRACKER_BACKUPS, or run `tracker backup`")
    elif now - last > OLD:
        yield Finding("backup", "wrong", f"the last is of {last:%Y-%m-%d %H:%M} UTC, more than a day old")
    else:
        yield Finding("backup", "right", f"the last is of {last:%Y-%m-%d %H:%M} UTC")


def check_disk(path: Path) -> Finding:
    """Whether the disk of a SQLite database has room. A server that has none left still answers readers, so this is for
    the operator alone."""
    free = disk_usage(path.parent).free
    state: State = "right" if free >= ROOM else "wrong"
    return Finding("disk", state, f"{free // 1_000_000} MB are free where the database lies")


def check_mail(session: Session, server: MailServer | None) -> Finding:
    """Whether people can be told by mail, and whether they are."""
    if server is None:
        return Finding(
            "mail", "not_yet", "TRACKER_MAIL_SERVER is not set: links are printed, nobody is told by mail"
        )
    try:
        server.read_password()
    except PasswordMissing as error:
        return Finding("mail", "wrong", str(error))
    state = mail.read_mail_state(session)
    last = f"; the last failure: {state.fault}" if state.fault else ""
    if state.failing:
        return Finding("mail", "wrong", f"{server}: {state.failing} letters fail for long{last}")
    return Finding("mail", "right", f"{server}: {state.waiting} letters wait{last}")


def check_provider(provider: Provider | None) -> Finding:
    """Whether people can log in by the identity provider. Asks it."""
    if provider is None:
        return Finding(
            "provider", "not_yet", "TRACKER_OIDC_ISSUER is not set: all log in by password and code"
        )
    fault = provider.find_fault()
    if fault is not None:
        return Finding("provider", "wrong", f"{provider}: {fault}")
    return Finding("provider", "right", f"{provider} answers")


# ---------------------------------------------------------------- people

#: What takes several people, and the permission that each of them needs.
TOGETHER: Final = {
    "publish": ("record.write", "record.publish"),
    "approve a status": ("status.propose", "status.decide"),
    "verify evidence of a watchdog": ("evidence.submit", "status.propose", "status.decide"),
    "lower protection": ("evidence.protect", "evidence.lower"),
    "redact": ("evidence.redact", "evidence.redact"),
    "give roles and keys": ("people.manage", "people.manage"),
}
_MOST: Final = max(map(len, TOGETHER.values()))


def check_people(session: Session) -> Iterator[Finding]:
    """For each act that takes several people: whether there are enough. Two who speak for one organization are one."""
    voices: dict[str, frozenset[str]] = {}
    for person in session.scalars(select(Person).where(Person.suspended_at.is_(None))):
        voice = person.organization_id or person.id
        voices[voice] = voices.get(voice, frozenset()) | list_permissions(person.roles)
    alike = Counter(voices.values())
    enough = [may for may, count in alike.items() for _ in range(min(count, _MOST))]
    for act, needed in TOGETHER.items():
        if _can_be_filled(needed, enough):
            yield Finding(act, "right", f"{len(needed)} people can {act}")
        else:
            yield Finding(
                act, "not_yet", f"nobody can {act}: it takes {len(needed)} people: {_name_roles(needed)}"
            )


def _name_roles(needed: Sequence[str]) -> str:
    return ", ".join(
        " or ".join(role for role, may in ROLES.items() if permission in may) for permission in needed
    )


def _can_be_filled(needed: Sequence[str], voices: Sequence[frozenset[str]]) -> bool:
    """Whether each place can be taken by another voice."""
    return not needed or any(
        needed[0] in voice and _can_be_filled(needed[1:], [*voices[:place], *voices[place + 1 :]])
        for place, voice in enumerate(voices)
    )
