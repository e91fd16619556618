"""The fingerprint of a penalty as it was issued, which its first event keeps: pure."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from portal.audit import canonical

SEALED = (
    "shop_id",
    "source",
    "external_id",
    "content_sha256",
    "policy_version_id",
    "rule_code",
    "facts",
    "reasons",
    "automated",
    "issuer_id",
    "order_no",
    "concerns",
    "amount_minor",
    "currency",
    "points",
    "notified_at",
    "effective_at",
    "imported_at",
    "appealable",
)
"""The columns that stay as they were issued."""


def facts_sha256(row: Mapping[str, Any], measures: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The SHA-256 of these columns and of the measures, kind and parameters each, in their order."""
    issued = [[kind, as_issued(params)] for kind, params in measures]
    return hashlib.sha256(canonical({name: row[name] for name in SEALED} | {"measures": issued})).hexdigest()


def as_issued(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a measure before anything of it was reduced."""
    return {name: value for name, value in (dict(params) | params.get("was", {})).items() if name != "was"}
