"""What tests arrange with: real rows, made by the real verbs."""

import io
import itertools
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from PIL import Image

from portal import Portal, appeals, evidence, penalties, policies, review
from portal.accounts.models import Membership, Person, Shop
from portal.appeals import drafts
from portal.appeals.models import Appeal
from portal.appeals.subjects import checklist_of
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM, Actor
from portal.db import session
from portal.evidence import bring
from portal.penalties import Finding
from portal.penalties.models import Penalty
from portal.refs import new_ref
from portal.review.models import Review

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def a_shop(name: str = "岚山茶铺", **fields: Any) -> Shop:
    """A shop under the default policy."""
    number = next(_numbers)
    shop = Shop(
        ref=new_ref("SH", NOON),
        external_id=f"shop-{number}",
        name=name,
        created_at=NOON,
        contact_email=f"shop{number}@shops.example",
        **fields,
    )
    session().add(shop)
    session().flush()
    return shop


def a_person(role: str = "merchant_owner", shop: Shop | None = None, **fields: Any) -> Person:
    """Somebody with one role: in `shop`, or on the platform."""
    number = next(_numbers)
    person = Person(
        **{
            "email": f"person{number}@people.example",
            "name": f"Person {number}",
            "locale": "zh",
            "active": True,
            "pseudonym": secrets.token_hex(8),
            "fs_uniquifier": secrets.token_hex(16),
            "created_at": NOON,
        }
        | fields
    )
    person.memberships.append(
        Membership(shop_id=shop.id if shop else None, role=role, valid_from=NOON - timedelta(days=365))
    )
    session().add(person)
    session().flush()
    return person


def actor(person: Person, shop: Shop | None = None) -> Actor:
    """The person as the one who acts."""
    return Actor(person.pseudonym, person.memberships[0].role, person.id, shop.id if shop else None)


def a_penalty(shop: Shop, at: datetime = NOON, **fields: Any) -> Penalty:
    """A penalty that was notified at `at` and may be appealed for seven days."""
    given = {
        "external_id": f"PN-{next(_numbers):06}",
        "rule_code": "FAKE_SHIPMENT",
        "facts": "12 笔订单点击发货后没有揽收记录。",
        "order_no": f"6921{next(_numbers):08}",
        "concerns": "12 笔订单",
        "amount_minor": 240_000,
        "notified_at": at,
    }
    return penalties.issue(shop, Finding(**given | fields), by=SYSTEM, at=at)


def a_picture(colour: tuple[int, int, int] = (200, 60, 40), size: tuple[int, int] = (320, 240)) -> io.BytesIO:
    """A small JPEG of one colour; two colours are two files."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    out.seek(0)
    return out


def a_draft(against: Penalty | Arbitration, by: Actor, at: datetime = NOON, *, whole: bool = True) -> Appeal:
    """A draft against a penalty or a ruling, with everything that is asked for unless told otherwise."""
    appeal = appeals.actions.start(against, by=by, at=at)
    if not whole:
        return appeal
    asked = checklist_of(appeal)
    for number, requirement in enumerate(asked.required):
        file = bring(a_picture((number * 40, next(_numbers) % 256, 90)), f"{requirement}.jpg")
        appeals.actions.attach(appeal, file, requirement=requirement, by=by, at=at)
    statement = "12 笔订单的包裹于当天 17:10 由快递网点上门揽收，底单附后，并非没有发货。"
    return appeals.actions.save(
        appeal,
        ground=asked.grounds[0].code,
        statement=statement,
        declarations={},
        rev=appeal.draft_rev,
        by=by,
        at=at,
    )


def file_it(appeal: Appeal, by: Actor, at: datetime = NOON) -> Appeal:
    """Hand the draft in."""
    seen = drafts.draft_of(appeal).fingerprint()
    appeals.actions.submit(appeal, key=secrets.token_urlsafe(12), seen=seen, by=by, at=at)
    return appeal


def an_appeal(shop: Shop, by: Actor, at: datetime = NOON, **penalty: Any) -> Appeal:
    """An appeal under review."""
    return file_it(a_draft(a_penalty(shop, at, **penalty), by, at), by, at)


def a_seat(appeal: Appeal, by: Actor, at: datetime = NOON) -> Review:
    """The case's open seat, claimed."""
    seat = review.open_seat_of("appeal", appeal.id)
    assert seat is not None
    return review.claim(seat, by=by, at=at)


def a_verdict(appeal: Appeal, outcome: str = "rejected", **fields: Any) -> review.Verdict:
    """A verdict that is complete."""
    reason = policies.reasons(appeal.policy_version_id, outcome, appeal.subject_type)[0]
    items = evidence.items_of("appeal", appeal.id, party="merchant", state="sealed")
    given = {
        "outcome": outcome,
        "reason_code": reason.code,
        "measures_result": (),
        "findings": "寄件清单没有网点章，也没有运单号，不能证明包裹在认定的时间之前交给了快递，因此无法支持您的主张。",
        "text_to_party": "您提交的材料不能证明包裹已经交付。",
        "evidence_verdicts": tuple({"evidence": item.ref, "verdict": "rejected", "note": ""} for item in items),
    }
    return review.Verdict(**given | fields)


def ask_for_evidence(appeal: Appeal, by: Actor, at: datetime = NOON, **fields: Any) -> Appeal:
    """Send the case back for one item."""
    given = {
        "reason_code": policies.reasons(appeal.policy_version_id, "needs_evidence", appeal.subject_type)[0].code,
        "text_to_party": "揽收底单只显示 1 个运单号，请补充其余订单的揽收清单。",
        "deficiencies": [{"requirement_code": asked_for(appeal), "problem": "incomplete", "note": "缺 11 笔"}],
    }
    appeals.actions.ask_for_evidence(appeal, a_seat(appeal, by, at), by=by, at=at, **given | fields)
    return appeal


def asked_for(appeal: Appeal) -> str:
    """The line of the checklist that these tests find lacking."""
    return "carrier_receipt" if appeal.subject_type == "penalty" else "merchant_1"


def prepare_supplement(appeal: Appeal, by: Actor, at: datetime = NOON) -> Appeal:
    """Attach what was asked for, without sending it."""
    file = bring(a_picture((7, next(_numbers) % 256, 7)), "清单.jpg")
    appeals.actions.attach(appeal, file, requirement=asked_for(appeal), by=by, at=at)
    return appeal


def send_supplement(appeal: Appeal, by: Actor, at: datetime = NOON) -> Appeal:
    """Hand in what is attached."""
    seen = drafts.draft_of(appeal).fingerprint()
    appeals.actions.supplement(appeal, key=secrets.token_urlsafe(12), seen=seen, by=by, at=at)
    return appeal


def supplement(appeal: Appeal, by: Actor, at: datetime = NOON) -> Appeal:
    """Hand in what was asked for."""
    return send_supplement(prepare_supplement(appeal, by, at), by, at)


def a_browser(app: Portal, person: Person | None = None, **settings: str) -> FlaskClient:
    """A browser in which the person is signed in, second factor and all."""
    client = app.test_client()
    if person is not None:
        with client.session_transaction() as kept:
            kept.update({"_user_id": person.fs_uniquifier, "_fresh": True, "fs_cc": "set", **settings})
    return client
