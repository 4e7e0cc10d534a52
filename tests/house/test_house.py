"""The house reads as the domain: one file name for a concept on every floor, plain words, one meaning for a word.

`docs/glossary.md` says the words; this holds the code to them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
TRACKER = HOUSE / "tracker"


def _words(row: str) -> list[str]:
    return row.split()


#: What the tracker knows: the name of the file that knows it, the same on every floor.
CONCEPTS = frozenset(
    _words("""
    processes organizations watchdogs committees mandates reports figures indicators resources deadlines recommendations
    evidence statuses people protection questions consent redaction custody releases handlings notes tips
""")
)
#: What stands beside the concepts on a floor. A new name here wants a reason: is it not one of the concepts?
BESIDE = {
    "actions": _words("""
    account_proposals audit_trail batch_acts custody_events demands drafts edits entry_links evidence_packages
    exports followers following_changes identities import_batches import_undo imports kept_forms key_origins keys
    mailboxes package_proofs parts passkeys passwords proposals publication redaction_fields replies responses
    revisions right_of_reply saved_filters sealed_fields second_factors sent_tips sessions standings submissions
    suspensions tip_boxes trials ways_in webhooks
"""),
    "api": _words("""
    audit collections completeness contract crosswalks evidence_files keys mailboxes tip_boxes proposals public
    public_acts public_files publication right_of_reply root routing sealed_fields search subjects submissions transfers
    vocabularies webhooks work_queue
"""),
    "store": _words("""
    answers audit base challenges change_rows citations database entry_links followers idempotency identities
    import_batches jobs kept_forms mail mailboxes models new_things passkeys pending_updates proposals record_index
    record_search saved_filters sealed_fields second_factors sessions subject_rows subjects tracks viewer webhooks
    work_queue
"""),
    "domain": _words("""
    audit basis calendars canonical code_phrases demands easy_passwords errors evidence_policy files following
    identities ids jobs mail measures met_dates name_spellings names one_time_codes partial_days parts passkeys
    password_brake pending_updates plausible_days proposals public_acts publication reckoning_sentences
    reckonings reminders responses revisions rules search search_entries sent_values sentences service_errors sessions
    silence sources standing states strict_json suspensions text tracks webhooks work_queue
"""),
    "public/content": _words("""
    allow_list fields translations
"""),
    "schemas": _words("""
    amounts answer_fields audit day_fields demands descriptions extensions fields identities imported kinds list_fields
    loading mailboxes passkeys problems proposals publication revisions right_of_reply saved_filters sealed_fields
    sent_values sentences sessions shape_descriptions shared_fields standings subjects thing_names transfers
    translations trials webhooks work_queue
"""),
    "web/desk": _words("""
    account account_identities accounts answers audit batches door drafts effects entry entry_links holds home
    identities import_words imports jobs kept_forms kept_imports keys login mailboxes member_words names own_work
    passkeys pasted posts proposals proposed_members public_verdicts publication queue record_forms record_lists
    record_names records reminders right_of_reply saved_filters silence verdicts view visit webhooks
"""),
    "web/public": _words("""
    acts adequacy answers api_reference changes disagreements docs_door door dossiers guides headlines home
    methodology page problem_pages promises reading recurrence refusals search state_counts themes verdicts
    verification visit
"""),
}
#: Words that stood for something else in the code, and are no name of a module or a function any more.
DIALECT = frozenset(
    _words("""
    telling own discretion grounds bases emptying naming waiting releasing publishable filing searching
    packaging proving sealed heads hot computed shapes described served checking turns acting answering
    once limiting doorway logbook compact facets definitions glossary arabic jsontext opened tabular
    stage desk play marked seeded turned refiles told said in_step unfaithful narrowed begotten
""")
)
#: kind of thing -> its file. A class of the record is kept in the file of its concept.
KINDS = {
    "Process": "processes",
    "Organization": "organizations",
    "Watchdog": "watchdogs",
    "Committee": "committees",
    "Mandate": "mandates",
    "Report": "reports",
    "Figure": "figures",
    "Indicator": "indicators",
    "Resource": "resources",
    "Deadline": "deadlines",
    "Recommendation": "recommendations",
    "Evidence": "evidence",
    "StatusChange": "statuses",
    "Person": "people",
    "Consent": "consent",
    "Question": "questions",
    "Handling": "handlings",
    "Tip": "tips",
    "Proposal": "proposals",
    "CustodyEvent": "custody",
    "Release": "releases",
}


def modules(folder: Path) -> Iterator[Path]:
    """Every module of the package but migrations, whose names begin with a number."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts and not path.name.startswith("__"):
            yield path


@cache
def functions(path: Path) -> tuple[str, ...]:
    nodes = ast.walk(ast.parse(path.read_bytes()))
    return tuple(node.name for node in nodes if isinstance(node, ast.FunctionDef))


def test_at_the_top_stand_three_modules_and_folders() -> None:
    found = {path.name for path in TRACKER.glob("*.py")}
    assert found == {"__init__.py", "__main__.py", "app.py", "logging.py", "settings.py"}


def test_the_package_has_no_file_that_an_editor_or_a_merge_left_behind() -> None:
    left = [
        path
        for path in TRACKER.rglob("*")
        if path.name.endswith((".orig", ".rej", ".bak", ".tmp", ".swp", "~"))
    ]
    assert left == []


@pytest.mark.parametrize("floor", sorted(BESIDE))
def test_a_floor_has_files_of_concepts_and_few_beside_them(floor: str) -> None:
    found = {path.stem for path in (TRACKER / floor).glob("*.py") if not path.stem.startswith("__")}
    assert found - CONCEPTS - set(BESIDE[floor]) == set()


@pytest.mark.parametrize(("model", "concept"), KINDS.items())
def test_a_table_of_the_record_stands_in_the_file_of_its_concept(model: str, concept: str) -> None:
    holds = re.compile(rf"^class {model}\(", re.MULTILINE)
    found = [path.stem for path in modules(TRACKER / "store") if holds.search(path.read_text("utf-8"))]
    assert found == [concept]


@pytest.mark.parametrize(
    ("verb", "place"),
    [
        ("appoint_member", "committees"),
        ("adopt_mandate", "mandates"),
        ("record_report", "reports"),
        ("add_figure", "figures"),
        ("register_watchdog", "watchdogs"),
        ("extend_deadline", "deadlines"),
        ("approve_status_change", "statuses"),
        ("redact_thing", "redaction"),
        ("ask_question", "questions"),
        ("handle_subject", "handlings"),
    ],
)
def test_an_act_stands_in_the_file_of_its_concept(verb: str, place: str) -> None:
    found = [path.stem for path in modules(TRACKER / "actions") if verb in functions(path)]
    assert found == [place]


def test_no_module_has_a_word_of_the_dialect() -> None:
    assert [str(path.relative_to(TRACKER)) for path in modules(TRACKER) if path.stem in DIALECT] == []


def test_no_function_has_a_word_of_the_dialect() -> None:
    found = [
        f"{path.relative_to(TRACKER)}: {name}"
        for path in modules(TRACKER)
        for name in functions(path)
        if name.strip("_") in DIALECT
    ]
    assert found == []


#: What names nothing: a parameter or a local is called by what it holds.
NAMELESS = frozenset(_words("one said found told held"))
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def nameless(path: Path) -> Iterator[str]:
    """Each parameter and local of a module that is called by no noun, outside of comprehensions and lambdas."""
    for function in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(function, ast.FunctionDef):
            continue
        given = function.args
        parameters = {argument.arg for argument in ast.walk(given) if isinstance(argument, ast.arg)}
        yield from (f"{path.name}: {function.name}({name})" for name in sorted(parameters & NAMELESS))
        names = {name for statement in function.body for name in stored(statement)}
        yield from (f"{path.name}: {function.name}: {name}" for name in sorted(names & NAMELESS))


def stored(node: ast.AST) -> Iterator[str]:
    """The names that are given a value in a statement, without those of functions in it."""
    if isinstance(node, (*COMPREHENSIONS, ast.Lambda, ast.FunctionDef, ast.ClassDef)):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    for inner in ast.iter_child_nodes(node):
        yield from stored(inner)


def test_what_a_function_is_given_and_holds_is_called_by_a_noun() -> None:
    assert [place for path in modules(TRACKER) for place in nameless(path)] == []


#: Tables of which some rows are not there for everybody. A door asks a `Viewer` for theirs.
GUARDED = frozenset(_words("Tip Evidence EvidenceFile StatusChange OpenWork Release Proposal Subject"))
#: What looks past the viewer: for acts, which have checked who acts.
UNFILTERED = frozenset(_words("get_unfiltered find_unfiltered MODELS"))
#: How a row is read, from a session or by a statement.
READS = frozenset(_words("select get get_one scalar scalars execute"))


def unguarded(door: Path) -> Iterator[str]:
    """Each place of a door that reads a guarded table itself, or looks past the viewer."""
    for node in ast.walk(ast.parse(door.read_bytes())):
        name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        if name in UNFILTERED:
            yield f"{door.name}: {name}"
        if not isinstance(node, ast.Call):
            continue
        asked = ast.unparse(node.func)
        tables = {one.id for one in node.args if isinstance(one, ast.Name)} & GUARDED
        if tables and asked.rpartition(".")[2] in READS and not asked.endswith("viewer.select"):
            yield f"{door.name}: {asked}({', '.join(tables)})"


@pytest.mark.parametrize(
    "written",
    [
        "select(Evidence)",
        "call.session.get(StatusChange, id)",
        "lookup.get_unfiltered(call.session, id)",
        "from tracker.actions.support.lookup import MODELS",
    ],
)
def test_a_door_that_forgets_the_filter_is_found(written: str, tmp_path: Path) -> None:
    door = tmp_path / "door.py"
    door.write_text(written, "utf-8")
    assert list(unguarded(door))


def test_a_door_gets_its_rows_through_a_viewer() -> None:
    """Nobody can forget who asks: what a door reads of a table with secrets, a `Viewer` gave it."""
    doors = (path for floor in ("api", "feeds", "web") for path in modules(TRACKER / floor))
    assert [place for door in doors for place in unguarded(door)] == []


def test_a_module_is_imported_under_its_own_name() -> None:
    """No `import records as acts`: a reader who meets a name finds the file of that name. Where two floors meet, the
    floor stands before it: `store_custody`."""
    found = []
    for path in modules(TRACKER):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("tracker"):
                continue
            for alias in node.names:
                target = HOUSE / (node.module or "").replace(".", "/") / f"{alias.name}.py"
                if target.exists() and not (alias.asname or alias.name).endswith(alias.name):
                    found.append(f"{path.relative_to(TRACKER)}: {alias.name} as {alias.asname}")
    assert found == []


def test_no_sentence_is_about_whoever_does_something_anew() -> None:
    """Plain English has other words; CONTRIBUTING.md names these as the ones to avoid, and tests may be called so."""
    texts = [
        *(path for ending in ("py", "html") for path in TRACKER.rglob(f"*.{ending}")),
        *HOUSE.glob("docs/**/*.md"),
        *(path for path in HOUSE.glob("*.md") if path.name != "CONTRIBUTING.md"),
    ]
    found = [
        f"{path.relative_to(HOUSE)}: {line.strip()}"
        for path in texts
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\b(?:whoever|anew)\b", re.sub(r"`tests/[^`]*`", "", line), re.IGNORECASE)
    ]
    assert found == []
