"""The record: lists of things by kind, a page to read one, a form to record one and a form to edit it. All follow from
the registry of kinds and the shapes of REST, so a new kind needs no new screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema

from tracker.actions import evidence, redaction, revisions, submissions
from tracker.actions.releases import list_releases
from tracker.actions.support import editable_things, lookup, second_person
from tracker.actions.support.edited_members import dump_members, load_members
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import open_view
from tracker.domain import ids
from tracker.domain.errors import InvalidInput
from tracker.domain.publication import DRAFT, PUBLISHED
from tracker.domain.sentences import sentence
from tracker.domain.tracks import SUBJECTS
from tracker.domain.vocabularies.codes import DEADLINE_TYPE
from tracker.http.multipart import Part
from tracker.languages.i18n import mark
from tracker.public.content.allow_list import PLURALS
from tracker.schemas.evidence import OwnEvidenceOut
from tracker.schemas.fields import Code, Id, Strict
from tracker.schemas.revisions import GROUNDS
from tracker.store.questions import list_newest
from tracker.web.desk.custody import list_files, receive_file
from tracker.web.desk.deadlines import describe_dates, name_replacement
from tracker.web.desk.evidence import MOST_SHOWN, name_recorder
from tracker.web.desk.handlings import read_claims
from tracker.web.desk.member_words import MANY, NEW
from tracker.web.desk.names import name_row, name_things
from tracker.web.desk.notes import list_notes
from tracker.web.desk.proposals import list_waiting
from tracker.web.desk.record_forms import ANALYSING, EDITING, READING, RECORDING, list_choices
from tracker.web.desk.record_names import (
    find_things,
    list_open_processes,
    list_suggestions,
    make_find,
    shorten_ids,
)
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.desk.watchdogs import read_standing
from tracker.web.filled_forms import FilledForm
from tracker.web.form_bodies import Pairs
from tracker.web.forms import Form

_THINGS = {"id": tuple(KINDS)}


class NewQuery(Strict):
    """In which process a thing is recorded."""

    process = Id("process", sought=True)


class NewDeadlineQuery(NewQuery):
    """The same of a date: for what it is set, and of which type it is."""

    owner = Id("committee", "recommendation", sought=True)
    type = Code(DEADLINE_TYPE)


@view("/things/{id}", permission="record.read_own", names=_THINGS)
def show_thing(desk: Visit, id: str) -> Shown:
    kind = ids.kind_of(id) or ""
    row = lookup.get(desk.viewer, id, kind)
    values = _read_values(desk, row, READING[kind].shape)
    process = getattr(row, "process_id", None)
    return {
        "title": name_row(row),
        "kind": kind,
        "row": row,
        "process": process,
        "claims": read_claims(desk, id),
        "notes": list_notes(desk, id),
        "known": FilledForm(
            READING[kind], READING[kind].write(values), choices=list_choices(READING[kind], desk.language)
        ),
        "names": name_things(desk, [*find_things(READING[kind].shape, values), process]),
        "waiting": list_waiting(desk, id),
        "dates": describe_dates(desk, row),
        "replacement": name_replacement(desk, row),
        "release": list_releases(desk.session, [id]).get(id) if desk.by.may("record.read") else None,
        "may_edit": _may_edit(desk, kind, row),
        "may_propose": kind in SUBJECTS and desk.by.may("record.write"),
        "asked": list_newest(desk.session, id, MOST_SHOWN) if kind == "evidence" else [],
        "files": list_files(desk, id) if kind == "evidence" else [],
        "recorder": name_recorder(desk, row) if kind == "evidence" else None,
        "may_retract": kind == "evidence" and second_person.handed_in(desk.by, row),
        "may_publish": desk.by.may("record.publish"),
        "held": _read_hold(desk, kind, id),
        "standing": read_standing(desk, id) if kind == "organization" else None,
        "plural": PLURALS[kind],
        "parts": _list_parts() if kind == "process" else [],
    }


def _read_hold(desk: Visit, kind: str, id: str) -> bool | None:
    """Whether a thing is held for a court; None of what nobody holds, and to those who are not told."""
    if kind not in SUBJECTS or not desk.by.may("evidence.redact"):
        return None
    return bool(redaction.describe_hold(desk.viewer, id)["held"])


def _may_edit(desk: Visit, kind: str, row: Any) -> bool:
    """Whether somebody may edit a thing: the desk all that is not withdrawn, others their own drafts."""
    states = (DRAFT, PUBLISHED) if desk.by.may("record.write") else (DRAFT,)
    return desk.by.may(KINDS[kind].permission) and row.publication in states


def _list_parts() -> list[dict[str, str]]:
    """The kinds of thing that belong to a process."""
    return [
        {"plural": PLURALS[one], "many": MANY[one], "new": NEW[one], "permission": KINDS[one].permission}
        for one in SUBJECTS
    ]


def _read_values(desk: Visit, row: Any, shape: Schema) -> dict[str, Any]:
    """The members of a thing as its reader may know them."""
    known = shape.fields.keys() - set(GROUNDS)
    if not desk.by.may("record.read"):
        known &= OwnEvidenceOut().fields.keys()
    values: dict[str, Any] = type(shape)(only=known).dump(row)
    return values


def _declare(kind: str) -> None:
    """The screens that record and edit things of a kind."""
    shown = view(
        f"/records/{PLURALS[kind]}/new",
        permission=KINDS[kind].permission,
        template="record_form",
        query=NewDeadlineQuery if kind == "deadline" else NewQuery,
    )(_named(f"show_new_{kind}", lambda desk: _show_new(desk, kind)))
    act(
        shown,
        RECORDING[kind],
        done=mark("It was recorded as a draft."),
        find=lambda desk, typed: make_find(desk, next(iter(typed.get("process", ())), None)),
        then="/things/{made}",
        receive=receive_with_item if kind == "evidence" else None,
        most_bytes=lambda settings: settings.files_limit,
        tries=_make_trial(kind, lambda desk, unit, data: _make(desk, unit, kind, data)),
    )(lambda desk, unit, data: str(_make(desk, unit, kind, data).id))
    edited = view(
        f"/{PLURALS[kind]}/{{id}}/edit",
        permission=KINDS[kind].permission,
        template="record_form",
        names={"id": (kind,)},
    )(_named(f"show_edited_{kind}", lambda desk, id: _show_edited(desk, EDITING[kind], id)))
    act(
        edited,
        EDITING[kind],
        done=mark("It was saved. A change of what is public waits until another person decides on it."),
        find=lambda desk, _typed, id: make_find(desk, _find_process(desk, id)),
        then="/things/{id}",
        tries=_make_trial(kind, lambda desk, unit, data, id: _edit(desk, unit, kind, data, id)),
    )(lambda desk, unit, data, id: _save(desk, unit, kind, data, id))


def _make_trial(kind: str, tries: Callable[..., Any]) -> Callable[..., Any] | None:
    """That the form of a kind can be tried. An item says nothing of itself before the desk has looked at it."""

    def try_and_tell(desk: Visit, unit: Unit, data: Shown, **parts: str) -> Any:
        made = tries(desk, unit, data, **parts)
        desk.told = {"dates": describe_dates(desk, made)}
        return made

    return None if kind == "evidence" else try_and_tell


def _named(name: str, gather: Callable[..., Shown]) -> Callable[..., Shown]:
    gather.__name__ = name
    return gather


def _show_new(desk: Visit, kind: str) -> Shown:
    asked = dict(desk.query)
    process = asked.pop("process", None)
    choices = list_choices(RECORDING[kind], desk.language)
    if "process" in RECORDING[kind].shown:
        choices["process"] = list_open_processes(desk)
    return {
        "title": desk.language.say(NEW[kind]),
        "lead": desk.language.say("It is recorded as a draft, which the public does not see."),
        "values": {**shorten_ids(desk, RECORDING[kind].shape, asked, process), "process": process},
        "choices": choices,
        "suggestions": list_suggestions(desk, RECORDING[kind], process),
    }


def _show_edited(desk: Visit, form: Form, id: str) -> Shown:
    kind = ids.kind_of(id) or ""
    row = lookup.get(desk.viewer, id, kind)
    public = desk.language.say(
        "This is public. Say why it is changed; the change waits until another person approves it."
    )
    values = _read_values(desk, row, form.shape)
    process = getattr(row, "process_id", None)
    return {
        "title": desk.language.say("Edit: %(name)s", name=name_row(row)),
        "lead": public if row.publication == PUBLISHED else None,
        "values": shorten_ids(desk, form.shape, values, process),
        "version": row.version,
        "needed": GROUNDS if row.publication == PUBLISHED else (),
        "choices": list_choices(form, desk.language),
        "suggestions": list_suggestions(desk, form, process),
    }


@view(
    "/evidence/{id}/analyses", permission="record.write", template="record_form", names={"id": ("evidence",)}
)
def show_analyses(desk: Visit, id: str) -> Shown:
    shown = _show_edited(desk, ANALYSING, id)
    return {**shown, "title": desk.language.say("What the desk found: %(name)s", name=_call(desk, id))}


@act(
    show_analyses,
    ANALYSING,
    done=mark("It was saved. A change of what is public waits until another person decides on it."),
    then="/things/{id}",
)
def record_analyses(desk: Visit, unit: Unit, data: Shown, id: str) -> None:
    _edit(desk, unit, "evidence", data, id)


def _call(desk: Visit, id: str) -> str:
    return name_row(lookup.get(desk.viewer, id))


def _find_process(desk: Visit, id: str) -> str | None:
    process: str | None = getattr(lookup.get(desk.viewer, id), "process_id", None)
    return process


def _make(desk: Visit, unit: Unit, kind: str, data: Mapping[str, Any]) -> Any:
    if kind == "evidence":
        arrived = [file for _digest, file in desk.received]
        return submissions.submit_with_files(unit, data, arrived, desk.context.sealer)
    return KINDS[kind].make(unit, data)


def receive_with_item(desk: Visit, pairs: Pairs, part: Part) -> None:
    """Take a file that comes with a new item, once it is known that the item may be recorded as it was typed."""
    if not desk.received:
        form = RECORDING["evidence"]
        typed = form.drop_empty_rows(form.keep_known(pairs))
        data = form.load(typed, make_find(desk, next(iter(typed.get("process", ())), None)))
        with open_view(desk.session, desk.by, desk.now, desk.context.entropy) as seen:
            evidence.check_submittable(seen, data)
        desk.session.rollback()
    receive_file(desk, pairs, part)


def _save(desk: Visit, unit: Unit, kind: str, data: Mapping[str, Any], id: str) -> None:
    _edit(desk, unit, kind, data, id)


def _edit(desk: Visit, unit: Unit, kind: str, data: Mapping[str, Any], id: str) -> Any:
    """Edit what is different alone: a form sends all that a thing has. Returns the thing, or what waits of it."""
    edited: Schema = KINDS[kind].edited()
    row = lookup.get(unit.viewer, id, kind)
    members = edited.fields.keys() - set(GROUNDS)
    known = load_members(edited, dump_members(row, kind, members))
    changes = {name: value for name, value in data.items() if name not in GROUNDS}
    changes = {name: value for name, value in changes.items() if _strip(value) != _strip(known.get(name))}
    editable_things.require_version(row, desk.expected)
    if not changes:
        raise InvalidInput(sentence("nothing here is different from what is recorded"))
    grounds = {name: data[name] for name in GROUNDS if name in data}
    return revisions.edit_thing(unit, id, kind, {**changes, **grounds}, desk.expected)


def _strip(value: Any) -> Any:
    """A value without what is empty in it: a form sends that, or leaves it out."""
    if isinstance(value, Mapping):
        return {name: _strip(one) for name, one in value.items() if one not in (None, [], {})} or None
    return [_strip(one) for one in value] or None if isinstance(value, list) else value


for _kind in KINDS:
    _declare(_kind)
