"""What each role is told of who acted. A watchdog is answered in shapes of its own: no person but oneself, nothing of
the desk's analyses. The desk is told of a watchdog's people as their organization, of its own by name, and of whoever
stays unnamed as the desk. Packages name nobody. The rule of two people goes by who it was, whatever is told.

Every route of the URL map is asked with every id that there is, and what writes has its line in `WRITES`; so a new
endpoint is covered by being there.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Container, Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields
from sqlalchemy import text

from tests.api.factories import Stage
from tests.api.forms import FORM, form
from tests.public.test_non_interference import MASKED, Watched, ids_in
from tests.revising import revise_record
from tests.world import World
from tracker.actions import custody, evidence, statuses
from tracker.api.http.endpoint import ENDPOINTS, Endpoint
from tracker.domain import ids
from tracker.domain.people import ROLES, Actor
from tracker.files.files import Stored
from tracker.public.export.spreadsheets import CSV_ZIP, XLSX
from tracker.schemas.evidence import EvidenceOut, OwnEvidenceOut
from tracker.schemas.statuses import OwnStatusChangeOut, StatusChangeOut

ITEM = "/v1/evidence/{evidence}"
#: Members that only the desk is answered.
ITS_OWN = {"source_analysis", "technical_analysis", "content_analysis", "decided_by", "by", "submitted_by"}
#: Where what is public is answered.
PUBLIC = ("/v1/public/", "/feeds/")
#: The media types of several files in one.
PACKED = {CSV_ZIP, XLSX}
#: What a watchdog may call.
OPEN = [one for one in ENDPOINTS if one.permission in ROLES["watchdog"]]
SUBMISSION = {"process": "{process}", "title": "Own", "type": "photo", "acquired_from": "own_staff"}
VERDICT = {
    "subject": "{recommendation}",
    "track": "implementation",
    "state": "not_started",
    "effective_on": "2025-06-01",
    "reason": "Nobody was vetted.",
}


def members(shape: type[Schema]) -> Iterator[str]:
    """The names of all members of a shape, those of shapes inside of it included."""
    for name, field in shape().fields.items():
        yield name
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from members(type(inner.schema))


def people_in(said: str) -> set[str]:
    return {one for one in ids_in(said) if ids.kind_of(one) == "person"}


def headers(answer: Any) -> str:
    return "\n".join(f"{name}: {value}" for name, value in answer.headers if name not in MASKED)


def read_text(answer: Any) -> str:
    """What an answer says; of a packed table, what every file in it says."""
    if answer.mimetype not in PACKED:
        return str(answer.get_data(as_text=True))
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    return "\n".join(packed.read(name).decode() for name in packed.namelist())


@pytest.mark.parametrize("one", [pytest.param(one, id=one.operation) for one in OPEN])
def test_no_shape_that_a_watchdog_is_answered_has_a_place_for_what_is_the_desks(one: Endpoint) -> None:
    shape = one.answer if one.own is None else one.own
    if not isinstance(shape, tuple):
        assert ITS_OWN.isdisjoint(members(shape))


def test_what_a_watchdog_is_answered_is_told_to_the_desk_too() -> None:
    for narrow, wide in (
        (OwnEvidenceOut, EvidenceOut),
        (OwnStatusChangeOut, StatusChangeOut),
    ):
        assert set(members(narrow)) < set(members(wide))


class Acted(Watched):
    """The same world, after a watchdog's two people and the desk have dealt with each other."""

    def __init__(self, world: World, app: Flask) -> None:
        super().__init__(world, app)
        self.colleague = world.person("colleague", "watchdog", organization=self.other.organization)
        self.shy = world.person("shy", "editor", "approver")
        self.item = self._submitted(self.other, "a")
        self._submitted(self.colleague, "b")
        self._submitted(self.shy, "c")
        with world.act(self.shy) as act:
            custody.read_file(act, *self.item)
            row = world.session.get_one(evidence.Evidence, self.item[0])
            analysed = {"source_analysis": "failed", "content_analysis": "inconclusive"}
            revise_record(act, self.item[0], "evidence", analysed, row.version)
        world.verify(self.item[0], "in_review")
        waiting, returned, approved = (
            world.propose(self.full.asked, "implementation", "not_started", proposer=by).id
            for by in (self.other, self.colleague, self.other)
        )
        with world.act(self.shy) as act:
            statuses.return_status_change(act, returned, "On what ground?")
            statuses.approve_status_change(act, approved, "Plain.")
        self.waiting = waiting
        world.propose(self.full.asked, "implementation", "not_started", proposer=self.shy)
        self.note_ids()

    def _submitted(self, by: Actor, bytes_: str) -> tuple[str, str]:
        data = {
            "process_id": self.world.process,
            "title": "Seen",
            "type": "photo",
            "acquired_from": "own_staff",
        }
        with self.world.act(by) as act:
            item = evidence.submit_evidence(act, data).id
            given = Stored(bytes_ * 32, 5, hashlib.sha256(bytes_.encode()).hexdigest())
            file = custody.add_file(
                act, item, custody.ReceivedFile("evidentiary_copy", given, None, "text/plain")
            )
        return item, file.id

    def told(self, who: str, only: Container[str] | None = None) -> Iterator[tuple[str, str]]:
        """All that every GET answers somebody, or only these do, by its address, which itself is taken out."""
        for path in self.addresses():
            if path.startswith("/openapi.") or (only is not None and path not in only):
                continue  # the examples of the contract are of another world
            answer = self.client.get(path, headers=self.world.headers(who))
            yield path, (headers(answer) + read_text(answer)).replace(path.partition("?")[0], "")

    @cache  # noqa: B019  # there is one of these, as long as its file is run
    def told_first(self, who: str) -> dict[str, str]:
        """The same, before anybody asked to stay unnamed."""
        return dict(self.told(who))

    def found(self, who: str) -> dict[str, str]:
        return {path: said for path, said in self.told_first(who).items() if people_in(said)}


@pytest.fixture(scope="module")
def acted(one_world: tuple[Flask, World]) -> Acted:
    app, world = one_world
    return Acted(world, app)


def test_a_watchdog_reads_of_no_person_but_oneself_and_no_analysis(acted: Acted) -> None:
    seen = 0
    for path, said in acted.told_first("colleague").items():
        assert people_in(said) <= {acted.colleague.id}, path
        if not path.startswith(PUBLIC):  # what is public is the same for everybody
            assert "_analysis" not in said, path
            assert "decided_by" not in said, path
        seen += acted.item[0] in said
    assert seen > 5  # what its organization handed over it does read


def test_the_desk_reads_of_the_organization_and_not_of_its_people(acted: Acted) -> None:
    outside = {acted.other.id, acted.colleague.id, acted.world.watcher.id}
    for who in ("reviewer", "keeper"):
        told = acted.found(who)
        assert told  # its own people it is told of
        assert [path for path, said in told.items() if people_in(said) & outside] == []
    path = f"/v1/status-changes/{acted.waiting}"
    change = acted.client.get(path, headers=acted.world.headers("reviewer")).json
    assert change["proposed_by"] == acted.other.organization


def test_whoever_stays_unnamed_is_named_nowhere_not_for_what_is_past_either(acted: Acted) -> None:
    client, mine = acted.app.test_client(), acted.world.headers("shy")
    before = acted.found("reviewer")
    assert any(acted.shy.id in people_in(said) for said in before.values())
    account = f"/v1/accounts/{acted.shy.id}"
    tag = client.get(account, headers=acted.world.headers("admin")).headers["ETag"]

    assert client.post("/v1/me/naming", headers=mine, json={"unnamed": True}).json == {"unnamed": True}
    assert client.get("/v1/me", headers=mine).json["unnamed"] is True
    for who in ("reviewer", "keeper", "colleague"):
        assert [path for path, said in acted.told(who) if acted.shy.id in said] == [], who
    assert client.get(account, headers=acted.world.headers("admin")).headers["ETag"] == tag

    assert client.post("/v1/me/naming", headers=mine, json={"unnamed": False}).json == {"unnamed": False}
    assert dict(acted.told("reviewer", only=before)) == before


def test_one_finds_what_is_ones_own_whatever_is_told(stage: Stage) -> None:
    stage.world.person("shy", "editor", "approver")
    stage.post("/v1/me/naming", {"unnamed": True}, by="shy", status=200)
    item = stage.post("/v1/evidence", SUBMISSION, by="shy")["id"]
    change = stage.post("/v1/status-changes", VERDICT, by="shy")
    assert change["proposed_by"] == "desk"
    assert [one["id"] for one in stage.pages("/v1/evidence?mine=true", by="shy")] == [item]
    assert [one["id"] for one in stage.pages("/v1/status-changes?proposed_by=me", by="shy")] == [change["id"]]
    assert stage.pages("/v1/evidence?mine=true", by="approver") == []
    assert stage.pages("/v1/status-changes?proposed_by=me", by="approver") == []


def test_two_people_it_takes_though_neither_is_named(stage: Stage) -> None:
    for name in ("shy", "too"):
        stage.world.person(name, "editor", "approver")
        stage.post("/v1/me/naming", {"unnamed": True}, by=name, status=200)
    change = stage.post("/v1/status-changes", VERDICT, by="shy")["id"]
    path = f"/v1/status-changes/{change}/decision"
    own = stage.send("POST", path, {"decision": "approve"}, by="shy")
    assert own.json["type"].endswith("self-approval")
    other = stage.send("POST", path, {"decision": "retract"}, by="too")
    assert other.status_code == 403
    assert people_in(own.text + other.text) == set()
    decided = stage.decide(change, by="too")
    assert (decided["proposed_by"], decided["decided_by"]) == ("desk", "desk")


def test_whoever_lowers_protection_is_named_to_nobody(stage: Stage) -> None:
    stage.world.person("shy", "editor", "approver")
    item = stage.post("/v1/evidence", SUBMISSION, by="shy")["id"]
    stage.ids["evidence"] = item
    wanted = {"protection": "public", "reason": "The report is out."}
    said = stage.send("POST", f"{ITEM}/protection", wanted, by="shy").text
    listed = stage.send("GET", "/v1/proposals?kind=lowering", by="approver")
    path = f"/v1/proposals/{listed.json['items'][0]['id']}/decision"
    said += listed.text
    refused = stage.send("POST", path, {"decision": "approve"}, by="shy")
    assert refused.json["type"].endswith("self-approval")
    assert people_in(said + refused.text) == set()


def test_whoever_speaks_for_an_organization_need_not_ask(stage: Stage) -> None:
    assert stage.get("/v1/me", by="watcher")["unnamed"] is True
    assert stage.get("/v1/me")["unnamed"] is False
    answer = stage.send("POST", "/v1/me/naming", {"unnamed": False}, by="watcher")
    assert answer.json["type"].endswith("already-done")


def test_a_key_of_the_desk_that_is_limited_to_submitting_is_answered_as_a_submitter(stage: Stage) -> None:
    limited = stage.post("/v1/keys", {"scope": ["evidence.submit"]})
    stage.world.keys["limited"] = limited["secret"]
    assert "source_analysis" not in stage.post("/v1/evidence", SUBMISSION, by="limited")
    assert "source_analysis" in stage.post("/v1/evidence", SUBMISSION)


def test_an_admin_whose_act_it_was_stays_unnamed_too(stage: Stage) -> None:
    body = {"standing": "suspended", "reason": "It is looked into."}
    told = stage.post("/v1/watchdogs/{watchdog}/standing", body, by="admin", status=200)
    assert told["history"][0]["by"] == stage.world.admin.id
    stage.post("/v1/me/naming", {"unnamed": True}, by="admin", status=200)
    assert stage.get("/v1/watchdogs/{watchdog}")["history"][0]["by"] == "desk"


def _file(stage: Stage) -> Any:
    return stage.send("POST", f"{ITEM}/files", b"What was seen.", by="watcher", content_type="text/plain")


def _submission(stage: Stage) -> Any:
    body = form(stage.fill(SUBMISSION), [b"What was seen elsewhere."])
    return stage.send("POST", "/v1/submissions", body, by="watcher", content_type=FORM)


def _mend(stage: Stage) -> Any:
    tag = stage.send("GET", ITEM, by="watcher").headers["ETag"]
    return stage.send("PATCH", ITEM, {"title": "Mended"}, by="watcher", headers={"If-Match": tag})


def _posts(path: str, body: Any = None) -> Callable[[Stage], Any]:
    return lambda stage: stage.send("POST", path, body, by="watcher")


CONSENT = {"basis": "informed_consent", "purposes": ["internal_use", "share_with_courts"]}
#: operation -> how a watchdog calls it, in an order in which all of it is done.
WRITES: dict[str, Callable[[Stage], Any]] = {
    "create_evidence": _posts("/v1/evidence", SUBMISSION),
    "revise_evidence": _mend,
    "add_file": _file,
    "submit_with_files": _submission,
    "read_file": lambda stage: stage.send("POST", f"{ITEM}/files/{stage.ids['file']}/access", by="watcher"),
    "protect_evidence": _posts(f"{ITEM}/protection", {"protection": "public", "reason": "It is out."}),
    "decide_proposal": _posts("/v1/proposals/{proposal}/decision", {"decision": "retract"}),
    "retract_evidence": _posts(f"{ITEM}/retraction", {"reason": "It was another."}),
    "ask_question": _posts("/v1/evidence/{agreed}/questions", {"text": "Have you seen it?"}),
    "retract_question": _posts("/v1/questions/{question}/retraction", {}),
    "answer_question": _posts("/v1/questions/{asked}/answer", {"text": "From the roof."}),
    "correct_consent": _posts("/v1/evidence/{agreed}/consent", {**CONSENT, "reason": "We asked again."}),
    "withdraw_consent": _posts("/v1/evidence/{agreed}/consent/withdrawal", {}),
    "propose_status_change": _posts("/v1/status-changes", VERDICT),
    "decide_status_change": _posts("/v1/status-changes/{change}/decision", {"decision": "retract"}),
    "set_password": _posts("/v1/me/password", {"password": "nine salted figs on a blue plate"}),
    "issue_key": _posts("/v1/keys", {}),
    "revoke_key": _posts("/v1/keys/{key}/revocation", {"reason": "replaced"}),
}


def test_what_a_watchdog_is_answered_when_it_writes_names_nobody_else(stage: Stage) -> None:
    # `set_naming` is refused to whoever speaks for an organization; one's mailbox takes a mail server.
    assert {*WRITES, "set_naming", "set_mailbox", "forget_mailbox"} == {
        one.operation for one in OPEN if one.method != "GET"
    }
    agreed = {**SUBMISSION, "consent": {"basis": "informed_consent", "purposes": ["internal_use"]}}
    stage.ids["agreed"] = stage.post("/v1/evidence", agreed, by="watcher")["id"]
    asked = {"text": "Where was it filmed?"}
    stage.ids["asked"] = stage.post("/v1/evidence/{agreed}/questions", asked, by="editor")["id"]
    for operation, write in WRITES.items():
        answer = write(stage)
        assert answer.status_code in (200, 201), (operation, answer.data)
        said = headers(answer) + answer.text
        assert people_in(said) <= {stage.world.watcher.id}, operation
        assert not any(f'"{member}"' in said for member in ITS_OWN), operation
        for one in ids_in(said):
            if operation.startswith(("create", "add", "ask", "propose", "issue", "protect")):
                stage.ids[ids.kind_of(one) or ""] = one


def test_a_package_names_nobody_and_its_custody_still_proves_itself(stage: Stage) -> None:
    stage.world.person("keeper", "custodian")
    stage.ids["evidence"] = stage.post("/v1/evidence", SUBMISSION, by="watcher")["id"]
    _file(stage)
    stage.world.verify(stage.ids["evidence"], "in_review")
    link = stage.post(f"{ITEM}/package", {"recipient": "court"}, by="keeper", status=200)["link"]
    packed = zipfile.ZipFile(io.BytesIO(stage.send("GET", link, by="keeper").data))
    texts = {name.rpartition("/")[2]: packed.read(name).decode() for name in packed.namelist()}
    assert [name for name, said in texts.items() if people_in(said)] == []
    line = json.loads(texts["custody.json"])
    agents = [one["agent"] for one in line if not str(one["agent"]).startswith("tracker ")]
    assert agents == [stage.world.watchdog, "desk"]
    assert [one["proposed_by"] for one in json.loads(texts["verification.json"])] == ["desk"]
    for one in line:
        told = {name: value for name, value in one.items() if name != "digest"}
        said = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(said.encode()).hexdigest() == one["digest"]


def test_an_event_of_old_that_names_a_person_is_told_without(stage: Stage) -> None:
    stage.world.person("keeper", "custodian")
    file = stage.send("POST", f"{ITEM}/files", b"x", content_type="text/plain").json["id"]
    old = (
        "INSERT INTO custody_event (evidence_id, file_id, number, type, at, agent, outcome, detail, prev, digest)"
        " SELECT evidence_id, file_id, 4, 'access', at, :agent, outcome, '{}', digest, 'ab' FROM custody_event"
        " WHERE evidence_id = :item AND number = 3"
    )
    given = {"agent": stage.world.approver.id, "item": stage.ids["evidence"]}
    with stage.app.extensions["tracker"].engine.begin() as connection:
        connection.execute(text(old), given)
    stage.post(f"{ITEM}/files/{file}/access", None, status=200)
    for who in ("editor", "keeper"):
        line = stage.get(f"{ITEM}/custody", by=who)["items"]
        assert [one["agent"] for one in line][3:] == [None, "desk"]
        assert (line[3]["digest"], line[4]["prev"]) == ("ab", "ab")


def test_the_audit_trail_alone_says_who_it_was(stage: Stage) -> None:
    file = stage.send("POST", f"{ITEM}/files", b"x", content_type="text/plain").json["id"]
    stage.post(f"{ITEM}/files/{file}/access", None, by="approver", status=200)
    with stage.app.extensions["tracker"].engine.connect() as connection:
        rows = connection.execute(text("SELECT person_id FROM audit_entry WHERE verb = 'custody.access'"))
        assert list(rows) == [(stage.world.approver.id,)]
    assert re.search(r"per_", json.dumps(stage.get(f"{ITEM}/custody"))) is None
