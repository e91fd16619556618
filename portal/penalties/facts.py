"""What the pages of a penalty show, gathered once; templates ask it and nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal import accounts, deadlines, evidence, policies
from portal.db import session
from portal.penalties.filed import Filed, appeals_against
from portal.penalties.models import Penalty
from portal.policies import Rule
from portal.policies.models import PolicyVersion


def rule_of(penalty: Penalty) -> Rule:
    """The rule as it was when the penalty was notified, else as the portal first had it."""
    return policies.rule(penalty.policy_version_id, penalty.rule_code)


def of_penalty(penalty: Penalty, at: datetime) -> dict[str, Any]:
    """The page of one penalty, as its shop sees it at this instant."""
    clock = "file_again" if penalty.appeal_rights_used else "file_appeal"
    deadline = deadlines.latest("penalty", penalty.id, clock) or deadlines.latest("penalty", penalty.id, "file_appeal")
    return {
        "penalty": penalty,
        "rule": rule_of(penalty),
        "policy": policies.body(penalty.policy_version_id),
        "version": session().get_one(PolicyVersion, penalty.policy_version_id),
        "exhibits": evidence.items_of("penalty", penalty.id, party="platform", state="sealed"),
        "deadline": deadline,
        "days": deadlines.explanation(deadline) if deadline else (),
        **_filed(appeals_against(penalty)),
        "can_file": penalty.is_open(at) and accounts.may("write"),
        "now": at,
    }


def _filed(all_of_them: Sequence[Filed]) -> dict[str, Filed | None]:
    """The last appeal there is, draft or not, and the last one that was sent."""
    sent = [one for one in all_of_them if one.status != "draft" and one.outcome != "lapsed"]
    return {"filed": all_of_them[-1] if all_of_them else None, "sent": sent[-1] if sent else None}
