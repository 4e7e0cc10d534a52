"""An operator watches numbers: what waits and for how long. No number names anybody."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import Clock
from tests.world import World
from tracker.actions import custody, releases
from tracker.actions.operations.measures import list_measures
from tracker.domain.jobs import Run
from tracker.files.files import Stored
from tracker.store import jobs
from tracker.store.subjects import Subject


def measured(world: World) -> dict[str, float]:
    found = list(list_measures(world.session, world.clock()))
    world.session.rollback()
    assert {one.meaning for one in found if not one.meaning.endswith(".")} == set()
    return {" ".join((one.name, *one.labels.values())): one.value for one in found}


def test_numbers_follow_what_waits(record: World, clock: Clock) -> None:
    before = measured(record)
    assert (before["files"], "fixity_age_seconds" in before, "backup_age_seconds" in before) == (
        0,
        False,
        False,
    )
    assert before["log_unsigned_entries"] == before["log_entries"] > 0
    assert before["database_bytes"] > 100_000
    item, draft = record.item(), record.recommendation("C9", publish=False)
    with record.act(record.editor) as act:
        given = custody.ReceivedFile("evidentiary_copy", Stored("0" * 32, 7, "0" * 64), None, "text/plain")
        custody.add_file(act, item, given)
        for name in ("audit", "sign"):
            jobs.add_job(act.session, Run(name, act.now))
        jobs.change_job(act.session, "sign", done_at=act.now, outcome="done")
        act.audit("backup", "database")
        subject = act.session.get_one(Subject, draft)
        releases.begin_release(act, subject, act.now + timedelta(hours=1))
    record.propose(record.recommendation("C1"), "implementation", "not_started")
    clock.move(hours=49)
    after = measured(record)
    assert (after["files"], after["files_bytes"], after["files_failed"]) == (1, 7, 0)
    assert after["fixity_age_seconds"] == timedelta(hours=49).total_seconds() == after["backup_age_seconds"]
    assert (after["job_good sign"], after["job_age_seconds sign"]) == (0, 49 * 3600)
    assert "job_age_seconds audit" not in after
    assert (after["releases_waiting"], after["releases_overdue"], after["pending_updates"]) == (1, 1, 0)
    assert [name for name in after if name.startswith("queue_entries ")]
