"""The verbs of the audit trail: every kind of act that a person does to the record, to an account or to the log."""

from __future__ import annotations

from typing import Final

from tracker.domain import custody, proposals

_ACTS: Final = """
    audit.read backup create deadline.extend entry_link.make evidence.consent evidence.consent_corrected
    evidence.consent_withdrawn evidence.protect evidence.retract extension.refused
    evidence.rewrap evidence.seal evidence.submit evidence.unseal figure.add filter.forget filter.save
    handling.assign handling.begin handling.end hold.placed hold.released
    identity.link identity.unlink import key.issue
    tip.ask tip.destroy tip.read tip.rewrap tip.set_aside tip.take_over tip_box.close tip_box.open
    key.revoke log.anchor log.cosigned log.init log.mark log.retire log.rotate log.succeed mandate.adopt member.appoint
    mailbox.confirm mailbox.forget mailbox.set
    note.retract note.write
    passkey.add passkey.remove
    password.set person.add person.change person.end person.naming person.suspend public.rebuild public.refresh publish
    question.answer question.ask question.retract recovery_codes.set
    release.asked release.ended release.refused revise second_factor.rewrap second_factor.set
    status.approved status.propose status.retracted status.returned watchdog.register
    watchdog.standing webhook.add webhook.replay webhook.rewrap webhook.rotate webhook.stop webhook.test
    withdraw work.continued
"""
_PROPOSALS: Final = (f"{kind}.{decision}" for kind in proposals.KINDS for decision in proposals.DECISIONS)
_CUSTODY: Final = (custody.find_verb(event) for event in custody.EVENTS)
VERBS: Final = frozenset((*_ACTS.split(), *_PROPOSALS, *_CUSTODY))
#: Those by which somebody recorded what a thing says.
RECORDING: Final = (
    *("create", "revise", "evidence.submit", "figure.add", "mandate.adopt", "member.appoint"),
    "watchdog.register",
)
#: How verbs begin, before the dot.
FAMILIES: Final = frozenset(verb.partition(".")[0] for verb in VERBS if "." in verb)
#: Who acted from the command line.
OPERATOR: Final = "operator"
#: What an act was done to that has no id of its own.
PLACES: Final = ("audit", "database", "public", "public_log")
