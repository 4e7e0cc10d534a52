"""From a decree to the vetting status on the public page, in a real browser: several people go where the links of the
desk lead them and send its forms. Needs TRACKER_TEST_CHROMIUM.

What has no screen is done by acts: the accounts, the registration of the watchdog, the release of its item.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from tests.browser.test_desk import require_usable
from tests.live_server import serve_live
from tests.services import needs_chromium
from tests.web.desk.people import Browser
from tests.world import World
from tracker.domain.people import Actor

pytestmark = needs_chromium
#: More clicks than these from the decree to the status make a day's work longer again.
MOST_CLICKS = 50


class Person:
    """Somebody at the desk with a browser of their own, as after a login. ``clicks`` are those on links and buttons."""

    clicks = 0

    def __init__(self, chromium: Chromium, world: World, app: Flask, site: str, actor: Actor) -> None:
        cookie = Browser(app).enter(world, actor).client.get_cookie("desk")
        world.session.rollback()  # nothing is held while others write
        assert cookie is not None
        context = chromium.new_context()
        context.add_cookies([{"name": "desk", "value": cookie.value, "url": site}])
        self.page: Page = context.new_page()
        self.page.goto(f"{site}/en/desk/")

    def open(self, menu: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=menu, exact=True).click()
        self.clicks += 1

    def follow(self, *links: str) -> None:
        for link in links:
            self.page.get_by_role("main").get_by_role("link", name=link, exact=True).first.click()
            self.clicks += 1

    def choose(self, state: str) -> None:
        label = self.page.get_by_text(state, exact=True)
        self.page.locator(".steps li").filter(has=label).get_by_role("link").first.click()
        self.clicks += 1

    def send(self, button: str, typed: Mapping[str, str | list[str]]) -> str:
        """Fill in a form and send it, which must be taken; the address of the page that follows."""
        for name, value in typed.items():
            field = self.page.locator(f"form.sheet [name='{name}']")
            if isinstance(value, list):
                for code in value:
                    field.and_(self.page.locator(f"[value='{code}']")).check()
            elif field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        self.clicks += 1
        address, _, done = self.page.url.partition("?")
        assert done.startswith("done="), self.page.inner_text("main")
        return address

    def record(self, new: str, typed: Mapping[str, str | list[str]]) -> None:
        self.follow(new)
        self.send("Record it", typed)

    def propose_to_publish(self, why: str) -> str:
        self.follow("Propose to publish it")
        return self.send("Propose to publish", {"reason": why})

    def approve(self, task: str) -> None:
        self.open("Queue")
        self.follow(task)
        self.send("Decide", {"decision": "approve"})


class Steps:
    """How many clicks each step of the story took, of all people together."""

    def __init__(self, *people: Person) -> None:
        self.people, self.taken = list(people), dict[str, int]()

    def end(self, step: str) -> None:
        self.taken[step] = sum(one.clicks for one in self.people) - sum(self.taken.values())


def test_from_the_decree_to_the_vetting_status(app: Flask, world: World, chromium: Chromium) -> None:
    with serve_live(app) as site:
        people = (world.editor, world.reviewer, world.approver, world.watcher)
        editor, reviewer, approver, watchdog = (Person(chromium, world, app, site, actor) for actor in people)
        draft, status = "Decide whether a draft becomes public", "Decide a proposed status"
        steps = Steps(editor, reviewer, approver, watchdog)
        record_decree(editor)
        approver.approve(draft)
        steps.end("the decree, the committee and its date")
        record_recommendation(editor)
        approver.approve(draft)
        steps.end("a recommendation")
        submit_item(watchdog)
        steps.end("an item of evidence")
        reviewer.open("Queue")
        reviewer.follow("Review an item of evidence", "Propose a verification")
        reviewer.choose("Verified")
        reviewer.send("Propose it", {"reason": "The board confirmed it."})
        approver.approve(status)
        reviewer.open("Records")
        reviewer.follow("Evidence", "Officers before the vetting board")
        item = reviewer.propose_to_publish("It is verified.").rpartition("/")[2]
        approver.approve(draft)
        steps.end("its review and publication")
        world.release(item)  # a timer does so, days later
        editor, approver = (Person(chromium, world, app, site, one) for one in (world.editor, world.approver))
        steps.people += [editor, approver]
        editor.open("Records")
        editor.follow("Recommendations", "Vet the security forces")
        editor.follow("Propose a status", "Has it been done?")
        editor.choose("Partly implemented")
        editor.page.select_option("[name='citations/0/evidence']", label="Officers before the vetting board")
        cited = {"citations/0/stance": "supports", "citations/0/locator": "page 2"}
        editor.send("Propose it", {"reason": "The first officers were vetted.", **cited})
        approver.approve(status)
        steps.end("the status")
        require_usable(approver.page)
        require_public(chromium.new_context().new_page(), site)
        for context in chromium.contexts:
            context.close()
    for step, clicks in steps.taken.items():
        print(f"{clicks:3} clicks: {step}")
    assert sum(steps.taken.values()) <= MOST_CLICKS


def record_decree(editor: Person) -> None:
    """The process, its committee and the day by which it reports, which become public together."""
    editor.open("Records")
    process = {
        "slug": "vetting",
        "title": "The vetting of the forces",
        "summary": "The president promised an inquiry.",
        "lead": "desk",
        "calendar/time_zone": "Asia/Damascus",
        "calendar/weekend": ["friday", "saturday"],
    }
    editor.record("Record a process", process)
    committee = {
        "reference": "committee",
        "name": "The committee of inquiry",
        "body_type": "presidential_committee",
        "instrument": "Decree 3",
        "appointed_by": "government",
        "established_on": "2025-03-09",
    }
    editor.record("Record a committee", committee)
    editor.follow("The vetting of the forces")
    day = {
        "owner": "committee",
        "type": "final_report_due",
        "title": "The report to the president",
        "basis": "decree",
        "set_on": "2025-03-09",
        "rule": "30 days",
    }
    editor.record("Record a date", day)
    editor.propose_to_publish("The decree is printed.")


def record_recommendation(editor: Person) -> None:
    editor.follow("The vetting of the forces")
    recommendation = {
        "reference": "R1",
        "issuer": "watchdog",
        "issued_on": "2025-07-20",
        "title": "Vet the security forces",
        "text": "Vet all officers of the security forces.",
        "language": "en",
        "type": "vetting",
        "addressees/0/organization": "government",
    }
    editor.record("Record a recommendation", recommendation)
    editor.propose_to_publish("The report is printed.")


def submit_item(watchdog: Person) -> None:
    watchdog.open("Records")
    watchdog.follow("Submit evidence")
    watchdog.page.select_option("[name=process]", label="The vetting of the forces")
    item = {
        "title": "Officers before the vetting board",
        "type": "document",
        "acquired_from": "own_staff",
        "protection": "public",
    }
    watchdog.send("Record it", item)


def require_public(page: Page, site: str) -> None:
    """What a visitor reads: the committee, the status, and the item that it rests on."""
    page.goto(f"{site}/en/vetting")
    assert "The committee of inquiry" in page.inner_text("main")
    page.goto(f"{site}/en/vetting/recommendations/R1")
    told = page.inner_text("main")
    assert "Partly implemented" in told
    assert "The first officers were vetted." in told
    page.get_by_role("main").get_by_role("link", name="Officers before the vetting board").first.click()
    page.wait_for_url("**/evidence/*")
    assert "Verified" in page.inner_text("main")
