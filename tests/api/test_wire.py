"""What a strict client expects: instants of RFC 3339, preconditions of RFC 9110, cursors that say nothing."""

from __future__ import annotations

import base64

import pytest

from tests.api.factories import MERGE, Stage
from tests.conftest import SECRET, Clock
from tracker.domain.errors import InvalidInput
from tracker.http import cursors
from tracker.schemas.day_fields import Moment

SAME = [
    "2025-04-10T09:00:00Z",
    "2025-04-10t09:00:00z",
    "2025-04-10T09:00:00+00:00",
    "2025-04-10T11:00:00+02:00",
    "2025-04-10T03:30:00.0-05:30",
    "2025-04-10T09:00:00.000000Z",
    "2025-04-10T09:00:00.000000999Z",
]


@pytest.mark.parametrize("sent", SAME)
def test_an_instant_is_taken_with_any_offset_and_kept_in_utc(sent: str) -> None:
    moment = Moment().deserialize(sent)
    assert moment.isoformat() == "2025-04-10T09:00:00+00:00"
    assert Moment().serialize("at", {"at": moment}) == "2025-04-10T09:00:00.000000Z"


def test_a_fraction_is_cut_off_at_the_microsecond() -> None:
    assert Moment().deserialize("2025-04-10T09:00:00.123456789Z").microsecond == 123456


@pytest.mark.parametrize("sent", SAME)
def test_known_at_is_read_in_every_spelling_of_an_instant(one_stage: Stage, sent: str) -> None:
    query = {"known_at": sent.replace("2025", "2027")}
    for path in ("/v1/public/processes", "/v1/public/processes/{process}"):
        assert one_stage.send("GET", path, by=None, query_string=query).status_code == 200


PRESS = "/v1/organizations/{press}"


def rename(stage: Stage, match: str) -> int:
    answer = stage.send(
        "PATCH", PRESS, {"contact": "Another"}, headers={"If-Match": match}, content_type=MERGE
    )
    return answer.status_code


def test_an_edit_of_any_version_and_of_one_in_a_list_is_done(stage: Stage) -> None:
    tag = stage.send("GET", PRESS).headers["ETag"]
    assert rename(stage, f'"something-1", {tag}') == 200
    assert rename(stage, f'"something-1", {tag}') == 412
    assert rename(stage, "*") == 200
    nobody = "org_" + "0" * 26
    missing = stage.send("PATCH", f"/v1/organizations/{nobody}", {"name": "x"}, headers={"If-Match": "*"})
    assert missing.status_code == 404


def test_a_read_takes_no_notice_of_if_match(one_stage: Stage) -> None:
    answer = one_stage.send("GET", PRESS, headers={"If-Match": '"of-another-1"'})
    assert answer.status_code == 200


def test_a_cursor_tells_nothing_and_is_the_same_each_time() -> None:
    key = ["2026-11-26T22:39:01.617732+00:00", "evd_00000000000000000000000001"]
    cursor = cursors.sign_cursor(SECRET, "/v1/shared/evidence?", key)
    assert cursor == cursors.sign_cursor(SECRET, "/v1/shared/evidence?", key)
    assert cursors.read_cursor(SECRET, "/v1/shared/evidence?", cursor) == tuple(key)
    raw = base64.urlsafe_b64decode(cursor + "===")
    assert all(part.encode() not in raw for part in ("2026", "evd_", "22:39"))


@pytest.mark.parametrize("cursor", ["x", "W10.x", "é", "A" * 80, "", "WyJ4Il0.5bGJ0wqFv0rkJ0iVQ4T0m0aY0kE"])
def test_what_is_no_cursor_of_this_list_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        cursors.read_cursor(SECRET, "/v1/evidence?", cursor)
    good = cursors.sign_cursor(SECRET, "/v1/evidence?", ["x"])
    for other in (good[:-2], good + "A", good.swapcase()):
        with pytest.raises(InvalidInput):
            cursors.read_cursor(SECRET, "/v1/evidence?", other)
    with pytest.raises(InvalidInput):
        cursors.read_cursor(SECRET, "/v1/evidence?type=media_report", good)


def test_what_was_shared_comes_in_an_order_that_does_not_tell_when_it_was_submitted(
    stage: Stage, clock: Clock
) -> None:
    world = stage.world
    world.person("partner", "partner", organization=world.press)
    for _ in range(6):
        clock.move(hours=1)
        id = world.item(state=None, publish=False, protection="confidential")
        world.lower(id, "partner", shared_with=[world.press])
    found = [one["id"] for one in stage.pages("/v1/shared/evidence?limit=2", by="partner")]
    assert len(found) == 6
    assert found == sorted(found)
