"""The tables of an export and what each column says: from here come the header lines, the rows and the data dictionary.

A table is for people and spreadsheets; what it does not show stands in the lossless forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tracker.public.export.columns import Record, Table, read_columns

_ID: Final = "id: The id. It never changes and says nothing."
_PRINTED: Final = "printed_number: The number as it is printed."
_REFERENCE: Final = "reference: The short name within the process, as addresses use it."
_TITLE: Final = "title: What it is called."
_TYPE: Final = "type: What sort it is, a code of the vocabularies."
_NOTE: Final = "note: What else there is to say."
_LANGUAGE: Final = "language: The language of the text (BCP 47)."
_WHEN: Final = (
    "published_at: When it became public here (UTC).",
    "revised_at: When its words were last revised (UTC).",
    "changed_at: When anything of it last changed (UTC).",
)

TABLES: Final = (
    Table(
        "process",
        "process",
        "The process that this is the record of.",
        read_columns(
            _ID,
            "slug: The short name, as addresses use it.",
            _TITLE,
            "summary: What the process is about.",
            "country: The country (ISO 3166).",
            "place: The place within the country.",
            "happened_from: The first day of what happened, as exact as it is known.",
            "happened_to: The last day of what happened.",
            "lead < lead.name: The organization whose answers are the headlines.",
            "languages: The languages of the process (BCP 47).",
            *_WHEN,
        ),
    ),
    Table(
        "organizations",
        "organization",
        "Every organization that a public act of the process names.",
        read_columns(
            _ID,
            "slug: The short name, as addresses use it.",
            "name: What it is called today.",
            "aliases < aliases.name: Other names: misprints, transliterations, other scripts.",
            _TYPE,
            "website: Its website.",
            "part_of < part_of.name: The organization that it is a part of.",
            *_WHEN,
        ),
    ),
    Table(
        "committees",
        "committee",
        "The bodies that inquire.",
        read_columns(
            _ID,
            _REFERENCE,
            "name: What it is called.",
            "body_type: What sort of body it is, a code of the vocabularies.",
            "established_on: When it was set up, as exact as it is known.",
            "instrument: The legal act that set it up.",
            "appointed_by < appointed_by.name: Who appointed it.",
            "reports_to < reports_to.name: To whom it answers.",
            _NOTE,
            *_WHEN,
        ),
    ),
    Table(
        "reports",
        "report",
        "The reports that committees owe or have written.",
        read_columns(
            _ID,
            _REFERENCE,
            _TITLE,
            _TYPE,
            "committee < committee.name: Whose report it is.",
            _PRINTED,
            "dated_on: The date that is printed on it.",
            "delivered_on: When it was handed over.",
            "announced_on: When it was said that it is there.",
            "published_on: When its full text became public.",
            _LANGUAGE,
            _NOTE,
            *_WHEN,
        ),
    ),
    Table(
        "resources",
        "resource",
        "The means that a committee needs.",
        read_columns(
            _ID,
            _REFERENCE,
            _TITLE,
            _TYPE,
            "committee < committee.name: Whose means they are.",
            "unit: In what its figures are counted.",
            _NOTE,
            *_WHEN,
        ),
    ),
    Table(
        "deadlines",
        "deadline",
        "The dates by which something is owed.",
        read_columns(
            _ID,
            _REFERENCE,
            _TITLE,
            _TYPE,
            "owner < owner.name: The committee or the recommendation that the date belongs to.",
            "basis: What the date rests on, a code of the vocabularies.",
            "instrument: The text that sets it.",
            "set_on: When it was set.",
            "rule: The rule by which it was counted.",
            "due_on: The day; empty while it waits for an event.",
            "due_within: The month or the year by whose end it is due, where nobody said a day.",
            "reckoning < reckoning.sentence: How the day was counted, in a sentence.",
            "baseline_due_on: The day that was set first.",
            "slip_days: By how many days it has moved since.",
            "timing < timing.state: Where it stands on the day of this export.",
            "days_overdue < timing.days_overdue: How many days it is overdue on that day.",
            _NOTE,
            *_WHEN,
        ),
    ),
    Table(
        "recommendations",
        "recommendation",
        "What somebody asked somebody to do.",
        read_columns(
            _ID,
            _REFERENCE,
            _PRINTED,
            _TITLE,
            "text: The words.",
            _LANGUAGE,
            _TYPE,
            "issuers < issuers.name: Who asks.",
            "issued_on: When it was asked, as exact as it is known.",
            "report < report.name: The report that it stands in.",
            "addressees < addressees.organization.name: Who is asked.",
            "tags < tags.code: Codes of other schemes.",
            _NOTE,
            *_WHEN,
        ),
    ),
    Table(
        "indicators",
        "indicator",
        "What is measured, over time.",
        read_columns(
            _ID,
            _REFERENCE,
            _TITLE,
            _TYPE,
            "concerns < concerns.name: What it is measured of.",
            "body < body.name: Who measures it.",
            "scope: What is counted.",
            "criteria: By what it is judged.",
            "recommendations < recommendations.name: The recommendations that it tells of.",
            _NOTE,
            *_WHEN,
        ),
    ),
    Table(
        "evidence",
        "evidence",
        "The items that statuses rest on, as far as they are public.",
        read_columns(
            _ID,
            _TITLE,
            _TYPE,
            "description: What it shows.",
            _LANGUAGE,
            "publisher < publisher.name: Who published it.",
            "published_on: When that was, as exact as it is known.",
            "source_url: Where it was published.",
            "archived_url: Where a copy is archived.",
            "occurred_from: The first day of what it shows.",
            "occurred_to: The last day of what it shows.",
            "country: The country (ISO 3166).",
            "area: The area; no more exact place is ever public.",
            "content_warnings: What a reader should know before looking.",
            "sha256 < file.sha256: The digest of the public copy.",
            *_WHEN,
        ),
    ),
    Table(
        "answers",
        "answer",
        "Who says what of what: the answers that stand on the day of this export.",
        read_columns(
            "subject: The id of what the answer is about.",
            "subject_title: What that is called.",
            "track: The question, a code; see `tracks` in the API.",
            "assessor < assessor.name: Whose answer it is.",
            "lead: Whether it is the headline.",
            "addressee < addressee.name: The addressee that the answer is of, where each has one.",
            "state: The answer, a code.",
            "since: Since when it holds.",
            "not_before: The earliest day, where only an interval is known.",
            "verified_on: When it was last looked at.",
            "stale: Whether that is longer ago than the process allows.",
            "basis: What it rests on: supported, weakened, contested or unsupported.",
            "reason: Why.",
            "change: The id of the status change.",
        ),
    ),
    Table(
        "acts",
        "act",
        "Every public act, oldest first.",
        read_columns(
            _ID,
            "place: Its place among all public acts; its entry in the log has the number before.",
            "at: When it was done (UTC).",
            "kind: What sort of act it is.",
            "subject: The id of what it is about.",
            "subject_kind: What that is.",
            "reason: Why, where the act itself says so.",
            "track < change.track: Of a status change: the question.",
            "assessor < change.assessor: Of a status change: the id of the organization.",
            "from < change.from: Of a status change: the state before.",
            "to < change.to: Of a status change: the state after.",
            "effective_on < change.effective_on: Of a status change: as of which day.",
            "change_reason < change.reason: Of a status change: why.",
        ),
    ),
)


def list_answers(record: Record) -> Iterator[Record]:
    """The answers that stand on a subject, each as a record of its own."""
    title = record.get("title") or record.get("name")
    for answers in record.get("standing", ()):
        rows = [(True, answers["lead"]), *((False, row) for row in answers["others"])]
        rows += [
            (row["assessor"] == answers["lead"]["assessor"], row) for row in answers.get("by_addressee", ())
        ]
        for lead, row in rows:
            yield {
                **row,
                "subject": record["id"],
                "subject_title": title,
                "track": answers["track"],
                "lead": lead,
            }


def list_dictionary() -> Iterator[tuple[str, str, str]]:
    """Each column with its table and what it says."""
    for table in TABLES:
        for column in table.columns:
            yield table.name, column.name, column.meaning
