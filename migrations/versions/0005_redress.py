"""What comes after the last word: complaints, requests to be shown what was relied on, orders from above."""

import sqlalchemy as sa
from alembic import op

import portal.db
from portal.schema import WouldLose

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up one step."""
    op.create_table(
        "complaint",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("case_type", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("shown_ref", sa.String(length=24), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("policy_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("filed_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("due_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'answered') = (due_at IS NULL)", name=op.f("ck_complaint_due_at")),
        sa.CheckConstraint(
            "(status = 'answered') = (outcome IS NOT NULL AND answered_at IS NOT NULL AND answer IS NOT NULL AND length(answer) >= 40)",
            name=op.f("ck_complaint_answered"),
        ),
        sa.CheckConstraint("case_type IN ('appeal', 'arbitration')", name=op.f("ck_complaint_case_type")),
        sa.CheckConstraint("outcome IN ('justified', 'partly', 'unjustified')", name=op.f("ck_complaint_outcome")),
        sa.CheckConstraint("party IN ('merchant', 'buyer')", name=op.f("ck_complaint_party")),
        sa.CheckConstraint("status IN ('open', 'answered')", name=op.f("ck_complaint_status")),
        sa.CheckConstraint("length(statement) >= 20", name=op.f("ck_complaint_statement")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_complaint_answered_by_person")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_complaint_policy_version_id_policy_version")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_complaint_shop_id_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("key", name=op.f("uq_complaint_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_complaint_ref")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        batch_op.create_index(
            "ix_complaint_answered",
            ["answered_at", "id"],
            unique=False,
            sqlite_where=sa.text("status <> 'open'"),
            postgresql_where=sa.text("status <> 'open'"),
        )
        batch_op.create_index("ix_complaint_case", ["case_type", "case_id", "id"], unique=False)
        batch_op.create_index(
            "ix_complaint_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.create_index(
            "uq_complaint_open",
            ["case_type", "case_id", "party"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "disclosure_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("case_type", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("shown_ref", sa.String(length=24), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("party", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("policy_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("filed_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("due_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("exhibits", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status <> 'open') = (answered_at IS NOT NULL AND reason IS NOT NULL AND length(reason) >= 20)",
            name=op.f("ck_disclosure_request_answered"),
        ),
        sa.CheckConstraint("(status <> 'open') = (due_at IS NULL)", name=op.f("ck_disclosure_request_due_at")),
        sa.CheckConstraint("case_type IN ('appeal', 'arbitration')", name=op.f("ck_disclosure_request_case_type")),
        sa.CheckConstraint("party IN ('merchant', 'buyer')", name=op.f("ck_disclosure_request_party")),
        sa.CheckConstraint(
            "status IN ('open', 'granted', 'partly', 'refused')", name=op.f("ck_disclosure_request_status")
        ),
        sa.CheckConstraint("length(asked) >= 10", name=op.f("ck_disclosure_request_asked")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_disclosure_request_answered_by_person")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"],
            ["policy_version.id"],
            name=op.f("fk_disclosure_request_policy_version_id_policy_version"),
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_disclosure_request_shop_id_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_request")),
        sa.UniqueConstraint(
            "case_type", "case_id", "party", name=op.f("uq_disclosure_request_case_type_case_id_party")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_disclosure_request_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_disclosure_request_ref")),
    )
    with op.batch_alter_table("disclosure_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_disclosure_request_answered",
            ["answered_at", "id"],
            unique=False,
            sqlite_where=sa.text("status <> 'open'"),
            postgresql_where=sa.text("status <> 'open'"),
        )
        batch_op.create_index(
            "ix_disclosure_request_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "override_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("case_type", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("case_ref", sa.String(length=24), nullable=False),
        sa.Column("shown_ref", sa.String(length=24), nullable=False),
        sa.Column("shop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("authority", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("change", sa.String(length=16), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("document_ref", sa.String(length=24), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", portal.db.Instant(timezone=True), nullable=False),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", portal.db.Instant(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'proposed') = (closed_at IS NULL AND closed_by IS NULL)", name=op.f("ck_override_record_closed")
        ),
        sa.CheckConstraint(
            "authority IN ('court', 'regulator', 'ods_body', 'platform_error')",
            name=op.f("ck_override_record_authority"),
        ),
        sa.CheckConstraint("case_type IN ('appeal', 'arbitration')", name=op.f("ck_override_record_case_type")),
        sa.CheckConstraint("change IN ('lift', 'reduce', 'reinstate', 'none')", name=op.f("ck_override_record_change")),
        sa.CheckConstraint(
            "status <> 'confirmed' OR closed_by <> proposed_by", name=op.f("ck_override_record_two_people")
        ),
        sa.CheckConstraint(
            "status <> 'confirmed' OR document_ref IS NOT NULL", name=op.f("ck_override_record_document")
        ),
        sa.CheckConstraint("status IN ('proposed', 'confirmed', 'declined')", name=op.f("ck_override_record_status")),
        sa.CheckConstraint("length(effect) >= 20", name=op.f("ck_override_record_effect")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_override_record_closed_by_person")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_override_record_proposed_by_person")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_override_record_shop_id_shop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override_record")),
        sa.UniqueConstraint("ref", name=op.f("uq_override_record_ref")),
    )
    with op.batch_alter_table("override_record", schema=None) as batch_op:
        batch_op.create_index("ix_override_record_case", ["case_type", "case_id", "id"], unique=False)
        batch_op.create_index(
            "ix_override_record_closed",
            ["closed_at", "id"],
            unique=False,
            sqlite_where=sa.text("status <> 'proposed'"),
            postgresql_where=sa.text("status <> 'proposed'"),
        )
        batch_op.create_index(
            "ix_override_record_proposed",
            ["proposed_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )
        batch_op.create_index(
            "uq_override_record_open",
            ["case_type", "case_id"],
            unique=True,
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )


OURS = "subject_type IN ('complaint', 'disclosure')"
HUMAN_REVIEW = "kind = 'human_review' AND state IN ('running', 'paused')"


def downgrade() -> None:
    """Go down one step; the deadlines of what is dropped go too.

    A shop that has the right to a person's look would lose it without a word in the older version: that is refused.
    Such rights that are over stay.
    """
    running = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM deadline WHERE {HUMAN_REVIEW}"))
    if running:
        raise WouldLose(
            f"Version 0005 can't be left: {running} appeals that the system closed alone may still be looked at by a "
            "person, which version 0004 does not know. Wait until each such right was used and answered, or is over."
        )
    op.execute(f"DELETE FROM deadline_extension WHERE deadline_id IN (SELECT id FROM deadline WHERE {OURS})")
    op.execute(f"DELETE FROM deadline WHERE {OURS}")
    op.drop_table("override_record")
    op.drop_table("disclosure_request")
    op.drop_table("complaint")
