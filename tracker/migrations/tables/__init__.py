"""The tables as migration 0001 makes them. They are history: a later change is a later migration.

They are not the models and import none of them, for a migration makes the same in every version of the tracker.
"""

from tracker.migrations.tables import (
    committees,
    deadlines,
    desk,
    evidence,
    figures,
    indexes,
    logs,
    mail,
    people,
    processes,
    public,
    recommendations,
    reports,
    resources,
    statuses,
    tips,
    transitions,
    triggers,
    webhooks,
)
from tracker.migrations.tables.columns import PUBLIC, RECORD

__all__ = [
    "PUBLIC",
    "RECORD",
    "committees",
    "deadlines",
    "desk",
    "evidence",
    "figures",
    "indexes",
    "logs",
    "mail",
    "people",
    "processes",
    "public",
    "recommendations",
    "reports",
    "resources",
    "statuses",
    "tips",
    "transitions",
    "triggers",
    "webhooks",
]
