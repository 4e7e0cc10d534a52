"""THE table of measures: what an indicator counts over time, by which stages, and what must hold between these.

One data structure, as the state table is. From it come the check in code, the CHECK of the database, the enums in the
OpenAPI document and the served table. A new series is a row here.

Every number is a total: how many so far, on the day for which it is given. It is about groups and never about a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracker.domain.vocabularies.meanings import BOURNEMOUTH, CRIME_SURVEY, MINNESOTA, PRINCIPLES, VETTING

Label = Mapping[str, str]


def _label(en: str, ar: str, fr: str) -> Label:
    return {"en": en, "ar": ar, "fr": fr}


@dataclass(frozen=True, slots=True)
class Stage:
    """What one number of a measure counts. ``label`` maps languages to words."""

    code: str
    label: Label
    meaning: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between stages: the whole is at least as many as these parts together."""

    whole: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.whole} >= {' + '.join(self.parts)}"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. ``unit`` says what a number is a number of, ``source`` where the definition comes from.

    ``smallest`` is the size of the smallest group of which numbers are published: in a smaller one a number points at
    somebody. 1 where what is counted is public by itself.
    """

    code: str
    title: Label
    meaning: str
    unit: str
    source: str
    stages: tuple[Stage, ...]
    rules: tuple[Rule, ...]
    smallest: int = 1

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(stage.code for stage in self.stages)


_VETTING = Measure(
    "vetting",
    _label("Vetting", "فحص السجلات", "Vérification des antécédents"),
    "How many of those who hold posts in a force or an institution were examined, and what came of it.",
    "people",
    f"{VETTING}; {PRINCIPLES}, principle 36",
    (
        Stage(
            "in_scope",
            _label("In scope", "ضمن النطاق", "Dans le champ"),
            "They hold a post or a rank that is to be examined.",
        ),
        Stage(
            "screened",
            _label("Screened", "جرى فحصهم", "Examinés"),
            "Their record was examined by the criteria, and a decision was taken or is due.",
        ),
        Stage("cleared", _label("Cleared", "أُجيزوا", "Confirmés"), "They were found fit to stay."),
        Stage(
            "suspended",
            _label("Suspended", "أُوقفوا عن العمل", "Suspendus"),
            "They were taken off duty while their case lasts, whatever was decided later.",
        ),
        Stage("removed", _label("Removed", "أُبعدوا", "Écartés"), "They were found unfit, and lost the post."),
        Stage(
            "appealed",
            _label("Appealed", "استأنفوا", "Ont fait appel"),
            "They asked another body to look again at a decision about them.",
        ),
    ),
    (
        Rule("in_scope", ("screened",)),
        Rule("screened", ("cleared", "removed")),
        Rule("screened", ("suspended",)),
        Rule("screened", ("appealed",)),
    ),
    smallest=5,
)

_REMAINS = Measure(
    "remains",
    _label("Graves and remains", "القبور والرفات", "Tombes et restes humains"),
    "What became of the dead of a place: from where they were found to a grave of their own.",
    "remains of one person each",
    f"{MINNESOTA}; {BOURNEMOUTH}",
    (
        Stage(
            "found",
            _label("Found", "عُثر عليها", "Découverts"),
            "It is known where they lie, in a grave of their own, in a common grave or in the open.",
        ),
        Stage(
            "exhumed",
            _label("Exhumed", "استُخرجت", "Exhumés"),
            "They were recovered by people trained for it, or were never buried.",
        ),
        Stage(
            "identified",
            _label("Identified", "حُدّدت هويتها", "Identifiés"),
            "It was found by science, or is beyond doubt, whose they are.",
        ),
        Stage(
            "returned",
            _label("Returned", "أُعيدت إلى ذويها", "Restitués"),
            "The family, or whom it names, received them.",
        ),
        Stage(
            "reburied",
            _label("Reburied", "أُعيد دفنها", "Réinhumés"),
            "They lie in an individual, marked grave, with the rites that were wished.",
        ),
    ),
    (
        Rule("found", ("exhumed",)),
        Rule("exhumed", ("identified",)),
        Rule("identified", ("returned",)),
        Rule("exhumed", ("reburied",)),
    ),
)

_PROSECUTIONS = Measure(
    "prosecutions",
    _label("Prosecutions", "الملاحقات القضائية", "Poursuites pénales"),
    "How many of those suspected of crimes were called to account before a court, and what came of it.",
    "people",
    f"{CRIME_SURVEY}; {PRINCIPLES}, principle 19",
    (
        Stage(
            "opened",
            _label("Opened", "فُتحت بحقهم", "Ouvertes"),
            "A prosecutor or a judge has a case in which they are suspects.",
        ),
        Stage("charged", _label("Charged", "وُجّهت إليهم التهم", "Inculpés"), "They were formally charged."),
        Stage(
            "tried",
            _label("Brought to trial", "أُحيلوا إلى المحاكمة", "Jugés"),
            "Their trial before a court has begun, or is over.",
        ),
        Stage(
            "convicted",
            _label("Convicted", "أُدينوا", "Condamnés"),
            "A court found them guilty, final or not.",
        ),
        Stage("acquitted", _label("Acquitted", "بُرّئوا", "Acquittés"), "A court found them not guilty."),
    ),
    (Rule("opened", ("charged",)), Rule("charged", ("tried",)), Rule("tried", ("convicted", "acquitted"))),
)

MEASURES: Final[Mapping[str, Measure]] = {
    measure.code: measure for measure in (_VETTING, _REMAINS, _PROSECUTIONS)
}
#: The codes of all stages, each once.
STAGES: Final = tuple(dict.fromkeys(stage.code for measure in MEASURES.values() for stage in measure.stages))
