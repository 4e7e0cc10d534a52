"""What a file was called is sealed exactly as it was sent, or refused; in the head of a request or a part alike."""

from __future__ import annotations

import pytest

from tests.api.factories import Stage
from tests.api.test_evidence_files import hand_over, kept
from tests.api.test_submissions import TWO, named, nothing_happens, submit


def head(said: str) -> dict[str, str]:
    """The header of a request, as a server shows it that was sent UTF-8."""
    return {"Content-Disposition": f"attachment; {said}".encode().decode("latin-1")}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('filename="../../etc/passwd"', "../../etc/passwd"),
        ('filename="تقرير.pdf"', "تقرير.pdf"),
        ("filename*=UTF-8''%D8%AA%20a.pdf", "ت a.pdf"),
        ('filename="x"; filename*=utf-8\'ar\'%d8%aa', "ت"),
        ('filename="100%.pdf"', "100%.pdf"),
        ('filename="a%zz.pdf"', "a%zz.pdf"),
        ('filename="say \\"a\\" and \\\\.txt"', 'say "a" and \\.txt'),
        (f'filename="{"n" * 255}"', "n" * 255),
    ],
)  # fmt: skip
def test_a_name_is_sealed_exactly_as_it_was(stage: Stage, said: str, name: str) -> None:
    stage.world.person("custodian", "custodian")
    alone = hand_over(stage, headers=head(said)).json
    made = submit(stage, files=[named(said)]).json
    for file in (alone, *made["files"]):
        path = f"/v1/evidence/{file['evidence']}/files/{file['id']}/access"
        assert stage.post(path, None, by="custodian", status=200)["original_name"] == name


@pytest.mark.parametrize(
    "said",
    [
        'filename=""',
        "filename=",
        'filename="not closed',
        f'filename="{"n" * 4000}"',
        'filename="nul\0.jpg"',
        "filename*=UTF-8''nul%00.jpg",
        "filename*=UTF-8''%E2%80%AEgpj",
        'filename="gpj.\u202eexe"',
        'filename="a.jpg"; filename="b.jpg"',
        "filename*=UTF-8''line%0A.jpg",
        "filename*=UTF-8''%zz.jpg",
        "filename*=UTF-8''%e9.jpg",
        "filename*=UTF-8''%",
        "filename*=KOI8-R''%e9.jpg",
        "filename*=ISO-8859-1''%e9.jpg",
        "filename*=",
        "filename*=UTF-8''",
        "filename=\"a.jpg\"; filename*=UTF-8''%ff",
        'filename="C:\\pictures\\a.jpg"',
    ],
)
def test_a_name_that_cannot_be_kept_exactly_is_refused(stage: Stage, said: str) -> None:
    together = nothing_happens(stage, files=[TWO[0], named(said)])
    alone = hand_over(stage, headers=head(said))
    for answer in (together, alone):
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json["errors"]] == ["Content-Disposition"]
    assert kept(stage) == []


def test_a_name_that_is_not_utf_8_is_refused(stage: Stage) -> None:
    answer = hand_over(stage, headers={"Content-Disposition": 'attachment; filename="\xe9.jpg"'})
    assert (answer.status_code, kept(stage)) == (422, [])
