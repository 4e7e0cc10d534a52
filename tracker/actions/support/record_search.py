"""Searching the record, and keeping what it is searched by in step with it.

Every act passes here once, before it is committed, with the things that it made or changed: no act can forget to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial

from sqlalchemy.orm import Session

from tracker.actions.support.lookup import list_things, load_things
from tracker.database import full_text, full_text_hits
from tracker.database.full_text_hits import Hit
from tracker.domain import ids
from tracker.domain.protection import SEALED
from tracker.domain.search import Term
from tracker.domain.search_entries import Entry, make_entry
from tracker.public.content import allow_list
from tracker.store.database import core_connection
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.record_search import INDEX
from tracker.store.viewer import Viewer


def search_record(
    viewer: Viewer,
    looked_for: Sequence[Term],
    filters: Collection[tuple[str, str]],
    after: tuple[int, int] | None,
    limit: int,
) -> list[Hit]:
    """The best hits in the record after this key; see `tracker.database.full_text_hits.find_hits`. Who works on some
    processes only is told what is found in each of these, and the organizations."""
    connection, by = core_connection(viewer.session), viewer.by
    find = partial(full_text_hits.find_hits, connection, INDEX, looked_for, after=after, limit=limit)
    if by.processes is None:
        return find(filters)
    asked = {value for name, value in filters if name == "process"}
    narrowed = [[*filters, ("process", one)] for one in sorted(by.processes & (asked or by.processes))]
    if not asked:
        narrowed.append([*filters, ("kind", "organization")])
    hits = [hit for one in narrowed for hit in find(one)]
    return sorted(hits, key=lambda hit: (hit.step, hit.number))[:limit]


def refresh_search(session: Session, touched: Iterable[str]) -> None:
    """Make these things findable by what they say now."""
    connection = core_connection(session)
    for thing, row in load_things(session, sorted(touched)):
        full_text.write_entries(connection, INDEX, thing, searchable_entries(row))


def searchable_entries(row: object) -> list[Entry]:
    """What a thing of the record is found by: the members that the public may see once it is published."""
    if row is None or (isinstance(row, Evidence) and row.protection == SEALED):
        return []
    id = str(getattr(row, "id", ""))
    process = id if isinstance(row, Process) else getattr(row, "process_id", None)
    kind = ids.kind_of(id) or ""
    return [make_entry(id, kind, process, allow_list.dump_content(kind, row))]


def rebuild_search(session: Session) -> None:
    """Write again what the record is searched by."""
    full_text.clear_index(core_connection(session), INDEX)
    refresh_search(session, list_things(session))


def find_differences(session: Session) -> list[str]:
    """Each thing that a search of the record finds by something else than it says."""
    connection, things = core_connection(session), list_things(session)
    differences = [
        f"{thing}: a search of the record finds it by something else than it says"
        for thing, row in load_things(session, things)
        if not full_text.has_entries(connection, INDEX, thing, searchable_entries(row))
    ]
    strangers = full_text.find_strangers(connection, INDEX, things)
    return [*differences, *(f"{one}: a search finds it, and it is not in the record" for one in strangers)]
