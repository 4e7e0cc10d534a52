"""The memory a file takes on its way in and out has nothing to do with its size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]

_PASS_THROUGH = """
import os, resource, sys
from tracker.files.opening import open_files
url, endpoint, megabytes = sys.argv[1], sys.argv[2] or None, int(sys.argv[3])
files = open_files(url, os.urandom, endpoint=endpoint)
def stream(count):
    for place in range(count * 16):
        yield place.to_bytes(4) * 16384
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
files.digest(files.put(stream(1), 1 << 40).key)
before = peak()
stored = files.put(stream(megabytes), 1 << 40)
assert files.digest(stored.key) == stored.sha256
print(stored.size, peak() - before)
"""


def grown(url: str, endpoint: str, megabytes: int) -> int:
    """Kilobytes by which a process grows that takes a stream in and reads it again."""
    done = subprocess.run(
        [sys.executable, "-c", _PASS_THROUGH, url, endpoint, str(megabytes)],
        cwd=HOUSE,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    size, kilobytes = map(int, done.stdout.split())
    assert size == megabytes << 20
    return kilobytes


def test_a_folder_takes_64_megabytes_in_almost_none(tmp_path: Path) -> None:
    assert grown(tmp_path.as_uri(), "", 64) < 4 << 10


def test_s3_takes_64_megabytes_in_less_than_half(bucket: str, s3_endpoint: str) -> None:
    assert grown(bucket, s3_endpoint, 64) < 32 << 10


if __name__ == "__main__":  # python -m tests.files.test_memory file:///somewhere 2048
    print(f"{grown(sys.argv[1], os.environ.get('TRACKER_FILES_ENDPOINT', ''), int(sys.argv[2]))} KB")
else:
    pytest.importorskip("obstore")
