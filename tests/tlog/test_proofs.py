"""The file that proves one entry, and the promise that can be opened or forgotten."""

from __future__ import annotations

import subprocess

import pytest

from tests.tlog.logs import KEY, OTHER, flips, vector_leaf, vector_log
from tracker.tlog import commitment, proof, tree
from tracker.tlog.errors import BadProof, BadSignature, Malformed

SIZE, INDEX = 21, 13
PROOF = proof.Proof(INDEX, tree.inclusion_proof(INDEX, SIZE, vector_log().read), vector_log().signed(SIZE))
SALT = bytes(range(32))
PROMISED = commitment.commit(SALT, b'{"a":1}')


def test_every_changed_byte_of_a_proof_is_found() -> None:
    assert proof.parse(PROOF.data).verify(vector_leaf(INDEX), KEY.public).size == SIZE
    for changed in flips(PROOF.data):
        with pytest.raises((Malformed, BadProof, BadSignature)):
            proof.parse(changed).verify(vector_leaf(INDEX), KEY.public)


def test_a_proof_is_of_one_entry_by_one_key() -> None:
    with pytest.raises(BadProof):
        PROOF.verify(vector_leaf(INDEX + 1), KEY.public)
    with pytest.raises(BadSignature):
        PROOF.verify(vector_leaf(INDEX), OTHER.public)


def test_what_an_application_adds_goes_along_and_proves_nothing() -> None:
    more = proof.Proof(PROOF.index, PROOF.hashes, PROOF.signed, b"salt and text")
    found = proof.parse(more.data)
    assert found.extra == b"salt and text"
    assert found.data == more.data
    assert found.verify(vector_leaf(INDEX), KEY.public).size == SIZE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 13\n", ""),
        ("index 13", "index 013"),
        ("index 13", "index +13"),
        ("index 13", "index  13"),
        ("index 13", "extra \nindex 13"),
        ("index 13", "extra YQ\nindex 13"),
        ("index 13", "extra YQ==\nextra YQ==\nindex 13"),
        ("index 13", "index 13\nextra YQ=="),
        ("index 13", "index 13\nYQ=="),
        ("index 13", f"index {2**63}"),
        ("\n\n", "\n"),
    ],
)
def test_a_proof_has_one_spelling(old: str, new: str) -> None:
    text = PROOF.data.decode()
    assert old in text
    with pytest.raises(Malformed):
        proof.parse(text.replace(old, new, 1).encode())


def test_a_proof_is_no_longer_than_it_need_be() -> None:
    more = proof.Proof(PROOF.index, PROOF.hashes, PROOF.signed, bytes(proof.LARGEST))
    with pytest.raises(Malformed, match="at most"):
        proof.parse(more.data)


def test_the_only_entry_of_a_log_has_a_proof_without_hashes() -> None:
    alone = proof.Proof(0, (), vector_log().signed(1))
    assert proof.parse(alone.data).verify(vector_leaf(0), KEY.public).size == 1


def test_a_commitment_is_opened_by_its_salt_and_text_only() -> None:
    assert len(PROMISED) == 43
    assert commitment.opens(PROMISED, SALT, b'{"a":1}')
    assert not commitment.opens(PROMISED, SALT, b'{"a":2}')
    assert not commitment.opens(PROMISED, bytes(32), b'{"a":1}')
    assert not commitment.opens(f"{PROMISED}=", SALT, b'{"a":1}')
    assert not commitment.opens("", SALT, b'{"a":1}')
    assert not commitment.opens("é" * 43, SALT, b'{"a":1}')


@pytest.mark.parametrize("salt", [b"", SALT[:31], bytes(33), SALT + b"\0", SALT * 2])
def test_a_salt_has_32_bytes_for_hmac_would_open_one_promise_with_two(salt: bytes) -> None:
    with pytest.raises(Malformed, match="32 bytes"):
        commitment.commit(salt, b"text")
    with pytest.raises(Malformed, match="32 bytes"):
        commitment.opens(PROMISED, salt, b"text")


def test_openssl_opens_a_commitment() -> None:
    said = subprocess.run(
        ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{SALT.hex()}", "-binary"],
        input=b'{"a":1}',
        capture_output=True,
        check=True,
    )
    encoded = proof.text.to_base64(said.stdout).replace("+", "-").replace("/", "_").rstrip("=")
    assert encoded == PROMISED
