"""The text of a file in an encoding that is known. What is not known for certain is never guessed: the refusal shows
the line, names the encodings that it may be, and how the line reads in each. An encoding that is named and makes
nonsense of what is UTF-8 is refused too: an encoding of single bytes reads everything.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import Sentence, sentence

#: What stands at the beginning of a file whose encoding is certain. The longer mark goes first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What spreadsheets write besides Unicode, the likeliest first.
_LEGACY: Final = (
    *("windows-1252", "windows-1256", "mac-roman", "windows-1251", "windows-1250", "windows-1254"),
    *("windows-1255", "windows-1253", "iso-8859-6", "koi8-r"),
)
#: How much of a file is looked at to guess, how much of a line is shown, and of how many guesses.
_SAMPLE: Final = 200_000
_SHOWN: Final = 70
_GUESSES: Final = 3
#: From which share of plausible words on an encoding is named.
_PLAUSIBLE: Final = 0.6
#: What to do about a file that is in no single encoding.
_JOINED: Final = sentence(
    "the file was put together of parts in several encodings: save each as UTF-8, and put those together"
)
_AROUND: Final = " \t\"'.,;:!?()[]{}«»“”„‘’‚‹›–—…•·،؛؟/|"
_INSIDE: Final = re.compile(r"[-'’_.,;:/|&0-9]+")


def decode_file(raw: bytes, named: str | None = None) -> tuple[str, str]:
    """The text of a file, and the encoding it was read in: the one that was ``named``, that of its mark, or UTF-8."""
    mark, certain = next(((mark, name) for mark, name in _MARKS if raw.startswith(mark)), (b"", None))
    encoding = named or certain or "utf-8"
    body = raw[len(mark) :] if certain is not None and _same(encoding, certain) else raw
    if named is not None:
        _refuse_contradiction(raw, named, mark, certain)
    try:
        decoded = body.decode(encoding)
    except UnicodeDecodeError as error:
        place = error.start + len(raw) - len(body)
        raise InvalidInput(_say_undecodable(raw, place, encoding, named is not None)) from None
    if (at := decoded.find("\x00")) >= 0:
        raise InvalidInput(_say_nul(raw, decoded, at))
    return decoded, encoding


def _refuse_contradiction(raw: bytes, named: str, mark: bytes, certain: str | None) -> None:
    """`InvalidInput` where the bytes say that they are in another encoding than the one that was named."""
    if certain is not None:
        if not _same(named, certain) and _decodes(raw[len(mark) :], certain):
            raise InvalidInput.at(
                "/encoding",
                sentence(
                    "the file begins with the mark of %(encoding)s; leave --encoding out", encoding=certain
                ),
            )
        return
    if codecs.lookup(named).name.startswith("utf"):
        return
    lines = [(number, one) for number, one in enumerate(raw.split(b"\n"), 1) if not one.isascii()]
    unicode = [(number, one) for number, one in lines if _decodes(one, "utf-8")]
    for number, line in unicode:
        right, wrong = _score(line.decode()), _score(line.decode(named, "replace"))
        if right > wrong or (right == wrong and len(unicode) == len(lines)):
            reads = sentence(
                "line %(line)s is UTF-8 and reads %(shown)s, in %(encoding)s %(other)s",
                line=number, shown=repr(_show(line, "utf-8")), encoding=named, other=repr(_show(line, named)),
            )  # fmt: skip
            remedy = sentence("leave --encoding out") if len(unicode) == len(lines) else _JOINED
            raise InvalidInput.at("/encoding", sentence("%(one)s; %(more)s", one=reads, more=remedy))


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def check_encoding(name: str) -> bool:
    """Whether this names an encoding of text."""
    try:
        return isinstance("a".encode(name), bytes)  # an empty text would be asked of nobody
    except (LookupError, UnicodeError):
        return False


def guess_encodings(raw: bytes) -> list[str]:
    """The encodings in which the words of a file look like words, the likeliest first; each reads it otherwise."""
    if wide := _guess_wide(raw):
        return [wide]
    sample = b"\n".join(line for line in raw.split(b"\n") if not line.isascii())[:_SAMPLE]
    scores: dict[str, float] = {}
    readings: set[str] = set()
    for name in _LEGACY:
        try:
            raw.decode(name)
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        if text not in readings:
            readings.add(text)
            scores[name] = _score(text)
    best = max(scores.values(), default=0.0)
    return [name for name, score in scores.items() if score == best >= _PLAUSIBLE][:_GUESSES]


def _same(encoding: str, certain: str) -> bool:
    """Whether a mark belongs to an encoding, whatever it is called: `utf-16` reads either order."""
    return codecs.lookup(certain).name.startswith(codecs.lookup(encoding).name.removesuffix("-sig"))


def _guess_wide(raw: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Latin letters and line breaks is zero."""
    sample = raw[:_SAMPLE]
    if sample.count(0) * 10 < len(sample):
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _score(text: str) -> float:
    words = [word for word in text.split() if not word.isascii()]
    return sum(map(_is_word, words)) / len(words) if words else 0.0


def _is_word(word: str) -> bool:
    """Whether letters that are not ASCII stand where people write such: one script in a word, capitals first or all."""
    pieces = (piece.strip(_AROUND) for piece in _INSIDE.split(word))
    return all(map(_is_plausible, filter(None, pieces)))


def _is_plausible(piece: str) -> bool:
    if unicodedata.category(piece[0]).startswith("M"):
        return False  # a mark stands on a letter
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in piece}
    if len(scripts) > 1 or not all(unicodedata.category(letter)[0] in "LM" for letter in piece):
        return False
    if scripts == {"LATIN"} and len(piece) > 1 and not any(map(str.isascii, piece)):
        return False
    return piece.isascii() or piece in (piece.lower(), piece.upper(), piece.capitalize())


def _say_undecodable(raw: bytes, place: int, encoding: str, named: bool) -> Sentence:
    line, begin, end = _find_line(raw, place)
    if not named and (wide := _guess_wide(raw)):
        return _say_wide(raw, wide)
    name = "UTF-8" if encoding == "utf-8" else encoding
    fault = sentence(
        "line %(line)s is not %(encoding)s (byte %(byte)s)", line=line, encoding=name, byte=place
    )
    if encoding == "utf-8" and not raw[len(codecs.BOM_UTF8) : begin].isascii():
        return _say_joined(raw, begin, end, fault)
    guesses = [one for one in guess_encodings(raw) if one != encoding]
    begin = max(begin, place - _SHOWN // 2)  # what is at fault is to be seen
    if not guesses:
        shown = raw[begin:end].decode("ascii", "backslashreplace")[:_SHOWN]
        return sentence(
            "%(fault)s: %(shown)s; name its encoding with --encoding, or save the file as UTF-8",
            fault=fault,
            shown=shown,
        )
    return _say_guesses(fault, {one: _show(raw[begin:end], one) for one in guesses})


def _say_guesses(fault: Sentence, shown: Mapping[str, str]) -> Sentence:
    """In which encodings it may be, and how it reads in each."""
    (first, reads), *others = shown.items()
    detail = sentence(
        "%(fault)s; it may be %(encoding)s, which reads %(shown)s",
        fault=fault,
        encoding=first,
        shown=repr(reads),
    )
    for encoding, reads in others:
        detail = sentence(
            "%(detail)s, or %(encoding)s, which reads %(shown)s",
            detail=detail,
            encoding=encoding,
            shown=repr(reads),
        )
    if others:
        return sentence("%(detail)s. If so, add --encoding and the one that is right", detail=detail)
    return sentence("%(detail)s. If so, add --encoding %(encoding)s", detail=detail, encoding=first)


def _say_joined(raw: bytes, begin: int, end: int, fault: Sentence) -> Sentence:
    """What to do about a line that is not UTF-8 where lines before it are."""
    others = b"\n".join(line for line in raw.split(b"\n") if not _decodes(line, "utf-8"))
    detail = sentence("%(fault)s, and lines before it are", fault=fault)
    for name in guess_encodings(others):
        shown = repr(_show(raw[begin:end], name))
        detail = sentence(
            "%(detail)s; in %(encoding)s it reads %(shown)s", detail=detail, encoding=name, shown=shown
        )
    return sentence("%(one)s; %(more)s", one=detail, more=_JOINED)


def _say_nul(raw: bytes, decoded: str, at: int) -> Sentence:
    if wide := _guess_wide(raw):
        return _say_wide(raw, wide)
    line = decoded.count(chr(10), 0, at) + 1
    return sentence("line %(line)s holds a NUL character; take it out, or export again", line=line)


def _say_wide(raw: bytes, wide: str) -> Sentence:
    return _say_guesses(sentence("the file is not UTF-8"), {wide: _show(raw[:400], wide)})


def _find_line(raw: bytes, place: int) -> tuple[int, int, int]:
    """The number of the line in which a byte stands, and where that line begins and ends."""
    before = raw[:place].replace(b"\r\n", b"\n")
    line = 1 + before.count(b"\n") + before.count(b"\r")
    begin = max(raw.rfind(b"\n", 0, place), raw.rfind(b"\r", 0, place)) + 1
    ends = [at for at in (raw.find(b"\n", place), raw.find(b"\r", place)) if at >= 0]
    return line, begin, min(ends, default=len(raw))


def _show(raw: bytes, encoding: str) -> str:
    line = raw.decode(encoding, "replace").splitlines() or [""]
    return line[0] if len(line[0]) <= _SHOWN else line[0][: _SHOWN - 1] + "…"
