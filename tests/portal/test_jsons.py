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

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | WORDS,
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


@pytest.mark.parametrize("value", [{2: "two", 10: "ten"}, {None: 1}, Kind.LATE, {Kind.LATE: 1}, Pair(1, "b"), "\ud800"])
def test_what_the_quick_writer_refuses_is_stored_as_before(value: object) -> None:
    plain = json.loads(json.dumps(value))
    assert jsons.read(jsons.write(value)) == plain
    assert jsons.read(jsons.write_rows([{"at": AT, "value": value}])) == [{"at": AT.isoformat(), "value": plain}]


@pytest.mark.parametrize("text", ['"\\ud800"', "NaN", "Infinity", "1e400"])
def test_what_was_stored_before_is_still_read(text: str) -> None:
    assert repr(jsons.read(text)) == repr(json.loads(text))


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, {"a": [2**70]}])
def test_a_number_that_would_come_back_as_another_is_refused(value: object) -> None:
    for write in (jsons.write, canonical, lambda value: jsons.write_rows([{"value": value}])):
        with pytest.raises(TypeError, match="64-bit"):
            write(value)


def test_an_instant_is_hashed_in_one_form_wherever_it_stands_and_is_no_value_of_a_column() -> None:
    assert canonical({"at": [AT]}) == b'{"at":["2026-03-02T04:00:00.000000Z"]}'
    with pytest.raises(TypeError):
        jsons.write({"at": AT})


@pytest.mark.parametrize("value", [{1, 2}, b"x", object()])
def test_what_has_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        jsons.write(value)
    with pytest.raises(TypeError):
        canonical(value)
