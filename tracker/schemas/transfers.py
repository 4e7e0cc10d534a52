"""Many things at once: what is sent to an import, its report, and the lines of an export."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields, post_dump, validate

from tracker.domain.revisions import ACTS, CORRECTION
from tracker.domain.vocabularies import codes
from tracker.schemas.day_fields import Day
from tracker.schemas.fields import LONG, Code, Strict, Text, Truth
from tracker.schemas.kinds import SHAPES
from tracker.schemas.list_fields import Table, list_of
from tracker.schemas.problems import SentValue
from tracker.schemas.questions import QuestionOut
from tracker.schemas.statuses import StatusChangeOut
from tracker.schemas.watchdogs import WatchdogOut

#: The most rows of one request. Everybody else who writes waits until it is through.
MOST_ROWS: Final = 1000
#: The most values of its body: a hundred for each row.
MOST_VALUES: Final = 100 * MOST_ROWS
#: The kinds that can be imported, each after those that it may name.
IMPORTED: Final = (*SHAPES, "member", "mandate", "figure", "extension", "watchdog", "change")
OUTCOMES: Final = (
    *("created", "would_create", "updated", "would_update", "proposed", "would_propose"),
    *("unchanged", "waiting", "withdrawn", "refused"),
)
_LINES: Final[dict[str, type[Schema]]] = {
    **{kind: one.kept for kind, one in SHAPES.items()},
    "watchdog": WatchdogOut,
    "change": StatusChangeOut,
    "question": QuestionOut,
}


class ImportIn(Strict):
    """Rows of one kind. Each is what a POST to its own collection takes; where it names a thing, the slug of an
    organization or a process, the name or an alias of an organization and the reference of a subject of the same
    process do as well as an id, and rows further up count. A `reference` that is left out is made from
    `printed_number`; one that is a number as printed, such as `2(a)`, becomes that number."""

    kind = Code(IMPORTED, required=True)
    process = Text(
        80, named=True, metadata={"description": "The id or slug of the process of rows that name none."}
    )
    rows = list_of(
        fields.Dict(),
        MOST_ROWS,
        least=1,
        required=True,
        metadata={"description": f"1 to {MOST_ROWS} objects, each as the body of a POST to its collection."},
    )
    new_organizations = Table(
        Text(80),
        Code(codes.ORGANIZATION_TYPE),
        20,
        metadata={
            "description": "By the member that names it, as `addressees.organization`: of which type an organization"
            " becomes that nobody is called. It is made as a draft, with a slug made from its name. Left out, such a"
            " row is refused."
        },
    )
    reason = Text(
        LONG,
        lines=True,
        metadata={"description": "Why what is public is revised. Another person decides on each revision."},
    )
    revision = Code(
        ACTS,
        load_default=CORRECTION,
        metadata={"description": "Whether it was wrong from the start, or the world changed (`since`)."},
    )
    since = Day(metadata={"description": "Of an update: the first day on which it is so."})
    again = Truth(
        load_default=False,
        metadata={"description": "Record again what was a draft under this reference and was withdrawn."},
    )
    propose = Truth(
        load_default=False,
        metadata={
            "description": "Ask another person to approve all of it: then drafts become public, and status changes and"
            " revisions stand."
        },
    )
    dry_run = Truth(
        load_default=True,
        metadata={"description": "Only report what would become of each row; true where left out."},
    )


class RowFault(Schema):
    """One member of a row that is at fault."""

    pointer = fields.String(required=True, metadata={"description": "A JSON Pointer into the row."})
    detail = fields.String(required=True)
    value = SentValue()

    @post_dump
    def leave_out_nothing(self, fault: dict[str, Any], **_more: Any) -> dict[str, Any]:
        """Without the value where it is not repeated."""
        return {name: value for name, value in fault.items() if value is not None}


class RowDifference(Schema):
    """A member in which a row differs from what is recorded."""

    member = fields.String(required=True, metadata={"description": "As an edit calls it."})
    before = fields.Raw(required=True, metadata={"description": "As it is recorded, or null."})
    after = fields.Raw(required=True, metadata={"description": "As the row says it."})


class ImportedRow(Schema):
    """What became of a row, or would."""

    row = fields.Integer(
        required=True, metadata={"description": "Its place: the first is 0, as in a pointer."}
    )
    outcome = Code(OUTCOMES, required=True)
    name = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Its slug or reference, null where it has none; of a status change its subject, track, state"
            " and day."
        },
    )
    id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of what is in the record, null for the rest."},
    )
    differs = fields.List(
        fields.Nested(RowDifference), required=True, metadata={"description": "What is, or would be, edited."}
    )
    proposal = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The revision that waits for another person, where the thing is public."},
    )
    problem = fields.String(
        attribute="refusal.code",
        metadata={"description": "Why it is refused: the last part of a problem type."},
    )
    detail = fields.String(attribute="refusal.detail")
    errors = fields.List(fields.Nested(RowFault), attribute="refusal.fields")
    missing = fields.List(fields.String(), attribute="refusal.missing")


class ImportTotals(Schema):
    """How many rows are, or would be, what."""

    created = fields.Integer(required=True, metadata={"description": "In a dry run, how many would be."})
    updated = fields.Integer(required=True, metadata={"description": "There already, and edited."})
    proposed = fields.Integer(
        required=True, metadata={"description": "Public, so that another person decides."}
    )
    unchanged = fields.Integer(required=True, metadata={"description": "There already, and saying the same."})
    waiting = fields.Integer(required=True, metadata={"description": "The same revision waits already."})
    withdrawn = fields.Integer(
        required=True, metadata={"description": "Recorded before and withdrawn; left out. See `again`."}
    )
    refused = fields.Integer(required=True)
    unnamed = fields.Integer(
        required=True,
        metadata={"description": "Without a reference: the same import would record them once more."},
    )


class ImportFault(Schema):
    """A fault that rows have in common."""

    pointer = fields.String(
        required=True, metadata={"description": "A JSON Pointer into the row, without places in lists."}
    )
    detail = fields.String(required=True, metadata={"description": "What is said of the first of them."})
    count = fields.Integer(required=True, metadata={"description": "How many times it was found."})
    rows = fields.List(
        fields.Integer(),
        required=True,
        attribute="first",
        metadata={"description": "The places of the first of these rows."},
    )


class ImportedOnTheWay(Schema):
    """What rows named and nobody knew."""

    kind = fields.String(required=True)
    name = fields.String(required=True, metadata={"description": "Its slug."})
    called = fields.String(required=True, metadata={"description": "What the rows call it."})
    id = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where it is not in the record."}
    )


class ImportReport(Schema):
    """What became of each row, or would. ``recorded`` says whether they are in the record now."""

    recorded = fields.Boolean(required=True)
    dry_run = fields.Boolean(required=True)
    totals = fields.Nested(ImportTotals, required=True)
    faults = fields.List(
        fields.Nested(ImportFault),
        required=True,
        metadata={"description": "What is wrong, by kind of fault, with the first rows of each."},
    )
    batch = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The proposal to approve all that was recorded, where one was asked for."},
    )
    made = fields.List(
        fields.Nested(ImportedOnTheWay),
        required=True,
        metadata={"description": "Organizations that are, or would be, made on the way."},
    )
    rows = fields.List(fields.Nested(ImportedRow), required=True)


def _kind(kind: str) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf([kind]))


#: The shapes of a line: what the endpoint of a kind answers, and its kind.
LINES: Final[tuple[type[Schema], ...]] = tuple(
    type(f"{kind.title()}Line", (shape,), {"kind": _kind(kind)}) for kind, shape in _LINES.items()
)


class EndLine(Schema):
    """The last line. An export without it was cut off."""

    kind = _kind("end")
    count = fields.Integer(required=True, metadata={"description": "How many lines stand above."})
