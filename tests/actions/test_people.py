"""Accounts and keys: who is added, stopped, and given a key that works until it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.public.side import refused
from tests.world import World
from tracker.actions import people
from tracker.actions.people import OPERATOR
from tracker.domain import errors
from tracker.store.people import Key, holder


def add(world: World, name: str, *roles: str, organization: str | None = None) -> Any:
    with world.act(OPERATOR) as act:
        return people.add_person(act, name, roles, organization)


@pytest.mark.parametrize("roles", [(), ("king",), ("editor", "king")])
def test_a_person_has_roles_that_exist(world: World, roles: tuple[str, ...]) -> None:
    with refused(world, errors.InvalidInput, "/roles"):
        add(world, "amal", *roles)


def test_a_watchdog_speaks_for_an_organization_that_exists(world: World) -> None:
    with refused(world, errors.InvalidInput, "/organization"):
        add(world, "amal", "watchdog")
    with refused(world, errors.InvalidInput, "/organization"):
        add(world, "amal", "watchdog", organization="org_" + "0" * 26)


def test_a_name_is_one_persons(world: World) -> None:
    with refused(world, errors.AlreadyDone):
        add(world, "editor", "editor")


def test_a_key_is_good_for_as_long_as_it_says(world: World, clock: Any) -> None:
    with world.act(OPERATOR) as act:
        key, secret = people.issue_key(act, "editor", 2)
    assert secret not in repr(key.digest)
    found = holder(world.session, secret, clock())
    assert found is not None
    assert found.name == "editor"
    assert holder(world.session, secret, clock() + timedelta(days=2)) is None
    assert holder(world.session, secret + "x", clock()) is None


@pytest.mark.parametrize("days", [0, 3651])
def test_a_key_is_good_for_one_day_to_ten_years(world: World, days: int) -> None:
    with refused(world, errors.InvalidInput, "/days"), world.act(OPERATOR) as act:
        people.issue_key(act, "editor", days)


def test_a_revoked_key_opens_nothing(world: World, clock: Any) -> None:
    with world.act(OPERATOR) as act:
        key, secret = people.issue_key(act, "editor")
    with world.act(OPERATOR) as act:
        people.revoke_key(act, key.id)
    assert holder(world.session, secret, clock()) is None
    with refused(world, errors.AlreadyDone), world.act(OPERATOR) as act:
        people.revoke_key(act, key.id)
    with refused(world, errors.NotFound), world.act(OPERATOR) as act:
        people.revoke_key(act, "key_" + "0" * 26)


def test_whoever_is_suspended_is_stopped_and_what_they_did_stays(world: World, clock: Any) -> None:
    asked = world.recommendation("C1")
    change = world.answer(asked, "implementation", "not_started")
    secret = world.keys["editor"]
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    assert holder(world.session, secret, clock()) is None
    assert change.proposed_by == world.editor.id
    with refused(world, errors.AlreadyDone), world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    with refused(world, errors.InvalidInput, "/name"), world.act(OPERATOR) as act:
        people.issue_key(act, "editor")


def test_nobody_is_not_somebody(world: World) -> None:
    for verb in (people.suspend_person, people.issue_key):
        with refused(world, errors.NotFound), world.act(OPERATOR) as act:
            verb(act, "nobody")


def test_the_record_keeps_no_secret(world: World) -> None:
    for key in world.session.query(Key):
        assert len(key.digest) == 32
        assert not any(secret.encode() in key.digest for secret in world.keys.values())
