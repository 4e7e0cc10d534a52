"""Lists of the record, and keeping what they find things by in step with it.

Every act passes here once, before it is committed, with the things that it made or changed: no act can forget to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support.lookup import MODELS, list_things, load_things
from tracker.database import index_entries, list_index
from tracker.database.index_entries import Filing, Order
from tracker.database.list_index import Filed, Key, Search, Walk
from tracker.domain import ids, protection, publication
from tracker.domain.canonical import format_instant
from tracker.domain.errors import InvalidInput
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.tracks import SUBJECTS, list_tracks_of
from tracker.domain.vocabularies.codes import TYPES
from tracker.public import filters
from tracker.public.content.allow_list import LISTS_OF_NAMES, ONE_OF, REFERENCES
from tracker.public.filings import make_sort_key
from tracker.public.filters import Filter
from tracker.store import citations
from tracker.store.database import core_connection
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.recommendations import Recommendation
from tracker.store.record_index import FILED
from tracker.store.viewer import Viewer, find_process

_VERIFICATION: Final = next(one for one in list_tracks_of("evidence") if one.code == "verification")
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "committee": ("committee",),
    "owner": ("committee", "recommendation"),
    "parent": ("recommendation",),
    "report": ("report",),
    "repeats": ("recommendation",),
    "recommendation": ("recommendation",),
    "replaces": ("deadline",),
    "starts_with": ("deadline", "recommendation", "report"),
    "event_evidence": ("evidence",),
}


def _list_filters(kind: str) -> Iterator[Filter]:
    """What a list of a kind can be narrowed by, narrowest first."""
    if kind in ("process", "organization"):
        yield Filter("slug", says="Its short name, to the letter.")
    if kind in SUBJECTS:
        yield Filter("reference", says="Its short name within its process, to the letter.")
    if kind == "evidence":
        yield Filter("mine", codes=("true",), says="You submitted it yourself.")
        yield Filter("watchdog", ("organization",))
        yield Filter(_VERIFICATION.code, codes=_VERIFICATION.codes, says="Its last approved verification.")
        yield Filter("protection", codes=tuple(protection.PROTECTION))
    for name in REFERENCES[kind]:
        yield Filter(name, _NAMES.get(name, ("organization",)))
    for name in (one for one in LISTS_OF_NAMES[kind] if one not in ONE_OF):
        yield Filter(name, _NAMES.get(name, ("organization",)))
    if kind == "deadline":
        yield Filter("series", says="The series of dates of a recurring obligation.")
    if kind == "recommendation":
        yield Filter("addressee", ("organization",))
        yield Filter("tag", longest=121, says="A tag as `scheme:code`.")
    if kind != "process":
        name = "body_type" if kind == "committee" else "type"
        yield Filter(name, codes=tuple(TYPES[kind]), says="The code of its type.")
    if kind in SUBJECTS:
        yield Filter("process", ("process",))
    yield Filter("publication", codes=tuple(publication.STATES))


#: kind of thing -> what a list of it can be narrowed by.
FILTERS: Final[Mapping[str, tuple[Filter, ...]]] = {kind: tuple(_list_filters(kind)) for kind in MODELS}


def list_sorts(kind: str) -> Mapping[str, Order]:
    """How a list of a kind may be sorted; the first is the default: what is new comes at its end."""
    sorts = {
        "created_at": FILED.sort_by("moment"),
        "-created_at": FILED.sort_by("moment", descending=True),
    }
    if kind != "deadline":
        sorts["reference" if kind in SUBJECTS else "slug"] = FILED.sort_by("sort_key")
    return {**sorts, **filters.list_day_sorts(kind, FILED)}


def read_page(
    viewer: Viewer, kind: str, asked: Mapping[str, str], sort: str, after: Key | None, limit: int
) -> tuple[list[Any], Key | None]:
    """A page of the things of a kind that somebody may read, and where to go on. A watchdog sees its own items; what is
    sealed a custodian, who asks for that level."""
    session, by = viewer.session, viewer.by
    under = [(one.name, asked[one.name]) for one in FILTERS[kind] if one.name in asked]
    under = [("created_by", by.id) if name == "mine" else (name, value) for name, value in under]
    if not by.may("record.read"):
        under.insert(0, ("owner", by.organization or ""))
    filed_as = kind
    if kind == "evidence" and asked.get("protection") == protection.SEALED:
        if not by.may("evidence.unseal"):
            raise InvalidInput.at("protection", sentence("what is sealed is listed to custodians only"))
        filed_as = protection.SEALED
    span = filters.read_span(filters.DAYS[kind], asked) if kind in filters.DAYS else None
    order = list_sorts(kind)[sort]
    walks = [
        list_index.walk_index(
            core_connection(session), FILED.entries, Search(filed_as, filed, order, after, span), limit
        )
        for filed in _list_drawers(by, kind, tuple(dict.fromkeys(under)))
    ]
    walk: Walk = walks[0] if len(walks) == 1 else list_index.merge_walks(order, walks, limit)
    model = MODELS[kind]
    query = select(model).where(model.id.in_([id for _key, id in walk.keys]))
    rows = {row.id: row for row in session.scalars(query).unique()} if walk.keys else {}
    return [rows[id] for _key, id in walk.keys], walk.end


def _list_drawers(by: Actor, kind: str, under: Filed) -> list[Filed]:
    """Under what things are looked for, once for each process where somebody works on some only."""
    if by.processes is None or kind == "organization":
        return [under]
    asked = {value for name, value in under if name == "process"} or by.processes
    rest = tuple(one for one in under if one[0] != "process")
    return [(*rest, ("process", process)) for process in sorted(asked & by.processes)]


def refresh_index(session: Session, touched: Iterable[str]) -> None:
    """Make lists find these things by what they are now."""
    connection = core_connection(session)
    for thing, row in load_things(session, sorted(touched)):
        index_entries.write_entries(connection, FILED, thing, index_entry(session, row))


def index_entry(session: Session, row: Any) -> Filing:
    """What lists find a thing of the record by."""
    kind = ids.kind_of(row.id) or ""
    # A date as it stands, moved by the days that stood still: that is the day on which it is due.
    due_on = row.find_due_day() if isinstance(row, Deadline) else None
    members = {name: getattr(row, name, None) for name in ("slug", "reference", "title")} | {"due_on": due_on}
    first_on, last_on = filters.find_span_of(due_on or getattr(row, filters.DAYS.get(kind, ""), None))
    sealed = isinstance(row, Evidence) and row.protection == protection.SEALED
    return Filing(
        kind=protection.SEALED if sealed else kind,  # a drawer of its own, that no other list opens
        id=row.id,
        sort_key=make_sort_key(kind, {**members, "title": members["title"] or getattr(row, "name", None)}),
        moment=format_instant(row.created_at),
        under=frozenset((name, value) for name, value in _index_words(session, kind, row) if value),
        first_on=first_on,
        last_on=last_on,
    )


def _index_words(session: Session, kind: str, row: Any) -> Iterator[tuple[str, str]]:
    for name in ("publication", "type", "body_type", "slug", "reference", "series"):
        yield name, getattr(row, name, None) or ""
    for name in REFERENCES[kind]:
        yield name, getattr(row, f"{name}_id") or ""
    for name in LISTS_OF_NAMES[kind]:
        yield from ((ONE_OF.get(name, name), one) for one in getattr(row, name))
    if kind != "organization":
        yield "process", find_process(row) or ""
    if isinstance(row, Recommendation):
        yield from (("addressee", one.organization_id) for one in row.addressees)
        yield from (("tag", f"{one['scheme']}:{one['code']}") for one in row.tags)
    if isinstance(row, Evidence):
        yield "created_by", row.created_by
        yield "watchdog", row.watchdog_id
        yield "owner", row.owner_id or ""
        yield "protection", row.protection
        yield "verification", citations.find_verification(session, [row.id], date.max)[row.id]


def rebuild_index(session: Session) -> None:
    """Write again what lists of the record find things by."""
    index_entries.clear_entries(core_connection(session), FILED)
    refresh_index(session, list_things(session))


def find_differences(session: Session) -> list[str]:
    """Each thing that lists of the record find by something else than it is."""
    connection, things = core_connection(session), list_things(session)
    differences = []
    for thing, row in load_things(session, things):
        if not index_entries.is_filed(connection, FILED, thing, index_entry(session, row)):
            differences.append(f"{thing}: lists of the record find it by something else than it is")
    filed = set(connection.scalars(select(FILED.filings.c.id)))
    strangers = sorted((filed - set(things)) | set(index_entries.list_strays(connection, FILED)))
    return [*differences, *(f"{one}: lists find it by what it is not filed under" for one in strangers)]
