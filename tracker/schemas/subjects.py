"""Any subject: the shape of its own collection, with its kind beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields, validate

from tracker.domain.tracks import SUBJECTS
from tracker.schemas.kinds import SHAPES


def _of_kind(shape: type[Schema], kind: str) -> type[Schema]:
    """The same shape with its kind beside it, for where any may stand."""
    named = fields.String(required=True, validate=validate.Equal(kind))
    return type(f"{kind.title()}Subject", (shape,), {"kind": named})


class AnySubject(Schema):
    """A subject of any kind; ``kind`` tells which of these shapes it has."""

    VARIANTS: Final[Mapping[str, type[Schema]]] = {
        kind: _of_kind(SHAPES[kind].kept, kind) for kind in SUBJECTS
    }

    def dump(self, obj: Any, **kwargs: Any) -> Any:
        return self.VARIANTS[obj.kind]().dump(obj, **kwargs)
