"""The text of a file in an encoding that is known. What is not known for certain is never guessed: the refusal shows
the line, names the encodings that it may be, and how the line reads in each. An encoding that is named and makes
nonsense of what is UTF-8 is refused too: an encoding of single bytes reads everything.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from tracker.domain.errors import InvalidInput

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
_JOINED: Final = (
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
                "/encoding", f"the file begins with the mark of {certain}; leave --encoding out"
            )
        return
    if codecs.lookup(named).name.startswith("utf"):
        return
    lines = [(number, one) for number, one in enumerate(raw.split(b"\n"), 1) if not one.isascii()]
    unicode = [(number, one) for number, one in lines if _decodes(one, "utf-8")]
    for number, line in unicode:
        right, wrong = _score(line.decode()), _score(line.decode(named, "replace"))
        if right > wrong or (right == wrong and len(unicode) == len(lines)):
            reads = f"line {number} is UTF-8 and reads {_show(line, 'utf-8')!r}, in {named} {_show(line, named)!r}"
            remedy = "leave --encoding out" if len(unicode) == len(lines) else _JOINED
            raise InvalidInput.at("/encoding", f"{reads}; {remedy}")


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


def _say_undecodable(raw: bytes, place: int, encoding: str, named: bool) -> str:
    line, begin, end = _find_line(raw, place)
    if not named and (wide := _guess_wide(raw)):
        return _say_wide(raw, wide)
    fault = f"line {line} is not {'UTF-8' if encoding == 'utf-8' else encoding} (byte {place})"
    if encoding == "utf-8" and not raw[len(codecs.BOM_UTF8) : begin].isascii():
        return _say_joined(raw, begin, end, fault)
    guesses = [name for name in guess_encodings(raw) if name != encoding]
    if not guesses:
        shown = raw[max(begin, place - _SHOWN // 2) : end].decode("ascii", "backslashreplace")[:_SHOWN]
        return f"{fault}: {shown}; name its encoding with --encoding, or save the file as UTF-8"
    begin = max(begin, place - _SHOWN // 2)  # what is at fault is to be seen
    read = [f"{name}, which reads {_show(raw[begin:end], name)!r}" for name in guesses]
    remedy = f"--encoding {guesses[0]}" if len(guesses) == 1 else "--encoding and the one that is right"
    return f"{fault}; it may be {', or '.join(read)}. If so, add {remedy}"


def _say_joined(raw: bytes, begin: int, end: int, fault: str) -> str:
    """What to do about a line that is not UTF-8 where lines before it are."""
    others = b"\n".join(line for line in raw.split(b"\n") if not _decodes(line, "utf-8"))
    read = [f"in {name} it reads {_show(raw[begin:end], name)!r}" for name in guess_encodings(others)]
    return "; ".join([f"{fault}, and lines before it are", *read, _JOINED])


def _say_nul(raw: bytes, decoded: str, at: int) -> str:
    if wide := _guess_wide(raw):
        return _say_wide(raw, wide)
    return f"line {decoded.count(chr(10), 0, at) + 1} holds a NUL character; take it out, or export again"


def _say_wide(raw: bytes, wide: str) -> str:
    shown = _show(raw[:400], wide)
    return f"the file is not UTF-8; it may be {wide}, which reads {shown!r}. If so, add --encoding {wide}"


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
