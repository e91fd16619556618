"""What the platform's finding rests on."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from portal import audit, evidence
from portal.audit import Actor
from portal.db import session
from portal.evidence import Received, Said, Side
from portal.evidence.models import EvidenceItem
from portal.penalties.models import Penalty

MOST = 20


def add_evidence(
    penalty: Penalty, files: Sequence[tuple[str, Received]], *, by: Actor, at: datetime
) -> list[EvidenceItem]:
    """Add files to what the finding rests on, each under its title, and seal them at once; both sides see them."""
    side = Side("penalty", penalty.id, penalty.shop_id, "platform")
    before = evidence.count_of("penalty", penalty.id, "platform", "sealed")
    items = [
        evidence.attach(
            side, file, requirement=None, max_files=MOST, before=before, by=by, at=at, title=title, visibility="both"
        )
        for title, file in files
    ]
    sealed = evidence.seal(side, Said("initial", secrets.token_urlsafe(16)), by=by, at=at)
    session().flush()
    audit.record(
        penalty.ref, "penalty.evidence_added", by=by, at=at, moved=(penalty.status, penalty.status),
        data={"exhibits": len(items), "manifest_sha256": sealed.manifest_sha256},
    )  # fmt: skip
    return items
