"""A witness of the log, as others run it, on a port of this machine."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from tracker.tlog import checkpoint, note, tree
from tracker.tlog.errors import BadProof
from tracker.tlog.keys import WITNESS, PrivateKey, PublicKey

WITNESS_KEY = PrivateKey("witness.example/w1", WITNESS, b"\x42" * 32)


class Witness:
    """What a witness does (C2SP tlog-witness): it remembers size and root, and signs what grew from there."""

    def __init__(self, log_key: PublicKey) -> None:
        self.log_key = log_key
        self.seen: checkpoint.Checkpoint | None = None
        self.answer: tuple[int, bytes] | None = None

    def add(self, body: bytes) -> tuple[int, bytes]:
        if self.answer is not None:
            return self.answer
        head, _, signed = body.partition(b"\n\n")
        lines = head.decode().split("\n")
        old = int(lines[0].removeprefix("old "))
        given = checkpoint.parse(note.open_note(signed, [self.log_key]).text)
        known = self.seen.size if self.seen else 0
        if old != known:
            return 409, f"{known}\n".encode()
        root = self.seen.root if self.seen else tree.EMPTY_ROOT
        try:
            proof = [base64.b64decode(line) for line in lines[1:]]
            tree.verify_consistency(old, given.size, proof, root, given.root)
        except BadProof:
            return 422, b"no"
        self.seen = given
        return 200, note.signature(WITNESS_KEY, given.text, 1_764_000_000).line.encode()


@contextmanager
def listening(witness: Witness) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/add-checkpoint"
            status, body = witness.add(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
