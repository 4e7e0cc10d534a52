"""An import makes what the acts of one thing at a time would make, or nothing at all.

Contract: a dry run says `would_create` exactly for what a real run creates, and leaves no trace; one row that is
refused, anywhere, leaves the database as it was, byte for byte; what is there already under its name is left alone
where it says the same, and refused where it does not; rows may name each other, and what is there, by name.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import AbstractContextManager, suppress
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.draws import draws
from tests.world import CALENDAR, World
from tracker.actions import proposals, publication
from tracker.actions.imports import import_rows, try_rows
from tracker.actions.support import record_search
from tracker.actions.support.import_kinds import IMPORTS
from tracker.actions.support.import_report import (
    MOST_KINDS,
    MOST_ROWS,
    FaultTally,
    GivenRow,
    ImportReport,
    is_of_kind,
)
from tracker.actions.support.import_updates import Options
from tracker.actions.support.registry import KINDS
from tracker.actions.support.unit import Unit, open_view
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain.errors import (
    AlreadyDone,
    DemandsNotMet,
    FieldError,
    InvalidInput,
    NotPermitted,
    StaleProposal,
)
from tracker.domain.people import Actor
from tracker.domain.search import parse_terms
from tracker.domain.text import make_slug
from tracker.schemas.transfers import IMPORTED
from tracker.store.audit import AuditEntry
from tracker.store.database import core_connection
from tracker.store.organizations import Organization
from tracker.store.recommendations import Addressee, Recommendation
from tracker.store.resources import Resource
from tracker.store.viewer import Viewer

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
    at_once: int = 100,
    **said: Any,
) -> ImportReport:
    return run_rows(
        world,
        [(kind, row) for row in rows],
        by=by,
        process=process,
        dry_run=dry_run,
        at_once=at_once,
        **said,
    )


def run_rows(
    world: World,
    rows: list[tuple[str, Any]],
    by: Actor | None = None,
    process: str | None = None,
    dry_run: bool = False,
    at_once: int = 100,
    **said: Any,
) -> ImportReport:
    who, options = by or world.editor, Options(process, **said)
    given = [GivenRow(kind, row, f"line {number}") for number, (kind, row) in enumerate(rows, 2)]
    if dry_run:
        return try_rows(
            lambda: open_view(world.session, who, world.clock(), world.entropy),
            lambda: world.act(who),
            given,
            options=options,
            at_once=at_once,
        )
    with world.act(who) as act:
        return import_rows(act, given, options=options)


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
    for at_once in (1, 2, 3):
        tried = run_rows(world, rows, dry_run=True, at_once=at_once)
        assert outcomes(tried) == ["would_create"] * 3, (at_once, tried.faults)
    assert outcomes(run_rows(world, rows)) == ["created"] * 3
    rows[1][1]["languages"] = ["ar", "en"]
    assert outcomes(run_rows(world, rows)) == ["unchanged"] * 3
    rows[1][1]["languages"] = ["ar", "fr"]
    assert outcomes(run_rows(world, rows)) == ["unchanged", "updated", "unchanged"]
    rows[1][1]["calendar"] = {**calendar, "holidays": [{"on": "2025-04-17", "name": "Evacuation Day"}]}
    assert outcomes(run_rows(world, rows)) == ["unchanged", "updated", "unchanged"]
    assert outcomes(run_rows(world, rows)) == ["unchanged"] * 3


def test_what_has_no_reference_is_not_known_again_and_the_report_says_so(world: World) -> None:
    row = {"committee": "inquiry", "type": "budget", "title": "Money"}
    for _ in range(2):
        report = run(world, "resource", row)
        assert (report.totals["created"], report.totals["unnamed"]) == (1, 1)
    assert len(world.session.scalars(select(Resource)).unique().all()) == 2


def call_organizations(world: World) -> None:
    rows = [
        {
            "slug": "justice",
            "name": "وزارة العدل",
            "type": "authority",
            "aliases": [{"name": "Ministry of Justice"}],
        },
        {"slug": "home", "name": "Home Office", "type": "authority"},
        {"slug": "home-2", "name": "HOME office", "type": "authority"},
    ]
    assert outcomes(run(world, "organization", *rows, process=None)) == ["created"] * 3


def test_an_organization_goes_by_its_name_or_an_alias(world: World) -> None:
    call_organizations(world)
    names = ["وزاره العدل", "MINISTRY OF JUSTICE", "justice", "Home Office", "press"]
    rows = [
        {**ASKED, "reference": f"R{place}", "addressees": [{"organization": name}]}
        for place, name in enumerate(names)
    ]
    report = run(world, "recommendation", *rows)
    assert outcomes(report) == ["would_create"] * 3 + ["refused", "would_create"]
    assert faults(report, 3) == {
        "/addressees/0/organization": "several organizations are called 'Home Office'; give the slug of one"
    }


def test_an_old_list_calls_an_organization_by_the_name_that_it_had(world: World) -> None:
    former = [{"name": "Ministry of War", "to_on": "2024-12-31"}]
    row = {"slug": "mod", "name": "Ministry of Defence", "type": "authority", "former_names": former}
    run(world, "organization", row, process=None)
    asked = {**ASKED, "addressees": [{"organization": "ministry of WAR"}]}
    assert outcomes(run(world, "recommendation", asked, dry_run=True)) == ["would_create"]
    now = {"slug": "war", "name": "Ministry of War", "type": "authority"}
    run(world, "organization", now, process=None)
    run(world, "recommendation", asked)  # who is called so now comes first
    world.session.rollback()
    [addressee] = world.session.scalars(select(Addressee)).all()
    assert world.session.get_one(Organization, addressee.organization_id).slug == "war"


def test_a_withdrawn_organization_is_not_found_by_its_name(world: World) -> None:
    call_organizations(world)
    home = world.session.scalars(select(Organization).where(Organization.slug == "home-2")).one()
    with world.act(world.approver) as act:
        publication.withdraw_thing(act, home.id, "Twice.")
    assert outcomes(run(world, "recommendation", {**ASKED, "issuer": "Home Office"})) == ["created"]


@pytest.mark.parametrize("at_once", [1, 2, 9])
def test_rows_name_organizations_that_earlier_rows_make(world: World, at_once: int) -> None:
    rows = [
        ("organization", {"slug": "x", "name": "The X", "type": "media", "aliases": [{"name": "X!"}]}),
        ("recommendation", {**ASKED, "process": "coast", "issuer": "x!"}),
        (
            "recommendation",
            {**ASKED, "process": "coast", "reference": "R2", "issuer": "the x", "parent": "R1"},
        ),
    ]
    assert outcomes(run_rows(world, rows, dry_run=True, at_once=at_once)) == ["would_create"] * 3
    assert outcomes(run_rows(world, rows)) == ["created"] * 3


def test_organizations_are_made_on_the_way_where_the_import_says_so(world: World) -> None:
    taken = {"slug": "new-one", "name": "Another", "type": "media"}
    run(world, "organization", taken, process=None)
    rows = [
        {**ASKED, "reference": f"R{place}", "addressees": [{"organization": name}]}
        for place, name in enumerate(["New one", "new ONE", "وزارة", "press"])
    ]
    new = {"addressees.organization": "authority"}
    for at_once in (1, 4):
        tried = run(world, "recommendation", *rows, dry_run=True, at_once=at_once, new_organizations=new)
        assert outcomes(tried) == ["would_create"] * 4
        assert [(one.called, one.name, one.id) for one in tried.made] == [
            ("New one", "new-one-2", None),
            ("وزارة", make_slug("وزارة"), None),
        ]
    before = whole(world.session)
    refused = run(world, "recommendation", *rows, {**ASKED, "issuer": "Nobody"}, new_organizations=new)
    assert (refused.recorded, [one.id for one in refused.made], whole(world.session)) == (
        False,
        [None, None],
        before,
    )
    report = run(world, "recommendation", *rows, new_organizations=new)
    made = world.session.get_one(Organization, report.made[0].id)
    assert (made.name, made.type, made.publication) == ("New one", "authority", "draft")
    entry = world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.detail == {"rows": 4, "created": 4, "organizations": 2}
    again = run(world, "recommendation", *rows, new_organizations=new)
    assert (outcomes(again), list(again.made)) == (["unchanged"] * 4, [])


def test_what_is_made_for_a_row_that_is_refused_is_not_named_by_the_next(world: World) -> None:
    twice = [{"organization": "New one"}, {"organization": "new one"}]
    rows = [{**ASKED, "addressees": twice}, {**ASKED, "reference": "R2", "addressees": twice[:1]}]
    new = {"addressees.organization": "authority"}
    for dry_run in (True, False):
        report = run(world, "recommendation", *rows, dry_run=dry_run, new_organizations=new)
        assert outcomes(report) == ["refused", "would_create"]
    assert (
        "there is no organization"
        in faults(run(world, "recommendation", rows[1]))["/addressees/0/organization"]
    )
    long = {**ASKED, "addressees": [{"organization": "x" * 301}]}
    report = run(world, "recommendation", long, new_organizations=new)
    assert list(faults(report)) == ["/addressees/0/organization"]


def test_a_printed_number_gets_a_reference(world: World) -> None:
    bare = {name: value for name, value in ASKED.items() if name != "reference"}
    rows = [
        {**bare, "printed_number": "002/24"},
        {**ASKED, "reference": "2(a)", "parent": "002/24"},
        {**ASKED, "reference": "R. 5", "printed_number": "Fünf", "parent": "2-a"},
        {**bare, "printed_number": "«التوصية ١٢»"},
    ]
    for at_once in (1, 4):
        tried = run(world, "recommendation", *rows, dry_run=True, at_once=at_once)
        assert outcomes(tried) == ["would_create"] * 4
    report = run(world, "recommendation", *rows)
    made = [world.session.get_one(Recommendation, row.id) for row in report.rows]
    assert [(one.reference, one.printed_number) for one in made] == [
        ("002-24", "002/24"),
        ("2-a", "2(a)"),
        ("R-5", "Fünf"),
        ("12", "«التوصية ١٢»"),
    ]
    assert [row.name for row in report.rows] == ["002-24", "2-a", "R-5", "12"]
    assert outcomes(run(world, "recommendation", *rows)) == ["unchanged"] * 4
    assert outcomes(run(world, "recommendation", {**bare, "printed_number": "—"})) == ["refused"]
    clash = run(world, "recommendation", {**ASKED, "reference": "7(a)"}, {**ASKED, "reference": "7-a"})
    other = "its reference is 7-a, as that of '7(a)' (line 2); give one of the two a `reference` of its own"
    assert faults(clash, 1) == {"/reference": other}
    same = run(world, "recommendation", *[{**bare, "printed_number": "7(a)"}] * 2)
    assert faults(same, 1) == {"/printed_number": "line 2 has the same reference; give each once"}


# ------------------------------------------------------------------- what is there already


def test_the_order_of_a_list_and_what_is_left_out_make_no_difference(world: World) -> None:
    run(world, "recommendation", {**ASKED, "note": "A note."})
    turned = {**ASKED, "addressees": ASKED["addressees"][::-1]}
    assert outcomes(run(world, "recommendation", turned)) == ["unchanged"]


def test_a_letter_of_one_character_or_of_two_makes_no_difference(world: World) -> None:
    run(world, "recommendation", {**ASKED, "title": "Enque\u0302te", "note": "é"})
    composed = {**ASKED, "title": "Enquête", "note": "e\u0301"}
    assert outcomes(run(world, "recommendation", composed)) == ["unchanged"]


def test_what_stands_after_a_row_that_names_it_is_said_to(world: World) -> None:
    rows = [
        {**ASKED, "reference": "2(a)", "parent": "2."},
        {**ASKED, "reference": "2."},
        {**ASKED, "parent": "R-1"},
    ]
    rows[2]["reference"] = "R-1"
    for tried in (
        run(world, "recommendation", *rows),
        run(world, "recommendation", *rows, dry_run=True, at_once=1),
    ):
        assert faults(tried, 0) == {
            "/parent": "line 3, which records it, stands after this one; a row names rows before it"
        }
        assert faults(tried, 2) == {"/parent": "names the thing that this row records itself; leave it out"}


def test_a_row_that_hangs_on_many_others_is_tried_as_far_as_others_can_wait(world: World) -> None:
    rows = [{**ASKED, "reference": f"C{n}", **({"parent": f"C{n - 1}"} if n else {})} for n in range(120)]
    assert set(outcomes(run(world, "recommendation", *rows, dry_run=True, at_once=5))) == {"would_create"}
    assert set(outcomes(run(world, "recommendation", *rows))) == {"created"}


def test_organizations_are_made_of_members_that_name_one_only(world: World) -> None:
    for member in ("nope", "title", "addressees"):
        with pytest.raises(
            InvalidInput, match=f"'{member}' names no organization in a row; those that do: addr"
        ) as refused:
            run(world, "recommendation", ASKED, new_organizations={member: "media"})
        assert refused.value.fields[0].pointer == "/new_organizations"


@pytest.mark.parametrize(
    ("member", "value", "before", "after"),
    [
        ("title", "Another title", "Vet the forces", "Another title"),
        ("issuer", "press", "watchdog", "press"),
        ("issued_on", "2025-04-04", "2025-04-03", "2025-04-04"),
        ("tags", [], [{"scheme": "sdg", "code": "16.6", "label": None, "version": None}], []),
        ("note", "A note.", None, "A note."),
    ],
)
def test_a_draft_that_differs_is_edited_and_what_changes_is_shown(
    world: World, member: str, value: Any, before: Any, after: Any
) -> None:
    known = {"watchdog": world.watchdog, "press": world.press}
    run(world, "recommendation", ASKED)
    changed = {**ASKED, member: value}
    tried = run(world, "recommendation", changed, dry_run=True)
    [one] = tried.rows[0].differs
    assert outcomes(tried) == ["would_update"]
    expected = [known.get(value, value) if isinstance(value, str) else value for value in (before, after)]
    assert (one.member, one.before, one.after) == (member, *expected)
    report = run(world, "recommendation", changed)
    assert (outcomes(report), report.totals["updated"]) == (["updated"], 1)
    entry = world.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.verb, entry.detail) == ("import", {"rows": 1, "updated": 1})
    assert outcomes(run(world, "recommendation", changed)) == ["unchanged"]


def test_an_addressee_that_is_named_again_keeps_its_role(world: World) -> None:
    run(world, "recommendation", ASKED)
    named = [{"organization": name} for name in ("government", "press")]
    [row] = run(world, "recommendation", {**ASKED, "addressees": named}).rows
    made = world.session.get_one(Recommendation, row.id)
    assert {one.organization_id: one.role for one in made.addressees} == {
        world.government: "supporting",
        world.press: "primary",
    }


def test_what_no_edit_changes_is_refused(world: World) -> None:
    item = {"reference": "E1", "title": "A report", "type": "media_report", "acquired_from": "public_source"}
    run(world, "evidence", item)
    report = run(world, "evidence", {**item, "protection": "public"})
    assert faults(report) == {"/protection": "differs from what is recorded; no edit changes it"}


def test_what_is_public_is_proposed_with_a_reason_and_decided_by_another(world: World) -> None:
    run(world, "recommendation", ASKED)
    made = world.session.scalars(select(Recommendation)).unique().one()

    def title() -> str:
        world.session.rollback()
        return world.session.scalars(select(Recommendation.title)).one()

    for id in (world.watchdog, world.government, world.ministry, made.id):
        with suppress(AlreadyDone):
            world.publish(id)
    changed = {**ASKED, "title": "Vet all forces"}
    why = "this is public: say why it is revised; another person decides on it (`reason` of the import)"
    assert faults(run(world, "recommendation", changed)) == {"": why}
    tried = run(world, "recommendation", changed, dry_run=True, reason="A misprint.")
    assert outcomes(tried) == ["would_propose"]
    report = run(world, "recommendation", changed, reason="A misprint.")
    assert (outcomes(report), report.totals["proposed"]) == (["proposed"], 1)
    assert title() == "Vet the forces"
    again = run(world, "recommendation", changed, reason="A misprint.")
    assert (outcomes(again), again.rows[0].proposal) == (["waiting"], report.rows[0].proposal)
    other = run(world, "recommendation", {**ASKED, "title": "Third"}, reason="Why.")
    assert outcomes(other) == ["proposed"]
    with world.act(world.approver) as act:
        proposals.decide_proposal(act, str(report.rows[0].proposal), "approve")
    assert title() == "Vet all forces"
    with pytest.raises(StaleProposal), world.act(world.approver) as act:
        proposals.decide_proposal(act, str(other.rows[0].proposal), "approve")
    assert outcomes(run(world, "recommendation", changed)) == ["unchanged"]
    late = {"reason": "They moved.", "revision": "update", "since": date(2025, 5, 1)}
    assert outcomes(run(world, "recommendation", {**ASKED, "title": "Fourth"}, **late)) == ["proposed"]


def test_a_draft_that_was_thrown_away_comes_back_only_when_it_is_asked_for(world: World) -> None:
    [row] = run(world, "recommendation", ASKED).rows
    with world.act(world.approver) as act:
        publication.withdraw_thing(act, str(row.id), "Twice.")
    for dry_run in (True, False):
        report = run(world, "recommendation", ASKED, dry_run=dry_run)
        assert (outcomes(report), report.rows[0].id) == (["withdrawn"], row.id)
    writer = replace(world.editor, scope=frozenset({"record.write"}))
    assert outcomes(run(world, "recommendation", ASKED, by=writer, dry_run=True)) == ["would_create"]
    assert outcomes(run(world, "recommendation", ASKED, again=True)) == ["created"]
    assert outcomes(run(world, "recommendation", ASKED)) == ["unchanged"]


def test_the_slug_of_a_draft_that_was_thrown_away_is_free(world: World) -> None:
    for kind, made in (
        ("organization", {"slug": "union", "name": "A union", "type": "watchdog"}),
        ("process", {"slug": "other", "title": "T", "summary": "S", "lead": "desk", "calendar": CALENDAR}),
    ):
        [row] = run(world, kind, made, process=None).rows
        with world.act(world.approver) as act:
            publication.withdraw_thing(act, str(row.id), "Typed wrong.")
        assert outcomes(run(world, kind, made, process=None)) == ["withdrawn"]
        assert outcomes(run(world, kind, made, process=None, again=True)) == ["created"]


def test_what_keeps_its_name_after_its_withdrawal_is_said(world: World) -> None:
    made = {"slug": "union", "name": "A union", "type": "watchdog"}
    [row] = run(world, "organization", made, process=None).rows
    world.publish(str(row.id))
    with world.act(world.approver) as act:
        publication.withdraw_thing(act, str(row.id), "Twice.")
    assert outcomes(run(world, "organization", made, process=None)) == ["withdrawn"]
    again = run(world, "organization", made, process=None, again=True)
    assert faults(again) == {"/slug": f"{row.id} was withdrawn and keeps its slug; give this another"}


def test_a_draft_that_was_thrown_away_and_sealed_is_not_told_of(world: World) -> None:
    item = {"reference": "E1", "title": "A report", "type": "media_report", "acquired_from": "public_source"}
    [row] = run(world, "evidence", item).rows
    world.withdraw(str(row.id))
    assert outcomes(run(world, "evidence", item)) == ["withdrawn"]
    world.protect(str(row.id), "sealed")
    assert outcomes(run(world, "evidence", item)) == ["created"]


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
    assert faults(report, 1) == {"/reference": "line 2 has the same reference; give each once"}


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


# ------------------------------------------------------------------- nobody waits


def test_what_is_wrong_or_there_already_is_found_without_the_right_to_write(world: World) -> None:
    def view() -> AbstractContextManager[Unit]:
        return open_view(world.session, world.editor, world.clock(), world.entropy)

    run(world, "recommendation", ASKED)
    rows = [ASKED, {**ASKED, "reference": "R2", "issuer": "nobody"}, deepcopy(ASKED)]
    given = [GivenRow("recommendation", row, f"line {place}") for place, row in enumerate(rows)]
    told: list[None] = []
    report = try_rows(
        view,
        lambda: pytest.fail("it writes"),
        given,
        options=Options("coast"),
        note_row=lambda: told.append(None),
    )
    assert outcomes(report) == ["unchanged", "refused", "refused"]
    assert len(told) == 3
    new = [GivenRow("recommendation", {**ASKED, "reference": "R3"}, "line 1")]
    assert outcomes(try_rows(view, None, new, options=Options("coast"))) == ["would_create"]


def test_rows_are_tried_some_at_a_time_and_may_still_name_each_other(world: World) -> None:
    rows = [
        {**ASKED, "reference": "R1"},
        {**ASKED, "reference": "R1.1", "parent": "R1"},
        {**ASKED, "reference": "R2", "addressees": [{"organization": "press"}, {"organization": "press"}]},
        {**ASKED, "reference": "R2.1", "parent": "R2"},
        {**ASKED, "reference": "R1.1.1", "parent": "R1.1", "addressees": ASKED["addressees"][:1] * 2},
        {**ASKED, "reference": "R1.1.2", "parent": "R1.1"},
    ]
    for at_once in range(1, 7):
        report = run(world, "recommendation", *rows, dry_run=True, at_once=at_once)
        assert outcomes(report) == ["would_create"] * 2 + ["refused"] * 3 + ["would_create"]
        assert faults(report, 3)["/parent"] == "line 4, which records 'R2', is refused"
    assert outcomes(run(world, "recommendation", *rows)) == outcomes(report)


def test_what_its_reader_found_is_told_with_the_rest(world: World) -> None:
    reader = (FieldError("/addressees/role", "is cut badly"), FieldError("/issued_on", "is no day"))
    bad = {**ASKED, "issued_on": "soon", "title": 7, "addressees": [{"organization": "press", "role": "x"}]}
    rows = [
        GivenRow("recommendation", bad, "line 2", reader),
        GivenRow("recommendation", ASKED, "line 3", reader[:1]),
        GivenRow("recommendation", None, "line 4", (FieldError("", "is too short"),)),
    ]
    with world.act(world.editor) as act:
        report = import_rows(act, rows, options=Options("coast"))
    assert faults(report, 0) == {
        "/addressees/role": "is cut badly",
        "/issued_on": "is no day",
        "/title": "must be a string",
    }
    assert (faults(report, 1), faults(report, 2)) == (
        {reader[0].pointer: reader[0].detail},
        {"": "is too short"},
    )


def test_faults_are_told_by_their_kind_and_never_without_a_bound() -> None:
    tally = FaultTally()
    for place in range(MOST_ROWS + 1):
        fault = FieldError(f"/tags/{place}/code", f"there is no '{place}', but {place} others")
        kept = tally.add(place, InvalidInput("bad", fields=[fault]))
        assert (kept is None) == (place == MOST_ROWS)
    [kind] = tally.kinds.values()
    assert (kind.pointer, kind.count, kind.first) == ("/tags/code", MOST_ROWS + 1, [0, 1, 2, 3, 4])
    assert is_of_kind(kind, FieldError("/tags/3/code", "there is no '9', but 8 others"))
    assert not is_of_kind(kind, FieldError("/tags/3/label", "there is no '9', but 8 others"))
    tally.add(7, DemandsNotMet("no proof", missing=["one item"]))
    for place in range(MOST_KINDS):
        tally.add(place, InvalidInput(f"fault {'x' * place}"))
    assert [kind.detail for kind in tally.kinds.values()][1:3] == ["no proof", "missing: one item"]
    assert len(tally.kinds) == MOST_KINDS + 1
    last = list(tally.kinds.values())[-1]
    assert (last.detail, last.count) == ("other faults", 3)


# ------------------------------------------------------------------- all or nothing


def test_a_dry_run_leaves_no_trace(world: World) -> None:
    before = whole(world.session)
    report = run(world, "recommendation", ASKED, dry_run=True)
    assert (outcomes(report), report.recorded, report.rows[0].id) == (["would_create"], False, None)
    assert whole(world.session) == before
    assert (
        record_search.search_record(
            Viewer(world.session, world.editor), parse_terms("commander"), [], None, 5
        )
        == []
    )


def test_what_was_imported_is_found_by_a_search(world: World) -> None:
    report = run(world, "recommendation", ASKED)
    found = record_search.search_record(
        Viewer(world.session, world.editor), parse_terms("commander"), [], None, 5
    )
    assert [hit.id for hit in found] == [report.rows[0].id]


def test_it_holds_on_both_databases(record: World) -> None:
    bad = {**ASKED, "reference": "R2", "issuer": "nobody"}
    assert outcomes(run(record, "recommendation", ASKED, bad)) == ["would_create", "refused"]
    assert record.session.scalars(select(Recommendation)).unique().all() == []
    assert outcomes(run(record, "recommendation", ASKED)) == ["created"]
    assert outcomes(run(record, "recommendation", ASKED, dry_run=True)) == ["unchanged"]


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


@given(rows=ROWS, at_once=st.integers(1, 4))
@settings(
    max_examples=draws(10),
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_dry_run_says_what_a_real_run_does(world: World, rows: list[dict[str, Any]], at_once: int) -> None:
    """The world grows from example to example, so later ones meet what earlier ones made."""
    before = whole(world.session)
    tried = run(world, "recommendation", *rows, dry_run=True, at_once=at_once)
    assert whole(world.session) == before
    done = run(world, "recommendation", *rows)
    if tried.refused:
        assert outcomes(done) == outcomes(tried)
        assert whole(world.session) == before
    else:
        real = {"would_create": "created", "would_update": "updated"}
        assert outcomes(done) == [real.get(one, one) for one in outcomes(tried)]
        assert (whole(world.session) == before) == (set(outcomes(done)) == {"unchanged"})


def test_the_kinds_are_those_of_the_wire_and_of_the_endpoints() -> None:
    assert tuple(IMPORTS) == IMPORTED
    declared = {one.operation: (one.body, one.answer, one.permission) for one in ENDPOINTS}
    for name, kind in KINDS.items():
        given, *rest = declared[f"create_{name}"]
        assert rest == [kind.kept, kind.permission]
        assert given is kind.given or (name == "evidence" and issubclass(given, kind.given))
    acts = {
        "change": "propose_status_change",
        "extension": "extend_deadline",
        "member": "appoint_member",
        "mandate": "adopt_mandate",
        "figure": "add_committee_figure",
        "watchdog": "register_watchdog",
    }
    for name, operation in acts.items():
        body, _answer, permission = declared[operation]
        told = set(body._declared_fields) - {"reason", "revision", "since"}
        assert told <= IMPORTS[name].members, name
        assert permission == IMPORTS[name].permission


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
