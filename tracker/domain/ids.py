"""Opaque, prefixed, random ids: ``rec_`` and 26 characters that say nothing of time or count.

128 random bits in lower-case Crockford base 32 (no i, l, o, u), so that an id survives being read
aloud. Randomness is an argument: this module has none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from tracker.domain.errors import WrongKind
from tracker.domain.sentences import Part, Sentence, join_choices, sentence

#: kind of thing -> prefix of its ids. Stable: a prefix is never reused.
PREFIXES: Final[dict[str, str]] = {
    "process": "prc",
    "organization": "org",
    "committee": "com",
    "report": "rpt",
    "resource": "res",
    "deadline": "ddl",
    "recommendation": "rec",
    "indicator": "ind",
    "evidence": "evd",
    "file": "fil",
    "change": "chg",
    "mandate": "mnd",
    "event": "evt",
    "person": "per",
    "key": "key",
    "proposal": "prp",
    "question": "qst",
    "note": "nte",
    "session": "ses",
    "passkey": "psk",
    "identity": "idn",
    "kept_form": "kpt",
    "saved_filter": "flt",
    "tip": "tip",
    "webhook": "whk",
    "letter": "ltr",
    "follower": "fol",
}
#: The kinds of thing that have a short name beside their id, the same in every process.
WITH_SLUG: Final = ("process", "organization")
KINDS: Final[dict[str, str]] = {prefix: kind for kind, prefix in PREFIXES.items()}

#: The kinds in the middle of a sentence.
_CALLED: Final[Mapping[str, Sentence]] = {
    "process": sentence("process"),
    "organization": sentence("organization"),
    "committee": sentence("committee"),
    "report": sentence("report"),
    "resource": sentence("resource"),
    "deadline": sentence("deadline"),
    "recommendation": sentence("recommendation"),
    "indicator": sentence("indicator"),
    "evidence": sentence("evidence"),
    "file": sentence("file"),
    "change": sentence("change"),
    "mandate": sentence("mandate"),
    "person": sentence("person"),
    "key": sentence("key"),
    "proposal": sentence("proposal"),
    "question": sentence("question"),
    "note": sentence("note"),
    "tip": sentence("tip"),
    "webhook": sentence("webhook"),
    "status change": sentence("status change"),
    "thing": sentence("thing"),
}

RANDOM_BYTES: Final = 16
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 26


def make_pattern(*kinds: str) -> str:
    """The regular expression that every id of these kinds matches whole."""
    prefixes = "|".join(PREFIXES[kind] for kind in kinds)
    return f"^{prefixes if len(kinds) == 1 else f'(?:{prefixes})'}_[{_ALPHABET}]{{{_LENGTH}}}$"


_ANY = re.compile(rf"({'|'.join(KINDS)})_[{_ALPHABET}]{{{_LENGTH}}}", re.ASCII)


def make_id(kind: str, random: bytes) -> str:
    """An id of this kind from 16 random bytes."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"an id needs {RANDOM_BYTES} random bytes, not {len(random)}")
    number = int.from_bytes(random, "big")
    letters = [_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_LENGTH))]
    return f"{PREFIXES[kind]}_{''.join(letters)}"


def kind_of(value: str) -> str | None:
    """The kind an id names, or None where it is no id at all."""
    match = _ANY.fullmatch(value)
    return KINDS[match.group(1)] if match else None


def name_kinds(kinds: Iterable[str]) -> Part:
    """Things of any of these kinds, as a sentence names them."""
    return join_choices([_CALLED.get(kind, kind) for kind in kinds])


def name_any(kinds: Iterable[str]) -> Part:
    """One thing of any of these kinds, as a sentence names it."""
    return join_choices([_add_article(kind) for kind in kinds])


def _add_article(kind: str) -> Sentence:
    if kind == "evidence":
        return sentence("an item of evidence")
    called = _CALLED.get(kind, kind)
    return sentence("an %(kind)s", kind=called) if kind[0] in "aeiou" else sentence("a %(kind)s", kind=called)


def require_kind(value: str, *kinds: str) -> str:
    """The id itself, when it is well formed and of one of these kinds; else `WrongKind`."""
    if kind_of(value) not in kinds:
        wanted = " or ".join(f"{PREFIXES[kind]}_…" for kind in kinds)
        raise WrongKind(
            sentence(
                "%(value)s is not the id of %(kinds)s; it would read %(wanted)s",
                value=repr(value[:64]),
                kinds=name_any(kinds),
                wanted=wanted,
            )
        )
    return value
