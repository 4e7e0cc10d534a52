"""Asking an addressee for an answer: the letter is drafted here, a person sends it, and records that there is none yet.

What is recorded is a confirmation of `awaiting` on the track `response`: a public act with its day and reason, which
can be corrected as any other. How often that was done says which letter comes next.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tracker.domain.errors import NotFound
from tracker.languages.i18n import LANGUAGES, get_language
from tracker.languages.reminders import STEPS, Reminder, choose_step, write_reminder
from tracker.languages.texts import pick_text
from tracker.public.page_addresses import make_address
from tracker.schemas.fields import Code, Id, Strict
from tracker.web.desk.public_verdicts import Document, read_public
from tracker.web.desk.view import Shown, Visit, view

_TRACK: Final = "response"
_AWAITING: Final = "awaiting"


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
)
def show_letter(desk: Visit, id: str) -> Shown:
    document = read_public(desk, "recommendation", id)
    if not desk.by.works_on(document["process"]["id"]):
        raise NotFound(f"there is no recommendation {id}")
    asked = _find_asked(document, desk.query.get("addressee"))
    times = count_askings(document, asked["addressee"]["id"])
    step = desk.query.get("step") or choose_step(times)
    language = get_language(desk.query.get("lang") or desk.language.code)
    written = write_reminder(language, step, _gather(desk, document, asked, language.code), desk.now.date())
    return {
        "title": desk.language.say("A letter to %(name)s", name=asked["addressee"]["name"]),
        "times": times,
        "written": written,
        "spoken": language,
        "steps": [(one, words, desk.link_here(step=one)) for one, words in STEPS.items()],
        "step": step,
        "spoken_links": [(one, desk.link_here(lang=one.code)) for one in map(get_language, LANGUAGES)],
        "record": desk.link(
            f"/subjects/{id}/propose", track=_TRACK, state=_AWAITING, addressee=asked["addressee"]["id"]
        ),
    }


def count_askings(document: Document, addressee: str) -> int:
    """How often the lead looked for the answer of an addressee and recorded that there is none."""
    lead = _find_answers(document)["lead"]["assessor"]["id"]
    rows = (one for one in document["history"] if one["track"] == _TRACK and one["to"] == _AWAITING)
    own = (one for one in rows if one["assessor"]["id"] == lead and one["superseded_by"] is None)
    return sum((one["addressee"] or {}).get("id") == addressee for one in own)


def _find_answers(document: Document) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(one for one in document["standing"] if one["track"] == _TRACK)
    return found


def _find_asked(document: Document, addressee: str | None) -> Mapping[str, Any]:
    """The line of the addressee who is asked: the one that is named, or the first who has not answered."""
    rows = [one for one in _find_answers(document)["by_addressee"] if (one["addressee"] or {}).get("name")]
    if addressee is not None:
        rows = [one for one in rows if one["addressee"]["id"] == addressee]
    if not rows:
        raise NotFound("nobody in particular is asked for an answer to it")
    found: Mapping[str, Any] = next((one for one in rows if one["state"] == _AWAITING), rows[0])
    return found


def _gather(desk: Visit, document: Document, asked: Mapping[str, Any], language: str) -> Reminder:
    silence: Mapping[str, Any] = next(iter(document["silence"]), {})
    page = make_address(
        language, "recommendation", process=document["process"]["slug"], reference=document["reference"]
    )
    return Reminder(
        asked["addressee"]["name"],
        document["process"]["name"],
        document["reference"],
        pick_text(document, "title", language).text,
        pick_text(document, "text", language).text,
        ", ".join(one["name"] for one in document["issuers"] if one["name"]),
        document["issued_on"],
        asked["assessor"]["name"],
        f"{desk.context.settings.base_url}{page}",
        _read_day(silence.get("due_on")),
        _read_day(asked["verified_on"]),
    )


def _read_day(given: str | None) -> date | None:
    return None if given is None else date.fromisoformat(given)
