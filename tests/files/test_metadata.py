"""What shall become public shows what it shows and tells no more; what cannot be gone through is refused; nothing that
is sent in raises anything else.
"""

from __future__ import annotations

import io
import subprocess
import zlib
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.draws import draws
from tests.files import samples
from tests.files.samples import SECRET, archive, chunk, image, link, png, segment, with_segment
from tracker.domain.files import FileTooLarge, NotCheckable, StillCarries
from tracker.files import metadata
from tracker.files.formats import pdf
from tracker.files.metadata import CHECKABLE, require_clean, traces

JPEG, PNG, WEBP, PDF, TEXT = "image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain"


def saved(**options: object) -> bytes:
    return samples.saved(samples.document(), **options)


def changed(change: object) -> bytes:
    made = samples.document()
    assert callable(change)
    change(made)
    return samples.saved(made)


CLEAN = [
    (JPEG, image("JPEG")),
    (JPEG, image("JPEG", "L")),
    (JPEG, image("JPEG", "CMYK")),
    (JPEG, image("JPEG", progressive=True, optimize=True)),
    (JPEG, image("JPEG", restart_marker_blocks=2)),
    *((PNG, image("PNG", mode)) for mode in ("1", "L", "P", "LA", "RGB", "RGBA", "I;16")),
    (PNG, image("PNG", size=(1, 1))),
    (PNG, image("PNG", size=(900, 700), dpi=(96, 96))),
    (PNG, png(width=8, height=8, interlaced=1, packed=zlib.compress(bytes(79)))),
    (PNG, png(width=3, height=1, interlaced=1, packed=zlib.compress(bytes(2 + 2 + 2)))),
    (WEBP, image("WEBP")),
    (WEBP, image("WEBP", "RGBA")),
    (WEBP, image("WEBP", lossless=True)),
    (TEXT, "Nous avons visité le site.\r\n\tلم نجد قبورا فردية.\n".encode()),
    (TEXT, "\ufeffمی\u200cخواهم".encode()),
    (PDF, saved()),
    (PDF, saved(object_stream_mode=pikepdf.ObjectStreamMode.generate)),
]


@pytest.mark.parametrize(("media_type", "content"), CLEAN, ids=samples.name_of)
def test_a_clean_file_passes(media_type: str, content: bytes) -> None:
    assert traces([content], media_type) == ()
    require_clean((content[place : place + 100] for place in range(0, len(content), 100)), media_type)


@pytest.mark.parametrize(("media_type", "content"), CLEAN, ids=samples.name_of)
def test_what_passes_is_a_file_that_other_programs_open(media_type: str, content: bytes) -> None:
    if media_type.startswith("image/"):
        with samples.Image.open(io.BytesIO(content)) as picture:
            picture.load()
    elif media_type == PDF:
        with pikepdf.open(io.BytesIO(content)) as opened:
            assert len(opened.pages) == 2
    else:
        assert content.decode()


def xmp(made: pikepdf.Pdf) -> None:
    with made.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as description:
        description["dc:creator"] = [SECRET]


def author(made: pikepdf.Pdf) -> None:
    made.docinfo["/Author"] = SECRET


def attachment(made: pikepdf.Pdf) -> None:
    made.attachments["secret.txt"] = SECRET.encode()


def script(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def thumbnail(made: pikepdf.Pdf) -> None:
    made.pages[0].Thumb = pikepdf.Stream(made, b"x")


def note(made: pikepdf.Pdf) -> None:
    made.pages[0].Annots.append(
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 1, 1], T=SECRET)
    )


def note_on_a_link(made: pikepdf.Pdf) -> None:
    made.pages[0].Annots[0].Contents = SECRET


def launch(made: pikepdf.Pdf) -> None:
    made.pages[1].Annots = pikepdf.Array([link(S=pikepdf.Name.Launch, F="x")])


def program(made: pikepdf.Pdf) -> None:
    made.pages[0].PieceInfo = pikepdf.Dictionary()


def unknown(made: pikepdf.Pdf) -> None:
    made.pages[0].Whatever = SECRET


def photograph(made: pikepdf.Pdf) -> None:
    (picture,) = (made.pages[0].Resources.XObject[name] for name in made.pages[0].Resources.XObject.keys())  # noqa: SIM118  # not a dict
    picture.write(image("JPEG", exif=samples.exif()), filter=pikepdf.Name.DCTDecode)


def no_photograph(made: pikepdf.Pdf) -> None:
    made.pages[1].Contents = pikepdf.Stream(made, archive(), Filter=pikepdf.Name.DCTDecode)


def jpeg_2000(made: pikepdf.Pdf) -> None:
    made.pages[1].Contents = pikepdf.Stream(made, b"x", Filter=pikepdf.Name.JPXDecode)


def profile(made: pikepdf.Pdf) -> None:
    made.pages[0].Resources.ColorSpace = pikepdf.Dictionary(
        C=pikepdf.Array([pikepdf.Name.ICCBased, pikepdf.Stream(made, b"x", N=3)])
    )


CARRYING = [
    (JPEG, image("JPEG", exif=samples.exif()), "Exif: the device, the time, often the place"),
    (JPEG, image("JPEG", comment=SECRET), "a comment"),
    (JPEG, image("JPEG", icc_profile=b"x" * 200), "a colour profile (it can name a device)"),
    (JPEG, image("JPEG", xmp=SECRET.encode()), "XMP: author, tools, history"),
    (JPEG, with_segment(0xED, b"Photoshop 3.0\x008BIM"), "Photoshop or IPTC: author, caption, place"),
    (JPEG, with_segment(0xEB, b"JP\0\1"), "C2PA or JUMBF: who made it, with what and when"),
    (JPEG, with_segment(0xE2, b"MPF\0"), "further pictures (MPF)"),
    (JPEG, with_segment(0xE0, b"JFXX\0\x10"), "a thumbnail (JFIF)"),
    (JPEG, with_segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1abc"), "a thumbnail (JFIF)"),
    (JPEG, with_segment(0xEE, b"Adobe" + b"\0" * 8), "an application's own segment (APP14)"),
    (JPEG, with_segment(0xE7, b"maker"), "an application's own segment (APP7)"),
    (JPEG, image("JPEG") + archive(), "bytes after the end of the picture"),
    (JPEG, image("JPEG") + b"\0", "bytes after the end of the picture"),
    (PNG, image("PNG", exif=samples.exif()), "Exif: the device, the time, often the place"),
    (PNG, image("PNG", pnginfo=samples.texts()), "text: author, tools, time"),
    (PNG, image("PNG", icc_profile=b"x" * 200), "a colour profile (it can name a device)"),
    (PNG, png((b"tIME", bytes(7))), "the time it was saved"),
    (PNG, png((b"acTL", bytes(8))), "a chunk of a kind that is not known here (acTL)"),
    (PNG, png((b"\0\0\0\0", b"")), "a chunk of a kind that is not known here (no name)"),
    (PNG, image("PNG") + archive(), "bytes after the end of the picture"),
    (WEBP, image("WEBP", exif=samples.exif()), "Exif: the device, the time, often the place"),
    (WEBP, image("WEBP", xmp=SECRET.encode()), "XMP: author, tools, history"),
    (WEBP, image("WEBP", icc_profile=b"x" * 200), "a colour profile (it can name a device)"),
    (WEBP, image("WEBP") + archive(), "bytes after the end of the picture"),
    (TEXT, "seen\u200bby".encode(), "the invisible character U+200B"),
    (TEXT, "seen\U000e0041by".encode(), "the invisible character U+E0041"),
    (TEXT, "seen\ufe01by".encode(), "the invisible character U+FE01"),
    (TEXT, "photo\u202egpj.exe".encode(), "the invisible character U+202E"),
    (PDF, changed(author), "in its description: /Author"),
    (PDF, changed(xmp), "XMP: author, tools, history"),
    (PDF, changed(attachment), "files within the file"),
    (PDF, changed(script), "a script"),
    (PDF, changed(script), "an action that starts by itself"),
    (PDF, changed(thumbnail), "a thumbnail"),
    (PDF, changed(note), "a note or a form field"),
    (PDF, changed(note_on_a_link), "in a link: /Contents"),
    (PDF, changed(launch), "an action that does more than lead elsewhere"),
    (PDF, changed(program), "what the program kept for itself"),
    (PDF, changed(unknown), "in a page: /Whatever"),
    (PDF, changed(photograph), "in a picture: Exif: the device, the time, often the place"),
    (PDF, changed(jpeg_2000), "a JPEG 2000 picture, into which is not looked"),
    (PDF, changed(profile), "a colour profile (it can name a device)"),
    (PDF, saved(linearize=True), "earlier versions of itself, or bytes after its end (save it again, not for the web)"),
    (PDF, saved() + archive(), "earlier versions of itself, or bytes after its end (save it again, not for the web)"),
]  # fmt: skip


@pytest.mark.parametrize(("media_type", "content", "what"), CARRYING, ids=samples.name_of)
def test_a_file_that_tells_more_than_it_shows_is_refused_by_what_it_tells(
    media_type: str, content: bytes, what: str
) -> None:
    with pytest.raises(StillCarries) as refused:
        require_clean([content], media_type)
    assert what in refused.value.missing
    assert "Amal" not in " ".join(refused.value.missing)  # what it tells is not told on


def test_all_that_it_carries_is_named_at_once() -> None:
    content = image("JPEG", exif=samples.exif(), comment=SECRET) + archive()
    assert len(traces([content], JPEG)) == 3


WHOLE = {
    media_type: next(content for kind, content in CLEAN if kind == media_type) for media_type in CHECKABLE
}
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
ROWS = bytes(10 * 11)


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        *((media_type, b"") for media_type in CHECKABLE),
        *((media_type, HTML) for media_type in CHECKABLE),
        *((media_type, SVG) for media_type in CHECKABLE),
        *((media_type, archive()) for media_type in CHECKABLE),
        ("image/svg+xml", SVG),
        ("video/mp4", b"\0\0\0\x20ftypisom" + bytes(100)),
        ("application/zip", archive()),
        (PNG, image("JPEG")),
        (JPEG, b"\xff\xd8\xff\xd9"),
        (JPEG, b"\xff\xd8" + segment(0xDB, b"\0" * 66) + b"\xff\xd9"),
        (JPEG, image("JPEG")[:-2] + image("JPEG")[2:]),
        (JPEG, with_segment(0xDB, b"\0" * 65 + SECRET.encode())),
        (JPEG, with_segment(0xC4, b"\0" * 17 + SECRET.encode())),
        (JPEG, with_segment(0xDD, b"\0\0" + SECRET.encode())),
        (JPEG, with_segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0" + SECRET.encode())),
        (JPEG, b"\xff\xd8" + segment(0xC0, b"\x08\xff\xff\xff\xff\x01\x01\x11\0") + b"\xff\xd9"),
        (JPEG, with_segment(0xDC, b"\0\0")),
        (JPEG, b"\xff\xd8\xff\xe0\0\1"),
        (JPEG, with_segment(0xDD, b"\0\1").replace(b"\xff\xdd\0\4\0\1", b"\xff\xdd\0\4\0\1junk")),
        (PDF, changed(no_photograph)),
        (PNG, png(packed=zlib.compress(ROWS) + SECRET.encode())),
        (PNG, png(packed=zlib.compress(ROWS + b"\0"))),
        (PNG, png(packed=zlib.compress(ROWS[1:]))),
        (PNG, png(packed=zlib.compress(ROWS)[:-4])),
        (PNG, png(packed=b"not compressed at all")),
        (PNG, png(packed=zlib.compress(bytes(50_000_000)))),  # a bomb: 50 kB that unpack to 50 MB
        (PNG, png(width=60_000, height=60_000, packed=b"")),
        (PNG, png(width=0)),
        (PNG, png(width=8, height=8, interlaced=1, packed=zlib.compress(bytes(80)))),
        (PNG, png((b"gAMA", bytes(4)), (b"gAMA", bytes(4)))),
        (PNG, png((b"gAMA", SECRET.encode()))),
        (PNG, b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b"")),
        (PNG, image("PNG")[:40] + b"\xff" + image("PNG")[41:]),
        (PNG, png()[:16] + bytes(4) + png()[20:]),
        (PNG, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x07\0\0\0\0") + chunk(b"IEND", b"")),
        (WEBP, image("WEBP", append_images=[samples.Image.new("RGB", (120, 80))], save_all=True)[:-4]),
        (WEBP, b"RIFF" + (4).to_bytes(4, "little") + b"WEBP"),
        (WEBP, b"RIFF" + (4 + 18).to_bytes(4, "little") + b"WEBPVP8X\x09\0\0\0" + bytes(10)),
        (WEBP, b"RIFF" + (4 + 20).to_bytes(4, "little") + b"WEBP" + (b"VP8L\1\0\0\0\0\0" * 2)),
        (WEBP, b"RIFF" + (4 + 10).to_bytes(4, "little") + b"WEBPVP8L\1\0\0\0\0\1"),
        (WEBP, b"RIFF" + (4 + 18).to_bytes(4, "little") + b"WEBPVP8X\x0a\0\0\0" + b"\xff" * 10),
        (TEXT, "كان".encode("cp1256")),
        (TEXT, b"text \xff text" + b"x" * 10_000),
        (TEXT, b"x" * 10_000 + b"\xd9"),
        (TEXT, b"x" * 10_000 + "".join(map(chr, range(0xE0100, 0xE0180))).encode()),
        (PDF, saved(encryption=pikepdf.Encryption(owner="a", user="b"))),
        (PDF, saved(encryption=pikepdf.Encryption(owner="a", user=""))),
        (PDF, b"%PDF-1.7\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF\n"),
        (PDF, b"%PDF-1.7\nnothing\nstartxref\n0\n%%EOF\n"),
    ],
    ids=samples.name_of,
)  # fmt: skip
def test_what_cannot_be_gone_through_is_refused(media_type: str, content: bytes) -> None:
    with pytest.raises(NotCheckable):
        traces([content], media_type)


@pytest.mark.parametrize("media_type", [JPEG, PNG, WEBP])
def test_a_picture_that_is_cut_off_anywhere_is_refused(media_type: str) -> None:
    whole = WHOLE[media_type]
    for length in [*range(12, 200), *range(200, len(whole), 97), len(whole) - 1]:
        with pytest.raises(NotCheckable):
            traces([whole[:length]], media_type)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_document_that_is_cut_off_is_refused(part: float) -> None:
    whole = WHOLE[PDF]
    with pytest.raises((NotCheckable, StillCarries)):
        require_clean([whole[: int(len(whole) * part)]], PDF)


def test_a_second_version_behind_the_first_is_seen() -> None:
    """As every program does it that "saves" by adding to the end: what was struck out is still there."""
    whole = WHOLE[PDF]
    start = whole.rindex(b"startxref")
    again = b"9 0 obj\n(struck out)\nendobj\n" + whole[start:]
    assert traces([whole + again], PDF)


def by_hand(*objects: bytes) -> bytes:
    """A PDF of these objects, of which the first is the document."""
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + head + table + tail


def test_what_no_page_shows_any_more_is_seen() -> None:
    pages = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>")
    assert traces([by_hand(*pages)], PDF) == ()
    assert traces([by_hand(*pages, b"(struck out)")], PDF) == ("objects that no page shows",)


def an_answer(content: bytes, media_type: str) -> None:
    with suppress(NotCheckable):
        assert all(isinstance(one, str) for one in traces([content], media_type))


STARTS = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n", WEBP: b"RIFF\x64\0\0\0WEBP", TEXT: b"x"}


@given(st.sampled_from(sorted(STARTS)), st.binary(max_size=400))
def test_any_bytes_at_all_get_an_answer_or_a_refusal(media_type: str, content: bytes) -> None:
    an_answer(content, media_type)
    an_answer(STARTS[media_type] + content, media_type)


@given(st.sampled_from(sorted(STARTS)), st.data())
def test_a_real_file_with_some_bytes_changed_gets_an_answer_or_a_refusal(
    media_type: str, data: st.DataObject
) -> None:
    content = bytearray(WHOLE[media_type])
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    an_answer(bytes(content), media_type)


@settings(max_examples=draws(8))
@given(st.data())
def test_a_document_with_some_bytes_changed_gets_an_answer_or_a_refusal(data: st.DataObject) -> None:
    content = bytearray(WHOLE[PDF])
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    an_answer(bytes(content), PDF)


def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(command: object, *, timeout: float, **_given: object) -> None:
        raise subprocess.TimeoutExpired("pdf_reader", timeout)

    monkeypatch.setattr(pdf.subprocess, "run", endless)
    with pytest.raises(NotCheckable, match="too long"):
        traces([WHOLE[PDF]], PDF)


def test_without_the_extra_a_document_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blind = (
        "import sys; sys.modules['pikepdf'] = None; "
        "from tracker.files.formats.pdf_reader import main; sys.exit(main())"
    )
    monkeypatch.setattr(pdf, "_COMMAND", (pdf.sys.executable, "-c", blind))
    with pytest.raises(NotCheckable, match="`media`"):
        traces([WHOLE[PDF]], PDF)


_HUNGRY = """
import resource, sys
from tracker.files.formats.pdf_reader import _limit
_limit()
print(resource.getrlimit(resource.RLIMIT_CPU)[1])
try:
    bytes(2 << 30)
except MemoryError:
    print("no more memory")
try:
    open(sys.argv[1], "wb", buffering=0).write(b"x")
except OSError:
    print("no file")
"""


def test_the_process_that_reads_a_document_has_little_memory_and_time_and_writes_no_file(
    tmp_path: Path,
) -> None:
    command = [pdf.sys.executable, "-c", _HUNGRY, str(tmp_path / "written")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "20\nno more memory\nno file\n"


def test_a_public_copy_above_the_limit_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "LIMIT", 1_000)
    with pytest.raises(FileTooLarge, match="1000"):
        traces([b"x" * 600, b"x" * 600], TEXT)
