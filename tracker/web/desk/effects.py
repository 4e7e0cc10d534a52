"""What would follow from an act that was tried, as a screen of the desk tells it."""

from __future__ import annotations

from typing import Any

from tracker.actions.trials import Effect, PublicEffect
from tracker.web.desk.view import Shown


def describe_effect(effect: Effect) -> Shown:
    """Whether what is demanded is given, why an approval would be refused, and what anybody would then read."""
    return {
        "lacks": effect.support is not None and not effect.support["met"],
        "refused": effect.approval and effect.approval.refused,
        "acts": [] if effect.public is None else _list_acts(effect.public),
        "more": effect.public is not None and effect.public.more,
    }


def _list_acts(public: PublicEffect) -> list[Shown]:
    names = {one["id"]: str(one.get("title") or one.get("name")) for one in public.documents}
    return [
        {
            "kind": act["subject_kind"],
            "name": names.get(act["subject"]),
            "verb": act["kind"].rpartition(".")[2],
            "change": _find_change(act),
            "basis": act.get("basis"),
        }
        for act in public.acts
    ]


def _find_change(act: dict[str, Any]) -> Any:
    """The status change that an act tells, where its kind does."""
    return act.get("change") if act["kind"] == "status.changed" else None
