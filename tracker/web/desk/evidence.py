"""An item of evidence as the desk reviews it: what it is, its files, what shows the same, what rests on it, and what
desk and watchdog asked each other about it. From here a verification is proposed.
"""

from __future__ import annotations

from typing import Any, Final

from tracker.actions import evidence, questions, right_of_reply
from tracker.actions.support import lookup
from tracker.domain.people import DESK
from tracker.languages.member_words import MEMBERS
from tracker.store.questions import list_newest
from tracker.store.watchdogs import find_registration
from tracker.web.desk.custody import list_files
from tracker.web.desk.handlings import read_claims
from tracker.web.desk.names import name_things
from tracker.web.desk.notes import list_notes
from tracker.web.desk.view import Shown, Visit, view

#: How many of each list are shown, the newest.
MOST_SHOWN: Final = 50
_FACTS: Final = ("source_url", "archived_url", "captured_on", "occurred_from", "occurred_to")
_ANALYSES: Final = ("source_analysis", "technical_analysis", "content_analysis")


@view("/evidence/{id}", permission="record.read", names={"id": ("evidence",)}, opens=("review",))
def show_review(desk: Visit, id: str) -> Shown:
    item = lookup.get(desk.viewer, id, "evidence")
    review = evidence.read_review(desk.viewer, item, desk.now)
    same = [one for name in ("same_bytes_as", "same_address_as", "same_original_as") for one in review[name]]
    names = name_things(desk, [item.owner_id, item.process_id, item.publisher_id, *same])
    return {
        "title": item.title,
        "item": item,
        "members": {"acquired_from": MEMBERS["acquired_from"]},
        "facts": [(MEMBERS[name], value) for name in _FACTS if (value := getattr(item, name)) is not None],
        "analyses": [(MEMBERS[name], getattr(item, name)) for name in _ANALYSES],
        "names": names,
        "claims": read_claims(desk, id),
        "notes": list_notes(desk, id),
        "review": review,
        "recorder": name_recorder(desk, item),
        "files": list_files(desk, id),
        "uses": _list_uses(desk, item),
        "questions": _list_questions(desk, id),
        "answers": _describe_answer(desk, item),
        "asks_watchdog": item.owner_id is not None
        and find_registration(desk.session, item.owner_id) is not None,
        "may_propose": desk.by.may("record.write"),
    }


def name_recorder(desk: Visit, item: Any) -> str | None:
    """Who recorded an item in the name of somebody else; None where nobody did."""
    side = evidence.find_recorder(desk.viewer, item)
    if item.owner_id in (None, side):
        return None
    return desk.language.say("the desk") if side == DESK else name_things(desk, [side]).get(side, side)


def _describe_answer(desk: Visit, item: Any) -> Shown | None:
    """What an item answers that an authority handed in, and where it is recorded what it said."""
    given = right_of_reply.read_given(desk.viewer, item)
    if given is None:
        return None
    known = {"track": "response", "addressee": item.owner_id, "state": given.state, "cites": [item.id]}
    return {
        "name": name_things(desk, [given.recommendation_id]).get(given.recommendation_id, ""),
        "href": desk.link(f"/things/{given.recommendation_id}"),
        "state": given.state,
        "record": desk.link(f"/subjects/{given.recommendation_id}/propose", **known),
    }


def _list_uses(desk: Visit, item: Any) -> list[Shown]:
    """The status changes that cite it, with what they are about."""
    rows = desk.session.scalars(evidence.select_uses(desk.viewer, item).limit(MOST_SHOWN)).unique()
    uses = [evidence.describe_use(one, item) for one in rows]
    names = name_things(desk, [id for one in uses for id in (one["subject_id"], one["assessor_id"])])
    return [
        {
            **one,
            "name": names.get(one["subject_id"], one["subject_id"]),
            "assessor": names.get(one["assessor_id"]),
        }
        for one in uses
    ]


def _list_questions(desk: Visit, item: str) -> list[Shown]:
    described = [questions.describe_question(one) for one in list_newest(desk.session, item, MOST_SHOWN)]
    names = name_things(desk, [one["asker"] for one in described if one["asker"] != DESK])
    return [{**one, "asker": names.get(one["asker"], desk.language.say("the desk"))} for one in described]
