"""Who gets at what: every role on every endpoint that names a thing, with things that are there: one's own and
another's, draft and public. What is another's is answered to a watchdog exactly as what is not there.

An endpoint with an id in its path and without a row in `ROWS` fails. Nothing is changed: what writes is sent a body
that is not read, or the tag of a version that never was.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.contract.test_roles import TABLE
from tests.world import World
from tracker.actions import custody, evidence, keys, notes, questions, resources, watchdogs, webhooks
from tracker.actions.people import OPERATOR
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.domain import ids
from tracker.domain.people import PUBLIC, ROLES, SPEAKING
from tracker.files.files import Stored
from tracker.sealing.sealer import Sealer
from tracker.store.people import Key, Person
from tracker.store.proposals import find_waiting

STATES = ("own draft", "own published", "foreign draft", "foreign published")
READERS = ("editor", "approver", "custodian")
#: A row for a thing that is the same to all who have the permission: what they get.
Row = dict[str, dict[str, int]]


def told(default: dict[str, int], **by_state: dict[str, int]) -> Row:
    return {state: {**default, **by_state.get(state.replace(" ", "_"), {})} for state in STATES}


def all_of(roles: tuple[str, ...], status: int) -> dict[str, int]:
    """This for these roles, 403 for the others."""
    return {role: status if role in roles else 403 for role in ROLES}


def public(draft: int, published: int) -> Row:
    return {state: dict.fromkeys(ROLES, draft if state.endswith("draft") else published) for state in STATES}


READ = told(all_of(READERS, 200))
MINE = told(
    {**all_of(READERS, 200), "watchdog": 404}, own_draft={"watchdog": 200}, own_published={"watchdog": 200}
)
WRITE = told(all_of(("editor",), 415))
SHELL = {"own": dict.fromkeys(ROLES, 200), "foreign": {**dict.fromkeys(ROLES, 404), "admin": 200}}
SUBJECTS = ("committee", "report", "resource", "deadline", "recommendation", "indicator")
KEPT = ("process", "organization", *SUBJECTS)
#: operation -> state of the thing -> role -> status. Written by hand.
ROWS: dict[str, Row] = {
    **{f"get_{kind}": READ for kind in KEPT},
    **{f"revise_{kind}": told(all_of(("editor",), 428)) for kind in KEPT},
    **{f"get_public_{kind}": public(404, 200) for kind in (*KEPT, "evidence")},
    **{f"list_public_{kind}_history": public(404, 200) for kind in (*KEPT, "evidence")},
    "list_public_citations": public(404, 200),
    "get_scoreboard": public(404, 200),
    "get_completeness": public(404, 200),
    "get_public_standing_in_a_scheme": public(
        422, 422
    ),  # no scheme is named: said before the id is looked up
    "get_public_event": public(404, 404),
    "get_evidence": MINE,
    "revise_evidence": told(
        {**all_of(("editor",), 412), "watchdog": 404},
        own_draft={"watchdog": 412},
        own_published={"watchdog": 409},
    ),
    "retract_evidence": told(
        {**all_of((), 0), "editor": 403, "watchdog": 404},
        own_draft={"watchdog": 412},
        own_published={"watchdog": 409},
    ),
    # Refused after the item was found: the digest of what is sent is another's.
    "add_file": told(
        {**all_of(("editor",), 400), "watchdog": 404},
        own_draft={"watchdog": 400},
        own_published={"watchdog": 400},
    ),
    "list_files": MINE,
    "get_file": MINE,
    "read_file": MINE,
    "list_custody": MINE,
    "approve_file": told(all_of(("approver",), 409)),  # it is no public copy
    # A link is looked at before what it leads to; none of these was given to anybody.
    "get_file_content": told(all_of((*READERS, "watchdog"), 422)),
    "hand_over": told(all_of(("custodian",), 415)),
    "get_package": told(all_of(("custodian",), 422)),
    "get_public_file": public(404, 404),  # no copy of it was approved
    "get_status_change": MINE,
    "decide_status_change": told(
        {**all_of(("editor",), 409), "watchdog": 404},
        own_draft={"watchdog": 412, "editor": 412},
        own_published={"watchdog": 409},
        foreign_draft={"editor": 412},
    ),
    "get_protection": MINE,
    "list_protection_history": READ,
    "protect_evidence": told(
        {**all_of(("editor", "custodian"), 409), "watchdog": 404},
        own_draft={"watchdog": 409},
        own_published={"watchdog": 409},
    ),
    # Of a public copy that waits: a watchdog sees that of its own item, and an admin what concerns accounts.
    "get_proposal": told(
        {**all_of((), 0), "editor": 200, "approver": 200, "watchdog": 404, "custodian": 404, "admin": 404},
        own_draft={"watchdog": 200},
        own_published={"watchdog": 200},
    ),
    "decide_proposal": told(
        {**all_of((), 0), "editor": 403, "approver": 403, "watchdog": 404, "custodian": 404, "admin": 404},
        own_draft={"watchdog": 403},
        own_published={"watchdog": 403},
    ),
    # Of a public copy that waits: an editor sees it, and it is no batch of an import.
    "undo_import": told(all_of(("editor",), 415)),
    "list_holds": told(all_of(("custodian",), 200)),
    "get_shared_evidence": told(all_of(("partner",), 404)),
    "withdraw_consent": told(
        {**all_of(("editor", "custodian"), 409), "watchdog": 404},
        own_draft={"watchdog": 409},
        own_published={"watchdog": 409},
    ),
    "get_review": told(
        {**all_of(READERS, 200), "watchdog": 404},
        own_draft={"watchdog": 200},
        own_published={"watchdog": 200},
    ),
    "list_uses": told(
        {**all_of(READERS, 200), "watchdog": 404},
        own_draft={"watchdog": 200},
        own_published={"watchdog": 200},
    ),
    "list_questions": told(
        {**all_of(READERS, 200), "watchdog": 404},
        own_draft={"watchdog": 200},
        own_published={"watchdog": 200},
    ),
    "get_question": told(
        {**all_of(READERS, 200), "watchdog": 404},
        own_draft={"watchdog": 200},
        own_published={"watchdog": 200},
    ),
    "ask_question": told({**all_of((*READERS, "watchdog"), 415)}),
    "answer_question": told(
        {**all_of(READERS, 409), "watchdog": 404},
        own_draft={"watchdog": 409},
        own_published={"watchdog": 409},
    ),
    "retract_question": told(
        {**all_of(READERS, 409), "watchdog": 404},
        own_draft={"watchdog": 409},
        own_published={"watchdog": 409},
    ),
    "get_consent": told(
        {**all_of(READERS, 200), "watchdog": 404},
        own_draft={"watchdog": 200},
        own_published={"watchdog": 200},
    ),
    "correct_consent": told(
        {**all_of(("editor", "custodian"), 422), "watchdog": 404},
        own_draft={"watchdog": 422},
        own_published={"watchdog": 422},
    ),
    "read_sealed": told(all_of(("custodian",), 415)),
    "redact_thing": told(all_of(("custodian",), 415)),
    "redact_words": told(all_of(("custodian",), 415)),
    "hold_subject": told(all_of(("custodian",), 415)),
    "get_tip_box": told(all_of(("custodian",), 404)),  # none of these ever had one
    **{
        name: told(all_of(("custodian",), 415))
        for name in (
            *("open_tip_box", "close_tip_box", "read_tip", "ask_sender", "take_over_tip"),
            *("set_tip_aside", "destroy_tip"),
        )
    },
    "get_subject": told({**all_of(READERS, 200), "watchdog": 404}),
    "list_notes": told(all_of(READERS, 200)),
    "write_note": told(all_of(READERS, 415)),
    "retract_note": told(all_of(READERS, 415)),
    "handle_subject": told(all_of(READERS, 415)),
    "end_handling": told(all_of(READERS, 415)),
    "list_demands": told(all_of(("editor", "watchdog"), 422)),  # no track is named
    "list_history": READ,
    "get_standing": READ,
    "get_publication": READ,
    "list_mandates": READ,
    "list_members": READ,
    "register_watchdog": WRITE,
    "adopt_mandate": WRITE,
    "appoint_member": WRITE,
    "add_process_figure": WRITE,
    "refuse_extension": WRITE,
    "add_committee_figure": WRITE,
    "add_report_figure": WRITE,
    "add_resource_figure": WRITE,
    "add_recommendation_figure": WRITE,
    "add_indicator_figure": WRITE,
    "extend_deadline": WRITE,
    "set_publication": told(all_of(("editor", "approver"), 415)),
    "list_publication_drafts": told(
        all_of(READERS, 409),
        own_draft=dict.fromkeys(READERS, 200),
        foreign_draft=dict.fromkeys(READERS, 200),
    ),
    "retract_release": told(all_of(("approver",), 409)),
    "get_watchdog": told(all_of(("editor", "approver", "custodian", "admin"), 200)),
    "set_standing": told(all_of(("admin",), 415)),
    "get_account": told(all_of(("admin",), 200)),
    "change_account": told(all_of(("admin",), 428)),
    "answer_recommendation": told(all_of(("respondent",), 415)),
    "reply_to_verdict": told(all_of(("respondent",), 415)),
    "get_key": SHELL,
    **{name: told(all_of(("admin",), 200)) for name in ("get_webhook", "list_deliveries")},
    **{
        name: told(all_of(("admin",), 415))
        for name in ("test_webhook", "rotate_webhook_secret", "replay_webhook", "stop_webhook")
    },
    "revoke_key": {
        state: {role: 409 if of == 200 else of for role, of in row.items()} for state, row in SHELL.items()
    },
}
#: A respondent is of another organization here: what it may ask for, it gets as a watchdog gets what is another's.
for _operation, _row in ROWS.items():
    if TABLE[_operation] in ("record.read_own", "evidence.ask"):
        for _state in STATES:
            _row[_state] = {**_row[_state], "respondent": _row["foreign draft"]["watchdog"]}
#: What is sent to endpoints that look at the thing before they change it.
STALE: dict[str, Any] = {
    "revise_evidence": {"title": "Another"},
    "retract_evidence": {"reason": "A mistake."},
    "decide_status_change": {"decision": "retract"},
    "revoke_key": {"reason": "replaced"},
    "withdraw_consent": {},
    "correct_consent": {"basis": "informed_consent", "obtained_on": "2030-01-01", "reason": "We asked."},
    "protect_evidence": {"protection": "public", "reason": "It has that level."},
    "decide_proposal": {"decision": "retract"},
    "answer_question": {"text": "On the roof."},
    "retract_question": {},
}


class Things:
    """For each kind one thing in each state; keys of two persons of each role, revoked so that nothing is changed."""

    def __init__(self, world: World, client: FlaskClient) -> None:
        self.world, self.client = world, client
        self.of: dict[tuple[str, str], str] = {}
        other = world.organization("other", "watchdog")
        with world.act(world.editor) as act:
            watchdogs.register_watchdog(act, other, {"since": date(2025, 1, 1)})
        for place, state in enumerate(STATES):
            published = state.endswith("published")
            by = (
                world.watcher
                if state.startswith("own")
                else world.person(f"other {state}", "watchdog", organization=other)
            )
            self._evidence(state, by, published)
            asked = world.recommendation(f"A{place}", publish=published)
            self.of["recommendation", state] = asked
            self.of["committee", state] = world.make_committee(f"c{place}", publish=published)
            self.of["report", state] = world.report(f"r{place}", publish=published)
            self.of["process", state] = world.make_process(f"p{place}", publish=published)
            self.of["deadline", state] = world.deadline(publish=published)
            self.of["organization", state] = world.organization(f"o{place}", "media", publish=published)
            self.of["resource", state] = self._resource(published)
            self.of["indicator", state] = world.indicator(f"i{place}", publish=published)
            about, speaker = world.recommendation(f"B{place}"), by.organization
            self.of["change", state] = (
                world.answer(about, "implementation", "not_started", proposer=world.editor, assessor=speaker)
                if published
                else world.propose(about, "implementation", "not_started", proposer=by)
            ).id
            self.of["person", state] = by.id
            self.of["webhook", state] = self._webhook()
            with world.act(world.editor) as act:
                self.of["note", state] = notes.write_note(act, asked, "Call them.").id
            self.of["tip", state] = ids.make_id("tip", bytes(16))
            self.of["event", state] = ids.make_id("event", bytes(16))
            self.of["watchdog", state] = str(speaker)

    def _webhook(self) -> str:
        sealer = Sealer([bytes(range(32))], bytes)
        with self.world.act(self.world.admin) as act:
            said = {"url": "https://hooks.example/"}
            return webhooks.add_webhook(act, said, sealer, local=False)[0].id

    def _evidence(self, state: str, by: Any, published: bool) -> None:
        world = self.world
        data = {
            "process_id": world.process,
            "title": state,
            "type": "media_report",
            "acquired_from": "public_source",
        }
        with world.act(by) as act:
            made = evidence.submit_evidence(act, {**data, "protection": "public"}).id
            given = Stored(f"{len(self.of):032}", 5, hashlib.sha256(state.encode()).hexdigest())
            file = custody.add_file(
                act, made, custody.ReceivedFile("evidentiary_copy", given, None, "text/plain")
            )
            self.of["file", state] = file.id
            copy = Stored(
                f"{len(self.of) + 500:032}", 5, hashlib.sha256(f"copy {state}".encode()).hexdigest()
            )
            made_copy = custody.add_file(
                act, made, custody.ReceivedFile("public_derivative", copy, None, "text/plain")
            )
            waits = find_waiting(act.session, "public_copy", made_copy.id)
            self.of["proposal", state] = waits.id if waits else ""
        with world.act(world.editor) as act:
            asked = questions.ask_question(act, made, "Where was it filmed?").id
        with world.act(by) as act:
            questions.answer_question(act, asked, "On the roof.")
        self.of["question", state] = asked
        if published:
            world.publish(made)
            world.release(made)
        self.of["evidence", state] = made

    def _resource(self, published: bool) -> str:
        world = self.world
        data = {
            "process_id": world.process,
            "committee_id": world.committee,
            "type": "budget",
            "title": "Money",
        }
        with world.act(world.editor) as act:
            made = resources.record_resource(act, data).id
        return world.publish(made) if published else made

    def key(self, role: str, state: str) -> str:
        name = f"the {role}" if state == "own" else "editor"
        with self.world.act(OPERATOR) as act:
            key, _ = keys.issue_key(act, name)
            keys.revoke_key(act, key.id)
        return key.id

    def find(self, one: Endpoint, role: str, state: str) -> str:
        name = one.names[one.parameters[0]]
        if name == "key":
            return self.key(role, state)
        if one.operation in ("get_watchdog", "set_standing"):
            return self.of["watchdog", state]
        kind = {"subject": "recommendation", "thing": "recommendation"}.get(name, name)
        return self.of[kind, state]


@pytest.fixture(scope="module")
def things(one_world: tuple[Flask, World]) -> Things:
    app, world = one_world
    made = Things(world, app.test_client())
    for role in ROLES:
        speaks = world.government if role == "respondent" else world.watchdog
        world.person(f"the {role}", role, organization=speaks if role in SPEAKING else None)
    return made


NAMING = [one for one in ENDPOINTS if one.parameters and not one.choices]


def ask(client: FlaskClient, one: Endpoint, id: str, headers: dict[str, str], file: str = "") -> Any:
    path = re.sub(r"{\w+}", id, one.path.replace("{file}", file))
    if one.query is not None and "ticket" in one.query().fields:
        path += "?ticket=none"
    more: dict[str, Any] = {}
    if one.operation in STALE:
        more = {"json": STALE[one.operation], "headers": {**headers, "If-Match": f'"{id}-999"'}}
    elif one.receive is not None:
        more = {"data": b"x", "headers": {**headers, "Content-Digest": f"sha-256=:{'A' * 43}=:"}}
    elif one.method != "GET":
        more = {"data": b"\xff{", "content_type": "text/plain"}
    return client.open(path, method=one.method, **{"headers": headers, **more})


def test_every_endpoint_that_names_a_thing_has_its_row() -> None:
    assert {one.operation for one in NAMING} == ROWS.keys()
    for operation, row in ROWS.items():
        assert all(of.keys() == ROLES.keys() for of in row.values()), operation


def test_every_role_gets_at_what_its_row_says_and_at_nothing_else(things: Things) -> None:
    wrong = []
    for one in NAMING:
        for state, expected in ROWS[one.operation].items():
            for role in ROLES:
                headers = {} if one.permission == PUBLIC else things.world.headers(f"the {role}")
                file = things.of.get(("file", state), "")
                status = ask(things.client, one, things.find(one, role, state), headers, file).status_code
                if status != expected[role]:
                    wrong.append((one.operation, state, role, status, expected[role]))
    assert wrong == []


@pytest.mark.parametrize(
    "operation",
    [
        "get_evidence",
        "get_protection",
        "protect_evidence",
        "revise_evidence",
        "retract_evidence",
        "add_file",
        "list_files",
        "get_file",
        "read_file",
        "list_custody",
        "get_status_change",
        "decide_status_change",
    ],
)
def test_what_is_anothers_is_answered_to_a_watchdog_as_what_is_not_there(
    things: Things, operation: str
) -> None:
    one = next(one for one in NAMING if one.operation == operation)
    headers = things.world.headers("the watchdog")
    kind = one.names["id"]
    nothing = ids.make_id(kind, b"\7" * 16)
    missing = ask(things.client, one, nothing, headers, ids.make_id("file", b"\7" * 16))
    assert missing.status_code == 404
    for state in ("foreign draft", "foreign published"):
        id = things.of[kind, state]
        answer = ask(things.client, one, id, headers, things.of["file", state])
        file = things.of["file", state].encode()
        assert (
            answer.data.replace(id.encode(), nothing.encode()).replace(
                file, ids.make_id("file", b"\7" * 16).encode()
            )
            == missing.data
        )
        assert [name for name, _ in answer.headers] == [name for name, _ in missing.headers]


def test_a_watchdog_lists_its_own_and_the_desk_lists_all(things: Things) -> None:
    for kind, plural in (("evidence", "evidence"), ("change", "status-changes")):
        mine = {things.of[kind, state] for state in STATES if state.startswith("own")}
        everything = {things.of[kind, state] for state in STATES}
        seen = {}
        for role in ("watchdog", "editor"):
            answer = things.client.get(
                f"/v1/{plural}?limit=200", headers=things.world.headers(f"the {role}")
            ).json
            seen[role] = {one["id"] for one in answer["items"]}
        assert seen["watchdog"] == mine
        assert seen["editor"] >= everything


def test_keys_are_listed_to_their_holder_and_to_who_manages_people(things: Things) -> None:
    world = things.world
    for role in ROLES:
        listed = things.client.get("/v1/keys?limit=200", headers=world.headers(f"the {role}")).json["items"]
        held = {one.id for one in world.session.query(Key).join(Person).filter(Person.name == f"the {role}")}
        assert {one["id"] for one in listed} >= held
        assert (len(listed) > len(held)) == (role == "admin")
