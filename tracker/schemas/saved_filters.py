"""Filters that somebody keeps under a name."""

from __future__ import annotations

from tracker.schemas.fields import Strict, Text, Truth


class SavedFilterIn(Strict):
    """``query`` are the parameters of the page, as its address has them."""

    name = Text(80, required=True)
    shared = Truth()
    page = Text(200, required=True)
    query = Text(2_000)
