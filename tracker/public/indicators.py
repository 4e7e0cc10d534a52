"""What the document of an indicator shows beyond its content: its numbers in rows, day by day, each assessor's for
itself; and what a recommendation shows of the indicators that follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracker.domain.ids import kind_of
from tracker.domain.indicators import list_latest, list_rows
from tracker.public.document_model import Document, World
from tracker.public.projection import Facts

Row = Mapping[str, Any]


def set_series(document: Document, facts: Facts, world: World, _day: date) -> None:
    """Put the numbers into rows, and say which of them cannot all be right."""
    rows = _list_rows(facts)
    document.brief["series"] = [_put_name(row, world) for row in rows]
    document.index("contradicts", any(row["contradictions"] for row in rows))


def list_indicators(facts: Facts, related: Iterable[Facts], world: World) -> list[dict[str, Any]]:
    """The indicators that follow a recommendation, with the last that each assessor says."""
    following = [
        one
        for one in related
        if kind_of(one.id) == "indicator" and facts.id in (one.content or {})["recommendations"]
    ]
    return [
        {
            **(world.name(one.id) or {}),
            "type": (one.content or {})["type"],
            "latest": [_put_name(row, world) for row in list_latest(_list_rows(one))],
        }
        for one in following
    ]


def list_named(facts: Facts) -> set[str]:
    """The organizations that a row of an indicator names; of other things, which have no rows, none."""
    if kind_of(facts.id) != "indicator" or not facts.content:
        return set()
    return {one["organization"] for one in facts.content["figures"] if one["organization"] is not None}


def _list_rows(facts: Facts) -> list[dict[str, Any]]:
    content = facts.content or {}
    return list_rows(content["type"], content["figures"])


def _put_name(row: Row, world: World) -> dict[str, Any]:
    return {**row, "organization": world.name(row["organization"])}
