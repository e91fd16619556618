"""The versions of one policy: which of them binds what the shop was told of at some instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import session
from portal.policies.catalogue import Rule
from portal.policies.models import PolicyVersion
from portal.policies.policy import Policy
from portal.policies.queries import body
from portal.refusals import Refused


@dataclass(frozen=True, slots=True)
class Edition:
    """One version: its id, since when it is in force, and what it says."""

    id: int
    since: datetime
    policy: Policy

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The types of penalty it knows."""
        return self.policy.catalogue.rules


@dataclass(frozen=True, slots=True)
class Editions:
    """The versions of one policy that were published by some instant, the oldest first; there is at least one."""

    all: tuple[Edition, ...]

    def binding(self, rule_code: str, at: datetime) -> Edition | None:
        """The version in force at this instant if it knows this rule, else the first after it that does.

        A marketplace is older than its portal: of what it told before, the portal's first text is the nearest there is.
        """
        past = [edition for edition in self.all if edition.since <= at]
        return next((one for one in [*past[-1:], *self.all[len(past) :]] if rule_code in one.rules), None)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The types of penalty that the newest one knows."""
        return self.all[-1].rules


def editions(code: str, at: datetime) -> Editions:
    """The versions of this policy published by this instant; refuses a policy of which there is none."""
    ask = select(PolicyVersion.id, PolicyVersion.effective_from).order_by(PolicyVersion.number)
    found = session().execute(ask.where(PolicyVersion.code == code, PolicyVersion.effective_from <= at))
    known = tuple(Edition(key, since, body(key)) for key, since in found)
    if not known:
        raise Refused("no_such_policy", name=code)
    return Editions(known)
