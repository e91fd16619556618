"""Making the file of a case for one of its parties."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flask import current_app

from portal import audit, evidence
from portal.audit import Actor, Link
from portal.bundles import record
from portal.bundles.building import Bundle
from portal.bundles.casefile import CASE_TYPES, CaseFile, CaseType
from portal.reader import reading_as
from portal.refusals import Refused

CHAIN = "exports"
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


def export(ref: str, party: str, lang: str, *, by: Actor, at: datetime) -> Bundle:
    """Draw up the file of a case and put into the chain `exports` who took it; the rest needs no database.

    That chain says how far the case had gone: the same case gives the same bytes again. Refused with `no_such_case`,
    `no_file_for_party`, or what the case itself has against it.
    """
    kind, zone = _kind(ref)
    if party not in kind.parties:
        raise Refused("no_file_for_party")
    with reading_as(LOCALES[lang], zone):
        case = kind.told(ref, party)
        composed = record.composed(case, current_app.config["MARKET_NAME"], party)
    bundle = Bundle(
        case=case,
        party=party,
        lang=lang,
        record=composed,
        history={name: _links(case, name, audiences) for name, audiences in case.chains},
        originals={one.ref: evidence.original(one.sha256) for one in case.exhibits},
        copies=evidence.bare_copies(),
    )
    said = {"case": ref, "party": party, "lang": lang, "chains": bundle.heads()}
    audit.wait_turn(CHAIN)
    audit.record(CHAIN, "export.made", by=by, at=at, data=said, audience="platform")
    return bundle


def _links(case: CaseFile, name: str, audiences: tuple[str, ...]) -> list[Link]:
    links = audit.links(name, audiences)
    return [replace(one, salt=None, data=None) if (name, one.seq) in case.withheld else one for one in links]


def key_path() -> Path:
    """Where the signing key lies, or will once it is needed."""
    path: Path = current_app.extensions["recourse.case_file_key"]
    return path


def _kind(ref: str) -> tuple[CaseType, str]:
    for kind in CASE_TYPES.values():
        zone = kind.zone(ref)
        if zone is not None:
            return kind, zone
    raise Refused("no_such_case", ref=ref)
