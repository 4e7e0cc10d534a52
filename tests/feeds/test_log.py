"""`/log/…` serves the signed log as C2SP tlog-tiles lays it out, to anybody, for ever, and neither signs nor writes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.actions.test_signing import ORIGIN
from tests.draws import draws
from tests.public.assertions import dump
from tests.world import World
from tracker.actions import publication
from tracker.actions.operations import signing, succession
from tracker.actions.operations.signing import Keyring
from tracker.actions.people import OPERATOR
from tracker.public import log
from tracker.public.tables import log as public_log
from tracker.store.database import db
from tracker.tlog import proof, tiles, tree
from tracker.tlog.checkpoint import Checkpoint
from tracker.tlog.commitment import opens
from tracker.tlog.errors import NotServed
from tracker.tlog.proof import open_checkpoint
from tracker.tlog.succession import open_succession
from tracker.tlog.successors import verify_with_successors
from tracker.tlog.verify import verify

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def keyring(world: World, tmp_path: Path) -> Keyring:
    with world.act(OPERATOR) as act:
        made = signing.create_log(act, ORIGIN, tmp_path / "log.key")
    with world.act(OPERATOR) as act:
        signing.sign_log(act, made)
    return made


def grow(world: World, keyring: Keyring, entries: int) -> None:
    """Anchors are the quickest public acts there are."""
    for _ in range(entries):
        with world.act(OPERATOR) as act:
            signing.anchor_internal_log(act)
    with world.act(OPERATOR) as act:
        signing.sign_log(act, keyring)


def fetch(client: FlaskClient):  # type: ignore[no-untyped-def]  # a Fetch
    def get(path: str) -> bytes:
        answer = client.get(f"/log/{path}")
        if answer.status_code != 200:
            raise NotServed(path, answer.status_code)
        return answer.data

    return get


def test_a_stranger_verifies_what_is_served(world: World, keyring: Keyring, client: FlaskClient) -> None:
    key = keyring.signers[0].public
    first = verify(fetch(client), key, workers=1).checkpoint
    grow(world, keyring, 250)
    later = verify(fetch(client), key, first, workers=1).checkpoint
    assert later.size == first.size + 250 > tiles.FULL


def test_before_the_first_signature_there_is_no_log(world: World, client: FlaskClient) -> None:
    assert public_log.size(world.session.connection()) > 0
    for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1", "proof/0"):
        answer = client.get(f"/log/{path}")
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_the_unsigned_end_is_not_public_yet(world: World, keyring: Keyring, client: FlaskClient) -> None:
    size = public_log.size(world.session.connection())
    with world.act(OPERATOR) as act:
        signing.anchor_internal_log(act)
    assert client.get(f"/log/tile/0/000.p/{size}").status_code == 200
    for path in (f"tile/0/000.p/{size + 1}", f"tile/entries/000.p/{size + 1}", f"proof/{size}"):
        assert client.get(f"/log/{path}").status_code == 404
    assert client.get(f"/log/proof/{size - 1}").status_code == 200


def test_every_width_up_to_the_signed_size_is_served_and_never_changes(
    world: World, keyring: Keyring, client: FlaskClient
) -> None:
    size = public_log.size(world.session.connection())
    before = {width: client.get(f"/log/tile/entries/000.p/{width}").data for width in range(1, size + 1)}
    hashes = {width: client.get(f"/log/tile/0/000.p/{width}").data for width in range(1, size + 1)}
    grow(world, keyring, 3)
    for width, body in before.items():
        assert client.get(f"/log/tile/entries/000.p/{width}").data == body
        assert client.get(f"/log/tile/0/000.p/{width}").data == hashes[width]
        leaves = [tree.leaf_hash(entry) for entry in tiles.parse_bundle(body, width)]
        assert b"".join(leaves) == hashes[width]


def test_what_never_changes_is_kept_for_ever_and_the_checkpoint_for_seconds(
    world: World, keyring: Keyring, client: FlaskClient
) -> None:
    for path, cached, kind in (
        ("tile/0/000.p/1", FOR_EVER, "application/octet-stream"),
        ("tile/entries/000.p/1", FOR_EVER, "application/octet-stream"),
        ("checkpoint", "public, max-age=5", "text/plain; charset=utf-8"),
        ("proof/0", "public, max-age=5", "text/plain; charset=utf-8"),
    ):
        answer = client.get(f"/log/{path}")
        assert answer.headers["Cache-Control"] == cached
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert "Set-Cookie" not in answer.headers
        tag = answer.headers["ETag"]
        again = client.get(f"/log/{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        head = client.head(f"/log/{path}")
        assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_log_is_only_read(client: FlaskClient, method: str) -> None:
    answer = client.open("/log/checkpoint", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_what_was_added_to_an_address_of_the_log_changes_nothing(client: FlaskClient) -> None:
    assert client.get("/log/checkpoint?utm_source=x").data == client.get("/log/checkpoint").data


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0/x000/001",
        "tile/00/000.p/1",
        "tile/0/1",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/010",
        "tile/64/000.p/1",
        "tile/0/000.p/1%0A",
        "tile/0/%D9%A0%D9%A0%D9%A0.p/1",
        "tile/0/../0/000.p/1",
        "proof/",
        "proof/00",
        "proof/-1",
        "proof/1.0",
        "proof/٣",
        "proof/999999999999999999999",
        "checkpoint/",
        "Checkpoint",
        "tile/7/000.p/1",
        "tile/0/x001/x234/067",
        "tile/62/x999/x999/999",
    ],
)
def test_a_path_has_one_spelling_and_every_other_is_nothing(
    world: World, keyring: Keyring, client: FlaskClient, path: str
) -> None:
    assert client.get(f"/log/{path}").status_code == 404


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=draws(25))
@given(st.text(st.sampled_from("0123456789x/.p tile entries"), max_size=40))
def test_no_path_is_an_accident(app: Flask, path: str) -> None:
    answer = app.test_client().get(f"/log/{path}")
    assert answer.status_code in (404, 422)


def test_reading_writes_nothing(world: World, keyring: Keyring, client: FlaskClient) -> None:
    world.session.rollback()
    before = dump(world.session)
    size = public_log.size(world.session.connection())
    for path in ("checkpoint", f"proof/{size - 1}", "tile/0/000.p/3", "tile/entries/000.p/3"):
        assert client.get(f"/log/{path}").status_code == 200
    world.session.rollback()
    assert dump(world.session) == before


def test_a_proof_proves_its_entry_and_no_other(world: World, keyring: Keyring, client: FlaskClient) -> None:
    key = keyring.signers[0].public
    entries = public_log.entries(world.session.connection(), 0, 9)
    for index, entry in enumerate(entries):
        found = proof.parse(client.get(f"/log/proof/{index}").data)
        assert found.index == index
        assert found.verify(entry, key).size == public_log.size(world.session.connection())
        with pytest.raises(Exception, match="does not lead"):
            found.verify(entries[index - 1], key)


# ---------------------------------------------------------------- what is said of it elsewhere


def test_an_act_says_how_to_verify_it(world: World, keyring: Keyring, client: FlaskClient) -> None:
    said = client.get("/v1/public/changes").json["items"][4]
    event = client.get(f"/v1/public/events/{said['id']}").json
    assert event["log"]["origin"] == ORIGIN
    entry, disclosure, salt = (raw(event[name]) for name in ("entry", "disclosure", "salt"))
    assert public_log.entries(
        world.session.connection(), event["log"]["index"], event["log"]["index"] + 1
    ) == [entry]
    assert opens(json.loads(entry)["commit"], salt, disclosure)
    assert json.loads(disclosure) == said


def raw(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def test_what_was_withdrawn_is_still_in_the_log_and_is_opened_no_more(
    world: World, keyring: Keyring, client: FlaskClient
) -> None:
    gone = world.recommendation("C1")
    world.withdraw(gone)
    acts = [act for act in client.get("/v1/public/changes").json["items"] if act["subject"] == gone]
    assert len(acts) == 2
    for act in acts:
        event = client.get(f"/v1/public/events/{act['id']}").json
        assert event["disclosure"] is event["salt"] is None
        assert json.loads(raw(event["entry"]))["subject"] == gone


def test_an_anchor_is_an_act_that_nothing_public_opens(
    world: World, keyring: Keyring, client: FlaskClient
) -> None:
    grow(world, keyring, 1)
    act = client.get("/v1/public/changes").json["items"][-1]
    event = client.get(f"/v1/public/events/{act['id']}").json
    assert (event["kind"], event["subject"], event["process"]) == ("internal.anchor", None, None)
    assert event["disclosure"] is event["salt"] is None
    assert json.loads(raw(event["entry"]))["commit"] == event["commit"]


def test_a_document_names_the_last_act_on_it(world: World, keyring: Keyring, client: FlaskClient) -> None:
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "not_started")
    said = client.get(f"/v1/public/recommendations/{asked}").json["last_act"]
    event = client.get(said["event"]).json
    assert (event["subject"], event["kind"]) == (asked, "status.changed")
    assert event["log"]["index"] == said["index"]


def test_the_feeds_carry_the_checkpoint_that_covers_them(
    world: World, keyring: Keyring, client: FlaskClient
) -> None:
    key = keyring.signers[0].public
    status, changes = "/feeds/coast/status.json", "/feeds/coast/changes.json"
    asked = world.recommendation("C1")
    before = client.get(status)
    assert before.json["checkpoint"] is None
    assert client.get(changes).json["_tracker"] == {"checkpoint": None}
    with world.act(OPERATOR) as act:
        signing.sign_log(act, keyring)
    after = client.get(status)
    assert after.headers["ETag"] != before.headers["ETag"]
    found = open_checkpoint(after.json["checkpoint"].encode(), key)
    assert found.size > client.get(f"/v1/public/recommendations/{asked}").json["last_act"]["index"]
    assert client.get(changes).json["_tracker"]["checkpoint"] == after.json["checkpoint"]
    grow(world, keyring, 1)  # a later checkpoint, of things that are not of this process, changes nothing
    assert client.get(status).data == after.data
    assert client.get(status).headers["ETag"] == after.headers["ETag"]


def test_an_act_over_rest_is_signed_when_its_answer_is_there(
    world: World, keyring: Keyring, app: Flask, client: FlaskClient
) -> None:
    settings = app.extensions["tracker"].settings
    object.__setattr__(settings, "log_key", keyring.path)
    asked = world.recommendation("C1", publish=False)
    with world.act(world.editor) as act:
        waits = publication.propose_publication(act, [asked]).id
    client.post(
        f"/v1/proposals/{waits}/decision", json={"decision": "approve"}, headers=world.headers("approver")
    )
    world.session.rollback()
    found = log.last_checkpoint(world.session.connection())
    assert found is not None
    assert found[0].size == public_log.size(world.session.connection())
    assert db.engine is not None


def test_the_statement_that_closes_a_log_is_served_and_the_pages_say_it(
    world: World, client: FlaskClient, keyring: Keyring
) -> None:
    assert client.get("/log/succession/0").status_code == 404
    assert "closed" not in client.get("/en/verify").text
    keyring.mark.write_text(Checkpoint(ORIGIN, 99, bytes(32)).text)
    with world.act(OPERATOR) as act:
        made, said = succession.close_log(
            act, keyring, "tracker.example/log-2", keyring.path.with_name("2.key"), "<A disk> failed."
        )
    with world.act(OPERATOR) as act:
        signing.sign_log(act, made)
    answer = client.get("/log/succession/0")
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert open_succession(answer.data) == said
    followed = verify_with_successors(fetch(client), keyring.signers[0].public, None, None)
    assert (followed.key, followed.closed) == (made.signers[0].public, (said,))
    for language in ("en", "ar", "fr"):
        page = client.get(f"/{language}/verify").text
        assert "&lt;A disk&gt; failed." in page
        assert 'href="/log/succession/0"' in page
        assert "tracker.example/log-2" in page
    for wrong in ("1", "00", "-1", "0/", "99999"):
        assert client.get(f"/log/succession/{wrong}").status_code == 404
