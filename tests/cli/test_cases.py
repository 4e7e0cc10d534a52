"""Loading the shipped cases, as an editor, a reviewer and an approver would have entered them.

Contract: everything goes through the acts that hold the rules, two people to each decision; everything is published; a
case is loaded once; and a file that does not read well says where. What is in the cases is told by
`test_case_canada.py` and `test_case_syria.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cli.public_side import NOW
from tracker import cases
from tracker.cli.cases import PEOPLE, load_case
from tracker.domain.errors import AlreadyDone, InvalidInput
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization
from tracker.store.people import Person
from tracker.store.processes import Process
from tracker.store.statuses import StatusChange
from tracker.store.subjects import Subject

# ------------------------------------------------------------------- loading


def test_nothing_is_left_as_a_draft(loaded: Session) -> None:
    for model in (Process, Organization, Subject):
        assert set(loaded.scalars(select(model.publication))) == {"published"}
    assert set(loaded.scalars(select(StatusChange.decision))) == {"approved"}


def test_nobody_decided_on_their_own_act_or_verified_their_own_evidence(loaded: Session) -> None:
    changes = loaded.scalars(select(StatusChange)).all()
    assert [change for change in changes if change.proposed_by == change.decided_by] == []
    submitters = {item.id: item.created_by for item in loaded.scalars(select(Evidence))}
    reviewed = [change for change in changes if change.track == "verification"]
    assert len(reviewed) == len(submitters) == 46
    assert [
        change.id
        for change in reviewed
        if submitters[change.subject_id] in (change.proposed_by, change.decided_by)
    ] == []


def test_the_desk_leads_both_cases_and_is_made_once(loaded: Session) -> None:
    desk = loaded.scalars(select(Organization.id).where(Organization.slug == "desk")).all()
    assert set(loaded.scalars(select(Process.lead_id))) == set(desk)
    assert len(desk) == 1


def test_a_case_that_is_loaded_is_not_loaded_again_and_nothing_is_written(loaded: Session) -> None:
    before = loaded.scalar(select(func.count()).select_from(Organization))
    with pytest.raises(AlreadyDone, match="'trc_canada' is loaded already: there is a process 'trc-canada'"):
        load_case(loaded, NOW, Random(3).randbytes, names=["trc_canada"])
    assert loaded.scalar(select(func.count()).select_from(Organization)) == before


def test_progress_rises_to_all_there_is(cases_folder: Path) -> None:
    told = json.loads((cases_folder / "progress.json").read_text())
    done = [step for step, _of in told]
    (of,) = {total for _step, total in told}
    assert done == sorted(done)
    assert done[-1] == of > 500


def broken(monkeypatch: pytest.MonkeyPatch, **members: Any) -> None:
    whole = cases.read_case("trc_canada")
    monkeypatch.setattr("tracker.cli.cases.read_case", lambda _name: {**whole, **members})


def test_a_key_that_stands_for_nothing_is_named(empty: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, process={**cases.read_case("trc_canada")["process"], "lead": "nobody"})
    with pytest.raises(
        InvalidInput,
        match="'trc_canada', process: /lead: the key 'nobody' stands for nothing of organization",
    ):
        load_case(empty, NOW, Random(4).randbytes, names=["trc_canada"])


def test_a_member_that_the_schema_does_not_know_is_named(
    empty: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, process={**cases.read_case("trc_canada")["process"], "colour": "red"})
    with pytest.raises(InvalidInput, match=r"'trc_canada', process: .*colour.*is not known here"):
        load_case(empty, NOW, Random(5).randbytes, names=["trc_canada"])


def test_one_case_can_be_loaded_now_and_another_later_by_the_same_people(
    empty: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_case(empty, NOW, Random(6).randbytes, names=["syria_coast"]) == tuple(PEOPLE)
    broken(monkeypatch, recommendations=[], snapshots=[])
    assert load_case(empty, NOW, Random(7).randbytes, names=["trc_canada"]) == tuple(PEOPLE)
    assert empty.scalar(select(func.count()).select_from(Person)) == len(PEOPLE)
    assert empty.scalar(select(func.count()).select_from(Process)) == 2
