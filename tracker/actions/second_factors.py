"""What somebody shows beside a password: the code of a phone, or, without the phone, a recovery code."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.actions.support.rewrapping import rewrap_rows
from tracker.actions.support.unit import Unit
from tracker.domain import one_time_codes
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import SealingUnavailable
from tracker.domain.text import to_ascii_digits
from tracker.sealing.sealer import BoxDamaged, KeyRetired, SealedBox, Sealer
from tracker.store import second_factors
from tracker.store.second_factors import SecondFactor

#: How many recovery codes somebody gets, and the random bytes of one: 80 bits need no slow hash.
RECOVERY_CODES: Final = 10
_RECOVERY_BYTES: Final = 10
_SECRET: Final = "secret"  # noqa: S105  # the name of a field


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody showed and was found right: the half minute of a phone's code, or a recovery code."""

    step: int | None = None
    recovery_code: str | None = field(default=None, repr=False)


def make_secret(entropy: Callable[[int], bytes]) -> str:
    """A new secret for a phone. It counts for nothing before it is set."""
    return one_time_codes.write_secret(entropy(one_time_codes.SECRET_BYTES))


def set_second_factor(unit: Unit, person: str, secret: str, sealer: Sealer, code: str = "") -> SecondFactor:
    """Set the secret of somebody's phone: one's own with a ``code`` that shows that the phone has it, or, for the
    operator at the machine, anybody's without."""
    unit.by.require("self.manage" if person == unit.by.id else "people.manage")
    step = None
    if person == unit.by.id:
        step = one_time_codes.find_step_of(secret, code, unit.now, None)
        if step is None:
            raise InvalidInput.at(
                "/code", sentence("is not the code that the phone shows now; check its clock")
            )
    box = sealer.seal({_SECRET: secret}, person)
    factor = unit.session.get(SecondFactor, person)
    if factor is None:
        factor = SecondFactor(person_id=person)
        unit.session.add(factor)
    factor.wrapped, factor.content, factor.used_step, factor.set_at = box.wrapped, box.content, step, unit.now
    unit.audit("second_factor.set", person)
    unit.session.flush()
    return factor


def make_recovery_codes(unit: Unit, person: str) -> list[str]:
    """New recovery codes in the place of the old ones. They are shown once and kept nowhere."""
    unit.by.require("self.manage" if person == unit.by.id else "people.manage")
    codes = [base64.b32encode(unit.entropy(_RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    second_factors.replace_codes(unit.session, person, codes)
    unit.audit("recovery_codes.set", person)
    return ["-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in codes]


def check_code(session: Session, sealer: Sealer, person: str, code: str, now: datetime) -> Shown | None:
    """What a code is that somebody typed; None for a wrong one. Reads only: `spend` makes it good no more."""
    factor = session.get(SecondFactor, person)
    if factor is None:
        return None
    step = one_time_codes.find_step_of(_open(sealer, factor), code, now, factor.used_step)
    if step is not None:
        return Shown(step)
    plain = _plain(code)
    return Shown(recovery_code=plain) if second_factors.has_code(session, person, plain) else None


def spend(unit: Unit, person: str, shown: Shown) -> bool:
    """Make a code good no more; whether it still was. Of two who send the same one at once, one is told that it is."""
    if shown.step is not None:
        return second_factors.note_step(unit.session, person, shown.step)
    return second_factors.use_code(unit.session, person, shown.recovery_code or "")


def rotate_keys(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """As `tracker.actions.sealed_fields.rotate_keys`, for the secrets of phones."""
    query = select(SecondFactor).where(SecondFactor.person_id > after)
    factors = unit.session.scalars(query.order_by(SecondFactor.person_id).limit(most)).all()

    def keep(factor: SecondFactor, wrapped: bytes) -> None:
        factor.wrapped = wrapped
        unit.audit("second_factor.rewrap", factor.person_id)

    return rewrap_rows(sealer, factors, lambda held: held.person_id, keep)


def _open(sealer: Sealer, factor: SecondFactor) -> str:
    try:
        return sealer.open(SealedBox(factor.wrapped, factor.content), factor.person_id)[_SECRET]
    except KeyRetired as error:
        raise SealingUnavailable(str(error)) from None
    except BoxDamaged:
        raise SealingUnavailable(
            sentence("the second factor is damaged; set it again on the command line")
        ) from None


def _plain(code: str) -> str:
    """A recovery code however somebody copied it."""
    return to_ascii_digits(code).lower().replace("-", "").replace(" ", "")
