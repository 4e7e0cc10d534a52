"""Accounts, keys, the standing of watchdogs: what is sent, and what is answered. Nothing here ever carries a digest."""

from __future__ import annotations

from marshmallow import Schema, fields

from tracker.domain import password_brake
from tracker.domain.mail import ADDRESS
from tracker.domain.people import MOST_PROCESSES, PERMISSIONS, ROLES
from tracker.domain.sent_values import Repeats
from tracker.schemas.day_fields import Moment
from tracker.schemas.fields import Code, Id, Strict, Text, Truth, Whole
from tracker.schemas.list_fields import Several, list_of

_SCOPE = {"description": "The permissions it is limited to; null means all that its holder has."}
_PROCESSES = {
    "description": "The processes that it works on; null for all. Only roles of the desk are limited."
}
_ORIGIN = {
    "description": "The key by which it was made; null where it was made at the desk or on the command line."
}
_STOLEN = (
    "With `suspended`: since when others had the account. What its sessions at the desk gave since then falls: keys,"
    " links, roles, accounts, and proposals that wait."
)
_ENDED = (
    "True ends the account for good: its sessions, keys, links, password, phone, claims and kept forms are gone, and"
    " only the audit trail knows its name. Nobody takes that back."
)
_SECRET = "A password: 15 to 256 characters, whatever you like in them."  # noqa: S105  # a description
#: Why a key was revoked. A code, so that the audit can keep it.
REVOKED = ("replaced", "no_longer_needed", "lost", "leaked")


def _list_processes() -> Several:
    return list_of(Id("process"), MOST_PROCESSES, allow_none=True, metadata=_PROCESSES)


class AccountIn(Strict):
    refusals_repeat = Repeats.CODES

    name = Text(80, required=True)
    roles = list_of(Code(ROLES), len(ROLES), required=True)
    organization = Id("organization")
    processes = _list_processes()


class InvitationIn(AccountIn):
    """An account, and where a letter with its link goes."""

    mail = Text(ADDRESS)


class LinkIn(Strict):
    """Where a letter with a link goes."""

    mail = Text(ADDRESS)


class AccountPatch(Strict):
    """For whom somebody speaks never changes; they get another account."""

    refusals_repeat = Repeats.CODES

    roles = list_of(Code(ROLES), len(ROLES))
    processes = _list_processes()
    suspended = Truth()
    stolen_since = Moment(metadata={"description": _STOLEN})
    ended = Truth(metadata={"description": _ENDED})


class AccountOut(Schema):
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = Moment(attribute="person.created_at", required=True)
    name = fields.String(attribute="person.name", required=True)
    roles = fields.List(fields.String(), attribute="person.roles", required=True)
    organization = fields.String(attribute="person.organization_id", allow_none=True, required=True)
    processes = fields.List(
        fields.String(), attribute="person.processes", allow_none=True, required=True, metadata=_PROCESSES
    )
    suspended_at = Moment(attribute="person.suspended_at", allow_none=True, required=True)
    ended_at = Moment(
        attribute="person.ended_at",
        allow_none=True,
        required=True,
        metadata={"description": "When the account ended for good; null while it has not."},
    )
    origin = fields.String(attribute="person.origin_id", allow_none=True, required=True, metadata=_ORIGIN)
    proposal = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What waits for a second admin: more roles, or an end of the suspension."},
    )


class ColleagueOut(Schema):
    """Somebody of the desk: whom an id stands for."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class KeyIn(Strict):
    """A key for oneself, or, for who manages people, for anybody."""

    refusals_repeat = Repeats.CODES

    account = Id("person")
    days = Whole(1, 3650, metadata={"description": "How long it is good for; a year where left out."})
    scope = list_of(Code(PERMISSIONS), len(PERMISSIONS), metadata=_SCOPE)


class RevocationIn(Strict):
    """Why a key is revoked."""

    reason = Code(REVOKED, required=True)


class KeyOut(Schema):
    """A key without its secret."""

    id = fields.String(required=True)
    account = fields.String(attribute="person_id", required=True)
    created_at = Moment(required=True)
    active_at = Moment(
        required=True, allow_none=True, metadata={"description": "Null until a second admin has approved it."}
    )
    origin = fields.String(attribute="origin_id", required=True, allow_none=True, metadata=_ORIGIN)
    expires_at = Moment(required=True)
    revoked_at = Moment(allow_none=True, required=True)
    scope = fields.List(fields.String(), allow_none=True, metadata=_SCOPE, required=True)
    last_used_on = fields.Date(
        format="iso",
        required=True,
        allow_none=True,
        metadata={"description": "A day (UTC); nothing finer is kept."},
    )


class NewKeyOut(Schema):
    """A key with its secret, which is shown once."""

    key = fields.Nested(KeyOut, required=True)
    secret = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Shown once. Null where the request was sent again under its `Idempotency-Key`: if the first"
            " answer was lost, revoke this key and issue another."
        },
    )
    proposal = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of a key for somebody else: what a second admin has to approve."},
    )


class MeOut(Schema):
    """The holder of the key that was sent, and what they may do with it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    permissions = fields.List(
        fields.String(), required=True, metadata={"description": "What this key allows; see `scope`."}
    )
    organization = fields.String(allow_none=True, required=True)
    processes = fields.List(fields.String(), allow_none=True, required=True, metadata=_PROCESSES)
    standing = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of their organization as a watchdog; null where it is none."},
    )
    key = fields.Nested(KeyOut, required=True)
    password_changed_at = Moment(allow_none=True, required=True)
    unnamed = fields.Boolean(
        required=True, metadata={"description": "Whether others are told which side acted and not who."}
    )


class NamingIn(Strict):
    """Whether you are named to other people of the desk."""

    unnamed = Truth(required=True)


class NamingOut(Schema):
    """Whether you are named to other people of the desk."""

    unnamed = fields.Boolean(required=True)


class PasswordIn(Strict):
    """Who has a password already sends it as ``current``: a key that leaked is not enough to change it."""

    password = Text(
        password_brake.LONGEST, required=True, metadata={"description": _SECRET, "format": "password"}
    )
    current = Text(password_brake.LONGEST, metadata={"format": "password"})


class PasswordOut(Schema):
    """When the password was set."""

    changed_at = Moment(allow_none=True, required=True)
