"""Adding months up, one after the other, comes to what the whole log says at the end of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.bulletins.figures import Count, Figures, Line, Place, Read, add_up
from scenario_hall.bulletins.months import Month

REGIONS, DOMAINS = ("440100", "440300", "810000"), ("robotics", "low-altitude")
FIRST = Month(2025, 10)  # so that years change
# What moves a trial on, and from which state to which.
STEPS = {
    "signed": ("outcome.started", "running"),
    "running": ("outcome.reported", "reported"),
    "reported": ("outcome.objected", "running"),
    "claimed": ("outcome.on_notice", "on_notice"),
    "on_notice": ("outcome.approved", "approved"),
    "approved": ("outcome.revoked", "revoked"),
}


class Story:
    """A made-up log: each step is (what, which), played in order, ``None`` ends a month."""

    def __init__(self) -> None:
        self.months: list[list[Line]] = [[]]
        self.places: dict[int, Place] = {}
        self.states: dict[int, str] = {}
        self.entry = 0

    def line(self, kind: str, subject: int, place: Place, **data: Any) -> None:
        self.entry += 1
        self.months[-1].append(Line(self.entry, kind, subject, data))
        self.places[self.entry] = place

    def play(self, step: tuple[int, int, int]) -> None:
        what, which, where = step
        place = Place(REGIONS[where % 3], DOMAINS[: 1 + where % 2])
        if what == 0:
            self.months.append([])
        elif what == 1:
            self.line("scenario.released", 100 + self.entry, place)
        elif what == 2:
            self.states.setdefault(which, ("signed", "claimed")[which % 2])
        elif (before := self.states.get(which, "")) in STEPS:
            kind, after = STEPS[before]
            self.states[which] = after
            # Two trials of one product.
            self.line(kind, which, place, **{"from": before, "to": after, "product": f"P{which // 3}"})

    def figures(self) -> list[Figures]:
        month, before, found, year = FIRST, None, [], []
        for lines in self.months:
            year = lines if month.number == 1 else [*year, *lines]
            certified = [line for line in year if line.kind in ("outcome.approved", "outcome.revoked")]
            before = add_up(month, Read(lines, certified, self.places, {}, 100), before)
            found.append(before)
            month = month.next()
        return found


steps = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(0, 5)), max_size=120)


@settings(max_examples=60)
@given(steps)
def test_each_month_comes_to_what_all_of_its_log_says(played: list[tuple[int, int, int]]) -> None:
    story = Story()
    for step in played:
        story.play(step)
    month, all_lines = FIRST, list[Line]()
    for lines, figures in zip(story.months, story.figures(), strict=True):
        all_lines += lines
        year_began = 0 if month.year == 2025 else 3 + 12 * (month.year - 2026)
        of_year = [line for each in story.months[year_began : len(story.months)] for line in each if line in all_lines]
        states: dict[int, str] = {}
        for line in all_lines:
            if "to" in line.data:
                states[line.subject_id] = line.data["to"]
        # Trials that never moved stand where they began, which is neither of these.
        assert figures.running == sum(state == "running" for state in states.values())
        assert figures.on_notice == sum(state == "on_notice" for state in states.values())
        released = [line for line in lines if line.kind == "scenario.released"]
        assert figures.flows[Count.RELEASED].month == len(released)
        assert figures.flows[Count.RELEASED].year == sum(line.kind == "scenario.released" for line in of_year)
        approved = {line.subject_id: line for line in of_year if line.kind == "outcome.approved"}
        standing = {key: line for key, line in approved.items() if states[key] == "approved"}
        assert figures.firsts == len({line.data["product"] for line in standing.values()})
        for region in REGIONS:
            had = {line.data["product"] for line in standing.values() if story.places[line.id].region == region}
            part = figures.regions.get(region)
            assert (part.firsts if part else 0) == len(had)
            here = [line for line in released if story.places[line.id].region == region]
            assert (part.released.month if part else 0) == len(here)
        assert sum(part.released.year for part in figures.regions.values()) == figures.flows[Count.RELEASED].year
        month = month.next()


def test_a_revocation_takes_a_first_from_its_month_on_and_names_an_earlier_year_s_certificate() -> None:
    approved = Line(1, "outcome.approved", 7, {"from": "on_notice", "to": "approved", "product": "P1"})
    revoked = Line(2, "outcome.revoked", 7, {"from": "approved", "to": "revoked", "product": "P1"})
    read = Read([approved], [approved], {1: Place("440300", ("robotics",))}, {7: "C-2025-000001"}, 100)
    december = add_up(Month(2025, 12), read, None)
    january = add_up(Month(2026, 1), replace(read, lines=[revoked], certified=[revoked]), december)
    assert (december.firsts, december.issued, december.regions["440300"].firsts) == (1, ["C-2025-000001"], 1)
    assert (january.firsts, january.revoked, january.regions) == (0, ["C-2025-000001"], {})
    assert january.flows[Count.ISSUED].year == 0 and january.flows[Count.REVOKED].month == 1


def test_figures_are_the_same_after_they_were_kept_as_json() -> None:
    story = Story()
    for step in [(1, 0, 1), (2, 1, 0), (3, 1, 2), (3, 1, 2)]:
        story.play(step)
    figures = story.figures()[-1]
    assert Figures.model_validate(figures.model_dump(mode="json")) == figures
