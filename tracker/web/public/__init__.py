"""The pages that anybody reads: made from the public side and nothing else, each declared in a module below."""

from __future__ import annotations

from tracker.web.public import (
    acts,
    changes,
    committees,
    deadlines,
    disagreements,
    dossiers,
    evidence,
    home,
    indicators,
    methodology,
    organizations,
    processes,
    recommendations,
    recurrence,
    reports,
    search,
    themes,
    verification,
)
from tracker.web.public.docs_door import attach_guides
from tracker.web.public.door import Site, attach, set_site
from tracker.web.public.problem_pages import ProblemPages

#: Importing a module declares its pages.
DECLARED = (
    *(
        acts,
        changes,
        committees,
        deadlines,
        disagreements,
        dossiers,
        evidence,
        home,
        indicators,
        methodology,
        organizations,
    ),
    *(processes, recommendations, recurrence, reports, search, themes, verification),
)
__all__ = ["DECLARED", "ProblemPages", "Site", "attach", "attach_guides", "set_site"]
