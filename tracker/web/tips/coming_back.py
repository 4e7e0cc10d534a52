"""Coming back to a tip with its words: to read what the desk asks, to say more, or to take it back."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask import Response

from tracker.actions import sent_tips, tip_boxes
from tracker.actions.sent_tips import SENDER, Sent
from tracker.domain.code_phrases import digest_phrase
from tracker.domain.errors import NotFound, Refusal, StaleEdit
from tracker.domain.tips import LONG
from tracker.http.acts import list_forgotten, open_act
from tracker.http.refusals import STATUS
from tracker.languages.i18n import mark
from tracker.web.tips.arrivals import Arrival, read_form
from tracker.web.tips.texts import PASS, TOKEN, clean_text, explain
from tracker.web.tips.tokens import ADDING, PASSING
from tracker.web.tips.visit import Visit

#: state of a tip -> what its sender is told.
STATES: Final = {
    "received": mark("It came. Nobody has looked at it yet."),
    "looked_at": mark("It was looked at."),
    "used": mark("It is used: it became a part of the evidence, which is sealed."),
    "not_used": mark("It is not used. It will be destroyed, unless you say more."),
}


def show_boxes(visit: Visit) -> Response:
    """The boxes that are open, and where one says the words of a tip."""
    return _show_boxes(visit)


def open_tip(visit: Visit) -> Response:
    """Come back with the words of a tip."""
    fields = read_form(visit.context, lambda _fields: 0).fields
    phrase, text = fields.get("phrase", ""), clean_text(fields.get("text", ""))
    try:
        return show_tip(visit, _find_digest(visit, phrase), text=text)
    except NotFound:
        return _show_boxes(visit, phrase=phrase, text=text, unknown=True, status=422)


def _find_digest(visit: Visit, phrase: str) -> bytes:
    """By what the tip of a phrase is found: it was written with the secret that the server had then."""
    digests = [digest_phrase(secret, phrase) for secret in visit.secrets]
    kept = (one for one in digests if sent_tips.is_kept(visit.session, one, visit.now))
    return next(kept, digests[0])


def add(visit: Visit) -> Response:
    """Say more, or answer; or give the form back, with what is wrong."""
    arrival = read_form(visit.context, lambda fields: _check(visit, fields))
    text, digest = clean_text(arrival.fields.get("text", "")), _read_pass(visit, arrival.fields)
    try:
        if digest is None:
            arrival.forget()
            return _show_boxes(visit, text=text, stale=True, status=422)
        return _add(visit, arrival, digest, text)
    except NotFound:  # it was taken back in another window
        arrival.forget()
        return _show_boxes(visit, text=text, unknown=True, status=422)


def _add(visit: Visit, arrival: Arrival, digest: bytes, text: str) -> Response:
    once = visit.read_token(ADDING, arrival.fields.get(TOKEN))
    try:
        if arrival.refusal is not None:
            raise arrival.refusal
        if once is None:
            raise StaleEdit("the form lay open too long")
        if not text or len(text) > LONG:
            arrival.forget()
            return show_tip(visit, digest, text=text, fault=bool(text), empty=not text, status=422)
        if not _keep(visit, digest, once, Sent({"text": text}, visit.language.code, arrival.files)):
            arrival.forget()
    except Refusal as refusal:
        arrival.forget()
        why, status = explain(refusal, visit.language), STATUS[type(refusal)]
        return show_tip(visit, digest, text=text, why=why, status=status)
    return show_tip(visit, digest, done=visit.language.say("What you wrote was added."))


def take_back(visit: Visit) -> Response:
    """Destroy a tip of one's own."""
    fields = read_form(visit.context, lambda _fields: 0).fields
    digest = _read_pass(visit, fields)
    if digest is None:
        return _show_boxes(visit, stale=True, status=422)
    if fields.get("sure") != "on":
        return show_tip(visit, digest, unsure=True, status=422)
    used = sent_tips.find_tip(visit.session, digest, visit.now).state == "used"
    with open_act(visit.context, visit.session, SENDER, whatever_standing=True) as act:
        act.after += list_forgotten(visit.context, sent_tips.take_back(act.unit, digest))
    return visit.show("gone", typed=True, title=visit.language.say("Your tip was taken back"), used=used)


def show_tip(
    visit: Visit, digest: bytes, *, text: str = "", status: int = 200, done: Any = None, **more: Any
) -> Response:
    """A tip, what was said since, and the form to say more. ``text`` stands in it."""
    tip = sent_tips.find_tip(visit.session, digest, visit.now)
    conversation = sent_tips.read_conversation(visit.session, tip, visit.context.sealer())
    shown = {"why": None, "fault": False, "empty": False, "unsure": False, "again": False, **more}
    return visit.show(
        "tip",
        status,
        typed=True,
        title=visit.language.say("Your tip"),
        found=conversation,
        state=visit.language.say(STATES[conversation.state]),
        text=text,
        longest=LONG,
        done=done,
        token=visit.make_token(ADDING),
        entry=visit.make_token(PASSING, digest.hex()),
        **shown,
    )


def _check(visit: Visit, fields: dict[str, str]) -> int:
    digest = _read_pass(visit, fields)
    if digest is None or visit.read_token(ADDING, fields.get(TOKEN)) is None:
        raise StaleEdit("the form lay open too long")
    tip = sent_tips.find_tip(visit.session, digest, visit.now)
    left = sent_tips.measure_room(visit.session, tip.process_id, visit.now, added=True)
    visit.session.rollback()
    return left


def _read_pass(visit: Visit, fields: dict[str, str]) -> bytes | None:
    digest = visit.read_token(PASSING, fields.get(PASS))
    return None if digest is None else bytes.fromhex(digest)


def _keep(visit: Visit, digest: bytes, once: str, sent: Sent) -> bool:
    mark_of_form = hashlib.sha256(f"{once}\0{digest.hex()}".encode()).digest()
    with open_act(visit.context, visit.session, SENDER, whatever_standing=True) as act:
        return sent_tips.add_to_tip(act.unit, digest, sent, mark_of_form, visit.context.sealer())


def _show_boxes(
    visit: Visit,
    *,
    phrase: str = "",
    text: str = "",
    unknown: bool = False,
    stale: bool = False,
    status: int = 200,
) -> Response:
    return visit.show(
        "boxes",
        status,
        typed=bool(phrase or text),
        title=visit.language.say("Tips without an account"),
        boxes=tip_boxes.list_open(visit.session),
        phrase=phrase[:200],
        text=text,
        unknown=unknown,
        stale=stale,
    )
