"""What became, or would become, of the rows of an import, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from tracker.actions.support.import_comparison import Difference
from tracker.actions.support.import_report import ImportReport, ImportRow
from tracker.domain import ids
from tracker.domain.sentences import sentence
from tracker.languages.i18n import mark, mark_number
from tracker.public.sentences import acts
from tracker.tables.row_files import Rows
from tracker.web.desk.kept_imports import KeptImport, name_fields
from tracker.web.desk.proposed_members import Words, make_words
from tracker.web.desk.view import Shown, Visit

#: What a row can be.
KINDS: Final[Mapping[str, str]] = {
    **acts.KINDS,
    "member": mark("Member of a committee"),
    "mandate": mark("Version of the mandate"),
    "figure": mark("Number"),
    "extension": mark("Extension of a date"),
    "watchdog": mark("Registration of a watchdog"),
    "change": mark("Status change"),
}
#: What becomes of a row -> of so many of them.
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "refused": mark_number("%(num)s row is refused", "%(num)s rows are refused"),
    "would_create": mark_number("%(num)s row is new", "%(num)s rows are new"),
    "created": mark_number("%(num)s row was recorded", "%(num)s rows were recorded"),
    "would_update": mark_number("%(num)s row changes a draft", "%(num)s rows change drafts"),
    "updated": mark_number("%(num)s draft was changed", "%(num)s drafts were changed"),
    "would_propose": mark_number(
        "%(num)s row changes what is public: another person decides",
        "%(num)s rows change what is public: another person decides",
    ),
    "proposed": mark_number(
        "%(num)s change of what is public was proposed", "%(num)s changes of what is public were proposed"
    ),
    "unchanged": mark_number("%(num)s row says what is recorded", "%(num)s rows say what is recorded"),
    "waiting": mark_number("%(num)s row waits already", "%(num)s rows wait already"),
    "withdrawn": mark_number(
        "%(num)s row was thrown away before, and is left out",
        "%(num)s rows were thrown away before, and are left out",
    ),
    "later": mark_number(
        "%(num)s row waits for what others decide first", "%(num)s rows wait for what others decide first"
    ),
}


def describe_report(desk: Visit, kept: KeptImport, report: ImportReport) -> Shown:
    """How many rows become what, and each row: those that are refused first."""
    rows = kept.read_rows()
    values = [value for row in report.rows for one in row.differs for value in (one.before, one.after)]
    values += [id for _row, refusal in report.refused for id in refusal.missing]
    words = make_words(desk, kept.said["kind"], values, report.called)
    order = list(OUTCOMES)
    count = Counter(row.outcome for row in report.rows)
    return {
        "counts": [desk.language.say_number(*OUTCOMES[name], count[name]) for name in order if count[name]],
        "made": [one.called for one in report.made],
        "unread": rows.unread,
        "notes": rows.notes,
        "tell": partial(name_fields, desk),
        "unnamed": report.totals["unnamed"],
        "batch": report.batch,
        "rows": [
            _describe_row(desk, rows, row, words)
            for row in sorted(report.rows, key=lambda one: (order.index(one.outcome), one.row))
        ],
    }


def _describe_row(desk: Visit, rows: Rows, row: ImportRow, words: Words) -> Shown:
    return {
        "place": rows.rows[row.row].place,
        "name": row.name,
        "outcome": row.outcome,
        "said": desk.language.say_number(*OUTCOMES[row.outcome], 1),
        "href": find_address(desk, row),
        "differs": [_describe_difference(one, words) for one in row.differs],
        "faults": _list_faults(rows, row, words),
    }


def _describe_difference(difference: Difference, words: Words) -> tuple[str, str, str]:
    called = words.call(difference.member) or difference.member
    return (
        called,
        words.write(difference.member, difference.before),
        words.write(difference.member, difference.after),
    )


def find_address(desk: Visit, row: ImportRow) -> str | None:
    """Where somebody reads what a row became, or what it is about."""
    id = row.proposal or row.id
    if id is None:
        return None
    return desk.link(f"/decide/{id}" if ids.kind_of(id) in ("proposal", "change") else f"/things/{id}")


def _list_faults(rows: Rows, row: ImportRow, words: Words) -> list[tuple[str, str]]:
    """What is wrong with a row: the column, or the member, what would be right, and what stands there."""
    refusal: Any = row.refusal
    if refusal is None:
        return []
    faults = [
        (
            rows.name_column(row.row, one.pointer) or one.pointer.lstrip("/"),
            rows.describe(row.row, one),
        )
        for one in refusal.fields
    ]
    return [
        *(faults or [("", refusal.detail)]),
        *(("", sentence("missing: %(name)s", name=words.names.get(one, one))) for one in refusal.missing),
    ]
