"""Writes `docs/problems.md` from the table of problems: `python -m tests.contract.problems_page > docs/problems.md`."""

from __future__ import annotations

from tracker.api.http.problems import type_of
from tracker.http.refusals import STATUS

_HEAD = """\
# Problems

A refused request is answered with `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`,
`instance`. If members are wrong, `errors` lists `pointer` and `detail` of each, and as `value` what was sent, unless
it is text or may be secret. If a rule was broken and more would satisfy it, `missing` says what. If it is too early,
`not_before` is the instant from which it is possible. A `pointer` is a JSON Pointer (RFC 6901) into the body, or the
name of a parameter. The `type` is stable and is an address of the tracker, which explains it. A refused request leaves
no trace in the record, except the day on which the key was last used.
"""


def page() -> str:
    """The page as it must stand in the repository."""
    parts = [_HEAD]
    for refusal, status in sorted(STATUS.items(), key=lambda one: (one[1], one[0].code)):
        parts.append(f"\n## `{type_of(refusal)}`\n\n{status} · **{refusal.title}.** {refusal.remedy}\n")
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
