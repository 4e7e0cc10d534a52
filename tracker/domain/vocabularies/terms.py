"""What a vocabulary is made of: codes with their labels, definitions and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.vocabularies.meanings import Meanings


@dataclass(frozen=True, slots=True)
class Term:
    """One code. ``label`` maps languages to words; ``source`` is what the notion was drawn from, None if ours."""

    code: str
    label: Mapping[str, str]
    definition: str
    source: str | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    name: str
    title: str
    terms: tuple[Term, ...]


def label_terms(labels: Mapping[str, str], meanings: Meanings) -> tuple[Term, ...]:
    return tuple(Term(code, {"en": label}, *meanings[code]) for code, label in labels.items())


def make_terms(listed: Iterable[str], source: str | None, **meanings: str) -> tuple[Term, ...]:
    """Codes whose label is the code itself, in words. Each has a definition, and no definition is without its code."""
    known = tuple(listed)
    if set(known) != set(meanings):
        raise ValueError(f"defined is {sorted(meanings)}, and there is {sorted(known)}")
    return tuple(Term(code, {"en": put_in_words(code)}, meanings[code], source) for code in known)


def put_in_words(code: str) -> str:
    return code.replace("_", " ").capitalize()
