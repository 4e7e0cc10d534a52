"""A screen of the desk is declared: its path, the permission it takes, and the function that gathers what it shows. An
act is declared on the screen that holds its form, and is sent to the same address.

Permissions are those of REST, from the one table in `tracker.domain.people`. `PUBLIC` must be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Response
from marshmallow import Schema

from tracker.actions.support.unit import Unit
from tracker.domain.people import PERMISSIONS, PUBLIC
from tracker.http.multipart import Part
from tracker.schemas.loading import Find
from tracker.settings import Settings
from tracker.web.desk.visit import Visit
from tracker.web.form_bodies import Pairs
from tracker.web.forms import Form

#: What a screen shows, by the names that its template uses. Of a form: ``values`` as REST answers them, ``version``,
#: ``versions`` of the things that a decision is about, and ``choices`` for members that name a thing.
Shown = dict[str, Any]
Gather = Callable[..., Shown]
_PART: Final = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Act:
    """What the form of a screen does.

    ``do`` gets the visit, the open unit and what the shape read, and the parts of the path; it returns the id of what
    it made, where the path does not name that. ``find`` gives what tells the id of a thing that is named otherwise in
    what was typed. ``prepare`` does what takes long before anybody waits to write.
    ``then`` is the path below `/desk` where to go on, as `/things/{made}`, or a function that says it: the same screen,
    where nothing is said. ``done`` is the id of the text that is shown there. ``dangerous``, or what it says of the
    form that was sent: asks again who somebody is, when they have not said so for some minutes.
    ``tries`` does the same and returns the row that it made: the form can then be tried before it is sent.
    ``receive`` takes a file of the form while it arrives, given the fields before it, and ``most_bytes`` says of how
    many bytes all may be; what somebody may do is known by then.
    ``whatever_standing``: somebody may do it though their organization is suspended.
    """

    form: Form
    do: Callable[..., str | None]
    permission: str
    done: str
    find: Callable[..., Find] | None = None
    prepare: Callable[..., None] | None = None
    then: str | Callable[..., str | Response] | None = None
    tries: Callable[..., Any] | None = None
    receive: Callable[[Visit, Pairs, Part], None] | None = None
    most_bytes: Callable[[Settings], int] = lambda settings: settings.body_limit
    dangerous: bool | Callable[..., bool] = False
    whatever_standing: bool = False


@dataclass(slots=True)
class View:
    """A screen. ``names`` says what kinds of thing the parts of its path name; ``menu`` is the id of its text in the
    navigation, empty where it has no place there; ``opens`` the kinds of the queue that are opened on it. It is there
    where the settings say that it is ``offered``. Only one that is ``scripted`` may load our script."""

    name: str
    path: str
    permission: str
    template: str
    gather: Gather
    names: Mapping[str, tuple[str, ...]]
    query: type[Schema] | None
    menu: str
    opens: tuple[str, ...] = ()
    offered: Callable[[Settings], bool] = lambda _settings: True
    scripted: bool = False
    act: Act | None = None

    @property
    def endpoint(self) -> str:
        return f"desk_{self.name}"

    @property
    def parts(self) -> list[str]:
        return _PART.findall(self.path)


#: Every screen there is, by its name, in the order of declaration.
VIEWS: Final[dict[str, View]] = {}


def view(
    path: str,
    *,
    permission: str,
    template: str = "",
    names: Mapping[str, tuple[str, ...]] | None = None,
    query: type[Schema] | None = None,
    menu: str = "",
    **more: Any,
) -> Callable[[Gather], View]:
    """Declare a screen below `/{language}/desk`. Its name is that of the function without `show_`. A screen whose
    ``go_to`` names an address only leads there. See `View` for what ``more`` can be said."""
    _require_permission(path, permission)

    def declare(gather: Gather) -> View:
        name = gather.__name__.removeprefix("show_")
        file = f"desk/{template or name}.html"
        made = View(name, path, permission, file, gather, names or {}, query, menu, **more)
        if name in VIEWS:
            raise ValueError(f"{path}: the name {name} is taken")
        if set(made.names) != set(made.parts):
            raise ValueError(f"{path}: say what kind of thing each part of the path names")
        VIEWS[name] = made
        return made

    return declare


def act(
    on: View, form: Form, *, done: str, permission: str = "", **more: Any
) -> Callable[[Callable[..., str | None]], Callable[..., str | None]]:
    """Declare what the form of a screen does; see `Act` for what can be said."""
    _require_permission(on.path, permission or on.permission)

    def declare(do: Callable[..., str | None]) -> Callable[..., str | None]:
        if on.act is not None:
            raise ValueError(f"{on.path}: a screen has one form; declare another screen for another act")
        made = Act(form=form, do=do, permission=permission or on.permission, done=done, **more)
        if isinstance(made.then, str) and not {*_PART.findall(made.then)} <= {"made", *on.parts}:
            raise ValueError(f"{on.path}: it goes on to {made.then}, of which it has not each part")
        on.act = made
        return do

    return declare


def arrange_views(modules: list[str]) -> None:
    """Put the screens into the order of the modules that declare them."""
    arranged = sorted(VIEWS.items(), key=lambda one: modules.index(one[1].gather.__module__))
    VIEWS.clear()
    VIEWS.update(arranged)


def _require_permission(path: str, permission: str) -> None:
    if permission != PUBLIC and permission not in PERMISSIONS:
        raise ValueError(f"{path}: there is no permission {permission!r}")


__all__ = ["VIEWS", "Act", "Shown", "Unit", "View", "Visit", "act", "view"]
