"""Bulk inserts write exactly what the rows say, on both databases."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from portal import Portal, bulk, many
from portal.db import session, unit_of_work
from portal.messages.models import Notice
from tests.make import NOON

ODD = ["", "'", '"', "\\", "%(x)s", ":rows", "{}", "\u2028", "😀", "岚山\n茶铺", "null", "$.a", "0x1F", "1e5"]
AT = NOON + timedelta(microseconds=1)


def a_row(number: int, **fields: object) -> dict[str, object]:
    return {
        "event": f"e{number}", "recipient": "shop:1", "category": "system", "template": "t", "params": {},
        "case_type": None, "case_ref": "R", "created_at": AT,
    } | fields  # fmt: skip


def test_odd_words_numbers_and_nothing_come_back_as_they_were(app: Portal):
    params = {"words": ODD, "number": 2**53, "yes": True, "none": None, "nested": {"a": [1, {"b": "c"}]}}
    with unit_of_work():
        bulk.insert(Notice, [a_row(n, template=odd, params=params) for n, odd in enumerate(ODD)])
    rows = list(session().scalars(select(Notice).order_by(Notice.id)))
    assert [row.template for row in rows] == ODD
    assert all(row.params == params for row in rows)
    assert {(row.case_type, row.case_ref, row.created_at, row.read_at) for row in rows} == {(None, "R", AT, None)}


def test_rows_that_are_there_are_left_out_and_the_new_ones_given_back(app: Portal):
    with unit_of_work():
        bulk.insert(Notice, [a_row(1)])
        new = bulk.insert(
            Notice, [a_row(1), a_row(2), a_row(3)], unless=("event", "recipient"), returning=("id", "created_at")
        )
    assert [row.created_at for row in new] == [AT, AT]
    assert [row.id for row in session().scalars(select(Notice).where(Notice.event != "e1"))] == [row.id for row in new]


@pytest.mark.parametrize("fields", [{"category": "nonsense"}, {"event": "e1"}, {"template": None}])
def test_the_database_still_refuses_what_it_must(app: Portal, fields: dict[str, object]):
    with pytest.raises(IntegrityError), unit_of_work():
        bulk.insert(Notice, [a_row(1), a_row(2, **fields)])
    assert session().scalar(select(Notice.id)) is None


def test_what_is_no_json_is_refused_here(app: Portal):
    with unit_of_work(), pytest.raises(TypeError, match="bytes"):
        bulk.insert(Notice, [a_row(1, params={"x": b"x"})])


def test_more_rows_than_fit_into_one_statement_go_in_whole(app: Portal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "MOST_VALUES", 20)  # two rows of eight columns
    with unit_of_work():
        new = bulk.insert(Notice, [a_row(n) for n in range(5)], returning=("event", "created_at"))
    assert [(row.event, row.created_at) for row in new] == [(f"e{n}", AT) for n in range(5)]


def test_if_a_later_statement_is_refused_the_earlier_ones_are_as_well(app: Portal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "MOST_VALUES", 20)
    with pytest.raises(IntegrityError), unit_of_work():
        bulk.insert(Notice, [*[a_row(n) for n in range(5)], a_row(1)])
    assert session().scalar(select(Notice.id)) is None


def test_an_object_that_many_rows_share_is_written_in_each_column_by_its_own_type(app: Portal):
    shared = {"n": 1}
    with unit_of_work():
        bulk.insert(Notice, [a_row(n, params=shared, created_at=AT) for n in range(3)])
    assert {(row.params["n"], row.created_at) for row in session().scalars(select(Notice))} == {(1, AT)}


def test_what_all_rows_say_is_written_in_each(app: Portal):
    rows = [a_row(n, params={"a": ODD}, template="same'\\") for n in range(bulk.WORTH_SHARING)]
    with unit_of_work():
        new = bulk.insert(Notice, rows, unless=("event", "recipient"), returning=("id", "event", "created_at"))
    kept = list(session().scalars(select(Notice).order_by(Notice.id)))
    assert [(row.event, row.params, row.template, row.case_type, row.created_at) for row in kept] == [
        (f"e{n}", {"a": ODD}, "same'\\", None, AT) for n in range(bulk.WORTH_SHARING)
    ]
    assert [(row.id, row.event, row.created_at) for row in new] == [(row.id, row.event, AT) for row in kept]


def test_many_rows_that_are_all_the_same_are_one(app: Portal):
    with unit_of_work():
        bulk.insert(Notice, [a_row(1)] * bulk.WORTH_SHARING, unless=("event", "recipient"))
    assert len(list(session().scalars(select(Notice.id)))) == 1


def test_what_python_calls_equal_is_still_written_as_each_row_says(app: Portal):
    said = [{"n": 1}, {"n": True}, {"n": 1.0}] * 5
    with unit_of_work():
        bulk.insert(Notice, [a_row(n, params=params) for n, params in enumerate(said)])
    kept = [row.params["n"] for row in session().scalars(select(Notice).order_by(Notice.id))]
    assert [(type(n), n) for n in kept] == [(type(params["n"]), params["n"]) for params in said]


def test_a_word_that_is_too_long_is_refused_or_kept_whole_and_never_cut(app: Portal):
    long = "x" * 45  # where PostgreSQL takes 40
    try:
        with unit_of_work():
            bulk.insert(Notice, [a_row(n, case_ref=long) for n in range(bulk.WORTH_SHARING)])
    except DataError:
        return
    assert set(session().scalars(select(Notice.case_ref))) == {long}


@pytest.mark.parametrize("odd", [{2: "two"}, {"pair": ("a", 1)}, {"half": "\ud800"}])
def test_what_the_quick_writer_of_json_refuses_goes_in_beside_instants(app: Portal, odd: dict[object, object]):
    with unit_of_work():
        bulk.insert(Notice, [a_row(n, params=odd, created_at=AT + timedelta(n)) for n in range(bulk.WORTH_SHARING)])
    assert all(row.params == json.loads(json.dumps(odd)) for row in session().scalars(select(Notice)))


def test_a_name_is_looked_for_whole_however_long(app: Portal):
    with unit_of_work():
        bulk.insert(Notice, [a_row(1, case_ref="x" * 40)])
    assert list(session().scalars(select(Notice.id).where(many.among(Notice.case_ref, ["x" * 41])))) == []
    assert (
        len(list(session().scalars(select(Notice.id).where(many.among(Notice.case_ref, ["x" * 40, "NULL", ""]))))) == 1
    )
