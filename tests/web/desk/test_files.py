"""Files at the desk: they come with a new item in one form, or are added to it; what is refused leaves no bytes."""

from __future__ import annotations

from flask import Flask

from tests.web.desk.people import Browser
from tests.world import World
from tracker.files.files import place
from tracker.http.context import Context
from tracker.store.custody import EvidenceFile
from tracker.store.evidence import Evidence


def list_stored(app: Flask) -> list[str]:
    known: Context = app.extensions["tracker"]
    assert known.files is not None
    return [one.key for one in known.files.held()]


def test_an_item_comes_with_its_files_all_or_nothing(app: Flask, world: World) -> None:
    watcher = Browser(app).enter(world, world.watcher)
    path = "/records/evidence/new"
    typed = {"process": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    files = [(b"\x89PNG one", "صورة.png"), (b"two", "b.txt")]
    refused = watcher.send_in_parts(path, {**typed, "type": "nonsense", ".file": [(b"x", "x.txt")]})
    assert (refused.status_code, 'value="A clip"' in refused.text) == (422, True)
    same = watcher.send_in_parts(path, {**typed, ".file": [(b"x", "x.txt"), (b"x", "y.txt")]})
    assert (same.status_code, "are the same" in same.text) == (409, True)
    assert list_stored(app) == []
    once = watcher.fields(path)[".once"]
    made = watcher.send_in_parts(path, {**typed, ".file": files}, once=once).headers["Location"]
    again = watcher.send_in_parts(path, {**typed, ".file": files}, once=once)
    assert again.headers["Location"] == made, "a second click"
    world.session.rollback()
    assert (world.session.query(Evidence).count(), world.session.query(EvidenceFile).count()) == (1, 2)
    assert len(list_stored(app)) == 2
    assert "صورة" not in watcher.read(made).text, "what a file was called is sealed"


def test_a_file_is_added_and_a_draft_is_taken_back(app: Flask, world: World) -> None:
    watcher = Browser(app).enter(world, world.watcher)
    typed = {"process": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    thing = watcher.send("/records/evidence/new", typed).headers["Location"].partition("?")[0]
    path = f"/evidence/{thing.rpartition('/')[2]}/files"
    assert f'href="/en/desk{path}"' in watcher.read(thing).text
    assert watcher.send_in_parts(path, {}).status_code == 422, "no file was chosen"
    assert watcher.send_in_parts(path, {".file": [(b"one", "a.txt")]}).status_code == 303
    world.session.rollback()
    assert world.session.query(EvidenceFile).count() == 1
    back = path.replace("/files", "/retraction")
    assert watcher.send(back, {"reason": ""}).status_code == 422
    assert watcher.send(back, {"reason": "It shows another village."}).status_code == 303
    refused = watcher.send_in_parts(path, {".file": [(b"two", "b.txt")]})
    assert refused.status_code == 409
    assert len(list_stored(app)) == 1
    stranger = Browser(app).enter(world, world.person("other", "watchdog", organization=world.press))
    assert stranger.read(path).status_code == 404


def test_a_file_whose_bytes_were_changed_is_not_sent_to_its_end(app: Flask, world: World) -> None:
    watcher = Browser(app).enter(world, world.watcher)
    typed = {"process": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    thing = watcher.send("/records/evidence/new", typed).headers["Location"].partition("?")[0]
    item = thing.rpartition("/")[2]
    assert watcher.send_in_parts(f"/evidence/{item}/files", {".file": [(b"one", "a.txt")]}).status_code == 303
    world.session.rollback()
    [file] = world.session.query(EvidenceFile)
    path = f"/evidence/{item}/files/{file.id}"
    assert watcher.send(path, {}).data == b"one"
    store = app.extensions["tracker"].files
    (store._root / place(file.key)).write_bytes(b"eno")
    assert watcher.send(path, {}).data == b""


def test_what_is_wrong_with_a_file_is_said_beside_its_field(app: Flask, world: World) -> None:
    watcher = Browser(app).enter(world, world.watcher)
    typed = {"process": world.process, "title": "A clip", "type": "video", "acquired_from": "own_staff"}
    known = app.extensions["tracker"].settings
    object.__setattr__(known, "files_limit", 3)
    refused = watcher.send_in_parts("/records/evidence/new", {**typed, ".file": [(b"four", "a.txt")]})
    assert refused.status_code == 413
    assert '<a href="#field-file">Files</a>: ' in refused.text
    fault = '<p class="fault" id="field-file-fault-1">'
    assert fault in refused.text
    assert 'aria-describedby="field-file-hint field-file-fault-1 "' in refused.text
    assert 'value="A clip"' in refused.text
    thing = watcher.send("/records/evidence/new", typed).headers["Location"].partition("?")[0]
    assert fault in watcher.send_in_parts(f"/evidence/{thing.rpartition('/')[2]}/files", {}).text
