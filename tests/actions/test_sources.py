"""The same bytes, or the same address, corroborate nothing: not each other, and no status."""

from __future__ import annotations

import hashlib

import pytest

from tests.public.assertions import refused
from tests.public.test_projection import lead, then
from tests.revising import revise_record
from tests.world import World
from tracker.actions import custody
from tracker.domain.errors import DemandsNotMet, InvalidInput
from tracker.files.files import Stored
from tracker.store.evidence import Evidence

LINK = "https://example.org/v/1"


def give_file(world: World, item: str, number: int, content: bytes = b"the same bytes") -> None:
    role = ("evidentiary_copy", "capture_package")[number - 1]
    stored = Stored(f"{number:032x}", len(content), hashlib.sha256(content).hexdigest())
    with world.act(world.editor) as act:
        custody.add_file(act, item, custody.ReceivedFile(role, stored, None, "video/mp4"))


@pytest.fixture
def two(world: World) -> tuple[str, str]:
    return world.item(source_url=LINK), world.item(publisher_id=world.daily, source_url=f"{LINK}/")


def test_two_items_of_one_address_are_one_for_a_status(world: World, two: tuple[str, str]) -> None:
    asked = world.recommendation("C1")
    with refused(world, DemandsNotMet):
        world.propose(asked, "implementation", "implemented", cites=two)
    other = world.item(publisher_id=world.daily)
    world.answer(asked, "implementation", "implemented", cites=(two[0], other))


def test_an_item_is_not_corroborated_by_its_copy(world: World) -> None:
    mine, copied = world.item(state=None), world.item(publisher_id=world.daily, state="verified")
    for number, item in enumerate((mine, copied), 1):
        give_file(world, item, number)
    with refused(world, DemandsNotMet):
        world.propose(mine, "verification", "corroborated", cites=(copied,), proposer=world.reviewer)
    other = world.item(publisher_id=world.daily)
    world.propose(mine, "verification", "corroborated", cites=(other,), proposer=world.reviewer)


def test_a_status_weakens_in_public_once_two_items_turn_out_to_be_one(world: World) -> None:
    cites = (world.item(source_url=LINK), world.item(publisher_id=world.daily))
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "implemented", cites=cites)
    assert lead(then(world, "recommendation", asked))["basis"] == "supported"
    version = world.session.get_one(Evidence, cites[1]).version
    with world.act(world.editor) as act:
        revise_record(act, cites[1], "evidence", {"source_url": LINK}, version)
    assert lead(then(world, "recommendation", asked))["basis"] == "weakened"


def test_the_same_bytes_weaken_it_when_they_are_handed_in(world: World) -> None:
    cites = (world.item(), world.item(publisher_id=world.daily))
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "implemented", cites=cites)
    give_file(world, cites[0], 1)
    assert lead(then(world, "recommendation", asked))["basis"] == "supported"
    give_file(world, cites[1], 2)
    assert lead(then(world, "recommendation", asked))["basis"] == "weakened"


def revise(world: World, item: str, **changes: object) -> None:
    with world.act(world.editor) as act:
        revise_record(act, item, "evidence", changes, world.session.get_one(Evidence, item).version)


def test_what_is_derived_from_one_item_counts_once(world: World) -> None:
    original = world.item(source_url=LINK)
    excerpt = world.item(publisher_id=world.daily, derived_from_id=original)
    translation = world.item(publisher_id=world.daily, derived_from_id=excerpt)
    mirrored = world.item(publisher_id=world.daily, source_url=LINK)
    asked = world.recommendation("C1")
    for cites in ((original, translation), (excerpt, mirrored)):
        with refused(world, DemandsNotMet):
            world.propose(asked, "implementation", "implemented", cites=cites)
    other = world.item(publisher_id=world.daily)
    world.answer(asked, "implementation", "implemented", cites=(original, other))
    revise(world, other, derived_from_id=translation)
    assert lead(then(world, "recommendation", asked))["basis"] == "weakened"


def test_a_status_follows_what_its_items_turn_out_to_be_derived_from(world: World) -> None:
    excerpt = world.item(publisher_id=world.daily)
    translation = world.item(publisher_id=world.daily, derived_from_id=excerpt)
    original = world.item()
    asked = world.recommendation("C1")
    world.answer(asked, "implementation", "implemented", cites=(original, translation))
    revise(world, excerpt, derived_from_id=original)
    assert lead(then(world, "recommendation", asked))["basis"] == "weakened"


def test_nothing_is_derived_from_itself_or_from_what_is_sealed(world: World) -> None:
    original = world.item()
    excerpt = world.item(derived_from_id=original)
    sealed = world.item(protection="sealed", publish=False)
    for item, named in ((original, excerpt), (original, original), (original, sealed)):
        with refused(world, InvalidInput, "/derived_from"):
            revise(world, item, derived_from_id=named)
    keeper = world.person("keeper", "editor", "custodian")  # who may know of it, and would tell
    with refused(world, InvalidInput, "/derived_from"), world.act(keeper) as act:
        row = world.session.get_one(Evidence, original)
        revise_record(act, original, "evidence", {"derived_from_id": sealed}, row.version)
