"""Asking an addressee for an answer: the letter is drafted here, a person sends it, and records that it was sent.

What is recorded is a step on the track `reminder`: a public act with its day and reason, which can be corrected as any
other. The ladder of the process says which letter comes next.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tracker.domain.errors import NotFound
from tracker.domain.reminders import TRACK, Request, find_next
from tracker.domain.sentences import sentence
from tracker.domain.silence import RESPONSE_DUE, Due, list_owed
from tracker.languages.i18n import LANGUAGES, get_language
from tracker.languages.reminders import STEPS, Reminder, write_reminder
from tracker.languages.texts import pick_text
from tracker.public.page_addresses import make_address
from tracker.schemas.fields import Code, Id, Strict
from tracker.web.desk.public_verdicts import Document, list_public, read_public
from tracker.web.desk.view import Shown, Visit, view

_ORDER: Final = [*STEPS]
#: How many dates of a recommendation are looked at.
_MOST_DATES: Final = 100


class _LetterQuery(Strict):
    """To whom, in which language, and of which step; what is left out follows from the facts."""

    addressee = Id("organization", sought=True)
    lang = Code(LANGUAGES)
    step = Code(STEPS)


@view(
    "/things/{id}/letter",
    permission="record.read",
    template="letter",
    names={"id": ("recommendation",)},
    query=_LetterQuery,
    opens=("reminder",),
)
def show_letter(desk: Visit, id: str) -> Shown:
    document = read_public(desk, "recommendation", id)
    if not desk.by.works_on(document["process"]["id"]):
        raise NotFound(sentence("there is no recommendation %(id)s", id=id))
    asked = _find_asked(document, desk.query.get("addressee"))
    addressee = asked["addressee"]
    place: Mapping[str, Any] = next(
        (one for one in document["reminders"] if one["addressee"]["id"] == addressee["id"]), {}
    )
    step = desk.query.get("step") or _choose_step(place)
    language = get_language(desk.query.get("lang") or desk.language.code)
    about = _gather(desk, document, asked, place, step, language.code)
    return {
        "title": desk.language.say("A letter to %(name)s", name=addressee["name"]),
        "place": place,
        "written": write_reminder(language, step, about, desk.now.date()),
        "spoken": language,
        "steps": [(one, words, desk.link_here(step=one)) for one, words in STEPS.items()],
        "step": step,
        "spoken_links": [(one, desk.link_here(lang=one.code)) for one in map(get_language, LANGUAGES)],
        "record": desk.link(f"/subjects/{id}/propose", track=TRACK, state=step, addressee=addressee["id"]),
    }


def _choose_step(place: Mapping[str, Any]) -> str:
    """The step that the ladder says; where it says none the one after the last, or the last once more."""
    if place.get("next"):
        return str(place["next"]["step"])
    taken = -1 if place.get("step") is None else _ORDER.index(place["step"])
    return _ORDER[min(taken + 1, len(_ORDER) - 1)]


def _find_asked(document: Document, addressee: str | None) -> Mapping[str, Any]:
    """The line of the addressee who is asked: the one that is named, or the first who has not answered."""
    answers = next(one for one in document["standing"] if one["track"] == "response")
    rows = [one for one in answers["by_addressee"] if (one["addressee"] or {}).get("name")]
    if addressee is not None:
        rows = [one for one in rows if one["addressee"]["id"] == addressee]
    if not rows:
        raise NotFound(sentence("nobody in particular is asked for an answer to it"))
    row: Mapping[str, Any] = next((one for one in rows if one["state"] == "awaiting"), rows[0])
    return row


def _gather(
    desk: Visit,
    document: Document,
    asked: Mapping[str, Any],
    place: Mapping[str, Any],
    step: str,
    language: str,
) -> Reminder:
    today = desk.now.date()
    dues = _list_dues(desk, document["id"])
    ladder = read_public(desk, "process", document["process"]["id"])["reminders"]
    coming = find_next(Request(ladder, asked["assessor"]["id"], today, (), dues), step, today)
    owed = list_owed(dues)
    page = make_address(
        language, "recommendation", process=document["process"]["slug"], reference=document["reference"]
    )
    return Reminder(
        asked["addressee"]["name"],
        document["process"]["name"],
        document["reference"],
        pick_text(document, "title", language).text,
        pick_text(document, "text", language).text,
        get_language(language).comma.join(one["name"] for one in document["issuers"] if one["name"]),
        document["issued_on"],
        asked["assessor"]["name"],
        f"{desk.context.settings.base_url}{page}",
        owed[0].due_on if owed else None,
        (place["step"], date.fromisoformat(place["on"])) if place.get("step") else None,
        (coming.step, coming.due_on) if coming else None,
    )


def _list_dues(desk: Visit, recommendation: str) -> list[Due]:
    """The public dates by which its addressees owe an answer."""
    filed = {"owner": recommendation, "type": RESPONSE_DUE}
    dates, _last = list_public(desk, "deadline", filed, None, _MOST_DATES)
    outcomes = ((one, next(row for row in one["standing"] if row["track"] == "outcome")) for one in dates)
    return [
        Due(one["id"], date.fromisoformat(one["due_on"]), outcome["lead"]["state"])
        for one, outcome in outcomes
        if one["due_on"] is not None
    ]
