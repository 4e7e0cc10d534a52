"""What is asked of an authority that was invited: it answers each recommendation in its own words, and replies to what
others found.
"""

from __future__ import annotations

from typing import Any, Final

from tracker.actions import right_of_reply
from tracker.http.multipart import Part
from tracker.languages.i18n import mark
from tracker.schemas.fields import Strict, Text
from tracker.schemas.right_of_reply import AnswerGivenIn, ReplyGivenIn
from tracker.store.recommendations import Recommendation
from tracker.store.statuses import StatusChange
from tracker.web.desk.custody import FILES, receive_file
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.form_bodies import Pairs
from tracker.web.forms import Field, Form

#: How many recommendations a page has, and how many verdicts on one are shown, the newest.
PAGE, MOST_SHOWN = 50, 50
ANSWERING = Form(
    AnswerGivenIn,
    Field("state", mark("What you say to it"), vocabulary="response"),
    Field(
        "text",
        mark("Your answer"),
        hint=mark("In your own words. The desk reviews it and records what you said; then it is public."),
    ),
    button=mark("Send the answer"),
    file=FILES,
)
REPLYING = Form(
    ReplyGivenIn,
    Field(
        "reason",
        mark("Your reply"),
        hint=mark(
            "It stands beside the verdict and changes no status. Another person decides before it is public."
        ),
    ),
    button=mark("Send the reply"),
)
_ONE: Final = {"id": ("recommendation",)}


class AskedQuery(Strict):
    """Where the page begins."""

    after = Text(2_000)


@view("/asked", permission="answers.give", query=AskedQuery, menu=mark("What is asked of you"))
def show_asked(desk: Visit) -> Shown:
    rows = right_of_reply.select_asked(desk.viewer).order_by(Recommendation.id)
    if (place := desk.read_place()) is not None:
        rows = rows.where(Recommendation.id > place[0])
    asked = list(desk.session.scalars(rows.limit(PAGE + 1)).unique())
    names = name_things(desk, [one.process_id for one in asked])
    others = right_of_reply.select_verdicts(desk.viewer).where(StatusChange.subject_kind == "committee")
    return {
        "title": desk.language.say("What is asked of you"),
        "asked": asked[:PAGE],
        "due": right_of_reply.find_due_days(desk.viewer, [one.id for one in asked]),
        "names": names,
        "verdicts": _describe_verdicts(desk, others),
        "next_page": desk.link_after([asked[PAGE - 1].id]) if len(asked) > PAGE else None,
    }


@view("/asked/{id}", permission="answers.give", names=_ONE)
def show_answer(desk: Visit, id: str) -> Shown:
    row = right_of_reply.get_asked(desk.viewer, id)
    verdicts = right_of_reply.select_verdicts(desk.viewer).where(StatusChange.subject_id == id)
    return {
        "title": name_row(row),
        "row": row,
        "due": right_of_reply.find_due_days(desk.viewer, [id]).get(id),
        "verdicts": _describe_verdicts(desk, verdicts),
    }


def _receive_with_answer(desk: Visit, pairs: Pairs, part: Part) -> None:
    """Take a file that comes with an answer, once it is known that the answer may be sent as it was typed."""
    if not desk.received:
        right_of_reply.get_asked(desk.viewer, desk.page.split("/")[3])
        ANSWERING.load(ANSWERING.keep_known(pairs))
        desk.session.rollback()
    receive_file(desk, pairs, part)


@act(
    show_answer,
    ANSWERING,
    done=mark("Your answer was handed in. The desk reviews it."),
    receive=_receive_with_answer,
    most_bytes=lambda settings: settings.files_limit,
)
def answer_recommendation(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    files = [file for _digest, file in desk.received]
    right_of_reply.answer_recommendation(unit, id, data["state"], data["text"], files)


@view("/verdicts/{id}/reply", permission="answers.give", names={"id": ("change",)})
def show_reply(desk: Visit, id: str) -> Shown:
    verdict = right_of_reply.get_verdict(desk.viewer, id)
    query = right_of_reply.select_verdicts(desk.viewer).where(StatusChange.id == id)
    return {
        "title": desk.language.say("Reply about: %(name)s", name=name_row(verdict.subject)),
        "verdicts": _describe_verdicts(desk, query),
    }


@act(show_reply, REPLYING, done=mark("Your reply waits for a decision."))
def reply_to_verdict(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    right_of_reply.reply_to_verdict(unit, id, data["reason"])


def _describe_verdicts(desk: Visit, query: Any) -> list[Shown]:
    """What others found, the newest first, with where one replies to it."""
    newest = query.order_by(StatusChange.number.desc()).limit(MOST_SHOWN)
    rows = list(desk.session.scalars(newest).unique())
    names = name_things(desk, [id for row in rows for id in (row.assessor_id, row.subject_id)])
    members = ("track", "to_state", "effective_on", "reason")
    return [
        {
            **{name: getattr(row, name) for name in members},
            "assessor": names.get(row.assessor_id),
            "about": names.get(row.subject_id),
            "reply": desk.link(f"/verdicts/{row.id}/reply") if right_of_reply.takes_replies(row) else None,
        }
        for row in rows
    ]
