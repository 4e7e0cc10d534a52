"""Recommendations pasted many at once: by the import, as drafts, with their numbers where each has one."""

from __future__ import annotations

from flask import Flask

from tests.web.desk.people import Browser
from tests.web.desk.test_imports import count, unmark, words
from tests.world import World
from tracker.store.database import db
from tracker.store.recommendations import Recommendation
from tracker.web.desk.pasted import make_table


def test_what_is_pasted_is_shown_and_recorded_as_drafts(app: Flask, world: World) -> None:
    editor = Browser(app).enter(world, world.editor)
    typed = {
        "process": world.process,
        "text": "1. Vet <all> officers.\r\n12(a) Pay the families;\r\n",
        "issuer": "watchdog",
        "issued_on": "2025-07",
        "language": "en",
        "type": "vetting",
        "addressees": "Ministry\ngovernment",
    }
    path = "/records/recommendations/many"
    wrong = editor.send(path, {**typed, "addressees": "nobody"})
    assert (wrong.status_code, "Pay the families;" in wrong.text) == (422, True)
    page = editor.send(path, typed).headers["Location"]
    assert "2 rows are new" in words(editor.read(page).text)
    assert count() == 0
    assert editor.send(page, {}).status_code == 200
    assert count() == 2
    rows = db.session.query(Recommendation).order_by(Recommendation.printed_number).all()
    assert [(one.printed_number, one.text, one.publication) for one in rows] == [
        ("1", "Vet <all> officers.", "draft"),
        ("12(a)", "Pay the families;", "draft"),
    ]
    assert {one.organization_id for one in rows[0].addressees} == {world.ministry, world.government}
    again = editor.send(path, typed).headers["Location"]
    assert "2 rows say what is recorded" in words(editor.read(again).text)
    many = editor.send(path, {**typed, "text": "One more.\n" * 10_000})
    assert (many.status_code, "1 to 1000 are imported at once" in unmark(many.text)) == (422, True)


def test_a_number_is_taken_where_each_has_one_and_lines_belong_together_between_empty_ones() -> None:
    pasted = {
        "Vet all.\n\nPay, and\npay soon.\n": 'title,text\r\nVet all.,Vet all.\r\n"Pay, and","Pay, and\npay soon."\r\n',
        "1. Vet.\nPay.": "title,text\r\n1. Vet.,1. Vet.\r\nPay.,Pay.\r\n",
        "١٢- افحصوا الجميع": "printed_number,title,text\r\n١٢,افحصوا الجميع,افحصوا الجميع\r\n",
        "84/12: Vet =1+1": "printed_number,title,text\r\n84/12,Vet =1+1,Vet =1+1\r\n",
    }
    for text, table in pasted.items():
        assert make_table(text) == table, text
