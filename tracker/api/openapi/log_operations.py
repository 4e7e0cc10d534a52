"""The operations of the transparency log, whose files are answered before the REST door (`tracker.feeds.log`)."""

from __future__ import annotations

from typing import Any, Final

from tracker.api.openapi.operation_parts import describe_content, describe_operation, describe_parameter

_FILE: Final = {
    "_404": ("not-found",),
    "_405": ("method-not-allowed",),
    "_422": ("invalid-input",),
    "_503": ("unavailable",),
}
_CHECKPOINT: Final = (
    "inquiry.example/log\n610\n2p0n0k1nzl5cUVc9mfb3HkZ0aqZFZQ7JbWQyqkzFa1U=\n\n— inquiry.example/log …\n"
)
_FILES: Final = (
    (
        "/log/checkpoint",
        "get_log_checkpoint",
        "Read the last signed checkpoint of the log",
        "The name of the log, how many entries it has, and the hash of them all, with a signature.",
        "text/plain",
        (),
    ),
    (
        "/log/proof/{index}",
        "get_log_proof",
        "Read the proof that an entry is in the log",
        "With the entry and the hashes in it, anybody computes the hash of the checkpoint.",
        "text/plain",
        (describe_parameter("index", "path", "The number of the entry.", type="integer", minimum=0),),
    ),
    (
        "/log/succession/{number}",
        "get_log_succession",
        "Read the statement that closed a log of this tracker",
        "A log that lost entries it had signed ends, and another goes on under another name. Both sign how many entries"
        " were signed, how many are kept, and which log goes on.",
        "text/plain",
        (describe_parameter("number", "path", "The oldest is 0.", type="integer", minimum=0),),
    ),
    (
        "/log/tile/{level}/{tile}",
        "get_log_tile",
        "Read a tile of hashes, or with the level `entries` a bundle of entries",
        "A tile that is full never changes. Mirrors and monitors read these.",
        "application/octet-stream",
        (
            describe_parameter("level", "path", "The level of the tile, or `entries`.", type="string"),
            describe_parameter(
                "tile",
                "path",
                "The number of the tile as tlog-tiles writes it, such as `000`, `x001/067`, or `000.p/12` for a part.",
                type="string",
            ),
        ),
    ),
)


def log_operations() -> dict[str, dict[str, Any]]:
    """The operations by path."""
    described = {}
    for path, name, summary, description, media_type, parameters in _FILES:
        example = _CHECKPOINT if name == "get_log_checkpoint" else "…"
        binary = {"format": "binary"} if media_type == "application/octet-stream" else {}
        content = describe_content(media_type, example, type="string", **binary)
        described[path] = describe_operation(name, "log", summary, description, content, parameters, **_FILE)
    return described
