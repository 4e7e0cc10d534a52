"""The first screen of the desk: what waits, as sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup

from tracker.actions import deadlines, drafts, tips
from tracker.actions.support import work_queue_pages
from tracker.domain.people import SELF
from tracker.languages.i18n import Language, mark, mark_number
from tracker.languages.tasks import write_task
from tracker.store.mail import read_mail_state
from tracker.store.webhooks import count_troubled
from tracker.web.desk.handlings import list_assigned
from tracker.web.desk.kept_forms import describe_kept_forms
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.silence import sum_up_silence, sum_up_stale
from tracker.web.desk.view import Shown, Visit, view

#: What is due within so many days is told on the first screen, and so many of these dates at most.
SOON_DAYS: Final = 14
MOST_DUE: Final = 20
#: What somebody has to do about an answer that did not come, and about a status that nobody verified.
SILENCE: Final = mark_number(
    "Ask again for an answer that did not come", "Ask again for %(num)s answers that did not come"
)
STALE: Final = mark_number(
    "Look again at a status that nobody has verified for too long",
    "Look again at %(num)s statuses that nobody has verified for too long",
)


@view("/", permission=SELF, template="home", menu=mark("What waits"))
def show_home(desk: Visit) -> Shown:
    waiting = work_queue_pages.count_work(desk.viewer, desk.now, {})
    return {
        "title": desk.language.say("What waits for you"),
        "kept_forms": describe_kept_forms(desk),
        "assigned": list_assigned(desk),
        "works": [describe_work(one, desk.now, desk.language) for one in waiting if one["count"]],
        "mail_fails": _count_failing_letters(desk),
        **_look_ahead(desk),
    }


def _list_tips(desk: Visit) -> Iterator[Shown]:
    """What people without an account said that nobody has read, for those who may."""
    number, oldest = tips.count_unread(desk.viewer) if desk.by.may("evidence.unseal") else (0, None)
    if oldest is not None:
        yield {
            "address": desk.link("/tips"),
            "sentence": desk.language.say_number(
                "Read a tip that came in", "Read %(num)s tips that came in", number
            ),
            "more": False,
            "age": write_age((desk.now - oldest).days, desk.language),
        }


def _list_troubled_webhooks(desk: Visit) -> Iterator[Shown]:
    """Receivers of webhooks that take nothing, for those who keep them."""
    number, since = count_troubled(desk.session, desk.now) if desk.by.may("webhooks.manage") else (0, None)
    if since is not None:
        yield {
            "address": desk.link("/webhooks"),
            "sentence": desk.language.say_number(
                "A receiver of webhooks did not take a message. Look at it.",
                "%(num)s receivers of webhooks did not take a message. Look at them.",
                number,
            ),
            "more": False,
            "age": write_age((desk.now - since).days, desk.language),
        }


def _count_failing_letters(desk: Visit) -> int:
    """How many letters the mail server has refused for long: to those who can tell the operator."""
    if desk.context.settings.mail is None or not desk.by.may("people.manage"):
        return 0
    return read_mail_state(desk.session).failing


def _look_ahead(desk: Visit) -> Shown:
    """What is due soon, and how much is recorded and not public yet: to those who read the record."""
    reads = desk.by.may("record.read")
    due = deadlines.list_due(desk.viewer, desk.now.date(), SOON_DAYS, MOST_DUE) if reads else []
    names = name_things(desk, [row.process_id for row in due])
    return {
        "facts": [*_list_troubled_webhooks(desk), *_list_tips(desk), *(_list_facts(desk) if reads else ())],
        "days": SOON_DAYS,
        "due": [
            {
                "address": desk.link(f"/things/{row.id}"),
                "name": name_row(row),
                "day": row.find_due_day(),
                "process": names.get(row.process_id),
            }
            for row in due
        ],
        "drafts": drafts.count_drafts(desk.viewer) if reads else 0,
    }


def _list_facts(desk: Visit) -> Iterator[Shown]:
    """What is in no queue, because only time made it so: who has not answered, and what nobody has verified."""
    say_number = desk.language.say_number
    silent, stale = sum_up_silence(desk), sum_up_stale(desk)
    if silent.oldest is not None:
        yield {
            "address": desk.link("/silence"),
            "sentence": say_number(*SILENCE, silent.count),
            "more": silent.more,
            "age": write_age((desk.now.date() - silent.oldest).days, desk.language),
        }
    if stale.oldest is not None:
        yield {
            "address": desk.link("/stale"),
            "sentence": say_number(*STALE, stale.count),
            "more": stale.more,
            "age": write_age((desk.now.date() - stale.oldest).days, desk.language),
        }


def describe_work(waiting: dict[str, Any], now: datetime, language: Language) -> dict[str, Any]:
    """What waits of one kind, as a sentence, and for how long the oldest of it has waited."""
    return {
        "kind": waiting["kind"],
        "sentence": write_task(waiting["kind"], waiting["count"], language),
        "more": waiting["more"],
        "age": write_age((now - waiting["oldest"]).days, language),
    }


def write_age(days: int, language: Language) -> Markup:
    """For how long something has waited."""
    if days < 1:
        return language.say("since today")
    return language.say_number("for %(num)s day", "for %(num)s days", days)
