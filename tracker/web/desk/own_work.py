"""What one's organization, or oneself at the desk, has said and proposed; about what a watchdog may say more, replying
to what others found, and taking a draft of one's own back.
"""

from __future__ import annotations

from typing import Final

from tracker.actions import evidence, replies, statuses
from tracker.actions.support import lookup
from tracker.languages.i18n import mark
from tracker.schemas.fields import Code, Id, Strict, Text
from tracker.schemas.publication import ReasonIn
from tracker.schemas.statuses import StatusChangeIn
from tracker.store.statuses import StatusChange
from tracker.web.desk.member_words import MANY
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.public_verdicts import (
    ANSWERED,
    describe_public_verdicts,
    list_public,
    read_public,
    read_public_place,
)
from tracker.web.desk.statuses import list_evidence
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import BOUND, Field, Form

#: How many verdicts a page has.
PAGE: Final = 50
RETRACTING: Final = Form(ReasonIn, Field("reason", mark("Why you take it back")), button=mark("Take it back"))
REPLYING: Final = Form(
    StatusChangeIn,
    *(Field(name, "", kind=BOUND) for name in ("subject", "replies_to")),
    Field(
        "reason",
        mark("Your reply"),
        hint=mark(
            "It stands beside the verdict and changes no status. Another person decides before it is public."
        ),
    ),
    Field("effective_on", mark("From which day")),
    Field("citations/*/evidence", mark("Evidence")),
    Field("citations/*/stance", mark("What it does"), vocabulary="stance"),
    Field("citations/*/locator", mark("Where in it")),
    button=mark("Send the reply"),
)


class VerdictsQuery(Strict):
    """Where the page begins."""

    after = Text(2_000)


@view("/verdicts", permission="status.propose", query=VerdictsQuery, menu=mark("My verdicts"))
def show_verdicts(desk: Visit) -> Shown:
    """Of a watchdog what it says, of the desk what one proposed; the newest first."""
    own = (
        StatusChange.proposed_by == desk.by.id
        if desk.by.organization is None
        else StatusChange.assessor_id == desk.by.organization
    )
    rows = desk.viewer.select(StatusChange).where(own)
    if (place := desk.read_place()) is not None:
        rows = rows.where(StatusChange.id < place[0])
    verdicts = list(desk.session.scalars(rows.order_by(StatusChange.id.desc()).limit(PAGE + 1)))
    names = name_things(desk, [id for one in verdicts for id in (one.subject_id, one.assessor_id)])
    return {
        "title": desk.language.say("My verdicts"),
        "verdicts": [
            {
                "href": desk.link(f"/decide/{one.id}"),
                "name": names.get(one.subject_id, one.subject_id),
                "assessor": names.get(one.assessor_id),
                "track": one.track,
                "state": one.to_state,
                "since": one.effective_on,
                "decision": one.decision,
            }
            for one in verdicts[:PAGE]
        ],
        "next_page": desk.link_after([verdicts[PAGE - 1].id]) if len(verdicts) > PAGE else None,
    }


class NewVerdictQuery(Strict):
    """In which process, about which kind of thing, and where the page begins."""

    process = Id("process", sought=True)
    kind = Code(ANSWERED)
    after = Text(2_000)


@view("/verdicts/new", permission="status.propose", query=NewVerdictQuery)
def show_new_verdict(desk: Visit) -> Shown:
    """The public things that somebody may say something about, of one process, kind by kind."""
    process, kind = desk.query.get("process"), desk.query.get("kind", ANSWERED[0])
    listed, asked = ("process", {}) if process is None else (kind, {"process": process})
    chosen, last = list_public(desk, listed, asked, read_public_place(desk), PAGE)
    title = read_public(desk, "process", process)["title"] if process else None
    return {
        "title": desk.language.say("Say what you found"),
        "process": title,
        "kinds": [(one, MANY[one], desk.link_here(kind=one, after=None)) for one in ANSWERED]
        if process
        else [],
        "kind": kind,
        "found": [
            {
                "name": one.get("title") or one["name"],
                "short": one.get("slug") or one.get("reference"),
                "href": desk.link(f"/subjects/{one['id']}/propose")
                if process
                else desk.link_here(process=one["id"], after=None),
            }
            for one in chosen
        ],
        "next_page": None if last is None else desk.link_after(last),
    }


@view("/changes/{id}/reply", permission="status.propose", template="reply_to", names={"id": ("change",)})
def show_reply_to(desk: Visit, id: str) -> Shown:
    verdict = replies.get_verdict(desk.viewer, id)
    document = read_public(desk, verdict.subject_kind, verdict.subject_id)
    shown = describe_public_verdicts(desk, document, verdict.track)
    return {
        "title": desk.language.say("Reply about: %(name)s", name=document.get("title") or document["name"]),
        "track": verdict.track,
        "verdicts": [{**one, "reply": None} for one in shown if one["change"] == id],
        "values": {
            "subject": verdict.subject_id,
            "replies_to": id,
            "effective_on": verdict.subject.process.days.today(desk.now),
        },
        "choices": {"citations/*/evidence": list_evidence(desk, verdict.process_id, [])},
    }


@act(
    show_reply_to,
    REPLYING,
    done=mark("Your reply waits for a decision."),
    then="/decide/{made}",
    tries=lambda _desk, unit, data, id: statuses.propose_status_change(unit, {**data, "replies_to": id}),
)
def reply_to_verdict(_desk: Visit, unit: Unit, data: Shown, id: str) -> str:
    made: str = statuses.propose_status_change(unit, {**data, "replies_to": id}).id
    return made


@view("/evidence/{id}/retraction", permission="evidence.submit", template="form", names={"id": ("evidence",)})
def show_retraction(desk: Visit, id: str) -> Shown:
    item = lookup.get(desk.viewer, id, "evidence")
    return {
        "title": desk.language.say("Take back: %(name)s", name=name_row(item)),
        "lead": desk.language.say("What rests on it says so at once. This is final."),
        "version": item.version,
    }


@act(show_retraction, RETRACTING, done=mark("You took it back."), then="/things/{id}")
def retract_item(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    evidence.retract_evidence(unit, id, data["reason"], desk.expected)
