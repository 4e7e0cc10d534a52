"""The numbers of a process: what each document adds, and what is shown of the sums. Each percentage comes with its
numerator and denominator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain.responses import AWAITING
from tracker.domain.text import natural_sort_key
from tracker.domain.tracks import TRACKS, UNKNOWN, list_tracks_of
from tracker.domain.vocabularies.themes import find_label

Brief = Mapping[str, Any]
#: Kinds of document that are counted.
KINDS: Final = ("recommendation", "deadline", "committee", "report", "indicator")
#: The lists of a scoreboard -> the kinds of document that they name, in their order.
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "diverging": ("recommendation", "deadline", "committee", "report", "indicator"),
    "overdue": ("deadline",),
    "silence": ("committee", "recommendation"),
}
THEME: Final = "tag "
#: How many entries a list of a scoreboard has at most; ``listed`` says how many there are.
MOST_LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Score:
    """What one document adds: numbers by their names, and entries of lists without what follows from the day."""

    kind: str
    id: str
    sort_key: str
    counts: Mapping[str, int] = field(default_factory=dict)
    listed: Mapping[str, list[Any]] = field(default_factory=dict)


def score_document(brief: Brief) -> Score:
    """What a document adds to the numbers of its process."""
    counts: Counter[str] = Counter({f"total {brief['kind']}": 1})
    for answer in brief["standing"]:
        lead = answer["lead"]
        counts[f"lead {answer['track']} {lead['state']}"] += 1
        counts["stale"] += bool(lead["stale"])
        each = [row for row in answer.get("by_addressee", ()) if row["asked"]]
        counts.update(f"basis {row['basis']}" for row in each or [lead] if row["basis"] is not None)
        if answer["track"] == "response":
            counts.update(f"of {row['addressee']['id']} {row['state']}" for row in each if row["addressee"])
        if answer["track"] == "implementation":
            counts.update(f"{THEME}{name_tag(tag)} {lead['state']}" for tag in brief.get("tags", ()))
            for row in (lead, *answer["others"]):
                if row["change"] is not None:
                    counts[f"by {row['assessor']['id']} {row['state']}"] += 1
    listed = {
        "diverging": [answer["track"] for answer in brief["standing"] if answer["diverges"]],
        "overdue": _list_overdue(brief),
        "silence": [_describe_silence(silent) for silent in brief.get("silence", ())],
    }
    return make_score(brief["kind"], brief["id"], "", counts, listed)


def name_tag(tag: Mapping[str, str]) -> str:
    """A tag as lists find it, and as it is counted."""
    return f"{tag['scheme']}:{tag['code']}"


def make_score(
    kind: str, id: str, sort_key: str, counts: Counter[str], listed: Mapping[str, list[Any]]
) -> Score:
    """A score with the number of its entries, and without what is zero or empty."""
    counts.update({f"listed {name}": len(entries) for name, entries in listed.items()})
    entries = {name: found for name, found in listed.items() if found}
    return Score(kind, id, sort_key, {name: number for name, number in counts.items() if number}, entries)


def _list_overdue(brief: Brief) -> list[dict[str, Any]]:
    late = brief["kind"] == "deadline" and brief["timing"]["days_overdue"]
    return [{name: brief[name] for name in ("title", "due_on", "due_within")}] if late else []


def _describe_silence(silent: Mapping[str, Any]) -> dict[str, Any]:
    """A report that was never published or a recommendation that was never answered, in the same members."""
    described = ("report", "due_on", "since", "confirmed_on")
    return {
        "because": silent.get("because", "not_published"),
        **{name: silent.get(name) for name in described},
    }


def build_scoreboard(
    recommendations: Iterable[Brief],
    deadlines: Iterable[Brief],
    committees: Iterable[Brief],
    reports: Iterable[Brief] = (),
    indicators: Iterable[Brief] = (),
) -> dict[str, Any]:
    """The scoreboard of these documents, as of the day of which they are."""
    briefs = {
        "recommendation": list(recommendations),
        "deadline": list(deadlines),
        "committee": list(committees),
        "report": list(reports),
        "indicator": list(indicators),
    }
    scores = {kind: [score_document(brief) for brief in found] for kind, found in briefs.items()}
    names: dict[str, Any] = {}
    leads: set[str] = set()
    for answer in (answer for brief in briefs["recommendation"] for answer in brief["standing"]):
        leads.add(answer["lead"]["assessor"]["id"])
        names |= {row["assessor"]["id"]: row["assessor"] for row in (answer["lead"], *answer["others"])}
        names |= {
            row["addressee"]["id"]: row["addressee"] for row in answer["by_addressee"] if row["addressee"]
        }
    sums: Counter[str] = Counter()
    for score in (one for found in scores.values() for one in found):
        sums.update(score.counts)
    return show_scores(
        sums,
        lambda kind, name: (one for one in scores[kind] if name in one.listed),
        names.get,
        leads,
        _find_day(one for found in briefs.values() for one in found),
    )


def _find_day(briefs: Iterable[Brief]) -> date:
    """The day on which these documents count their days; any, where none of them counts."""
    for brief in briefs:
        late = brief["timing"]["days_overdue"] if brief["kind"] == "deadline" else 0
        if late:
            return date.fromisoformat(brief["due_on"]) + timedelta(days=late)
        for silent in brief.get("silence", ()):
            return date.fromisoformat(silent["since"]) + timedelta(days=silent["days"])
    return date.max


def show_scores(
    sums: Mapping[str, int],
    list_first: Callable[[str, str], Iterable[Score]],
    name: Callable[[str], Any],
    leads: Iterable[str],
    day: date,
) -> dict[str, Any]:
    """What is shown of these sums. ``list_first(kind, list)`` gives the documents of a kind that a list names, in their
    order; ``name`` what an organization is called; ``leads`` whose answers lead."""
    numbers = Counter(sums)
    return {
        "recommendations": {
            **_show_kind(numbers, "recommendation"),
            "by_assessor": _show_assessors(numbers, name, set(leads)),
            "by_addressee": _show_addressees(numbers, name),
            "by_theme": (themes := _show_themes(numbers))[:MOST_LISTED],
        },
        "committees": _show_kind(numbers, "committee"),
        "deadlines": _show_kind(numbers, "deadline"),
        "reports": _show_kind(numbers, "report"),
        "indicators": _show_kind(numbers, "indicator"),
        "stale": numbers["stale"],
        "basis": _numbers_of(numbers, "basis "),
        "listed": {**{one: numbers[f"listed {one}"] for one in LISTS}, "themes": len(themes)},
        **{one: _show_list(one, list_first, day) if numbers[f"listed {one}"] else [] for one in LISTS},
    }


def _show_kind(numbers: Counter[str], kind: str) -> dict[str, Any]:
    tracks = {
        track.code: _count(_numbers_of(numbers, f"lead {track.code} "), track.code)
        for track in list_tracks_of(kind)
    }
    return {"total": numbers[f"total {kind}"], "tracks": tracks}


def _numbers_of(numbers: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): number
        for name, number in sorted(numbers.items())
        if name.startswith(prefix) and number
    }


def _show_list(name: str, list_first: Callable[[str, str], Iterable[Score]], day: date) -> list[Any]:
    entries: list[Any] = []
    for kind in LISTS[name]:
        for score in list_first(kind, name):
            entries += [_show_entry(name, score, entry, day) for entry in score.listed[name]]
            if len(entries) >= MOST_LISTED:
                return entries[:MOST_LISTED]
    return entries


def _show_entry(name: str, score: Score, entry: Any, day: date) -> dict[str, Any]:
    if name == "diverging":
        return {"id": score.id, "track": entry}
    if name == "overdue":
        return {"id": score.id, **entry, "days_overdue": (day - date.fromisoformat(entry["due_on"])).days}
    since = date.fromisoformat(entry["since"])
    return {"kind": score.kind, "id": score.id, **entry, "days": (day - since).days}


def _count(numbers: Mapping[str, int], track: str, total: int | None = None) -> dict[str, Any]:
    """Every state of the track with its count; for implementation also the share that is done, of what is known. Of a
    ``total`` the rest is unknown."""
    states = {code: numbers.get(code, 0) for code in TRACKS[track].codes}
    counted: dict[str, Any] = {"states": states}
    if track == "implementation":
        known = sum(number for code, number in states.items() if code not in UNKNOWN)
        counted["implemented"] = make_share(
            states["implemented"], known, (sum(states.values()) if total is None else total) - known
        )
    return counted


def make_share(part: int, of: int, unassessed: int) -> dict[str, Any]:
    """A share of what was assessed, with what it is made of. No percentage where more is unknown than known: it would
    read as one of the whole."""
    percent = round(100 * part / of, 1) if of and of >= unassessed else None
    return {"numerator": part, "denominator": of, "unassessed": unassessed, "percent_of_assessed": percent}


def list_named(numbers: Mapping[str, int]) -> set[str]:
    """The organizations that these numbers are about."""
    return {key.split()[1] for key in numbers if key.startswith(("by ", "of "))}


def _count_by_name(
    numbers: Mapping[str, int], prefix: str, name: Callable[[str], Any]
) -> tuple[dict[str, dict[str, int]], dict[str, Any]]:
    """How often each organization stands at each state, and what the organizations are called."""
    counts: dict[str, dict[str, int]] = {}
    for key, number in _numbers_of(numbers, prefix).items():
        organization, _, state = key.partition(" ")
        counts.setdefault(organization, {})[state] = number
    return counts, {one: name(one) or {"id": one, "name": None, "slug": None} for one in counts}


def _show_addressees(numbers: Mapping[str, int], name: Callable[[str], Any]) -> list[dict[str, Any]]:
    """What each addressee answered to what it was asked."""
    counts, named = _count_by_name(numbers, "of ", name)
    return [
        {
            "addressee": named[one],
            "asked": sum(counts[one].values()),
            "answered": sum(counts[one].values()) - counts[one].get(AWAITING, 0),
            **_count(counts[one], "response"),
        }
        for one in sorted(counts, key=lambda one: (str(named[one]["name"]), one))
    ]


def _show_themes(numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many recommendations have each tag, and where these stand by the lead; the most frequent first."""
    by_theme: dict[str, dict[str, int]] = {}
    for key, number in _numbers_of(numbers, THEME).items():
        tag, _, state = key.rpartition(" ")
        by_theme.setdefault(tag, {})[state] = number
    themes = []
    for tag, states in sorted(
        by_theme.items(), key=lambda one: (-sum(one[1].values()), natural_sort_key(one[0]))
    ):
        scheme, _, code = tag.partition(":")
        shown = {"scheme": scheme, "code": code, "label": find_label(scheme, code)}
        themes.append({**shown, "total": sum(states.values()), **_count(states, "implementation")})
    return themes


def _show_assessors(
    numbers: Mapping[str, int], name: Callable[[str], Any], leads: set[str]
) -> list[dict[str, Any]]:
    """The same counts for everybody who has answered, the lead first. What one has not answered is unknown."""
    counts, named = _count_by_name(numbers, "by ", name)
    return [
        {
            "assessor": named[one],
            "lead": one in leads,
            "answered": sum(counts[one].values()),
            **_count(counts[one], "implementation", numbers["total recommendation"]),
        }
        for one in sorted(counts, key=lambda one: (one not in leads, str(named[one]["name"]), one))
    ]
