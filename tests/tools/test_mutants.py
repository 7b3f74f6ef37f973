"""The score counts what the tests noticed, over a sample that is fair to each module and the same each time."""

from __future__ import annotations

from tools.mutants import Tried, report, sample

NAMES = [
    f"scenario_hall.{module}.x_f__mutmut_{number}"
    for module, count in (("core.a", 100), ("log.b", 20), ("core.c", 2))
    for number in range(count)
]


def test_a_sample_has_a_share_of_each_module_and_is_the_same_each_time() -> None:
    chosen = sample(NAMES, 12, seed=1)
    modules = [Tried(name, 0).module for name in chosen]
    assert (modules.count("core.a"), modules.count("log.b"), modules.count("core.c")) == (10, 2, 1)
    assert chosen == sample(reversed(NAMES), 12, seed=1) != sample(NAMES, 12, seed=2)
    assert sorted(sample(NAMES, 0, seed=1)) == sorted(sample(NAMES, 9999, seed=1)) == sorted(NAMES)


def test_what_survived_or_has_no_test_counts_against_the_score() -> None:
    tried = [Tried(name, code) for name, code in zip(NAMES, (1, 1, 0, 33, 36), strict=False)]
    *_, total, survivor, untested = report(tried)
    assert total.split() == "3 of 5 changes were noticed: 60%".split()
    assert survivor.endswith("mutmut_2") and untested.endswith("mutmut_3")
