"""Passwords: hashed with Argon2id, changed by who knows the old one, and a brake on guessing that hits nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import passwords, people
from tracker.actions.passwords import Brake
from tracker.actions.people import OPERATOR
from tracker.domain import errors, password_brake, service_errors
from tracker.store.audit import AuditEntry
from tracker.store.people import Credential
from tracker.store.sessions import TRIES

GOOD = "correct horse battery"
OTHER = "a staple that is new"


@pytest.fixture
def brake(entropy: Callable[[int], bytes]) -> Brake:
    return Brake("a secret", entropy)


@pytest.fixture
def kept(world: World, brake: Brake) -> Credential:
    return put(world, brake, GOOD)


def put(world: World, brake: Brake, password: str, current: str | None = None, by: Any = None) -> Credential:
    actor = by or world.editor
    checked = passwords.check_password(
        world.session, actor, brake, password, current, "the desk", world.clock()
    )
    with world.act(actor) as act:
        return passwords.set_password(act, checked)


def check(world: World, brake: Brake, password: str, *, name: str = "editor", caller: str = "here") -> Any:
    return passwords.verify_password(world.session, brake, name, password, caller, world.clock())


def test_who_has_the_password_is_known_by_it(world: World, brake: Brake, kept: Credential) -> None:
    assert check(world, brake, GOOD) == world.editor


@pytest.mark.parametrize(
    ("name", "password"), [("editor", OTHER), ("editor", ""), ("approver", GOOD), ("nobody", GOOD)]
)
def test_what_is_wrong_is_not_said(
    world: World, brake: Brake, kept: Credential, name: str, password: str
) -> None:
    with refused(world, service_errors.WrongPassword) as caught:
        check(world, brake, password, name=name)
    assert caught.value.detail == "the name and the password do not match"


def test_who_is_suspended_has_no_password(world: World, brake: Brake, kept: Credential) -> None:
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "editor")
    with refused(world, service_errors.WrongPassword):
        check(world, brake, GOOD)


def test_a_password_is_changed_by_who_knows_it(world: World, brake: Brake, kept: Credential) -> None:
    with refused(world, errors.InvalidInput, "/current"):
        put(world, brake, OTHER)
    with refused(world, service_errors.WrongPassword):
        put(world, brake, OTHER, OTHER)
    put(world, brake, OTHER, GOOD)
    assert check(world, brake, OTHER) == world.editor
    with refused(world, service_errors.WrongPassword):
        check(world, brake, GOOD)


def test_of_two_who_change_it_at_once_the_second_is_told(
    world: World, brake: Brake, kept: Credential
) -> None:
    checked = passwords.check_password(
        world.session, world.editor, brake, OTHER, GOOD, "elsewhere", world.clock()
    )
    put(world, brake, "quite another password", GOOD)
    with refused(world, errors.StaleEdit), world.act(world.editor) as act:
        passwords.set_password(act, checked)
    assert OTHER not in repr(checked)
    assert "argon2" not in repr(checked)


def test_who_sits_at_the_machine_gives_somebody_a_new_one(
    world: World, brake: Brake, kept: Credential
) -> None:
    checked = passwords.check_reset(world.session, OPERATOR, "editor", OTHER)
    with world.act(OPERATOR) as act:
        passwords.set_password(act, checked)
    assert check(world, brake, OTHER) == world.editor
    with refused(world, errors.InvalidInput, "/name"):
        passwords.check_reset(world.session, OPERATOR, "nobody", OTHER)
    with refused(world, errors.NotPermitted):
        passwords.check_reset(world.session, world.editor, "approver", OTHER)


@pytest.mark.parametrize(
    "weak", ["short", "a" * 40, "ababababababababab", "I am the Editor here", "x1y2z3" * 50]
)
def test_a_password_is_long_and_not_too_easy(world: World, brake: Brake, weak: str) -> None:
    with refused(world, errors.InvalidInput, "/password"):
        put(world, brake, weak)


def test_the_record_the_audit_and_a_repr_hold_no_password(
    world: World, brake: Brake, kept: Credential
) -> None:
    assert kept.hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept.hash not in repr(kept)
    check(world, brake, GOOD)
    told = repr([vars(entry) for entry in world.session.scalars(select(AuditEntry))]) + repr(brake)
    assert "password.set" in told
    assert GOOD not in told
    assert "argon2" not in told


def test_an_account_that_is_not_there_is_checked_with_the_same_cost() -> None:
    assert passwords._NOBODY.split("$")[1:4] == passwords._HASHER.hash(GOOD).split("$")[1:4]


def fail(world: World, brake: Brake, times: int, **more: Any) -> None:
    for _ in range(times):
        with pytest.raises(service_errors.WrongPassword):
            check(world, brake, OTHER, **more)


def test_each_wrong_password_makes_the_next_try_wait_longer(
    world: World, brake: Brake, kept: Credential, clock: Clock
) -> None:
    fail(world, brake, password_brake.FREE + 1)
    for seconds in (1, 2, 4):
        clock.move(seconds=seconds - 0.5)
        with pytest.raises(service_errors.TooManyAttempts, match="wait 1 seconds"):
            check(world, brake, GOOD)
        clock.move(seconds=0.5)
        fail(world, brake, 1)
    clock.move(seconds=8)
    assert check(world, brake, GOOD) == world.editor
    fail(world, brake, password_brake.FREE)  # and the count began anew


def test_a_stranger_holds_up_nobody_but_themselves(world: World, brake: Brake, kept: Credential) -> None:
    for stranger in range(20):
        fail(world, brake, password_brake.FREE + 1, caller=f"stranger {stranger}")
    with pytest.raises(service_errors.TooManyAttempts):
        check(world, brake, GOOD, caller="stranger 3")
    assert check(world, brake, GOOD, caller="here") == world.editor


def test_whether_there_is_an_account_does_not_show_in_the_brake(world: World, brake: Brake) -> None:
    fail(world, brake, password_brake.FREE + 1, name="nobody")
    with pytest.raises(service_errors.TooManyAttempts):
        check(world, brake, GOOD, name="nobody")


def test_failures_are_forgotten_after_a_day(
    world: World, brake: Brake, kept: Credential, clock: Clock
) -> None:
    fail(world, brake, password_brake.FREE + 1)
    clock.move(hours=24, seconds=1)
    fail(world, brake, password_brake.FREE + 1)


def count_pairs(world: World) -> int:
    found = len(world.session.connection().execute(TRIES.select()).all())
    world.session.rollback()
    return found


def test_the_brake_does_not_grow_without_end(
    world: World, brake: Brake, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_MOST", 3)
    for place in range(9):
        clock.move(seconds=1)
        brake.begin(world.session, "editor", str(place), clock())
    assert count_pairs(world) <= 4
    clock.move(hours=24, seconds=1)
    brake.begin(world.session, "editor", "here", clock())
    assert count_pairs(world) == 1


def test_the_brake_holds_in_every_process_and_keeps_no_name(
    world: World, brake: Brake, kept: Credential, entropy: Callable[[int], bytes]
) -> None:
    fail(world, brake, password_brake.FREE + 1)
    with pytest.raises(service_errors.TooManyAttempts):
        check(world, Brake("a secret", entropy), GOOD)
    assert check(world, Brake("another secret", entropy), GOOD) == world.editor
    assert "secret" not in repr(brake)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [password_brake.count_wait_seconds(failures).total_seconds() for failures in range(18)]
    assert waits == [0] * 5 + [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert password_brake.count_wait_seconds(10**9).total_seconds() == 900
