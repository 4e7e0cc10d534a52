"""A client that somebody else's generator makes from the committed document alone does the main job: it sets up a
process, proposes a status, has it approved by another person, and reads what became public.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from tests.contract.client import COMMITTED
from tests.live_server import serve_live
from tests.world import World
from tracker.api.http.endpoint import ENDPOINTS
from tracker.api.openapi import feed_operations

PACKAGE = "generated_tracker_client"
#: The one thing that this generator has to be told: lines of JSON come as they are, and so does all that is not JSON.
CONFIG = """post_hooks: []
content_type_overrides:
  application/x-ndjson: application/octet-stream
  application/atom+xml: text/plain
  text/calendar: text/plain
  image/svg+xml: text/plain
  application/ld+json: application/json
  application/linkset+json: application/json
  application/xml: text/plain
  application/zip: application/octet-stream
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: application/octet-stream
"""
GENERATE = ("-m", "openapi_python_client", "generate", "--meta", "none", "--path", str(COMMITTED))


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client as a package that can be imported. Nothing is fetched, and no tool of ours tidies it up."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "config.yml").write_text(CONFIG, "utf-8")
    where = ("--output-path", str(folder / PACKAGE), "--config", str(folder / "config.yml"))
    made = subprocess.run(
        [sys.executable, *GENERATE, *where], capture_output=True, text=True, check=False, cwd=folder
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "warning" not in (made.stdout + made.stderr).lower(), made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield folder / PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


class Generated:
    """The generated client of one person, by operation id; an answer that is not the expected one fails."""

    def __init__(self, package: Path, url: str, key: str | None) -> None:
        self.package = package
        clients = import_module(f"{PACKAGE}.client")
        self.client: Any = (
            clients.Client(base_url=url)
            if key is None
            else clients.AuthenticatedClient(base_url=url, token=key)
        )

    def call(self, operation: str, *path: str, body: Any = None, **more: Any) -> Any:
        """The parsed answer; a ``body`` of JSON is made the generated class that the operation takes."""
        declared = next(one for one in ENDPOINTS if one.operation == operation)
        if body is not None:
            more["body"] = body if declared.body is None else model(declared.body.__name__).from_dict(body)
        said = self.module(operation).sync_detailed(*path, client=self.client, **more)
        right = {declared.status} if declared.waits is None else {declared.status, 202}
        assert said.status_code in right, said.content
        assert type(said.parsed).__name__ != "Problem"
        return said.parsed

    def module(self, operation: str) -> ModuleType:
        (path,) = self.package.glob(f"api/*/{operation}.py")
        return import_module(f"{PACKAGE}.api.{path.parent.name}.{operation}")

    def close(self) -> None:
        self.client.get_httpx_client().close()


def model(name: str) -> Any:
    return getattr(import_module(f"{PACKAGE}.models"), name)


@pytest.fixture
def people(app: Flask, world: World, generated: Path) -> Iterator[dict[str, Generated]]:
    """The clients of an editor, of an approver and of somebody without a key, against a server that listens."""
    keys = {"editor": world.keys["editor"], "approver": world.keys["approver"], "anybody": None}
    world.session.rollback()
    with serve_live(app) as url:
        made = {name: Generated(generated, url, key) for name, key in keys.items()}
        yield made
        for one in made.values():
            one.close()


def test_the_client_has_every_operation_of_the_document(generated: Path) -> None:
    made = {path.stem for path in generated.glob("api/*/*.py") if path.stem != "__init__"}
    feeds = {one["get"]["operationId"] for one in feed_operations.operations().values()}
    assert made == {one.operation for one in ENDPOINTS} | feeds


def test_a_stranger_with_a_generated_client_does_the_main_job(people: dict[str, Generated]) -> None:
    editor, approver, anybody = (people[name] for name in ("editor", "approver", "anybody"))
    made = set_up(editor)
    for thing in made.values():
        waits = editor.call("set_publication", thing, body={})
        approver.call("decide_proposal", waits.id, body={"decision": "approve"})

    change = editor.call("propose_status_change", body=proposal(made))
    assert change.decision == "proposed"
    decided = approver.call("decide_status_change", change.id, body={"decision": "approve"})
    assert decided.decision == "approved"

    public = anybody.call("get_public_recommendation", made["recommendation"])
    assert public.title == "Vet the forces"
    (implementation,) = [one for one in public.standing if one.track == "implementation"]
    assert implementation.lead.state == "underway"
    assert implementation.lead.since == date(2025, 6, 1)
    acts = everything(anybody, made["process"])
    assert [act.kind for act in acts][-1] == "status.changed"
    assert {act.subject for act in acts} >= {made["process"], made["committee"], made["deadline"]}


def test_the_generated_client_sends_an_item_together_with_its_files(people: dict[str, Generated]) -> None:
    editor = people["editor"]
    process = set_up(editor)["process"]
    item = {"process": process, "title": "The quay", "type": "photo", "acquired_from": "own_staff"}
    files = [
        import_module(f"{PACKAGE}.types").File(BytesIO(content), name, "text/plain")
        for content, name in ((b"at noon", "noon.txt"), (b"\r\n--at night\r\n", "night.txt"))
    ]
    body = model("SubmissionForm")(item=model("SubmissionIn").from_dict(item), file=files)
    made = editor.call("submit_with_files", body=body)
    assert made.evidence.title == "The quay"
    assert [one.size for one in made.files] == [7, 14]
    assert {one.evidence for one in made.files} == {made.evidence.id}


def test_a_refusal_reaches_the_generated_client_as_a_problem(people: dict[str, Generated]) -> None:
    editor = people["editor"]
    body = model("OrganizationIn").from_dict({"slug": "press", "name": "Again", "type": "media"})
    said = editor.module("create_organization").sync_detailed(client=editor.client, body=body)
    assert said.status_code == 409
    assert said.parsed.type_ == "/problems/slug-taken"


def test_an_edit_by_the_generated_client_carries_the_version_it_read(people: dict[str, Generated]) -> None:
    editor = people["editor"]
    made = editor.call("create_organization", body={"slug": "union", "name": "Union", "type": "other"})
    read = editor.module("get_organization").sync_detailed(made.id, client=editor.client)
    edit = {"body": {"name": "The union"}, "if_match": read.headers["ETag"]}
    assert editor.call("revise_organization", made.id, **edit).name == "The union"


def set_up(editor: Generated) -> dict[str, str]:
    """One of each thing, by name; in the order in which they may be published."""
    made: dict[str, str] = {}

    def create(kind: str, /, **body: Any) -> None:
        made[kind] = editor.call(f"create_{kind}", body=body).id

    create("organization", slug="harbour-union", name="Harbour union", type="watchdog")
    lead = made["organization"]
    create(
        "process",
        slug="harbour-fire",
        title="The fire in the harbour",
        summary="An inquiry was announced.",
        lead=lead,
        calendar={"time_zone": "Asia/Damascus", "weekend": ["friday"], "holidays": []},
    )
    here = made["process"]
    create("committee", process=here, reference="first", name="First", body_type="presidential_committee")
    create(
        "deadline",
        process=here,
        owner=made["committee"],
        type="final_report_due",
        title="Final report",
        basis="decree",
        set_on="2025-03-09",
        rule="30 days",
    )
    create(
        "recommendation",
        process=here,
        reference="1",
        issuer=lead,
        issued_on="2025-04-03",
        title="Vet the forces",
        text="Vet every commander.",
        language="en",
        type="vetting",
        addressees=[{"organization": lead}],
    )
    create(
        "evidence",
        process=here,
        title="The decree",
        type="media_report",
        acquired_from="public_source",
        publisher=lead,
        protection="public",
    )
    return made


def proposal(made: dict[str, str]) -> dict[str, Any]:
    return {
        "subject": made["recommendation"],
        "track": "implementation",
        "state": "underway",
        "effective_on": "2025-06-01",
        "reason": "The decree is in force.",
        "citations": [{"evidence": made["evidence"], "stance": "supports"}],
    }


def everything(reader: Generated, process: str) -> list[Any]:
    """Every public act of a process, page after page, until there is nothing new."""
    found: list[Any] = []
    more: dict[str, Any] = {}
    while True:
        page = reader.call("list_public_changes", process=process, limit=2, **more)
        if not page.items:
            return found
        found += page.items
        more = {"after": page.next_.partition("after=")[2].partition("&")[0]}
