"""Apply, accept, sign and approve, each pressed by several people at the same moment: one winner each.

One application goes its whole way for each four races, so that every race is run on a record of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Barrier, Thread

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from scenario_hall.applications.models import Application
from scenario_hall.applications.service import act_on_application, get_application, submit_application
from scenario_hall.core.errors import HallError
from scenario_hall.core.policy import Actor
from scenario_hall.log.chain import Event
from scenario_hall.organizations.accounts import actor_of, find_account
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.plan.service import sign_plan
from scenario_hall.outcomes.service import get_outcome
from scenario_hall.products.service import get_product
from scenario_hall.scenarios.service import get_scenario
from tests.world import World

# What the second one may be told: each says that the first was there already.
REFUSALS = {"AlreadyExists", "WrongState", "StaleEdit"}
DONE = "done"
DEMAND, SUPPLIER = "port@port.example", "maker@maker.example"
ADMINISTRATORS = ("admin@hall.example", "second@review.example")

Move = Callable[[Session, str], object]  # in a session of its own, as the person with this address


@dataclass
class Races:
    """How many were run, and what was wrong with some, in words."""

    run: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def judge(self, name: str, told: Sequence[str], *, winners: int, entries: dict[str, int]) -> None:
        """``entries``: how often the log has each kind of entry that the winners write once."""
        self.run[name] += 1
        if told.count(DONE) != winners or not set(told) <= {DONE, *REFUSALS}:
            self.faults.append(f"{name}: those who pressed were told {sorted(told)}")
        if wrong := {kind: count for kind, count in entries.items() if count != 1}:
            self.faults.append(f"{name}: the log has {wrong}")


def together(engine: Engine, move: Move, people: Sequence[str]) -> list[str]:
    """All of them at the same moment, each in a session of its own; what each was told: “done” or the error's name."""
    barrier, told = Barrier(len(people)), list[str]()

    def press(email: str) -> None:
        with Session(engine) as session:
            barrier.wait(30)
            try:
                move(session, email)
                told.append(DONE)
            except HallError as error:
                told.append(type(error).__name__)
            except Exception as error:  # whatever it is, it is no answer to a person, and is counted as a fault
                told.append(f"{type(error).__name__}: {error}"[:200])

    threads = [Thread(target=press, args=(email,)) for email in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def race(engine: Engine, *, ways: int) -> Races:
    """``ways`` applications from their sending to their certificate, with four races on each."""
    found = Races()
    with Session(engine) as session:
        world = World(session)
        assert len(world.reviewers) > 1  # the second one is made here, before anybody presses
        for _ in range(ways):
            _one_way(world, engine, found)
    return found


def _one_way(world: World, engine: Engine, found: Races) -> None:
    session = world.session
    scenario, product = world.released_scenario(), world.listed_product()
    codes, pair = (scenario.code, product.code), (scenario.pk, product.pk)
    session.commit()
    told = together(engine, lambda own, email: _apply(own, email, *codes), [SUPPLIER] * 2)
    same = (col(Application.scenario_id) == pair[0], col(Application.product_id) == pair[1])
    made = session.exec(select(Application.code).where(*same)).all()
    found.judge("apply", told, winners=1, entries={"application": len(made)})
    code = made[0]
    session.commit()
    told = together(engine, lambda own, email: _accept(own, email, code), [DEMAND] * 2)
    entries = _entries(session, code, "application.accepted")
    found.judge("accept", told, winners=1, entries=entries)
    outcome = world.planned(get_application(session, code)).code
    session.commit()
    told = together(engine, lambda own, email: _sign(own, email, outcome), [SUPPLIER, DEMAND] * 2)
    entries = _entries(session, outcome, "outcome.signature", "outcome.plan_signed")
    found.judge("sign", told, winners=2, entries=entries)  # one of each side
    world.put_on_notice(world.claim(world.carried_out(get_outcome(session, outcome))))
    session.commit()
    told = together(engine, lambda own, email: _approve(own, email, outcome), ADMINISTRATORS)
    found.judge("approve", told, winners=1, entries=_entries(session, outcome, "outcome.approved"))
    session.commit()


def _entries(session: Session, code: str, *kinds: str) -> dict[str, int]:
    """How often the log has each of ``kinds`` of the record."""
    session.rollback()  # what was read before is an older picture of the database
    query = select(func.count()).select_from(Event).where(col(Event.subject_code) == code)
    return {kind: session.exec(query.where(col(Event.kind) == kind)).one() for kind in kinds}


def _actor(session: Session, email: str) -> Actor:
    person = find_account(session, email)
    assert person is not None
    return actor_of(session, person)


def _apply(session: Session, email: str, scenario: str, product: str) -> object:
    return submit_application(
        _actor(session, email),
        session=session,
        scenario=get_scenario(session, scenario),
        product=get_product(session, product),
        proposal="我们用自动机场完成夜间巡检。",
    )


def _accept(session: Session, email: str, code: str) -> object:
    found = get_application(session, code)
    return act_on_application(_actor(session, email), session=session, application=found, action="accept")


def _sign(session: Session, email: str, code: str) -> object:
    return sign_plan(_actor(session, email), session=session, outcome=get_outcome(session, code), version=None)


def _approve(session: Session, email: str, code: str) -> object:
    return approve_first(_actor(session, email), session=session, outcome=get_outcome(session, code), version=None)
