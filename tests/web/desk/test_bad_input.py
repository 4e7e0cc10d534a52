"""What goes wrong between people and a form, for every form of the desk: names that want to be markup, a paste without
an end, a connection that breaks off, a second click, the button that leads back, a second tab, a session that ended.

What may be typed into each stands in `tests.web.desk.typed_forms`; a form without a row there fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.web.desk.furnished import Furnished
from tests.web.desk.people import OWN_SITE, Browser, read_hidden
from tests.web.desk.screens import NOBODY, list_screens
from tests.web.desk.typed_forms import BRINGING, LETTING_IN, TYPED, UNNOTED, WHY, fill, read_fields
from tests.web.test_hostile import EVIL, TAGS, Tags
from tests.world import World
from tracker.store.audit import AuditEntry
from tracker.web.desk.view import VIEWS

#: The hidden fields by which a form is known.
OWN = (".once", ".token", ".version")
#: What is made of nothing but the desk's own: the script of passkeys, and fields for files.
_OWN_TAGS = "g script details summary textarea fieldset legend datalist ul ol em i code hr img optgroup"
_LONG = "a row of a table\n" * 10_000


@pytest.fixture
def browsers(app: Flask, furnished: Furnished) -> dict[str, Browser]:
    entered = {name: Browser(app).enter(furnished.world, one) for name, one in furnished.people.items()}
    return {NOBODY: Browser(app), **entered}


def list_forms(furnished: Furnished) -> Iterator[tuple[str, str, str]]:
    """Of every form, its name, who sends it, and its address."""
    found = {}
    for who, one, path in list_screens(furnished):
        if one.act is not None:
            found.setdefault(one.name, (who, path))
            if one.name in ("propose_status", "dry_run") and who == "editor":
                found[one.name] = who, path  # the last is behind all choices, and has no row that is refused
    yield from ((name, *at) for name, at in found.items())


def read_form(browser: Browser, path: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What stands in the lines and choices of a form, and its hidden fields."""
    page = browser.read(path).text
    return read_fields(page), read_hidden(page)


def count_acts(world: World) -> int:
    """How often somebody did something."""
    world.session.rollback()
    return world.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_every_form_has_its_row_and_every_row_its_form() -> None:
    assert TYPED.keys() | LETTING_IN | BRINGING == {
        name for name, one in VIEWS.items() if one.act is not None
    }
    assert TYPED.keys() & (LETTING_IN | BRINGING) == set()


def test_no_text_that_is_typed_into_a_form_becomes_markup(
    furnished: Furnished, browsers: dict[str, Browser]
) -> None:
    shown = 0
    for name, who, path in list_forms(furnished):
        if name in ("logout", *BRINGING):
            continue
        fields, own = read_form(browsers[who], path)
        sent = browsers[who].post(path, {**own, **fields, **dict.fromkeys(fields, EVIL)})
        assert sent.status_code < 500, name
        shown += require_own_markup(sent.text, name)
    for who, one, path in list_screens(furnished):
        if who != NOBODY:
            shown += require_own_markup(browsers[who].read(path).text, one.name)
    assert shown > 100  # it was there, as a text


def require_own_markup(text: str, name: str) -> int:
    """How often a page says the hostile text: as a text and never as a tag or an attribute."""
    page = Tags(text)
    assert {tag for tag, _given in page.found} <= {*TAGS.split(), *_OWN_TAGS.split()}, name
    scripts = [given for tag, given in page.found if tag == "script"]
    assert all(given.get("src", "").startswith("/static/") for given in scripts), name
    assert not any("onerror" in given or "onmouseover" in given for _tag, given in page.found), name
    assert "1787569" not in page.said, name
    return unescape(text).count("<script>alert(1)</script>")


def test_a_paste_without_an_end_is_refused_or_taken_and_never_breaks_a_form(
    furnished: Furnished, browsers: dict[str, Browser]
) -> None:
    for name, who, path in list_forms(furnished):
        if name in ("logout", *BRINGING):
            continue
        fields, own = read_form(browsers[who], path)
        sent = browsers[who].post(path, {**own, **fields, **dict.fromkeys(fields, _LONG)})
        assert sent.status_code < 500, name
        if sent.status_code == 422 and "<textarea" in sent.text:
            assert unescape(sent.text).count("a row of a table\n") >= 10_000, name


@pytest.mark.parametrize("number", ["9" * 5_000, "²", "٣"], ids=["long", "raised", "Arabic"])
def test_a_number_that_is_none_never_breaks_a_form(
    furnished: Furnished, browsers: dict[str, Browser], number: str
) -> None:
    for name, who, path in list_forms(furnished):
        if name not in ("logout", "file"):  # of which the bytes are not there
            fields, own = read_form(browsers[who], path)
            for typed in (dict.fromkeys(fields, number), {".version": number}):
                assert browsers[who].post(path, {**own, **fields, **typed}).status_code < 500, name


def test_a_form_that_did_not_arrive_whole_does_nothing(
    furnished: Furnished, browsers: dict[str, Browser]
) -> None:
    world = furnished.world
    for name, who, path in list_forms(furnished):
        browser = browsers[who]
        fields = {**browser.fields(path), **TYPED.get(name, {})}
        before = count_acts(world)
        body = urlencode(fields, doseq=True).encode()
        line = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nhalf of it'
        for kind, part in (
            ("application/x-www-form-urlencoded", body),
            ("multipart/form-data; boundary=x", line),
        ):
            environ = {"CONTENT_LENGTH": str(len(part) + 100)}
            sent = browser.client.post(
                browser.address(path),
                data=part,
                content_type=kind,
                headers=OWN_SITE,
                environ_overrides=environ,
            )
            assert 400 <= sent.status_code < 500, (name, sent.status_code)
        assert count_acts(world) == before, name


@pytest.mark.parametrize("name", sorted(TYPED))
def test_a_form_sent_twice_from_a_second_tab_after_going_back_or_too_late_is_acted_on_once_and_keeps_what_was_typed(
    app: Flask, furnished: Furnished, clock: Clock, name: str
) -> None:
    world = furnished.world
    who, path = next((who, path) for known, who, path in list_forms(furnished) if known == name)
    browser = Browser(app).enter(world, furnished.people[who])
    names = {**furnished.of, "item": furnished.scenes.item}
    typed = {one: fill(value, names) for one, value in TYPED[name].items()}
    first, second, late = (_open(browser, path, typed) for _tab in range(3))
    before = count_acts(world)
    done = _send(browser, path, first, name)
    assert done.status_code in (200, 303), told_by(done)
    acts = count_acts(world)
    assert acts > before or name in UNNOTED
    again = _send(browser, path, first, name)
    assert (again.status_code < 500, count_acts(world)) == (True, acts), "a second click"
    if done.status_code == 303:
        assert (again.status_code, again.headers["Location"]) == (303, done.headers["Location"])
    words = next((one for one, value in typed.items() if value == WHY), None)
    if words is not None:
        changed = _send(browser, path, {**first, words: f"{WHY} Written again."}, name)
        assert changed.status_code < 500
        assert changed.status_code == 303 or "Written again." in changed.text, "the button that leads back"
        other = _send(browser, path, {**second, words: f"{WHY} From the other tab."}, name)
        assert other.status_code < 500
        assert other.status_code == 303 or "From the other tab." in other.text, "a second tab"
    clock.move(hours=25)
    kept = _send(browser, path, late, name)
    assert kept.status_code == 303
    back = unquote(kept.headers["Location"].partition("/login?next=")[2])
    assert back.startswith("/desk/")
    if words is not None:
        shown = Browser(app).enter(world, furnished.people[who]).read(back.removeprefix("/desk"))
        assert shown.status_code == 200
        assert WHY in shown.text, "a session that ended"


def _open(browser: Browser, path: str, typed: dict[str, Any]) -> dict[str, Any]:
    """What a form holds when it is opened, with what is typed into it."""
    fields, own = read_form(browser, path)
    return {**fields, **own, **typed}


def told_by(page: TestResponse) -> str:
    """What a page says that refuses something."""
    found = re.search(r'<section class="warning" role="alert".*?</section>', page.text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", page.text[page.text.index("<main") :] if found is None else found[0])


def _send(browser: Browser, path: str, fields: dict[str, Any], name: str) -> TestResponse:
    if name != "new_file":
        return browser.post(path, fields)
    return browser.send_in_parts(
        path, fields, **{one.removeprefix("."): fields[one] for one in fields if one in OWN}
    )
