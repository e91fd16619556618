"""Which kinds of case are reviewed, and where their pages are: each slice registers its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal import text

Name = Callable[[str], str]
"""What a seat's `title_code` is called, in the reader's language."""


@dataclass(frozen=True, slots=True)
class CaseType:
    """Where a case of this type is looked at and ruled on (endpoints that take `ref`), and what it is called.

    `title` and `kind` give the words for a seat's `title_code`: what it is about, and which kind of case it is.
    """

    panel: str
    rule: str
    title: Name
    kind: Name


CASE_TYPES: dict[str, CaseType] = {}


def register(case_type: str, *, panel: str, rule: str, title: Name | None = None, kind: Name | None = None) -> None:
    """From now on the queue opens cases of this type at `panel`; without more they bear the name of a rule."""
    CASE_TYPES[case_type] = CaseType(
        panel=panel,
        rule=rule,
        title=title or (lambda code: text.word(code, "rule")),
        kind=kind or (lambda _code: text.word(case_type, "review.case")),
    )


def panel_url(case_type: str, ref: str, **more: Any) -> str:
    """Where this case is looked at."""
    return url_for(CASE_TYPES[case_type].panel, ref=ref, **more)


def rule_url(case_type: str, ref: str) -> str:
    """Where a verdict on this case is sent."""
    return url_for(CASE_TYPES[case_type].rule, ref=ref)


def title_of(case_type: str, code: str) -> str:
    """What the case is about, in a few words."""
    return CASE_TYPES[case_type].title(code)


def kind_of(case_type: str, code: str) -> str:
    """Which kind of case it is."""
    return CASE_TYPES[case_type].kind(code)
