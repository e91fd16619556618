"""Which policy is in force, and what it says. Versions never change, so each is read from the database once."""

from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select

from portal.db import session
from portal.policies import policy
from portal.policies.aftersales import AfterSales, Cause
from portal.policies.arbitration import Arbitrations
from portal.policies.catalogue import PENALTY, STATEMENT, Named, Reason, Requirement, Rule
from portal.policies.models import PolicyVersion
from portal.policies.policy import Policy
from portal.refusals import Refused

READ = "recourse.policies"


def init_app(app: Flask) -> None:
    """Make room for the versions that have been read."""
    app.extensions[READ] = {}


def current(code: str, at: datetime) -> PolicyVersion:
    """The version of this policy in force at this instant; refuses a policy that nobody has published."""
    ask = select(PolicyVersion).where(PolicyVersion.code == code, PolicyVersion.effective_from <= at)
    found = session().scalar(ask.order_by(PolicyVersion.number.desc()).limit(1))
    if found is None:
        raise Refused("no_such_policy", name=code)
    return found


def newest(code: str) -> PolicyVersion | None:
    """The last version published of this policy, in force or not."""
    ask = select(PolicyVersion).where(PolicyVersion.code == code)
    return session().scalar(ask.order_by(PolicyVersion.number.desc()).limit(1))


def body(version_id: int) -> Policy:
    """What this version says."""
    read: dict[int, Policy] = current_app.extensions[READ]
    if version_id not in read:
        version = session().get_one(PolicyVersion, version_id)
        read[version_id] = policy.of_body(version.body, f"{version.code} {version.number}")
    return read[version_id]


def rule(version_id: int, code: str) -> Rule:
    """The type of penalty with this code; refuses one that the version doesn't know."""
    found = body(version_id).catalogue.rules.get(code)
    if found is None:
        raise Refused("no_such_rule", name=code)
    return found


def reason(version_id: int, code: str) -> Reason:
    """The reason with this code; refuses one that the version doesn't know."""
    found = body(version_id).catalogue.reasons.get(code)
    if found is None:
        raise Refused("no_such_reason", name=code)
    return found


def aftersales(version_id: int) -> AfterSales:
    """What binds after-sales; refuses a version of before there were any."""
    found = body(version_id).aftersales
    if found is None:
        raise Refused("no_aftersales")
    return found


def arbitration(version_id: int) -> Arbitrations:
    """What binds an arbitration and what comes after it; the usual, for a version of before there were any."""
    return body(version_id).arbitration


def causes(version_id: int, kind: str) -> tuple[Cause, ...]:
    """The reasons a buyer may give for this kind of request."""
    return tuple(cause for cause in body(version_id).catalogue.causes.values() if kind in cause.applies_to)


def reasons(version_id: int, outcome: str, subject: str = PENALTY) -> tuple[Reason, ...]:
    """The reasons a reviewer may choose from for this outcome (`needs_evidence` asks for evidence)."""
    return body(version_id).reasons(outcome, subject)


def grounds(rule: Rule) -> tuple[Named, ...]:
    """The grounds on which an appeal against this type of penalty can rest: its category's, then the common ones."""
    return rule.grounds


def file_requirements(rule: Rule) -> tuple[Requirement, ...]:
    """The lines of the checklist that are answered with files."""
    return tuple(requirement for requirement in rule.evidence if requirement.key != STATEMENT)


def statement_required(rule: Rule) -> bool:
    """Whether an appeal against this type of penalty must tell what happened."""
    return any(requirement.required for requirement in rule.evidence if requirement.key == STATEMENT)
