"""A watchdog works on its own: what it submitted and is still a draft; it names what is public, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.public.assertions import refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import evidence, statuses, watchdogs
from tracker.actions.support import lookup
from tracker.domain import errors
from tracker.domain.people import Actor
from tracker.store.evidence import Evidence
from tracker.store.processes import Process
from tracker.store.viewer import Viewer

ITEM = {"title": "A photograph", "type": "media_report", "acquired_from": "public_source"}


def submit(world: World, by: Any = None, **more: Any) -> Evidence:
    with world.act(by or world.watcher) as act:
        return evidence.submit_evidence(act, {"process_id": world.process, **ITEM, **more})


def mend(world: World, item: str, by: Any = None, **changes: Any) -> Any:
    with world.act(by or world.watcher) as act:
        return revise_record(act, item, "evidence", changes or {"title": "Mended"}, 1)


def retract(world: World, item: str, by: Any = None) -> Evidence:
    with world.act(by or world.watcher) as act:
        return evidence.retract_evidence(act, item, "It shows a witness.")


def standing(world: World, standing: str) -> Any:
    with world.act(world.admin) as act:
        return watchdogs.set_registration(act, world.watchdog, standing, "A complaint is looked into.")


def test_an_own_draft_is_mended_and_taken_back(world: World) -> None:
    item = submit(world).id
    assert mend(world, item).title == "Mended"
    assert retract(world, item).withdrawn_because == "It shows a witness."
    with refused(world, errors.AlreadyDone):
        retract(world, item)
    with refused(world, errors.AlreadyDone):
        mend(world, item)


def test_a_colleague_mends_what_the_organization_submitted(world: World) -> None:
    colleague = world.person("colleague", "watchdog", organization=world.watchdog)
    assert mend(world, submit(world).id, colleague).title == "Mended"


def test_what_is_public_or_reviewed_or_relied_upon_is_mended_by_the_desk(world: World) -> None:
    public = world.publish(submit(world, protection="public").id)
    world.release(public)
    reviewed = submit(world).id
    world.verify(reviewed, "verified")
    relied = submit(world).id
    world.answer(world.recommendation("C1"), "implementation", "not_started", cites=(relied,))
    for item in (public, reviewed, relied):
        with refused(world, errors.AlreadyDone):
            mend(world, item)
    assert (
        retract(world, relied).publication == "withdrawn"
    )  # its own, and not public: what rests on it says so


def test_a_watchdog_does_not_analyse(world: World) -> None:
    item = submit(world).id
    with refused(world, errors.NotPermitted):
        mend(world, item, source_analysis="passed")


def test_the_desk_takes_back_what_the_same_person_submitted(world: World) -> None:
    assert retract(world, submit(world, world.editor).id, world.editor).publication == "withdrawn"
    item = submit(world).id
    for by in (world.editor, world.approver):
        with refused(world, errors.NotPermitted):
            retract(world, item, by)


def test_only_evidence_is_mended_by_a_watchdog(world: World) -> None:
    with refused(world, errors.NotPermitted), world.act(world.watcher) as act:
        revise_record(act, world.committee, "committee", {"name": "Another"}, 2)


def test_a_draft_is_named_by_no_watchdog_and_refused_as_what_is_not_there(world: World) -> None:
    hidden = world.organization("hidden", "media", publish=False)
    process = world.make_process("north", publish=False)
    asked, item = world.recommendation("C1", publish=False), world.item(publish=False)
    own_item = submit(world).id
    with refused(world, errors.InvalidInput, "/publisher"):
        submit(world, publisher_id=hidden)
    with refused(world, errors.InvalidInput, "/process"):
        submit(world, process_id=process)
    with refused(world, errors.InvalidInput, "/subject") as caught:
        world.propose(asked, "implementation", "not_started", proposer=world.watcher)
    assert caught.value.detail.startswith("there is no")
    open_one = world.recommendation("C2")
    with refused(world, errors.InvalidInput, "/citations/0/evidence"):
        world.propose(open_one, "implementation", "not_started", proposer=world.watcher, cites=(item,))
    assert world.propose(open_one, "implementation", "not_started", proposer=world.watcher, cites=(own_item,))


def test_a_watchdog_gives_no_reference_and_names_no_other_organization(world: World) -> None:
    with refused(world, errors.InvalidInput, "/reference"):
        submit(world, reference="N1")
    for other in (world.press, "org_" + "0" * 26):
        with refused(world, errors.NotPermitted, "/watchdog"):
            submit(world, watchdog_id=other)


def test_a_verdict_that_the_desk_recorded_shows_what_its_watchdog_may_know(world: World) -> None:
    hidden, public = world.item(publish=False), world.item()
    change = world.answer(
        world.recommendation("C1"),
        "implementation",
        "not_started",
        cites=(hidden, public),
        assessor=world.watchdog,
    ).id
    world.session.expire_all()
    whole = lookup.get_status_change(Viewer(world.session, world.editor), change)
    assert [one.evidence_id for one in whole.citations] == [hidden, public]
    seen = lookup.get_status_change(Viewer(world.session, world.watcher), change)
    assert [one.evidence_id for one in seen.citations] == [public]
    world.session.rollback()
    with pytest.raises(errors.NotFound):
        lookup.get_status_change(
            Viewer(world.session, Actor("per_x", frozenset({"watchdog"}), world.press)), change
        )


def test_a_suspended_watchdog_writes_nothing_and_keeps_what_it_said(world: World) -> None:
    asked, item = world.recommendation("C1"), submit(world).id
    said = world.answer(asked, "implementation", "not_started", proposer=world.watcher)
    waiting = world.propose(asked, "implementation", "stalled", proposer=world.watcher)
    kept = standing(world, "suspended")
    assert (kept.standing, kept.history[-1].reason) == ("suspended", "A complaint is looked into.")
    for act in (
        lambda: submit(world),
        lambda: mend(world, item),
        lambda: retract(world, item),
        lambda: world.propose(asked, "implementation", "stalled", proposer=world.watcher),
    ):
        with refused(world, errors.NotPermitted):
            act()
    for verb, by in (
        (statuses.retract_status_change, world.watcher),
        (statuses.approve_status_change, world.approver),
    ):
        with refused(world, errors.NotPermitted), world.act(by) as opened:
            verb(opened, waiting.id)
    assert lookup.get_status_change(Viewer(world.session, world.watcher), said.id).decision == "approved"
    assert lookup.get(Viewer(world.session, world.watcher), item, "evidence").id == item
    standing(world, "registered")
    assert mend(world, item).title == "Mended"


def test_the_standing_of_a_watchdog_is_changed_by_who_manages_people_and_each_act_is_kept(
    world: World,
) -> None:
    for one in ("suspended", "withdrawn", "registered"):
        kept = standing(world, one)
    assert [act.standing for act in kept.history] == ["suspended", "withdrawn", "registered"]
    assert {act.by for act in kept.history} == {world.admin.id}
    with refused(world, errors.AlreadyDone):
        standing(world, "registered")
    with refused(world, errors.NotFound), world.act(world.admin) as act:
        watchdogs.set_registration(act, world.press, "suspended", "It is none.")
    with refused(world, errors.NotPermitted), world.act(world.editor) as act:
        watchdogs.set_registration(act, world.watchdog, "suspended", "It is not mine to say.")


def test_a_role_of_the_desk_does_not_let_one_speak_for_another_organization(world: World) -> None:
    """Whoever speaks for an organization speaks for that one, whatever else they may do."""
    both = world.person("both", "watchdog", "approver", organization=world.watchdog)
    data = {
        "process_id": world.process,
        "title": "A report",
        "type": "media_report",
        "acquired_from": "public_source",
        "watchdog_id": world.press,
    }
    with pytest.raises(errors.NotPermitted), world.act(both) as act:
        evidence.submit_evidence(act, data)
    keeper = world.person("keeper", "editor", organization=world.watchdog)
    asked = world.recommendation("B1")
    with pytest.raises(errors.NotPermitted):
        world.propose(asked, "implementation", "not_started", proposer=keeper, assessor=world.press)


def test_whoever_does_not_read_the_record_finds_nothing_of_it(world: World) -> None:
    """The default is nothing: a table that nobody thought of shows a watchdog no row."""
    viewer = Viewer(world.session, world.watcher)
    for thing in (world.process, world.committee, world.press, world.recommendation("C1"), world.item()):
        with pytest.raises(errors.NotFound):
            lookup.get(viewer, thing)
    assert world.session.scalars(viewer.select(Process)).first() is None
    assert lookup.get(Viewer(world.session, world.editor), world.process, "process").id == world.process


def test_what_is_of_another_kind_is_answered_as_what_is_not_there(world: World) -> None:
    viewer = Viewer(world.session, world.editor)
    for wrong in (world.committee, "prc_" + "0" * 26, "x"):
        with pytest.raises(errors.NotFound, match=f"there is no process '{wrong}'"):
            lookup.get(viewer, wrong, "process")
        with pytest.raises(errors.NotFound, match=f"there is no process '{wrong}'"):
            lookup.get_for_act(viewer, wrong, "process")
