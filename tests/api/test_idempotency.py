"""An Idempotency-Key: a request is acted on once, what it made is told again to whoever asked, and to nobody else.

Both databases, for what a row, a lock and a rollback do is theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from tests.api.factories import dump
from tests.api.http_client import KEY, PRESS, RepeatingClient
from tests.conftest import SECRET, Clock
from tests.world import World
from tracker.actions import custody, keys, people, redaction
from tracker.actions.people import OPERATOR
from tracker.actions.support import idempotency
from tracker.actions.support.idempotency import Outcome
from tracker.domain.service_errors import DiskFull, InFlight
from tracker.files.files import Stored
from tracker.store import idempotency as kept
from tracker.store.audit import AuditEntry
from tracker.store.database import db


def test_the_same_request_again_gets_the_first_answer_and_is_not_acted_on_again(
    desk: RepeatingClient,
) -> None:
    first = desk.send()
    again = desk.send()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    for name in ("ETag", "Location", "Content-Type", "Cache-Control"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]
    assert desk.organizations() == 1


def test_without_a_key_nothing_is_kept(desk: RepeatingClient) -> None:
    assert desk.send(key=None).status_code == 201
    desk.refused("slug-taken", 409, key=None)
    assert desk.rows() == []


def test_another_request_under_the_key_is_refused(desk: RepeatingClient) -> None:
    desk.send()
    before = dump(desk.app)
    desk.refused("idempotency-key-reused", 422, body={**PRESS, "slug": "other"})
    desk.refused("idempotency-key-reused", 422, body={}, path="/v1/keys")
    assert dump(desk.app) == before


def test_a_decision_on_another_version_is_another_request(desk: RepeatingClient) -> None:
    change = desk.world.propose(desk.world.recommendation("C1"), "implementation", "stalled").id
    path = f"/v1/status-changes/{change}/decision"
    headers = {**desk.world.headers("approver"), "Idempotency-Key": KEY}
    client = desk.app.test_client()
    tag = client.get(f"/v1/status-changes/{change}", headers=headers).headers["ETag"]
    said = [
        client.post(path, json={"decision": "approve"}, headers={**headers, **more}).status_code
        for more in ({"If-Match": '"stale"'}, {"If-Match": tag}, {"If-Match": tag}, {})
    ]
    assert said == [412, 200, 200, 422]


def test_two_callers_with_the_same_key_know_nothing_of_each_other(desk: RepeatingClient) -> None:
    desk.send()
    desk.refused("slug-taken", 409, by="reviewer")
    other = desk.send({**PRESS, "slug": "second"}, by="reviewer")
    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other.headers


def test_a_second_key_of_the_same_person_is_another_caller(desk: RepeatingClient) -> None:
    """A key that is limited to less must not be told what a better one was given, a new key among it."""
    body = {"scope": ["keys.manage"]}
    first = desk.send(body, path="/v1/keys")
    assert first.status_code == 201
    desk.world.keys["limited"] = first.get_json()["secret"]
    again = desk.send(body, path="/v1/keys", by="limited")
    assert again.status_code == 201
    assert again.get_json()["secret"] != first.get_json()["secret"]


def test_a_new_key_is_told_again_without_its_secret_and_is_one_key(desk: RepeatingClient) -> None:
    first, again = desk.send({}, path="/v1/keys"), desk.send({}, path="/v1/keys")
    assert again.get_json() == {**first.get_json(), "secret": None}
    assert len(_ids(desk)) == len(desk.world.keys) + 1
    desk.world.keys["new"] = first.get_json()["secret"]
    assert desk.app.test_client().get("/v1/me", headers=desk.world.headers("new")).status_code == 200


def test_a_repetition_tells_what_it_made_as_it_is_now(desk: RepeatingClient) -> None:
    first = desk.send()
    id, tag = first.get_json()["id"], first.headers["ETag"]
    headers = {**desk.world.headers("editor"), "If-Match": tag}
    changed = desk.app.test_client().patch(f"/v1/organizations/{id}", json={"name": "Other"}, headers=headers)
    again = desk.send()
    assert (again.status_code, again.get_json()["id"], again.get_json()["name"]) == (201, id, "Other")
    assert again.headers["ETag"] == changed.headers["ETag"] != tag


def test_a_key_that_reads_nothing_is_told_again_what_it_made(desk: RepeatingClient) -> None:
    writes = desk.send({"scope": ["record.write"]}, path="/v1/keys", key=None).get_json()["secret"]
    desk.world.keys["writes"] = writes
    first, again = desk.send(by="writes"), desk.send(by="writes")
    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    other = desk.app.test_client().get(first.headers["Location"], headers=desk.world.headers("writes"))
    assert other.status_code == 403


def test_who_holds_the_database_reads_nothing_in_it(desk: RepeatingClient) -> None:
    secret = desk.send({}, path="/v1/keys").get_json()["secret"]
    body = {**PRESS, "name": "Marked as nobody's business"}
    desk.send(body, key="another-key")
    rows = desk.rows()
    assert len(rows) == 2
    told = b" ".join(value for row in rows for value in row if isinstance(value, bytes))
    ids = [desk.world.editor.id, *(row[0] for row in _ids(desk))]
    for known in (secret, KEY, "another-key", body["name"], body["slug"], "organizations", "201", *ids):
        assert known.encode() not in told
    # Neither does whoever also guesses the request, without the secret of the server.
    request = json.dumps(body).encode()
    guessed = idempotency.make_request_key(
        "another-key", ids[0], request, "another secret of a server", bytes
    )
    assert not {guessed.digest, guessed.fingerprint} & {value for row in rows for value in row}


def _ids(desk: RepeatingClient) -> list[Any]:
    with desk.app.app_context():
        return list(db.session.connection().execute(text("SELECT id FROM key")))


def test_a_refused_request_may_be_mended_under_the_same_key(desk: RepeatingClient) -> None:
    desk.send(key=None)
    desk.refused("slug-taken", 409)
    assert desk.rows() == []
    assert desk.send({**PRESS, "slug": "mended"}).status_code == 201


def test_what_went_wrong_on_our_side_may_be_tried_again(
    desk: RepeatingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_given: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "sweep_requests", fall)  # after the act, before its commit
        headers = {**desk.world.headers("editor"), "Idempotency-Key": KEY}
        answer = Client(desk.app).post("/v1/organizations", json=PRESS, headers=headers)
        assert answer.status_code == 500
    assert (desk.rows(), desk.organizations()) == ([], 0)
    assert desk.send().status_code == 201


def test_who_cannot_be_given_up_on_a_full_disk_says_when_the_same_may_be_sent_again(
    desk: RepeatingClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_given: Any) -> None:
        raise DiskFull("nothing was recorded; the operators have to make room")

    with monkeypatch.context() as full:
        full.setattr(idempotency, "sweep_requests", fill)
        full.setattr(idempotency, "give_up_request", fill)
        answer = desk.refused("disk-full", 507)
    wait = int(answer.headers["Retry-After"])
    desk.refused("in-flight", 409)
    clock.move(seconds=wait)
    assert desk.send().status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "schlüssel", "tab\there"])
def test_a_malformed_key_is_refused(desk: RepeatingClient, key: str) -> None:
    answer = desk.refused("bad-request", 400, key=key)
    assert "Idempotency-Key must be" in answer.get_json()["detail"]
    assert desk.organizations() == 0


def test_a_key_of_255_characters_is_one(desk: RepeatingClient) -> None:
    assert [desk.send(key="!" + "~" * 254).status_code for _ in range(2)] == [201, 201]


# ---------------------------------------------------------------- for a day, and for its caller


def test_after_a_day_the_key_is_forgotten_and_its_row_is_gone(desk: RepeatingClient, clock: Clock) -> None:
    desk.send()
    clock.move(hours=23, minutes=59)
    assert desk.send().headers["Idempotency-Replayed"] == "true"
    clock.move(minutes=1)
    desk.refused("slug-taken", 409)
    assert desk.rows() == []


def test_any_write_sweeps_what_is_a_day_old(desk: RepeatingClient, clock: Clock) -> None:
    desk.send()
    clock.move(hours=24)
    desk.send({**PRESS, "slug": "later"}, key=None)
    assert desk.rows() == []


def test_a_revoked_key_is_told_nothing(desk: RepeatingClient) -> None:
    desk.send()
    with desk.app.app_context(), desk.world.act(OPERATOR) as act:
        for (id,) in _ids(desk):
            keys.revoke_key(act, id)
    desk.refused("not-authenticated", 401)


def test_who_may_no_longer_do_it_is_not_told_that_they_did(desk: RepeatingClient) -> None:
    desk.send()
    with desk.app.app_context(), desk.world.act(OPERATOR) as act:
        version = people.find_person(act.session, desk.world.editor.id).version
        people.change_person(act, desk.world.editor.id, {"roles": ["custodian"]}, version)
    desk.refused("not-permitted", 403)


@pytest.mark.parametrize(
    ("path", "body", "verb"),
    [
        ("sealed/reading", {}, "evidence.unseal"),
        ("files/{file}/access", None, "custody.access"),
        ("package", {"recipient": "inquiry"}, "custody.transfer"),
    ],
)
def test_what_is_read_on_record_is_never_answered_from_what_was_kept(
    desk: RepeatingClient, path: str, body: Any, verb: str
) -> None:
    """The same key, sent again, is another reading: the trail shows each, and nothing of it lies in the table."""
    desk.world.person("keeper", "custodian")
    item, file = _item_with_a_secret(desk)
    path = f"/v1/evidence/{item}/{path.format(file=file)}"
    for readings in (1, 2):
        answer = desk.send(body, by="keeper", path=path)
        assert answer.status_code == 200, answer.data
        assert "Idempotency-Replayed" not in answer.headers
        assert desk.rows() == []
        with desk.app.app_context():
            assert db.session.query(AuditEntry).filter_by(target_id=item, verb=verb).count() == readings
            db.session.remove()
    assert desk.send(body, by="keeper", path=path, key="two words").status_code == 400


def _item_with_a_secret(desk: RepeatingClient) -> tuple[str, str]:
    sent = {
        "process": desk.world.process,
        "title": "What somebody saw",
        "type": "testimony_summary",
        "acquired_from": "confidential_source",
        "sealed": {"creator": "A clerk"},
    }
    item = desk.send(sent, key=None, path="/v1/evidence").json["id"]
    with desk.app.app_context(), desk.world.act(desk.world.editor) as act:
        given = custody.ReceivedFile("evidentiary_copy", Stored("1" * 32, 5, "0" * 64), None, "text/plain")
        file = custody.add_file(act, item, given).id
    return item, file


def test_what_became_of_a_request_is_told_under_its_own_key_only(
    world: World, entropy: Callable[[int], bytes]
) -> None:
    asked = idempotency.make_request_key("a", "key", b"request", SECRET, entropy)
    now = world.clock()
    assert idempotency.begin_request(world.session, world.editor, now, entropy, asked) is None
    with pytest.raises(InFlight):
        idempotency.begin_request(world.session, world.editor, now, entropy, asked)
    with world.act(world.editor) as act:
        idempotency.keep_outcome(act, asked, Outcome(201, "made"))
    again = idempotency.make_request_key("a", "key", b"request", SECRET, entropy)
    told = idempotency.begin_request(world.session, world.editor, now, entropy, again)
    assert told == Outcome(201, "made")
    others = [
        idempotency.make_request_key(*given, entropy)
        for given in (
            ("b", "key", b"request", SECRET),
            ("a", "yek", b"request", SECRET),
            ("a", "key", b"request", SECRET[::-1]),
        )
    ]
    assert len({one.digest for one in (asked, *others)}) == 4


def test_who_was_faster_between_the_look_and_the_turn_is_seen(
    world: World, entropy: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> idempotency.RequestKey:
        return idempotency.make_request_key("a", "key", b"request", SECRET, entropy)

    def begin() -> Outcome | None:
        return idempotency.begin_request(world.session, world.editor, world.clock(), entropy, asked())

    assert begin() is None
    find = kept.find_request
    seen: list[Any] = []

    def blind(*given: Any) -> Any:
        """Sees nothing at the first look, which is taken without the right to write."""
        seen.append(find(*given))
        return seen[-1] if len(seen) > 1 else None

    monkeypatch.setattr(kept, "find_request", blind)
    with pytest.raises(InFlight):
        begin()
    assert len(seen) == 2


def test_an_import_is_told_again_by_the_rows_that_have_a_name(desk: RepeatingClient) -> None:
    row = {"title": "A photograph", "type": "photo", "acquired_from": "own_staff"}
    many = {"kind": "evidence", "process": "coast", "rows": [{**row, "reference": "E1"}, row]}
    sent = {"body": {**many, "dry_run": False}, "path": "/v1/imports"}
    first, again = desk.send(**sent).get_json(), desk.send(**sent).get_json()
    assert first.get("recorded") is True, first
    assert first["totals"]["created"] == 2
    assert (again["recorded"], again["totals"]["created"]) == (True, 0)
    assert [(one["outcome"], one["id"]) for one in again["rows"]] == [("unchanged", first["rows"][0]["id"])]


def test_a_series_and_an_extension_are_told_again(desk: RepeatingClient) -> None:
    world = desk.world
    given = {
        "process": world.process,
        "owner": world.committee,
        "type": "final_report_due",
        "title": "Report",
    }
    dates = {"basis": "decree", "set_on": "2025-04-10", "every": "3 months", "until": "2026-04-10"}
    first, again = (desk.send({**given, **dates}, path="/v1/deadlines/series", key="1") for _ in range(2))
    assert (first.status_code, again.data) == (201, first.data), first.data
    date = first.get_json()["items"][0]["id"]
    later = {"set_on": "2025-05-01", "rule": "6 months", "basis": "decree", "reason": "More time."}
    later["citations"] = [{"evidence": world.item(), "stance": "supports"}]  # type: ignore[assignment]
    sent = {"body": later, "path": f"/v1/deadlines/{date}/extension", "key": "2"}
    first, again = desk.send(**sent), desk.send(**sent)  # type: ignore[arg-type]
    assert (first.status_code, again.data) == (201, first.data), first.data


def test_a_proposal_that_waits_is_told_again_and_so_is_what_became_of_it(desk: RepeatingClient) -> None:
    world = desk.world
    member = {"name": "A. Member", "role": "member", "reason": "The decree names them."}
    sent = {"body": member, "path": f"/v1/committees/{world.committee}/members"}
    first, again = desk.send(**sent), desk.send(**sent)
    assert (first.status_code, again.status_code, again.data) == (202, 202, first.data), first.data
    assert again.headers["Location"] == first.headers["Location"]
    path = f"/v1/proposals/{first.get_json()['id']}/decision"
    assert desk.send({"decision": "approve"}, by="approver", path=path).status_code == 200
    assert desk.send(**sent).get_json()["decision"] == "approved"


def test_a_repetition_is_told_nothing_of_what_was_sealed_or_destroyed_since(desk: RepeatingClient) -> None:
    """Both are answered as what is not there is: sealed is not told from gone."""
    world = desk.world
    body = {"process": world.process, "title": "T", "type": "photo", "acquired_from": "own_staff"}
    sent = {"by": "watcher", "path": "/v1/evidence"}
    item = desk.send(body, **sent).json["id"]
    assert desk.send(body, **sent).status_code == 201
    world.protect(item, "sealed")
    sealed = desk.send(body, **sent)
    missing = desk.app.test_client().get(f"/v1/evidence/{item}", headers=world.headers("watcher"))
    assert (sealed.status_code, sealed.json["detail"]) == (404, missing.json["detail"])
    for name in ("keeper", "second keeper"):
        with world.act(world.person(name, "custodian")) as act:
            redaction.redact_thing(act, item, "witness_safety")
    gone = desk.send(body, **sent)
    assert (gone.status_code, gone.data) == (404, sealed.data)


def test_what_was_handed_over_sealed_is_answered_again_to_who_sent_it(desk: RepeatingClient) -> None:
    body = {
        "process": desk.world.process,
        "title": "T",
        "type": "photo",
        "acquired_from": "own_staff",
        "protection": "sealed",
    }
    first, again = (desk.send(body, by="watcher", path="/v1/evidence") for _ in range(2))
    assert (first.status_code, again.data) == (201, first.data)


def test_the_answer_to_a_decision_is_told_again_until_its_item_is_sealed(
    desk: RepeatingClient, clock: Clock
) -> None:
    world = desk.world
    item = world.item(publish=False, state=None, protection="confidential")
    world.protect(item, "partner", shared_with=[world.press])
    waits = world.waiting(item)
    assert waits is not None
    clock.move(hours=24)
    path, body = f"/v1/proposals/{waits.id}/decision", {"decision": "approve"}
    first, again = (desk.send(body, path=path, by="approver") for _ in range(2))
    assert (first.status_code, again.data) == (200, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    with desk.app.app_context():
        world.protect(item, "sealed")
    desk.refused("not-found", 404, body=body, path=path, by="approver")
