"""What is confidential or sealed changes no byte that anybody gets who may not know of it.

Every route of the URL map is asked, each with every id that there is, public or not; so a new route is covered by being
there. Recorded are the answers of a stranger, of a watchdog of another organization and of a partner, status, headers
and bytes; then confidential and sealed things are made, edited, verified, attached, cited, raised, lowered, shared with
others and taken back; then all is asked again. Only what differs from one request to the next is masked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Self

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.conftest import Clock, MakeTemplate, act_out, place_copy
from tests.contract.client import PlainClient
from tests.contract.test_roles import FOLLOW_TABLE, PAGE_TABLE, TIP_TABLE
from tests.public.assertions import dump, opened
from tests.public.test_nothing_leaks import FEEDS, MARK, OF_THINGS, Full
from tests.revising import revise_record
from tests.web.addresses import list_pages
from tests.world import World
from tracker.actions import (
    custody,
    evidence,
    redaction,
    releases,
    statuses,
    submissions,
    watchdogs,
)
from tracker.actions.operations import signing
from tracker.actions.people import OPERATOR
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain import ids
from tracker.files.files import Stored
from tracker.sealing.sealer import Sealer
from tracker.store.database import db
from tracker.store.recommendations import Recommendation

LOG = tuple(
    f"/log/{path}"
    for path in ("checkpoint", "proof/0", "tile/0/000.p/3", "tile/entries/000.p/3", "tile/0/000.p/255")
)
MASKED = ("Date", "X-Request-Id", "RateLimit", "RateLimit-Policy")
LOWER = ("a stranger", "stranger's watchdog", "a partner")
DESK = ("editor", "approver", "reviewer", "watcher")
Answers = dict[tuple[str, str], tuple[int, list[tuple[str, str]], bytes]]


#: What is asked of an endpoint that takes a field of this name.
NARROWED = {
    "limit": "limit=1",
    "as_of": "as_of=2025-07-01",
    "known_at": "as_of=2025-07-01&known_at=2026-11-23T10:00:00Z",
}


class Watched:
    """A world, whoever looks at it from below, and every address that it answers."""

    def __init__(self, world: World, app: Flask) -> None:
        self.world, self.app = world, app
        self.client = PlainClient(app, app.response_class)
        self.full = Full(world)
        other = world.organization("other", "watchdog")
        with world.act(world.editor) as act:
            watchdogs.register_watchdog(act, other, {"since": date(2025, 1, 1)})
        self.other = world.person(LOWER[1], "watchdog", organization=other)
        world.person(LOWER[2], "partner", organization=other)
        self.keeper = world.person("keeper", "custodian", "editor")
        self.second = world.person("second keeper", "custodian", "approver")
        with world.act(self.other) as act:
            evidence.submit_evidence(act, submission(world))
        # The desk recorded a verdict of theirs on what they may not know of.
        world.answer(self.full.asked, "implementation", "stalled", cites=(self.full.secret,), assessor=other)
        self.shared = world.item(publish=False, protection="confidential")
        share(world, self.shared, other)
        # A public status rests on two items of which nobody else knows, from two sides.
        self.resting = [
            world.item(publish=False, protection="confidential", title=MARK, **origin)
            for origin in ({}, {"publisher_id": None, "acquired_from": "own_staff"})
        ]
        self.stands = world.recommendation("R9")
        world.answer(self.stands, "implementation", "implemented", cites=tuple(self.resting))
        self.note_ids()

    def again(self, world: World, app: Flask) -> Self:
        """The same in a copy of its database."""
        other = copy(self)
        other.world, other.app = world.go_on(self.world), app
        other.client = PlainClient(app, app.response_class)
        return other

    def note_ids(self) -> None:
        """What there is now, and what will never be there, is asked for by its id."""
        world = self.world
        self.ids = {one for row in dump(world.session).values() for one in ids_in(repr(row))}
        self.ids |= {ids.make_id(kind, b"\7" * 16) for kind in ids.PREFIXES}
        self.first = {kind: self._first(kind) for kind in ids.PREFIXES}
        self.pages = list(list_pages(world.session))

    def _first(self, kind: str) -> list[str]:
        """The ids of a kind that are asked for: all of those that something secret can show in; of the others a few,
        for what is the same for one of them is the same for all."""
        found = sorted(one for one in self.ids if ids.kind_of(one) == kind)
        return found[:5] if kind in ("event", "key", "mandate", "organization", "person") else found

    def addresses(self) -> Iterator[str]:
        """Every address of every GET of the URL map, and of the door in front of it."""
        declared = {one.path: one for one in ENDPOINTS if one.method == "GET"}
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            one = declared.get(path)
            if rule.endpoint in {*PAGE_TABLE, *FOLLOW_TABLE, *TIP_TABLE} or "/desk" in rule.rule:
                continue  # the forms of tip boxes are new each time: `tests/web/tips/test_what_others_see.py`
            if one is None:  # the contract: the same bytes for everybody, made of no record
                assert path.startswith("/openapi."), path
                yield path
                continue
            query = one.query() if one.query else None
            for address in self._filled(path, one):
                fields = set() if query is None else set(query.fields)
                if "q" in fields:
                    yield from (f"{address}?q={word}" for word in ("report", "c", "zq", "nobodys+business"))
                    continue
                yield address
                yield from (f"{address}?{query}" for name, query in NARROWED.items() if name in fields)
                if "protection" in fields:
                    yield from (f"{address}?protection={level}" for level in ("confidential", "sealed"))
                if "process" in fields:
                    yield f"{address}?process={self.world.process}"
        yield from self._list_desk_pages()
        yield from FEEDS
        yield from LOG
        yield from (f"/feeds/coast/export.{form}" for form in ("csv.zip", "xlsx"))
        yield from self.pages
        yield "/ar/coast"
        yield from ("/en/follow?process=coast", f"/en/follow?q={MARK}", "/en/follow?process=nobodys")
        for process in self.first["process"]:
            yield f"/feeds/{process}/status.json"
            yield f"/badges/{process}.json"
        for path in OF_THINGS:
            yield from (path.replace("{id}", id) for id in self.first["recommendation"])

    def _list_desk_pages(self) -> Iterator[str]:
        """Whoever has no session learns nothing there, not even by a thing's own id. A form by which somebody comes in
        is new each time that it is asked for, and names nothing."""
        for rule in self.app.url_map.iter_rules():
            forms = rule.rule.endswith(("/login", "/login/passkey", "/entry"))
            if "/desk" in rule.rule and "GET" in (rule.methods or ()) and not forms:
                path = rule.rule.replace("<language:language>", "en")
                yield re.sub(r"<[^>]+>", self.first["recommendation"][0], path)

    def _filled(self, path: str, one: Any) -> Iterator[str]:
        paths = [path]
        for name in one.parameters:
            values = one.choices.get(name) or [
                id for kind in one.kinds(name) for id in self.first.get(kind, ())
            ]
            paths = [path.replace(f"{{{name}}}", value) for path in paths for value in values]
        yield from paths

    def answers(self, *others: str) -> Answers:
        found = {}
        for who in others or LOWER:
            headers = {} if who == LOWER[0] else self.world.headers(who)
            for path in self.addresses():
                answer = self.client.get(path, headers=headers)
                kept = [(name, value) for name, value in answer.headers if name not in MASKED]
                body = answer.data
                if answer.status_code == 500:
                    raise AssertionError((who, path))
                found[who, path] = (answer.status_code, kept, body)
        return found


class Signed(Watched):
    """The same with a log, and with sealed items: one that its submitter may read no more, and two that carry statuses
    of public things."""

    def __init__(self, world: World, app: Flask, log_key: Path) -> None:
        super().__init__(world, app)
        with world.act(world.watcher) as act:
            self.sealed = evidence.submit_evidence(act, submission(world, acquired_from="own_staff")).id
        world.protect(self.sealed, "sealed", by=world.watcher)
        one, other, beside = (
            world.item(protection="confidential", publish=False, publisher_id=publisher)
            for publisher in (world.press, world.press, None)
        )
        self.cited, self.citing = (one, other), [world.recommendation(name) for name in ("S1", "S2")]
        self.leaning = [
            world.answer(about, "implementation", "implemented", cites=(item, beside)).id
            for about, item in zip(self.citing, self.cited, strict=True)
        ]
        for item in self.cited:
            world.protect(item, "sealed", by=self.keeper)
        self.note_ids()
        with world.act(OPERATOR) as act:
            self.log = signing.create_log(act, "tracker.example/log", log_key)
        self.sign()

    def sign(self) -> None:
        """As the door does after every act."""
        with self.world.act(OPERATOR) as act:
            signing.sign_log(act, self.log)


def differences(before: Answers, after: Answers) -> list[tuple[str, str]]:
    """Who gets at which address another answer than before, of all those who were asked again."""
    assert after.keys() <= before.keys()
    return [key for key, said in after.items() if said != before[key]]


def ids_in(said: str) -> set[str]:
    prefixes = "|".join(ids.PREFIXES.values())
    return set(re.findall(rf"(?:{prefixes})_[0-9a-z]{{26}}", said))


def submission(world: World, **more: Any) -> dict[str, Any]:
    return {
        "process_id": world.process,
        "title": MARK,
        "type": "testimony_summary",
        "acquired_from": "confidential_source",
        **more,
    }


def no_sealer() -> Sealer:
    raise AssertionError("nothing is to be sealed")


def share(world: World, item: str, *organizations: str) -> None:
    world.lower(item, "partner", shared_with=list(organizations))


def review(watched: Watched, item: str, state: str) -> None:
    """By two custodians of the desk: nobody else may know of it."""
    change = watched.world.propose(item, "verification", state, proposer=watched.keeper, reason=MARK)
    with watched.world.act(watched.second) as act:
        statuses.approve_status_change(act, change.id, MARK)


def redact(watched: Watched, item: str) -> None:
    for keeper in (watched.keeper, watched.second):
        with watched.world.act(keeper) as act:
            redaction.redact_thing(act, item, "minor")


def count_again(watched: Watched) -> None:
    """Bases are counted anew with any edit of who was asked."""
    with watched.world.act(watched.world.editor) as act:
        same = {"addressees": [{"organization_id": watched.world.government}]}
        version = act.session.get_one(Recommendation, watched.stands).version
        revise_record(act, watched.stands, "recommendation", same, version)


def redact_secrets(watched: Watched, secret: str) -> Iterator[str]:
    redact(watched, secret)
    yield "redacted"
    redact(watched, watched.resting[0])
    yield "redacted, though a public status rests on it"
    count_again(watched)
    yield "counted again, for an edit that says nothing new"


@pytest.fixture(scope="module")
def own_template(
    make_template: MakeTemplate[Signed], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Signed]:
    key = tmp_path_factory.mktemp("log") / "log.key"
    return make_template(lambda world: Signed(world, current_app._get_current_object(), key))  # type: ignore[attr-defined]


@pytest.fixture
def watched(world: World, app: Flask, own_template: tuple[Path, Signed]) -> Signed:
    return own_template[1].again(world, app)


@pytest.fixture(scope="module")
def before(own_template: tuple[Path, Signed], sqlite_folder: Path) -> Answers:
    """What everybody gets before anything is done, asked once: each test begins with a copy of the same database."""
    path, signed = own_template
    with opened(place_copy(path, sqlite_folder), signed.world, *act_out(3)) as (app, world):
        return signed.again(world, app).answers(*DESK, *LOWER)


def keep_secrets(watched: Watched, clock: Clock) -> Iterator[str]:
    """Everything that can be done with what nobody outside may know of; says after each what it was."""
    world, full = watched.world, watched.full
    clock.move(minutes=7)
    secret = world.item(publish=False, state=None, protection="confidential", reference="E-77", title=MARK)
    yield "made by the desk"
    with world.act(world.watcher) as act:
        theirs = evidence.submit_evidence(act, submission(world)).id
    yield "submitted by a watchdog"
    with world.act(world.reviewer) as act:
        revise_record(act, secret, "evidence", {"description": MARK, "source_analysis": "passed"}, 1)
    yield "edited and analysed"
    world.verify(secret, "verified", reason=MARK)
    world.verify(theirs, "disputed", reason=MARK)
    yield "verified and disputed"
    given = Stored("1" * 32, 5, hashlib.sha256(b"bytes").hexdigest())
    with world.act(world.editor) as act:
        custody.add_file(act, secret, custody.ReceivedFile("evidentiary_copy", given, None, "text/plain"))
    yield "given a file"
    for key, by, more in (("2", world.watcher, {}), ("3", world.editor, {"protection": "sealed"})):
        same = custody.ReceivedFile("evidentiary_copy", replace(given, key=key * 32), None, "text/plain")
        with world.act(by) as act:
            submissions.submit_with_files(
                act, submission(world, watchdog_id=by.organization or world.press, **more), [same], no_sealer
            )
        yield f"submitted with the same file, {more}"
    world.propose(full.asked, "implementation", "stalled", cites=(secret,), reason=MARK)
    yield "cited in a proposal"
    world.answer(full.draft, "implementation", "underway", cites=(secret, theirs), reason=MARK)
    yield "cited in what is not public"
    for state in ("delivered", "published"):
        world.answer(full.report, "release", state, cites=(secret,), reason=MARK)
    yield "said of a report that is not public, for which a public date waits"
    share(world, theirs, world.press)
    yield "shared with somebody else"
    world.protect(secret, "sealed")
    yield "raised to sealed"
    world.verify(full.secret, "in_review", reason=MARK)
    yield "judged anew, though a public status rests on it"
    world.verify(full.secret, "refuted", reason=MARK)
    yield "refuted, though a verdict of theirs rests on it"
    world.protect(secret, "confidential", by=watched.keeper, reason=MARK)
    yield "proposed to be lowered from sealed"
    review(watched, secret, "disputed")
    yield "reviewed while it is sealed"
    world.lower(secret, "confidential", by=watched.keeper, let_by=watched.second, reason=MARK)
    yield "lowered from sealed"
    with world.act(world.watcher) as act:
        waiting = evidence.submit_evidence(act, submission(world, protection="public")).id
    world.publish(waiting)
    yield "asked to be public, and not released yet"
    with world.act(world.approver) as act:
        releases.take_back_request(act, waiting)
    yield "asked to be public no more"
    with world.act(world.person("custodian and editor", "custodian", "editor")) as act:
        evidence.submit_evidence(act, submission(world, protection="sealed"))
    yield "sealed from the first"
    with world.act(world.watcher) as act:
        evidence.retract_evidence(act, theirs, MARK)
    yield "taken back"
    world.withdraw(secret, MARK)
    world.withdraw(full.secret, MARK)
    yield "withdrawn"
    yield from redact_secrets(watched, secret)


def judge_sealed_items(watched: Signed) -> Iterator[str]:
    """One is reviewed, returned, approved and lowered in vain; of two that carry statuses, one is refuted and the other
    emptied by two custodians."""
    world, item = watched.world, watched.sealed
    change = world.propose(item, "verification", "in_review", proposer=watched.keeper, reason=MARK)
    with world.act(watched.second) as act:
        statuses.return_status_change(act, change.id, MARK)
    yield "reviewed while it is sealed, and returned"
    review(watched, item, "verified")
    review(watched, item, "refuted")
    world.protect(item, "public", by=watched.keeper, reason=MARK)
    yield "proposed to be lowered, though it was refuted"
    refuted, emptied = watched.cited
    review(watched, refuted, "refuted")
    redact(watched, emptied)
    yield "refuted and redacted, though statuses rest on them"


def test_nothing_confidential_or_sealed_changes_what_others_get(
    watched: Signed, before: Answers, clock: Clock
) -> None:
    paths = list(watched.addresses())
    assert {status for status, _headers, _body in before.values()} >= {200, 401, 403, 404}
    assert sum(status == 200 for status, _headers, _body in before.values()) > 200
    acts = 0
    for done in chain(keep_secrets(watched, clock), judge_sealed_items(watched)):
        acts += 1
        watched.sign()
        assert list(watched.addresses()) == paths
        last = done
    assert differences(before, watched.answers()) == [], last
    assert acts > 10


def test_the_comparison_would_see_it(watched: Signed, before: Answers) -> None:
    """The same, for what may be seen: it does differ, for each of those who look."""
    world = watched.world
    world.publish(watched.full.draft)
    with world.act(watched.other) as act:
        evidence.submit_evidence(act, submission(world))
    world.protect(watched.shared, "confidential")
    assert {who for who, _path in differences(before, watched.answers())} == set(LOWER)


def test_what_is_sealed_is_there_for_custodians_alone(watched: Signed, client: FlaskClient) -> None:
    """Not for the desk, nor for its submitter: not by its id, in no list, count, export, citation or history."""
    world = watched.world
    item = world.item(publish=False, state=None, protection="confidential", title="Known to few")
    judged = world.verify(item, "verified").id
    resting = world.answer(watched.full.draft, "implementation", "underway", cites=(item,)).id
    missing = ids.make_id("evidence", b"\7" * 16)
    world.protect(item, "sealed")
    nobody = ids.make_id("change", b"\7" * 16)
    for name in ("editor", "reviewer", "approver", "watcher"):
        headers = world.headers(name)
        for rule in ("evidence/{}", "evidence/{}/protection", "subjects/{}", "subjects/{}/history"):
            there, not_there = (
                client.get(f"/v1/{rule.format(id)}", headers=headers) for id in (item, missing)
            )
            assert there.data.replace(item.encode(), missing.encode()) == not_there.data
            assert there.status_code == not_there.status_code in (403, 404)
        there, not_there = (
            client.get(f"/v1/status-changes/{id}", headers=headers) for id in (judged, nobody)
        )
        assert there.data.replace(judged.encode(), nobody.encode()) == not_there.data
        for path in ("evidence", "evidence?protection=sealed", "status-changes", "export?process=coast"):
            assert item not in client.get(f"/v1/{path}", headers=headers).get_data(as_text=True), path
    editor, keeper = world.headers("editor"), world.headers("keeper")
    assert client.get(f"/v1/status-changes/{resting}", headers=editor).json["citations"] == []
    assert item not in client.get("/v1/search?q=known", headers=editor).get_data(as_text=True)
    assert client.get(f"/v1/evidence/{item}", headers=keeper).json["title"] == "Known to few"
    assert client.get(f"/v1/status-changes/{judged}", headers=keeper).status_code == 200
    [listed] = client.get("/v1/evidence?protection=sealed&publication=draft&limit=1", headers=keeper).json[
        "items"
    ]
    assert listed["protection"] == "sealed"
    for act, body, by in (
        ("publication", {}, "editor"),
        ("publication", {"publication": "published"}, "approver"),
        ("publication", {"publication": "withdrawn", "reason": "x"}, "approver"),
        ("release/retraction", None, "approver"),
    ):
        answer = client.post(f"/v1/subjects/{item}/{act}", json=body, headers=world.headers(by))
        assert answer.status_code == 404
    cites = {"subject": watched.full.asked, "track": "implementation", "state": "stalled"}
    cites |= {
        "effective_on": "2025-06-02",
        "reason": "x",
        "citations": [{"evidence": item, "stance": "supports"}],
    }
    assert client.post("/v1/status-changes", json=cites, headers=editor).status_code == 422


def test_what_becomes_of_sealed_items_shows_to_custodians_alone(
    watched: Signed, before: Answers, client: FlaskClient
) -> None:
    """Not an answer to anybody of the desk differs, nor to the submitter; nor, above, to those below them."""
    world, item = watched.world, watched.sealed
    for _done in judge_sealed_items(watched):
        pass
    assert differences(before, watched.answers(*DESK)) == []
    headers = world.headers("keeper")
    assert client.get(f"/v1/evidence/{item}/protection", headers=headers).json["proposed"] is not None
    assert len(client.get(f"/v1/subjects/{item}/history", headers=headers).json["items"]) == 3
    page = client.get("/v1/queue?kind=basis", headers=headers).json["items"]
    fell = [(entry["change"], told["evidence"]) for entry in page for told in entry["items"]]
    assert set(zip(watched.leaning, watched.cited, strict=True)) <= set(fell)
    for about in watched.citing:
        [answer] = [
            row
            for row in client.get(f"/v1/subjects/{about}/standing", headers=headers).json["answers"]
            if row["track"] == "implementation"
        ]
        assert answer["lead"]["basis"] != "supported"


@pytest.mark.parametrize("who", ["stranger's watchdog", "a partner", "editor"])
def test_hidden_and_missing_cost_the_same_statements(watched: Signed, client: FlaskClient, who: str) -> None:
    world = watched.world
    item = world.item(publish=False, protection="sealed")
    missing = ids.make_id("evidence", b"\7" * 16)
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    for one in ENDPOINTS:
        if (
            one.method != "GET"
            or not one.parameters
            or one.choices
            or "evidence" not in one.kinds(one.parameters[0])
        ):
            continue
        counts = []
        for id in (item, missing):
            path = re.sub(r"{\w+}", id, one.path)
            client.get(path, headers=world.headers(who))  # whatever is done once has been done
            told.clear()
            client.get(path, headers=world.headers(who))
            counts.append(list(told))
        assert counts[0] == counts[1], one.path
    event.remove(db.engine, "before_cursor_execute", note)
