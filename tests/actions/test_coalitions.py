"""Members of one coalition, or of an archive that they keep together, are one voice while they are members: for what a
status demands they count once, with the coalition and with each other.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.public.assertions import refused
from tests.public.test_projection import lead, then
from tests.revising import revise_record
from tests.world import World
from tracker.actions.operations import rebuild
from tracker.domain.errors import DemandsNotMet, InvalidInput
from tracker.domain.partial_days import parse_day
from tracker.store.evidence import Evidence
from tracker.store.organizations import Organization


@pytest.fixture
def archive(world: World) -> str:
    return world.organization("archive", "coalition")


def join(
    world: World, member: str, coalition: str, first: str | None = None, last: str | None = None
) -> None:
    days = {"from_on": first and parse_day(first), "to_on": last and parse_day(last)}
    version = world.session.get_one(Organization, member).version
    changes = {"member_of": [{"organization_id": coalition, **days}]}
    with world.act(world.editor) as act:
        revise_record(act, member, "organization", changes, version)


def cited(world: World, *publishers: str, **more: object) -> tuple[str, ...]:
    return tuple(world.item(publisher_id=one, **more) for one in publishers)


def counts_twice(world: World, cites: tuple[str, ...], **more: object) -> bool:
    asked = world.recommendation(f"C{len(world.session.new)}{cites[0][-6:]}", **more)
    try:
        world.propose(asked, "implementation", "implemented", cites=cites)
    except DemandsNotMet:
        world.session.rollback()
        return False
    return True


def test_members_of_a_coalition_count_once_with_it_and_with_each_other(world: World, archive: str) -> None:
    assert counts_twice(world, cited(world, world.press, world.daily))
    for member in (world.press, world.daily):
        join(world, member, archive)
    assert not counts_twice(world, cited(world, world.press, world.daily))
    assert not counts_twice(world, cited(world, world.press, archive))
    assert counts_twice(world, cited(world, world.press, world.watchdog))


@pytest.mark.parametrize(
    ("published", "twice"), [("2015-06-01", False), ("2015", False), ("2018-02-01", True), ("2012", True)]
)
def test_it_depends_on_the_day_of_the_item(world: World, archive: str, published: str, twice: bool) -> None:
    for member in (world.press, world.daily):
        join(world, member, archive, "2014", "2017")
    items = cited(world, world.press, world.daily, published_on=parse_day(published))
    assert counts_twice(world, items) == twice


def test_who_has_left_is_independent_of_who_came_later(world: World, archive: str) -> None:
    join(world, world.press, archive, None, "2015")
    join(world, world.daily, archive, "2016")
    assert counts_twice(world, cited(world, world.press, world.daily, published_on=parse_day("2020-05-01")))


def test_what_a_member_says_of_what_its_coalition_was_asked_is_the_addressees_word(
    world: World, archive: str
) -> None:
    join(world, world.press, archive)
    asked = {"addressees": [{"organization_id": archive}]}
    assert not counts_twice(world, cited(world, world.press, world.daily), **asked)


def test_a_ministry_whose_government_is_a_member_is_one_too(world: World, archive: str) -> None:
    join(world, world.government, archive)
    assert not counts_twice(world, cited(world, world.ministry, archive), addressees=[])


def test_statuses_weaken_once_it_is_known_and_stand_again_once_the_day_of_an_item_is_corrected(
    world: World, archive: str
) -> None:
    asked = world.recommendation("C1")
    items = cited(world, world.press, world.daily)
    world.answer(asked, "implementation", "implemented", cites=items)
    for member in (world.press, world.daily):
        join(world, member, archive, "2024-01-01")
    assert lead(then(world, "recommendation", asked))["basis"] == "weakened"
    version = world.session.get_one(Evidence, items[0]).version
    with world.act(world.editor) as act:
        revise_record(act, items[0], "evidence", {"published_on": parse_day("2023-12-31")}, version)
    assert lead(then(world, "recommendation", asked))["basis"] == "supported"
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_a_membership_is_shown_from_its_first_day_on_and_its_end_once_it_is_over(
    world: World, archive: str
) -> None:
    join(world, world.press, archive, "2014-02", "2017")
    shown = then(world, "organization", world.press)["member_of"]
    assert shown == [
        {
            "organization": {"id": archive, "name": "Archive", "slug": "archive"},
            "from_on": "2014-02",
            "to_on": "2017",
        }
    ]
    assert then(world, "organization", world.press, as_of=date(2014, 1, 31))["member_of"] == []
    [early] = then(world, "organization", world.press, as_of=date(2015, 1, 1))["member_of"]
    assert early["to_on"] is None


@pytest.mark.parametrize(
    ("first", "last", "pointer"),
    [("2018", "2017", "/member_of/0/to_on"), ("2031", None, "/member_of/0/from_on")],
)
def test_days_that_cannot_be_are_refused(
    world: World, archive: str, first: str, last: str | None, pointer: str
) -> None:
    with refused(world, InvalidInput, pointer):
        join(world, world.press, archive, first, last)


def test_nobody_is_a_member_of_itself(world: World) -> None:
    with refused(world, InvalidInput, "/member_of/0/organization"):
        join(world, world.press, world.press)
