"""``python -m tracker.files.formats.pdf_reader < FILE``: what a PDF carries, as a list in JSON.

Run as a process of its own (`pdf.py`). Exit status: 0 gone through, 3 the library is not installed, else the file could
not be gone through. Where meaning lies (document, pages, annotations) the keys that may stay are listed; everywhere
else those that must not.
"""

from __future__ import annotations

import json
import mmap
import re
import resource
import sys
from typing import TYPE_CHECKING, Any, Final

from tracker.domain.files import NotCheckable
from tracker.files.formats import jpeg

if TYPE_CHECKING:
    import pikepdf

_MEMORY: Final = 1 << 30
_SECONDS: Final = 20
_OBJECTS: Final = 500_000
#: So many traces are enough to refuse a file, and few enough to read.
_MOST: Final = 50


def _keys(names: str) -> frozenset[str]:
    return frozenset(f"/{name}" for name in names.split())


_TRAILER: Final = _keys("Size Root Info ID Type W Index Filter DecodeParms Length")
_DOCUMENT: Final = _keys(
    "Type Version Pages PageLabels PageLayout PageMode ViewerPreferences Outlines Dests Names Lang MarkInfo"
    " StructTreeRoot"
)
_PAGE: Final = _keys(
    "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots Tabs"
    " StructParents UserUnit"
)
_LINK: Final = _keys("Type Subtype Rect Border BS C H A Dest F StructParent QuadPoints P")
_NAMES: Final = _keys("Dests")
_NEVER: Final = {
    "/Metadata": "XMP: author, tools, history",
    "/PieceInfo": "what the program kept for itself",
    "/LastModified": "the time it was changed",
    "/CreationDate": "the time it was made",
    "/ModDate": "the time it was changed",
    "/EF": "files within the file",
    "/EmbeddedFiles": "files within the file",
    "/AF": "files within the file",
    "/JS": "a script",
    "/JavaScript": "a script",
    "/OpenAction": "an action that starts by itself",
    "/AA": "an action that starts by itself",
    "/Thumb": "a thumbnail",
    "/Alternates": "a second version of a picture",
    "/OPI": "a second version of a picture",
    "/AcroForm": "a form",
    "/XFA": "a form",
    "/Measure": "a measure of places",
    "/GPTS": "a place",
    "/LGIDict": "a place",
    "/ICCBased": "a colour profile (it can name a device)",
    "/DestOutputProfile": "a colour profile (it can name a device)",
    "/ByteRange": "a signature",
    "/OCProperties": "layers, of which some may be hidden",
}
_ACTIONS: Final = frozenset({"/GoTo", "/URI", "/Named"})


def read(data: mmap.mmap) -> list[str]:
    """All traces, each once. Raises whatever the library raises; the caller is another process."""
    import pikepdf  # noqa: PLC0415  # an extra

    faults = _around(data)
    with pikepdf.open(sys.stdin.buffer, attempt_recovery=False, suppress_warnings=True) as document:
        if document.is_encrypted or document.get_warnings():
            raise NotCheckable("damaged or encrypted")
        faults |= _others(document.trailer, _TRAILER, "the end of the document")
        faults |= _others(document.Root, _DOCUMENT, "the document")
        if "/Info" in document.trailer:
            faults |= _others(document.trailer.Info, frozenset(), "its description")
        if "/Names" in document.Root:
            faults |= _others(document.Root.Names, _NAMES, "the document")
        for page in document.pages:
            faults |= _others(page.obj, _PAGE, "a page")
        seen = _Seen()
        seen.walk(document.trailer)
        faults |= seen.found
        if any(_is_lost(one, seen) for one in document.objects):
            faults.add("objects that no page shows")
        if document.get_warnings():
            raise NotCheckable("damaged")
    return sorted(faults)[:_MOST]


def _around(data: mmap.mmap) -> set[str]:
    """One version of one document, from the first byte to the last."""
    if not re.match(rb"%PDF-[12]\.\d[\r\n]", data[:10]):
        raise NotCheckable("it does not begin as a PDF does")
    once = all(len(re.findall(mark, data)) == 1 for mark in (rb"startxref", rb"%%EOF"))
    if not once or not re.search(rb"%%EOF[\r\n]*\Z", data[-8:]):
        return {"earlier versions of itself, or bytes after its end (save it again, not for the web)"}
    return set()


def _others(there: Any, allowed: frozenset[str], where: str) -> set[str]:
    names = {str(key) for key in there.keys()} - allowed  # noqa: SIM118  # not a dict
    return {_NEVER.get(name) or f"in {where}: {_safe(name)}" for name in names}


def _safe(name: str) -> str:
    return name if re.fullmatch(r"/[A-Za-z0-9_.]{1,40}", name) else "a name that is not known here"


def _is_lost(value: Any, seen: _Seen) -> bool:
    import pikepdf  # noqa: PLC0415  # an extra

    if value.objgen in seen.objects or value._type_code == pikepdf.ObjectType.null:
        return False
    kind = value.get("/Type") if isinstance(value, pikepdf.Stream) else None
    return kind not in ("/XRef", "/ObjStm")  # where the other objects are kept


class _Seen:
    """Every object that can be reached, and what was found on the way."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self.objects: set[tuple[int, int]] = set()

    def walk(self, start: pikepdf.Object) -> None:
        import pikepdf  # noqa: PLC0415  # an extra

        waiting: list[Any] = [start]
        count = 0
        while waiting:
            value = waiting.pop()
            count += 1
            if count > _OBJECTS:
                raise NotCheckable("too many objects")
            if isinstance(value, pikepdf.Object) and value.is_indirect:
                if value.objgen in self.objects:
                    continue
                self.objects.add(value.objgen)
            if isinstance(value, pikepdf.Array):
                self._named(value)
                waiting.extend(value)
            elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                self._judge(value)
                waiting.extend(value[key] for key in value.keys())  # noqa: SIM118  # not a dict

    def _named(self, array: Any) -> None:
        """A colour space is an array that begins with its name."""
        if len(array) and str(array[0]) in _NEVER:
            self.found.add(_NEVER[str(array[0])])

    def _judge(self, value: Any) -> None:
        import pikepdf  # noqa: PLC0415  # an extra

        names = {str(key) for key in value.keys()}  # noqa: SIM118  # not a dict
        self.found |= {_NEVER[name] for name in names & _NEVER.keys()}
        kind, below = str(value.get("/Type", "")), str(value.get("/Subtype", ""))
        if kind == "/Annot" or "/Rect" in names:
            self.found |= {"a note or a form field"} if below != "/Link" else _others(value, _LINK, "a link")
        if kind in ("/EmbeddedFile", "/Filespec"):
            self.found.add("files within the file")
        if kind == "/Metadata" or below == "/XML":
            self.found.add(_NEVER["/Metadata"])
        for action in (value if kind == "/Action" else None, value.get("/A")):
            if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) not in _ACTIONS:
                self.found.add("an action that does more than lead elsewhere")
        if isinstance(value, pikepdf.Stream):
            self._stream(value, names)

    def _stream(self, value: Any, names: set[str]) -> None:
        import pikepdf  # noqa: PLC0415  # an extra

        filters = value.get("/Filter", pikepdf.Array())
        chain = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
        if "/F" in names or "/FFilter" in names:
            self.found.add("a part that lies in another file")
        if "/JPXDecode" in chain:
            self.found.add("a JPEG 2000 picture, into which is not looked")
        if "/DCTDecode" in chain:
            if chain != ["/DCTDecode"]:
                raise NotCheckable("a packed JPEG")
            self.found |= {f"in a picture: {what}" for what in jpeg.traces(bytes(value.read_raw_bytes()))}


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    _limit()
    try:
        with mmap.mmap(sys.stdin.fileno(), 0, access=mmap.ACCESS_READ) as data:
            print(json.dumps(read(data)))
    except ModuleNotFoundError:
        return 3
    except Exception:  # hostile input; nothing of it is to be told
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
