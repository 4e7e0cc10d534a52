"""Many things at once into the record: under the rules, in the shapes and by the acts of one at a time.

All or nothing: one row that is refused, and nothing is recorded. What is there already under its name (the slug of an
organization or a process, the reference of a subject) is left alone where it says the same, and edited where it does
not: a draft at once, what is public by a revision that another person decides. What was withdrawn stays so, and is said
to be. A thing without a name is not recognised again.

A dry run looks at the rows without the right to write. What would be recorded is tried by the act itself and undone,
some rows at a time, so that other writers do not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Final

from marshmallow import Schema

from tracker.actions import import_batches
from tracker.actions.support.import_kinds import IMPORTS
from tracker.actions.support.import_report import GivenRow, ImportReport
from tracker.actions.support.import_run import ImportRun
from tracker.actions.support.import_updates import Options
from tracker.actions.support.name_resolution import NameResolver
from tracker.actions.support.unit import Unit, open_part
from tracker.domain.errors import InvalidInput
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.schemas.loading import list_members_naming
from tracker.store.database import hold_loaded
from tracker.store.viewer import Viewer

Opened = Callable[[], AbstractContextManager[Unit]]
NO_OPTIONS: Final = Options()
#: How many rows one transaction tries or records, so that it holds the lock of all writers for well below a second.
AT_ONCE: Final = 40


def import_rows(
    unit: Unit,
    rows: Iterable[GivenRow],
    *,
    options: Options = NO_OPTIONS,
    note_row: Callable[[], None] = lambda: None,
    **audited: Any,
) -> ImportReport:
    """Record rows, all or none. ``note_row`` is called after each row."""
    listed = list(rows)
    _require_permitted(unit.by, listed, options)
    run = ImportRun(listed, _find_process(unit.viewer, options.process), options)
    run.begin(unit)
    with hold_loaded(unit.session), open_part(unit) as undo:
        for place in range(len(listed)):
            run.take(place)
            note_row()
        report = run.report(dry_run=False)
        if done := report.counts:
            unit.audit("import", unit.by.id, rows=len(listed), **done, **audited)
        if not report.recorded:
            undo()
            return run.report(dry_run=False, undone_from=0)
        if options.propose:
            batch = import_batches.propose_batch(unit, report.acts, options.reason)
            return replace(report, batch=batch)
    return report


def import_in_parts(
    turn: Opened,
    rows: Iterable[GivenRow],
    *,
    options: Options = NO_OPTIONS,
    note_row: Callable[[], None] = lambda: None,
    at_once: int = AT_ONCE,
    **audited: Any,
) -> ImportReport:
    """Record rows that were tried, some at a time, so that other writers do not wait for all of them.

    Whatever stops it, what was recorded stays, as drafts and proposals: the same import goes on after it. A row that is
    refused now, because the record has changed since it was tried, ends it there.
    """
    listed = list(rows)
    with turn() as unit:
        _require_permitted(unit.by, listed, options)
        run = ImportRun(listed, _find_process(unit.viewer, options.process), options)
    for first in range(0, len(listed), at_once):
        with turn() as unit, hold_loaded(unit.session), open_part(unit) as undo:
            run.begin(unit)
            for place in range(first, min(first + at_once, len(listed))):
                if not run.take_with_others(place):
                    undo()
                    return run.report(dry_run=False, undone_from=first)
                note_row()
            unit.audit("import", unit.by.id, rows=len(run.done), of=len(listed), **audited)
        unit.session.expunge_all()
    report = run.report(dry_run=False)
    if not options.propose:
        return report
    with turn() as unit:
        return replace(report, batch=import_batches.propose_batch(unit, report.acts, options.reason))


def try_rows(
    view: Opened,
    turn: Opened | None,
    rows: Iterable[GivenRow],
    *,
    options: Options = NO_OPTIONS,
    note_row: Callable[[], None] = lambda: None,
    at_once: int = AT_ONCE,
) -> ImportReport:
    """What would become of rows. Nothing is recorded.

    ``view`` gives a unit that only looks; that is enough for most of what can be wrong. ``turn`` gives one that may
    write, for at most ``at_once`` rows, of what would be created; without it they are told as what they seem to be.
    """
    listed = list(rows)
    with view() as unit:
        _require_permitted(unit.by, listed, options)
        run = ImportRun(listed, _find_process(unit.viewer, options.process), options)
    for first in range(0, len(listed), at_once):
        places = range(first, min(first + at_once, len(listed)))
        with view() as unit, hold_loaded(unit.session):
            run.begin(unit, looks=True)
            left = [place for place in places if not run.look(place)]
        if turn is not None and left:
            with turn() as unit, hold_loaded(unit.session), open_part(unit) as undo:
                run.begin(unit)
                for place in left:
                    run.take(place)
                undo()
                unit.session.expunge_all()  # what is tried next may get the same keys
        for _place in places:
            note_row()
    return run.report(dry_run=True, undone_from=0)


def check_new_organizations(shapes: Iterable[Schema], members: Collection[str]) -> None:
    """`InvalidInput` where one of these members names no organization in a row of one of these shapes."""
    known = sorted({name for shape in shapes for name in list_members_naming(shape, "organization")})
    for member in members:
        if member not in known:
            what = f"those that do: {', '.join(known)}" if known else "none does"
            raise InvalidInput.at(
                "/new_organizations",
                sentence(
                    "%(member)s names no organization in a row; %(what)s", member=repr(member[:80]), what=what
                ),
            )


def _require_permitted(by: Actor, rows: Sequence[GivenRow], options: Options) -> None:
    kinds = {row.kind for row in rows}
    for permission in sorted({"record.write", *(IMPORTS[kind].permission for kind in kinds)}):
        by.require(permission)
    if options.process is not None and not any("process" in IMPORTS[kind].members for kind in kinds):
        raise InvalidInput.at("/process", sentence("these things belong to no process; leave it out"))
    if options.new_organizations:  # several kinds may be sent with the same options
        check_new_organizations([line.given() for line in IMPORTS.values()], options.new_organizations)


def _find_process(viewer: Viewer, given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return NameResolver(viewer).find(given, ("process",), None)
    except InvalidInput as refusal:
        raise InvalidInput.at("/process", refusal.detail) from None
