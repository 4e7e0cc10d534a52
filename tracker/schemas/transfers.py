"""Many things at once: what is sent to an import, its report, and the lines of an export."""

from __future__ import annotations

from typing import Final

from marshmallow import Schema, fields, validate

from tracker.schemas.fields import Code, Strict, Text, Truth, list_of
from tracker.schemas.kinds import SHAPES
from tracker.schemas.statuses import StatusChangeOut

#: The most rows of one request. Everybody else who writes waits until it is through.
MOST_ROWS: Final = 1000
#: The most values of its body: a hundred for each row.
MOST_VALUES: Final = 100 * MOST_ROWS
#: The kinds that can be imported, each after those that it may name.
IMPORTED: Final = tuple(SHAPES)
OUTCOMES: Final = ("created", "would_create", "unchanged", "refused")
_LINES: Final[dict[str, type[Schema]]] = {
    **{kind: one.kept for kind, one in SHAPES.items()},
    "change": StatusChangeOut,
}


class ImportIn(Strict):
    """Rows of one kind. Each is what a POST to its own collection takes; where it names a thing, the slug of an
    organization or a process and the reference of a subject of the same process do as well as an id, and rows further
    up count."""

    kind = Code(IMPORTED, required=True)
    process = Text(80, metadata={"description": "The id or slug of the process of rows that name none."})
    rows = list_of(
        fields.Dict(),
        MOST_ROWS,
        least=1,
        required=True,
        metadata={"description": f"1 to {MOST_ROWS} objects, each as the body of a POST to its collection."},
    )
    dry_run = Truth(
        load_default=True,
        metadata={"description": "Only report what would become of each row; true where left out."},
    )


class RowFault(Schema):
    pointer = fields.String(required=True, metadata={"description": "A JSON Pointer into the row."})
    detail = fields.String(required=True)


class ImportedRow(Schema):
    row = fields.Integer(
        required=True, metadata={"description": "Its place: the first is 0, as in a pointer."}
    )
    outcome = Code(OUTCOMES, required=True)
    name = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Its slug or reference, null where it has none."},
    )
    id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of what is in the record, null for the rest."},
    )
    problem = fields.String(
        attribute="refusal.code",
        metadata={"description": "Why it is refused: the last part of a problem type."},
    )
    detail = fields.String(attribute="refusal.detail")
    errors = fields.List(fields.Nested(RowFault), attribute="refusal.fields")
    missing = fields.List(fields.String(), attribute="refusal.missing")


class ImportTotals(Schema):
    created = fields.Integer(required=True, metadata={"description": "In a dry run, how many would be."})
    unchanged = fields.Integer(required=True, metadata={"description": "There already, and saying the same."})
    refused = fields.Integer(required=True)
    unnamed = fields.Integer(
        required=True,
        metadata={"description": "Without a reference: the same import would record them once more."},
    )


class ImportReport(Schema):
    """What became of each row, or would. ``recorded`` says whether they are in the record now."""

    recorded = fields.Boolean(required=True)
    dry_run = fields.Boolean(required=True)
    totals = fields.Nested(ImportTotals, required=True)
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
