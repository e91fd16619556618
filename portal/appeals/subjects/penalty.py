"""A penalty as what is appealed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, Self

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import lazyload, load_only

from portal import deadlines, many, penalties, policies, text
from portal.appeals.subjects.checklist import Checklist
from portal.appeals.subjects.subject import Lines, Subject
from portal.audit import SYSTEM, Actor
from portal.db import session
from portal.penalties.models import Penalty
from portal.refusals import Refused
from portal.review import Verdict
from portal.text import localised

FIRST, AGAIN = "file_appeal", "file_again"
"""The windows in which a penalty can be appealed, and, after a decision against the shop, appealed again."""
HELD = (
    Penalty.ref, Penalty.external_id, Penalty.shop_id, Penalty.policy_version_id, Penalty.rule_code, Penalty.reasons,
    Penalty.issuer_id, Penalty.effective_at, Penalty.status, Penalty.appeal_window, Penalty.due_at, Penalty.version,
)  # fmt: skip
"""What the verbs over many appeals read of each penalty."""
SUSPENDABLE = ("notified", "active")


class PenaltySubject(Subject):
    """A penalty, and what becomes of its measures."""

    type, words, endpoint = "penalty", "appeal.of_penalty", "penalties.show"

    def __init__(self, penalty: Penalty) -> None:
        self.penalty = penalty

    @classmethod
    def found(cls, subject_id: int) -> Self:
        """The penalty with this id."""
        return cls(session().get_one(Penalty, subject_id))

    @classmethod
    def locked(cls, ids: Sequence[int]) -> Mapping[int, Self]:
        """These penalties, without their measures and what was written, which are read where they are asked for."""
        ask = select(Penalty).where(many.among(Penalty.id, ids)).options(load_only(*HELD), lazyload(Penalty.measures))
        found = session().scalars(ask.order_by(Penalty.id).with_for_update())
        return {penalty.id: cls(penalty) for penalty in found}

    @classmethod
    def swept(cls, ids: Sequence[int]) -> Mapping[int, Subject]:
        """The same as plain rows, where a closing changes nothing of the penalty."""
        rows = [SweptPenalty._make(row) for row in many.rows(SWEPT, Penalty.id, ids)]
        resting = {row.id: Resting(row) for row in rows if _rests(row)}
        others = [row.id for row in rows if row.id not in resting]
        return {**resting, **(cls.locked(others) if others else {})}

    @classmethod
    def checklist(cls, policy_version_id: int, rule_code: str) -> Checklist:
        """What the rule asks for."""
        rule = policies.rule(policy_version_id, rule_code)
        return Checklist(policies.file_requirements(rule), policies.grounds(rule), policies.statement_required(rule))

    @property
    def id(self) -> int:
        """The id of the penalty."""
        return self.penalty.id

    @property
    def case(self) -> tuple[str, int]:
        """Itself: the platform's evidence is attached to it."""
        return self.type, self.penalty.id

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.penalty.ref

    @property
    def number(self) -> str:
        """The marketplace's number."""
        return self.penalty.external_id

    @property
    def stake(self) -> str:
        """Its amount; where it has none, its measures."""
        return penalties.at_stake(self.penalty)

    @property
    def rule(self) -> str:
        """Where the rule stands, and what it says."""
        rule = policies.rule(self.penalty.policy_version_id, self.penalty.rule_code)
        return str(gettext("%(term)s: %(text)s", term=localised(rule, "basis"), text=localised(rule, "text")))

    def summary(self) -> Lines:
        """Where it stands, and its measures with what became of them."""
        said = [(gettext("Status"), text.word(self.penalty.status, "penalty.status"), "")]
        for measure in self.penalty.measures:
            small = [text.word(measure.effect, "measure.effect")]
            if measure.execution != "none":
                small.append(text.word(measure.execution, "measure.execution"))
            said.append((text.word(measure.kind, "measure"), penalties.measure_words(measure), " · ".join(small)))
        return said

    def row(self) -> dict[str, Any]:
        """What an appeal keeps of it."""
        penalty = self.penalty
        return {
            "shop_id": penalty.shop_id,
            "subject_no": penalty.external_id,
            "concerns": penalty.concerns,
            "rounds_allowed": policies.body(penalty.policy_version_id).max_appeals,
            "rule_code": penalty.rule_code,
            "order_no": penalty.order_no,
            "amount_minor": penalties.amount_left(penalty),
            "currency": penalty.currency,
            "policy_version_id": penalty.policy_version_id,
            "due_at": penalty.due_at,
        }

    def hold(self) -> None:
        """Lock the row; what was read of it stays, and its version says if somebody was faster."""
        session().execute(select(Penalty.id).where(Penalty.id == self.penalty.id).with_for_update())

    def require_open(self, at: datetime) -> None:
        """Refused with `not_appealable`, `window_over` or `window_closed`."""
        if not self.penalty.appealable:
            raise Refused("not_appealable")
        if self.penalty.due_at is None or at >= self.penalty.due_at:
            raise Refused("window_over", due_at=self.penalty.due_at, arrived_at=at)
        if self.penalty.appeal_window != "open":
            raise Refused("window_closed")

    def is_open_again(self) -> bool:
        """Whether the window of another appeal is open."""
        session().refresh(self.penalty, ["appeal_window", "due_at", "appeal_rights_used", "status", "version"])
        return self.penalty.appeal_window == "open"

    @property
    def ran_out(self) -> bool:
        """Whether the last window of another appeal passed without one."""
        last = deadlines.latest("penalty", self.penalty.id, AGAIN)
        return last is not None and last.state == "expired"

    def filed(self, *, by: Actor, at: datetime) -> None:
        """Close the window, and hold what the policy suspends."""
        window = AGAIN if self.penalty.appeal_rights_used else FIRST
        penalties.close_window(self.penalty, at=at)
        self.penalty.appeal_rights_used += 1
        deadlines.meet(deadlines.in_force("penalty", self.penalty.id, window, at=at), at=at)
        policy = policies.body(self.penalty.policy_version_id)
        suspended = [measure for measure in self.penalty.measures if policy.suspends(measure.kind)]
        if suspended and self.penalty.status in SUSPENDABLE:
            penalties.hold(self.penalty, suspended, by=by, at=at)

    def overdue(self, *, at: datetime) -> None:
        """Where the policy says so, the measures rest until somebody has decided."""
        remedy = policies.body(self.penalty.policy_version_id).overdue_remedy
        if remedy == "suspend_measure" and self.penalty.status in SUSPENDABLE:
            penalties.hold(self.penalty, list(self.penalty.measures), by=SYSTEM, at=at)

    def barred(self) -> Collection[int]:
        """Whoever issued it."""
        return () if self.penalty.issuer_id is None else (self.penalty.issuer_id,)

    @property
    def measures(self) -> Collection[str]:
        """The kinds of its measures."""
        return [measure.kind for measure in self.penalty.measures]

    def rules(self) -> list[dict[str, Any]]:
        """The rule that binds the penalty."""
        return _rules(self.penalty)

    def judged(self, verdict: Verdict, *, by: Actor, at: datetime) -> None:
        """Lift it, reduce it, or let it go on."""
        if verdict.outcome == "upheld":
            penalties.lift(self.penalty, by=by, at=at)
        elif verdict.outcome == "partially_upheld":
            penalties.reduce(self.penalty, results=verdict.measures_result, by=by, at=at)
        else:
            self.stands(by=by, at=at)

    def stands(self, *, by: Actor, at: datetime, clock_from: datetime | None = None) -> None:
        """What was suspended goes on."""
        penalties.resume(self.penalty, by=by, at=at)


class SweptPenalty(NamedTuple):
    """What a closing reads of a penalty."""

    id: int
    policy_version_id: int
    rule_code: str
    reasons: dict[str, Any]
    status: str


SWEPT = select(*(getattr(Penalty, name) for name in SweptPenalty._fields)).order_by(Penalty.id).with_for_update()


class Resting(PenaltySubject):
    """A penalty of which nothing is suspended, and against which no other appeal may follow."""

    def __init__(self, row: SweptPenalty) -> None:
        self._row = row

    @cached_property
    def penalty(self) -> Penalty:  # type: ignore[override]
        """The whole of it, if somebody asks."""
        return session().get_one(Penalty, self._row.id)

    def rules(self) -> list[dict[str, Any]]:
        """The rule that binds it."""
        return _rules(self._row)

    def stands(self, *, by: Actor, at: datetime, clock_from: datetime | None = None) -> None:
        """It does."""


def _rests(row: SweptPenalty) -> bool:
    return row.status != "held" and policies.body(row.policy_version_id).max_appeals == 1


def _rules(penalty: Penalty | SweptPenalty) -> list[dict[str, Any]]:
    sha256 = penalty.reasons.get("rule_sha256", "")
    return [{"code": penalty.rule_code, "text_sha256": sha256, "policy": penalty.policy_version_id}]
