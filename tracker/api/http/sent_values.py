"""What was sent with a request, for a refusal to repeat what is at fault there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from marshmallow import Schema

from tracker.domain.errors import FieldError, Refusal
from tracker.domain.strict_json import VALUES, parse_json
from tracker.schemas.loading import load_value
from tracker.schemas.sent_values import add_sent_value


@dataclass(slots=True)
class Sent:
    """The shapes of the query and of the body, and the body as it was sent."""

    query: Schema | None
    body: Schema | None
    value: Any = None

    def load_body(self, shape: Schema, raw: bytes, most_values: int = VALUES) -> dict[str, Any]:
        """The JSON body as this shape reads it."""
        self.body, self.value = shape, parse_json(raw, most=most_values)
        return load_value(shape, self.value)

    def add_value(self, fault: FieldError) -> FieldError:
        """A fault with what was sent there: in the body, where it is a pointer, else as a parameter."""
        in_body = fault.pointer.startswith("/")
        shape, value = (self.body, self.value) if in_body else (self.query, _list_parameters())
        return fault if shape is None else add_sent_value(fault, shape, value)


def repeat_sent(
    query: Schema | None, body: Schema | None, view: Callable[[Sent, dict[str, str]], Response]
) -> Callable[..., Response]:
    """A view whose refusals say what was sent."""

    def answer(**parameters: str) -> Response:
        sent = Sent(query, body)
        try:
            return view(sent, parameters)
        except Refusal as refusal:
            refusal.fields = tuple(map(sent.add_value, refusal.fields))
            raise

    return answer


def _list_parameters() -> dict[str, Any]:
    """The parameters of the query; those that stand there twice with all their values."""
    given = request.args.to_dict(flat=False)
    return {name: values[0] if len(values) == 1 else values for name, values in given.items()}
