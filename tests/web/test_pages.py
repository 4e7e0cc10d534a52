"""Every page, in every language: what it says first, that its links lead somewhere, and that nothing but our own style
sheet is fetched.
"""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.contract.client import PlainClient
from tests.feeds.test_front import front_of
from tests.web.addresses import list_examples, list_pages
from tests.web.scenes import ARABIC, Scenes
from tests.world import World
from tracker.actions.support import public_events
from tracker.domain.service_errors import Busy
from tracker.languages.i18n import LANGUAGES
from tracker.public import feed_state
from tracker.web.public.page import PAGES


def text_of(answer: object) -> str:
    """What a person reads: without markup, on one line."""
    body = re.sub(r"<head>.*?</head>", " ", answer.get_data(as_text=True), flags=re.S)  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split())


class Links(HTMLParser):
    """The addresses to which a page leads, and what it fetches."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.fetches: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in given}
        self.ids += [found["id"]] if "id" in found else []
        if tag in {"a", "form"}:
            self.leads.append(found.get("href") or found.get("action") or "")
        if "src" in found or (tag == "link" and "stylesheet" in found.get("rel", "")):
            self.fetches.append(found.get("src") or found["href"])


def own(link: str) -> bool:
    return link.startswith("/") and not link.startswith("//")


def test_a_reader_learns_in_the_first_sentences_what_was_due_what_came_and_what_is_silent(
    scenes: Scenes, browser: FlaskClient
) -> None:
    said = text_of(browser.get("/en/coast"))
    assert (
        "Inquiry was to report by 8 April 2025. 2 days after that day had passed, it was given time until 10 July 2025."
        " The report was handed over on 13 July 2025, 3 days late. Its full text is still not public, 498 days later."
        in said
    )
    assert "Desk looked at 1 of 2 recommendations and finds 0 implemented." in said
    assert "Came on 13 July 2025, 3 days late · 93 days later than first set" in said
    assert said.index("Inquiry was to report") < said.index("Dates")


def test_the_same_is_said_in_arabic_with_syrian_months_and_plurals(
    scenes: Scenes, browser: FlaskClient
) -> None:
    answer = browser.get("/ar/coast")
    said = text_of(answer)
    assert "بحلول 8 أبريل 2025. بعد يومين من انقضاء ذلك اليوم مُنحت مهلة حتى 10 يوليو 2025" in said
    assert "متأخراً 3 أيام" in said
    assert '<html lang="ar" dir="rtl">' in answer.get_data(as_text=True)
    world = scenes.world
    other = world.make_process("levant", country="SY", happened_from="2025-04-09")
    assert other
    assert "9 نيسان 2025" in text_of(browser.get("/ar/levant"))
    assert "9 avril 2025" in text_of(browser.get("/fr/levant"))


def test_every_link_of_every_page_in_every_language_leads_somewhere(
    scenes: Scenes, browser: FlaskClient
) -> None:
    pages, others, seen = dict[str, Links](), set[str](), {f"/{language}/" for language in LANGUAGES}
    waiting = sorted(seen)
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        assert answer.status_code == 200, path
        if not answer.content_type.startswith("text/html"):
            others.add(path)
            continue
        pages[path] = Links(answer.get_data(as_text=True))
        assert len(pages[path].ids) == len(set(pages[path].ids)), path
        seen |= {
            link if own(link) else path + link for link in pages[path].leads if own(link) or link[:1] == "#"
        }
        found = {link.partition("#")[0] for link in seen} - set(pages) - others
        # In other languages an act leads where it leads in English.
        waiting = sorted(link for link in found if not link.startswith(("/ar/acts/", "/fr/acts/")))
    for place in seen:
        path, anchor = place.split("#") if "#" in place else (place, None)
        assert anchor is None or path not in pages or anchor in pages[path].ids, place
    for name, page_of in PAGES.items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(page_of.path))
        assert [link for link in seen if re.match(rf"/ar{pattern}(?:[?#]|$)", link)] or name == "home", name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_carries_its_language_its_alternates_and_fetches_only_our_style_sheet(
    scenes: Scenes, browser: FlaskClient, language: str
) -> None:
    for path in list_pages(scenes.world.session, language):
        answer = browser.get(path)
        assert answer.status_code in (200, 404), path
        assert answer.headers["Content-Language"] == language
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in answer.headers
        page = answer.get_data(as_text=True)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page), path
        fetched = Links(page).fetches
        assert [one for one in fetched if not one.startswith("/static/")] == []
        assert [browser.get(one).status_code for one in fetched] == [200]
        if answer.status_code == 200:
            assert page.count("hreflang=") >= 2 * len(LANGUAGES) - 1, path
            assert '<link rel="canonical" href="http://127.0.0.1:8000/' in page
        else:
            assert answer.headers["Cache-Control"] == "no-store"


def test_as_of_a_day_a_banner_says_so_and_search_engines_keep_the_latest(
    scenes: Scenes, browser: FlaskClient
) -> None:
    page = browser.get("/en/coast?as_of=2025-04-09").get_data(as_text=True)
    said = text_of(browser.get("/en/coast?as_of=2025-04-09"))
    assert "You read this as things stood on 9 April 2025. See how they stand now" in said
    assert '<meta name="robots" content="noindex">' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/en/coast">' in page
    assert "as of 9 April 2025" in unescape(re.sub("<[^>]+>", "", page.partition("</title>")[0]))
    assert "10 July" not in said
    assert "No report has been handed over; it is 1 day overdue." in said
    assert 'href="/en/coast/recommendations?as_of=2025-04-09"' in page
    assert "noindex" not in browser.get("/en/coast").get_data(as_text=True)


def test_while_a_batch_becomes_public_the_pages_of_its_process_say_so(
    world: World, browser: FlaskClient
) -> None:
    assert "in an update" not in text_of(browser.get("/en/coast"))
    with world.act(world.editor) as act:
        act.audit("work.continued", world.process)
        feed_state.mark_pending(act.connection, [world.process], "2025-07-01T09:00:00Z")
        act.changed(public_events.DOCUMENTS, [world.process])
        act.changed(public_events.EDITIONS, [world.process])
    for path in ("/en/coast", "/en/coast/recommendations"):
        said = text_of(browser.get(path))
        assert (
            "This record has been in an update since 1 July 2025. Lists and numbers are not complete" in said
        )


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/en/none", 404, "No process “none” is public here."),
        ("/en/coast/recommendations/none", 404, "“none” names nothing that is public in this process."),
        ("/en/coast/committee/none", 404, "“none” names nothing that is public in this process."),
        ("/en/coast/evidence/none", 404, "“none” names nothing that is public in this process."),
        ("/en/organizations/none", 404, "No organization “none” is public here."),
        ("/en/coast/reports/none", 404, "“none” names nothing that is public in this process."),
        ("/en/coast/indicators/none", 404, "“none” names nothing that is public in this process."),
        ("/en/coast/deadlines/none", 404, "“none” names nothing that is public in this process."),
        ("/en/acts/none", 404, "There is no public act “none”."),
        ("/en/coast/none/of/this", 404, "Nothing is public at this address"),
        ("/de/", 404, "There are no pages in the language “de”. Choose one of those above."),
        ("/pt-BR/coast", 404, "There are no pages in the language “pt-BR”."),
        ("/en/coast?as_of=2025-02-30", 422, "“2025-02-30” is no day. Write it as in 2025-04-09."),
        ("/en/coast?as_of=yesterday", 422, "“yesterday” is no day."),
        ("/en/coast?as_of=2025-04-09&as_of=2025-04-10", 422, "has “as_of” twice"),
        ("/en/coast?sort=x", 422, "This page takes no “sort”. It takes: as_of."),
        ("/en/verify?x=1", 422, "This page takes no parameters"),
        ("/en/coast/committee/inquiry?as_of=1980-01-01", 404, "or nothing was on that day"),
        ("/en/coast/recommendations?state=nearly", 422, "“nearly” is nothing that “state” can be here."),
        ("/en/coast/recommendations?assessor=press", 422, "“press” is nothing that “assessor” can be here."),
        ("/en/coast/recommendations?theme=sdg:1", 422, "“sdg:1” is nothing that “theme” can be here."),
        ("/en/coast/recommendations?after=none", 422, "“none” is nothing that “after” can be here."),
        ("/en/coast/recommendations?after=R1&sort=changed", 422, "“R1” is nothing that “after” can be here."),
        ("/en/coast/changes?before=-1", 422, "“-1” is nothing that “before” can be here."),
        ("/en/coast/changes?before=0", 422, "“0” is nothing that “before” can be here."),
        ("/en/coast/changes?before=99999", 422, "“99999” is nothing that “before” can be here."),
        ("/en/search?kind=people", 422, "“people” is nothing that “kind” can be here."),
        (f"/en/search?q={'x' * 201}", 422, "“q” is too long. It takes 200 characters."),
        ("/en/search?q=" + "+".join("abcdefghijklmnopqrstuvwxyz"), 422, "cannot be searched for"),
    ],
)
def test_what_cannot_be_shown_is_a_page_that_says_why_with_the_right_status(
    scenes: Scenes, browser: FlaskClient, path: str, status: int, says: str
) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert says in text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert [link for link in Links(answer.get_data(as_text=True)).leads if link.endswith("/search")]


def test_what_was_withdrawn_says_so_with_its_reason(world: World, browser: FlaskClient) -> None:
    world.withdraw(world.make_process("mistake"), "It was recorded twice.")
    answer = browser.get("/en/mistake")
    assert answer.status_code == 410
    assert "It was public and has been withdrawn. The reason: It was recorded twice." in text_of(answer)


def test_a_withdrawn_recommendation_is_gone_under_its_short_name_too(
    world: World, browser: FlaskClient
) -> None:
    gone = world.recommendation("R1", title="A name that was taken back")
    world.withdraw(gone, "It was recorded twice.")
    page = browser.get("/en/coast/recommendations/R1")
    document = browser.get(f"/v1/public/recommendations/{gone}")
    as_page = browser.get(f"/v1/public/recommendations/{gone}", headers={"Accept": "text/html"})
    assert [one.status_code for one in (page, document, as_page)] == [410] * 3
    assert document.get_json()["detail"] == "It was recorded twice."
    for one in (page, as_page):
        assert "It was public and has been withdrawn. The reason: It was recorded twice." in text_of(one)
        assert "taken back" not in text_of(one)


@pytest.mark.parametrize(
    "path",
    [
        "/none",
        "/v1/public/none",
        "/v1/none",
        "/feeds/none/changes.atom",
        "/log/none",
        "/embed/none",
        "/en//coast",
    ],
)
def test_an_unknown_address_is_a_page_for_a_reader_and_a_problem_for_a_program(
    world: World, browser: FlaskClient, path: str
) -> None:
    asked = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "ar, en;q=0.5"}
    page, head = browser.get(path, headers=asked), browser.head(path, headers=asked)
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    assert page.headers["Vary"] == "Accept, Accept-Language"
    assert page.headers["Content-Language"] == "ar"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers.getlist("Content-Security-Policy") == [
        browser.get("/en/").headers["Content-Security-Policy"]
    ]
    assert "/ar/search" in Links(page.get_data(as_text=True)).leads
    assert (head.status_code, head.content_type, head.data) == (404, page.content_type, b"")
    for accept in ("application/json", "*/*"):
        answer = browser.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_what_is_not_public_is_not_told_from_what_is_not_there(world: World, browser: FlaskClient) -> None:
    world.make_process("hidden", publish=False)
    world.recommendation("R7", publish=False)
    item = world.item(publish=False)
    for path in ("/en/hidden", "/en/coast/recommendations/R7"):
        there, not_there = (
            browser.get(path),
            browser.get(path.replace("hidden", "hiddex").replace("R7", "R8")),
        )
        assert there.status_code == not_there.status_code == 404
        assert len(there.data) == len(not_there.data)
    assert browser.get(f"/en/coast/evidence/{item}").status_code == 404


@pytest.mark.parametrize(
    ("accept", "languages", "to"),
    [
        ("text/html,*/*;q=0.8", "ar-SY,ar;q=0.9,en;q=0.5", "/ar/"),
        ("text/html", "de,fr;q=0.4,en;q=0.3", "/fr/"),
        ("text/html", "de", "/en/"),
        ("text/html", None, "/en/"),
        ("application/json", "ar", "/v1/public"),
        ("*/*", "ar", "/v1/public"),
    ],
)
def test_the_first_address_sends_people_to_their_language_and_programs_to_json(
    world: World, browser: FlaskClient, accept: str, languages: str | None, to: str
) -> None:
    headers = {"Accept": accept} | ({"Accept-Language": languages} if languages else {})
    answer = browser.get("/", headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, to)
    assert answer.headers["Vary"] == "Accept, Accept-Language"
    assert browser.get(to).status_code == 200
    assert browser.get("/ar").headers["Location"] == "/ar/"


def test_a_page_is_built_once_for_each_act_and_language(
    scenes: Scenes, app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = front_of(app)
    first = browser.get("/en/coast")
    assert browser.get("/ar/coast").data != first.data
    assert {"/en/coast", "/ar/coast"} <= set(front.pages._kept)
    with monkeypatch.context() as patch:
        patch.setattr(front, "_inner", None)
        assert browser.get("/en/coast").data == first.data
        tag = {"If-None-Match": first.headers["ETag"]}
        assert browser.get("/en/coast", headers=tag).status_code == 304
    scenes.world.recommendation("R3", title="Open the archive")
    assert "Open the archive" in text_of(browser.get("/en/coast/changes"))
    assert list(front.pages._kept) == ["/en/coast/changes"]


def test_what_strangers_make_up_is_never_kept(scenes: Scenes, app: Flask, browser: FlaskClient) -> None:
    front = front_of(app)
    for path in (
        "/en/coast?x=1",
        "/en/coast?x=2",
        "/en/nobody",
        "/xx/",
        "/en/coast/recommendations?after=zzz",
    ):
        browser.get(path)
    assert len(front.pages) == len(front.rare) == 0
    browser.get("/en/coast?as_of=2025-05-05")
    browser.get("/en/search?q=graves")
    assert (len(front.pages), len(front.rare)) == (0, 2)


def test_what_sites_add_to_a_shared_link_leads_to_the_page_without_it(
    world: World, app: Flask, browser: FlaskClient
) -> None:
    for added in ("utm_source=x&utm_medium=y", "fbclid=1&_=2", "mc_eid=%E2%80%AE"):
        answer = browser.get(f"/en/coast?{added}&as_of=2025-04-01", headers={"Host": "evil.example"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/en/coast?as_of=2025-04-01")
        assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get("/en/coast?as_off=2025-04-01").status_code == 422  # a slip of the pen is said
    assert len(front_of(app).pages) == 0


def test_a_style_sheet_is_kept_for_good_under_its_digest_alone(world: World, browser: FlaskClient) -> None:
    [sheet] = Links(browser.get("/en/").get_data(as_text=True)).fetches
    answer = browser.get(sheet)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == "text/css; charset=utf-8"
    assert browser.get(sheet.replace("/static/", "/static/0")).status_code == 404
    [font] = re.findall(r'url\("\.\./([^"]+)"\)', answer.get_data(as_text=True))
    assert browser.get(f"/static/{font}").content_type == "font/woff2"


def test_filters_narrow_the_list_and_each_can_be_taken_away(
    scenes: Scenes, browser: FlaskClient, clock: Clock
) -> None:
    page = "/en/coast/recommendations"
    assert "Vet the forces" in text_of(browser.get(page))
    assert "Mark the graves" in text_of(browser.get(page))
    narrowed = browser.get(f"{page}?assessor=watchdog&state=underway&only=disputed&type=")
    said = text_of(narrowed)
    assert "1 recommendation · judged by Watchdog · Under way · disputed" in said
    assert "Vet the forces" in said
    assert "Mark the graves" not in said
    leads = Links(narrowed.get_data(as_text=True)).leads
    assert f"{page}?state=underway&only=disputed" in leads
    assert text_of(browser.get(f"{page}?assessor=watchdog&state=stalled")).count("Vet the forces") == 0
    assert "Vet the forces" in text_of(browser.get(f"{page}?state=stalled"))
    assert "Mark the graves" in text_of(browser.get(f"{page}?after=R1"))
    assert "Vet the forces" not in text_of(browser.get(f"{page}?after=R1"))
    clock.move(minutes=5)
    scenes.world.answer(scenes.burial, "implementation", "not_started")
    changed = text_of(browser.get(f"{page}?sort=changed"))
    assert changed.index("Mark the graves") < changed.index("Vet the forces")


def test_a_recommendation_shows_every_verdict_side_by_side_the_lead_first(
    scenes: Scenes, browser: FlaskClient
) -> None:
    said = text_of(browser.get("/en/coast/recommendations/R1"))
    judged = said[said.index("Has it been done?") : said.index("What did the addressees say?")]
    assert judged.index("Desk") < judged.index("Watchdog")
    assert "They disagree" in judged
    assert "Supports: A report" in judged
    assert "Rests on evidence: Supported" in judged
    page = browser.get("/en/coast/recommendations/R1").get_data(as_text=True)
    assert f'lang="ar" dir="rtl"><p>{ARABIC}</p>' in page
    assert "Arabic · translation · The desk" in said
    assert ARABIC in text_of(browser.get("/ar/coast/recommendations"))


def test_evidence_warns_before_its_file_and_says_what_rests_on_it_and_what_nobody_knows(
    world: World, browser: FlaskClient
) -> None:
    scenes = Scenes(world, content_warnings=["graphic"])
    said = text_of(browser.get(f"/en/coast/evidence/{scenes.item}"))
    assert said.index("Before you look: Graphic") < said.index("How it was checked")
    rests = said[said.index("What it supports") :]
    assert "Vet the forces" in rests
    assert "When what it shows happened." in said[said.index("What we do not know") :]


def test_disagreements_and_search_lead_to_what_they_name(scenes: Scenes, browser: FlaskClient) -> None:
    said = text_of(browser.get("/en/coast/disagreements"))
    assert "R1 Vet the forces" in said
    assert "Stalled" in said
    assert "Under way" in said
    assert "Mark the graves" not in said
    found = browser.get("/en/search?q=graves")
    assert "/en/coast/recommendations/R2" in Links(found.get_data(as_text=True)).leads
    assert "Nothing that is public has all of these words." in text_of(browser.get("/en/search?q=zzz"))


def test_a_date_is_counted_day_by_day_and_says_what_moved_it(scenes: Scenes, browser: FlaskClient) -> None:
    said = text_of(browser.get(f"/en/coast/deadlines/{scenes.due}"))
    told = browser.get(f"/v1/public/deadlines/{scenes.due}").get_json()
    assert told["reckoning"]["sentence"] in said  # a page and the interface say the same
    assert "Monday 10 March 2025Tuesday 8 April 2025days 1 to 30" in said
    assert "93 days later than first set" in said
    assert "Came on 13 July 2025, 3 days late" in said
    arabic = text_of(browser.get(f"/ar/coast/deadlines/{scenes.due}"))
    assert "مستحق في الثلاثاء، 8 أبريل 2025: «30 يوماً» من الأحد، 9 مارس 2025" in arabic
    world = scenes.world
    days = text_of(browser.get(f"/en/coast/deadlines/{world.deadline(rule='100 working days')}"))
    assert "not counted: weekend (Friday)" in days
    assert "rows are left out here." not in days
    many = text_of(browser.get(f"/fr/coast/deadlines/{world.deadline(rule='300 working days')}"))
    assert "lignes sont omises ici." in many


def test_a_report_says_whether_all_that_it_asks_for_is_followed(scenes: Scenes, browser: FlaskClient) -> None:
    reasons = [{"number": "7", "reason": "It is addressed to nobody."}]
    scenes.world.report("full", published=date(2025, 8, 1), recommendations_printed=3, out_of_scope=reasons)
    said = text_of(browser.get("/en/coast/reports/full"))
    assert (
        "Recommendations in it, by its own count3 Followed here0 Left out, with a reason1 Missing here2"
        in said
    )
    assert "7: It is addressed to nobody." in said
    assert "Published1 August 2025" in said
    assert "Vet the forces" in text_of(browser.get("/en/coast/reports/final"))


def test_numbers_over_time_stand_side_by_side_and_say_what_cannot_be(
    scenes: Scenes, browser: FlaskClient
) -> None:
    page = browser.get("/en/coast/indicators/trials")
    said = text_of(page)
    assert "1 May 2025The courtall563" in said
    assert "18 November 2025The court" in said
    assert "These numbers cannot all be right: “Charged” cannot be fewer than: Brought to trial." in said
    assert "at least 563" in said
    assert page.get_data(as_text=True).count('class="mark"') == 4 + 3  # and once for each stage in the legend
    assert "Trials" in text_of(browser.get("/en/coast/indicators"))
    assert "Trials" in text_of(browser.get("/en/coast/recommendations/R1"))


def test_themes_count_recommendations_and_lead_to_them(scenes: Scenes, browser: FlaskClient) -> None:
    page = browser.get("/fr/coast/themes")
    assert "Paix, justice et institutions efficaces" in text_of(page)
    [link] = [one for one in Links(page.get_data(as_text=True)).leads if "theme=" in one]
    found = text_of(browser.get(link))
    assert "Vet the forces" in found
    assert "Mark the graves" not in found


def test_what_is_asked_for_again_names_what_was_asked_before(scenes: Scenes, browser: FlaskClient) -> None:
    said = text_of(browser.get("/en/coast/recurrence"))
    assert "R2 Mark the graves" in said
    assert "asked before: Vet the forces Stalled" in said
    assert "It was asked for before Vet" not in text_of(browser.get("/en/coast/recommendations/R1"))
    assert "asked before: Vet the forces" in text_of(browser.get("/en/coast/recommendations/R2"))


def test_an_act_has_a_page_that_says_who_says_what_and_where_it_stands_in_the_log(
    scenes: Scenes, browser: FlaskClient
) -> None:
    acts = browser.get("/v1/public/changes?limit=200").get_json()["items"]
    [act] = [one for one in acts if one.get("change", {}).get("to") == "underway"]
    said = text_of(browser.get(f"/en/acts/{act['id']}"))
    assert "Watchdog: Vet the forces is now under way" in said
    assert "Supports: A report" in said
    index = browser.get(f"/v1/public/events/{act['id']}").get_json()["log"]["index"]
    assert f"This act is entry {index} of the log." in said
    assert f"/en/acts/{act['id']}" in Links(browser.get("/en/coast/changes").get_data(as_text=True)).leads


def test_a_page_stands_when_nothing_is_public(app: Flask, session: object, browser: FlaskClient) -> None:
    assert "Nothing is public here yet." in text_of(browser.get("/en/"))
    assert "This log has not been signed yet." in text_of(browser.get("/en/verify"))


def test_days_go_on_without_an_act(scenes: Scenes, browser: FlaskClient, clock: Clock) -> None:
    assert "498 days later" in text_of(browser.get("/en/coast"))
    clock.move(days=2)
    assert "500 days later" in text_of(browser.get("/en/coast"))


def test_an_accident_is_a_page_too_and_is_logged_without_its_text(
    world: World, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fall(*_given: object) -> None:
        raise ValueError("a secret of the desk")

    monkeypatch.setattr("tracker.web.public.processes.read_process", fall)
    answer = browser.get("/fr/coast")
    assert (answer.status_code, answer.content_type) == (500, "text/html; charset=utf-8")
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["request"] in text_of(answer)
    assert "secret" not in line + text_of(answer)


def test_a_database_that_is_away_is_told_from_an_accident(
    world: World, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(*_given: object) -> None:
        raise Busy("too many", wait=2)

    monkeypatch.setattr("tracker.web.public.processes.read_process", wait)
    answer = browser.get("/en/coast")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Too many people read at the same time." in text_of(answer)


def test_changes_are_told_a_page_at_a_time_and_as_of_a_day(
    scenes: Scenes, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.public.changes.PAGE", 3)
    path, told = "/en/coast/changes", []
    while path:
        answer = browser.get(path)
        told.append(text_of(answer).count("was published") + text_of(answer).count("Because it is so."))
        following = re.search(r'rel="next" href="([^"]+)"', answer.get_data(as_text=True))
        path = following[1] if following else ""
    assert len(told) > 4
    then = text_of(browser.get("/en/coast/changes?as_of=2025-08-10"))
    assert "Stalled" in then
    assert "Under way" not in then


def test_every_page_is_shown_on_both_databases_now_and_as_of_a_day(stored: Flask, record: World) -> None:
    scenes = Scenes(record)
    browser = PlainClient(stored, stored.response_class)
    for path in list_examples(scenes.world.session, "ar"):
        assert browser.get(path).status_code == 200, path
        if not path.startswith(("/ar/verify", "/ar/about/", "/ar/acts/")):
            assert browser.get(f"{path}?as_of=2026-11-23").status_code == 200, path


def test_a_verdict_says_where_it_rests_on_evidence_that_nobody_is_shown(
    scenes: Scenes, browser: FlaskClient
) -> None:
    world = scenes.world
    subject = world.recommendation("R3", title="Open the files")
    hidden = world.item(publish=False, protection="confidential")
    world.answer(subject, "implementation", "underway", cites=(hidden,))
    said = text_of(browser.get("/en/coast/recommendations/R3"))
    assert "It also rests on evidence that cannot be shown." in said
    assert "A report" not in said
