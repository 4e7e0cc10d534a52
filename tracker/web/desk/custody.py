"""A file of an item: what is known of it, and its bytes, which are only ever saved. Every reading stands in the custody
of the item.
"""

from __future__ import annotations

from flask import Response

from tracker.actions import custody
from tracker.http.attachments import make_attachment, require_store
from tracker.languages.i18n import mark
from tracker.schemas.sessions import Nothing
from tracker.store.custody import EvidenceFile
from tracker.web.desk.names import name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.forms import Form

DOWNLOADING = Form(Nothing, button=mark("Download"))


@view(
    "/evidence/{id}/files/{file}",
    permission="record.read_own",
    names={"id": ("evidence",), "file": ("file",)},
)
def show_file(desk: Visit, id: str, file: str) -> Shown:
    found = custody.find_file(desk.viewer, id, file)
    return {
        "title": desk.language.say("A file of an item of evidence"),
        "item": {"id": id, "name": name_things(desk, [id])[id]},
        "file": found,
    }


def send_bytes(desk: Visit, _made: str | None, id: str, file: str) -> Response:
    """The bytes as they came, once it stands in the custody of the item who reads them."""
    found = custody.find_bytes(desk.viewer, id, file)
    chunks = require_store(desk.context).open(found.key)
    return make_attachment(chunks, f"{found.id}.bin", sha256=found.sha256, size=found.size)


@act(show_file, DOWNLOADING, done=mark("It was downloaded."), then=send_bytes, whatever_standing=True)
def download_file(_desk: Visit, unit: Unit, _data: Shown, id: str, file: str) -> None:
    custody.read_file(unit, id, file)


def list_files(desk: Visit, item: str, most: int = 50) -> list[EvidenceFile]:
    """The files of an item that somebody may read."""
    return list(desk.session.scalars(custody.visible_files(desk.viewer, item).limit(most)))
