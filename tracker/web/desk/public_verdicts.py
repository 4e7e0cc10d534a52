"""What somebody who does not read the record answers at the desk, and beside what: the public things and what everybody
says of them, as the public pages tell it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tracker.database.list_index import Search
from tracker.domain.tracks import SUBJECTS, TRACKS
from tracker.public import lists, queries
from tracker.public.filters import index_keys
from tracker.store.database import core_connection
from tracker.web.desk.view import Shown
from tracker.web.desk.visit import Visit

#: The kinds of subject about which anybody may say something, in the order in which they are offered.
ANSWERED: Final = tuple(
    kind for kind in SUBJECTS if any(one.subject == kind and one.holder == "any" for one in TRACKS.values())
)
Document = dict[str, Any]


def read_public(desk: Visit, kind: str, id: str) -> Document:
    """A public thing as everybody reads it. `NotFound`, or `Withdrawn` with the reason."""
    finished = queries.find_document(core_connection(desk.session), kind, id, desk.now)
    document: Document = json.loads(finished.body)
    return document


def list_public(
    desk: Visit, kind: str, asked: Mapping[str, str], after: tuple[str, str] | None, most: int
) -> tuple[list[Document], tuple[str, str] | None]:
    """Public things of a kind that the filters of the public lists find, and the key after which the next page begins;
    the key is None at the end."""
    sought = Search(kind, index_keys(kind, asked), after=after)
    page = lists.list_documents(core_connection(desk.session), sought, most, desk.now)
    return [json.loads(item) for item in page.items], page.last


def read_public_place(desk: Visit) -> tuple[str, str] | None:
    """Where a page of such a list begins."""
    place = desk.read_place()
    return None if place is None else (str(place[0]), str(place[1]))


def list_open_answers(document: Document) -> list[Mapping[str, Any]]:
    """Of what everybody says of a thing the questions that anybody may answer."""
    return [one for one in document["standing"] if TRACKS[one["track"]].holder == "any"]


def describe_public_verdicts(desk: Visit, document: Document, track: str) -> list[Shown]:
    """The answers on a track, the lead's first, each with what it cites as far as that is public, and where one replies
    to it."""
    answers = next(one for one in document["standing"] if one["track"] == track)
    changes = {change["id"]: change for change in document["history"]}
    lead = {**answers["lead"], "leads": True}
    others = ({**one, "leads": False} for one in answers["others"])
    return [_describe(desk, row, changes.get(row["change"], {})) for row in (lead, *others)]


def _describe(desk: Visit, row: Mapping[str, Any], change: Mapping[str, Any]) -> Shown:
    assessor = row["assessor"]
    own = assessor["id"] == desk.by.organization
    return {
        **row,
        "name": assessor["name"],
        "of": None,
        "cited": [
            {
                "name": one["evidence"]["name"],
                "stance": one["stance"],
                "locator": one["locator"],
                "state": None,
            }
            for one in change.get("citations", ())
            if one["evidence"]["name"] is not None
        ],
        "reply": None if own or row["change"] is None else desk.link(f"/changes/{row['change']}/reply"),
    }
