"""The history is dense, chained, and names the first link that was touched."""

import random
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import Portal, audit
from portal.audit import SYSTEM, Entry, chain
from portal.db import unit_of_work
from portal.refusals import Overtaken

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Link:
    """An event without a database."""

    chain: str
    seq: int
    at: datetime
    actor: str
    actor_role: str
    action: str
    from_status: str | None
    to_status: str | None
    audience: str
    data: dict[str, Any]
    salt: str
    prev_hash: str
    data_hash: str = ""
    hash: str = ""


def a_chain(length: int) -> list[Link]:
    """A whole chain."""
    links, previous = [], chain.GENESIS
    for seq in range(1, length + 1):
        data = {"n": seq, "said": "揽收"}
        link = Link(
            "AP-1",
            seq,
            AT + timedelta(hours=seq),
            "p",
            "reviewer",
            "a.b",
            "x",
            "y",
            "parties",
            data,
            next(chain.new_salts(1)),
            previous,
        )
        link = replace(link, data_hash=chain.hash_data(link.salt, link.data))
        link = replace(link, hash=chain.hash_event(link))
        links.append(link)
        previous = link.hash
    return links


def test_a_whole_chain_has_no_fault() -> None:
    assert chain.first_fault(a_chain(20)) is None
    assert chain.first_fault([]) is None


CHANGES = {
    "actor": "q",
    "actor_role": "system",
    "action": "a.c",
    "from_status": "z",
    "to_status": None,
    "audience": "platform",
    "data": {"n": 0},
    "salt": "0" * 32,
    "prev_hash": "1" * 64,
    "data_hash": "2" * 64,
    "hash": "3" * 64,
    "at": AT,
    "chain": "AP-2",
}


@pytest.mark.parametrize("field", CHANGES)
def test_any_field_that_was_changed_is_found_at_its_link(field: str) -> None:
    links = a_chain(9)
    links[4] = replace(links[4], **{field: CHANGES[field]})
    fault = chain.first_fault(links)
    assert fault is not None
    assert "5" in fault or "6" in fault


def test_a_thousand_random_tamperings_are_all_found() -> None:
    dice, whole = random.Random(7), a_chain(12)
    for _ in range(1000):
        links = list(whole)
        at = dice.randrange(len(links) - 1)
        kind = dice.choice(["update", "delete", "insert", "swap", "rehash"])
        if kind == "update":
            links[at] = replace(links[at], data={"n": dice.random().hex()})
        elif kind == "delete":
            del links[at]
        elif kind == "insert":
            links.insert(at, links[dice.randrange(len(links))])
        elif kind == "swap":
            links[at], links[at + 1] = links[at + 1], links[at]
        else:
            changed = replace(links[at], actor="mallory")
            links[at] = replace(changed, hash=chain.hash_event(changed))
        assert chain.first_fault(links) is not None, kind


def test_canonical_json_is_one_and_the_same_for_one_meaning() -> None:
    assert chain.canonical({"b": 1, "a": "揽"}) == '{"a":"揽","b":1}'.encode()
    with pytest.raises(TypeError):
        chain.canonical({"a": {1, 2}})


def test_events_of_one_unit_follow_each_other(app: Portal) -> None:
    with unit_of_work():
        audit.record_all([Entry("AP-1", f"t.{n}", AT, SYSTEM) for n in range(5)] + [Entry("AP-2", "t.x", AT, SYSTEM)])
    with unit_of_work():
        audit.record("AP-1", "t.last", by=SYSTEM, at=AT)
    assert [event.seq for event in audit.timeline("AP-1")] == [6, 5, 4, 3, 2, 1]
    assert list(audit.faults()) == []


def test_what_is_for_the_platform_is_not_in_the_parties_timeline(app: Portal) -> None:
    with unit_of_work():
        audit.record("AP-1", "t.open", by=SYSTEM, at=AT)
        audit.record("AP-1", "t.secret", by=SYSTEM, at=AT, audience="platform")
    assert [event.action for event in audit.timeline("AP-1")] == ["t.open"]
    assert len(audit.timeline("AP-1", ("parties", "platform"))) == 2


def test_a_second_event_at_the_same_place_is_overtaken(app: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    with unit_of_work():
        audit.record("AP-1", "t.one", by=SYSTEM, at=AT)
    monkeypatch.setattr(sys.modules["portal.audit.record"], "ends_of", lambda chains: {})
    with pytest.raises(Overtaken), unit_of_work():
        audit.record("AP-1", "t.two", by=SYSTEM, at=AT)
