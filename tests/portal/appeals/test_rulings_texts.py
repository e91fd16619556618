"""The words to the buyer in the form of a ruling's appeal: theirs alone, in their language, as the reason has them."""

import pytest

from portal import Portal, policies
from portal.appeals import panel, ruling_forms
from portal.arbitration.models import Arbitration
from portal.db import session, unit_of_work
from portal.review import Verdict
from tests import make, rulings
from tests.make import NOON
from tests.portal.arbitration.conftest import Court, a_court


@pytest.fixture
def court(sqlite_app: Portal) -> Court:
    """A shop and reviewers."""
    with unit_of_work():
        return a_court()


def texts(form: ruling_forms.RulingForm, choice: str) -> tuple[str, str]:
    """What stands in both texts."""
    return form.words(choice, "merchant").data, form.words(choice, "buyer").data


def test_each_is_filled_in_with_the_words_of_the_reason_in_its_language(sqlite_app: Portal, court: Court) -> None:
    with unit_of_work():
        appeal = rulings.an_appeal(rulings.lost(court.shop, court.merchant, court.reviewer), court.merchant)
        ruled = session().get_one(Arbitration, appeal.subject_id)
        ruled.after_sale.purchase.buyer.locale = "en"
    reason = policies.reason(appeal.policy_version_id, "R12")
    with sqlite_app.test_request_context():
        matter = panel.matter(appeal, NOON)
        typed = {"outcome": "rejected", "reason_rejected": "R12"}
        form = ruling_forms.ruling_form(matter, typed)
        assert texts(form, "rejected") == ("", "")
        ruling_forms.suggest(form, matter, "rejected")
        assert texts(form, "rejected") == (reason.text.zh, reason.buyer.en)
        own = ruling_forms.ruling_form(matter, typed | {"words_rejected_buyer": "My own words."})
        ruling_forms.suggest(own, matter, "rejected")
        assert texts(own, "rejected") == (reason.text.zh, "My own words.")
        verdict: Verdict = ruling_forms.verdict_of(own, matter)
        assert (verdict.text_to_party, verdict.texts) == (reason.text.zh, {"buyer": "My own words."})
        assert "words_needs_evidence_buyer" not in form


def test_the_appeal_of_a_penalty_has_words_to_the_shop_alone(sqlite_app: Portal, court: Court) -> None:
    with unit_of_work():
        appeal = make.an_appeal(court.shop, court.merchant)
    with sqlite_app.test_request_context():
        matter = panel.matter(appeal, NOON)
        form = ruling_forms.ruling_form(matter, {"outcome": "rejected"})
        assert "words_rejected_buyer" not in form
        assert ruling_forms.verdict_of(form, matter).texts is None
