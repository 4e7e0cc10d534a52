"""What the REST door is given by the composition root, and how a handler reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy import Engine
from structlog.typing import FilteringBoundLogger

from tracker.actions.passwords import Brake
from tracker.api.limiting import Limit
from tracker.files.files import Files
from tracker.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    settings: Settings
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    engine: Engine
    log: FilteringBoundLogger
    limit: Limit
    files: Files | None = None
    brake: Brake = field(default_factory=Brake)


def context() -> Context:
    found: Context = current_app.extensions["tracker"]
    return found
