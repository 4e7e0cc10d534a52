"""What an independent implementation made, to the byte: hashes, proofs, tiles, keys, notes. See README.md."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from tests.tlog.logs import KEY, ORIGIN, WITNESS, Log, vector_leaf, vector_log, vectors
from tracker.tlog import checkpoint, commitment, keys, note, proof, tiles, tree
from tracker.tlog.errors import BadSignature

VECTORS = vectors()
NOTE = VECTORS["note"]
#: The log of the vectors signs with the key that these tests sign with.
LOG_KEY = keys.parse_vkey(NOTE["vkey"])


def hashes(given: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in given]


def test_the_empty_tree() -> None:
    assert tree.EMPTY_ROOT.hex() == VECTORS["empty_root"]
    assert tree.root(0, Log().read) == tree.EMPTY_ROOT == tree.fold([])


def test_the_hashes_of_leaves() -> None:
    assert [tree.leaf_hash(vector_leaf(i)).hex() for i in range(20)] == VECTORS["leaf_hashes_0_19"]


@pytest.mark.parametrize("size", VECTORS["roots"])
def test_the_root_of_every_size(size: str) -> None:
    root = VECTORS["roots"][size]
    assert tree.root(int(size), vector_log().read).hex() == root
    assert tree.fold([tree.leaf_hash(vector_leaf(i)) for i in range(int(size))]).hex() == root


def test_the_reference_leaves_of_rfc_6962() -> None:
    reference = VECTORS["rfc6962_ct_reference"]
    log = Log(hashes(reference["leaves_hex"]))
    roots = [tree.root(size, log.read).hex() for size in range(1, 9)]
    assert roots == reference["roots_1_to_8"]
    assert roots[-1].startswith("5dc9da79")


def test_every_inclusion_proof() -> None:
    for one in VECTORS["inclusion"]:
        index, size = one["index"], one["size"]
        made = tree.inclusion_proof(index, size, vector_log().read)
        assert [part.hex() for part in made] == one["proof"], (index, size)
        root = tree.root(size, vector_log().read)
        tree.verify_inclusion(bytes.fromhex(one["leaf_hash"]), index, size, hashes(one["proof"]), root)


def test_every_consistency_proof() -> None:
    for one in VECTORS["consistency"]:
        old, new = one["old_size"], one["new_size"]
        made = tree.consistency_proof(old, new, vector_log().read)
        assert [part.hex() for part in made] == one["proof"], (old, new)
        roots = (tree.root(size, vector_log().read) for size in (old, new))
        tree.verify_consistency(old, new, hashes(one["proof"]), *roots)


@pytest.mark.parametrize("size", VECTORS["tiles"])
def test_every_tile_and_bundle(size: str) -> None:
    expected = VECTORS["tiles"][size]
    lines, found = [], {}
    for tile in (*tiles.tiles_of(int(size)), *tiles.bundles_of(int(size))):
        data = vector_log().file(tile)
        digest = sha256(data).hexdigest()
        lines.append(f"{digest}  {tile.path}\n")
        found[tile.path] = f"len={len(data)} sha256={digest}"
    assert len(found) == expected["resources"]
    assert sha256("".join(lines).encode()).hexdigest() == expected["manifest_sha256"]
    for path, said in {**expected.get("tiles", {}), **expected.get("entry_bundles", {})}.items():
        assert found[path] == said


def test_what_the_vectors_list_of_tiles_was_looked_at() -> None:
    """A vector that is renamed must not pass by not being there."""
    assert {"1", "2", "20", "255", "256", "257", "65536", "70000"} == set(VECTORS["tiles"])
    assert all(
        set(one) <= {"tiles", "entry_bundles", "manifest_sha256", "resources"}
        for one in VECTORS["tiles"].values()
    )
    assert vector_log().file(tiles.parse("tile/0/000.p/2")).hex() == VECTORS["tile_0_000_p2_hex"]


@pytest.mark.parametrize(("n", "path"), VECTORS["tile_index_paths_level0"].items())
def test_how_a_path_is_written(n: str, path: str) -> None:
    assert tiles.Tile(0, int(n)).path == path
    assert tiles.parse(path) == tiles.Tile(0, int(n))


def test_keys_are_written_as_go_writes_them() -> None:
    assert KEY.seed.hex() == NOTE["ed25519_seed_hex"]
    assert KEY.public.public.hex() == NOTE["ed25519_pub_hex"]
    assert KEY.public.id.hex() == NOTE["key_id_hex"]
    assert KEY.public.vkey == NOTE["vkey"]
    assert KEY.skey == NOTE["skey"]
    assert keys.parse_skey(NOTE["skey"]) == KEY
    assert KEY.public == LOG_KEY
    assert NOTE["origin"] == ORIGIN


@pytest.mark.parametrize("size", NOTE["checkpoints"])
def test_a_signed_checkpoint_is_the_same_to_the_byte(size: str) -> None:
    signed = NOTE["checkpoints"][size].encode()
    assert vector_log().signed(int(size)) == signed
    assert proof.open_checkpoint(signed, LOG_KEY) == vector_log().checkpoint(int(size))


def test_the_example_of_the_specification_of_notes() -> None:
    example = VECTORS["spec_example"]
    opened = note.open_note(example["note"].encode(), [keys.parse_vkey(example["vkey"])])
    assert opened.text == "This is an example message.\n"


def test_a_cosignature_by_ed25519() -> None:
    one = NOTE["cosignature_v1"]
    assert WITNESS.seed.hex() == one["witness_seed_hex"]
    assert WITNESS.public.public.hex() == one["witness_pub_hex"]
    assert (WITNESS.name, WITNESS.public.vkey) == (one["witness_name"], one["witness_vkey"])
    assert WITNESS.public.id.hex() == one["key_id_hex"]
    text = vector_log().checkpoint(257).text
    message = keys.signed_message(WITNESS.name, keys.WITNESS, text, one["timestamp"])
    assert message.decode() == one["signed_message"]
    assert note.signature(WITNESS, text, one["timestamp"]).line == one["signature_line"]
    both = vector_log().signed(257) + one["signature_line"].encode()
    opened = note.open_note(both, [LOG_KEY, WITNESS.public])
    assert opened.signers == {LOG_KEY: None, WITNESS.public: 1_745_000_000}


def test_a_cosignature_by_ml_dsa_44() -> None:
    one = NOTE["cosignature_mldsa44"]
    public = MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(one["seed_hex"])).public_key().public_bytes_raw()
    assert sha256(public).hexdigest() == one["pub_sha256"]
    witness = keys.PublicKey(one["witness_name"], keys.WITNESS_MLDSA44, public)
    assert witness.id.hex() == one["key_id_hex"]
    assert keys.parse_vkey(witness.vkey) == witness
    text = vector_log().checkpoint(257).text
    message = keys.signed_message(witness.name, witness.kind, text, one["timestamp"])
    assert message.hex() == one["signed_message_hex"]
    line = one["signature_line"].rstrip("\n") + "\n"
    opened = note.open_note((text + "\n" + line).encode(), [witness])
    assert opened.signers == {witness: one["timestamp"]}
    other = vector_log().checkpoint(256).text
    with pytest.raises(BadSignature):
        note.open_note((other + "\n" + line).encode(), [witness])


def test_a_proof_of_one_entry() -> None:
    text = VECTORS["tlog_proof_v1_index255_size257"].encode()
    found = proof.parse(text)
    assert found.data == text
    assert found.verify(vector_leaf(255), LOG_KEY) == vector_log().checkpoint(257)
    way = tree.inclusion_proof(255, 257, vector_log().read)
    assert proof.Proof(255, way, vector_log().signed(257)).data == text


def test_an_entry_with_its_commitment() -> None:
    one = VECTORS["tracker_entry_example"]
    salt, disclosure = bytes.fromhex(one["salt_hex"]), one["disclosure_utf8"].encode()
    entry = one["entry_utf8"].encode()
    promised = commitment.commit(salt, disclosure)
    assert f'"commit":"{promised}"' in one["entry_utf8"]
    assert commitment.opens(promised, salt, disclosure)
    assert tree.leaf_hash(entry).hex() == one["leaf_hash_hex"]
    assert tiles.bundle([entry]).hex() == one["bundle_record_hex"]


def test_checkpoint_text_reads_back() -> None:
    for size in (0, 1, 257):
        here = vector_log().checkpoint(size)
        assert checkpoint.parse(here.text) == here
