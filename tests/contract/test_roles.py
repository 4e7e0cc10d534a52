"""Who may call what: every role on every endpoint. A new endpoint without a row in the table below fails.

No key reads the public half; without a good key the private half says 401, with one that lacks the permission 403,
and says so before it has read the body.
"""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import keys, people
from tracker.actions.people import OPERATOR
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.domain import ids
from tracker.domain.people import PUBLIC, ROLES, SPEAKING
from tracker.domain.tracks import SUBJECTS
from tracker.store.people import Key, Person
from tracker.web.desk.view import VIEWS, View

KINDS = ("process", "organization", *SUBJECTS)
PLURALS = ("processes", *(f"{kind}s" for kind in KINDS[1:-1]), "evidence")

#: operation -> the permission it takes. Written by hand: it is what the declarations are held against.
TABLE: dict[str, str] = {
    "get_root": PUBLIC,
    "list_problem_types": PUBLIC,
    "get_problem_type": PUBLIC,
    **{f"list_public_{plural}": PUBLIC for plural in PLURALS},
    **{f"count_public_{plural}": PUBLIC for plural in PLURALS},
    **{f"get_public_{kind}": PUBLIC for kind in KINDS},
    **{f"list_public_{kind}_history": PUBLIC for kind in KINDS},
    "list_public_citations": PUBLIC,
    "list_public_changes": PUBLIC,
    "get_public_event": PUBLIC,
    "count_public_redactions": PUBLIC,
    "get_scoreboard": PUBLIC,
    "search_public": PUBLIC,
    "list_public_vocabularies": PUBLIC,
    "get_public_vocabulary": PUBLIC,
    "list_public_tracks": PUBLIC,
    "get_completeness": PUBLIC,
    "list_public_measures": PUBLIC,
    "list_public_crosswalks": PUBLIC,
    "get_public_crosswalk": PUBLIC,
    "get_public_standing_in_a_scheme": PUBLIC,
    "search_record": "record.read",
    "import_rows": "record.write",
    "export_record": "record.read",
    **{f"list_{plural}": "record.read" for plural in PLURALS[:-1]},
    **{f"get_{kind}": "record.read" for kind in KINDS[:-1]},
    "list_evidence": "record.read_own",
    "get_evidence": "record.read_own",
    **{f"create_{kind}": "record.write" for kind in KINDS[:-1]},
    **{f"revise_{kind}": "record.write" for kind in KINDS[:-1]},
    "create_evidence": "evidence.submit",
    "revise_evidence": "evidence.submit",
    "retract_evidence": "evidence.submit",
    "get_protection": "record.read_own",
    "list_protection_history": "record.read",
    "protect_evidence": "evidence.protect",
    "list_proposals": "proposals.settle",
    "get_proposal": "proposals.settle",
    "decide_proposal": "proposals.settle",
    "undo_import": "record.write",
    "list_audit": "audit.read",
    "read_audit": "evidence.unseal",
    "list_holds": "evidence.redact",
    "list_shared_evidence": "evidence.shared",
    "get_shared_evidence": "evidence.shared",
    "read_sealed": "evidence.unseal",
    "redact_thing": "evidence.redact",
    "redact_words": "evidence.redact",
    "hold_subject": "evidence.redact",
    **dict.fromkeys(
        ("get_tip_box", "open_tip_box", "close_tip_box", "list_tips", "read_tip"),
        "evidence.unseal",
    ),
    **dict.fromkeys(("ask_sender", "take_over_tip", "set_tip_aside", "destroy_tip"), "evidence.unseal"),
    "get_review": "record.read_own",
    "list_uses": "record.read_own",
    "list_questions": "record.read_own",
    "get_question": "record.read_own",
    "answer_recommendation": "answers.give",
    "reply_to_verdict": "answers.give",
    "ask_question": "evidence.ask",
    "answer_question": "evidence.ask",
    "retract_question": "evidence.ask",
    "get_consent": "record.read_own",
    "correct_consent": "evidence.protect",
    "withdraw_consent": "evidence.protect",
    "list_releases": "record.read",
    "add_file": "evidence.submit",
    "submit_with_files": "evidence.submit",
    "list_files": "record.read_own",
    "get_file": "record.read_own",
    "read_file": "record.read_own",
    "get_file_content": "record.read_own",
    "approve_file": "record.publish",
    "get_public_file": PUBLIC,
    "list_custody": "record.read_own",
    "hand_over": "evidence.export",
    "get_package": "evidence.export",
    "register_watchdog": "record.write",
    "adopt_mandate": "record.write",
    "appoint_member": "record.write",
    "add_process_figure": "record.write",
    "refuse_extension": "record.write",
    "add_committee_figure": "record.write",
    "add_report_figure": "record.write",
    "add_resource_figure": "record.write",
    "add_recommendation_figure": "record.write",
    "add_indicator_figure": "record.write",
    "extend_deadline": "record.write",
    "create_deadline_series": "record.write",
    "set_publication": "publication.settle",
    "list_publication_drafts": "record.read",
    "retract_release": "record.publish",
    "propose_status_change": "status.propose",
    "list_status_changes": "record.read_own",
    "get_status_change": "record.read_own",
    "list_work": "record.read_own",
    "count_work": "record.read_own",
    "decide_status_change": "status.settle",
    "get_subject": "record.read_own",
    "list_notes": "work.handle",
    "write_note": "work.handle",
    "retract_note": "work.handle",
    "list_handlings": "work.handle",
    "handle_subject": "work.handle",
    "end_handling": "work.handle",
    "list_demands": "status.propose",
    "list_drafts": "record.read",
    "list_history": "record.read",
    "get_standing": "record.read",
    "get_publication": "record.read",
    "list_mandates": "record.read",
    "list_members": "record.read",
    "list_watchdogs": "watchdogs.read",
    "get_watchdog": "watchdogs.read",
    "set_standing": "people.manage",
    **dict.fromkeys(
        ("create_webhook", "list_webhooks", "get_webhook", "test_webhook", "rotate_webhook_secret"),
        "webhooks.manage",
    ),
    **dict.fromkeys(("replay_webhook", "stop_webhook", "list_deliveries"), "webhooks.manage"),
    "get_me": "self",
    "set_password": "self.manage",
    "set_naming": "self.manage",
    "get_mailbox": "self.manage",
    "set_mailbox": "self.manage",
    "forget_mailbox": "self.manage",
    "list_keys": "keys.manage",
    "get_key": "keys.manage",
    "issue_key": "keys.manage",
    "revoke_key": "self",
    "create_account": "people.manage",
    "list_accounts": "people.manage",
    "list_colleagues": "people.read",
    "get_account": "people.manage",
    "change_account": "people.manage",
}
#: permission -> the roles that have it. By hand as well: widening a role is a decision, never a side effect.
HOLDERS: dict[str, set[str]] = {
    "self": {"watchdog", "partner", "respondent", "editor", "approver", "custodian", "admin"},
    "self.manage": {"watchdog", "partner", "respondent", "editor", "approver", "custodian", "admin"},
    "keys.manage": {"watchdog", "partner", "respondent", "editor", "approver", "custodian", "admin"},
    "proposals.settle": {"watchdog", "editor", "approver", "custodian", "admin"},
    "audit.read": {"custodian", "admin"},
    "evidence.ask": {"watchdog", "respondent", "editor", "approver", "custodian"},
    "answers.give": {"respondent"},
    "evidence.protect": {"watchdog", "editor", "custodian"},
    "evidence.lower": {"approver", "custodian"},
    "evidence.shared": {"partner"},
    "evidence.unseal": {"custodian"},
    "evidence.redact": {"custodian"},
    "record.read": {"editor", "approver", "custodian"},
    "record.read_own": {"watchdog", "respondent", "editor", "approver", "custodian"},
    "watchdogs.read": {"editor", "approver", "custodian", "admin"},
    "people.manage": {"admin"},
    "webhooks.manage": {"admin"},
    "people.read": {"approver", "custodian", "admin"},
    "work.handle": {"editor", "approver", "custodian"},
    "record.write": {"editor"},
    "record.publish": {"approver"},
    "publication.settle": {"editor", "approver"},
    "evidence.submit": {"watchdog", "editor"},
    "evidence.export": {"custodian"},
    "status.propose": {"watchdog", "editor"},
    "status.settle": {"watchdog", "editor", "approver"},
}
NOBODY = ("no key", "suspended", "expired", "revoked", "garbage", "wrong scheme", "bare")
EVERY = [pytest.param(one, id=one.operation) for one in ENDPOINTS]


@pytest.fixture
def credentials(world: World, clock: Clock) -> dict[str, dict[str, str]]:
    """Everybody's headers: one person of each role, and those whose key is good no more."""
    for role in ROLES:
        world.person(f"the {role}", role, organization=world.watchdog if role in SPEAKING else None)
    given = {role: world.headers(f"the {role}") for role in ROLES}
    for name in ("suspended", "expired", "revoked"):
        world.person(name, *ROLES, organization=world.watchdog)
        given[name] = world.headers(name)
    with world.act(OPERATOR) as act:
        people.suspend_person(act, "suspended")
        for name in ("revoked", "expired"):
            key = world.session.scalars(select(Key).join(Person).where(Person.name == name)).one()
            if name == "revoked":
                keys.revoke_key(act, key.id)
            else:
                key.expires_at = clock().astimezone(UTC) - timedelta(seconds=1)
    secret = world.keys["the editor"]
    given["no key"] = {}
    given["garbage"] = {"Authorization": "Bearer trk_" + "x" * 43}
    given["wrong scheme"] = {"Authorization": f"Basic {secret}"}
    given["bare"] = {"Authorization": secret}
    return given


def address(one: Endpoint) -> str:
    """The address of a thing that is not there, so that nothing can be changed."""
    path = one.path
    for name in one.parameters:
        if name in one.choices:
            path = path.replace(f"{{{name}}}", "not-there")
            continue
        path = path.replace(f"{{{name}}}", ids.make_id(one.kinds(name)[0], b"\0" * ids.RANDOM_BYTES))
    wanted = [name for name, field in one.query().fields.items() if field.required] if one.query else []
    return f"{path}?{'&'.join(f'{name}=x' for name in wanted)}" if wanted else path


def call(client: FlaskClient, one: Endpoint, headers: dict[str, str]) -> int:
    """The status of a call whose body is not even JSON."""
    body = {"data": b"\xff{", "content_type": "text/plain"} if one.method != "GET" else {}
    return client.open(address(one), method=one.method, headers=headers, **body).status_code  # type: ignore[arg-type]


def test_every_endpoint_has_its_row_and_every_row_its_endpoint() -> None:
    assert {one.operation: one.permission for one in ENDPOINTS} == TABLE


def test_roles_hold_the_permissions_that_the_table_gives_them() -> None:
    held = {permission: {role for role, may in ROLES.items() if permission in may} for permission in HOLDERS}
    assert held == HOLDERS
    assert set(TABLE.values()) - {PUBLIC} <= HOLDERS.keys()


#: Pages, and what belongs to them: everybody may read them, and nobody may do anything else with them.
PAGE_TABLE: dict[str, str] = {
    "choose_language": PUBLIC,
    "static_file": PUBLIC,
    **{
        f"page_{name}": PUBLIC
        for name in (
            *("home", "process", "changes", "recommendations", "recommendation", "committee", "evidence"),
            *("disagreements", "organization", "search", "methodology", "verify", "language", "missing"),
            *("act", "deadline", "report", "indicators", "indicator", "themes", "recurrence"),
            *("dossier", "dossier_markdown"),
        )
    },
    **{
        f"docs_{name}": PUBLIC
        for name in (
            *("index", "guide", "decisions", "decision", "api", "operations", "schema", "picture"),
            *("to_index", "to_decisions"),
        )
    },
    "page_unknown_language": PUBLIC,
    "page_unknown_language_home": PUBLIC,
    "page_unknown_language_below": PUBLIC,
}


#: screen of the desk -> the permission to see it and, where it has a form, the permission to send that. By hand, too.
DESK_TABLE: dict[str, tuple[str, ...]] = {
    "home": ("self",),
    "login": (PUBLIC, PUBLIC),
    "logout": ("self", "self"),
    "confirm": ("self", "self"),
    "entry": (PUBLIC, PUBLIC),
    "account": ("self",),
    "mailbox": ("self.manage", "self.manage"),
    "confirmation": ("self.manage", "self.manage"),
    "mail_end": ("self.manage", "self.manage"),
    "password": ("self.manage", "self.manage"),
    "phone": ("self.manage", "self.manage"),
    "recovery_codes": ("self.manage", "self.manage"),
    "passkeys": ("self.manage",),
    **dict.fromkeys(("new_passkey", "passkey"), ("self.manage", "self.manage")),
    "passkey_login": (PUBLIC, PUBLIC),
    "passkey_confirm": ("self", "self"),
    **dict.fromkeys(("provider", "provider_answer"), (PUBLIC,)),
    **dict.fromkeys(("identity_login", "vouched_login"), (PUBLIC, PUBLIC)),
    "identity_begin": ("self.manage",),
    **dict.fromkeys(("identity", "new_identity"), ("self.manage", "self.manage")),
    "session": ("self", "self"),
    "note": ("work.handle", "work.handle"),
    "retracted_note": ("work.handle", "work.handle"),
    "handling": ("work.handle", "work.handle"),
    "handling_end": ("work.handle", "work.handle"),
    "assignment": ("people.read", "people.read"),
    "asked": ("answers.give",),
    "answer": ("answers.give", "answers.give"),
    "reply": ("answers.give", "answers.give"),
    "own_keys": ("keys.manage",),
    "own_key": ("keys.manage", "keys.manage"),
    "revocation": ("keys.manage", "keys.manage"),
    "jobs": ("people.manage",),
    "webhooks": ("webhooks.manage",),
    "webhook": ("webhooks.manage",),
    **dict.fromkeys(
        ("new_webhook", "test", "secret", "replay", "stop"), ("webhooks.manage", "webhooks.manage")
    ),
    "watchdogs": ("watchdogs.read",),
    "registration": ("record.write", "record.write"),
    "standing": ("people.manage", "people.manage"),
    "accounts": ("people.manage",),
    "person": ("people.manage",),
    **dict.fromkeys(
        ("invitation", "roles", "suspension", "end", "return", "link", "key", "account_identity"),
        ("people.manage", "people.manage"),
    ),
    "queue": ("record.read_own",),
    "new_filter": ("work.handle", "work.handle"),
    "filter": ("work.handle", "work.handle"),
    "queue_next": ("record.read_own",),
    "silence": ("record.read",),
    "letter": ("record.read",),
    "stale": ("record.read",),
    "audit": ("audit.read",),
    "kept_form": ("self", "self"),
    "decide": ("proposals.settle", "proposals.settle"),
    "propose_status": ("status.propose", "status.propose"),
    "new_verdict": ("status.propose",),
    "reply_to": ("status.propose", "status.propose"),
    "records": ("record.read_own",),
    "thing": ("record.read_own",),
    "publication": ("record.write", "record.write"),
    "drafts": ("record.read",),
    "publishing": ("record.publish", "record.publish"),
    "withdrawal": ("record.publish", "record.publish"),
    **dict.fromkeys(PLURALS, ("record.read",)),
    "evidence": ("record.read_own",),
    **{f"new_{kind}": ("record.write", "record.write") for kind in KINDS},
    "new_evidence": ("evidence.submit", "evidence.submit"),
    **{f"edited_{kind}": ("record.write", "record.write") for kind in KINDS},
    "edited_evidence": ("evidence.submit", "evidence.submit"),
    "analyses": ("record.write", "record.write"),
    "import": ("record.write", "record.write"),
    "pasted": ("record.write", "record.write"),
    "dry_run": ("record.write", "record.write"),
    "proposals": ("proposals.settle",),
    "undo": ("record.write", "record.write"),
    "new_file": ("evidence.submit", "evidence.submit"),
    "redaction": ("evidence.redact", "evidence.redact"),
    "acts": ("evidence.redact",),
    "redacted_act": ("evidence.redact", "evidence.redact"),
    "hold": ("evidence.redact", "evidence.redact"),
    "tips": ("evidence.unseal",),
    **dict.fromkeys(
        ("tip", "tip_message", "tip_evidence", "tip_aside", "tip_destruction"),
        ("evidence.unseal", "evidence.unseal"),
    ),
    **dict.fromkeys(("tip_box", "tip_box_closing"), ("evidence.unseal", "evidence.unseal")),
    "verdicts": ("status.propose",),
    "retraction": ("evidence.submit", "evidence.submit"),
    "extension": ("record.write", "record.write"),
    "refused_extension": ("record.write", "record.write"),
    "new_question": ("evidence.ask", "evidence.ask"),
    "review": ("record.read",),
    "file": ("record.read_own", "record.read_own"),
    "question": ("evidence.ask", "evidence.ask"),
}
#: Screens that only lead on; of two, to a provider that is not there in these tests.
ELSEWHERE = {"queue_next": 303, "dry_run": 303, "provider": 503, "identity_begin": 503}
#: Pages of the tip boxes: anybody reads them, and anybody sends their forms.
TIP_TABLE = {"tips", "tip_added", "tip_back", "tip_box"}
#: Pages on which anybody follows by mail: anybody reads them, and anybody sends their forms.
FOLLOW_TABLE = {"follow", "follow_confirmation", "follow_end", "follow_digests_end"}
#: Addresses of the desk that only lead on to its home.
DESK_WAYS = ("desk", "desk_choose")


def test_every_screen_of_the_desk_has_its_row_and_every_row_its_screen(app: Flask) -> None:
    declared = {
        name: (one.permission,) if one.act is None else (one.permission, one.act.permission)
        for name, one in VIEWS.items()
    }
    assert declared == DESK_TABLE
    routes = {rule.endpoint: rule.methods for rule in app.url_map.iter_rules() if "/desk" in rule.rule}
    assert routes.keys() - DESK_WAYS == {f"desk_{name}" for name in DESK_TABLE}
    for name, permissions in DESK_TABLE.items():
        assert routes[f"desk_{name}"] == {"GET", "HEAD", *(["POST"] if len(permissions) == 2 else [])}


def test_a_screen_is_shown_to_the_roles_that_may_see_it_and_to_nobody_else(app: Flask, world: World) -> None:
    wrong = []
    for role in (None, *ROLES):
        browser = Browser(app)
        if role is not None:
            organization = world.watchdog if role in SPEAKING else None
            browser.enter(world, world.person(f"the {role}", role, organization=organization))
        for name, permissions in DESK_TABLE.items():
            path = address_of_screen(VIEWS[name])
            for method, permission in zip(("GET", "POST"), permissions, strict=False):
                status = knock(browser, method, path, known=role is not None)
                if permission != PUBLIC and role is None:
                    fits = status == 303
                elif permission != PUBLIC and role not in HOLDERS[permission]:
                    fits = status == 403
                elif asks(VIEWS[name]):
                    fits = status == 422
                else:  # a thing that is not there, or a form in which nothing stands
                    there = 415 if method == "POST" else ELSEWHERE.get(name, 200)
                    fits = status == (404 if VIEWS[name].parts and method == "GET" else there)
                if not fits:
                    wrong.append((role, name, method, status))
    assert wrong == []


def knock(browser: Browser, method: str, path: str, *, known: bool) -> int:
    """Ask for a screen, or send its form in a way that does nothing."""
    if method == "GET":
        return browser.read(path).status_code
    return browser.post(
        path, {} if known or path.startswith("/login") else {"text": "What I saw"}
    ).status_code


def address_of_screen(one: View) -> str:
    """The address of a screen about a thing that is not there."""
    path = one.path
    for part, kinds in one.names.items():
        path = path.replace(f"{{{part}}}", ids.make_id(kinds[0], b"\0" * ids.RANDOM_BYTES))
    return path


def test_no_address_answers_that_was_not_declared(app: Flask) -> None:
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
        if not rule.rule.startswith("/openapi.")  # the contract itself
        if rule.endpoint not in {*PAGE_TABLE, *TIP_TABLE, *FOLLOW_TABLE} and "/desk" not in rule.rule
    }
    assert routes == {(one.path, one.method) for one in ENDPOINTS}
    boxes = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/<language:language>/tips")]
    assert {rule.endpoint for rule in boxes} == TIP_TABLE
    pages = [rule for rule in app.url_map.iter_rules() if rule.endpoint in PAGE_TABLE]
    assert {rule.endpoint for rule in pages} == set(PAGE_TABLE)
    assert {method for rule in pages for method in rule.methods or ()} == {"GET", "HEAD"}


def test_the_two_halves_are_told_apart_by_their_path() -> None:
    for one in ENDPOINTS:
        public = one.path.startswith(("/v1/public", "/problems"))
        assert public == (one.permission == PUBLIC), one.path
        assert one.method == "GET" or not public, one.path


def asks(one: Endpoint | View) -> bool:
    """Whether there is a question without which nothing is answered."""
    return one.query is not None and any(field.required for field in one.query().fields.values())


def test_whoever_lacks_the_permission_is_refused_before_the_body_is_read(
    client: FlaskClient, credentials: dict[str, dict[str, str]]
) -> None:
    wrong = []
    for one in ENDPOINTS:
        permission = TABLE[one.operation]
        for who, headers in credentials.items():
            status = call(client, one, headers)
            if permission == PUBLIC:
                fits = status in (200, 404, 422 if asks(one) else 200)
            elif who in NOBODY:
                fits = status == 401
            elif who in HOLDERS[permission]:
                read = (200, 422) if asks(one) else (404,) if one.parameters else (200,)
                unread = (415,) if one.body is not None or one.form is not None else (404,)
                fits = status in {"GET": read, "POST": unread, "PATCH": (428,)}[one.method]
            else:
                fits = status == 403
            if not fits:
                wrong.append((who, one.operation, status))
    assert wrong == []


@pytest.mark.parametrize("one", [one for one in EVERY if one.values[0].method != "GET"])  # type: ignore[union-attr]
def test_a_body_stays_unread_until_its_sender_is_known(client: FlaskClient, one: Endpoint) -> None:
    class Unread:
        def read(self, *_args: object) -> bytes:
            raise AssertionError("the body was read")

        readline = readlines = read

    environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": "10", "CONTENT_TYPE": "application/json"}
    answer = client.open(address(one), method=one.method, environ_overrides=environ)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_what_is_wrong_with_a_key_is_not_said(
    client: FlaskClient, credentials: dict[str, dict[str, str]]
) -> None:
    answers = {client.get("/v1/processes", headers=credentials[who]).data for who in NOBODY}
    assert len(answers) == 1


def test_a_key_changes_nothing_about_a_public_answer(
    client: FlaskClient, world: World, credentials: dict[str, dict[str, str]]
) -> None:
    for path in (
        "/v1/public",
        "/v1/public/processes",
        f"/v1/public/processes/{world.process}",
        "/v1/public/changes",
    ):
        answers = {client.get(path, headers=headers).data for headers in credentials.values()}
        assert len(answers) == 1, path
