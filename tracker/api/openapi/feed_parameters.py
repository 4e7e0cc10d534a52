"""What the addresses of feeds, badges and frames take, as the contract describes it."""

from __future__ import annotations

from typing import Final

from tracker.api.openapi.operation_parts import describe_parameter
from tracker.domain.text import SLUG, SLUG_LENGTH
from tracker.languages.i18n import LANGUAGES

PROCESS: Final = describe_parameter(
    "process",
    "path",
    "The short name (`slug`) of a public process.",
    type="string",
    pattern=SLUG,
    maxLength=SLUG_LENGTH,
)
ORGANIZATION: Final = describe_parameter(
    "organization",
    "path",
    "The short name (`slug`) of a public organization.",
    type="string",
    pattern=SLUG,
    maxLength=SLUG_LENGTH,
)
RECOMMENDATION: Final = describe_parameter(
    "id", "path", "The id of a public recommendation.", type="string", pattern="^rec_[0-9a-z]{26}$"
)
SEARCH: Final = describe_parameter(
    "q", "query", "Words, all of which have to be there.", required=True, type="string", maxLength=200
)
SUBJECT: Final = describe_parameter(
    "subject",
    "path",
    "The short name (`slug`) or the id of a public process; of a badge also the id of a recommendation.",
    type="string",
    pattern="^[a-z0-9_-]{1,80}$",
)
ASSESSOR: Final = describe_parameter(
    "assessor",
    "query",
    "The short name of the organization whose word is shown; that of the lead where left out.",
    type="string",
)
URL: Final = describe_parameter(
    "url", "query", "The address that is to be shown.", required=True, type="string"
)
FORMAT: Final = describe_parameter("format", "query", "The form of the answer.", type="string", enum=["json"])
SIZES: Final = tuple(
    describe_parameter(
        name, "query", f"The most pixels of {what}.", type="integer", minimum=0, maximum=99_999
    )
    for name, what in (("maxwidth", "width"), ("maxheight", "height"))
)
LANGUAGE: Final = describe_parameter(
    "lang",
    "query",
    "The language of the sentences; the first one of the process that they are written in where left out, and English"
    " where there is no one process.",
    type="string",
    enum=list(LANGUAGES),
)
BEFORE: Final = describe_parameter(
    "before",
    "query",
    "Only the acts before this place, as `next_url` gives it; the newest where left out.",
    type="integer",
    minimum=1,
)
PAGE: Final = describe_parameter(
    "page",
    "query",
    "The page after this document, as `next` gives it; the first where left out.",
    type="string",
    pattern="^[a-z]{3}_[0-9a-z]{26}$",
)
