"""Redaction at the desk: before anything is destroyed it is said what vanishes and what stays, who somebody is is asked
again, and another custodian does the same.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import inspect

from tracker.actions import evidence, redaction
from tracker.actions.redaction_fields import KEEPS
from tracker.actions.support import lookup
from tracker.actions.support.registry import KINDS
from tracker.domain import ids
from tracker.domain.proposals import REDACTION
from tracker.domain.publication import PUBLISHED
from tracker.domain.tracks import SUBJECTS
from tracker.http.acts import list_deletions
from tracker.languages.i18n import mark
from tracker.public.events import Event, list_about
from tracker.public.names import read_names
from tracker.public.redaction import find_redacted_event
from tracker.public.sentences.acts import Told, describe_act, list_mentioned
from tracker.schemas.redaction import RedactionIn
from tracker.store.database import core_connection
from tracker.store.proposals import find_waiting
from tracker.web.desk.custody import list_files
from tracker.web.desk.names import name_row
from tracker.web.desk.record_forms import READING
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Field, Form

ORDERING: Final = Form(
    RedactionIn,
    Field("reason", mark("Why"), hint=mark("Everybody reads this reason."), vocabulary="redaction_reason"),
    button=mark("Destroy its content"),
)
ORDERING_WORDS: Final = Form(RedactionIn, *ORDERING.shown.values(), button=mark("Destroy these words"))
#: How many public acts about a thing are shown, the newest.
MOST_ACTS: Final = 200


@view("/things/{id}/redaction", permission="evidence.redact", names={"id": tuple(KINDS)})
def show_redaction(desk: Visit, id: str) -> Shown:
    row = lookup.get(desk.viewer, id)
    waits = find_waiting(desk.session, REDACTION, id)
    ordered = waits is not None and waits.payload["ordered"]
    return {
        "title": desk.language.say("Destroy what this says: %(name)s", name=name_row(row)),
        "ordered": ordered,
        "own": waits is not None and waits.proposed_by == desk.by.id,
        "values": {"reason": waits.reason} if waits is not None else {},
        **describe_redaction(desk, row),
    }


def describe_redaction(desk: Visit, row: Any) -> Shown:
    """What a redaction of a thing destroys and what it leaves, as far as it has it."""
    kind = ids.kind_of(row.id) or ""
    form = READING[kind]
    known = form.write(type(form.shape)().dump(row))
    filled = {place.partition("/")[0] for place, typed in known.items() if any(typed)}
    words = {
        name: field.group or field.label for name, field in _list_members(form).items() if name in filled
    }
    gone = [desk.language.say(label) for name, label in words.items() if not _is_kept(row, kind, form, name)]
    kept = [desk.language.say(label) for name, label in words.items() if _is_kept(row, kind, form, name)]
    is_item = kind == "evidence"
    return {
        "gone": gone,
        "stays": kept,
        "file_count": len(list_files(desk, row.id)) if is_item else 0,
        "use_count": len(list(desk.session.scalars(evidence.select_uses(desk.viewer, row))))
        if is_item
        else 0,
        "public": row.publication == PUBLISHED,
        "held": kind in SUBJECTS and redaction.describe_hold(desk.viewer, row.id)["held"],
    }


def _list_members(form: Form) -> dict[str, Field]:
    """The first field of each member."""
    fields: dict[str, Field] = {}
    for name, field in form.shown.items():
        fields.setdefault(name.partition("/")[0], field)
    return fields


def _is_kept(row: Any, kind: str, form: Form, name: str) -> bool:
    """Whether a redaction leaves a member: what is no column of the thing stands in a table of its own."""
    attribute = form.shape.fields[name].attribute or name
    return attribute in KEEPS[kind] and attribute in inspect(type(row)).columns


@act(
    show_redaction,
    ORDERING,
    done=mark("It is ordered, or done where another custodian ordered it before."),
    then="/things/{id}",
    dangerous=True,
)
def redact_thing(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    order = redaction.redact_thing(unit, id, data["reason"])
    if order.approved_at is not None:
        desk.after += list_deletions(desk.context, desk.session, id)


@view("/things/{id}/acts", permission="evidence.redact", names={"id": tuple(KINDS)})
def show_acts(desk: Visit, id: str) -> Shown:
    """The public acts about a thing, to destroy the words of one of them."""
    row = lookup.get_for_act(desk.viewer, id)
    connection = core_connection(desk.session)
    acts = list_about(connection, id)[::-1][:MOST_ACTS]
    names = read_names(connection, list_mentioned([one.body for one in acts]))
    return {
        "title": desk.language.say("What public acts say of: %(name)s", name=name_row(row)),
        "acts": [
            {
                "href": desk.link(f"/acts/{one.body['id']}/redaction"),
                "at": one.body["at"],
                "told": describe_act(one.body, names, desk.language),
            }
            for one in acts
        ],
    }


@view("/acts/{id}/redaction", permission="evidence.redact", names={"id": ("event",)})
def show_redacted_act(desk: Visit, id: str) -> Shown:
    words, event = read_words(desk, id)
    waits = find_waiting(desk.session, REDACTION, id)
    return {
        "title": desk.language.say("Destroy the words of one act"),
        "told": words,
        "at": event.body["at"],
        "thing": desk.link(f"/things/{event.subject}/acts"),
        "ordered": waits is not None and waits.payload["ordered"],
        "own": waits is not None and waits.proposed_by == desk.by.id,
        "held": ids.kind_of(event.subject) in SUBJECTS
        and redaction.describe_hold(desk.viewer, event.subject)["held"],
        "values": {"reason": waits.reason} if waits is not None else {},
    }


def read_words(desk: Visit, id: str) -> tuple[Told, Event]:
    """What one public act says in words, to those who may read what it is about."""
    connection = core_connection(desk.session)
    event = find_redacted_event(connection, id)
    lookup.get_for_act(desk.viewer, event.subject)
    names = read_names(connection, list_mentioned([event.body]))
    return describe_act(event.body, names, desk.language), event


@act(
    show_redacted_act,
    ORDERING_WORDS,
    done=mark("It is ordered, or done where another custodian ordered it before."),
    dangerous=True,
)
def redact_act(_desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    redaction.redact_words(unit, id, data["reason"])
