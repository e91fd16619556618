"""Which penalties, for the import, the pages and the clock."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from sqlalchemy import Select, select, text, tuple_

from portal import policies
from portal.db import session
from portal.penalties.models import Penalty
from portal.refusals import Refused

AT_ONCE = 500
PAGE = 20
IS_NOTIFIED = text("penalty.status = 'notified'")
"""Written out rather than bound: only so do both engines use the partial index."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is there under an external id."""

    ref: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a shop's penalties, newest first, and whether there are newer and older ones."""

    rows: Sequence[Penalty]
    newer: bool
    older: bool


def by_ref(ref: str) -> Penalty:
    """The penalty with this reference, whosever it is."""
    return session().scalars(select(Penalty).where(Penalty.ref == ref)).one()


def by_ids(ids: Collection[int]) -> dict[int, Penalty]:
    """The penalties with these ids, locked where the database can, in the order of their ids."""
    ask = select(Penalty).where(Penalty.id.in_(ids)).order_by(Penalty.id).with_for_update()
    return {penalty.id: penalty for penalty in session().scalars(ask)}


def by_number(source: str, external_id: str) -> Penalty:
    """The penalty with this number of its source; refused with `no_such_penalty`."""
    ask = select(Penalty).where(Penalty.source == source, Penalty.external_id == external_id)
    found = session().scalar(ask)
    if found is None:
        raise Refused("no_such_penalty", external_id=external_id)
    return found


def known(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    """What is there already of these (source, external id)."""
    there: dict[tuple[str, str], Known] = {}
    for source, group in groupby(sorted(set(keys)), key=lambda key: key[0]):
        for ids in _slices(external_id for _source, external_id in group):
            rows = session().execute(
                select(Penalty.external_id, Penalty.ref, Penalty.content_sha256).where(
                    Penalty.source == source, Penalty.external_id.in_(ids)
                )
            )
            there |= {(source, external_id): Known(ref, sha256) for external_id, ref, sha256 in rows}
    return there


def _slices(ids: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(ids, AT_ONCE)):
        yield some


def rule_words(penalty: Penalty) -> dict[str, str]:
    """What the violation is called, in both languages, as the words of a notice take it."""
    name = policies.rule(penalty.policy_version_id, penalty.rule_code).name
    return {"rule_zh": name.zh, "rule_en": name.en}


def of_shop(shop_id: int, *, before: tuple[datetime, int] | None, after: tuple[datetime, int] | None) -> Page:
    """A page of this shop's penalties: those older than `before`, or those newer than `after`, else the newest."""
    place = tuple_(Penalty.notified_at, Penalty.id)
    ask = select(Penalty).where(Penalty.shop_id == shop_id)
    if after is not None:
        rows = _page(ask.where(place > after).order_by(Penalty.notified_at, Penalty.id))
        return Page(rows[:PAGE][::-1], newer=len(rows) > PAGE, older=True)
    if before is not None:
        ask = ask.where(place < before)
    rows = _page(ask.order_by(Penalty.notified_at.desc(), Penalty.id.desc()))
    return Page(rows[:PAGE], newer=before is not None, older=len(rows) > PAGE)


def _page(ask: Select[Penalty]) -> list[Penalty]:
    return list(session().scalars(ask.limit(PAGE + 1)))


def taking_effect(at: datetime, limit: int) -> list[Penalty]:
    """The announced penalties whose day has come, the oldest first."""
    ask = select(Penalty).where(IS_NOTIFIED, Penalty.effective_at <= at)
    return list(session().scalars(ask.order_by(Penalty.effective_at, Penalty.id).limit(limit)))
