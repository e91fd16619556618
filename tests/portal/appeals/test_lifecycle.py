"""Every status against every verb, and what a draft lacks: pure."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.appeals.lifecycle import (
    MOVES,
    Draft,
    Wanted,
    allows,
    answered,
    asked,
    missing,
    missing_in_supplement,
    offered,
    require,
)
from portal.appeals.models import OUTCOMES, STATUSES
from portal.refusals import Refused

TABLE = {
    "draft": {"save", "discard", "submit", "lapse", "revoke", "overtake"},
    "under_review": {"ask_for_evidence", "recommend", "decide", "flag_overdue", "withdraw", "revoke", "overtake"},
    "needs_evidence": {"save_supplement", "supplement", "time_out", "pass_on", "withdraw", "revoke", "overtake"},
    "completed": set(),
}
WANTED = Wanted(grounds=["g"], required=("a", "b"), statement_min=5, statement_max=10)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("verb", MOVES)
def test_a_verb_is_accepted_exactly_where_the_table_says(status: str, verb: str) -> None:
    assert allows(status, verb) == (verb in TABLE[status])
    if verb in TABLE[status]:
        assert require(status, verb) is MOVES[verb]
    else:
        with pytest.raises(Refused, match="transition_not_allowed"):
            require(status, verb)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("role", ["merchant", "reviewer", "system", "penalty_issuer", "nobody"])
def test_what_is_offered_is_what_is_accepted(status: str, role: str) -> None:
    assert set(offered(status, role)) == {v for v in TABLE[status] if role in MOVES[v].by}


def test_nothing_leads_out_of_completed_and_nothing_back_to_draft() -> None:
    assert all("completed" not in move.sources for move in MOVES.values())
    assert [m.verb for m in MOVES.values() if m.target == "draft"] == ["save"]
    assert {outcome for move in MOVES.values() for outcome in move.outcomes} == set(OUTCOMES)


def test_what_is_missing_is_listed_in_the_order_of_the_form() -> None:
    found = missing(Draft("", None), WANTED)
    assert [(m.place, m.code) for m in found] == [
        ("ground", "ground_missing"),
        ("a", "evidence_missing"),
        ("b", "evidence_missing"),
        ("statement", "statement_short"),
    ]


def test_a_reason_why_there_is_no_file_counts_as_an_answer() -> None:
    draft = Draft("12345", "g", {"a": 1}, {"b": "the carrier is closed"})
    assert missing(draft, WANTED) == []
    assert missing(Draft("12345", "g", {"a": 1}, {"b": "   "}), WANTED)[0].place == "b"


@pytest.mark.parametrize(("length", "ok"), [(4, False), (5, True), (10, True), (11, False)])
def test_the_statement_has_its_length_in_characters_of_any_script(length: int, ok: bool) -> None:
    assert (missing(Draft("岩" * length, "g", {"a": 1, "b": 1}), WANTED) == []) is ok


def test_an_unknown_ground_is_no_ground() -> None:
    assert missing(Draft("12345", "other", {"a": 1, "b": 1}), WANTED)[0].code == "ground_missing"


def test_a_supplement_answers_each_deficiency() -> None:
    assert [m.place for m in missing_in_supplement(Draft("", files={"a": 1}), ["a", "b", "b"], 100)] == ["b"]
    assert missing_in_supplement(Draft("", files={"a": 1}, declarations={"b": "none"}), ["a", "b"], 100) == []


def test_an_empty_supplement_is_none() -> None:
    assert [m.code for m in missing_in_supplement(Draft(""), [], 100)] == ["supplement_empty"]


@given(st.sets(st.sampled_from(["a", "b"])), st.booleans(), st.text(max_size=12), st.booleans())
def test_the_meter_is_full_exactly_when_nothing_is_missing(
    files: set[str], ground: bool, statement: str, must_tell: bool
) -> None:
    wanted = WANTED if must_tell else replace(WANTED, statement_min=0)
    draft = Draft(statement, "g" if ground else None, dict.fromkeys(files, 1))
    assert (answered(draft, wanted) == asked(wanted)) == (missing(draft, wanted) == [])
    assert 0 <= answered(draft, wanted) <= asked(wanted)


def test_a_statement_that_may_be_left_out_is_not_counted() -> None:
    optional = replace(WANTED, statement_min=0)
    assert (asked(WANTED), asked(optional)) == (4, 3)
    assert answered(Draft("", "g", {"a": 1}), optional) == 2


@given(st.text(), st.text())
def test_two_statements_never_share_a_fingerprint(one: str, other: str) -> None:
    assert (Draft(one).fingerprint() == Draft(other).fingerprint()) == (one == other)
