"""Both stores: a folder, and a real S3 server that runs in this process on a port of its own."""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracker.files.files import Files
from tracker.files.opening import open_files


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  # it takes a second to import

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket, as the address that a setting names."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "an-access-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-access-key")
    name = f"bucket-{abs(hash(request.node.nodeid)):x}"
    ask = urllib.request.Request(f"{s3_endpoint}/{name}", method="PUT")  # noqa: S310  # our own server
    urllib.request.urlopen(ask).close()  # noqa: S310  # the same
    return f"s3://{name}/evidence"


@pytest.fixture
def folder(tmp_path: Path, entropy: Callable[[int], bytes]) -> Files:
    return open_files((tmp_path / "files").as_uri(), entropy)


@pytest.fixture
def s3(bucket: str, s3_endpoint: str, entropy: Callable[[int], bytes]) -> Files:
    return open_files(bucket, entropy, endpoint=s3_endpoint)


@pytest.fixture(params=["folder", "s3"])
def files(request: pytest.FixtureRequest) -> Files:
    """Both stores, one after the other."""
    store: Files = request.getfixturevalue(request.param)
    return store
