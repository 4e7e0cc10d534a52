"""Where those who judge disagree: the widest gap first."""

from __future__ import annotations

from typing import Any, Final

from tracker.domain.tracks import UNKNOWN
from tracker.languages.texts import pick_text
from tracker.web.public.page import Shown, page
from tracker.web.public.reading import Document, read_list, read_numbers, read_process, show_process_parts
from tracker.web.public.verdicts import find_answers, list_answered
from tracker.web.public.visit import Visit
from tracker.web.tones import tone_of

#: How good a tone is, for how far two of them lie apart.
_RANK: Final = {"failed": 0, "stopped": 1, "promised": 2, "part": 3, "done": 4}
#: How many recommendations the page compares.
_MOST: Final = 200


@page("disagreements")
def show_disagreements(visit: Visit, process: str) -> Shown:
    parent = read_process(visit, process)
    filed = (("diverges", "implementation"), ("process", parent["id"]))
    rows = [compare_answers(visit, one) for one in read_list(visit, "recommendation", *filed, most=_MOST)]
    committees = read_list(visit, "committee", ("process", parent["id"]), most=10)
    return {
        **show_process_parts(visit, parent),
        "title": visit.language.say(
            "Disagreements: %(name)s", name=pick_text(parent, "title", visit.language.code).text
        ),
        "rows": sorted(rows, key=lambda row: (-row["gap"], row["since"] or "")),
        "criteria": [row for committee in committees for row in list_criteria(visit, committee)],
        "listed": read_numbers(visit, parent)["listed"]["diverging"],
    }


def compare_answers(visit: Visit, brief: Document) -> dict[str, Any]:
    """A recommendation with all answers to whether it is done, how far they lie apart, and since when."""
    answers = find_answers(brief, "implementation")
    rows = list_answered(answers)
    return {
        **brief,
        "name": pick_text(brief, "title", visit.language.code),
        "verdicts": rows,
        "gap": _measure_gap([row["state"] for row in rows]),
        "since": max((row["since"] for row in rows if row["since"]), default=None),
    }


def _measure_gap(states: list[str]) -> int:
    """How many tones lie between the best and the worst that is said; what is unknown is neither."""
    ranks = [_RANK[tone_of("implementation", state)] for state in states if state not in UNKNOWN]
    return max(ranks) - min(ranks) if ranks else 0


def list_criteria(visit: Visit, committee: Document) -> list[dict[str, Any]]:
    """Of a committee the criteria on which those who answered differ."""
    return [
        {
            "committee": committee,
            "name": pick_text(committee, "name", visit.language.code),
            "track": answers["track"],
            "verdicts": list_answered(answers),
        }
        for answers in committee["standing"]
        if answers["diverges"]
    ]
