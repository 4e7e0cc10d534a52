"""Writes `docs/problems.md` from the table of problems: `python -m tests.contract.problems_page > docs/problems.md`."""

from __future__ import annotations

from tracker.api.http.problems import STATUS, type_of

_HEAD = """\
# Problems

Whatever is refused is answered as `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`,
`instance`; with `errors`, a list of `pointer` and `detail`, where members are at fault; with `missing` where a rule
of the domain was broken and more would satisfy it; with `not_before`, an instant, where it is too early. A `pointer`
is a JSON Pointer (RFC 6901) into the body, or the name of a parameter. The `type` is stable and is a name, no
address. Nothing that was refused leaves a trace in the record, but for the day on which the key was last used.
"""


def page() -> str:
    """The page as it must stand in the repository."""
    parts = [_HEAD]
    for refusal, status in sorted(STATUS.items(), key=lambda one: (one[1], one[0].code)):
        parts.append(f"\n## `{type_of(refusal)}`\n\n{status} · **{refusal.title}.** {refusal.remedy}\n")
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
