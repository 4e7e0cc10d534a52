"""The audit trail: who did what, when, to which thing. Acts on sealed things are read by custodians over REST, on
record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from tracker.actions import audit_trail
from tracker.actions.people import select_colleagues
from tracker.domain.audit import FAMILIES
from tracker.languages.i18n import mark
from tracker.schemas.day_fields import Day
from tracker.schemas.fields import Code, Id, Strict, Text
from tracker.store.audit import AuditEntry
from tracker.web.desk.names import name_things
from tracker.web.desk.view import Shown, Visit, view

#: How many entries a page has.
PAGE: Final = 50


class AuditQuery(Strict):
    """What narrows the trail: a person, how verbs begin, a thing, days."""

    person = Id("person", sought=True)
    verb = Code(sorted(FAMILIES))
    target = Text(30)
    first = Day()
    last = Day()
    after = Text(2_000)


@view("/audit", permission="audit.read", query=AuditQuery, menu=mark("Who did what"))
def show_audit(desk: Visit) -> Shown:
    rows = audit_trail.open_entries(desk.by, read_filters(desk.query))
    if (place := desk.read_place()) is not None:
        rows = rows.where(AuditEntry.id < place[0])
    shown = list(desk.session.scalars(rows.order_by(AuditEntry.id.desc()).limit(PAGE + 1)))
    entries = audit_trail.describe_entries(desk.session, shown[:PAGE], names=False)
    names = name_things(desk, [one["target"] for one in entries])
    people = list_people(desk)
    return {
        "title": desk.language.say("Who did what"),
        "entries": [
            {
                **one,
                "who": people.get(one["person"], one["person"]),
                "what": names.get(one["target"], one["target"]),
            }
            for one in entries
        ],
        "people": sorted(people.items(), key=lambda one: one[1]),
        "families": sorted(FAMILIES),
        "older": desk.link_after([shown[PAGE - 1].id]) if len(shown) > PAGE else None,
    }


def list_people(desk: Visit) -> dict[str, str]:
    """The names of the desk's people, for those who may know them."""
    if not desk.by.may("people.read"):
        return {}
    return {one.id: one.name for one in desk.session.scalars(select_colleagues(desk.by))}


def read_filters(query: Mapping[str, Any]) -> dict[str, Any]:
    """The filters as the trail takes them: days become the instants between which they lie."""
    asked = {name: query[name] for name in ("person", "verb", "target") if name in query}
    if "first" in query:
        asked["from"] = datetime.combine(query["first"], time(), UTC)
    if "last" in query:
        asked["to"] = datetime.combine(query["last"] + timedelta(days=1), time(), UTC)
    return asked
