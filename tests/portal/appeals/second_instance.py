"""What the tests of appeals of rulings share."""

from sqlalchemy import select

from portal import appeals, arbitration, audit
from portal.appeals.models import Appeal
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from tests import rulings
from tests.portal.arbitration.conftest import Court


def an_appeal(court: Court) -> Appeal:
    """An appeal under review, of a ruling by `court.reviewer`."""
    with unit_of_work():
        return rulings.an_appeal(rulings.lost(court.shop, court.merchant, court.reviewer), court.merchant)


def ruled(appeal: Appeal) -> arbitration.models.Arbitration:
    """The ruling it is against, as it is now."""
    return appeals.subjects.RulingSubject.found(appeal.subject_id).ruled


def fresh(appeal: Appeal) -> Appeal:
    """The row as it is now."""
    end_reading()
    return session().get_one(Appeal, appeal.id)


def told() -> list[str]:
    """Which notices were written to shops and staff, in order."""
    ask = select(Notice.template).where(Notice.recipient.not_like("guest:%"))
    return list(session().scalars(ask.order_by(Notice.id)))


def sound() -> bool:
    """Whether everything that must be true is."""
    end_reading()
    return list(invariants.faults()) == [] and list(audit.faults()) == []
