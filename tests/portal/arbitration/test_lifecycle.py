"""The machine of an arbitration: every status, verb and role, exhaustively; and what a ruling must hold."""

import itertools

import pytest

from portal.arbitration import lifecycle
from portal.arbitration.lifecycle import LIABLE, MOVES, OFFER_OF, OPEN, OVER, PARTIES, STATUSES, Ruling
from portal.policies import RULINGS
from portal.refusals import Refused
from tests.arbitration import DISPUTED, SHARES, a_ruling

ROLES = ("merchant", "buyer", "reviewer", "platform", "system")
EVERY = list(itertools.product(STATUSES, MOVES, ROLES, (False, True)))
HAND_IN = {"submit", "finish"}
EXPECTED = {
    ("collecting", "merchant"): {*HAND_IN, "settle"},
    ("collecting", "buyer"): {*HAND_IN, "settle", "withdraw"},
    ("collecting", "reviewer"): set(),
    ("rebuttal", "merchant"): {*HAND_IN, "settle"},
    ("rebuttal", "buyer"): {*HAND_IN, "settle", "withdraw"},
    ("under_decision", "merchant"): {"settle"},
    ("under_decision", "buyer"): {"settle", "withdraw"},
    ("under_decision", "reviewer"): {"ask_for_evidence", "recommend", "decide"},
    ("under_decision", "system"): {"flag_overdue", "withdraw"},
    ("more_evidence", "merchant"): {*HAND_IN, "settle"},
    ("more_evidence", "buyer"): {*HAND_IN, "settle", "withdraw"},
    ("more_evidence", "reviewer"): set(),
    ("decided", "merchant"): {"ask_again", "settle"},
    ("decided", "buyer"): {"ask_again", "settle"},
    ("decided", "reviewer"): set(),
    ("second_instance", "merchant"): {*HAND_IN, "ask_again", "settle"},
    ("second_instance", "buyer"): {*HAND_IN, "ask_again", "settle"},
    ("second_instance", "reviewer"): set(),
    ("second_instance", "system"): {"conclude", "hearing_over", "second_instance_over"},
    **{(status, role): set() for status in OVER for role in ROLES},
}


@pytest.mark.parametrize(("status", "role"), EXPECTED)
def test_who_may_do_what(status: str, role: str) -> None:
    assert set(lifecycle.offered(status, role)) == EXPECTED[status, role]


def test_what_is_offered_is_what_is_accepted_for_every_status_verb_and_role() -> None:
    for status, verb, role, own_time in EVERY:
        offered = lifecycle.offered(status, role, own_time=own_time)
        try:
            lifecycle.require(status, verb, role, own_time=own_time)
        except Refused:
            assert verb not in offered
        else:
            assert verb in offered
    assert len(EVERY) == 9 * len(MOVES) * 5 * 2


def test_without_time_of_ones_own_nothing_can_be_handed_in() -> None:
    for status, party in itertools.product(STATUSES, PARTIES):
        assert not {*HAND_IN, "ask_again"} & set(lifecycle.offered(status, party, own_time=False))


def test_every_open_status_leads_on_and_what_is_over_is_over() -> None:
    for move in MOVES.values():
        assert {*move.sources, *move.targets} <= set(STATUSES)
    for status in STATUSES:
        leads_on = {t for m in MOVES.values() if status in m.sources for t in m.targets} - {status}
        assert bool(leads_on) == (status in OPEN)


@pytest.mark.parametrize("status", lifecycle.HEARING)
def test_a_hearing_waits_for_whoever_has_time_and_then_goes_on(status: str) -> None:
    for waiting, new in itertools.product(((), ("buyer",)), ((), ("merchant",), PARTIES)):
        asked = "merchant" if status == "more_evidence" else None
        to = lifecycle.after_hearing(status, waiting=waiting, new_from=new, asked=asked)
        assert to in MOVES["hearing_over"].targets
        assert (to == status) == bool(waiting)
        if not waiting:
            assert (to == "rebuttal") == (bool(new) and status != "rebuttal")


def test_each_side_answers_what_it_has_not_seen() -> None:
    assert lifecycle.answering("collecting", PARTIES, None) == PARTIES
    assert lifecycle.answering("collecting", ("merchant",), None) == ("buyer",)
    assert lifecycle.answering("more_evidence", ("buyer",), "buyer") == ("merchant",)


@pytest.mark.parametrize("kind", RULINGS)
def test_a_whole_ruling_stands_and_pays_what_it_says(kind: str) -> None:
    ruling = a_ruling(kind)
    assert ruling.faults(DISPUTED) == []
    assert Ruling.from_dict(ruling.to_dict()) == ruling
    paid = ruling.refund_minor(DISPUTED)
    assert paid == (0 if kind in ("exchange_or_reship", "claim_rejected") else DISPUTED - ruling.borne_by_buyer)
    assert OFFER_OF[kind]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"amounts": {"merchant": DISPUTED - 1}}, "amounts_dont_sum"),
        ({"amounts": {}}, "amounts_dont_sum"),
        ({"amounts": {"merchant": DISPUTED + 5, "buyer": -5}}, "amount_negative"),
        ({"amounts": {"merchant": DISPUTED - 5, "buyer": 5}}, "refund_full_amounts"),
        ({"kind": "refund_partial", "amounts": SHARES["refund_full"]}, "refund_partial_amounts"),
        ({"kind": "return_then_refund", "amounts": SHARES["claim_rejected"]}, "return_then_refund_amounts"),
        ({"kind": "exchange_or_reship", "amounts": SHARES["claim_rejected"]}, "exchange_or_reship_amounts"),
        ({"kind": "claim_rejected", "amounts": SHARES["refund_full"]}, "claim_rejected_amounts"),
        ({"kind": "platform_compensates", "amounts": SHARES["refund_full"]}, "platform_compensates_amounts"),
        ({"liability": "nobody"}, "liability_missing"),
        ({"liability": "buyer"}, "liable_bears_nothing"),
        ({"liability": "shared"}, "liable_bears_nothing"),
    ],
)
def test_a_ruling_that_contradicts_itself_says_where(changed: dict[str, object], fault: str) -> None:
    assert fault in [code for _place, code, _params in a_ruling(**changed).faults(DISPUTED)]


def test_whoever_bears_something_has_lost_and_may_go_on() -> None:
    assert {kind: a_ruling(kind).losers() for kind in SHARES} == {
        "refund_full": ("merchant",),
        "refund_partial": ("merchant", "buyer"),
        "return_then_refund": ("merchant",),
        "exchange_or_reship": ("merchant",),
        "claim_rejected": ("buyer",),
        "platform_compensates": (),
    }
    assert all(a_ruling(liability=one).liability in LIABLE for one in LIABLE)
