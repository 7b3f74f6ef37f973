"""The tree gives the roots of RFC 9162 and proofs that hold, and no other proof does."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.log.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_from_inclusion,
    root_of,
    subtrees_of,
)

# Certificate Transparency's own test vectors (google/certificate-transparency, merkletree/merkle_tree_test.cc).
VECTOR = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]  # fmt: skip
sizes = st.integers(1, 70)


def leaves(size: int, salt: int = 0) -> list[bytes]:
    return [leaf_hash(b"%d-%d" % (salt, number)) for number in range(size)]


def root_by_definition(values: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not values:
        return hashlib.sha256().digest()
    if len(values) == 1:
        return values[0]
    k = max(power for power in (1 << n for n in range(30)) if power < len(values))
    return hashlib.sha256(b"\x01" + root_by_definition(values[:k]) + root_by_definition(values[k:])).digest()


def test_the_roots_are_those_of_the_standard() -> None:
    values, frontier = [leaf_hash(entry) for entry in VECTOR], Frontier()
    assert root_of(0, subtrees_of(values)) == frontier.root() == EMPTY
    for size, expected in enumerate(ROOTS, start=1):
        frontier.append(values[size - 1])
        assert root_of(size, subtrees_of(values)).hex() == frontier.root().hex() == expected


@given(sizes)
def test_a_root_kept_while_the_log_grows_is_that_of_the_whole(size: int) -> None:
    frontier = Frontier()
    for value in leaves(size):
        frontier.append(value)
    assert frontier.root() == root_of(size, subtrees_of(leaves(size))) == root_by_definition(leaves(size))


@given(st.data(), sizes)
def test_every_line_is_proven_to_be_in_the_log_and_no_other(data: st.DataObject, size: int) -> None:
    values = leaves(size)
    number = data.draw(st.integers(0, size - 1))
    path, root = inclusion_proof(number, size, subtrees_of(values)), root_by_definition(values)
    assert root_from_inclusion(values[number], number, size, path) == root
    assert root_from_inclusion(leaf_hash(b"other"), number, size, path) != root
    for other in range(size):
        if other != number:
            assert root_from_inclusion(values[number], other, size, path) != root
    assert root_from_inclusion(values[number], number, size, [*path, root]) != root
    if path:
        assert root_from_inclusion(values[number], number, size, path[:-1]) != root


@given(st.data(), sizes)
def test_a_log_that_only_grew_is_proven_to_have_only_grown(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new))
    values = leaves(new)
    proof = consistency_proof(old, new, subtrees_of(values))
    roots = root_by_definition(values[:old]), root_by_definition(values)
    assert is_consistent(old, roots[0], new, roots[1], proof)
    if old < new:
        changed = list(values)
        changed[data.draw(st.integers(0, old - 1))] = leaf_hash(b"changed")
        forged = consistency_proof(old, new, subtrees_of(changed))
        assert not is_consistent(old, roots[0], new, root_by_definition(changed), forged)
        assert not is_consistent(old, roots[0], new, root_by_definition(changed), proof)
        assert not is_consistent(old, roots[0], new, roots[1], proof[:-1])
        assert not is_consistent(old, roots[0], new, roots[1], [*proof, roots[0]])
