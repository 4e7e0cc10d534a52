"""The forms of things, made of the shapes that REST reads: one to record a thing of a kind, one to edit it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from tracker.actions.support.editable_things import ANALYSES
from tracker.actions.support.registry import KINDS
from tracker.domain.measures import MEASURES
from tracker.domain.vocabularies.catalogue import VOCABULARIES
from tracker.languages.i18n import SHOWN, Language, mark
from tracker.languages.member_words import MEMBERS
from tracker.schemas.day_fields import PartialDay
from tracker.schemas.fields import LANGUAGE, Code, Id, Text
from tracker.schemas.list_fields import Several, Table
from tracker.schemas.revisions import GROUNDS
from tracker.web.desk.custody import FILES
from tracker.web.desk.member_words import CODES
from tracker.web.filled_forms import Choice
from tracker.web.forms import Field, Form

_VOCABULARY_OF: Final = {frozenset(one.code for one in VOCABULARIES[name].terms): name for name in SHOWN}
_STAGES: Final = {stage.code: stage.label for measure in MEASURES.values() for stage in measure.stages}
#: How a rule is written, and how to learn what follows from it.
RULE_HINT: Final = mark(
    "“30 days”, “45 working days”, “3 months”. Give the rule or the day; “Show what follows” says how it is counted."
)
_HINTS: Final = {
    "rule": RULE_HINT,
    "partial": mark("A day, a month or a year: 2025-03-09, 2025-03 or 2025."),
    "organization": mark("Its name or its short name."),
    "thing": mark("Its short name."),
    "things": mark("One in each line: its short name, or the name of an organization."),
    "lines": mark("One in each line."),
    "pairs": mark("One in each line, after its language: fr: Le nom."),
    "language": mark("As its tag: ar, fr, pt-BR."),
    "slug": mark("Small Latin letters and digits, with hyphens between them: rights-watch."),
    "reference": mark("Latin letters and digits: R1, final-report."),
    "time_zone": mark("As the database of time zones has it: Asia/Damascus."),
}


#: Members whose hint is their own.
_NAMED: Final = frozenset({"rule", "slug", "reference", "time_zone"})

#: What may be left out and is mostly said: it stands beside what must be said.
_OFTEN: Final = frozenset(
    {
        *("addressees", "appointed_by", "calendar", "captured_on", "committee", "description"),
        *("due_on", "established_on", "instrument", "issuer", "members", "occurred_from", "part_of"),
        *(
            "printed_number",
            "protection",
            "publisher",
            "reference",
            "report",
            "rule",
            "source_url",
            "website",
        ),
    }
)

#: Members of a member that is mostly said, which are seldom said.
_SELDOM: Final = frozenset({"weekend_changes", "worked_days"})


def list_fields(
    shape: Schema, needed: Collection[str], at: str = "", group: str = "", *, rest: bool = False
) -> Iterator[Field]:
    """The members of a shape as fields of a form: those that are ``needed`` and those that are mostly said first, the
    rest behind a step. What a process demands of evidence beyond the state table is a table of tables, and has none."""
    for name, member in shape.fields.items():
        later = rest or name in _SELDOM if at else name not in _OFTEN and name not in needed
        inner = member.inner if isinstance(member, Several) else member
        if isinstance(inner, fields.Nested):
            many = isinstance(member, Several)
            yield from list_fields(
                inner.schema,
                needed,
                f"{at}{name}/{'*/' if many else ''}",
                MEMBERS[name] if many else group,
                rest=later,
            )
        elif not isinstance(member, Table) or isinstance(member.value_field, Text):
            yield Field(
                at + name,
                MEMBERS.get(at + name) or MEMBERS[name],
                hint=_HINTS.get(_find_hint(name, member, inner), ""),
                vocabulary=_find_vocabulary(inner),
                suggests="-".join(inner.kinds) if isinstance(inner, Id) else "",
                group=group,
                rest=later,
            )


def _find_hint(name: str, member: fields.Field[Any], inner: fields.Field[Any]) -> str:
    if name in _NAMED:
        return name
    if isinstance(member, Several):
        return "things" if isinstance(inner, Id) else "" if isinstance(inner, Code) else "lines"
    if isinstance(member, Table):
        return "pairs"
    if isinstance(member, Id):  # a process is chosen from a list
        return (
            "organization" if "organization" in member.kinds else "" if "process" in member.kinds else "thing"
        )
    if isinstance(member, Text) and any(_asks_for_language(one) for one in member.validators):
        return "language"
    return "partial" if isinstance(member, PartialDay) else ""


def _asks_for_language(check: Any) -> bool:
    pattern = getattr(check, "regex", None)
    return pattern is not None and pattern.pattern == LANGUAGE


def _find_vocabulary(member: fields.Field[Any]) -> str:
    return _VOCABULARY_OF.get(frozenset(list_codes(member)), "")


def list_codes(member: fields.Field[Any]) -> list[str]:
    """The codes that a member may have; none where it is no code."""
    if not isinstance(member, Code):
        return []
    return [code for check in member.validators for code in getattr(check, "choices", ())]


def list_choices(form: Form, language: Language) -> dict[str, list[Choice]]:
    """The codes that belong to no vocabulary, as they are called in a language."""
    choices = {}
    for name, member in form.members.items():
        codes = list_codes(member.inner if isinstance(member, Several) else member)
        if codes and not form.shown[name].vocabulary:
            choices[name] = [(code, _call(code, language)) for code in codes]
    return choices


def _call(code: str, language: Language) -> str:
    return _STAGES[code][language.code] if code in _STAGES else str(language.say(CODES[code]))


def _list_needed(shape: type[Schema]) -> set[str]:
    return {name for name, member in shape().fields.items() if member.required}


def _make_reading(kind: str) -> Form:
    """All that may be known of a thing: what is edited, and what stays as it was given but for the process, which its
    page names above."""
    thing = KINDS[kind]
    fixed = thing.given._declared_fields.keys() - thing.edited._declared_fields.keys() - {"process"}
    given = {name: member for name, member in thing.given._declared_fields.items() if name in fixed}
    shape: type[Schema] = type(f"{kind.title()}Known", (thing.edited,), given)
    return Form(shape, *list_fields(shape(), ()), button=mark("Save"))


def _make_editing(kind: str, takes: Callable[[str], bool]) -> Form:
    thing = KINDS[kind]
    shown = [field for field in list_fields(thing.edited(), _list_needed(thing.given)) if takes(field.name)]
    needs = _list_needed(thing.given) & {field.name for field in shown}
    return Form(thing.edited, *shown, button=mark("Save"), edits=True, needs=needs)


#: kind of thing -> the form that records one.
RECORDING: Final[Mapping[str, Form]] = {
    kind: Form(
        one.given,
        *list_fields(one.given(), _list_needed(one.given)),
        button=mark("Record it"),
        file=FILES if kind == "evidence" else None,
    )
    for kind, one in KINDS.items()
}
#: kind of thing -> what may be known and edited of one, by every reader.
READING: Final[Mapping[str, Form]] = {kind: _make_reading(kind) for kind in KINDS}
#: kind of thing -> the form that edits one, without what the desk alone finds of an item.
EDITING: Final[Mapping[str, Form]] = {
    kind: _make_editing(kind, lambda name: name not in ANALYSES) for kind in KINDS
}
#: What the desk finds of an item, and why that changes.
ANALYSING: Final = _make_editing("evidence", lambda name: name in (*ANALYSES, *GROUNDS))
