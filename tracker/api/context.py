"""What the REST door is given by the composition root, and how a handler reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Engine

from tracker.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    settings: Settings
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    engine: Engine


def context() -> Context:
    found: Context = current_app.extensions["tracker"]
    return found
