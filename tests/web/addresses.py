"""The address of every page, with every short name and id of the record, public or not, and some that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.store.committees import Committee
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.processes import Process
from tracker.store.recommendations import Recommendation
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


def _fill(session: Session, name: str, path: str) -> Iterator[str]:
    kind = Committee if name == "committee" else Recommendation
    values = {
        "process": [*session.scalars(select(Process.slug)), NOBODY],
        "reference": [*session.scalars(select(kind.reference).distinct()), NOBODY],
        "id": [*session.scalars(select(Evidence.id)), NOBODY],
        "slug": [*session.scalars(select(Organization.slug)), NOBODY],
    }
    parts = [part for part in values if f"{{{part}}}" in path]
    for chosen in product(*(sorted(set(values[part])) for part in parts)):
        filled = path
        for part, value in zip(parts, chosen, strict=True):
            filled = filled.replace(f"{{{part}}}", quote(value))
        yield filled


def list_examples(session: Session, language: str) -> list[str]:
    """Of every page the first and the last that there is of something public."""
    found: list[str] = []
    for one in PAGES.values():
        paths = [f"/{language}{path}" for path in _fill(session, one.name, one.path) if NOBODY not in path]
        found += dict.fromkeys((paths[0], paths[-1]))
    return found
