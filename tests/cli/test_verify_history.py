"""`portal verify` sees that the end of a history was cut off, and that a row is not what its history tells."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from jobs.sweep import sweep
from portal import Portal, appeals, arbitration, audit, guards, penalties
from portal.accounts.models import Shop
from portal.aftersales import as_buyer
from portal.appeals.models import Appeal
from portal.audit import SYSTEM, Actor
from portal.audit.models import AuditEvent
from portal.cli import invariants, seals
from portal.cli.verify import command
from portal.db import rebuilding, session, unit_of_work
from portal.evidence import bring
from portal.penalties.models import Penalty
from portal.redress import actions as above
from tests import aftersales, make, redress
from tests import arbitration as disputes
from tests.make import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Hours = Iterator[datetime]
ISSUER = Actor("issuer", "issuer")


@pytest.fixture
def world(app: Portal) -> Portal:
    """The cases on both databases."""
    fill()
    return app


@pytest.fixture
def case(sqlite_app: Portal) -> Portal:
    """One appeal that was upheld."""
    with unit_of_work():
        shop = make.a_shop()
        merchant, judge = make.actor(make.a_person("merchant_owner", shop), shop), make.actor(make.a_person("reviewer"))
        upheld = make.an_appeal(shop, merchant)
        verdict = make.a_verdict(upheld, "upheld")
        appeals.actions.decide(upheld, make.a_seat(upheld, judge), verdict=verdict, by=judge, at=NOON + HOUR)
    return sqlite_app


def fill() -> None:
    """Cases of every kind, each step an hour after the one before, so that each has an instant of its own."""
    at = (NOON + number * HOUR for number in range(100))
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.actor(make.a_person("merchant_owner", shop), shop)
        staff = ("reviewer", "reviewer", "lead", "lead")
        judge, other, lead, second = (make.actor(make.a_person(role)) for role in staff)
        accused = make.a_penalty(shop, next(at))
        penalties.add_evidence(accused, [("公告", bring(make.a_picture(), "公告.jpg"))], by=ISSUER, at=next(at))
        make.an_appeal(shop, merchant, next(at))
        silent = make.ask_for_evidence(make.an_appeal(shop, merchant, next(at)), judge, next(at))
    sweep(NOON + 10 * DAY)
    at = (NOON + 10 * DAY + number * HOUR for number in range(100))
    document = redress.a_document()
    with unit_of_work():
        make.a_penalty(shop, next(at))
        _appeals(shop, merchant, judge, other, at)
        rejected = redress.a_rejected_appeal(shop, merchant, judge, next(at))
        complaint = redress.a_complaint(rejected, merchant, next(at))
        above.answer(complaint, outcome="partly", words=redress.ANSWER, by=lead, at=next(at))
        asked = redress.a_request(rejected, merchant, next(at))
        above.disclose(asked, outcome="granted", reason=redress.REASON, exhibits=(), by=lead, at=next(at))
        order = redress.an_override(rejected, document, lead, next(at), change="lift")
        above.confirm(order, by=second, at=next(at))
        appeals.actions.ask_human(session().get_one(Appeal, silent.id), by=merchant, at=next(at))
        _trade(shop, merchant, judge, at)


def _appeals(shop: Shop, merchant: Actor, judge: Actor, other: Actor, at: Hours) -> None:
    """One that another person must look at, one that was reduced and carried out, one that somebody has claimed."""
    dear = make.an_appeal(shop, merchant, next(at), amount_minor=2_000_000)
    seat = make.a_seat(dear, judge, next(at))
    appeals.actions.decide(dear, seat, verdict=make.a_verdict(dear), by=judge, at=next(at))
    lessened = make.an_appeal(shop, merchant, next(at))
    fine = session().get_one(Penalty, lessened.subject_id).measures[0]
    less = {"measure_id": fine.id, "kind": fine.kind, "result": "reduce", "params": {fine.figure[0]: 1}}
    verdict = make.a_verdict(lessened, "partially_upheld", measures_result=(less,))
    appeals.actions.decide(lessened, make.a_seat(lessened, other, next(at)), verdict=verdict, by=other, at=next(at))
    penalties.executed(session().get_one(Penalty, lessened.subject_id), by=SYSTEM, at=next(at))
    make.a_seat(make.an_appeal(shop, merchant, next(at)), judge, next(at))


def _trade(shop: Shop, merchant: Actor, judge: Actor, at: Hours) -> None:
    """A refund agreed on, one talked about, and disputes that end in a hand-in, a word, a request and a ruling."""
    sold = aftersales.an_after_sale(shop, at=next(at))
    aftersales.actions.accept(sold, by=merchant, at=next(at))
    aftersales.actions.acknowledge(sold, amount_minor=12_000, currency="CNY", by=aftersales.PLATFORM, at=next(at))
    talked = aftersales.an_after_sale(shop, at=next(at))
    aftersales.an_offer(talked, merchant, next(at))
    aftersales.actions.decline_offer(talked, by=as_buyer(talked), at=next(at))
    aftersales.actions.say(talked, "请再考虑", key="say-1", by=merchant, at=next(at))
    disputes.hand_in(disputes.an_arbitration(shop, merchant, next(at)), merchant, next(at))
    arbitration.actions.finish(disputes.an_arbitration(shop, merchant, next(at)), by=merchant, at=next(at))
    disputes.ask(disputes.under_decision(shop, merchant, next(at)), judge, at=next(at))
    disputes.rule(disputes.under_decision(shop, merchant, next(at)), judge, "refund_partial", next(at))


def found() -> set[str]:
    """The numbers of whatever a fault names."""
    return set(re.findall(r"[A-Z]{2}-\d{4}-\w{8}", "\n".join([*invariants.faults(), *seals.faults()])))


def test_each_event_that_is_cut_off_an_end_is_missed(world: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "MOST", 1000)
    assert found() == set()
    guards.remove(session().connection())
    heads = {name: seq for name, seq, _digest in audit.heads()}
    actions: set[str] = set()
    while heads:
        for name, seq in heads.items():
            last = session().query(AuditEvent).filter_by(chain=name, seq=seq).one()
            actions.add(last.action)
            session().delete(last)
        session().flush()
        assert set(heads) - found() == set()
        heads = {name: seq - 1 for name, seq in heads.items() if seq > 1}
    assert len(actions) > 30, actions


ISSUED = "its facts, reasons, dates or measures are not as they were issued"
REDUCED = """'{"amount_minor": 2, "currency": "CNY", "was": {"amount_minor": 240000}}'"""
TAMPERED = {
    "UPDATE penalty SET facts = facts || '!'": ISSUED,
    "UPDATE penalty SET notified_at = due_at": ISSUED,
    "UPDATE penalty SET issuer_id = (SELECT min(id) FROM person)": ISSUED,
    "UPDATE penalty SET rule_code = 'OTHER'": "not as it was issued: rule_code",
    "UPDATE penalty SET amount_minor = 1": "not as it was issued: amount_minor",
    "UPDATE penalty SET external_id = external_id || '!'": "not as it was issued: external_id",
    "UPDATE measure SET kind = 'other'": "its measures are not those that were issued",
    "UPDATE measure SET params = '{}'": ISSUED,
    f"UPDATE measure SET params = {REDUCED} WHERE effect = 'reduced'": "another figure than its history tells",
    "UPDATE measure SET effect = 'lifted' WHERE effect = 'active'": "is lifted, and by its history active",
    "UPDATE penalty SET status = 'active' WHERE status = 'reduced'": "a state that its history doesn't end in",
    "UPDATE penalty SET appeal_window = 'closed'": "can't be appealed any more and its history doesn't say why",
    "UPDATE appeal SET outcome = 'upheld' WHERE outcome = 'rejected'": "ended otherwise than its history tells",
    "UPDATE appeal SET amount_minor = 1": "another amount than its penalty",
    "UPDATE after_sale SET resolution = 'partial' WHERE resolution = 'refunded'": "ended otherwise than its history",
    "UPDATE after_sale SET agreed_minor = 1 WHERE agreed_minor > 1": "agreed on another amount than its history tells",
    "UPDATE after_sale SET requested_minor = 12001": "asks for something else than its history tells",
    "UPDATE after_sale SET refusal_code = 'OTHER' WHERE refusal_code IS NOT NULL": "a step that its history tells",
    "UPDATE offer SET amount_minor = amount_minor + 1": "an offer that its history tells otherwise",
    "UPDATE purchase SET paid_minor = paid_minor + 1": "another order than its history tells of",
    "UPDATE arbitration SET refund_minor = 1 WHERE refund_minor > 1": "another liability or refund than its ruling",
    "UPDATE arbitration SET outcome = 'refund_full' WHERE outcome IS NOT NULL": "ended otherwise than its history",
    "UPDATE arbitration SET amount_minor = 1": "another amount than its after-sales case",
    "UPDATE complaint SET outcome = 'justified'": "ended otherwise than its history tells",
    "UPDATE disclosure_request SET status = 'refused'": "ended otherwise than its history tells",
    "UPDATE override_record SET change = 'none'": "ended otherwise than its history tells",
    "UPDATE decision SET sha256 = 'sealed anew'": "decision of AP-",
    "UPDATE decision SET outcome = 'upheld' WHERE outcome = 'rejected'": "was decided otherwise than its history tells",
    "DELETE FROM after_sale_message": "another number of messages than its history tells of",
    "DELETE FROM complaint": "has a history and is gone",
    "UPDATE submission SET statement = statement || '!' WHERE case_type = 'appeal'": "its words were changed",
    "UPDATE submission SET manifest_sha256 = 'x' WHERE case_type = 'penalty'": "not the one its history tells of",
}


def test_a_row_that_is_not_what_its_history_tells_is_named(sqlite_app: Portal) -> None:
    fill()
    guards.remove(session().connection())
    unseen = []
    for statement, says in TAMPERED.items():
        with session().begin_nested() as point:
            session().execute(text(statement))
            named = [fault for fault in (*invariants.faults(), *seals.faults()) if says in fault]
            unseen += [] if named and re.search(r"[A-Z]{2}-\d{4}-", named[0]) else [statement]
            point.rollback()
    assert unseen == []


def test_a_penalty_of_before_the_seal_is_compared_as_far_as_its_event_goes(case: Portal) -> None:
    guards.remove(session().connection())
    unsealed = "UPDATE audit_event SET data = json_remove(data, '$.facts_sha256') WHERE action = 'penalty.issued'"
    session().execute(text(unsealed))
    session().execute(text("UPDATE penalty SET facts = facts || '!'"))
    assert [fault for fault in seals.faults() if fault.startswith("PN-")] == []
    session().execute(text("UPDATE penalty SET points = points + 1"))
    assert any("not as it was issued: points" in fault for fault in seals.faults())


def test_the_command_names_the_case_and_only_kept_heads_show_what_nothing_hangs_on(
    case: Portal, tmp_path: Path
) -> None:
    kept, verify = tmp_path / "heads", case.test_cli_runner()
    with unit_of_work():
        audit.record("exports", "export.made", by=SYSTEM, at=NOON, data={"case": "AP-1", "chains": []})
        audit.record("exports", "export.made", by=SYSTEM, at=NOON, data={"case": "AP-2", "chains": _heads_of("AP")})
    assert verify.invoke(command, ["--keep-heads", str(kept)]).exit_code == 0
    said = verify.invoke(command, ["--heads", str(kept)])
    assert (said.exit_code, hashlib.sha256(kept.read_bytes()).hexdigest() in said.output) == (0, True)
    _behind_its_back("DELETE FROM audit_event WHERE chain = 'exports' AND seq = 2")
    assert verify.invoke(command).exit_code == 0
    said = verify.invoke(command, ["--heads", str(kept), "--keep-heads", str(kept)])
    assert (said.exit_code, "exports: had 2 events when the heads were kept" in said.stderr) == (1, True)
    assert "exports 2" in kept.read_text()
    _behind_its_back("UPDATE penalty SET status = 'active' WHERE status = 'overturned'")
    said = verify.invoke(command)
    assert (said.exit_code, "I12 has a state that its history doesn't end in" in said.stderr) == (1, True)
    kept.write_text("AP-1 one 2\n")
    assert "line 1 is none" in verify.invoke(command, ["--heads", str(kept)]).output


def test_a_history_that_was_cut_off_since_its_case_file_was_taken_is_named(case: Portal) -> None:
    with unit_of_work():
        said = {"case": "AP-2", "party": "merchant", "lang": "zh", "chains": _heads_of("AP")}
        audit.record("exports", "export.made", by=SYSTEM, at=NOON, data=said)
    assert found() == set()
    _behind_its_back("DELETE FROM audit_event WHERE chain LIKE 'AP-%' AND seq > 1")
    assert sum("not what it was when the file of AP-2 was taken" in fault for fault in seals.faults()) == len(
        said["chains"]
    )


def _heads_of(prefix: str) -> list[dict[str, object]]:
    heads = [head for head in audit.heads() if head[0].startswith(prefix)]
    return [{"chain": name, "events": events, "head": digest} for name, events, digest in heads]


def _behind_its_back(statement: str) -> None:
    session().rollback()
    with rebuilding() as connection:
        guards.remove(connection)
        connection.execute(text(statement))
        guards.install(connection)
