"""How recommendations hang together: which one took the place of which, which repeats which, and what is part of what.
Each says so of the other; the document of either shows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker.domain import standing
from tracker.domain.ids import kind_of
from tracker.domain.parts import FOLLOWED, Followed, diverge
from tracker.domain.tracks import TRACKS
from tracker.public.document_model import Document, World
from tracker.public.indicators import list_indicators
from tracker.public.projection import Facts

SUPERSEDED = "superseded"


def set_relations(document: Document, facts: Facts, world: World, day: date) -> None:
    """Put into the document of a recommendation what it names, and what names it."""
    shown = [one for one in world.related if one.content and one.withdrawn is None]
    known = [one for one in shown if kind_of(one.id) == "recommendation"]
    document.brief["superseded_by"] = world.name(find_successor(facts, world.lead, day))
    document.brief["supersedes"] = [
        world.name(one.id) for one in known if find_successor(one, world.lead, day) == facts.id
    ]
    document.brief["repeated_by"] = [
        world.name(one.id) for one in known if facts.id in _read_content(one)["repeats"]
    ]
    parts = [one for one in known if _read_content(one)["parent"] == facts.id]
    document.brief["recurrence"] = _show_recurrence(facts, known, world, day)
    document.index("recurs", document.brief["recurrence"]["undone"] > 0)
    document.brief["resources"] = [
        {
            **(world.name(one.id) or {}),
            "type": _read_content(one)["type"],
            "delivery": _find_standing(one, world.lead, "delivery", day).state,
        }
        for one in shown
        if kind_of(one.id) == "resource" and _read_content(one)["recommendation"] == facts.id
    ]
    document.brief["indicators"] = list_indicators(facts, shown, world)
    document.brief["parts"] = _count_parts(facts, parts, world.lead, day)
    document.index("parts_diverge", document.brief["parts"]["diverges"])
    document.limit_index(*(change.effective_on for one in shown for change in one.known))


def _show_recurrence(facts: Facts, known: Iterable[Facts], world: World, day: date) -> dict[str, Any]:
    """What it asks for again: how each stands by the lead that asked before, and how many of these are not done."""
    repeated = _read_content(facts)["repeats"]
    earlier = {one.id: _follow(one, world.lead, day) for one in known if one.id in repeated}
    return {
        "earlier": [
            {
                **(world.name(one) or {}),
                "implementation": earlier[one].implementation,
                "closure": earlier[one].closure,
            }
            for one in repeated
            if one in earlier
        ],
        "undone": sum(not one.done for one in earlier.values()),
        "later": sum(facts.id in _read_content(one)["repeats"] for one in known),
    }


def find_successor(facts: Facts, lead: str, day: date) -> str | None:
    """The recommendation that took the place of one, by what the lead says on a day; None where it did not say."""
    answer = _find_standing(facts, lead, "closure", day)
    if answer.state != SUPERSEDED or answer.change is None:
        return None
    named: str | None = facts.said[answer.change]["superseded_by"]
    return named


def _read_content(facts: Facts) -> Mapping[str, Any]:
    return facts.content or {}


def _find_standing(facts: Facts, lead: str, track: str, day: date) -> standing.Standing:
    own = [one for one in facts.known if one.is_of(track, lead)]
    return standing.find_standing(track, lead, own, day)


def _follow(facts: Facts, lead: str, day: date) -> Followed:
    return Followed(*(_find_standing(facts, lead, track, day).state for track in FOLLOWED))


def _count_parts(facts: Facts, parts: Iterable[Facts], lead: str, day: date) -> dict[str, Any]:
    """How many parts stand at which state by the lead, and whether the whole is over and a part is not."""
    each = [_follow(one, lead, day) for one in parts]
    counted = {track: dict.fromkeys(TRACKS[track].codes, 0) for track in FOLLOWED}
    for part in each:
        counted["implementation"][part.implementation] += 1
        counted["closure"][part.closure] += 1
    return {"total": len(each), **counted, "diverges": diverge(_follow(facts, lead, day), each)}
