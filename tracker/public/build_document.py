"""From facts to a finished document: names put beside ids, standing folded, computed time added.

One pure function, `finish`, used when an act writes a document, when a reader comes after midnight, and when
somebody asks how things stood on a day: so all three cannot but agree.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tracker.domain import ids
from tracker.public.content.allow_list import LISTS_OF_NAMES, ONE_OF, REFERENCES
from tracker.public.date_dependent import COMPUTED
from tracker.public.document_model import Document, World
from tracker.public.projection import HISTORY, Facts
from tracker.public.standings import build_standing

#: list of parts -> the members of a part that name other things.
_NAMED_IN_PARTS: Final = {
    "addressees": ("organization",),
    "figures": ("organization", "evidence"),
    "member_of": ("organization",),
}


def build_document(facts: Facts, world: World, day: date) -> Document:
    """The document of a published thing as of a day in the time zone of its process."""
    kind = ids.kind_of(facts.id) or ""
    content = dict(facts.content or {})
    document = Document(facts.id, kind, day, {}, _build_history(facts, world))
    document.brief = {
        "id": facts.id,
        "kind": kind,
        **_put_names(kind, content, world),
        "published_at": facts.published_at,
        "revised_at": facts.revised_at,
        "changed_at": facts.changed_at,
        "last_act": {"event": f"/v1/public/events/{facts.last_act[0]}", "index": facts.last_act[1] - 1},
    }
    if kind == "process":
        document.brief["updating_since"] = world.pending_since
    for name in ("type", "body_type", "country", "slug", "series", *REFERENCES[kind]):
        if content.get(name):
            document.index(name, content[name])
    for name in LISTS_OF_NAMES[kind]:
        for value in content.get(name, ()):
            document.index(ONE_OF.get(name, name), value)
    if facts.process not in (None, facts.id):
        document.brief["process"] = world.name(facts.process)
        document.index("process", facts.process)
        build_standing(document, facts, world, day)
        for compute in COMPUTED.get(kind, ()):
            compute(document, facts, world, day)
    return document


def _put_names(kind: str, content: dict[str, Any], world: World) -> dict[str, Any]:
    named = {
        name: world.name(value) if name in REFERENCES[kind] else value for name, value in content.items()
    }
    for part, members in _NAMED_IN_PARTS.items():
        if part in named:
            named[part] = [_put_names_in_part(one, members, world) for one in content[part]]
    named |= {name: [world.name(one) for one in content.get(name, ())] for name in LISTS_OF_NAMES[kind]}
    return named


def _put_names_in_part(part: dict[str, Any], members: tuple[str, ...], world: World) -> dict[str, Any]:
    return {
        **part,
        **{
            name: [world.name(one) for one in part[name]]
            if isinstance(part[name], list)
            else world.name(part[name])
            for name in members
        },
    }


def _build_history(facts: Facts, world: World) -> list[dict[str, Any]]:
    """The last status changes, newest first, with the names of who assessed and of what is cited."""
    corrections = {change["corrects"]: change["event"] for change in facts.changes}
    return [
        {
            **{name: value for name, value in change.items() if name != "order"},
            "assessor": world.name(change["assessor"]),
            "addressee": world.name(change["addressee"]),
            "superseded_by": world.name(change["superseded_by"]),
            "replies_to": change.get("replies_to"),
            "verdict_by": world.name(change.get("verdict_by")),
            "corrected_by": corrections.get(change["id"]),
            "citations": [{**one, "evidence": world.name(one["evidence"])} for one in change["citations"]],
        }
        for change in reversed(facts.changes[-HISTORY:])
    ]
