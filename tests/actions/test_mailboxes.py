"""Somebody of the desk is told by mail that something waits: to an address that they confirmed, as often as they chose,
in numbers, and never what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.actions.test_mail import SEALER
from tests.conftest import Clock
from tests.outgoing.smtp_server import PostBox, open_post_box
from tests.world import World
from tracker.actions import key_origins, keys, mailboxes, people
from tracker.actions.mailboxes import MOST_ASKS, Chosen
from tracker.actions.operations.digests import Teller
from tracker.actions.operations.mail_deliveries import Postman
from tracker.actions.people import OPERATOR
from tracker.domain.errors import AlreadyDone, InvalidInput, NotFound
from tracker.domain.mail import DELAYS
from tracker.domain.people import Actor
from tracker.domain.service_errors import SealingUnavailable, TooManyAttempts
from tracker.languages.i18n import get_language
from tracker.outgoing.mail_server import MailServer
from tracker.sealing.sealer import Sealer
from tracker.store.audit import AuditEntry
from tracker.store.mail import LETTERS
from tracker.store.mailboxes import MAILBOXES, find_mailbox
from tracker.store.viewer import Viewer

PAGE = "https://t.example/en/desk/account/mail/confirmation"
ADDRESS = "amal@host.example"


class Office:
    """The desk with its worker and a mail server: `run` does what the job of mail does."""

    def __init__(self, world: World, clock: Clock, entropy: Callable[[int], bytes], box: PostBox) -> None:
        self.world, self.box, self.clock = world, box, clock
        server = MailServer("127.0.0.1", box.port, "plain", "tracker@t.example")
        self.teller = Teller(world.session, clock, entropy, lambda: SEALER, "https://t.example")
        self.postman = Postman(world.session, clock, entropy, lambda: SEALER, server)

    def run(self) -> list[str]:
        """The texts of the letters that were taken."""
        before = len(self.box.raw)
        self.teller.tell_due()
        self.postman.deliver_due()
        return [one.get_content() for one in self.box.letters[before:]]

    def choose(
        self, period: str, by: Actor | None = None, address: str = ADDRESS, language: str = "en"
    ) -> None:
        with self.world.act(by or self.world.approver) as act:
            mailboxes.set_mailbox(act, address, period, get_language(language), SEALER, PAGE)

    def confirm(self, period: str, by: Actor | None = None, language: str = "en") -> None:
        self.choose(period, by, language=language)
        (text,) = self.run()
        with self.world.act(by or self.world.approver) as act:
            mailboxes.confirm_mailbox(act, find_secret(text))

    def held(self, by: Actor | None = None) -> Chosen | None:
        found = mailboxes.find_own_mailbox(Viewer(self.world.session, by or self.world.approver), SEALER)
        self.world.session.rollback()
        return found


def find_secret(text: str) -> str:
    (found,) = re.findall(r"\?link=([\w-]+)", text)
    return str(found)


@pytest.fixture
def office(world: World, clock: Clock, entropy: Callable[[int], bytes]) -> Iterator[Office]:
    with open_post_box() as box:
        yield Office(world, clock, entropy, box)


def propose(world: World, reference: str) -> None:
    """A proposed status, which waits for an approver."""
    world.propose(world.recommendation(reference), "implementation", "not_started")


def test_an_address_counts_for_nothing_until_its_owner_opened_the_link(office: Office, world: World) -> None:
    propose(world, "C1")
    office.choose("at_once")
    (text,) = office.run()
    assert "C1" not in text
    assert office.held() == Chosen(ADDRESS, "at_once", confirmed=False)
    office.clock.move(days=1, seconds=-1)
    assert office.run() == []
    with pytest.raises(NotFound), world.act(world.editor) as act:
        mailboxes.confirm_mailbox(act, find_secret(text))
    with pytest.raises(NotFound), world.act(world.approver) as act:
        mailboxes.confirm_mailbox(act, "another")
    with world.act(world.approver) as act:
        mailboxes.confirm_mailbox(act, find_secret(text))
    assert office.held() == Chosen(ADDRESS, "at_once", confirmed=True)
    with pytest.raises(NotFound), world.act(world.approver) as act:
        mailboxes.confirm_mailbox(act, find_secret(text))


def test_a_link_is_good_for_a_day(office: Office, world: World) -> None:
    office.choose("daily")
    (text,) = office.run()
    office.clock.move(days=1)
    with pytest.raises(NotFound), world.act(world.approver) as act:
        mailboxes.confirm_mailbox(act, find_secret(text))


def test_a_digest_is_numbers_and_links_and_names_nothing_that_waits(office: Office, world: World) -> None:
    office.confirm("daily")
    for reference in ("C1", "C2", "C3"):
        propose(world, reference)
    assert office.run() == []
    office.clock.move(days=1)
    (text,) = office.run()
    assert "Decide 3 proposed statuses\r\n\r\nhttps://t.example/en/desk/queue?kind=proposal\r\n" in text
    assert "https://t.example/en/desk/account/mail" in text
    for word in ("C1", "Recommendation", "Coast", "rec_", "prc_", "per_", "editor"):
        assert word not in text
    assert office.run() == []
    office.clock.move(days=1)
    assert len(office.run()) == 1  # it still waits


def test_where_nothing_waits_no_letter_goes(office: Office) -> None:
    office.confirm("daily")
    office.clock.move(days=3)
    assert office.run() == []


def test_a_week_is_told_of_on_monday_and_never_is_never(office: Office, world: World) -> None:
    office.confirm("weekly")
    office.confirm("off", world.reviewer)
    propose(world, "C1")
    days = []
    for _day in range(15):
        office.clock.move(days=1)
        days += [office.clock.now.strftime("%A") for _text in office.run()]
    assert days == ["Monday", "Monday"]


def test_who_is_told_at_once_hears_of_what_is_new_and_of_nothing_twice(office: Office, world: World) -> None:
    propose(world, "C1")
    office.clock.move(minutes=1)
    office.confirm("at_once")
    office.clock.move(minutes=11)
    assert office.run() == []  # it waited before
    propose(world, "C2")
    office.clock.move(minutes=11)
    (text,) = office.run()
    assert "Decide 2 proposed statuses" in text
    office.clock.move(minutes=11)
    assert office.run() == []


def test_one_who_sees_nothing_of_a_process_is_not_told_of_it(office: Office, world: World) -> None:
    elsewhere = world.make_process("north")
    limited = world.person("limited", "approver")
    with world.act(OPERATOR) as act:
        people.change_person(act, limited.id, {"processes": [elsewhere]}, frozenset({1}))
    office.confirm("daily", limited)
    propose(world, "C1")
    office.clock.move(days=1)
    assert office.run() == []


def test_digests_are_written_in_the_language_of_their_reader(office: Office, world: World) -> None:
    office.confirm("daily", language="ar")
    propose(world, "C1")
    office.clock.move(days=1)
    (text,) = office.run()
    assert "https://t.example/ar/desk/queue?kind=proposal" in text
    assert text.startswith("\u200f")
    assert office.box.letters[-1]["Subject"] != "Something waits for you"


def test_another_period_needs_no_new_link_and_another_address_does(office: Office, world: World) -> None:
    office.confirm("daily")
    office.choose("off")
    assert office.held() == Chosen(ADDRESS, "off", confirmed=True)
    office.choose("off", address="other@host.example")
    assert office.held() == Chosen("other@host.example", "off", confirmed=False)
    with pytest.raises(InvalidInput), world.act(world.approver) as act:
        mailboxes.set_mailbox(act, "a@b.example\nBcc: c@d.example", "daily", get_language("en"), SEALER, PAGE)


def test_nobody_can_fill_the_mailbox_of_somebody_else(office: Office, world: World) -> None:
    for _ask in range(MOST_ASKS):
        office.choose("daily")
        assert len(office.run()) == 1
    with pytest.raises(TooManyAttempts) as refused:
        office.choose("daily")
    assert refused.value.wait == 86_401
    world.session.rollback()
    office.clock.move(days=1)
    office.choose("daily")
    assert len(office.run()) == 1


def test_who_forgets_an_address_again_and_again_writes_to_nobody_more_often(
    office: Office, world: World
) -> None:
    for _ask in range(MOST_ASKS):
        office.choose("daily")
        with world.act(world.approver) as act:
            mailboxes.forget_mailbox(act)
    with pytest.raises(TooManyAttempts):
        office.choose("daily")
    world.session.rollback()
    office.clock.move(days=1, seconds=1)
    office.choose("daily")
    assert len(office.run()) == 1


def test_an_address_is_forgotten_with_what_waits_for_it(office: Office, world: World) -> None:
    with pytest.raises(AlreadyDone), world.act(world.approver) as act:
        mailboxes.forget_mailbox(act)
    office.choose("daily")
    with world.act(world.approver) as act:
        mailboxes.forget_mailbox(act)
    assert (office.held(), office.run()) == (None, [])


@pytest.mark.parametrize("how", ["by name", "by id", "for good"])
def test_who_is_suspended_or_gone_is_told_nothing_more(office: Office, world: World, how: str) -> None:
    office.confirm("daily")
    with world.act(OPERATOR) as act:
        if how == "by name":
            people.suspend_person(act, "approver")
        elif how == "for good":
            people.end_person(act, "approver")
        else:
            people.change_person(act, world.approver.id, {"suspended": True}, frozenset({1}))
    assert office.held() is None


@pytest.mark.parametrize("by", ["key", "session"])
@pytest.mark.parametrize("when", ["before", "since"])
def test_an_address_that_a_thief_chose_falls_with_what_they_had(
    office: Office, world: World, by: str, when: str
) -> None:
    if when == "before":
        office.confirm("daily")
    office.clock.move(hours=1)
    with world.act(OPERATOR) as act:
        key = keys.issue_key(act, "approver")[0].id
    since = office.clock()
    if when == "since":
        office.confirm("daily")
    office.clock.move(hours=1)
    with world.act(OPERATOR) as act:
        if by == "key":
            keys.revoke_key(act, key, "leaked")
        else:
            key_origins.take_back_from_sessions(act, world.approver.id, since)
    assert (office.held() is None) == (when == "since")


def test_who_was_faster_is_not_told_twice(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.confirm("daily")
    office.clock.move(days=1)
    monkeypatch.setattr("tracker.actions.operations.digests.mailboxes.find_mailbox", lambda *_given: None)
    assert office.teller.tell_due() == 0


def test_a_mailbox_that_takes_nothing_has_to_be_confirmed_again(office: Office, world: World) -> None:
    office.confirm("daily")
    propose(world, "C1")
    office.clock.move(days=1)
    office.box.says["RCPT"] = ["550 who"]
    assert office.run() == []
    assert office.held() == Chosen(ADDRESS, "daily", confirmed=False)


def test_a_server_that_is_away_for_days_leaves_mailboxes_as_they_are(office: Office, world: World) -> None:
    office.confirm("weekly")
    propose(world, "C1")
    office.box.says["MAIL"] = ["451 later"] * (len(DELAYS) + 1)
    office.clock.move(days=7)
    for delay in (timedelta(), *DELAYS):
        office.clock.move(seconds=delay.total_seconds())
        assert office.run() == []
    assert office.held() == Chosen(ADDRESS, "weekly", confirmed=True)


def test_an_address_stands_in_no_trail_and_is_sealed(office: Office, world: World) -> None:
    office.confirm("daily")
    kept = [*world.session.execute(select(MAILBOXES)), *world.session.execute(select(LETTERS))]
    trail = [(one.verb, one.detail) for one in world.session.scalars(select(AuditEntry))]
    world.session.rollback()
    assert "host.example" not in repr((kept, trail))
    assert [verb for verb, _detail in trail if verb.startswith("mailbox")] == [
        "mailbox.set",
        "mailbox.confirm",
    ]
    assert "host.example" not in repr(office.held())


def test_an_address_follows_a_new_sealing_key(office: Office, world: World) -> None:
    office.confirm("daily")
    newer = Sealer([bytes(range(1, 33)), bytes(range(32))], Random(6).randbytes)
    with world.act(OPERATOR) as act:
        done, last = mailboxes.rotate_keys(act, newer, "", 10)
        assert done == 1
        assert last == world.approver.id
        assert mailboxes.rotate_keys(act, newer, "", 10)[0] == 0
        assert mailboxes.rotate_keys(act, newer, last, 10) == (0, None)
    held = find_mailbox(world.session, world.approver.id)
    assert held is not None
    assert mailboxes.open_address(held, newer) == ADDRESS
    with pytest.raises(SealingUnavailable):
        mailboxes.open_address(held, SEALER)


def test_the_first_day_after_a_choice_is_the_next_morning(office: Office, world: World) -> None:
    office.clock.move(hours=-6)
    office.confirm("daily")
    propose(world, "C1")
    office.clock.move(hours=2)
    assert len(office.run()) == 1  # at five


def test_a_digest_is_ended_by_one_post_of_a_mail_program(
    office: Office, world: World, client: FlaskClient, app: Flask
) -> None:
    known = app.extensions["tracker"]
    office.confirm("daily")
    propose(world, "C1")
    office.clock.move(days=1)
    office.run()
    (letter,) = office.box.letters[1:]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    end = letter["List-Unsubscribe"].strip("<>").removeprefix("https://t.example")
    assert end.startswith("/en/follow/digests/end?link=")
    app.extensions["tracker"] = replace(known, settings=replace(known.settings, mail=office.postman.server))
    one_click = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}
    assert "<button>Be told nothing more</button>" in client.get(end).text
    assert office.held() is not None  # a GET changes nothing
    assert client.post(f"{end}x", **one_click).status_code == 404
    assert client.post(end, **one_click).status_code == 200
    assert office.held() is None
    assert client.post(end, **one_click).status_code == 404


def test_who_came_to_read_a_bounce_says_so_and_no_more_is_written_there(office: Office, world: World) -> None:
    office.confirm("daily")
    with world.act(world.reviewer) as act:
        mailboxes.set_mailbox(act, "other@host.example", "daily", get_language("en"), SEALER, PAGE)
    propose(world, "C1")
    office.clock.move(days=1)
    office.teller.tell_due()
    with world.act(OPERATOR) as act:
        assert mailboxes.leave_address(act, "nobody@host.example", SEALER) == 0
        assert mailboxes.leave_address(act, ADDRESS.upper(), SEALER) == 1
        assert mailboxes.leave_address(act, ADDRESS, SEALER) == 0
    assert [text for text in office.run() if "queue" in text] == []
    assert office.held() == Chosen(ADDRESS, "daily", confirmed=False)


def test_programs_choose_over_rest_what_their_holder_chooses_at_the_desk(
    world: World, client: FlaskClient, app: Flask
) -> None:
    known, mine = app.extensions["tracker"], world.headers("approver")
    body = {"address": ADDRESS, "period": "weekly", "language": "fr"}
    nothing = {"address": None, "period": "off", "confirmed": False}
    assert client.get("/v1/me/mailbox", headers=mine).get_json() == nothing
    refused = client.post("/v1/me/mailbox", json=body, headers=mine)
    assert (refused.status_code, refused.get_json()["title"]) == (409, "This tracker sends no mail")
    server = MailServer("127.0.0.1", 1, "plain", "tracker@t.example")
    app.extensions["tracker"] = replace(known, settings=replace(known.settings, mail=server))
    wrong = client.post("/v1/me/mailbox", json={**body, "address": "amal"}, headers=mine)
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "/address")
    chosen = {"address": ADDRESS, "period": "weekly", "confirmed": False}
    assert client.post("/v1/me/mailbox", json=body, headers=mine).get_json() == chosen
    assert client.get("/v1/me/mailbox", headers=mine).get_json() == chosen
    assert client.get("/v1/me/mailbox", headers=world.headers("editor")).get_json() == nothing
    assert client.post("/v1/me/mailbox/end", json={}, headers=mine).get_json() == nothing
    assert client.post("/v1/me/mailbox/end", json={}, headers=mine).status_code == 409
