"""What the REST door is given by the composition root, and how a handler reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import Engine
from structlog.typing import FilteringBoundLogger

from tracker.actions.passwords import Brake
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import SealingUnavailable
from tracker.files.files import Files
from tracker.http.rate_limits import RateLimits
from tracker.public.replica import PublicReads
from tracker.sealing.sealer import KeysMissing, Sealer, read_keys
from tracker.settings import Settings

if TYPE_CHECKING:
    from tracker.http.follow_up import FollowUp


@dataclass(frozen=True, slots=True)
class Context:
    settings: Settings
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    engine: Engine
    #: From where the public side is read.
    reads: PublicReads
    log: FilteringBoundLogger
    limit: RateLimits
    files: Files | None = None
    monotonic: Callable[[], float] = monotonic
    #: Follows commits off the request; None: each request does it before it is answered.
    follow_up: FollowUp | None = None
    #: The contract, `json` or `yaml`.
    contract: Callable[[str], bytes] = lambda _form: b""

    @property
    def brake(self) -> Brake:
        """What makes somebody who guesses a password wait."""
        return Brake(self.settings.secret_key, self.entropy)

    def sealer(self) -> Sealer:
        """What sealed fields are sealed and opened with; `SealingUnavailable` without keys."""
        try:
            return Sealer(read_keys(self.settings.sealing_keys), self.entropy)
        except KeysMissing:
            raise SealingUnavailable(sentence("the tracker was given no keys that it can read")) from None


def context() -> Context:
    known: Context = current_app.extensions["tracker"]
    return known
