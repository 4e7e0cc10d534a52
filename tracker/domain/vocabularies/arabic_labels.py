"""Arabic labels of the states, by track; the twelve criteria of adequacy share theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "stage": {
        "announced": "أُعلن عنها",
        "constituted": "شُكّلت",
        "working": "تعمل",
        "reported": "سلّمت تقريرها",
        "published": "نُشر تقريرها",
        "dissolved": "حُلّت",
        "lapsed": "انتهت ولايتها",
    },
    "adequacy": {
        "no_information": "لا معلومات",
        "met": "مستوفى",
        "partly_met": "مستوفى جزئياً",
        "not_met": "غير مستوفى",
    },
    "release": {
        "awaited": "منتظر",
        "delivered": "سُلّم",
        "announced": "أُعلن عنه",
        "published_in_part": "نُشر جزئياً",
        "published": "نُشر",
        "withheld": "محجوب",
    },
    "delivery": {
        "not_disclosed": "غير معلن",
        "needed": "مطلوب",
        "pledged": "موعود به",
        "partly_delivered": "سُلّم جزئياً",
        "delivered": "سُلّم",
        "withheld": "محجوب",
    },
    "outcome": {
        "pending": "قائم",
        "met": "تم الوفاء به",
        "missed": "فات موعده",
        "extended": "مُدّد",
        "waived": "تُنوزل عنه",
        "suspended": "مُعلّق",
        "brought_forward": "قُدّم موعده",
    },
    "response": {
        "awaiting": "بانتظار الرد",
        "under_consideration": "قيد النظر",
        "accepted": "مقبولة",
        "accepted_in_part": "مقبولة جزئياً",
        "accepted_in_principle": "مقبولة من حيث المبدأ",
        "noted": "أُحيط علماً بها",
        "rejected": "مرفوضة",
        "not_addressed": "لم يُتطرق إليها",
    },
    "implementation": {
        "not_assessed": "لم تُقيَّم",
        "no_evidence": "لا دليل",
        "not_started": "لم يبدأ التنفيذ",
        "committed": "التُزم بها",
        "underway": "قيد التنفيذ",
        "stalled": "متوقفة",
        "partly_implemented": "نُفّذت جزئياً",
        "implemented": "نُفّذت",
        "regressed": "تراجع تنفيذها",
        "not_implemented": "لم تُنفَّذ",
    },
    "closure": {
        "open": "مفتوحة",
        "closed_implemented": "مغلقة، نُفّذت",
        "closed_not_implemented": "مغلقة، لم تُنفَّذ",
        "closed_by_issuer": "أغلقتها الجهة التي أصدرتها",
        "superseded": "حلّت محلها أخرى",
        "no_longer_applicable": "لم تعد منطبقة",
    },
    "verification": {
        "unreviewed": "لم يُراجَع",
        "in_review": "قيد المراجعة",
        "partly_verified": "تم التحقق جزئياً",
        "verified": "تم التحقق منه",
        "corroborated": "مؤكَّد بمصدر مستقل",
        "unverifiable": "لا يمكن التحقق منه",
        "disputed": "متنازع فيه",
        "refuted": "ثبت بطلانه",
        "withdrawn": "مسحوب",
    },
}
