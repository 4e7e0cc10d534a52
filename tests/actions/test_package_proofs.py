"""A package proves itself: the check that `docs/verifying.md` prints finds every byte that was changed, with nothing
but the package, the verifier for strangers and the public key. It opens nothing else, and tells nobody who acted.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bagit
import pytest
from sqlalchemy import select, text

from tests.world import World
from tracker.actions import custody, evidence_packages, redaction, statuses
from tracker.actions.operations import auditing, signing
from tracker.actions.people import OPERATOR
from tracker.domain.people import Actor
from tracker.files.files import Files
from tracker.files.folder import Folder
from tracker.store import audit
from tracker.store.audit import TRAIL, AuditEntry
from tracker.store.database import db, open_snapshot
from tracker.store.viewer import Viewer
from tracker.tlog.errors import TlogError
from tracker.tlog.pack import packed
from tracker.tlog.tree import leaf_hash

HOUSE = Path(__file__).resolve().parents[2]
[CHECK] = re.findall(
    r"^```python\n(.*?)^```$", (HOUSE / "docs" / "verifying.md").read_text("utf-8"), re.M | re.S
)
COMPILED = compile(CHECK, "check.py", "exec")
#: What the check says, in place of passing: its own word, or that of the verifier, or that something is no JSON.
NO = (SystemExit, TlogError, ValueError, KeyError, TypeError, IndexError)


class Court:
    """An item with a file, and what is handed over of it."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder, self.key = world, folder, folder / "log.key"
        self.files: Files = Folder(folder / "bytes", world.entropy)
        self.keeper: Actor = world.person("keeper", "custodian")
        self.item = world.item()
        stored = self.files.put([b"What was seen."], 100)
        with world.act(world.editor) as act:
            given = custody.ReceivedFile("evidentiary_copy", stored, None, "text/plain")
            self.file = custody.add_file(act, self.item, given).id
        with world.act(OPERATOR) as act:
            self.vkey = signing.create_log(act, "tracker.example/log", self.key).signers[0].public.vkey
        self.other = world.item()  # so that the last entries of the logs are about something else

    def hand_over(self) -> None:
        with self.world.act(self.keeper) as act:
            custody.hand_over(act, self.item, "court")

    def anchor(self) -> None:
        with self.world.act(OPERATOR) as act:
            signing.anchor_internal_log(act)

    def sign(self) -> None:
        with self.world.act(OPERATOR) as act:
            signing.sign_log(act, signing.Keyring.read(self.key))

    def package(self, key: Path | None = None) -> Path:
        """The folder of a package, made now and unpacked."""
        self.world.session.rollback()
        with open_snapshot(db.engine) as session:
            made = b"".join(
                evidence_packages.build_package(
                    Viewer(session, self.keeper), self.files, self.item, self.world.clock(), key
                )
            )
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            archive.extractall(self.folder / "package")
        return self.folder / "package" / self.item

    def check(self, package: Path) -> None:
        """What the page prints, run here; it may use the verifier and nothing else of the tracker."""
        before = sys.argv
        sys.argv = ["check.py", str(package), self.vkey]
        try:
            exec(COMPILED, {})  # noqa: S102  # our own page
        finally:
            sys.argv = before


@pytest.fixture
def court(world: World, tmp_path: Path) -> Court:
    return Court(world, tmp_path)


@pytest.fixture
def proven(court: Court) -> tuple[Court, Path]:
    """A package in which everything is anchored and signed."""
    court.hand_over()
    court.anchor()
    court.sign()
    return court, court.package(court.key)


def lines(package: Path, name: str) -> list[Any]:
    return [json.loads(line) for line in (package / "data" / "proofs" / name).read_bytes().splitlines()]


def proofs(package: Path) -> Any:
    return json.loads((package / "data" / "proofs.json").read_bytes())


def raw(given: str) -> bytes:
    return urlsafe_b64decode(given + "=" * (-len(given) % 4))


def test_a_package_is_proven_to_a_stranger_by_one_file_and_the_key(
    proven: tuple[Court, Path], tmp_path: Path
) -> None:
    court, package = proven
    assert bagit.Bag(str(package)).is_valid()
    (tmp_path / "tracker-verify.pyz").write_bytes(packed())
    (tmp_path / "check.py").write_text(CHECK, "utf-8")
    said = subprocess.run(
        [sys.executable, "-P", "check.py", str(package), court.vkey],
        cwd=tmp_path,
        env={"PYTHONPATH": "tracker-verify.pyz"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
    count = len(json.loads((package / "data" / "custody.json").read_bytes()))
    assert said.stdout == f"{count} of {count} events are proven by the log tracker.example/log\n"
    assert proofs(package)["public"]["vkeys"] == [court.vkey]
    assert proofs(package)["internal"]["withheld"] == ["by"]


def test_a_package_names_no_item_that_is_not_public_and_says_no_word_of_the_desk(court: Court) -> None:
    world = court.world
    hidden = world.item(publish=False, protection="confidential")
    change = world.propose(
        court.item,
        "verification",
        "disputed",
        cites=(court.other, hidden),
        proposer=world.reviewer,
    )
    with world.act(world.approver) as act:
        statuses.approve_status_change(act, change.id, "Between us.")
    told = (court.package() / "data" / "verification.json").read_text("utf-8")
    last = json.loads(told)[-1]
    assert [one["evidence"] for one in last["citations"]] == [court.other]
    assert "decision_note" not in told
    assert (last["id"], last["proposed_by"]) == (change.id, "desk")


def flips(path: Path) -> Iterator[None]:
    """The file with each of its bytes changed in turn."""
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        yield
    path.write_bytes(whole)


@pytest.mark.parametrize("name", ["custody.json", "proofs/internal.jsonl", "proofs/public.jsonl"])
def test_no_byte_of_the_custody_or_of_a_proof_can_be_changed(proven: tuple[Court, Path], name: str) -> None:
    court, package = proven
    path = package / "data" / name
    for count, _flipped in enumerate(flips(path)):
        if count % 5 == 0 or name == "custody.json":
            with pytest.raises(NO):
                court.check(package)
    court.check(package)


def test_no_byte_of_the_anchor_can_be_changed(proven: tuple[Court, Path]) -> None:
    court, package = proven
    path = package / "data" / "proofs.json"
    whole = path.read_bytes()
    anchor = json.dumps(proofs(package)["internal"]["anchor"], ensure_ascii=False, separators=(",", ":"))
    start = whole.index(anchor.encode())
    for count, _flipped in enumerate(flips(path)):
        if start <= count < start + len(anchor.encode()) and count % 3 == 0:
            with pytest.raises(NO):
                court.check(package)


def test_the_log_of_another_key_proves_nothing(proven: tuple[Court, Path], tmp_path: Path) -> None:
    court, package = proven
    court.vkey = "tracker.example/log+d93f9541+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    with pytest.raises(NO):
        court.check(package)


def test_where_nothing_is_anchored_or_signed_the_package_says_so(court: Court) -> None:
    court.hand_over()
    said = proofs(court.package())
    assert said["internal"]["anchor"] is None
    assert "no anchor" in said["internal"]["why_none"]
    assert "not been signed" in said["public"]["why_none"]
    assert said["public"]["vkeys"] == []
    court.anchor()
    assert proofs(court.package())["internal"]["anchor"] is None  # nobody signed that anchor
    court.sign()
    package = court.package()
    assert proofs(package)["internal"]["why_none"] is None
    court.check(package)


def test_a_key_that_cannot_be_read_is_not_named(court: Court) -> None:
    court.key.chmod(0o644)
    assert proofs(court.package(court.key))["public"]["vkeys"] == []


def test_what_happened_after_the_anchor_has_no_way_to_it_yet(
    court: Court, capsys: pytest.CaptureFixture[str]
) -> None:
    court.anchor()
    court.sign()
    court.hand_over()
    package = court.package(court.key)
    assert [one["hashes"] is None for one in lines(package, "internal.jsonl")] == [False] * 3 + [True]
    court.check(package)
    assert capsys.readouterr().out == "3 of 4 events are proven by the log tracker.example/log\n"


def test_an_item_without_files_is_packed_with_what_is_public_of_it(
    court: Court, capsys: pytest.CaptureFixture[str]
) -> None:
    court.anchor()
    court.sign()
    court.item = court.other
    package = court.package(court.key)
    assert proofs(package)["custody"]["head"] is None
    assert lines(package, "internal.jsonl") == []
    assert len(lines(package, "public.jsonl")) == 2
    court.check(package)
    assert capsys.readouterr().out.startswith("0 of 0 events")


def test_the_public_acts_are_those_about_the_item_and_its_verification(proven: tuple[Court, Path]) -> None:
    court, package = proven
    said = [json.loads(raw(one["disclosure"])) for one in lines(package, "public.jsonl")]
    assert [one["kind"] for one in said] == ["subject.published", "status.changed"]
    assert {one["subject"] for one in said} == {court.item}


def test_a_redacted_act_is_proven_and_not_opened(court: Court) -> None:
    for name in ("first", "second"):
        with court.world.act(court.world.person(name, "custodian")) as act:
            redaction.redact_thing(act, court.item, "minor")
    court.anchor()
    court.sign()
    package = court.package(court.key)
    found = lines(package, "public.jsonl")
    assert [one["salt"] is None for one in found] == [True] * 3 + [False]
    assert all((one["disclosure"] is None) == (one["salt"] is None) for one in found)
    court.check(package)


def test_a_proof_names_nobody_and_opens_no_other_entry(proven: tuple[Court, Path]) -> None:
    court, package = proven
    told = [raw(one["disclosure"]) for one in lines(package, "internal.jsonl")]
    everything = b"".join([*told, *(path.read_bytes() for path in (package / "data" / "proofs").iterdir())])
    everything += (package / "data" / "proofs.json").read_bytes()
    for person in vars(court.world).values():
        if isinstance(person, Actor):
            assert person.id.encode() not in everything
    assert court.keeper.id.encode() not in everything
    court.world.session.rollback()
    rows = list(court.world.session.scalars(select(AuditEntry)))
    mine = [row for row in rows if row.target_id == court.item and row.verb.startswith("custody.")]
    shown = {raw(one["salt"]) for one in lines(package, "internal.jsonl")}
    assert shown == {audit.find_opener(row) for row in mine}
    # No salt that is kept is shown, and none of those that are shown opens who acted.
    assert not shown & {row.salt for row in rows}
    assert {json.loads(one)["to"] for one in told} == {court.item}


def test_entries_of_old_are_proven_and_not_opened_for_they_name_who_acted(court: Court) -> None:
    """Before version 2 the disclosure of an entry had the person in clear."""
    court.world.session.rollback()
    rows = court.world.session.scalars(
        select(AuditEntry).where(AuditEntry.verb.startswith("custody.")).order_by(AuditEntry.id)
    ).all()
    with db.engine.begin() as connection:
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        for row in rows:
            index, _entry = audit.list_logged(connection, row.id)
            old = audit.format_entry(row, 1)
            connection.execute(TRAIL.entry.update().where(TRAIL.entry.c.idx == index).values(entry=old))
            column = TRAIL.hash.c
            leaf = TRAIL.hash.update().where(column.level == 0, column.n == index)
            connection.execute(leaf.values(hash=leaf_hash(old)))
    assert not [one for one in auditing.audit_logs(court.world.session, None) if "promises" in one]
    found = lines(court.package(), "internal.jsonl")
    assert [json.loads(raw(one["entry"]))["v"] for one in found] == [1] * 3
    assert {one["disclosure"] for one in found} == {one["salt"] for one in found} == {None}


def test_an_entry_that_is_not_in_the_log_is_not_passed_over(court: Court) -> None:
    with pytest.raises(LookupError, match="not in the internal log"):
        audit.list_logged(court.world.session.connection(), 10**6)


def test_a_long_line_is_packed_line_by_line(court: Court) -> None:
    """What is held while it is packed does not grow with what was sent."""
    for _ in range(40):
        court.hand_over()
    court.anchor()
    court.sign()
    with open_snapshot(db.engine) as session:
        told = evidence_packages.build_package(
            Viewer(session, court.keeper), court.files, court.item, court.world.clock(), None
        )
        longest = max(map(len, told))
    made = court.package(court.key) / "data" / "proofs" / "internal.jsonl"
    assert made.stat().st_size > 30 * 1000
    assert longest < made.stat().st_size
    court.check(court.folder / "package" / court.item)
