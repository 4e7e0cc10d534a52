"""The audit trail in the browser: narrowed by person, act, thing and day; what is sealed is not there."""

from __future__ import annotations

import re

from flask import Flask

from tests.conftest import Clock
from tests.web.desk.people import Browser
from tests.world import World


def rows_of(text: str) -> list[tuple[str, str]]:
    return re.findall(r"<code>([a-z_.]+)</code>.*?<bdi>([^<]+)</bdi>", text)


def test_the_trail_is_narrowed_and_names_what_the_reader_may_know(
    app: Flask, world: World, clock: Clock
) -> None:
    keeper = world.person("keeper", "custodian")
    sealed = world.item(publish=False, state=None, protection="sealed", title="Secret")
    clock.move(days=1)
    recommendation = world.recommendation("R1", publish=False)
    browser = Browser(app).enter(world, keeper)
    shown = browser.read("/audit").text
    assert "Recommendation R1" in shown
    assert "<bdi>editor</bdi>" in shown
    assert sealed not in shown
    assert "Secret" not in shown
    assert rows_of(browser.read(f"/audit?target={recommendation}").text) == [("create", "Recommendation R1")]
    assert ("create", "Recommendation R1") not in rows_of(
        browser.read(f"/audit?person={world.approver.id}").text
    )
    today, before = f"{clock():%Y-%m-%d}", "2026-11-23"
    assert "Recommendation R1" in browser.read(f"/audit?first={today}&last={today}").text
    assert "Recommendation R1" not in browser.read(f"/audit?last={before}").text
    assert "Nothing of this was done." in browser.read("/audit?verb=hold").text
    assert browser.read("/audit?verb=nonsense").status_code == 422


def test_pages_lead_to_older_acts(app: Flask, world: World) -> None:
    keeper = world.person("keeper", "custodian")
    browser = Browser(app).enter(world, keeper)
    for place in range(30):
        world.recommendation(f"R{place}")
    first = browser.read("/audit").text
    older = re.search(r'class="more" href="([^"]+)"', first)
    assert older is not None
    assert len(rows_of(first)) == 50
    assert rows_of(browser.read(older[1].replace("&amp;", "&")).text)
