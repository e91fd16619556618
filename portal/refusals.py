"""A rule says no, or somebody was faster: plain exceptions with a stable code.

The code is what the API shows and what `portal.text.sentence` turns into words; the parameters fill the sentence.
"""

from collections.abc import Mapping


class Refused(Exception):
    """A rule of the house says no; nothing was changed. Answered with 409."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params


class Overtaken(Refused):
    """Somebody else was faster: the row is no longer what the person saw. Answered with 409."""

    def __init__(self, code: str = "overtaken", **params: object) -> None:
        super().__init__(code, **params)
