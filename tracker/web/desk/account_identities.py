"""As whom the identity provider knows somebody, for admins: they read it and end the link. Nobody links for another at
the desk, who could then come in as them.
"""

from __future__ import annotations

from typing import Final

from tracker.actions import identities, people
from tracker.domain.errors import NotFound
from tracker.domain.sentences import sentence
from tracker.languages.i18n import mark
from tracker.schemas.sessions import Nothing
from tracker.store.identities import list_identities
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Form

ENDING: Final = Form(Nothing, button=mark("End the link"))


@view(
    "/accounts/{id}/identity",
    permission="people.manage",
    template="account_identity",
    names={"id": ("person",)},
)
def show_account_identity(desk: Visit, id: str) -> Shown:
    person, linked = people.find_person(desk.session, id), list_identities(desk.session, id)
    if not linked:
        raise NotFound(sentence("%(name)s is linked with no identity", name=person.name))
    return {
        "title": desk.language.say("End the link of %(name)s with an identity provider", name=person.name),
        "identities": linked,
    }


@act(show_account_identity, ENDING, done=mark("The link has ended."), then="/accounts/{id}")
def end_account_identity(_desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    identities.unlink_identities(unit, id)
