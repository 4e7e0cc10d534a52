"""What takes two people: one proposes, another decides. Codes; the rules stand in `tracker.actions.proposals`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tracker.domain.sentences import Sentence, sentence

LOWERING: Final = "lowering"
REDACTION: Final = "redaction"
PUBLIC_COPY: Final = "public_copy"
ROLES: Final = "roles"
KEY: Final = "key"
ENTRY: Final = "entry"
REVISION: Final = "revision"
CONSENT: Final = "consent"
IMPORT: Final = "import"
UNDO: Final = "undo"
PUBLICATION: Final = "publication"

#: kind of proposal -> what is proposed, and who decides.
KINDS: Final[Mapping[str, str]] = {
    LOWERING: "More people shall see an item of evidence. Another person approves it, 24 hours later at the earliest.",
    REDACTION: "What a thing or a public act says shall be destroyed. One custodian orders it, another approves it.",
    PUBLIC_COPY: "A copy of a file shall be public with its item. An approver decides who neither made the copy nor"
    " submitted the item.",
    ROLES: "Somebody shall have more roles, or be let in again. A second admin approves it, 24 hours later or later.",
    KEY: "A key for somebody else shall be good. Another admin approves it, 24 hours later at the earliest.",
    ENTRY: "Somebody shall come to the desk by a link, and choose a password and a phone. Another admin approves it, 24"
    " hours later at the earliest.",
    REVISION: "What is public of a thing shall be changed, for a reason. An approver decides.",
    CONSENT: "A recorded consent shall allow more. Another person approves it, 24 hours later at the earliest.",
    IMPORT: "What an import recorded shall be public, and its status changes shall stand. An approver decides on all of"
    " it.",
    UNDO: "What an approved batch of an import did shall be taken back. An approver decides on all of it.",
    PUBLICATION: "A draft shall be public, with drafts that it names. An approver decides who recorded none of them.",
}

PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
RETURNED: Final = "returned"
RETRACTED: Final = "retracted"
#: A revision that its author made without another person, as the process lets them.
ALONE: Final = "alone"
#: What became of a proposal.
DECISIONS: Final = (PROPOSED, APPROVED, RETURNED, RETRACTED, ALONE)
#: The same in the middle of a sentence.
CALLED: Final[Mapping[str, Sentence]] = {
    PROPOSED: sentence("proposed"),
    APPROVED: sentence("approved"),
    RETURNED: sentence("returned"),
    RETRACTED: sentence("retracted"),
    ALONE: sentence("alone"),
}
