"""What is public of a thing stands on its page: each text that somebody recorded, every verdict with its evidence, and
each date that a source gives. What a member of a document says and no page shows, no reader learns.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.test_pages import text_of
from tests.world import World

DAY = date(2025, 3, 9)
#: What stands elsewhere, and where.
BESIDE = {
    "note of an alias": "it says why a spelling is known; a search finds it by the name",
}


class Marks:
    """Words that stand for one member each."""

    def __init__(self) -> None:
        self.named: dict[str, str] = {}

    def make(self, what: str) -> str:
        word = f"mark{len(self.named):03d}x"
        self.named[word] = what
        return word

    def missing(self, shown: str) -> set[str]:
        return {what for word, what in self.named.items() if word not in shown} - BESIDE.keys()


@pytest.fixture
def marks() -> Marks:
    return Marks()


def figure(marks: Marks, kind: str, **more: Any) -> dict[str, Any]:
    own = {"figure": "counted", "amount": 7, "as_of": DAY, **more}
    return {
        **own,
        "of": marks.make(f"of of a figure of a {kind}"),
        "source": marks.make(f"source of a {kind}"),
    }


def test_an_organization(world: World, client: FlaskClient, marks: Marks) -> None:
    archive = world.organization("archive", "media", name=marks.make("member of"))
    alias = {"name": marks.make("alias"), "language": "en", "note": marks.make("note of an alias")}
    old = world.organization(
        "old",
        "authority",
        name=marks.make("name"),
        aliases=[alias],
        former_names=[{"name": marks.make("former name"), "from_on": None, "to_on": "2019-04-03"}],
        member_of=[{"organization_id": archive, "from_on": date(2018, 2, 3), "to_on": None}],
        founded_on=date(2011, 2, 1),
        ended_on=date(2024, 3, 5),
    )
    world.organization("new", "authority", name=marks.make("successor"), successor_of=[old])
    shown = text_of(client.get("/en/organizations/old"))
    assert marks.missing(shown) == set()
    for day in ("1 February 2011", "5 March 2024", "3 February 2018", "3 April 2019"):
        assert day in shown


def test_a_process_and_a_committee(world: World, client: FlaskClient, marks: Marks) -> None:
    process = world.make_process(
        "valley",
        summary=marks.make("summary"),
        place=marks.make("place"),
        former_names=[{"name": marks.make("former title"), "from_on": None, "to_on": "2024-01-01"}],
        figures=[figure(marks, "process")],
    )
    shown = text_of(client.get("/en/valley"))
    assert marks.missing(shown) == set()
    member = {
        **{name: marks.make(name) for name in ("name", "role", "profession", "left_note", "succeeded_by")},
        "conflicts": marks.make("conflicts"),
        "aliases": [marks.make("alias")],
        "from_on": DAY,
        "to_on": date(2025, 5, 2),
        "left_because": "resigned",
    }
    body = world.make_committee(
        "body",
        process_id=process,
        former_names=[{"name": marks.make("former name"), "from_on": None, "to_on": "2025-04-01"}],
        instrument=marks.make("instrument"),
        note=marks.make("note"),
        members=[member],
        figures=[figure(marks, "committee", unit=marks.make("unit"))],
        established_on=DAY,
    )
    scope = {name: marks.make(f"scope: {name}") for name in ("subject_matter", "time", "place", "persons")}
    tasks = [marks.make("task")]
    more = {"instrument": marks.make("decree"), "note": marks.make("note of a mandate")}
    world.add(body, "mandates", adopted_on=DAY, scope=scope, tasks=tasks, **more)
    means = world.resource(
        body, process_id=process, note=marks.make("note of means"), figures=[figure(marks, "resource")]
    )
    world.answer(
        means, "delivery", "withheld", effective_on=DAY, reason=marks.make("reason of means"), cites=()
    )
    shown += text_of(client.get("/en/valley/committee/body"))
    assert marks.missing(shown) == set()


def test_a_recommendation_and_a_report(world: World, client: FlaskClient, marks: Marks) -> None:
    report = world.report(
        "first",
        title=marks.make("title"),
        printed_number=marks.make("printed number of a report"),
        note=marks.make("note of a report"),
        claims=[{"date": "2025-03-09", "event": "delivered", "says": marks.make("claim")}],
        out_of_scope=[{"number": "7", "reason": marks.make("reason out of scope")}],
        figures=[figure(marks, "report")],
    )
    item = world.item(title=marks.make("evidence"))
    asked = world.recommendation(
        "R1",
        report_id=report,
        title=marks.make("title of a recommendation"),
        text=marks.make("text"),
        note=marks.make("note"),
        printed_number=marks.make("printed number"),
        former_numbers=[marks.make("former number")],
        tags=[{"scheme": "own", "code": "x", "version": None, "label": marks.make("label of a tag")}],
        figures=[figure(marks, "recommendation")],
    )
    needed = {"committee_id": None, "recommendation_id": asked, "note": marks.make("note of means")}
    world.resource("", figures=[figure(marks, "resource")], **needed)
    said = {"cites": (item,), "reason": marks.make("reason of an answer")}
    world.answer(asked, "response", "accepted", effective_on=DAY, **said)
    shown = text_of(client.get("/en/coast/reports/first"))
    answered = text_of(client.get("/en/coast/recommendations/R1"))
    assert marks.missing(shown + answered) == set()
    assert "evidence" in {marks.named[word] for word in re.findall(r"mark\d{3}x", answered)}
    dossier = text_of(client.get("/en/coast/dossier"))
    assert not {one for one in marks.missing(dossier) if "figure" in one or "source" in one}
    assert "evidence" not in marks.missing(dossier)


def test_whoever_is_not_asked_is_not_called_somebody_who_is_hidden(world: World, client: FlaskClient) -> None:
    world.recommendation("R1", addressees=[])
    for path in ("/en/coast/recommendations/R1", "/en/coast/dossier"):
        shown = text_of(client.get(path))
        assert "Nobody is named who has to act." in shown
        assert "somebody who is not public" not in shown


def test_one_other_date_that_a_source_gives_is_shown_with_what_follows(
    world: World, client: FlaskClient, marks: Marks
) -> None:
    reading = {"due_on": "2025-04-09", "says": marks.make("who says"), "note": marks.make("why")}
    due = world.deadline(readings=[reading])
    for path in (f"/en/coast/deadlines/{due}", "/en/coast/committee/inquiry", "/en/coast/dossier"):
        shown = text_of(client.get(f"{path}?as_of=2025-04-10"))
        assert marks.missing(shown) == set(), path
        assert "1 day overdue" in shown, path


def test_evidence_and_numbers_over_time(world: World, client: FlaskClient, marks: Marks) -> None:
    item = world.item(
        description=marks.make("description"), rights=marks.make("rights"), licence=marks.make("licence")
    )
    shown = text_of(client.get(f"/en/coast/evidence/{item}"))
    world.indicator(
        "trials",
        scope=marks.make("scope"),
        criteria=marks.make("criteria"),
        note=marks.make("note"),
        figures=[figure(marks, "indicator", stage="charged")],
    )
    [trials] = client.get("/v1/public/indicators").get_json()["items"]
    reason = marks.make("reason")
    world.answer(trials["id"], "procedure", "suspended", effective_on=DAY, reason=reason, cites=())
    shown += text_of(client.get("/en/coast/indicators/trials"))
    assert marks.missing(shown) == set()


def test_since_a_month_is_told_as_a_month_everywhere(world: World, client: FlaskClient) -> None:
    asked = world.recommendation("R1")
    june = {"not_before": date(2025, 6, 1), "effective_on": date(2025, 6, 30)}
    world.answer(asked, "implementation", "stalled", **june)
    for path in ("/en/coast/recommendations/R1", "/en/coast/dossier"):
        shown = text_of(client.get(path))
        assert "since June 2025" in shown, path
        assert "since 30 June 2025" not in shown, path
