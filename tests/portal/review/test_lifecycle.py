"""A seat's life and what a verdict must hold: every pair of state and wish, with no database."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.review.lifecycle import CLAIM_LEASE, OPEN_STATES, Asker, Verdict, free, held_by, unfit, unheld, untakeable

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ME, OTHER = 1, 2


@dataclass(frozen=True)
class Seat:
    """A seat as the rules see it."""

    seat: str = "primary"
    state: str = "queued"
    barred: list[int] = field(default_factory=list)
    claimed_by: int | None = None
    lease_until: datetime | None = None
    version: int = 1


def claimed(by: int, left: timedelta = CLAIM_LEASE, **more: Any) -> Seat:
    """A seat somebody has claimed."""
    return Seat(state="claimed", claimed_by=by, lease_until=NOON + left, **more)


LEFT = (timedelta(minutes=1), timedelta(0), timedelta(minutes=-1))
SEATS = [
    Seat(state="queued"), Seat(state="concluded"), Seat(state="cancelled"),
    *(claimed(by, left) for by in (ME, OTHER) for left in LEFT),
]  # fmt: skip


@pytest.mark.parametrize("seat", SEATS)
def test_a_seat_can_be_claimed_iff_it_is_open_and_nobody_else_holds_it(seat: Seat) -> None:
    why = untakeable(seat, Asker(ME, "reviewer"), NOON)

    if seat.state not in OPEN_STATES:
        assert why == {"concluded": "already_decided", "cancelled": "left_review"}[seat.state]
    elif seat.claimed_by == OTHER and seat.lease_until is not None and seat.lease_until > NOON:
        assert why == "claimed_by_other"
    else:
        assert why is None


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("seat", SEATS)
def test_a_verdict_counts_iff_the_seat_is_still_the_one_that_was_read(seat: Seat, version: int) -> None:
    why = unheld(seat, ME, NOON, version)

    if seat.state not in OPEN_STATES:
        assert why in ("already_decided", "left_review")
    elif seat.claimed_by != ME:
        assert why == ("not_claimed" if free(seat, NOON) else "claimed_by_other")
    else:
        assert why == (None if version == seat.version else "claimed_anew")


def test_a_lease_ends_at_its_instant_and_not_before() -> None:
    assert not free(claimed(OTHER, timedelta(microseconds=1)), NOON)
    assert free(claimed(OTHER, timedelta(0)), NOON)


def test_an_expired_lease_is_still_its_holders_until_somebody_takes_it() -> None:
    assert held_by(claimed(ME, timedelta(days=-1)), ME)
    assert not held_by(Seat(state="concluded", claimed_by=ME), ME)


ROLES = ("merchant_owner", "reviewer", "senior_reviewer", "lead", "penalty_issuer", "auditor", "admin", "system")


@pytest.mark.parametrize(
    ("kind", "role", "of_shop", "barred", "decided"),
    list(itertools.product(("primary", "second", "tiebreak", "blind"), ROLES, *[(False, True)] * 3)),
)
def test_who_may_take_which_seat(kind: str, role: str, of_shop: bool, barred: bool, decided: bool) -> None:
    seat = Seat(seat=kind, barred=[ME] if barred else [])
    may = (
        role in ("reviewer", "senior_reviewer")
        and not of_shop
        and not barred
        and (role == "senior_reviewer" or kind not in ("second", "tiebreak"))
        and (kind == "primary" or not decided)
    )

    assert (unfit(seat, Asker(ME, role, of_shop, decided)) is None) == may


GOOD = Verdict(
    outcome="rejected", reason_code="R01", findings="x" * 40, text_to_party="The penalty stands.",
    evidence_verdicts=({"evidence": "EV-1", "verdict": "rejected", "note": ""},),
)  # fmt: skip
PARTLY = replace(
    GOOD,
    outcome="partially_upheld",
    reason_code="A04",
    measures_result=(
        {"measure_id": 1, "kind": "fine", "result": "reduce", "params": {"amount_minor": 100}},
        {"measure_id": 2, "kind": "points", "result": "lift", "params": {}},
    ),
)


def faults(verdict: Verdict, reasons: tuple[str, ...] = ("R01", "A04")) -> list[tuple[str, str]]:
    """What is wrong with it, given one exhibit, a fine of 200 and a measure without a figure."""
    found = verdict.check(reasons=reasons, exhibits=["EV-1"], measures={1: 200, 2: None})
    return [(fault.place, fault.code) for fault in found]


def test_a_whole_verdict_has_no_fault() -> None:
    assert faults(GOOD) == []
    assert faults(PARTLY) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"outcome": "closed_timeout"}, ("outcome", "outcome_missing")),
        ({"reason_code": "A01"}, ("reason_code", "reason_missing")),
        ({"findings": "x" * 39}, ("findings", "findings_short")),
        ({"findings": " " * 20 + "x" * 39 + " " * 20}, ("findings", "findings_short")),
        ({"findings": "\u3164" * 50}, ("findings", "findings_short")),
        ({"text_to_party": " \n"}, ("text_to_party", "text_missing")),
        ({"text_to_party": "We checked {item}."}, ("text_to_party", "text_blank")),
        ({"evidence_verdicts": ()}, ("exhibit:EV-1", "exhibit_unjudged")),
        ({"evidence_verdicts": ({"evidence": "EV-1", "verdict": ""},)}, ("exhibit:EV-1", "exhibit_unjudged")),
        ({"evidence_verdicts": ({"evidence": "EV-2", "verdict": "partly"},)}, ("exhibit:EV-1", "exhibit_unjudged")),
    ],
)
def test_each_lack_of_a_verdict_is_named(change: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(replace(GOOD, **change)) == [fault]


def test_forty_chinese_characters_are_forty_characters() -> None:
    assert faults(replace(GOOD, findings="揽" * 40)) == []


def partial(*results: tuple[int, str, int | None]) -> Verdict:
    """A partial verdict with these results per measure."""
    return replace(
        PARTLY,
        measures_result=tuple(
            {"measure_id": key, "kind": "fine", "result": result, "params": {} if to is None else {"amount_minor": to}}
            for key, result, to in results
        ),
    )


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([(1, "reduce", 199), (2, "keep", None)], []),
        ([(1, "reduce", 1), (2, "lift", None)], []),
        ([(1, "keep", None), (2, "lift", None)], []),
        ([(1, "reduce", 200), (2, "keep", None)], [("measure:1", "measure_not_less")]),
        ([(1, "reduce", 0), (2, "keep", None)], [("measure:1", "measure_not_less")]),
        ([(1, "reduce", None), (2, "keep", None)], [("measure:1", "measure_not_less")]),
        ([(1, "keep", None), (2, "reduce", 5)], [("measure:2", "measure_irreducible")]),
        ([(1, "lift", None)], [("measure:2", "measure_undecided")]),
        ([(1, "lift", None), (2, "lift", None)], [("measure:1", "measures_all_alike")]),
        ([(1, "keep", None), (2, "keep", None)], [("measure:1", "measures_all_alike")]),
    ],
)
def test_a_partial_verdict_says_what_becomes_of_each_measure(
    results: list[tuple[int, str, int | None]], expected: list[tuple[str, str]]
) -> None:
    assert faults(partial(*results)) == expected


def test_two_verdicts_agree_by_outcome_and_measures_and_by_grave_reasons() -> None:
    assert GOOD.agrees(replace(GOOD, findings="y" * 50, reason_code="R02"))
    assert not GOOD.agrees(replace(GOOD, reason_code="R05"), grave={"R05"})
    assert not GOOD.agrees(replace(GOOD, outcome="inadmissible"))
    assert not partial((1, "reduce", 5), (2, "keep", None)).agrees(partial((1, "reduce", 6), (2, "keep", None)))
    assert PARTLY.agrees(replace(PARTLY, measures_result=tuple(reversed(PARTLY.measures_result))))


def test_a_verdict_survives_being_stored() -> None:
    assert Verdict.from_dict(PARTLY.to_dict()) == PARTLY
