"""What is recorded of a consent can be read by those who may read the item, and corrected: less is allowed at once,
more after another person approved it, a day later at the earliest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.actions.test_protection import agreed, submission
from tests.conftest import Clock
from tests.world import World
from tracker.actions import consent, redaction
from tracker.actions.submissions import submit_evidence_with_fields
from tracker.domain.consent import CONSENT, PURPOSES, list_allowed
from tracker.domain.errors import (
    AlreadyDone,
    InvalidInput,
    NotAgreed,
    NotFound,
    NotPermitted,
    SelfApproval,
    TooEarly,
)
from tracker.domain.partial_days import PartialDay
from tracker.domain.people import Actor
from tracker.sealing.sealer import Sealer
from tracker.store.consent import Consent
from tracker.store.evidence import Evidence

ASKED = "informed_consent"


def correct(world: World, item: str, *purposes: str, by: Actor | None = None, **more: Any) -> None:
    data = {"basis": ASKED, "purposes": list(purposes), "reason": "We asked again.", **more}
    with world.act(by or world.editor) as act:
        consent.correct_consent(act, item, data)


def told(world: World, item: str) -> dict[str, Any]:
    return consent.describe_consent(world.session, world.session.get_one(Evidence, item))


def wait(world: World, clock: Clock) -> None:
    clock.move(hours=24)


@pytest.mark.parametrize("bases", list(product(CONSENT, repeat=2)), ids="-".join)
def test_whatever_it_said_and_says_nothing_more_is_allowed_before_two_people_and_a_day(
    world: World, clock: Clock, bases: tuple[str, str]
) -> None:
    for before, after in product([(), ("internal_use",), PURPOSES[:2], PURPOSES[1:]], repeat=2):
        item = agreed(world, *before, basis=bases[0])
        was, wanted = list_allowed(bases[0], before), list_allowed(bases[1], after)
        if (bases[0], sorted(before)) == (bases[1], sorted(after)):
            with pytest.raises(AlreadyDone):
                correct(world, item, *after, basis=bases[1])
            continue
        correct(world, item, *after, basis=bases[1])
        assert allowed(world, item) == was & wanted
        assert (told(world, item)["proposed"] is None) == (wanted <= was)
        if wanted <= was:
            continue
        with pytest.raises(TooEarly):
            world.decide(item, kind="consent")
        decider = Actor(world.editor.id, world.editor.roles | world.approver.roles)
        with pytest.raises(SelfApproval):
            world.decide(item, kind="consent", by=decider)
        wait(world, clock)
        world.decide(item, kind="consent")
        assert allowed(world, item) == wanted
        assert told(world, item)["proposed"] is None


def allowed(world: World, item: str) -> Iterable[str]:
    found = told(world, item)
    return list_allowed(found["basis"], found["purposes"])


def test_one_is_recorded_where_none_was_and_the_day_of_it_is_mended(world: World) -> None:
    item = world.item(publish=False, protection="confidential")
    assert told(world, item) == {
        "evidence_id": item,
        **{"basis": None, "purposes": [], "obtained_on": None, "withdrawn_on": None, "proposed": None},
    }
    correct(world, item, "internal_use")
    correct(world, item, "internal_use", obtained_on=PartialDay(2025, 5, 2))
    assert told(world, item)["obtained_on"] == PartialDay(2025, 5, 2)


def test_nobody_has_agreed_on_a_day_that_is_still_to_come(world: World) -> None:
    item = agreed(world, "internal_use")
    with pytest.raises(InvalidInput) as raised:
        correct(world, item, "internal_use", obtained_on=PartialDay(2030))
    assert [one.pointer for one in raised.value.fields] == ["/obtained_on"]
    given = {**submission(world), "consent": {"basis": ASKED, "obtained_on": PartialDay(2030)}}
    with world.act(world.editor) as act, pytest.raises(InvalidInput) as raised:
        submit_evidence_with_fields(act, given, lambda: Sealer([], bytes))
    assert [one.pointer for one in raised.value.fields] == ["/consent/obtained_on"]


def test_a_day_that_waits_with_a_purpose_is_recorded_with_it(world: World, clock: Clock) -> None:
    item = agreed(world, "internal_use")
    correct(world, item, *PURPOSES[:2], obtained_on=PartialDay(2025, 5, 2))
    wait(world, clock)
    world.decide(item, kind="consent")
    found = world.session.get_one(Consent, item)
    assert (found.purposes, found.obtained_on) == (sorted(PURPOSES[:2]), PartialDay(2025, 5, 2))


def test_the_present_consent_takes_a_proposal_back_and_another_takes_its_place(world: World) -> None:
    item = agreed(world, "internal_use")
    correct(world, item, *PURPOSES[:2])
    correct(world, item, *PURPOSES[:3])
    assert told(world, item)["proposed"].payload["purposes"] == sorted(PURPOSES[:3])
    correct(world, item, "internal_use")
    assert told(world, item)["proposed"] is None
    with pytest.raises(AlreadyDone, match="says so already"):
        correct(world, item, "internal_use")


def test_what_is_disclosed_for_a_purpose_that_goes_is_taken_back_first(world: World) -> None:
    item = world.item()
    with pytest.raises(NotAgreed, match="raise its protection first"):
        correct(world, item, "internal_use")
    correct(world, item, "publish_anonymised")
    shared = world.item(publish=False, protection="confidential")
    court = world.organization("court", "judiciary")
    world.lower(shared, "partner", shared_with=[court])
    with pytest.raises(NotAgreed, match=court):
        correct(world, shared, "publish_anonymised")
    correct(world, shared, "share_with_courts")
    with pytest.raises(NotAgreed, match=court):  # one purpose for another: the first would go at once
        correct(world, shared, "publish_anonymised", "internal_use")


def test_what_was_withdrawn_or_has_been_is_not_widened(world: World, clock: Clock) -> None:
    item, gone = agreed(world, "internal_use"), agreed(world, "internal_use")
    for one in (item, gone):
        correct(world, one, *PURPOSES[:2])
    world.withdraw(gone)
    wait(world, clock)
    waits = world.waiting(gone, "consent")
    assert waits is not None
    with pytest.raises(AlreadyDone, match="withdrawn"):
        world.decide(gone, kind="consent")
    keeper = world.person("keeper", "custodian")
    with world.act(keeper) as act:
        redaction.withdraw_consent(act, item)
    assert told(world, item)["proposed"] is None
    with pytest.raises(AlreadyDone, match="does not come back"):
        correct(world, item, *PURPOSES[:2], by=keeper)


def test_nobody_corrects_what_they_may_not_read_or_protect(world: World) -> None:
    item = agreed(world, "internal_use")
    with pytest.raises(NotFound):
        correct(world, item, by=world.watcher)
    with pytest.raises(NotPermitted):
        correct(world, item, by=world.approver)


def test_a_correction_may_be_decided_a_day_after_and_not_a_moment_before(world: World, clock: Clock) -> None:
    item = agreed(world, "internal_use")
    correct(world, item, *PURPOSES[:2])
    clock.move(hours=24)
    clock.now -= timedelta(microseconds=1)
    with pytest.raises(TooEarly):
        world.decide(item, kind="consent")
    clock.now += timedelta(microseconds=1)
    assert world.decide(item, kind="consent").decision == "approved"
