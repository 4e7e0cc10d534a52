"""What may be said in public of each kind of thing: allow-lists, one class per shape.

A shape names every member that leaves; whatever the record gains later stays private until somebody adds it
here on purpose. Other things are named by their ids (``*_id`` in the record, the plain name here); a finished
document puts their public names beside them.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from tracker.public.content.committees import CommitteeContent
from tracker.public.content.deadlines import DeadlineContent
from tracker.public.content.evidence import EvidenceContent, FileContent
from tracker.public.content.fields import Named, NamedList
from tracker.public.content.indicators import IndicatorContent
from tracker.public.content.organizations import OrganizationContent
from tracker.public.content.processes import ProcessContent
from tracker.public.content.recommendations import RecommendationContent
from tracker.public.content.reports import ReportContent
from tracker.public.content.resources import ResourceContent
from tracker.public.content.statuses import ChangeContent, CitationContent, ReplyContent

#: kind of thing -> what may be said of it.
CONTENT: dict[str, type[Schema]] = {
    "process": ProcessContent,
    "organization": OrganizationContent,
    "committee": CommitteeContent,
    "report": ReportContent,
    "resource": ResourceContent,
    "deadline": DeadlineContent,
    "recommendation": RecommendationContent,
    "indicator": IndicatorContent,
    "evidence": EvidenceContent,
}
_INSTANCES = {kind: shape() for kind, shape in CONTENT.items()}
_CHANGE, _REPLY, _CITATION, _FILE = ChangeContent(), ReplyContent(), CitationContent(), FileContent()


def dump_content(kind: str, thing: object) -> dict[str, Any]:
    """What may be said of a thing of this kind, from any object that has the attributes."""
    content: dict[str, Any] = _INSTANCES[kind].dump(thing)
    return content


def dump_file(row: Any) -> dict[str, Any]:
    """What may be said of a file that somebody approved as a public copy."""
    content: dict[str, Any] = _FILE.dump(row)
    return content


def dump_change(row: Any, citations: list[Any]) -> dict[str, Any]:
    """What may be said of a status change, with those of its citations that are public."""
    content: dict[str, Any] = (_REPLY if row.act == "reply" else _CHANGE).dump(row)
    content["citations"] = [_CITATION.dump(citation) for citation in citations]
    return content


#: kind of thing -> its members that name another thing.
REFERENCES: dict[str, tuple[str, ...]] = {
    kind: tuple(name for name, one in shape.fields.items() if isinstance(one, Named))
    for kind, shape in _INSTANCES.items()
}

#: kind of thing -> its members that name several things.
LISTS_OF_NAMES: dict[str, tuple[str, ...]] = {
    kind: tuple(name for name, one in shape.fields.items() if isinstance(one, NamedList))
    for kind, shape in _INSTANCES.items()
}

#: a member that names several things -> what lists find it by for any of them, where that is called otherwise.
ONE_OF: dict[str, str] = {"issuers": "issuer", "recommendations": "recommendation"}

#: kind of thing -> how addresses call many of it.
PLURALS: dict[str, str] = {kind: kind if kind == "evidence" else f"{kind}s" for kind in CONTENT} | {
    "process": "processes"
}
