"""The desk: pages behind a login, each declared in a module below. They call the same acts as REST."""

from __future__ import annotations

from tracker.web.desk import (
    account,
    entry,
    home,
    login,
    own_drafts,
    publication,
    queue,
    record_lists,
    records,
)
from tracker.web.desk.door import attach
from tracker.web.desk.view import VIEWS

#: Importing a module declares its screens. The order is that of the navigation.
DECLARED = (home, queue, record_lists, records, publication, account, login, entry, own_drafts)


def list_endpoints() -> frozenset[str]:
    """The names of the addresses of the desk, none of which is public."""
    return frozenset({"desk", "desk_choose", *(one.endpoint for one in VIEWS.values())})


__all__ = ["DECLARED", "attach", "list_endpoints"]
