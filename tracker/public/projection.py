"""From the public acts about a thing to what is publicly known of it, now or at any earlier moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from tracker.domain import standing
from tracker.public.events import Event

#: How many status changes a document carries; older ones are in its history.
HISTORY: Final = 100
#: What answers on a thing are about: the text of a recommendation, the day of a date and what it follows from.
ANSWERED: Final[Mapping[str, frozenset[str]]] = {
    "recommendation": frozenset({"text"}),
    "deadline": frozenset({"due_on", "rule", "set_on"}),
}


class Told(NamedTuple):
    """An act by which a thing says something of itself: its place; of an update the day from which it is so, else "";
    the members that it changed, of the first act none; and what the thing said from then on."""

    seq: int
    since: str
    members: frozenset[str]
    content: Mapping[str, Any]


@dataclass(slots=True)
class Facts:
    """What the acts about one thing add up to.

    ``content`` is the last that was said of it, None before publication and empty where that was redacted;
    ``text_seq`` is the place of the act that last revised what answers are about (`ANSWERED`); 0 where none did.
    ``changes`` its status changes with their present basis, oldest first; ``changed_at`` the instant of the last act,
    ``last_act`` its id and place. ``told`` is known where a day is asked of: what it said of itself, oldest first; and
    ``told_until`` always: the last day from which an update says that the world is so, "" where none does.

    From ``changes`` follow ``known``, which tells where things stand; ``firsts``, which also tells when a state was
    first reached, on the tracks on which that counts; ``replies``; and ``said``, the changes by their ids. Where
    only the present is wanted (`tracker.public.current`), ``changes`` are the last `HISTORY`, and the others leave out
    what no longer decides before ``known_from``, the first day of which they tell all: "" is every day.
    """

    id: str
    process: str | None = None
    content: dict[str, Any] | None = None
    published_at: str | None = None
    revised_at: str | None = None
    text_seq: int = 0
    changed_at: str | None = None
    withdrawn: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    last_act: tuple[str, int] = ("", 0)
    known: list[standing.Change] = field(default_factory=list)
    firsts: list[standing.Change] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    known_from: str = ""
    told: list[Told] = field(default_factory=list)
    told_until: str = ""


def project_facts(thing: str, events: Iterable[Event]) -> Facts:
    """The facts of a thing after these acts, which come oldest first."""
    facts = Facts(thing)
    for act in events:
        _own_events(facts, act)
    return complete_facts(facts)


def complete_facts(facts: Facts) -> Facts:
    """The same with what follows from ``changes``, where these are all that there are."""
    changes = list_changes(facts)
    return replace(
        facts,
        known=changes,
        firsts=changes,
        replies=[said for said in facts.changes if said["act"] == "reply"],
        said={said["id"]: said for said in facts.changes},
        known_from="",
    )


def _own_events(facts: Facts, act: Event) -> None:
    body = act.body
    facts.last_act = (body["id"], act.seq)
    facts.changed_at = body["at"]
    if act.kind == "subject.published":
        facts.process, facts.content, facts.published_at = body["process"], body["content"], body["at"]
        facts.told.append(Told(act.seq, "", frozenset(), body["content"]))
    elif act.kind == "subject.revised":
        if revises_text(act):
            facts.text_seq = act.seq
        facts.content, facts.revised_at = body["content"], body["at"]
        members, since = frozenset(body.get("members", ())), body.get("since") or ""
        facts.told.append(Told(act.seq, since, members, body["content"]))
        facts.told_until = max(facts.told_until, since)
    elif act.kind == "subject.withdrawn":
        facts.withdrawn = body["reason"]
    elif act.kind == "record.redacted":
        if "event" not in body:  # else it took the words of that act, and nothing else
            facts.withdrawn = body["reason"]
    elif act.kind == "basis.changed":
        for change in facts.changes:
            if change["id"] == body["changed"]:
                change["basis"] = body["basis"]
    else:
        facts.changes.append(read_change(act))


def revises_text(act: Event) -> bool:
    """Whether an act changed what answers are about; it says so also when its words are gone."""
    asked = ANSWERED.get(act.body.get("subject_kind", ""), frozenset())
    return not asked.isdisjoint(act.body.get("members", ()))


def read_change(act: Event) -> dict[str, Any]:
    """A status change as the act says it, with the act's own instant, id and place."""
    body = act.body
    return {**body["change"], "at": body["at"], "event": body["id"], "order": act.seq}


def list_changes(facts: Facts) -> list[standing.Change]:
    """The status changes as the values that `tracker.domain.standing` reasons about."""
    return [make_change(change, change["to"], change["order"]) for change in facts.changes]


def make_change(event: Mapping[str, Any], state: str, order: int) -> standing.Change:
    """A status change that was said in public, as it is reasoned about.

    Recorded, for the public, means published: nobody outside could know it earlier.
    """
    return standing.Change(
        id=event["id"],
        track=event["track"],
        assessor=event["assessor"],
        act=event["act"],
        state=state,
        effective_on=date.fromisoformat(event["effective_on"]),
        recorded_at=datetime.fromisoformat(event["at"]),
        order=order,
        not_before=event["not_before"] and date.fromisoformat(event["not_before"]),
        corrects=event["corrects"],
        basis=event["basis"],
        addressee=event["addressee"],
    )
