"""Sessions: opened by a password and a code together, confirmed under a new secret, noted in coarse steps."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.actions.test_second_factors import SECRET, code_at
from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import passwords, second_factors, sessions
from tracker.actions.passwords import Brake
from tracker.actions.people import OPERATOR
from tracker.actions.sessions import Login
from tracker.domain import errors, service_errors
from tracker.sealing.sealer import Sealer
from tracker.store.sessions import SessionRow

PASSWORD = "correct horse battery"
SEALER = Sealer([bytes(range(32))], os.urandom)


@pytest.fixture
def brake() -> Brake:
    return Brake("a secret", os.urandom)


@pytest.fixture
def secret(world: World, brake: Brake) -> str:
    """The secret of a session of the editor."""
    checked = passwords.check_reset(world.session, OPERATOR, "editor", PASSWORD)
    with world.act(OPERATOR) as act:
        passwords.set_password(act, checked)
        second_factors.set_second_factor(act, world.editor.id, SECRET, SEALER)
    return begin(world, log_in(world, brake))[1]


def log_in(world: World, brake: Brake, **more: Any) -> Login:
    given = {"name": "editor", "password": PASSWORD, "code": code_at(world), "caller": "here", **more}
    return sessions.check_login(world.session, brake, SEALER, now=world.clock(), **given)


def begin(world: World, login: Login, label: str | None = None) -> tuple[SessionRow, str]:
    with world.act(world.editor) as act:
        return sessions.open_session(act, login, label)


def find(world: World, secret: str) -> SessionRow | None:
    found = sessions.find_session(world.session, secret, world.clock())
    return None if found is None else found[1]


def test_of_two_who_send_one_code_at_once_one_is_told(
    world: World, brake: Brake, secret: str, clock: Clock
) -> None:
    clock.move(seconds=30)
    first, second = log_in(world, brake), log_in(world, brake)
    begin(world, first, "the office")
    with refused(world, service_errors.WrongPassword):
        begin(world, second)
    labels = [row.label for row in sessions.list_sessions(world.session, world.editor, clock())]
    assert labels == [None, "the office"]


def test_a_session_that_is_confirmed_has_a_new_secret_and_lasts_no_longer(
    world: World, brake: Brake, secret: str, clock: Clock
) -> None:
    before = find(world, secret)
    assert before is not None
    clock.move(minutes=20)
    login = log_in(world, brake)
    with world.act(world.editor) as act:
        after, renewed = sessions.confirm_session(act, before, login)
    assert (after.opened_at, after.confirmed_at) == (before.opened_at, clock())
    assert find(world, secret) is None
    assert find(world, renewed) == after
    login = log_in_again(world, brake, clock)
    with refused(world, errors.NotFound), world.act(world.editor) as act:
        sessions.confirm_session(act, before, login)


def log_in_again(world: World, brake: Brake, clock: Clock) -> Login:
    clock.move(seconds=30)
    return log_in(world, brake)


def test_one_ends_sessions_of_ones_own_alone(world: World, secret: str) -> None:
    row = find(world, secret)
    assert row is not None
    with refused(world, errors.NotFound), world.act(world.approver) as act:
        sessions.end_session(act, row.id)
    with refused(world, errors.NotFound):
        sessions.get_session(world.session, world.approver, row.id, world.clock())
    assert sessions.get_session(world.session, world.editor, row.id, world.clock()) == row
    with world.act(world.editor) as act:
        sessions.end_session(act, row.id)
    assert find(world, secret) is None


def test_a_new_password_ends_every_session_but_the_one_in_which_it_is_set(
    world: World, brake: Brake, secret: str, clock: Clock
) -> None:
    row = find(world, secret)
    assert row is not None
    _other, another = begin(world, log_in_again(world, brake, clock))
    checked = passwords.check_password(
        world.session, world.editor, brake, "a staple that is new", PASSWORD, "here", clock()
    )
    with world.act(world.editor) as act:
        passwords.set_password(act, checked, row.id)
    assert find(world, secret) is not None
    assert find(world, another) is None


def test_the_use_of_a_session_is_noted_once_in_some_minutes(world: World, secret: str, clock: Clock) -> None:
    row = find(world, secret)
    assert row is not None
    for minutes, noted in ((4, row.used_at), (1, None)):
        clock.move(minutes=minutes)
        sessions.note_use(world.session, world.editor, row, clock(), world.entropy)
        after = find(world, secret)
        assert after is not None
        assert after.used_at == (noted or clock())
