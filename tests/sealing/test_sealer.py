"""What is sealed opens for the same item with a key that is still there, and for nobody else; it tells nothing by its
length; and neither keys nor content show in any text.
"""

from __future__ import annotations

import os
import secrets
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import SECRET
from tracker import cli
from tracker.sealing.sealer import (
    BoxDamaged,
    KeyRetired,
    KeysMissing,
    SealedBox,
    Sealer,
    SealingError,
    add_key,
    key_id,
    read_keys,
)

OLD, NEW = (Random(seed).randbytes(32) for seed in (1, 2))
ITEM, OTHER = "evd_00000000000000000000000001", "evd_00000000000000000000000002"
FIELDS = {"creator": "Amal Khoury", "file_name": "قريتي.jpg"}
sealer = Sealer([OLD], secrets.token_bytes)


@example({"creator": "half a pair \ud83d"}, ITEM)
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=600), max_size=5), st.text(min_size=1))
def test_whatever_is_sealed_comes_back_as_it_was(fields: dict[str, str], item: str) -> None:
    assert sealer.open(sealer.seal(fields, item), item) == fields


def test_nothing_of_the_content_can_be_seen() -> None:
    box = sealer.seal({"creator": "Amal"}, ITEM)
    assert b"Amal" not in box.wrapped + box.content
    assert b"creator" not in box.wrapped + box.content
    again = sealer.seal({"creator": "Amal"}, ITEM)
    assert box.content[12:] != again.content[12:]
    assert box.wrapped[20:] != again.wrapped[20:]


@pytest.mark.parametrize("part", ["wrapped", "content"])
def test_a_box_of_which_any_byte_was_changed_does_not_open(part: str) -> None:
    box = sealer.seal(FIELDS, ITEM)
    whole = getattr(box, part)
    for place in range(len(whole)):
        for changed in (
            whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :],
            whole[:place],
            whole + b"x",
        ):
            with pytest.raises((BoxDamaged, KeyRetired)):
                sealer.open(replace(box, **{part: changed}), ITEM)


def test_a_box_does_not_open_for_another_item_whole_or_in_halves() -> None:
    box, other = sealer.seal(FIELDS, ITEM), sealer.seal({"creator": "Badr"}, OTHER)
    for moved, item in (
        (box, OTHER),
        (SealedBox(box.wrapped, other.content), ITEM),
        (SealedBox(other.wrapped, box.content), ITEM),
        (SealedBox(other.wrapped, box.content), OTHER),
    ):
        with pytest.raises(BoxDamaged, match="changed, or belongs to another item"):
            sealer.open(moved, item)
    with pytest.raises(BoxDamaged):
        sealer.rewrap(box, OTHER)


def test_a_content_is_bound_to_its_item_even_where_two_data_keys_are_alike() -> None:
    broken = Sealer([OLD], bytes)  # a generator of zeros
    box, other = broken.seal(FIELDS, ITEM), broken.seal(FIELDS, OTHER)
    with pytest.raises(BoxDamaged):
        broken.open(SealedBox(other.wrapped, box.content), OTHER)


@given(st.text(max_size=700))
def test_the_length_of_a_box_is_a_multiple_of_a_step(name: str) -> None:
    assert (len(sealer.seal({"creator": name}, ITEM).content) - 12 - 16) % 256 == 0


def test_a_short_name_and_a_long_one_give_boxes_of_the_same_length() -> None:
    lengths = {len(sealer.seal({"creator": "a" * count}, ITEM).content) for count in range(200)}
    assert lengths == {256 + 12 + 16}
    assert len({len(sealer.seal({"creator": name}, ITEM).wrapped) for name in ("", "a" * 999)}) == 1


def test_rotation_changes_the_wrapping_only_and_then_the_old_key_may_go() -> None:
    box = sealer.seal(FIELDS, ITEM)
    both, new = (Sealer(keys, secrets.token_bytes) for keys in ([NEW, OLD], [NEW]))
    assert both.open(box, ITEM) == FIELDS
    assert not both.is_current(box)
    turned = both.rewrap(box, ITEM)
    assert turned.content == box.content
    assert both.is_current(turned)
    assert new.open(turned, ITEM) == FIELDS
    assert new.is_current(both.seal(FIELDS, ITEM))
    with pytest.raises(KeyRetired, match=key_id(OLD).hex()):
        new.open(box, ITEM)
    with pytest.raises(KeyRetired, match=key_id(NEW).hex()):
        sealer.rewrap(turned, ITEM)


def test_without_its_wrapped_key_a_box_opens_for_nobody() -> None:
    box = sealer.seal(FIELDS, ITEM)
    gone = replace(box, wrapped=b"")
    for act in (sealer.open, sealer.rewrap):
        with pytest.raises(BoxDamaged):
            act(gone, ITEM)
    with pytest.raises(BoxDamaged):  # nor with the data key of another box of the same item
        sealer.open(replace(gone, wrapped=sealer.seal(FIELDS, ITEM).wrapped), ITEM)


def test_neither_keys_nor_content_are_in_any_text() -> None:
    box = sealer.seal(FIELDS, ITEM)
    told = [repr(box), repr(sealer), str(box)]
    for broken in (
        replace(box, wrapped=b""),
        replace(box, content=box.content[::-1]),
        replace(box, wrapped=b"x" * 68),
    ):
        with pytest.raises(SealingError) as refused:
            sealer.open(broken, ITEM)
        told += traceback.format_exception(refused.value)
    for secret in (OLD.hex(), repr(OLD), "Amal", box.wrapped.hex(), repr(box.content)[:40]):
        assert secret not in "".join(told)


# ---------------------------------------------------------------- the file of keys


def keys_file(tmp_path: Path, content: bytes, mode: int = 0o600) -> Path:
    path = tmp_path / "sealing.keys"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_key_is_made_and_a_newer_one_is_put_before_it(
    tmp_path: Path, entropy: Callable[[int], bytes]
) -> None:
    path = tmp_path / "sealing.keys"
    first = add_key(path, entropy)
    assert path.stat().st_mode & 0o777 == 0o600
    second = add_key(path, entropy)
    assert [key_id(key) for key in read_keys(path)] == [second, first]
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_is_made_where_another_process_was_killed_while_it_made_one(tmp_path: Path) -> None:
    (tmp_path / "sealing.keys.new").write_bytes(b"half of a k")
    made = add_key(tmp_path / "sealing.keys", secrets.token_bytes)
    assert [key_id(key) for key in read_keys(tmp_path / "sealing.keys")] == [made]
    assert list(tmp_path.iterdir()) == [tmp_path / "sealing.keys"]


def test_lines_that_are_no_keys_may_be_there_as_remarks(tmp_path: Path) -> None:
    path = tmp_path / "sealing.keys"
    add_key(path, secrets.token_bytes)
    keys = read_keys(path)
    assert read_keys(keys_file(tmp_path, b"# of 2026\n\n" + path.read_bytes())) == keys


GOOD = b"UGWUkPxX2fzPzCcTk1u2bTzQWkPn0hJ8w3m6a1s9dEo\n"


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        (b"", 0o600, "holds no key"),
        (b"# nothing\n", 0o600, "holds no key"),
        (GOOD, 0o640, "chmod 600"),
        (GOOD, 0o604, "chmod 600"),
        (GOOD + GOOD, 0o600, "twice"),
        (GOOD + GOOD[:20], 0o600, "line 2 .* is no key"),
        (GOOD[:-1] + b"=\n", 0o600, "line 1 .* is no key"),
        (GOOD[:-2] + b"p\n", 0o600, "line 1 .* is no key"),  # not how 32 bytes are written
        (b"A" * 43, 0o600, "line 1 .* is no key"),  # zeros
        (b"not a key at all\n", 0o600, "line 1 .* is no key"),
        (b"\xff\xfe\n", 0o600, "line 1 .* is no key"),
    ],
)
def test_keys_that_are_not_kept_as_they_must_be_are_refused(
    tmp_path: Path, content: bytes, mode: int, why: str
) -> None:
    with pytest.raises(KeysMissing, match=why) as refused:
        read_keys(keys_file(tmp_path, content, mode))
    assert GOOD[:10].decode() not in str(refused.value)


def test_keys_that_are_missing_say_what_to_set(tmp_path: Path) -> None:
    for path in (None, tmp_path / "nowhere", tmp_path):
        with pytest.raises(KeysMissing, match="TRACKER_SEALING_KEYS"):
            read_keys(path)
    with pytest.raises(
        KeysMissing, match="set TRACKER_SEALING_KEYS to a file that `tracker sealing new-key FILE` made"
    ):
        Sealer([], secrets.token_bytes)


def test_a_file_that_is_not_ours_to_add_to_is_left_as_it_is(tmp_path: Path) -> None:
    path = keys_file(tmp_path, GOOD, 0o644)
    with pytest.raises(KeysMissing):
        add_key(path, secrets.token_bytes)
    assert path.read_bytes() == GOOD


# ---------------------------------------------------------------- the command line


def run(*words: str, **environment: str) -> tuple[int, str]:
    """What the command line says, on either stream."""
    base = {"TRACKER_DATABASE_URL": "sqlite:///unused.db", "TRACKER_SECRET_KEY": SECRET}
    done = CliRunner().invoke(cli.cli, ["sealing", *words], env={**base, **environment})
    return done.exit_code, done.output


def test_the_command_line_makes_keys_checks_them_and_prints_none(tmp_path: Path) -> None:
    path = tmp_path / "sealing.keys"
    said = "".join(run("new-key", str(path))[1] for _ in range(2))
    newest, oldest = (key_id(key).hex() for key in read_keys(path))
    code, checked = run("check", TRACKER_SEALING_KEYS=str(path))
    assert (code, checked) == (0, f"key {newest}: seals and opens\nkey {oldest}: opens\n")
    assert [line[:12] for line in path.read_text().split() if line[:12] in said + checked] == []


def test_the_command_line_refuses_what_is_not_right(tmp_path: Path) -> None:
    code, said = run("check", TRACKER_SEALING_KEYS=str(tmp_path / "nowhere"))
    assert (code, said[:9]) == (1, "tracker: ")
    assert "TRACKER_SEALING_KEYS" in run("check", TRACKER_SEALING_KEYS="")[1]
    assert "chmod 600" in run("new-key", str(keys_file(tmp_path, GOOD, 0o644)))[1]
    code, said = run("new-key", str(tmp_path / "no" / "where"))
    assert code == 1
    assert os.strerror(2) in said
