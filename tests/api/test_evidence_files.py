"""Files of evidence over HTTP: what is handed over is kept as it came or not at all, and read only on record."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.factories import Stage, dump
from tests.files import samples
from tracker.domain.files import StorageFull
from tracker.domain.service_errors import Busy
from tracker.files.folder import Folder
from tracker.sealing.sealer import add_key
from tracker.store.custody import list_files_to_check
from tracker.store.database import db

ITEM = "/v1/evidence/{evidence}"
FILES = f"{ITEM}/files"


def archive(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name.replace("_", "."), content)
    return made.getvalue()


#: What strangers send, as what they send it, and what its first bytes show. None of it is ever opened here.
HOSTILE = {
    "html as a picture": (b"<html><script>alert(1)</script></html>", "image/jpeg", "text/html"),
    "svg with a script": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "image/svg+xml",
        "image/svg+xml",
    ),
    "eicar": (
        rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        "text/plain",
        "text/plain",
    ),
    "polyglot": (b"GIF89a/*<html>*/=1;PK\x03\x04%PDF-1.4", "image/gif", "image/gif"),
    "a picture that is a program": (
        b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
        + archive(A_class=b"\xca\xfe\xba\xbe"),
        "image/gif",
        "image/gif",
    ),
    "a document that is an archive": (
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\ntrailer<<>>\n%%EOF\n"
        + archive(page_html=b"<script>alert(1)</script>"),
        "application/pdf",
        "application/pdf",
    ),
    "a bomb": (archive(zeros=bytes(64 << 20)), "application/zip", "application/zip"),
}


def digest(body: bytes, algorithm: str = "sha-256") -> str:
    found = hashlib.new(algorithm.replace("-", ""), body).digest()
    return f"{algorithm}=:{base64.b64encode(found).decode()}:"


def hand_over(stage: Stage, body: bytes = b"What was seen.", *, query: str = "", **more: Any) -> TestResponse:
    return stage.send(
        "POST", FILES + query, body, content_type=more.pop("content_type", "text/plain"), **more
    )


def download(stage: Stage, file: str, *, by: str = "editor") -> TestResponse:
    link = stage.post(f"{FILES}/{file}/access", None, by=by, status=200)["link"]
    return stage.send("GET", link, by=by)


def kept(stage: Stage) -> list[bytes]:
    """All bytes that lie in the store, unfinished uploads included."""
    root = Path(stage.app.extensions["tracker"].files._root)
    return sorted(path.read_bytes() for path in root.rglob("*") if path.is_file())


def problem(answer: TestResponse) -> str:
    return str(answer.json["type"]).rpartition("/")[2]


def test_what_comes_back_is_what_was_handed_over_byte_for_byte(stage: Stage) -> None:
    body = bytes(range(256)) * 400
    made = hand_over(stage, body, content_type="application/x-nothing").json
    assert (made["sha256"], made["size"]) == (hashlib.sha256(body).hexdigest(), len(body))
    assert (made["declared_type"], made["role"]) == ("application/x-nothing", "evidentiary_copy")
    back = download(stage, made["id"])
    assert back.data == body
    assert back.headers["Repr-Digest"] == digest(body)
    assert stage.get(f"{FILES}/{made['id']}") == made
    assert stage.get(FILES)["items"] == [made]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_kept_as_it_is_and_leaves_to_be_saved_only(stage: Stage, name: str) -> None:
    body, media_type, shown = HOSTILE[name]
    made = hand_over(stage, body, content_type=media_type).json
    assert (made["declared_type"], made["detected_type"], made["size"]) == (media_type, shown, len(body))
    assert len(body) < 100_000
    back = download(stage, made["id"])
    assert back.data == body
    assert back.content_type == "application/octet-stream"
    assert back.headers["Content-Disposition"] == f'attachment; filename="{made["id"]}.bin"'
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert back.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert back.headers["Cache-Control"] == "no-store"


def test_a_file_that_is_not_what_its_digest_says_leaves_nothing(stage: Stage) -> None:
    stage.get("/v1/me")
    before = dump(stage.app)
    for header in ("Content-Digest", "Repr-Digest"):
        for algorithm in ("sha-256", "sha-512"):
            answer = hand_over(stage, b"one", headers={header: digest(b"another", algorithm)})
            assert (answer.status_code, problem(answer)) == (400, "bad-content-digest")
    assert kept(stage) == []
    assert dump(stage.app) == before
    both = {"Content-Digest": digest(b"one"), "Repr-Digest": digest(b"one", "sha-512")}
    assert hand_over(stage, b"one", headers=both).status_code == 201


class Pieces:
    """A body of which nobody knows the length: so many pieces of 64 KB, then the end, or an error of the line.
    ``moves`` is told how many bytes are given, before they are."""

    def __init__(
        self, count: int, *, breaks: bool = False, moves: Callable[[int], None] | None = None
    ) -> None:
        self.left, self.breaks, self.read_so_far = count << 16, breaks, 0
        self.moves = moves or (lambda _size: None)

    def read(self, size: int) -> bytes:
        if self.left == 0:
            if self.breaks:
                raise OSError("connection reset")
            return b""
        size = min(size, self.left)
        self.moves(size)
        self.left -= size
        self.read_so_far += size
        return b"x" * size


def in_pieces(stage: Stage, body: Pieces, headers: dict[str, str]) -> TestResponse:
    environ = {"wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return stage.send("POST", FILES, headers=headers, environ_overrides=environ)


@pytest.fixture
def small(stage: Stage) -> Stage:
    """A tracker that takes files of a megabyte."""
    known = stage.app.extensions["tracker"]
    object.__setattr__(known.settings, "files_limit", 1 << 20)
    return stage


def test_a_body_without_an_end_is_cut_off_at_the_limit_and_leaves_nothing(small: Stage) -> None:
    endless = Pieces(10_000_000)
    answer = in_pieces(small, endless, {"Content-Digest": digest(b"whatever")})
    assert (answer.status_code, problem(answer)) == (413, "file-too-large")
    assert endless.read_so_far < 2 << 20
    assert kept(small) == []


def test_a_body_that_says_it_is_too_long_is_not_read(small: Stage) -> None:
    answer = small.send(
        "POST", FILES, environ_overrides={"wsgi.input": Pieces(0), "CONTENT_LENGTH": str((1 << 20) + 1)}
    )
    assert (answer.status_code, problem(answer)) == (413, "file-too-large")


def test_pieces_are_taken_only_with_a_digest_that_tells_whether_all_of_them_came(stage: Stage) -> None:
    assert problem(in_pieces(stage, Pieces(3), {})) == "length-required"
    body = b"x" * (3 << 16)
    assert in_pieces(stage, Pieces(3), {"Repr-Digest": digest(body)}).status_code == 201
    assert problem(in_pieces(stage, Pieces(2), {"Repr-Digest": digest(body)})) == "bad-content-digest"
    assert kept(stage) == [body]


def test_a_line_that_breaks_off_leaves_nothing(stage: Stage) -> None:
    stage.get("/v1/me")
    before = dump(stage.app)
    answer = in_pieces(stage, Pieces(3, breaks=True), {"Repr-Digest": digest(b"whole")})
    assert (answer.status_code, problem(answer)) == (400, "bad-request")
    cut = stage.send(
        "POST", FILES, environ_overrides={"wsgi.input": io.BytesIO(b"cut"), "CONTENT_LENGTH": "100000"}
    )
    assert cut.status_code == 400
    assert kept(stage) == []
    assert dump(stage.app) == before


class Line:
    """A line that brings so many bytes a second, whatever the clock on the wall says."""

    def __init__(self, stage: Stage, rate: float) -> None:
        self.rate, self.elapsed = rate, 1000.0
        object.__setattr__(stage.app.extensions["tracker"], "monotonic", lambda: self.elapsed)

    def moves(self, size: int) -> None:
        self.elapsed += size / self.rate


def test_a_sender_below_the_floor_is_cut_off_after_a_minute_and_leaves_nothing(stage: Stage) -> None:
    stage.get("/v1/me")
    before = dump(stage.app)
    line = Line(stage, 1000)
    body = Pieces(2, moves=line.moves)
    answer = in_pieces(stage, body, {"Repr-Digest": digest(b"x" * (2 << 16))})
    assert (answer.status_code, problem(answer)) == (408, "too-slow")
    assert 60 <= line.elapsed - 1000 < 62
    assert kept(stage) == []
    assert dump(stage.app) == before


def test_a_sender_just_above_the_floor_is_waited_for(stage: Stage) -> None:
    line = Line(stage, 1100)
    headers = {"Repr-Digest": digest(b"x" * (2 << 16))}
    assert in_pieces(stage, Pieces(2, moves=line.moves), headers).status_code == 201
    assert line.elapsed - 1000 > 60


def test_who_was_fast_at_first_is_not_waited_for_later(stage: Stage) -> None:
    line = Line(stage, 1 << 20)

    def slower(size: int) -> None:
        line.rate = 1 << 20 if body.left > 1 << 16 else 100
        line.moves(size)

    body = Pieces(1000, moves=slower)
    answer = in_pieces(stage, body, {"Repr-Digest": digest(b"x" * (1000 << 16))})
    assert (answer.status_code, problem(answer)) == (408, "too-slow")
    assert kept(stage) == []


def test_a_body_of_json_is_held_to_the_same_floor(stage: Stage) -> None:
    line = Line(stage, 10)
    environ = {
        "wsgi.input": Pieces(1, moves=line.moves),
        "CONTENT_LENGTH": str(1 << 16),
        "CONTENT_TYPE": "application/json",
    }
    answer = stage.send("POST", "/v1/organizations", environ_overrides=environ)
    assert (answer.status_code, problem(answer)) == (408, "too-slow")


def test_a_full_disk_is_said_and_nothing_is_half_recorded(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> Iterator[bytes]:
        raise StorageFull("the disk for files is full")

    stage.get("/v1/me")
    before = dump(stage.app)
    monkeypatch.setattr(Folder, "_write", full)
    answer = hand_over(stage)
    assert (answer.status_code, problem(answer)) == (507, "storage-full")
    assert dump(stage.app) == before


def test_bytes_whose_record_does_not_come_about_are_thrown_away_or_left_to_the_sweep(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:

    hand_over(stage)
    assert problem(hand_over(stage)) == "same-file"
    assert len(kept(stage)) == 1

    def busy(*_arguments: object) -> None:
        raise Busy("the database did not answer in time; nothing was recorded", wait=5)

    monkeypatch.setattr("tracker.actions.custody.add_file", busy)
    assert hand_over(stage, b"other").status_code == 503
    assert len(kept(stage)) == 2  # nobody knows whether the commit came about: `tracker fixity sweep` looks


def test_a_repetition_is_answered_with_the_first_answer_and_kept_once(stage: Stage) -> None:
    once = {"Idempotency-Key": "a"}
    first, again = hand_over(stage, headers=once), hand_over(stage, headers=once)
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert kept(stage) == [b"What was seen."]
    other = hand_over(stage, b"Something else.", headers=once)
    assert problem(other) == "idempotency-key-reused"
    assert len(kept(stage)) == 1


def test_the_same_file_is_recognised_for_one_watchdog_and_never_told_to_another(stage: Stage) -> None:
    world = stage.world
    other = world.organization("other", "watchdog")
    world.person("other", "watchdog", organization=other)
    for who in ("watcher", "other"):
        item = {"process": "{process}", "title": who, "type": "photo", "acquired_from": "own_staff"}
        stage.ids[who] = stage.post("/v1/evidence", item, by=who)["id"]
    said = {
        who: stage.send("POST", f"/v1/evidence/{{{who}}}/files", b"A", by=who, content_type="image/png")
        for who in ("watcher", "other")
    }
    assert [answer.status_code for answer in said.values()] == [201, 201]
    shown = [{**answer.json, "id": "", "evidence": ""} for answer in said.values()]
    assert shown[0] == shown[1]
    assert kept(stage) == [b"A", b"A"]
    again = stage.send("POST", "/v1/evidence/{watcher}/files", b"A", by="watcher", content_type="image/png")
    assert again.status_code == 409
    assert said["watcher"].json["id"] in again.json["detail"]
    assert said["other"].json["id"] not in again.get_data(as_text=True)


@pytest.mark.parametrize("name", ["../../etc/passwd", "تقرير.pdf", "n" * 255])
def test_a_name_is_kept_sealed_and_told_to_a_custodian_on_record(
    stage: Stage, tmp_path: Path, name: str
) -> None:
    add_key(tmp_path / "keys", lambda count: bytes(range(7, 7 + count)))
    object.__setattr__(stage.app.extensions["tracker"].settings, "sealing_keys", tmp_path / "keys")
    stage.world.person("custodian", "custodian")
    made = hand_over(
        stage, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quoted(name)}"}
    ).json
    assert name not in str(dump(stage.app))
    told = {
        who: stage.post(f"{FILES}/{made['id']}/access", None, by=who, status=200)["original_name"]
        for who in ("custodian", "editor")
    }
    assert told == {"custodian": name, "editor": None}


def test_what_is_redacted_leaves_no_bytes_and_no_name_and_its_custody_says_so(stage: Stage) -> None:
    made = hand_over(stage, headers={"Content-Disposition": 'attachment; filename="witness.jpg"'}).json
    link = stage.post(f"{FILES}/{made['id']}/access", None, status=200)["link"]
    assert kept(stage) == [b"What was seen."]
    for who in ("first", "second"):
        stage.world.person(who, "custodian")
        stage.post(
            ITEM.replace("/evidence/", "/subjects/") + "/redaction",
            {"reason": "witness_safety"},
            by=who,
            status=200,
        )
    assert kept(stage) == []
    said = stage.get(f"{FILES}/{made['id']}", by="first")
    assert said["destroyed_at"] is not None
    access = stage.send("POST", f"{FILES}/{made['id']}/access", {}, by="first")
    assert (access.status_code, problem(access)) == (410, "redacted")
    assert stage.send("GET", link).status_code in (403, 404, 410)
    line = stage.get(FILES.replace("/files", "/custody"), by="first")["items"]
    assert [one["type"] for one in line if one["file"] == made["id"]][-1] == "redaction"
    with stage.app.app_context():
        assert list_files_to_check(db.session(), None) == []


def quoted(name: str) -> str:
    return "".join(f"%{byte:02X}" for byte in name.encode())


@pytest.mark.parametrize("name", ["nul%00.jpg", "line%0A.jpg", "", "n" * 256, "n" * 4000])
def test_a_name_that_is_none_is_refused(stage: Stage, name: str) -> None:
    answer = hand_over(stage, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "Content-Disposition"
    assert kept(stage) == []


def test_a_name_is_refused_where_it_could_not_be_sealed(stage: Stage) -> None:
    object.__setattr__(stage.app.extensions["tracker"].settings, "sealing_keys", None)
    answer = hand_over(stage, headers={"Content-Disposition": 'attachment; filename="a.jpg"'})
    assert (answer.status_code, problem(answer)) == (503, "sealing-unavailable")
    assert kept(stage) == []


def test_bytes_are_read_by_a_link_that_is_good_for_one_key_and_ten_minutes(stage: Stage) -> None:
    file = hand_over(stage).json["id"]
    link = stage.post(f"{FILES}/{file}/access", None, status=200)["link"]
    assert stage.send("GET", link).status_code == 200
    assert stage.send("GET", link, by="approver").status_code == 422
    assert stage.send("GET", f"{FILES}/{file}/content?ticket=made-up").status_code == 422
    other = hand_over(stage, b"Another.").json["id"]
    assert stage.send("GET", link.replace(file, other)).status_code == 422
    stage.world.clock.move(minutes=11)  # type: ignore[attr-defined]  # the clock of a test
    assert stage.send("GET", link).status_code == 422


def test_every_step_of_a_file_stands_in_a_line_that_holds_together(stage: Stage) -> None:
    file = hand_over(stage).json
    download(stage, file["id"], by="approver")
    line = stage.pages(f"{ITEM}/custody?limit=2")
    assert [one["type"] for one in line] == [
        "accession",
        "message digest calculation",
        "format identification",
        "access",
    ]
    assert [one["number"] for one in line] == [1, 2, 3, 4]
    assert [one["prev"] for one in line] == [None, *(one["digest"] for one in line[:-1])]
    for one in line:
        told = {name: value for name, value in one.items() if name != "digest"}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == one["digest"]
    assert line[1]["digest_after"] == file["sha256"]
    audited = [row for row in dump(stage.app)["audit_entry"] if "custody." in row]
    assert all(any(one["digest"] in row for row in audited) for one in line)


def test_a_get_writes_nothing(stage: Stage) -> None:
    file = hand_over(stage).json["id"]
    link = stage.post(f"{FILES}/{file}/access", None, status=200)["link"]
    before = dump(stage.app)
    for path in (link, FILES, f"{FILES}/{file}", f"{ITEM}/custody"):
        assert stage.send("GET", path).status_code == 200
    assert dump(stage.app) == before


def test_a_watchdog_does_not_learn_who_of_the_desk_read_its_file(stage: Stage) -> None:
    item = {"process": "{process}", "title": "Own", "type": "photo", "acquired_from": "own_staff"}
    stage.ids["evidence"] = stage.post("/v1/evidence", item, by="watcher")["id"]
    file = hand_over(stage, by="watcher").json["id"]
    download(stage, file, by="editor")
    mine = stage.get(f"{ITEM}/custody", by="watcher")["items"]
    assert (mine[0]["type"], mine[0]["agent"]) == ("accession", stage.world.watchdog)
    assert (mine[-1]["type"], mine[-1]["agent"]) == ("access", "desk")
    line = stage.get(f"{ITEM}/custody")["items"]
    assert [{name: one[name] for name in mine[0]} for one in line] == mine


def test_a_file_of_another_item_is_not_there(stage: Stage) -> None:
    file = hand_over(stage).json["id"]
    stage.ids["evidence"] = stage.world.item()
    assert stage.send("GET", f"{FILES}/{file}").status_code == 404
    assert stage.send("POST", f"{FILES}/{file}/access").status_code == 404


def test_a_withdrawn_item_takes_no_more_files(stage: Stage) -> None:
    stage.withdraw(stage.ids["evidence"])
    assert problem(hand_over(stage)) == "already-done"
    assert kept(stage) == []


def test_a_public_copy_that_carries_more_than_it_shows_is_refused_with_the_list(stage: Stage) -> None:
    answer = hand_over(
        stage,
        samples.image("JPEG", exif=samples.exif()),
        query="?role=public_derivative",
        content_type="image/jpeg",
    )
    assert (answer.status_code, problem(answer)) == (422, "still-carries")
    assert answer.json["missing"]
    video = hand_over(stage, b"\0\0\0\x18ftypmp42", query="?role=public_derivative", content_type="video/mp4")
    assert problem(video) == "not-checkable"
    assert kept(stage) == []


def public_copy(stage: Stage) -> str:
    return str(hand_over(stage, b"Without names.", query="?role=public_derivative").json["id"])


def test_a_copy_becomes_public_when_another_person_has_looked_at_it(stage: Stage) -> None:
    public = "/v1/public/evidence/{evidence}"
    stage.world.person("both", "editor", "approver")
    file = str(hand_over(stage, b"Without names.", query="?role=public_derivative", by="both").json["id"])
    assert stage.send("GET", f"{public}/file", by=None).status_code == 404
    own = stage.send("POST", f"{FILES}/{file}/approval", by="both")
    assert problem(own) == "self-approval"
    stage.post(f"{FILES}/{file}/approval", None, by="approver", status=200)
    assert problem(stage.send("POST", f"{FILES}/{file}/approval", by="approver")) == "already-done"

    said = stage.get(public, by=None)["file"]
    body = b"Without names."
    assert said == {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body), "media_type": "text/plain"}
    back = stage.send("GET", f"{public}/file", by=None)
    assert back.data == body
    assert back.headers["Content-Disposition"].startswith("attachment;")
    assert back.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert back.headers["Repr-Digest"] == digest(body)
    assert file not in str(back.headers)
    kept_one = stage.send("GET", f"{public}/file", by=None, headers={"If-None-Match": back.headers["ETag"]})
    assert kept_one.status_code == 304
    stage.withdraw(stage.ids["evidence"])
    assert stage.send("GET", f"{public}/file", by=None).status_code == 410


def test_the_original_of_a_public_item_is_never_public(stage: Stage) -> None:
    file = hand_over(stage).json["id"]
    assert problem(stage.send("POST", f"{FILES}/{file}/approval", by="approver")) == "already-done"
    assert stage.send("GET", "/v1/public/evidence/{evidence}/file", by=None).status_code == 404
    assert "file" not in stage.get("/v1/public/evidence/{evidence}", by=None)


def test_a_copy_of_a_draft_is_public_when_the_draft_is_published(stage: Stage) -> None:
    stage.ids["evidence"] = stage.world.item(publish=False)
    stage.post(f"{FILES}/{public_copy(stage)}/approval", None, by="approver", status=200)
    assert stage.send("GET", "/v1/public/evidence/{evidence}/file", by=None).status_code == 404
    stage.publish(stage.ids["evidence"])
    assert stage.send("GET", "/v1/public/evidence/{evidence}/file", by=None).data == b"Without names."


def test_bytes_that_are_gone_are_an_alarm_and_said_plainly(stage: Stage) -> None:
    file = hand_over(stage).json["id"]
    store = stage.app.extensions["tracker"].files
    for held in list(store.held()):
        store.delete(held.key)
    answer = download(stage, file)
    assert (answer.status_code, problem(answer)) == (500, "file-missing")


def test_where_no_place_for_files_is_set_it_is_said(stage: Stage) -> None:
    object.__setattr__(stage.app.extensions["tracker"], "files", None)
    assert problem(hand_over(stage)) == "storage-unavailable"


def test_a_file_is_not_added_behind_a_review(stage: Stage) -> None:
    """A review is of the files that were there, and a review that is proposed looks again at what came since."""
    world = stage.world
    body = {"process": "{process}", "title": "T", "type": "photo", "acquired_from": "own_staff"}
    item = stage.ids["evidence"] = stage.post("/v1/evidence", body, by="watcher")["id"]
    assert hand_over(stage, b"as it was seen", by="watcher").status_code == 201
    change = world.propose(item, "verification", "disputed", proposer=world.reviewer).id
    assert hand_over(stage, b"what came meanwhile", by="watcher").status_code == 201
    path, approve = f"/v1/status-changes/{change}/decision", {"decision": "approve"}
    stale = stage.send("POST", path, approve, by="approver")
    assert (stale.status_code, problem(stale)) == (409, "stale-proposal")
    version = stage.get(ITEM)["version"]
    stage.decide(change, versions=[{"id": item, "version": version}])
    late = hand_over(stage, b"what nobody reviewed", by="watcher")
    assert (late.status_code, problem(late)) == (409, "already-done")
    queue = f"/v1/queue?kind=review&process={stage.ids['process']}"
    assert item not in str(stage.get(queue, by="reviewer"))
    stage.world.clock.move(hours=1)  # type: ignore[attr-defined]  # the clock of a test
    assert hand_over(stage, b"notes", query="?role=working_copy").status_code == 201
    assert item not in str(stage.get(queue, by="reviewer"))
    assert hand_over(stage, b"what the desk found behind it").status_code == 201
    assert item in str(stage.get(queue, by="reviewer"))  # the desk has to look again
    again = {"proposer": world.reviewer, "confirms": True}
    stage.decide(world.propose(item, "verification", "disputed", **again).id)
    assert item not in str(stage.get(queue, by="reviewer"))
    stage.decide(world.propose(item, "verification", "in_review", proposer=world.reviewer).id)
    assert hand_over(stage, b"what nobody reviewed", by="watcher").status_code == 201


def test_working_copies_of_the_desk_and_transfers_are_the_desks_business(stage: Stage) -> None:
    world = stage.world
    world.person("keeper", "custodian")
    body = {"process": "{process}", "title": "T", "type": "photo", "acquired_from": "own_staff"}
    stage.ids["evidence"] = stage.post("/v1/evidence", body, by="watcher")["id"]
    own = hand_over(stage, b"ours", query="?role=working_copy", by="watcher").json["id"]
    notes = hand_over(stage, b"DESK NOTES", query="?role=working_copy").json["id"]
    stage.post(f"{ITEM}/package", {"recipient": "court"}, by="keeper", status=200)
    stage.post(f"{FILES}/{notes}/access", None, status=200)
    assert [one["id"] for one in stage.get(FILES, by="watcher")["items"]] == [own]
    assert {one["id"] for one in stage.get(FILES)["items"]} == {own, notes}
    assert stage.send("GET", f"{FILES}/{notes}", by="watcher").status_code == 404
    assert stage.send("POST", f"{FILES}/{notes}/access", None, by="watcher").status_code == 404
    assert hand_over(stage, b"DESK NOTES", query="?role=working_copy", by="watcher").status_code == 201
    line = stage.pages(f"{ITEM}/custody", by="watcher")
    assert {one["type"] for one in line} & {"transfer", "access"} == set()
    assert notes not in str(line)
    assert not any({"number", "prev", "digest"} & one.keys() for one in line)  # a gap would tell
    assert "transfer" in {one["type"] for one in stage.pages(f"{ITEM}/custody")}


def test_the_submitter_does_not_approve_the_public_copy_of_the_own_item(stage: Stage) -> None:
    world = stage.world
    world.person("both", "editor", "approver")
    world.person("colleague", "approver", organization=world.watchdog)
    body = {"process": "{process}", "title": "T", "type": "photo", "acquired_from": "own_staff"}
    for submitter, refused in (("both", "both"), ("watcher", "colleague")):
        stage.ids["evidence"] = stage.post("/v1/evidence", body, by=submitter)["id"]
        made = hand_over(stage, submitter.encode(), query="?role=public_derivative").json["id"]
        [waits] = stage.get("/v1/proposals?kind=public_copy&thing={evidence}", by="approver")["items"]
        assert waits["target"] == made
        answer = stage.send("POST", f"{FILES}/{made}/approval", None, by=refused)
        assert (answer.status_code, problem(answer)) == (409, "self-approval")
        path = f"/v1/proposals/{waits['id']}/decision"
        assert stage.send("POST", path, {"decision": "approve"}, by=refused).status_code == 409
        assert stage.send("POST", path, {"decision": "approve"}, by="approver").status_code == 200
        assert stage.get(f"{FILES}/{made}")["approved_at"] is not None
