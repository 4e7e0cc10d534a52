"""Accounts and keys: who is added, stopped, and given a key that works until it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.public.assertions import refused
from tests.world import World
from tracker.actions import keys, people
from tracker.actions.people import OPERATOR
from tracker.domain import errors
from tracker.store.audit import AuditEntry
from tracker.store.people import Key, find_holder


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


@pytest.mark.parametrize(
    "name",
    ["approver\u200b", " Approver", "ap-prover", "\uff41pprover", "approver\U000e0041", "\u200fapprover"],
)
def test_no_account_has_a_name_that_is_read_as_anothers(world: World, name: str) -> None:
    with refused(world, errors.AlreadyDone) as caught:
        add(world, name, "editor")
    assert str(caught.value.detail) == "there is somebody called 'approver' already"


@pytest.mark.parametrize("name", ["\u0430mal", "am\u03b1l"])
def test_a_name_mixes_no_scripts_that_look_alike(world: World, name: str) -> None:
    with refused(world, errors.InvalidInput, "/name"):
        add(world, name, "editor")
    for name_of_one_script in ("\u0430\u043c\u0430\u043b", "Amal أمل"):
        assert add(world, name_of_one_script, "editor").name == name_of_one_script


def test_a_name_is_one_persons(world: World) -> None:
    with refused(world, errors.AlreadyDone):
        add(world, "editor", "editor")


def test_a_key_is_good_for_as_long_as_it_says(world: World, clock: Any) -> None:
    with world.act(OPERATOR) as act:
        key, secret = keys.issue_key(act, "editor", 2)
    assert secret not in repr(key.digest)
    found = find_holder(world.session, secret, clock())
    assert found is not None
    assert found[0].name == "editor"
    assert find_holder(world.session, secret, clock() + timedelta(days=2)) is None
    assert find_holder(world.session, secret + "x", clock()) is None


@pytest.mark.parametrize("days", [0, 3651])
def test_a_key_is_good_for_one_day_to_ten_years(world: World, days: int) -> None:
    with refused(world, errors.InvalidInput, "/days"), world.act(OPERATOR) as act:
        keys.issue_key(act, "editor", days)


def test_a_revoked_key_opens_nothing(world: World, clock: Any) -> None:
    with world.act(OPERATOR) as act:
        key, secret = keys.issue_key(act, "editor")
    with world.act(OPERATOR) as act:
        keys.revoke_key(act, key.id)
    assert find_holder(world.session, secret, clock()) is None
    with refused(world, errors.AlreadyDone), world.act(OPERATOR) as act:
        keys.revoke_key(act, key.id)
    with refused(world, errors.NotFound), world.act(OPERATOR) as act:
        keys.revoke_key(act, "key_" + "0" * 26)


def test_whoever_is_suspended_is_stopped_and_what_they_did_stays(world: World, clock: Any) -> None:
    asked = world.recommendation("C1")
    change = world.answer(asked, "implementation", "not_started")
    secret = world.keys["editor"]
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    assert find_holder(world.session, secret, clock()) is None
    assert change.proposed_by == world.editor.id
    with refused(world, errors.AlreadyDone), world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    with refused(world, errors.InvalidInput, "/name"), world.act(OPERATOR) as act:
        keys.issue_key(act, "editor")


def test_nobody_is_not_somebody(world: World) -> None:
    for verb in (people.suspend_person, keys.issue_key):
        with refused(world, errors.NotFound), world.act(OPERATOR) as act:
            verb(act, "nobody")


def test_the_record_keeps_no_secret(world: World) -> None:
    for key in world.session.query(Key):
        assert len(key.digest) == 32
        assert not any(secret.encode() in key.digest for secret in world.keys.values())


def change(world: World, id: str, by: Any = None, expected: int = 1, **changes: Any) -> Any:
    with world.act(by or world.admin) as act:
        return people.change_person(act, id, changes, expected)


def test_roles_are_changed_and_somebody_is_stopped_and_let_in_again(world: World, clock: Any) -> None:
    secret = world.keys["editor"]
    changed = change(world, world.editor.id, roles=["approver"], by=OPERATOR)
    assert (changed.roles, changed.version) == (["approver"], 2)
    stopped = change(world, world.editor.id, expected=2, suspended=True)
    first = stopped.suspended_at
    assert find_holder(world.session, secret, clock()) is None
    assert change(world, world.editor.id, expected=3, suspended=True).suspended_at == first
    assert change(world, world.editor.id, expected=4, suspended=False).suspended_at == first
    assert change(world, world.editor.id, OPERATOR, expected=5, suspended=False).suspended_at is None
    assert find_holder(world.session, secret, clock()) is not None


def test_an_account_is_changed_by_another_admin_on_the_version_that_was_read(world: World) -> None:
    with refused(world, errors.StaleEdit):
        change(world, world.editor.id, expected=7, suspended=True)
    with refused(world, errors.NotPermitted):
        change(world, world.admin.id, suspended=True)
    with refused(world, errors.NotPermitted):
        change(world, world.approver.id, by=world.editor, suspended=True)
    with refused(world, errors.NotFound):
        change(world, "per_" + "0" * 26)
    with refused(world, errors.InvalidInput, "/organization"):
        change(world, world.editor.id, roles=["watchdog"])
    with refused(world, errors.InvalidInput, "/roles"):
        change(world, world.editor.id, roles=[])


def acting(world: World, name: str, scope: list[str] | None = None, days: int = 30) -> Any:
    """Somebody by a key of their own, as the door makes them out."""
    with world.act(OPERATOR) as act:
        key, _ = keys.issue_key(act, name, days, scope)
    limits = None if scope is None else frozenset(scope)
    return replace(getattr(world, name), scope=limits, key=key.id)


def grant(world: World, by: Any, *args: Any) -> Key:
    with world.act(by) as act:
        return keys.grant_key(act, *args)[0]


def test_a_key_of_ones_own_does_no_more_and_lasts_no_longer_than_the_one_that_asks(world: World) -> None:
    limited = acting(world, "editor", ["keys.manage", "record.read"])
    asking = world.session.get_one(Key, limited.key)
    made = grant(world, limited, None)
    assert (made.scope, made.expires_at) == (["keys.manage", "record.read"], asking.expires_at)
    assert grant(world, limited, world.editor.id, 3, ["record.read_own"]).scope == ["record.read_own"]
    assert grant(world, acting(world, "editor"), None).scope is None
    with refused(world, errors.InvalidInput, "/days"):
        grant(world, limited, None, 31)
    with refused(world, errors.InvalidInput, "/scope"):
        grant(world, limited, None, 3, ["record.write"])
    with refused(world, errors.InvalidInput, "/scope"):
        grant(world, limited, None, 3, [])
    with refused(world, errors.NotPermitted):
        grant(world, limited, world.approver.id)


def test_who_manages_people_issues_keys_for_all_within_what_each_may_do(world: World, clock: Any) -> None:
    made = grant(world, world.admin, world.watcher.id, None, ["evidence.submit"])
    assert made.expires_at == clock() + timedelta(days=keys.KEY_DAYS)
    assert (made.active_at, grant(world, acting(world, "admin"), None).active_at) == (None, clock())
    with refused(world, errors.InvalidInput, "/scope"):
        grant(world, world.admin, world.watcher.id, 9, ["record.read"])
    with refused(world, errors.InvalidInput, "/account"):
        grant(world, world.admin, "per_" + "0" * 26)


def test_a_key_is_revoked_by_its_holder_and_by_nobody_elses(world: World) -> None:
    own = acting(world, "editor")
    with refused(world, errors.NotFound), world.act(world.approver) as act:
        keys.revoke_key(act, own.key)
    with world.act(own) as act:
        assert keys.revoke_key(act, own.key, "leaked").revoked_at is not None
    entry = world.session.query(AuditEntry).filter_by(verb="key.revoke").one()
    assert entry.detail == {"reason": "leaked"}


def test_a_revoked_key_takes_with_it_what_it_begot(world: World) -> None:
    first = acting(world, "editor")
    child = grant(world, first, None)
    grandchild = grant(world, replace(world.editor, key=child.id), None)
    other = grant(world, acting(world, "editor"), None)
    with world.act(OPERATOR) as act:
        keys.revoke_key(act, child.id)
    with world.act(OPERATOR) as act:
        keys.revoke_key(act, first.key)
    world.session.expire_all()
    assert child.revoked_at is not None
    assert grandchild.revoked_at is not None
    assert other.revoked_at is None


def test_the_use_of_a_key_leaves_a_day_and_no_minute(world: World, clock: Any) -> None:
    by = acting(world, "editor")
    before = world.session.query(AuditEntry).count()
    keys.note_use(world.session, by, clock(), world.entropy, by.key)
    world.session.expire_all()
    assert world.session.get_one(Key, by.key).last_used_on == clock().date()
    assert world.session.query(AuditEntry).count() == before


def test_people_of_an_organization_are_named_nowhere_and_cannot_ask_to_be(world: World) -> None:
    with refused(world, errors.AlreadyDone), world.act(world.watcher) as act:
        people.set_naming(act, unnamed=False)
    with world.act(world.editor) as act:
        assert people.set_naming(act, unnamed=True).unnamed
