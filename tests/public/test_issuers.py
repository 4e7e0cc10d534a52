"""One recommendation of several organizations is shown, found and closed as that of each."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.public.test_projection import then
from tests.revising import revise_record
from tests.world import World
from tracker.actions.operations import rebuild
from tracker.domain.errors import DemandsNotMet
from tracker.store.subjects import Subject


@pytest.fixture
def joint(world: World) -> str:
    return world.recommendation("C1", issuer_id=None, issuers=[world.watchdog, world.press])


def found(client: FlaskClient, world: World, path: str) -> list[str]:
    answer = client.get(path, headers=world.headers("editor")).json
    return [one["id"] for one in answer["items"]]


def test_each_issuer_is_shown_and_a_list_of_any_of_them_finds_it(
    world: World, client: FlaskClient, joint: str
) -> None:
    shown = then(world, "recommendation", joint)
    assert shown["issuer"]["slug"] == "watchdog"
    assert [one["slug"] for one in shown["issuers"]] == ["watchdog", "press"]
    for issuer, expected in ((world.watchdog, [joint]), (world.press, [joint]), (world.daily, [])):
        for side in ("/v1/public", "/v1"):
            assert found(client, world, f"{side}/recommendations?issuer={issuer}") == expected


def test_who_names_one_issuer_or_a_committee_names_all(world: World, client: FlaskClient, joint: str) -> None:
    def revise(**changes: object) -> list[str]:
        with world.act(world.editor) as act:
            version = act.session.get_one(Subject, joint).version
            revise_record(act, joint, "recommendation", changes, version)
        shown = then(world, "recommendation", joint)
        return [one["slug"] for one in shown["issuers"]]

    assert revise(issuers=[world.press, world.daily]) == ["press", "daily"]
    assert revise(title="Other words") == ["press", "daily"]
    assert revise(committee_id=world.committee) == []
    assert revise(issuers=[world.press, world.daily]) == ["press", "daily"]
    assert revise(issuer_id=world.watchdog) == ["watchdog"]
    assert found(client, world, f"/v1/recommendations?issuer={world.daily}") == []
    with world.act(world.editor) as act:
        assert rebuild.check_public_side(act) == []


def test_each_of_them_may_close_it_by_its_own_word(world: World, joint: str) -> None:
    with pytest.raises(DemandsNotMet):
        world.answer(joint, "closure", "closed_by_issuer", cites=(world.item(publisher_id=world.daily),))
    own = world.item(publisher_id=world.press, state=None)
    assert world.answer(joint, "closure", "closed_by_issuer", cites=(own,)).number
