"""Whether a map fits a table, and the shape of what its rows become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from marshmallow import Schema, fields

from tracker.actions.imports import check_new_organizations
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.vocabularies import codes
from tracker.tables.import_plan import ImportMap, Use
from tracker.tables.table_files import Table

#: How many columns are named that are no member.
_NAMED: Final = 5


def check_uses(
    shape: Schema, uses: Sequence[tuple[str, Use]], constants: Mapping[str, str], table: Table
) -> None:
    """`InvalidInput` where a column or a member is not there, or a member is filled twice."""
    table.require_columns([name for name, _use in uses])
    filled: dict[str, str] = {}
    for name, use in uses:
        _require_known(shape, use.member, "/map")
        if use.after is None and use.member in filled:
            both = sentence("%(days)s and %(last)s", days=repr(filled[use.member]), last=repr(name))
            raise InvalidInput.at(
                "/map",
                sentence(
                    "the columns %(both)s both fill the member %(member)s; fill it once",
                    both=both,
                    member=repr(use.member),
                ),
            )
        if use.after is None:
            filled[use.member] = name
    for member in constants:
        _require_known(shape, member, "/set")
        if member in filled:
            both = sentence(
                "the column %(column)s fills the member %(member)s already",
                column=repr(filled[member]),
                member=repr(member),
            )
            raise InvalidInput.at("/set", sentence("%(both)s; leave one of the two out", both=both))


def check_names(shape: Schema, table: Table) -> None:
    """`InvalidInput` where no map says what the columns are, and one is called as no member: what it is would be lost
    without a word."""
    unknown = [
        name
        for name in table.columns
        if not _list_parts(shape, [name]) and not is_known(shape, name.split("."))
    ]
    if not unknown:
        return
    line = next(
        (number for number, cells in table.first if sum(is_known(shape, [cell]) for cell in cells) > 1), None
    )
    named = ", ".join(map(repr, unknown[:_NAMED])) + (" …" if len(unknown) > _NAMED else "")
    detail = sentence(
        "there is no member %(member)s; there are: %(fields)s", member=named, fields=", ".join(shape.fields)
    )
    if line is not None and len(unknown) == len(table.columns):
        raise InvalidInput.at(
            "/map",
            sentence(
                "%(detail)s. The names stand in line %(line)s: add --header %(line)s",
                detail=detail,
                line=line,
            ),
        )
    raise InvalidInput.at(
        "/map",
        sentence(
            "%(detail)s. Say which member a column is, as %(column)s=MEMBER; once one is said, columns that are called"
            " as no member are not read",
            detail=detail,
            column=unknown[0],
        ),
    )


def check_organizations(shapes: Sequence[Schema], plan: ImportMap) -> None:
    """`InvalidInput` where no organization can be made as the map says."""
    check_new_organizations(shapes, plan.new_organizations)
    for type_ in plan.new_organizations.values():
        if type_ not in codes.ORGANIZATION_TYPE:
            known = ", ".join(codes.ORGANIZATION_TYPE)
            raise InvalidInput.at(
                "/new_organizations",
                sentence(
                    "%(type)s is no type of organization; there are: %(known)s", type=repr(type_), known=known
                ),
            )


def _require_known(shape: Schema, member: str, at: str) -> None:
    path = member.split(".")
    if is_known(shape, path):
        return
    parts = ", ".join(_list_parts(shape, path))
    raise InvalidInput.at(
        at,
        sentence(
            "%(member)s has parts, and a cell fills one of them: %(parts)s", member=repr(member), parts=parts
        )
        if parts
        else sentence(
            "there is no member %(member)s; there are: %(fields)s",
            member=repr(member),
            fields=", ".join(shape.fields),
        ),
    )


def _list_parts(shape: Schema, path: Sequence[str]) -> list[str]:
    """How the parts of a member are named, where it is one that has parts."""
    if len(path) > 1 or path[0] not in shape.fields:
        return []
    member = shape.fields[path[0]]
    inner = member.inner if isinstance(member, fields.List) else member
    if isinstance(inner, fields.Nested):
        return [f"{path[0]}.{name}" for name in inner.schema.fields]
    return [f"{path[0]}.NAME"]


def is_known(shape: Schema, path: Sequence[str]) -> bool:
    """Whether a cell can fill the member that a path leads to."""
    member = shape.fields.get(path[0])
    inner = member.inner if isinstance(member, fields.List) else member
    if isinstance(inner, fields.Nested):
        return len(path) > 1 and is_known(inner.schema, path[1:])
    if isinstance(inner, fields.Dict):
        return len(path) == 2
    return inner is not None and len(path) == 1
