"""Passkeys: what a device signed is good once, for this site and what it was asked for, after it had seen its owner."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actions.test_second_factors import SECRET, code_at
from tests.authenticator import ORIGIN, Device
from tests.conftest import Clock
from tests.draws import draws
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import entry_links, passkeys, passwords, people, sessions
from tracker.actions.passkeys import Site
from tracker.actions.passwords import Brake
from tracker.actions.people import OPERATOR
from tracker.actions.sessions import Login
from tracker.domain import errors, password_brake, service_errors
from tracker.domain.passkeys import CHALLENGE, LOGIN, MOST
from tracker.domain.people import Actor
from tracker.sealing.sealer import Sealer
from tracker.store.passkeys import Passkey, list_passkeys
from tracker.store.people import Person

SITE = Site("localhost", (ORIGIN,), "a secret of the server")
BRAKE = Brake("a secret", os.urandom)
SEALER = Sealer([bytes(range(32))], os.urandom)


def ask_to_add(world: World, by: Actor) -> str:
    return passkeys.ask_for_passkey(world.session, by, "editor", SITE, world.entropy, world.clock())


def add(world: World, device: Device, by: Actor | None = None) -> str:
    by = by or world.editor
    new = passkeys.check_new_passkey(by, SITE, device.make(ask_to_add(world, by)), world.clock())
    with world.act(by) as act:
        return passkeys.add_passkey(act, new, "the phone").id


def ask(world: World, purpose: str = LOGIN) -> str:
    return passkeys.ask_for_signature(SITE, purpose, world.entropy, world.clock())


def check(world: World, answer: str, purpose: str = LOGIN) -> Login:
    return sessions.check_passkey(
        world.session, BRAKE, SITE, purpose, answer, lambda name: f"{name}'s browser", world.clock()
    )


def held(world: World, person: Actor) -> list[str]:
    return [passkey.id for passkey in list_passkeys(world.session, person.id)]


def test_a_device_that_was_added_opens_a_session_for_its_owner(world: World) -> None:
    device = Device()
    id = add(world, device)
    login = check(world, device.sign(ask(world)))
    with world.act(world.editor) as act:
        row, _secret = sessions.open_session(act, login, "the train")
    assert (row.person_id, row.opened_by) == (world.editor.id, "passkey")
    passkey = world.session.get_one(Passkey, id)
    assert (passkey.label, passkey.last_used_on, passkey.sign_count) == ("the phone", world.clock().date(), 2)


def test_an_answer_is_good_once(world: World) -> None:
    device = Device(counts=False)
    add(world, device)
    answer = device.sign(ask(world))
    first, second = check(world, answer), check(world, answer)
    with world.act(world.editor) as act:
        sessions.open_session(act, first)
    with refused(world, service_errors.WrongPasskey), world.act(world.editor) as act:
        sessions.open_session(act, second)
    made = device.make(ask_to_add(world, world.editor))
    other = passkeys.check_new_passkey(world.editor, SITE, made, world.clock())
    with refused(world, errors.AlreadyDone), world.act(world.editor) as act:
        passkeys.add_passkey(act, other, "again")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"device": Device(verifies=False)}, id="nobody was seen"),
        pytest.param({"origin": "http://localhost:8001"}, id="another site"),
        pytest.param({"rpId": "evil.example"}, id="another host"),
        pytest.param({"challenge": "AAAA"}, id="a challenge of its own"),
        pytest.param({"purpose": "confirm ses_1"}, id="for something else"),
        pytest.param({"handle": b"per_of_somebody_else"}, id="somebody else"),
    ],
)
def test_what_was_asked_otherwise_is_refused(world: World, wrong: dict[str, Any]) -> None:
    device = Device()
    add(world, device)
    device.verifies = wrong.pop("device", device).verifies
    device.handle = wrong.pop("handle", device.handle)
    asked = ask(world, wrong.pop("purpose", LOGIN))
    with refused(world, service_errors.WrongPasskey):
        check(world, device.sign(asked, **wrong))


def test_a_device_that_nobody_was_seen_by_is_not_added(world: World) -> None:
    answer = Device(verifies=False).make(ask_to_add(world, world.editor))
    with refused(world, service_errors.WrongPasskey):
        passkeys.check_new_passkey(world.editor, SITE, answer, world.clock())
    with refused(world, service_errors.WrongPasskey):
        asked = ask_to_add(world, world.approver)
        passkeys.check_new_passkey(world.editor, SITE, Device().make(asked), world.clock())


def test_a_copy_of_a_device_is_refused_for_counting_backwards(world: World) -> None:
    device = Device()
    add(world, device)
    copied = Device(key=device.key, id=device.id, count=device.count, handle=device.handle)
    one, other = check(world, device.sign(ask(world))), check(world, copied.sign(ask(world)))
    with world.act(world.editor) as act:
        sessions.open_session(act, one)
    with refused(world, service_errors.WrongPasskey), world.act(world.editor) as act:
        sessions.open_session(act, other)
    copied.count = 1
    with refused(world, service_errors.WrongPasskey):
        check(world, copied.sign(ask(world)))


def test_an_answer_that_comes_too_late_is_refused(world: World, clock: Clock) -> None:
    device = Device()
    add(world, device)
    answer = device.sign(ask(world))
    clock.move(seconds=CHALLENGE.total_seconds())
    with refused(world, service_errors.WrongPasskey):
        check(world, answer)


def test_guessing_with_a_passkey_waits_and_unknown_ones_hold_nobody_up(world: World) -> None:
    device, thief = Device(), Device()
    add(world, device)
    for _try in range(password_brake.FREE + 1):
        with refused(world, service_errors.WrongPasskey):
            check(world, thief.sign(ask(world)))
    with refused(world, service_errors.TooManyAttempts):
        check(world, "[]")
    assert check(world, device.sign(ask(world))).person.id == world.editor.id
    thief.id = device.id
    for _try in range(password_brake.FREE + 1):
        with refused(world, service_errors.WrongPasskey):
            check(world, thief.sign(ask(world)))
    with refused(world, service_errors.TooManyAttempts):
        check(world, device.sign(ask(world)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=draws(60))
@given(st.data())
def test_whatever_a_browser_sends_is_an_answer_or_refused(world: World, data: st.DataObject) -> None:
    device = Device()
    answer = json.loads(device.make(ask_to_add(world, world.editor)))
    where = data.draw(st.sampled_from(["id", "rawId", "type", "response", *answer["response"]]))
    value = data.draw(st.none() | st.integers() | st.text() | st.lists(st.text()) | st.just("AAAA"))
    (answer["response"] if where in answer["response"] else answer)[where] = value
    for sent in (json.dumps(answer), data.draw(st.text())):
        with pytest.raises(service_errors.WrongPasskey):
            passkeys.check_new_passkey(world.editor, SITE, sent, world.clock())
        assert passkeys.find_passkey(world.session, sent) is None


def test_one_has_so_many_passkeys_and_removes_ones_own_alone(world: World) -> None:
    ids = [add(world, Device()) for _one in range(MOST)]
    with refused(world, errors.InvalidInput):
        add(world, Device())
    with refused(world, errors.NotFound), world.act(world.approver) as act:
        passkeys.remove_passkey(act, ids[0])
    with world.act(world.editor) as act:
        passkeys.remove_passkey(act, ids[0])
    with refused(world, errors.NotFound):
        passkeys.get_passkey(world.session, world.editor, ids[0])
    assert held(world, world.editor) == sorted(ids[1:])


def test_a_passkey_that_is_removed_while_it_is_used_opens_nothing(world: World) -> None:
    device = Device()
    id = add(world, device)
    login = check(world, device.sign(ask(world)))
    with world.act(world.editor) as act:
        passkeys.remove_passkey(act, id)
    with refused(world, service_errors.WrongPasskey), world.act(world.editor) as act:
        sessions.open_session(act, login)
    with refused(world, service_errors.WrongPasskey):
        check(world, device.sign(ask(world)))


def test_passkeys_go_with_a_suspension_an_end_a_new_beginning_and_a_password_that_others_set(
    world: World, clock: Clock
) -> None:
    def suspend() -> None:
        with world.act(OPERATOR) as act:
            people.suspend_person(act, "editor")

    def end() -> None:
        with world.act(OPERATOR) as act:
            people.end_person(act, "reviewer")

    def begin_again() -> None:
        with world.act(OPERATOR) as act:
            link = entry_links.make_link(act, world.approver.id, "reset")
        entry = entry_links.check_entry(world.session, link, "a staple that is new", clock())
        with world.act(world.approver) as act:
            entry_links.enter(act, link, entry, SECRET, code_at(world), SEALER)

    def set_password() -> None:
        checked = passwords.check_reset(world.session, OPERATOR, "admin", "a staple that is new")
        with world.act(OPERATOR) as act:
            passwords.set_password(act, checked)

    ways = [
        *((world.editor, suspend), (world.reviewer, end)),
        *((world.approver, begin_again), (world.admin, set_password)),
    ]
    for person, remedy in ways:
        add(world, Device(), person)
        remedy()
        assert held(world, person) == []


def test_with_what_others_did_in_a_session_fall_the_passkeys_that_were_added_since(
    world: World, clock: Clock
) -> None:
    kept = add(world, Device())
    clock.move(hours=1)
    add(world, Device())
    with world.act(OPERATOR) as act:
        sessions.key_origins.take_back_from_sessions(act, world.editor.id, clock())
    assert held(world, world.editor) == [kept]


def test_no_passkey_lets_in_who_is_suspended(world: World) -> None:
    device = Device()
    add(world, device)
    with world.act(OPERATOR) as act:
        world.session.get_one(Person, world.editor.id).suspended_at = world.clock()
        act.audit("person.suspend", world.editor.id)
    with refused(world, service_errors.WrongPasskey):
        check(world, device.sign(ask(world)))
