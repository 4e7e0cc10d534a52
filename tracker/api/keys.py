"""Keys: issuing, listing and revoking them. A secret is shown once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.actions import keys as actions_keys
from tracker.api.http.endpoint import Call, endpoint
from tracker.api.http.paging import PageQuery, make_page_schema, read_page
from tracker.domain import errors
from tracker.domain.people import SELF
from tracker.domain.proposals import KEY
from tracker.schemas import people
from tracker.schemas.fields import Id
from tracker.store.people import Key
from tracker.store.proposals import find_waiting


class KeysQuery(PageQuery):
    account = Id("person", sought=True)


def _get_issued_key(call: Call, id: str) -> Any:
    """A key as it is known after it was issued. Its secret is shown once, and kept nowhere."""
    return _describe_key(call, actions_keys.find_key(call.session, call.by, id), None)


def _describe_key(call: Call, key: Key, secret: str | None) -> Any:
    waits = find_waiting(call.session, KEY, key.id)
    return {"key": key, "secret": secret, "proposal": waits and waits.id}


def _get_key(call: Call, id: str) -> Any:
    return actions_keys.find_key(call.session, call.by, id)


@endpoint(
    "POST",
    "/v1/keys",
    permission="keys.manage",
    tag="people",
    summary="Issue a key; for another person it waits for a second admin. Its secret is shown once",
    body=people.KeyIn,
    answer=people.NewKeyOut,
    again=_get_issued_key,
    status=201,
)
def issue_key(call: Call) -> Any:
    """A key for yourself is good at once and has at most the permissions of the key that asks. A key for somebody
    else waits for a second admin, and opens nothing until then. Keep the `secret`: it is shown once."""
    body = call.body
    key, secret = actions_keys.grant_key(call.unit, body.get("account"), body.get("days"), body.get("scope"))
    call.made = key.id
    return _describe_key(call, key, secret)


@endpoint(
    "GET",
    "/v1/keys",
    permission="keys.manage",
    tag="people",
    summary="List your keys; with the permission `people.manage`, everybody's",
    query=KeysQuery,
    answer=make_page_schema(people.KeyOut, "KeyPage"),
)
def list_keys(call: Call) -> Any:
    """What is known of each key: its holder, its scope, until when it is good, and the day on which it was last
    used. Never a secret."""
    rows = select(Key)
    if not call.by.may("people.manage"):
        rows = rows.where(Key.person_id == call.by.id)
    if "account" in call.query:
        rows = rows.where(Key.person_id == call.query["account"])
    return read_page(call, rows, Key.id)


@endpoint(
    "GET",
    "/v1/keys/{id}",
    permission="keys.manage",
    tag="people",
    summary="Read what is recorded of a key",
    answer=people.KeyOut,
    names={"id": "key"},
)
def get_key(call: Call, id: str) -> Any:
    """The holder, the scope, until when it is good, and the day on which it was last used. Never a secret."""
    return _get_key(call, id)


@endpoint(
    "POST",
    "/v1/keys/{id}/revocation",
    permission=SELF,
    tag="people",
    summary="Revoke a key, at once",
    body=people.RevocationIn,
    answer=people.KeyOut,
    again=_get_key,
    refusals=(errors.AlreadyDone,),
    names={"id": "key"},
    whatever_standing=True,
)
def revoke_key(call: Call, id: str) -> Any:
    """The key opens nothing from now on, and neither do the keys that were made with it."""
    return actions_keys.revoke_key(call.unit, id, call.body["reason"])
