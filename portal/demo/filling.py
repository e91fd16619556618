"""Filling an empty portal, once."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select, update

from portal import accounts, messages, policies
from portal.accounts.models import Person, Shop
from portal.db import session, unit_of_work
from portal.demo import bought
from portal.demo.bought import Happening
from portal.demo.cases import cases
from portal.demo.materials import take_in
from portal.demo.people import DEFAULT, FIRST, OWNERS, add_everybody
from portal.demo.plot import steps
from portal.demo.stage import Stage
from portal.messages.models import Notice
from portal.policies.models import PolicyVersion

HISTORY = timedelta(days=400)
"""How long the invented shops have been there; the policies must be in force since then."""
FRESH = timedelta(hours=30)
A_DAY = timedelta(days=1)


class RealDataError(Exception):
    """The database has shops of its own, or was not made for the demo: nothing invented is mixed into it."""


def is_there() -> bool:
    """Whether the demo is in the database."""
    return accounts.by_email(FIRST) is not None


def fill(now: datetime) -> bool:
    """Put the demo into the database as of `now`; False if it is there. All of it or nothing: one unit of work.

    Raises `RealDataError`.
    """
    if is_there():
        return False
    _insist_on_an_empty_house(now)  # before any file is put beside real ones, and again where nobody else can write
    pictures = take_in()
    with unit_of_work():
        if is_there():
            return False
        _insist_on_an_empty_house(now)
        shops, people = add_everybody(now - HISTORY)
        _play(Stage(shops, people, pictures), now)
        bought.let_in(now)
        for number, owner in OWNERS.items():
            _read_what_is_old(shops[number], people[owner], now)
    return True


def _insist_on_an_empty_house(now: datetime) -> None:
    oldest = session().scalar(select(func.min(PolicyVersion.effective_from)).where(PolicyVersion.code == DEFAULT))
    if oldest is None or oldest > now - HISTORY + A_DAY or session().scalar(select(Shop.id).limit(1)):
        raise RealDataError


def _play(stage: Stage, now: datetime) -> None:
    """Do every step of every case in the order of time, and let time answer what runs out in between."""
    version_id = policies.current(DEFAULT, now).id
    told: list[Happening] = [*bought.told(stage, now)]
    for case in cases():
        told += [(step.at, partial(stage.act, step.verb, step.case)) for step in steps(case, now, version_id)]
    for at, do in sorted(told, key=lambda one: one[0]):
        stage.settle(at)
        do(at)
    stage.settle(now)


def _read_what_is_old(shop: Shop, person: Person, now: datetime) -> None:
    """The shop has read its messages, but for those of the last days."""
    box = messages.to_shop(shop)
    old = update(Notice).where(Notice.recipient == box.key, Notice.created_at < now - FRESH)
    session().execute(
        old.values(read_at=Notice.created_at, read_by=person.id).execution_options(synchronize_session=False)
    )
