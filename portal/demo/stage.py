"""The verbs of the demo's cases, done by its people through the portal's own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from portal import appeals, deadlines, evidence, penalties, policies, review
from portal.accounts.models import Person, Shop
from portal.appeals.models import Appeal
from portal.audit import SYSTEM, Actor
from portal.deadlines import Running
from portal.demo.cases import Case
from portal.demo.materials import material
from portal.demo.people import OWNERS, acting
from portal.evidence import Received
from portal.penalties import Finding
from portal.penalties.models import Penalty
from portal.policies import Requirement, Rule
from portal.review.models import Review

VERDICTS = {
    "upheld": "accepted",
    "partially_upheld": "partly",
    "rejected": "rejected",
    "inadmissible": "not_considered",
}
AHEAD = timedelta(days=12)
"""From the announcement of a penalty to its first day in force."""
SOON = timedelta(minutes=50)
SUPPLEMENT = "已按要求换成完整、清晰的版本，请核对。"


class Stage:
    """The shops, the people and the pictures, and the cases as far as they have come."""

    def __init__(
        self, shops: Mapping[str, Shop], people: Mapping[str, Person], pictures: Mapping[str, Received]
    ) -> None:
        self.shops, self.people, self.pictures = shops, people, pictures
        self.penalties: dict[str, Penalty] = {}
        self.appeals: dict[str, Appeal] = {}

    def settle(self, at: datetime) -> None:
        """Let time answer what ran out before this moment, as the sweep would have."""
        ran_out = deadlines.still_due([key for _at, key in deadlines.due(at, 500)], at)
        for (subject_type, kind), batch in groupby(sorted(ran_out, key=_kind), key=_kind):
            deadlines.answer(subject_type, kind).expire(list(batch), at=at)

    def act(self, verb: str, case: Case, at: datetime) -> None:
        """Do one step of a case."""
        getattr(self, verb)(case, at)

    def issue(self, case: Case, at: datetime) -> None:
        """The marketplace states what it found."""
        finding = Finding(
            external_id=f"PN-{at:%Y%m%d}-{case.number}", rule_code=case.rule, facts=case.facts, order_no=case.order_no,
            concerns=case.concerns, amount_minor=case.amount, sanctions=case.sanctions, automated=case.automated,
            effective_at=at + AHEAD if case.scene == "announced" else None,
        )  # fmt: skip
        penalty = penalties.issue(self.shops[case.shop], finding, by=SYSTEM, at=at)
        shown = [(title, self.pictures[name]) for name, title in case.shown]
        if shown:
            penalties.add_evidence(penalty, shown, by=SYSTEM, at=at)
        self.penalties[case.number] = penalty

    def prepare(self, case: Case, at: datetime) -> None:
        """The shop writes; a draft stays half done."""
        by, said, rule = self._owner(case), case.said, self._rule(case)
        assert said is not None
        appeal = self.appeals[case.number] = appeals.actions.start(self.penalties[case.number], by=by, at=at)
        wanted = [one for one in policies.file_requirements(rule) if one.required and one.key not in said.without]
        without = dict(said.without)
        for requirement in wanted[:1] if case.scene in ("draft", "lapsed") else wanted:
            self._attach(appeal, requirement, without, by, at)
        appeals.actions.save(
            appeal,
            ground=said.ground,
            statement=said.statement,
            declarations=without,
            rev=appeal.draft_rev,
            by=by,
            at=at,
        )

    def _attach(self, appeal: Appeal, wanted: Requirement, without: dict[str, str], by: Actor, at: datetime) -> None:
        if "image" in wanted.accept:
            file = self.pictures[material(wanted.key)]
            appeals.actions.attach(appeal, file, requirement=wanted.key, by=by, at=at)
        else:
            without[wanted.key] = "这份文件还在向出具方索取，目前没有。"

    def submit(self, case: Case, at: datetime) -> None:
        """The shop hands in its one appeal."""
        appeal = self.appeals[case.number]
        key, seen = f"demo-{appeal.ref}-{appeal.attempt}", appeals.drafts.draft_of(appeal).fingerprint()
        appeals.actions.submit(appeal, key=key, seen=seen, by=self._owner(case), at=at)

    def claim(self, case: Case, at: datetime) -> Review:
        """A reviewer takes the case."""
        seat = review.open_seat_of("appeal", self.appeals[case.number].id)
        assert seat is not None
        return review.claim(seat, by=self._reviewer(case), at=at)

    def ask(self, case: Case, at: datetime) -> None:
        """The reviewer sends it back for evidence."""
        wanted = case.wanted
        assert wanted is not None
        lacking = [{"requirement_code": key, "problem": problem, "note": note} for key, problem, note in wanted.lacking]
        reasons = policies.reasons(self._version(case), "needs_evidence")
        appeals.actions.ask_for_evidence(
            self.appeals[case.number], self.claim(case, at), reason_code=reasons[0].code, text_to_party=wanted.text,
            deficiencies=lacking, by=self._reviewer(case), at=at,
        )  # fmt: skip

    def supplement(self, case: Case, at: datetime) -> None:
        """The shop hands in what was asked for."""
        appeal, by = self.appeals[case.number], self._owner(case)
        assert case.wanted is not None
        for key in {key for key, _problem, _note in case.wanted.lacking}:
            appeals.actions.attach(appeal, self.pictures["notice"], requirement=key, by=by, at=at)
        appeals.actions.save_supplement(
            appeal,
            statement="已补充网点盖章的完整清单，每个运单号都能看清。",
            declarations={},
            rev=appeal.draft_rev,
            by=by,
            at=at,
        )
        key, seen = f"demo-{appeal.ref}-{appeal.attempt}", appeals.drafts.draft_of(appeal).fingerprint()
        appeals.actions.supplement(appeal, key=key, seen=seen, by=by, at=at)

    def decide(self, case: Case, at: datetime) -> None:
        """The reviewer rules on it; where two must, a senior reviewer agrees soon, unless that is still to come."""
        appeal, verdict = self.appeals[case.number], self._verdict(case)
        decision = appeals.actions.decide(appeal, self.claim(case, at), verdict=verdict, by=self._reviewer(case), at=at)
        if decision is None and case.scene == "decided":
            seat, senior = review.open_seat_of("appeal", appeal.id), acting(self.people["senior"], "senior_reviewer")
            assert seat is not None
            review.claim(seat, by=senior, at=at + SOON)
            appeals.actions.decide(appeal, seat, verdict=verdict, by=senior, at=at + SOON)

    def withdraw(self, case: Case, at: datetime) -> None:
        """The shop takes its appeal back."""
        appeals.actions.withdraw(self.appeals[case.number], by=self._owner(case), at=at)

    def revoke(self, case: Case, at: datetime) -> None:
        """The marketplace takes its penalty back."""
        reason = "同一问题重复开单，本单收回。"
        appeals.actions.revoke(self.penalties[case.number], reason=reason, by=SYSTEM, at=at)

    def executed(self, case: Case, at: datetime) -> None:
        """The marketplace has carried out what was decided."""
        penalties.executed(self.penalties[case.number], by=SYSTEM, at=at)

    def _verdict(self, case: Case) -> review.Verdict:
        ruled, appeal = case.ruled, self.appeals[case.number]
        assert ruled is not None
        reason = policies.reason(self._version(case), ruled.reason)
        items = evidence.items_of("appeal", appeal.id, party="merchant", state="sealed")
        return review.Verdict(
            outcome=ruled.outcome,
            reason_code=ruled.reason,
            findings=ruled.findings,
            text_to_party=reason.text.zh.format_map(dict(ruled.blanks)),
            evidence_verdicts=tuple(
                {"evidence": item.ref, "verdict": VERDICTS[ruled.outcome], "note": ""} for item in items
            ),
            measures_result=self._results(case) if ruled.outcome == "partially_upheld" else (),
        )

    def _results(self, case: Case) -> tuple[dict[str, Any], ...]:
        ruled = case.ruled
        assert ruled is not None
        return tuple(
            {
                "measure_id": measure.id,
                "kind": measure.kind,
                "result": "reduce" if measure.kind == "fine" else "keep",
                "params": {"amount_minor": ruled.reduced_to} if measure.kind == "fine" else {},
            }
            for measure in self.penalties[case.number].measures
        )

    def _rule(self, case: Case) -> Rule:
        return policies.rule(self._version(case), case.rule)

    def _version(self, case: Case) -> int:
        return self.penalties[case.number].policy_version_id

    def _owner(self, case: Case) -> Actor:
        shop = self.shops[case.shop]
        return acting(self.people[OWNERS[case.shop]], "merchant_owner", shop)

    def _reviewer(self, case: Case) -> Actor:
        role = "senior_reviewer" if case.reviewer == "senior" else "reviewer"
        return acting(self.people[case.reviewer], role)


def _kind(deadline: Running) -> tuple[str, str]:
    return deadline.subject_type, deadline.kind
