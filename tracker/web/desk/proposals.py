"""Deciding: what is proposed, by whom, beside what stands. One screen for status changes and every kind of proposal.

A decision is on the versions that were shown: what has changed since it was proposed is shown and sent along, and what
changes after that is refused and shown again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from tracker.actions import proposals, statuses
from tracker.actions.people import find_person
from tracker.actions.releases import list_releases
from tracker.actions.support import lookup, visibility
from tracker.actions.support.registry import KINDS as RECORDED
from tracker.domain import ids
from tracker.domain.errors import FieldError, NotFound
from tracker.domain.people import ROLES
from tracker.domain.proposals import APPROVED, IMPORT, PROPOSED, PUBLICATION, REDACTION, RETURNED
from tracker.domain.sentences import Sentence
from tracker.http.acts import list_deletions
from tracker.languages.i18n import mark
from tracker.languages.member_words import MEMBERS
from tracker.schemas.statuses import DecisionIn
from tracker.store.proposals import Proposal
from tracker.store.statuses import StatusChange
from tracker.store.viewer import Viewer
from tracker.web.desk.deadlines import describe_replacement
from tracker.web.desk.handlings import read_claims
from tracker.web.desk.names import name_person, name_things
from tracker.web.desk.proposed_members import list_members
from tracker.web.desk.verdicts import describe_citations, link_correction, link_proposal, list_verdicts
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: The kinds of entry in the queue that are decided here.
DECIDED: Final = (
    *("proposal", "publication", "revision", "public_copy", "lowering", "consent", "redaction"),
)
#: kind of proposal -> what is proposed.
KINDS: Final[Mapping[str, str]] = {
    "lowering": mark("More people shall see an item of evidence"),
    "redaction": mark("Content shall be destroyed"),
    "public_copy": mark("A copy of a file shall be public"),
    "roles": mark("Somebody shall have other roles"),
    "key": mark("Somebody shall have a key"),
    "entry": mark("Somebody shall come to the desk by a link"),
    "revision": mark("What is public shall be changed"),
    "consent": mark("A consent shall allow more"),
    "import": mark("A batch of an import shall be public"),
    "undo": mark("A batch of an import shall be taken back"),
    "publication": mark("A draft shall be public"),
}
#: The same of a status change.
CHANGE: Final = mark("A status is proposed")
#: kind of an act of a batch that is a decision of its own -> what it is called.
_DECIDED_ALONE: Final[Mapping[str | None, str]] = {"change": CHANGE, "proposal": KINDS["revision"]}
#: decision -> the words of its choice.
CHOICES: Final[Mapping[str, str]] = {
    "approve": mark("Approve it"),
    "return": mark("Return it, with a note"),
    "retract": mark("Take it back"),
}
FORM = Form(
    DecisionIn,
    Field("decision", mark("Your decision")),
    Field("note", mark("A note"), hint=mark("What is wrong with it, where you return it.")),
    button=mark("Decide"),
)


@view(
    "/decide/{id}",
    permission="proposals.settle",
    names={"id": ("change", "proposal")},
    opens=(*DECIDED, "returned"),
)
def show_decide(desk: Visit, id: str) -> Shown:
    shown = _show_change(desk, id) if ids.kind_of(id) == "change" else _show_proposal(desk, id)
    return {**shown, "claims": read_claims(desk, shown["subject"]["id"])}


def list_waiting(desk: Visit, thing: str) -> list[tuple[str, str]]:
    """What waits for a decision about a thing, as far as somebody may read it: where it is decided, and its words."""
    proposed = proposals.select_visible(desk.viewer).where(
        Proposal.thing_id == thing, Proposal.decision == PROPOSED
    )
    changes = desk.viewer.select(StatusChange).where(
        StatusChange.subject_id == thing, StatusChange.decision == PROPOSED
    )
    waiting = [
        *((one.id, KINDS[one.kind]) for one in desk.session.scalars(proposed.order_by(Proposal.proposed_at))),
        *((one.id, CHANGE) for one in desk.session.scalars(changes.order_by(StatusChange.created_at))),
    ]
    return [(desk.link(f"/decide/{id}"), str(desk.language.say(words))) for id, words in waiting]


def _show_change(desk: Visit, id: str) -> Shown:
    change = lookup.get_status_change(desk.viewer, id)
    (change,) = visibility.show_changes(desk.viewer, [change])
    subject, by, waits = change.subject, desk.by, change.decision == PROPOSED
    current = {} if change.versions is None else {subject.id: subject.version}
    changed = statuses.find_changed(desk.session, change, subject) if waits else {}
    own = change.proposed_by == by.id
    return {
        "title": desk.language.say(CHANGE),
        "subject": _describe_thing(desk, subject.id),
        "change": _describe_change(desk, subject, change),
        "again": link_proposal(desk, change, state=change.to_state)
        if change.decision == RETURNED and own
        else None,
        "correct": link_correction(desk, change),
        "verdicts": list_verdicts(desk, subject, change.track) if by.may("record.read") else [],
        "reason": change.reason,
        "dates": describe_replacement(desk, subject.id, change.to_state),
        "releases": [],
        "undo": None,
        "acts": [],
        "members": [],
        "words": None,
        "version": change.version,
        "versions": current,
        "next_one": "proposal",
        **_describe_decision(desk, change, change.proposer.known_as, change.decision_note),
        **_ask_for_decision(desk, waits, own, by.may("status.decide") and not own, changed, []),
        "deciders": _list_deciders("status.decide"),
    }


def _describe_change(desk: Visit, subject: Any, change: Any) -> Shown:
    names = name_things(desk, [change.assessor_id, change.addressee_id])
    members = ("track", "from_state", "to_state", "act", "effective_on", "not_before")
    return {
        **{name: getattr(change, name) for name in members},
        "assessor": names.get(change.assessor_id),
        "addressee": names.get(change.addressee_id or ""),
        "cited": describe_citations(desk, subject, change.citations),
    }


def _describe_thing(desk: Visit, id: str) -> Shown:
    """What a proposal is about: by its id where its reader may not know what it is called."""
    kind, names = ids.kind_of(id), name_things(desk, [id])
    if kind == "person" and desk.by.may("people.manage"):
        names[id] = find_person(desk.session, id).name
    return {
        "id": id,
        "name": names.get(id, id),
        "kind": kind,
        "href": desk.link(f"/things/{id}") if id in names and kind in RECORDED else None,
    }


def _show_proposal(desk: Visit, id: str) -> Shown:
    proposal = proposals.get_proposal(desk.viewer, id)
    described = proposals.describe_proposal(desk.session, proposal)
    kind, by = proposals.KINDS[proposal.kind], desk.by
    changed, faults = proposals.find_overtaken(desk.session, proposal)
    own, waits = proposal.proposed_by == by.id, proposal.decision == PROPOSED
    retracts = own or (kind.anyone_retracts and by.may(kind.proposes))
    row = _find_thing(desk.viewer, proposal)
    return {
        "title": desk.language.say(KINDS[proposal.kind]),
        "subject": _describe_thing(desk, proposal.thing_id),
        "change": None,
        "again": None,
        "correct": None,
        "verdicts": [],
        "reason": _write_reason(desk, proposal),
        "members": list_members(desk, proposal, described["payload"], row),
        "words": _find_words(desk, proposal),
        "version": None,
        "versions": kind.versions(desk.session, proposal) if waits else {},
        "next_one": proposal.kind if proposal.kind in DECIDED else "",
        **_describe_decision(desk, proposal, described["proposed_by"], proposal.note),
        **_ask_for_decision(
            desk, waits, retracts, by.may(kind.decides) and not own, changed if waits else {}, faults
        ),
        "own": own,
        "not_before": proposal.rests_until,
        "releases": _list_releases(desk, proposal),
        "dates": [],
        "undo": _find_undo(desk, proposal),
        "acts": _list_acts(desk, described["payload"]),
        "deciders": _list_deciders(kind.decides),
    }


def _find_thing(viewer: Viewer, proposal: Proposal) -> Any:
    """The thing that a proposal is about, where it is of the record and its reader may read it."""
    try:
        return lookup.get(viewer, proposal.thing_id)
    except NotFound:
        return None


def _find_words(desk: Visit, proposal: Proposal) -> str | None:
    """Where a custodian reads the words that shall be destroyed, where it is one act that says them."""
    is_event = ids.kind_of(proposal.target_id) == "event" and desk.by.may("evidence.redact")
    return desk.link(f"/acts/{proposal.target_id}/redaction") if is_event else None


def _list_releases(desk: Visit, proposal: Proposal) -> list[tuple[str, datetime]]:
    """What was approved to be public and waits for its hour: its name, and not before when it is public."""
    if proposal.kind != PUBLICATION or proposal.decision != APPROVED:
        return []
    waiting = list_releases(desk.session, proposal.payload["acts"])
    names = name_things(desk, waiting)
    return [(names[id], hour) for id, hour in waiting.items() if id in names]


def _find_undo(desk: Visit, proposal: Proposal) -> str | None:
    """Where it is proposed to take back what a batch did; None of anything else."""
    done = proposal.kind == IMPORT and proposal.decision == APPROVED
    return desk.link(f"/decide/{proposal.id}/undo") if done and desk.by.may("record.write") else None


def _write_reason(desk: Visit, proposal: Proposal) -> str | None:
    """Why something is proposed; of a redaction that is a code."""
    if proposal.kind == REDACTION and proposal.reason is not None:
        return desk.language.label("redaction_reason", proposal.reason)
    return proposal.reason


def _list_acts(desk: Visit, wanted: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What becomes public by a proposal, or stands: where each is read, and what it is called."""
    acts = wanted.get("acts", ())
    names = name_things(desk, acts)
    decided = {id: _DECIDED_ALONE[kind] for id in acts if (kind := ids.kind_of(id)) in _DECIDED_ALONE}
    words = {id: str(desk.language.say(text)) for id, text in decided.items()}
    links = {id: desk.link(f"/decide/{id}" if id in words else f"/things/{id}") for id in acts}
    return [(links[id], words.get(id) or names.get(id, id)) for id in acts]


def _describe_decision(desk: Visit, proposal: Any, author: str | None, note: str | None) -> Shown:
    return {
        "author": name_person(desk, author),
        "proposed_at": getattr(proposal, "proposed_at", None) or proposal.created_at,
        "decision": proposal.decision,
        "decided_at": proposal.decided_at,
        "note": note,
        "not_before": None,
    }


def _ask_for_decision(
    desk: Visit, waits: bool, retracts: bool, decides: bool, changed: Mapping[str, int], faults: Sequence[Any]
) -> Shown:
    """What the reader may decide, and on which versions."""
    open_to = [
        *(("approve", "return") if decides and waits else ()),
        *(("retract",) if retracts and waits else ()),
    ]
    names = name_things(desk, changed)
    return {
        "own": retracts,
        "choices": {"decision": [(one, str(desk.language.say(CHOICES[one]))) for one in open_to]},
        "changed": [names.get(id, id) for id in changed],
        "overtaken": _name_members(desk, faults),
    }


def _name_members(desk: Visit, faults: Sequence[FieldError]) -> list[str]:
    """The members of a revised thing that another act has changed since; what else has changed is named by itself."""
    parts = [one.detail.parts for one in faults if isinstance(one.detail, Sentence)]
    members = [str(one["member"]) for one in parts if "member" in one]
    return [str(desk.language.say(MEMBERS[one])) if one in MEMBERS else one for one in members]


def _list_deciders(permission: str) -> list[str]:
    """The roles that decide."""
    return [role for role, may in ROLES.items() if permission in may]


def try_decision(desk: Visit, unit: Unit, data: Shown, id: str) -> Any:
    decision, note = data["decision"], data.get("note")
    if ids.kind_of(id) == "change":
        return statuses.decide_status_change(unit, id, decision, note, desk.expected, desk.versions)
    return proposals.decide_proposal(unit, id, decision, note, desk.versions)


def destroys(desk: Visit, typed: Mapping[str, Sequence[str]], id: str) -> bool:
    """Whether what somebody decides destroys content for good."""
    if "approve" not in typed.get("decision", ()) or ids.kind_of(id) != "proposal":
        return False
    return proposals.get_proposal(desk.viewer, id).kind == REDACTION


@act(show_decide, FORM, done=mark("Your decision is recorded."), tries=try_decision, dangerous=destroys)
def decide(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    decided = try_decision(desk, unit, data, id)
    if isinstance(decided, Proposal) and decided.kind == REDACTION and decided.approved_at is not None:
        desk.after += list_deletions(desk.context, desk.session, decided.thing_id)
