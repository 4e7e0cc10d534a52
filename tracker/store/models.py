"""Every table of the record, so that whoever needs the whole imports one module."""

from tracker.store import (
    audit,
    committees,
    custody,
    deadlines,
    evidence,
    idempotency,
    lists,
    organizations,
    people,
    processes,
    protection,
    recommendations,
    resources,
    search,
    statuses,
    subjects,
    work,
)
from tracker.store.base import Base

__all__ = [
    "audit",
    "committees",
    "custody",
    "deadlines",
    "evidence",
    "idempotency",
    "lists",
    "metadata",
    "organizations",
    "people",
    "processes",
    "protection",
    "recommendations",
    "resources",
    "search",
    "statuses",
    "subjects",
    "work",
]

metadata = Base.metadata
