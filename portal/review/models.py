"""The reviewer's seats and what they decide, whatever the case type."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal import guards
from portal.db import Instant, Key, Model, only
from portal.review.drafts import mark_of

OPEN = "state IN ('queued', 'claimed')"
OUTCOMES = ("upheld", "partially_upheld", "rejected", "inadmissible", "closed_timeout")


class Review(Model):
    """A seat: one person's look at one attempt of a case; it carries what the queue shows, so that reads one table."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("case_type", "case_id", "attempt", "seat"),
        CheckConstraint("seat IN ('primary', 'second', 'tiebreak', 'blind')", name="seat"),
        CheckConstraint("state IN ('queued', 'claimed', 'concluded', 'cancelled')", name="state"),
        CheckConstraint(
            "(state = 'claimed') = (claimed_by IS NOT NULL AND lease_until IS NOT NULL AND concluded_at IS NULL)",
            name="claimed",
        ),
        Index("ix_review_open", "due_at", "id", **only(OPEN)),
        Index("ix_review_mine", "claimed_by", "due_at", "id", **only("state = 'claimed'")),
        Index("ix_review_second", "due_at", "id", **only(f"{OPEN} AND seat <> 'primary'")),
        Index("ix_review_done", "concluded_by", "concluded_at", **only("state = 'concluded'")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_type: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int]
    case_ref: Mapped[str] = mapped_column(String(40), index=True)
    attempt: Mapped[int]
    seat: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    title_code: Mapped[str] = mapped_column(String(64))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    shop_name: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    exhibits: Mapped[str] = mapped_column(String(16), default="")
    due_at: Mapped[datetime] = mapped_column(Instant)
    barred: Mapped[list[int]] = mapped_column(JSON)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    concluded_at: Mapped[datetime | None] = mapped_column(Instant)
    concluded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def draft_mark(self) -> str:
        """By which a window names the words that it goes on from."""
        return mark_of(self.draft)


class Decision(Model):
    """What was decided, why, and what follows; written once.

    `terms` is what a case type decides beside the outcome, in its own words (a ruling's liability and amounts), `texts`
    what is said to further parties than the first; both null where there is none.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("case_type", "case_id", "round"),
        CheckConstraint("length(findings) >= 40", name="findings"),
        CheckConstraint("automated IN ('none', 'assisted', 'full')", name="automated"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_type: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int]
    case_ref: Mapped[str] = mapped_column(String(40))
    round: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(String(32))
    reason_code: Mapped[str] = mapped_column(String(32))
    findings: Mapped[str] = mapped_column(Text)
    text_to_party: Mapped[str] = mapped_column(Text)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    evidence_verdicts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    measures_result: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    texts: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    automated: Mapped[str] = mapped_column(String(16), default="none")
    redress: Mapped[list[str]] = mapped_column(JSON)
    locale: Mapped[str] = mapped_column(String(8))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    sha256: Mapped[str] = mapped_column(String(64))


class EvidenceRequest(Model):
    """What a reviewer found lacking, per requirement; the case stays open until it is answered or its time is over."""

    __tablename__ = "evidence_request"
    __table_args__ = (UniqueConstraint("case_type", "case_id", "party", "round"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_type: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int]
    party: Mapped[str] = mapped_column(String(16))
    round: Mapped[int]
    reason_code: Mapped[str] = mapped_column(String(32))
    text_to_party: Mapped[str] = mapped_column(Text)
    deficiencies: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))


guards.append_only(Decision)
guards.append_only(EvidenceRequest)
guards.refuse(Review, "no_delete", "BEFORE DELETE")
guards.tally(Review, "open", scope="'queue'", count="'open'", when="@.state IN ('queued', 'claimed')", columns="state")
