"""The moves that a status change may record, as migration 0001 knew them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Column, String, Table

from tracker.migrations.tables.columns import RECORD

_COLUMNS = ("subject_kind", "track", "act", "from_state", "to_state")
#: What says only that nobody has looked, or asked, and so cannot be confirmed.
_UNLOOKED = ("not_assessed", "not_rated", "not_asked", "unreviewed")


class _Line(NamedTuple):
    """Tracks of one kind of subject, and from each of their states those that it may move to. Parted by spaces."""

    tracks: str
    subject: str
    moves: Mapping[str, str]
    replies: bool


_LINES = (
    _Line(
        "stage",
        "committee",
        replies=False,
        moves={
            "announced": "constituted working reported published dissolved lapsed",
            "constituted": "announced working reported published dissolved lapsed",
            "working": "announced constituted reported published dissolved lapsed",
            "reported": "announced constituted working published dissolved lapsed",
            "published": "announced constituted working reported dissolved lapsed",
            "dissolved": "announced constituted working reported published lapsed",
            "lapsed": "announced constituted working reported published dissolved",
        },
    ),
    _Line(
        "adequacy.mandate adequacy.authority adequacy.independence adequacy.impartiality"
        " adequacy.expertise adequacy.resources adequacy.time adequacy.promptness"
        " adequacy.transparency adequacy.victim_participation adequacy.witness_protection adequacy.report_publication",
        "committee",
        replies=True,
        moves={
            "no_information": "met partly_met not_met",
            "met": "no_information partly_met not_met",
            "partly_met": "no_information met not_met",
            "not_met": "no_information met partly_met",
        },
    ),
    _Line(
        "release",
        "report",
        replies=True,
        moves={
            "awaited": "delivered announced published_in_part published withheld",
            "delivered": "announced published_in_part published withheld",
            "announced": "delivered published_in_part published withheld",
            "published_in_part": "published withheld",
            "published": "published_in_part withheld",
            "withheld": "delivered announced published_in_part published",
        },
    ),
    _Line(
        "delivery",
        "resource",
        replies=True,
        moves={
            "not_disclosed": "needed pledged partly_delivered delivered withheld",
            "needed": "not_disclosed pledged partly_delivered delivered withheld",
            "pledged": "not_disclosed needed partly_delivered delivered withheld",
            "partly_delivered": "not_disclosed needed pledged delivered withheld",
            "delivered": "not_disclosed needed pledged partly_delivered withheld",
            "withheld": "not_disclosed needed pledged partly_delivered delivered",
        },
    ),
    _Line(
        "outcome",
        "deadline",
        replies=False,
        moves={
            "pending": "met missed extended waived suspended brought_forward",
            "met": "missed extended waived brought_forward",
            "missed": "met extended waived suspended brought_forward",
            "extended": "met missed waived brought_forward",
            "waived": "pending met missed extended suspended brought_forward",
            "suspended": "pending met extended waived brought_forward",
            "brought_forward": "met missed extended waived",
        },
    ),
    _Line(
        "response",
        "recommendation",
        replies=False,
        moves={
            "awaiting": "under_consideration accepted accepted_in_part"
            " accepted_in_principle noted rejected not_addressed",
            "under_consideration": "accepted accepted_in_part accepted_in_principle"
            " noted rejected not_addressed",
            "accepted": "under_consideration accepted_in_part accepted_in_principle"
            " noted rejected not_addressed",
            "accepted_in_part": "under_consideration accepted accepted_in_principle"
            " noted rejected not_addressed",
            "accepted_in_principle": "under_consideration accepted accepted_in_part"
            " noted rejected not_addressed",
            "noted": "under_consideration accepted accepted_in_part"
            " accepted_in_principle rejected not_addressed",
            "rejected": "under_consideration accepted accepted_in_part"
            " accepted_in_principle noted not_addressed",
            "not_addressed": "under_consideration accepted accepted_in_part"
            " accepted_in_principle noted rejected",
        },
    ),
    _Line(
        "reminder",
        "recommendation",
        replies=False,
        moves={
            "not_asked": "asked reminded reminded_in_public",
            "asked": "reminded reminded_in_public silence_recorded",
            "reminded": "reminded_in_public silence_recorded",
            "reminded_in_public": "reminded silence_recorded",
            "silence_recorded": "reminded reminded_in_public",
        },
    ),
    _Line(
        "implementation",
        "recommendation",
        replies=True,
        moves={
            "not_assessed": "no_evidence not_started committed underway"
            " stalled partly_implemented implemented regressed not_implemented",
            "no_evidence": "not_started committed underway stalled"
            " partly_implemented implemented regressed not_implemented",
            "not_started": "no_evidence committed underway"
            " stalled partly_implemented implemented not_implemented",
            "committed": "no_evidence not_started underway"
            " stalled partly_implemented implemented not_implemented",
            "underway": "no_evidence not_started committed stalled"
            " partly_implemented implemented regressed not_implemented",
            "stalled": "no_evidence not_started committed underway"
            " partly_implemented implemented regressed not_implemented",
            "partly_implemented": "no_evidence not_started committed underway"
            " stalled implemented regressed not_implemented",
            "implemented": "no_evidence not_started committed underway"
            " stalled partly_implemented regressed not_implemented",
            "regressed": "no_evidence not_started committed underway"
            " stalled partly_implemented implemented not_implemented",
            "not_implemented": "no_evidence not_started committed"
            " underway stalled partly_implemented implemented",
        },
    ),
    _Line(
        "closure",
        "recommendation",
        replies=False,
        moves={
            "open": "closed_implemented closed_not_implemented closed_by_issuer superseded no_longer_applicable",
            "closed_implemented": "open closed_not_implemented closed_by_issuer superseded no_longer_applicable",
            "closed_not_implemented": "open closed_implemented closed_by_issuer superseded no_longer_applicable",
            "closed_by_issuer": "open closed_implemented closed_not_implemented superseded no_longer_applicable",
            "superseded": "open closed_implemented closed_not_implemented closed_by_issuer no_longer_applicable",
            "no_longer_applicable": "open closed_implemented closed_not_implemented closed_by_issuer superseded",
        },
    ),
    _Line(
        "specificity",
        "recommendation",
        replies=True,
        moves={
            "not_rated": "minimal continuing considering general specific",
            "minimal": "continuing considering general specific",
            "continuing": "minimal considering general specific",
            "considering": "minimal continuing general specific",
            "general": "minimal continuing considering specific",
            "specific": "minimal continuing considering general",
        },
    ),
    _Line(
        "priority",
        "recommendation",
        replies=True,
        moves={
            "not_rated": "low medium high",
            "low": "medium high",
            "medium": "low high",
            "high": "low medium",
        },
    ),
    _Line(
        "procedure",
        "indicator",
        replies=True,
        moves={
            "no_information": "not_begun prepared in_progress suspended completed abandoned",
            "not_begun": "no_information prepared in_progress suspended completed abandoned",
            "prepared": "no_information in_progress suspended completed abandoned",
            "in_progress": "no_information prepared suspended completed abandoned",
            "suspended": "no_information prepared in_progress completed abandoned",
            "completed": "no_information prepared in_progress suspended abandoned",
            "abandoned": "no_information prepared in_progress suspended completed",
        },
    ),
    _Line(
        "verification",
        "evidence",
        replies=False,
        moves={
            "unreviewed": "in_review partly_verified verified corroborated"
            " unverifiable disputed refuted withdrawn",
            "in_review": "partly_verified verified corroborated unverifiable disputed refuted withdrawn",
            "partly_verified": "in_review verified corroborated unverifiable disputed refuted withdrawn",
            "verified": "in_review partly_verified corroborated unverifiable disputed refuted withdrawn",
            "corroborated": "in_review partly_verified verified unverifiable disputed refuted withdrawn",
            "unverifiable": "in_review partly_verified verified corroborated disputed refuted withdrawn",
            "disputed": "in_review partly_verified verified corroborated unverifiable refuted withdrawn",
            "refuted": "in_review partly_verified verified corroborated unverifiable disputed withdrawn",
            "withdrawn": "",
        },
    ),
)


def _pairs(line: _Line, act: str) -> list[tuple[str, str]]:
    moves = [(before, after) for before, those in line.moves.items() for after in those.split()]
    same = [(state, state) for state in line.moves if act != "confirmation" or state not in _UNLOOKED]
    return {"move": moves, "correction": [*moves, *same]}.get(act, same)


def list_transitions() -> Iterator[dict[str, str]]:
    """The rows of the table: for each track and act the pairs of states that it may record."""
    for line in _LINES:
        for act in ("move", "confirmation", "correction", *(["reply"] if line.replies else [])):
            for track in line.tracks.split():
                for before, after in _pairs(line, act):
                    yield dict(zip(_COLUMNS, (line.subject, track, act, before, after), strict=True))


Table(
    "transition",
    RECORD,
    *(
        Column(name, String(size), primary_key=True)
        for name, size in zip(_COLUMNS, (16, 40, 12, 32, 32), strict=True)
    ),
)
