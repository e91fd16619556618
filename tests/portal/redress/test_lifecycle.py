"""Every state against every verb and every role, of each way after the last word: pure."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.redress.lifecycle import (
    CHANGES,
    MOVES,
    STATEMENT,
    STATES,
    allows,
    changes,
    offered,
    party_of,
    require,
    words,
)
from portal.refusals import Refused

ROLES = ("merchant", "buyer", "reviewer", "senior_reviewer", "lead", "auditor", "admin", "system", "penalty_issuer")
LEGAL = {
    ("complaint", "none", "file"): {"merchant", "buyer"},
    ("complaint", "answered", "file"): {"merchant", "buyer"},
    ("complaint", "open", "answer"): {"lead"},
    ("complaint", "open", "flag_overdue"): {"system"},
    ("disclosure", "none", "ask"): {"merchant", "buyer"},
    ("disclosure", "open", "answer"): {"reviewer", "senior_reviewer", "lead"},
    ("disclosure", "open", "flag_overdue"): {"system"},
    ("human_review", "available", "ask"): {"merchant"},
    ("human_review", "available", "expire"): {"system"},
    ("human_review", "asked", "decide"): {"reviewer", "senior_reviewer"},
    ("override", "none", "propose"): {"senior_reviewer", "lead"},
    ("override", "confirmed", "propose"): {"senior_reviewer", "lead"},
    ("override", "declined", "propose"): {"senior_reviewer", "lead"},
    ("override", "proposed", "confirm"): {"senior_reviewer", "lead"},
    ("override", "proposed", "decline"): {"senior_reviewer", "lead"},
}
ALL = [(way, state, verb) for way in MOVES for state, verb in itertools.product(STATES[way], MOVES[way])]


@pytest.mark.parametrize(("way", "state", "verb"), ALL)
def test_a_verb_is_accepted_exactly_where_and_from_whom_the_table_says(way: str, state: str, verb: str) -> None:
    for role in ROLES:
        may = role in LEGAL.get((way, state, verb), set())
        assert allows(way, state, verb, role) == may
        assert (verb in offered(way, state, role)) == may
        if may:
            assert set(require(way, state, verb, role).targets) <= set(STATES[way])
        else:
            with pytest.raises(Refused, match="transition_not_allowed"):
                require(way, state, verb, role)


def test_every_state_can_be_reached_and_every_verb_is_in_the_table() -> None:
    for way, moves in MOVES.items():
        reached = {target for move in moves.values() for target in move.targets}
        assert reached | {"none", "available"} >= set(STATES[way])
        assert {verb for w, _state, verb in LEGAL if w == way} == set(moves)


@given(st.integers(0, 2100))
def test_what_was_written_is_trimmed_and_measured(size: int) -> None:
    said = "字" * size
    if STATEMENT[0] <= size <= STATEMENT[1]:
        assert words(f" {said}\n", STATEMENT) == said
    else:
        with pytest.raises(Refused, match="statement_length") as why:
            words(said, STATEMENT)
        assert why.value.params["length"] == size


def test_an_order_can_do_to_a_penalty_what_its_state_leaves() -> None:
    assert changes("revoked") == ("none",)
    assert changes("overturned") == ("reinstate", "none")
    assert changes("reduced") == CHANGES
    assert all(changes(state) == ("lift", "reduce", "none") for state in ("notified", "active", "held", "served"))


def test_everybody_of_a_shop_acts_for_it() -> None:
    assert {party_of(f"merchant_{role}") for role in ("owner", "agent")} == {"merchant"}
    assert party_of("buyer") == "buyer"
