"""Files, exhibits, and the sealed submissions they belong to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import guards
from portal.db import Instant, Key, Model


class StoredFile(Model):
    """One upload; its bytes lie under their SHA-256, once, however often they were uploaded."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(255))
    width: Mapped[int | None]
    height: Mapped[int | None]
    received_at: Mapped[datetime] = mapped_column(Instant)
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Submission(Model):
    """What a party handed in at one moment, sealed: its statement, its answers and the fingerprints of its exhibits.

    `key` is the one-time key of the form, so that a resend finds the first.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("case_type", "case_id", "party", "seq"),
        CheckConstraint("kind IN ('initial', 'supplement', 'rebuttal')", name="kind"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_type: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int]
    party: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int]
    ground_code: Mapped[str | None] = mapped_column(String(64))
    statement: Mapped[str] = mapped_column(Text)
    declarations: Mapped[dict[str, str]] = mapped_column(JSON)
    manifest: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    answers_request_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_request.id"))
    sealed_at: Mapped[datetime] = mapped_column(Instant)
    sealed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class EvidenceItem(Model):
    """One exhibit of one party: a file for one requirement of the checklist. Sealed, it never changes again."""

    __tablename__ = "evidence_item"
    __table_args__ = (
        CheckConstraint("state IN ('staged', 'sealed')", name="state"),
        CheckConstraint("owner_party IN ('merchant', 'buyer', 'platform')", name="owner_party"),
        CheckConstraint("visibility IN ('own', 'both', 'platform')", name="visibility"),
        CheckConstraint("(state = 'sealed') = (sealed_at IS NOT NULL)", name="sealed"),
        Index("ix_evidence_item_case", "case_type", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(24), unique=True)
    case_type: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[int]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    owner_party: Mapped[str] = mapped_column(String(16))
    requirement_code: Mapped[str | None] = mapped_column(String(64))
    exhibit_label: Mapped[str | None] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(255))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(16), default="staged")
    visibility: Mapped[str] = mapped_column(String(16), default="own")
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    sealed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    file: Mapped[StoredFile] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


guards.append_only(StoredFile)
guards.append_only(Submission)
guards.frozen(EvidenceItem, "OLD.state = 'sealed'")
