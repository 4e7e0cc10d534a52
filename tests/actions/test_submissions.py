"""An item is submitted with what is sealed of it, its consent and its files in one act, on either database; and a look
before the act says the same no as the act itself.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests.world import World
from tracker.actions import evidence, submissions
from tracker.actions.custody import ReceivedFile
from tracker.actions.support.unit import open_view
from tracker.domain.custody import ORIGINAL, SameFile
from tracker.domain.errors import InvalidInput, NotPermitted, Refusal
from tracker.files.files import Stored
from tracker.sealing.sealer import Sealer
from tracker.store.consent import Consent
from tracker.store.custody import CustodyEvent, EvidenceFile
from tracker.store.evidence import Evidence
from tracker.store.sealed_fields import SealedFields


def arrived(content: bytes, number: int = 0) -> ReceivedFile:
    stored = Stored(f"{number:032}", len(content), hashlib.sha256(content).hexdigest())
    return ReceivedFile(ORIGINAL, stored, None, "text/plain")


def item(world: World, **more: Any) -> dict[str, Any]:
    said = {"process_id": world.process, "title": "The quay", "type": "photo", "acquired_from": "own_staff"}
    return {**said, **more}


def unasked() -> Sealer:
    raise AssertionError("nothing is to be sealed")


def rows(world: World) -> list[int]:
    return [
        world.session.query(one).count()
        for one in (Evidence, EvidenceFile, CustodyEvent, SealedFields, Consent)
    ]


def test_an_item_comes_with_its_files_in_their_order(record: World) -> None:
    with record.act(record.watcher) as act:
        made = submissions.submit_with_files(
            act, item(record), [arrived(b"noon"), arrived(b"night", 1)], unasked
        )
        assert made.id == made.evidence.id
        assert [one.evidence_id for one in made.files] == [made.id] * 2
        assert [one.sha256 for one in made.files] == [
            hashlib.sha256(content).hexdigest() for content in (b"noon", b"night")
        ]
    assert rows(record) == [1, 2, 6, 0, 0]


def test_what_is_sealed_and_agreed_comes_in_the_same_act(record: World) -> None:
    given = item(record, sealed={"creator": "Amal"}, consent={"basis": "official_publication"})
    sealer = Sealer([record.entropy(32)], record.entropy)
    with record.act(record.watcher) as act:
        submissions.submit_with_files(act, given, [arrived(b"noon")], lambda: sealer)
    assert rows(record) == [1, 1, 3, 1, 1]


def test_files_of_an_item_that_is_sealed_from_the_first_are_taken(record: World) -> None:
    with record.act(record.watcher) as act:
        submissions.submit_with_files(act, item(record, protection="sealed"), [arrived(b"noon")], unasked)
    assert rows(record) == [1, 1, 3, 0, 0]


def test_the_same_file_twice_leaves_nothing(record: World) -> None:
    twice = [arrived(b"noon"), arrived(b"night", 1), arrived(b"noon", 2)]
    with pytest.raises(SameFile, match="files 1 and 3"), record.act(record.watcher) as act:
        submissions.submit_with_files(act, item(record), twice, unasked)
    assert rows(record) == [0] * 5
    with record.act(record.watcher) as act:
        first = submissions.submit_with_files(act, item(record), [arrived(b"noon")], unasked).files[0].id
    with pytest.raises(SameFile, match=first), record.act(record.watcher) as act:
        submissions.submit_with_files(act, item(record), [arrived(b"day", 3), arrived(b"noon", 4)], unasked)
    assert rows(record) == [1, 1, 3, 0, 0]


@pytest.mark.parametrize(
    ("who", "more", "refusal"),
    [
        ("approver", {}, NotPermitted),
        ("watcher", {"watchdog_id": "org_" + "7" * 26}, NotPermitted),
        ("watcher", {"reference": "E-1"}, InvalidInput),
        ("editor", {"process_id": "prc_" + "7" * 26}, InvalidInput),
    ],
)
def test_a_look_before_says_what_the_act_would(
    record: World, who: str, more: dict[str, str], refusal: type[Refusal]
) -> None:
    by, given = getattr(record, who), item(record, **more)
    told = []
    for _ in range(2):
        with (
            pytest.raises(refusal) as looked,
            open_view(record.session, by, record.clock(), record.entropy) as seen,
        ):
            evidence.check_submittable(seen, given)
        told.append(looked.value.detail)
    with pytest.raises(refusal) as acted, record.act(by) as act:
        submissions.submit_evidence_with_fields(act, given, unasked)
    assert told == [acted.value.detail] * 2
