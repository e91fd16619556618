"""Verbs run as a request runs them, each in a unit of work of its own, and what they leave."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.aftersales.models import AfterSale
from portal.arbitration.models import Arbitration
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.refusals import Refused
from portal.text import sentence

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def do(act: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Run a verb in a unit of work of its own."""
    end_reading()
    with unit_of_work():
        return act(*given, **more)


def refused(act: Callable[..., Any], *given: Any, **more: Any) -> str:
    """Run a verb that must be refused, with a sentence of its own, and leave no fault; the code."""
    end_reading()
    with pytest.raises(Refused) as why, unit_of_work():
        act(*given, **more)
    assert sentence(why.value.code, why.value.params) != sentence("?", {})
    sound()
    return why.value.code


def anew(found: Arbitration) -> Arbitration:
    """The arbitration as the database has it."""
    end_reading()
    return session().get_one(Arbitration, found.id)


def case_of(found: Arbitration) -> AfterSale:
    """Its case as the database has it."""
    return anew(found).after_sale


def sound() -> None:
    """Everything adds up."""
    end_reading()
    assert list(invariants.faults()) == []
