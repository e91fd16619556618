"""Every total that triggers keep is what it counts: of the tabs, of the queue, of what nobody has read.

Both sides are laid upon each other and grouped once, so a total without a row is missed like a wrong one. Each table is
read from end to end and nothing is looked up: by an index a million notices would be fetched one by one.
"""

from collections.abc import Iterator

from sqlalchemy import text

from portal import guards
from portal.db import session


def faults(most: int) -> Iterator[str]:
    """The first totals that are another number than there are rows; one of 0 needs no row."""
    counted = " UNION ALL ".join(f"SELECT scope, name, 0 AS kept, n FROM ({one}) c" for one in guards.COUNTED)
    ask = (
        "SELECT scope, name, sum(kept) AS kept, sum(n) AS n FROM "
        f"({counted} UNION ALL SELECT scope, name, n AS kept, 0 AS n FROM tally) b "
        "GROUP BY scope, name HAVING sum(kept) <> sum(n) ORDER BY scope, name LIMIT :most"
    )
    for scope, name, kept, n in session().execute(text(ask), {"most": most}):
        yield f"{scope} {name} has a total that is not what it counts: {kept}, and there are {n}"
