"""Every table of the record, so that whoever needs the whole imports one module."""

from tracker.store import (
    audit,
    committees,
    custody,
    deadlines,
    evidence,
    idempotency,
    organizations,
    people,
    processes,
    proposals,
    protection,
    recommendations,
    record_index,
    record_search,
    resources,
    statuses,
    subjects,
    work_queue,
)
from tracker.store.base import Base

__all__ = [
    "audit",
    "committees",
    "custody",
    "deadlines",
    "evidence",
    "idempotency",
    "metadata",
    "organizations",
    "people",
    "processes",
    "proposals",
    "protection",
    "recommendations",
    "record_index",
    "record_search",
    "resources",
    "statuses",
    "subjects",
    "work_queue",
]

metadata = Base.metadata
