"""What is proposed, member by member, beside what stands: in words, as the forms of the record have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracker.actions.support.edited_members import dump_members
from tracker.domain import ids
from tracker.domain.proposals import LOWERING, REVISION
from tracker.languages.i18n import Language
from tracker.languages.member_words import MEMBERS
from tracker.store.proposals import Proposal
from tracker.web.desk.names import name_things
from tracker.web.desk.record_forms import READING, list_choices
from tracker.web.desk.view import Shown, Visit
from tracker.web.filled_forms import Choice
from tracker.web.forms import Form, is_day

#: Members of proposals that are of no form, and the vocabulary of their codes.
_VOCABULARIES: Final = {"protection": "protection"}
_NO_NAMES: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Words:
    """What values are called: things by their names, codes by their labels, members as the form has them."""

    language: Language
    names: Mapping[str, str]
    form: Form | None
    choices: Mapping[str, Sequence[Choice]]

    def write(self, at: str, value: Any) -> str:
        """A value as it is read: a line for each entry of a list."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(self.language.say("Yes") if value else self.language.say("No"))
        if isinstance(value, Mapping):
            parts = (
                (self.call(f"{at}/{name}") or name, self.write(f"{at}/{name}", one))
                for name, one in value.items()
            )
            colon = self.language.colon
            return self.language.comma.join(f"{called}{colon}{one}" for called, one in parts if one)
        if isinstance(value, list):
            inner = f"{at}/*" if any(isinstance(one, Mapping) for one in value) else at
            return "\n".join(self.write(inner, one) for one in value)
        if not isinstance(value, str):
            return str(value)
        if self.form is not None and is_day(self.form.members.get(at)):
            return self.language.day(value)
        return self.names.get(value) or self._name_code(at, value)

    def call(self, at: str) -> str:
        """What a member is called; nothing where nobody named it."""
        if self.form is not None and at in self.form.shown:
            return str(self.language.say(self.form.shown[at].label))
        label = MEMBERS.get(at.rpartition("/")[2])
        return "" if label is None else str(self.language.say(label))

    def _name_code(self, at: str, code: str) -> str:
        field = None if self.form is None else self.form.shown.get(at)
        vocabulary = _VOCABULARIES.get(at, "") if field is None else field.vocabulary
        if vocabulary:
            return self.language.label(vocabulary, code)
        return dict(self.choices.get(at, ())).get(code, code)


def list_members(desk: Visit, proposal: Proposal, wanted: Mapping[str, Any], row: Any) -> list[Shown]:
    """What is proposed, member by member, beside what stands."""
    before: Mapping[str, Any] = wanted.get("before") or {}
    changes: dict[str, Any] = dict(wanted)
    kind = ""
    if proposal.kind == REVISION:
        kind, changes = ids.kind_of(proposal.thing_id) or "", {**wanted["changes"], **wanted["additions"]}
        changes |= {name: wanted[name] for name in ("revision", "since")}
        before = before if row is None else dump_members(row, kind, wanted["changes"].keys())
    elif proposal.kind == LOWERING and row is not None:
        before = {"protection": row.protection}
    rows = [
        (name, before.get(name), value)
        for name, value in changes.items()
        if name not in ("before", "after", "acts")
    ]
    words = make_words(desk, kind, [value for _name, *values in rows for value in values])
    return [
        {
            "name": name,
            "called": words.call(name),
            "now": words.write(name, now),
            "wanted": words.write(name, value),
        }
        for name, now, value in rows
        if value is not None or now is not None
    ]


def make_words(desk: Visit, kind: str, values: list[Any], called: Mapping[str, str] = _NO_NAMES) -> Words:
    """What these values of a kind of thing are called; of none, as they stand there. ``called`` are the names of things
    that are in no record yet."""
    form = READING.get(kind)
    choices = {} if form is None else list_choices(form, desk.language)
    names = {**called, **name_things(desk, _find_ids(values))}
    return Words(desk.language, names, form, choices)


def _find_ids(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return _find_ids(list(value.values()))
    if isinstance(value, str):
        return [value] if ids.kind_of(value) else []
    return [id for one in value for id in _find_ids(one)] if isinstance(value, Sequence) else []
