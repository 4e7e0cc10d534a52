"""Adding a part to a thing: the thing or the part, or a proposal that waits for another person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracker.actions import parts, proposals
from tracker.api.http.endpoint import Call
from tracker.api.http.responses import send_proposal
from tracker.schemas.proposals import ProposalOut
from tracker.store.proposals import Proposal


def add_part(call: Call, id: str, kind: str, name: str, add: Callable[..., Any]) -> Any:
    """The answer to a request that adds to the parts ``name`` of a thing."""
    added = parts.add_part(call.unit, id, kind, name, call.body, add)
    if isinstance(added, Proposal):
        return send_proposal(proposals.describe_proposal(call.session, added), ProposalOut())
    return added
