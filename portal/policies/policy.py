"""The rules of a procedure: windows, limits, second verdicts, redress. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from portal.policies import aftersales, arbitration, catalogue
from portal.policies.aftersales import AfterSales
from portal.policies.arbitration import Arbitrations, RulingReason
from portal.policies.catalogue import PENALTY, Catalogue, Reason, Rule
from portal.policies.reading import Bilingual, Node, Text
from portal.policies.spec import Spec

PARTIES = ("merchant", "platform")
FIELDS = (
    *("code", "name", "jurisdiction", "calendars"),
    "windows",
    "rule_windows",
    "max_appeals",
    "max_supplement_rounds",
    "review_clock",
    "suspensive",
    "on_supplement_timeout",
    "four_eyes",
    "human_review_days",
    "statement",
    "max_files",
    "overdue_remedy",
    "reminders_hours",
    "redress",
)


@dataclass(frozen=True, slots=True)
class FourEyes:
    """When a second person must give a verdict too: above an amount (by currency), or for a kind of measure."""

    amount_minor: Mapping[str, int]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Redress(Bilingual):
    """What else a party may do after the last word."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Policy(Bilingual):
    """One published version of a procedure, with its catalogue.

    `calendars` names the calendar that counts for each party; `human_review_days = 0`: a person decides anyway.
    """

    code: str
    name: Text
    jurisdiction: str
    calendars: Mapping[str, str]
    file_appeal: Spec
    file_again: Spec
    review: Spec
    supplement: Spec
    execute: Spec
    rule_windows: bool
    max_appeals: int
    max_supplement_rounds: int
    review_clock: str
    suspensive: tuple[str, ...]
    on_supplement_timeout: str
    four_eyes: FourEyes
    human_review_days: int
    statement_min: int
    statement_max: int
    max_files: int
    overdue_remedy: str
    reminders_hours: tuple[int, ...]
    redress: tuple[Redress, ...]
    catalogue: Catalogue
    aftersales: AfterSales | None = None
    arbitration: Arbitrations = field(default_factory=Arbitrations)

    @property
    def closes_by_itself(self) -> bool:
        """Whether an appeal closes when what was asked for has not come; else a person decides on what is there."""
        return self.on_supplement_timeout == "closed_timeout"

    def filing(self, rule: Rule, round_no: int = 1) -> Spec:
        """The window to file: the rule's own for the first, where the policy lets it count; else the policy's."""
        own = rule.appeal_window if self.rule_windows else None
        return self.file_again if round_no > 1 else own or self.file_appeal

    def calendar(self, party: str) -> str:
        """The code of the calendar by which this party's time is counted; a buyer's is the merchant's."""
        return self.calendars["platform" if party == "platform" else "merchant"]

    def reasons(self, outcome: str, subject: str = PENALTY) -> tuple[Reason, ...]:
        """The reasons to choose from for this outcome of an appeal against such a subject."""
        found = (reason for reason in self.catalogue.reasons.values() if reason.outcome == outcome)
        return tuple(reason for reason in found if subject in reason.subjects)

    def rulings(self, ruling: str) -> tuple[RulingReason, ...]:
        """The reasons to choose from for this ruling on a dispute."""
        return tuple(reason for reason in self.catalogue.ruling_reasons.values() if ruling in reason.rulings)

    def needs_second(self, *, amount_minor: int, currency: str, measures: Collection[str], reason: str = "") -> bool:
        """Whether a second person must agree; an amount in a currency without a limit always needs one."""
        listed = self.catalogue.reasons.get(reason) or self.catalogue.ruling_reasons.get(reason)
        return (
            amount_minor > self.four_eyes.amount_minor.get(currency, 0)
            or not set(measures).isdisjoint(self.four_eyes.measures)
            or bool(listed and listed.four_eyes)
        )

    def suspends(self, measure: str) -> bool:
        """Whether filing an appeal holds this kind of measure."""
        return measure in self.suspensive


def read(node: Node, rules: Catalogue) -> Policy:
    """The policy in this file, beside its catalogue; raises `BadFileError`."""
    node.only(FIELDS, ("aftersales", "arbitration"))
    windows = node["windows"].only(("file_appeal", "review", "supplement"), ("file_again", "execute"))
    file_appeal = windows["file_appeal"].window()
    statement = node["statement"].only(("min", "max"))
    statement_max = statement["max"].whole(100, 20_000)
    review, clock = windows["review"].window(), node["review_clock"].one_of(("restart", "pause"))
    if clock == "pause" and not review.in_days:
        raise node["review_clock"].wrong("restart, as the review is not counted in days")
    return Policy(
        code=node["code"].text(),
        name=node["name"].words(),
        jurisdiction=node["jurisdiction"].text(),
        calendars={party: node["calendars"].only(PARTIES)[party].text() for party in PARTIES},
        file_appeal=file_appeal,
        file_again=windows["file_again"].window() if "file_again" in windows else file_appeal,
        review=review,
        supplement=windows["supplement"].window(),
        execute=windows["execute"].window() if "execute" in windows else aftersales.A_DAY,
        rule_windows=node["rule_windows"].flag(),
        max_appeals=node["max_appeals"].whole(1, 9),
        max_supplement_rounds=node["max_supplement_rounds"].whole(0, 9),
        review_clock=clock,
        suspensive=node["suspensive"].some_of(rules.measures),
        on_supplement_timeout=node["on_supplement_timeout"].one_of(("closed_timeout", "human_decision")),
        four_eyes=_four_eyes(node["four_eyes"], rules),
        human_review_days=node["human_review_days"].whole(0, 366),
        statement_min=statement["min"].whole(0, statement_max),
        statement_max=statement_max,
        max_files=node["max_files"].whole(1, 200),
        overdue_remedy=node["overdue_remedy"].one_of(("priority", "suspend_measure")),
        reminders_hours=tuple(entry.whole(1, 720) for entry in node["reminders_hours"].each()),
        redress=tuple(_redress(entry) for entry in node["redress"].each()),
        catalogue=rules,
        aftersales=aftersales.read(node["aftersales"], rules.refusals) if "aftersales" in node else None,
        arbitration=arbitration.read(node["arbitration"]) if "arbitration" in node else Arbitrations(),
    )


def of_files(preset: object, preset_name: str, rules: object, rules_name: str) -> Policy:
    """The policy of a preset and a catalogue, each with the name that a complaint shows; raises `BadFileError`."""
    return read(Node(preset, preset_name), catalogue.read(Node(rules, rules_name)))


def of_body(body: Mapping[str, object], source: str) -> Policy:
    """The policy stored in a version: the same reading as of the files, so that nothing unread is ever trusted."""
    return of_files(body["policy"], source, body["catalogue"], source)


def _four_eyes(node: Node, rules: Catalogue) -> FourEyes:
    node.only(("amount_minor", "measures"))
    amounts = {currency: entry.whole(0, 10**12) for currency, entry in node["amount_minor"].entries()}
    return FourEyes(amounts, node["measures"].some_of(rules.measures))


def _redress(node: Node) -> Redress:
    node.only(("code", "zh", "en"))
    return Redress(node["code"].text(), Text(node["zh"].text(), node["en"].text()))
