"""What a merchant is told when it is too late, or when they press twice."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from portal import Portal, appeals, text
from portal.accounts.models import Shop
from portal.appeals import drafts
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from portal.refusals import Refused
from tests import make
from tests.reading import Visitor

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def shop(app: Portal) -> Shop:
    """A shop."""
    with unit_of_work():
        return make.a_shop()


@pytest.fixture
def penalty(shop: Shop) -> Penalty:
    """A penalty that can be appealed for some days."""
    with unit_of_work():
        return make.a_penalty(shop)


def owner_of(app: Portal, shop: Shop) -> Visitor:
    """The owner of its shop, at a browser without scripts."""
    with unit_of_work():
        person = make.a_person(shop=shop)
    return Visitor(app, person, htmx=False)


def test_the_refusal_names_the_day_that_the_page_names(app: Portal, shop: Shop, penalty: Penalty) -> None:
    assert "3月9日 星期一 24:00" in owner_of(app, shop).open(f"/penalties/{penalty.ref}").text
    late = penalty.due_at
    assert late is not None
    with pytest.raises(Refused) as refused, unit_of_work():
        appeals.actions.start(penalty, by=make.actor(make.a_person(shop=shop), shop), at=late)
    with force_locale("zh_Hans_CN"):
        told = text.sentence(refused.value.code, refused.value.params)
    assert told.startswith("申诉截止时间是 2026年3月9日 星期一 24:00，")


def test_a_withdrawal_sent_twice_is_one(app: Portal, shop: Shop, penalty: Penalty) -> None:
    visitor = owner_of(app, shop)
    with unit_of_work():
        by = make.actor(make.a_person(shop=shop), shop)
        appeal = make.file_it(make.a_draft(penalty, by), by)
    url = f"/appeals/{appeal.ref}/withdrawal"
    form = visitor.open(url).page.one("form", action=url)
    fields = visitor.fields(form) | {"sure": "y"}
    answers = [visitor.client.post(url, data=fields) for _press in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"/appeals/{appeal.ref}")] * 2


def test_messages_name_a_penalty_as_its_page_does(app: Portal, shop: Shop, penalty: Penalty) -> None:
    with unit_of_work():
        by = make.actor(make.a_person(shop=shop), shop)
        appeals.actions.withdraw(make.file_it(make.a_draft(penalty, by), by), by=by, at=make.NOON)
    end_reading()
    told = session().scalars(select(Notice.params).where(Notice.template == "appeal.withdrawn")).one()
    assert told["penalty_ref"] == penalty.external_id


def test_a_number_of_another_tab_is_looked_for_there(app: Portal, shop: Shop, penalty: Penalty) -> None:
    visitor = owner_of(app, shop)
    with unit_of_work():
        by = make.actor(make.a_person(shop=shop), shop)
        appeal = make.file_it(make.a_draft(penalty, by), by)
    page = visitor.open(f"/appeals?q={appeal.ref}")
    assert appeal.ref not in page.text
    assert appeal.ref in page.follow("到“审核中”里查找").text


def test_a_file_moved_to_another_slot_is_not_what_was_checked(shop: Shop, penalty: Penalty) -> None:
    with unit_of_work():
        draft = make.a_draft(penalty, make.actor(make.a_person(shop=shop), shop))
        seen = drafts.draft_of(draft).fingerprint()
        moved = drafts.staged(draft)[0]
        moved.requirement_code = f"not {moved.requirement_code}"
        session().flush()
        assert drafts.draft_of(draft).fingerprint() != seen
        session().rollback()
