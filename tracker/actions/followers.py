"""Following what is public by mail, without an account.

An address is told nothing before the link that was sent there was opened and its button pressed. Whatever is sent, the
answer is the same; so nobody learns who follows what. No audit entry holds any of it: who reads is nobody's business.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from tracker.actions.support.letters import Addressed, queue_letter
from tracker.actions.support.rewrapping import rewrap_rows
from tracker.actions.support.secrets import draw_secret
from tracker.actions.support.unit import Unit
from tracker.domain import following
from tracker.domain.errors import NotFound
from tracker.domain.mail import check_address
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.domain.service_errors import SealingUnavailable, TooManyRequests
from tracker.languages.i18n import Language
from tracker.languages.letters import write_following
from tracker.public.events import find_last_place
from tracker.public.feeds import streams
from tracker.public.feeds.streams import Stream
from tracker.sealing.sealer import SealedBox, Sealer, SealingError
from tracker.store import followers, mail
from tracker.store.followers import Follower
from tracker.store.people import digest_secret

#: Somebody without an account.
SOMEBODY: Final = Actor("somebody", frozenset())
_ADDRESS, _ENDING = "address", "ending"
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to follow: of which ``kind``, ``what``, in which language, and the ``page`` where they said
    so. ``site`` is the address of this tracker in that language."""

    address: str = field(repr=False)
    kind: str
    what: str
    language: Language
    page: str
    site: str


def find_stream(unit: Unit, kind: str, what: str, language: Language) -> Stream:
    """The public acts that are followed, in a language. `NotFound` where nothing such is public."""
    return streams.follow(unit.connection, kind, what, unit.now, language.code)


def follow(unit: Unit, wish: Wish, sealer: Sealer, secret: str) -> None:
    """Ask an address whether its owner wants to follow. Nothing is sent where it follows this already, was asked today,
    or was asked too often; who asks does not learn it. What is written then holds no address, and is swept a day later.
    `TooManyRequests` where many ask."""
    check_address(wish.address, "/address")
    stream = find_stream(unit, wish.kind, wish.what, wish.language)
    _sweep(unit)
    if followers.count_asked(unit.session, unit.now - _HOUR) >= following.MOST_AN_HOUR:
        raise TooManyRequests(sentence("many people ask to follow at this moment; wait an hour"), wait=3600)
    digest = _digest_address(wish.address, secret)
    what = wish.what if wish.kind == "search" else stream.own  # a short name may change
    known = followers.find_follower(unit.session, address=digest, kind=wish.kind, what=what) is not None
    asked = followers.count_asked(unit.session, unit.now - following.PROOF, digest)
    # Where nothing is sent, as much is written: neither the time it takes nor the count of an hour tells.
    silent = known or asked >= following.MOST_FOR_ADDRESS
    address = "-" * len(wish.address) if silent else wish.address
    id, proof, ending = unit.new_id("follower"), draw_secret(unit), draw_secret(unit)
    box = sealer.seal({_ADDRESS: address, _ENDING: ending}, id)
    followers.add_follower(
        unit.session,
        id=id,
        address=digest_secret(proof) if silent else digest,
        kind=wish.kind,
        what=what,
        wrapped=box.wrapped,
        content=box.content,
        language=wish.language.code,
        page=wish.page,
        proof=digest_secret(proof),
        ending=digest_secret(ending),
        asked_at=unit.now,
        place=0,
        next_at=unit.now,
    )
    # A search is the words of the person who asks: the tracker sends nobody what a stranger wrote.
    title = None if wish.kind == "search" else stream.title
    written = write_following(wish.language, title, f"{wish.site}/follow/confirmation?link={proof}")
    queue_letter(unit, sealer, "confirmation", id, Addressed(address, wish.language), written, waits=silent)


def find_asked(unit: Unit, link: str) -> Follower:
    """Whom the link of a letter asks. `NotFound` for one that was used, has run out, or never was."""
    follower = followers.find_follower(unit.session, proof=digest_secret(link))
    if follower is None or unit.now >= follower.asked_at + following.PROOF:
        raise NotFound(
            sentence(
                "this link was used already, or has run out; ask again on the page that you want to follow"
            )
        )
    return follower


def confirm_following(unit: Unit, link: str) -> None:
    """Follow from now on."""
    follower = find_asked(unit, link)
    place = find_last_place(unit.connection)
    values = {"proof": None, "confirmed_at": unit.now, "place": place}
    followers.change_follower(unit.session, follower.id, **values)


def find_following(unit: Unit, link: str) -> Follower:
    """Who ends it by this link. `NotFound` where it was ended already."""
    follower = followers.find_follower(unit.session, ending=digest_secret(link))
    if follower is None:
        raise NotFound(sentence("this was ended already; no further letter comes"))
    return follower


def end_following(unit: Unit, link: str) -> None:
    """Follow no more: the address is deleted, with all that waits for it."""
    forget(unit, find_following(unit, link).id)


def forget(unit: Unit, id: str) -> None:
    followers.forget_follower(unit.session, id)
    mail.drop_letters(unit.session, id, ("confirmation", "news"))


def leave_address(unit: Unit, address: str, secret: str) -> int:
    """Forget all that follows by an address that takes no mail; how many there were."""
    own = followers.list_of_address(unit.session, _digest_address(address, secret))
    for id in own:
        forget(unit, id)
    return len(own)


def open_follower(follower: Follower, sealer: Sealer) -> tuple[str, str]:
    """The address, and the link that ends it."""
    try:
        fields = sealer.open(SealedBox(follower.wrapped, follower.content), follower.id)
    except SealingError as error:
        raise SealingUnavailable(str(error)) from None
    return fields[_ADDRESS], fields[_ENDING]


def rotate_keys(unit: Unit, sealer: Sealer, after: str, most: int) -> tuple[int, str | None]:
    """As `tracker.actions.sealed_fields.rotate_keys`, for addresses of followers."""
    return rewrap_rows(
        sealer,
        followers.list_followers_after(unit.session, after, most),
        lambda row: row.id,
        lambda row, wrapped: followers.change_follower(unit.session, row.id, wrapped=wrapped),
    )


def _sweep(unit: Unit) -> None:
    """Forget whom nobody confirmed."""
    for id in followers.list_unconfirmed(unit.session, unit.now - following.PROOF):
        forget(unit, id)


def _digest_address(address: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), f"follower\0{address.lower()}".encode(), hashlib.sha256)
