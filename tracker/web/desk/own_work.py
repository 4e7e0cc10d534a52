"""What one's organization, or oneself at the desk, has said and proposed; and taking a draft of one's own back."""

from __future__ import annotations

from typing import Final

from tracker.actions import evidence
from tracker.actions.support import lookup
from tracker.languages.i18n import mark
from tracker.schemas.fields import Strict, Text
from tracker.schemas.publication import ReasonIn
from tracker.store.statuses import StatusChange
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: How many verdicts a page has.
PAGE: Final = 50
RETRACTING: Final = Form(ReasonIn, Field("reason", mark("Why you take it back")), button=mark("Take it back"))


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
    found = list(desk.session.scalars(rows.order_by(StatusChange.id.desc()).limit(PAGE + 1)))
    names = name_things(desk, [id for one in found for id in (one.subject_id, one.assessor_id)])
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
            for one in found[:PAGE]
        ],
        "next_page": desk.link_after([found[PAGE - 1].id]) if len(found) > PAGE else None,
    }


@view("/evidence/{id}/retraction", permission="evidence.submit", template="form", names={"id": ("evidence",)})
def show_retraction(desk: Visit, id: str) -> Shown:
    item = lookup.get(desk.viewer, id, "evidence")
    return {
        "title": desk.language.say("Take back: %(name)s", name=name_row(item)),
        "lead": desk.language.say("What rests on it says so at once. This is final."),
        "version": item.version,
    }


@act(
    show_retraction,
    RETRACTING,
    done=mark("You took it back."),
    then=lambda desk, _made, id: desk.link(f"/things/{id}", done="retraction"),
)
def retract_item(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    evidence.retract_evidence(unit, id, data["reason"], desk.expected)
