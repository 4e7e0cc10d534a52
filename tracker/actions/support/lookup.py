"""Finding a row by its id, as far as a viewer may know of it, with the refusal that says what is wrong with the id.

A door and an act get their rows here: `get` what somebody reads, `get_for_act` what they act on, `find_named` what
their input names. An act that needs a row no matter who asks says so: `get_unfiltered`, `find_unfiltered`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Select, bindparam, select, union_all
from sqlalchemy.orm import Session

from tracker.actions.support import status_support
from tracker.actions.support.unit import Unit, remembered
from tracker.actions.support.visibility import show_changes
from tracker.database.prepared import Prepared
from tracker.domain import ids, publication
from tracker.domain.errors import FieldError, InvalidInput, NotFound, NotPermitted, WrongKind, WrongProcess
from tracker.domain.protection import SEALED
from tracker.domain.sentences import sentence
from tracker.store import change_rows
from tracker.store.change_rows import ChangeRow
from tracker.store.committees import Committee
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.indicators import Indicator
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.protection import ProtectionAct
from tracker.store.recommendations import Recommendation
from tracker.store.reports import Report
from tracker.store.resources import Resource
from tracker.store.statuses import StatusChange
from tracker.store.subject_rows import SubjectRow
from tracker.store.subjects import Subject
from tracker.store.viewer import Viewer

#: kind of thing -> its table, for everything that can be published.
MODELS: Mapping[str, type[Any]] = {
    "process": Process,
    "organization": Organization,
    "committee": Committee,
    "report": Report,
    "resource": Resource,
    "deadline": Deadline,
    "recommendation": Recommendation,
    "indicator": Indicator,
    "evidence": Evidence,
}
Thing = Process | Organization | Subject


def get(viewer: Viewer, id: str, *kinds: str) -> Any:
    """The thing that an address names, if the viewer may read it. What they may not read is answered as what is not
    there, and costs as many statements."""
    model = _model_of(id, kinds)
    query = None if model is None else viewer.select(model).where(model.id == id)
    row = None if query is None else viewer.session.scalars(query).unique().first()
    return _require_found(row, id, kinds)


def get_shared(viewer: Viewer, id: str) -> Evidence:
    """An item that was shared with the viewer's organization."""
    row = viewer.session.scalars(viewer.select_shared().where(Evidence.id == id)).unique().first()
    item: Evidence = _require_found(row, id, ("evidence",))
    return item


def get_known_subject(viewer: Viewer, id: str) -> SubjectRow:
    """The subject that an address names, as a plain row, if the viewer may know of it: to say something of it."""
    row = status_support.find_subjects(viewer.session, [id]).get(id)
    if row is None or not viewer.knows(row):
        raise NotFound(sentence("there is no subject %(id)s", id=repr(id[:64])))
    return row


def get_status_change(viewer: Viewer, id: str) -> StatusChange:
    """A status change, with those of its citations that the viewer may know of."""
    return _show_change(viewer, viewer.select(StatusChange).where(StatusChange.id == id), id)


def _show_change(viewer: Viewer, query: Select[StatusChange], id: str) -> StatusChange:
    change = viewer.session.scalars(query).unique().first()
    shown: StatusChange = show_changes(viewer, [_require_found(change, id, ("status change",))])[0]
    return shown


def get_undecided_change(viewer: Viewer, id: str) -> ChangeRow:
    """A status change as the person who decides or retracts it finds it: any for the desk, what one proposed
    oneself, or what one reads."""
    change = change_rows.read_change(viewer.session, id)
    sealed = change is not None and change.protection == SEALED and not viewer.by.may("evidence.unseal")
    outside = change is None or not viewer.by.works_on(change.process_id)
    if change is None or outside or sealed or not (viewer.by.is_desk or _may_settle(viewer, id)):
        raise NotFound(sentence("there is no status change %(id)s", id=repr(id[:64])))
    return change


def _may_settle(viewer: Viewer, id: str) -> bool:
    query = viewer.narrow(select(StatusChange.id), StatusChange, settles=True)
    return viewer.session.scalar(query.where(StatusChange.id == id)) is not None


def get_for_act(viewer: Viewer, id: str, *kinds: str) -> Any:
    """The thing that somebody acts on, whose permission was checked: a key may write what it does not read. What is
    sealed from them is answered exactly as what is not there."""
    row = get_unfiltered(viewer.session, id, *kinds)
    return _require_found(None if viewer.is_barred_from(row) else row, id, kinds)


def get_made(viewer: Viewer, id: str, *kinds: str) -> Any:
    """The thing that a request of the viewer made, told to them again whatever else they may read. Not what was sealed
    from them since; who handed it over sealed knows of it."""
    row = get_unfiltered(viewer.session, id, *kinds)
    gone = viewer.is_barred_from(row) and (
        row.publication == publication.WITHDRAWN or _was_raised_to_sealed(viewer.session, row.id)
    )
    return _require_found(None if gone else row, id, kinds)


def _was_raised_to_sealed(session: Session, item: str) -> bool:
    acts = select(ProtectionAct.id).where(ProtectionAct.evidence_id == item, ProtectionAct.act == "raised")
    return session.scalar(acts.where(ProtectionAct.after == SEALED).limit(1)) is not None


def get_made_change(viewer: Viewer, id: str) -> StatusChange:
    """The same of a status change that they proposed, decided or retracted."""
    query = viewer.narrow(select(StatusChange), StatusChange, settles=True).where(StatusChange.id == id)
    return _show_change(viewer, query, id)


def get_unfiltered(session: Session, id: str, *kinds: str) -> Any:
    """The thing of this id, no matter who asks: for what follows from an act, and for callers who have looked already
    whether it may be seen."""
    model = _model_of(id, kinds)
    return _require_found(None if model is None else session.get(model, id), id, kinds)


#: How many things one statement loads.
_LOADED: Final = 500


def load_things(session: Session, things: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Each of these things with its row, None for what is not there. Many are loaded by one statement, and held for a
    while: as few as one statement takes until the unit ends, for those who look at them next."""
    wanted = list(dict.fromkeys(things))
    few = len(wanted) <= _LOADED
    kept = remembered(session, "loaded") if few else {}
    for first in range(0, len(wanted), _LOADED):
        some = wanted[first : first + _LOADED]
        rows = kept if kept.keys() >= set(some) else _load(session, some)
        kept.update(rows if few else {})
        yield from ((one, session.get(MODELS[ids.kind_of(one) or ""], one)) for one in some)


def _load(session: Session, some: Collection[str]) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for kind in {ids.kind_of(one) or "" for one in some} if len(some) > 1 else ():
        model = MODELS[kind]
        own = [one for one in some if ids.kind_of(one) == kind]
        rows |= {row.id: row for row in session.scalars(select(model).where(model.id.in_(own))).unique()}
    return rows


def list_things(session: Session) -> list[str]:
    """The id of everything, kind by kind."""
    return [id for model in MODELS.values() for id in session.scalars(select(model.id).order_by(model.id))]


def _model_of(id: str, kinds: Collection[str]) -> type[Any] | None:
    kind = ids.kind_of(id) or ""
    return MODELS.get(kind) if not kinds or kind in kinds else None


def _require_found(row: Any, id: str, kinds: Collection[str]) -> Any:
    if row is None:
        raise NotFound(
            sentence(
                "there is no %(kinds)s %(id)s", kinds=ids.name_kinds(kinds or ("thing",)), id=repr(id[:64])
            )
        )
    return row


_PUBLISHED: Final = Prepared(
    union_all(
        *(
            select(table.c.id).where(
                table.c.id.in_(bindparam("things", expanding=True)),
                table.c.publication == publication.PUBLISHED,
            )
            for table in (Process.__table__, Organization.__table__, Subject.__table__)
        )
    )
)


def list_published(session: Session, things: Collection[str]) -> set[str]:
    """Those of these things that are public now."""
    return set(_PUBLISHED.column(core_connection(session), things=sorted(things))) if things else set()


def find_named(viewer: Viewer, pointer: str, id: str | None, *kinds: str) -> Any:
    """The thing that a member of the input names, None where it names none. `InvalidInput` in the same words where
    there is none, and where the author may not know of it."""
    row = find_unfiltered(viewer.session, pointer, id, *kinds)
    return None if id is None else _require_known(viewer, pointer, row, id, kinds)


def find_named_subject(viewer: Viewer, pointer: str, id: str, *kinds: str) -> SubjectRow:
    """The same of a subject, as a plain row."""
    require_kind(pointer, id, *kinds)
    subject = status_support.find_subjects(viewer.session, [id]).get(id)
    row: SubjectRow = _require_known(viewer, pointer, subject, id, kinds)
    return row


def find_unfiltered(session: Session, pointer: str, id: str | None, *kinds: str) -> Any:
    """The same, no matter who names it."""
    if id is None:
        return None
    require_kind(pointer, id, *kinds)
    row = session.get(MODELS[ids.kind_of(id) or ""], id)
    if row is None:
        raise _refuse_name(pointer, id, kinds)
    return row


def _require_known(viewer: Viewer, pointer: str, row: Any, id: str, kinds: Collection[str]) -> Any:
    if row is None or not viewer.knows(row):
        raise _refuse_name(pointer, id, kinds)
    return row


def _refuse_name(pointer: str, id: str, kinds: Collection[str]) -> InvalidInput:
    return InvalidInput.at(
        pointer, sentence("there is no %(kinds)s %(id)s", kinds=ids.name_kinds(kinds), id=repr(id))
    )


def require_speaking_for(unit: Unit, pointer: str, organization: str | None) -> None:
    """A watchdog names no other organization; whether there is one by that id is not said."""
    if organization not in (None, unit.by.organization) and not unit.by.is_desk:
        detail = sentence("you speak for your own organization only")
        raise NotPermitted(detail, fields=InvalidInput.at(pointer, detail).fields)


def require_kind(pointer: str, id: str, *kinds: str) -> None:
    """`WrongKind` where a member of the input names something else than one of these kinds."""
    try:
        ids.require_kind(id, *kinds)
    except WrongKind as refusal:
        raise WrongKind(refusal.detail, fields=[FieldError(pointer, refusal.detail)]) from None


_ORGANIZATION: Final = Prepared(select(Organization.id).where(Organization.id == bindparam("organization")))


def require_organization(session: Session, pointer: str, id: str) -> None:
    """That a member of the input names an organization."""
    require_kind(pointer, id, "organization")
    if _ORGANIZATION.first(core_connection(session), organization=id) is None:
        raise InvalidInput.at(pointer, sentence("there is no organization %(id)s", id=repr(id)))


def find_named_in_process(viewer: Viewer, process: str, pointer: str, id: str | None, *kinds: str) -> Any:
    """The same, of one process: `WrongProcess` where it belongs to another."""
    row = find_named(viewer, pointer, id, *kinds)
    if row is not None:
        require_process(pointer, row, process)
    return row


def require_process(pointer: str, row: Any, process: str | None) -> None:
    """`WrongProcess` where what a member of the input names belongs to another process than this."""
    if row.process_id != process:
        detail = sentence("%(id)s belongs to another process than %(process)s", id=row.id, process=process)
        raise WrongProcess(detail, fields=[FieldError(pointer, detail)])


def get_open_process(viewer: Viewer, id: str) -> Process:
    """A process that things may still be recorded in."""
    process: Process = find_named(viewer, "/process", id, "process")
    if process.publication == publication.WITHDRAWN:
        raise InvalidInput.at("/process", sentence("this process has been withdrawn"))
    return process
