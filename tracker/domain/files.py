"""Evidence files: why bytes are not taken in, not found, or not let out.

None of these says a key, a path, an address or a word of the store's own message.
"""

from __future__ import annotations

from tracker.domain.errors import Refusal


class FileTooLarge(Refusal):
    code = "file-too-large"
    title = "The file is larger than what is taken in"
    remedy = (
        "Send a smaller file, or ask the operators; the detail says how much is read. Nothing of it was kept."
    )


class DigestMismatch(Refusal):
    code = "digest-mismatch"
    title = "What arrived is not what was announced"
    remedy = "Send it again with the SHA-256 of the bytes themselves. Nothing of it was kept."


class StorageFull(Refusal):
    code = "storage-full"
    title = "There is no room left for files"
    remedy = "Tell the operators and send it again later. Nothing of it was kept."


class StorageUnavailable(Refusal):
    code = "storage-unavailable"
    title = "The store of files does not answer"
    remedy = "Try again later; tell the operators if it stays."


class FileMissing(Refusal):
    code = "file-missing"
    title = "The bytes of this file are not where they should be"
    remedy = "Tell the operators: this is an alarm, and they have a copy to restore it from."


class NotCheckable(Refusal):
    code = "not-checkable"
    title = "This file cannot be checked, and so cannot become public"
    remedy = "Make the public copy as JPEG, PNG, WebP, PDF or plain text, whole and without anything extra."


class MetadataLeft(Refusal):
    code = "still-carries"
    title = "The file still carries more than what it shows"
    remedy = (
        "Remove what `missing` names (an image: export it anew without metadata) and propose the new file."
    )
