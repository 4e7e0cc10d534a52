"""Administration in the browser: accounts, links by which people come to the desk, keys. What gives more to somebody
takes a second admin and a day, here as everywhere.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.web.desk.test_account import OTHER, code_now, secret_of
from tests.world import World
from tracker.actions import identities, people
from tracker.store.audit import AuditEntry
from tracker.store.people import Person


@pytest.fixture
def admin(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.admin)


def decide_last(app: Flask, world: World, clock: Clock, name: str) -> int:
    """What a second admin is answered who approves, a day later, what waits longest."""
    clock.move(days=1)
    second = Browser(app).enter(world, world.person(name, "admin"))
    waits = re.findall(r'href="/en/desk(/decide/prp_\w+)"', second.read("/accounts").text)
    return second.send(waits[0], {"decision": "approve"}).status_code


def account_of(world: World, name: str) -> Person:
    world.session.rollback()
    found = people.people.find_person_by_name(world.session, name)
    assert found is not None
    return found


def test_who_is_invited_by_an_admin_comes_in_once_a_second_admin_has_approved_it(
    admin: Browser, app: Flask, world: World, clock: Clock
) -> None:
    assert "24 hours later at the earliest" in admin.read("/accounts/new").text
    nobody = admin.send("/accounts/new", {"name": "amal", "roles": "watchdog"})
    assert nobody.status_code == 422
    assert '<a href="#field-organization">' in nobody.text
    made = admin.send("/accounts/new", {"name": "amal", "roles": "editor"})
    (link,) = re.findall(r"/en/desk(/entry\?link=[\w-]+)</code>", made.text)
    guest = Browser(app)
    assert guest.read(link).status_code == 404, "nobody has approved it"
    assert decide_last(app, world, clock, "second") == 303
    shown = guest.read(link)
    secret = secret_of(shown)
    given = {"secret": secret, "code": code_now(clock, secret), "password": OTHER}
    assert "Recovery codes" in guest.send(link, given).text
    assert "<bdi>amal</bdi>" in guest.read("/").text
    page = Browser(app).enter(world, world.admin).read(f"/accounts/{account_of(world, 'amal').id}").text
    assert "Editor" in page
    assert "Not yet: they need a link." not in page


def test_an_admin_reads_whom_a_provider_knows_and_ends_the_link(
    admin: Browser, app: Flask, world: World
) -> None:
    account = f"/accounts/{world.editor.id}"
    assert admin.read(f"{account}/identity").status_code == 404
    with world.act(world.editor) as act:
        identities.link_identity(act, "https://login.example", "5f0c2d1e")
    shown = admin.read(account).text
    assert "<bdi>https://login.example</bdi> knows them as <bdi>5f0c2d1e</bdi>." in shown
    assert f'href="/en/desk{account}/identity"' in shown
    assert Browser(app).enter(world, world.approver).read(f"{account}/identity").status_code == 403
    done = admin.send(f"{account}/identity", {})
    assert done.headers["Location"] == f"/en/desk{account}?done=account_identity"
    assert "5f0c2d1e" not in admin.read(account).text
    assert ("identity.unlink", world.editor.id) in [
        (one.verb, one.target_id)
        for one in world.session.query(AuditEntry).filter_by(person_id=world.admin.id)
    ]


def test_a_link_that_takes_the_place_of_another_ends_what_waits_for_that(
    admin: Browser, app: Flask, world: World, clock: Clock
) -> None:
    path = f"/accounts/{world.editor.id}/link"
    first, last = (
        re.findall(r"/en/desk(/entry\?link=[\w-]+)</code>", admin.send(path, {}).text)[0] for _ in range(2)
    )
    assert admin.read("/accounts").text.count("/decide/prp_") == 1
    assert decide_last(app, world, clock, "second") == 303
    assert [Browser(app).read(one).status_code for one in (first, last)] == [404, 200]


def test_roles_are_taken_away_at_once_and_given_by_two(
    admin: Browser, app: Flask, world: World, clock: Clock
) -> None:
    path = f"/accounts/{world.reviewer.id}"
    assert admin.send(f"{path}/roles", {"roles": "editor"}).status_code == 303
    assert account_of(world, "reviewer").roles == ["editor"]
    assert admin.send(f"{path}/roles", {"roles": ["editor", "custodian"]}).status_code == 303
    assert account_of(world, "reviewer").roles == ["editor"]
    page = admin.read(path).text
    assert "Somebody shall have other roles" in page
    stale = admin.send(f"{path}/roles", {"roles": "approver"}, version="1")
    assert stale.status_code == 412
    assert decide_last(app, world, clock, "second") == 303
    assert account_of(world, "reviewer").roles == ["custodian", "editor"]
    again, limited = Browser(app).enter(world, world.admin), {"roles": "editor", "processes": world.process}
    assert again.send(f"{path}/roles", limited).status_code == 303
    assert account_of(world, "reviewer").processes == [world.process]
    assert "<dd><bdi>Coast</bdi></dd>" in again.read(path).text
    own = again.send(f"/accounts/{world.admin.id}/roles", {"roles": "admin"})
    assert own.status_code == 403


def test_who_is_suspended_is_out_at_once_and_comes_back_by_two(
    admin: Browser, app: Flask, world: World, clock: Clock
) -> None:
    editor, path = Browser(app).enter(world, world.editor), f"/accounts/{world.editor.id}"
    assert admin.send(f"{path}/suspension", {}).status_code == 303
    assert editor.read("/").status_code == 303
    assert admin.send(f"{path}/return", {}).status_code == 303
    assert "Suspended since" in admin.read(path).text
    assert decide_last(app, world, clock, "second") == 303
    assert account_of(world, "editor").suspended_at is None


def test_an_account_ends_for_good_and_others_had_it_until_then(
    admin: Browser, app: Flask, world: World
) -> None:
    path = f"/accounts/{world.editor.id}"
    wrong = admin.send(f"{path}/suspension", {"stolen_since": "2099-01-01T00:00:00Z"})
    assert (wrong.status_code, "must not lie in the future" in wrong.text) == (422, True)
    assert admin.send(f"{path}/suspension", {"stolen_since": "2026-11-22T00:00:00Z"}).status_code == 303
    assert "only the audit trail knows their name" in admin.read(f"{path}/end").text
    assert admin.send(f"{path}/end", {}).headers["Location"] == "/en/desk/accounts?done=end"
    assert path not in admin.read("/accounts").text
    assert "This account has ended." in admin.read(path).text
    assert account_of(world, "editor").ended_at is not None


def test_a_key_is_shown_once_and_revoked_by_its_holder(app: Flask, world: World) -> None:
    editor = Browser(app).enter(world, world.editor)
    beyond = editor.send("/account/keys/new", {"days": "366"})
    assert beyond.status_code == 422
    issued = editor.send("/account/keys/new", {"days": "30", "scope": "record.read"})
    (secret,) = re.findall(r"<code>(trk_[\w-]+)</code>", issued.text)
    headers = {"Authorization": f"Bearer {secret}"}
    me = editor.client.get("/v1/me", headers=headers).json
    assert me is not None
    assert me["permissions"] == ["record.read", "record.read_own", "self"]
    listed, key = editor.read("/account/keys").text, f"/keys/{me['key']['id']}"
    assert (secret in listed, f"/en/desk{key}" in listed) == (False, True)
    done = editor.send(key, {"reason": "leaked"})
    assert done.headers["Location"] == "/en/desk/account/keys?done=revocation"
    assert editor.client.get("/v1/me", headers=headers).status_code == 401
    stranger = Browser(app).enter(world, world.approver)
    assert stranger.read(key).status_code == 404


def test_a_key_that_an_admin_gives_waits_for_a_second_admin(
    admin: Browser, app: Flask, world: World, clock: Clock
) -> None:
    issued = admin.send(f"/accounts/{world.editor.id}/key", {"days": "30"})
    (secret,) = re.findall(r"<code>(trk_[\w-]+)</code>", issued.text)
    headers = {"Authorization": f"Bearer {secret}"}
    assert admin.client.get("/v1/me", headers=headers).status_code == 401
    assert decide_last(app, world, clock, "second") == 303
    assert admin.client.get("/v1/me", headers=headers).status_code == 200
