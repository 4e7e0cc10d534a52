"""Acts of two people: the person who decides has no hand in what is decided."""

from __future__ import annotations

from tracker.actions.support.unit import Unit
from tracker.domain import people
from tracker.domain.errors import SelfApproval
from tracker.domain.people import Actor
from tracker.domain.sentences import sentence
from tracker.store import audit
from tracker.store.evidence import Evidence
from tracker.store.people import Person
from tracker.store.subject_rows import SubjectRow


def require_another(unit: Unit, author: str) -> None:
    """Two people: neither the author decides, nor anybody who speaks for the author's organization."""
    people.require_another(unit.by, author)
    if is_own_side(unit, author):
        raise SelfApproval(
            sentence("its author speaks for the same organization as you; somebody else has to decide")
        )


def is_own_side(unit: Unit, author: str) -> bool:
    """Whether somebody acts alone, or with people of their own organization, after this author."""
    if author == unit.by.id:
        return True
    person = None if unit.by.organization is None else unit.session.get(Person, author)
    return person is not None and person.organization_id == unit.by.organization


def require_no_author(unit: Unit, thing: str) -> None:
    """Refuse those who recorded a thing or edited it, and people of their organization, to decide that it becomes
    public."""
    try:
        for author in audit.list_authors(unit.session, thing):
            require_another(unit, author)
    except SelfApproval:
        detail = sentence(
            "you or your organization recorded %(thing)s, or edited it; somebody else has to publish it",
            thing=thing,
        )
        raise SelfApproval(detail) from None


def handed_in(actor: Actor, item: Evidence | SubjectRow) -> bool:
    """Whether somebody submitted an item, or speaks for the organization that it belongs to."""
    ours = actor.organization is not None and item.owner_id == actor.organization
    return ours or item.created_by == actor.id


def require_no_hand_in(unit: Unit, item: Evidence) -> None:
    """Refuse the submitter of an item, and people of its owner, to decide what becomes public of it."""
    if handed_in(unit.by, item):
        raise SelfApproval(
            sentence("you or your organization submitted this item; somebody else has to decide")
        )
