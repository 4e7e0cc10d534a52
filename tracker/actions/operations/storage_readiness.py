"""Whether what is kept can still be read: the bytes of files, and what was sealed. It reads tables, so it is for the
operator alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.actions.operations.readiness import Finding
from tracker.sealing.sealer import KeysMissing, key_id, read_keys
from tracker.store import custody
from tracker.store.database import core_connection
from tracker.store.sealed_fields import SealedFields
from tracker.store.second_factors import SecondFactor
from tracker.store.webhooks import Webhook


def check_storage(session: Session, sealing_keys: Path | None) -> Iterator[Finding]:
    """What is wrong with what is kept; nothing where all can be read."""
    if failed := custody.list_failed_files(session):
        names = ", ".join(list(failed)[:3]) + (", …" if len(failed) > 3 else "")
        detail = (
            f"{len(failed)} files are not as recorded ({names}): restore them, and run `tracker fixity check`"
        )
        yield Finding("fixity", "wrong", detail)
    if lost := _find_lost_keys(session, sealing_keys):
        detail = (
            f"what was sealed with {', '.join(lost)} cannot be opened: put these keys back into the file that"
        )
        yield Finding("sealed", "wrong", f"{detail} TRACKER_SEALING_KEYS names")


def _find_lost_keys(session: Session, path: Path | None) -> list[str]:
    """The names of the keys with which something was sealed, and that are not in the file. Where the file cannot be
    read, that is said elsewhere."""
    try:
        own = {key_id(key) for key in read_keys(path)}
    except KeysMissing:
        return []
    length = len(next(iter(own)))
    used: set[bytes] = set()
    for sealed in (SealedFields, SecondFactor, Webhook):
        wrapped = sealed.__table__.c.wrapped
        query = select(func.substr(wrapped, 1, length)).where(func.length(wrapped) > 0).distinct()
        used |= {bytes(one) for one in core_connection(session).scalars(query)}
    return sorted(one.hex() for one in used - own)
