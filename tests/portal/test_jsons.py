"""JSON is what the standard library writes, byte for byte where it is hashed."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import jsons
from portal.audit import canonical

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


class Kind(StrEnum):
    """A word with a name."""

    LATE = "late"


class Pair(NamedTuple):
    """Two values."""

    one: int
    two: str


@given(PLAIN)
def test_what_is_hashed_is_written_as_the_standard_library_does(value: object) -> None:
    assert canonical(value) == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@given(PLAIN)
def test_what_is_stored_comes_back(value: object) -> None:
    assert jsons.read(jsons.write(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize(
    "value", [2**64, -(2**70), {2: "two", 10: "ten"}, Kind.LATE, {Kind.LATE: 1}, Pair(1, "b"), "\ud800", float("inf")]
)
def test_what_the_quick_writer_refuses_is_stored_as_before(value: object) -> None:
    kept = json.loads(jsons.write(value))
    assert kept == json.loads(json.dumps(value)) or value == float("inf")  # which is no JSON, and was none


def test_an_instant_is_hashed_in_one_form_wherever_it_stands() -> None:
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert canonical({"at": [at]}) == b'{"at":["2026-03-02T04:00:00.000000Z"]}'


@pytest.mark.parametrize("value", [{1, 2}, b"x", object()])
def test_what_has_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        jsons.write(value)
    with pytest.raises(TypeError):
        canonical(value)
