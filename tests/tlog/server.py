"""A web server on a port of this machine that hands out the files of a log, and may misbehave."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.tlog.logs import Files

#: Status, headers, body; None is the file as it is.
Answer = tuple[int, dict[str, str], bytes]
Misbehave = Callable[[str], Answer | None]


@contextmanager
def served(files: Files, misbehave: Misbehave = lambda path: None) -> Iterator[str]:
    """The address of the log while it is served. A test may change ``files`` meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1  # head and body in one packet, as any real server sends them

        def do_GET(self) -> None:
            path = self.path.removeprefix("/log/")
            status, headers, body = misbehave(path) or (
                (200, {}, files[path]) if path in files else (404, {}, b"")
            )
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = (
            128  # the five of the standard library make a second connection wait for a second
        )

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/log"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def packed(body: bytes) -> Answer:
    """Compressed without being asked, as the format allows."""
    return 200, {"Content-Encoding": "gzip"}, gzip.compress(body)
