"""The full public record of a process as files: lossless in JSON, tables for people, harmless in a spreadsheet, written
in little memory; and the same bytes for the same record."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.feeds.test_front import front_of
from tests.world import World
from tracker.domain.service_errors import Busy
from tracker.feeds import exports
from tracker.public.content.allow_list import CONTENT, PLURALS
from tracker.public.export import records, spreadsheets
from tracker.public.export.tables import TABLES
from tracker.public.tables import event

BASE = "/feeds/coast/export"
FORMS = ("json", "ndjson", "csv.zip", "xlsx")
HOSTILE = "=HYPERLINK(\"http://evil.example\",'x')\ufffe"


def fill(world: World) -> str:
    item = world.item()
    asked = world.recommendation("C1", title="Vet the forces")
    world.answer(asked, "implementation", "underway", cites=(item,))
    world.answer(asked, "implementation", "stalled", assessor=world.watchdog)
    world.deadline()
    world.recommendation("C2", publish=False, title="Not public")
    world.withdraw(world.recommendation("C3", title="Not public any more"))
    return asked


def lines(client: FlaskClient) -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get(f"{BASE}.ndjson").data.splitlines()]


def tables(raw: bytes) -> dict[str, list[dict[str, str]]]:
    with ZipFile(io.BytesIO(raw)) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
            if name.endswith(".csv")
        }


def test_the_lines_have_every_public_record_whole_and_end_with_their_count(
    world: World, client: FlaskClient
) -> None:
    fill(world)
    first, *found, last = lines(client)
    assert (first["record"], first["slug"], first["source"]) == ("export", "coast", "http://127.0.0.1:8000")
    assert last == {"record": "end", "count": len(found)}
    for line in found:
        if line["record"] != "act":
            document = client.get(f"/v1/public/{PLURALS[line['record']]}/{line['data']['id']}").get_json()
            document.pop("history")
            assert line["data"] == document
    acts = [line["data"]["id"] for line in found if line["record"] == "act"]
    query = select(event.c.id).where(event.c.process_id == world.process).order_by(event.c.seq)
    assert acts == list(world.session.scalars(query))
    assert "Not public" not in client.get(f"{BASE}.ndjson").get_data(as_text=True)


def test_the_document_says_the_same_as_the_lines(world: World, client: FlaskClient) -> None:
    fill(world)
    whole = client.get(f"{BASE}.json").get_json()
    first, *found, last = lines(client)
    assert whole.pop("export") == {name: value for name, value in first.items() if name != "record"}
    assert whole.pop("count") == last["count"]
    assert [one for records in whole.values() for one in records] == [line["data"] for line in found]
    assert {
        "processes",
        "organizations",
        "committees",
        "deadlines",
        "recommendations",
        "evidence",
        "acts",
    } <= set(whole)


def test_an_export_is_read_a_few_records_at_a_time(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world)
    whole = client.get(f"{BASE}.ndjson").data
    monkeypatch.setattr(records, "TOGETHER", 1)
    monkeypatch.setattr(exports, "_KEPT", 0)
    world.recommendation("C9", title="Last")
    again = client.get(f"{BASE}.ndjson").data
    assert len(again.splitlines()) == len(whole.splitlines()) + 2  # the recommendation and its act


def test_the_tables_have_a_readme_a_dictionary_and_the_answers(world: World, client: FlaskClient) -> None:
    fill(world)
    raw = client.get(f"{BASE}.csv.zip").data
    found = tables(raw)
    assert set(found) == {"data-dictionary.csv", *(f"{table.name}.csv" for table in TABLES)}
    for table in TABLES:
        known = {row["column"] for row in found["data-dictionary.csv"] if row["table"] == table.name}
        assert known == set(table.header)
        assert all(set(row) == known for row in found[f"{table.name}.csv"])
    [row] = found["recommendations.csv"]
    assert (row["reference"], row["addressees"]) == ("C1", "Government")
    says = {
        (row["assessor"], row["state"], row["lead"])
        for row in found["answers.csv"]
        if row["track"] == "implementation"
    }
    assert says == {("Desk", "underway", "True"), ("Watchdog", "stalled", "False")}
    with ZipFile(io.BytesIO(raw)) as archive:
        readme = archive.read("README.md").decode()
    assert readme.startswith("# Coast: the public record")
    assert "`recommendations`: What somebody asked somebody to do." in readme


def test_the_workbook_has_the_same_rows_as_the_tables(world: World, client: FlaskClient) -> None:
    fill(world)
    found = tables(client.get(f"{BASE}.csv.zip").data)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{BASE}.xlsx").data), read_only=True)
    assert book.sheetnames == ["README", "data-dictionary", *(table.name for table in TABLES)]
    for table in TABLES:
        rows = list(book[table.name].iter_rows(values_only=True))
        assert list(rows[0]) == table.header
        assert len(rows) - 1 == len(found[f"{table.name}.csv"])


def test_every_column_is_of_a_member_that_documents_have(world: World, client: FlaskClient) -> None:
    fill(world)
    world.resource(world.committee)
    world.report()
    seen: dict[str, set[str]] = {}
    for line in lines(client)[1:-1]:
        seen.setdefault(line["record"], set()).update(line["data"])
    for table in TABLES:
        if table.kind != "answer":
            firsts = {column.path.partition(".")[0] for column in table.columns}
            assert firsts - {"file"} <= seen.get(table.kind, firsts), (
                table.name
            )  # no item here has a public copy


def test_every_kind_of_record_has_a_table() -> None:
    assert {*records.KINDS, "act", "answer"} == {table.kind for table in TABLES}
    for table in TABLES:
        if table.kind in CONTENT:
            known = {*CONTENT[table.kind]().fields, "id", "published_at", "revised_at", "changed_at"}
            firsts = {column.path.partition(".")[0] for column in table.columns}
            computed = {"timing", "due_within", "delivered_on", "announced_on", "published_on"}
            assert firsts - known <= computed, table.name


def test_no_cell_is_a_formula(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("C1", title=HOSTILE, text=f" {HOSTILE}", note="-1+1")
    world.answer(asked, "implementation", "not_started", reason="@SUM(1)")
    [row] = tables(client.get(f"{BASE}.csv.zip").data)["recommendations.csv"]
    assert (row["title"], row["text"], row["note"]) == (f"'{HOSTILE}", f"' {HOSTILE}", "'-1+1")
    raw = client.get(f"{BASE}.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(raw))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert HOSTILE.replace("\ufffe", "\ufffd") in [cell.value for cell in cells]
    assert all(cell.hyperlink is None for cell in cells)


def test_a_text_that_no_cell_holds_is_cut_and_says_so() -> None:
    fitted = spreadsheets.fit_cell("\U00010330" * 20_000)
    assert fitted.endswith("[cut: the rest is in the lossless export]")
    assert len(fitted.encode("utf-16-le")) // 2 <= 32_767
    assert spreadsheets.fit_cell("short") == "short"


@pytest.mark.parametrize("form", FORMS)
def test_the_same_record_gives_the_same_bytes_under_one_tag(
    world: World, app: Flask, client: FlaskClient, form: str
) -> None:
    fill(world)
    first = client.get(f"{BASE}.{form}")
    front_of(app).exports.clear()
    again = client.get(f"{BASE}.{form}")
    assert (first.data, first.headers["ETag"]) == (again.data, again.headers["ETag"])
    assert first.headers["Content-Disposition"] == f'attachment; filename="coast-export.{form}"'
    assert client.get(f"{BASE}.{form}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    head = client.head(f"{BASE}.{form}")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    world.recommendation("C5")
    assert client.get(f"{BASE}.{form}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_export_is_written_once_for_each_change(
    world: World, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = exports.write_export
    monkeypatch.setattr(exports, "write_export", lambda *given: (written.append(given[2]), write(*given)))
    for _ in range(3):
        client.get(f"{BASE}.ndjson")
    assert written == ["ndjson"]
    world.recommendation("C1")
    assert b"C1" in client.get(f"{BASE}.ndjson").data
    assert written == ["ndjson", "ndjson"]


def test_who_asks_while_another_export_is_written_is_told_to_come_again(
    world: World, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PATIENCE", 0.01)
    with front_of(app).exports.place:
        answer = client.get(f"{BASE}.json")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json()["type"].endswith(Busy.code)
    assert client.get(f"{BASE}.json").status_code == 200


def test_a_tracker_that_cannot_write_workbooks_says_so(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "find_spec", lambda _name: None)
    answer = client.get(f"{BASE}.xlsx")
    assert (answer.status_code, "CSV" in answer.get_json()["detail"]) == (404, True)


@pytest.mark.parametrize("path", ["/feeds/none/export.json", f"{BASE}.pdf", f"{BASE}.csv"])
def test_there_is_no_other_export(world: World, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
