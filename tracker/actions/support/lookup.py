"""Finding what an act names, with the refusal that says what is wrong with the name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from tracker.database.prepared import Prepared
from tracker.domain import ids, publication
from tracker.domain.errors import (
    FieldError,
    InvalidInput,
    NotFound,
    SlugTaken,
    StaleEdit,
    WrongKind,
    WrongProcess,
)
from tracker.store import subjects
from tracker.store.committees import Committee
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.indicators import Indicator
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Recommendation
from tracker.store.reports import Report
from tracker.store.resources import Resource
from tracker.store.subjects import Subject

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
T = TypeVar("T")
#: The version on which an act is to be done, or several of which one must be the current; None for any.
Versions = int | Collection[int] | None


def get_thing(session: Session, id: str, *kinds: str) -> Any:
    """The thing an address names, of one of these kinds; `NotFound` in every other case."""
    kind = ids.kind_of(id)
    found = (
        session.get(MODELS[kind], id) if kind and kind in MODELS and (not kinds or kind in kinds) else None
    )
    if found is None:
        raise NotFound(f"there is no {' or '.join(kinds) or 'thing'} {id[:64]!r}")
    return found


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


def find_named(session: Session, pointer: str, id: str | None, *kinds: str) -> Any:
    """The thing a member of the input names, None where it names none."""
    if id is None:
        return None
    require_kind(pointer, id, *kinds)
    found = session.get(MODELS[ids.kind_of(id) or ""], id)
    if found is None:
        raise InvalidInput.at(pointer, f"there is no {' or '.join(kinds)} {id!r}")
    return found


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
        raise InvalidInput.at(pointer, f"there is no organization {id!r}")


def find_named_in_process(session: Session, process: str, pointer: str, id: str | None, *kinds: str) -> Any:
    """The same, of one process: `WrongProcess` where it belongs to another."""
    found = find_named(session, pointer, id, *kinds)
    if found is not None:
        require_process(pointer, found, process)
    return found


def require_process(pointer: str, row: Any, process: str | None) -> None:
    """`WrongProcess` where what a member of the input names belongs to another process than this."""
    if row.process_id != process:
        detail = f"{row.id} belongs to another process than {process}"
        raise WrongProcess(detail, fields=[FieldError(pointer, detail)])


def get_open_process(session: Session, pointer: str, id: str) -> Process:
    """A process that things may still be recorded in."""
    process: Process = find_named(session, pointer, id, "process")
    if process.publication == publication.WITHDRAWN:
        raise InvalidInput.at(pointer, "this process has been withdrawn")
    return process


def require_free_slug(session: Session, model: type[Process] | type[Organization], slug: str) -> None:
    if session.scalar(select(model.id).where(model.slug == slug)) is not None:
        raise SlugTaken(
            f"the slug {slug!r} is taken", fields=[FieldError("/slug", "is taken; choose another")]
        )


def require_free_reference(session: Session, process: str, kind: str, reference: str | None) -> None:
    if reference is not None and subjects.find_named(session, process, kind, reference) is not None:
        detail = f"the reference {reference!r} is taken by another {kind} of this process"
        raise SlugTaken(detail, fields=[FieldError("/reference", detail)])


def require_version(row: Any, expected: Versions) -> None:
    """Refuse an edit of a version that is no longer the current one."""
    read = (expected,) if isinstance(expected, int) else expected
    if read is not None and row.version not in read:
        known = " or ".join(map(str, sorted(read))) or "none of it"
        raise StaleEdit(f"you read version {known}; it is at version {row.version} now")
