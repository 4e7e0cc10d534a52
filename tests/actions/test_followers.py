"""Somebody without an account follows what is public by mail: after they said so twice, at most once a day, and until
they say otherwise. Nobody else can be made to get letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.actions.test_mail import SEALER
from tests.conftest import SECRET, Clock
from tests.outgoing.smtp_server import PostBox, open_post_box
from tests.world import World
from tracker.actions import followers, redaction
from tracker.actions.followers import SOMEBODY, Wish
from tracker.actions.operations.mail_deliveries import Postman
from tracker.actions.operations.news import MOST_NAMED, Herald
from tracker.actions.people import OPERATOR
from tracker.domain.errors import InvalidInput, NotFound
from tracker.domain.following import MOST_AN_HOUR, MOST_FOR_ADDRESS
from tracker.domain.mail import DELAYS
from tracker.domain.service_errors import SealingUnavailable, TooManyRequests
from tracker.languages.i18n import get_language
from tracker.outgoing.mail_server import MailServer
from tracker.public.events import find_last_place
from tracker.sealing.sealer import Sealer
from tracker.store.audit import AuditEntry
from tracker.store.followers import FOLLOWERS, count_asked, list_followers_after

BASE = "https://t.example"
ADDRESS = "reader@host.example"


@contextmanager
def record_statements(session: Session) -> Iterator[list[tuple[str, list[int]]]]:
    """Each statement, with how long the bytes are that it is given."""
    statements: list[tuple[str, list[int]]] = []

    def record(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        lengths = [len(value) for value in values if isinstance(value, bytes)]
        statements.append((statement, lengths))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", record)
    yield statements
    event.remove(engine, "before_cursor_execute", record)


class Street:
    """Strangers, and the worker that writes to them."""

    def __init__(self, world: World, clock: Clock, entropy: Callable[[int], bytes], box: PostBox) -> None:
        self.world, self.box, self.clock = world, box, clock
        server = MailServer("127.0.0.1", box.port, "plain", "tracker@t.example")
        self.herald = Herald(world.session, clock, entropy, lambda: SEALER, BASE)
        self.postman = Postman(world.session, clock, entropy, lambda: SEALER, server, self.herald.write)

    def run(self) -> list[str]:
        """The texts of the letters that were taken."""
        before = len(self.box.raw)
        self.herald.announce_due()
        self.postman.deliver_due()
        return [one.get_content().replace("\r\n", "\n") for one in self.box.letters[before:]]

    def ask(self, kind: str, what: str, address: str = ADDRESS, language: str = "en") -> None:
        wish = Wish(address, kind, what, get_language(language), f"{BASE}/en/coast", f"{BASE}/{language}")
        with self.world.act(SOMEBODY, whatever_standing=True) as act:
            followers.follow(act, wish, SEALER, SECRET)

    def follow(self, kind: str, what: str, language: str = "en") -> None:
        self.ask(kind, what, language=language)
        (text,) = self.run()
        with self.world.act(SOMEBODY, whatever_standing=True) as act:
            followers.confirm_following(act, find_link(text))

    def end(self, link: str) -> None:
        with self.world.act(SOMEBODY, whatever_standing=True) as act:
            followers.end_following(act, link)

    def count(self) -> int:
        found = len(self.world.session.execute(select(FOLLOWERS)).all())
        self.world.session.rollback()
        return found


def find_link(text: str) -> str:
    return str(re.findall(r"\?link=([\w-]+)", text)[-1])


@pytest.fixture
def street(world: World, clock: Clock, entropy: Callable[[int], bytes]) -> Iterator[Street]:
    with open_post_box() as box:
        yield Street(world, clock, entropy, box)


def test_nothing_is_told_before_the_link_was_opened(street: Street, world: World) -> None:
    street.ask("process", "coast")
    (text,) = street.run()
    assert "Coast: changes" in text
    assert f"{BASE}/en/follow/confirmation?link=" in text
    world.recommendation("C1")
    assert street.run() == []
    with world.act(SOMEBODY, whatever_standing=True) as act:
        followers.confirm_following(act, find_link(text))
    assert street.run() == []  # what was published before is no news
    world.recommendation("C2")
    (news,) = street.run()
    assert "Recommendation C2" in news
    assert "C1" not in news
    with pytest.raises(NotFound), world.act(SOMEBODY, whatever_standing=True) as act:
        followers.confirm_following(act, find_link(text))


def test_a_stranger_writes_nothing_into_the_letter_that_asks_somebody_else(street: Street) -> None:
    street.ask("search", "You have won: evil.example")
    (text,) = street.run()
    assert "what a search finds" in text
    assert "won" not in text + street.box.raw[-1].decode()
    assert "evil" not in text + street.box.raw[-1].decode()


def test_a_letter_says_what_feeds_say_why_it_comes_and_how_it_ends(street: Street, world: World) -> None:
    thing = world.recommendation("C1")
    street.follow("recommendation", thing)
    world.answer(thing, "implementation", "not_started")
    (text,) = street.run()
    assert "Recommendation C1" in text
    assert re.search(rf"\n{BASE}/en/acts/evt_\w+\n", text)
    assert (
        "You get this letter because you asked for it on 23 November 2026, here:\n\nhttps://t.example/en/coast"
        in text
    )
    end = f"{BASE}/en/follow/end?link={find_link(text)}"
    assert text.endswith(f"{end}\n")
    letter = street.box.letters[-1]
    assert letter["List-Unsubscribe"] == f"<{end}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_follower_is_told_once_a_day_of_all_that_came(street: Street, world: World) -> None:
    street.follow("search", "Recommendation")
    world.recommendation("C1")
    assert len(street.run()) == 1
    for number in range(MOST_NAMED + 3):
        world.recommendation(f"D{number}")
    assert street.run() == []
    street.clock.move(days=1)
    (text,) = street.run()
    assert text.count("/en/acts/evt_") == MOST_NAMED
    assert "and 3 more\n" in text
    assert "C1" not in text
    street.clock.move(days=1)
    assert street.run() == []


def test_a_follower_reads_their_own_language(street: Street, world: World) -> None:
    street.follow("process", world.process, language="ar")
    world.recommendation("C1")
    (text,) = street.run()
    assert text.startswith("\u200f")
    assert f"{BASE}/ar/follow/end?link=" in text


def test_what_was_destroyed_while_it_waited_does_not_leave(street: Street, world: World) -> None:
    thing = world.recommendation("C1")
    street.follow("recommendation", thing)
    world.answer(thing, "implementation", "not_started")
    street.box.says["CONNECT"] = ["drop"]
    assert street.run() == []
    keeper = world.person("keeper", "custodian")
    with world.act(keeper) as act:
        redaction.redact_thing(act, thing, "minor")
    street.clock.move(hours=1)
    assert street.run() == []


def test_a_letter_that_was_not_taken_tells_later_of_all_that_came(street: Street, world: World) -> None:
    street.follow("process", "coast")
    world.recommendation("C1")
    street.box.says["MAIL"] = ["451 later"]
    assert street.run() == []
    world.recommendation("C2")
    street.clock.move(minutes=2)
    (text,) = street.run()
    assert "C1" in text
    assert "C2" in text


def test_nobody_learns_who_follows_and_nobody_is_asked_twice(street: Street, world: World) -> None:
    street.follow("process", "coast")
    street.ask("process", world.process)
    street.ask("process", "coast", address=ADDRESS.upper())
    assert street.run() == []
    rows = list_followers_after(world.session, "", 9)
    addresses = sorted(followers.open_follower(row, SEALER)[0] for row in rows)
    assert addresses == ["-" * len(ADDRESS)] * 2 + [ADDRESS]
    world.session.rollback()
    street.clock.move(days=1, seconds=1)
    street.ask("search", "word")
    assert street.count() == 2  # what was written for nobody is swept


def test_as_much_is_written_and_counted_whether_somebody_follows_or_not(
    street: Street, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks would learn it by the time that it takes, or by how many may still ask in this hour."""
    street.follow("process", "coast")
    asked: list[list[tuple[str, list[int]]]] = []
    for address in (ADDRESS, "nobody@host.example"[-len(ADDRESS) :]):
        with record_statements(world.session) as statements:
            street.ask("process", "coast", address=address)
        asked.append(statements)
    assert asked[0] == asked[1]
    monkeypatch.setattr("tracker.domain.following.MOST_AN_HOUR", 3)
    with pytest.raises(TooManyRequests):
        street.ask("search", "word")


def test_a_stranger_cannot_fill_the_mailbox_of_somebody_else(street: Street, world: World) -> None:
    for number in range(MOST_FOR_ADDRESS + 5):
        street.ask("search", f"word{number}")
    assert len(street.run()) == MOST_FOR_ADDRESS
    street.clock.move(days=1, seconds=1)
    street.ask("search", "another")
    assert len(street.run()) == 1
    assert street.count() == 1  # whom nobody confirmed is forgotten


def test_all_strangers_together_cannot_make_the_server_send_without_bound(
    street: Street, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_AN_HOUR == 200
    monkeypatch.setattr("tracker.domain.following.MOST_AN_HOUR", 3)
    for number in range(3):
        street.ask("process", "coast", address=f"reader{number}@host.example")
    with pytest.raises(TooManyRequests):
        street.ask("process", "coast", address="reader9@host.example")
    world.session.rollback()
    street.clock.move(hours=1, seconds=1)
    street.ask("process", "coast", address="reader9@host.example")


def test_what_is_not_public_and_what_is_no_address_is_refused(street: Street, world: World) -> None:
    draft = world.recommendation("draft", publish=False)
    for kind, what in (("process", "nowhere"), ("recommendation", draft), ("recommendation", "C1")):
        with pytest.raises(NotFound):
            street.ask(kind, what)
        world.session.rollback()
    for what, address in (("x" * 201, ADDRESS), ("word", "a@b.example\nBcc: c@d.example")):
        with pytest.raises(InvalidInput):
            street.ask("search", what, address=address)
        world.session.rollback()
    assert street.count() == 0


def test_it_is_ended_by_one_link_and_the_address_is_gone(street: Street, world: World) -> None:
    street.follow("process", "coast")
    world.recommendation("C1")
    (text,) = street.run()
    world.recommendation("C2")
    street.clock.move(days=1)
    street.herald.announce_due()
    street.end(find_link(text))
    assert (street.run(), street.count()) == ([], 0)
    with pytest.raises(NotFound):
        street.end(find_link(text))


def test_a_mailbox_that_does_not_exist_is_forgotten(street: Street, world: World) -> None:
    street.follow("process", "coast")
    world.recommendation("C1")
    street.box.says["RCPT"] = ["550 who"]
    assert (street.run(), street.count()) == ([], 0)
    with world.act(OPERATOR) as act:
        assert count_asked(act.session, act.now) == 0


def test_a_server_that_is_away_for_days_makes_nobody_follow_less(street: Street, world: World) -> None:
    street.follow("process", "coast")
    world.recommendation("C1")
    street.box.says["MAIL"] = ["451 later"] * (len(DELAYS) + 1)
    for delay in (timedelta(), *DELAYS):
        street.clock.move(seconds=delay.total_seconds())
        assert street.run() == []
    street.clock.move(days=1)
    assert [("C1" in text) for text in street.run()] == [True]


def test_of_news_whose_fate_is_unknown_there_is_one_duplicate_at_most(street: Street, world: World) -> None:
    street.follow("process", "coast")
    world.recommendation("C1")
    street.box.says["TAKEN"] = ["drop", "drop"]
    texts = []
    for _attempt in range(5):
        texts += street.run()
        street.clock.move(days=1)
    assert ["C1" in text for text in texts] == [True, True]


def test_an_address_that_does_not_exist_is_asked_once(street: Street) -> None:
    street.ask("process", "coast")
    street.box.says["RCPT"] = ["550 who"]
    assert street.run() == []
    street.clock.move(hours=1)
    assert street.run() == []


def test_a_link_to_confirm_is_good_for_a_day(street: Street, world: World) -> None:
    street.ask("process", "coast")
    (text,) = street.run()
    street.clock.move(days=1)
    with pytest.raises(NotFound), world.act(SOMEBODY, whatever_standing=True) as act:
        followers.confirm_following(act, find_link(text))


def test_an_address_is_sealed_and_in_no_trail(street: Street, world: World) -> None:
    street.follow("process", "coast")
    kept = repr(world.session.execute(select(FOLLOWERS)).all())
    trail = [(one.verb, one.detail, one.target_id) for one in world.session.scalars(select(AuditEntry))]
    world.session.rollback()
    assert "host.example" not in kept
    assert "follow" not in repr(trail)
    assert "host.example" not in repr(Wish(ADDRESS, "process", "coast", get_language("en"), "", ""))


def test_an_address_follows_a_new_sealing_key(street: Street, world: World) -> None:
    street.follow("process", "coast")
    newer = Sealer([bytes(range(1, 33)), bytes(range(32))], Random(6).randbytes)
    with world.act(OPERATOR) as act:
        done, last = followers.rotate_keys(act, newer, "", 10)
        assert done == 1
        assert last is not None
        assert followers.rotate_keys(act, newer, "", 10)[0] == 0
        assert followers.rotate_keys(act, newer, last, 10) == (0, None)
        (held,) = list_followers_after(act.session, "", 10)
        assert followers.open_follower(held, newer)[0] == ADDRESS
        with pytest.raises(SealingUnavailable):
            followers.open_follower(held, SEALER)


def test_what_is_published_elsewhere_is_no_news_and_is_looked_at_once(street: Street, world: World) -> None:
    street.follow("recommendation", world.recommendation("C1"))
    world.recommendation("C2")
    assert street.run() == []
    (held,) = list_followers_after(world.session, "", 10)
    assert held.place == find_last_place(world.session.connection())
    world.session.rollback()


def test_an_address_from_which_a_bounce_came_is_forgotten_with_all_that_it_follows(
    street: Street, world: World
) -> None:
    street.follow("process", "coast")
    street.follow("search", "Recommendation")
    with world.act(OPERATOR) as act:
        assert followers.leave_address(act, "nobody@host.example", SECRET) == 0
        assert followers.leave_address(act, ADDRESS, SECRET) == 2
    assert street.count() == 0
