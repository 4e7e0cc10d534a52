"""A letter that waits is handed over at least once: later where the server is away, and twice at most where its fate is
unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Clock
from tests.outgoing.smtp_server import PostBox, open_post_box
from tests.world import World
from tracker.actions.operations.mail_deliveries import Postman, rotate_keys
from tracker.actions.operations.measures import list_measures
from tracker.actions.operations.readiness import check_mail
from tracker.actions.people import OPERATOR
from tracker.actions.support.letters import Addressed, queue_letter
from tracker.domain.mail import DELAYS, REMEMBERED
from tracker.domain.service_errors import SealingUnavailable
from tracker.languages.i18n import get_language
from tracker.languages.letters import Written
from tracker.outgoing.mail_server import MailServer
from tracker.sealing.sealer import Sealer
from tracker.store.mail import LETTERS, MailState, has_due_letter, read_mail_state

SEALER = Sealer([bytes(range(32))], Random(5).randbytes)


@pytest.fixture
def box() -> Iterator[PostBox]:
    with open_post_box() as opened:
        yield opened


@pytest.fixture
def postman(world: World, clock: Clock, entropy: Callable[[int], bytes], box: PostBox) -> Postman:
    server = MailServer("127.0.0.1", box.port, "plain", "tracker@t.example")
    return Postman(world.session, clock, entropy, lambda: SEALER, server)


def write(
    world: World, to: str = "amal@host.example", about: str | None = None, language: str = "en"
) -> None:
    with world.act(OPERATOR) as act:
        addressed, written = Addressed(to, get_language(language)), Written("Something waits", "Look.\n")
        queue_letter(act, SEALER, "digest", about, addressed, written)


def state(world: World) -> MailState:
    found = read_mail_state(world.session)
    world.session.rollback()
    return found


def rows(world: World) -> list[Any]:
    found = world.session.execute(select(LETTERS)).all()
    world.session.rollback()
    return list(found)


def test_letters_are_handed_over_and_leave_nothing_behind(
    world: World, postman: Postman, box: PostBox
) -> None:
    assert not has_due_letter(world.session, world.clock())
    for number in range(6):
        write(world, f"reader{number}@host.example", language="ar")
    assert has_due_letter(world.session, world.clock())
    assert "host.example" not in repr(rows(world)) and "waits" not in repr(rows(world))  # noqa: PT018
    assert postman.deliver_due() == 6
    assert {one["To"] for one in box.letters} == {f"reader{number}@host.example" for number in range(6)}
    assert len({one["Message-ID"] for one in box.letters}) == 6
    assert box.letters[0].get_content().startswith("\u200f")
    assert rows(world) == []
    assert postman.deliver_due() == 0


def test_a_newer_letter_takes_the_place_of_one_that_still_waits(
    world: World, postman: Postman, box: PostBox
) -> None:
    write(world, about=world.editor.id)
    write(world, about=world.editor.id)
    write(world, about=world.admin.id)
    assert postman.deliver_due() == 2


def test_while_the_server_is_away_letters_wait_longer_and_longer_until_they_are_given_up(
    world: World, postman: Postman, box: PostBox, clock: Clock
) -> None:
    write(world)
    for number, delay in enumerate(DELAYS):
        box.says["MAIL"] = ["451 later"]
        assert postman.deliver_due() == 0
        assert state(world) == MailState(1, int(number >= 2), 0, "later")
        clock.move(seconds=delay.total_seconds() - 1)
        assert not has_due_letter(world.session, clock())
        clock.move(seconds=1)
    box.says["MAIL"] = ["451 later"]
    postman.deliver_due()
    assert state(world) == MailState(0, 0, 1, "later")
    clock.move(seconds=REMEMBERED.total_seconds() + 1)
    postman.deliver_due()
    assert state(world) == MailState(0, 0, 0, None)
    assert box.raw == []


def test_a_server_that_fails_is_not_asked_for_every_letter(
    world: World, postman: Postman, box: PostBox
) -> None:
    for number in range(9):
        write(world, f"reader{number}@host.example")
    box.says["CONNECT"] = ["drop"] * 4
    assert postman.deliver_due() == 0
    assert [row.failures for row in rows(world)].count(1) == 4
    assert postman.deliver_due() == 5


def test_a_mailbox_that_does_not_exist_is_not_asked_again(
    world: World, postman: Postman, box: PostBox
) -> None:
    write(world)
    write(world, "other@host.example")
    box.says["RCPT"] = ["550 who"]
    assert postman.deliver_due() == 1
    assert state(world) == MailState(0, 0, 1, "recipient")


def test_of_a_letter_whose_fate_is_unknown_there_is_one_duplicate_at_most(
    world: World, postman: Postman, box: PostBox, clock: Clock
) -> None:
    write(world)
    box.says["TAKEN"] = ["drop", "drop"]
    for _attempt in range(4):
        postman.deliver_due()
        clock.move(days=1)
    assert len(box.raw) == 2
    assert box.letters[0]["Message-ID"] == box.letters[1]["Message-ID"]
    assert state(world) == MailState(0, 0, 1, "unsure")


def test_an_operator_sees_how_mail_stands(world: World, postman: Postman, box: PostBox, clock: Clock) -> None:
    server = postman.server
    assert check_mail(world.session, None).state == "not_yet"
    assert check_mail(world.session, server).detail == f"{server}: 0 letters wait"
    write(world)
    for delay in DELAYS[:3]:
        box.says["CONNECT"] = ["drop"]
        postman.deliver_due()
        clock.move(seconds=delay.total_seconds())
    found = check_mail(world.session, server)
    assert (found.state, found.detail) == (
        "wrong",
        f"{server}: 1 letters fail for long; the last failure: unreachable",
    )
    measures = {
        one.name: one.value for one in list_measures(world.session, clock()) if one.name.startswith("letters")
    }
    assert measures == {"letters_waiting": 1, "letters_failing": 1, "letters_given_up": 0}
    world.session.rollback()
    postman.deliver_due()
    assert check_mail(world.session, server).state == "right"


def test_the_server_is_checked_with_its_password(world: World, tmp_path: Any) -> None:
    server = MailServer("h", 465, "tls", "tracker@t.example", "me", tmp_path / "none")
    assert check_mail(world.session, server).state == "wrong"


def test_a_letter_follows_a_new_sealing_key(world: World, postman: Postman, box: PostBox) -> None:
    write(world)
    newer = Sealer([bytes(range(1, 33)), bytes(range(32))], Random(6).randbytes)
    with world.act(OPERATOR) as act:
        done, last = rotate_keys(act, newer, "", 10)
        assert done == 1
        assert last is not None
        assert rotate_keys(act, newer, "", 10)[0] == 0
        assert rotate_keys(act, newer, last, 10) == (0, None)
    changed = Postman(world.session, postman.clock, postman.entropy, lambda: newer, postman.server)
    assert changed.deliver_due() == 1


def test_a_letter_that_no_key_opens_waits_for_its_key_and_keeps_no_other_from_leaving(
    world: World, postman: Postman, box: PostBox, clock: Clock
) -> None:
    lost = Sealer([bytes(range(1, 33))], Random(6).randbytes)
    with world.act(OPERATOR) as act:
        written = Written("Something waits", "Look.\n")
        queue_letter(act, lost, "digest", None, Addressed("lost@host.example", get_language("en")), written)
    write(world)
    assert postman.deliver_due() == 1
    assert state(world) == MailState(1, 0, 0, "sealed")
    clock.move(seconds=DELAYS[0].total_seconds())
    found = Postman(world.session, clock, postman.entropy, lambda: lost, postman.server)
    assert found.deliver_due() == 1
    assert [one["To"] for one in box.letters] == ["amal@host.example", "lost@host.example"]


def test_without_any_key_no_letter_is_tried(world: World, postman: Postman, box: PostBox) -> None:
    def no_sealer() -> Sealer:
        raise SealingUnavailable("no keys are named")

    write(world)
    without = Postman(world.session, postman.clock, postman.entropy, no_sealer, postman.server)
    with pytest.raises(SealingUnavailable):
        without.deliver_due()
    assert rows(world)[0].failures == 0
