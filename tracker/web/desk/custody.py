"""A file of an item: what is known of it, and its bytes, which are only ever saved. Every reading stands in the custody
of the item.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from flask import Response

from tracker.actions import custody
from tracker.domain.custody import CAPTURE, ORIGINAL, PUBLIC_COPY, WORKING_COPY
from tracker.domain.errors import InvalidInput
from tracker.domain.sentences import sentence
from tracker.files import metadata
from tracker.http import uploads
from tracker.http.attachments import guard_chunks, make_attachment, require_store
from tracker.http.multipart import Part
from tracker.languages.i18n import mark
from tracker.schemas.custody import MOST_FILES, FileQuery
from tracker.schemas.sessions import Nothing
from tracker.store.custody import EvidenceFile
from tracker.web.desk.names import name_things
from tracker.web.desk.view import Shown, Unit, Visit, act, view
from tracker.web.form_bodies import Pairs, point_at_file
from tracker.web.forms import FILE_POINTER, Field, Form

#: What a file is for -> its words.
ROLES: Final[Mapping[str, str]] = {
    ORIGINAL: mark("As it was received"),
    CAPTURE: mark("Capture of a page, with what shows how it was made"),
    WORKING_COPY: mark("Working copy"),
    PUBLIC_COPY: mark("Copy that may become public"),
}
FILES: Final = Field(
    "",
    mark("Files"),
    hint=mark("They are kept byte by byte as they come. If something is wrong here, choose them again."),
    kind="files",
)
ADDING = Form(
    FileQuery,
    Field("role", mark("What the file is"), hint=mark("Left empty, it is as it was received.")),
    button=mark("Add it"),
    file=FILES,
)
DOWNLOADING = Form(Nothing, button=mark("Download"))


@view(
    "/evidence/{id}/files/{file}",
    permission="record.read_own",
    names={"id": ("evidence",), "file": ("file",)},
)
def show_file(desk: Visit, id: str, file: str) -> Shown:
    file_row = custody.find_file(desk.viewer, id, file)
    return {
        "title": desk.language.say("A file of an item of evidence"),
        "item": {"id": id, "name": name_things(desk, [id])[id]},
        "file": file_row,
    }


def send_bytes(desk: Visit, _made: str | None, id: str, file: str) -> Response:
    """The bytes as they came, once it stands in the custody of the item who reads them."""
    file_row = custody.find_bytes(desk.viewer, id, file)
    name = f"{file_row.id}.bin"
    chunks = require_store(desk.context).open(file_row.key)
    guarded = guard_chunks(desk.context, chunks, name, file_row.sha256)
    return make_attachment(guarded, name, sha256=file_row.sha256, size=file_row.size)


@act(show_file, DOWNLOADING, done=mark("It was downloaded."), then=send_bytes, whatever_standing=True)
def download_file(_desk: Visit, unit: Unit, _data: Shown, id: str, file: str) -> None:
    custody.read_file(unit, id, file)


@point_at_file()
def receive_file(desk: Visit, pairs: Pairs, part: Part) -> None:
    """Take a file in, hashed and limited on its way; it is forgotten where nothing comes of the act."""
    store, role = require_store(desk.context), dict(pairs).get("role") or ORIGINAL
    if len(desk.received) >= MOST_FILES:
        raise InvalidInput(
            sentence("at most %(most)s files come at once; add the others to the item later", most=MOST_FILES)
        )
    name, declared = uploads.read_name(part.disposition), uploads.read_declared(part.media_type)
    arrived = uploads.take_upload(desk.context, store, part.chunks, role=role, declared=declared, name=name)
    desk.undo.append(partial(store.delete, arrived.stored.key))
    desk.received.append((str(uploads.describe_sender(arrived)), arrived))
    if role == PUBLIC_COPY:
        metadata.require_clean(store.open(arrived.stored.key), declared or arrived.detected_type)


def _receive_for(desk: Visit, pairs: Pairs, part: Part) -> None:
    """The same of a file that is added: whether the item takes one is known before its bytes are."""
    role, item = dict(pairs).get("role") or ORIGINAL, desk.page.split("/")[3]
    custody.require_open_review(desk.viewer, custody.open_item(desk.viewer, item), role)
    desk.session.rollback()
    receive_file(desk, pairs, part)


@view("/evidence/{id}/files", permission="evidence.submit", template="form", names={"id": ("evidence",)})
def show_new_file(desk: Visit, id: str) -> Shown:
    item = custody.open_item(desk.viewer, id)
    say = desk.language.say
    return {
        "title": say("Add files: %(name)s", name=item.title),
        "lead": say("What is added is listed in the custody of the item."),
        "choices": {"role": [(code, str(say(words))) for code, words in ROLES.items()]},
    }


@act(
    show_new_file,
    ADDING,
    done=mark("It was added."),
    then="/things/{id}",
    receive=_receive_for,
    most_bytes=lambda settings: settings.files_limit,
)
def add_files(desk: Visit, unit: Unit, _data: Shown, id: str) -> None:
    if not desk.received:
        raise InvalidInput.at(FILE_POINTER, sentence("choose a file"))
    for _digest, arrived in desk.received:
        custody.add_file(unit, id, arrived)


def list_files(desk: Visit, item: str, most: int = 50) -> list[EvidenceFile]:
    """The files of an item that somebody may read."""
    return list(desk.session.scalars(custody.select_files(desk.viewer, item).limit(most)))
