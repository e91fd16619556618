"""What a channel is: something that sends a letter, or says why it can't."""

from collections.abc import Callable
from typing import TypeAlias

from portal.messages.outbox import Letter

Send: TypeAlias = Callable[[Letter], None]


class ChannelError(Exception):
    """The letter did not go out. `permanent`: it never will; `down`: nor will any other at the moment."""

    def __init__(self, why: str, *, permanent: bool = False, down: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent
        self.down = down
