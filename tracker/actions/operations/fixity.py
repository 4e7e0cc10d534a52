"""Fixity: are the bytes still those that were recorded? And the bytes that no row names.

Each file is read outside of any transaction and written down in one of its own, so a check that is stopped has done
what it has done, and the next begins with what was read longest ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from tracker.actions import custody_events
from tracker.actions.support.unit import open_unit
from tracker.domain.custody import FAILURE, FIXITY, SUCCESS
from tracker.domain.files import FileMissing, StorageUnavailable
from tracker.domain.people import Actor
from tracker.files.files import Files
from tracker.store import custody, tips
from tracker.store.custody import EvidenceFile

SAME: Final = "same"
DIFFERENT: Final = "different"
MISSING: Final = "missing"
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True)
class Checked:
    """One file, and how it was found."""

    file: str
    evidence: str
    found: str

    @property
    def good(self) -> bool:
        return self.found == SAME


def check_files(
    session: Session,
    by: Actor,
    clock: Callable[[], datetime],
    entropy: Callable[[int], bytes],
    files: Files,
    ids: list[str],
) -> Iterator[Checked]:
    """Read these files again, one after the other."""
    for id in ids:
        row = session.get_one(EvidenceFile, id)
        key, sha256, size, evidence = row.key, row.sha256, row.size, row.evidence_id
        session.rollback()  # nothing of the database is held while bytes are read
        verdict, digest = _compare_file(files, key, sha256, size)
        with open_unit(session, by, clock, entropy) as act:
            file = act.session.get_one(EvidenceFile, id, populate_existing=True)
            if file.destroyed_at is not None:
                continue  # a redaction came in between: that its bytes are gone is no alarm
            file.checked_at = act.now
            outcome = SUCCESS if verdict == SAME else FAILURE
            custody_events.record_event(
                act,
                evidence,
                FIXITY,
                file=id,
                agent=custody_events.SOFTWARE,
                outcome=outcome,
                before=sha256,
                after=digest,
                found=verdict,
            )
        yield Checked(id, evidence, verdict)


def _compare_file(files: Files, key: str, sha256: str, size: int) -> tuple[str, str | None]:
    """How bytes are found, and their digest where they could be read."""
    try:
        same_size = files.size(key) == size
        digest = files.digest(key)
    except FileMissing:
        return MISSING, None
    except StorageUnavailable:
        return UNREADABLE, None
    return (SAME if same_size and digest == sha256 else DIFFERENT), digest


def list_orphans(session: Session, files: Files, before: datetime) -> Iterator[str]:
    """The keys of bytes that were kept before then and that no row names: uploads whose act did not come about. And of
    those that were destroyed and are there, however young: the store did not answer when they were to go."""
    for stored in files.held():
        wanted = custody.has_place(session, stored.key)
        unknown = wanted is None and not tips.has_place(session, stored.key)
        if wanted is False or (unknown and stored.modified < before):
            yield stored.key


def sweep_orphans(session: Session, files: Files, before: datetime) -> int:
    """Throw away what no row names, and what broke off while it arrived. How many there were."""
    swept = 0
    for key in list_orphans(session, files, before):
        files.delete(key)
        swept += 1
    return swept + files.sweep_unfinished(before)
