"""Evidence files: why bytes are not taken in, not found, or not let out.

None of these says a key, a path, an address or a word of the store's own message.
"""

from __future__ import annotations

from tracker.domain.errors import Refusal


class FileTooLarge(Refusal):
    code = "file-too-large"
    title = "The file is too large"
    remedy = "Send a smaller file, or ask the operators; the detail names the limit. Nothing was kept."


class DigestMismatch(Refusal):
    code = "digest-mismatch"
    title = "The bytes do not match their digest"
    remedy = "Send it again with the SHA-256 of the bytes. Nothing was kept."


class StorageFull(Refusal):
    code = "storage-full"
    title = "The file store is full"
    remedy = "Tell the operators and send it again later. Nothing was kept."


class StorageUnavailable(Refusal):
    code = "storage-unavailable"
    title = "The file store does not answer"
    remedy = "Try again later. If it does not help, tell the operators."


class FileMissing(Refusal):
    code = "file-missing"
    title = "The bytes of this file are missing"
    remedy = "Tell the operators: they have to restore the file from a backup."


class NotCheckable(Refusal):
    code = "not-checkable"
    title = "This file cannot be checked, so it cannot become public"
    remedy = "Make the public copy as JPEG, PNG, WebP, PDF or plain text, whole and without anything extra."


class StillCarries(Refusal):
    code = "still-carries"
    title = "The file contains data that it does not show"
    remedy = (
        "Remove all that `missing` names (for an image: export it without metadata) and propose the new file."
    )
