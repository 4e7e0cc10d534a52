"""An import makes what the acts of one thing at a time would make, or nothing at all.

Contract: a dry run says `would_create` exactly for what a real run creates, and leaves no trace; one row that is
refused, anywhere, leaves the database as it was, byte for byte; what is there already under its name is left alone
where it says the same, and refused where it does not; rows may name each other, and what is there, by name.
"""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.draws import draws
from tests.public.assertions import opened
from tests.world import World
from tracker.actions.imports import ImportReport, import_rows
from tracker.actions.support import record_search
from tracker.actions.support.registry import KINDS
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain.errors import InvalidInput, NotPermitted
from tracker.domain.people import Actor
from tracker.domain.search import parse_terms
from tracker.schemas.transfers import IMPORTED
from tracker.store.audit import AuditEntry
from tracker.store.database import core_connection
from tracker.store.organizations import Organization
from tracker.store.recommendations import Recommendation
from tracker.store.resources import Resource

ASKED: dict[str, Any] = {
    "reference": "R1",
    "issuer": "watchdog",
    "issued_on": "2025-04-03",
    "title": "Vet the forces",
    "text": "Vet every commander.",
    "language": "en",
    "type": "vetting",
    "addressees": [{"organization": "ministry"}, {"organization": "government", "role": "supporting"}],
    "tags": [{"scheme": "sdg", "code": "16.6"}],
}


def run(
    world: World,
    kind: str,
    *rows: Any,
    by: Actor | None = None,
    process: str | None = "coast",
    dry_run: bool = False,
) -> ImportReport:
    with world.act(by or world.editor) as act:
        return import_rows(act, [(kind, row) for row in rows], process=process, dry_run=dry_run)


def outcomes(report: ImportReport) -> list[str]:
    return [row.outcome for row in report.rows]


def faults(report: ImportReport, row: int = 0) -> dict[str, str]:
    return {one.pointer: one.detail for one in dict(report.refused)[row].fields}


def whole(session: Session) -> str:
    """A digest of every row of every table, the search index and the public side included."""
    connection = core_connection(session)
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    digest = hashlib.sha256()
    for (name,) in connection.exec_driver_sql(tables).fetchall():
        rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"')  # noqa: S608  # a name of our own
        digest.update(repr(sorted(map(repr, rows))).encode())
    session.rollback()
    return digest.hexdigest()


# ------------------------------------------------------------------- what is made


def test_rows_are_recorded_as_drafts_with_what_they_name(world: World) -> None:
    report = run(world, "recommendation", ASKED, {**ASKED, "reference": "R1.1", "parent": "R1"})
    assert (outcomes(report), report.recorded) == (["created", "created"], True)
    first, second = (world.session.get_one(Recommendation, row.id) for row in report.rows)
    assert (first.issuer_id, first.process_id, first.publication) == (world.watchdog, world.process, "draft")
    assert {one.organization_id: one.role for one in first.addressees} == {
        world.ministry: "primary",
        world.government: "supporting",
    }
    assert second.parent_id == first.id


def test_an_import_is_audited_row_by_row_and_as_a_whole(world: World) -> None:
    report = run(world, "recommendation", ASKED)
    entries = world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert [(one.verb, one.target_id, one.person_id) for one in entries] == [
        ("import", world.editor.id, world.editor.id),
        ("create", report.rows[0].id, world.editor.id),
    ]
    assert entries[0].detail == {"rows": 1, "created": 1}


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("organization", {"slug": "union", "name": "A union", "type": "watchdog", "part_of": "watchdog"}),
        ("committee", {"reference": "second", "name": "Second", "body_type": "presidential_committee"}),
        ("report", {"reference": "final", "committee": "inquiry", "type": "interim", "title": "Final"}),
        ("resource", {"reference": "money", "committee": "inquiry", "type": "budget", "title": "Money"}),
        (
            "deadline",
            {
                "reference": "final",
                "owner": "inquiry",
                "type": "final_report_due",
                "title": "Final",
                "basis": "decree",
                "set_on": "2025-03-09",
                "rule": "30 days",
            },
        ),
        (
            "evidence",
            {
                "reference": "E1",
                "title": "A report",
                "type": "media_report",
                "acquired_from": "public_source",
            },
        ),
    ],
)
def test_every_kind_is_made_once_and_known_again(world: World, kind: str, row: dict[str, Any]) -> None:
    process = None if kind == "organization" else world.process
    assert outcomes(run(world, kind, row, process=process)) == ["created"]
    before = whole(world.session)
    again = run(world, kind, row, process=process)
    assert (outcomes(again), again.recorded) == (["unchanged"], True)
    assert whole(world.session) == before


def test_a_process_is_imported_after_its_lead(world: World) -> None:
    made = {"slug": "harbour", "title": "Harbour", "summary": "A fire.", "lead": "fire-desk"}
    calendar = {"time_zone": "Asia/Damascus", "weekend": ["friday"], "holidays": []}
    rows = [
        ("organization", {"slug": "fire-desk", "name": "Fire desk", "type": "watchdog"}),
        ("process", {**made, "calendar": calendar, "languages": ["en", "ar"]}),
        (
            "committee",
            {"process": "harbour", "reference": "c", "name": "C", "body_type": "presidential_committee"},
        ),
    ]
    with world.act(world.editor) as act:
        assert outcomes(import_rows(act, rows, dry_run=False)) == ["created"] * 3
    rows[1][1]["languages"] = ["ar", "en"]
    with world.act(world.editor) as act:
        assert outcomes(import_rows(act, rows, dry_run=False)) == ["unchanged"] * 3


def test_what_has_no_reference_is_not_known_again_and_the_report_says_so(world: World) -> None:
    row = {"committee": "inquiry", "type": "budget", "title": "Money"}
    for _ in range(2):
        report = run(world, "resource", row)
        assert report.totals == {"created": 1, "unchanged": 0, "refused": 0, "unnamed": 1}
    assert len(world.session.scalars(select(Resource)).unique().all()) == 2


# ------------------------------------------------------------------- what is there already


def test_the_order_of_a_list_and_what_is_left_out_make_no_difference(world: World) -> None:
    run(world, "recommendation", {**ASKED, "note": "A note."})
    turned = {**ASKED, "addressees": ASKED["addressees"][::-1]}
    assert outcomes(run(world, "recommendation", turned)) == ["unchanged"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("title", "Another title"),
        ("issuer", "press"),
        ("issued_on", "2025-04-04"),
        ("addressees", [{"organization": "ministry"}]),
        ("addressees", [{"organization": "ministry"}, {"organization": "press"}]),
        ("addressees", [*ASKED["addressees"], {"organization": "press"}]),
        ("tags", []),
        ("note", "A note."),
    ],
)
def test_what_is_there_with_other_content_is_refused_with_what_differs(
    world: World, member: str, value: Any
) -> None:
    run(world, "recommendation", ASKED)
    report = run(world, "recommendation", {**ASKED, member: value})
    assert (report.recorded, list(faults(report))) == (False, [f"/{member}"])
    assert dict(report.refused)[0].code == "slug-taken"


def test_whoever_may_not_read_the_record_learns_nothing_by_trying(world: World) -> None:
    run(world, "recommendation", ASKED)
    writer = replace(world.editor, scope=frozenset({"record.write"}))
    said = [
        dict(run(world, "recommendation", row, by=writer).refused)[0]
        for row in (ASKED, {**ASKED, "title": "X"})
    ]
    assert [(one.detail, one.fields) for one in said] == [(said[0].detail, said[0].fields)] * 2


# ------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("row", "pointers"),
    [
        ({**ASKED, "colour": "red"}, ["/colour"]),
        ({**ASKED, "title": 7, "issued_on": "soon"}, ["/title", "/issued_on"]),
        ({**ASKED, "issuer": "nobody", "type": "x"}, ["/issuer", "/type"]),
        ({**ASKED, "issuer": "not a name"}, ["/issuer"]),
        ({**ASKED, "issuer": "\ud800"}, ["/issuer"]),
        (
            {**ASKED, "addressees": [{"organization": "press"}, {"organization": "nobody"}]},
            ["/addressees/1/organization"],
        ),
        ({**ASKED, "addressees": {"organization": "press"}}, ["/addressees"]),
        ({**ASKED, "parent": "R9"}, ["/parent"]),
        ({**ASKED, "process": None}, ["/process"]),
        ({**ASKED, "process": "nowhere"}, ["/process"]),
        ({**ASKED, "committee": "inquiry"}, ["/issuer"]),
        ("a row", [""]),
        ({}, None),
    ],
)
def test_a_row_is_refused_with_pointers_into_it(world: World, row: Any, pointers: list[str] | None) -> None:
    before = whole(world.session)
    report = run(world, "recommendation", row)
    assert (outcomes(report), report.recorded) == (["refused"], False)
    assert pointers is None or sorted(faults(report)) == sorted(pointers)
    assert whole(world.session) == before


def test_a_row_that_stands_there_twice_is_refused_with_the_place_of_the_first(world: World) -> None:
    report = run(world, "recommendation", ASKED, deepcopy(ASKED))
    assert outcomes(report) == ["would_create", "refused"]
    assert faults(report, 1) == {"/reference": "row 0 of this import has the same reference; give each once"}


def test_a_name_of_two_things_is_refused(world: World) -> None:
    run(world, "recommendation", {**ASKED, "reference": "inquiry"})
    due = {"owner": "inquiry", "type": "final_report_due", "title": "F", "basis": "decree"}
    report = run(world, "deadline", {**due, "set_on": "2025-03-09", "due_on": "2025-04-09"})
    assert "several things" in faults(report)["/owner"]


def test_a_process_that_is_not_there_or_not_wanted_is_refused_at_once(world: World) -> None:
    with pytest.raises(InvalidInput, match="there is no process"):
        run(world, "recommendation", ASKED, process="nowhere")
    with pytest.raises(InvalidInput, match="belong to no process"):
        run(world, "organization", {"slug": "x", "name": "X", "type": "media"})


@pytest.mark.parametrize(("kind", "who"), [("recommendation", "watcher"), ("recommendation", "approver")])
def test_who_may_not_write_imports_nothing(world: World, kind: str, who: str) -> None:
    with pytest.raises(NotPermitted):
        run(world, kind, ASKED, by=getattr(world, who))


def test_a_key_that_may_not_submit_evidence_imports_none(world: World) -> None:
    writer = replace(world.editor, scope=frozenset({"record.write"}))
    with pytest.raises(NotPermitted, match="submit evidence"):
        run(world, "evidence", {}, by=writer)


# ------------------------------------------------------------------- all or nothing


def test_a_dry_run_leaves_no_trace(world: World) -> None:
    before = whole(world.session)
    report = run(world, "recommendation", ASKED, dry_run=True)
    assert (outcomes(report), report.recorded, report.rows[0].id) == (["would_create"], False, None)
    assert whole(world.session) == before
    assert record_search.search_record(world.session, parse_terms("commander"), [], None, 5) == []


def test_what_was_imported_is_found_by_a_search(world: World) -> None:
    report = run(world, "recommendation", ASKED)
    found = record_search.search_record(world.session, parse_terms("commander"), [], None, 5)
    assert [hit.id for hit in found] == [report.rows[0].id]


def test_it_holds_on_both_databases(database_url: str) -> None:
    with opened(database_url, Clock(), Random(5).randbytes) as (_app, world):
        bad = {**ASKED, "reference": "R2", "issuer": "nobody"}
        assert outcomes(run(world, "recommendation", ASKED, bad)) == ["would_create", "refused"]
        assert world.session.scalars(select(Recommendation)).unique().all() == []
        assert outcomes(run(world, "recommendation", ASKED)) == ["created"]
        assert outcomes(run(world, "recommendation", ASKED, dry_run=True)) == ["unchanged"]


NAMES = st.sampled_from(["R1", "R2", "R3", "R2.1"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"reference": NAMES, "title": st.sampled_from(["Vet the forces", "=HYPERLINK(1)", "", "عدالة"])},
        optional={
            "parent": NAMES,
            "issuer": st.sampled_from(["watchdog", "press", "nobody"]),
            "colour": st.just("red"),
        },
    ).map(lambda some: {**ASKED, **some}),
    min_size=1,
    max_size=4,
)


@given(rows=ROWS)
@settings(
    max_examples=draws(10),
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_dry_run_says_what_a_real_run_does(world: World, rows: list[dict[str, Any]]) -> None:
    """The world grows from example to example, so later ones meet what earlier ones made."""
    before = whole(world.session)
    tried = run(world, "recommendation", *rows, dry_run=True)
    assert whole(world.session) == before
    done = run(world, "recommendation", *rows)
    made = [outcome.replace("would_create", "created") for outcome in outcomes(tried)]
    if tried.refused:
        assert outcomes(done) == outcomes(tried)
        assert whole(world.session) == before
    else:
        assert outcomes(done) == made
        assert (whole(world.session) == before) == ("created" not in made)


def test_the_kinds_are_those_of_the_wire_and_of_the_endpoints() -> None:
    assert tuple(KINDS) == IMPORTED
    declared = {one.operation: (one.body, one.answer, one.permission) for one in ENDPOINTS}
    for name, kind in KINDS.items():
        given, *rest = declared[f"create_{name}"]
        assert rest == [kind.kept, kind.permission]
        assert given is kind.given or (name == "evidence" and issubclass(given, kind.given))


def test_an_organization_in_its_own_script_is_known_again(world: World) -> None:
    row = {
        "slug": "adl",
        "name": "وزارة العدل",
        "type": "authority",
        "aliases": [{"name": "MoJ"}, {"name": "العدل"}],
    }
    run(world, "organization", row, process=None)
    assert outcomes(run(world, "organization", json.loads(json.dumps(row)), process=None)) == ["unchanged"]
    assert world.session.scalar(select(Organization.name).where(Organization.slug == "adl")) == "وزارة العدل"
