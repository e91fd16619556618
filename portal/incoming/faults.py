"""What is wrong with a file, a row or a cell: codes and figures, whose words are in `saying`. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_SHOWN = 80


class BadSheetError(ValueError):
    """The file as a whole can't be used; nothing of it was looked at further."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params


class BadCellError(ValueError):
    """The content of one cell can't be used."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place of the file, as it stands there, and by `code` what is allowed instead."""

    line: int
    column: str
    value: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def shown(value: object) -> str:
    """A cell for a complaint: short, on one line, and with nothing in it that a terminal would act on.

    What is no text stands there as JSON has it.
    """
    text = value if isinstance(value, str) else _begun(json.JSONEncoder(ensure_ascii=False, default=float), value)
    plain = "".join(c if c.isprintable() else "�" for c in text[: LONGEST_SHOWN + 1])
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}…"


def _begun(encoder: json.JSONEncoder, value: object) -> str:
    """As much as is shown, so that nothing goes as deep as the value may."""
    text = ""
    for piece in encoder.iterencode(value):
        text += piece
        if len(text) > LONGEST_SHOWN:
            break
    return text
