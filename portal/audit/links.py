"""An event as it is shown to somebody: its header and hashes always, its data only to whom it is for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from portal.audit.chain import Event, instant

PLAIN = (
    "chain", "seq", "actor", "actor_role", "action", "from_status", "to_status", "audience", "prev_hash", "data_hash",
    "hash",
)  # fmt: skip


@dataclass(slots=True)
class Link:
    """One link of a chain that may be handed on; `salt` and `data` are None where they are withheld."""

    chain: str
    seq: int
    at: datetime
    actor: str
    actor_role: str
    action: str
    from_status: str | None
    to_status: str | None
    audience: str
    prev_hash: str
    data_hash: str
    hash: str
    salt: str | None = None
    data: dict[str, Any] | None = None

    @classmethod
    def of(cls, event: Event, audiences: tuple[str, ...]) -> Self:
        """The event as these audiences may see it."""
        shown = {"salt": event.salt, "data": event.data} if event.audience in audiences else {}
        return cls(at=event.at, **{name: getattr(event, name) for name in PLAIN}, **shown)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a file; what is withheld is not in it."""
        shown = {} if self.salt is None else {"salt": self.salt, "data": self.data}
        return {name: getattr(self, name) for name in PLAIN} | {"at": instant(self.at)} | shown

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """What `to_dict` gave; raises ValueError, KeyError or TypeError for anything else."""
        if ("salt" in plain) != ("data" in plain):
            raise ValueError("data without its salt")
        given = {name: plain[name] for name in PLAIN} | {name: plain.get(name) for name in ("salt", "data")}
        return cls(at=datetime.fromisoformat(plain["at"]), **given)
