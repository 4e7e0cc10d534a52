"""A record goes to another tracker whole: exported, imported there, and exported again, it is the same.

Contract: three people take it over, for nobody judges there what they brought. Each imports the same file; what has to
wait for another's decision says so, and comes with a later import. Then there is nothing left to record.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cli.conftest import opened
from tests.cli.public_side import NOW
from tests.conftest import Clock
from tests.world import World
from tracker.actions import deadlines, exports, people, proposals, statuses
from tracker.actions.imports import import_in_parts, try_rows
from tracker.actions.operations.pending_work import run_pending_updates
from tracker.actions.people import OPERATOR
from tracker.actions.support.import_report import ImportReport
from tracker.actions.support.import_updates import Options
from tracker.actions.support.unit import open_unit, open_view
from tracker.cli.export_files import read_export
from tracker.cli.exports import READER
from tracker.domain.people import Actor
from tracker.store.viewer import Viewer

#: What another tracker gives itself, and who it was there.
OWN = {
    *("id", "version", "created_at", "published_at", "created_by", "submitted_by", "history"),
    *("proposed_by", "decided_by", "decided_at", "decision_note"),
}


def export(session: Session, process: str | None = None) -> bytes:
    session.rollback()
    session.expunge_all()
    return b"".join(exports.export_lines(Viewer(session, READER), process))


def comparable(exported: bytes) -> Counter[str]:
    """The lines of an export with names in place of ids."""
    lines = [json.loads(line) for line in exported.splitlines()]
    names = {line["id"]: line.get("slug") or line.get("reference") for line in lines if "id" in line}
    mandates = {one["id"]: "the mandate" for line in lines for one in line.get("mandates", ())}
    found = Counter[str]()
    for line in lines:
        line.get("addressees", []).sort(key=lambda one: names[one["organization"]])
        said = json.dumps({name: one for name, one in line.items() if name not in OWN}, sort_keys=True)
        found[
            re.sub("[a-z]{3}_[a-z0-9]{26}", lambda id: str((names | mandates).get(id[0], id[0])), said)
        ] += 1
    return found


class Elsewhere:
    """An empty tracker with three people, who take an export over in turn."""

    def __init__(self, session: Session) -> None:
        self.session, self.entropy = session, Random(9).randbytes
        with self.act(OPERATOR) as act:
            roles = {"first": ["editor"], "second": ["editor", "approver"], "third": ["approver"]}
            self.people = {name: people.add_person(act, name, one).actor for name, one in roles.items()}

    def act(self, by: Actor) -> Any:
        return open_unit(self.session, by, NOW, self.entropy)

    def look_at(self, exported: bytes, by: str, *, tries: bool) -> ImportReport:
        """What would become of the file by a look, or tried in parts as well."""
        turn = (lambda: self.act(self.people[by])) if tries else None
        rows = read_export(exported).rows
        options = Options(propose=True)
        return try_rows(
            lambda: open_view(self.session, self.people[by], NOW, self.entropy), turn, rows, options=options
        )

    def take(self, exported: bytes, by: str, approver: str) -> ImportReport:
        """Import the file as one, and approve as another what that brought."""
        rows = read_export(exported).rows
        report = import_in_parts(lambda: self.act(self.people[by]), rows, options=Options(propose=True))
        assert report.recorded, report.faults
        if report.batch is not None:
            with self.act(self.people[approver]) as act:
                decided = proposals.decide_proposal(act, report.batch, "approve")
            run_pending_updates(self.session, lambda: self.act(OPERATOR))
            assert decided.decision == "approved"
        return report

    def take_all(self, exported: bytes) -> list[ImportReport]:
        turns = (("first", "second"), ("second", "third"), ("first", "second"))
        return [self.take(exported, *turn) for turn in turns]


@pytest.fixture
def elsewhere(empty: Session) -> Elsewhere:
    return Elsewhere(empty)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    for session in opened(tmp_path / "world.db"):
        yield World(session, Clock(), Random(1).randbytes)


def test_a_world_comes_over_whole(world: World, elsewhere: Elsewhere) -> None:
    item = world.item(reference="E1")
    world.item(reference="E2", protection="confidential", publish=False, state=None, derived_from_id=item)
    figure = {"figure": "counted", "of": "graves", "as_of": date(2025, 4, 1), "source": "The list"}
    world.add(world.committee, "figures", **figure, at_least=20, evidence=[item])
    world.add(world.committee, "members", name="A Judge", role="chair", from_on=date(2025, 3, 9))
    world.add(world.committee, "mandates", instrument="Decree 3", adopted_on=date(2025, 3, 9), tasks=["Look"])
    report = world.report("final")
    world.answer(report, "release", "delivered", cites=(item,), effective_on=date(2025, 7, 13))
    asked = world.recommendation("R1")
    world.recommendation("R2", publish=False)
    world.answer(asked, "implementation", "not_started", effective_on=date(2025, 5, 1))
    world.answer(asked, "implementation", "underway", cites=(item,))
    due = world.deadline(reference="first")
    world.answer(due, "outcome", "missed", effective_on=date(2025, 4, 9))
    said = {
        "reference": "second",
        "set_on": date(2025, 4, 10),
        "rule": "3 months",
        "reason": "They asked for it.",
    }
    cited = [{"evidence": item, "stance": "supports"}]
    with world.act(world.editor) as act:
        _new, extension = deadlines.extend_deadline(act, due, {**said, "citations": cited})
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, extension.id)
    exported = export(world.session)

    waited = [report.totals["later"] for report in elsewhere.take_all(exported)]
    assert waited[0] > 0 == waited[-1]
    assert comparable(export(elsewhere.session)) == comparable(exported)
    again = elsewhere.take(exported, "first", "second")
    assert (again.batch, again.totals["unchanged"]) == (None, len(again.rows))


def test_a_history_comes_as_it_was_corrected(world: World, elsewhere: Elsewhere) -> None:
    asked = world.recommendation("R1")
    world.answer(asked, "implementation", "not_started", effective_on=date(2025, 5, 1))
    wrong = world.answer(asked, "implementation", "stalled")
    world.answer(asked, "implementation", "not_started", corrects=wrong.id)
    world.propose(asked, "implementation", "no_evidence", effective_on=date(2025, 8, 1))
    rows = read_export(export(world.session))
    assert rows.notes == ["3 status changes are left: replies, what was corrected, and what is not decided"]
    kept = [(one.value["state"], one.value["effective_on"]) for one in rows.rows if one.kind == "change"]
    assert kept == [("not_started", "2025-05-01")]


def test_a_case_comes_over_whole(loaded: Session, elsewhere: Elsewhere) -> None:
    exported = export(loaded, exports.find_process(Viewer(loaded, READER), "syria-coast"))
    for tries in (False, True):
        assert elsewhere.look_at(exported, "first", tries=tries).faults == []
    elsewhere.take_all(exported)
    assert comparable(export(elsewhere.session)) == comparable(exported)
