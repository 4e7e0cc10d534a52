"""An id that somebody writes into plain words names a thing all the same: in public only what is public is named."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from tests.public.assertions import refused
from tests.revising import revise_record
from tests.world import World
from tracker.actions import mandates, statuses
from tracker.actions.support import lookup
from tracker.domain import errors
from tracker.store.committees import Committee

NUMBERS = count(1)


@pytest.fixture
def secrets(world: World) -> dict[str, str]:
    """One of each that nobody outside may know of."""
    draft = world.make_committee("draft", publish=False)
    with world.act(world.editor) as act:
        mandate = mandates.adopt_mandate(
            act, draft, {"instrument": "Decree", "adopted_on": world.clock().date()}
        )
    asked = world.recommendation("S1", publish=False)
    return {
        "evidence": world.item(publish=False, protection="sealed"),
        "recommendation": asked,
        "organization": world.organization("hidden", "media", publish=False),
        "mandate": mandate.id,
        "change": world.answer(asked, "implementation", "stalled").id,
        "proposal": world.propose(world.recommendation("S2"), "implementation", "stalled").id,
        "person": world.editor.id,
        "nothing": "evd_" + "0" * 26,
    }


def fresh() -> str:
    return f"C{next(NUMBERS)}"


def in_a_reason(world: World, words: str) -> None:
    change = world.propose(world.recommendation(fresh()), "implementation", "stalled", reason=words)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)


def in_the_reason_of_somebody_else(world: World, words: str) -> None:
    change = world.propose(
        world.recommendation(fresh()), "implementation", "stalled", reason=words, proposer=world.watcher
    )
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)


def in_a_label(world: World, words: str) -> None:
    label = {"scheme": "theirs", "value": words}
    change = world.propose(world.recommendation(fresh()), "implementation", "stalled", label=label)
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)


def in_a_reason_from_before_publication(world: World, words: str) -> None:
    asked = world.recommendation(fresh(), publish=False)
    world.answer(asked, "implementation", "stalled", reason=words)
    world.publish(asked)


def in_a_text(world: World, words: str) -> None:
    world.recommendation(fresh(), text=words)


def in_a_note(world: World, words: str) -> None:
    row = lookup.get_unfiltered(world.session, world.committee)
    with world.act(world.editor) as act:
        revise_record(act, world.committee, "committee", {"note": words}, row.version)


def in_a_farewell(world: World, words: str) -> None:
    world.withdraw(world.recommendation(fresh()), words)


WAYS = (
    in_a_reason,
    in_the_reason_of_somebody_else,
    in_a_label,
    in_a_reason_from_before_publication,
    in_a_text,
    in_a_note,
    in_a_farewell,
)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_not_public_is_named_in_no_public_words(
    world: World, secrets: dict[str, str], way: Callable[[World, str], None]
) -> None:
    for kind, secret in secrets.items():
        with pytest.raises(errors.NotPublished) as caught:
            way(world, f"As {secret} shows.")
        assert caught.value.missing == (secret,), kind


@pytest.mark.parametrize("way", WAYS)
def test_what_is_public_may_be_named(world: World, way: Callable[[World, str], None]) -> None:
    world.add(world.committee, "mandates", instrument="Decree", adopted_on=world.clock().date())
    mandate = world.session.get_one(Committee, world.committee).mandates[0].id
    change = world.answer(world.recommendation("P1"), "implementation", "stalled").id
    way(world, f"Compare {world.committee}, {mandate}, {change}, {world.item()} and {world.press}.")


def test_a_draft_may_be_taken_back_in_any_words(world: World, secrets: dict[str, str]) -> None:
    world.withdraw(secrets["recommendation"], f"It is the same as {secrets['evidence']}.")


def test_a_refusal_leaves_nothing_behind(world: World, secrets: dict[str, str]) -> None:
    words = f"As {secrets['evidence']} shows."
    change = world.propose(world.recommendation(fresh()), "implementation", "stalled", reason=words)
    with refused(world, errors.NotPublished), world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id)
