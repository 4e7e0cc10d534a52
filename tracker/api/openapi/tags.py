"""The parts of the API, in the order in which an integrator needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: What is public of a kind of thing, by its plural.
_SHOWN: Final = {
    "processes": "Public processes and their numbers: the inquiries that are followed here.",
    "recommendations": "What was asked of whom, what has been done, and who says so.",
    "indicators": "What is counted over time: vetting, graves and remains, prosecutions.",
    "deadlines": "The dates by which something is owed, how they moved, and whether they were met.",
    "committees": "The bodies that inquire: their mandates, members and whether they can do their work.",
    "reports": "What a committee or an organization found, in writing, and whether the public can read it.",
    "resources": "The means that a committee needs, was promised and got.",
    "evidence": "The items on which statuses rest, as far as they are public, with their public copies.",
    "organizations": "Those who appoint, issue, answer, submit or assess.",
}
#: Group of tags -> its tags, each with what it is for.
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "Read what is public": {
        "public": "Begin here. The addresses of everything that is public.",
        "changes": "What happened, one public act after another. Poll this to keep a copy.",
        **{f"public-{plural}": says for plural, says in _SHOWN.items()},
        "search": "Full text over what is public, and over the record.",
        "feeds": "Documents that are finished once for each change: what a website shows and a feed reader polls.",
        "log": "The transparency log, as C2SP tlog-tiles lays it out; see `docs/verifying.md`.",
    },
    "Understand the codes": {
        "vocabularies": "What the codes mean: vocabularies, the state table, measures, and words of other schemes.",
        "contract": "This contract, and the types of problems.",
    },
    "Work on the record": {
        "people": "Begin here with a key. Who you are, accounts, keys and passwords.",
        "processes": "Inquiries, each with its lead organization and its calendar.",
        "organizations": "Those who appoint, issue, answer, submit or assess.",
        "committees": "The bodies that inquire: their mandates and members.",
        "reports": "What a committee or an organization found, in writing.",
        "recommendations": "What was asked of whom.",
        "indicators": "What is counted over time: vetting, graves and remains, prosecutions.",
        "deadlines": "The dates by which something is owed, and how they moved.",
        "resources": "The means that a committee needs, was promised and got.",
        "evidence": "Items of evidence and their files: submitting, protecting, handing over, taking back.",
        "subjects": "Any subject by its id: itself and its history.",
        "imports": "Many things at once into the record.",
        "exports": "The record as lines of JSON.",
        "webhooks": "Other systems that are told of public acts, signed and in order.",
    },
    "Propose and decide": {
        "status-changes": "What an organization says of a subject on a track: one person proposes it, another decides.",
        "proposals": "Other acts that take two people: what is proposed, and the decision of another person.",
        "publication": "Making public, withdrawing, and what waits for its release.",
        "work": "The queue of what waits for you.",
    },
    "Protect and answer for": {
        "watchdogs": "The organizations that submit evidence, and whether they may.",
        "tips": "What people without an account sent in, and the boxes that take it. For custodians.",
        "shared": "What was shared with a partner organization.",
        "redaction": "Destroying what must not be kept, by two custodians; and legal holds.",
        "audit": "The audit trail: who did what, when, in codes and ids.",
    },
}
TAGS: Final = {tag: says for group in GROUPS.values() for tag, says in group.items()}


def list_groups() -> list[dict[str, Any]]:
    """The groups, as programs that show a contract read them (`x-tagGroups`)."""
    return [{"name": name, "tags": list(group)} for name, group in GROUPS.items()]
