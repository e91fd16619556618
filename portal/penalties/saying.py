"""Measures and faults in words: filters of the templates."""

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext

from portal import text
from portal.incoming import Fault, said
from portal.penalties.models import FIGURES, Measure, Penalty


def measure_words(measure: Measure) -> str:
    """The figure of a measure and what is said of it: ¥1,000.00 (before: ¥2,400.00)."""
    parts = [_figure(name, measure.params) for name in FIGURES if name in measure.params]
    was = measure.params.get("was", {})
    parts += [gettext("before: %(figure)s", figure=_figure(name, measure.params | was)) for name in was]
    if measure.params.get("note"):
        parts.append(str(measure.params["note"]))
    return str(gettext("; ").join(parts) or gettext("as the rule provides"))


def _figure(name: str, params: Mapping[str, Any]) -> str:
    number = params[name]
    if name == "amount_minor":
        return text.money(number, params.get("currency") or "CNY")
    if name == "points":
        return str(ngettext("%(num)s point", "%(num)s points", number))
    return str(ngettext("%(num)s day", "%(num)s days", number))


def at_stake(penalty: Penalty) -> str:
    """What a penalty costs the shop, in a few words: its amount; where it has none, its measures."""
    amount = amount_left(penalty)
    if amount:
        return text.money(amount, penalty.currency)
    in_effect = [measure for measure in penalty.measures if measure.effect != "lifted"] or penalty.measures
    return format_list([_in_short(measure) for measure in in_effect], locale=get_locale())


def amount_left(penalty: Penalty) -> int:
    """Its amount as issued; of a reduced penalty what the reduction left of it, which stands in its measures."""
    if penalty.status != "reduced":
        return penalty.amount_minor
    left = (measure.params.get("amount_minor", 0) for measure in penalty.measures if measure.effect != "lifted")
    return max(left, default=0)


def _in_short(measure: Measure) -> str:
    if "points" in measure.params:
        return str(ngettext("%(num)s penalty point", "%(num)s penalty points", measure.params["points"]))
    kind = text.word(measure.kind, "measure")
    return f"{kind} {_figure('days', measure.params)}" if "days" in measure.params else kind


def fault_words(fault: Fault) -> str:
    """What is allowed in the place of a fault."""
    return said("cell", fault.code, fault.params)
