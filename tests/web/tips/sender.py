"""Somebody without an account, in front of a tip box, with the form of a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.contract.client import PlainClient

_LINE: Final = "a-line-between-parts"
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_PHRASE: Final = re.compile(r'class="phrase quote"[^>]*><strong>([a-z ]+)</strong>')
#: What a browser says of a form of the same site; because these pages name no site, it tells no origin.
OWN_SITE: Final = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
SAID: Final = {
    "happened": "I saw the trucks leave.",
    "when": "On 3 May",
    "where": "The quay",
    "harm": "My brother",
}
File = tuple[bytes, str]


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(_HIDDEN.findall(page.text))


class Sender:
    """Nobody whom we know."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client, self.language = PlainClient(app, app.response_class), language

    def read(self, path: str = "") -> TestResponse:
        return self.client.get(f"/{self.language}/tips{path}")

    def post(
        self,
        path: str,
        fields: Mapping[str, Any],
        files: Sequence[File] = (),
        headers: Mapping[str, str] = OWN_SITE,
    ) -> TestResponse:
        given = [FileStorage(io.BytesIO(raw), name) for raw, name in files]
        _line, body = encode_multipart({**fields, ".file": given}, _LINE)
        return self.client.post(
            f"/{self.language}/tips{path}",
            data=body,
            headers=dict(headers),
            content_type=f"multipart/form-data; boundary={_LINE}",
        )

    def write(self, *files: File, **said: str) -> TestResponse:
        """Open the form, fill it in and send it."""
        fields = {**hidden(self.read("/to/coast")), **SAID, **said}
        return self.post("/to/coast", fields, files)

    def come_back(self, phrase: str, **more: str) -> TestResponse:
        return self.post("", {"phrase": phrase, **more})


def phrase_of(page: TestResponse) -> str:
    """The eight words that a page shows."""
    found = _PHRASE.search(page.text)
    assert found is not None, page.text
    return found[1]
