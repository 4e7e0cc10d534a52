"""The accountability tracker: who owes what, by when, with which means; what was done; who says so, on what."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"


def create_app(*args: Any, **kwargs: Any) -> Any:
    """The application; see `tracker.app.create_app`. Imported late, so that `tracker.domain` stays light."""
    from tracker.app import create_app as build  # noqa: PLC0415

    return build(*args, **kwargs)
