"""A tip changes no byte that anybody reads who is not a custodian of its process."""

from __future__ import annotations

from flask import Flask

from tests.actions.tips import SEALER, add, make_file, open_box, send
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import keys, people, tips
from tracker.actions.people import OPERATOR
from tracker.api.http.endpoint import ENDPOINTS
from tracker.domain.people import PUBLIC

SCREENS = ("/", "/queue", "/records/evidence", "/records/processes")


def test_a_tip_changes_nothing_that_the_public_or_another_desk_reads(app: Flask, world: World) -> None:
    keeper = world.person("keeper", "custodian")
    elsewhere = world.make_process("north")
    with world.act(OPERATOR) as act:
        limited = people.add_person(act, "other", ("custodian", "editor"), None, [elsewhere]).actor
        world.keys["other"] = keys.issue_key(act, "other")[1]
    open_box(world, keeper)
    watched = [Browser(app).enter(world, who) for who in (world.editor, world.approver, limited)]
    lists = [one for one in ENDPOINTS if one.method == "GET" and not one.parameters]
    client = app.test_client()

    def look() -> list[tuple[str, bytes]]:
        paths = ["/en/", "/ar/coast", "/en/tips", "/en/tips/to/none", "/feeds/coast/status.json"]
        paths += [one.path for one in lists if one.permission == PUBLIC]
        seen = [(path, client.get(path).data) for path in paths]
        for name in ("editor", "other"):
            own = [one.path for one in lists if one.permission != PUBLIC]
            seen += [(f"{name} {path}", client.get(path, headers=world.headers(name)).data) for path in own]
        return seen + [(path, browser.read(path).data) for browser in watched for path in SCREENS]

    before = look()
    tip = send(world, "one", make_file()).id
    add(world, "More.")
    assert look() == before
    with world.act(keeper) as act:
        tips.read_tip(act, tip, SEALER)
        tips.take_over(act, tip, {"title": "What was seen", "type": "statement"}, SEALER)
    assert look() == before
