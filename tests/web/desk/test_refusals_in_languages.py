"""What the desk refuses is told in the language of the page, with values kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.desk.people import Browser, let_in
from tests.web.desk.typed_forms import read_fields
from tests.web.messages import TRANSLATED
from tests.world import World
from tracker.domain.ids import kind_of
from tracker.languages.i18n import get_language

#: What a page marks as English.
_ENGLISH = re.compile(r'<span lang="en" dir="ltr">([^<]*)</span>')
_PHONE = "000000"
_READ_AS = {"columns": "reference=reference\nname=name", "constants": "body_type=truth_commission"}
#: What stands before a value of a cell.
HERE = {"ar": "هنا:", "fr": "ici\u00a0:"}


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def list_english(page: str) -> list[str]:
    """What a page says in English where it says why something is refused, but for ids."""
    return [one for one in _ENGLISH.findall(page[page.index("<main") :]) if kind_of(one) is None]


@pytest.fixture
def editor(app: Flask, world: World, language: str) -> Browser:
    return Browser(app, language).enter(world, world.editor)


def test_a_fault_of_a_field_is_told_beside_it_with_its_value_apart(
    editor: Browser, world: World, language: str
) -> None:
    path = f"/committees/{world.make_committee('second', publish=False)}/edit"
    typed = {**read_fields(editor.read(path).text), "established_on": "2025-02-30", "name": ""}
    page = editor.send(path, typed)
    assert (page.status_code, list_english(page.text)) == (422, [])
    beside = {
        "ar": "لا يوجد يوم <bdi>2025-02-30</bdi>: عدد أيام <bdi>فبراير 2025</bdi> هو <bdi>28</bdi>",
        "fr": "le jour <bdi>2025-02-30</bdi> n’existe pas\u00a0: <bdi>février 2025</bdi> a <bdi>28</bdi> jours",
    }
    assert f'<p class="fault" id="field-established_on-fault-1">{beside[language]}</p>' in page.text
    assert f"{beside[language]}</li>" in page.text, "and in the list on top"
    assert get_language(language).say("The input is not valid") in page.text
    length = {"ar": "من <bdi>1</bdi> إلى <bdi>300</bdi>", "fr": "de <bdi>1</bdi> à <bdi>300</bdi> caractères"}
    assert length[language] in page.text
    for english in ("there is no such day", "must have 1 to 300", "The input is not valid"):
        assert english not in page.text


def test_what_a_state_demands_of_evidence_is_told(editor: Browser, world: World, language: str) -> None:
    asked = world.recommendation("R1")
    path = f"/subjects/{asked}/propose?track=implementation&state=implemented"
    page = editor.send(path, {"effective_on": "2025-06-01", "reason": "They say so."})
    assert (page.status_code, list_english(page.text)) == (409, [])
    said = {
        "ar": "أدلة داعمة متحقَّق منها، ليس من جهة مخاطَبة: المطلوب <bdi>2</bdi>، والمتوفر <bdi>0</bdi>",
        "fr": "preuves vérifiées à l’appui, pas d’un destinataire\u00a0: <bdi>2</bdi> requis, <bdi>0</bdi> fournis",
    }
    assert said[language] in page.text
    assert "needed, 0 given" not in page.text
    assert "The evidence is not enough" not in page.text


def test_an_edit_that_came_too_late_is_told(editor: Browser, world: World, language: str) -> None:
    path = f"/committees/{world.make_committee('second', publish=False)}/edit"
    typed = read_fields(editor.read(path).text)
    assert editor.send(path, {**typed, "instrument": "Decree 1"}).status_code == 303
    page = editor.send(path, {**typed, "instrument": "Decree 2"}, version="1")
    assert (page.status_code, list_english(page.text)) == (412, [])
    assert get_language(language).say("This changed after you read it") in page.text
    assert "This changed after you read it" not in page.text


def test_who_may_not_do_something_reads_which_role_may(app: Flask, world: World, language: str) -> None:
    page = Browser(app, language).enter(world, world.watcher).read("/records/committees/new")
    assert (page.status_code, list_english(page.text)) == (403, [])
    role = {"ar": "يلزم دور محرر", "fr": "il faut le rôle rédacteur"}
    assert role[language] in page.text
    assert "it takes the role" not in page.text
    assert "Your roles do not allow this" not in page.text


def test_who_decides_on_their_own_proposal_reads_why_not(app: Flask, world: World, language: str) -> None:
    id = world.propose(
        world.recommendation("R1"), "implementation", "not_started", proposer=world.reviewer
    ).id
    page = Browser(app, language).enter(world, world.reviewer).send(f"/decide/{id}", {"decision": "approve"})
    assert (page.status_code, list_english(page.text)) == (409, [])
    assert get_language(language).say("You cannot decide on your own proposal") in page.text
    assert "You cannot decide on your own proposal" not in page.text


def test_who_logs_in_with_what_does_not_match_reads_so(app: Flask, world: World, language: str) -> None:
    let_in(world, app, world.editor)
    page = Browser(app, language).log_in("editor", code=_PHONE)
    assert (page.status_code, list_english(page.text)) == (403, [])
    assert get_language(language).say("the name, the password and the code do not match") in page.text


def test_what_stands_in_the_way_of_publishing_is_told(editor: Browser, world: World, language: str) -> None:
    council = world.organization("council", "authority")
    path = f"/things/{world.make_committee('second', publish=False, appointed_by_id=council)}/publication"
    world.withdraw(council)
    for page, status in ((editor.read(path), 200), (editor.send(path, {}), 409)):
        assert (page.status_code, list_english(page.text)) == (status, [])
        assert get_language(language).say("It names something that is not public yet") in page.text


def test_a_value_that_would_turn_the_direction_of_a_sentence_is_kept_apart(
    editor: Browser, world: World, language: str
) -> None:
    typed = {"process": world.process, "addressees/0/organization": "الوزارة"}
    page = editor.send("/records/recommendations/new", typed)
    assert (page.status_code, list_english(page.text)) == (422, [])
    assert "<bdi>&#39;الوزارة&#39;</bdi>" in page.text


def test_a_rule_that_cannot_be_read_is_told_with_what_would_be_right(
    editor: Browser, world: World, language: str
) -> None:
    typed = {
        **{"process": world.process, "owner": world.committee, "type": "final_report_due", "basis": "decree"},
        **{"title": "The report", "set_on": "2025-03-09", "rule": "soon"},
    }
    page = editor.send("/records/deadlines/new", typed)
    assert (page.status_code, list_english(page.text)) == (422, [])
    assert "next working day" in page.text, "a rule is written in English"
    assert "must be a count and a unit" not in page.text


def test_a_day_in_a_table_that_cannot_be_read_is_told_with_the_field_that_helps(
    editor: Browser, world: World, language: str
) -> None:
    table = "reference,title,text,language,type,issuer,issued_on\nR7,T,T.,en,vetting,watchdog,31.12.2020\n"
    sent = editor.send_in_parts(
        "/import", {"kind": "recommendation", "process": world.process, "text": table}
    )
    page = editor.read(sent.headers["Location"])
    assert (page.status_code, list_english(page.text)) == (200, [])
    label = get_language(language).say("How days are written")
    quoted = {"ar": f"«{label}»", "fr": f"«\u00a0{label}\u00a0»"}
    choice = f"{quoted[language]} DD.MM.YYYY (2020-12-31)"
    assert f"<bdi>{choice}</bdi> ({HERE[language]} <bdi>&#39;31.12.2020&#39;</bdi>)" in page.text


@pytest.mark.parametrize("tell", [lambda code: get_language(code).tell("only <so>")])
def test_what_is_no_sentence_yet_is_english_and_marked_so(tell: Callable[[str], str], language: str) -> None:
    assert tell(language) == '<span lang="en" dir="ltr">only &lt;so&gt;</span>'
    assert tell("en") == "only &lt;so&gt;"


def test_what_is_wrong_with_a_file_of_rows_is_told(editor: Browser, world: World, language: str) -> None:
    said = {
        "ar": {
            b"[{": "الملف: ليس JSON (العمود <bdi>3</bdi>)",
            b'[{"a": 1, "a": 2}]': "اذكره مرة واحدة",
        },
        "fr": {
            b"[{": "le fichier\u00a0: ce n’est pas du JSON (colonne <bdi>3</bdi>)",
            b'[{"a": 1, "a": 2}]': "donnez-le une fois",
        },
    }
    for raw, words in said[language].items():
        page = editor.send_in_parts("/import", {"kind": "committee", ".file": [(raw, "rows.json")]})
        assert (page.status_code, list_english(page.text)) == (400, [])
        assert words in page.text
    cyrillic = "reference;name\nA;Комиссия по расследованию\n".encode("windows-1251")
    page = editor.send_in_parts("/import", {"kind": "committee", ".file": [(cyrillic, "rows.csv")]})
    assert list_english(page.text) == []
    read = {**_READ_AS, "encoding": "windows-1251", "kind": "committee", ".file": [(cyrillic, "rows.csv")]}
    seen = editor.read(editor.send_in_parts("/import", read).headers["Location"]).text
    assert list_english(seen) == []
    notes = {"ar": "قُرئ بترميز <bdi>windows-1251</bdi>", "fr": "lu en <bdi>windows-1251</bdi>"}
    assert notes[language] in seen


def test_what_is_looked_for_by_a_name_that_nobody_has_is_told(
    editor: Browser, world: World, language: str
) -> None:
    path = f"/committees/{world.make_committee('second', publish=False)}/edit"
    typed = {**read_fields(editor.read(path).text), "appointed_by": "nobody"}
    page = editor.send(path, typed)
    assert (page.status_code, list_english(page.text)) == (422, [])
    said = {
        "ar": "بالمعرّف أو الاسم المختصر أو الاسم <bdi>",
        "fr": "l’identifiant, le nom court ou le nom <bdi>",
    }
    assert said[language] in page.text
