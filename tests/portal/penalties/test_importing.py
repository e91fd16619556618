"""Importing: thousands of rows, twice, at once, half wrong; what goes in and what is left out."""

import json
import threading
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import Portal, audit, penalties
from portal.accounts.models import Shop
from portal.audit import SYSTEM
from portal.audit.models import AuditEvent
from portal.cli.imports import carry_out
from portal.db import db, end_reading, session, unit_of_work
from portal.deadlines.models import Deadline
from portal.incoming import Done
from portal.messages.models import Notice
from portal.penalties.models import Measure, Penalty
from tests import make
from tests.conftest import NOON, Clock
from tests.portal.penalties.sheets import a_csv, a_row

MANY = 5000


@pytest.fixture
def shops(app: Portal) -> list[Shop]:
    with unit_of_work():
        return [make.a_shop(f"店铺 {n}") for n in range(3)]


def bring_in(content: bytes, at: Any = NOON) -> Done:
    found, done = penalties.plan(content, at=at), Done()
    end_reading()
    for rows in found.chunks():
        with unit_of_work():
            done.add(penalties.carry_out(rows, by=SYSTEM, at=at))
    return done


def count(model: Any) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def many(shops: list[Shop], rows: int = MANY) -> bytes:
    names = [shop.external_id for shop in shops]
    return a_csv([a_row(n, names[n % len(names)]) for n in range(rows)])


def test_five_thousand_rows_go_in_within_seconds_and_whole(app: Portal, shops: list[Shop]) -> None:
    content, started = many(shops), time.process_time()
    assert bring_in(content).new == MANY
    assert time.process_time() - started < 12
    assert (count(Penalty), count(Deadline), count(Notice), count(AuditEvent)) == (MANY,) * 4
    assert count(Measure) == 2 * MANY + MANY // 4
    opened = select(func.count()).select_from(Penalty).where(Penalty.appeal_window == "open")
    assert session().scalar(opened) == MANY
    assert not list(audit.faults())


def test_the_same_file_again_changes_nothing(app: Portal, shops: list[Shop]) -> None:
    bring_in(many(shops, 700))
    found = penalties.plan(many(shops, 700), at=NOON)
    assert (len(found.new), found.existing, found.is_clean) == (0, 700, True)


def test_an_import_that_was_cut_off_is_completed_by_running_it_again(app: Portal, shops: list[Shop]) -> None:
    content = many(shops, 1200)
    found = penalties.plan(content, at=NOON)
    end_reading()
    with unit_of_work():
        penalties.carry_out(next(found.chunks()), by=SYSTEM, at=NOON)
    with pytest.raises(RuntimeError), unit_of_work():
        penalties.carry_out(list(found.chunks())[1], by=SYSTEM, at=NOON)
        raise RuntimeError("cut off")
    assert count(Penalty) == count(Notice) == 500
    assert (bring_in(content).new, count(Penalty)) == (700, 1200)


def test_what_is_wrong_in_json_on_one_line_is_neither_lost_nor_miscounted(app: Portal, shops: list[Shop]) -> None:
    shop = shops[0].external_id
    rows = [a_row(1, shop), a_row(1, shop, facts="别的"), a_row(2, shop, amount="abc"), a_row(3, "nobody")]
    found = penalties.plan(json.dumps(rows).encode(), at=NOON)
    assert (len(found.new), found.existing, found.bad_rows) == (1, 0, 3)
    assert next((fault.line, fault.code) for fault in found.faults) == (2, "twice_in_file")


def test_csv_in_every_encoding_and_json_are_the_same_penalties(app: Portal, shops: list[Shop]) -> None:
    rows = [a_row(n, shops[0].external_id, concerns="两件茶饼", measures="", points="") for n in range(5)]
    bring_in(a_csv(rows, "gb18030"))
    for content in (a_csv(rows), a_csv(rows, "utf-8-sig"), json.dumps(rows).encode()):
        found = penalties.plan(content, at=NOON)
        assert (len(found.new), found.existing) == (0, 5)
    assert {p.concerns for p in session().scalars(select(Penalty))} == {"两件茶饼"}


def test_other_content_under_the_same_number_is_reported_and_left_alone(app: Portal, shops: list[Shop]) -> None:
    shop = shops[0].external_id
    bring_in(a_csv([a_row(1, shop), a_row(2, shop)]))
    found = penalties.plan(a_csv([a_row(1, shop), a_row(2, shop, amount="1.00"), a_row(3, shop)]), at=NOON)
    assert (len(found.new), found.existing) == (1, 1)
    conflict = found.conflicts[0]
    assert (conflict.line, conflict.column, conflict.value, conflict.code) == (3, "external_id", "PN-000002", "differs")


def test_a_number_twice_in_one_file_is_one_penalty_or_a_fault(app: Portal, shops: list[Shop]) -> None:
    shop = shops[0].external_id
    found = penalties.plan(a_csv([a_row(1, shop), a_row(1, shop), a_row(1, shop, facts="别的")]), at=NOON)
    assert (len(found.new), found.existing, found.bad_rows) == (1, 1, 1)
    assert (found.faults[0].line, found.faults[0].code, found.faults[0].params) == (4, "twice_in_file", {"line": 2})


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("external_id", "", "missing"),
        ("external_id", "x" * 65, "too_long"),
        ("shop_external_id", "nobody", "unknown_shop"),
        ("rule_code", "NO_SUCH_RULE", "unknown_rule"),
        ("facts", "", "missing"),
        ("facts", "x" * 5001, "too_long"),
        ("amount", "12.345", "bad_amount"),
        ("currency", "JPY", "bad_currency"),
        ("points", "-1", "bad_points"),
        ("measures", "jail", "bad_measures"),
        ("notified_at", "2026-03-09", "bad_moment"),
        ("notified_at", "2026-03-02 12:01", "moment_ahead"),
        ("effective_at", "soon", "bad_moment"),
        ("automated", "yes", "bad_automated"),
        ("issuer", "nobody@nowhere.example", "unknown_issuer"),
        ("source", "ERP 1", "bad_source"),
        ("facts", "没有\0揽收", "control_characters"),
        ("shop_external_id", "S-\0", "unknown_shop"),
    ],
)
def test_a_bad_cell_is_named_and_the_good_rows_go_in(
    app: Portal, shops: list[Shop], column: str, value: str, code: str
) -> None:
    shop = shops[0].external_id
    content = a_csv([a_row(1, shop), a_row(2, shop, **{column: value}), a_row(3, shop)])
    found = penalties.plan(content, at=NOON)
    assert [(f.line, f.column, f.code) for f in found.faults] == [(3, column, code)]
    assert found.faults[0].value == value[:80].replace("\0", "�") + "…" * (len(value) > 80)
    assert (bring_in(content).new, count(Penalty)) == (2, 2)


def test_a_fine_needs_its_amount(app: Portal, shops: list[Shop]) -> None:
    rows = [
        a_row(1, shops[0].external_id, measures="fine", amount=""),
        a_row(2, shops[0].external_id, measures="points"),
    ]
    found = penalties.plan(a_csv(rows), at=NOON)
    assert [(f.column, f.code) for f in found.faults] == [
        ("amount", "amount_missing"),
        ("amount", "amount_without_measure"),
    ]


def test_an_amount_of_zero_says_that_there_is_none(app: Portal, shops: list[Shop]) -> None:
    shop = shops[0].external_id
    rows = [
        a_row(1, shop, measures="points; traffic_limit:7", amount="0.00"),
        a_row(2, shop, measures="fine", amount="0"),
    ]
    found = penalties.plan(a_csv(rows), at=NOON)
    assert [(f.line, f.column, f.code) for f in found.faults] == [(3, "amount", "amount_missing")]
    bring_in(a_csv(rows[:1]))
    assert [*session().scalars(select(Measure.kind).order_by(Measure.id))] == ["points", "traffic_limit"]
    assert penalties.plan(a_csv([rows[0] | {"amount": ""}]), at=NOON).existing == 1, "an empty cell says the same"


def test_a_number_of_a_shop_that_no_database_takes_is_a_fault_of_its_row(app: Portal, shops: list[Shop]) -> None:
    rows = [a_row(1, shops[0].external_id), a_row(2, "S-\ud800"), a_row(3, "S-\0"), a_row(9, "S" * 65)]
    found = penalties.plan(json.dumps(rows).encode(), at=NOON)
    assert [(f.column, f.code) for f in found.faults] == [("shop_external_id", "unknown_shop")] * 3
    assert len(found.new) == 1


def test_every_fault_of_a_row_is_named_at_once(app: Portal, shops: list[Shop]) -> None:
    found = penalties.plan(a_csv([a_row(1, "nobody", amount="x", facts="")]), at=NOON)
    assert {fault.column for fault in found.faults} == {"shop_external_id", "amount", "facts"}
    assert found.bad_rows == 1


def test_hostile_cells_are_stored_and_compared_as_the_text_they_are(app: Portal, shops: list[Shop]) -> None:
    shop = shops[0].external_id
    rows = [
        a_row(n, shop, external_id=f"{text}-{n}", facts=text, concerns=text)
        for n, text in enumerate(
            ["=cmd|' /C calc'!A0", "@SUM(1)", "<b>x</b>", "'; DROP TABLE penalty; --", "𠮷 👩‍👩‍👧"]
        )
    ]
    assert bring_in(a_csv(rows)).new == len(rows)
    assert [p.facts for p in session().scalars(select(Penalty).order_by(Penalty.id))] == [
        row["facts"] for row in sorted(rows, key=lambda row: row["external_id"])
    ]
    assert penalties.plan(a_csv(rows), at=NOON).existing == len(rows)


def test_local_times_are_those_of_the_shop(app: Portal) -> None:
    with unit_of_work():
        shop = make.a_shop(zone="Europe/Berlin")
        name = shop.external_id
    bring_in(a_csv([a_row(1, name, notified_at="2026-03-01 09:00")]))
    assert session().scalars(select(Penalty)).one().notified_at.isoformat() == "2026-03-01T08:00:00+00:00"


def test_the_issuer_is_known_so_that_they_do_not_decide(app: Portal, shops: list[Shop]) -> None:
    with unit_of_work():
        issuer = make.a_person("penalty_issuer")
        email, key = issuer.email, issuer.id
    bring_in(a_csv([a_row(1, shops[0].external_id, issuer=email.upper())]))
    assert session().scalars(select(Penalty)).one().issuer_id == key


def test_two_imports_of_one_file_at_once_make_each_penalty_once(app: Portal, shops: list[Shop], now: Clock) -> None:
    content, done, gate = many(shops, 900), [], threading.Barrier(2)

    def one() -> None:
        with app.app_context():
            found = penalties.plan(content, at=NOON)
            end_reading()
            gate.wait(20)
            done.append(carry_out(found))
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    end_reading()
    assert len(done) == 2
    assert sum(each.new for each in done) == sum(each.existing for each in done) == 900
    assert (count(Penalty), count(Notice), count(Deadline)) == (900, 900, 900)
    assert not list(audit.faults())
