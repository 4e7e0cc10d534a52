"""What public lists can be narrowed by: for each kind of thing what its documents are filed under, and nothing else.

Narrowest first: a list reads the range of the first filter that is given, and looks the others up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tracker.database.index_entries import ListTables, Order
from tracker.database.list_index import NATURAL, Filed, Span
from tracker.domain.basis import BASES
from tracker.domain.errors import InvalidInput
from tracker.domain.partial_days import AnyDay, find_earliest, find_latest, parse_day
from tracker.domain.states import Track
from tracker.domain.tracks import SUBJECTS, list_tracks_of
from tracker.domain.vocabularies.codes import TYPES
from tracker.public.content.allow_list import CONTENT
from tracker.public.standings import answers_by, in_line
from tracker.public.tables import FILED

#: kind of thing -> the member that says on which day it was, by which lists are narrowed and sorted.
DAYS: Final[Mapping[str, str]] = {
    "committee": "established_on",
    "deadline": "due_on",
    "recommendation": "issued_on",
    "evidence": "published_on",
}
#: What was last changed comes first.
NEWEST: Final = FILED.sort_by("moment", descending=True)
#: Under what a thing is filed of which an update says from which day on the world is so: what lists find it by may have
#: been something else before.
UPDATED: Final = ("updated", "true")
_ALWAYS: Final = (date.min.isoformat(), date.max.isoformat())


def list_day_sorts(kind: str, tables: ListTables) -> Mapping[str, Order]:
    """How a list of a side may be sorted by that day; what gives none stands before the rest."""
    if kind not in DAYS:
        return {}
    by_day = {descending: tables.sort_by("first_on", descending=descending) for descending in (False, True)}
    return {DAYS[kind]: by_day[False], f"-{DAYS[kind]}": by_day[True]}


def list_sorts(kind: str) -> Mapping[str, Order]:
    """How a public list of a kind may be sorted; the first is the default."""
    return {"natural": NATURAL, "-changed": NEWEST, **list_day_sorts(kind, FILED)}


def name_span(member: str) -> tuple[str, str]:
    """The parameters for the first and the last day of a span: `issued_from` and `issued_to` for `issued_on`."""
    stem = member.removesuffix("_on")
    return f"{stem}_from", f"{stem}_to"


def read_span(member: str, asked: Mapping[str, str]) -> Span | None:
    """The span of days that is asked for, None where every day is. A month or a year means all of its days.
    `InvalidInput` where it ends before it begins."""
    first, last = name_span(member)
    if first not in asked and last not in asked:
        return None
    since = parse_day(asked[first]).earliest.isoformat() if first in asked else _ALWAYS[0]
    until = parse_day(asked[last]).latest.isoformat() if last in asked else _ALWAYS[1]
    if since > until:
        raise InvalidInput.at(last, f"ends before {first}, which is {asked[first]}")
    return since, until


def find_span_of(day: AnyDay | None) -> Span:
    """The days that a day may mean, as texts; empty where nobody gives one."""
    return ("", "") if day is None else (find_earliest(day).isoformat(), find_latest(day).isoformat())


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. ``names`` are the kinds of thing that it names, ``codes`` its values where they are known.

    ``edited`` marks what an edit of the thing may change, ``moves`` what a day or a status may.
    """

    name: str
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    longest: int = 40
    edited: bool = False
    moves: bool = False
    says: str | None = None


def _organization_filter(name: str, *, edited: bool = False) -> Filter:
    return Filter(name, ("organization",), edited=edited)


def _yes_or_no(name: str, says: str) -> Filter:
    return Filter(name, codes=("true", "false"), moves=True, says=says)


def _type_filter(kind: str, *, edited: bool = False) -> Filter:
    name = "body_type" if kind == "committee" else "type"
    return Filter(name, codes=tuple(TYPES[kind]), edited=edited, says="The code of its type.")


_SLUG: Final = Filter(
    "slug", longest=80, edited=True, says="Its short name, as it stands in the addresses of its feeds."
)
_TAG: Final = Filter("tag", longest=121, edited=True, says="A tag as `scheme:code`.")
_ASSESSOR: Final = Filter(
    "assessor",
    ("organization",),
    moves=True,
    says="Has an answer of this organization. Together with a state on a track that anybody may answer, the state"
    " that this organization gave there; states on other tracks stay those of the lead or the desk.",
)
_COUNTRY: Final = "The country, by its two letters (ISO 3166-1 alpha-2); small letters do as well."
_OVERDUE: Final = _yes_or_no("overdue", "A deadline that is set for it has passed, and it is still owed.")
_OWN: Final[Mapping[str, tuple[Filter, ...]]] = {
    "process": (
        _SLUG,
        _organization_filter("lead", edited=True),
        Filter("country", longest=2, edited=True, says=_COUNTRY),
    ),
    "organization": (
        _SLUG,
        _organization_filter("part_of", edited=True),
        _organization_filter("successor_of", edited=True),
        _type_filter("organization", edited=True),
    ),
    "committee": (
        _organization_filter("appointed_by", edited=True),
        _organization_filter("reports_to", edited=True),
        _yes_or_no("silent", "One of its reports is there, and its full text is not public."),
        _OVERDUE,
        _type_filter("committee", edited=True),
    ),
    "report": (
        Filter("committee", ("committee",), edited=True),
        _organization_filter("issuer", edited=True),
        _type_filter("report", edited=True),
    ),
    "resource": (
        Filter("committee", ("committee",), edited=True),
        Filter("recommendation", ("recommendation",), edited=True),
        _type_filter("resource", edited=True),
    ),
    "deadline": (
        Filter("owner", ("committee", "recommendation"), edited=True),
        Filter("replaces", ("deadline",)),
        Filter("series", longest=26, says="The series of dates of a recurring obligation."),
        _yes_or_no("due_soon", "At most 14 days are left."),
        _yes_or_no("overdue", "Its day has passed, and it is still owed."),
        _type_filter("deadline", edited=True),
    ),
    "recommendation": (
        Filter("parent", ("recommendation",), edited=True),
        _TAG,
        Filter("report", ("report",), edited=True),
        Filter("committee", ("committee",), edited=True),
        Filter(
            "follow",
            codes=("predecessors",),
            says="With `addressee` or `issuer`: also what concerns an organization whose place that one took.",
        ),
        Filter("repeats", ("recommendation",), edited=True),
        Filter("part", codes=("true", "false"), edited=True, says="It is a part of another recommendation."),
        _yes_or_no("recurs", "It asks again for what was asked before and is not done, by the lead."),
        _yes_or_no("parts_diverge", "It is over by the lead, and a part of it is not."),
        _organization_filter("issuer", edited=True),
        _organization_filter("addressee", edited=True),
        _yes_or_no(
            "silent", "It was to be answered and was not, or the lead looked for an answer and found none."
        ),
        _OVERDUE,
        _type_filter("recommendation", edited=True),
    ),
    "indicator": (
        Filter("recommendation", ("recommendation",), edited=True),
        _organization_filter("concerns", edited=True),
        _organization_filter("body", edited=True),
        _yes_or_no("contradicts", "Numbers that one assessor gives for one day cannot all be right."),
        _type_filter("indicator", edited=True),
    ),
    "evidence": (
        _organization_filter("publisher", edited=True),
        _type_filter("evidence", edited=True),
        Filter("country", longest=2, edited=True, says=_COUNTRY),
    ),
}


def _of_subject(kind: str) -> Iterable[Filter]:
    """What every kind of subject can be asked: who has answered, and where it stands by the lead."""
    tracks = list_tracks_of(kind)
    yield _ASSESSOR
    if differing := tuple(one.code for one in tracks if one.holder == "any"):
        yield Filter(
            "diverges", codes=differing, moves=True, says="The answers of organizations differ on that track."
        )
    yield Filter("basis", codes=BASES, moves=True, says="An answer of the lead stands on that.")
    yield _yes_or_no("stale", "Nobody has verified an answer of the lead for longer than the process allows.")
    yield from (Filter(one.code, codes=one.codes, moves=True, says=_say_whose(one)) for one in tracks)
    yield Filter("process", ("process",))


def _say_whose(track: Track) -> str:
    return _WHOSE["each" if track.per_addressee else track.holder].format(initial=track.initial)


#: Whose answer the filter by a state on a track asks for, by who may answer there.
_WHOSE: Final[Mapping[str, str]] = {
    "lead": "The state on this track, which the lead alone answers.",
    "each": "The state on this track: that of the headline or of any addressee or, with `addressee`, of that one."
    " `{initial}` finds what has no answer yet.",
    "any": "The state on this track: the lead's, or with `assessor` the one that this organization gave. Who gave no"
    " answer there is found by none of the states.",
    "desk": "The state on this track, which the desk answers.",
}


#: kind of thing -> what a list of it can be narrowed by.
FILTERS: Final[Mapping[str, tuple[Filter, ...]]] = {
    kind: (*_OWN[kind], *(_of_subject(kind) if kind in SUBJECTS else ())) for kind in CONTENT
}


def index_keys(kind: str, asked: Mapping[str, str]) -> Filed:
    """What a thing has to be filed under so that all of these filters let it through. `InvalidInput` where nothing ever
    can be: a list that is always empty would look like an answer."""
    tracks = [track.code for track in list_tracks_of(kind) if track.holder == "any"]
    each = [track.code for track in list_tracks_of(kind) if track.per_addressee]
    by = asked.get("assessor")
    if kind == "deadline" and asked.get("due_soon") == asked.get("overdue") == "true":
        raise InvalidInput.at("due_soon", "no deadline is due soon and overdue; ask for one of the two")
    asked = _follow(asked)
    keys = []
    for criterion in FILTERS[kind]:
        value = asked.get(criterion.name)
        if value is None or (criterion.name == "assessor" and any(track in asked for track in tracks)):
            continue
        whose = by if criterion.name in tracks else asked.get("addressee") if criterion.name in each else None
        keys.append((criterion.name, value if whose is None else answers_by(whose, value)))
    return tuple(keys)


def _follow(asked: Mapping[str, str]) -> dict[str, str]:
    """The same with organizations that stand for those whose place they took, too, where that is asked."""
    followed = dict(asked)
    if followed.pop("follow", None) is None:
        return followed
    named = [name for name in ("addressee", "issuer") if name in followed]
    if not named:
        raise InvalidInput.at("follow", "goes with addressee or issuer")
    return followed | {name: in_line(followed[name]) for name in named}


def moving_keys(kind: str, under: Filed) -> bool:
    """Whether what is asked may turn with time alone."""
    moves = {one.name for one in FILTERS[kind] if one.moves}
    return any(name in moves for name, _value in under)


def fixed_keys(kind: str, under: Filed, *, edits: bool) -> Filed:
    """Of these what no day changes; without what an edit may have changed, unless ``edits`` do not matter."""
    stay = {one.name for one in FILTERS[kind] if not one.moves and (edits or not one.edited)}
    return tuple(one for one in under if one[0] in stay)
