"""What binds an after-sales case: its windows, what silence means, and the reasons on both sides. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.policies.reading import Bilingual, Node, Text
from portal.policies.spec import Spec

KINDS = ("refund_only", "return_refund", "exchange", "reship", "repair", "compensation")
WINDOWS = (
    "merchant_response",
    "offer_answer",
    "negotiation",
    "escalate",
    "buyer_return",
    "delivery_watch",
    "inspection",
    "ship",
    "execute",
)
LATER = ("execute",)
"""Windows that a version published before they were thought of doesn't have; then it is a day."""
A_DAY = Spec("elapsed", 24)
SILENCE = ("refund_pending", "in_arbitration")
SIDES = ("buyer", "merchant")


@dataclass(frozen=True, slots=True)
class Cause(Bilingual):
    """Why a buyer wants something, for which kinds of request, who must prove it, and with what."""

    code: str
    name: Text
    applies_to: tuple[str, ...]
    burden_of_proof: str
    buyer_evidence: Text
    merchant_evidence: Text
    requirements: Mapping[str, tuple["Line", ...]]


@dataclass(frozen=True, slots=True)
class Line(Bilingual):
    """One thing that helps a side to prove its point."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Refusal(Bilingual):
    """Why a merchant refuses."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class AfterSales:
    """The after-sales part of a policy.

    `on_merchant_silence` says where a case goes whose merchant let the time pass; `refusals_with_evidence` are the
    refusals that need an exhibit.
    """

    windows: Mapping[str, Spec]
    on_merchant_silence: str
    refusals_with_evidence: tuple[str, ...]
    statement_max: int
    max_files: int


def read(node: Node, refusals: Collection[str]) -> AfterSales:
    """The after-sales part in this file; raises `BadFileError`."""
    node.only(("windows", "on_merchant_silence", "refusals_with_evidence", "statement_max", "max_files"))
    windows = node["windows"].only(tuple(kind for kind in WINDOWS if kind not in LATER), LATER)
    return AfterSales(
        windows={kind: windows[kind].window() if kind in windows else A_DAY for kind in WINDOWS},
        on_merchant_silence=node["on_merchant_silence"].one_of(SILENCE),
        refusals_with_evidence=node["refusals_with_evidence"].some_of(refusals),
        statement_max=node["statement_max"].whole(100, 20_000),
        max_files=node["max_files"].whole(1, 200),
    )


def cause(node: Node) -> Cause:
    """One reason of a buyer."""
    words = ("buyer_evidence", "merchant_evidence")
    node.only(("code", "name", "applies_to", "burden_of_proof", *words), ("requirements",))
    return Cause(
        code=node["code"].text(),
        name=node["name"].words(),
        applies_to=node["applies_to"].some_of(KINDS),
        burden_of_proof=node["burden_of_proof"].one_of(SIDES),
        buyer_evidence=node["buyer_evidence"].words(),
        merchant_evidence=node["merchant_evidence"].words(),
        requirements={side: _lines(node, side) for side in SIDES},
    )


def _lines(node: Node, side: str) -> tuple[Line, ...]:
    """What is asked of a side, thing by thing; a version from before they were told apart has them in one sentence."""
    if "requirements" not in node:
        return (Line(f"{side}_1", node[f"{side}_evidence"].words()),)
    listed = node["requirements"].only(SIDES)[side].each()
    return tuple(Line(f"{side}_{number}", entry.words()) for number, entry in enumerate(listed, 1))


def refusal(node: Node) -> Refusal:
    """One reason of a merchant to refuse."""
    node.only(("code", "name"))
    return Refusal(node["code"].text(), node["name"].words())
