"""Many things at once at the desk: rows are pasted or come as a file, what would become of each is shown, and they are
recorded as they were seen, all or none.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.desk.people import Browser
from tests.world import World
from tracker.store.database import db
from tracker.store.kept_forms import KEPT_FORMS
from tracker.store.recommendations import Recommendation

HEAD = "reference,title,text,language,type,issuer,issued_on\n"
ROWS = (
    HEAD
    + "R1,Vet all,Vet all officers.,en,vetting,watchdog,2025-03-09\nR2,Pay,Pay the families.,en,{type},watchdog,2025\n"
)


@pytest.fixture
def editor(app: Flask, world: World) -> Browser:
    return Browser(app).enter(world, world.editor)


def send(browser: Browser, world: World, **typed: Any) -> TestResponse:
    return browser.send_in_parts("/import", {"kind": "recommendation", "process": world.process, **typed})


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unmark(page[page.index("<main") :])).split())


def unmark(page: str) -> str:
    """A page without what keeps values apart."""
    return re.sub("</?bdi>", "", page)


def count() -> int:
    db.session.rollback()
    return db.session.query(Recommendation).count()


def test_what_would_become_of_each_row_is_shown_and_then_recorded(
    app: Flask, editor: Browser, world: World
) -> None:
    world.recommendation("R1", title="Vet some", text="Vet all officers.")
    sent = send(editor, world, text=ROWS.format(type="reparation"), propose="on", reason="Misprinted.")
    page = sent.headers["Location"]
    shown = editor.read(page).text
    assert "1 row is new" in words(shown)
    assert "Title: Vet some Vet all" in words(shown)
    assert count() == 1, "looking records nothing"
    kept = page.rpartition("=")[2]
    assert page in editor.read("/").text, "it waits among what one kept"
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown))
    assert hidden[".kept"] == kept
    done = editor.post("/import/dry-run", hidden)
    assert "1 row was recorded" in words(done.text)
    assert count() == 2
    batch = re.search(r"/decide/(prp_\w+)\">Another person", done.text)
    assert batch is not None
    again = editor.post("/import/dry-run", hidden)
    assert again.headers["Location"] == f"/en/desk/decide/{batch[1]}?done=dry_run", "a second click"
    assert db.session.execute(KEPT_FORMS.select()).all() == []
    approver = Browser(app).enter(world, world.approver)
    assert f"/decide/{batch[1]}" in approver.read("/proposals").text
    assert approver.send(f"/decide/{batch[1]}", {"decision": "approve"}).status_code == 303
    undo = f"/decide/{batch[1]}/undo"
    assert undo in editor.read(f"/decide/{batch[1]}").text
    assert editor.send(undo, {"reason": "The list was an older one."}).status_code == 303


def test_a_file_is_read_by_its_name_and_its_faults_are_told_by_column(editor: Browser, world: World) -> None:
    raw = ROWS.format(type="nonsense").replace("reference", "Nr").encode("utf-16")
    file = [(raw, "القائمة.csv")]
    unknown = {"constants": "issuer=The new office", "new_organizations": "issuer: authority"}
    without = HEAD.replace(",issuer", "") + "R7,T,T.,en,vetting,2025\n"
    made = editor.read(send(editor, world, text=without, **unknown).headers["Location"]).text
    assert "Organizations that nobody knew: The new office" in words(made)
    refused = send(editor, world, **{".file": file, "columns": "Number=reference"})
    assert (refused.status_code, "there is no column &#39;Number&#39;" in unmark(refused.text)) == (422, True)
    assert 'id="field-columns-fault-1"' in refused.text
    page = send(editor, world, **{".file": [(raw, "a.csv")], "columns": "Nr=reference"}).headers["Location"]
    shown = editor.read(page).text
    assert "1 row is refused" in words(shown)
    assert '<b dir="auto">type</b>: must be one of' in shown
    assert "Record all of it" not in shown
    hidden = {**editor.fields("/import"), ".kept": page.rpartition("=")[2], "seen": "0"}
    assert editor.post("/import/dry-run", hidden).status_code == 422
    assert count() == 0


def test_what_no_column_says_is_told_with_where_to_say_it(editor: Browser, world: World) -> None:
    text = "reference,title,text,type,issuer,issued_on\nR7,T,T.,vetting,watchdog,2025\n"
    shown = words(editor.read(send(editor, world, text=text).headers["Location"]).text)
    remedy = "where no column says it, “What all rows say” language=… says it of all rows"
    assert f"language : is required; {remedy}" in shown


def test_what_is_too_much_or_nothing_is_refused_with_a_remedy(editor: Browser, world: World) -> None:
    many = HEAD + "".join(f"R{number},T,T.,en,vetting,watchdog,2025\n" for number in range(10_000))
    refused = send(editor, world, text=many)
    assert refused.status_code == 422
    assert "holds 10000 rows; 1 to 1000 are imported at once: divide them" in unmark(refused.text)
    assert "R9999,T" in refused.text, "what was pasted stays"
    both = send(editor, world, text=HEAD, **{".file": [(b"x", "a.csv")]})
    assert "one of the two" in both.text
    large = send(editor, world, **{".file": [(b"x" * 1_000_001, "a.csv")]})
    assert large.status_code == 413
    typed = {"kind": "recommendation", ".file": [(b"x", "a.csv")]}
    foreign = editor.send_in_parts("/import", typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


def test_a_fault_shows_what_stands_in_the_cell(editor: Browser, world: World) -> None:
    text = HEAD + "R7,T,T.,en,vetting,watchdog,31.12.20\n"
    shown = words(editor.read(send(editor, world, text=text).headers["Location"]).text)
    assert "issued_on : has a year of two digits" in shown
    assert "(here: &#39;31.12.20&#39;)" in shown


def test_what_is_wrong_with_a_file_is_said_in_the_words_of_the_form(
    app: Flask, editor: Browser, world: World
) -> None:
    raw = (HEAD + "R7,وزارة العدل,T.,ar,vetting,watchdog,2025\n").encode("windows-1256")
    refused = send(editor, world, **{".file": [(raw, "a.csv")]}).text
    assert "If so, add “Encoding” and the one that is right" in refused
    arabic = Browser(app, "ar")
    arabic.client = editor.client
    told = send(arabic, world, **{".file": [(raw, "a.csv")]}).text
    assert "إن كان كذلك فأضف «الترميز» والترميز الصحيح" in told
    assert '<p class="fault" id="field-file-fault-1">' in told
    named = {".file": [(raw.decode("windows-1256").encode(), "a.csv")], "encoding": "windows-1256"}
    assert "leave “Encoding” out" in send(editor, world, **named).text
    titled = send(
        editor, world, text="A list\n\n" + HEAD + "R7,T,T.,en,vetting,watchdog,2025\n", columns="title=title"
    )
    assert "The names stand in line 3: add “Line with the names of the columns” 3" in unmark(titled.text)


def test_a_file_with_nothing_in_it_is_told_to_be_empty(editor: Browser, world: World) -> None:
    assert "a.csv is empty" in unmark(send(editor, world, **{".file": [(b"", "a.csv")]}).text)
    assert "there is no row in it" in send(editor, world, text=HEAD).text


def test_rows_of_which_the_record_says_otherwise_by_now_are_shown_again(
    editor: Browser, world: World
) -> None:
    page = send(editor, world, text=ROWS.format(type="reparation")).headers["Location"]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', editor.read(page).text))
    world.recommendation("R1", publish=False, title="Vet all", text="Vet none.")
    world.session.rollback()
    stale = editor.post("/import/dry-run", hidden)
    assert stale.status_code == 412
    assert "1 row changes a draft" in words(stale.text)
    assert count() == 1


@pytest.mark.parametrize(
    ("head", "columns"),
    [("a" * 900_000, ""), (",".join(f"c{n}" for n in range(100_000)), "elsewhere=title")],
    ids=["one long name", "many names"],
)
def test_a_refusal_is_short_however_long_the_names_of_columns_are(
    editor: Browser, world: World, head: str, columns: str
) -> None:
    told = send(editor, world, columns=columns, **{".file": [(f"{head}\n1\n".encode(), "a.csv")]})
    assert told.status_code == 422
    assert "This was not done" in told.text
    assert len(told.data) < 30_000


def test_half_a_character_is_refused_and_breaks_no_report(editor: Browser, world: World) -> None:
    lines = b'{"reference": "\\ud800", "title": "\\udfff"}\n'
    sent = send(editor, world, **{".file": [(lines, "a.jsonl")]})
    shown = editor.read(sent.headers["Location"])
    assert shown.status_code == 200
    assert "unpaired surrogate U+DFFF" in unmark(shown.text)
