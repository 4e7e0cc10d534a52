"""Who may do what: the roles of the field and nothing more, and nobody decides on their own act."""

from __future__ import annotations

import pytest

from tracker.domain.errors import NotPermitted, SelfApproval
from tracker.domain.people import PERMISSIONS, PUBLIC, ROLES, Actor, require_another

#: Told anew, permission by permission.
MAY = {
    "self": {"watchdog", "partner", "respondent", "editor", "approver", "custodian", "admin"},
    "self.manage": {"watchdog", "partner", "respondent", "editor", "approver", "custodian", "admin"},
    "keys.manage": {"watchdog", "partner", "respondent", "editor", "approver", "custodian", "admin"},
    "proposals.settle": {"watchdog", "editor", "approver", "custodian", "admin"},
    "audit.read": {"custodian", "admin"},
    "record.read_own": {"watchdog", "respondent", "editor", "approver", "custodian"},
    "watchdogs.read": {"editor", "approver", "custodian", "admin"},
    "record.read": {"editor", "approver", "custodian"},
    "work.handle": {"editor", "approver", "custodian"},
    "record.write": {"editor"},
    "record.publish": {"approver"},
    "publication.settle": {"editor", "approver"},
    "evidence.submit": {"watchdog", "editor"},
    "evidence.ask": {"watchdog", "respondent", "editor", "approver", "custodian"},
    "answers.give": {"respondent"},
    "evidence.protect": {"watchdog", "editor", "custodian"},
    "evidence.lower": {"approver", "custodian"},
    "evidence.unseal": {"custodian"},
    "evidence.redact": {"custodian"},
    "evidence.shared": {"partner"},
    "evidence.export": {"custodian"},
    "status.propose": {"watchdog", "editor"},
    "status.decide": {"approver"},
    "status.settle": {"watchdog", "editor", "approver"},
    "people.read": {"approver", "custodian", "admin"},
    "people.manage": {"admin"},
    "webhooks.manage": {"admin"},
}


def actor(*roles: str) -> Actor:
    return Actor("per_someone", frozenset(roles))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_role_may_do_this_and_not_that(role, permission):
    allowed = role in MAY[permission]

    assert actor(role).may(permission) is allowed
    if allowed:
        actor(role).require(permission)
        return
    with pytest.raises(NotPermitted) as refusal:
        actor(role).require(permission)
    sentence = refusal.value.detail
    assert sentence.startswith("it takes the role ")
    assert sentence.endswith(f" to {PERMISSIONS[permission]}")
    named = (
        sentence.removeprefix("it takes the role ")
        .removesuffix(f" to {PERMISSIONS[permission]}")
        .split(" or ")
    )
    assert set(named) == MAY[permission]


def test_every_permission_is_held_by_somebody_and_every_role_holds_one():
    assert set(MAY) == set(PERMISSIONS) == set().union(*ROLES.values())
    assert all(ROLES.values())


def test_what_is_public_anybody_may():
    actor().require(PUBLIC)
    assert PUBLIC not in PERMISSIONS


def test_without_a_role_nothing_else_is_allowed():
    assert not any(actor().may(permission) for permission in PERMISSIONS)


def test_roles_add_up():
    both = actor("editor", "approver")

    assert {one for one in PERMISSIONS if both.may(one)} == ROLES["editor"] | ROLES["approver"]


def test_an_admin_reads_no_record():
    assert not actor("admin").may("record.read")


def test_nobody_decides_on_their_own_act():
    with pytest.raises(SelfApproval):
        require_another(actor("editor", "approver"), "per_someone")
    require_another(actor("approver"), "per_somebody_else")


def test_a_key_allows_no_more_than_it_is_limited_to_and_no_more_than_its_holder_has():
    limited = Actor("per_someone", frozenset({"editor"}), scope=frozenset({"record.read", "people.manage"}))

    assert limited.permissions == {"self", "record.read", "record.read_own"}
    with pytest.raises(NotPermitted, match="a key that is not limited"):
        limited.require("record.write")
    with pytest.raises(NotPermitted, match="takes the role admin"):
        limited.require("people.manage")


def test_a_key_for_deciding_opens_the_door_at_which_one_settles():
    assert Actor("per_someone", frozenset({"approver"}), scope=frozenset({"status.decide"})).may(
        "status.settle"
    )
    assert not Actor("per_someone", frozenset({"approver"}), scope=frozenset({"record.read"})).may(
        "status.settle"
    )
