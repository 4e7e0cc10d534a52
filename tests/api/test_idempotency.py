"""An Idempotency-Key: a request is acted on once, its answer is told again to whoever asked, and to nobody else.

Both databases, for what a row, a lock and a rollback do is theirs.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import Client, TestResponse

from tests.api.stage import dump
from tests.conftest import SECRET, Clock
from tests.public.side import opened
from tests.world import World
from tracker.actions import idempotency, people
from tracker.actions.people import OPERATOR
from tracker.domain.errors import InFlight
from tracker.store.database import db
from tracker.store.idempotency import ONCE
from tracker.store.organizations import Organization

KEY = "6f1c2c5e-0000-4000-8000-000000000001"
PRESS = {"slug": "new-press", "name": "The new press", "type": "media"}


class Desk:
    """Whoever sends POSTs with a key."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world

    def send(
        self, body: Any = PRESS, key: str | None = KEY, by: str = "editor", path: str = "/v1/organizations"
    ) -> TestResponse:
        headers = self.world.headers(by) | ({} if key is None else {"Idempotency-Key": key})
        return self.app.test_client().post(path, json=body, headers=headers)

    def refused(self, code: str, status: int, **more: Any) -> TestResponse:
        answer = self.send(**more)
        assert (answer.status_code, answer.get_json()["type"]) == (status, f"urn:tracker:problem:{code}")
        return answer

    def organizations(self, slug: str = "new-press") -> int:
        with self.app.app_context():
            query = select(func.count()).select_from(Organization).where(Organization.slug == slug)
            found = db.session.scalar(query) or 0
            db.session.remove()
        return found

    def rows(self) -> list[Any]:
        with self.app.app_context():
            found = list(db.session.connection().execute(select(ONCE)))
            db.session.remove()
        return found


@pytest.fixture
def desk(database_url: str, clock: Clock) -> Iterator[Desk]:
    with opened(database_url, clock, secrets.token_bytes) as (app, world):
        yield Desk(app, world)


def test_the_same_request_again_gets_the_first_answer_and_is_not_acted_on_again(desk: Desk) -> None:
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


def test_without_a_key_nothing_is_kept(desk: Desk) -> None:
    assert desk.send(key=None).status_code == 201
    desk.refused("slug-taken", 409, key=None)
    assert desk.rows() == []


def test_another_request_under_the_key_is_refused(desk: Desk) -> None:
    desk.send()
    before = dump(desk.app)
    desk.refused("idempotency-key-reused", 422, body={**PRESS, "slug": "other"})
    desk.refused("idempotency-key-reused", 422, body={}, path="/v1/keys")
    assert dump(desk.app) == before


def test_a_decision_on_another_version_is_another_request(desk: Desk) -> None:
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


def test_two_callers_with_the_same_key_know_nothing_of_each_other(desk: Desk) -> None:
    desk.send()
    desk.refused("slug-taken", 409, by="reviewer")
    other = desk.send({**PRESS, "slug": "second"}, by="reviewer")
    assert other.status_code == 201
    assert "Idempotency-Replayed" not in other.headers


def test_a_second_key_of_the_same_person_is_another_caller(desk: Desk) -> None:
    """A key that is limited to less must not be told what a better one was given, a new key among it."""
    body = {"scope": ["self"]}
    first = desk.send(body, path="/v1/keys")
    assert first.status_code == 201
    desk.world.keys["limited"] = first.get_json()["secret"]
    again = desk.send(body, path="/v1/keys", by="limited")
    assert again.status_code == 201
    assert again.get_json()["secret"] != first.get_json()["secret"]


def test_a_new_key_is_told_again_as_it_was_and_is_one_key(desk: Desk) -> None:
    first, again = desk.send({}, path="/v1/keys"), desk.send({}, path="/v1/keys")
    assert again.get_json()["secret"] == first.get_json()["secret"]
    desk.world.keys["new"] = again.get_json()["secret"]
    assert desk.app.test_client().get("/v1/me", headers=desk.world.headers("new")).status_code == 200


def test_who_holds_the_database_reads_nothing_in_it(desk: Desk) -> None:
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
    guessed = idempotency.once("another-key", ids[0], request, "another secret of a server", bytes)
    assert not {guessed.digest, guessed.fingerprint} & {value for row in rows for value in row}


def _ids(desk: Desk) -> list[Any]:
    with desk.app.app_context():
        return list(db.session.connection().execute(text("SELECT id FROM key")))


def test_a_refused_request_may_be_mended_under_the_same_key(desk: Desk) -> None:
    desk.send(key=None)
    desk.refused("slug-taken", 409)
    assert desk.rows() == []
    assert desk.send({**PRESS, "slug": "mended"}).status_code == 201


def test_what_went_wrong_on_our_side_may_be_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_given: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "sweep", fall)  # after the act, before its commit
        headers = {**desk.world.headers("editor"), "Idempotency-Key": KEY}
        answer = Client(desk.app).post("/v1/organizations", json=PRESS, headers=headers)
        assert answer.status_code == 500
    assert (desk.rows(), desk.organizations()) == ([], 0)
    assert desk.send().status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "schlüssel", "tab\there"])
def test_a_malformed_key_is_refused(desk: Desk, key: str) -> None:
    answer = desk.refused("bad-request", 400, key=key)
    assert "Idempotency-Key must be" in answer.get_json()["detail"]
    assert desk.organizations() == 0


def test_a_key_of_255_characters_is_one(desk: Desk) -> None:
    assert [desk.send(key="!" + "~" * 254).status_code for _ in range(2)] == [201, 201]


# ---------------------------------------------------------------- somebody is still working on it


def begun(desk: Desk, clock: Clock) -> idempotency.Once:
    """The row that a first request leaves before it acts."""
    with desk.app.app_context(), pytest.MonkeyPatch.context() as stopped:

        def stop(*_given: Any, **_more: Any) -> None:
            raise KeyboardInterrupt

        stopped.setattr("tracker.api.endpoint._act", stop)
        with pytest.raises(KeyboardInterrupt):
            desk.send()
    assert [row.answer for row in desk.rows()] == [None]
    return idempotency.once(KEY, "nobody", b"", SECRET, secrets.token_bytes)


def test_while_the_first_is_being_worked_on_the_second_is_told_to_wait(desk: Desk, clock: Clock) -> None:
    begun(desk, clock)
    clock.move(seconds=59)
    answer = desk.refused("in-flight", 409)
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert desk.organizations() == 0


def test_who_died_at_work_is_taken_over_from_after_a_minute(desk: Desk, clock: Clock) -> None:
    begun(desk, clock)
    clock.move(seconds=60)
    assert "Idempotency-Replayed" not in desk.send().headers
    assert desk.send().headers["Idempotency-Replayed"] == "true"
    assert desk.organizations() == 1


def test_who_comes_back_after_another_took_over_has_done_nothing(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is so slow that a second takes over, in the middle of its act."""

    def slow(unit: Any) -> None:
        unit.connection.execute(ONCE.update().values(claim=bytes(16)))

    monkeypatch.setattr(idempotency, "sweep", slow)  # in the transaction of the act
    desk.refused("in-flight", 409)
    assert desk.organizations() == 0


def test_two_at_once_act_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two real threads: the second arrives while the first holds the right to write."""
    inside, go = Event(), Event()

    def wait(_unit: Any) -> None:
        inside.set()
        assert go.wait(20)

    monkeypatch.setattr(idempotency, "sweep", wait)  # in the transaction of the act
    db.session.remove()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(desk.send)
        assert inside.wait(20)
        try:
            desk.refused("in-flight", 409)
        finally:
            go.set()
        assert first.result(20).status_code == 201
    assert desk.send().data == first.result().data
    assert desk.organizations() == 1


def test_many_at_once_act_once(desk: Desk) -> None:
    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: desk.send(), range(12)))
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.data for answer in made}) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sum("Idempotency-Replayed" not in answer.headers for answer in made) == 1
    assert desk.organizations() == 1


# ---------------------------------------------------------------- for a day, and for its caller


def test_after_a_day_the_key_is_forgotten_and_its_row_is_gone(desk: Desk, clock: Clock) -> None:
    desk.send()
    clock.move(hours=23, minutes=59)
    assert desk.send().headers["Idempotency-Replayed"] == "true"
    clock.move(minutes=1)
    desk.refused("slug-taken", 409)
    assert desk.rows() == []


def test_any_write_sweeps_what_is_a_day_old(desk: Desk, clock: Clock) -> None:
    desk.send()
    clock.move(hours=24)
    desk.send({**PRESS, "slug": "later"}, key=None)
    assert desk.rows() == []


def test_a_revoked_key_is_told_nothing(desk: Desk) -> None:
    desk.send()
    with desk.app.app_context(), desk.world.act(OPERATOR) as act:
        for (id,) in _ids(desk):
            people.revoke_key(act, id)
    desk.refused("not-authenticated", 401)


def test_who_may_no_longer_do_it_is_not_told_that_they_did(desk: Desk) -> None:
    desk.send()
    with desk.app.app_context(), desk.world.act(desk.world.admin) as act:
        version = people.find_person(act.session, desk.world.editor.id).version
        people.change_person(act, desk.world.editor.id, {"roles": ["custodian"]}, version)
    desk.refused("not-permitted", 403)


def test_what_is_sealed_opens_under_its_own_key_only(world: World, entropy: Callable[[int], bytes]) -> None:
    asked = idempotency.once("a", "key", b"request", SECRET, entropy)
    now = world.clock()
    assert idempotency.begin(world.session, world.editor, now, entropy, asked) is None
    with pytest.raises(InFlight):
        idempotency.begin(world.session, world.editor, now, entropy, asked)
    with world.act(world.editor) as act:
        idempotency.keep(act, asked, b"the answer")
    again = idempotency.once("a", "key", b"request", SECRET, entropy)
    assert idempotency.begin(world.session, world.editor, now, entropy, again) == b"the answer"
    assert "the answer" not in repr(again)
    others = [
        idempotency.once(*given, entropy)
        for given in (
            ("b", "key", b"request", SECRET),
            ("a", "yek", b"request", SECRET),
            ("a", "key", b"request", SECRET[::-1]),
        )
    ]
    assert len({one.digest for one in (asked, *others)}) == 4
