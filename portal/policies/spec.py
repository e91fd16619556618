"""The shape of a window: how long somebody has, before anybody has counted it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

MODES = ("calendar_days", "elapsed", "working_days", "working_hours")
LONGEST = {"calendar_days": 3660, "elapsed": 87_840, "working_days": 2500, "working_hours": 20_000}


@dataclass(frozen=True, slots=True)
class Spec:
    """A length and the way to count it: `n` days, or `n` hours in the modes `elapsed` and `working_hours`.

    `roll` is for calendar days: an end on a closed day moves on to the next open one. Raises ValueError when
    the parts don't fit together.
    """

    mode: str
    n: int
    roll: bool = False

    def __post_init__(self) -> None:
        """Refuse what nobody could count."""
        if self.mode not in MODES:
            raise ValueError(f"mode is {self.mode!r}; allowed are {', '.join(MODES)}")
        if type(self.n) is not int or not 0 <= self.n <= LONGEST[self.mode]:
            raise ValueError(f"n is {self.n!r}; allowed are whole numbers up to {LONGEST[self.mode]}")
        if self.roll not in (True, False) or (self.roll and self.mode != "calendar_days"):
            raise ValueError("roll is true or false, and true only with calendar_days")

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> Self:
        """The window stored by `to_dict`; unknown keys are refused, because they would change nothing in silence."""
        unknown = sorted(set(stored) - {"mode", "n", "roll"})
        if unknown:
            raise ValueError(f"{unknown[0]!r} is unknown; allowed are mode, n, roll")
        mode, n, roll = stored.get("mode"), stored.get("n"), stored.get("roll", False)
        return cls(mode, n, roll)  # type: ignore[arg-type]  # __post_init__ looks at each

    def to_dict(self) -> dict[str, str | int | bool]:
        """Plain values, for JSON; `roll` only where it says something."""
        plain: dict[str, str | int | bool] = {"mode": self.mode, "n": self.n}
        return plain | {"roll": True} if self.roll else plain

    @property
    def in_days(self) -> bool:
        """Whether whole days are counted, so that the window ends at a local midnight."""
        return self.mode in ("calendar_days", "working_days")
