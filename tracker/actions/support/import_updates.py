"""What becomes of a row whose thing is in the record, or was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import Schema

from tracker.actions import revisions
from tracker.actions.support.import_comparison import Difference, list_differences
from tracker.actions.support.import_report import Outcome
from tracker.actions.support.name_resolution import find_thrown_away
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit
from tracker.domain.errors import FieldError, SlugTaken
from tracker.domain.publication import WITHDRAWN
from tracker.domain.revisions import CORRECTION
from tracker.domain.sentences import sentence
from tracker.store.proposals import Proposal


class NeedsTurn(Exception):
    """More than a look is needed to say what would become of a row; ``seems`` says what it looks like."""

    def __init__(self, seems: Outcome = Outcome("created")) -> None:  # noqa: B008  # it is never changed
        super().__init__()
        self.seems = seems


@dataclass(frozen=True, slots=True)
class Options:
    """What is said of all rows.

    ``process``, an id or a slug, is that of rows that name none. ``new_organizations`` says by the member that names
    one, as ``addressees.organization``, of which type an organization becomes that nobody is called. ``reason``,
    ``revision`` and ``since`` are those of a revision of what is public. ``again``: what was a draft and was withdrawn
    is recorded again. ``propose``: another person is asked to approve all of it.
    """

    process: str | None = None
    new_organizations: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    revision: str = CORRECTION
    since: date | None = None
    again: bool = False
    propose: bool = False

    @property
    def revising(self) -> dict[str, Any]:
        """Why things are revised, as an edit takes it."""
        why = {"reason": self.reason, "since": self.since}
        return {"revision": self.revision, **{name: one for name, one in why.items() if one is not None}}


def find_draft_thrown_away(
    unit: Unit, options: Options, kind: str, process: str | None, name: str
) -> str | None:
    """The draft that was recorded under this name and withdrawn, unless it is to be recorded again."""
    if options.again or not unit.by.may("record.read"):
        return None
    id = find_thrown_away(unit.session, kind, name, process)
    return id if unit.by.works_on(id if kind == "process" else process) else None


def meet_thing(
    unit: Unit,
    options: Options,
    kind: str,
    shapes: tuple[Schema, Schema],
    data: Mapping[str, Any],
    row: Any,
    *,
    looks: bool,
) -> Outcome:
    """What becomes of a row whose thing is there; ``shapes`` are those in which it is given and answered."""
    name = KINDS[kind].name
    if not unit.by.may("record.read"):  # who may not read a thing must not learn by trying what is there
        raise SlugTaken(
            sentence("that %(name)s is taken", name=name),
            fields=[FieldError(f"/{name}", sentence("is taken"))],
        )
    if row.publication == WITHDRAWN:
        if not options.again:
            return Outcome("withdrawn", row.id)
        detail = sentence(
            "%(id)s was withdrawn and keeps its %(name)s; give this another", id=row.id, name=name
        )
        raise SlugTaken(detail, fields=[FieldError(f"/{name}", detail)])
    differs = tuple(list_differences(*shapes, data, row))
    if not differs:
        return Outcome("unchanged", row.id)
    return _update_thing(unit, options, kind, row, differs, looks=looks)


def _update_thing(
    unit: Unit, options: Options, kind: str, row: Any, differs: tuple[Difference, ...], *, looks: bool
) -> Outcome:
    """Edit what is there, by the act of an edit: a draft at once; of what is public it is proposed."""
    fixed = [one for one in differs if one.member not in KINDS[kind].edited._declared_fields]
    if fixed:
        fields = [
            FieldError(f"/{one.member}", sentence("differs from what is recorded; no edit changes it"))
            for one in fixed
        ]
        raise SlugTaken(
            sentence("%(id)s is there already under that %(name)s", id=row.id, name=KINDS[kind].name),
            fields=fields,
        )
    changes = {one.key: one.value for one in differs}
    wanted = KINDS[kind].edited().dump(changes)
    for waiting in revisions.list_revisions(unit.session, row.id):
        if waiting.payload["changes"] == wanted:
            return Outcome("waiting", row.id, differs, waiting.id)
    if looks:
        raise NeedsTurn(Outcome("updated", row.id, differs))
    edited = revisions.edit_thing(unit, row.id, kind, {**changes, **options.revising}, row.version)
    if isinstance(edited, Proposal):
        return Outcome("proposed", row.id, differs, edited.id)
    return Outcome("updated", row.id, differs)
