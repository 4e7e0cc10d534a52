"""Roles and permissions: who may do what.

Every endpoint, page and command names the one permission it needs; `PUBLIC` must be said too.
A person may hold several roles; nobody decides on their own act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracker.domain.errors import NotPermitted, SelfApproval

#: The permission of what everybody may do, logged in or not.
PUBLIC: Final = "public"

PERMISSIONS: Final[Mapping[str, str]] = {
    "record.read": "read the working record, drafts included",
    "record.write": "keep processes, organizations, committees, mandates, resources, deadlines and recommendations",
    "record.publish": "publish and withdraw what somebody wrote",
    "evidence.submit": "submit evidence",
    "status.propose": "propose a status change",
    "status.decide": "approve or return what somebody else proposed",
    "status.settle": "settle a proposal: decide on another's, or retract one's own",
    "people.manage": "keep accounts and keys",
}

ROLES: Final[Mapping[str, frozenset[str]]] = {
    "watchdog": frozenset({"evidence.submit", "status.propose", "status.settle"}),
    "editor": frozenset(
        {"record.read", "record.write", "evidence.submit", "status.propose", "status.settle"}
    ),
    "approver": frozenset({"record.read", "record.publish", "status.decide", "status.settle"}),
    "custodian": frozenset({"record.read"}),
    "admin": frozenset({"people.manage"}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person with roles, speaking for an organization or, with none, for the desk."""

    id: str
    roles: frozenset[str]
    organization: str | None = None

    def may(self, permission: str) -> bool:
        return permission == PUBLIC or any(permission in ROLES[role] for role in self.roles)

    def require(self, permission: str) -> None:
        """Refuse with `NotPermitted`, naming the roles that would do."""
        if not self.may(permission):
            roles = " or ".join(role for role, may in ROLES.items() if permission in may)
            raise NotPermitted(f"to {PERMISSIONS[permission]} takes the role {roles}")


def require_another(decider: Actor, author: str) -> None:
    """Two people: whoever decides is not whoever proposed."""
    if decider.id == author:
        raise SelfApproval("you proposed this yourself; somebody else has to decide on it")
