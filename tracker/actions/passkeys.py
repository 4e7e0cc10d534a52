"""Passkeys: a device is added, shown what to sign, checked, and removed. `webauthn` is an extra, imported where it is
needed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from tracker.actions.support.unit import Unit
from tracker.domain.errors import AlreadyDone, BadJson, InvalidInput, NotFound
from tracker.domain.one_time_codes import ISSUER
from tracker.domain.passkeys import MOST, RANDOM_BYTES, find_end, make_challenge
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import WrongPasskey
from tracker.domain.strict_json import parse_json
from tracker.store import challenges, passkeys
from tracker.store.passkeys import Passkey

_WRONG: Final = sentence("it is unknown here, was removed, or was asked in another way than this page asks")
_OVER: Final = sentence("the page was open for too long, or was answered before; try once more")


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are good: the ``host`` that a device keeps them for, the ``origins`` under which a browser knows
    the pages of this site, and the ``secret`` by which challenges are known again."""

    host: str
    origins: tuple[str, ...]
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One that was answered and is still good, as its digest."""

    digest: bytes
    over_at: datetime


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a device made, and was found right."""

    credential: bytes
    public_key: bytes
    sign_count: int
    challenge: Challenge


@dataclass(frozen=True, slots=True)
class Signed:
    """What a device signed, and was found right: by which passkey, and how far the device has counted."""

    passkey: str
    sign_count: int
    challenge: Challenge


def ask_for_passkey(
    session: Session, by: Actor, name: str, site: Site, entropy: Callable[[int], bytes], now: datetime
) -> str:
    """What a browser is asked for a new passkey of somebody: JSON as `PublicKeyCredentialCreationOptionsJSON` has it.

    The device keeps their name and their id, and asks for its PIN, a finger or a face whenever it is used.
    """
    import webauthn  # noqa: PLC0415  # an extra
    from webauthn.helpers import structs  # noqa: PLC0415  # an extra

    own = passkeys.list_passkeys(session, by.id)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=ISSUER,
        user_id=by.id.encode(),
        user_name=name,
        challenge=_make_challenge(site, _name_adding(by), entropy, now),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(one.credential) for one in own],
    )
    return webauthn.options_to_json(options)


def ask_for_signature(site: Site, purpose: str, entropy: Callable[[int], bytes], now: datetime) -> str:
    """What a browser is asked for a passkey that it has: `PublicKeyCredentialRequestOptionsJSON`. It names none, so it
    tells nobody who has one."""
    import webauthn  # noqa: PLC0415  # an extra
    from webauthn.helpers import structs  # noqa: PLC0415  # an extra

    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=_make_challenge(site, purpose, entropy, now),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def check_new_passkey(by: Actor, site: Site, answer: str, now: datetime) -> NewPasskey:
    """What the device of somebody made. Reads only. `WrongPasskey` for what it was not asked for here."""
    import webauthn  # noqa: PLC0415  # an extra

    with _refuse_what_is_wrong():
        read = _read_answer(answer)
        sent, challenge = _find_challenge(site, _name_adding(by), read, now)
        made = webauthn.verify_registration_response(
            credential=read,
            expected_challenge=sent,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            require_user_verification=True,
        )
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count, challenge)


def add_passkey(unit: Unit, new: NewPasskey, label: str) -> Passkey:
    """Keep a passkey of one's own. From now on it opens sessions."""
    unit.by.require("self.manage")
    if passkeys.count_passkeys(unit.session, unit.by.id) >= MOST:
        raise InvalidInput.at("/label", sentence("you have %(most)s passkeys; remove one first", most=MOST))
    if passkeys.find_passkey(unit.session, new.credential) is not None:
        raise AlreadyDone(sentence("this passkey is known here already"))
    _spend(unit, new.challenge)
    passkey = Passkey(
        id=unit.new_id("passkey"),
        person_id=unit.by.id,
        credential=new.credential,
        public_key=new.public_key,
        sign_count=new.sign_count,
        label=label,
        added_at=unit.now,
    )
    unit.session.add(passkey)
    unit.audit("passkey.add", passkey.id)
    unit.session.flush()
    return passkey


def find_passkey(session: Session, answer: str) -> Passkey | None:
    """The passkey that an answer claims to be of; nothing is proven by that."""
    try:
        with _refuse_what_is_wrong():
            return passkeys.find_passkey(session, _decode(_read_answer(answer)["id"]))
    except WrongPasskey:
        return None


def check_signature(passkey: Passkey, site: Site, purpose: str, answer: str, now: datetime) -> Signed:
    """What a device signed with this passkey, for this site and purpose, after it had seen its owner. Reads only:
    `spend` makes it good no more. `WrongPasskey` for anything else, and for a device that counts backwards: it was
    copied."""
    import webauthn  # noqa: PLC0415  # an extra

    with _refuse_what_is_wrong():
        read = _read_answer(answer)
        sent, challenge = _find_challenge(site, purpose, read, now)
        handle = read["response"].get("userHandle")
        if handle is not None and _decode(handle) != passkey.person_id.encode():
            raise WrongPasskey(_WRONG)
        signed = webauthn.verify_authentication_response(
            credential=read,
            expected_challenge=sent,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    return Signed(passkey.id, signed.new_sign_count, challenge)


def spend(unit: Unit, signed: Signed) -> None:
    """Note the use of a passkey. `WrongPasskey` where it was removed or used by somebody else in the meantime: of two
    who send the same answer at once, one is told."""
    _spend(unit, signed.challenge)
    if not passkeys.note_use(unit.session, signed.passkey, signed.sign_count, unit.now.date()):
        raise WrongPasskey(_WRONG)


def get_passkey(session: Session, by: Actor, id: str) -> Passkey:
    """A passkey of one's own."""
    passkey = session.get(Passkey, id)
    if passkey is None or passkey.person_id != by.id:
        raise NotFound(sentence("you have no passkey %(id)s", id=repr(id[:64])))
    return passkey


def remove_passkey(unit: Unit, id: str) -> None:
    """Remove a passkey of one's own: it opens nothing any more."""
    unit.by.require("self.manage")
    _remove(unit, get_passkey(unit.session, unit.by, id))


def drop_passkeys(unit: Unit, person: str, since: datetime | None = None) -> None:
    """Remove the passkeys of somebody; those that were added ``since`` a moment, where one is named."""
    for passkey in passkeys.list_passkeys(unit.session, person):
        if since is None or passkey.added_at >= since:
            _remove(unit, passkey)


def _remove(unit: Unit, passkey: Passkey) -> None:
    unit.session.delete(passkey)
    unit.audit("passkey.remove", passkey.id)
    unit.session.flush()


def _name_adding(by: Actor) -> str:
    """For what a challenge is given out to somebody who adds a passkey."""
    return f"add {by.id}"


def _make_challenge(site: Site, purpose: str, entropy: Callable[[int], bytes], now: datetime) -> bytes:
    return make_challenge(site.secret, purpose, entropy(RANDOM_BYTES), now)


def _find_challenge(site: Site, purpose: str, read: Any, now: datetime) -> tuple[bytes, Challenge]:
    """The challenge that a browser says was answered, and that it was given out for this purpose."""
    client = parse_json(_decode(read["response"]["clientDataJSON"]), sentence("what the browser says"))
    sent = _decode(client["challenge"])
    end = find_end(site.secret, purpose, sent, now)
    if end is None:
        raise WrongPasskey(_OVER)
    return sent, Challenge(hashlib.sha256(sent).digest(), end)


def _spend(unit: Unit, challenge: Challenge) -> None:
    if not challenges.spend_challenge(unit.session, challenge.digest, challenge.over_at, unit.now):
        raise WrongPasskey(_OVER)


def _read_answer(answer: str) -> Any:
    return parse_json(answer.encode(), sentence("the answer of the device"))


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def _refuse_what_is_wrong() -> Iterator[None]:
    """What a browser sends is anything at all, until it is verified."""
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  # an extra

    try:
        yield
    except (WebAuthnException, BadJson, ValueError, TypeError, LookupError, AttributeError):
        raise WrongPasskey(_WRONG) from None
