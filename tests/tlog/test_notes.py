"""A note is read to the letter, and opened by keys that are known: every changed byte is found."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.tlog.logs import KEY, ORIGIN, OTHER, WITNESS, flips, vector_log
from tracker.tlog import checkpoint, keys, note, proof
from tracker.tlog.errors import BadSignature, Malformed

SIGNED = vector_log().signed(20)
TEXT = vector_log().checkpoint(20).text
COSIGNED = note.Note(TEXT, (note.signature(WITNESS, TEXT, 1_745_000_000),)).data
REFUSED = (Malformed, BadSignature)


def with_signatures(*lines: str, text: str = TEXT) -> bytes:
    return (text + "\n" + "".join(lines)).encode()


def line(key: keys.PrivateKey = KEY, text: str = TEXT, time: int | None = None) -> str:
    return note.signature(key, text, time).line


def opens(data: bytes, *known: keys.PublicKey) -> note.Opened:
    return note.open_note(data, known or (KEY.public,))


def test_every_changed_byte_of_a_note_is_found() -> None:
    assert opens(SIGNED).text == TEXT
    for changed in flips(SIGNED):
        assert changed != SIGNED
        with pytest.raises(REFUSED):
            opens(changed)


def test_every_changed_byte_of_a_cosignature_is_found() -> None:
    assert opens(COSIGNED, WITNESS.public).signers == {WITNESS.public: 1_745_000_000}
    for changed in flips(COSIGNED):
        with pytest.raises(REFUSED):
            opens(changed, WITNESS.public)


def test_every_changed_bit_of_a_checkpoint_is_found() -> None:
    for at in range(len(SIGNED) * 8):
        changed = bytearray(SIGNED)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(REFUSED):
            opens(bytes(changed))


@pytest.mark.parametrize("control", [chr(i) for i in range(32) if i != 10])
def test_a_note_holds_no_control_character_even_where_it_is_signed(control: str) -> None:
    text = f"{control}{TEXT}"
    with pytest.raises(Malformed, match="control"):
        opens(with_signatures(line(text=text), text=text))


def test_a_text_may_hold_blank_lines_for_the_last_one_ends_it() -> None:
    text = "a\n\nb\n\n\nc\n"
    assert opens(with_signatures(line(text=text), text=text)).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\n\n",
        TEXT.encode(),
        f"{TEXT}\n".encode(),
        f"{TEXT}\n\n".encode(),
        SIGNED[:-1],
        SIGNED + b"\n",
        SIGNED.replace(b"\n", b"\r\n"),
        SIGNED.replace("—".encode(), b"-"),
        SIGNED.replace("— ".encode(), "—".encode()),
        SIGNED.replace("— ".encode(), "—  ".encode()),
        SIGNED.replace("— ".encode(), "—\u00a0".encode()),
        b"\xef\xbb\xbf" + SIGNED,
        SIGNED.decode().encode("utf-16"),
        SIGNED + b"\xff",
    ],
)
def test_what_is_nearly_a_note_is_none(data: bytes) -> None:
    with pytest.raises(REFUSED):
        opens(data)


@pytest.mark.parametrize("mend", ["{}=", "{} ", "{}\t", "={}", "{}A", "{}AAAA"])
def test_a_signature_has_one_spelling(mend: str) -> None:
    begun, _, encoded = line().rstrip("\n").rpartition(" ")
    with pytest.raises(REFUSED):
        opens(with_signatures(f"{begun} {mend.format(encoded)}\n"))


def test_stray_bits_in_the_last_character_of_base64_are_refused() -> None:
    """Python's decoder, even asked to validate, reads both of these as the same bytes."""
    encoded = line().rstrip("\n")
    assert encoded.endswith("=")
    last = encoded[-2]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = alphabet[alphabet.index(last) | 1]
    assert stray != last
    with pytest.raises(Malformed, match="canonical"):
        opens(with_signatures(f"{encoded[:-2]}{stray}=\n"))


def test_a_url_safe_alphabet_is_another_alphabet() -> None:
    swapped = line().replace("+", "-").replace("/", "_").replace("tracker.example_log", ORIGIN)
    assert swapped != line()
    with pytest.raises(REFUSED):
        opens(with_signatures(swapped))


def test_signatures_of_others_are_passed_over_and_sixteen_fit() -> None:
    others = [keys.PrivateKey(f"witness.example/w{i}", keys.WITNESS, bytes([i]) * 32) for i in range(1, 16)]
    lines = [line(one, time=1_745_000_000) for one in others]
    mldsa = f"— witness.example/pq {'A' * 3232}\n"
    assert opens(with_signatures(*lines, line())).signers == {KEY.public: None}
    assert opens(with_signatures(*[mldsa] * 15, line())).text == TEXT


def test_a_note_of_strangers_only_is_refused() -> None:
    with pytest.raises(BadSignature, match="none of the known keys"):
        opens(with_signatures(line(OTHER)))
    with pytest.raises(BadSignature):
        note.open_note(SIGNED, [])


@pytest.mark.parametrize("first", [True, False])
def test_a_bad_signature_of_a_known_key_spoils_the_note_whatever_else_it_has(first: bool) -> None:
    bad = note.Signature(KEY.name, KEY.public.id, bytes(64)).line
    both = (bad, line()) if first else (line(), bad)
    with pytest.raises(BadSignature):
        opens(with_signatures(*both))
    with pytest.raises(BadSignature):
        opens(with_signatures(line(OTHER), bad), OTHER.public, KEY.public)


def test_a_key_that_shares_only_the_name_or_only_the_id_is_another_key() -> None:
    same_id = note.Signature("other.example/log", KEY.public.id, bytes(64)).line
    assert opens(with_signatures(same_id, line(OTHER), line())).signers == {KEY.public: None}


def test_a_signature_of_the_wrong_length_is_refused() -> None:
    for length in (1, 63, 65, 72):
        with pytest.raises(REFUSED):
            opens(with_signatures(note.Signature(KEY.name, KEY.public.id, bytes(length)).line))


def test_two_keys_sign_while_one_takes_the_place_of_the_other() -> None:
    both = note.sign(TEXT, KEY, OTHER)
    for known in (KEY.public, OTHER.public):
        assert proof.open_checkpoint(both, known) == checkpoint.parse(TEXT)


def test_a_note_is_no_longer_than_64_kib() -> None:
    text = "a" * 65_000 + "\n"
    assert opens(with_signatures(line(text=text), text=text)).text == text
    with pytest.raises(Malformed, match="65536"):
        note.sign("a" * 65_600 + "\n", KEY)


def test_what_could_not_be_read_again_is_never_signed() -> None:
    for text in ("a\tb\n", "no line feed"):
        with pytest.raises(Malformed):
            note.sign(text, KEY)
    with pytest.raises(Malformed):
        note.sign(TEXT)


def test_a_log_signs_without_a_time_and_a_witness_with_one() -> None:
    with pytest.raises(ValueError, match="time"):
        KEY.sign(TEXT, 1)
    with pytest.raises(ValueError, match="time"):
        WITNESS.sign(TEXT)
    with pytest.raises(Malformed):
        WITNESS.sign(TEXT, 2**63)
    with pytest.raises(Malformed):
        WITNESS.sign("not a checkpoint\n", 1)


def test_a_time_beyond_63_bits_is_refused() -> None:
    bad = note.Signature(WITNESS.name, WITNESS.public.id, b"\xff" * 8 + bytes(64)).line
    with pytest.raises(BadSignature):
        opens(with_signatures(bad), WITNESS.public)


def test_a_long_origin_is_refused_under_ml_dsa_44() -> None:
    """Its length is one byte of what is signed; whoever sends the note chooses the origin."""
    witness = keys.PublicKey("w", keys.WITNESS_MLDSA44, bytes(1312))
    bad = note.Signature("w", witness.id, bytes(2428)).line
    for origin in ("a" * 255, "a" * 256, "é" * 128):
        text = checkpoint.Checkpoint(origin, 1, bytes(32)).text
        with pytest.raises(BadSignature):
            opens(with_signatures(bad, text=text), witness)


def test_the_word_of_a_witness_is_not_the_word_of_the_log() -> None:
    as_witness = keys.PrivateKey(ORIGIN, keys.WITNESS, KEY.seed)
    data = with_signatures(line(as_witness, time=1))
    with pytest.raises(BadSignature):
        proof.open_checkpoint(data, KEY.public)
    with pytest.raises(BadSignature, match="does not speak for"):
        proof.open_checkpoint(data, as_witness.public)


def test_of_two_times_of_one_witness_the_first_counts() -> None:
    twice = with_signatures(line(WITNESS, time=7), line(WITNESS, time=8))
    assert opens(twice, WITNESS.public).signers == {WITNESS.public: 7}


def test_a_witness_can_be_demanded() -> None:
    both = with_signatures(line(), line(WITNESS, time=7))
    assert proof.open_checkpoint(both, KEY.public, [WITNESS.public]).size == 20
    with pytest.raises(BadSignature, match="w1 has not signed"):
        proof.open_checkpoint(SIGNED, KEY.public, [WITNESS.public])


def test_a_log_signs_for_itself_only() -> None:
    text = TEXT.replace(ORIGIN, "other.example/log")
    with pytest.raises(BadSignature, match="for the log other"):
        proof.open_checkpoint(with_signatures(line(text=text), text=text), KEY.public)


@pytest.mark.parametrize(
    "text",
    [
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "extension\n",
        TEXT.replace("\n20\n", "\n020\n"),
        TEXT.replace("\n20\n", "\n+20\n"),
        TEXT.replace("\n20\n", "\n-20\n"),
        TEXT.replace("\n20\n", "\n2_0\n"),
        TEXT.replace("\n20\n", "\n 20\n"),
        TEXT.replace("\n20\n", "\n٢٠\n"),
        TEXT.replace("\n20\n", "\n\n"),
        TEXT.replace("\n20\n", f"\n{2**63}\n"),
        TEXT.replace("\n20\n", "\n99999999999999999999\n"),
        TEXT.replace("=\n", "\n"),
        TEXT.replace("=\n", "==\n"),
        TEXT.replace("FVEEN", "FVEE"),
        TEXT.replace(ORIGIN, ""),
        TEXT.replace(ORIGIN, "a b"),
        TEXT.replace(ORIGIN, "a+b"),
        TEXT.replace(ORIGIN, "a\u2003b"),
        "",
    ],
)
def test_a_checkpoint_has_three_lines_in_one_spelling(text: str) -> None:
    assert checkpoint.parse(TEXT).size == 20
    with pytest.raises(Malformed):
        checkpoint.parse(text)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_back(size: int, root: bytes) -> None:
    made = checkpoint.Checkpoint(ORIGIN, size, root)
    assert checkpoint.parse(made.text) == made


@pytest.mark.parametrize(("size", "root"), [(-1, bytes(32)), (2**63, bytes(32)), (1, bytes(31)), (1, b"")])
def test_there_is_no_such_checkpoint(size: int, root: bytes) -> None:
    with pytest.raises(Malformed):
        checkpoint.Checkpoint(ORIGIN, size, root)


def test_every_changed_byte_of_a_vkey_is_found() -> None:
    assert keys.parse_vkey(KEY.public.vkey) == KEY.public
    for changed in flips(KEY.public.vkey.encode()):
        with pytest.raises(Malformed):
            keys.parse_vkey(changed.decode("latin-1"))


@pytest.mark.parametrize("change", [str.upper, lambda key: key.replace("d93f9541", "D93F9541")])
def test_a_vkey_in_other_letters_is_refused(change: object) -> None:
    with pytest.raises(Malformed):
        keys.parse_vkey(change(KEY.public.vkey))  # type: ignore[operator]


def test_every_changed_byte_of_a_private_key_is_found_and_none_is_told() -> None:
    assert keys.parse_skey(KEY.skey) == KEY
    for changed in flips(KEY.skey.encode()):
        with pytest.raises(Malformed) as refused:
            keys.parse_skey(changed.decode("latin-1"))
        assert KEY.skey[-30:-10] not in str(refused.value)


def test_a_private_key_does_not_show_itself() -> None:
    assert "seed" not in repr(KEY)
    assert keys.text.to_base64(KEY.seed)[:12] not in repr(KEY)


def test_two_known_keys_under_one_name_and_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "key_id", lambda *given: b"same")
    with pytest.raises(Malformed, match="same id"):
        note.open_note(SIGNED, [KEY.public, OTHER.public])


@pytest.mark.parametrize(("kind", "length"), [(1, 31), (4, 33), (6, 1311), (2, 32), (0, 0)])
def test_a_key_of_another_kind_or_length_is_refused(kind: int, length: int) -> None:
    with pytest.raises(Malformed):
        keys.PublicKey("a", kind, bytes(length))
    with pytest.raises(Malformed):
        keys.PrivateKey("a", kind, bytes(length))


def test_openssl_verifies_a_checkpoint_with_no_library(tmp_path: Path) -> None:
    public = Ed25519PublicKey.from_public_bytes(KEY.public.public)
    (tmp_path / "key.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "signature").write_bytes(note.parse(SIGNED).signatures[0].data)
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin"]
    command += ["-inkey", "key.pem", "-sigfile", "signature", "-in", "text"]
    for text, status in ((TEXT, 0), (TEXT.replace("20", "21"), 1)):
        (tmp_path / "text").write_text(text, "utf-8")
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert said.returncode == status, said.stdout + said.stderr
