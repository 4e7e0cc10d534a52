"""Rows that are parts of a thing, and acts about one: members, mandates and figures, extensions of a date, watchdogs.

A part is added to a draft at once. To what is public it is proposed, as a revision of the whole: all parts that one
import brings to a thing are one proposal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from tracker.actions import committees, deadlines, figures, mandates, revisions, watchdogs
from tracker.actions.support.import_lines import Data, Line, Run
from tracker.actions.support.import_report import Outcome
from tracker.actions.support.import_updates import NeedsTurn
from tracker.actions.support.lookup import get_for_act
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit
from tracker.domain import ids
from tracker.domain.deadlines import REPLACED
from tracker.domain.errors import AlreadyDone, FieldError, InvalidInput
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.schemas.imported import (
    ImportedExtensionIn,
    ImportedFigureIn,
    ImportedMandateIn,
    ImportedMemberIn,
    ImportedWatchdogIn,
)
from tracker.store.deadlines import find_replacement
from tracker.store.proposals import Proposal
from tracker.store.statuses import StatusChange
from tracker.store.watchdogs import Watchdog

#: What a row says beside its part.
_OF_THE_ROW: Final = ("process_id", "owner_id")


@dataclass(frozen=True, slots=True)
class Part:
    """Parts of things: the member ``held`` that has them, the members by which one is told from another, and the act
    that adds one to a draft, given the unit, the id of the thing, its kind and the part."""

    kind: str
    held: str
    key: tuple[str, ...]
    add: Callable[[Unit, str, str, Data], Any]


def _take_part(part: Part, run: Run, place: int, data: Data) -> Outcome:
    unit = run.unit
    thing = get_for_act(unit.viewer, data["owner_id"])
    kind = ids.kind_of(thing.id) or ""
    given = {name: value for name, value in data.items() if name not in _OF_THE_ROW}
    known = " ".join(str(given.get(name)) for name in part.key)
    run.require_once(place, (part.kind, None, f"{run.name_stably(thing.id)} {known}"))
    waiting = revisions.list_revisions(unit.session, thing.id)
    parts = _read_parts(thing, kind, part, [one for one in waiting if one.id in run.made])
    like = [one for one in parts if all(one.get(name) == given.get(name) for name in part.key)]
    if like and _says(like[0], given):
        return Outcome("unchanged", thing.id)
    for waiter in waiting:
        proposed = _load_parts(kind, part, waiter.payload["changes"]) + _load_parts(
            kind, part, waiter.payload["additions"]
        )
        if any(_says(other, given) for other in proposed):
            return Outcome("waiting", thing.id, (), waiter.id)
    outcome = Outcome("updated" if like else "created", thing.id)
    if run.looks:
        raise NeedsTurn(outcome)
    run.there[place] = None
    if thing.publication != PUBLISHED and not like:
        part.add(unit, thing.id, kind, given)
        return outcome
    changes = {part.held: [{**one, **given} if one in like else one for one in parts]} if like else {}
    try:
        edited = _edit_parts(run, thing, changes, {} if like else {part.held: [given]}, waiting)
    except InvalidInput as refusal:
        raise _point_into_row(refusal, part) from None
    if not isinstance(edited, Proposal):
        return outcome
    run.made[edited.id] = place
    return Outcome("proposed", thing.id, (), edited.id)


def _point_into_row(refusal: InvalidInput, part: Part) -> InvalidInput:
    """A refusal of a part among the others of its thing, as one of the row that gives this part alone."""
    place = re.compile(f"^/{part.held}/[0-9]+(?=/)")
    fields = [FieldError(place.sub("", one.pointer), one.detail) for one in refusal.fields]
    return InvalidInput(refusal.detail, fields=fields)


def _says(kept: Data, given: Data) -> bool:
    return all(kept.get(name) == value for name, value in given.items())


def _read_parts(thing: Any, kind: str, part: Part, waiting: Sequence[Any]) -> list[dict[str, Any]]:
    """The parts of a thing as an edit gives them; as this import has proposed to change them, where it has."""
    for waiter in waiting:
        if changed := _load_parts(kind, part, waiter.payload["changes"]):
            return changed
    return _load_parts(kind, part, KINDS[kind].edited(only=(part.held,)).dump(thing))


def _load_parts(kind: str, part: Part, dumped: Data) -> list[dict[str, Any]]:
    edited = KINDS[kind].edited(only=(part.held,))
    parts: list[dict[str, Any]] = edited.load({part.held: dumped.get(part.held, [])})[part.held]
    return parts


def _edit_parts(run: Run, thing: Any, changes: Data, additions: Data, waiting: Sequence[Any]) -> Any:
    """Change parts of a thing, or add some. What this import proposes of a public thing is one revision, which grows in
    the unit in which it was proposed."""
    unit, kind = run.unit, ids.kind_of(thing.id) or ""
    own = [one.id for one in waiting if one.id in run.made]
    if own:
        revision = unit.session.get_one(Proposal, own[0])
        return revisions.widen_revision(unit, revision, thing, kind, changes, additions)
    if changes:
        return revisions.edit_thing(unit, thing.id, kind, {**changes, **run.options.revising}, None)
    [(name, [part])] = additions.items()
    return revisions.propose_part(unit, thing, kind, name, part, run.options.revising)


def _take_extension(run: Run, place: int, data: Data) -> Outcome:
    unit = run.unit
    old = get_for_act(unit.viewer, data["owner_id"], "deadline")
    given = {name: value for name, value in data.items() if name not in _OF_THE_ROW}
    if given.get("reference") is not None:
        run.require_once(place, run.make_key("deadline", old.process_id, given["reference"]))
    new = find_replacement(unit.session, old.id)
    if new is not None:
        wanted = {name: given[name] for name in ("set_on", "due_on", "rule") if name in given}
        if any(str(getattr(new, name)) != str(value) for name, value in wanted.items()):
            raise AlreadyDone(
                sentence(
                    "this date was put off to %(due_on)s on %(set_on)s; extend that date, or correct it",
                    due_on=new.due_on,
                    set_on=new.set_on,
                )
            )
        return Outcome("unchanged", _find_extension(unit, old.id))
    if run.looks:
        raise NeedsTurn
    _new, change = deadlines.extend_deadline(unit, old.id, given)
    run.there[place] = None
    return Outcome("created", change.id)


def _find_extension(unit: Unit, deadline: str) -> str | None:
    """The status change that puts off a date, or proposes to."""
    query = select(StatusChange.id).where(
        StatusChange.subject_id == deadline,
        StatusChange.to_state.in_(REPLACED),
        StatusChange.decision.in_(("proposed", "approved")),
    )
    return unit.session.scalar(query.limit(1))


def _take_watchdog(run: Run, place: int, data: Data) -> Outcome:
    unit, organization = run.unit, data["owner_id"]
    given = {name: value for name, value in data.items() if name not in _OF_THE_ROW}
    run.require_once(place, ("watchdog", None, run.name_stably(organization)))
    watchdog = unit.session.get(Watchdog, organization)
    if watchdog is not None:
        if any(getattr(watchdog, name) != value for name, value in given.items()):
            raise AlreadyDone(
                sentence(
                    "this organization is a watchdog already, and says otherwise; no import changes that"
                )
            )
        return Outcome("unchanged", organization)
    if run.looks:
        raise NeedsTurn
    watchdogs.register_watchdog(unit, organization, given)
    run.there[place] = None
    return Outcome("created", organization)


_PARTS: Final = (
    Part(
        "member",
        "members",
        ("name", "from_on"),
        lambda unit, id, _kind, data: committees.appoint_member(unit, id, data),
    ),
    Part(
        "mandate",
        "mandates",
        ("instrument", "adopted_on"),
        lambda unit, id, _kind, data: mandates.adopt_mandate(unit, id, data),
    ),
    Part(
        "figure",
        "figures",
        ("figure", "stage", "of", "as_of", "organization_id", "source"),
        figures.add_figure,
    ),
)
_SHAPES: Final = {
    "member": (ImportedMemberIn, ("committee", "name")),
    "mandate": (ImportedMandateIn, ("committee", "instrument")),
    "figure": (ImportedFigureIn, ("subject", "figure")),
}
LINES: Final[Mapping[str, Line]] = {
    **{
        part.kind: Line(
            _SHAPES[part.kind][0], "record.write", _SHAPES[part.kind][1], partial(_take_part, part)
        )
        for part in _PARTS
    },
    "extension": Line(
        ImportedExtensionIn, "record.write", ("deadline", "reference"), _take_extension, "deadline"
    ),
    "watchdog": Line(ImportedWatchdogIn, "record.write", ("organization",), _take_watchdog),
}
