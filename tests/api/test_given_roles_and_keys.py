"""Roles and keys that an admin gives to somebody else rest for a day and take a second admin; they fall with the key
that gave them. Whoever holds the machine is the second person where there is one admin only. A limited key does what it
names and nothing else.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.api.factories import Stage
from tests.conftest import Clock
from tracker.actions import entry_links, handlings, imports, keys, people, proposals
from tracker.actions.people import OPERATOR
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.import_updates import Options
from tracker.domain.people import Actor
from tracker.store.handlings import Handling
from tracker.store.people import Key, Person
from tracker.store.proposals import Proposal

PASSWORD = "correct horse battery"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def status(stage: Stage, secret: str) -> int:
    return stage.send("GET", "/v1/me", by=None, headers=bearer(secret)).status_code


def decide(stage: Stage, proposal: str, by: str, decision: str = "approve") -> Any:
    body = {"decision": decision} | ({"note": "Who asked?"} if decision == "return" else {})
    return stage.send("POST", f"/v1/proposals/{proposal}/decision", body, by=by)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["type"].rpartition("/")[2]


@pytest.fixture
def admins(stage: Stage) -> Stage:
    for name in ("second", "third"):
        stage.world.person(name, "admin")
    return stage


def given_key(stage: Stage, account: str, by: str = "admin") -> Any:
    return stage.post("/v1/keys", {"account": account}, by=by)


def test_one_admin_makes_nobody_else(admins: Stage, clock: Clock) -> None:
    """Two accounts with every role, and a key that acts as a custodian, were one person before."""
    custodian = admins.world.person("keeper", "custodian").id
    made = admins.post(
        "/v1/accounts", {"name": "puppet", "roles": ["custodian", "editor", "approver"]}, by="admin"
    )
    for account in (made["id"], custodian):
        given = given_key(admins, account)
        assert status(admins, given["secret"]) == 401
        assert refusal(decide(admins, given["proposal"], "admin")) == (409, "self-approval")
        clock.move(days=2)
        assert refusal(decide(admins, given["proposal"], "admin")) == (409, "self-approval")
        assert status(admins, given["secret"]) == 401


def test_a_key_for_somebody_else_is_good_when_a_second_admin_approves_it_a_day_later(
    admins: Stage, clock: Clock
) -> None:
    given = given_key(admins, admins.world.editor.id)
    [listed] = admins.get("/v1/proposals?kind=key&decision=proposed", by="second")["items"]
    assert (listed["id"], listed["proposed_by"]) == (given["proposal"], admins.world.admin.id)
    assert listed["wanted"]["roles"] == ["editor"]
    assert refusal(decide(admins, given["proposal"], "second")) == (409, "too-early")
    clock.move(days=1)
    assert decide(admins, given["proposal"], "second").status_code == 200
    assert status(admins, given["secret"]) == 200


@pytest.mark.parametrize("end", ["return", "retract", "revoke"])
def test_a_key_that_is_not_approved_never_opens_anything(admins: Stage, end: str) -> None:
    given = given_key(admins, admins.world.editor.id)
    if end == "revoke":  # its holder sees it in their list, and ends it
        path = f"/v1/keys/{given['key']['id']}/revocation"
        admins.post(path, {"reason": "leaked"}, by="editor", status=200)
    else:
        assert decide(admins, given["proposal"], "second", end).status_code == 200
    assert refusal(decide(admins, given["proposal"], "third")) == (409, "already-decided")
    assert status(admins, given["secret"]) == 401


def test_two_admins_do_not_give_each_other_roles(admins: Stage, clock: Clock) -> None:
    second = admins.get("/v1/me", by="second")["id"]
    path = f"/v1/accounts/{second}"
    assert admins.patch(path, {"roles": ["admin", "custodian"]}, by="admin")["roles"] == ["admin"]
    waits = admins.get(path, by="admin")["proposal"]
    clock.move(days=1)
    assert refusal(decide(admins, waits, "second")) == (409, "self-approval")
    assert decide(admins, waits, "third").status_code == 200
    assert admins.get("/v1/me", by="second")["roles"] == ["admin", "custodian"]


def test_what_takes_something_away_holds_at_once(admins: Stage) -> None:
    path = f"/v1/accounts/{admins.world.reviewer.id}"
    assert admins.patch(path, {"roles": ["editor"]}, by="admin")["roles"] == ["editor"]
    assert admins.patch(path, {"suspended": True}, by="admin")["suspended_at"] is not None
    waiting = admins.patch(path, {"suspended": False}, by="admin")
    assert (waiting["suspended_at"] is not None, waiting["proposal"] is not None) == (True, True)


def test_a_decision_on_an_account_that_changed_since_names_it(admins: Stage, clock: Clock) -> None:
    account = admins.world.reviewer.id
    given = given_key(admins, account)
    admins.patch(f"/v1/accounts/{account}", {"roles": ["editor"]}, by="third")
    clock.move(days=1)
    answer = decide(admins, given["proposal"], "second")
    assert refusal(answer) == (409, "stale-proposal")
    assert [one["pointer"] for one in answer.json["errors"]] == [f"/versions/{account}"]


def test_all_falls_that_a_stolen_admin_key_gave(admins: Stage, clock: Clock) -> None:
    stolen = admins.post("/v1/keys", {}, by="admin")
    thief = bearer(stolen["secret"])

    def steal(path: str, body: Any) -> Any:
        return admins.send("POST", path, body, by=None, headers=thief).json

    puppet = steal("/v1/accounts", {"name": "puppet", "roles": ["custodian"]})
    approved, waiting = (steal("/v1/keys", {"account": admins.world.editor.id}) for _ in range(2))
    tag = admins.send("GET", f"/v1/accounts/{admins.world.approver.id}", by="admin").headers["ETag"]
    admins.send(
        "PATCH",
        f"/v1/accounts/{admins.world.approver.id}",
        {"roles": ["approver", "custodian"]},
        by=None,
        headers={**thief, "If-Match": tag},
    )
    roles = admins.get(f"/v1/accounts/{admins.world.approver.id}", by="admin")["proposal"]
    clock.move(days=1)
    for proposal in (approved["proposal"], roles):
        assert decide(admins, proposal, "second").status_code == 200
    assert status(admins, approved["secret"]) == 200
    assert approved["key"]["origin"] == puppet["origin"] == stolen["key"]["id"]

    path = f"/v1/keys/{stolen['key']['id']}/revocation"
    admins.post(path, {"reason": "leaked"}, by="third", status=200)
    assert status(admins, approved["secret"]) == 401
    assert refusal(decide(admins, waiting["proposal"], "second")) == (409, "already-decided")
    assert admins.get("/v1/me", by="approver")["roles"] == ["approver"]
    assert admins.get(f"/v1/accounts/{puppet['id']}", by="admin")["suspended_at"] is not None
    assert status(admins, admins.world.keys["editor"]) == 200


def test_with_a_stolen_key_falls_what_it_only_proposed_and_whom_it_let_in_again(
    admins: Stage, clock: Clock
) -> None:
    def path(name: str) -> str:
        return f"/v1/accounts/{getattr(admins.world, name).id}"

    admins.patch(path("reviewer"), {"suspended": True}, by="third")
    stolen = admins.post("/v1/keys", {}, by="admin")

    def steal(name: str, body: Any) -> str:
        tag = admins.send("GET", path(name), by="third").headers["ETag"]
        headers = {**bearer(stolen["secret"]), "If-Match": tag}
        admins.send("PATCH", path(name), body, by=None, headers=headers)
        waiting: str = admins.get(path(name), by="third")["proposal"]
        return waiting

    let_in, asked = steal("reviewer", {"suspended": False}), steal("approver", {"roles": ["custodian"]})
    clock.move(days=1)
    assert decide(admins, let_in, "second").status_code == 200
    assert admins.get(path("reviewer"), by="third")["suspended_at"] is None
    revoked = f"/v1/keys/{stolen['key']['id']}/revocation"
    admins.post(revoked, {"reason": "leaked"}, by="third", status=200)
    assert admins.get(path("reviewer"), by="third")["suspended_at"] is not None
    assert refusal(decide(admins, asked, "second")) == (409, "already-decided")
    assert refusal(decide(admins, asked, "second", "retract")) == (409, "already-decided")
    assert admins.get("/v1/me", by="approver")["roles"] == ["approver"]


def test_nobody_who_is_suspended_gets_a_key(admins: Stage, clock: Clock) -> None:
    given = given_key(admins, admins.world.reviewer.id)
    account = f"/v1/accounts/{admins.world.reviewer.id}"
    version = admins.patch(account, {"suspended": True}, by="third")["version"]
    clock.move(days=1)
    body = {"decision": "approve", "versions": [{"id": admins.world.reviewer.id, "version": version}]}
    answer = admins.send("POST", f"/v1/proposals/{given['proposal']}/decision", body, by="second")
    assert refusal(answer) == (409, "already-done")
    assert status(admins, given["secret"]) == 401


def test_a_key_that_is_replaced_leaves_others_what_it_gave(admins: Stage, clock: Clock) -> None:
    mine = admins.post("/v1/keys", {}, by="admin")
    body = {"account": admins.world.editor.id}
    given = admins.send("POST", "/v1/keys", body, by=None, headers=bearer(mine["secret"])).json
    clock.move(days=1)
    assert decide(admins, given["proposal"], "second").status_code == 200
    path = f"/v1/keys/{mine['key']['id']}/revocation"
    admins.post(path, {"reason": "replaced"}, by="admin", status=200)
    assert status(admins, given["secret"]) == 200


def test_whoever_holds_the_machine_gives_at_once_and_is_the_second_person(stage: Stage, clock: Clock) -> None:
    with stage.world.act(OPERATOR) as act:
        key, secret = keys.issue_key(act, "editor")
    assert status(stage, secret) == 200
    assert key.origin_id is None
    given = given_key(stage, stage.world.editor.id)
    clock.move(days=1)
    with stage.world.act(OPERATOR) as act:
        proposals.decide_proposal(act, given["proposal"], "approve")
    assert status(stage, given["secret"]) == 200


def test_a_limited_key_keeps_neither_password_nor_name_nor_other_keys(stage: Stage) -> None:
    made = stage.post("/v1/keys", {"scope": ["status.propose"]})
    limited, whole = bearer(made["secret"]), stage.get("/v1/me")["key"]["id"]
    for path, body in (
        ("/v1/me/password", {"password": PASSWORD}),
        ("/v1/me/naming", {"unnamed": True}),
        ("/v1/keys", {"scope": ["status.propose"]}),
        (f"/v1/keys/{whole}/revocation", {"reason": "leaked"}),
    ):
        answer = stage.send("POST", path, body, by=None, headers=limited)
        assert refusal(answer) == (403, "not-permitted"), path
    own = f"/v1/keys/{made['key']['id']}/revocation"
    assert stage.send("POST", own, {"reason": "leaked"}, by=None, headers=limited).status_code == 200


def test_an_admin_key_that_is_limited_makes_no_wider_key_for_its_holder(stage: Stage) -> None:
    made = stage.post("/v1/keys", {"scope": ["people.manage"], "days": 3}, by="admin")
    limited = bearer(made["secret"])
    answer = stage.send("POST", "/v1/keys", {"scope": ["audit.read"]}, by=None, headers=limited)
    assert refusal(answer) == (422, "invalid-input")
    again = stage.send("POST", "/v1/keys", {}, by=None, headers=limited).json["key"]
    assert (again["scope"], again["expires_at"]) == (["people.manage"], made["key"]["expires_at"])


def test_guessing_a_password_is_braked_for_all_keys_of_an_account_together(stage: Stage) -> None:
    stage.post("/v1/me/password", {"password": PASSWORD}, status=200)
    wrong = {"password": "another good one", "current": "not the one that it is"}
    tried = []
    for _ in range(3):
        headers = bearer(stage.post("/v1/keys", {})["secret"])
        tried += [
            stage.send("POST", "/v1/me/password", wrong, by=None, headers=headers).status_code
            for _ in range(3)
        ]
    assert tried == [403] * 5 + [429] * 4


def test_an_account_is_limited_to_processes_at_once_and_widened_by_two(admins: Stage, clock: Clock) -> None:
    world = admins.world
    other = world.make_process("other")
    body = {"name": "amal", "roles": ["editor"], "processes": [world.process]}
    made = admins.post("/v1/accounts", body, by="admin")
    path = f"/v1/accounts/{made['id']}"
    assert made["processes"] == [world.process]
    wider = admins.patch(path, {"processes": [world.process, other]}, by="admin")
    assert (wider["processes"], wider["proposal"] is not None) == ([world.process], True)
    clock.move(days=1)
    assert decide(admins, wider["proposal"], "second").status_code == 200
    narrower = admins.patch(path, {"processes": [other]}, by="admin")
    assert (narrower["processes"], narrower["proposal"]) == ([other], None)
    assert admins.patch(path, {"processes": None}, by="admin")["proposal"] is not None


@pytest.mark.parametrize(
    ("roles", "processes"),
    [(["admin"], ["mine"]), (["editor"], []), (["editor"], ["org_x"]), (["editor", "watchdog"], ["mine"])],
)
def test_a_limit_names_processes_and_is_for_roles_of_the_desk(
    admins: Stage, roles: list[str], processes: list[str]
) -> None:
    world = admins.world
    named = [world.process if one == "mine" else one for one in processes]
    speaks = {"organization": world.watchdog} if "watchdog" in roles else {}
    body = {"name": "amal", "roles": roles, "processes": named, **speaks}
    answer = admins.send("POST", "/v1/accounts", body, by="admin")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"].startswith("/processes")


def test_a_wider_limit_that_a_stolen_key_gave_falls_with_it(admins: Stage, clock: Clock) -> None:
    world = admins.world
    body = {"name": "amal", "roles": ["editor"], "processes": [world.process]}
    path = f"/v1/accounts/{admins.post('/v1/accounts', body, by='second')['id']}"
    stolen = admins.post("/v1/keys", {}, by="admin")
    thief = {**bearer(stolen["secret"]), "If-Match": admins.send("GET", path, by="second").headers["ETag"]}
    waits = admins.send("PATCH", path, {"processes": None}, by=None, headers=thief).json["proposal"]
    clock.move(days=1)
    assert decide(admins, waits, "second").status_code == 200
    assert admins.get(path, by="second")["processes"] is None
    admins.post(f"/v1/keys/{stolen['key']['id']}/revocation", {"reason": "leaked"}, by="admin", status=200)
    assert admins.get(path, by="second")["processes"] == [world.process]


def test_a_limited_desk_has_the_colleagues_of_its_processes_and_no_batch_of_several(admins: Stage) -> None:
    world = admins.world
    other = world.make_process("other")
    for name, process in (("here", world.process), ("there", other)):
        with world.act(OPERATOR) as act:
            people.add_person(act, name, ("editor", "approver"), processes=[process])
            world.keys[name] = keys.issue_key(act, name)[1]
    named = {one["name"] for one in admins.get("/v1/colleagues?limit=200", by="here")["items"]}
    assert (named >= {"here", "editor"}, "there" in named) == (True, False)
    committee = {"body_type": "presidential_committee", "established_on": "2025-03-09", "name": "A body"}
    for some, seen in ((("coast", "other"), 0), (("coast",), 1)):
        reference = f"b{len(some)}"
        given = [
            GivenRow("committee", {**committee, "process": one, "reference": reference}, one) for one in some
        ]
        with world.act(world.editor) as act:
            imports.import_rows(act, given, options=Options(propose=True))
        assert len(admins.get("/v1/proposals?kind=import&decision=proposed", by="here")["items"]) == seen


def test_with_an_account_that_others_had_falls_what_its_sessions_gave_since(
    admins: Stage, clock: Clock
) -> None:
    """The thief acts in a session of the desk: what is made there has no key as its origin."""
    world = admins.world
    with world.act(world.admin) as act:
        before, _secret = keys.grant_key(act, None)
    clock.move(hours=1)
    since = clock()
    with world.act(world.admin) as act:
        own, own_secret = keys.grant_key(act, None)
        puppet = people.add_person(act, "puppet", ["custodian"])
        keys.grant_key(act, puppet.id)
        entry_links.make_link(act, world.editor.id, "reset")
        people.change_person(act, world.approver.id, {"roles": ["approver", "custodian"]}, None)
    with world.act(world.admin) as act:
        entry_links.make_link(act, world.reviewer.id, "reset")
    clock.move(days=1)
    for target, kind in ((world.approver.id, "roles"), (world.editor.id, "entry")):
        world.decide(
            target, by=Actor(admins.get("/v1/me", by="second")["id"], frozenset({"admin"})), kind=kind
        )
    account = f"/v1/accounts/{world.admin.id}"
    assert admins.patch(
        account, {"suspended": True, "stolen_since": f"{since:%Y-%m-%dT%H:%M:%SZ}"}, by="third"
    )["suspended_at"]
    world.session.expire_all()
    assert world.session.get_one(Key, before.id).revoked_at is None
    assert world.session.get_one(Key, own.id).revoked_at is not None
    assert status(admins, own_secret) == 401
    assert world.session.get_one(Person, puppet.id).suspended_at is not None
    assert world.session.get_one(Person, world.editor.id).suspended_at is not None, "who came by its link"
    assert world.session.get_one(Person, world.reviewer.id).suspended_at is None, "its link let nobody in"
    assert world.session.get_one(Person, world.approver.id).roles == ["approver"]
    waiting = select(Proposal).where(Proposal.proposed_by == world.admin.id, Proposal.decision == "proposed")
    assert world.session.scalars(waiting).all() == []


def test_since_when_others_had_an_account_goes_with_its_suspension_and_is_past(
    admins: Stage, clock: Clock
) -> None:
    account = f"/v1/accounts/{admins.world.editor.id}"
    tag = admins.send("GET", account, by="third").headers["ETag"]
    for body in (
        {"stolen_since": "2026-11-01T00:00:00Z"},
        {"suspended": True, "stolen_since": "2027-11-01T00:00:00Z"},
    ):
        answer = admins.send("PATCH", account, body, by="third", headers={"If-Match": tag})
        assert answer.status_code == 422
        assert answer.json["errors"][0]["pointer"] == "/stolen_since"


def test_an_account_that_ended_has_nothing_left_and_never_comes_back(admins: Stage) -> None:
    world = admins.world
    mine = admins.post("/v1/keys", {}, by="editor")
    child = admins.send("POST", "/v1/keys", {}, by=None, headers=bearer(mine["secret"])).json
    asked = world.recommendation("R90")
    with world.act(world.editor) as act:
        handlings.handle_subject(act, asked)
    account = f"/v1/accounts/{world.editor.id}"
    ended = admins.patch(account, {"ended": True}, by="admin")
    assert None not in (ended["ended_at"], ended["suspended_at"])
    assert [status(admins, one["secret"]) for one in (mine, child)] == [401, 401]
    assert world.session.scalars(select(Handling)).all() == []
    listed = [one["id"] for one in admins.get("/v1/accounts", by="admin")["items"]]
    assert world.editor.id not in listed
    assert world.editor.id not in [one["id"] for one in admins.get("/v1/colleagues", by="approver")["items"]]
    tag = admins.send("GET", account, by="admin").headers["ETag"]
    for body in ({"suspended": False}, {"ended": True}):
        again = admins.send("PATCH", account, body, by="admin", headers={"If-Match": tag})
        assert refusal(again) == (409, "already-done")
