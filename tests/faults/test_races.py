"""Everybody at once: one appeal, one outcome, and everybody is told which."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal import Portal, audit
from portal.accounts.models import Person
from portal.appeals import drafts
from portal.appeals.models import Appeal
from portal.db import db, end_reading, session, unit_of_work
from portal.evidence.models import Submission
from portal.messages.models import Notice
from portal.refusals import Overtaken, Refused
from tests import make
from tests.conftest import Clock, SignIn

AT_ONCE = 50


def all_at_once(app: Portal, acts: list[Callable[[], object]]) -> list[object]:
    """Run each act in a thread of its own, all from one starting line; what each gave or raised."""
    line, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        with app.app_context():
            line.wait()
            try:
                results[number] = acts[number]()
            except (Refused, Overtaken) as why:
                results[number] = why.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    end_reading()
    return results


@pytest.fixture
def draft(app: Portal, now: Clock) -> tuple[int, str, str, Person]:
    """A complete draft, and the merchant who owns it."""
    app.config["WTF_CSRF_ENABLED"] = False
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.a_person("merchant_owner", shop)
        appeal = make.a_draft(make.a_penalty(shop, now.at), make.actor(merchant, shop), now.at)
        given = appeal.id, appeal.ref, drafts.draft_of(appeal).fingerprint(), merchant
    yield given
    app.config["WTF_CSRF_ENABLED"] = True


def send(browser: FlaskClient, ref: str, seen: str, key: str) -> tuple[int, str]:
    answer = browser.post(f"/appeals/{ref}/submission", data={"accurate": "y", "once": "y", "key": key, "seen": seen})
    return answer.status_code, answer.headers.get("Location", "")


def test_fifty_submits_at_once_make_one_appeal_and_all_are_shown_it(
    app: Portal, draft: tuple[int, str, str, Person], browser: SignIn
) -> None:
    _key, ref, seen, merchant = draft
    browsers = [browser(merchant) for _ in range(AT_ONCE)]
    sent = all_at_once(app, [lambda b=b, n=n: send(b, ref, seen, f"key-{n}") for n, b in enumerate(browsers)])
    assert Counter(sent) == {(303, f"/appeals/{ref}/receipt"): 1, (303, f"/appeals/{ref}"): AT_ONCE - 1}
    assert session().scalar(select(func.count()).select_from(Appeal)) == 1
    assert session().scalar(select(func.count()).select_from(Submission)) == 1
    assert session().scalar(select(func.count()).where(Notice.template == "appeal.submitted")) == 1
    assert [event.action for event in audit.timeline(ref)].count("appeal.submitted") == 1


def test_the_same_form_sent_twice_shows_the_same_receipt(
    app: Portal, draft: tuple[int, str, str, Person], browser: SignIn
) -> None:
    _key, ref, seen, merchant = draft
    sent = [send(browser(merchant), ref, seen, "one-key") for _ in range(2)]
    assert sent == [(303, f"/appeals/{ref}/receipt")] * 2


def test_starting_in_two_tabs_gives_one_draft(app: Portal, now: Clock, browser: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with unit_of_work():
        shop = make.a_shop()
        merchant = make.a_person("merchant_owner", shop)
        ref = make.a_penalty(shop, now.at).ref
    tabs = [browser(merchant) for _ in range(8)]
    went = all_at_once(app, [lambda b=b: b.post(f"/appeals/of/{ref}").headers["Location"] for b in tabs])
    app.config["WTF_CSRF_ENABLED"] = True
    assert len(set(went)) == 1


def test_nobody_submits_once_the_window_is_over(
    app: Portal, draft: tuple[int, str, str, Person], browser: SignIn, now: Clock
) -> None:
    _key, ref, seen, merchant = draft
    now.at = now.at + timedelta(days=8)
    status, _ = send(browser(merchant), ref, seen, "late")
    assert status == 409
    session().expire_all()
    assert session().scalar(select(Appeal.status)) == "draft"
