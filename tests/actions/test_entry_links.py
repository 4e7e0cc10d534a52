"""Links that let somebody in once: made by the operator, used once, never kept as they are."""

from __future__ import annotations

import os

import pytest

from tests.actions.test_second_factors import SECRET, code_at
from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import entry_links, people
from tracker.actions.people import OPERATOR
from tracker.domain import errors
from tracker.sealing.sealer import Sealer

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
