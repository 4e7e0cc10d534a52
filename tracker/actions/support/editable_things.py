"""What somebody may edit, and what an edit needs: the version that was read, and names that are free."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support.lookup import get_for_act
from tracker.actions.support.unit import Unit
from tracker.domain import ids, publication
from tracker.domain.errors import AlreadyDone, FieldError, NotFound, NotPermitted, SlugTaken, StaleEdit
from tracker.domain.sentences import Label, join_choices, sentence
from tracker.store import statuses, subjects
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.redaction import is_held

#: What the desk alone says of an item, when it reviews it: the three analyses of the Berkeley Protocol, and two grades.
ANALYSES: Final = frozenset(
    {
        *("source_analysis", "technical_analysis", "content_analysis"),
        *("source_reliability", "content_credibility"),
    }
)
#: The version on which an act is to be done, or several of which one must be the current; None for any.
Versions = int | Collection[int] | None


def get_editable(unit: Unit, id: str, kind: str, changes: Mapping[str, Any]) -> Any:
    """A record that somebody may edit: any for the desk, an own draft that nobody has built on for a watchdog."""
    if unit.by.may("record.write") or kind != "evidence":
        unit.by.require("record.write")
        return get_for_act(unit.viewer, id, kind)
    item = get_own_draft(unit, id)
    if ANALYSES & changes.keys():
        raise NotPermitted(sentence("the desk analyses what was submitted"))
    built_on = statuses.list_approved(unit.session, item.id) or statuses.list_citing(unit.session, item.id)
    if built_on or is_held(unit.session, item.id):  # that a court asked for it is the desk's to know
        raise AlreadyDone(
            sentence("the desk has reviewed it or a status rests on it; ask the desk for the change")
        )
    return item


def get_own_draft(unit: Unit, id: str) -> Evidence:
    """One's own item, not public yet: the organization's for a watchdog, what oneself submitted for the desk."""
    unit.by.require("evidence.submit")
    item: Evidence = get_for_act(unit.viewer, id, "evidence")
    if not unit.by.is_desk and item.owner_id != unit.by.organization:
        raise NotFound(sentence("there is no evidence %(id)s", id=repr(id[:64])))
    if unit.by.is_desk and item.created_by != unit.by.id:
        raise NotPermitted(sentence("only its submitter takes it back; withdraw it instead"))
    if item.publication != publication.DRAFT:
        raise AlreadyDone(
            sentence(
                "it is %(publication)s; only a draft is mended or taken back by its submitter",
                publication=Label("publication", item.publication),
            )
        )
    return item


def require_free_slug(session: Session, model: type[Process] | type[Organization], slug: str) -> None:
    if session.scalar(select(model.id).where(model.slug == slug)) is not None:
        raise SlugTaken(
            sentence("the slug %(slug)s is taken", slug=repr(slug)),
            fields=[FieldError("/slug", sentence("is taken; choose another"))],
        )


def require_free_reference(session: Session, process: str, kind: str, reference: str | None) -> None:
    if reference is not None and subjects.find_named(session, process, kind, reference) is not None:
        detail = sentence(
            "the reference %(reference)s is taken by another %(kind)s of this process",
            reference=repr(reference),
            kind=ids.name_kinds([kind]),
        )
        raise SlugTaken(detail, fields=[FieldError("/reference", detail)])


def require_version(row: Any, expected: Versions) -> None:
    """Refuse an edit of a version that is no longer the current one."""
    read = (expected,) if isinstance(expected, int) else expected
    if read is not None and row.version not in read:
        known = join_choices(sorted(read)) if read else sentence("none of it")
        raise StaleEdit(
            sentence(
                "you read version %(known)s; it is at version %(version)s now",
                known=known,
                version=row.version,
            )
        )
