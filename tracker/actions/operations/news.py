"""Telling followers by mail of public acts: in the sentences of the feeds, at most one letter a day.

A letter is written when it leaves, so nothing is sent that was destroyed meanwhile. A follower remembers up to which
act they were told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from tracker.actions import followers
from tracker.actions.people import OPERATOR
from tracker.actions.support.letters import Addressed, queue_letter
from tracker.actions.support.unit import Clock, Unit, open_unit
from tracker.domain.errors import InvalidInput, NotFound, Withdrawn
from tracker.domain.following import PAUSE
from tracker.domain.mail import NEWS
from tracker.languages.i18n import get_language
from tracker.languages.letters import Written, write_news
from tracker.outgoing.letters import Letter
from tracker.public.events import find_last_place
from tracker.public.feeds.entries import Entry, read_news
from tracker.sealing.sealer import Sealer
from tracker.store import followers as store_followers
from tracker.store import mail
from tracker.store.followers import Follower
from tracker.store.mail import LetterRow

#: How many followers are looked at in one transaction, and how many acts a letter names.
_TOGETHER: Final = 100
MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Herald:
    """The process that tells followers. ``base_url``: what stands before the addresses of pages."""

    session: Session
    clock: Clock
    entropy: Callable[[int], bytes]
    sealer: Callable[[], Sealer]
    base_url: str

    def announce_due(self) -> int:
        """Let a letter wait for each follower of whom there is something to tell; how many."""
        announced, after = 0, ""
        while True:
            last = find_last_place(self.session.connection())
            due = store_followers.list_due_followers(self.session, last, self.clock(), after, _TOGETHER)
            self.session.rollback()
            if not due:
                return announced
            with open_unit(self.session, OPERATOR, self.clock, self.entropy) as unit:
                for follower in due:
                    announced += self._announce(unit, follower, last)
            after = due[-1].id

    def _announce(self, unit: Unit, follower: Follower, last: int) -> bool:
        if mail.waits(unit.session, follower.id, NEWS):  # it will tell of this as well
            return False
        if not _list_news(unit, follower):
            store_followers.change_follower(unit.session, follower.id, place=last)
            return False
        addressed = Addressed("", get_language(follower.language))
        queue_letter(unit, self.sealer(), NEWS, follower.id, addressed, Written("", ""))
        store_followers.change_follower(unit.session, follower.id, next_at=unit.now + PAUSE)
        return True

    def write(self, unit: Unit, row: LetterRow) -> tuple[Letter, int] | None:
        """The letter for a follower as it leaves, and up to which act it tells; None where there is nothing."""
        follower = store_followers.find_follower(unit.session, id=row.about)
        if follower is None or not (news := _list_news(unit, follower)):
            return None
        language = get_language(follower.language)
        to, ending = followers.open_follower(follower, self.sealer())
        stream = followers.find_stream(unit, follower.kind, follower.what, language)
        site = f"{self.base_url}/{language.code}"
        items = [(entry.title, f"{self.base_url}{entry.page}") for _seq, entry in news[:MOST_NAMED]]
        end = f"{site}/follow/end?link={ending}"
        asked = (follower.confirmed_at or follower.asked_at).date()
        written = write_news(
            language,
            stream.title,
            items,
            len(news) - len(items),
            f"{self.base_url}{stream.page}",
            asked,
            follower.page,
            end,
        )
        right_to_left = language.direction == "rtl"
        made = Letter(
            row.id, to, written.subject, written.text, language.code, right_to_left, unsubscribe=end
        )
        return made, news[0][0]


def _list_news(unit: Unit, follower: Follower) -> list[tuple[int, Entry]]:
    """What there is to tell, newest first. Of what was withdrawn since there is nothing."""
    try:
        stream = followers.find_stream(unit, follower.kind, follower.what, get_language(follower.language))
    except (NotFound, Withdrawn, InvalidInput):
        return []
    return read_news(unit.connection, stream, follower.place)
