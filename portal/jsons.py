"""JSON as it is stored and sealed: what the standard library would write, ten times faster.

What orjson refuses (keys that are no words, named tuples, half of a surrogate pair) is left to the standard library.
Numbers of more than 64 bits are refused: orjson would read them as floats.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

_ROWS = orjson.OPT_PASSTHROUGH_DATACLASS
_PLAIN = _ROWS | orjson.OPT_PASSTHROUGH_DATETIME
_SORTED = _PLAIN | orjson.OPT_SORT_KEYS


def read(text: str | bytes) -> Any:
    """What a column holds."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def write(value: object) -> str:
    """JSON for a column."""
    try:
        return orjson.dumps(value, None, _PLAIN).decode()
    except orjson.JSONEncodeError as why:
        _refuse_large(why)
        return json.dumps(value)


def write_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """JSON for a statement that takes rows apart; instants are ISO 8601."""
    try:
        return orjson.dumps(rows, None, _ROWS).decode()
    except orjson.JSONEncodeError as why:
        _refuse_large(why)
        return json.dumps(rows, default=_iso)


def write_canonical(value: object, default: Callable[[Any], Any]) -> bytes:
    """JSON in the form that is hashed: UTF-8, sorted keys, no blanks; `default` writes instants."""
    try:
        return orjson.dumps(value, default, _SORTED)
    except orjson.JSONEncodeError as why:
        _refuse_large(why)
        encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=default)
        return encoder.encode(value).encode()


def _refuse_large(why: orjson.JSONEncodeError) -> None:
    if "64-bit" in str(why):
        raise why


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
