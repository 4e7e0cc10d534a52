"""Identities at a provider: one for each account, linked by its owner or the operator, good once for each word."""

from __future__ import annotations

import os
from datetime import timedelta

from tests.actions.test_second_factors import SECRET, code_at
from tests.conftest import Clock
from tests.public.assertions import refused
from tests.world import World
from tracker.actions import identities, people, second_factors, sessions
from tracker.actions.identities import Vouched
from tracker.actions.passkeys import Challenge
from tracker.actions.passwords import Brake
from tracker.actions.people import OPERATOR
from tracker.actions.ways_in import close_ways_in
from tracker.domain import errors, service_errors
from tracker.domain.people import Actor
from tracker.sealing.sealer import Sealer
from tracker.store.identities import list_identities

ISSUER = "https://id.example"
SEALER = Sealer([bytes(range(32))], os.urandom)
BRAKE = Brake("a secret", os.urandom)


def link(world: World, by: Actor, subject: str, person: str = "") -> str:
    with world.act(by) as act:
        return identities.link_identity(act, ISSUER, subject, person).id


def vouch(world: World, identity: str, *, strong: bool = True, lot: int = 0) -> Vouched:
    return Vouched(identity, strong, Challenge(bytes([lot] * 32), world.clock() + timedelta(minutes=10)))


def check(world: World, vouched: Vouched, code: str = "") -> sessions.Login:
    return sessions.check_vouched(
        world.session, BRAKE, SEALER, vouched, code, lambda name: f"{name}'s browser", world.clock()
    )


def held(world: World, person: Actor) -> list[str]:
    return [one.subject for one in list_identities(world.session, person.id)]


def test_an_identity_is_of_one_account_and_an_account_has_one(world: World) -> None:
    link(world, world.editor, "amal")
    with refused(world, errors.AlreadyDone):
        link(world, world.approver, "amal")
    with refused(world, errors.AlreadyDone):
        link(world, world.editor, "another")
    with refused(world, errors.NotPermitted):
        link(world, world.editor, "badr", world.approver.id)
    link(world, OPERATOR, "badr", world.approver.id)
    with refused(world, errors.NotPermitted), world.act(world.editor) as act:
        identities.unlink_identities(act, world.approver.id)
    with world.act(OPERATOR) as act:
        identities.unlink_identities(act, world.approver.id)
    assert (held(world, world.editor), held(world, world.approver)) == (["amal"], [])
    with refused(world, errors.NotFound), world.act(world.approver) as act:
        identities.unlink_identities(act)


def test_a_word_of_the_provider_opens_one_session(world: World) -> None:
    identity = link(world, world.editor, "amal")
    first, second = check(world, vouch(world, identity)), check(world, vouch(world, identity))
    with world.act(world.editor) as act:
        row, _secret = sessions.open_session(act, first)
    assert (row.person_id, row.opened_by) == (world.editor.id, "provider")
    with refused(world, service_errors.ProviderRefused), world.act(world.editor) as act:
        sessions.open_session(act, second)


def test_a_code_beside_it_is_good_once_and_a_link_that_ended_meanwhile_opens_nothing(world: World) -> None:
    identity = link(world, world.editor, "amal")
    with world.act(world.admin) as act:
        second_factors.set_second_factor(act, world.editor.id, SECRET, SEALER)
    first = check(world, vouch(world, identity, strong=False, lot=1), code_at(world))
    second = check(world, vouch(world, identity, strong=False, lot=2), code_at(world))
    with world.act(world.editor) as act:
        sessions.open_session(act, first)
    with refused(world, service_errors.ProviderRefused), world.act(world.editor) as act:
        sessions.open_session(act, second)
    third = check(world, vouch(world, identity, lot=3))
    with world.act(world.editor) as act:
        identities.unlink_identities(act)
    with refused(world, service_errors.ProviderRefused), world.act(world.editor) as act:
        sessions.open_session(act, third)
    with refused(world, service_errors.UnknownIdentity):
        check(world, vouch(world, identity, lot=4))


def test_links_fall_with_what_was_done_since_and_with_the_account(world: World, clock: Clock) -> None:
    link(world, world.editor, "amal")
    link(world, world.reviewer, "badr")
    began = clock() + timedelta(hours=1)
    clock.move(hours=2)
    link(world, world.approver, "a thief")
    with world.act(OPERATOR) as act:
        for person in (world.editor, world.approver):
            close_ways_in(act, person.id, began)
        people.end_person(act, "reviewer")
    assert [held(world, one) for one in (world.editor, world.reviewer, world.approver)] == [["amal"], [], []]
