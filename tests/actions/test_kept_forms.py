"""Kept forms: what somebody typed is sealed, read by its owner alone, gone after two weeks or with its thing."""

from __future__ import annotations

import os

import pytest

from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import evidence, kept_forms, notes, questions, redaction
from tracker.domain import errors
from tracker.domain.people import Actor
from tracker.sealing.sealer import Sealer
from tracker.store.kept_forms import KEPT_FORMS

SEALER = Sealer([bytes(range(32))], os.urandom)
TYPED = [("text", "A witness saw it"), ("tags", "a"), ("tags", "b"), ("empty", "")]


def keep(world: World, by: Actor, thing: str | None = None) -> str:
    with world.act(by) as act:
        return kept_forms.keep_form(act, by.id, "/desk/", thing, TYPED, SEALER)


def count(world: World) -> int:
    found = len(world.session.connection().execute(KEPT_FORMS.select()).all())
    world.session.rollback()
    return found


def test_a_kept_form_is_read_as_it_was_typed_by_its_owner_alone(world: World) -> None:
    id = keep(world, world.editor)
    found = kept_forms.read_form(world.session, world.editor.id, id, SEALER)
    assert (found.page, found.typed) == ("/desk/", TYPED)
    assert "witness" not in repr(found)
    assert [one.id for one in kept_forms.list_forms(world.session, world.editor, world.clock())] == [id]
    with refused(world, errors.NotFound):
        kept_forms.read_form(world.session, world.approver.id, id, SEALER)
    with world.act(world.approver) as act:
        kept_forms.drop_form(act, id)
    assert count(world) == 1
    with world.act(world.editor) as act:
        kept_forms.drop_form(act, id)
    assert count(world) == 0


def test_a_kept_form_whose_key_is_gone_is_lost(world: World) -> None:
    id = keep(world, world.editor)
    with refused(world, errors.NotFound):
        kept_forms.read_form(world.session, world.editor.id, id, Sealer([bytes(range(1, 33))], os.urandom))


def test_forms_are_kept_for_two_weeks_and_so_many_of_each_person(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_forms, "MOST", 2)
    other, first = keep(world, world.approver), keep(world, world.editor)
    clock.move(minutes=1)
    kept = [keep(world, world.editor) for _more in range(2)]
    assert count(world) == 3
    with refused(world, errors.NotFound):
        kept_forms.read_form(world.session, world.editor.id, first, SEALER)
    clock.move(days=14)
    last = keep(world, world.editor)
    assert count(world) == 1
    assert last not in (other, *kept)


def test_what_was_typed_about_a_thing_is_destroyed_with_it(world: World) -> None:
    thing = world.item(publish=False, state=None, protection="confidential")
    keep(world, world.editor, thing)
    keep(world, world.editor, world.committee)
    keepers = [world.person(name, "custodian") for name in ("keeper", "another keeper")]
    with world.act(keepers[0]) as act:
        redaction.redact_thing(act, thing, "minor")
    assert count(world) == 2
    world.decide(thing, by=keepers[1], kind="redaction")
    assert count(world) == 1


def test_so_is_what_was_typed_about_what_was_said_of_it(world: World) -> None:
    with world.act(world.watcher) as act:
        data = {"title": "What was seen", "type": "statement", "acquired_from": "own_staff"}
        item = evidence.submit_evidence(act, {"process_id": world.process, **data}).id
    with world.act(world.editor) as act:
        question = questions.ask_question(act, item, "Who saw it?").id
        note = notes.write_note(act, item, "A nurse called.").id
    verdict = world.propose(item, "verification", "in_review", proposer=world.reviewer).id
    other = keep(world, world.editor, world.item(state=None, publish=False))
    for thing in (question, note, verdict, item):
        keep(world, world.editor, thing)
    keepers = [world.person(name, "custodian") for name in ("keeper", "second")]
    with world.act(keepers[0]) as act:
        redaction.redact_thing(act, item, "minor")
    world.decide(item, by=keepers[1], kind="redaction")
    found = kept_forms.list_forms(world.session, world.editor, world.clock())
    assert [one.id for one in found] == [other]
