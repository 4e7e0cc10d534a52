"""A dry run says what would follow from an act: what a status demands and has, whether another person could approve it,
and what anybody would read then. It tells nobody of a thing that they may not know of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from tests.public.assertions import dump, refused
from tests.world import World
from tracker.actions import protection, publication, revisions, statuses, trials, watchdogs
from tracker.actions.support.unit import Unit
from tracker.actions.trials import Effect
from tracker.domain import errors
from tracker.domain.people import Actor


def tried(world: World, act: Callable[[Unit], Any], by: Actor | None = None) -> Effect:
    """What would follow from an act. Nothing does."""
    before = dump(world.session)
    _told, effect = trials.try_act(
        world.session, by or world.editor, world.clock, world.entropy, act, lambda made: made
    )
    assert dump(world.session) == before
    world.session.rollback()
    return effect


def proposal(subject: str, state: str, *cites: str, **more: Any) -> Callable[[Unit], Any]:
    data = {
        "subject": subject,
        "track": "implementation",
        "state": state,
        "effective_on": date(2025, 6, 1),
        "reason": "Because it is so.",
        "citations": [{"evidence": item, "stance": "supports"} for item in cites],
        **more,
    }
    return partial(statuses.propose_status_change, data=data)


def publish(thing: str) -> Callable[[Unit], Any]:
    return partial(publication.propose_publication, things=[thing])


@pytest.mark.parametrize("permission", ["record.publish", "record.write"])
def test_a_key_that_reads_nothing_reads_nothing_by_a_dry_run(world: World, permission: str) -> None:
    asked = world.recommendation("R1", publish=False)
    by = world.approver if permission == "record.publish" else world.editor
    limited = replace(by, scope=frozenset({permission}))
    act = (
        partial(publication.publish_drafts, things=[asked])
        if permission == "record.publish"
        else publish(asked)
    )
    effect = tried(world, act, limited)
    assert (effect.public, effect.approval) == (None, None)
    assert tried(world, act, by).public is not None


def test_what_a_status_demands_and_what_is_given(world: World) -> None:
    asked = world.recommendation("R1")
    cited = (world.item(), world.item(publisher_id=world.daily))
    effect = tried(world, proposal(asked, "implemented", *cited))
    assert effect.support is not None
    assert (effect.support["met"], effect.support["own_act"]) == (True, None)
    assert [(one.code, one.needed, one.given, one.met) for one in effect.support["demands"]] == [
        ("items", 2, 2, True),
        ("verified", 2, 2, True),
        ("organizations", 2, 2, True),
    ]
    with refused(world, errors.DemandsNotMet) as caught:
        tried(world, proposal(asked, "implemented", cited[0]))
    assert [(one.code, one.given, one.met) for one in caught.value.demands] == [
        ("items", 1, False),
        ("verified", 1, False),
        ("organizations", 1, False),
    ]


def test_a_proposal_shows_what_anybody_reads_once_another_has_approved_it(world: World) -> None:
    asked, item = world.recommendation("R1"), world.item()
    effect = tried(world, proposal(asked, "partly_implemented", item))
    assert effect.approval is not None
    assert effect.approval.refused is None
    assert effect.public is not None
    [act], [document] = effect.public.acts, effect.public.documents
    assert (act["kind"], act["subject"], act["change"]["to"]) == (
        "status.changed",
        asked,
        "partly_implemented",
    )
    [track] = [one for one in document["standing"] if one["track"] == "implementation"]
    assert (document["id"], track["lead"]["state"]) == (asked, "partly_implemented")
    assert effect.public.more is False


def test_the_approval_itself_is_tried_as_whoever_approves(world: World) -> None:
    asked = world.recommendation("R1")
    change = world.propose(asked, "implementation", "not_started").id
    decide = partial(statuses.approve_status_change, change_id=change)
    effect = tried(world, decide, world.approver)
    assert effect.approval is None
    assert effect.public is not None
    assert [act["change"]["id"] for act in effect.public.acts] == [change]
    given_back = partial(statuses.return_status_change, change_id=change, note="No.")
    assert tried(world, given_back, world.approver) == Effect(None, None, trials.PublicEffect([], [], False))


def test_what_stands_in_the_way_of_an_approval_is_told_before_anybody_proposes(world: World) -> None:
    asked, hidden = world.recommendation("R1"), world.recommendation("R2", publish=False)
    named = proposal(asked, "not_started", reason=f"It follows from {hidden}.")
    effect = tried(world, named)
    assert effect.approval is not None
    assert isinstance(effect.approval.refused, errors.NotPublished)
    assert effect.approval.refused.missing == (hidden,)
    assert effect.public == trials.PublicEffect([], [], more=False)


def test_a_publication_and_a_revision_are_shown_as_they_would_be_read(world: World) -> None:
    draft, public = world.recommendation("R1", publish=False), world.recommendation("R2")
    effect = tried(world, publish(draft))
    assert effect.public is not None
    assert [(act["kind"], act["subject"]) for act in effect.public.acts] == [("subject.published", draft)]
    data = {"title": "Vet all forces", "reason": "It was misread."}
    edit = partial(revisions.edit_thing, id=public, kind="recommendation", data=data, expected=None)
    effect = tried(world, edit)
    assert effect.public is not None
    assert [one["title"] for one in effect.public.documents] == ["Vet all forces"]


def test_what_waits_a_day_or_is_for_custodians_is_not_approved_in_a_trial(world: World) -> None:
    item = world.item(protection="confidential", publish=False)
    protect = {"protection": "public", "reason": "The source agreed."}
    effect = tried(world, partial(protection.protect_evidence, id=item, data=protect))
    assert effect.approval is None


def test_more_acts_than_are_told_are_said_to_be_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "MOST_TOLD", 1)
    asked = world.recommendation("R1", publish=False)
    world.answer(asked, "implementation", "not_started")
    effect = tried(world, publish(asked))
    assert effect.public is not None
    assert (len(effect.public.acts), effect.public.more) == (1, True)


def test_a_watchdog_is_told_nothing_of_what_would_be_public(world: World) -> None:
    asked = world.recommendation("R1")
    effect = tried(world, proposal(asked, "stalled"), world.watcher)
    assert effect == Effect({"met": True, "own_act": None, "demands": []}, None, None)


def test_an_item_that_is_sealed_is_counted_for_custodians_alone(world: World) -> None:
    asked, item = world.recommendation("R1"), world.item(protection="confidential", publish=False)
    world.answer(asked, "implementation", "partly_implemented", cites=(item,))
    world.protect(item, "sealed", by=world.person("keeper", "custodian"))
    again = proposal(asked, "partly_implemented", confirms=True)
    keeper = world.person("second keeper", "custodian", "editor")
    given = {}
    for by in (world.editor, keeper):
        effect = tried(world, again, by)
        assert effect.support is not None
        assert effect.support["met"] is True
        given[by.id] = {one.given for one in effect.support["demands"]}
    assert given == {world.editor.id: {0}, keeper.id: {1}}


def test_a_trial_waits_its_turn_and_obeys_the_standing_of_whoever_tries(world: World) -> None:
    asked = world.recommendation("R1")
    with world.act(world.admin) as act:
        watchdogs.set_registration(act, world.watchdog, "suspended", "A complaint.")
    with refused(world, errors.NotPermitted):
        tried(world, proposal(asked, "stalled"), world.watcher)
