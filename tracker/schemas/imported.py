"""Rows of an import that are parts of a thing, or acts about one: what their own endpoint takes, and which thing.

``process`` is that in which names are looked up.
"""

from __future__ import annotations

from typing import Final

from tracker.schemas.committees import MemberIn
from tracker.schemas.extensions import ExtensionIn
from tracker.schemas.fields import Id, names_thing
from tracker.schemas.figures import FigureIn
from tracker.schemas.kinds import SHAPES
from tracker.schemas.mandates import MandateIn
from tracker.schemas.watchdogs import WatchdogIn

#: The kinds of thing that have figures.
_COUNTED: Final = tuple(kind for kind, shapes in SHAPES.items() if "figures" in shapes.given._declared_fields)


class ImportedMemberIn(MemberIn):
    process = Id("process", attribute="process_id")
    committee = names_thing("committee", attribute="owner_id", required=True)


class ImportedMandateIn(MandateIn):
    process = Id("process", attribute="process_id")
    committee = names_thing("committee", attribute="owner_id", required=True)


class ImportedFigureIn(FigureIn):
    process = Id("process", attribute="process_id")
    subject = names_thing(*_COUNTED, attribute="owner_id", required=True)


class ImportedExtensionIn(ExtensionIn):
    process = Id("process", attribute="process_id")
    deadline = names_thing("deadline", attribute="owner_id", required=True)


class ImportedWatchdogIn(WatchdogIn):
    organization = names_thing("organization", attribute="owner_id", required=True)
