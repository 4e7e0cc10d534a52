"""Full text over HTTP: what is public for everybody, the record for those who may; strict, paged, never an error."""

from __future__ import annotations

import pytest

from tests.api.factories import Stage


def test_a_hit_says_what_it_is_and_leads_to_it(stage: Stage) -> None:
    [hit] = stage.get("/v1/public/search?q=vet", by=None)["items"]
    assert hit == {
        "id": stage.ids["recommendation"],
        "kind": "recommendation",
        "process": stage.ids["process"],
        "title": "Recommendation R1",
        "snippet": "Vet the forces.",
        "document": f"/v1/public/recommendations/{stage.ids['recommendation']}",
    }
    assert stage.get(hit["document"], by=None)["title"] == hit["title"]


def test_the_record_answers_with_its_own_addresses_and_its_drafts(stage: Stage) -> None:
    hits = stage.get("/v1/search?q=stranger")["items"]
    assert [hit["document"] for hit in hits] == [f"/v1/committees/{stage.ids['stranger']}"]
    assert stage.get(hits[0]["document"])["id"] == stage.ids["stranger"]
    assert stage.get("/v1/public/search?q=stranger", by=None) == {"items": [], "next": None}
    assert stage.send("GET", "/v1/search?q=x").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/public/search", "/v1/search"])
def test_pages_lead_through_everything_once(stage: Stage, path: str) -> None:
    for n in range(5):
        stage.world.recommendation(f"A{n}", title="Army" if n % 2 else "Other", text="An army.")
    whole = stage.get(f"{path}?q=army")["items"]
    assert len(whole) == 5
    for limit in (1, 2, 4, 5):
        assert stage.pages(f"{path}?q=army&limit={limit}") == whole
    assert [hit["title"] for hit in whole] == ["Army"] * 2 + ["Other"] * 3


def test_a_cursor_fits_no_other_search(stage: Stage) -> None:
    following = stage.get("/v1/public/search?q=r&limit=1", by=None)["next"]
    assert following is not None
    for changed in (following.replace("q=r", "q=c"), following.replace("search?", "search?kind=evidence&")):
        assert stage.send("GET", changed, by=None).status_code == 422


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20", "q"),
        (f"q={'x' * 201}", "q"),
        (f"q={'x+' * 17}", "q"),
        ("q=x&kind=person", "kind"),
        ("q=x&process=org_1", "process"),
        ("q=x&limit=0", "limit"),
        ("q=x&after=x", "after"),
        ("q=x&q=y", "q"),
        ("q=x&what=y", "what"),
        ("q=%00", "q"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/public/search", "/v1/search"])
def test_what_is_not_plain_is_refused(one_stage: Stage, path: str, query: str, at: str) -> None:
    answer = one_stage.send("GET", f"{path}?{query}")
    assert answer.status_code == 422
    assert answer.json is not None
    assert [field["pointer"] for field in answer.json["errors"]] == [at]


@pytest.mark.parametrize("query", ["O'Brien", '"', "*", "NEAR", "a-b", "a:b", "(", "%", "\\", "x*y", "🙂"])
@pytest.mark.parametrize("path", ["/v1/public/search", "/v1/search"])
def test_any_sign_may_be_typed(one_stage: Stage, path: str, query: str) -> None:
    answer = one_stage.send("GET", path, query_string={"q": query})
    assert answer.status_code == 200, answer.data


def test_what_is_confidential_changes_no_byte_of_a_public_search(stage: Stage) -> None:
    stage.world.recommendation("A1", title="Army", text="Army of the coast.")
    paths = [f"/v1/public/search?q={query}" for query in ("army", "a", "report", "r&limit=1")]
    before = [(one.data, list(one.headers)) for one in (stage.send("GET", path, by=None) for path in paths)]
    stage.world.item(publish=False, protection="confidential", title="Army report")
    stage.world.recommendation("A2", publish=False, title="Army army")
    stage.world.organization("army", "security_force", publish=False)
    after = [(one.data, list(one.headers)) for one in (stage.send("GET", path, by=None) for path in paths)]
    assert after == before
