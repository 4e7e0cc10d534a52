"""The address of every page, with every short name and id of the record, public or not, and some that nobody has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.public.tables import event
from tracker.store.committees import Committee
from tracker.store.deadlines import Deadline
from tracker.store.evidence import Evidence
from tracker.store.indicators import Indicator
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Recommendation
from tracker.store.reports import Report
from tracker.web.public.page import PAGES

NOBODY = "nobody"


def list_pages(session: Session, language: str = "en") -> Iterator[str]:
    """Every page in a language; those with words to search for with some."""
    for one in PAGES.values():
        for path in _fill(session, one.name, one.path):
            yield f"/{language}{path}"
            if one.name == "search":
                yield from (f"/{language}{path}?q={word}" for word in ("report", "zq", "nobodys+business"))
            if one.name == "recommendations":
                yield f"/{language}{path}?only=silent&response=awaiting"
                yield f"/{language}{path}?theme=sdg%3A16"


def _fill(session: Session, name: str, path: str) -> Iterator[str]:
    kind = _NAMED.get(name, Recommendation)
    values = {
        "process": [*session.scalars(select(Process.slug)), NOBODY],
        "reference": [*session.scalars(select(kind.reference).distinct()), NOBODY],
        "id": [*_list_ids(session, name), NOBODY],
        "slug": [*session.scalars(select(Organization.slug)), NOBODY],
    }
    parts = [part for part in values if f"{{{part}}}" in path]
    for chosen in product(*(sorted(set(values[part])) for part in parts)):
        filled = path
        for part, value in zip(parts, chosen, strict=True):
            filled = filled.replace(f"{{{part}}}", quote(value))
        yield filled


#: page -> what is named in its address by a short name.
_NAMED: Final[dict[str, Any]] = {"committee": Committee, "report": Report, "indicator": Indicator}


def _list_ids(session: Session, name: str) -> Iterable[str]:
    """Of what has its page under its id: every one; of acts one of each kind and of each kind of thing."""
    if name == "act":
        acts = session.execute(select(event.c.id, event.c.kind, event.c.subject_id).order_by(event.c.seq))
        return {(kind, (subject or "")[:3]): id for id, kind, subject in acts}.values()
    return session.scalars(select(Deadline.id if name == "deadline" else Evidence.id))


def find_ends(session: Session, language: str) -> dict[str, tuple[str, str]]:
    """Of every page, by its name, the first and the last that there is of something public."""
    found = {}
    for one in PAGES.values():
        paths = [f"/{language}{path}" for path in _fill(session, one.name, one.path) if NOBODY not in path]
        found[one.name] = paths[0], paths[-1]
    return found


def list_examples(session: Session, language: str) -> list[str]:
    """The same as a list."""
    return [*dict.fromkeys(path for ends in find_ends(session, language).values() for path in ends)]
