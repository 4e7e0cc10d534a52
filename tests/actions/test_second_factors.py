"""What somebody shows beside a password: a phone's secret, sealed; recovery codes, each good once."""

from __future__ import annotations

import os

import pytest

from tests.public.assertions import refused
from tests.world import World
from tracker.actions import second_factors
from tracker.actions.people import OPERATOR
from tracker.actions.second_factors import Shown
from tracker.domain import errors, one_time_codes, service_errors
from tracker.sealing.sealer import Sealer
from tracker.store.second_factors import SecondFactor, count_codes

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([OLD], os.urandom)


def code_at(world: World, secret: str = SECRET) -> str:
    return one_time_codes.make_code(secret, one_time_codes.find_step(world.clock()))


def give(world: World, sealer: Sealer) -> SecondFactor:
    with world.act(OPERATOR) as act:
        return second_factors.set_second_factor(act, world.editor.id, SECRET, sealer)


def check(world: World, sealer: Sealer, code: str) -> Shown | None:
    return second_factors.check_code(world.session, sealer, world.editor.id, code, world.clock())


def test_ones_own_phone_is_set_once_it_shows_the_right_code(world: World, sealer: Sealer) -> None:
    with refused(world, errors.InvalidInput, "/code"), world.act(world.editor) as act:
        second_factors.set_second_factor(act, world.editor.id, SECRET, sealer, "000000")
    with world.act(world.editor) as act:
        secret = second_factors.make_secret(act.entropy)
        held = second_factors.set_second_factor(act, world.editor.id, secret, sealer, code_at(world, secret))
    assert secret.encode() not in held.content
    assert secret not in repr(held)
    assert check(world, sealer, code_at(world, secret)) is None, "the code that set it was used"
    with refused(world, errors.NotPermitted), world.act(world.editor) as act:
        second_factors.set_second_factor(act, world.approver.id, SECRET, sealer, code_at(world))


def test_a_code_is_spent_once(world: World, sealer: Sealer) -> None:
    assert check(world, sealer, code_at(world)) is None
    give(world, sealer)
    shown = check(world, sealer, code_at(world))
    assert shown is not None
    with world.act(world.editor) as act:
        assert second_factors.spend(act, world.editor.id, shown)
        assert not second_factors.spend(act, world.editor.id, shown)


def test_a_recovery_code_is_good_once_however_it_was_copied(world: World, sealer: Sealer) -> None:
    give(world, sealer)
    with refused(world, errors.NotPermitted), world.act(world.editor) as act:
        second_factors.make_recovery_codes(act, world.approver.id)
    with world.act(world.editor) as act:
        old = second_factors.make_recovery_codes(act, world.editor.id)
    with world.act(world.editor) as act:
        codes = second_factors.make_recovery_codes(act, world.editor.id)
    assert len(codes) == len(set(codes)) == second_factors.RECOVERY_CODES
    assert check(world, sealer, old[0]) is None
    arabic = str.maketrans("234567", "٢٣٤٥٦٧")
    shown = check(world, sealer, codes[0].upper().replace("-", " ").translate(arabic))
    assert shown is not None
    assert codes[0] not in repr(shown)
    with world.act(world.editor) as act:
        assert second_factors.spend(act, world.editor.id, shown)
        assert not second_factors.spend(act, world.editor.id, shown)
        assert count_codes(act.session, world.editor.id) == second_factors.RECOVERY_CODES - 1


def test_the_keys_of_secrets_are_rotated_as_all_others(world: World, sealer: Sealer) -> None:
    give(world, sealer)
    both, new = Sealer([NEW, OLD], os.urandom), Sealer([NEW], os.urandom)
    with refused(world, service_errors.SealingUnavailable):
        check(world, new, code_at(world))
    with world.act(OPERATOR) as act:
        assert second_factors.rotate_keys(act, both, "", 10) == (1, world.editor.id)
    with world.act(OPERATOR) as act:
        assert second_factors.rotate_keys(act, both, "", 10) == (0, world.editor.id)
        assert second_factors.rotate_keys(act, both, world.editor.id, 10) == (0, None)
    assert check(world, new, code_at(world)) is not None


def test_what_is_damaged_is_said_to_be(world: World, sealer: Sealer) -> None:
    held = give(world, sealer)
    with world.act(OPERATOR) as act:
        held.content = held.content[:-1] + bytes([held.content[-1] ^ 1])
        act.audit("second_factor.set", world.editor.id)
    with refused(world, service_errors.SealingUnavailable):
        check(world, sealer, code_at(world))
