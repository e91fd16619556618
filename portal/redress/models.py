"""What a party filed after the last word, and what somebody above the platform decided: rows beside their case."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal import guards
from portal.db import Instant, Key, Model, only
from portal.redress.lifecycle import AUTHORITIES, CHANGES, FOUND, PARTIES, SHOWN

CASES = ("appeal", "arbitration")


def _among(column: str, options: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(option) for option in options)})"


class AboutCase:
    """The case that a row is about: `case_ref` is its own number, `shown_ref` the one the parties know it by."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    case_type: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int]
    case_ref: Mapped[str] = mapped_column(String(24))
    shown_ref: Mapped[str] = mapped_column(String(24))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        """Two who change the same row: the second is told."""
        return {"version_id_col": cls.version}


class Awaited(AboutCase):
    """Something that a party filed, and that the platform owes one answer to until `due_at`."""

    party: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    status: Mapped[str] = mapped_column(String(16), default="open")
    filed_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    overdue: Mapped[bool] = mapped_column(default=False)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)

    way: ClassVar[str]
    found_words: ClassVar[str]
    """Which way after the last word it is, and of which kind the words for `found` are."""


class Complaint(Awaited, Model):
    """A party's complaint (投诉) about how its case was handled: a small case of its own, with its own history."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(_among("case_type", CASES), name="case_type"),
        CheckConstraint(_among("party", PARTIES), name="party"),
        CheckConstraint("status IN ('open', 'answered')", name="status"),
        CheckConstraint(_among("outcome", FOUND), name="outcome"),
        CheckConstraint("length(statement) >= 20", name="statement"),
        CheckConstraint(
            "(status = 'answered') = (outcome IS NOT NULL AND answered_at IS NOT NULL AND answer IS NOT NULL "
            "AND length(answer) >= 40)",
            name="answered",
        ),
        CheckConstraint("(status = 'answered') = (due_at IS NULL)", name="due_at"),
        Index("uq_complaint_open", "case_type", "case_id", "party", unique=True, **only("status = 'open'")),
        Index("ix_complaint_case", "case_type", "case_id", "id"),
        Index("ix_complaint_due", "due_at", "id", **only("status = 'open'")),
        Index("ix_complaint_answered", "answered_at", "id", **only("status <> 'open'")),
    )

    statement: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(Text)

    way, found_words = "complaint", "complaint.outcome"

    @property
    def said(self) -> str:
        """What the party wrote."""
        return self.statement

    @property
    def found(self) -> str:
        """What was found, as a code; empty while it waits."""
        return self.outcome or ""

    @property
    def told(self) -> str:
        """The answer, with its reasons; empty while it waits."""
        return self.answer or ""


class DisclosureRequest(Awaited, Model):
    """What a party asks to be shown of what its decision relied on, once; and the reasoned answer.

    `exhibits` are the files named in the answer, `{ref, label, title, party}` each; `rules` the codes of the rules.
    """

    __tablename__ = "disclosure_request"
    __table_args__ = (
        UniqueConstraint("case_type", "case_id", "party"),
        CheckConstraint(_among("case_type", CASES), name="case_type"),
        CheckConstraint(_among("party", PARTIES), name="party"),
        CheckConstraint(_among("status", ("open", *SHOWN)), name="status"),
        CheckConstraint("length(asked) >= 10", name="asked"),
        CheckConstraint(
            "(status <> 'open') = (answered_at IS NOT NULL AND reason IS NOT NULL AND length(reason) >= 20)",
            name="answered",
        ),
        CheckConstraint("(status <> 'open') = (due_at IS NULL)", name="due_at"),
        Index("ix_disclosure_request_due", "due_at", "id", **only("status = 'open'")),
        Index("ix_disclosure_request_answered", "answered_at", "id", **only("status <> 'open'")),
    )

    asked: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    exhibits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    rules: Mapped[list[str]] = mapped_column(JSON)

    way, found_words = "disclosure", "disclosure.status"

    @property
    def said(self) -> str:
        """What the party wrote."""
        return self.asked

    @property
    def found(self) -> str:
        """What was granted, as a code; empty while it waits."""
        return self.status if self.status in SHOWN else ""

    @property
    def told(self) -> str:
        """The answer, with its reasons; empty while it waits."""
        return self.reason or ""


class OverrideRecord(AboutCase, Model):
    """What a court or an authority decided above a case, or the platform's own error: proposed by one, confirmed by
    another person, with the document. It never edits a decision; `results` is what becomes of each measure.
    """

    __tablename__ = "override_record"
    __table_args__ = (
        CheckConstraint(_among("case_type", CASES), name="case_type"),
        CheckConstraint(_among("authority", AUTHORITIES), name="authority"),
        CheckConstraint(_among("change", CHANGES), name="change"),
        CheckConstraint("status IN ('proposed', 'confirmed', 'declined')", name="status"),
        CheckConstraint("length(effect) >= 20", name="effect"),
        CheckConstraint("(status = 'proposed') = (closed_at IS NULL AND closed_by IS NULL)", name="closed"),
        CheckConstraint("status <> 'confirmed' OR document_ref IS NOT NULL", name="document"),
        CheckConstraint("status <> 'confirmed' OR closed_by <> proposed_by", name="two_people"),
        Index("uq_override_record_open", "case_type", "case_id", unique=True, **only("status = 'proposed'")),
        Index("ix_override_record_case", "case_type", "case_id", "id"),
        Index("ix_override_record_proposed", "proposed_at", "id", **only("status = 'proposed'")),
        Index("ix_override_record_closed", "closed_at", "id", **only("status <> 'proposed'")),
    )

    authority: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(120))
    effect: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(String(16))
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    document_ref: Mapped[str | None] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(String(16), default="proposed")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


guards.frozen(Complaint, "OLD.status = 'answered'")
guards.refuse(Complaint, "no_delete", "BEFORE DELETE")
guards.refuse(Complaint, "words_stay", "BEFORE UPDATE", "NEW.statement IS DISTINCT FROM OLD.statement")
guards.frozen(DisclosureRequest, "OLD.status <> 'open'")
guards.refuse(DisclosureRequest, "no_delete", "BEFORE DELETE")
guards.refuse(DisclosureRequest, "words_stay", "BEFORE UPDATE", "NEW.asked IS DISTINCT FROM OLD.asked")
guards.frozen(OverrideRecord, "OLD.status <> 'proposed'")
guards.refuse(OverrideRecord, "no_delete", "BEFORE DELETE")
guards.refuse(
    OverrideRecord,
    "proposal_stays",
    "BEFORE UPDATE",
    "NEW.effect IS DISTINCT FROM OLD.effect OR NEW.change IS DISTINCT FROM OLD.change "
    "OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR (OLD.document_ref IS NOT NULL "
    "AND NEW.document_ref IS DISTINCT FROM OLD.document_ref)",
)
