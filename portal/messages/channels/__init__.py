"""The ways out of the house: each opens a line for one batch, and sends a letter or raises `ChannelError`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Self

from portal.config import Config
from portal.messages.channels import email
from portal.messages.channels.line import ChannelError, Send
from portal.messages.outbox import Letter

__all__ = ["CHANNELS", "ChannelError", "Lines", "Send"]

CHANNELS: dict[str, Callable[[Config], AbstractContextManager[Send]]] = {"email": email.line}


class Lines:
    """The channels as one batch uses them: opened when first needed, and one that is down is not asked twice."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._open: dict[str, Send] = {}
        self._down: dict[str, ChannelError] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def send(self, letter: Letter) -> None:
        """Send the letter by its channel; raises `ChannelError`. No transaction may be open: this can take its time."""
        if letter.channel in self._down:
            raise self._down[letter.channel]
        try:
            self._line(letter.channel)(letter)
        except ChannelError as why:
            if why.down:
                self._down[letter.channel] = why
            raise

    def _line(self, channel: str) -> Send:
        if channel not in self._open:
            self._open[channel] = self._stack.enter_context(CHANNELS[channel](self._config))
        return self._open[channel]
