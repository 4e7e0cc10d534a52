"""What somebody sends to log in at the desk."""

from __future__ import annotations

from typing import Final

from tracker.domain import password_brake
from tracker.schemas.fields import Strict, Text

_CODE: Final = 40


class LoginIn(Strict):
    """``code`` is what the phone shows now, or a recovery code."""

    name = Text(80, required=True)
    password = Text(password_brake.LONGEST, required=True, metadata={"format": "password"})
    code = Text(_CODE, required=True)


class LoginQuery(Strict):
    """Where to go on after the login: a page of the desk, below the language."""

    next = Text(2_000)


class Nothing(Strict):
    """An act that takes nothing but the wish to do it."""
