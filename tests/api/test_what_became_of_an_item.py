"""Who handed an item over is told what the desk found, and which public statuses and own verdicts cite it; the desk is
told all that rests on it, proposed or decided.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.world import World
from tracker.actions import custody, evidence
from tracker.files.files import Stored


@pytest.fixture
def item(world: World) -> str:
    data = {"process_id": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    with world.act(world.watcher) as act:
        return evidence.submit_evidence(act, data).id


def read(client: FlaskClient, world: World, path: str, by: str = "watcher") -> Any:
    answer = client.get(path, headers=world.headers(by))
    return answer.json if answer.status_code == 200 else answer.status_code


def used(client: FlaskClient, world: World, item: str, by: str) -> list[str]:
    path, found = f"/v1/evidence/{item}/uses?limit=1", []
    while path is not None:
        page = read(client, world, path, by)
        found += [one["change"] for one in page["items"]]
        path = page["next"]
    return found


def test_the_watchdog_is_told_what_the_review_found_and_not_why(
    world: World, client: FlaskClient, item: str
) -> None:
    path = f"/v1/evidence/{item}/review"
    known = {"evidence": item, "recorded_by": world.watchdog}
    assert read(client, world, path) == {**known, "state": "unreviewed", "since": None}
    world.verify(item, "verified", reason="We spoke with the neighbour.")
    assert read(client, world, path) == {**known, "state": "verified", "since": "2025-06-01"}
    world.protect(item, "sealed")
    assert read(client, world, path) == 404


def test_what_the_desk_records_in_the_name_of_a_watchdog_says_so_and_the_watchdog_takes_it_back(
    world: World, client: FlaskClient
) -> None:
    """Two items in two names, by one editor, would be two independent sources."""
    data = {"process_id": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    with world.act(world.editor) as act:
        item = evidence.submit_evidence(act, {**data, "watchdog_id": world.watchdog}).id
    for reader in ("watcher", "reviewer", "approver"):
        assert read(client, world, f"/v1/evidence/{item}/review", reader)["recorded_by"] == "desk"
    with world.act(world.watcher) as act:
        evidence.retract_evidence(act, item, "This is not ours.")
    assert read(client, world, f"/v1/evidence/{item}", "editor")["publication"] == "withdrawn"


def test_each_is_told_of_the_statuses_that_cite_it_as_far_as_they_may_know(
    world: World, client: FlaskClient, item: str
) -> None:
    world.verify(item, "verified")
    public, draft = world.recommendation("C1"), world.recommendation("C2", publish=False)
    sealed = world.item(publish=False, protection="confidential")
    shown = world.answer(public, "implementation", "underway", cites=(item,)).id
    hidden = world.answer(draft, "implementation", "underway", cites=(item,)).id
    corroborates = world.propose(
        sealed, "verification", "corroborated", cites=(item, world.item()), proposer=world.reviewer
    ).id
    proposed = world.propose(public, "implementation", "stalled", cites=(item,)).id
    own = world.propose(
        public, "implementation", "stalled", cites=(item,), proposer=world.watcher, assessor=world.watchdog
    ).id
    assert set(used(client, world, item, "watcher")) == {shown, own}
    assert set(used(client, world, item, "editor")) == {shown, hidden, corroborates, proposed, own}
    [first] = [
        one for one in read(client, world, f"/v1/evidence/{item}/uses")["items"] if one["change"] == shown
    ]
    assert first == {
        "change": shown,
        "subject": public,
        "track": "implementation",
        "to": "underway",
        "assessor": world.lead,
        "stance": "supports",
        "locator": None,
        "effective_on": "2025-06-01",
        "decision": "approved",
    }
    world.protect(sealed, "sealed")
    assert corroborates not in used(client, world, item, "editor")
    world.withdraw(public)
    assert used(client, world, item, "watcher") == [own]
    world.protect(item, "sealed")
    assert read(client, world, f"/v1/evidence/{item}/uses", "editor") == 404


def test_the_desk_is_told_which_items_show_the_same_and_submitters_are_not(
    world: World, client: FlaskClient, item: str
) -> None:
    link = "https://example.org/v/1"
    other, sealed = world.item(source_url=link), world.item(publish=False, protection="confidential")
    copied = world.item(archived_url=f"https://web.archive.org/web/20250101/{link}")
    roles = ("evidentiary_copy", "evidentiary_copy", "capture_package")
    for number, one in enumerate((other, item, sealed)):
        stored = Stored(f"{number:032}", 5, "a" * 64)
        with world.act(world.editor) as act:
            custody.add_file(act, one, custody.ReceivedFile(roles[number], stored, None, "video/mp4"))
    world.person("keeper", "custodian")
    world.protect(sealed, "sealed")

    def same(one: str, by: str) -> tuple[list[str], list[str]]:
        review = read(client, world, f"/v1/evidence/{one}/review", by)
        return review["same_bytes_as"], review["same_address_as"]

    assert same(other, "editor") == ([item], [copied])
    assert same(copied, "editor") == ([], [other])
    assert same(other, "keeper") == (sorted([item, sealed]), [copied])
    assert same(world.item(), "editor") == ([], [])
    excerpt = world.item(derived_from_id=copied)
    translation = world.item(derived_from_id=excerpt)
    family = {copied: [excerpt, translation], excerpt: [copied, translation], item: []}
    for one, others in family.items():
        review = read(client, world, f"/v1/evidence/{one}/review", "editor")
        assert review["same_original_as"] == sorted(others)
    own = read(client, world, f"/v1/evidence/{item}/review")
    assert own.keys() == {"evidence", "recorded_by", "state", "since"}
