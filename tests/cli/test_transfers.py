"""`tracker import` and `tracker export`.

Contract: a file is read as it stands or refused with the line, as a person counts, and the column at fault; nothing is
recorded without --commit, and all or nothing with it; what was exported and imported elsewhere is exported there alike.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from tests.cli.conftest import Tracker
from tests.conftest import Clock, make_app
from tests.tables.test_table_files import row, text_cell, workbook
from tests.world import World
from tracker import migrations
from tracker.actions import imports, people, publication
from tracker.actions.people import OPERATOR
from tracker.actions.support import import_updates
from tracker.actions.support.import_report import ImportReport
from tracker.actions.support.unit import open_unit
from tracker.domain.errors import InvalidInput
from tracker.store.database import db
from tracker.store.organizations import Organization
from tracker.store.people import find_person_by_name

ORGANIZATIONS = "slug,name,type\nunion,=HYPERLINK(1),watchdog\nadl,وزارة العدل,authority\n"
#: As a spreadsheet writes it: a mark of its order, lines that end in CR LF, a line break in a cell.
CALLS = (
    "\ufeffNr,Call,Wording,To,Role,Theme,Pages\r\n"
    '1,"Vet, now","Vet them.\r\nAll.",government;ministry,primary;supporting,16.6,3\r\n'
    "\r\n"
    "1.1,=1+1,+49,government,,,\r\n"
)
MAP = {
    "Nr": "reference",
    "Call": "title",
    "Wording": "text",
    "To": "addressees.organization",
    "Role": "addressees.role",
    "Theme": "tags.code",
}
SAID = {
    "tags.scheme": "sdg",
    "issuer": "watchdog",
    "issued_on": "2025-04-03",
    "language": "en",
    "type": "vetting",
}
AS = ("--as", "editor")


def asked(*more: str, columns: dict[str, str] = MAP, constants: dict[str, str] = SAID) -> list[str]:
    given = [*AS, "--kind", "recommendation", "--process", "coast", *more]
    for name, member in columns.items():
        given += ["--map", f"{name}={member}"]
    for member, text in constants.items():
        given += ["--set", f"{member}={text}"]
    return given


@contextmanager
def withdrawing(url: str, most: int) -> Iterator[None]:
    """With the organizations withdrawn that an import made."""
    app = make_app(url, Clock(), Random(3).randbytes)
    with app.app_context():
        query = select(Organization).where(Organization.slug.like("w-%")).limit(most)
        found = [one.id for one in db.session().scalars(query)]
        for id in found:
            approver = find_person_by_name(db.session(), "approver")
            assert approver is not None
            with open_unit(db.session(), approver.actor, Clock()(), Random(3).randbytes) as act:
                publication.withdraw_thing(act, id, "Twice.")
        db.session.remove()
        db.engine.dispose()
    yield


def lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


# ------------------------------------------------------------------- what is read


def test_a_csv_is_recorded_with_commit_only(tracker: Tracker, made: World, file: Any) -> None:
    path = file("organizations.csv", ORGANIZATIONS)
    for _ in range(2):
        said = tracker("import", path, *AS, "--kind", "organization")
        assert (said.status, said.err) == (0, "")
        assert said.out.endswith(
            "2 would be created, 0 unchanged, 0 refused\nnothing was recorded; say --commit to record it\n"
        )
    assert tracker("import", path, *AS, "--kind", "organization", "--commit").out == (
        "2 created, 0 unchanged, 0 refused\n"
    )
    again = tracker("import", path, *AS, "--kind", "organization", "--commit")
    assert again.out == "0 created, 2 unchanged, 0 refused\n"
    kept = lines(tracker("export", "--kind", "organization").out)
    assert {"=HYPERLINK(1)", "وزارة العدل"} <= {one.get("name") for one in kept}


def test_columns_become_members_lists_and_constants(tracker: Tracker, made: World, file: Any) -> None:
    said = tracker("import", file("calls.csv", CALLS), *asked("--commit"))
    assert (said.status, said.out) == (0, "not read: Pages\n2 created, 0 unchanged, 0 refused\n")
    first, second, _end = sorted(
        lines(tracker("export", "--kind", "recommendation").out),
        key=lambda one: str(one.get("reference", "~")),
    )
    assert (first["title"], first["text"]) == ("Vet, now", "Vet them.\nAll.")
    assert {one["organization"]: one["role"] for one in first["addressees"]} == {
        made.government: "primary",
        made.ministry: "supporting",
    }
    assert first["tags"] == [{"scheme": "sdg", "code": "16.6", "label": None, "version": None}]
    assert (second["title"], second["text"], second["tags"]) == ("=1+1", "+49", [])


def test_a_map_may_stand_in_a_file(tracker: Tracker, made: World, file: Any) -> None:
    plan = file("map.yaml", json.dumps({"columns": MAP, "constants": SAID, "separator": ";"}))
    given = asked("--map", plan, columns={}, constants={})
    assert tracker("import", file("calls.csv", CALLS), *given).status == 0


def test_a_map_says_what_the_words_and_names_of_a_table_mean(
    tracker: Tracker, made: World, file: Any
) -> None:
    plan = """
columns:
  Nr: printed_number
  Rec: [text, {member: title, beginning: 30}]
  To: {member: addressees.organization, separator: " / "}
  Kind: {member: type, values: {Enquête: vetting, Loi: legislative_reform}}
  Of: parent
constants: {issued_on: "2025-04-03", language: fr, issuer: A WATCHDOG}
new_organizations: {addressees.organization: authority}
"""
    table = "Nr\tRec\tTo\tKind\tOf\n"
    table += "002/24\tEcarter les commandants, tous les commandants\tgovernment / Ministère de la Justice\tEnquête\t\n"
    table += "002/24 (a)\tCourt\tMINISTERE de la justice / وزارة العدل\tLoi\t002/24\n"
    path, given = file("c.tsv", table), asked("--map", file("m.yaml", plan), columns={}, constants={})
    issuer = tracker("import", path, *given)
    assert "there is no organization with the id, slug or name 'A WATCHDOG'" in issuer.out
    made_known = [*given, "--set", "issuer=watchdog"]
    tried = tracker("import", path, *made_known)
    assert tried.out.splitlines() == [
        "cells are separated by tabs",
        "2 organizations would be made on the way: Ministère de la Justice (ministere-de-la-justice), "
        "وزارة العدل (o-9d453522)",
        "2 would be created, 0 unchanged, 0 refused",
        "nothing was recorded; say --commit to record it",
    ]
    said = tracker("import", path, *made_known, "--commit")
    assert "2 organizations made on the way: " in said.out
    kept = lines(tracker("export", "--kind", "recommendation").out)[:2]
    first, second = sorted(kept, key=lambda one: str(one["reference"]))
    assert (first["reference"], first["printed_number"]) == ("002-24", "002/24")
    assert (first["title"], first["type"]) == ("Ecarter les commandants, tous…", "vetting")
    assert (second["reference"], second["parent"], second["title"]) == ("002-24-a", first["id"], "Court")
    assert len({one["organization"] for one in first["addressees"] + second["addressees"]}) == 3
    assert " 2 unchanged" in tracker("import", path, *made_known, "--commit").out
    unknown = tracker("import", file("d.tsv", table.replace("Loi", "Décret")), *made_known)
    assert "line 3, column Kind: the map has no value for 'Décret'; it has: Enquête, Loi" in unknown.out


def test_a_changed_row_shows_old_and_new_and_is_updated(tracker: Tracker, made: World, file: Any) -> None:
    assert tracker("import", file("calls.csv", CALLS), *asked("--commit")).status == 0
    changed = file("calls.csv", CALLS.replace("Vet, now", "Vet, at once"))
    assert tracker("import", changed, *asked()).out.splitlines() == [
        "line 2, column Call: 'Vet, now' → 'Vet, at once'",
        "not read: Pages",
        "0 would be created, 1 would be updated, 1 unchanged, 0 refused",
        "nothing was recorded; say --commit to record it",
    ]
    said = tracker("import", changed, *asked("--commit"))
    assert said.out.endswith("0 created, 1 updated, 1 unchanged, 0 refused\n")
    kept = lines(tracker("export", "--kind", "recommendation").out)[:2]
    assert {one["title"] for one in kept} == {"Vet, at once", "=1+1"}


def test_of_what_changes_the_difference_is_to_be_seen(tracker: Tracker, made: World, file: Any) -> None:
    begin = "Vet all officers of the second brigade, and publish the list of those who were "
    first = CALLS.replace("Vet them.", begin + "kept.").replace("government;ministry", "government;watchdog")
    assert tracker("import", file("calls.csv", first), *asked("--commit")).status == 0
    changed = CALLS.replace("Vet them.", begin + "dismissed.").replace(
        "government;ministry", "government;The new office"
    )
    plan = file("m.yaml", "new_organizations: {addressees.organization: authority}\n")
    assert tracker("import", file("calls.csv", changed), *asked("--map", plan)).out.splitlines()[:2] == [
        "line 2, column Wording: '…t of those who were kept.\\nAll.' → '…t of those who were dismissed.\\nAll.'",
        "line 2, column To: without 'organization Watchdog, role supporting', with 'organization The new office, role"
        " supporting'",
    ]


def test_a_withdrawn_draft_is_said_and_offered(tracker: Tracker, made: World, file: Any) -> None:
    text = "slug,name,type\n" + "".join(f"w-{n},N,media\n" for n in range(5))
    path = file("o.csv", text)
    assert tracker("import", path, *AS, "--kind", "organization", "--commit").status == 0
    with withdrawing(os.environ["TRACKER_DATABASE_URL"], text.count("w-")):
        said = tracker("import", path, *AS, "--kind", "organization", "--commit")
    assert said.out.splitlines()[0].startswith("line 2: w-0 was recorded before and withdrawn (org_")
    assert said.out.splitlines()[3:] == [
        "  and 2 more; say --again to record again what was a draft",
        "0 created, 5 were withdrawn and are left out, 0 unchanged, 0 refused",
    ]
    said = tracker("import", path, *AS, "--kind", "organization", "--again")
    assert (said.status, "5 would be created" in said.out) == (0, True)


def test_a_day_of_a_revision_is_one(tracker: Tracker, made: World, file: Any) -> None:
    path = file("calls.csv", CALLS)
    assert tracker("import", path, *asked("--since", "soon")).status == 2
    assert tracker("import", path, *asked("--since", "2025-05-01", "--reason", "They moved.")).status == 0


WIDE = """Nr;Call;Issued;Status;Closed;Reopened;Found;Source
1;Vet them;03.04.2025;Abandonné;01.05.2025;01.06.2025;;
2;Hear them;03.04.2025;Abandonné;02.05.2025;;06.06.2025;https://example.org/none
3;Pay them;03.04.2025;;;;;
"""
LIVES = """
columns: {Nr: reference, Call: [title, text], Issued: issued_on}
constants: {language: en, issuer: watchdog, type: vetting}
date_formats: [DD.MM.YYYY]
changes:
  - columns:
      Closed: effective_on
      Status: [{member: state, values: {Abandonné: no_longer_applicable}}, label.label]
    constants: {track: closure, reason: From the list of the desk., label.scheme: desk list 2024-11}
  - columns: {Reopened: effective_on}
    constants: {track: closure, state: open, reason: From the list of the desk.}
  - columns: {Found: effective_on, Source: citations.evidence}
    constants:
      {track: implementation, state: not_started, assessor: A press office, reason: Seen., citations.stance: context}
"""


def test_a_wide_table_holds_the_lives_of_its_rows(tracker: Tracker, made: World, file: Any) -> None:
    given = asked("--map", file("m.yaml", LIVES), columns={}, constants={})
    said = tracker("import", file("w.csv", WIDE), *given, "--commit")
    assert (said.status, said.out.splitlines()[1:3]) == (
        1,
        [
            "line 3, column Source: there is no evidence with the id, slug or reference 'https://example.org/none'",
            "line 3, /assessor: there is no organization with the id, slug or name 'A press office'",
        ],
    )
    mended = LIVES.replace("A press office", "press")
    given = asked("--map", file("m.yaml", mended), columns={}, constants={})
    path = file("w.csv", WIDE.replace("https://example.org/none", ""))
    assert tracker("import", path, *given).out.splitlines()[-2].startswith("7 would be created")
    assert tracker("import", path, *given, "--commit").out.endswith("7 created, 0 unchanged, 0 refused\n")
    assert tracker("import", path, *given, "--commit").out.endswith("0 created, 7 unchanged, 0 refused\n")
    asks = tracker("import", path, *given, "--commit", "--propose").out.splitlines()[-1]
    assert asks.startswith("another person decides on all of it: prp_")
    found = [one for one in lines(tracker("export").out) if one["kind"] == "change"]
    known = sorted((one["effective_on"], one["track"], one["to"], one["decision"]) for one in found)
    assert [one for one in known if one[1] in ("closure", "implementation")] == [
        ("2025-05-01", "closure", "no_longer_applicable", "proposed"),
        ("2025-05-02", "closure", "no_longer_applicable", "proposed"),
        ("2025-06-01", "closure", "open", "proposed"),
        ("2025-06-06", "implementation", "not_started", "proposed"),
    ]
    labels = [one["label"] for one in found if one["effective_on"] == "2025-05-01"]
    assert labels == [{"scheme": "desk list 2024-11", "label": "Abandonné"}]


@pytest.mark.parametrize(
    "changes", ["[{columns: {Closed: 3}}]", "[{colour: red}]", "[{columns: {Closed: colour}}]", "3"]
)
def test_a_fact_that_makes_no_sense_ends_with_2(
    tracker: Tracker, made: World, file: Any, changes: str
) -> None:
    plan = file("m.yaml", LIVES[: LIVES.index("changes:")] + f"changes: {changes}")
    given = asked("--map", plan, columns={}, constants={})
    assert tracker("import", file("w.csv", WIDE), *given).status == 2


def test_an_import_in_parts_goes_on_after_what_stopped_it(
    tracker: Tracker, made: World, file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "slug,name,type\n" + "".join(f"p-{n},N{n},media\n" for n in range(150)) + "desk,Desk,media\n"
    path, given = file("o.csv", text), [*AS, "--kind", "organization", "--commit", "--in-parts"]
    monkeypatch.setattr(imports, "try_rows", lambda *_rows, **_more: ImportReport([], dry_run=True))
    monkeypatch.setattr(import_updates, "_update_thing", refuse_late)
    said = tracker("import", path, *given)
    assert said.out.splitlines()[-1] == (
        "120 rows before it are recorded; mend what is refused, and the same command goes on"
    )
    monkeypatch.undo()


def refuse_late(*_given: Any, **_more: Any) -> Any:
    raise InvalidInput("the record has changed since")


def test_status_changes_are_rows_of_their_own(tracker: Tracker, made: World, file: Any) -> None:
    text = "subject,track,state,effective_on,reason\ninquiry,adequacy.time,not_met,2025-05-01,Too short.\n"
    given = [*AS, "--kind", "change", "--process", "coast"]
    said = tracker("import", file("c.csv", text), *given, "--commit")
    assert said.out == "1 created, 0 unchanged, 0 refused\n"
    bad = text.replace("not_met", "w")
    assert "line 2, column state: " in tracker("import", file("c.csv", bad), *given).out


def test_two_files_put_together_are_told_by_their_second_header(
    tracker: Tracker, made: World, file: Any
) -> None:
    text = "slug,name,type\na,A,media\n"
    said = tracker("import", file("o.csv", text + text.replace("a,A", "b,B")), *AS, "--kind", "organization")
    assert said.out.splitlines()[0] == "line 3: this is the header again; delete this line"
    assert said.out.splitlines()[1] == "2 would be created, 0 unchanged, 1 refused"


def test_the_names_of_the_columns_may_stand_further_down(tracker: Tracker, made: World, file: Any) -> None:
    text = 'A list "of" the desk\n\nslug;name;type\na;A;media\nb;;media\n'
    given = (file("o.csv", text), *AS, "--kind", "organization")
    said = tracker("import", *given, "--header", "3")
    assert said.out.splitlines()[1] == "line 5, column name: is required"
    assert tracker("import", *given, "--header", "0").status == 2


def test_a_constant_fills_a_list_that_no_column_fills(tracker: Tracker, made: World, file: Any) -> None:
    columns = {name: MAP[name] for name in ("Nr", "Call", "Wording")}
    constants = {
        **SAID,
        "addressees.organization": "press;daily",
        "addressees.role": "supporting",
        "tags.code": "1",
    }
    said = tracker("import", file("c.csv", CALLS), *asked("--commit", columns=columns, constants=constants))
    assert said.status == 0, said
    first = lines(tracker("export", "--kind", "recommendation").out)[0]
    assert {one["organization"] for one in first["addressees"]} == {made.press, made.daily}
    assert {one["role"] for one in first["addressees"]} == {"supporting"}


def test_nested_members_and_numbers_come_from_cells(tracker: Tracker, made: World, file: Any) -> None:
    header = "slug,title,summary,lead,calendar.time_zone,calendar.weekend,stale_after_days,languages\n"
    row = "harbour,Harbour,A fire.,desk,Asia/Damascus,friday; saturday,90,ar;en\n"
    given = (
        *AS,
        "--kind",
        "process",
        "--set",
        "calendar.holidays.name=Day",
        "--set",
        "calendar.holidays.on=2025-04-17",
    )
    said = tracker("import", file("p.csv", header + row), *given, "--commit")
    assert said.status == 0, said
    kept = lines(tracker("export", "--process", "harbour", "--kind", "process").out)[0]
    assert (kept["stale_after_days"], kept["languages"]) == (90, ["ar", "en"])
    assert kept["calendar"] == {
        "time_zone": "Asia/Damascus",
        "weekend": ["friday", "saturday"],
        "holidays": [{"name": "Day", "on": "2025-04-17"}],
        "weekend_changes": [],
        "worked_days": [],
    }


def test_names_by_language_are_columns_of_their_own(tracker: Tracker, made: World, file: Any) -> None:
    text = "reference;name;names.ar;body_type\nsecond;Second;لجنة;presidential_committee\n"
    given = (
        *AS,
        "--kind",
        "committee",
        "--process",
        "coast",
        "--delimiter",
        ";",
        "--separator",
        "|",
        "--commit",
    )
    assert tracker("import", file("c.csv", text), *given).status == 0
    kept = lines(tracker("export", "--kind", "committee").out)
    assert {"ar": "لجنة"} in [one.get("names") for one in kept]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("o.json", '[{"slug": "union", "name": "Union", "type": "watchdog"}]'),
        ("o.ndjson", '{"slug": "union", "name": "Union", "type": "watchdog"}\n\n'),
        ("o.JSONL", '\ufeff{"slug": "union", "name": "Union", "type": "watchdog"}'),
    ],
)
def test_json_is_read_whole_or_by_lines(
    tracker: Tracker,
    made: World,
    file: Any,
    name: str,
    text: str,
) -> None:
    said = tracker("import", file(name, text), *AS, "--kind", "organization", "--json")
    assert said.status == 0
    report = json.loads(said.out)
    assert report["totals"]["created"] == 1
    assert report["rows"][0]["place"] in ("row 1", "line 1")


# ------------------------------------------------------------------- what is refused


def test_what_no_column_says_is_told_with_the_option_that_does(
    tracker: Tracker, made: World, file: Any
) -> None:
    bare = file("o.csv", "slug,name\nnew,New\n")
    options = ("--kind", "organization")
    said = tracker("import", bare, *AS, *options)
    remedy = "where no column says it, --set type=… says it of all rows"
    assert said.out.splitlines()[0] == f"line 2, /type: is required; {remedy}"
    assert tracker("import", bare, *AS, *options, "--set", "type=media").status == 0
    row = tracker("import", file("o.json", '[{"slug": "new", "name": "New"}]'), *AS, *options)
    assert row.out.splitlines()[0] == "row 1, /type: is required"  # there is no table, so no option


def test_a_refusal_names_the_line_and_the_column(tracker: Tracker, made: World, file: Any) -> None:
    calls = CALLS + "2,Bad,Text,nobody,,,\r\n" + "—,Bad,Text,government,,,\r\n"
    said = tracker("import", file("calls.csv", calls), *asked("--commit"))
    assert said.status == 1
    assert said.out.splitlines()[:2] == [
        "line 6, column To: there is no organization with the id, slug or name 'nobody'",
        "line 7, column Nr: must be letters and digits, joined by single dots, hyphens or underscores, as R-12.3;"
        " send what is printed, as 12(a), in `printed_number` (here: '—')",
    ]
    assert said.out.endswith("nothing was recorded: a row is refused\n")
    report = json.loads(tracker("import", file("calls.csv", calls), *asked("--json")).out)
    assert report["rows"][2]["errors"][0]["column"] == "To"
    assert lines(tracker("export", "--kind", "recommendation").out)[-1]["count"] == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("slug,name,type\n", "there is no row"),
        ("slug,name,type\n,,\n", "there is no row"),
        ("slug,slug\na,b\n", "line 1: the column 'slug' stands there twice; rename one of the two"),
        ('slug,name,type\na,"b,media\n', "a quotation mark that opens there is not closed"),
        ('slug,name,type\na,"b"c,media\n', "line 2: this is no CSV"),
        (b"slug,name,type\na,\xff,media\n", "line 2 is not UTF-8 (byte 17)"),
        ("slug,name,type\n\0,b,media", "line 2 holds a NUL"),
    ],
)
def test_a_file_that_reads_badly_is_refused_with_its_place(
    tracker: Tracker,
    made: World,
    file: Any,
    text: str | bytes,
    says: str,
) -> None:
    said = tracker("import", file("o.csv", text), *AS, "--kind", "organization")
    assert (said.status, said.out) == (1, "")
    assert says in said.err


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("o.json", "{}", "must hold a JSON list"),
        ("o.json", "[{]", "the file is not JSON (column 3)"),
        ("o.ndjson", '{"slug": "a"}\n{"slug": "a", "slug": "b"}\n', "stands there twice"),
        ("o.ndjson", "{}\n[\n", "line 2 is not JSON"),
    ],
)
def test_json_that_reads_badly_is_refused(
    tracker: Tracker,
    made: World,
    file: Any,
    name: str,
    text: str,
    says: str,
) -> None:
    said = tracker("import", file(name, text), *AS, "--kind", "organization")
    assert said.status == 1
    assert says in said.err


def test_a_map_that_names_a_column_twice_is_refused(tracker: Tracker, made: World, file: Any) -> None:
    plan = file("map.yaml", "columns:\n  Nr: reference\n  Text: text\n  Text: title\n")
    said = tracker("import", file("calls.csv", CALLS), *AS, "--kind", "recommendation", "--map", plan)
    assert said.status == 2
    assert "line 4: 'Text' stands there twice; a column that has several uses takes a list" in " ".join(
        said.err.split()
    )


def test_names_in_a_map_are_read_as_they_are_written(tracker: Tracker, made: World, file: Any) -> None:
    """YAML makes yes or no of `No` and `On`, and a number of `007`."""
    plan = file("map.yaml", "columns: {No: reference, On: issued_on, 007: title, null: text}\n")
    table = "No,On,007,null\n1,2025,T,T.\n"
    more = ("--set", "issuer=union", "--set", "language=en", "--set", "type=vetting")
    said = tracker(
        "import",
        file("c.csv", table),
        *AS,
        "--kind",
        "recommendation",
        "--process",
        "coast",
        "--map",
        plan,
        *more,
    )
    assert said.out.startswith("line 2, /issuer: there is no organization"), said


def test_an_organization_that_is_made_on_the_way_is_called_in_one_line(
    tracker: Tracker, made: World, file: Any
) -> None:
    head = "reference,title,text,language,type,issuer,issued_on,addressees.organization\n"
    text = (
        head
        + '7,T,T,en,vetting,union,2025,"Ministry\nof\u00a0Health"\n8,T,T,en,vetting,union,2025,ministry of health\n'
    )
    plan = file("map.yaml", "new_organizations: {addressees.organization: authority, issuer: watchdog}\n")
    given = (*AS, "--kind", "recommendation", "--process", "coast", "--map", plan)
    said = tracker("import", file("calls.csv", text), *given, "--json")
    assert [one["called"] for one in json.loads(said.out)["made"]] == ["union", "Ministry of Health"]
    bad = tracker("import", file("bad.csv", text.replace("Ministry\nof", "Ministry\x07of")), *given)
    assert "no organization can be called so: control character U+0007 at position 8" in bad.out


def test_the_same_reference_names_both_lines(tracker: Tracker, made: World, file: Any) -> None:
    calls = CALLS + "1,Again,Text,government,,,\r\n"
    said = tracker("import", file("calls.csv", calls), *asked())
    assert said.out.startswith(
        "line 6, column Nr: line 2 has the same reference; give each once (here: '1')\n"
    )


def test_a_text_that_is_too_long_names_its_line_its_column_and_the_bound(
    tracker: Tracker, made: World, file: Any
) -> None:
    calls = CALLS + f"2,Long,{'x' * 200_000},government,,,\r\n"
    said = tracker("import", file("calls.csv", calls), *asked())
    assert said.out.startswith(
        "line 6, column Wording: must have 1 to 20000 characters, not 200000 (here: 'xxx"
    )
    assert len(said.out) < 1000


def test_a_day_is_read_as_the_call_or_the_map_says(tracker: Tracker, made: World, file: Any) -> None:
    path = file("c.csv", CALLS.replace("Pages", "On").replace(",3\r", ",03.04.2025\r"))
    given = asked(
        columns={**MAP, "On": "issued_on"}, constants={k: v for k, v in SAID.items() if k != "issued_on"}
    )
    said = tracker("import", path, *given)
    assert said.out.startswith("line 2, column On: must be a date as 2025-03-09; if it is written otherwise,")
    assert "--date-format DD.MM.YYYY (2025-04-03) (here: '03.04.2025')" in said.out
    assert "line 5, column On: is required" in said.out
    plan = file("m.yaml", 'date_formats: ["DD.MM.YYYY"]')
    for more in (("--date-format", "DD.MM.YYYY"), ("--map", plan)):
        assert "column On: must be" not in tracker("import", path, *given, *more).out


def test_a_map_that_is_not_there_is_said_not_to_be(tracker: Tracker, made: World, file: Any) -> None:
    said = tracker("import", file("calls.csv", CALLS), *asked("--map", "missing.yaml"))
    assert (said.status, "there is no file missing.yaml" in said.err) == (2, True)


def test_a_workbook_is_recognised_by_its_bytes(tracker: Tracker, made: World, file: Any) -> None:
    raw = workbook(
        row(1, text_cell("A1", "slug"), text_cell("B1", "name"), text_cell("C1", "type"))
        + row(2, text_cell("A2", "union"), text_cell("B2", "Union"), text_cell("C2", "watchdog"))
        + row(3, text_cell("A3", "bad one"), text_cell("B3", "Union"), text_cell("C3", "watchdog"))
    )
    for name in ("o.xlsx", "o.csv"):
        said = tracker("import", file(name, raw), *AS, "--kind", "organization")
        assert "row 3, column slug: must be small letters" in said.out
        assert ("this is an Excel workbook, whatever its name says" in said.out) == (name == "o.csv")
    assert tracker("import", file("o.xlsx", ORGANIZATIONS), *AS, "--kind", "organization").status == 0


def test_many_rows_with_one_fault_are_told_together(tracker: Tracker, made: World, file: Any) -> None:
    text = "slug,name,type\n" + "".join(f"bad {n},N,{'media' if n % 2 else 'x'}\n" for n in range(2000))
    said = tracker("import", file("o.csv", text), *AS, "--kind", "organization", "--commit")
    assert said.status == 1
    assert said.out.count("\n") < 12
    assert "line 2, column slug: must be small letters" in said.out
    assert "  and 1997 more like this, at line 5, line 6 …\n" in said.out
    report = json.loads(tracker("import", file("o.csv", text), *AS, "--kind", "organization", "--json").out)
    assert [(one["column"], one["count"]) for one in report["faults"]] == [("slug", 2000), ("type", 1000)]
    assert report["faults"][1]["places"] == ["line 2", "line 4", "line 6", "line 8", "line 10"]
    assert sum("errors" in one for one in report["rows"]) == 1000
    assert report["totals"]["refused"] == 2000


def test_columns_of_one_list_are_cut_alike(tracker: Tracker, made: World, file: Any) -> None:
    uneven = CALLS.replace("primary;supporting", "primary")
    said = tracker("import", file("calls.csv", uneven), *asked())
    fault = "line 2, column Role: addressees.role has 1 pieces where addressees has 2"
    assert (said.status, fault in said.out) == (1, True)


@pytest.mark.parametrize(
    "call",
    [
        ("--map", "Title=title"),  # no such column
        ("--map", "Pages=title"),  # filled twice
        ("--map", "Nr=reference"),  # the same twice
        ("--set", "reference=x"),
        ("--map", "Pages=colour"),
        ("--map", "Pages=addressees"),
        ("--map", "Pages=note.more"),
        ("--map", "no sign"),
        ("--map", "not-there.yaml"),
        ("--set", "type"),
        ("--set", "title=x"),
        ("--delimiter", ",,"),
        ("--separator", ""),
        ("--kind", "dream"),
        ("--format", "pdf"),
        ("--encoding", "klingon"),
        ("--date-format", "DD.MM.YY"),
    ],
)
def test_a_call_that_makes_no_sense_ends_with_2(
    tracker: Tracker,
    made: World,
    file: Any,
    call: tuple[str, ...],
) -> None:
    assert tracker("import", file("calls.csv", CALLS), *asked(*call)).status == 2


@pytest.mark.parametrize(
    "text",
    [
        *("columns: [", "[]", "columns: {Pages: 3}", "colour: red", "columns:", "\xff"),
        *("columns: {Pages: {colour: red}}", "columns: {Pages: {member: note, beginning: 0}}"),
        *(
            "columns: {Pages: {member: note, values: {a: 3}}}",
            "columns: {Pages: {member: note, beginning: x}}",
        ),
        *("date_formats: DD.MM.YYYY", "date_formats: [DD.MM.YY]", "new_organizations: {issuer: dream}"),
        *("new_organizations: {colour: media}", "encoding: klingon", "columns: {Pages: []}\nsheet: 3"),
    ],
)
def test_a_map_that_is_none_ends_with_2(tracker: Tracker, made: World, file: Any, text: str) -> None:
    plan = file("map.yaml", text.encode("latin-1"))
    assert tracker("import", file("calls.csv", CALLS), *asked("--map", plan)).status == 2


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("o.txt", ()),
        ("o.csv", ()),
        ("o.json", ("--kind", "organization", "--map", "a=slug")),
        ("none.csv", ()),
    ],
)
def test_a_file_of_which_it_is_not_said_what_it_is_ends_with_2(
    tracker: Tracker,
    made: World,
    file: Any,
    name: str,
    more: tuple[str, ...],
) -> None:
    path = "none.csv" if name == "none.csv" else file(name, "[]")
    assert tracker("import", path, *AS, *more).status == 2


def test_it_is_recorded_for_a_person_who_may(tracker: Tracker, made: World, file: Any) -> None:
    path = file("organizations.csv", ORGANIZATIONS)
    for name, says in (("nobody", "there is nobody called"), ("approver", "takes the role editor")):
        said = tracker("import", path, "--as", name, "--kind", "organization", "--commit")
        assert said.status == 1
        assert says in said.err
    tracker("people", "suspend", "editor")
    assert tracker("import", path, *AS, "--kind", "organization", "--commit").status == 1


def test_rows_without_a_reference_are_told_of(tracker: Tracker, made: World, file: Any) -> None:
    text = "committee,type,title\ninquiry,budget,Money\n"
    said = tracker("import", file("r.csv", text), *AS, "--kind", "resource", "--process", "coast")
    assert said.out.startswith("1 rows have no reference: the same import would record them once more\n")


# ------------------------------------------------------------------- exports, and back again


def test_an_export_to_a_file_is_for_nobody_elses_eyes(
    tracker: Tracker,
    made: World,
    tmp_path: Path,
) -> None:
    path = tmp_path / "record.ndjson"
    assert tracker("export", "--process", "coast", "-o", str(path)).status == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text("utf-8") == tracker("export", "--process", "coast").out
    assert [one.name for one in tmp_path.glob("*.ndjson*")] == ["record.ndjson"]
    assert tracker("export", "--process", "nowhere").status == 1


@pytest.fixture
def elsewhere(tmp_path: Path) -> str:
    """An empty tracker with an editor."""
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    app = make_app(url, Clock(), Random(9).randbytes)
    with app.app_context():
        migrations.upgrade(db.engine)
        with open_unit(db.session(), OPERATOR, Clock()(), Random(9).randbytes) as act:
            people.add_person(act, "editor", ["editor"])
        db.session.remove()
        db.engine.dispose()
    return url


def comparable(exported: list[dict[str, Any]]) -> list[str]:
    """The things of an export by their names: without ids, instants, versions and publication."""
    kept = [one for one in exported if one["kind"] not in ("end", "change", "watchdog", "question")]
    names = {one["id"]: one.get("slug") or one["reference"] for one in kept}
    own = ("id", "version", "created_at", "publication", "published_at")
    bare = [
        json.dumps({name: v for name, v in one.items() if name not in own}, sort_keys=True) for one in kept
    ]
    for id in {mandate["id"] for one in kept for mandate in one.get("mandates", ())}:
        bare = [text.replace(id, "the mandate") for text in bare]
    for id, name in names.items():
        bare = [text.replace(id, f"the {name}") for text in bare]
    return sorted(bare)


def test_what_is_exported_imported_elsewhere_and_exported_again_is_the_same(
    tracker: Tracker,
    made: World,
    file: Any,
    elsewhere: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert tracker("import", file("calls.csv", CALLS), *asked("--commit")).status == 0
    clause = '[{"reference": "1.1.a", "parent": "1.1", "issuer": "watchdog", "issued_on": "2025-04-03", '
    clause += '"title": "T", "text": "T", "language": "en", "type": "vetting"}]'
    assert tracker("import", file("c.json", clause), *asked("--commit", columns={}, constants={})).status == 0
    due = "reference,owner,type,title,basis,set_on,rule\nd1,1.1,final_report_due,Answer,decree,2025-03-09,30 days\n"
    assert (
        tracker(
            "import", file("d.csv", due), *AS, "--kind", "deadline", "--process", "coast", "--commit"
        ).status
        == 0
    )
    means = '[{"reference": "m", "committee": "inquiry", "type": "budget", "title": "Money", "figures": '
    means += '[{"figure": "needed", "amount": "12.5", "as_of": "2025-04-03", "source": "S"}]}]'
    kind = ("--kind", "resource", "--process", "coast", "--commit")
    assert tracker("import", file("m.json", means), *AS, *kind).status == 0
    seen = "reference,title,type,acquired_from\nE1,A report,media_report,public_source\n"
    kind = ("--kind", "evidence", "--process", "coast", "--commit")
    assert tracker("import", file("e.csv", seen), *AS, *kind).status == 0

    second = '[{"reference": "second", "name": "Second", "body_type": "presidential_committee"}]'
    kind = ("--process", "coast", "--commit", "--kind")
    assert tracker("import", file("b.json", second), *AS, *kind, "committee").status == 0
    decree = '[{"committee": "second", "instrument": "Decree 3", "adopted_on": "2025-03", "tasks": ["Look", "Say"]}]'
    assert tracker("import", file("m.json", decree), *AS, *kind, "mandate").status == 0

    exported = tracker("export", "--process", "coast").out
    monkeypatch.setenv("TRACKER_DATABASE_URL", elsewhere)
    said = tracker("import", file("record.ndjson", exported), *AS, "--commit")
    assert said.status == 0, said
    again = tracker("export").out
    assert comparable(lines(again)) == comparable(lines(exported))
    assert len(comparable(lines(again))) == 6 + 1 + 2 + 3 + 1 + 1 + 1
    repeated = tracker("import", file("record.ndjson", exported), *AS, "--commit")
    assert " 0 refused" in repeated.out
    assert repeated.out.startswith("0 created")


def test_an_export_that_was_cut_off_is_not_imported(tracker: Tracker, made: World, file: Any) -> None:
    whole = tracker("export").out.splitlines(keepends=True)
    for cut in (whole[:-1], whole[1:], []):
        said = tracker("import", file("record.ndjson", "".join(cut)), *AS)
        assert (said.status, "no whole export" in said.err) == (1, True)


def test_what_was_withdrawn_does_not_come_back(
    tracker: Tracker,
    made: World,
    file: Any,
    elsewhere: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exported = lines(tracker("export", "--kind", "organization").out)
    for one in exported[:-1]:
        one["publication"] = "withdrawn" if one["slug"] == "daily" else one["publication"]
    monkeypatch.setenv("TRACKER_DATABASE_URL", elsewhere)
    path = file("o.ndjson", "\n".join(map(json.dumps, exported)))
    assert tracker("import", path, *AS, "--commit").out.startswith("5 created")
