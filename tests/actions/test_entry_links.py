"""Links that let somebody in once: made by the operator, used once, never kept as they are."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from tests.actions.test_second_factors import SECRET, code_at
from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import entry_links, people, proposals
from tracker.actions.entry_links import Carrier
from tracker.actions.people import OPERATOR
from tracker.actions.support.letters import Addressed, open_letter
from tracker.domain import errors
from tracker.languages.i18n import get_language
from tracker.sealing.sealer import Sealer
from tracker.store.mail import LETTERS, LetterRow, read_mail_state
from tracker.store.proposals import find_waiting

PASSWORD = "correct horse battery"
SEALER = Sealer([bytes(range(32))], os.urandom)


@pytest.fixture
def secret(world: World) -> str:
    with world.act(OPERATOR) as act:
        return entry_links.make_link(act, world.editor.id, "invitation")


def test_of_two_who_use_a_link_at_once_one_is_let_in(world: World, secret: str) -> None:
    first = entry_links.check_entry(world.session, secret, PASSWORD, world.clock())
    second = entry_links.check_entry(world.session, secret, PASSWORD, world.clock())
    with world.act(world.editor) as act:
        _session, codes = entry_links.enter(act, secret, first, SECRET, code_at(world), SEALER)
    assert len(codes) == 10
    assert PASSWORD not in repr(first)
    with refused(world, errors.NotFound), world.act(world.editor) as act:
        entry_links.enter(act, secret, second, SECRET, code_at(world), SEALER)


def test_a_link_runs_out(world: World, secret: str, clock: Clock) -> None:
    assert entry_links.find_link(world.session, secret, clock()).name == "editor"
    clock.move(days=7)
    with refused(world, errors.NotFound):
        entry_links.find_link(world.session, secret, clock())


def test_nobody_makes_a_link_but_who_keeps_accounts_and_none_for_who_is_suspended(world: World) -> None:
    with refused(world, errors.NotPermitted), world.act(world.editor) as act:
        entry_links.make_link(act, world.approver.id, "reset")
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    with refused(world, errors.AlreadyDone), world.act(OPERATOR) as act:
        entry_links.make_link(act, world.editor.id, "reset")


# ---------------------------------------------------------------- by mail


def carry(to: str = "amal@host.example") -> Carrier:
    return Carrier(Addressed(to, get_language("en")), SEALER, "https://t.example/en/desk/entry")


def letters(world: World) -> list[tuple[bool, str]]:
    """Each letter that waits: whether it is held back, and what it says."""
    query = select(LETTERS.c.due_at, *(LETTERS.c[name] for name in LetterRow._fields))
    found = [
        (row[0] is None, open_letter(LetterRow(*row[1:]), SEALER).text)
        for row in world.session.execute(query)
    ]
    world.session.rollback()
    return found


def test_the_link_of_the_operator_leaves_at_once_and_a_newer_one_takes_its_place(world: World) -> None:
    for purpose, days in (("invitation", "for seven days"), ("reset", "for one day")):
        with world.act(OPERATOR) as act:
            secret = entry_links.make_link(act, world.editor.id, purpose, carry())
        ((held, text),) = letters(world)
        assert not held
        assert f"https://t.example/en/desk/entry?link={secret}\n" in text
        assert days in text
    with world.act(OPERATOR) as act:
        entry_links.make_link(act, world.editor.id, "reset")
    assert letters(world) == []


@pytest.mark.parametrize("decision", ["approve", "return"])
def test_the_link_of_an_admin_leaves_once_a_second_one_has_approved_it(
    world: World, clock: Clock, decision: str
) -> None:
    with world.act(world.admin) as act:
        entry_links.make_link(act, world.editor.id, "invitation", carry())
    ((held, _text),) = letters(world)
    assert held
    assert read_mail_state(world.session).waiting == 0
    world.session.rollback()
    second = world.person("second", "admin")
    clock.move(days=1)
    waiting = find_waiting(world.session, "entry", world.editor.id)
    assert waiting is not None
    with world.act(second) as act:
        note = "Not now." if decision == "return" else None
        proposals.decide_proposal(act, waiting.id, decision, note)
    assert [held for held, _text in letters(world)] == ([False] if decision == "approve" else [])


def test_a_link_goes_to_one_address_and_to_no_other(world: World) -> None:
    with refused(world, errors.InvalidInput), world.act(OPERATOR) as act:
        entry_links.make_link(act, world.editor.id, "reset", carry("a@b.example\nBcc: c@d.example"))
    assert letters(world) == []
