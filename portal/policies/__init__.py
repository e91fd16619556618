"""Policies: rules, windows, evidence requirements and reasons; versioned, immutable once published."""

from flask import Flask

from portal.policies import queries, words
from portal.policies.actions import load, shipped
from portal.policies.aftersales import WINDOWS, AfterSales, Cause, Line, Refusal
from portal.policies.arbitration import RULINGS, Arbitrations, RulingReason
from portal.policies.catalogue import Named, Reason, Requirement, Rule
from portal.policies.editions import Edition, Editions, editions
from portal.policies.policy import Policy, Redress
from portal.policies.queries import (
    aftersales,
    arbitration,
    body,
    causes,
    current,
    file_requirements,
    grounds,
    reason,
    reasons,
    rule,
    statement_required,
)
from portal.policies.reading import BadFileError, Node, Text
from portal.policies.spec import Spec

__all__ = [
    "RULINGS",
    "WINDOWS",
    "AfterSales",
    "Arbitrations",
    "BadFileError",
    "Cause",
    "Edition",
    "Editions",
    "Line",
    "Named",
    "Node",
    "Policy",
    "Reason",
    "Redress",
    "Refusal",
    "Requirement",
    "Rule",
    "RulingReason",
    "Spec",
    "Text",
    "aftersales",
    "arbitration",
    "body",
    "causes",
    "current",
    "editions",
    "file_requirements",
    "grounds",
    "init_app",
    "load",
    "reason",
    "reasons",
    "rule",
    "shipped",
    "statement_required",
]


def init_app(app: Flask) -> None:
    """Make room for the versions that will be read, and learn the names of the catalogue."""
    queries.init_app(app)
    words.learn(shipped())
