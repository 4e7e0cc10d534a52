"""Rows that are things: made under their names, met where they are there."""

from __future__ import annotations

from tracker.actions.support.import_lines import Data, Line, Run
from tracker.actions.support.import_report import Outcome
from tracker.actions.support.import_updates import find_draft_thrown_away, meet_thing
from tracker.actions.support.lookup import get_unfiltered
from tracker.actions.support.name_resolution import find_id
from tracker.actions.support.registry import KINDS
from tracker.store.viewer import find_process


def make_line(kind: str) -> Line:
    """How rows of a kind of thing are taken."""
    thing = KINDS[kind]

    def take_thing(run: Run, place: int, data: Data) -> Outcome:
        process, named = data.get("process_id"), data.get(thing.name)
        if named is None:
            return Outcome("created", run.make(kind, data, place))
        run.require_once(place, run.make_key(kind, process, named))
        there = find_id(run.unit.session, kind, named, process)
        row = None if there is None else get_unfiltered(run.unit.session, there, kind)
        if row is not None and not run.unit.by.works_on(find_process(row)):
            return Outcome("created", run.make(kind, data, place))  # which is refused as where there is none
        if row is not None:
            shapes = run.find_shape(thing.given), run.find_shape(thing.kept)
            return meet_thing(run.unit, run.options, kind, shapes, data, row, looks=run.looks)
        if thrown_away := find_draft_thrown_away(run.unit, run.options, kind, process, named):
            return Outcome("withdrawn", thrown_away)
        return Outcome("created", run.make(kind, data, place))

    same = f"has the same {thing.name}"
    return Line(thing.given, thing.permission, (thing.name,), take_thing, kind, thing.make, same)
