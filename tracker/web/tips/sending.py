"""Writing a tip: the form of a box, and the page that shows the words with which its sender comes back, once."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from tracker.actions import sent_tips, tip_boxes
from tracker.actions.sent_tips import SENDER, Sent
from tracker.actions.tip_boxes import OpenBox
from tracker.domain.code_phrases import digest_phrase
from tracker.domain.errors import NotFound, Refusal, StaleEdit
from tracker.domain.tips import LONG, SHORT, find_end
from tracker.http.acts import open_act
from tracker.http.refusals import STATUS, name_wait
from tracker.web.tips import coming_back
from tracker.web.tips.arrivals import Arrival, read_form
from tracker.web.tips.texts import TOKEN, clean_text, explain
from tracker.web.tips.tokens import SENDING
from tracker.web.tips.visit import Visit

#: field -> how long it may be.
FIELDS: Final = {"happened": LONG, "when": SHORT, "where": SHORT, "harm": SHORT}


def show_box(visit: Visit, slug: str) -> Response:
    """The form of a box."""
    return _show_form(visit, tip_boxes.find_open(visit.session, slug), {})


def send(visit: Visit, slug: str) -> Response:
    """Keep a tip, and show the words with which one comes back; or give the form back, with what is wrong."""
    try:
        box = tip_boxes.find_open(visit.session, slug)
    except NotFound as gone:
        return _give_back(visit, gone)
    arrival = read_form(visit.context, lambda fields: _check(visit, box, fields))
    typed = {name: clean_text(arrival.fields.get(name, "")) for name in FIELDS}
    try:
        once = _read_once(visit, arrival)
        faults = _find_faults(typed)
        if faults:
            arrival.forget()
            return _show_form(visit, box, typed, faults=faults, status=422)
        return _keep(visit, box, once, typed, arrival)
    except Refusal as refusal:
        arrival.forget()
        why = explain(refusal, visit.language)
        response = _show_form(visit, box, typed, why=why, status=STATUS[type(refusal)])
        response.headers.update(name_wait(refusal))
        return response


def _give_back(visit: Visit, gone: NotFound) -> Response:
    """The text of somebody who wrote while the box was closed: no file is taken, and they can copy what they wrote."""

    def refuse(_fields: dict[str, str]) -> int:
        raise gone

    fields = read_form(visit.context, refuse).fields
    texts = [clean_text(fields.get(name, "")) for name in FIELDS]
    return visit.show(
        "refusal",
        404,
        typed=True,
        title=visit.language.say("This did not work"),
        said=visit.language.say("No tip box is open at this address. It may have been closed."),
        kept="\n\n".join(filter(None, texts)),
    )


def _check(visit: Visit, box: OpenBox, fields: dict[str, str]) -> int:
    """How many bytes of files are taken, before any is."""
    if visit.read_token(SENDING, fields.get(TOKEN)) is None:
        raise StaleEdit("the form lay open too long")
    visit.context.sealer()
    left = sent_tips.measure_room(visit.session, box.process, visit.now)
    visit.session.rollback()  # however long they take to arrive, nothing in the database is held for them
    return left


def _read_once(visit: Visit, arrival: Arrival) -> str:
    if arrival.refusal is not None:
        raise arrival.refusal
    once = visit.read_token(SENDING, arrival.fields.get(TOKEN))
    if once is None:
        raise StaleEdit("the form lay open too long")
    return once


def _find_faults(typed: dict[str, str]) -> dict[str, int]:
    """The fields that are too long, each with how long it may be; 0 for the one that must not be empty."""
    long = {name: most for name, most in FIELDS.items() if len(typed[name]) > most}
    return long if typed["happened"] else {"happened": 0, **long}


def _keep(visit: Visit, box: OpenBox, once: str, typed: dict[str, str], arrival: Arrival) -> Response:
    known, phrase = visit.context, sent_tips.make_phrase(visit.secret, f"{box.process}\0{once}")
    digest, sealer = digest_phrase(visit.secret, phrase), known.sealer()
    words = {name: text for name, text in typed.items() if text}
    sent = Sent(words, visit.language.code, arrival.files)
    with open_act(known, visit.session, SENDER, whatever_standing=True) as act:
        new = sent_tips.send_tip(act.unit, box, sent, digest, sealer)
    if not new:
        arrival.forget()
        tip = sent_tips.find_tip(visit.session, digest, visit.now)
        if sent_tips.read_conversation(visit.session, tip, sealer).words != words:
            return coming_back.show_tip(visit, digest, text="\n\n".join(words.values()), again=True)
    return visit.show(
        "phrase",
        typed=True,
        title=visit.language.say("Your tip is here"),
        phrase=phrase,
        days=box.kept_days,
        until=find_end(visit.now, box.kept_days).date(),
    )


def _show_form(
    visit: Visit,
    box: OpenBox,
    typed: dict[str, str],
    *,
    faults: dict[str, int] | None = None,
    why: Any = None,
    status: int = 200,
) -> Response:
    return visit.show(
        "box",
        status,
        typed=bool(typed),
        title=visit.language.say(
            "Write to the people who follow: %(process)s", process=box.name(visit.language.code)
        ),
        box=box,
        words=box.tell(visit.language.code),
        values=dict.fromkeys(FIELDS, "") | typed,
        longest=FIELDS,
        faults=faults or {},
        why=why,
        token=visit.make_token(SENDING),
    )
