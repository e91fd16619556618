"""What a penalty can be for, what proves the contrary, and with which words it is decided. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from portal.policies import aftersales, arbitration
from portal.policies.aftersales import Cause, Refusal
from portal.policies.arbitration import RulingReason
from portal.policies.reading import Bilingual, Node, Text
from portal.policies.spec import Spec

STATEMENT = "statement"
COMMON = "common"
SEVERITIES = ("minor", "serious", "critical")
MEDIA = ("image", "pdf", "text", "video")
EFFECTS = ("lift", "lift_and_expunge", "reduce", "keep")
OUTCOMES = ("upheld", "partially_upheld", "rejected", "inadmissible", "closed_timeout", "needs_evidence")
LATER = ("after_sale_reasons", "after_sale_refusals", "ruling_grounds", "ruling_reasons")
PENALTY, RULING = "penalty", "arbitration"
SUBJECTS = (PENALTY, RULING)
"""What an appeal can be against."""
BLANK = re.compile(r"\{(\w+)\}")

Entry = TypeVar("Entry", Cause, Refusal, RulingReason)


@dataclass(frozen=True, slots=True)
class Named(Bilingual):
    """Something with a code for machines and a name for people: a ground, a measure, a category, a problem."""

    code: str
    name: Text


_Names = Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Requirement(Bilingual):
    """One line of the evidence checklist; `accept` says in which forms it may come."""

    key: str
    label: Text
    hint: Text
    required: bool
    accept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule(Bilingual):
    """One type of penalty: the rule in force, what it usually costs, and what an appeal against it needs.

    `appeal_window` is set where this type has a window of its own; `Policy.filing` says which one counts.
    """

    code: str
    name: Text
    category: Named
    severity: str
    points: int
    basis: Text
    text: Text
    usual: Text
    measures: tuple[str, ...]
    appealable: bool
    rectifiable: bool
    appeal_window: Spec | None
    evidence: tuple[Requirement, ...]
    grounds: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Reason(Bilingual):
    """Why an appeal is decided so: `text` is said to the party once its `blanks` are filled in.

    `subjects` are what an appeal must be against for it; `buyer` is said to the other side of a ruling.
    """

    code: str
    outcome: str
    name: Text
    text: Text
    effect: str
    blanks: tuple[str, ...]
    four_eyes: bool
    subjects: tuple[str, ...] = (PENALTY,)
    buyer: Text | None = None

    def said_to(self, party: str, locale: str) -> str:
        """What this party is told in its language; nothing where a version has no words for it."""
        words = self.buyer if party == "buyer" else self.text
        return words.say(locale) if words else ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of the above, by code, in the order of the file."""

    rules: Mapping[str, Rule]
    reasons: Mapping[str, Reason]
    measures: Mapping[str, Named]
    problems: Mapping[str, Named]
    causes: Mapping[str, Cause] = field(default_factory=dict)
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    ruling_grounds: Mapping[str, Named] = field(default_factory=dict)
    ruling_reasons: Mapping[str, RulingReason] = field(default_factory=dict)


def read(node: Node) -> Catalogue:
    """The catalogue in this file; raises `BadFileError`."""
    node.only(("rules", "categories", "grounds", "measures", "reasons", "problems"), LATER)
    categories, measures = _named(node["categories"]), _named(node["measures"])
    grounds = {key: tuple(_named(entry).values()) for key, entry in node["grounds"].entries()}
    node["grounds"].only((COMMON, *categories))
    rules = [_rule(entry, categories, measures, grounds) for entry in node["rules"].each()]
    reasons = [_reason(entry) for entry in node["reasons"].each()]
    _once(node["rules"], [rule.code for rule in rules])
    _once(node["reasons"], [reason.code for reason in reasons])
    return Catalogue(
        rules={rule.code: rule for rule in rules},
        reasons={reason.code: reason for reason in reasons},
        measures=measures,
        problems=_named(node["problems"]),
        causes=_each(node, "after_sale_reasons", aftersales.cause),
        refusals=_each(node, "after_sale_refusals", aftersales.refusal),
        ruling_grounds=_named(node["ruling_grounds"]) if "ruling_grounds" in node else {},
        ruling_reasons=_each(node, "ruling_reasons", arbitration.ruling_reason),
    )


def _each(node: Node, key: str, read_one: Callable[[Node], Entry]) -> dict[str, Entry]:
    """The entries under a key that a version published before it was thought of doesn't have."""
    found = [read_one(entry) for entry in node[key].each()] if key in node else []
    _once(node, [entry.code for entry in found])
    return {entry.code: entry for entry in found}


def _named(node: Node) -> dict[str, Named]:
    entries = [entry.only(("code", "name")) for entry in node.each()]
    named = [Named(entry["code"].text(), entry["name"].words()) for entry in entries]
    _once(node, [entry.code for entry in named])
    return {entry.code: entry for entry in named}


def _rule(node: Node, categories: _Names, measures: _Names, grounds: Mapping[str, tuple[Named, ...]]) -> Rule:
    words = ("name", "basis", "text", "usual")
    facts = ("code", "category", "severity", "points", "measures", "appealable", "rectifiable", "evidence")
    node.only((*words, *facts), ("appeal_window",))
    category = node["category"].one_of(categories)
    evidence = tuple(_requirement(entry) for entry in node["evidence"].each())
    _once(node["evidence"], [requirement.key for requirement in evidence])
    return Rule(
        code=node["code"].text(),
        name=node["name"].words(),
        category=categories[category],
        severity=node["severity"].one_of(SEVERITIES),
        points=node["points"].whole(0, 48),
        basis=node["basis"].words(),
        text=node["text"].words(),
        usual=node["usual"].words(),
        measures=node["measures"].some_of(measures),
        appealable=node["appealable"].flag(),
        rectifiable=node["rectifiable"].flag(),
        appeal_window=node["appeal_window"].window() if "appeal_window" in node else None,
        evidence=evidence,
        grounds=(*grounds.get(category, ()), *grounds[COMMON]),
    )


def _requirement(node: Node) -> Requirement:
    node.only(("key", "label", "hint", "required", "accept"))
    key, accept = node["key"].text(), node["accept"].some_of(MEDIA)
    if (accept == ("text",)) != (key == STATEMENT):
        raise node["accept"].wrong(f"text alone for {STATEMENT!r}, and some kind of file for all others")
    return Requirement(key, node["label"].words(), node["hint"].words(), node["required"].flag(), accept)


def _reason(node: Node) -> Reason:
    node.only(("code", "outcome", "name", "text"), ("effect", "blanks", "four_eyes", "subjects", "buyer"))
    text = node["text"].words()
    blanks = tuple(entry.text() for entry in node["blanks"].each()) if "blanks" in node else ()
    for said in (text.zh, text.en):
        if set(BLANK.findall(said)) != set(blanks):
            raise node["text"].wrong("a text whose blanks are " + (", ".join(blanks) or "none"))
    buyer = node["buyer"].words() if "buyer" in node else None
    if buyer and BLANK.search(buyer.zh + buyer.en):
        raise node["buyer"].wrong("a text without blanks")
    return Reason(
        code=node["code"].text(),
        outcome=node["outcome"].one_of(OUTCOMES),
        name=node["name"].words(),
        text=text,
        effect=node["effect"].one_of(EFFECTS) if "effect" in node else "",
        blanks=blanks,
        four_eyes="four_eyes" in node and node["four_eyes"].flag(),
        subjects=node["subjects"].some_of(SUBJECTS) if "subjects" in node else (PENALTY,),
        buyer=buyer,
    )


def _once(node: Node, codes: list[str]) -> None:
    twice = [code for code in codes if codes.count(code) > 1]
    if twice:
        raise node.wrong(f"each code once; {twice[0]!r} is there twice")
