"""Words of one side as the other may read them: without what leads to the person, be it a number, a name or a place.

Sought are phone and service numbers, numbers of identity cards, bank cards and accounts, mail addresses, names in
messengers, and street addresses, as they are written in China and abroad. It hides too much rather than too little; an
amount, a date, a size, or the number of an order or a parcel stays. A text of any length takes time in proportion.
"""

from collections.abc import Collection

from flask_babel import gettext

from portal.masking import addresses, contacts, numbers
from portal.masking.widths import narrow, narrow_numerals


def masked(said: str, spare: Collection[str] = ()) -> str:
    """The words without what could lead to the person; `spare` are the numbers of their case, which stay."""
    plain = narrow(said)
    found = [*numbers.found(narrow_numerals(plain), spare), *contacts.found(plain), *addresses.found(plain)]
    if not found:
        return said
    hidden, pieces, done = str(gettext("[hidden]")), [], 0
    for start, end in _joined(found):
        pieces += [said[done:start], hidden]
        done = end
    return "".join((*pieces, said[done:]))


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places in order; those that touch are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
