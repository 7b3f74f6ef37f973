from dataclasses import dataclass

from scenario_hall.search.engine.array_cache import ArrayCache


@dataclass(frozen=True)
class Block:
    name: str
    size: int = 100


def test_what_was_not_used_for_longest_is_made_again() -> None:
    cache = ArrayCache(limit=250)
    made: list[str] = []

    def make(name: str) -> Block:
        made.append(name)
        return Block(name)

    for name in ("a", "b", "a", "c", "a", "b"):
        assert cache.get((name,), lambda name=name: make(name)).name == name  # type: ignore[misc]
        assert cache.bytes <= cache.limit
    assert made == ["a", "b", "c", "b"]


def test_one_block_above_the_limit_is_kept_alone() -> None:
    cache = ArrayCache(limit=250)
    cache.get(("small",), lambda: Block("small"))
    cache.get(("large",), lambda: Block("large", 900))
    assert cache.bytes == 900
    cache.clear()
    assert cache.bytes == 0
