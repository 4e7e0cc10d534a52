"""Organizations merge, split and are renamed: what is told of years before calls them as they were called then, and
what took the place of another is not independent of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.public.assertions import agrees
from tests.public.test_projection import then
from tests.world import World
from tracker.actions import organizations, proposals, revisions
from tracker.actions.support.lookup import MODELS
from tracker.domain.errors import DemandsNotMet, InvalidInput, WrongKind
from tracker.domain.partial_days import parse_day

RENAMED = date(2025, 6, 1)


def revise(world: World, thing: str, kind: str = "organization", **data: Any) -> None:
    """By two people."""
    with world.act(world.editor) as act:
        version = act.session.get_one(MODELS[kind], thing).version
        order = revisions.edit_thing(act, thing, kind, {"reason": "So it is.", **data}, version)
    with world.act(world.approver) as act:
        proposals.decide_proposal(act, order.id, "approve")


@pytest.mark.parametrize("revision", ["update", "correction"])
def test_a_new_name_holds_from_its_day_on_and_a_corrected_one_always(
    world: World, client: FlaskClient, revision: str
) -> None:
    asked = world.recommendation("C1")
    world.answer(
        asked, "implementation", "not_started", assessor=world.watchdog, effective_on=date(2025, 3, 1)
    )
    since = {"since": RENAMED} if revision == "update" else {}
    for thing, name in ((world.government, "New Government"), (world.watchdog, "New Watch")):
        revise(world, thing, name=name, revision=revision, **since)
    old = revision == "update"

    def names(day: date | None) -> set[str]:
        brief = then(world, "recommendation", asked, as_of=day)
        [judged] = [one for one in brief["standing"] if one["track"] == "implementation"]
        who = judged["others"][0]["assessor"]["name"]
        query = "" if day is None else f"?as_of={day}"
        path = f"/v1/public/processes/{world.process}/scoreboard{query}"
        board = client.get(path).json["recommendations"]
        counted = {one["assessor"]["name"] for one in board["by_assessor"]} - {"Desk"}
        assert counted == {who}
        own = client.get(f"/v1/public/organizations/{world.government}{query}").json["name"]
        assert own == brief["addressees"][0]["organization"]["name"]
        assert own == board["by_addressee"][0]["addressee"]["name"]
        return {who, own}

    new = {"New Government", "New Watch"}
    assert names(None) == names(RENAMED) == names(date(2026, 1, 1)) == new
    assert names(date(2025, 5, 31)) == ({"Government", "Watchdog"} if old else new)
    shown = client.get(f"/v1/public/organizations/{world.government}").json["former_names"]
    assert shown == ([{"name": "Government", "from_on": None, "to_on": "2025-05-31"}] if old else [])
    past = client.get(f"/v1/public/organizations/{world.government}?as_of=2025-01-01").json
    assert past["former_names"] == []
    found = client.get("/v1/public/search?q=government&kind=organization").json["items"]
    assert world.government in [one["id"] for one in found]
    assert agrees(world)


def test_what_was_merged_counts_as_one_at_once(world: World) -> None:
    """Two sources stood behind the status; then it turns out that one took the place of the other."""
    asked = world.recommendation("C1")
    items = (world.item(publisher_id=world.press), world.item(publisher_id=world.daily))
    world.answer(asked, "implementation", "implemented", cites=items)

    def basis() -> str:
        brief = then(world, "recommendation", asked)
        return str(
            next(one for one in brief["standing"] if one["track"] == "implementation")["lead"]["basis"]
        )

    assert basis() == "supported"
    merged = world.organization("merged", "media", successor_of=[world.press, world.daily])
    assert basis() == "weakened"
    assert agrees(world)
    revise(world, merged, successor_of=[world.press], revision="correction")
    assert basis() == "supported"
    revise(world, world.daily, successor_of=[world.press], revision="correction")
    assert basis() == "weakened"
    with pytest.raises(DemandsNotMet):
        world.answer(world.recommendation("C2"), "implementation", "implemented", cites=items)
    assert agrees(world)


def test_a_successor_of_the_addressee_is_no_source_about_it(world: World) -> None:
    heir = world.organization("heir", "authority", successor_of=[world.ministry], founded_on=date(2025, 2, 1))
    asked = world.recommendation("C1")
    with pytest.raises(DemandsNotMet, match="more evidence"):
        world.answer(asked, "implementation", "partly_implemented", cites=(world.item(publisher_id=heir),))


def test_a_body_is_there_from_the_day_on_which_it_was_founded(world: World, client: FlaskClient) -> None:
    made = world.organization("merged", "authority", founded_on=parse_day("2025-02"))
    asked = world.recommendation("C1", issued_on=date(2025, 1, 10), addressees=[{"organization_id": made}])

    def there(day: str) -> tuple[int, bool, int, bool]:
        listed = client.get(f"/v1/public/organizations?as_of={day}&limit=200").json["items"]
        found = client.get(f"/v1/public/search?q=merged&kind=organization&as_of={day}").json["items"]
        return (
            client.get(f"/v1/public/organizations/{made}?as_of={day}").status_code,
            made in [one["id"] for one in listed],
            client.get(f"/v1/public/organizations/count?as_of={day}").json["count"] - len(listed),
            made in [one["id"] for one in found],
        )

    assert there("2025-01-31") == (404, False, 0, False)
    assert there("2025-02-01") == (200, True, 0, True)
    named = client.get(f"/v1/public/recommendations/{asked}?as_of=2025-01-31").json["addressees"]
    assert [one["organization"]["slug"] for one in named] == ["merged"]
    assert client.get(f"/v1/public/organizations/{world.press}?as_of=2010-01-01").status_code == 200
    assert agrees(world)


def test_predecessors_and_days_are_shown_found_and_checked(
    world: World, client: FlaskClient, clock: Clock
) -> None:
    made = world.organization(
        "merged", "authority", successor_of=[world.press, world.daily], founded_on=date(2025, 2, 1)
    )
    revise(world, world.press, ended_on=date(2025, 1, 31), revision="update", since=date(2025, 1, 31))
    shown = client.get(f"/v1/public/organizations/{made}").json
    assert {one["slug"] for one in shown["successor_of"]} == {"press", "daily"}
    assert shown["founded_on"] == "2025-02-01"
    assert client.get(f"/v1/public/organizations/{world.press}").json["ended_on"] == "2025-01-31"
    assert client.get(f"/v1/public/organizations/{world.press}?as_of=2025-01-30").json["ended_on"] is None
    found = client.get(f"/v1/public/organizations?successor_of={world.daily}").json["items"]
    assert [one["id"] for one in found] == [made]
    headers = world.headers("editor")
    found = client.get(f"/v1/organizations?successor_of={world.daily}", headers=headers).json["items"]
    assert [one["id"] for one in found] == [made]
    for wrong in (
        {"successor_of": [world.press, world.press]},
        {"successor_of": [world.process]},
        {"founded_on": date(2025, 2, 2), "ended_on": date(2025, 2, 1)},
        {"ended_on": date(2031, 1, 1)},
        {"former_names": [{"name": "Later", "from_on": None, "to_on": clock().date().isoformat()}]},
    ):
        with world.act(world.editor) as act, pytest.raises((InvalidInput, WrongKind)):
            organizations.create_organization(act, {"slug": "x", "name": "X", "type": "authority", **wrong})
    with pytest.raises(InvalidInput, match="another organization"):
        revise(world, made, successor_of=[made], revision="correction")
    assert agrees(world)


def test_what_was_asked_of_a_predecessor_is_found_where_one_asks_for_it(
    world: World, client: FlaskClient
) -> None:
    """By addressee and by issuer, whose answer it is included, at any distance, and only while the relation stands."""
    old = [{"organization_id": world.daily}]
    asked = world.recommendation("C1", issuer_id=world.press, addressees=old)
    own = world.recommendation("C2")
    world.answer(asked, "response", "noted", cites=(world.item(),), effective_on=date(2025, 3, 1))
    middle = world.organization("middle", "authority", successor_of=[world.press, world.daily])
    last = world.organization("last", "authority", successor_of=[middle])

    def found(query: str) -> set[str]:
        address = f"/v1/public/recommendations?process={world.process}&{query}"
        return {one["id"] for one in client.get(address).json["items"]}

    for heir in (middle, last):
        for name in ("addressee", "issuer"):
            assert found(f"{name}={heir}") == set()
            assert found(f"{name}={heir}&follow=predecessors") == {asked}
        assert found(f"addressee={heir}&follow=predecessors&response=noted") == {asked}
        assert found(f"addressee={heir}&follow=predecessors&response=awaiting") == set()
        assert found(f"addressee={heir}&follow=predecessors&response=awaiting&as_of=2025-02-25") == {asked}
        count = client.get(f"/v1/public/recommendations/count?addressee={heir}&follow=predecessors").json[
            "count"
        ]
        assert count == 1
    assert found(f"addressee={world.daily}&follow=predecessors") == {asked}
    assert found(f"addressee={world.government}&follow=predecessors") == {own}
    assert client.get("/v1/public/recommendations?follow=predecessors").status_code == 422
    later = world.recommendation("C3", addressees=old)
    assert found(f"addressee={last}&follow=predecessors") == {asked, later}
    assert agrees(world)
    revise(world, last, successor_of=[], revision="correction")
    assert found(f"addressee={last}&follow=predecessors") == set()
    world.withdraw(middle)
    assert found(f"addressee={middle}&follow=predecessors") == set()
    assert agrees(world)


@pytest.mark.parametrize(("kind", "member"), [("committee", "name"), ("process", "title")])
def test_committees_and_processes_are_renamed_from_a_day_on_too(
    world: World, client: FlaskClient, kind: str, member: str
) -> None:
    thing = world.committee if kind == "committee" else world.process
    asked = world.recommendation("C1", issuer_id=None, committee_id=world.committee)
    day = f"?as_of={RENAMED - timedelta(days=1)}"

    def called(query: str) -> set[str]:
        own = client.get(
            f"/v1/public/{ {'committee': 'committees', 'process': 'processes'}[kind] }/{thing}{query}"
        )
        named = client.get(f"/v1/public/recommendations/{asked}{query}").json[kind]["name"]
        return {own.json[member], named}

    old = called("")
    revise(world, thing, kind, **{member: "Quite another"}, revision="update", since=RENAMED)
    assert called("") == {"Quite another"}
    assert called(day) == old
    [former] = old
    shown = then(world, kind, thing)["former_names"]
    assert shown == [{"name": former, "from_on": None, "to_on": "2025-05-31"}]
    assert then(world, kind, thing, as_of=date(2025, 5, 1))["former_names"] == []
    revise(world, thing, kind, **{member: "Quite another one"}, revision="correction")
    assert called(day) == old
    assert agrees(world)


def test_a_former_name_that_is_not_over_is_refused_of_each_that_has_such(world: World) -> None:
    today = world.clock().date().isoformat()
    former = {"former_names": [{"name": "Now", "from_on": None, "to_on": today}]}
    for make in (
        world.make_process,
        world.make_committee,
        lambda slug, **more: revise_draft(world, slug, **more),
    ):
        with pytest.raises(InvalidInput) as caught:
            make("another", **former)
        assert caught.value.fields[0].pointer == "/former_names/0/to_on"
        world.session.rollback()


def revise_draft(world: World, slug: str, **more: Any) -> None:
    thing = world.make_process(slug, publish=False)
    with world.act(world.editor) as act:
        revisions.edit_thing(act, thing, "process", more, 1)
