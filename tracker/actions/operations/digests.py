"""Telling people of the desk by mail that something waits for them: counts and links, one letter a person and period.

Where nothing waits, no letter goes. What it counts is what its reader would see at the desk, and not what it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.actions.mailboxes import open_mailbox, speak_to
from tracker.actions.people import OPERATOR, find_person
from tracker.actions.support import work_queue_pages
from tracker.actions.support.letters import Addressed, queue_letter
from tracker.actions.support.unit import Clock, Unit, open_unit
from tracker.domain.mail import AT_ONCE, find_next_digest
from tracker.languages.letters import write_digest
from tracker.sealing.sealer import Sealer
from tracker.store import mailboxes
from tracker.store.mailboxes import Mailbox
from tracker.store.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Teller:
    """The process that tells people what waits."""

    session: Session
    clock: Clock
    entropy: Callable[[int], bytes]
    sealer: Callable[[], Sealer]
    base_url: str

    def tell_due(self) -> int:
        """Write to all who are to be told now; how many letters were written."""
        due = mailboxes.list_due_mailboxes(self.session, self.clock())
        self.session.rollback()
        written = 0
        for row in due:
            with open_unit(self.session, OPERATOR, self.clock, self.entropy) as unit:
                mailbox = mailboxes.find_mailbox(unit.session, row.person_id)
                if mailbox is not None and mailbox.confirmed_at is not None:  # nobody was faster
                    written += self._tell(unit, mailbox)
        return written

    def _tell(self, unit: Unit, mailbox: Mailbox) -> bool:
        viewer = Viewer(unit.session, find_person(unit.session, mailbox.person_id).actor)
        waiting = [one for one in work_queue_pages.count_work(viewer, unit.now, {}) if one["count"]]
        is_news = bool(waiting)
        if mailbox.period == AT_ONCE and mailbox.told_at is not None:
            is_news = work_queue_pages.has_newer_work(viewer, mailbox.told_at, unit.now)
        values = {"next_at": find_next_digest(mailbox.period, unit.now)}
        if is_news:
            language, sealer = speak_to(mailbox), self.sealer()
            counts = [(one["kind"], one["count"]) for one in waiting]
            desk = f"{self.base_url}/{language.code}/desk"
            address, ending = open_mailbox(mailbox, sealer)
            end = f"{self.base_url}/{language.code}/follow/digests/end?link={ending}"
            addressed = Addressed(address, language, unsubscribe=end)
            queue_letter(
                unit, sealer, "digest", mailbox.person_id, addressed, write_digest(language, counts, desk)
            )
            values["told_at"] = unit.now
        mailboxes.change_mailbox(unit.session, mailbox.person_id, **values)
        return is_news
