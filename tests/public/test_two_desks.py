"""Two desks in one tracker: who works on some processes learns nothing of the others that is not public, and does
nothing to them.

As towards those who may not know of a secret (`tests.public.test_non_interference`): every private address is asked by
every role of the desk at once, before and after all that the other desk does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from flask import Flask, current_app

from tests.conftest import Clock, MakeTemplate
from tests.public.test_non_interference import Watched, keep_secrets, submission
from tests.public.test_nothing_leaks import MARK
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import (
    evidence,
    handlings,
    imports,
    keys,
    notes,
    people,
    processes,
    publication,
    questions,
    redaction,
    revisions,
)
from tracker.actions.people import OPERATOR
from tracker.actions.support import lookup
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.import_updates import Options
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain import errors, ids
from tracker.domain.people import PUBLIC

DESK = "their desk"
ROLES = ("editor", "approver", "custodian")
#: The people who keep all processes are everybody's colleagues; some come while the other desk works.
COMMON = ("/v1/colleagues",)
SCREENS = ("/", "/queue", *(f"/records/{kind}" for kind in ("processes", "recommendations", "evidence")))
Seen = dict[str, tuple[int, bytes]]


class Desks(Watched):
    """A world with a second process, on which somebody works who has every role of the desk there."""

    browser: Browser

    def __init__(self, world: World, app: Flask) -> None:
        super().__init__(world, app)
        self.mine = world.make_process("their-own")
        self.theirs = world.process
        world.process = self.mine
        self.asked = world.recommendation("M1")
        self.draft = world.recommendation("M2", publish=False)
        self.item = world.item(publish=False, protection="confidential", title="Ours")
        world.propose(self.asked, "implementation", "stalled", reason="Ours.")
        world.process = self.theirs
        with world.act(OPERATOR) as act:
            self.by = people.add_person(act, DESK, ROLES, processes=[self.mine]).actor
            world.keys[DESK] = keys.issue_key(act, DESK)[1]

    def again(self, world: World, app: Flask) -> Self:
        other = super().again(world, app)
        other.browser = Browser(app).enter(other.world, self.by)
        return other

    def private(self) -> Iterator[str]:
        paths = {one.path for one in ENDPOINTS if one.permission == PUBLIC}
        for address in self.addresses():
            path = address.partition("?")[0]
            if (
                path.startswith("/v1/")
                and path not in COMMON
                and "/v1/public" not in path
                and path not in paths
            ):
                yield address

    def seen(self) -> Seen:
        headers = self.world.headers(DESK)
        found: Seen = {}
        for path in self.private():
            answer = self.client.get(path, headers=headers)
            found[path] = (answer.status_code, answer.data)
        for path in SCREENS:
            answer = self.browser.read(path)
            found[path] = (answer.status_code, answer.data)
        return found


@pytest.fixture(scope="module")
def own_template(make_template: MakeTemplate[Desks]) -> tuple[Path, Desks]:
    return make_template(lambda world: Desks(world, current_app._get_current_object()))  # type: ignore[attr-defined]


@pytest.fixture
def desks(world: World, app: Flask, own_template: tuple[Path, Desks]) -> Desks:
    return own_template[1].again(world, app)


def work_elsewhere(desks: Desks) -> dict[str, str]:
    """What the other desk does that is neither confidential nor public. By kind, what it made."""
    world, asked = desks.world, desks.full.asked
    made = {
        "recommendation": world.recommendation("T1", publish=False, title=MARK),
        "committee": world.make_committee("t2", publish=False),
        "report": world.report("t3", publish=False),
        "deadline": world.deadline(publish=False),
        "indicator": world.indicator("t4", publish=False),
        "process": world.make_process("third", publish=False),
    }
    with world.act(world.watcher) as act:
        made["evidence"] = evidence.submit_evidence(act, submission(world)).id
    made["change"] = world.propose(asked, "implementation", "underway", reason=MARK).id
    row = lookup.get_unfiltered(world.session, asked)
    with world.act(world.editor) as act:
        made["proposal"] = publication.propose_publication(act, [made["recommendation"]]).id
        made["question"] = questions.ask_question(act, made["evidence"], MARK).id
        handlings.handle_subject(act, asked)
        notes.write_note(act, asked, MARK)
        wanted = {"title": MARK, "reason": MARK, "revision": "correction"}
        revisions.edit_thing(act, asked, "recommendation", wanted, row.version)
    with world.act(world.editor) as act:
        given = {"reference": "t5", "type": "interim", "title": MARK, "committee": "inquiry"}
        options = Options("coast", propose=True, reason=MARK)
        imports.import_rows(act, [GivenRow("report", given, "line 2")], options=options)
    with world.act(desks.keeper) as act:
        redaction.redact_thing(act, made["report"], "minor")
    return made


def test_what_one_desk_does_changes_nothing_that_another_reads(desks: Desks, clock: Clock) -> None:
    before = desks.seen()
    assert sum(status == 200 for status, _body in before.values()) > 60
    assert sum(desks.asked.encode() in body for _status, body in before.values()) > 5
    for _done in keep_secrets(desks, clock):
        pass
    made = work_elsewhere(desks)
    after = desks.seen()
    assert [path for path in before if after[path] != before[path]] == []
    desks.world.process = desks.mine
    desks.world.recommendation("M3", publish=False)
    headers = desks.world.headers(DESK)
    lists = [f"/v1/{one}?limit=200" for one in ("recommendations", "drafts", "audit")]
    assert [one for one in lists if desks.client.get(one, headers=headers).data == before.get(one)] == []
    for kind in ("proposal", "question", "change", "evidence"):
        assert ask(desks, "GET", PATHS[kind], made[kind]) == ask(desks, "GET", PATHS[kind], nothing(kind))


PATHS = {
    "proposal": "/v1/proposals/{id}",
    "question": "/v1/questions/{id}",
    "change": "/v1/status-changes/{id}",
    "evidence": "/v1/evidence/{id}",
}
REASON = {"reason": "We asked."}
ANSWER = {"track": "implementation", "to": "underway", "effective_on": "2025-07-01", **REASON}
#: What is sent to an address that names a thing, and of which kind that is.
ACTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("evidence", "PATCH", "/v1/evidence/{id}", {"title": "Another"}),
    ("recommendation", "PATCH", "/v1/recommendations/{id}", {"title": "Another", **REASON}),
    ("process", "PATCH", "/v1/processes/{id}", {"title": "Another", **REASON}),
    ("evidence", "POST", "/v1/evidence/{id}/protection", {"protection": "sealed", **REASON}),
    ("evidence", "POST", "/v1/evidence/{id}/questions", {"text": "Where?"}),
    ("evidence", "POST", "/v1/evidence/{id}/consent/withdrawal", {}),
    ("evidence", "POST", "/v1/evidence/{id}/sealed", {}),
    ("recommendation", "POST", "/v1/subjects/{id}/publication", {}),
    ("recommendation", "POST", "/v1/subjects/{id}/publication", {"publication": "withdrawn", **REASON}),
    ("recommendation", "POST", "/v1/subjects/{id}/redaction", {"reason": "minor"}),
    ("recommendation", "POST", "/v1/subjects/{id}/hold", {"held": True, **REASON}),
    ("recommendation", "POST", "/v1/subjects/{id}/handling", {"handling": True}),
    ("committee", "POST", "/v1/committees/{id}/mandates", {"adopted_on": "2025-03-09", "instrument": "x"}),
    ("deadline", "POST", "/v1/deadlines/{id}/extension", {"due_on": "2030-01-01", **REASON}),
    ("change", "POST", "/v1/status-changes/{id}/decision", {"decision": "approve"}),
    ("proposal", "POST", "/v1/proposals/{id}/decision", {"decision": "approve"}),
    ("question", "POST", "/v1/questions/{id}/answer", {"text": "There."}),
    ("recommendation", "POST", "/v1/status-changes", {"subject": "{id}", **ANSWER}),
    ("process", "POST", "/v1/evidence", {"process": "{id}", "title": "x", "type": "media_report"}),
    ("process", "POST", "/v1/imports", {"process": "{id}", "rows": [{"kind": "report", "data": {}}]}),
)


def nothing(kind: str) -> str:
    return ids.make_id(kind, b"\7" * 16)


def ask(desks: Desks, method: str, path: str, id: str, body: Any = None) -> tuple[int, bytes]:
    said = None if body is None else json.loads(json.dumps(body).replace("{id}", id))
    headers = {**desks.world.headers(DESK), **({"If-Match": f'"{id}-1"'} if method == "PATCH" else {})}
    answer = desks.client.open(path.replace("{id}", id), method=method, json=said, headers=headers)
    return answer.status_code, answer.data.replace(id.encode(), b"id")


def test_what_is_anothers_is_acted_on_as_what_is_not_there(desks: Desks) -> None:
    made = work_elsewhere(desks)
    public = {"recommendation": desks.full.asked, "process": desks.theirs, "committee": desks.world.committee}
    for kind, method, path, body in ACTS:
        missing = ask(desks, method, path, nothing(kind), body)
        assert missing[0] in (404, 422), (path, missing)
        for id in filter(None, (made[kind], public.get(kind))):
            assert ask(desks, method, path, id, body) == missing, (method, path)


def test_a_desk_works_in_its_own_process_as_any_other(desks: Desks) -> None:
    """It reads its drafts and all organizations, proposes, and decides on what others proposed."""
    world, headers = desks.world, desks.world.headers(DESK)
    read = desks.client.get("/v1/recommendations?sort=reference", headers=headers).json
    assert read is not None
    assert [one["reference"] for one in read["items"]] == ["M1", "M2"]
    found = desks.client.get("/v1/search?q=recommendation", headers=headers).json
    assert found is not None
    assert {one["id"] for one in found["items"]} == {desks.asked, desks.draft}
    listed = desks.client.get("/v1/processes", headers=headers).json
    assert listed is not None
    assert [one["id"] for one in listed["items"]] == [desks.mine]
    assert ask(desks, "GET", "/v1/organizations/{id}", world.press)[0] == 200
    change = world.propose(desks.asked, "implementation", "not_started")
    body = {"decision": "approve"}
    assert ask(desks, "POST", "/v1/status-changes/{id}/decision", change.id, body)[0] == 200
    with pytest.raises(errors.NotPermitted), world.act(desks.by) as act:
        processes.create_process(act, {})
