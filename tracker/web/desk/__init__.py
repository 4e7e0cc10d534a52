"""The desk: pages behind a login, each declared in a module below. They call the same acts as REST."""

from __future__ import annotations

from typing import Final

<<<<<<< HEAD
from tracker.web.desk import account, entry, evidence, home, kept_forms, login, proposals, queue, statuses
=======
from tracker.web.desk import (
    account,
    audit,
    entry,
    home,
    kept_forms,
    login,
    proposals,
    publication,
    questions,
    queue,
    record_lists,
    records,
    statuses,
)
>>>>>>> main
from tracker.web.desk.door import attach
from tracker.web.desk.view import VIEWS, arrange_views

#: Importing a module declares its screens. The order is that of the navigation.
<<<<<<< HEAD
DECLARED: Final = (home, queue, proposals, statuses, evidence, account, login, entry, kept_forms)
=======
DECLARED: Final = (
    *(home, queue, proposals, statuses, record_lists, records, questions, publication),
    *(audit, account, login, entry, kept_forms),
)
>>>>>>> main
arrange_views([module.__name__ for module in DECLARED])


def list_endpoints() -> frozenset[str]:
    """The names of the addresses of the desk, none of which is public."""
    return frozenset({"desk", "desk_choose", *(one.endpoint for one in VIEWS.values())})


__all__ = ["DECLARED", "attach", "list_endpoints"]
