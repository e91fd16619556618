"""The record of a case as PDF/A: the same case, the same bytes."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import typst
from flask_babel import gettext

from portal import evidence, text
from portal.bundles.casefile import CaseFile, Clock, Exhibit, Facts, Part
from portal.bundles.glyphs import shown

TEMPLATE = Path(__file__).with_name("record.typ")
STANDARD: Final = "a-2a"
REGIONS = {"zh": "CN", "en": "GB"}
LONG_WORD = re.compile(r"[!-~]{33,}")
PIECE = 32


def composed(case: CaseFile, by: str, party: str) -> dict[str, Any]:
    """All that the record shows to this party, in its order and in the reader's words, ready to be set."""
    return {
        "title": case.title,
        "ref": case.ref,
        "by": by,
        "lang": text.language(),
        "region": REGIONS[text.language()],
        "date": list(case.as_of.timetuple()[:6]),
        "facts": _head(case),
        "sections": [_section(title, parts) for title, parts in _sections(case, party) if parts],
        "foot": text.clock_on_the_wall(),
    }


def _head(case: CaseFile) -> list[tuple[str, str]]:
    return [
        (gettext("Number of the case"), case.ref),
        *case.status,
        (gettext("As of"), text.local(case.as_of)),
    ]


def _sections(case: CaseFile, party: str) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    yield gettext("Parties"), [_part("", case.parties)] if case.parties else []
    yield gettext("What it is about"), _parts(case.subject)
    yield gettext("What was handed in"), _parts(case.submissions)
    yield gettext("What was asked for"), _parts(case.requests)
    yield gettext("Decision"), _parts(case.decisions)
    yield gettext("After the last word"), _parts(case.afterwards)
    yield gettext("List of exhibits"), [_exhibit(one, party) for one in case.exhibits]
    yield gettext("Deadlines"), [_clock(one) for one in case.clocks]
    rows = [(line.at, line.what, line.by) for line in case.timeline]
    head = (gettext("When"), gettext("What"), gettext("Who"))
    yield gettext("Timeline"), [_part("", head=head, rows=rows)] if rows else []


def _section(title: str, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "parts": parts}


def _parts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [_part(one.title, one.facts, one.texts) for one in parts]


def _exhibit(one: Exhibit, party: str) -> dict[str, Any]:
    copied = evidence.foreign(one.owner, party)
    facts = (
        (gettext("From"), one.party),
        (gettext("Name of the file"), one.name),
        (gettext("Received at"), one.received),
        (gettext("Type and size"), gettext("%(type)s, %(size)s bytes", type=one.media_type, size=f"{one.size:,}")),
        (gettext("In this case file"), one.path),
        (gettext("SHA-256 as handed in") if copied else "SHA-256", one.sha256),
    )
    return _part(f"{one.label} {one.what}", facts, _why_copied() if copied else ())


def _why_copied() -> Facts:
    said = gettext(
        "The file in this case file is a copy without metadata (place, device, author, times), which could tell where "
        "people live. Its own SHA-256 is in manifest.json. Whoever handed it in, and the reviewers, have the original."
    )
    return ((gettext("A copy"), said),)


def _clock(one: Clock) -> dict[str, Any]:
    head = (gettext("Day"), gettext("How it counts"))
    return _part(one.title, one.facts, head=head if one.days else (), rows=one.days)


def _part(
    title: str, facts: Facts = (), texts: Facts = (), head: Sequence[str] = (), rows: Sequence[Sequence[str]] = ()
) -> dict[str, Any]:
    return {"title": title, "facts": facts, "texts": texts, "head": head, "rows": rows}


class RecordError(Exception):
    """The record could not be set."""


def pdf(record: dict[str, Any]) -> bytes:
    """The record as PDF/A with its text selectable; raises `RecordError`, also for a mere warning."""
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs={"case": json.dumps(_legible(record))}
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=[STANDARD], timestamp=0)
    except typst.TypstError as why:
        raise RecordError(str(why)) from why
    if warnings or not isinstance(made, bytes):
        raise RecordError("; ".join(warning.message for warning in warnings))
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts that come with us, and no others: what this machine has must not show."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_font().parent)])


def _font() -> Path:
    return Path(pylopdf_fonts_zh_cn.sans_path())


def _legible(value: Any) -> Any:
    """Every text in it as the font can show it, with places where a long word may be broken."""
    if isinstance(value, str):
        return LONG_WORD.sub(_broken, shown(value, _font()))
    if isinstance(value, dict):
        return {key: _legible(entry) for key, entry in value.items()}
    return [_legible(entry) for entry in value] if isinstance(value, list | tuple) else value


def _broken(word: re.Match[str]) -> str:
    whole = word[0]
    return "\u200b".join(whole[start : start + PIECE] for start in range(0, len(whole), PIECE))
