"""All proposals that wait, those too that are in no queue: of a process, of an organization, of a batch of an import;
and taking back what an approved batch did.
"""

from __future__ import annotations

from typing import Final

from tracker.actions import import_undo, proposals
from tracker.domain.proposals import PROPOSED
from tracker.languages.i18n import mark
from tracker.schemas.fields import Strict, Text
from tracker.schemas.proposals import UndoIn
from tracker.store.proposals import Proposal
from tracker.web.desk.names import name_things
from tracker.web.desk.proposals import KINDS
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: How many proposals a page has.
PAGE: Final = 50
UNDOING: Final = Form(
    UndoIn,
    Field("reason", mark("Why it is taken back"), hint=mark("Everybody will read it.")),
    button=mark("Propose to take it back"),
)


class ProposalsQuery(Strict):
    """Where the page begins."""

    after = Text(2_000)


@view("/proposals", permission="proposals.settle", query=ProposalsQuery)
def show_proposals(desk: Visit) -> Shown:
    rows = proposals.select_visible(desk.viewer).where(Proposal.decision == PROPOSED)
    if (place := desk.read_place()) is not None:
        rows = rows.where(Proposal.id > place[0])
    acts = list(desk.session.scalars(rows.order_by(Proposal.id).limit(PAGE + 1)))
    names = name_things(desk, [one.thing_id for one in acts])
    return {
        "title": desk.language.say("Proposals"),
        "proposals": [
            {
                "href": desk.link(f"/decide/{one.id}"),
                "kind": desk.language.say(KINDS[one.kind]),
                "name": names.get(one.thing_id),
                "since": one.proposed_at.date(),
            }
            for one in acts[:PAGE]
        ],
        "next_page": desk.link_after([acts[PAGE - 1].id]) if len(acts) > PAGE else None,
    }


@view("/decide/{id}/undo", permission="record.write", template="form", names={"id": ("proposal",)})
def show_undo(desk: Visit, id: str) -> Shown:
    proposals.get_proposal(desk.viewer, id)
    return {
        "title": desk.language.say("Take back what a batch did"),
        "lead": desk.language.say(
            "What it made is withdrawn, its status changes are corrected, its changes are given back."
            " What others built on since is left. Another person decides."
        ),
    }


@act(show_undo, UNDOING, done=mark("It was proposed. Another person decides."), then="/decide/{made}")
def undo_batch(_desk: Visit, unit: Unit, data: Shown, id: str) -> str:
    return import_undo.propose_undo(unit, id, data["reason"]).id
