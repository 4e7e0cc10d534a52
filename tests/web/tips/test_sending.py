"""The tip boxes for people without an account: no cookie, no trace in a log, nothing that was typed is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.actions.tips import open_box
from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.web.tips.sender import SAID, Sender, hidden, phrase_of
from tests.world import World
from tracker.actions import tip_boxes, tips
from tracker.domain import tips as rules
from tracker.domain.people import Actor
from tracker.http.context import Context
from tracker.store.tips import Tip, TipFile
from tracker.web.tips import arrivals

NEW = "a-new-secret-for-tests-0123456789-abcdefgh"
PICTURE = (b"\xff\xd8\xff\xe0 a picture", "IMG_1.jpg")


@pytest.fixture
def keeper(world: World) -> Actor:
    keeper = world.person("keeper", "custodian")
    open_box(world, keeper)
    return keeper


@pytest.fixture
def sender(app: Flask, keeper: Actor) -> Sender:  # the box is open
    return Sender(app)


def known(app: Flask) -> Context:
    found: Context = app.extensions["tracker"]
    return found


def count_bytes(app: Flask) -> int:
    files = known(app).files
    assert files is not None
    return len(list(files.held()))


def list_tips(world: World) -> list[Tip]:
    world.session.rollback()
    return list(world.session.scalars(select(Tip)))


def test_a_tip_is_sent_and_its_sender_comes_back_with_eight_words(
    sender: Sender, world: World, keeper: Actor, app: Flask, clock: Clock
) -> None:
    page = sender.read("/to/coast")
    assert "Three people read this." in page.text
    sent = sender.write(PICTURE)
    phrase = phrase_of(sent)
    assert (sent.status_code, len(phrase.split())) == (200, 8)
    tip = list_tips(world)[0].id
    found = sender.come_back(phrase.upper())
    assert all(said in found.text for said in SAID.values())
    assert "Nobody has looked at it yet." in found.text
    sealer = known(app).sealer()
    with world.act(keeper) as act:
        tips.read_tip(act, tip, sealer)
        tips.ask_sender(act, tip, "On <which> day?", sealer)
    clock.move(days=3)
    asked = sender.come_back(phrase)
    assert "On &lt;which&gt; day?" in asked.text
    assert "It was looked at." in asked.text
    answered = sender.post("/added", {**hidden(asked), "text": "On the third."}, [(b"more", "b.txt")])
    assert "What you wrote was added." in answered.text
    assert "On the third." in answered.text
    with world.act(keeper) as act:
        contents = tips.read_tip(act, tip, sealer)
    assert [one.text for one in contents.messages] == ["On <which> day?", "On the third."]
    assert {name for _file, name in contents.files} == {"IMG_1.jpg", "b.txt"}


def test_after_a_new_secret_of_the_server_its_sender_comes_back_as_long_as_the_old_one_is_named(
    sender: Sender, world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrase = phrase_of(sender.write())
    had = known(app)
    for former, status in ((), 422), ((NEW[::-1], had.settings.secret_key), 200):
        settings = replace(had.settings, secret_key=NEW, former_secret_keys=former)
        monkeypatch.setitem(app.extensions, "tracker", replace(had, settings=settings))
        found = sender.come_back(phrase)
        assert found.status_code == status
    added = sender.post("/added", {**hidden(found), "text": "One more thing."})
    assert "What you wrote was added." in added.text
    gone = sender.post("/back", {**hidden(added), "sure": "on"})
    assert (gone.status_code, list_tips(world)) == (200, [])
    assert sender.come_back(phrase).status_code == 422


def test_what_may_be_left_out_of_a_tip_is_missed_by_nobody(
    sender: Sender, world: World, keeper: Actor, app: Flask
) -> None:
    phrase = phrase_of(sender.write(when="", where=" ", harm=""))
    found = sender.come_back(phrase)
    assert (found.status_code, SAID["happened"] in found.text) == (200, True)
    desk = Browser(app).enter(world, keeper)
    page = desk.send(f"/tips/{list_tips(world)[0].id}", {})
    assert (page.status_code, SAID["happened"] in page.text) == (200, True)


def test_no_page_keeps_a_cookie_or_names_a_site_and_none_is_kept(sender: Sender) -> None:
    sent = sender.write()
    pages = [sender.read(), sender.read("/to/coast"), sender.read("/to/none"), sent, sender.come_back("no")]
    for page in (*pages, sender.come_back(phrase_of(sent))):
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Access-Control-Allow-Origin" not in page.headers
        assert "<script" not in page.text
        assert "http" not in page.text.replace("http-equiv", "")
    assert pages[2].status_code == 404


def test_a_form_that_is_sent_twice_keeps_one_tip_and_loses_no_word(
    sender: Sender, world: World, app: Flask
) -> None:
    fields = {**hidden(sender.read("/to/coast")), **SAID}
    first, again = (sender.post("/to/coast", fields, [PICTURE]) for _twice in range(2))
    assert phrase_of(first) == phrase_of(again)
    assert (len(list_tips(world)), count_bytes(app)) == (1, 1)
    changed = sender.post("/to/coast", {**fields, "happened": "There were two of them."})
    assert "You sent this form before" in changed.text
    added = sender.post("/added", {**hidden(changed), "text": "There were two of them."}, [PICTURE])
    twice = sender.post("/added", {**hidden(changed), "text": "There were two of them."}, [PICTURE])
    assert added.text.count("There were two of them.") == twice.text.count("There were two of them.") == 1
    assert count_bytes(app) == 2


REFUSED: list[tuple[dict[str, str], int, str]] = [
    ({"happened": " \r\n "}, 422, "Write here what happened."),
    ({"where": "x" * 501}, 422, "shorten it to 500 characters"),
    ({".form": "0.99999999999.0"}, 412, "This page lay open too long."),
    ({".form": ""}, 412, "This page lay open too long."),
]


@pytest.mark.parametrize(("changed", "status", "said"), REFUSED)
def test_what_is_refused_comes_back_as_it_was_typed(
    sender: Sender, world: World, app: Flask, changed: dict[str, str], status: int, said: str
) -> None:
    fields = {**hidden(sender.read("/to/coast")), **SAID, **changed}
    page = sender.post("/to/coast", fields, [PICTURE])
    assert page.status_code == status
    assert said in page.text.replace("<bdi>", "").replace("</bdi>", "")
    assert "choose them again" in page.text
    assert SAID["harm"] in page.text
    assert (list_tips(world), count_bytes(app)) == ([], 0)
    assert sender.post("/to/coast", {**hidden(page), **SAID}).status_code == 200


def test_a_form_is_good_for_a_day_and_a_page_with_a_tip_for_two_hours(sender: Sender, clock: Clock) -> None:
    fields = {**hidden(sender.read("/to/coast")), **SAID}
    clock.move(hours=25)
    stale = sender.post("/to/coast", fields)
    assert (stale.status_code, SAID["happened"] in stale.text) == (412, True)
    phrase = phrase_of(sender.post("/to/coast", {**fields, **hidden(stale)}))
    page = sender.come_back(phrase)
    clock.move(hours=3)
    for path in ("/added", "/back"):
        late = sender.post(path, {**hidden(page), "text": "What I add", "sure": "on"})
        assert late.status_code == 422
        assert "Say your eight words again" in late.text
        assert ("What I add" in late.text) == (path == "/added")
    assert "What I add" in sender.come_back(phrase, text="What I add").text


def test_too_many_and_too_large_files_and_a_full_box_are_said_with_the_form(
    sender: Sender, world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [(b"%d" % number, f"{number}.txt") for number in range(rules.MOST_FILES + 1)]
    page = sender.write(*many)
    assert (page.status_code, "too many files" in page.text) == (422, True)
    monkeypatch.setattr(arrivals, "MOST_FILE_BYTES", 10)
    page = sender.write((b"x" * 6, "a.txt"), (b"y" * 6, "b.txt"))
    assert (page.status_code, "too large" in page.text) == (413, True)
    monkeypatch.setattr(rules, "MOST_AN_HOUR", 0)
    for files in ((), [(b"x", "a.txt")]):
        page = sender.write(*files)
        assert (page.status_code, "The tip box is full." in page.text) == (429, True)
        assert 0 < int(page.headers["Retry-After"]) <= 3_601
        assert SAID["happened"] in page.text
    assert (list_tips(world), count_bytes(app)) == ([], 0)
    monkeypatch.setattr(rules, "MOST_AN_HOUR", 9)
    monkeypatch.setattr(rules, "MOST_ADDED_AN_HOUR", 0)
    tip = sender.come_back(phrase_of(sender.write()))
    for files in ((), [(b"x", "a.txt")]):
        page = sender.post("/added", {**hidden(tip), "text": "What I add"}, files)
        assert (page.status_code, "What I add" in page.text) == (429, True)
    assert count_bytes(app) == 0


def test_a_form_of_another_site_is_not_taken(sender: Sender, world: World) -> None:
    fields = {**hidden(sender.read("/to/coast")), **SAID}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        page = sender.post("/to/coast", fields, headers=headers)
        assert (page.status_code, "another" in page.text or "page of this site" in page.text) == (403, True)
    assert list_tips(world) == []
    assert sender.post("/to/coast", fields, headers={"Origin": "null"}).status_code == 200


def test_unknown_words_are_answered_alike_and_what_was_typed_stands_there(
    sender: Sender, clock: Clock
) -> None:
    phrase = phrase_of(sender.write())
    other = "zoo " * 8
    unknown = sender.come_back(other)
    assert unknown.status_code == 422
    assert other.strip() in unknown.text
    clock.move(days=91)
    gone = sender.come_back(phrase)
    assert gone.text.replace(phrase, "") == unknown.text.replace(other, "").replace(other.strip(), "")


def test_a_tip_is_taken_back_with_its_bytes_and_another_window_loses_nothing(
    sender: Sender, world: World, app: Flask
) -> None:
    phrase = phrase_of(sender.write(PICTURE))
    page = sender.come_back(phrase)
    unsure = sender.post("/back", hidden(page))
    assert (unsure.status_code, "say that you are sure" in unsure.text) == (422, True)
    gone = sender.post("/back", {**hidden(page), "sure": "on"})
    assert "It is destroyed" in gone.text
    assert (list_tips(world), count_bytes(app)) == ([], 0)
    late = sender.post("/added", {**hidden(page), "text": "What I add"}, [PICTURE])
    assert (late.status_code, "What I add" in late.text, count_bytes(app)) == (422, True, 0)
    assert sender.post("/back", {**hidden(page), "sure": "on"}).status_code == 404
    empty = sender.come_back(phrase_of(sender.write()))
    assert "Write something here." in sender.post("/added", {**hidden(empty), "text": " "}).text
    stale = sender.post("/added", {**hidden(empty), ".form": "", "text": "What I add"})
    assert (stale.status_code, "What I add" in stale.text) == (412, True)


def test_hostile_words_and_file_names_are_kept_without_what_shows_something_else(
    sender: Sender, world: World, keeper: Actor, app: Flask
) -> None:
    said = "<script>alert(1)</script>\r\n\u202etxt.exe\x00 «نعم»"
    names = ["../../etc/passwd", "a\u202eb.jpg", "x" * 300]
    phrase = phrase_of(sender.write(*((name.encode(), name) for name in names), happened=said))
    page = sender.come_back(phrase)
    assert "<script>" not in page.text
    with world.act(keeper) as act:
        contents = tips.read_tip(act, list_tips(world)[0].id, known(app).sealer())
    assert contents.words["happened"] == "<script>alert(1)</script>\ntxt.exe «نعم»"
    assert {name for _file, name in contents.files} == {"../../etc/passwd", None}
    assert len(world.session.scalars(select(TipFile)).all()) == 3


def test_nothing_of_a_tip_is_in_the_server_log_or_in_the_measures(
    sender: Sender, capsys: pytest.CaptureFixture[str], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    capsys.readouterr()
    phrase = phrase_of(sender.write(PICTURE))
    sender.read("/to/none")
    sender.come_back(phrase)
    sender.come_back("no")
    found = capsys.readouterr()
    assert (found.out, found.err) == ("", "")

    def fall(*_given: Any, **_more: Any) -> None:
        raise RuntimeError("zqmarker")

    monkeypatch.setattr(tip_boxes, "find_open", fall)
    page = sender.read("/to/coast")
    assert (page.status_code, "our side" in page.text) == (500, True)
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert "coast" not in json.dumps(line)
    assert "zqmarker" not in json.dumps(line)
    assert world.process not in json.dumps(line)


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_pages_are_there_in_each_language(app: Flask, keeper: Actor, language: str) -> None:
    sender = Sender(app, language)
    direction = "rtl" if language == "ar" else "ltr"
    page = sender.read("/to/coast")
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    if language == "ar":
        assert "نقرأ هذا" in page.text
    assert 'dir="ltr"' in sender.write().text
    assert f'href="/{"en" if language != "en" else "ar"}/tips/to/coast"' in page.text


def test_a_closed_box_and_one_that_never_was_are_answered_alike(
    sender: Sender, world: World, keeper: Actor
) -> None:
    with world.act(keeper) as act:
        tip_boxes.close_box(act, world.process)
    assert sender.read("/to/coast").text.replace("coast", "none") == sender.read("/to/none").text
    assert "Nobody takes tips here" in sender.read().text
    assert sender.client.get("/en/tips?x=1").status_code == 422


def test_a_box_that_is_closed_while_somebody_writes_gives_the_text_back(
    app: Flask, sender: Sender, world: World, keeper: Actor
) -> None:
    fields = {**hidden(sender.read("/to/coast")), **SAID}
    with world.act(keeper) as act:
        tip_boxes.close_box(act, world.process)
    answer = sender.post("/to/coast", fields, [PICTURE])
    assert answer.status_code == 404
    assert all(said in answer.text for said in SAID.values())
    assert (list_tips(world), count_bytes(app)) == ([], 0)
