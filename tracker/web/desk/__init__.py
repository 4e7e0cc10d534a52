"""The desk: pages behind a login, each declared in a module below. They call the same acts as REST."""

from __future__ import annotations

from typing import Final

from tracker.web.desk import (
    account,
    account_identities,
    accounts,
    audit,
    batches,
    custody,
    deadlines,
    drafts,
    entry,
    entry_links,
    evidence,
    handlings,
    holds,
    home,
    identities,
    imports,
    jobs,
    kept_forms,
    keys,
    login,
    mailboxes,
    notes,
    own_work,
    passkeys,
    pasted,
    proposals,
    publication,
    questions,
    queue,
    record_lists,
    records,
    redaction,
    reminders,
    right_of_reply,
    saved_filters,
    silence,
    statuses,
    tips,
    watchdogs,
    webhooks,
)
from tracker.web.desk.door import attach
from tracker.web.desk.view import VIEWS, arrange_views

#: Importing a module declares its screens. The order is that of the navigation.
DECLARED: Final = (
    *(
        home,
        queue,
        saved_filters,
        silence,
        reminders,
        proposals,
        batches,
        statuses,
        evidence,
        custody,
        record_lists,
        records,
        imports,
        pasted,
        deadlines,
    ),
    *(questions, handlings, notes, publication, drafts, right_of_reply, redaction, holds, tips, own_work),
    *(
        audit,
        jobs,
        webhooks,
        accounts,
        entry_links,
        account_identities,
        watchdogs,
        account,
        mailboxes,
        keys,
        login,
        passkeys,
        identities,
        entry,
        kept_forms,
    ),
)
arrange_views([module.__name__ for module in DECLARED])


def list_endpoints() -> frozenset[str]:
    """The names of the addresses of the desk, none of which is public."""
    return frozenset({"desk", "desk_choose", *(one.endpoint for one in VIEWS.values())})


__all__ = ["DECLARED", "attach", "list_endpoints"]
