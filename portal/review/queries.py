"""Which seats, decisions and requests."""

from sqlalchemy import select

from portal.accounts.models import Membership, Person
from portal.db import session
from portal.review.lifecycle import OPEN_STATES
from portal.review.models import Decision, EvidenceRequest, Review


def open_seat_of(case_type: str, case_id: int) -> Review | None:
    """The seat of this case that waits for a verdict."""
    ask = select(Review).where(Review.case_type == case_type, Review.case_id == case_id)
    return session().scalar(ask.where(Review.state.in_(OPEN_STATES)).order_by(Review.id.desc()).limit(1))


def last_seat_of(case_type: str, case_id: int, seen: int = 0) -> Review | None:
    """The newest seat of this case, or the one of it that was `seen`, by its key; whatever became of it."""
    ask = select(Review).where(Review.case_type == case_type, Review.case_id == case_id)
    return session().scalar(ask.order_by((Review.id == seen).desc(), Review.id.desc()).limit(1))


def seat_of(case_type: str, case_id: int, *, attempt: int, seat: str) -> Review:
    """This very seat, which must exist."""
    ask = select(Review).where(Review.case_type == case_type, Review.case_id == case_id)
    return session().scalars(ask.where(Review.attempt == attempt, Review.seat == seat)).one()


def deciders_of(case_type: str, case_id: int) -> set[int]:
    """Everybody who gave a verdict in this case."""
    ask = select(Review.concluded_by).where(Review.case_type == case_type, Review.case_id == case_id)
    found = session().scalars(ask.where(Review.state == "concluded", Review.verdict.is_not(None)))
    return {person for person in found if person is not None}


def seated_in(case_type: str, case_id: int) -> set[int]:
    """Everybody who had a part in judging this case: who gave a verdict in it, or asked a party for more."""
    ask = select(Review.concluded_by).where(Review.case_type == case_type, Review.case_id == case_id)
    found = session().scalars(ask.where(Review.state == "concluded"))
    return {person for person in found if person is not None}


def decisions_of(case_type: str, case_id: int) -> list[Decision]:
    """The decisions of a case, the one that counts first."""
    ask = select(Decision).where(Decision.case_type == case_type, Decision.case_id == case_id)
    return list(session().scalars(ask.order_by(Decision.round.desc())))


def requests_of(case_type: str, case_id: int) -> list[EvidenceRequest]:
    """What parties were asked for, newest first."""
    ask = select(EvidenceRequest).where(EvidenceRequest.case_type == case_type, EvidenceRequest.case_id == case_id)
    return list(session().scalars(ask.order_by(EvidenceRequest.round.desc(), EvidenceRequest.id.desc())))


def latest_request(case_type: str, case_id: int, party: str = "merchant") -> EvidenceRequest | None:
    """What this party was asked for last."""
    ask = select(EvidenceRequest).where(EvidenceRequest.case_type == case_type, EvidenceRequest.case_id == case_id)
    ask = ask.where(EvidenceRequest.party == party)
    return session().scalar(ask.order_by(EvidenceRequest.round.desc()).limit(1))


def belongs(person_id: int, shop_id: int) -> bool:
    """Whether the person is or was a member of the shop."""
    ask = select(Membership.id).where(Membership.person_id == person_id, Membership.shop_id == shop_id)
    return session().scalar(ask.limit(1)) is not None


def name_of(person_id: int | None) -> str:
    """What the person is called; nothing for nobody."""
    return session().scalar(select(Person.name).where(Person.id == person_id)) or ""
