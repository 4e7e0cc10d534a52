"""Notes of the desk: read by whoever of the desk reads the thing, by nobody else; gone when taken back or redacted."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from tests.api.factories import Stage
from tests.web.desk.people import Browser
from tests.world import World
from tracker.actions import redaction
from tracker.domain import ids
from tracker.store.notes import Note

SAID = {"text": "The clerk\nat the gate was asked twice."}


def test_the_desk_reads_a_note_and_whoever_wrote_it_takes_it_back(stage: Stage) -> None:
    asked = stage.ids["recommendation"]
    path = f"/v1/subjects/{asked}/notes"
    made = stage.post(path, SAID)
    assert (made["text"], made["by"]) == (SAID["text"], stage.world.editor.id)
    assert [one["id"] for one in stage.get(path, by="approver")["items"]] == [made["id"]]
    assert stage.send("GET", path, by="watcher").status_code == 403
    back = f"/v1/notes/{made['id']}/retraction"
    assert stage.send("POST", back, {}, by="approver").status_code == 403
    assert stage.post(back, {}, status=200)["text"] is None
    assert stage.send("POST", back, {}).status_code == 409
    assert stage.get(path)["items"] == []
    nothing = ids.make_id("note", bytes(16))
    assert stage.send("POST", f"/v1/notes/{nothing}/retraction", {}).status_code == 404


def test_notes_on_a_sealed_item_are_for_custodians_and_end_with_it(stage: Stage) -> None:
    world = stage.world
    keepers = [world.person(name, "custodian") for name in ("keeper", "second")]
    item = world.item(publish=False, state=None, protection="confidential")
    path = f"/v1/subjects/{item}/notes"
    note = stage.post(path, SAID)["id"]
    world.protect(item, "sealed")
    assert stage.send("GET", path).status_code == 404
    assert stage.send("POST", f"/v1/notes/{note}/retraction", {}).status_code == 404
    assert len(stage.get(path, by="keeper")["items"]) == 1
    for keeper in keepers:
        with world.act(keeper) as act:
            redaction.redact_thing(act, item, "minor")
    assert world.session.scalar(select(func.count()).select_from(Note)) == 0


def test_a_note_is_written_and_read_on_the_page_of_the_thing(app: Flask, world: World) -> None:
    item = world.item(publish=False, state=None, protection="confidential")
    editor, approver = (Browser(app).enter(world, one) for one in (world.editor, world.approver))
    sent = editor.send(f"/subjects/{item}/note", {"text": "Ask <again>."})
    assert sent.headers["Location"] == f"/en/desk/things/{item}?done=note"
    for page in (f"/things/{item}", f"/evidence/{item}"):
        shown = approver.read(page).text
        assert "Ask &lt;again&gt;." in shown
        assert "<bdi>editor</bdi>" in shown
        assert "/desk/notes/" not in shown
    assert "<bdi>a colleague</bdi>" not in editor.read(f"/things/{item}").text
    note = world.session.scalars(select(Note)).one().id
    assert editor.send(f"/notes/{note}", {}).status_code == 303
    assert "Ask &lt;again&gt;." not in approver.read(f"/things/{item}").text
