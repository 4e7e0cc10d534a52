"""What somebody sees of the working record: a watchdog its own, the desk all that is not sealed; the rest is not there.

Whoever may neither read nor keep the record must not learn from a refusal what stands in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.actions.support import lookup, status_support
from tracker.actions.support.unit import Unit
from tracker.domain import ids, people, publication
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound, NotPermitted, SelfApproval
from tracker.domain.people import Actor
from tracker.domain.protection import PARTNER, SEALED
from tracker.store import statuses
from tracker.store.evidence import Evidence, list_sources
from tracker.store.people import Person, read_people
from tracker.store.processes import Process
from tracker.store.proposals import Proposal
from tracker.store.protection import ProtectionAct, Share
from tracker.store.questions import Question
from tracker.store.releases import Release
from tracker.store.statuses import ChangeRow, StatusChange
from tracker.store.subject_rows import SubjectRow
from tracker.store.subjects import Subject
from tracker.store.work_queue import OpenWork

#: Who has one of these works on all of the record.
_DESK = ("record.read", "record.write", "record.publish", "status.decide")
_ITEMS = Evidence.__table__
_SEALED = select(_ITEMS.c.id).where(_ITEMS.c.protection == SEALED)
_SHARED = (Evidence.protection == PARTNER) & (Evidence.publication != publication.WITHDRAWN)
#: What is about an item, with the column that names it.
_ABOUT: Mapping[str, Any] = {
    "change": StatusChange.subject_id,
    "proposal": Proposal.thing_id,
    "question": Question.evidence_id,
}
_ANALYSES = {"source_analysis", "technical_analysis", "content_analysis"}


def is_desk(actor: Actor) -> bool:
    return any(actor.may(permission) for permission in _DESK)


def narrow_query(
    actor: Actor, query: Select[Any], model: type[Any], *, shared: bool = False, settles: bool = False
) -> Select[Any]:
    """The rows of a kind that somebody may read. What is sealed is there for custodians alone, not for its submitter
    either. ``shared`` asks for what was shared with their organization, whatever else they may read; ``settles`` for
    the status changes that they may decide or retract by a key that reads nothing."""
    if model not in (Evidence, StatusChange, OpenWork, Release):
        return query
    if not actor.may("evidence.unseal"):
        query = query.where(
            Evidence.protection != SEALED
            if model is Evidence
            else ~_SEALED.where(_ITEMS.c.id == model.subject_id).exists()
        )
    if shared:
        given = select(Share.evidence_id).where(Share.organization_id == actor.organization)
        return query.where(_SHARED, Evidence.id.in_(given))
    if actor.may("record.read") or (settles and is_desk(actor)):
        return query
    if model is Evidence:
        return query.where(Evidence.owner_id == actor.organization)
    answers = and_(model.assessor_id == actor.organization, *_own_answers(actor, model))
    return query.where(answers | (StatusChange.proposed_by == actor.id) if settles else answers)


def _own_answers(actor: Actor, model: type[Any]) -> Iterator[ColumnElement[bool]]:
    """Which of an organization's answers are its own: none on an item that is another's. Where it leads the process the
    desk answers in its name; of that it reads what is public, and what its own people proposed."""
    ours = _ITEMS.c.owner_id.is_not_distinct_from(actor.organization)
    yield ~select(_ITEMS.c.id).where(_ITEMS.c.id == model.subject_id, ~ours).exists()
    leads = select(Process.id).where(Process.id == model.process_id, Process.lead_id == actor.organization)
    things = Subject.__table__.c
    published = select(things.id).where(things.id == model.subject_id, things.published_at.is_not(None))
    shown: ColumnElement[bool] = published.exists()
    if model is StatusChange:
        colleagues = select(Person.id).where(Person.organization_id == actor.organization)
        shown = (shown & StatusChange.number.is_not(None)) | StatusChange.proposed_by.in_(colleagues)
    else:
        shown = shown | (OpenWork.reader == actor.id) | (OpenWork.kind == "question")
    yield ~leads.exists() | shown


def select_owned(actor: Actor, model: type[Any]) -> Select[Any]:
    """The item that a row is about, where it is one of the reader's organization."""
    ours = _ITEMS.c.owner_id.is_not_distinct_from(actor.organization)
    return select(_ITEMS.c.id).where(_ITEMS.c.id == model.subject_id, ours)


def get_visible(session: Session, actor: Actor, id: str, *kinds: str) -> Any:
    """The thing an address names. What is sealed is answered exactly as what is not there."""
    found = lookup.get_thing(session, id, *kinds)
    if _sealed_from(actor, found):
        raise NotFound(f"there is no {' or '.join(kinds) or 'thing'} {id[:64]!r}")
    return found


def read_visible(session: Session, actor: Actor, id: str, kind: str) -> Any:
    """The same, for whoever reads: what is not one's own is not there, and costs as many statements."""
    if kind != "evidence":
        return lookup.get_thing(session, id, kind)
    return _read_one(session, actor, id, Evidence, kind)


def read_shared_evidence(session: Session, actor: Actor, id: str) -> Evidence:
    """An item that was shared with the reader's organization."""
    item: Evidence = _read_one(session, actor, id, Evidence, "evidence", shared=True)
    return item


def get_undecided_change(session: Session, actor: Actor, id: str) -> ChangeRow:
    """A status change as whoever decides or retracts it finds it: any for the desk, what one proposed oneself, or what
    one reads."""
    change = statuses.read_change(session, id)
    sealed = change is not None and change.protection == SEALED and not actor.may("evidence.unseal")
    if change is None or sealed or not (is_desk(actor) or _may_settle(session, actor, id)):
        raise NotFound(f"there is no status change {id[:64]!r}")
    return change


def _may_settle(session: Session, actor: Actor, id: str) -> bool:
    query = select(StatusChange.id).where(StatusChange.id == id)
    return session.scalar(narrow_query(actor, query, StatusChange, settles=True)) is not None


def read_status_change(session: Session, actor: Actor, id: str) -> StatusChange:
    """A status change, with those of its citations that the reader may know of."""
    change = _read_one(session, actor, id, StatusChange, "status change")
    shown: StatusChange = show_changes(session, actor, [change])[0]
    return shown


def _read_one(
    session: Session, actor: Actor, id: str, model: type[Any], called: str, *, shared: bool = False
) -> Any:
    query = narrow_query(actor, select(model).where(model.id == id), model, shared=shared)
    row = session.scalars(query).unique().first()
    if row is None:
        raise NotFound(f"there is no {called} {id[:64]!r}")
    return row


def show_changes(session: Session, actor: Actor, changes: Iterable[Any]) -> list[Any]:
    """The same rows, for an answer: without citations of what the reader may not know of. The desk may have recorded a
    watchdog's verdict on what that watchdog never saw; and what is sealed later was cited before. Who proposed and who
    decided is read for all of them at once; a shape says what is told of them."""
    rows = list(changes)
    acted = {one for change in rows for one in (change.proposed_by, change.decided_by) if one is not None}
    actors = read_people(session, acted)
    seen = filter_known_evidence(
        session, actor, [one.evidence_id for change in rows for one in change.citations]
    )
    for change in rows:
        cited = [one for one in change.citations if one.evidence_id in seen]
        # What is read is narrowed; nothing is to be written.
        keep = set_committed_value if isinstance(change, StatusChange) else setattr
        keep(change, "citations", cited)
        keep(change, "proposer", actors[change.proposed_by])
        keep(change, "decider", actors.get(change.decided_by or ""))
    return rows


def filter_known_evidence(session: Session, actor: Actor, evidence: Collection[str]) -> set[str]:
    """Those of these items that the reader may know of."""
    # Asked even where none is named: what is sealed and what is not there cost the same.
    unseals, desk = actor.may("evidence.unseal"), is_desk(actor)
    return {
        row.id
        for row in list_sources(session, evidence)
        if (unseals or row.protection != SEALED)
        and (desk or row.published_at is not None or row.owner_id == actor.organization)
    }


def find_named_visible(unit: Unit, pointer: str, id: str | None, *kinds: str) -> Any:
    """What a member of the input names, where whoever writes may know of it."""
    found = lookup.find_named(unit.session, pointer, id, *kinds)
    if found is not None and not _is_visible(unit.by, found):
        raise InvalidInput.at(pointer, f"there is no {' or '.join(kinds)} {id!r}")
    return found


def find_named_subject(unit: Unit, pointer: str, id: str, *kinds: str) -> SubjectRow:
    """The same of a subject, as a plain row."""
    lookup.require_kind(pointer, id, *kinds)
    found = status_support.find_subjects(unit.session, [id]).get(id)
    if found is None or not _is_visible(unit.by, found):
        raise InvalidInput.at(pointer, f"there is no {' or '.join(kinds)} {id!r}")
    return found


def require_speaking_for(unit: Unit, pointer: str, organization: str | None) -> None:
    """A watchdog names no other organization; whether there is one by that id is not said."""
    if organization not in (None, unit.by.organization) and not is_desk(unit.by):
        detail = "you speak for your own organization only"
        raise NotPermitted(detail, fields=InvalidInput.at(pointer, detail).fields)


def require_another(unit: Unit, author: str) -> None:
    """Two people: neither the author decides, nor anybody who speaks for the author's organization."""
    people.require_another(unit.by, author)
    if unit.by.organization is None:
        return
    person = unit.session.get(Person, author)
    if person is not None and person.organization_id == unit.by.organization:
        raise SelfApproval("its author speaks for the same organization as you; somebody else has to decide")


def handed_in(actor: Actor, item: Evidence | SubjectRow) -> bool:
    """Whether somebody submitted an item, or speaks for the organization that it belongs to."""
    ours = actor.organization is not None and item.owner_id == actor.organization
    return ours or item.created_by == actor.id


def require_no_hand_in(unit: Unit, item: Evidence) -> None:
    """Refuse whoever submitted an item, or speaks for its owner, to decide what becomes public of it."""
    if handed_in(unit.by, item):
        raise SelfApproval("you or your organization submitted this item; somebody else has to decide")


def get_editable(unit: Unit, id: str, kind: str, changes: Mapping[str, Any]) -> Any:
    """A record that somebody may edit: any for the desk, an own draft that nobody has built on for a watchdog."""
    if unit.by.may("record.write") or kind != "evidence":
        unit.by.require("record.write")
        return get_visible(unit.session, unit.by, id, kind)
    item = get_own_draft(unit, id)
    if _ANALYSES & changes.keys():
        raise NotPermitted("the desk analyses what was submitted")
    if statuses.list_approved(unit.session, item.id) or statuses.list_citing(unit.session, item.id):
        raise AlreadyDone("the desk has reviewed it or a status rests on it; ask the desk for the change")
    return item


def get_own_draft(unit: Unit, id: str) -> Evidence:
    """One's own item, not public yet: the organization's for a watchdog, what oneself submitted for the desk."""
    unit.by.require("evidence.submit")
    item: Evidence = get_visible(unit.session, unit.by, id, "evidence")
    if not is_desk(unit.by) and item.owner_id != unit.by.organization:
        raise NotFound(f"there is no evidence {id[:64]!r}")
    if is_desk(unit.by) and item.created_by != unit.by.id:
        raise NotPermitted("only whoever submitted it takes it back; withdraw it instead")
    if item.publication != publication.DRAFT:
        raise AlreadyDone(f"it is {item.publication}; only a draft is mended or taken back by its submitter")
    return item


def require_known(session: Session, actor: Actor, thing: str | None, *, gone: bool) -> None:
    """`NotFound`, in the same words, where what an answer was about is ``gone``, or was sealed since from whoever asks
    again. Who handed it over sealed is answered again: they know."""
    named = None if thing is None else _missing_detail(session, thing)
    if gone or (named is not None and _sealed_from(actor, named) and _sealed_since(session, named)):
        raise NotFound(f"there is no {ids.kind_of(thing or '') or 'thing'} {(thing or '')[:64]!r}")


def _sealed_since(session: Session, item: Evidence) -> bool:
    query = select(ProtectionAct.id).where(
        ProtectionAct.evidence_id == item.id, ProtectionAct.after == SEALED
    )
    return session.scalar(query.where(ProtectionAct.act == "raised").limit(1)) is not None


def _missing_detail(session: Session, id: str) -> Any:
    """The item that an id names, or that what it names is about; None for anything else."""
    if about := _ABOUT.get(ids.kind_of(id) or ""):
        row = session.get(about.class_, id)
        id = "" if row is None else getattr(row, about.key)
    return session.get(Evidence, id) if ids.kind_of(id) == "evidence" else None


def _sealed_from(actor: Actor, row: Any) -> bool:
    item = isinstance(row, (Evidence, SubjectRow))
    return item and row.protection == SEALED and not actor.may("evidence.unseal")


def _is_visible(actor: Actor, row: Any) -> bool:
    if _sealed_from(actor, row):
        return False
    if is_desk(actor) or row.published_at is not None:
        return True
    return ids.kind_of(row.id) == "evidence" and bool(row.owner_id == actor.organization)
