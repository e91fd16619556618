"""What binds an arbitration (退款仲裁) and what comes after it: windows, rounds, reasons, second instance. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.policies.reading import Bilingual, Node, Text
from portal.policies.spec import Spec

PARTIES = ("merchant", "buyer")
RULINGS = (
    "refund_full",
    "refund_partial",
    "return_then_refund",
    "exchange_or_reship",
    "claim_rejected",
    "platform_compensates",
)
WAYS = ("appeal", "re_review")
WINDOWS: Mapping[str, Spec] = {
    "evidence": Spec("calendar_days", 2, roll=True),
    "rebuttal": Spec("working_days", 1),
    "decision": Spec("working_days", 5),
    "supplement": Spec("calendar_days", 3, roll=True),
    "second_instance": Spec("calendar_days", 7, roll=True),
    "disclosure": Spec("working_days", 3),
    "complaint": Spec("working_days", 5),
    "complaint_filing": Spec("calendar_days", 30),
}
"""The windows with their lengths where a policy says nothing, as one from before there were arbitrations."""


@dataclass(frozen=True, slots=True)
class RulingReason(Bilingual):
    """Why a dispute is ruled so: for which rulings, and what is said to each side."""

    code: str
    rulings: tuple[str, ...]
    name: Text
    merchant: Text
    buyer: Text
    four_eyes: bool = False


@dataclass(frozen=True, slots=True)
class Arbitrations:
    """The part of a policy about arbitration and redress.

    `second_instance` says which way each loser has; `penalty_rule` is the type of penalty a ruling may bring with it,
    empty where none may.
    """

    windows: Mapping[str, Spec] = field(default_factory=lambda: WINDOWS)
    second_instance: Mapping[str, str] = field(default_factory=lambda: {"merchant": "appeal", "buyer": "re_review"})
    max_supplement_rounds: int = 1
    statement_max: int = 2000
    max_files: int = 30
    penalty_rule: str = ""


def read(node: Node) -> Arbitrations:
    """The part in this file; raises `BadFileError`."""
    node.only(("windows", "second_instance", "max_supplement_rounds", "statement_max", "max_files"), ("penalty_rule",))
    windows = node["windows"].only((), tuple(WINDOWS))
    ways = node["second_instance"].only(PARTIES)
    return Arbitrations(
        windows={kind: windows[kind].window() if kind in windows else usual for kind, usual in WINDOWS.items()},
        second_instance={party: ways[party].one_of(WAYS) for party in PARTIES},
        max_supplement_rounds=node["max_supplement_rounds"].whole(0, 9),
        statement_max=node["statement_max"].whole(100, 20_000),
        max_files=node["max_files"].whole(1, 200),
        penalty_rule=node["penalty_rule"].text() if "penalty_rule" in node else "",
    )


def ruling_reason(node: Node) -> RulingReason:
    """One reason of a ruling."""
    node.only(("code", "rulings", "name", "merchant", "buyer"), ("four_eyes",))
    return RulingReason(
        code=node["code"].text(),
        rulings=node["rulings"].some_of(RULINGS),
        name=node["name"].words(),
        merchant=node["merchant"].words(),
        buyer=node["buyer"].words(),
        four_eyes="four_eyes" in node and node["four_eyes"].flag(),
    )
