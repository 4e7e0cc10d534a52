"""What a process or a body was called on a day: what is told of years before calls it as it was called then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from tracker.domain.errors import FieldError, InvalidInput
from tracker.domain.sentences import sentence

FormerName = Mapping[str, Any]
#: kind of thing -> the member that says what it is called, and keeps what it was called before.
CALLED: Final[Mapping[str, str]] = {"process": "title", "organization": "name", "committee": "name"}


def find_name(name: str, former: Iterable[FormerName], day: date) -> str:
    """The name on a day: the former one whose days it is in, the earliest where several are; else the present one."""
    then = day.isoformat()
    valid = [one for one in former if (one["from_on"] or "") <= then <= one["to_on"]]
    return str(min(valid, key=lambda one: one["to_on"])["name"]) if valid else name


def keep_former_name(name: str, former: Iterable[FormerName], since: date) -> list[dict[str, Any]]:
    """The former names once a body is called otherwise from a day on: with the one that it had until the day before."""
    before = [dict(one) for one in former]
    last = max((one["to_on"] for one in before), default=None)
    until = (since - timedelta(days=1)).isoformat()
    begun = None if last is None else (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    if begun is not None and begun > until:
        raise InvalidInput.at(
            "/since", sentence("must lie after %(last)s, to which day it had another name", last=last)
        )
    return [*before, {"name": name, "from_on": begun, "to_on": until}]


def require_former(former: Iterable[FormerName], today: date) -> None:
    """`InvalidInput` where a former name is not over, or ends before it begins."""
    faults = []
    for place, name in enumerate(former):
        pointer = f"/former_names/{place}/to_on"
        if name["to_on"] >= today.isoformat():
            faults.append(
                FieldError(pointer, sentence("must lie before today, which is %(today)s", today=today))
            )
        elif name["from_on"] is not None and name["to_on"] < name["from_on"]:
            faults.append(
                FieldError(
                    pointer,
                    sentence("must not lie before from_on, which is %(from_on)s", from_on=name["from_on"]),
                )
            )
    if faults:
        raise InvalidInput(faults[0].detail, fields=faults)
