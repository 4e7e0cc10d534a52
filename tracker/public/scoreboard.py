"""The numbers of a process: counted from its documents, each percentage with its numerator and denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tracker.domain.tracks import UNKNOWN, list_tracks_of

Brief = Mapping[str, Any]


def build_scoreboard(
    recommendations: Iterable[Brief], deadlines: Iterable[Brief], committees: Iterable[Brief]
) -> dict[str, Any]:
    """Counts per track and state, by assessor; what diverges, is overdue, stale or stands on too little.

    Shape: ``{"recommendations": {"total", "tracks", "by_assessor", "implemented"}, "diverging", "stale",
    "basis", "overdue": [{"id", "title", "days_overdue"}], "silence"}``.
    """
    asked, due, bodies = list(recommendations), list(deadlines), list(committees)
    everything = [*asked, *due, *bodies]
    return {
        "recommendations": {
            "total": len(asked),
            "tracks": {track.code: _by_lead(asked, track.code) for track in list_tracks_of("recommendation")},
            "by_assessor": _by_assessor(asked, "implementation"),
        },
        "committees": {
            "total": len(bodies),
            "tracks": {track.code: _by_lead(bodies, track.code) for track in list_tracks_of("committee")},
        },
        "deadlines": {"total": len(due), "tracks": {"outcome": _by_lead(due, "outcome")}},
        "diverging": [
            {"id": one["id"], "track": answer["track"]}
            for one in everything
            for answer in one["standing"]
            if answer["diverges"]
        ],
        "stale": sum(1 for one in everything for answer in one["standing"] if answer["lead"]["stale"]),
        "basis": dict(Counter(_count_bases(everything))),
        "overdue": [_list_overdue(one) for one in due if one["timing"]["days_overdue"]],
        "silence": [_list_silent(one, silent) for one in (*bodies, *asked) for silent in one["silence"]],
    }


def _count_bases(briefs: Iterable[Brief]) -> Iterable[str]:
    """What the answers of the lead stand on."""
    leads = (answer["lead"] for one in briefs for answer in one["standing"])
    return (lead["basis"] for lead in leads if lead["basis"] is not None)


def _list_overdue(deadline: Brief) -> dict[str, Any]:
    late = deadline["timing"]["days_overdue"]
    return {**{name: deadline[name] for name in ("id", "title", "due_on")}, "days_overdue": late}


def _list_silent(brief: Brief, silent: Mapping[str, Any]) -> dict[str, Any]:
    """A report that was never published or a recommendation that was never answered, told in the same members."""
    told = ("report", "due_on", "since", "days", "confirmed_on")
    because = silent.get("because", "not_published")
    found = {name: silent.get(name) for name in told}
    return {"kind": brief["kind"], "id": brief["id"], "because": because, **found}


def _count(states: Iterable[str], track: str) -> dict[str, Any]:
    """Every state of the track with its count; for implementation also the share that is done, of what is known."""
    found = Counter(states)
    codes = next(one.codes for one in _count_tracks() if one.code == track)
    counted: dict[str, Any] = {"states": {code: found[code] for code in codes}}
    if track == "implementation":
        known = sum(found[code] for code in codes if code not in UNKNOWN)
        counted["implemented"] = make_share(found["implemented"], known, found.total() - known)
    return counted


def make_share(part: int, of: int, unassessed: int) -> dict[str, Any]:
    """A share of what was assessed, with what it is made of. No percentage where more is unknown than known: it would
    read as one of the whole."""
    percent = round(100 * part / of, 1) if of and of >= unassessed else None
    return {"numerator": part, "denominator": of, "unassessed": unassessed, "percent_of_assessed": percent}


def _count_tracks() -> list[Any]:
    return [track for kind in ("recommendation", "committee", "deadline") for track in list_tracks_of(kind)]


def _read_answer(brief: Brief, track: str) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = next(one for one in brief["standing"] if one["track"] == track)
    return answer


def _by_lead(briefs: list[Brief], track: str) -> dict[str, Any]:
    return _count((_read_answer(brief, track)["lead"]["state"] for brief in briefs), track)


def _by_assessor(briefs: list[Brief], track: str) -> list[dict[str, Any]]:
    """The same counts for everybody who has answered, the lead first; each over what they have answered."""
    said: dict[str, list[str]] = {}
    who: dict[str, Any] = {}
    leads = set()
    for brief in briefs:
        answer = _read_answer(brief, track)
        if answer["lead"]["change"] is not None:
            leads.add(answer["lead"]["assessor"]["id"])
        for row in (answer["lead"], *answer["others"]):
            if row["change"] is not None:
                said.setdefault(row["assessor"]["id"], []).append(row["state"])
                who[row["assessor"]["id"]] = row["assessor"]
    order = sorted(said, key=lambda one: (one not in leads, str(who[one]["name"])))
    return [
        {"assessor": who[one], "lead": one in leads, "answered": len(said[one]), **_count(said[one], track)}
        for one in order
    ]
