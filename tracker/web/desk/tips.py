"""Tips of people without an account: what came in, read on record, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tracker.actions import tip_boxes, tips
from tracker.actions.tips import Contents
from tracker.domain.errors import NotFound
from tracker.domain.publication import PUBLISHED
from tracker.domain.sentences import sentence
from tracker.domain.tips import KEPT_DAYS, NOT_USED, RECEIVED, TAKEN_BACK, USED
from tracker.http.acts import list_forgotten
from tracker.languages.i18n import mark
from tracker.schemas.sessions import Nothing
from tracker.schemas.tips import TipBoxIn, TipEvidenceIn, TipMessageIn
from tracker.store.processes import Process
from tracker.store.tips import Tip, TipBox
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

#: How many tips the list shows: what nobody has read, and then the newest.
MOST_SHOWN: Final = 200
_MAY: Final = "evidence.unseal"
_TIP: Final = {"id": ("tip",)}
#: state of a tip -> what the desk is told.
STATES: Final[Mapping[str, str]] = {
    RECEIVED: mark("Nobody has read it"),
    "looked_at": mark("It was read"),
    USED: mark("It became evidence"),
    NOT_USED: mark("It is not used"),
    TAKEN_BACK: mark("Its sender took it back"),
}
READING: Final = Form(Nothing, button=mark("Read it: the reading is written down"))
ASKING: Final = Form(
    TipMessageIn,
    Field(
        "text",
        mark("What you ask or tell its sender"),
        hint=mark("They read it when they come back. It stands on the page of their telephone."),
    ),
    button=mark("Leave it for them"),
)
_SEALED_WORDS: Final = mark("Name no source here: what the tip says is sealed in the item.")
TAKING_OVER: Final = Form(
    TipEvidenceIn,
    Field("title", mark("Title"), hint=_SEALED_WORDS),
    Field("type", mark("What it is"), vocabulary="evidence_type"),
    Field("description", mark("Description"), hint=_SEALED_WORDS),
    button=mark("Make a sealed draft of it"),
)
SETTING_ASIDE: Final = Form(Nothing, button=mark("Say that it is not used"))
DESTROYING: Final = Form(Nothing, button=mark("Destroy the tip"))
OPENING: Final = Form(
    TipBoxIn,
    Field("words/*/language", mark("Language (code)"), group=mark("What is said on its page")),
    Field("words/*/text", mark("Words"), hint=mark("Who reads the tips, and what you cannot promise.")),
    Field("kept_days", mark("For how many days a tip is kept")),
    button=mark("Open the tip box"),
)
CLOSING: Final = Form(Nothing, button=mark("Close the tip box"))


@view("/tips", permission=_MAY, menu=mark("Tips"))
def show_tips(desk: Visit) -> Shown:
    newest = tips.select_tips(desk.viewer).order_by(Tip.unread.desc(), Tip.came_at.desc(), Tip.id)
    rows = list(desk.session.scalars(newest.limit(MOST_SHOWN)))
    names = name_things(desk, [one.process_id for one in rows])
    processes = desk.viewer.select(Process).where(Process.publication == PUBLISHED).order_by(Process.title)
    return {
        "title": desk.language.say("Tips"),
        "tips": [
            {
                "row": one,
                "state": desk.language.say(STATES[one.state]),
                "process": names.get(one.process_id),
                "address": desk.link(f"/tips/{one.id}"),
            }
            for one in rows
        ],
        "boxes": [_describe_box(desk, one) for one in desk.session.scalars(processes)],
    }


def _describe_box(desk: Visit, process: Process) -> Shown:
    box = desk.session.get(TipBox, process.id)
    is_open = box is not None and box.closed_at is None
    return {
        "process": process.title,
        "page": f"/{desk.language.code}/tips/to/{process.slug}" if is_open else None,
        "change": desk.link(f"/processes/{process.id}/tip-box"),
        "close": desk.link(f"/processes/{process.id}/tip-box/closing") if is_open else None,
    }


@view("/tips/{id}", permission=_MAY, names=_TIP)
def show_tip(desk: Visit, id: str) -> Shown:
    return _describe_tip(desk, tips.get_tip(desk.viewer, id))


def _describe_tip(desk: Visit, row: Tip, contents: Contents | None = None) -> Shown:
    base = f"/tips/{row.id}"
    undecided = row.state in ("looked_at", NOT_USED)
    return {
        "title": desk.language.say("A tip"),
        "tip": {**tips.describe_tip(desk.viewer, row), "state": desk.language.say(STATES[row.state])},
        "process": name_things(desk, [row.process_id])[row.process_id],
        "contents": contents,
        "item": None if row.evidence_id is None else desk.link(f"/evidence/{row.evidence_id}"),
        "ways": {
            "ask": desk.link(f"{base}/message") if row.state not in (RECEIVED, TAKEN_BACK) else None,
            "take_over": desk.link(f"{base}/evidence") if undecided else None,
            "set_aside": desk.link(f"{base}/aside") if row.state == "looked_at" else None,
            "destroy": desk.link(f"{base}/destruction")
            if row.state == TAKEN_BACK or (row.state == NOT_USED and row.set_aside_by != desk.by.id)
            else None,
        },
    }


@act(show_tip, READING, done=mark("That you read it is written down."))
def read_tip(desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    contents = tips.read_tip(unit, id, desk.context.sealer())
    desk.revealed = _describe_tip(desk, contents.tip, contents)


def _show_form(desk: Visit, id: str, title: Any, lead: Any) -> Shown:
    tips.get_tip(desk.viewer, id)
    return {"title": title, "lead": lead}


@view("/tips/{id}/message", permission=_MAY, template="form", names=_TIP)
def show_tip_message(desk: Visit, id: str) -> Shown:
    say = desk.language.say
    return _show_form(desk, id, say("Ask the sender of a tip"), say("It is sealed, as the tip is."))


@act(show_tip_message, ASKING, done=mark("It waits for the sender."), then="/tips/{id}")
def ask_sender(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    tips.ask_sender(unit, id, data["text"], desk.context.sealer())


@view("/tips/{id}/evidence", permission=_MAY, template="form", names=_TIP)
def show_tip_evidence(desk: Visit, id: str) -> Shown:
    say = desk.language.say
    lead = say(
        "You are its submitter, so somebody else reviews it. It is sealed; two people may let others read it."
    )
    return _show_form(desk, id, say("Make evidence of a tip"), lead)


@act(show_tip_evidence, TAKING_OVER, done=mark("It is a sealed draft of evidence."), then="/tips/{id}")
def take_over(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    tips.take_over(unit, id, data, desk.context.sealer())


@view("/tips/{id}/aside", permission=_MAY, template="form", names=_TIP)
def show_tip_aside(desk: Visit, id: str) -> Shown:
    say = desk.language.say
    lead = say("Its sender sees it. The tip is destroyed after 30 days, or at once by another custodian.")
    return _show_form(desk, id, say("Set a tip aside"), lead)


@act(show_tip_aside, SETTING_ASIDE, done=mark("The tip is set aside."), then="/tips/{id}")
def set_aside(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    tips.set_aside(unit, id)


@view("/tips/{id}/destruction", permission=_MAY, template="form", names=_TIP)
def show_tip_destruction(desk: Visit, id: str) -> Shown:
    say = desk.language.say
    lead = say(
        "Its words, what was said since and its files are gone for good. Evidence that was made of it stays."
    )
    return _show_form(desk, id, say("Destroy a tip"), lead)


@act(show_tip_destruction, DESTROYING, done=mark("The tip is destroyed."), then="/tips", dangerous=True)
def destroy_tip(desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    desk.after += list_forgotten(desk.context, tips.destroy_tip(unit, id))


@view("/processes/{id}/tip-box", permission=_MAY, template="form", names={"id": ("process",)})
def show_tip_box(desk: Visit, id: str) -> Shown:
    row = desk.session.scalars(desk.viewer.select(Process).where(Process.id == id)).first()
    if row is None:
        raise NotFound(sentence("there is no process %(id)s", id=repr(id[:64])))
    box = desk.session.get(TipBox, id)
    return {
        "title": desk.language.say("Tip box: %(name)s", name=name_row(row)),
        "lead": desk.language.say(
            "People without an account write to it. What comes in is sealed, and you and other custodians read it."
        ),
        "values": {"words": [], "kept_days": KEPT_DAYS}
        if box is None
        else {"words": box.words, "kept_days": box.kept_days},
    }


@act(show_tip_box, OPENING, done=mark("The tip box is open."), then="/tips")
def open_box(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    desk.context.sealer()  # no box is opened that could keep nothing
    tip_boxes.open_box(unit, id, data)


@view("/processes/{id}/tip-box/closing", permission=_MAY, template="form", names={"id": ("process",)})
def show_tip_box_closing(desk: Visit, id: str) -> Shown:
    tip_boxes.get_box(desk.viewer, id)
    say = desk.language.say
    return {
        "title": say("Close a tip box"),
        "lead": say("Tips that came stay. Their senders still come back with their words."),
    }


@act(show_tip_box_closing, CLOSING, done=mark("The tip box is closed."), then="/tips")
def close_box(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    tip_boxes.close_box(unit, id)
