"""Roles and permissions: who may do what.

Every endpoint, page and command names the one permission it needs; `PUBLIC` must be said too.
A person may hold several roles; nobody decides on their own act. A key may allow less than its holder has, never more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tracker.domain.errors import AlreadyDone, InvalidInput, NotPermitted, SelfApproval
from tracker.domain.sentences import Sentence, join_choices, sentence

#: The permission of what everybody may do, logged in or not.
PUBLIC: Final = "public"
#: How long rests what one admin gives to another account: more roles, a key, a link.
GIVING_RESTS: Final = timedelta(hours=24)
#: The permission of what everybody with a good key may do, whatever that key is limited to: see oneself.
SELF: Final = "self"

PERMISSIONS: Final[Mapping[str, Sentence]] = {
    SELF: sentence("see who one is"),
    "self.manage": sentence("keep one's own password, and whether one is named"),
    "keys.manage": sentence(
        "read, issue and revoke keys: one's own, or anybody's together with people.manage"
    ),
    "record.read": sentence("read the working record, drafts included"),
    "record.read_own": sentence(
        "read one's own organization's evidence and verdicts; all of them with record.read"
    ),
    "record.write": sentence(
        "keep processes, organizations, committees, mandates, reports, resources, deadlines,"
        " indicators and recommendations"
    ),
    "record.publish": sentence("approve what shall be public, and withdraw what is"),
    "publication.settle": sentence("propose that a draft becomes public, or publish what others recorded"),
    "webhooks.manage": sentence("have other systems told of public acts"),
    "evidence.submit": sentence(
        "submit evidence, and mend or take back what one submitted while it is a draft"
    ),
    "evidence.ask": sentence("ask and answer questions about evidence that one may read"),
    "evidence.protect": sentence("raise the protection of evidence, or propose to lower it"),
    "evidence.lower": sentence("let the protection of evidence be lowered, as somebody else proposed"),
    "evidence.unseal": sentence("read what is sealed"),
    "evidence.redact": sentence(
        "destroy what a thing or a public act says, together with somebody else, or hold it for a court"
    ),
    "evidence.shared": sentence("read the evidence that was shared with one's own organization"),
    "evidence.export": sentence("hand over an item with its files, as a package"),
    "answers.give": sentence("answer what was asked of one's own organization, and reply to verdicts on it"),
    "status.propose": sentence("propose a status change"),
    "status.decide": sentence("approve or return what somebody else proposed"),
    "status.settle": sentence("settle a proposal: decide on another's, or retract one's own"),
    "proposals.settle": sentence(
        "read proposals, and settle them: decide on another's, or retract one's own"
    ),
    "work.handle": sentence(
        "see who of the desk handles what, say so of oneself, and keep the notes of the desk"
    ),
    "watchdogs.read": sentence("read the standing of watchdogs"),
    "audit.read": sentence("read the audit trail: who did what, in codes and ids"),
    "people.read": sentence("read which id of a person stands for whom of the desk"),
    "people.manage": sentence("keep accounts, keys and the standing of watchdogs"),
}

#: What everybody may do who has an account.
_EVERYBODY: Final = frozenset({SELF, "self.manage", "keys.manage"})

ROLES: Final[Mapping[str, frozenset[str]]] = {
    "watchdog": _EVERYBODY.union(
        {
            "proposals.settle",
            "record.read_own",
            "evidence.submit",
            "evidence.ask",
            "evidence.protect",
            "status.propose",
            "status.settle",
        }
    ),
    "partner": _EVERYBODY | {"evidence.shared"},
    "respondent": _EVERYBODY | {"answers.give", "record.read_own", "evidence.ask"},
    "editor": _EVERYBODY.union(
        {
            "work.handle",
            "proposals.settle",
            "record.read",
            "record.read_own",
            "record.write",
            "publication.settle",
            "evidence.submit",
            "evidence.ask",
            "evidence.protect",
            "status.propose",
            "status.settle",
            "watchdogs.read",
        }
    ),
    "approver": _EVERYBODY.union(
        {
            "work.handle",
            "proposals.settle",
            "record.read",
            "record.read_own",
            "record.publish",
            "publication.settle",
            "evidence.ask",
            "status.decide",
            "status.settle",
            "evidence.lower",
            "people.read",
            "watchdogs.read",
        }
    ),
    "custodian": _EVERYBODY.union(
        {
            "work.handle",
            "proposals.settle",
            "record.read",
            "record.read_own",
            "people.read",
            "watchdogs.read",
            "evidence.ask",
            "evidence.protect",
            "evidence.lower",
            "evidence.unseal",
            "evidence.redact",
            "evidence.export",
            "audit.read",
        }
    ),
    "admin": _EVERYBODY
    | {"audit.read", "people.manage", "people.read", "proposals.settle", "watchdogs.read", "webhooks.manage"},
}
#: The same roles in the middle of a sentence.
_CALLED: Final = {
    "watchdog": sentence("watchdog"),
    "partner": sentence("partner"),
    "respondent": sentence("respondent"),
    "editor": sentence("editor"),
    "approver": sentence("approver"),
    "custodian": sentence("custodian"),
    "admin": sentence("admin"),
}

#: The roles of those who speak for an organization.
SPEAKING: Final = ("watchdog", "partner", "respondent")
#: The roles that may be limited to processes: those of the desk, which work on the record.
LIMITED: Final = frozenset({"editor", "approver", "custodian"})
#: To how many processes an account may be limited.
MOST_PROCESSES: Final = 20
#: What a person of no organization is called where nobody is to be told who it was.
DESK: Final = "desk"


#: Those who have one of these have the permission, too: it opens a door that they share.
WIDER: Final[Mapping[str, frozenset[str]]] = {
    "record.read_own": frozenset({"record.read"}),
    "status.settle": frozenset({"status.propose", "status.decide"}),
    "publication.settle": frozenset({"record.write", "record.publish"}),
    "keys.manage": frozenset({"self.manage", "people.manage"}),
    "proposals.settle": frozenset(
        {
            *("evidence.protect", "evidence.lower", "evidence.redact", "evidence.submit"),
            *("record.publish", "people.manage"),
        }
    ),
}


#: Who has one of these works on all of the record.
_DESK: Final = ("record.read", "record.write", "record.publish", "status.decide")


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor: a person with roles, speaking for an organization or, with none, for the desk.

    ``key`` is the key they act by and ``scope`` what it is limited to; none means all that the person may do.
    ``processes`` are those that they work on; none means all.
    """

    id: str
    roles: frozenset[str]
    organization: str | None = None
    scope: frozenset[str] | None = None
    key: str | None = None
    processes: frozenset[str] | None = None

    def works_on(self, process: str | None) -> bool:
        """Whether they work on a process. What belongs to none, as an organization, is everybody's."""
        return self.processes is None or process is None or process in self.processes

    @property
    def side(self) -> str:
        """As what they act: the organization that they speak for, or the desk."""
        return self.organization or DESK

    def may(self, permission: str) -> bool:
        return permission == PUBLIC or permission in self.permissions

    @property
    def is_desk(self) -> bool:
        """Whether they work on all of the record, not only on what is their own organization's."""
        return any(self.may(permission) for permission in _DESK)

    @property
    def permissions(self) -> frozenset[str]:
        """What they may do, by this key."""
        granted = list_permissions(self.roles)
        return granted if self.scope is None else granted & _widen_permissions(self.scope & granted)

    def require(self, permission: str) -> None:
        """Refuse with `NotPermitted`, naming the roles that would do."""
        if self.may(permission):
            return
        if permission in list_permissions(self.roles):
            raise NotPermitted(
                sentence(
                    "it takes a key that is not limited to other things to %(what)s",
                    what=PERMISSIONS[permission],
                )
            )
        roles = join_choices([_CALLED[role] for role, may in ROLES.items() if permission in may])
        raise NotPermitted(
            sentence(
                "it takes the role %(roles)s to %(what)s",
                roles=roles,
                what=PERMISSIONS[permission],
            )
        )


#: Scripts whose letters look like those of others: а of Cyrillic is read as a.
_LOOK_ALIKE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK"})


def check_name(name: str, others: Iterable[str]) -> None:
    """Refuse the name of an account that is read as another's: it deceives who approves what that one is given."""
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}
    if len(scripts & _LOOK_ALIKE) > 1:
        raise InvalidInput.at(
            "/name", sentence("has letters of several scripts that look alike; write it in one")
        )
    alike = next((other for other in others if _read_name(other) == _read_name(name)), None)
    if alike is not None:
        raise AlreadyDone(sentence("there is somebody called %(name)s already", name=repr(alike)))


def _read_name(name: str) -> str:
    """A name as it is read: without case, what shows nothing, spaces and signs."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalnum())


def list_permissions(roles: Iterable[str]) -> frozenset[str]:
    """What these roles allow together."""
    return frozenset().union(*(ROLES[role] for role in roles))


def _widen_permissions(scope: frozenset[str]) -> frozenset[str]:
    """A scope with what it implies: a key for `status.decide` opens the door at which one settles."""
    shared = {permission for permission, wider in WIDER.items() if wider & scope}
    return scope | shared | {SELF}


def require_another(decider: Actor, author: str) -> None:
    """Two people: the one who decides is not the one who proposed."""
    if decider.id == author:
        raise SelfApproval(sentence("you proposed this yourself; somebody else has to decide on it"))
