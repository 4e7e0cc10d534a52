"""The pages that anybody reads: made from the public side and nothing else, each declared in a module below."""

from __future__ import annotations

from tracker.web.public import (
    changes,
    committees,
    disagreements,
    evidence,
    home,
    methodology,
    organizations,
    processes,
    recommendations,
    search,
    verification,
)
from tracker.web.public.docs_door import attach_guides
from tracker.web.public.door import Site, attach, set_site

#: Importing a module declares its pages.
DECLARED = (
    *(
        changes,
        committees,
        disagreements,
        evidence,
        home,
        methodology,
        organizations,
        processes,
        recommendations,
    ),
    *(search, verification),
)
__all__ = ["DECLARED", "Site", "attach", "attach_guides", "set_site"]
