"""The maps that come with the tracker read what others export.

Contract: each sample has the header of the real export and is imported with no fault; what the export says in its own
words is kept to the letter, with its scheme. The samples are made up.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Tracker
from tests.cli.test_transfers import AS, lines
from tests.world import World
from tracker.tables.map_files import SHIPPED

SAMPLES = Path(__file__).parent / "samples"
DOCS = Path(__file__).parents[2] / "docs" / "operating.md"
#: What the call has to say beside the map.
MORE = {
    "gao": ["--set", "issuer=watchdog"],
    "impact-oss": [
        *("--set", "issuer=watchdog", "--set", "issued_on=2021-05"),
        *("--set", "addressees.organization=government"),
    ],
    "decidim": ["--set", "issuer=watchdog", "--set", "addressees.organization=government"],
}


def bring_in(tracker: Tracker, name: str) -> list[dict[str, Any]]:
    """What a sample becomes, as the record exports it."""
    before = {one["id"] for one in lines(tracker("export").out) if "id" in one}
    given = [*AS, "--kind", "recommendation", "--process", "coast", "--map", name, *MORE.get(name, ())]
    said = tracker("import", str(SAMPLES / f"{name}.csv"), *given, "--commit")
    assert said.status == 0, said.out + said.err
    again = tracker("import", str(SAMPLES / f"{name}.csv"), *given)
    assert again.status == 0, again.out
    return [
        one for one in lines(tracker("export").out) if one.get("id") not in before and one["kind"] != "end"
    ]


def calls(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        (one for one in found if one["kind"] == "recommendation"), key=lambda one: str(one["reference"])
    )


def named(found: list[dict[str, Any]]) -> set[str]:
    return {one["name"] for one in found if one["kind"] == "organization"}


def test_every_map_has_a_sample_and_a_row_in_the_documents() -> None:
    assert {path.stem for path in SAMPLES.glob("*.csv")} == set(SHIPPED)
    rows = re.findall(r"^\| `([a-z-]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE)
    assert set(SHIPPED) <= set(rows)


def test_gao(tracker: Tracker, made: World) -> None:
    found = bring_in(tracker, "gao")
    matter, first, second = calls(found)
    assert (first["printed_number"], first["reference"]) == ("GAO-26-900001 / 1", "GAO-26-900001-1")
    assert (matter["printed_number"], matter["issued_on"]) == ("GAO-25-900002 / 1", "2025-03-13")
    assert second["note"] == "Open--Partially Addressed"
    assert first["note"] == "Open\n\nThe Department agreed."
    product = {"scheme": "gao-product", "code": "GAO-26-900001", "label": "Harbours: Plans Need Dates"}
    assert first["tags"] == [{**product, "version": None}]
    assert named(found) == {"Department of Harbours", "Department of Harbours: Office of Piers", "Congress"}


def test_uhri(tracker: Tracker, made: World, file: Any) -> None:
    report = {
        "reference": "A-HRC-90-1",
        "title": "Report",
        "type": "official_document",
        "acquired_from": "official",
    }
    given = ["--kind", "evidence", "--process", "coast", "--commit"]
    assert tracker("import", file("e.ndjson", json.dumps(report)), *AS, *given).status == 0
    found = bring_in(tracker, "uhri")
    first, second, third = calls(found)
    assert (first["issued_on"], third["issued_on"]) == ("2025-03-14", "2025-05-23")
    assert first["note"] == "A/HRC/90/1\n- Otherland"
    long, short = first["tags"]
    assert (len(long["code"]), long["label"][:25]) == (80, "Administration of justice")
    assert (short["scheme"], short["code"]) == ("uhri-theme", "Right to the truth")
    assert named(found) == {"UPR", "CAT", "Harbourland"}
    changes = {one["subject"]: one for one in found if one["kind"] == "change"}
    assert {id: (one["to"], one["label"]) for id, one in changes.items()} == {
        first["id"]: ("accepted", {"scheme": "UHRI UPR position, export of 2026", "label": "Supported"}),
        second["id"]: ("noted", {"scheme": "UHRI UPR position, export of 2026", "label": "Noted"}),
    }


def test_upr_info(tracker: Tracker, made: World) -> None:
    found = bring_in(tracker, "upr-info")
    said = sorted((one["issued_on"], one["note"], one["title"]) for one in calls(found))
    assert said == [
        ("2025-01", "Noted", "Consider inviting the rapporteur"),
        ("2025-01", "Supported", "Ratify the convention on piers"),
    ]
    assert named(found) == {"Harbourland", "Otherland", "Thirdland"}


def test_impact_oss(tracker: Tracker, made: World) -> None:
    first, second = calls(bring_in(tracker, "impact-oss"))
    assert (first["printed_number"] or first["reference"], first["issued_on"]) == ("121.4", "2021-05")
    assert (first["note"], second["note"]) == ("accepted: true\nIt is before the house.", None)


def test_decidim(tracker: Tracker, made: World) -> None:
    first, second = calls(bring_in(tracker, "decidim"))
    assert (first["title"], first["issued_on"]) == ("More benches in the port", "2024-05-12")
    place = "https://decidim.example/processes/port/f/12/proposals/31"
    assert first["note"] == f"accepted\nWe will set up ten.\n{place}"
    assert second["note"] == place.replace("31", "32")


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("colums: {}", "there is no 'colums'; there are: columns, constants"),
        (
            "columns: {Nr: {membr: reference}}",
            "columns, Nr: there is no 'membr'; there are: member, separator",
        ),
        ("columns: {Nr: 3}", "columns, Nr: must have members"),
        (
            "columns: {Nr: {member: text, beginning: 0}}",
            "beginning: must be a number of letters from 1 to 300",
        ),
        ("columns: {Nr: {member: text, pattern: '('}}", "pattern: is no regular expression"),
        ("columns: []", "columns: must name columns"),
        (
            "constants: {type: yes}",
            "constants, type: must be a text, not True; put numbers, dates, yes and no in",
        ),
        ("constants: []", "constants: must have members"),
        ("date_formats: DD.MM.YYYY", "date_formats: must be a list of texts"),
        ("changes: {}", "changes: must be a list"),
        ("changes: [{needs: state}]", "change 1, needs: must be a list of texts"),
        ("header: first", "must be the number of a line, from 1, not 'first'"),
        ("[", "is no YAML"),
    ],
)
def test_a_map_that_makes_no_sense_says_where(
    tracker: Tracker, made: World, file: Any, text: str, detail: str
) -> None:
    said = tracker(
        "import", file("o.csv", "Nr\n1\n"), *AS, "--kind", "organization", "--map", file("m.yaml", text)
    )
    assert said.status == 2
    assert detail in " ".join(said.err.split()), said.err


def test_a_map_that_is_not_there_names_those_that_are(tracker: Tracker, made: World, file: Any) -> None:
    said = tracker("import", file("o.csv", "Nr\n1\n"), *AS, "--kind", "organization", "--map", "none.yaml")
    assert "decidim, gao, impact-oss, uhri, upr-info" in " ".join(said.err.split())
