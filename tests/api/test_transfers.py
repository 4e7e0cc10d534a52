"""`/v1/imports` and `/v1/exports` over HTTP.

Contract: a dry run is the default and answers a report; a real run with a refused row is a problem, and nothing is
recorded; an export is what the endpoints of its kinds answer, line by line, with a last line that counts the others,
and holds no more than a batch of it at once.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.api.factories import Stage, dump
from tests.world import World
from tracker.actions import exports, questions, watchdogs
from tracker.actions.imports import import_rows
from tracker.actions.support.import_report import GivenRow
from tracker.actions.support.import_updates import Options
from tracker.api.http.endpoint import ENDPOINTS
from tracker.cli.exports import READER
from tracker.domain.errors import NotPermitted
from tracker.domain.partial_days import parse_day
from tracker.store.database import db, open_snapshot
from tracker.store.recommendations import Recommendation
from tracker.store.viewer import Viewer

ASKED: dict[str, Any] = {
    "reference": "R1",
    "issuer": "watchdog",
    "issued_on": "2025-04-03",
    "title": "=1+1",
    "text": "Vet every commander.",
    "language": "en",
    "type": "vetting",
    "addressees": [{"organization": "government"}],
}


def asked(count: int) -> list[dict[str, Any]]:
    return [{**ASKED, "reference": f"R{number}"} for number in range(count)]


def send(client: FlaskClient, world: World, by: str = "editor", **body: Any) -> Any:
    whole = {"kind": "recommendation", "process": "coast", "rows": [ASKED], **body}
    return client.post("/v1/imports", json=whole, headers=world.headers(by))


def exported(client: FlaskClient, world: World, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/v1/exports{query}", headers=world.headers("editor"))
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.data.splitlines()]


# ------------------------------------------------------------------- imports


def test_an_export_is_narrowed_by_the_days_of_each_kind(stage: Stage) -> None:
    for known in ("2011", "2025-03", "2025-03-09"):
        stage.world.recommendation(f"P{known}", issued_on=parse_day(known))
    stage.world.answer(
        stage.ids["recommendation"], "implementation", "stalled", effective_on=date(2025, 5, 1)
    )

    def lines(query: str) -> list[Any]:
        answer = stage.send("GET", f"/v1/exports?{query}")
        return [json.loads(line) for line in answer.data.splitlines()]

    def named(query: str) -> set[str]:
        return {one["reference"] for one in lines(f"kind=recommendation&{query}") if "reference" in one}

    assert named("issued_from=2025-03&issued_to=2025-03-08") == {"P2025-03"}
    assert named("issued_to=2011-06") == {"P2011"}
    assert named("due_from=2030") == {"R1", "P2011", "P2025-03", "P2025-03-09"}
    assert [one["kind"] for one in lines("kind=deadline&due_from=2025-04-08&due_to=2025-04-08")] == [
        "deadline",
        "end",
    ]
    assert lines("kind=deadline&due_to=2025-04-07") == [{"kind": "end", "count": 0}]
    changed = [
        one["effective_on"] for one in lines("kind=change&effective_from=2025-05&effective_to=2025-05")[:-1]
    ]
    assert changed == ["2025-05-01"]
    refused = stage.send("GET", "/v1/exports?issued_from=2025&issued_to=2024")
    assert refused.json["errors"][0]["pointer"] == "issued_to"


def test_without_a_word_it_is_a_dry_run(client: FlaskClient, world: World) -> None:
    report = send(client, world).json
    assert (report["recorded"], report["dry_run"]) == (False, True)
    assert report["rows"] == [
        {"row": 0, "outcome": "would_create", "name": "R1", "id": None, "differs": [], "proposal": None}
    ]
    assert exported(client, world, "?kind=recommendation") == [{"kind": "end", "count": 0}]


def test_a_dry_run_of_status_changes_leaves_every_row_of_the_database_as_it_was(stage: Stage) -> None:
    row = {"track": "priority", "state": "high", "effective_on": "2025-06-01", "reason": "So."}
    stage.get("/v1/me")  # the day on which a key was used last is kept
    before = dump(stage.app)
    body = {"kind": "change", "rows": [{**row, "subject": "{recommendation}"}]}
    assert stage.post("/v1/imports", body, status=200)["rows"][0]["outcome"] == "would_create"
    assert dump(stage.app) == before


def test_what_was_recorded_can_be_read_under_its_id_with_its_cells_as_they_were(
    client: FlaskClient, world: World
) -> None:
    report = send(client, world, dry_run=False).json
    assert report["recorded"] is True
    id = report["rows"][0]["id"]
    read = client.get(f"/v1/recommendations/{id}", headers=world.headers("editor")).json
    assert (read["title"], read["publication"]) == ("=1+1", "draft")
    again = send(client, world, dry_run=False).json
    assert (again["rows"][0]["outcome"], again["totals"]["unchanged"]) == ("unchanged", 1)


def test_a_refused_row_of_a_dry_run_stands_in_the_report(client: FlaskClient, world: World) -> None:
    report = send(client, world, rows=[ASKED, {**ASKED, "reference": "R2", "issuer": "nobody"}]).json
    assert {name: count for name, count in report["totals"].items() if count} == {"created": 1, "refused": 1}
    row = report["rows"][1]
    assert (row["outcome"], row["problem"]) == ("refused", "invalid-input")
    assert [one["pointer"] for one in row["errors"]] == ["/issuer"]


def test_a_refused_row_of_a_real_run_is_a_problem_and_nothing_is_recorded(
    client: FlaskClient, world: World
) -> None:
    rows = [ASKED, {**ASKED, "reference": "R2", "issuer": "nobody", "colour": "red"}]
    answer = send(client, world, rows=rows, dry_run=False)
    assert answer.status_code == 422
    assert answer.json["type"] == "/problems/import-refused"
    assert [one["pointer"] for one in answer.json["errors"]] == ["/rows/1/issuer", "/rows/1/colour"]
    assert exported(client, world, "?kind=recommendation")[-1]["count"] == 0


def test_a_refusal_of_a_whole_row_points_at_the_row(client: FlaskClient, world: World) -> None:
    row = {"title": "T", "type": "media_report", "acquired_from": "partner", "watchdog": "watchdog"}
    with world.act(world.admin) as act:
        watchdogs.set_registration(act, world.watchdog, "suspended", "Looked into.")
    answer = send(client, world, kind="evidence", rows=[row], dry_run=False)
    assert [one["pointer"] for one in answer.json["errors"]] == ["/rows/0"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "dream"}, "/kind"),
        ({"rows": []}, "/rows"),
        ({"rows": [{}] * 1001}, "/rows"),
        ({"rows": ["a row"]}, "/rows/0"),
        ({"rows": ASKED}, "/rows"),
        ({"dry_run": "no"}, "/dry_run"),
        ({"colour": "red"}, "/colour"),
        ({"process": 7}, "/process"),
        ({"process": "nowhere"}, "/process"),
        ({"kind": "organization"}, "/process"),
    ],
)
def test_a_body_that_is_no_import_is_refused(
    client: FlaskClient, world: World, body: dict[str, Any], pointer: str
) -> None:
    answer = send(client, world, **body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("raw", [b'{"kind": "\xff"}', b'{"kind": "a\0b"}', b"\xef\xbb\xbf{}", b"kind,rows"])
def test_a_body_that_cannot_be_read_is_refused(client: FlaskClient, world: World, raw: bytes) -> None:
    answer = client.post(
        "/v1/imports", data=raw, content_type="application/json", headers=world.headers("editor")
    )
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-json")


def test_csv_is_for_the_command_line(client: FlaskClient, world: World) -> None:
    answer = client.post("/v1/imports", data=b"a,b", content_type="text/csv", headers=world.headers("editor"))
    assert answer.status_code == 415


def test_a_body_over_the_limit_is_refused(client: FlaskClient, world: World) -> None:
    assert send(client, world, rows=[{**ASKED, "text": "x" * 1_100_000}]).status_code == 413


# ------------------------------------------------------------------- exports


def test_an_export_is_what_the_lists_answer(client: FlaskClient, world: World) -> None:
    world.item()
    asked = world.recommendation("R1")
    world.deadline()
    world.report()
    world.resource(world.committee)
    world.indicator()
    world.answer(asked, "implementation", "not_started")
    ask_twice(world)
    lines = exported(client, world)
    assert lines[-1] == {"kind": "end", "count": len(lines) - 1}
    plurals = {"process": "processes", "evidence": "evidence", "change": "status-changes"}
    for kind in exports.EXPORTED:
        if kind == "question":
            continue
        path = f"/v1/{plurals.get(kind, f'{kind}s')}?limit=200"
        listed = client.get(path, headers=world.headers("editor")).json["items"]
        assert [line for line in lines if line["kind"] == kind] == [{**one, "kind": kind} for one in listed]
        assert listed


def ask_twice(world: World) -> list[str]:
    """A question about an item of a watchdog, and one about an item that was sealed since."""
    asked = []
    for level in ("confidential", "sealed"):
        item = world.item(publish=False, protection="confidential", watchdog_id=world.watchdog)
        with world.act(world.editor) as act:
            asked.append(questions.ask_question(act, item, "Where was it filmed?").id)
        if level == "sealed":
            world.protect(item, level)
    return asked


def test_questions_are_exported_to_whoever_reads_their_item(client: FlaskClient, world: World) -> None:
    asked = ask_twice(world)
    world.person("keeper", "custodian")
    for by, known in (("editor", asked[:1]), ("keeper", asked)):
        headers = world.headers(by)
        answer = client.get(f"/v1/exports?kind=question&process={world.process}", headers=headers)
        lines = [json.loads(line) for line in answer.data.splitlines()][:-1]
        assert sorted(line["id"] for line in lines) == sorted(known)
        read = client.get(f"/v1/questions/{asked[0]}", headers=headers).json
        assert {**read, "kind": "question"} in lines
    elsewhere = world.make_process("elsewhere")
    assert len(exported(client, world, f"?kind=question&process={elsewhere}")) == 1


def test_watchdogs_are_exported_to_whoever_may_read_them(world: World) -> None:
    blind = replace(world.editor, scope=frozenset({"record.read"}))
    assert b'"kind":"watchdog"' not in b"".join(exports.export_lines(Viewer(world.session, blind)))
    with pytest.raises(NotPermitted):
        list(exports.export_lines(Viewer(world.session, blind), None, ("watchdog",)))
    [line, _end] = b"".join(
        exports.export_lines(Viewer(world.session, world.editor), None, ("watchdog",))
    ).splitlines()
    assert json.loads(line)["organization"] == world.watchdog


def test_a_process_is_exported_alone_with_all_organizations(client: FlaskClient, world: World) -> None:
    other = world.make_process("other")
    world.recommendation("R1")
    with world.act(world.editor) as act:
        import_rows(act, [GivenRow("recommendation", ASKED, "row 0")], options=Options(other))
    for named in (other, "other"):
        lines = exported(client, world, f"?process={named}")
        assert [line["id"] for line in lines if line["kind"] == "process"] == [other]
        assert {line["process"] for line in lines if "process" in line} == {other}
        assert sum(line["kind"] == "organization" for line in lines) == 6


def test_an_export_is_kept_by_nobody(client: FlaskClient, world: World) -> None:
    answer = client.get("/v1/exports", headers=world.headers("editor"))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "application/x-ndjson"
    assert "ETag" not in answer.headers
    assert client.head("/v1/exports", headers=world.headers("editor")).status_code == 200


def test_a_watchdog_gets_no_export(client: FlaskClient, world: World) -> None:
    answer = client.get("/v1/exports", headers=world.headers("watcher"))
    assert answer.status_code == 403
    with pytest.raises(NotPermitted):
        list(exports.export_lines(Viewer(world.session, world.watcher)))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("?process=nowhere", "process"), ("?kind=dream", "kind"), ("?colour=red", "colour")],
)
def test_a_question_that_makes_no_sense_is_refused_before_the_first_line(
    client: FlaskClient, world: World, query: str, parameter: str
) -> None:
    answer = client.get(f"/v1/exports{query}", headers=world.headers("editor"))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [parameter]


@pytest.fixture
def many(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Thirty recommendations, which are read five at a time."""
    monkeypatch.setattr(exports, "BATCH", 5)
    with world.act(world.editor) as act:
        import_rows(
            act, [GivenRow("recommendation", row, "a row") for row in asked(30)], options=Options("coast")
        )
    world.session.expunge_all()
    return world


def test_an_export_holds_one_batch_at_a_time_whatever_the_size(many: World) -> None:
    statements: list[str] = []
    held: list[int] = []
    with open_snapshot(db.engine) as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *said: statements.append(said[2]))
        for batch in exports.export_lines(Viewer(session, READER), None, ("recommendation",)):
            held.append(batch.count(b"\n"))
            rows = [one for one in session.identity_map.values() if isinstance(one, Recommendation)]
            assert len(rows) <= 5
    assert held == [5] * 6 + [1]
    # Of each batch the rows, their addressees and their figures; and one statement that finds no more.
    assert len(statements) == 6 * 3 + 1


def test_an_export_reads_in_the_order_of_an_index(many: World) -> None:
    process = many.process
    with open_snapshot(db.engine) as session:
        asked: list[tuple[str, Any]] = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
        list(exports.export_lines(Viewer(session, READER), process))
        for statement, parameters in asked.copy():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            if "LIMIT" in statement:
                assert [step for *_rest, step in plan if "TEMP B-TREE" in step] == [], statement


def test_an_export_says_what_stood_when_it_began(many: World) -> None:
    with open_snapshot(db.engine) as session:
        lines = exports.export_lines(Viewer(session, READER), None, ("recommendation",))
        first = next(lines)
        many.recommendation("late")
        rest = list(lines)
    assert sum(batch.count(b"\n") for batch in (first, *rest)) == 31
    assert b"late" not in b"".join(rest)


def test_an_export_that_was_cut_off_has_no_last_line(many: World) -> None:
    with open_snapshot(db.engine) as session:
        lines = exports.export_lines(Viewer(session, READER))
        assert b'"kind":"end"' not in next(lines)
        lines.close()  # type: ignore[attr-defined]  # a generator it is


def test_a_stream_has_no_other_shapes_than_lines() -> None:
    streams = [one for one in ENDPOINTS if isinstance(one.answer, tuple) and one.answer]
    assert [one.operation for one in streams] == ["export_record"]
    assert [shape.__name__ for shape in streams[0].answer] == [  # type: ignore[union-attr]
        *(f"{kind.title()}Line" for kind in exports.EXPORTED),
        "EndLine",
    ]
