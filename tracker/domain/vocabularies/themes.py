"""Lists of themes that tags are taken from, as far as they are small and free. Tags of any other scheme are kept as
they are given, with the version of the scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SDG: Final = "sdg"
AGENDA: Final = "Transforming our world: the 2030 Agenda (General Assembly resolution 70/1)"
#: The goals, by number. A tag may name a target of one, as 16.3.
GOALS: Final[Mapping[str, Mapping[str, str]]] = {
    str(number): {"en": en, "ar": ar, "fr": fr}
    for number, (en, ar, fr) in enumerate(
        (
            ("No poverty", "القضاء على الفقر", "Pas de pauvreté"),
            ("Zero hunger", "القضاء التام على الجوع", "Faim « zéro »"),
            ("Good health and well-being", "الصحة الجيدة والرفاه", "Bonne santé et bien-être"),
            ("Quality education", "التعليم الجيد", "Éducation de qualité"),
            ("Gender equality", "المساواة بين الجنسين", "Égalité entre les sexes"),
            ("Clean water and sanitation", "المياه النظيفة والنظافة الصحية", "Eau propre et assainissement"),
            (
                "Affordable and clean energy",
                "طاقة نظيفة وبأسعار معقولة",
                "Énergie propre et d’un coût abordable",
            ),
            (
                "Decent work and economic growth",
                "العمل اللائق ونمو الاقتصاد",
                "Travail décent et croissance économique",
            ),
            (
                "Industry, innovation and infrastructure",
                "الصناعة والابتكار والهياكل الأساسية",
                "Industrie, innovation et infrastructure",
            ),
            ("Reduced inequalities", "الحد من أوجه عدم المساواة", "Inégalités réduites"),
            (
                "Sustainable cities and communities",
                "مدن ومجتمعات محلية مستدامة",
                "Villes et communautés durables",
            ),
            (
                "Responsible consumption and production",
                "الاستهلاك والإنتاج المسؤولان",
                "Consommation et production responsables",
            ),
            (
                "Climate action",
                "العمل المناخي",
                "Mesures relatives à la lutte contre les changements climatiques",
            ),
            ("Life below water", "الحياة تحت الماء", "Vie aquatique"),
            ("Life on land", "الحياة في البر", "Vie terrestre"),
            (
                "Peace, justice and strong institutions",
                "السلام والعدل والمؤسسات القوية",
                "Paix, justice et institutions efficaces",
            ),
            (
                "Partnerships for the goals",
                "عقد الشراكات لتحقيق الأهداف",
                "Partenariats pour la réalisation des objectifs",
            ),
        ),
        1,
    )
}


def find_label(scheme: str, code: str) -> Mapping[str, str] | None:
    """What a theme is called, by language; None where the list of the scheme is not kept here."""
    return GOALS.get(code.partition(".")[0]) if scheme == SDG else None
