"""A search finds the same on both databases, in the same order, page after page; on the public side it finds what is
public and nothing else, and what is confidential changes no byte of what it answers; of the record it finds drafts too.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from tests.public.assertions import dump, public
from tests.revising import revise_record
from tests.world import World
from tracker.actions import organizations, protection
from tracker.actions.operations import rebuild
from tracker.actions.support import record_search
from tracker.database import full_text
from tracker.domain.search import parse_terms
from tracker.domain.search_entries import make_entry
from tracker.public import search as public_searching
from tracker.public.tables import search as PUBLIC  # noqa: N812  # a constant of ours
from tracker.store.database import core_connection, db
from tracker.store.evidence import Evidence
from tracker.store.record_search import INDEX
from tracker.store.viewer import Viewer


@pytest.fixture
def either(record: World) -> World:
    """The world on either database."""
    return record


def found(world: World, query: str, *, side: str = "public", limit: int = 50, **filters: str) -> list[str]:
    """The ids of what is found, by going from page to page of so many."""
    looked_for, narrowed = parse_terms(query), sorted(filters.items())
    ids: list[str] = []
    after = None
    while True:
        if side == "public":
            hits = public_searching.find_public(
                core_connection(world.session), looked_for, narrowed, after, limit
            )
        else:
            hits = record_search.search_record(
                Viewer(world.session, world.editor), looked_for, narrowed, after, limit
            )
        assert len(hits) <= limit
        ids += [hit.id for hit in hits]
        if len(hits) < limit:
            world.session.rollback()
            return ids
        after = (hits[-1].step, hits[-1].number)


def test_a_name_comes_before_a_text_and_all_words_before_some(either: World) -> None:
    body = either.recommendation("C1", title="Something else", text="Vetting of the army.")
    some = either.recommendation("C2", title="Vetting", text="Of the army.")
    title = either.recommendation("C3", title="Vetting the army", text="No more.")
    either.recommendation("C4", title="Vetting", text="Of the police.")
    assert found(either, "vetting army") == [title, some, body]


def test_the_last_word_is_a_beginning_and_the_others_are_words(either: World) -> None:
    one = either.recommendation("C1", title="Vetting of forces")
    assert found(either, "vett") == [one]
    assert found(either, "vetting forc") == [one]
    assert found(either, "vett forces") == []
    assert found(either, "vett* forces") == [one]


def test_arabic_is_found_however_it_is_written(either: World) -> None:
    one = either.recommendation("C1", title="محاسبة في الساحل", language="ar")
    for query in ("محاسبه ساحل", "المُحاسَبة", "والساحل", "الســاحل"):
        assert found(either, query) == [one], query


#: What sources write, and for each query which of it is found: no more and no less.
CORPUS = (
    "قررت اللجنة زيارة حلب وحماة ودمشق",
    "رفع التقرير للجنة في دمشق",
    "كتاب لوزارة العدل وبمحكمة الجنايات",
    "شهادة الشيخ عبد الكريم أمام القاضي",
    "أفاد عبدالكريم بالتفاصيل",
    "The letter of Abd al-Karim to the court",
    "A statement by Abdelkarim, 1 May",
    "المفقودون كالمعتقلين في السجون",
    "فالعدالة أولا وبالمحاسبة ثانيا",
    "ولد في بيت قديم",
)
EXPECTED: dict[str, set[int]] = {
    "اللجنة": {0, 1},
    "لجنة": {0, 1},
    "للجنة": {0, 1},
    "دمشق": {0, 1},
    "ودمشق": {0},
    "حماه": {0},
    "وزارة العدل": {2},
    "محكمة": {2},
    "المحكمة": {2},
    "عبد الكريم": {3, 4},
    "عبدالكريم": {3, 4},
    "الكريم": {3, 4},
    "Abd al-Karim": {5, 6},
    "Abdelkarim": {5, 6},
    "abd el karim": {5, 6},
    "Abdulkarim": {5, 6},
    "المعتقلين": {7},
    "معتقلين": {7},
    "عدالة": {8},
    "المحاسبة": {8},
    "لد": set(),
    "يت": set(),
}


def test_a_corpus_of_sentences_is_found_by_what_people_type_on_both_sides(either: World) -> None:
    ids = [either.recommendation(f"C{place}", title="x", text=text) for place, text in enumerate(CORPUS)]
    wrong = {
        (side, query): sorted(hits)
        for side in ("public", "record")
        for query, expected in EXPECTED.items()
        if (hits := {ids.index(one) for one in found(either, query, side=side)}) != expected
    }
    assert wrong == {}


def test_french_is_found_without_its_diacritics_and_with_them(either: World) -> None:
    one = either.recommendation("C1", title="L'enquête sur l'épuration", language="fr")
    assert found(either, "ENQUETE") == found(either, "épuration") == found(either, "l'enquête") == [one]


def test_an_alias_in_any_script_finds_its_organization(either: World) -> None:
    aliases = [{"name": "الشبكة السورية", "language": "ar"}, {"name": "Syrien-Netzwerk", "language": "de"}]
    one = either.organization("snhr", "watchdog", aliases=aliases)
    assert found(either, "شبكه سوريه") == found(either, "netzwerk") == found(either, "SNHR") == [one]
    with either.act(either.editor) as act:
        revise_record(act, one, "organization", {"aliases": aliases[:1]}, 2)
    assert found(either, "netzwerk") == found(either, "netzwerk", side="record") == []


TYPED = [
    "O'Brien",
    '"',
    "*",
    "NEAR",
    "NEAR(a b)",
    "a-b",
    "a:b",
    "names:x",
    "AND",
    "OR NOT",
    "(",
    "^a",
    "{filed}",
    "\\",
    "%",
    "'",
    "x'; --",
    "a & b | !c",
    "<->",
    "*a",
    "a**",
    "\u200f\u064b",
]


def test_nothing_that_is_typed_is_an_error(either: World) -> None:
    for query in TYPED:
        for side in ("public", "record"):
            spaced = query.replace("*", " * ")
            assert found(either, query, side=side) == found(either, spaced, side=side), query


def test_an_irish_name_is_found(either: World) -> None:
    one = either.recommendation("C1", title="The O'Brien report")
    assert found(either, "O'Brien") == found(either, '"o\'brien"') == found(either, "o’brien") == [one]


def test_a_search_is_narrowed_by_process_and_by_kind(either: World) -> None:
    elsewhere = either.make_process("north")
    here = either.recommendation("C1", title="Army")
    there = either.recommendation("C1", title="Army", process_id=elsewhere)
    body = either.make_committee("army")
    assert set(found(either, "army")) == {here, there, body}
    assert found(either, "army", process=elsewhere) == [there]
    assert set(found(either, "army", kind="recommendation")) == {here, there}
    assert found(either, "army", kind="recommendation", process=either.process) == [here]
    assert found(either, "army", kind="evidence") == []
    assert found(either, "kindrecommendation") == found(either, f"process{elsewhere}".replace("_", "")) == []
    assert found(either, "north", process=elsewhere) == [elsewhere]


def test_pages_neither_skip_nor_repeat_whatever_comes_in_between(either: World) -> None:
    wanted = {
        either.recommendation(f"C{n}", title="Army" if n % 2 else "X", text="An army.") for n in range(9)
    }
    whole = found(either, "army")
    assert len(whole) == len(wanted) == 9
    assert set(whole) == wanted
    for limit in (1, 2, 5, 9):
        assert found(either, "army", limit=limit) == whole
    hits = public_searching.find_public(core_connection(either.session), parse_terms("army"), [], None, 4)
    either.session.rollback()
    for n in range(9, 14):
        either.recommendation(f"C{n}", title="Army", text="An army.")
    more = public_searching.find_public(
        core_connection(either.session), parse_terms("army"), [], (hits[-1].step, hits[-1].number), 50
    )
    either.session.rollback()
    rest = [hit.id for hit in more]
    assert [one for one in rest if one in wanted] == whole[4:]
    assert not {hit.id for hit in hits} & set(rest)


def test_what_is_withdrawn_or_renamed_is_found_no_more(either: World) -> None:
    one = either.recommendation("C1", title="Army")
    with either.act(either.editor) as act:
        revise_record(act, one, "recommendation", {"title": "Police"}, 2)
    assert found(either, "army") == []
    assert found(either, "police") == [one]
    either.withdraw(one)
    assert found(either, "police") == []
    assert found(either, "police", side="record") == [one]


def test_a_process_that_is_withdrawn_takes_everything_in_it_along(either: World) -> None:
    elsewhere = either.make_process("north")
    either.recommendation("C1", title="Army", process_id=elsewhere)
    either.withdraw(elsewhere)
    assert found(either, "army") == found(either, "north") == []


def test_of_the_record_drafts_and_confidential_things_are_found_and_sealed_ones_are_not(
    either: World,
) -> None:
    draft = either.recommendation("C1", title="Army", publish=False)
    secret = either.item(title="Army", publish=False, protection="confidential", state=None)
    sealed = either.item(title="Army", publish=False, protection="sealed", state=None)
    assert set(found(either, "army", side="record")) == {draft, secret}
    assert found(either, "army") == []
    assert sealed
    with either.act(either.editor) as act:
        protection.seal_evidence(act, either.session.get_one(Evidence, secret))
        act.audit("revise", secret)
    assert set(found(either, "army", side="record")) == {draft}


def test_what_is_undone_is_not_found(either: World) -> None:
    def fail() -> None:
        with either.act(either.editor) as act:
            organizations.create_organization(act, {"slug": "army", "name": "Army", "type": "other"})
            raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError, match="the power went out"):
        fail()
    assert found(either, "army", side="record") == []


def test_a_part_that_is_added_is_found(either: World) -> None:
    either.add(either.committee, "members", name="Judge Jumaa")
    assert found(either, "jumaa") == found(either, "jumaa", side="record") == [either.committee]


def test_what_is_confidential_changes_no_row_and_no_order_of_the_public_index(either: World) -> None:
    for n in range(4):
        either.recommendation(f"C{n}", title="Army", text="Army of the coast.")
    before, order = public(either.session), found(either, "army")
    words = _words(either)
    for n in range(4, 9):
        either.recommendation(f"C{n}", title="Army Army Army", publish=False)
        either.item(title="Army", publish=False, protection="confidential", state=None)
    assert (public(either.session), found(either, "army"), _words(either)) == (before, order, words)


def _words(world: World) -> list[tuple[object, ...]]:
    rows = core_connection(world.session).execute(text("SELECT * FROM public_search_words"))
    found = sorted((tuple(row) for row in rows), key=repr)
    world.session.rollback()
    return found


#: What somebody with the database in hand has done -> raw SQL for both databases.
DONE = {
    "an entry was edited": ("UPDATE {}_search SET text = 'x' WHERE number = :number",) * 2,
    "an entry was taken away": ("DELETE FROM {}_search WHERE number = :number",) * 2,
    "its words were taken away": (
        "DELETE FROM {}_search_words WHERE rowid = :number",
        "DELETE FROM {}_search_words WHERE number = :number",
    ),
    "its words were edited": (
        "UPDATE {}_search_words SET names = 'x' WHERE rowid = :number",
        "UPDATE {}_search_words SET words = CAST('x' AS tsvector) WHERE number = :number",
    ),
    "it was filed elsewhere": (
        "UPDATE {}_search_words SET filed = 'x' WHERE rowid = :number",
        "UPDATE {}_search_words SET words = setweight(words, 'A') WHERE number = :number",
    ),
    "an entry was put there": (
        "INSERT INTO {}_search SELECT 7, 'rec_x', kind, process_id, title, names, text, from_on, until_on"
        " FROM {}_search"
        " WHERE number = :number",
    )
    * 2,
    "words were put there": (
        "INSERT INTO {}_search_words (rowid, names, body, filed) VALUES (7, 'x', '', '')",
        "INSERT INTO {}_search_words VALUES (7, CAST('x' AS tsvector))",
    ),
}


@pytest.mark.parametrize("side", ["public", "record"])
def test_what_was_done_to_an_index_is_found_and_mended(either: World, side: str) -> None:
    one = either.recommendation("C1", title="Army")
    gone = either.recommendation("C2", title="Gone")
    either.withdraw(gone)
    assert _check(either) == []
    for done in DONE:
        damage_and_mend(either, one, done, side)


def damage_and_mend(either: World, one: str, done: str, side: str) -> None:
    before = dump(either.session)
    either.session.rollback()
    statement = DONE[done][db.engine.dialect.name == "postgresql"].replace("{}", side)
    with db.engine.begin() as connection:
        values = {"number": full_text.number_of(one)} if ":number" in statement else {}
        assert connection.execute(text(statement), values).rowcount != 0
    said = _check(either)
    assert said, done
    assert all("search" in finding for finding in said)
    with either.act(either.editor) as act:
        rebuild.rebuild_public_side(act)
    assert _check(either) == []
    assert found(either, "army", side=side) == [one]
    after = dump(either.session)
    assert {name: after[name] for name in ("public_search", "record_search")} == {
        name: before[name] for name in ("public_search", "record_search")
    }


def test_an_entry_of_what_was_withdrawn_is_found_out(either: World) -> None:
    gone = either.recommendation("C2", title="Gone")
    either.withdraw(gone)
    with db.engine.begin() as connection:
        entry = make_entry(gone, "recommendation", either.process, {"title": "Gone"})
        full_text.write_entries(connection, PUBLIC, gone, [entry])
    assert any(gone in finding for finding in _check(either))


def _check(world: World) -> list[str]:
    world.session.rollback()
    with world.act(world.editor) as act:
        return rebuild.check_public_side(act)


def test_nothing_is_written_where_nothing_changed(either: World) -> None:
    one = make_entry(either.committee, "committee", either.process, {"name": "Army"})
    with db.engine.begin() as connection:
        full_text.write_entries(connection, INDEX, one.id, [one])
        before = connection.execute(text("SELECT * FROM record_search")).all()
        full_text.write_entries(connection, INDEX, one.id, [one])
        assert connection.execute(text("SELECT * FROM record_search")).all() == before
        assert full_text.has_entries(connection, INDEX, one.id, [one])


def test_both_sides_have_the_same_shape(app: Flask) -> None:
    assert [column.name for column in PUBLIC.table.columns] == [column.name for column in INDEX.table.columns]
