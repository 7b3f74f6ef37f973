"""What is kept of the tree gives the same hashes as the lines themselves, at any length and whatever was kept."""

from __future__ import annotations

import pytest
from sqlmodel import col, delete, select

from scenario_hall.core.db import transaction
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.merkle import root_of, subtrees_of
from scenario_hall.log.tree import LOWEST, LogNode, grow, leaf_of, subtrees
from tests.world import World


def test_every_length_has_the_root_of_its_lines(world: World) -> None:
    while last_id(world.session) < (5 << LOWEST) + 3:
        world.released_scenario()
    hashes = world.session.exec(select(Event.hash).order_by(col(Event.id))).all()
    by_definition = subtrees_of([leaf_of(value) for value in hashes])
    covered = grow(world.session)
    assert covered == len(hashes) >> LOWEST << LOWEST and grow(world.session) == covered
    kept = {(node.level, node.position) for node in world.session.exec(select(LogNode))}
    blocks = covered >> LOWEST
    assert kept == {
        (LOWEST + level, position) for level in range(blocks.bit_length()) for position in range(blocks >> level)
    }
    for size in range(1, len(hashes) + 1):
        assert root_of(size, subtrees(world.session)) == root_of(size, by_definition), size
    with transaction(world.session):
        world.session.exec(delete(LogNode).where(col(LogNode.level) > LOWEST))
    assert root_of(len(hashes), subtrees(world.session)) == root_of(len(hashes), by_definition)


def test_lines_that_the_log_lacks_are_told(small_world: World) -> None:
    small_world.released_scenario()
    size = last_id(small_world.session)
    with pytest.raises(ValueError, match=f"no lines {size + 1} to {size + 1}"):
        root_of(size + 1, subtrees(small_world.session))
