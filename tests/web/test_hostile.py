"""Texts that want to be markup stay texts, wherever a page shows them: every tag and attribute of a page is ours."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser

from flask.testing import FlaskClient

from tests.web.addresses import list_examples, list_pages
from tests.world import World
from tracker.actions import statuses

EVIL = "</title></p><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 1337 * 1337 }}%(name)s%s"
LINK = "https://evil.example/?q=%22onmouseover=alert(1)&x='><script>"


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and all that it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in given}))

    def handle_data(self, data: str) -> None:
        self.said += data


class Hostile:
    """A world in which every text that a page may show is hostile."""

    def __init__(self, world: World) -> None:
        self.world = world
        words = {"title": EVIL, "description": EVIL, "source_url": LINK, "archived_url": LINK, "rights": EVIL}
        organization = world.organization(
            "evil", "watchdog", name=EVIL, website=LINK, aliases=[{"name": EVIL, "language": "ar"}],
            former_names=[{"name": f"{EVIL} before", "from_on": None, "to_on": "2020-01-01"}],
        )  # fmt: skip
        counted = {
            "figure": "counted",
            "of": EVIL,
            "amount": Decimal(3),
            "unit": EVIL,
            "as_of": "2025-04-09",
            "source": EVIL,
        }
        self.process = world.make_process(
            "hostile", title=EVIL, summary=EVIL, place=EVIL, country="SY", figures=[counted]
        )
        world.process = self.process
        world.committee = world.make_committee(
            "evil-inquiry",
            name=EVIL,
            names={"ar": EVIL},
            instrument=EVIL,
            note=EVIL,
            appointed_by_id=organization,
        )
        self._fill_committee()
        self.item = world.item(**words, publisher_id=organization, licence=EVIL, content_warnings=["graphic"])
        self.asked = world.recommendation(
            "E1", title=EVIL, text=EVIL, note=EVIL, printed_number="1(<b>)", issuer_id=organization,
            addressees=[{"organization_id": organization}],
            translations=[{"language": "ar", "title": EVIL, "text": EVIL, "translator": EVIL}],
            tags=[{"scheme": "evil", "code": "evil-script", "label": EVIL}],
        )  # fmt: skip
        world.recommendation("E2", title=EVIL, repeats=[self.asked])
        for track, state, by in (
            ("implementation", "stalled", None),
            ("implementation", "underway", world.watchdog),
        ):
            citations = [{"evidence": self.item, "stance": "supports", "locator": EVIL}]
            more = {} if by is None else {"assessor": by}
            change = world.propose(self.asked, track, state, reason=EVIL, citations=citations, **more)
            with world.act(world.approver) as act:
                statuses.approve_status_change(act, change.id)

    def _fill_committee(self) -> None:
        world = self.world
        due = world.deadline(title=EVIL, instrument=EVIL, note=EVIL, readings=[_reading("a"), _reading("b")])
        world.answer(due, "outcome", "missed", reason=EVIL)
        world.answer(world.committee, "adequacy.time", "not_met", reason=EVIL)
        world.report(
            "evil-report", title=EVIL, note=EVIL, claims=[{"date": "2025-04-09", "event": EVIL, "says": EVIL}],
            out_of_scope=[{"number": "7", "reason": EVIL}],
        )  # fmt: skip
        counted = {"figure": "counted", "stage": "opened", "as_of": "2025-04-09", "of": EVIL, "source": EVIL}
        world.indicator(
            "evil-trials", title=EVIL, scope=EVIL, criteria=EVIL, note=EVIL,
            figures=[{**counted, "amount": Decimal(9)}, {**counted, "stage": "tried", "amount": Decimal(99)}],
        )  # fmt: skip
        world.resource(world.committee, title=EVIL, note=EVIL)


def _reading(more: str) -> dict[str, str]:
    return {"due_on": "2025-04-09", "says": f"{EVIL} {more}", "note": EVIL}


#: What pages are made of. A tag or an attribute that is not here was brought by a text.
TAGS = """
    html head meta title link body a header nav ul ol li main footer p h1 h2 h3 h4 bdi span time form label input
    select option button section div table caption thead tbody tr th td dl dt dd small strong b blockquote svg rect line
    circle path text defs pattern pre code
"""
ATTRIBUTES = """
    lang dir charset name content rel href hreflang title class id tabindex aria-label aria-labelledby aria-current
    aria-hidden role action method for type value selected required maxlength scope datetime download viewbox width
    height x y x1 x2 y1 y2 cx cy r d fill transform patternunits patterntransform text-anchor
    colspan checked
"""


def test_no_text_brings_a_tag_an_attribute_or_an_address_of_its_own(
    hostile: Hostile, browser: FlaskClient
) -> None:
    shown = 0
    paths = [*list_pages(hostile.world.session, "en"), *list_examples(hostile.world.session, "ar")]
    for path in (
        *paths,
        "/en/search?q=alert",
        f"/en/search?q={EVIL.replace('%', '%25').replace('&', '%26')[:150]}",
    ):
        answer = browser.get(path)
        page = Tags(answer.get_data(as_text=True))
        assert {tag for tag, _given in page.found} <= set(TAGS.split()), path
        assert {name for _tag, given in page.found for name in given} <= set(ATTRIBUTES.split()), path
        for tag, given in page.found:
            address = given.get("href", "") + given.get("action", "")
            assert address == LINK or not address.startswith(("javascript:", "data:", "//")), path
            if address == LINK:
                assert (tag, given["rel"]) == ("a", "noopener noreferrer nofollow")
        assert "1787569" not in page.said, path  # a template in a text is not run
        shown += page.said.count("<script>alert(1)</script>")
    assert shown > 100  # it was there, as a text
    assert "What was counted, and by whom" in Tags(browser.get("/en/hostile").get_data(as_text=True)).said


def test_names_of_parameters_and_values_are_said_as_text(hostile: Hostile, browser: FlaskClient) -> None:
    for path in (
        "/en/hostile?<script>=1",
        "/en/hostile?as_of=<script>",
        "/en/<script>",
        "/en/hostile/evidence/<b>",
    ):
        answer = browser.get(path)
        assert answer.status_code in (404, 422)
        assert b"<script>" not in answer.data
        assert b"<b>" not in answer.data
