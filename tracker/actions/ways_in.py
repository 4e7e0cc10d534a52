"""The ways into an account beside password and phone: passkeys, and identities at a provider. They fall together."""

from __future__ import annotations

from datetime import datetime

from tracker.actions import identities, passkeys
from tracker.actions.support.unit import Unit


def close_ways_in(unit: Unit, person: str, since: datetime | None = None) -> None:
    """Close those of somebody; those that were opened ``since`` a moment, where one is named."""
    passkeys.drop_passkeys(unit, person, since)
    identities.drop_identities(unit, person, since)
