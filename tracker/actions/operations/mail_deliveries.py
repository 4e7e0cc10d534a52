"""Taking letters to the mail server: each at least once, and again later where it was not taken.

Nothing of the database is held while the server answers. If the process is killed in between, or the server took a
letter and never said so, its reader gets a second copy with the same `Message-ID`, and no third.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from tracker.actions.people import OPERATOR
from tracker.actions.support.letters import open_letter
from tracker.actions.support.rewrapping import rewrap_rows
from tracker.actions.support.unit import Clock, Unit, open_unit
from tracker.domain.mail import NEWS, OF_SERVER, REMEMBERED, find_retry, is_final
from tracker.domain.service_errors import SealingUnavailable
from tracker.outgoing.letters import Letter
from tracker.outgoing.mail_server import MailServer
from tracker.sealing.sealer import Sealer
from tracker.store import mail, mailboxes
from tracker.store.followers import change_follower, forget_follower
from tracker.store.mail import LetterRow

#: How many letters are on their way at once.
_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Postman:
    """The process that hands letters over. ``sealer`` is asked only where there is one."""

    session: Session
    clock: Clock
    entropy: Callable[[int], bytes]
    sealer: Callable[[], Sealer]
    server: MailServer
    #: Writes what is written when it leaves, and says up to which act it tells.
    write: Callable[[Unit, LetterRow], tuple[Letter, int] | None] = lambda _unit, _row: None

    def deliver_due(self) -> int:
        """Hand over all that is due; how many letters were taken. Where the server itself fails, the rest waits for the
        next run."""
        taken = 0
        with self._open_unit() as unit:
            mail.sweep_letters(unit.session, unit.now - REMEMBERED)
        while rows := mail.list_due_letters(self.session, self.clock(), _AT_ONCE):
            letters = self._open_letters(rows)
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                faults = list(pool.map(self._send, [letter for _row, letter, _place in letters]))
            with self._open_unit() as unit:
                for (row, _letter, place), fault in zip(letters, faults, strict=True):
                    _settle(unit, row, fault)
                    arrived = fault is None or (fault == "unsure" and is_final(fault, row.fault))
                    if arrived and place is not None and row.about is not None:
                        change_follower(unit.session, row.about, place=place)
            taken += faults.count(None)
            if any(fault in OF_SERVER for fault in faults):
                break
        self.session.rollback()
        return taken

    def _open_letters(self, rows: list[LetterRow]) -> list[tuple[LetterRow, Letter, int | None]]:
        """Each letter as it leaves. One that has nothing to say any more is thrown away; one that no key opens waits
        for its key, and keeps no other from leaving."""
        opened: list[tuple[LetterRow, Letter, int | None]] = []
        sealer = self.sealer()
        with self._open_unit() as unit:
            for row in rows:
                try:
                    written = (
                        self.write(unit, row) if row.purpose == NEWS else (open_letter(row, sealer), None)
                    )
                except SealingUnavailable:
                    _settle(unit, row, "sealed")
                    continue
                if written is None:
                    mail.end_letter(unit.session, row.id)
                else:
                    opened.append((row, *written))
        return opened

    def _send(self, letter: Letter) -> str | None:
        return self.server.send(letter, self.clock())

    def _open_unit(self) -> AbstractContextManager[Unit]:
        return open_unit(self.session, OPERATOR, self.clock, self.entropy)


def _settle(unit: Unit, row: LetterRow, fault: str | None) -> None:
    """Write down what became of a letter."""
    if fault is None:
        mail.end_letter(unit.session, row.id)
        return
    due = None if is_final(fault, row.fault) else find_retry(row.failures + 1, unit.now)
    later = {"given_up_at": unit.now} if due is None else {"due_at": due}
    values = {"failures": row.failures + 1, "fault": fault, "tried_at": unit.now}
    mail.change_letter(unit.session, row.id, **values, **later)
    if fault == "recipient" and row.about is not None:
        _leave_mailbox(unit, row.purpose, row.about)


def _leave_mailbox(unit: Unit, purpose: str, about: str) -> None:
    """Write no more to a mailbox that does not exist: a follower is forgotten, one of the desk has to confirm it."""
    if purpose == NEWS:
        forget_follower(unit.session, about)
    elif purpose == "digest":
        mailboxes.change_mailbox(unit.session, about, confirmed_at=None, next_at=None)


def rotate_keys(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """As `tracker.actions.sealed_fields.rotate_keys`, for letters that wait."""
    return rewrap_rows(
        sealer,
        mail.list_letters_after(unit.session, after, most),
        lambda row: row.id,
        lambda row, wrapped: mail.change_letter(unit.session, row.id, wrapped=wrapped),
    )
