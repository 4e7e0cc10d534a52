"""The transparency log, as pure functions: a published history that nobody can rewrite unseen.

Formats are those of C2SP (tlog-tiles, signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof) over the Merkle tree
of RFC 6962; `docs/log-format.md` tells what is served where. This package needs the standard library and
`cryptography`, and knows nothing of the tracker: a stranger runs it alone (`python -m tracker.tlog verify`).

- `tree`: leaves, nodes, roots; what an append stores; proofs, made from what is stored, and their verification
- `tiles`: the paths and bytes of hash tiles and entry bundles
- `keys`, `note`, `checkpoint`, `proof`: what is signed, and how it is written
- `commitment`: a salted promise of a text that can be opened, or forgotten
- `verify`: the whole log of somebody else; `fetching`: over HTTPS or from a folder; `state`: what was seen last time
"""
